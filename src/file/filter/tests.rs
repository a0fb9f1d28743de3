use super::*;
use crate::language::Lang;

/// An Ethernet frame of an IPv4 TCP segment from port 1025 to `port`.
fn tcp(port: u16) -> Vec<u8> {
    let mut bytes = vec![2; 12];
    bytes.extend([8, 0, 0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1, 4, 1]);
    bytes.extend(port.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0]);
    bytes
}

fn frame(link: LinkType, bytes: &[u8]) -> Frame<'_> {
    Frame { number: 1, time: None, interface: 0, link, wire_len: 1_000, bytes, passage: None }
}

fn matches(expression: &str, link: LinkType, bytes: &[u8]) -> bool {
    Filter::compile(expression, link).unwrap().matches(&frame(link, bytes))
}

#[test]
fn lets_through_what_the_expression_says() {
    let bytes = tcp(80);
    for expression in ["tcp port 80", "host 127.0.0.1 and tcp", "tcp[tcpflags] & tcp-syn != 0", "", "ip proto 6"] {
        assert!(matches(expression, LinkType::ETHERNET, &bytes), "{expression}");
    }
    for expression in ["udp", "tcp port 81", "ip6", "tcp[tcpflags] & tcp-ack != 0", "vlan"] {
        assert!(!matches(expression, LinkType::ETHERNET, &bytes), "{expression}");
    }
    assert!(!matches("tcp port 80", LinkType::ETHERNET, &bytes[..30]), "cut before the ports");
}

#[test]
fn the_length_is_that_on_the_wire() {
    let bytes = tcp(80);
    assert!(matches("greater 1000", LinkType::ETHERNET, &bytes));
    assert!(matches("len == 1000", LinkType::ETHERNET, &bytes));
    assert!(!matches("less 999", LinkType::ETHERNET, &bytes));
}

#[test]
fn every_link_type_has_its_own_program() {
    let bytes = tcp(80);
    let mut filters = Filters::new("tcp port 80", [LinkType::ETHERNET]).unwrap();
    assert!(filters.matches(&frame(LinkType::ETHERNET, &bytes)).unwrap());
    // The same segment without its Ethernet header.
    for link in [LinkType::RAW, LinkType::IPV4] {
        assert!(filters.matches(&frame(link, &bytes[14..])).unwrap(), "{link}");
    }
    assert!(!filters.matches(&frame(LinkType::RAW, &tcp(81)[14..])).unwrap());
    let sll = [&[0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0][..], &bytes[14..]].concat();
    assert!(filters.matches(&frame(LinkType::LINUX_SLL, &sll)).unwrap());
    assert_eq!(filters.compiled.len(), 4);
}

#[test]
fn a_typing_error_is_named_with_an_example() {
    for failure in [
        Filter::compile("tcp prot 80", LinkType::ETHERNET).unwrap_err(),
        Filters::new("tcp prot 80", []).map(drop).unwrap_err(),
    ] {
        assert_eq!(failure.exit.code(), 2);
        let text = failure.to_string();
        assert!(text.starts_with("the filter 'tcp prot 80' is not valid: "), "{text}");
        assert!(text.contains("pcap-filter(7)"), "{text}");
        assert!(failure.render(Lang::Id).starts_with("filter 'tcp prot 80' tidak sah: "));
    }
    assert!(Filter::compile("tcp\0", LinkType::ETHERNET).is_err());
    // Right in itself, but not for these frames.
    let failure = Filter::compile("ether host 1:2:3:4:5:6", LinkType::RAW).unwrap_err();
    assert!(failure.to_string().contains("link type RAW"), "{failure}");
}

#[test]
fn our_machine_agrees_with_libpcaps() {
    use proptest::prelude::*;

    let expressions = [
        "tcp port 80 or udp port 53",
        "ip[2:2] > 40 and tcp",
        "tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
        "ip6 and (tcp or icmp6)",
        "vlan 5 and host 10.0.0.1",
        "not (port 22) and len > 3 * 20 % 7 + (ip[0] ^ 3) - 2 / (ip[1] | 1)",
        "ether broadcast or multicast",
        "portrange 1000-2000",
    ];
    let programs: Vec<_> = expressions
        .iter()
        .map(|expression| {
            let theirs = Capture::dead(Linktype::ETHERNET).unwrap().compile(expression, true).unwrap();
            (compile(expression, LinkType::ETHERNET).unwrap(), theirs, expression)
        })
        .collect();
    let mut runner = proptest::test_runner::TestRunner::new(crate::file::proptest_config());
    // Frames that are mostly plausible: a good one with some bytes changed, cut somewhere.
    let strategy = (
        prop::collection::vec((0_usize..60, any::<u8>()), 0..8),
        prop::sample::select(vec![80_u16, 53, 1500, 22]),
        0_usize..80,
    );
    let result = runner.run(&strategy, |(changes, port, length)| {
        let mut bytes = tcp(port);
        bytes.extend(b"GET / HTTP/1.0\r\n\r\n");
        for (at, value) in changes {
            bytes[at] = value;
        }
        bytes.truncate(length);
        for (ours, theirs, expression) in &programs {
            let verdict = ours.run(&bytes, u32::try_from(bytes.len()).unwrap()) != 0;
            prop_assert_eq!(verdict, theirs.filter(&bytes), "{} on {:?}", expression, bytes);
        }
        Ok(())
    });
    result.unwrap();
}
