//! Whole connections as packet scripts. Beside each packet, after `=>`, the states of client and server once it has
//! been sent and received.

use super::close::{Close, ClosedBy, close, closed_by, half_close};
use super::connection::Mark;
use super::step::{Acceptance, ConnId, FinFact, RstKind, SynFact};
use super::*;
use crate::decode::decode;
use crate::decode::plain::plain;
use crate::frame::{FrameSource, MemorySource};
use crate::script::Script;

mod closing;
mod connections;
mod given_up;
mod labels;
mod wire;

/// Runs a script, checks the states written beside its packets, and returns the tracker and every step.
fn follow(text: &str) -> (Tracker, Vec<Step>) {
    let mut expected = Vec::new();
    let mut script = String::new();
    for line in text.lines() {
        let (packet, states) = line.split_once("=>").map_or((line, None), |(packet, states)| (packet, Some(states)));
        script.push_str(packet);
        script.push('\n');
        if !packet.trim().is_empty() && packet.trim().starts_with(|c: char| c.is_ascii_digit()) {
            expected.push(states.map(str::trim));
        }
    }
    let frames = Script::parse(&script).unwrap_or_else(|error| panic!("{error}\n{script}")).frames();
    assert_eq!(frames.len(), expected.len(), "one expectation a packet");
    let mut tracker = Tracker::new();
    let mut steps = Vec::new();
    let mut source = MemorySource::new(&frames, &[]);
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let step = tracker.push(&decode(&frame));
        if let (Some(Some(expected)), Some(tcp)) = (expected.get(steps.len()), &step.tcp) {
            let name = |state: Option<State>| state.map_or("?", State::name);
            let states = format!("{} {}", name(tcp.after.client), name(tcp.after.server));
            assert_eq!(&states, expected, "after frame {}", frame.number);
        }
        steps.push(step);
    }
    (tracker, steps)
}

/// Follows a script as it is done when nobody looks at the packets.
fn connections_only(script: &str) -> Tracker {
    let frames = Script::parse(script).unwrap_or_else(|error| panic!("{error}\n{script}")).frames();
    let mut tracker = Tracker::connections_only();
    let mut source = MemorySource::new(&frames, &[]);
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let at = Mark { frame: frame.number, time: frame.time };
        if plain(&frame, false).and_then(|plain| tracker.predict(&plain, at)).is_none() {
            tracker.push(&decode(&frame));
        }
    }
    tracker.settle();
    tracker
}

fn tcp(tracker: &Tracker, index: u32) -> &Connection {
    tracker.connection(ConnId { proto: Proto::Tcp, index }).expect("the connection exists")
}

const HANDSHAKE: &str = "
0    C>S SYN mss=1460 ws=7     => SYN-SENT SYN-RECEIVED
0.1  S>C SYN,ACK mss=1460 ws=7 => ESTABLISHED SYN-RECEIVED
0.2  C>S ACK                   => ESTABLISHED ESTABLISHED
";

fn after_handshake(rest: &str) -> (Tracker, Vec<Step>) {
    follow(&format!("{HANDSHAKE}{rest}"))
}

#[test]
fn a_close_in_four_segments_with_data_after_the_first_fin() {
    let (tracker, steps) = after_handshake(
        "1    C>S PSH,ACK \"halo\"     => ESTABLISHED ESTABLISHED
         2    C>S FIN,ACK             => FIN-WAIT-1 CLOSE-WAIT
         42   S>C ACK                 => FIN-WAIT-2 CLOSE-WAIT
         50   S>C PSH,ACK \"masih\"    => FIN-WAIT-2 CLOSE-WAIT
         50.1 C>S ACK                 => FIN-WAIT-2 CLOSE-WAIT
         60   S>C FIN,ACK             => TIME-WAIT LAST-ACK
         60.1 C>S ACK                 => TIME-WAIT CLOSED",
    );
    let conn = tcp(&tracker, 0);
    assert_eq!((close(conn), closed_by(conn)), (Close::Fin, Some(ClosedBy::One(Side::Client))));
    let half = half_close(conn).expect("half-closed");
    assert_eq!((half.by, half.begin.frame, half.end.frame), (Side::Client, 5, 9));
    assert_eq!((half.bytes_after, half.accepted), (5, Some(true)));
    assert_eq!(half.duration_ns(), Some(58_000_000));
    assert_eq!(conn.bytes, [4, 5]);
    let facts = |frame: usize| steps[frame - 1].tcp.as_ref().expect("tcp").facts.clone();
    assert!(facts(3).completes_handshake);
    assert_eq!(facts(5).fin, Some(FinFact::First));
    assert_eq!((facts(6).acks_fin, facts(6).acked_bytes), (Some(5), 4));
    assert_eq!(facts(6).ack_delay, Some(41_000_000));
    assert_eq!(facts(7).after_peer_fin, Some(5));
    assert_eq!(facts(9).fin, Some(FinFact::Second(5)));
    assert_eq!(facts(10).acks_fin, Some(9));
}

#[test]
fn a_close_in_three_segments_has_no_half_close() {
    let (tracker, steps) = after_handshake(
        "1   C>S FIN,ACK => FIN-WAIT-1 CLOSE-WAIT
         1.1 S>C FIN,ACK => TIME-WAIT LAST-ACK
         1.2 C>S ACK     => TIME-WAIT CLOSED",
    );
    assert_eq!(half_close(tcp(&tracker, 0)), None);
    assert_eq!(steps[4].tcp.as_ref().unwrap().facts.fin, Some(FinFact::Merged(4)));
}

#[test]
fn an_ack_that_does_not_cover_the_fin_closes_nothing() {
    after_handshake(
        "1   C>S PSH,ACK \"halo\"    => ESTABLISHED ESTABLISHED
         2   C>S FIN,ACK            => FIN-WAIT-1 CLOSE-WAIT
         3   S>C ACK ack=5          => FIN-WAIT-1 CLOSE-WAIT
         4   S>C ACK ack=6          => FIN-WAIT-2 CLOSE-WAIT",
    );
}

#[test]
fn fins_that_cross_lead_through_closing() {
    let (tracker, _) = after_handshake(
        "1   C>S FIN,ACK            => FIN-WAIT-1 CLOSE-WAIT
         1.1 S>C FIN,ACK ack=1      => CLOSING CLOSING
         1.2 C>S ACK ack=2          => CLOSING TIME-WAIT
         1.3 S>C ACK ack=2          => TIME-WAIT TIME-WAIT",
    );
    assert_eq!(closed_by(tcp(&tracker, 0)), Some(ClosedBy::Both));
}

#[test]
fn syns_that_cross_open_one_connection() {
    let (tracker, steps) = follow(
        "0    C>S SYN              => SYN-SENT SYN-RECEIVED
         0.1  S>C SYN              => SYN-RECEIVED SYN-RECEIVED
         10   S>C SYN,ACK seq=0    => ESTABLISHED SYN-RECEIVED
         10.1 C>S SYN,ACK seq=0    => ESTABLISHED ESTABLISHED
         10.2 C>S ACK              => ESTABLISHED ESTABLISHED",
    );
    assert_eq!(tracker.connections().count(), 1);
    let syn = |frame: usize| steps[frame - 1].tcp.as_ref().unwrap().facts.syn;
    assert_eq!(syn(2), Some(SynFact::Crossing(1)));
    assert_eq!((syn(3), syn(4)), (Some(SynFact::Accept), Some(SynFact::Accept)));
}

#[test]
fn a_refused_connection_ends_at_once() {
    let (tracker, steps) = follow(
        "0   C>S SYN            => SYN-SENT SYN-RECEIVED
         0.1 S>C RST,ACK ack=1  => CLOSED CLOSED",
    );
    let conn = tcp(&tracker, 0);
    assert_eq!((close(conn), closed_by(conn)), (Close::Refused, Some(ClosedBy::One(Side::Server))));
    let rst = steps[1].tcp.as_ref().unwrap().facts.rst.unwrap();
    assert_eq!((rst.kind, rst.acceptance), (RstKind::Refusal(1), Acceptance::Accepted));
}

#[test]
fn a_socket_connected_to_itself_has_one_state() {
    let (tracker, _) = follow(
        "client 10.0.0.2:5001
         0   C>S SYN isn=500000        => SYN-RECEIVED SYN-RECEIVED
         0.1 C>S SYN,ACK seq=0 ack=1   => ESTABLISHED ESTABLISHED
         0.2 C>S ACK seq=1 ack=1       => ESTABLISHED ESTABLISHED
         1   C>S FIN,ACK seq=1 ack=1   => CLOSING CLOSING
         1.1 C>S ACK seq=2 ack=2       => TIME-WAIT TIME-WAIT",
    );
    let conn = tcp(&tracker, 0);
    assert_eq!((close(conn), closed_by(conn), half_close(conn)), (Close::Fin, Some(ClosedBy::Both), None));
}

#[test]
fn a_rst_must_hit_the_window_to_end_anything() {
    // Not even its sender's TCP can have made it, so that end is where it was.
    let ignored = "1 S>C RST seq=9000000 => ESTABLISHED ESTABLISHED";
    let (tracker, steps) = after_handshake(ignored);
    assert_eq!(steps[3].tcp.as_ref().unwrap().facts.rst.unwrap().acceptance, Acceptance::Ignored);
    assert_eq!(close(tcp(&tracker, 0)), Close::None);
    after_handshake("1 S>C RST seq=-9000 => ESTABLISHED ESTABLISHED");
    let (_, steps) = after_handshake("1 S>C RST seq=2 => ESTABLISHED CLOSED");
    assert_eq!(steps[3].tcp.as_ref().unwrap().facts.rst.unwrap().acceptance, Acceptance::Challenged);
    let (tracker, steps) = after_handshake("1 S>C RST,ACK seq=1 => CLOSED CLOSED");
    assert_eq!(steps[3].tcp.as_ref().unwrap().facts.rst.unwrap().kind, RstKind::Active);
    assert_eq!(close(tcp(&tracker, 0)), Close::Rst);
}

#[test]
fn a_rst_at_the_last_ack_of_its_receiver_may_be_just_what_it_expects() {
    let (tracker, steps) = after_handshake(
        "1   C>S PSH,ACK \"halo\"
         1.1 S>C ACK                   => ESTABLISHED ESTABLISHED
         2   C>S PSH,ACK \"lagi\"       => ESTABLISHED ESTABLISHED
         2.1 C>S RST seq=5             => CLOSED CLOSED",
    );
    assert_eq!(steps[6].tcp.as_ref().unwrap().facts.rst.unwrap().acceptance, Acceptance::Unknown);
    assert_eq!(close(tcp(&tracker, 0)), Close::Rst);
    let (_, steps) = after_handshake(
        "1   C>S PSH,ACK \"halo\"
         1.1 S>C ACK                   => ESTABLISHED ESTABLISHED
         2   C>S RST seq=1             => CLOSED ESTABLISHED",
    );
    assert_eq!(steps[5].tcp.as_ref().unwrap().facts.rst.unwrap().acceptance, Acceptance::Ignored);
}

#[test]
fn data_after_close_is_reset_and_the_rst_wins_over_the_fin() {
    let (tracker, steps) = after_handshake(
        "1   S>C FIN,ACK              => CLOSE-WAIT FIN-WAIT-1
         1.1 C>S ACK                  => CLOSE-WAIT FIN-WAIT-2
         5   C>S PSH,ACK \"lagi\"      => CLOSE-WAIT FIN-WAIT-2
         5.1 S>C RST seq=2            => CLOSED CLOSED",
    );
    let conn = tcp(&tracker, 0);
    assert_eq!((close(conn), closed_by(conn)), (Close::Rst, Some(ClosedBy::One(Side::Server))));
    let half = half_close(conn).unwrap();
    assert_eq!((half.by, half.bytes_after, half.accepted), (Side::Server, 4, Some(false)));
    let rst = steps[6].tcp.as_ref().unwrap().facts.rst.unwrap();
    assert_eq!((rst.kind, rst.sender_fin, rst.data_after_fin), (RstKind::Answer(6), Some(4), true));
}

#[test]
fn a_rst_after_a_complete_close_ends_nothing() {
    let (tracker, _) = after_handshake(
        "1   C>S FIN,ACK
         1.1 S>C FIN,ACK
         1.2 C>S ACK       => TIME-WAIT CLOSED
         2   S>C RST seq=2 => CLOSED CLOSED",
    );
    assert_eq!(close(tcp(&tracker, 0)), Close::Fin);
}

#[test]
fn a_fin_waits_for_the_data_before_it() {
    after_handshake(
        "1   C>S FIN,ACK seq=5            => FIN-WAIT-1 ESTABLISHED
         1.1 S>C ACK ack=1                => FIN-WAIT-1 ESTABLISHED
         2   C>S PSH,ACK seq=1 \"halo\"    => FIN-WAIT-1 CLOSE-WAIT
         2.1 S>C ACK ack=6                => FIN-WAIT-2 CLOSE-WAIT",
    );
}

#[test]
fn an_ack_of_the_fin_proves_what_the_capture_missed() {
    after_handshake(
        "1   C>S FIN,ACK seq=5  => FIN-WAIT-1 ESTABLISHED
         1.1 S>C ACK ack=6      => FIN-WAIT-2 CLOSE-WAIT",
    );
}

#[test]
fn a_repeated_fin_is_no_second_close() {
    let (_, steps) = after_handshake(
        "1    C>S FIN,ACK            => FIN-WAIT-1 CLOSE-WAIT
         210  C>S FIN,ACK seq=1      => FIN-WAIT-1 CLOSE-WAIT
         211  S>C ACK ack=2          => FIN-WAIT-2 CLOSE-WAIT",
    );
    let facts = &steps[4].tcp.as_ref().unwrap().facts;
    assert_eq!((facts.fin, facts.repeated, facts.repeated_after), (Some(FinFact::Again(4)), true, Some(209_000_000)));
}

#[test]
fn a_new_syn_on_the_same_ports_is_a_new_connection() {
    let (tracker, steps) = after_handshake(
        "1   C>S FIN,ACK
         1.1 S>C FIN,ACK
         1.2 C>S ACK                    => TIME-WAIT CLOSED
         50  C>S SYN isn=900000         => SYN-SENT SYN-RECEIVED
         50.1 S>C SYN,ACK isn=77        => ESTABLISHED SYN-RECEIVED
         50.2 C>S ACK                   => ESTABLISHED ESTABLISHED",
    );
    assert_eq!(tracker.connections().count(), 2);
    let step = steps[6].tcp.as_ref().unwrap();
    assert_eq!((step.seq, step.facts.port_reuse), (0, true));
}

#[test]
fn a_capture_that_starts_in_the_middle_knows_what_it_saw() {
    let (_, steps) = follow(
        "0  C>S PSH,ACK \"a\" isn=5000   => ? ?
         1  S>C ACK                     => ? ?
         2  S>C PSH,ACK \"b\"            => ESTABLISHED ESTABLISHED
         3  C>S ACK                     => ESTABLISHED ESTABLISHED
         4  C>S FIN,ACK                 => FIN-WAIT-1 CLOSE-WAIT",
    );
    let first = steps[0].tcp.as_ref().unwrap();
    assert_eq!((first.seq, first.facts.mid_stream), (1, true));
}

#[test]
fn one_side_alone_still_gives_states() {
    follow(
        "0   C>S SYN                        => SYN-SENT SYN-RECEIVED
         1   C>S ACK seq=1 ack=1            => ESTABLISHED ESTABLISHED
         2   C>S PSH,ACK seq=1 ack=1 \"a\"   => ESTABLISHED ESTABLISHED
         3   C>S FIN,ACK ack=1              => FIN-WAIT-1 CLOSE-WAIT",
    );
}

#[test]
fn sequence_numbers_wrap_without_harm() {
    let (tracker, steps) = follow(
        "0   C>S SYN isn=4294967293          => SYN-SENT SYN-RECEIVED
         0.1 S>C SYN,ACK isn=4294967295      => ESTABLISHED SYN-RECEIVED
         0.2 C>S ACK                         => ESTABLISHED ESTABLISHED
         1   C>S PSH,ACK \"halo\"             => ESTABLISHED ESTABLISHED
         1.1 S>C ACK                         => ESTABLISHED ESTABLISHED
         2   C>S FIN,ACK                     => FIN-WAIT-1 CLOSE-WAIT
         2.1 S>C FIN,ACK                     => TIME-WAIT LAST-ACK
         2.2 C>S ACK                         => TIME-WAIT CLOSED",
    );
    assert_eq!(steps[5].tcp.as_ref().unwrap().seq, 5);
    assert_eq!(tcp(&tracker, 0).bytes, [4, 0]);
}

#[test]
fn windows_are_scaled_only_when_both_syns_offer_it() {
    let (_, steps) = after_handshake("1 C>S PSH,ACK \"a\" win=10");
    assert_eq!(steps[3].tcp.as_ref().unwrap().window, 1280);
    let (_, steps) = follow("0 C>S SYN ws=7 win=64000\n1 S>C SYN,ACK\n2 C>S ACK win=10");
    assert_eq!(steps[0].tcp.as_ref().unwrap().window, 64000);
    assert_eq!(steps[2].tcp.as_ref().unwrap().window, 10);
}

#[test]
fn a_udp_answer_from_another_port_is_noticed() {
    let (tracker, steps) = follow(
        "0 C>S UDP \"connect\" sport=12345
         1 S>C UDP \"merah\" sport=40001
         2 S>C UDP \"biru\" sport=40001
         3 C>S UDP \"red\" sport=40001
         4 S>C UDP \"hijau\" sport=40001",
    );
    let other = |frame: usize| steps[frame - 1].udp.unwrap().other_port;
    assert_eq!(other(2), Some((12345, 1)));
    assert_eq!(other(3), Some((12345, 1)));
    assert_eq!(other(5), None);
    assert_eq!(tracker.connections().count(), 2);
    assert_eq!(steps[1].from, Some(Side::Server));
}

#[test]
fn an_icmp_error_finds_what_it_quotes() {
    let (_, steps) = follow("0 C>S UDP \"halo\"\n1 S>C ICMP port-unreachable quotes 1");
    let quote = steps[1].quote.unwrap();
    assert_eq!((quote.conn, quote.frame), (steps[0].conn, Some(1)));
    assert_eq!(steps[1].from, Some(Side::Server));
}

#[test]
fn the_handshake_round_trip_ends_with_the_first_ack() {
    let (tracker, _) = follow("0 C>S SYN\n1000 C>S SYN\n1020 S>C SYN,ACK\n1021 C>S ACK");
    assert_eq!(tcp(&tracker, 0).rtt, Some(21_000_000));
    assert_eq!(tcp(&tracker, 0).syn_count, 2);
}

#[test]
fn a_segment_whose_header_does_not_fit_moves_nothing() {
    let script =
        "0 C>S SYN isn=1000\n1 S>C SYN,ACK isn=5000\n2 C>S ACK\n3 C>S FIN,ACK\n4 C>S SYN isn=77000\n5 C>S ACK \"a\"";
    let mut frames = Script::parse(script).expect("a script").frames();
    for frame in &mut frames[3..5] {
        // The header length: sixty bytes, more than there are.
        frame.bytes[32] = 0xf0;
    }
    let mut tracker = Tracker::new();
    let mut source = MemorySource::new(&frames, &[]);
    let mut steps = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let step = tracker.push(&decode(&frame));
        let conn = step.conn.expect("a connection").index;
        let tcp = step.tcp.expect("TCP");
        steps.push((conn, tcp.seq, tcp.ack, tcp.after.client));
        let (window, from) = match frame.number {
            2 => (65_535, Side::Server),
            1 | 5 => (65_535, Side::Client),
            _ => (502, Side::Client),
        };
        assert_eq!((tcp.window, step.from), (window, Some(from)));
    }
    assert_eq!(steps[3], (0, 1001, Some(5001), Some(State::Established)), "as on the wire, and no FIN");
    // As in tshark, a SYN begins a new connection all the same.
    assert_eq!(steps[4], (1, 77_000, None, None));
    assert_eq!((steps[5].0, steps[5].1), (1, 1));
    assert_eq!(tcp(&tracker, 0).fin, [None; 2]);
}

#[test]
fn of_a_header_that_was_cut_the_scale_is_unknown_and_nothing_is_labelled() {
    let script = "0 C>S SYN mss=1460 ws=7\n1 S>C SYN,ACK mss=1460 ws=7\n2 C>S ACK\n3 C>S ACK win=700 len=10\n4 C>S ACK seq=1 len=10";
    let mut frames = Script::parse(script).expect("a script").frames();
    frames[0].bytes.truncate(44);
    let mut tracker = Tracker::new();
    let mut source = MemorySource::new(&frames, &[]);
    let mut windows = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let packet = decode(&frame);
        windows.push(tracker.push(&packet).tcp.expect("TCP").window);
    }
    assert_eq!(windows[3], 700, "not scaled: what the client offered was not captured");

    let mut frames =
        Script::parse("0 C>S ACK seq=1 len=10 ts=1,2\n1 C>S ACK seq=1 len=10 ts=1,2").expect("a script").frames();
    frames[1].bytes.truncate(44);
    let mut tracker = Tracker::new();
    let mut source = MemorySource::new(&frames, &[]);
    let mut last = None;
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        last = tracker.push(&decode(&frame)).tcp;
    }
    let last = last.expect("TCP");
    assert!(last.facts.repeated && last.labels.names().next().is_none());
}

#[test]
fn an_ack_of_what_was_sent_twice_has_no_delay() {
    let (_, steps) = after_handshake(
        "1    C>S PSH,ACK \"halo\"
         210  C>S PSH,ACK \"halo\" seq=1
         211  S>C ACK
         300  C>S PSH,ACK \"lagi\"
         340  S>C ACK",
    );
    let delay = |frame: usize| steps[frame - 1].tcp.as_ref().unwrap().facts.ack_delay;
    assert_eq!((delay(6), delay(8)), (None, Some(40_000_000)));
}

#[test]
fn a_rst_to_an_end_that_outlived_the_first_one_counts() {
    let (_, steps) = after_handshake(
        "1    C>S RST,ACK   => CLOSED CLOSED
         9    S>C FIN,ACK   => CLOSED FIN-WAIT-1
         9.1  C>S RST seq=1 => CLOSED CLOSED",
    );
    assert_eq!(steps[5].tcp.as_ref().unwrap().facts.rst.unwrap().acceptance, Acceptance::Accepted);
}

#[test]
fn a_rst_that_answers_a_challenge_does_not_end_the_attempt() {
    let (tracker, _) = follow(
        "0    C>S SYN                 => SYN-SENT SYN-RECEIVED
         0.1  S>C ACK seq=700 ack=900
         0.2  C>S RST seq=900
         10   C>S SYN                 => SYN-SENT SYN-RECEIVED
         10.1 S>C SYN,ACK isn=7000 ack=1
         10.2 C>S ACK seq=1
         11   C>S FIN,ACK seq=1
         11.1 S>C FIN,ACK ack=2
         11.2 C>S ACK seq=2",
    );
    assert_eq!(close(tcp(&tracker, 0)), Close::Fin);
}

#[test]
fn rounds_are_turns_and_where_http_is_spoken_its_answers() {
    let rounds = |packets: &[&str]| {
        let lines: Vec<_> = (1..).zip(packets).map(|(time, packet)| format!("{time} {packet}")).collect();
        let packets = tcp(&after_handshake(&lines.join("\n")).0, 0).requests;
        let alone =
            tcp(&connections_only(&format!("0 C>S SYN\n0.1 S>C SYN,ACK\n0.2 C>S ACK\n{}", lines.join("\n"))), 0)
                .requests;
        assert_eq!(packets, alone, "with and without a look at the packets: {lines:?}");
        packets
    };
    let get = r#"C>S PSH,ACK "GET /a HTTP/1.1\r\nHost: x\r\n\r\n""#;
    let answer = r#"S>C PSH,ACK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok""#;
    let (more, body) = (r#"C>S PSH,ACK "and more""#, r#"S>C PSH,ACK "and more""#);
    let interim = r#"S>C PSH,ACK "HTTP/1.1 100 Continue\r\n\r\n""#;
    let upgrade = r#"S>C PSH,ACK "HTTP/1.1 101 Switching Protocols\r\n\r\n""#;
    for (expected, why, packets) in [
        (0, "the server speaks first", vec![body]),
        (1, "an answer in two segments is one", vec![more, body, body]),
        (2, "two turns", vec![more, body, more, body]),
        (0, "not answered", vec![get]),
        (1, "answered", vec![get, answer]),
        (1, "the body goes on after more of the request", vec![get, answer, more, body]),
        (2, "two requests sent before the first answer", vec![get, get, answer, answer]),
        (1, "an interim response is no answer", vec![get, interim, more, answer]),
        (2, "after an upgrade turns count again", vec![get, upgrade, more, body]),
        (1, "a response that was sent twice", vec![get, answer, &answer.replace("ACK", "ACK seq=1")]),
        (1, "a response without its request is a turn", vec![more, answer]),
    ] {
        assert_eq!(rounds(&packets), expected, "{why}");
    }
}

#[test]
fn an_end_that_sends_on_had_not_got_the_rst() {
    // The RST is lost; the server closes, is told again, and repeats its FIN because it was not told that either.
    after_handshake(
        "1    C>S RST,ACK            => CLOSED CLOSED
         2    S>C FIN,ACK            => CLOSED FIN-WAIT-1
         2.1  C>S RST                => CLOSED CLOSED
         210  S>C FIN,ACK seq=1      => CLOSED FIN-WAIT-1
         210.1 C>S RST               => CLOSED CLOSED",
    );
    // Data that was under way when the RST was sent.
    after_handshake(
        "1    C>S FIN,ACK            => FIN-WAIT-1 CLOSE-WAIT
         1.1  S>C ACK                => FIN-WAIT-2 CLOSE-WAIT
         2    S>C PSH,ACK \"satu\"   => FIN-WAIT-2 CLOSE-WAIT
         2.1  C>S RST                => CLOSED CLOSED
         2.2  S>C PSH,ACK \"dua\"    => CLOSED CLOSE-WAIT",
    );
    // Who has sent a RST has no connection any more, whatever it sends; and a SYN begins a new one.
    after_handshake("1 C>S RST,ACK => CLOSED CLOSED\n2 C>S ACK => CLOSED CLOSED");
    follow("0 C>S SYN => SYN-SENT SYN-RECEIVED\n1 S>C RST,ACK => CLOSED CLOSED\n2 C>S SYN => SYN-SENT SYN-RECEIVED");
    // What was not known before it is not known after it.
    follow("0 C>S ACK => ? ?\n1 C>S RST,ACK => CLOSED CLOSED\n2 S>C ACK => CLOSED ?");
}

#[test]
fn one_fin_is_no_close_and_each_close_has_its_name() {
    let (tracker, _) = after_handshake("1 C>S FIN,ACK");
    assert_eq!(
        (close(tcp(&tracker, 0)), closed_by(tcp(&tracker, 0))),
        (Close::None, Some(ClosedBy::One(Side::Client)))
    );
    let names = [Close::Fin, Close::Rst, Close::Refused, Close::Timeout, Close::None].map(Close::name);
    assert_eq!(names, ["fin", "rst", "refused", "timeout", "none"]);
    let by = [ClosedBy::One(Side::Client), ClosedBy::One(Side::Server), ClosedBy::Both].map(ClosedBy::name);
    assert_eq!(by, ["client", "server", "both"]);
}

/// Linux takes a RST with the number of the FIN that it has had, as long as its own FIN is not acknowledged.
#[test]
fn a_reset_with_the_number_of_the_fin_is_taken_after_the_fin() {
    let closes = "1 S>C PSH,ACK \"sibuk!\"
        2 S>C FIN,ACK
        3 C>S ACK len=105 => CLOSE-WAIT FIN-WAIT-2";
    after_handshake(&format!("{closes}\n4 S>C RST seq=7 => CLOSED CLOSED"));
    after_handshake(&format!("{closes}\n4 C>S FIN,ACK\n5 S>C RST seq=7 => CLOSED CLOSED"));
    // One less is old, and so is the last byte's without a FIN.
    after_handshake(&format!("{closes}\n4 S>C RST seq=6 => CLOSE-WAIT CLOSED"));
    after_handshake("1 S>C PSH,ACK \"sibuk!\"\n2 C>S ACK\n3 S>C RST seq=6 => ESTABLISHED CLOSED");
}
