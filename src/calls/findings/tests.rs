//! Findings whose mistake depends on time, held by scripts of packets beside lists of calls.

use std::collections::BTreeSet;

use super::*;
use crate::annotate::terms;
use crate::calls::owner;
use crate::calls::testkit::{HANDSHAKE, Made, accept, at, calls, close, connect, receive, send, survey};
use crate::language::Lang;

/// The names that the rules give.
fn names() -> BTreeSet<String> {
    let sources =
        [include_str!("setup.rs"), include_str!("ends.rs"), include_str!("stream.rs"), include_str!("timing.rs")];
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
