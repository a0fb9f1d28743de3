//! What goes wrong before a conversation begins.

use std::net::SocketAddr;

use super::{Evidence, Facts, finding};
use crate::calls::source::names::is_own;
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, End, Finding, Level, Place};
use crate::track::{Proto, Side};

/// It ended before it had a socket: a syntax error, a missing file.
pub(super) fn never_ran(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for program in facts.programs {
        let Some(End::Exit(code @ 1..)) = program.end else { continue };
        let same_side = facts.programs.iter().filter(|other| other.side == program.side).count();
        let talks = facts.calls.iter().any(|seen| seen.call.side == program.side);
        // Of several clients it cannot be told whose a call was.
        if program.stopped || talks || same_side > 1 {
            continue;
        }
        let values = Values::none().words("code", code.to_string());
        let last = program.output.lines().rev().map(str::trim).find(|line| !line.is_empty());
        let mut found = match last {
            Some(words) => {
                let values = values.words("words", words.to_owned());
                finding("never-ran", Level::Error, program.side, &say::NEVER_RAN, values)
            }
            None => finding("never-ran", Level::Error, program.side, &say::NEVER_RAN_SILENT, values),
        };
        found.places.extend(traced_back(&program.output).map(|source| Place { source, call: None }));
        out.push(found);
    }
}

/// The innermost line of the program's own that Python names when it gives up: `File "server.py", line 3`.
fn traced_back(output: &str) -> Option<String> {
    output.lines().rev().find_map(|line| {
        let (file, rest) = line.trim().strip_prefix("File \"")?.split_once("\", line ")?;
        let number = rest.split(|c: char| !c.is_ascii_digit()).next().filter(|number| !number.is_empty())?;
        is_own(file).then(|| format!("{}:{number}", file.rsplit('/').next().unwrap_or(file)))
    })
}

/// Port of a call's own address.
fn bound(seen: &CallSeen) -> Option<(Proto, u16)> {
    match (&seen.call.deed, seen.call.socket) {
        (Deed::Bind(address), Some(socket)) if address.port() != 0 => Some((socket.proto, address.port())),
        _ => None,
    }
}

/// `bind` fails because somebody has the port.
pub(super) fn port_in_use(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for seen in facts.calls.iter().filter(|seen| seen.call.error() == Some("EADDRINUSE")) {
        let Some((proto, port)) = bound(seen) else { continue };
        let own = seen.call.socket.map(|socket| socket.cookie);
        let before = |other: &&CallSeen| other.call.entry < seen.call.entry;
        let holders = facts.calls.iter().filter(before).filter(|other| {
            bound(other) == Some((proto, port))
                && other.call.error().is_none()
                && other.call.socket.map(|socket| socket.cookie) != own
        });
        // Still open: nobody has closed the last descriptor of it.
        let mut open = holders.clone().filter(|holder| {
            let cookie = holder.call.socket.map(|socket| socket.cookie);
            !facts.calls.iter().filter(before).any(|other| {
                other.call.deed == Deed::Close { left: 0 } && other.call.socket.map(|socket| socket.cookie) == cookie
            })
        });
        let values = Values::none().with("port", Value::Number(port.into()));
        let side = seen.call.side;
        let found = match open.next() {
            Some(holder) => finding("port-in-use", Level::Error, side, &say::PORT_IN_USE, values)
                .call(&seen.call)
                .call(&holder.call),
            None => finding("port-in-use", Level::Error, side, &say::PORT_IN_TIME_WAIT, values).call(&seen.call),
        };
        out.push(found);
    }
}

/// The address that a failed `connect` asked for.
fn refused(seen: &CallSeen) -> Option<SocketAddr> {
    match (&seen.call.deed, seen.call.error()) {
        (Deed::Connect(to), Some("ECONNREFUSED")) if seen.call.socket.is_some_and(|s| s.proto == Proto::Tcp) => {
            Some(*to)
        }
        _ => None,
    }
}

/// `connect` before `listen`, or where nobody listens.
pub(super) fn connect_refused(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let listening: Vec<(&CallSeen, u16)> = facts
        .calls
        .iter()
        .filter(|seen| seen.call.deed == Deed::Listen && seen.call.error().is_none())
        .filter_map(|seen| Some((seen, seen.call.socket?.local?.port())))
        .collect();
    let mut told: Vec<u16> = Vec::new();
    for (seen, to) in facts.calls.iter().filter_map(|seen| Some((seen, refused(seen)?))) {
        // One that tries again says it once; one that reached it elsewhere (::1 before 127.0.0.1) has nothing to mend.
        let reached = facts.calls.iter().any(|other| {
            matches!(other.call.deed, Deed::Connect(other) if other.port() == to.port() && other.ip() != to.ip())
                && other.call.pid == seen.call.pid
                && other.call.error().is_none()
        });
        if told.contains(&to.port()) || reached {
            continue;
        }
        told.push(to.port());
        let values = Values::none().with("port", Value::Number(to.port().into()));
        let later = listening.iter().find(|(listen, port)| *port == to.port() && listen.call.entry > seen.call.entry);
        let other = listening.iter().find(|(listen, _)| listen.call.side != Some(Side::Client));
        let side = seen.call.side;
        let found = match (later, other) {
            (Some((listen, _)), _) => {
                let late = listen.call.entry.since(seen.call.entry);
                let values = values.with("late", Value::Duration(late));
                finding("connect-before-listen", Level::Error, side, &say::CONNECT_BEFORE_LISTEN, values)
                    .call(&listen.call)
            }
            (None, Some((listen, port))) if *port != to.port() => {
                let values = values.with("other", Value::Number((*port).into()));
                finding("connect-refused", Level::Error, side, &say::CONNECT_WRONG_PORT, values).call(&listen.call)
            }
            _ => finding("connect-refused", Level::Error, side, &say::CONNECT_REFUSED, values),
        };
        out.push(found.call(&seen.call).on(seen.conn).frame(seen.frames.first().copied()));
    }
}

/// Somewhere outside the private network.
pub(super) fn not_reachable(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let outside = facts.calls.iter().find_map(|seen| {
        let to = match &seen.call.deed {
            Deed::Connect(to) | Deed::Send { to: Some(to), .. } => *to,
            _ => return None,
        };
        matches!(seen.call.error(), Some("ENETUNREACH" | "EHOSTUNREACH")).then_some((seen, to))
    });
    if let Some((seen, to)) = outside {
        let values = Values::none().words("address", to.to_string());
        out.push(finding("not-reachable", Level::Error, seen.call.side, &say::NOT_REACHABLE, values).call(&seen.call));
    }
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
