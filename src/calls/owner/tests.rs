//! Scripts of packets beside lists of calls, as the kernel gave them in live runs.

use super::*;
use crate::analysis;
use crate::calls::survey::Survey;
use crate::frame::MemorySource;
use crate::script::{START, Script};
use crate::timeline::SocketUse;

/// A call at so many milliseconds, with its end; none: it never returned.
struct Made(f64, Option<f64>, Side, Deed, i64);

fn at(ms: f64) -> Time {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of a test")]
    Time(START.0 + (ms * 1e6) as i64)
}

fn packets(script: &str) -> Vec<Sent> {
    let script = Script::parse(script).expect("script");
    let mut survey = Survey::default();
    let (frames, interfaces) = (script.frames(), script.interfaces());
    analysis::run(&mut MemorySource::new(&frames, &interfaces), analysis::Request::default(), &mut survey)
        .expect("nothing is written");
    survey.packets
}

fn find_in(script: &str, proto: Proto, made: Vec<Made>) -> Matched {
    find(&calls(proto, made), &packets(script))
}

fn calls(proto: Proto, made: Vec<Made>) -> Vec<Call> {
    made.into_iter()
        .enumerate()
        .map(|(id, Made(entry, exit, side, deed, returned))| {
            let ends = ["10.0.0.1:40000", "10.0.0.2:5001"].map(|end| Some(end.parse().expect("address")));
            let [local, peer] = if side == Side::Client { ends } else { [ends[1], ends[0]] };
            let cookie = if side == Side::Client { 1 } else { 2 };
            Call {
                id: u32::try_from(id).expect("few"),
                side: Some(side),
                pid: 1,
                tid: 1,
                name: String::new(),
                args: String::new(),
                entry: at(entry),
                exit: exit.map(at),
                result: exit.map(|_| Ok(returned)),
                socket: Some(SocketUse { cookie, proto, fd: 3, local, peer }),
                deed,
                data: Vec::new(),
                source: None,
            }
        })
        .collect()
}

fn find_tcp(script: &str, made: Vec<Made>) -> Matched {
    find_in(script, Proto::Tcp, made)
}

fn connect() -> Made {
    Made(-0.1, Some(0.25), Side::Client, Deed::Connect("10.0.0.2:5001".parse().expect("address")), 0)
}

fn accept() -> Made {
    Made(-5.0, Some(0.3), Side::Server, Deed::Accept { listener: 9 }, 4)
}

fn send(from: f64, to: f64, side: Side, n: u32) -> Made {
    Made(from, Some(to), side, Deed::Send { to: None, sizes: vec![n.into()] }, n.into())
}

fn close(from: f64, to: f64, side: Side) -> Made {
    Made(from, Some(to), side, Deed::Close { left: 0 }, 0)
}

/// The owner of each frame, from the first on.
fn owners(matched: &Matched, frames: u64) -> Vec<Option<Owner>> {
    (1..=frames).map(|frame| matched.owners.get(&frame).copied()).collect()
}

const HANDSHAKE: &str = "
    0    C>S SYN
    0.1  S>C SYN,ACK
    0.2  C>S ACK
";

#[test]
fn each_packet_of_a_conversation_has_one_owner() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"halo\"
        1.1  S>C ACK
        2    S>C PSH,ACK \"HALO!\"
        2.1  C>S ACK
        3    C>S FIN,ACK
        3.1  S>C ACK
        4    S>C FIN,ACK
        4.1  C>S ACK"
    );
    let matched = find_tcp(
        &script,
        vec![
            accept(),
            connect(),
            send(0.9, 1.2, Side::Client, 4),
            send(1.9, 2.2, Side::Server, 5),
            close(2.9, 3.2, Side::Client),
            close(3.9, 4.2, Side::Server),
        ],
    );
    let kernel = |frame| Some(Owner::Kernel(Some(frame)));
    let call = |id| Some(Owner::Call(id));
    let expected = [
        call(1),
        kernel(1),
        kernel(2),
        call(2),
        kernel(4),
        call(3),
        kernel(6),
        call(4),
        kernel(8),
        call(5),
        kernel(10),
    ];
    assert_eq!(owners(&matched, 11), expected);
    assert_eq!(matched.calls[3].frames, [6]);
    assert!(matched.calls.iter().all(|seen| seen.deferred.is_empty() && seen.conn.is_some()));
}

#[test]
fn data_that_nagle_held_belongs_to_the_call_that_wrote_it() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"a\"
        41   S>C ACK
        41.1 C>S PSH,ACK \"bc\""
    );
    // The second write returned long before its byte left, and a third one wrote behind it.
    let matched = find_tcp(
        &script,
        vec![
            connect(),
            send(0.9, 1.1, Side::Client, 1),
            send(2.0, 2.1, Side::Client, 1),
            send(3.0, 3.1, Side::Client, 1),
        ],
    );
    assert_eq!(matched.owners[&6], Owner::Call(2));
    assert_eq!((matched.calls[2].frames.as_slice(), matched.calls[2].deferred.as_slice()), (&[6][..], &[6][..]));
    // It is in the segment as well, and the first new byte decides.
    assert!(matched.calls[3].frames.is_empty());
}

#[test]
fn data_that_the_window_held_back_is_deferred() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S ACK len=1000
        1.1  S>C ACK win=0
        50   S>C ACK ack=1001 win=500
        50.1 C>S PSH,ACK len=500"
    );
    let matched = find_tcp(&script, vec![connect(), send(0.9, 1.3, Side::Client, 1500)]);
    assert_eq!(matched.calls[1].frames, [4, 7]);
    assert_eq!(matched.calls[1].deferred, [7]);
}

#[test]
fn a_repetition_is_the_kernels() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"halo\"
        201  C>S PSH,ACK \"halo\" seq=1
        201.1 S>C ACK"
    );
    // In the window of a later call.
    let matched = find_tcp(
        &script,
        vec![connect(), send(0.9, 1.1, Side::Client, 4), Made(200.0, None, Side::Client, Deed::Other, 0)],
    );
    assert_eq!(matched.owners[&4], Owner::Call(1));
    assert_eq!(matched.owners[&5], Owner::Kernel(Some(4)));
    assert_eq!(matched.calls[1].frames, [4]);
}

#[test]
fn a_syn_that_is_repeated_belongs_to_connect_once() {
    let script = "
        0     C>S SYN
        1000  C>S SYN
        1000.1 S>C SYN,ACK
        1000.2 C>S ACK";
    let mut connecting = connect();
    connecting.1 = Some(1000.3);
    let matched = find_tcp(script, vec![connecting]);
    assert_eq!(matched.calls[0].frames, [1]);
    assert_eq!(matched.owners[&2], Owner::Kernel(Some(1)));
}

#[test]
fn a_fin_that_rides_on_data_belongs_to_both_calls() {
    let script = format!("{HANDSHAKE}\n 1 C>S FIN,PSH,ACK \"halo\"\n 1.1 S>C ACK");
    let matched = find_tcp(&script, vec![connect(), send(0.5, 0.6, Side::Client, 4), close(0.9, 1.05, Side::Client)]);
    assert_eq!(matched.owners[&4], Owner::Call(1));
    assert_eq!(matched.calls[1].deferred, [4]);
    assert_eq!(matched.calls[2].frames, [4]);
    assert!(matched.calls[2].deferred.is_empty());
}

#[test]
fn without_a_close_the_end_of_the_process_sends_the_fin() {
    let script = format!("{HANDSHAKE}\n 1 C>S FIN,ACK\n 1.1 S>C ACK");
    let exits = Made(0.9, None, Side::Client, Deed::Exit, 0);
    let matched = find_tcp(&script, vec![connect(), exits]);
    assert_eq!(matched.owners[&4], Owner::Exit);
    assert!(matched.calls[1].frames.is_empty());
    // Killed with data unread: a reset, by nobody's call.
    let script = format!("{HANDSHAKE}\n 1 S>C PSH,ACK \"x\"\n 1.1 C>S ACK\n 5 C>S RST,ACK");
    let matched = find_tcp(&script, vec![accept(), connect(), send(0.9, 1.2, Side::Server, 1)]);
    assert_eq!(matched.owners[&6], Owner::Exit);
}

#[test]
fn a_close_that_leaves_a_descriptor_open_sends_nothing() {
    let script = format!("{HANDSHAKE}\n 9 S>C FIN,ACK\n 9.1 C>S ACK");
    let parent = Made(1.0, Some(1.1), Side::Server, Deed::Close { left: 1 }, 0);
    let child = close(8.9, 9.05, Side::Server);
    let matched = find_tcp(&script, vec![accept(), connect(), parent, child]);
    assert!(matched.calls[2].frames.is_empty());
    assert_eq!(matched.owners[&4], Owner::Call(3));
}

#[test]
fn shutdown_comes_before_close_and_reading_does_not_count() {
    let script = format!("{HANDSHAKE}\n 1 C>S FIN,ACK\n 1.1 S>C ACK");
    let shutdown = |from: f64, write| Made(from, Some(from + 0.2), Side::Client, Deed::Shutdown { write }, 0);
    let calls = vec![connect(), shutdown(0.5, false), shutdown(0.9, true), close(3.0, 3.1, Side::Client)];
    assert_eq!(find_tcp(&script, calls).owners[&4], Owner::Call(2));
}

#[test]
fn a_close_with_unread_data_resets() {
    let script = format!("{HANDSHAKE}\n 1 C>S PSH,ACK \"halo\"\n 1.1 S>C ACK\n 2 S>C RST,ACK");
    let calls = vec![accept(), connect(), send(0.9, 1.0, Side::Client, 4), close(1.9, 2.1, Side::Server)];
    assert_eq!(find_tcp(&script, calls).owners[&6], Owner::Call(3));
    // What the kernel answers to data for a socket that is gone is its own.
    let script = format!("{HANDSHAKE}\n 1 S>C FIN,ACK\n 1.1 C>S ACK\n 2 C>S PSH,ACK \"x\"\n 2.1 S>C RST seq=2");
    let calls = vec![accept(), connect(), close(0.9, 1.1, Side::Server), send(1.9, 2.2, Side::Client, 1)];
    assert_eq!(find_tcp(&script, calls).owners[&7], Owner::Kernel(Some(6)));
    // Also when the program has not had its turn since, so that the close has not returned yet.
    let calls = vec![accept(), connect(), close(0.9, 3.0, Side::Server), send(1.9, 2.2, Side::Client, 1)];
    assert_eq!(find_tcp(&script, calls).owners[&7], Owner::Kernel(Some(6)));
}

#[test]
fn a_write_that_never_returned_owns_what_it_wrote() {
    let script = format!("{HANDSHAKE}\n 1 C>S ACK len=1000\n 2 C>S ACK len=1000");
    let blocked = Made(0.9, None, Side::Client, Deed::Send { to: None, sizes: vec![1 << 20] }, 0);
    let matched = find_tcp(&script, vec![connect(), blocked]);
    assert_eq!(matched.calls[1].frames, [4, 5]);
}

#[test]
fn bytes_that_no_call_wrote_have_no_owner() {
    let script = format!("{HANDSHAKE}\n 1 C>S PSH,ACK \"halo\"");
    assert_eq!(find_tcp(&script, vec![connect()]).owners.get(&4), None);
}

#[test]
fn datagrams_go_to_the_sends_in_their_order() {
    let script = "
        0   C>S UDP \"a\"
        1   C>S UDP \"bb\"
        2   S>C UDP \"b\"
        3   C>S UDP \"c\"
        3.1 S>C ICMP port-unreachable quotes 4";
    let matched = find_in(
        script,
        Proto::Udp,
        vec![
            send(-0.1, 0.1, Side::Client, 1),
            send(0.9, 1.1, Side::Client, 2),
            send(1.9, 2.1, Side::Server, 1),
            send(2.9, 3.2, Side::Client, 1),
        ],
    );
    let call = |id| Some(Owner::Call(id));
    assert_eq!(owners(&matched, 5), [call(0), call(1), call(2), call(3), Some(Owner::Kernel(Some(4)))]);
}

#[test]
fn a_reset_of_a_timer_is_the_kernels_while_the_program_still_has_the_socket() {
    let script = format!("{HANDSHAKE}\n 1 S>C PSH,ACK \"x\"\n 1.1 C>S ACK\n 4000 C>S RST,ACK");
    let waits = |exit| Made(2.0, exit, Side::Client, Deed::Receive { from: None, room: 9, peek: false }, 0);
    let made = |exit| vec![accept(), connect(), send(0.9, 1.2, Side::Server, 1), waits(exit)];
    // It was told so: ETIMEDOUT.
    assert_eq!(find_tcp(&script, made(Some(4000.1))).owners[&6], Owner::Kernel(None));
    // It was killed in the middle of it.
    assert_eq!(find_tcp(&script, made(None)).owners[&6], Owner::Exit);
}

#[test]
fn a_socket_keeps_its_connection_when_its_ports_are_used_anew() {
    // The client is gone without a packet and comes back with the same port.
    let script =
        format!("{HANDSHAKE}\n 5 C>S SYN isn=900000\n 5.1 S>C SYN,ACK\n 5.2 C>S ACK\n 7 S>C FIN,ACK\n 7.1 C>S ACK");
    let again = |from: f64, to: f64, deed| Made(from, Some(to), Side::Server, deed, 0);
    let mut calls = calls(
        Proto::Tcp,
        vec![
            accept(),
            connect(),
            again(5.3, 5.4, Deed::Close { left: 0 }),
            again(4.9, 5.5, Deed::Accept { listener: 9 }),
            again(6.9, 7.05, Deed::Close { left: 0 }),
        ],
    );
    for call in &mut calls[3..] {
        let socket = call.socket.as_mut().expect("all have one");
        socket.cookie = 3;
    }
    let matched = find(&calls, &packets(&script));
    let of = |call: usize| matched.calls[call].conn.map(|conn| conn.index);
    assert_eq!([of(0), of(2), of(3), of(4)], [Some(0), Some(0), Some(1), Some(1)]);
    assert_eq!(matched.owners[&7], Owner::Call(4));
    assert!(matched.calls[2].frames.is_empty());
}
