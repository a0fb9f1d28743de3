//! What goes wrong before a conversation begins.

use std::net::SocketAddr;

use super::{Evidence, Facts, Reach, finding, plain, words};
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, End, Finding, Level, Place};
use crate::track::{Proto, Side};

/// A call with which a program does something with a socket. Some runtimes make sockets and close them again to learn
/// what the machine can do.
fn uses(seen: &CallSeen) -> bool {
    match seen.call.deed {
        Deed::Bind(address) => address.port() != 0,
        Deed::Listen | Deed::Connect(_) | Deed::Accept { .. } | Deed::Send { .. } | Deed::Receive { .. } => true,
        _ => false,
    }
}

/// It ended before it had used a socket: a syntax error, a missing file.
pub(super) fn never_ran(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for program in facts.programs {
        let Some(End::Exit(code @ 1..)) = program.end else { continue };
        let same_side = facts.programs.iter().filter(|other| other.side == program.side).count();
        let talks = facts.calls.iter().any(|seen| seen.call.side == program.side && uses(seen));
        // Of several clients it cannot be told whose a call was.
        if program.stopped || talks || same_side > 1 {
            continue;
        }
        let values = Values::none().words("code", code.to_string());
        let mut found = match words::last(&program.output) {
            Some(words) => {
                let values = values.words("words", words.to_owned());
                finding("never-ran", Level::Error, program.side, &say::NEVER_RAN, values)
            }
            None => finding("never-ran", Level::Error, program.side, &say::NEVER_RAN_SILENT, values),
        };
        // Compilers name it themselves.
        let named = words::last(&program.output).unwrap_or_default();
        let place = words::place(&program.output).filter(|source| !named.contains(source.as_str()));
        found.places.extend(place.map(|source| Place { source, call: None }));
        out.push(found);
    }
}

/// The port that a call gives to its socket, and the address.
fn bound(seen: &CallSeen) -> Option<(Proto, SocketAddr)> {
    match (&seen.call.deed, seen.call.socket) {
        (Deed::Bind(address), Some(socket)) if address.port() != 0 => Some((socket.proto, *address)),
        _ => None,
    }
}

/// The same of a call that failed because somebody has the port: with `SO_REUSEADDR` two sockets may bind it, and only
/// one of them may listen.
fn wanted(seen: &CallSeen) -> Option<(Proto, SocketAddr)> {
    if seen.call.error() != Some("EADDRINUSE") {
        return None;
    }
    let listens = (seen.call.deed == Deed::Listen).then_some(seen.call.socket).flatten();
    bound(seen).or_else(|| listens.and_then(|socket| Some((socket.proto, socket.local?))))
}

/// `bind` fails because somebody has the port.
pub(super) fn port_in_use(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (seen, (proto, address)) in facts.calls.iter().filter_map(|seen| Some((seen, wanted(seen)?))) {
        let port = address.port();
        let own = seen.call.socket.map(|socket| socket.cookie);
        let before = |other: &&CallSeen| other.call.entry < seen.call.entry;
        let same = |other: &CallSeen| bound(other).is_some_and(|(is, at)| is == proto && at.port() == port);
        let holders = facts.calls.iter().filter(before).filter(|other| {
            same(other) && other.call.error().is_none() && other.call.socket.map(|socket| socket.cookie) != own
        });
        // Still open: nobody has closed the last descriptor of it.
        let mut open = holders.filter(|holder| {
            let cookie = holder.call.socket.map(|socket| socket.cookie);
            !facts
                .calls
                .iter()
                .filter(before)
                .any(|other| cookie.is_some_and(|cookie| other.call.gives_back(cookie) == Some(0)))
        });
        let holder = open.next();
        let values = Values::none().with("port", Value::Number(port.into())).words("call", plain(&seen.call));
        let had = facts.connections.iter().any(|conn| conn.client.port() == port || conn.server.port() == port);
        let text = match holder {
            Some(_) => &say::PORT_IN_USE,
            None if facts.reach == Reach::Host && !had => &say::PORT_OF_ANOTHER,
            None => &say::PORT_IN_TIME_WAIT,
        };
        let level = if helps_itself(facts, seen, address, holder) { Level::Note } else { Level::Error };
        let found = finding("port-in-use", level, seen.call.side, text, values).call(&seen.call);
        out.push(match holder {
            Some(holder) => found.call(&holder.call),
            None => found,
        });
    }
}

/// The program takes another port then, or has this one already for the other family.
fn helps_itself(facts: &Facts<'_>, failed: &CallSeen, address: SocketAddr, holder: Option<&CallSeen>) -> bool {
    let takes_another = facts.calls.iter().any(|other| {
        other.call.pid == failed.call.pid
            && other.call.entry > failed.call.entry
            && other.call.error().is_none()
            && bound(other).is_some()
    });
    let has_it = holder.is_some_and(|holder| {
        let other_family = bound(holder).is_some_and(|(_, other)| other.is_ipv4() != address.is_ipv4());
        holder.call.pid == failed.call.pid && other_family
    });
    takes_another || has_it
}

/// Datagrams to a port that nobody has.
pub(super) fn udp_nobody_listens(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for conn in facts.connections.iter().filter(|conn| conn.id.proto == Proto::Udp) {
        let Some(frame) = conn.port_unreachable else { continue };
        // A server that has gone by then has answered at least once.
        if conn.packets[Side::Server.index()] > 0 {
            continue;
        }
        let end = (conn.id, Side::Client);
        let values = Values::none().with("port", Value::Number(conn.server.port().into()));
        let side = facts.program(end);
        let found = finding("udp-nobody-listens", Level::Error, side, &say::UDP_NOBODY_LISTENS, values);
        let send = facts.of(end).find(|seen| matches!(seen.call.deed, Deed::Send { .. }));
        let found = found.on(Some(conn.id)).frame(Some(frame));
        out.push(match send {
            Some(send) => found.call(&send.call),
            None => found,
        });
    }
}

/// A reply from another port.
pub(super) fn udp_other_port(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for conn in facts.connections.iter().filter(|conn| conn.id.proto == Proto::Udp) {
        let Some((_, frame)) = conn.other_port else { continue };
        let values = Values::none().with("port", Value::Number(conn.server.port().into()));
        let side = facts.program((conn.id, Side::Server));
        let found = finding("udp-other-port", Level::Warning, side, &say::UDP_OTHER_PORT, values);
        let found = found.on(Some(conn.id)).frame(Some(frame));
        let send = facts.of((conn.id, Side::Server)).find(|seen| matches!(seen.call.deed, Deed::Send { .. }));
        out.push(match send {
            Some(send) => found.call(&send.call),
            None => found,
        });
    }
}
