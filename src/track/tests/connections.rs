//! The connections of a capture as a whole: how many there are, which are kept, what ICMP and other ports say of them.

use super::*;
use crate::track::connections::Connections;
use crate::track::step::{RstFact, SynFact};

const MIXED: &str = "
0 C>S SYN cport=40000
1 C>S SYN cport=40001
2 C>S UDP \"a\" cport=40000
";

#[test]
fn all_are_counted_tcp_first() {
    let (tracker, _) = follow(MIXED);
    assert_eq!((tracker.len(), tracker.count(Proto::Tcp), tracker.is_empty()), (3, 2, false));
    assert!(Tracker::new().is_empty());
    let ids: Vec<_> = tracker.ids().collect();
    assert_eq!(
        ids.iter().map(|id| (id.proto, id.index)).collect::<Vec<_>>(),
        [(Proto::Tcp, 0), (Proto::Tcp, 1), (Proto::Udp, 0)]
    );
    assert!(!tracker.keeps(ConnId { proto: Proto::Udp, index: 1 }), "there is none");
}

#[test]
fn a_choice_of_connections_has_no_others() {
    let (tracker, _) = follow(MIXED);
    let ids: Vec<_> = tracker.ids().skip(1).collect();
    let chosen = Connections::new(&tracker, &ids);
    assert_eq!((chosen.ids(), chosen.len(), chosen.is_empty()), (&ids[..], 2, false));
    assert_eq!(chosen.iter().map(|conn| conn.id).collect::<Vec<_>>(), ids);
    assert_eq!(chosen.first().map(|conn| conn.id), Some(ids[0]));
    assert_eq!(chosen.find(ids[1]).map(|conn| conn.id), Some(ids[1]));
    assert!(chosen.find(ConnId { proto: Proto::Tcp, index: 0 }).is_none(), "it is not among them");
    assert!(Connections::new(&tracker, &[]).is_empty());
}

/// Follows a script with one connection at hand and so many packed.
fn keeping(packed: usize, text: &str) -> (Tracker, Vec<Step>) {
    let frames = Script::parse(text).expect("a script").frames();
    let mut tracker = Tracker::new().keeping(Limits { ready: 1, ended: 0, packed });
    let mut source = MemorySource::new(&frames, &[]);
    let mut steps = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        steps.push(tracker.push(&decode(&frame)));
    }
    (tracker, steps)
}

#[test]
fn what_is_forgotten_is_counted_of_both_protocols() {
    let lines: Vec<_> = (0..4)
        .map(|at| format!("{at} C>S SYN cport={}\n{at} C>S UDP \"a\" cport={}", 40000 + at, 40000 + at))
        .collect();
    let (tracker, _) = keeping(1, &lines.join("\n"));
    assert_eq!((tracker.len(), tracker.forgotten(), tracker.ids().count()), (8, 4, 4));
    assert!(
        !tracker.keeps(ConnId { proto: Proto::Tcp, index: 0 }) && tracker.keeps(ConnId { proto: Proto::Udp, index: 3 })
    );
}

#[test]
fn a_connection_that_comes_back_after_it_was_forgotten_is_a_new_one() {
    let text = "0 C>S ACK len=1 cport=1\n1 C>S ACK cport=2\n2 C>S ACK cport=3\n3 C>S ACK len=1 cport=1";
    let (_, steps) = keeping(0, text);
    assert_eq!(steps.iter().filter_map(|step| step.conn).map(|id| id.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn an_icmp_error_does_not_name_what_is_forgotten() {
    let text = |rest: &str| format!("0 C>S UDP \"a\" cport=1\n{rest}9 S>C ICMP port-unreachable quotes 1");
    let quoted = |text: &str| {
        let (_, steps) = keeping(0, text);
        steps.last().and_then(|step| step.quote).and_then(|quote| quote.conn).map(|id| id.index)
    };
    assert_eq!(quoted(&text("")), Some(0));
    assert_eq!(quoted(&text("1 C>S UDP \"b\" cport=2\n")), None);
}

#[test]
fn a_packed_conversation_goes_on() {
    let text = "0 C>S UDP \"a\" cport=1\n1 C>S UDP \"b\" cport=2\n2 S>C UDP \"c\" cport=1";
    let (tracker, _) = keeping(9, text);
    let conn = tracker.connections().next().expect("a conversation").into_owned();
    assert_eq!((conn.packets, conn.first.frame, conn.last.frame), ([1, 1], 1, 3));
    assert_eq!(tracker.connections().count(), 2);
}

#[test]
fn icmp_errors_are_remembered_up_to_a_limit_and_an_unreachable_port_apart() {
    for header in ["", "ipv6\n"] {
        let lines: Vec<_> = (1..=20).map(|at| format!("{at} S>C ICMP host-unreachable quotes 1")).collect();
        let (tracker, _) = follow(&format!("{header}0 C>S UDP \"a\"\n{}", lines.join("\n")));
        let conn = tracker.connections().next().expect("a conversation");
        assert_eq!((conn.icmp_errors.len(), conn.port_unreachable), (16, None));
        let (tracker, _) = follow(&format!("{header}0 C>S UDP \"a\"\n1 S>C ICMP port-unreachable quotes 1"));
        assert_eq!(tracker.connections().next().expect("a conversation").port_unreachable, Some(2));
    }
}

#[test]
fn what_is_said_in_a_datagram_and_in_new_bytes_is_read_once() {
    let query = r#"0 C>S UDP "\x124\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x01\0\x01" sport=53"#;
    assert!(follow(query).1[0].app.is_some());
    let get =
        "0 C>S ACK \"GET / HTTP/1.1\\r\\n\\r\\n\" sport=80\n1 C>S ACK seq=1 \"GET / HTTP/1.1\\r\\n\\r\\n\" sport=80";
    let (_, steps) = follow(get);
    assert_eq!([steps[0].app.is_some(), steps[1].app.is_some()], [true, false]);
}

#[test]
fn sack_blocks_count_from_the_beginning_of_what_they_report() {
    let (_, steps) = after_handshake("1 S>C ACK len=10 seq=11\n2 C>S ACK ack=1 sack=11-21");
    assert_eq!(steps[4].tcp.as_ref().expect("TCP").sack[0], (11, 21));
}

#[test]
fn what_a_syn_is_depends_on_its_number_and_on_what_came_before() {
    let facts = |text: &str| {
        let (_, steps) = follow(text);
        steps.last().and_then(|step| step.tcp.as_ref()).and_then(|tcp| tcp.facts.syn)
    };
    assert_eq!(facts("0 C>S SYN\n1 S>C SYN,ACK\n2 S>C SYN,ACK"), Some(SynFact::AcceptAgain(2)));
    assert_eq!(facts("0 C>S SYN\n1 S>C SYN"), Some(SynFact::Crossing(1)));
    assert_eq!(facts("0 C>S SYN\n1 S>C SYN,ACK\n2 S>C SYN,ACK isn=900000"), Some(SynFact::Accept));
    // The server's SYN after it has accepted crosses nothing.
    assert_eq!(facts("0 C>S SYN\n1 S>C SYN,ACK isn=7\n2 S>C SYN isn=7"), Some(SynFact::OpenAgain(2)));
}

#[test]
fn the_syn_that_opened_a_connection_came_before_its_handshake_was_done() {
    let opened_by = |text: &str| tcp(&follow(text).0, 0).syn.map(|syn| syn.frame);
    assert_eq!(opened_by("0 C>S SYN\n1000 C>S SYN\n1001 S>C SYN,ACK\n1002 C>S ACK"), Some(2));
    assert_eq!(opened_by("0 C>S SYN\n1 S>C SYN,ACK\n2 C>S ACK\n3 C>S SYN seq=0"), Some(1));
}

#[test]
fn how_long_a_connection_was_and_which_fin_was_first() {
    let (tracker, _) = after_handshake("1 S>C FIN,ACK\n2 C>S FIN,ACK\n9 S>C ACK");
    let conn = tcp(&tracker, 0);
    assert_eq!(conn.duration_ns(), Some(9_000_000));
    assert_eq!(conn.first_fin().map(|(side, fin)| (side, fin.at.frame)), Some((Side::Server, 4)));
}

#[test]
fn a_syn_that_is_not_acknowledged_opens_nothing() {
    follow("0 C>S SYN => SYN-SENT SYN-RECEIVED\n1 S>C SYN,ACK ack=0 => SYN-SENT SYN-RECEIVED");
    follow(
        "0 C>S SYN           => SYN-SENT SYN-RECEIVED
         1 S>C SYN,ACK       => ESTABLISHED SYN-RECEIVED
         2 C>S ACK ack=0     => ESTABLISHED SYN-RECEIVED
         3 C>S ACK ack=1     => ESTABLISHED ESTABLISHED",
    );
}

#[test]
fn what_a_rst_is_depends_on_its_numbers() {
    let fact = |text: &str| -> RstFact {
        let (_, steps) = follow(text);
        steps.last().and_then(|step| step.tcp.as_ref()).and_then(|tcp| tcp.facts.rst).expect("a RST")
    };
    let opened = |rest: &str| fact(&format!("{HANDSHAKE}{rest}"));
    let kind = |text: &str| (fact(text).kind, fact(text).acceptance, fact(text).was_open);
    assert_eq!(kind("0 C>S SYN\n1 S>C RST,ACK"), (RstKind::Refusal(1), Acceptance::Accepted, false));
    assert_eq!(kind("0 C>S SYN\n1 S>C RST seq=0"), (RstKind::Unclear, Acceptance::Ignored, false));
    assert_eq!(kind("0 C>S SYN\n1 S>C RST,ACK ack=500").1, Acceptance::Ignored);
    assert!(kind("0 C>S ACK len=4\n1 S>C RST,ACK").2, "it began before the capture");
    assert_eq!(opened("1 C>S RST,ACK").kind, RstKind::Active);
    assert_eq!(opened("1 C>S RST,ACK seq=500").kind, RstKind::Unclear);
    // After a gap the receiver expects one of two numbers.
    let after_gap = |seq: u32| opened(&format!("1 C>S ACK len=10 seq=11\n2 C>S RST,ACK seq={seq}")).acceptance;
    assert_eq!([after_gap(1), after_gap(21)], [Acceptance::Accepted, Acceptance::Accepted]);
    assert_eq!(after_gap(15), Acceptance::Unknown, "what came that was not captured?");
}

#[test]
fn what_a_capture_without_a_syn_has_for_the_first_time_is_new() {
    let bytes = |text: &str| tcp(&follow(text).0, 0).bytes;
    assert_eq!(bytes("0 S>C ACK len=65 seq=1397\n1 S>C ACK len=1396 seq=1"), [0, 1461]);
    assert_eq!(bytes("0 S>C ACK len=5 seq=11\n1 S>C ACK len=5 seq=1\n2 S>C ACK len=5 seq=6"), [0, 15]);
    // Twice is once.
    assert_eq!(bytes("0 S>C ACK len=5 seq=11\n1 S>C ACK len=5 seq=6\n2 S>C ACK len=10 seq=6"), [0, 10]);
    // It had been acknowledged before the capture had it.
    assert_eq!(bytes("0 S>C ACK len=5 seq=11\n1 C>S ACK ack=16\n2 S>C ACK len=5 seq=6"), [0, 5]);
}

#[test]
fn what_has_a_wrong_checksum_is_not_predicted_where_checksums_count() {
    let text = "0 C>S SYN\n1 S>C SYN,ACK\n2 C>S ACK\n3 C>S ACK len=9\n4 S>C ACK\n5 C>S ACK len=9";
    let predicted = |tracker: Tracker, harm: bool| {
        let mut tracker = tracker;
        let mut frames = Script::parse(text).expect("a script").frames();
        if harm {
            *frames[5].bytes.last_mut().expect("a payload") ^= 1;
        }
        let mut source = MemorySource::new(&frames, &[]);
        let mut last = false;
        while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
            let at = Mark { frame: frame.number, time: frame.time };
            last = plain(&frame, true).and_then(|plain| tracker.predict(&plain, at)).is_some();
            if !last {
                tracker.push(&decode(&frame));
            }
        }
        last
    };
    let verifying = || Tracker::connections_only().verifying();
    assert_eq!([predicted(verifying(), false), predicted(verifying(), true)], [true, false]);
    assert!(predicted(Tracker::connections_only(), true));
}
