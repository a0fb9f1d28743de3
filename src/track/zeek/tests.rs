use std::borrow::Cow;

use super::letters::MAX_LETTERS;
use super::*;
use crate::decode::decode;
use crate::frame::{FrameSource, MemorySource};
use crate::script::Script;
use crate::track::{Connection, Tracker};
use proptest::prelude::*;

/// The connections of a script, all of it on one line with `;` between the packets.
fn follow(script: &str) -> Vec<Connection> {
    let script = script.replace(';', "\n");
    let frames = Script::parse(&script).unwrap_or_else(|error| panic!("{error}\n{script}")).frames();
    let mut source = MemorySource::new(&frames, &[]);
    let mut tracker = Tracker::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        tracker.push(&decode(&frame));
    }
    tracker.connections().map(Cow::into_owned).collect()
}

/// `conn_state` and `history` of the only connection.
fn labels(script: &str) -> String {
    let all = follow(script);
    assert_eq!(all.len(), 1, "{script}");
    format!("{} {}", all[0].zeek.conn_state(all[0].id.proto).name(), all[0].zeek.history())
}

fn open(rest: &str) -> String {
    labels(&format!("C>S SYN; S>C SYN,ACK; C>S ACK; {rest}"))
}

#[test]
fn every_conn_state() {
    assert_eq!(labels("C>S SYN; C>S SYN"), "S0 S");
    assert_eq!(open(""), "S1 ShA");
    assert_eq!(open(r#"C>S PSH,ACK "a"; S>C ACK; S>C PSH,ACK "b"; C>S FIN,ACK; S>C FIN,ACK; C>S ACK"#), "SF ShADadFf");
    assert_eq!(labels("C>S SYN; S>C RST,ACK"), "REJ Sr");
    assert_eq!(open("C>S FIN,ACK; S>C ACK"), "S2 ShAFa");
    assert_eq!(open("S>C FIN,ACK; C>S ACK"), "S3 ShAf");
    assert_eq!(open(r#"C>S PSH,ACK "a"; C>S RST,ACK"#), "RSTO ShADR");
    assert_eq!(open(r#"C>S PSH,ACK "a"; S>C RST,ACK"#), "RSTR ShADr");
    assert_eq!(labels("C>S SYN; C>S RST"), "RSTOS0 SR");
    assert_eq!(labels("S>C SYN,ACK; S>C RST"), "RSTRH ^hr");
    assert_eq!(labels("C>S SYN; C>S FIN"), "SH SF");
    assert_eq!(labels("S>C SYN,ACK; S>C FIN,ACK"), "SHR ^hf");
    assert_eq!(labels(r#"C>S PSH,ACK "a"; S>C ACK"#), "OTH Da");
}

#[test]
fn what_decides_between_neighbours() {
    // Both reset, and neither sent data.
    assert_eq!(open("C>S RST; S>C RST"), "REJ ShARr");
    assert_eq!(open(r#"C>S PSH,ACK "a"; C>S RST; S>C RST"#), "RSTR ShADRr");
    // Something from the client between its SYN and its RST.
    assert_eq!(labels("C>S SYN; C>S ACK seq=1 ack=1; C>S RST"), "OTH SAR");
    // A SYN-ACK, the SYN missed, then the client's ACK: taken for established.
    assert_eq!(labels("S>C SYN,ACK; C>S ACK"), "S1 ^hA");
    // Some systems acknowledge a SYN before they answer it.
    assert_eq!(labels("C>S SYN; S>C ACK; S>C SYN,ACK; C>S ACK"), "S1 SahA");
    // A RST when both ends are closed resets nothing.
    assert_eq!(open("C>S FIN,ACK; S>C FIN,ACK; C>S RST"), "SF ShAFfR");
    // FIN and RST by one end, then the other's FIN: an ordinary end.
    assert_eq!(open("C>S FIN,ACK; C>S RST; S>C FIN,ACK"), "SF ShAFRf");
    assert_eq!(open("C>S FIN,ACK; C>S RST"), "RSTO ShAFR");
    // SYNs that cross establish both ends.
    assert_eq!(labels("C>S SYN; S>C SYN; S>C SYN,ACK seq=0; C>S SYN,ACK seq=0; C>S ACK"), "S1 SsA");
    assert_eq!(labels(r#"C>S PSH,ACK "a"; C>S FIN,ACK"#), "SH DF");
}

#[test]
fn letters_of_flags() {
    // Data on a FIN gives no d; acknowledgments and data count once for each direction.
    assert_eq!(open(r#"C>S FIN,PSH,ACK "a"; S>C ACK; S>C ACK"#), "S2 ShAFa");
    // The same SYN or FIN again is not written; a FIN or RST with another number is.
    assert_eq!(labels("C>S SYN; C>S SYN; S>C SYN,ACK; S>C SYN,ACK"), "S1 Sh");
    assert_eq!(open("C>S FIN,ACK seq=1; C>S FIN,ACK seq=1; C>S FIN,ACK seq=3"), "S2 ShAFF");
    assert_eq!(open("S>C RST seq=1; S>C RST seq=1; S>C RST seq=2"), "RSTR ShArr");
    // More than one of SYN, FIN, RST.
    assert_eq!(open("C>S FIN,RST,ACK; C>S FIN,RST,ACK"), "RSTO ShAI");
    assert_eq!(labels("C>S SYN,FIN"), "SH Q");
    assert_eq!(labels("C>S SYN,RST; S>C SYN,FIN"), "RSTO Qq");
    // No flag at all, and no payload.
    assert_eq!(labels("C>S NONE"), "OTH ");
}

#[test]
fn letters_of_numbers() {
    assert_eq!(open(r#"C>S PSH,ACK "a" seq=1; C>S PSH,ACK "a" seq=1; C>S PSH,ACK "a" seq=1"#), "S1 ShADT");
    assert_eq!(open("S>C ACK win=0; S>C ACK win=0"), "S1 ShAaw");
    // A gap counts once the ACK covers it, and only then.
    assert_eq!(open(r#"C>S PSH,ACK "abc" seq=1; C>S PSH,ACK "ghi" seq=7; S>C ACK ack=4"#), "S1 ShADa");
    assert_eq!(open(r#"C>S PSH,ACK "abc" seq=1; C>S PSH,ACK "ghi" seq=7; S>C ACK ack=10"#), "S1 ShADaG");
    let filled = r#"C>S PSH,ACK "abc" seq=1; C>S PSH,ACK "ghi" seq=7; C>S PSH,ACK "def" seq=4; S>C ACK ack=10"#;
    assert_eq!(open(filled), "S1 ShADTa");
    // A RST says nothing about the window.
    assert_eq!(open("S>C RST win=0"), "RSTR ShAr");
}

#[test]
fn rarer_orders_are_labelled_as_zeek_does() {
    // Read off Zeek 2.5.3, which was called Bro, with the same packets; the letters g and t are newer.
    let begun = "C>S SYN; S>C SYN,ACK";
    assert_eq!(labels(&format!("{begun}; S>C SYN,ACK isn=900000; C>S ACK; S>C ACK len=5")), "S1 ShAd");
    assert_eq!(labels("C>S SYN; S>C RST seq=0; S>C SYN,ACK; S>C RST seq=0"), "REJ Srhr");
    assert_eq!(labels("S>C SYN,ACK; C>S PSH len=1"), "OTH ^hD");
    assert_eq!(labels("C>S ACK len=1; C>S SYN seq=0"), "S0 DS");
    assert_eq!(labels("C>S SYN; S>C ACK len=5 seq=1"), "OTH Sd", "it got an answer, though none that opens");
    assert_eq!(labels("S>C SYN,ACK; C>S SYN"), "OTH ^hS");
    assert_eq!(labels("C>S SYN; C>S FIN; S>C ACK ack=50; S>C FIN,ACK"), "SF SFaf");
    assert_eq!(open("C>S FIN,ACK; C>S FIN,ACK seq=1; S>C FIN,ACK; S>C RST seq=2"), "SF ShAFfr");
}

#[test]
fn what_is_a_gap_and_what_a_repeat() {
    // An ACK of what was never captured, of whole connections only; not at the very end of one without data.
    assert_eq!(open("S>C ACK ack=50"), "S1 ShAaG");
    assert_eq!(labels("C>S ACK len=1; S>C ACK ack=50"), "OTH Da");
    assert_eq!(open("S>C FIN,ACK; S>C ACK ack=50"), "S3 ShAfa");
    assert_eq!(open("C>S ACK len=1; S>C FIN,ACK; S>C ACK ack=50"), "S3 ShADfaG");
    // What is missing before a FIN is no gap until it is acknowledged.
    assert_eq!(open("C>S ACK len=10 seq=11; C>S FIN,ACK; S>C ACK ack=1"), "S2 ShADFa");
    // Bytes that the capture cut off were not captured.
    assert_eq!(open("C>S ACK len=100 snap=60; S>C ACK"), "S1 ShADaG");
    // After a RST nothing is a repeat; a FIN that brings old data is one.
    assert_eq!(open("C>S ACK len=1; C>S RST; C>S ACK len=1 seq=1"), "RSTO ShADR");
    assert_eq!(open("C>S ACK len=1; C>S FIN,ACK; C>S FIN,ACK len=1 seq=1"), "S2 ShADFT");
}

#[test]
fn a_wrong_checksum_is_a_letter_and_nothing_else() {
    // `!` in the place of a payload's first byte stands for damage on the way; `~` for a checksum yet to be computed.
    let labels = |script: &str, verifies: bool| {
        let text = script.replace(';', "\n");
        let mut frames = Script::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).frames();
        for frame in &mut frames {
            let udp = frame.bytes[9] == 17;
            let (payload, field) = if udp { (28, 26) } else { (40, 36) };
            match frame.bytes.get(payload) {
                Some(b'!') => frame.bytes[payload] = b'?',
                Some(b'~') => {
                    let pseudo = [12, 14, 16, 18]
                        .map(|at| u32::from(u16::from_be_bytes([frame.bytes[at], frame.bytes[at + 1]])));
                    let length = u32::try_from(frame.bytes.len() - 20).unwrap();
                    let sum = pseudo.iter().sum::<u32>() + u32::from(frame.bytes[9]) + length;
                    let folded = u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap();
                    frame.bytes[field..field + 2].copy_from_slice(&folded.to_be_bytes());
                }
                _ => {}
            }
        }
        let mut source = MemorySource::new(&frames, &[]);
        let mut tracker = if verifies { Tracker::new().verifying() } else { Tracker::new() };
        while let Some(frame) = source.next_frame().unwrap() {
            tracker.push(&decode(&frame));
        }
        let conn = tracker.connections().next().unwrap();
        format!("{} {}", conn.zeek.conn_state(conn.id.proto).name(), conn.zeek.history())
    };
    let begun = "C>S SYN; S>C SYN,ACK; C>S ACK";
    assert_eq!(labels(&format!(r#"{begun}; C>S PSH,ACK "!a"; S>C FIN,ACK "!b""#), true), "S1 ShACc");
    assert_eq!(labels(&format!(r#"{begun}; C>S PSH,ACK "!a"; S>C FIN,ACK "!b""#), false), "S3 ShADf", "nobody asked");
    assert_eq!(labels(&format!(r#"{begun}; C>S PSH,ACK "~a""#), true), "S1 ShAD", "not yet computed is not wrong");
    let ten = r#"; C>S PSH,ACK "!a" seq=1"#.repeat(10);
    assert_eq!(labels(&format!("{begun}{ten}"), true), "S1 ShACC");
    assert_eq!(labels(r#"C>S UDP "!a"; S>C UDP "b""#, true), "SHR Cd");
    assert_eq!(labels(r#"C>S UDP "a"; S>C UDP "~b""#, true), "SF Dd");
    assert_eq!(labels(r#"S>C PSH,ACK "!a"; C>S ACK"#, true), "OTH ^cA");
}

#[test]
fn what_repeats_is_written_at_1_10_and_100() {
    let line = r#"C>S PSH,ACK "a" seq=1;"#;
    let history = |times: usize| open(&line.repeat(times + 1));
    assert_eq!(history(9), "S1 ShADT");
    assert_eq!(history(10), "S1 ShADTT");
    assert_eq!(history(99), "S1 ShADTT");
    assert_eq!(history(100), "S1 ShADTTT");
}

#[test]
fn udp() {
    assert_eq!(labels(r#"C>S UDP "a"; S>C UDP "b"; C>S UDP "c""#), "SF Dd");
    assert_eq!(labels(r#"C>S UDP "a""#), "S0 D");
    // The end without a server's port is the client, though the server was captured first.
    assert_eq!(labels(r#"S>C UDP "a""#), "SHR ^d");
    assert_eq!(labels(r#"S>C UDP "a"; C>S UDP "b""#), "SF ^dD");
}

#[test]
fn a_new_connection_on_the_same_ports_has_labels_of_its_own() {
    let all = follow("C>S SYN; S>C RST,ACK; C>S SYN isn=900000; S>C SYN,ACK isn=77; C>S ACK");
    let labels: Vec<_> = all.iter().map(|conn| conn.zeek.history()).collect();
    assert_eq!(labels, ["Sr", "ShA"]);
}

#[test]
fn the_state_stays_small() {
    assert!(size_of::<Zeek>() <= 240, "{}", size_of::<Zeek>());
    let flood = (1..200).map(|n| format!("S>C RST seq={n}")).collect::<Vec<_>>().join(";");
    assert!(open(&flood).len() <= MAX_LETTERS + 5);
}

proptest! {
    /// Any flags and numbers: a label, never a panic.
    #[test]
    fn no_segment_panics(
        segments in proptest::collection::vec((any::<bool>(), any::<u32>(), any::<u32>(), 0u16..64, 0u32..9), 0..80),
    ) {
        let mut zeek = Zeek::default();
        for (client, seq, ack, flags, len) in segments {
            let payload = [0; 8];
            let segment = TcpSegment {
                covered: None,
                src_port: 1, dst_port: 2, seq: Seq(seq), ack: Seq(ack), flags: crate::decode::TcpFlags(flags),
                window: flags, urgent: 0, options: crate::decode::TcpOptions::default(), len,
                payload: &payload[..(len as usize).min(8)], sound: true, complete: true,
            };
            zeek.segment(if client { Side::Client } else { Side::Server }, &segment);
            prop_assert!(ConnState::ALL.contains(&zeek.conn_state(Proto::Tcp)));
        }
    }
}
