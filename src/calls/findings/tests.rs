//! Findings whose mistake depends on time, held by scripts of packets beside lists of calls.

use std::collections::BTreeSet;

use super::*;
use crate::annotate::terms;
use crate::calls::owner;
use crate::calls::testkit::{HANDSHAKE, Made, accept, at, calls, close, connect, receive, send, survey};
use crate::language::Lang;
use crate::timeline::SocketUse;

/// The names that the rules give.
fn names() -> BTreeSet<String> {
    let sources = [
        include_str!("setup.rs"),
        include_str!("reach.rs"),
        include_str!("ends.rs"),
        include_str!("stream.rs"),
        include_str!("timing.rs"),
    ];
    let mut names = BTreeSet::new();
    for part in sources.iter().flat_map(|source| source.split("finding(\"").skip(1)) {
        names.extend(part.split('"').next().map(str::to_owned));
    }
    names
}

#[test]
fn every_finding_can_be_explained() {
    let names = names();
    assert!(names.len() >= 20, "{names:?}");
    for name in names {
        assert_eq!(terms::find(&name).map(|entry| entry.name()), Some(name.as_str()));
    }
}

/// What the rules find in a script beside these calls.
fn found(script: &str, calls: &[Call], stopped: Option<f64>) -> Vec<Finding> {
    let survey = survey(script);
    let matched = owner::find(calls, &survey.packets);
    find(&Facts {
        calls: &matched.calls,
        packets: &survey.packets,
        owners: &matched.owners,
        connections: &survey.connections,
        programs: &[],
        stopped: stopped.map(at),
        time_up: stopped.is_some(),
        reach: Reach::Private,
    })
}

fn rules(found: &[Finding]) -> Vec<&'static str> {
    found.iter().filter(|finding| finding.level != Level::Note).map(|finding| finding.rule).collect()
}

/// Write, write, read, with so many milliseconds until the first write is acknowledged.
fn write_write_read(late: f64, between: Option<Made>) -> Vec<Finding> {
    let ack = 1.0 + late;
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"halo \"
        {ack}  S>C ACK
        {} C>S PSH,ACK \"dunia\"
        {} S>C PSH,ACK \"HALO DUNIA\"",
        ack + 0.1,
        ack + 0.3
    );
    let mut made = vec![accept(), connect(), send(0.9, 1.1, Side::Client, 5)];
    made.extend(between);
    made.push(send(1.4, 1.5, Side::Client, 5));
    made.push(receive(1.6, Some(ack + 0.5), Side::Client, 10));
    made.push(send(ack + 0.2, ack + 0.4, Side::Server, 10));
    found(&script, &calls(Proto::Tcp, made), None)
}

#[test]
fn two_writes_and_a_read_cost_a_delayed_ack() {
    let found = write_write_read(40.0, None);
    assert_eq!(rules(&found), ["nagle-delayed-ack"]);
    assert_eq!((found[0].frames.as_slice(), found[0].calls.as_slice()), (&[4, 5, 6][..], &[2, 3][..]));
    assert_eq!(found[0].side, Some(Side::Client));
    let text = found[0].text.text.fill(Lang::En, &found[0].values);
    assert!(text.contains("39.6 ms (1 times)"), "{text}");
    // Acknowledged at once, as the kernel does it at the beginning of a connection.
    assert_eq!(rules(&write_write_read(2.0, None)), [""; 0]);
    // What is read in between makes two messages of it.
    let read = receive(1.2, Some(1.3), Side::Client, 0);
    assert_eq!(rules(&write_write_read(40.0, Some(read))), [""; 0]);
}

#[test]
fn a_window_that_was_closed_is_not_nagle() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"halo \"
        1.1  S>C ACK win=0
        60   S>C ACK win=500
        60.1 C>S PSH,ACK \"dunia\""
    );
    let made = vec![
        accept(),
        connect(),
        send(0.9, 1.1, Side::Client, 5),
        send(1.4, 1.5, Side::Client, 5),
        receive(1.6, None, Side::Client, 0),
    ];
    assert_eq!(rules(&found(&script, &calls(Proto::Tcp, made), None)), [""; 0]);
}

#[test]
fn a_wire_that_is_long_is_no_delayed_ack() {
    let script = "
        0    C>S SYN
        50   S>C SYN,ACK
        50.1 C>S ACK
        51   C>S PSH,ACK \"halo \"
        101  S>C ACK
        101.1 C>S PSH,ACK \"dunia\"";
    let mut connecting = connect();
    connecting.1 = Some(50.2);
    let made = vec![
        accept(),
        connecting,
        send(50.9, 51.1, Side::Client, 5),
        send(51.4, 51.5, Side::Client, 5),
        receive(51.6, None, Side::Client, 0),
    ];
    assert_eq!(rules(&found(script, &calls(Proto::Tcp, made), None)), [""; 0]);
}

/// Two clients: the second one's request is sent at 10 ms, the first one is closed at 310 ms.
const TWO: &str = "
    0    C>S SYN
    0.1  S>C SYN,ACK
    0.2  C>S ACK
    1    C>S PSH,ACK \"satu\"
    2    S>C PSH,ACK \"SATU\"
    5    C>S SYN cport=40001
    5.1  S>C SYN,ACK cport=40001
    5.2  C>S ACK cport=40001
    10   C>S PSH,ACK \"dua\" cport=40001
    300  C>S FIN,ACK
    311  S>C FIN,ACK
    320  S>C PSH,ACK \"DUA\" cport=40001
";

/// A call of the second connection.
fn second(mut call: Call) -> Call {
    if let Some(socket) = &mut call.socket {
        socket.cookie += 10;
        let port = |address: &mut Option<std::net::SocketAddr>| {
            if let Some(address) = address.as_mut().filter(|address| address.port() == 40000) {
                address.set_port(40001);
            }
        };
        port(&mut socket.local);
        port(&mut socket.peer);
    }
    call
}

/// The calls of [`TWO`]; the second connection is taken at that moment, by that thread.
fn two_clients(taken: Option<f64>, tid: u32) -> Vec<Call> {
    let mut connecting = connect();
    (connecting.0, connecting.1) = (4.9, Some(5.3));
    let mut made = vec![
        accept(),
        connect(),
        send(0.9, 1.1, Side::Client, 4),
        receive(0.5, Some(1.2), Side::Server, 4),
        send(1.9, 2.1, Side::Server, 4),
        connecting,
        send(9.9, 10.1, Side::Client, 3),
    ];
    let until = taken.map_or(999.0, |taken| taken.max(300.1));
    made.push(receive(2.2, taken.map(|_| until), Side::Server, 0));
    if let Some(taken) = taken {
        made.push(close(until + 10.0, until + 10.9, Side::Server));
        made.push(Made(2.5, Some(taken + 11.0), Side::Server, Deed::Accept { listener: 9 }, 5));
    }
    let mut calls = calls(Proto::Tcp, made);
    for index in [5, 6, 9] {
        if let Some(call) = calls.get_mut(index) {
            *call = second(call.clone());
        }
    }
    if let Some(accept) = calls.get_mut(9) {
        accept.tid = tid;
    }
    calls
}

#[test]
fn a_request_that_waits_for_another_client_is_told() {
    let found = found(TWO, &two_clients(Some(300.1), 1), None);
    assert_eq!(rules(&found), ["one-at-a-time"]);
    assert_eq!((found[0].frames.as_slice(), found[0].calls.as_slice()), (&[8, 9][..], &[5, 7][..]));
    assert_eq!(found[0].side, Some(Side::Server));
    assert_eq!(found[0].conn, Some(ConnId { proto: Proto::Tcp, index: 1 }));
}

#[test]
fn one_that_is_never_taken_is_told_too() {
    let found = found(TWO, &two_clients(None, 1), Some(900.0));
    assert!(rules(&found).contains(&"one-at-a-time"), "{found:?}");
}

#[test]
fn a_thread_for_each_client_serves_them_together() {
    // Another thread has taken it, and this one looks after the first client as long as it likes.
    assert_eq!(rules(&found(TWO, &two_clients(Some(300.1), 2), None)), [""; 0]);
    // A wait that nobody notices.
    assert_eq!(rules(&found(&TWO.replace("10   C>S", "290  C>S"), &two_clients(Some(300.1), 1), None)), [""; 0]);
}

/// A process whose sockets do not block: it reads nothing of the first client, and waits from `from` on for so long.
/// `asked_again`: it looked for the next client before.
fn not_blocking(from: f64, until: f64, accept_at: f64, asked_again: bool) -> Vec<Finding> {
    let mut connecting = connect();
    (connecting.0, connecting.1) = (4.9, Some(5.3));
    let made = vec![
        accept(),
        connect(),
        receive(0.4, Some(0.5), Side::Server, 0),
        send(0.9, 1.1, Side::Client, 4),
        receive(1.1, Some(1.2), Side::Server, 4),
        send(1.9, 2.1, Side::Server, 4),
        receive(2.2, Some(2.3), Side::Server, 0),
        connecting,
        Made(from, Some(until), Side::Server, Deed::Wait, 1),
        send(9.9, 10.1, Side::Client, 3),
        close(310.0, 310.9, Side::Server),
        Made(accept_at, Some(accept_at + 0.1), Side::Server, Deed::Accept { listener: 9 }, 5),
    ];
    let mut calls = calls(Proto::Tcp, made);
    for index in [7, 9, 11] {
        calls[index] = second(calls[index].clone());
    }
    for index in [2, 6] {
        calls[index].result = Some(Err("EAGAIN".to_owned()));
    }
    // Go has a thread for each call.
    calls[11].tid = 7;
    if asked_again {
        let mut again = calls[2].clone();
        (again.id, again.name, again.deed) = (12, "accept4".to_owned(), Deed::Other);
        again.socket = again.socket.map(|socket| SocketUse { cookie: 9, peer: None, ..socket });
        calls.insert(2, again);
    }
    let wait = calls.iter().position(|call| call.deed == Deed::Wait).expect("the wait");
    calls[wait].socket = None;
    found(TWO, &calls, None)
}

#[test]
fn sockets_that_do_not_block_can_be_served_one_at_a_time_too() {
    let found = not_blocking(5.4, 301.0, 311.0, false);
    assert_eq!(rules(&found), ["one-at-a-time"]);
    assert_eq!(found[0].calls, [7, 6]);
    // One that waits for its listener as well takes the second one at once.
    assert_eq!(rules(&not_blocking(5.6, 301.0, 5.5, false)), [""; 0]);
    // A process that had no processor did not wait.
    assert_eq!(rules(&not_blocking(5.4, 6.0, 311.0, false)), [""; 0]);
    // One that asked for the next client takes it as soon as it gets a processor.
    assert_eq!(rules(&not_blocking(5.4, 301.0, 311.0, true)), [""; 0]);
}

/// The server has answered and closed; then the client writes once more.
fn late_write(entry: f64, data: &[u8], closing: Deed) -> Vec<Finding> {
    let script = format!(
        "{HANDSHAKE}
        1    C>S PSH,ACK \"satu\"
        2    S>C PSH,ACK \"SATU\"
        3    S>C FIN,ACK
        3.1  C>S ACK
        10   C>S PSH,ACK \"dua\"
        10.1 S>C RST"
    );
    let made = vec![
        accept(),
        connect(),
        send(0.9, 1.1, Side::Client, 4),
        receive(1.1, Some(1.2), Side::Server, 4),
        send(1.9, 2.1, Side::Server, 4),
        Made(2.9, Some(3.2), Side::Server, closing, 0),
        send(entry, 10.2, Side::Client, 3),
    ];
    let mut calls = calls(Proto::Tcp, made);
    calls[6].data = data.to_vec();
    found(&script, &calls, None)
}

#[test]
fn data_that_the_peer_no_longer_takes_are_lost() {
    let closed = Deed::Close { left: 0 };
    let found = late_write(9.9, b"dua", closed.clone());
    assert_eq!(rules(&found), ["write-after-close"]);
    assert_eq!(
        (found[0].level, found[0].frames.as_slice(), found[0].calls.as_slice()),
        (Level::Warning, &[6][..], &[6, 5][..])
    );
    // On its way when the peer closed: nobody could know.
    assert_eq!(rules(&late_write(2.8, b"dua", closed.clone())), [""; 0]);
    // TLS takes its leave, whether anybody hears it or not.
    assert_eq!(rules(&late_write(9.9, &[0x15, 3, 3, 0, 2], closed)), [""; 0]);
    // Only its own direction is closed.
    assert_eq!(rules(&late_write(9.9, b"dua", Deed::Shutdown { write: true })), [""; 0]);
}

#[test]
fn an_end_of_data_that_a_runtime_keeps_to_itself_is_ignored_too() {
    let script = format!(
        "{HANDSHAKE}
        1    C>S FIN,ACK
        1.1  S>C ACK
        2    S>C PSH,ACK \"null\"
        2.1  C>S RST"
    );
    let run = |n: usize| {
        let mut made =
            vec![accept(), connect(), close(0.9, 1.05, Side::Client), receive(0.5, Some(1.2), Side::Server, 0)];
        made.push(send(1.9, 2.05, Side::Server, 4));
        made.extend((0..n).map(|_| send(3.0, 3.1, Side::Server, 4)));
        let mut calls = calls(Proto::Tcp, made);
        for call in calls.iter_mut().skip(5) {
            call.result = Some(Err("EPIPE".to_owned()));
        }
        rules(&found(&script, &calls, None))
    };
    assert_eq!(run(5), ["eof-ignored", "write-after-close"]);
    assert_eq!(run(4), ["write-after-close"]);
}

#[test]
fn a_connect_that_does_not_block_is_refused_by_the_packets() {
    let script = "
        0    C>S SYN
        0.1  S>C RST,ACK";
    let mut connecting = connect();
    connecting.1 = Some(0.05);
    let mut calls = calls(Proto::Tcp, vec![connecting]);
    calls[0].result = Some(Err("EINPROGRESS".to_owned()));
    assert_eq!(rules(&found(script, &calls, None)), ["connect-refused"]);
    assert_eq!(rules(&found(HANDSHAKE, &calls, None)), [""; 0]);
}
