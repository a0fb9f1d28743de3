//! Connections of which both ends were captured: what leaves is not what arrives.

use super::*;
use crate::frame::{Frame, OwnedFrame};

/// Runs a script over a wire of 20 ms: each line is a departure, `| lost` one that does not arrive, `| 45` one that arrives
/// after so many milliseconds. The states are the sender's after the departure and the receiver's after the arrival.
fn over_wire(text: &str) -> (Tracker, Vec<Step>) {
    let (mut script, mut ways, mut expected) = (String::new(), Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (packet, states) = line.split_once("=>").expect("states beside every packet");
        let (packet, way) = packet.split_once('|').unwrap_or((packet, "20"));
        script.push_str(packet);
        script.push('\n');
        ways.push(way.trim().parse::<i64>().ok());
        expected.push(states.trim().to_owned());
    }
    let frames = Script::parse(&script).unwrap_or_else(|error| panic!("{error}\n{script}")).frames();
    let mut events: Vec<(i64, bool, usize)> = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let left = frame.time.expect("timed").0;
        events.push((left, false, index));
        events.extend(ways[index].map(|ms| (left + ms * 1_000_000, true, index)));
    }
    events.sort_unstable();
    let mut tracker = Tracker::new();
    let mut steps: Vec<Step> = vec![Step::default(); frames.len()];
    for (_, arrives, index) in events {
        let OwnedFrame { time, interface, link, wire_len, ref bytes, .. } = frames[index];
        let number = index as u64 + 1;
        let frame = Frame { number, time, interface, link, wire_len, bytes, passage: None };
        let packet = decode(&frame);
        if arrives {
            let (side, [_, after]) = tracker.arrive(&packet, number).expect("it has left");
            steps[index].tcp.as_mut().expect("TCP").after.set(side, after);
        } else {
            let way = if ways[index].is_some() { Way::UnderWay } else { Way::Lost };
            steps[index] = tracker.follow(&packet, way);
        }
    }
    for (step, expected) in steps.iter().zip(&expected) {
        let after = step.tcp.as_ref().expect("TCP").after;
        let name = |state: Option<State>| state.map_or("?", State::name);
        assert_eq!(&format!("{} {}", name(after.client), name(after.server)), expected, "{script}");
    }
    (tracker, steps)
}

const WIRE_HANDSHAKE: &str = "
0    C>S SYN mss=1460 ws=7     => SYN-SENT SYN-RECEIVED
20   S>C SYN,ACK mss=1460 ws=7 => ESTABLISHED SYN-RECEIVED
40   C>S ACK                   => ESTABLISHED ESTABLISHED
";

#[test]
fn a_lost_packet_moves_its_sender_only() {
    let (tracker, steps) = over_wire(&format!(
        "{WIRE_HANDSHAKE}
        100  C>S FIN,ACK | lost        => FIN-WAIT-1 ESTABLISHED
        320  C>S FIN,ACK seq=1         => FIN-WAIT-1 CLOSE-WAIT
        340  S>C ACK                   => FIN-WAIT-2 CLOSE-WAIT
        400  S>C FIN,ACK               => TIME-WAIT LAST-ACK
        420  C>S ACK | lost            => TIME-WAIT LAST-ACK
        640  S>C FIN,ACK seq=1         => TIME-WAIT LAST-ACK
        660  C>S ACK                   => TIME-WAIT CLOSED"
    ));
    assert_eq!(close(tcp(&tracker, 0)), Close::Fin);
    let fin = |index: usize| steps[index].tcp.as_ref().expect("TCP").facts.fin;
    assert_eq!((fin(3), fin(4)), (Some(FinFact::First), Some(FinFact::Again(4))));
}

#[test]
fn a_fin_that_overtakes_lost_data_waits_for_it() {
    over_wire(&format!(
        "{WIRE_HANDSHAKE}
        100  C>S PSH,ACK \"halo\" | lost  => ESTABLISHED ESTABLISHED
        101  C>S FIN,ACK               => FIN-WAIT-1 ESTABLISHED
        121  S>C ACK ack=1             => FIN-WAIT-1 ESTABLISHED
        330  C>S PSH,ACK seq=1 \"halo\"  => FIN-WAIT-1 CLOSE-WAIT
        350  S>C ACK ack=6             => FIN-WAIT-2 CLOSE-WAIT"
    ));
}

#[test]
fn the_third_packet_lost_leaves_the_server_waiting_until_data_comes() {
    let (tracker, steps) = over_wire(
        "0    C>S SYN mss=1460 ws=7     => SYN-SENT SYN-RECEIVED
         20   S>C SYN,ACK mss=1460 ws=7 => ESTABLISHED SYN-RECEIVED
         40   C>S ACK | lost            => ESTABLISHED SYN-RECEIVED
         41   C>S PSH,ACK \"halo\"        => ESTABLISHED ESTABLISHED",
    );
    assert_eq!(tcp(&tracker, 0).established.map(|mark| mark.frame), Some(4));
    assert!(steps[3].tcp.as_ref().expect("TCP").facts.completes_handshake);
}

#[test]
fn fins_that_cross_on_a_wire_take_both_ends_through_closing() {
    let (tracker, _) = over_wire(&format!(
        "{WIRE_HANDSHAKE}
        100  C>S FIN,ACK               => FIN-WAIT-1 CLOSING
        105  S>C FIN,ACK ack=1         => CLOSING FIN-WAIT-1
        120  S>C ACK ack=2             => TIME-WAIT CLOSING
        125  C>S ACK ack=2             => CLOSING TIME-WAIT"
    ));
    assert_eq!(closed_by(tcp(&tracker, 0)), Some(ClosedBy::Both));
}

#[test]
fn a_fin_is_acknowledged_by_the_first_ack_that_is_not_lost() {
    let (tracker, steps) = over_wire(&format!(
        "{WIRE_HANDSHAKE}
        100  C>S FIN,ACK               => FIN-WAIT-1 CLOSE-WAIT
        120  S>C ACK                   => FIN-WAIT-2 CLOSE-WAIT
        130  S>C FIN,ACK               => TIME-WAIT LAST-ACK
        150  C>S ACK | lost            => TIME-WAIT LAST-ACK
        400  S>C FIN,ACK seq=1         => TIME-WAIT LAST-ACK
        420  C>S ACK                   => TIME-WAIT CLOSED"
    ));
    let acked = |frame: usize| steps[frame - 1].tcp.as_ref().expect("TCP").facts.acks_fin;
    assert_eq!([acked(5), acked(7), acked(9)], [Some(4), Some(6), None], "facts are those of the sender");
    let fins = tcp(&tracker, 0).fin.map(|fin| fin.map(|fin| (fin.acked.map(|mark| mark.frame), fin.repeated)));
    assert_eq!(fins, [Some((Some(5), false)), Some((Some(9), true))]);
}

#[test]
fn a_segment_that_is_overtaken_is_no_loss() {
    let (_, steps) = over_wire(&format!(
        "{WIRE_HANDSHAKE}
        100  C>S ACK len=100 | 45      => ESTABLISHED CLOSE-WAIT
        101  C>S FIN,ACK               => FIN-WAIT-1 ESTABLISHED
        146  S>C ACK ack=102           => FIN-WAIT-2 CLOSE-WAIT"
    ));
    assert!(steps.iter().all(|step| step.tcp.as_ref().expect("TCP").facts.repair.repeat.is_none()));
}
