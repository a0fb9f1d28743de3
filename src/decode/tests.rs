use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;
use crate::frame::LinkType;
use crate::script::Script;

/// Every link type that is decoded.
const LINKS: [u16; 14] = [0, 1, 9, 12, 14, 50, 51, 101, 108, 113, 204, 228, 229, 276];

fn of(link: u16, bytes: &[u8]) -> Packet<'_> {
    cut(link, bytes, bytes.len())
}

fn cut(link: u16, bytes: &[u8], wire_len: usize) -> Packet<'_> {
    let wire_len = u32::try_from(wire_len).expect("small");
    decode(&Frame { number: 1, time: None, interface: 0, link: LinkType(link), wire_len, bytes, passage: None })
}

/// The IP packet of a one-line script.
fn ip(line: &str) -> Vec<u8> {
    let mut frames = Script::parse(line).expect("valid").frames();
    frames.pop().expect("one line").bytes
}

fn stop(packet: &Packet) -> Stop {
    packet.stop.clone().expect("decoding stops")
}

fn short(layer: &'static str, offset: u32, [needed, had]: [u32; 2], limited_by: &'static str) -> Stop {
    Stop { layer, why: StopReason::Short { needed, had, limited_by }, offset }
}

fn tcp<'p, 'a>(packet: &'p Packet<'a>) -> &'p TcpSegment<'a> {
    match &packet.transport {
        Transport::Tcp(segment) => segment,
        other => panic!("not TCP: {other:?}, {:?}", packet.stop),
    }
}

const HALO: &str = "C>S PSH,ACK \"halo\"";

#[test]
fn every_link_layer_leads_to_the_same_segment() {
    let mac = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    let sll = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
    let [v4, v6] = [false, true];
    let cases: Vec<(u16, Vec<u8>, bool)> = vec![
        (1, [&mac[..], &[8, 0]].concat(), v4),
        (1, [&mac[..], &[0x86, 0xdd]].concat(), v6),
        (1, [&mac[..], &[0x81, 0, 0, 5, 8, 0]].concat(), v4),
        (1, [&mac[..], &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 0x86, 0xdd]].concat(), v6),
        (1, [&mac[..], &[0x91, 0, 0, 5, 0x81, 0, 0, 6, 8, 0]].concat(), v4),
        (1, [&mac[..], &[0x88, 0x64, 0x11, 0, 0, 1, 0, 46, 0, 0x21]].concat(), v4),
        (1, [&mac[..], &[0, 52, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]].concat(), v4),
        (113, [&sll[..], &[8, 0]].concat(), v4),
        (113, [&sll[..], &[0x86, 0xdd]].concat(), v6),
        (113, [&sll[..], &[0x81, 0, 0, 5, 8, 0]].concat(), v4),
        (276, [&[8, 0, 0, 0, 0, 0, 0, 3], &sll[2..6], &sll[..8]].concat(), v4),
        (276, [&[0x86, 0xdd, 0, 0, 0, 0, 0, 3], &sll[2..6], &sll[..8]].concat(), v6),
        (0, vec![2, 0, 0, 0], v4),
        (0, vec![0, 0, 0, 2], v4),
        (0, vec![10, 0, 0, 0], v6),
        (0, vec![0, 0, 0, 24], v6),
        (0, vec![28, 0, 0, 0], v6),
        (0, vec![30, 0, 0, 0], v6),
        (108, vec![0, 0, 0, 2], v4),
        (108, vec![0, 0, 0, 30], v6),
        (9, vec![0xff, 3, 0, 0x21], v4),
        (9, vec![0x57], v6),
        (50, vec![0xff, 3, 0x21], v4),
        (50, vec![0x0f, 0, 8, 0], v4),
        (204, vec![1, 0xff, 3, 0, 0x57], v6),
        (51, vec![0x11, 0, 0, 1, 0, 46, 0, 0x21], v4),
        (101, vec![], v4),
        (101, vec![], v6),
        (12, vec![], v4),
        (14, vec![], v6),
        (228, vec![], v4),
        (229, vec![], v6),
    ];
    for (link, header, ipv6) in cases {
        let frame = [header.clone(), ip(&format!("{}{HALO}", if ipv6 { "ipv6\n" } else { "" }))].concat();
        let packet = of(link, &frame);
        assert_eq!(packet.stop, None, "link {link}, {header:02x?}");
        assert_eq!(tcp(&packet).payload, b"halo", "link {link}, {header:02x?}");
        assert_eq!((tcp(&packet).src_port, tcp(&packet).dst_port, tcp(&packet).len), (40000, 5001, 4));
        let found = packet.ip.expect("an IP header");
        assert_eq!((found.protocol, found.ttl, found.fragment), (6, 64, false));
        let expected: IpAddr = if ipv6 {
            Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()
        } else {
            Ipv4Addr::new(10, 0, 0, 1).into()
        };
        assert_eq!(found.src, expected);

        // Each cut through the link header says so, and each cut anywhere says something.
        for len in 0..frame.len() - 4 {
            let packet = cut(link, &frame[..len], frame.len());
            let stop = stop(&packet);
            assert!(matches!(stop.why, StopReason::Short { .. }), "{link} {len}: {stop:?}");
            assert!(stop.offset as usize <= len);
        }
    }
}

#[test]
fn what_is_not_decoded_is_named() {
    let mac = [0; 12];
    let cases: [(u16, Vec<u8>, &str, u32, u32); 13] = [
        (187, vec![1, 2, 3], "link type", 187, 0),
        (1, [&mac[..], &[0x88, 0xcc, 1]].concat(), "ethertype", 0x88cc, 14),
        (1, [&mac[..], &[0x81, 0, 0, 5, 0x88, 0xcc, 1]].concat(), "ethertype", 0x88cc, 18),
        (1, [&mac[..], &[0, 40, 0x42, 0x42, 3]].concat(), "llc dsap", 0x42, 14),
        (1, [&mac[..], &[0, 40, 0xaa, 0xaa, 3, 0, 0, 12, 0x20, 0]].concat(), "snap protocol", 0x2000, 17),
        (1, [&mac[..], &[0x88, 0x64, 0x11, 9, 0, 0, 0, 0]].concat(), "pppoe code", 9, 14),
        (113, [&mac[..], &[0, 0, 0, 5]].concat(), "linux protocol", 5, 16),
        (113, vec![0, 0, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "arphrd", 824, 0),
        (0, vec![7, 0, 0, 0], "address family", 7, 0),
        (108, vec![2, 0, 0, 0], "address family", 0x0200_0000, 0),
        (9, vec![0xff, 3, 0x80, 0x21], "ppp protocol", 0x8021, 2),
        (50, vec![0x8f, 0, 0x80, 0x35], "ethertype", 0x8035, 4),
        (50, vec![0x8f, 0, 0, 3], "cisco hdlc protocol", 3, 0),
    ];
    for (link, bytes, layer, number, offset) in cases {
        let expected = Stop { layer, why: StopReason::Unsupported(number), offset };
        assert_eq!(stop(&of(link, &bytes)), expected);
    }
    let mut sctp = ip(HALO);
    sctp[9] = 132;
    let packet = of(101, &sctp);
    assert_eq!(stop(&packet), Stop { layer: "ip protocol", why: StopReason::Unsupported(132), offset: 20 });
    assert_eq!(packet.ip.map(|ip| ip.protocol), Some(132));
}

#[test]
fn ethernet_padding_is_no_payload() {
    let mut frame = Script::parse("link ethernet\nC>S ACK").expect("valid").frames()[0].bytes.clone();
    assert_eq!(frame.len(), 54);
    frame.resize(60, 0);
    let packet = of(1, &frame);
    assert_eq!((tcp(&packet).len, tcp(&packet).payload), (0, b"".as_slice()));
}

#[test]
fn a_cut_payload_keeps_its_length() {
    let frame = ip("C>S ACK len=1000");
    let packet = cut(101, &frame[..60], frame.len());
    assert_eq!((tcp(&packet).len, tcp(&packet).payload.len()), (1000, 20));
    assert_eq!(packet.stop, None);
    let frame = ip("C>S UDP len=1000");
    let packet = cut(101, &frame[..28], frame.len());
    assert!(matches!(&packet.transport, Transport::Udp(udp) if udp.len == 1000 && udp.payload.is_empty()));
}

#[test]
fn a_total_length_of_0_reaches_to_the_end_of_the_frame() {
    let mut frame = ip(HALO);
    frame[2..4].fill(0);
    assert_eq!(tcp(&of(101, &frame)).payload, b"halo");
    let mut frame = ip(&format!("ipv6\n{HALO}"));
    frame[4..6].fill(0);
    assert_eq!(tcp(&of(101, &frame)).payload, b"halo");
}

#[test]
fn cut_headers_keep_what_was_there() {
    let frame = ip("C>S SYN mss=1460 ws=7 ts=1,2");
    let whole = frame.len();
    // IPv4 addresses, but no ports.
    let packet = cut(101, &frame[..35], whole);
    assert!(packet.ip.is_some());
    assert_eq!(stop(&packet), short("tcp", 20, [20, 15], "captured length"));
    // All but the checksum, what is urgent, and the options.
    let packet = cut(101, &frame[..36], whole);
    assert_eq!(stop(&packet), short("tcp", 20, [40, 16], "captured length"));
    assert_eq!((tcp(&packet).flags, tcp(&packet).len), (TcpFlags(TcpFlags::SYN), 0));
    assert_eq!((tcp(&packet).sound, tcp(&packet).complete), (true, false));
    // The numbers and the first option.
    let packet = cut(101, &frame[..44], whole);
    assert_eq!(stop(&packet), short("tcp", 20, [40, 24], "captured length"));
    assert_eq!((tcp(&packet).flags, tcp(&packet).len), (TcpFlags(TcpFlags::SYN), 0));
    assert_eq!((tcp(&packet).options.mss, tcp(&packet).options.window_scale), (Some(1460), None));
    // Addresses before IPv4 options.
    let mut frame = ip(HALO);
    (frame[0], frame[3]) = (0x4f, 100);
    let packet = cut(101, &frame[..30], 200);
    assert_eq!(packet.ip.map(|ip| ip.dst), Some(Ipv4Addr::new(10, 0, 0, 2).into()));
    assert_eq!(stop(&packet), short("ipv4", 0, [60, 30], "captured length"));
}

#[test]
fn the_length_that_set_the_limit_is_named() {
    let mut frame = ip(HALO);
    frame[3] = 30;
    assert_eq!(stop(&of(101, &frame)), short("tcp", 20, [20, 10], "ipv4 total length"));
    let mut frame = ip(&format!("ipv6\n{HALO}"));
    frame[5] = 7;
    assert_eq!(stop(&of(101, &frame)), short("tcp", 40, [20, 7], "ipv6 payload length"));
    assert_eq!(stop(&of(101, &ip(HALO)[..30])), short("tcp", 20, [20, 10], "frame length"));
}

#[test]
fn impossible_fields_are_named() {
    let with = |at: usize, value: u8| {
        let mut frame = ip(HALO);
        frame[at] = value;
        frame
    };
    let cases = [
        (0, 0x55, "ip", "version", 5, 0),
        (0, 0x44, "ipv4", "header length", 4, 0),
        (3, 19, "ipv4", "total length", 19, 0),
        (32, 0x40, "tcp", "data offset", 4, 20),
    ];
    for (at, value, layer, field, found, offset) in cases {
        let frame = with(at, value);
        let packet = of(101, &frame);
        assert_eq!(stop(&packet), Stop { layer, why: StopReason::Invalid { field, value: found }, offset });
        assert!(matches!(packet.transport, Transport::Other));
    }
    // A header that claims more than the segment has keeps its numbers.
    let frame = with(32, 0x70);
    let packet = of(101, &frame);
    assert_eq!(stop(&packet).why, StopReason::Invalid { field: "data offset", value: 7 });
    assert_eq!((tcp(&packet).dst_port, tcp(&packet).len, tcp(&packet).payload), (5001, 0, b"".as_slice()));
    let mut udp = ip("C>S UDP \"abc\"");
    udp[25] = 7;
    let packet = of(101, &udp);
    assert_eq!(stop(&packet).why, StopReason::Invalid { field: "length", value: 7 });
    assert!(matches!(&packet.transport, Transport::Udp(udp) if udp.dst_port == 5001 && udp.len == 0));
}

#[test]
fn udp_length_limits_the_payload_and_is_limited() {
    let mut frame = ip("C>S UDP \"abcdef\"");
    frame[25] = 10;
    assert!(matches!(of(101, &frame).transport, Transport::Udp(udp) if udp.payload == b"ab" && udp.len == 2));
    frame[25] = 200;
    assert!(matches!(of(101, &frame).transport, Transport::Udp(udp) if udp.payload == b"abcdef" && udp.len == 6));
}

#[test]
fn fragments_have_no_transport() {
    for (high, low) in [(0x20, 0), (0x20, 5), (0, 5)] {
        let mut frame = ip(HALO);
        (frame[6], frame[7]) = (high, low);
        let packet = of(101, &frame);
        assert_eq!(stop(&packet), Stop { layer: "ipv4", why: StopReason::Fragment, offset: 0 });
        assert!(matches!(packet.transport, Transport::Other));
        assert_eq!(packet.ip.map(|ip| (ip.fragment, ip.protocol)), Some((true, 6)));
    }
}

#[test]
fn a_first_fragment_that_promises_more_than_the_frame_has_is_read() {
    let mut frame = ip(HALO);
    frame[6] = 0x20;
    let len = u16::from_be_bytes([frame[2], frame[3]]) + 8;
    frame[2..4].copy_from_slice(&len.to_be_bytes());
    let packet = of(101, &frame);
    assert!(packet.fragment.is_none() && !tcp(&packet).sound, "its numbers are shown, and move nothing");
}

/// An IPv6 packet with headers between it and its segment.
fn extended(first: u8, headers: &[u8]) -> Vec<u8> {
    let mut frame = ip(&format!("ipv6\n{HALO}"));
    frame[6] = first;
    frame[5] += u8::try_from(headers.len()).expect("small");
    frame.splice(40..40, headers.iter().copied());
    frame
}

#[test]
fn extension_headers_are_passed_over() {
    let chain = [
        [60, 0, 1, 4, 0, 0, 0, 0].as_slice(),
        &[43, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[44, 0, 253, 0, 0, 0, 0, 0],
        &[51, 0, 0, 0, 0, 0, 0, 1],
        &[6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let frame = extended(0, &chain);
    let packet = of(101, &frame);
    assert_eq!(tcp(&packet).payload, b"halo");
    assert_eq!(packet.ip.map(|ip| (ip.protocol, ip.fragment)), Some((6, false)));
    for len in 40..40 + chain.len() {
        assert!(matches!(stop(&cut(101, &frame[..len], frame.len())).why, StopReason::Short { .. }));
    }
}

#[test]
fn ipv6_fragments_and_packets_without_content() {
    let frame = extended(44, &[6, 0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(stop(&of(101, &frame)).why, StopReason::Fragment);
    // The bytes of a later fragment are no extension header, whatever its protocol says.
    let frame = extended(44, &[60, 0, 0, 8, 0, 0, 0, 1]);
    let packet = of(101, &frame);
    assert_eq!(packet.ip.map(|ip| (ip.fragment, ip.protocol)), Some((true, 60)));
    let frame = extended(59, &[]);
    let packet = of(101, &frame);
    assert!(packet.stop.is_none() && matches!(packet.transport, Transport::Other));
}

#[test]
fn arp_is_read() {
    let mut frame = vec![0; 12];
    frame.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2]);
    match of(1, &frame).transport {
        Transport::Arp(arp) => {
            assert_eq!(arp.operation, 2);
            assert_eq!(arp.sender, Some(Ipv4Addr::new(10, 0, 0, 1).into()));
            assert_eq!(arp.target, Some(Ipv4Addr::new(10, 0, 0, 2).into()));
        }
        other => panic!("not ARP: {other:?}"),
    }
    assert_eq!(stop(&cut(1, &frame[..41], 42)), short("arp", 14, [28, 27], "captured length"));
}

#[test]
fn icmp_quotes_go_as_far_as_they_reach() {
    let script = Script::parse("C>S SYN\nS>C ICMP host-unreachable quotes 1").expect("valid");
    let frame = &script.frames()[1].bytes;
    let quoted = |packet: &Packet| match &packet.transport {
        Transport::Icmp(message) => message.quoted,
        other => panic!("not ICMP: {other:?}"),
    };
    let whole = quoted(&of(101, frame)).expect("a quote");
    assert_eq!((whole.protocol, whole.ports), (6, Some((40000, 5001))));
    assert_eq!(quoted(&cut(101, &frame[..51], frame.len())).map(|q| (q.dst, q.ports)), Some((whole.dst, None)));
    assert_eq!(quoted(&cut(101, &frame[..47], frame.len())), None);
    // A later fragment was quoted: these bytes are no ports.
    let mut fragment = frame.clone();
    fragment[28 + 7] = 9;
    assert_eq!(quoted(&of(101, &fragment)).map(|q| q.ports), Some(None));
    // An echo carries whatever it likes.
    let mut echo = frame.clone();
    echo[20] = 8;
    assert_eq!(quoted(&of(101, &echo)), None);
    // Type and code are known before the header is complete.
    let packet = cut(101, &frame[..25], frame.len());
    assert_eq!(stop(&packet), short("icmp", 20, [8, 5], "captured length"));
    assert!(matches!(packet.transport, Transport::Icmp(message) if (message.kind, message.code) == (3, 1)));
}

/// A segment with these raw options.
fn options(raw: &[u8]) -> TcpOptions {
    let mut frame = ip("C>S ACK");
    let padded = raw.len().next_multiple_of(4);
    frame[3] = u8::try_from(40 + padded).expect("small");
    frame[32] = u8::try_from((20 + padded) / 4 * 16).expect("small");
    frame.extend(raw);
    frame.resize(40 + padded, 0);
    tcp(&of(101, &frame)).options
}

#[test]
fn malformed_options_keep_those_before() {
    assert_eq!(options(&[2, 4, 5, 180, 3, 0]).mss, Some(1460));
    assert_eq!(options(&[2, 4, 5, 180, 3, 1, 1]).window_scale, None);
    assert_eq!(options(&[4, 2, 8, 200]), TcpOptions { sack_permitted: true, ..TcpOptions::default() });
    assert_eq!(options(&[4, 2, 3]).window_scale, None, "a kind without length");
    // A wrong length for its kind costs that option only; unknown ones are passed over.
    assert_eq!(options(&[2, 3, 5, 3, 3, 9]), TcpOptions { window_scale: Some(9), ..TcpOptions::default() });
    assert!(options(&[254, 4, 0, 0, 1, 4, 2]).sack_permitted);
    assert!(options(&[0, 2, 4, 5, 180]).is_empty(), "nothing counts after the end mark");
}

#[test]
fn sack_blocks() {
    let block = |n: u8| [0, 0, 0, n, 0, 0, 1, n];
    let mut raw = vec![5, 34];
    (1..=4).for_each(|n| raw.extend(block(n)));
    let read = options(&raw);
    let blocks: Vec<_> = read.sack().iter().map(|(left, right)| (left.0, right.0)).collect();
    assert_eq!(blocks, [(1, 257), (2, 258), (3, 259), (4, 260)]);
    assert!(options(&[5, 6, 0, 0, 0, 1]).sack().is_empty(), "half a block");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Arbitrary bytes, and arbitrary bytes behind plausible beginnings: never a panic, and nothing out of bounds.
    #[test]
    fn any_bytes_give_a_packet(
        link in prop_oneof![prop::sample::select(&LINKS[..]), 0u16..300, any::<u16>()],
        mut bytes in prop::collection::vec(any::<u8>(), 0..160),
        wire_len in prop_oneof![0u32..200, any::<u32>()],
        first in prop::sample::select(&[None, Some(0x45), Some(0x4f), Some(0x60), Some(0xff), Some(0x11)][..]),
    ) {
        if let (Some(first), Some(place)) = (first, bytes.first_mut()) {
            *place = first;
        }
        check(link, &bytes, wire_len)?;
    }

    /// Real packets with some bytes changed reach the deeper layers.
    #[test]
    fn damaged_packets_give_a_packet(
        line in prop::sample::select(&[
            "C>S SYN mss=1460 ws=7 sack_ok ts=1,0", "C>S ACK sack=9-17,20-30 len=9", "C>S UDP \"x\"",
            "ipv6\nC>S SYN mss=1", "C>S SYN\nS>C ICMP port-unreachable quotes 1",
            "ipv6\nC>S SYN\nS>C ICMP port-unreachable quotes 1", "link ethernet\nC>S ACK len=20",
        ][..]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        keep in any::<prop::sample::Index>(),
        wire_len in 0u32..200,
    ) {
        let mut frame = ip(line);
        for (at, value) in changes {
            let at = at.index(frame.len());
            frame[at] = value;
        }
        frame.truncate(keep.index(frame.len() + 1));
        check(if line.starts_with("link") { 1 } else { 101 }, &frame, wire_len)?;
    }
}

fn check(link: u16, bytes: &[u8], wire_len: u32) -> Result<(), TestCaseError> {
    let packet =
        decode(&Frame { number: 1, time: None, interface: 0, link: LinkType(link), wire_len, bytes, passage: None });
    let (len, payload) = match &packet.transport {
        Transport::Tcp(segment) => (segment.len, segment.payload),
        Transport::Udp(datagram) => (datagram.len, datagram.payload),
        _ => return Ok(()),
    };
    prop_assert!(len as usize >= payload.len());
    prop_assert!(len as usize <= (wire_len as usize).max(bytes.len()));
    prop_assert!(packet.ip.is_some());
    prop_assert!(payload.is_empty() || bytes.as_ptr_range().contains(&payload.as_ptr()));
    Ok(())
}

mod checksum;
mod inside;
