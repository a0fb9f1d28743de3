//! The labels, read off tshark with the same packets.

use super::*;
use crate::frame::Time;

/// The labels of every packet of a script, frame by frame.
fn labels(text: &str) -> Vec<String> {
    let (_, steps) = follow(text);
    steps.iter().map(|step| step.tcp.as_ref().unwrap().labels.names().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_capture_without_a_clock_measures_no_round_trip() {
    // Read off tshark 4.0.17: the time zero is taken for none, so that 3 ms tell a late segment from a repeat.
    let text = "0 C>S SYN\n0.001 S>C SYN,ACK\n0.002 C>S ACK\n1 C>S ACK len=9 seq=41\n2 C>S ACK len=38 seq=1";
    let label = |at: i64| {
        let mut frames = Script::parse(text).expect("a script").frames();
        let start = frames[0].time.expect("a time").0;
        for frame in &mut frames {
            frame.time = frame.time.map(|time| Time(time.0 - start + at));
        }
        let mut source = MemorySource::new(&frames, &[]);
        let mut tracker = Tracker::new();
        let mut last = None;
        while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
            last = tracker.push(&decode(&frame)).tcp.map(|tcp| tcp.labels.names().collect::<Vec<_>>().join(" "));
        }
        last.expect("TCP")
    };
    assert_eq!([label(0), label(1)], ["out_of_order", "retransmission"]);
}

/// Five segments of which the first and the third are missing, the ACKs that tell so, and the repeat from `seq` on.
fn holes(seq: &str) -> String {
    let mut lines: Vec<_> = (0..5).map(|at| format!("20 S>C ACK len=1000 seq={}", at * 1000 + 1)).collect();
    for sack in ["", " sack=1001-2001", " sack=3001-4001,1001-2001", " sack=3001-5001,1001-2001"] {
        lines.push(format!("40 C>S ACK ack=1{sack}"));
    }
    lines.push(format!("40.5 S>C ACK len=1000 seq={seq}"));
    lines.join("\n")
}

#[test]
fn labels_are_those_of_the_textbook_analyser() {
    // Each expectation was read off tshark 4.0.17 with the same packets.
    let handshake = "0 C>S SYN mss=1460\n15 S>C SYN,ACK mss=1460\n15.1 C>S ACK\n";
    let cases = [
        ("a repeat of the last segment", "20 S>C ACK len=1000\n20.1 S>C ACK len=1000 seq=1", "retransmission"),
        (
            "a repeat of an earlier one, soon after",
            "20 S>C ACK len=1000\n20 S>C ACK len=1000\n20.1 S>C ACK len=1000 seq=1",
            "out_of_order",
        ),
        (
            "the same after more than a round trip",
            "20 S>C ACK len=1000\n20 S>C ACK len=1000\n40 S>C ACK len=1000 seq=1",
            "retransmission",
        ),
        ("a gap", "20 S>C ACK len=1000 seq=2001", "lost_segment"),
        ("an answer with another number", "20 S>C SYN,ACK isn=900000", "lost_segment reused_ports"),
        (
            "the same bytes again after their ACK",
            "20 S>C ACK len=10\n21 C>S ACK\n22 S>C ACK len=10 seq=1",
            "retransmission spurious_retransmission",
        ),
        ("a keep-alive", "20 C>S PSH,ACK \"a\"\n21 S>C ACK\n900 C>S ACK seq=1", "keep_alive"),
        ("an ACK of what was not captured", "20 S>C ACK ack=500", "ack_lost_segment"),
        ("a window that closes", "20 C>S ACK win=0", "zero_window"),
        ("a window that grows", "20 C>S ACK win=900", "window_update"),
        ("the same ACK again", "20 C>S ACK", "duplicate_ack"),
        ("the first hole that SACK tells", &holes("1"), "retransmission fast_retransmission"),
        ("a further hole that SACK tells", &holes("1\n40.5 S>C ACK len=1000 seq=2001"), "retransmission"),
        (
            "a probe's byte that is taken",
            "20 C>S ACK win=0\n220 S>C ACK len=1\n221 C>S ACK ack=2 win=502",
            "ack_lost_segment",
        ),
        ("a SYN with FIN", "20 C>S SYN,FIN isn=77000\n21 C>S ACK len=5 seq=1", ""),
        ("a clock that goes back", "40 S>C ACK len=1000\n20 S>C ACK len=10 seq=1", "retransmission"),
        (
            "a repeat when the round trip of the handshake is over",
            "20 S>C ACK len=10\n20 S>C ACK len=10\n35.1 S>C ACK len=10 seq=1",
            "retransmission",
        ),
        ("what SACK tells, too late to be fast", &holes("1").replace("40.5 ", "60 "), "retransmission"),
        (
            "what SACK tells, just in time",
            &holes("1").replace("40.5 ", "59.999 "),
            "retransmission fast_retransmission",
        ),
        (
            "what follows a SYN repeated after a gap",
            "20 C>S ACK len=100 seq=101\n220 C>S SYN seq=0\n230 C>S ACK len=10 seq=201 ack=1",
            "lost_segment",
        ),
    ];
    for (what, rest, expected) in cases {
        let all = labels(&format!("{handshake}{rest}"));
        assert_eq!(all.last().map(String::as_str), Some(expected), "{what}");
        assert!(all[..3].iter().all(String::is_empty), "{what}: nothing about the handshake");
    }
}

#[test]
fn a_window_is_full_when_its_scale_is_known() {
    // Read off tshark 4.0.17 with the same packets.
    let handshake = |client: &str, server: &str| {
        format!("0 C>S SYN{client}\n15 S>C SYN,ACK win=5{server}\n15.1 C>S ACK\n16 S>C ACK win=5\n")
    };
    let again = "16.1 S>C SYN,ACK seq=0 ws=2 win=5\n";
    let cases = [
        ("both scale", handshake(" ws=7", " ws=2") + "17 C>S ACK len=20", true),
        ("both scale, five bytes", handshake(" ws=7", " ws=2") + "17 C>S ACK len=5", false),
        ("only the client scales", handshake(" ws=7", "") + "17 C>S ACK len=5", true),
        ("only the server scales", handshake("", " ws=2") + "17 C>S ACK len=5", true),
        ("neither does", handshake("", "") + "17 C>S ACK len=5", true),
        ("the client's SYN was not captured", "15 S>C SYN,ACK ws=2\n16 S>C ACK win=5\n17 C>S ACK len=20".into(), true),
        ("nor any SYN", "16 S>C ACK win=5\n17 C>S ACK len=5".into(), false),
        ("the window of a SYN", "0 C>S SYN ws=7\n15 S>C SYN,ACK ws=2 win=5\n17 C>S ACK len=5".into(), true),
        ("that of a later copy", handshake(" ws=7", " ws=2") + again + "17 C>S ACK len=5", true),
        ("and after it", handshake(" ws=7", " ws=2") + again + "17 S>C ACK win=6\n18 C>S ACK len=24", true),
    ];
    for (what, text, full) in cases {
        assert_eq!(labels(&text).last().map(String::as_str), Some(if full { "window_full" } else { "" }), "{what}");
    }
}
