use super::*;
use crate::decode::{Packet, TcpSegment, Transport, decode};
use crate::frame::{Frame, FrameSource, MemorySource};

fn each(script: &str, mut look: impl FnMut(u64, &Packet)) {
    let script = Script::parse(script).expect("the script is valid");
    let (frames, interfaces) = (script.frames(), script.interfaces());
    let mut source = MemorySource::new(&frames, &interfaces);
    while let Some(frame) = source.next_frame().expect("memory is never damaged") {
        let packet = decode(&frame);
        look(frame.number, &packet);
    }
}

/// seq and ack of every segment, relative to the default ISNs.
fn numbers(script: &str) -> Vec<(u32, u32, u32)> {
    let mut found = Vec::new();
    each(script, |_, packet| {
        let segment = tcp(packet);
        let [own, peer] = if segment.src_port == 40000 { [1_000, 500_000] } else { [500_000, 1_000] };
        let ack = if segment.flags.ack() { segment.ack.0.wrapping_sub(peer) } else { segment.ack.0 };
        found.push((segment.seq.0.wrapping_sub(own), ack, segment.len));
    });
    found
}

fn tcp<'p, 'a>(packet: &'p Packet<'a>) -> &'p TcpSegment<'a> {
    assert_eq!(packet.stop, None);
    match &packet.transport {
        Transport::Tcp(segment) => segment,
        other => panic!("not a segment: {other:?}"),
    }
}

#[test]
fn default_numbers_follow_the_conversation() {
    let script = r#"
        0   C>S SYN
        0.1 S>C SYN,ACK
        0.2 C>S ACK
        1   C>S PSH,ACK "halo"
        2   S>C PSH,ACK "halo juga"
        3   C>S FIN,ACK
        4   S>C FIN,ACK len=100
        5   C>S ACK
    "#;
    let expected = [(0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 1, 4), (1, 5, 9), (5, 10, 0), (10, 6, 100), (6, 111, 0)];
    assert_eq!(numbers(script), expected);
}

#[test]
fn explicit_numbers_do_not_move_the_rest_backwards() {
    let script = r"
        C>S ACK len=10
        C>S ACK len=10 seq=1    # retransmission
        C>S ACK len=10          # goes on at 21 - 10
        C>S ACK len=10 seq=31   # a gap before it
        S>C ACK ack=21
        C>S ACK seq=40 ack=0
        C>S ACK
    ";
    let seqs: Vec<_> = numbers(script).iter().map(|(seq, ack, _)| (*seq, *ack)).collect();
    assert_eq!(seqs, [(1, 1), (1, 1), (11, 1), (31, 1), (1, 21), (40, 0), (41, 1)]);
}

#[test]
fn isn_wraps_and_a_new_syn_starts_again() {
    let mut raw = Vec::new();
    each(
        r#"
        C>S SYN isn=4294967295
        S>C SYN,ACK isn=7
        C>S ACK "ab"
        C>S SYN isn=9
        S>C SYN,ACK
        "#,
        |_, packet| raw.push((tcp(packet).seq.0, tcp(packet).ack.0)),
    );
    assert_eq!(raw, [(u32::MAX, 0), (7, 0), (0, 8), (9, 0), (500_000, 10)]);
}

#[test]
fn a_reset_that_answers_a_syn_has_sequence_number_0() {
    let mut raw = Vec::new();
    each("C>S SYN\nS>C RST,ACK", |_, packet| raw.push((tcp(packet).seq.0, tcp(packet).ack.0)));
    assert_eq!(raw, [(1_000, 0), (0, 1_001)]);
}

#[test]
fn every_tcp_key_reaches_the_wire() {
    each("S>C SYN,ACK,ECE,AE,URG mss=1460 ws=7 sack_ok ts=1,2 win=9 urg=3 ttl=33 cport=1 sport=2", |_, packet| {
        let segment = tcp(packet);
        assert_eq!((segment.src_port, segment.dst_port), (2, 1));
        assert_eq!(segment.flags.0, 0x172);
        assert_eq!((segment.window, segment.urgent), (9, 3));
        let options = segment.options;
        assert_eq!((options.mss, options.window_scale, options.sack_permitted), (Some(1460), Some(7), true));
        assert_eq!(options.timestamps, Some((1, 2)));
        assert_eq!(packet.ip.map(|ip| ip.ttl), Some(33));
    });
    each("S>C ACK sack=9-17,20-30", |_, packet| {
        let options = tcp(packet).options;
        let blocks: Vec<_> = options.sack().iter().map(|(left, right)| (left.0, right.0)).collect();
        assert_eq!(blocks, [(1009, 1017), (1020, 1030)]);
    });
}

#[test]
fn payload_escapes_and_filler() {
    each(r#"C>S ACK "a\r\n\x00\"\\ # é""#, |_, packet| {
        assert_eq!(tcp(packet).payload, "a\r\n\0\"\\ # é".as_bytes());
    });
    each("C>S ACK len=3 seq=26\nC>S ACK len=2 seq=27", |number, packet| {
        assert_eq!(tcp(packet).payload, if number == 1 { b"abc".as_slice() } else { b"bc" });
    });
}

#[test]
fn times_are_exact() {
    let script = Script::parse("C>S ACK\nC>S ACK\n0.000001 C>S ACK\n? C>S ACK\nC>S ACK").expect("valid");
    let times: Vec<_> = script.frames().iter().map(|f| f.time.map(|t| t.since(START))).collect();
    assert_eq!(times, [Some(0), Some(1_000_000), Some(1), None, Some(1_000_001)]);
}

#[test]
fn udp_and_icmp_over_both_versions() {
    for header in ["", "ipv6\n", "link ethernet\n", "ipv6\nlink ethernet\n"] {
        let text = format!("{header}C>S UDP \"connect\"\nS>C ICMP port-unreachable quotes 1");
        each(&text, |number, packet| match (&packet.transport, number) {
            (Transport::Udp(udp), 1) => {
                assert_eq!((udp.dst_port, udp.len, udp.payload), (5001, 7, b"connect".as_slice()));
            }
            (Transport::Icmp(icmp) | Transport::Icmpv6(icmp), 2) => {
                let quoted = icmp.quoted.expect("it quotes");
                assert_eq!((quoted.protocol, quoted.ports), (17, Some((40000, 5001))));
                assert_eq!(Some(quoted.dst), packet.ip.map(|ip| ip.src));
                assert_eq!(icmp.kind, if quoted.src.is_ipv4() { 3 } else { 1 });
            }
            other => panic!("unexpected {other:?}"),
        });
    }
}

#[test]
fn a_router_can_answer_and_a_frame_can_be_cut() {
    each("C>S SYN snap=30\nS>C ICMP ttl-exceeded quotes 1 from=192.0.2.1", |number, packet| {
        if number == 1 {
            assert_eq!((packet.captured_len, packet.wire_len), (30, 40));
        } else {
            assert_eq!(packet.ip.map(|ip| ip.src.to_string()).as_deref(), Some("192.0.2.1"));
        }
    });
}

#[test]
fn header_lines_set_the_ends() {
    each("client [::1]:9\nserver [::1]:8\nC>S ACK", |_, packet| {
        assert_eq!(packet.ip.map(|ip| (ip.src.is_loopback(), ip.dst.is_loopback())), Some((true, true)));
        assert_eq!((tcp(packet).src_port, tcp(packet).dst_port), (9, 8));
    });
}

#[test]
fn checksums_are_valid() {
    let script = Script::parse("C>S SYN mss=1 \nC>S ACK \"abc\"\nipv6\nC>S ACK \"abc\"").expect("valid");
    for frame in script.frames() {
        let headers = etherparse::PacketHeaders::from_ip_slice(&frame.bytes).expect("whole");
        let tcp = headers.transport.and_then(etherparse::TransportHeader::tcp).expect("TCP");
        let payload = headers.payload.slice();
        let expected = match headers.net.expect("IP") {
            etherparse::NetHeaders::Ipv4(ip, _) => {
                assert_eq!(ip.calc_header_checksum(), ip.header_checksum);
                tcp.calc_checksum_ipv4(&ip, payload)
            }
            etherparse::NetHeaders::Ipv6(ip, _) => tcp.calc_checksum_ipv6(&ip, payload),
            etherparse::NetHeaders::Arp(_) => panic!("ARP"),
        };
        assert_eq!(expected.expect("short enough"), tcp.checksum);
    }
}

#[test]
fn mistakes_name_their_line() {
    let cases = [
        ("C>S SYN\nhello", "line 2: expected C>S or S>C"),
        ("C>S", "line 1: expected TCP flags"),
        ("C>S SIN", "line 1: \"SIN\" is no TCP flag"),
        ("C>S ACK \"x", "line 1: the payload has no closing quote"),
        ("C>S ACK \"\\q\"", "line 1: \\q is no escape"),
        ("C>S ACK wn=3", "line 1: \"wn=3\" is no key"),
        ("C>S UDP mss=3", "line 1: \"mss=3\" is no key"),
        ("C>S ACK win=65536", "line 1: win: \"65536\" does not fit"),
        ("C>S ACK \"a\" len=2", "line 1: a line has one payload"),
        ("C>S ACK\nC>S ACK isn=3", "line 2: isn= belongs"),
        ("S>C ICMP port-unreachable quotes 1", "line 1: quotes 1: there is no such frame"),
        ("S>C ICMP never", "line 1: \"never\" is no ICMP message"),
        ("1.5x C>S ACK", "line 1: \"1.5x\" is not a time"),
        ("client here", "line 1: here is not an address"),
        ("client [::1]:1\nC>S ICMP echo-request from=10.0.0.1", "line 2: 10.0.0.1 and"),
        ("C>S SYN mss=1 ws=1 sack_ok ts=1,1 sack=1-2,3-4,5-6,7-8", "line 1: the options take more"),
        ("C>S ACK len=65535", "line 1: the packet is too long"),
    ];
    for (script, reason) in cases {
        let error = Script::parse(script).expect_err(script);
        assert!(error.starts_with(reason), "{script:?} gave {error:?}");
    }
}

#[test]
fn frames_decode_one_by_one_too() {
    let frames = Script::parse("C>S ACK \"x\"").expect("valid").frames();
    let first = &frames[0];
    let frame = Frame {
        number: 1,
        time: first.time,
        interface: first.interface,
        link: first.link,
        wire_len: first.wire_len,
        bytes: &first.bytes,
        passage: None,
    };
    assert_eq!(tcp(&decode(&frame)).payload, b"x");
}
