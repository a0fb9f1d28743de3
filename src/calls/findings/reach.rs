//! What goes wrong on the way to the other end: nobody there, or no way.

use std::net::SocketAddr;

use super::{Evidence, Facts, Reach, finding};
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, Finding, Level};
use crate::track::{Proto, Side};

/// Where names are asked for.
const DNS: u16 = 53;

/// Whether somebody took the connection that a call asked for; none where that is not known. Of a socket that does not
/// block the packets tell it.
fn taken(facts: &Facts<'_>, seen: &CallSeen) -> Option<(SocketAddr, bool)> {
    let Deed::Connect(to) = seen.call.deed else { return None };
    if seen.call.socket.is_none_or(|socket| socket.proto != Proto::Tcp) {
        return None;
    }
    let taken = match seen.call.error() {
        None => (seen.call.returned() == Some(0)).then_some(true),
        Some("ECONNREFUSED") => Some(false),
        Some("EINPROGRESS" | "EINTR") => {
            let conn = facts.connections.iter().find(|conn| Some(conn.id) == seen.conn)?;
            let refused = conn.rst.is_some_and(|rst| rst.by == Side::Server);
            (conn.established.is_some() || refused).then_some(conn.established.is_some())
        }
        Some(_) => None,
    };
    Some((to, taken?))
}

/// The process gets to somebody after that: it tries again, or has another way.
fn succeeds_later(facts: &Facts<'_>, failed: &CallSeen) -> bool {
    let later = facts.calls.iter().filter(|seen| {
        seen.call.pid == failed.call.pid && seen.call.entry > failed.call.entry && seen.call.error().is_none()
    });
    later.into_iter().any(|seen| match seen.call.deed {
        Deed::Listen | Deed::Accept { .. } => true,
        Deed::Receive { .. } => seen.call.returned().is_some_and(|n| n > 0),
        _ => false,
    })
}

/// Whether a socket that listens there takes connections to this address.
fn covers(listener: SocketAddr, to: SocketAddr) -> bool {
    let (listener, to) = (listener.ip().to_canonical(), to.ip().to_canonical());
    listener == to || (listener.is_unspecified() && (listener.is_ipv6() || to.is_ipv4()))
}

/// `connect` before `listen`, or where nobody listens.
pub(super) fn connect_refused(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let listening: Vec<(&CallSeen, SocketAddr)> = facts
        .calls
        .iter()
        .filter(|seen| seen.call.deed == Deed::Listen && seen.call.error().is_none())
        .filter_map(|seen| Some((seen, seen.call.socket?.local?)))
        .collect();
    let asked: Vec<(&CallSeen, SocketAddr, bool)> =
        facts.calls.iter().filter_map(|seen| taken(facts, seen).map(|(to, taken)| (seen, to, taken))).collect();
    let mut told: Vec<u16> = Vec::new();
    for (seen, to, _) in asked.iter().filter(|(.., taken)| !taken) {
        let mut reached = asked.iter().filter(|(other, other_to, taken)| {
            *taken && other_to.port() == to.port() && other.call.pid == seen.call.pid
        });
        // One that reached it elsewhere (::1 before 127.0.0.1) has nothing to mend.
        if told.contains(&to.port()) || reached.clone().any(|(_, other, _)| other.ip() != to.ip()) {
            continue;
        }
        told.push(to.port());
        // One that tries again says it once.
        let again = reached.any(|(other, ..)| other.call.entry > seen.call.entry);
        let mut found = refusal(facts, &listening, seen, *to);
        if again {
            found.level = Level::Note;
        }
        out.push(found.call(&seen.call).on(seen.conn).frame(seen.frames.first().copied()));
    }
}

/// Why nobody took it.
fn refusal(facts: &Facts<'_>, listening: &[(&CallSeen, SocketAddr)], seen: &CallSeen, to: SocketAddr) -> Finding {
    let side = seen.call.side;
    let values = Values::none().with("port", Value::Number(to.port().into()));
    let same = |at: &SocketAddr| at.port() == to.port();
    if let Some((listen, _)) = listening.iter().find(|(listen, at)| same(at) && listen.call.entry > seen.call.entry) {
        let values = values.with("late", Value::Duration(listen.call.entry.since(seen.call.entry)));
        return finding("connect-before-listen", Level::Error, side, &say::CONNECT_BEFORE_LISTEN, values)
            .call(&listen.call);
    }
    let refused = |text, values| finding("connect-refused", Level::Error, side, text, values);
    let servers = || listening.iter().filter(|(listen, _)| listen.call.side != Some(Side::Client));
    // The right port, on this host instead of the server's.
    if facts.reach == Reach::Wire && to.is_ipv6() && servers().any(|(_, at)| same(at)) {
        return refused(&say::CONNECT_OWN_HOST, values.words("address", to.to_string()));
    }
    if let Some((listen, _)) = servers().find(|(_, at)| same(at) && covers(*at, to)) {
        return refused(&say::CONNECT_TOO_LATE, values).call(&listen.call);
    }
    let elsewhere = servers().find(|(_, at)| same(at)).map(|found| (found, &say::CONNECT_OTHER_ADDRESS));
    match elsewhere.or_else(|| servers().next().map(|found| (found, &say::CONNECT_WRONG_PORT))) {
        Some(((listen, at), text)) => {
            let values = values
                .with("other", Value::Number(at.port().into()))
                .words("address", to.to_string())
                .words("listener", at.to_string());
            refused(text, values).call(&listen.call)
        }
        None => refused(&say::CONNECT_REFUSED, values),
    }
}

/// Somewhere outside the private network.
pub(super) fn not_reachable(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let outside = facts.calls.iter().filter_map(|seen| {
        let to = match &seen.call.deed {
            Deed::Connect(to) | Deed::Send { to: Some(to), .. } => *to,
            _ => return None,
        };
        matches!(seen.call.error(), Some("ENETUNREACH" | "EHOSTUNREACH")).then_some((seen, to))
    });
    // What was asked for itself, before the name server that should have told where it is.
    let Some((seen, to)) = outside.min_by_key(|(_, to)| to.port() == DNS) else { return };
    let values = Values::none().words("address", to.to_string());
    let text = match facts.reach {
        Reach::Private if to.port() == DNS => &say::NOT_REACHABLE_NAME,
        Reach::Private => &say::NOT_REACHABLE,
        Reach::Host => &say::NOT_REACHABLE_HOST,
        Reach::Wire => &say::NOT_REACHABLE_WIRE,
    };
    let level = if succeeds_later(facts, seen) { Level::Note } else { Level::Error };
    out.push(finding("not-reachable", level, seen.call.side, text, values).call(&seen.call));
}

/// An address that this host does not have, or a port that the user may not have.
pub(super) fn bind_failed(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for seen in facts.calls {
        let Deed::Bind(at) = seen.call.deed else { continue };
        let text = match (seen.call.error(), facts.reach) {
            (Some("EADDRNOTAVAIL"), Reach::Host) => &say::BIND_NO_SUCH_ADDRESS_HOST,
            (Some("EADDRNOTAVAIL"), _) => &say::BIND_NO_SUCH_ADDRESS,
            (Some("EACCES"), _) => &say::BIND_NOT_ALLOWED,
            _ => continue,
        };
        let another = facts.calls.iter().any(|other| {
            matches!(other.call.deed, Deed::Bind(_))
                && other.call.error().is_none()
                && other.call.pid == seen.call.pid
                && other.call.entry > seen.call.entry
        });
        let level = if another { Level::Note } else { Level::Error };
        let values = Values::none().words("address", at.ip().to_string()).with("port", Value::Number(at.port().into()));
        out.push(finding("bind-failed", level, seen.call.side, text, values).call(&seen.call));
    }
}
