//! Packets and the kernel's words about them.

use super::*;
use crate::frame::MemorySource;
use crate::script::{START, Script};
use crate::timeline::Source;
use crate::timeline::agree::{Aside, Verdict};
use State::{CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck, SynReceived, TimeWait};

/// What these words of one end's kernel, with their times in ms, are worth beside a script's packets.
fn verdicts(script: &str, side: Side, words: &[(i64, State)]) -> Vec<Verdict> {
    let frames = Script::parse(script).expect("a script").frames();
    let mut from = Closed;
    let said: Vec<Witnessed> = words
        .iter()
        .map(|(ms, to)| Witnessed {
            time: Time(START.0 + ms * 1_000_000),
            side,
            client: "10.0.0.1:40000".parse().expect("address"),
            server: "10.0.0.2:5001".parse().expect("address"),
            from: std::mem::replace(&mut from, *to),
            to: *to,
            source: Source::SockDiag,
        })
        .collect();
    let heard = hear(&mut MemorySource::new(&frames, &[]), &said);
    assert_eq!(heard.events.len(), words.len(), "every word has its connection");
    heard
        .testimony
        .of(heard.events[0].conn, side)
        .expect("it was heard")
        .words
        .iter()
        .map(|word| word.verdict)
        .collect()
}

const HELD: Verdict = Verdict::Aside(Aside::HeldFin);

/// The server closes while its data waits for room in the window: LAST-ACK by the call, and a RST comes before the FIN can
/// leave. No packet ever shows the state.
#[test]
fn a_fin_that_waits_behind_data_is_not_shown_when_a_reset_comes_first() {
    let script = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S FIN,ACK
        11 S>C ACK len=1448
        12 S>C ACK len=1448
        20 C>S RST seq=2
    ";
    let words = [(3, Established), (10, CloseWait), (13, LastAck), (21, Closed)];
    assert_eq!(verdicts(script, Side::Server, &words), [Verdict::Agrees, Verdict::Agrees, HELD, Verdict::Agrees]);
}

/// Both close, and the client's FIN waits behind its data until the server's has come: CLOSING and TIME-WAIT by the kernel,
/// where the same packets could come of a client that closed second.
#[test]
fn a_fin_that_waits_behind_data_makes_a_crossing_look_like_a_second_close() {
    let script = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S ACK len=1448
        11 S>C FIN,ACK
        12 C>S FIN,ACK
        13 S>C ACK
    ";
    let words = [(10, FinWait1), (11, Closing), (13, TimeWait)];
    assert_eq!(verdicts(script, Side::Client, &words), [HELD, HELD, HELD]);
    // Not every state is named.
    assert_eq!(verdicts(script, Side::Client, &[(12, Closing)]), [HELD]);
    // Who was in CLOSE-WAIT cannot end in TIME-WAIT, and a FIN that has left is not held.
    let differs = |inferred| Verdict::Differs { inferred: Some(inferred) };
    assert_eq!(
        verdicts(script, Side::Client, &[(11, CloseWait), (13, TimeWait)]),
        [Verdict::Agrees, differs(CloseWait)]
    );
    assert_eq!(verdicts(script, Side::Client, &[(13, FinWait1)]), [differs(Closed)]);
}

#[test]
fn the_one_packet_of_a_short_close_hides_a_state() {
    let script = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S FIN,ACK
        11 S>C FIN,ACK
        12 C>S ACK
    ";
    let words = [(10, FinWait1), (11, FinWait2), (12, TimeWait)];
    let passes = Verdict::Aside(Aside::InstantFinWait2);
    assert_eq!(verdicts(script, Side::Client, &words), [Verdict::Agrees, passes, Verdict::Agrees]);
}

#[test]
fn a_fin_that_completes_the_handshake_hides_a_state() {
    let script = "
        0  C>S SYN
        1  S>C SYN,ACK
        10 C>S FIN,ACK
        11 S>C ACK
    ";
    let words = [(1, SynReceived), (10, Established), (11, CloseWait)];
    let passes = Verdict::Aside(Aside::InstantEstablished);
    assert_eq!(verdicts(script, Side::Server, &words), [Verdict::Agrees, passes, Verdict::Agrees]);
}

/// `SO_LINGER` 0 sends a RST only where the peer could still send data: in CLOSING and LAST-ACK the socket just goes.
#[test]
fn an_abort_that_sends_nothing_is_a_difference() {
    let crossed = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S FIN,ACK
        11 S>C FIN,ACK ack=1
        12 C>S ACK
    ";
    let words = [(10, FinWait1), (12, Closing), (13, Closed)];
    let gone = |inferred| Verdict::Differs { inferred: Some(inferred) };
    assert_eq!(verdicts(crossed, Side::Client, &words), [Verdict::Agrees, Verdict::Agrees, gone(Closing)]);
    let second = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S FIN,ACK
        11 S>C FIN,ACK
    ";
    let words = [(10, CloseWait), (11, LastAck), (12, Closed)];
    assert_eq!(verdicts(second, Side::Server, &words), [Verdict::Agrees, Verdict::Agrees, gone(LastAck)]);
}

/// Found by the kernel only: the socket is gone, and nobody was told.
#[test]
fn a_socket_that_vanished_is_a_difference() {
    let script = "
        0  C>S SYN
        1  S>C SYN,ACK
        2  C>S ACK
        10 C>S PSH,ACK \"halo\"
    ";
    let gone = Verdict::Differs { inferred: Some(Established) };
    assert_eq!(verdicts(script, Side::Client, &[(3, Established), (11, Closed)]), [Verdict::Agrees, gone]);
}

#[test]
fn the_first_states_belong_to_the_connection_that_begins_about_then() {
    let spans = [100, 1000].map(|first| {
        let conn = ConnId { proto: Proto::Tcp, index: u32::from(first == 1000) };
        Span { conn, first: Time(first) }
    });
    let address = "127.0.0.1:1".parse().expect("address");
    let of = |time, to| {
        let (from, source) = (State::Closed, Source::SockDiag);
        let said =
            Witnessed { time: Time(time), side: Side::Client, client: address, server: address, from, to, source };
        choose(&spans, said.time, Some(said.to)).map(|conn| conn.index)
    };
    for (time, to, conn) in [
        (90, State::SynSent, 0),
        (110, State::SynSent, 0),
        (990, State::SynSent, 1),
        (1010, State::SynSent, 1),
        (10, State::Listen, 0),
        (990, State::TimeWait, 0),
        (1010, State::Established, 1),
    ] {
        assert_eq!(of(time, to), Some(conn), "{time} {to:?}");
    }
}
