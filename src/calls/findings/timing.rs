//! What only costs time: a client that waits for another one, a segment that waits for an ACK.

use super::{End, Evidence, Facts, finding, plain};
use crate::annotate::Certainty;
use crate::calls::packets::{Sent, What};
use crate::frame::Time;
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, Finding, Level, Owner};
use crate::track::{Connection, Proto, Side};

/// A client that waits for less than this, in nanoseconds, has lost nothing that anybody would notice.
const NOTICEABLE: i64 = 100_000_000;
/// An ACK that comes so late, in nanoseconds, was delayed on purpose: a kernel that waits with it waits for at least
/// 40 ms, and the receiver's program may have had its turn at any moment of that.
const DELAYED: i64 = 20_000_000;

/// A request that nobody looked at while the server's thread sat in a call of another client.
pub(super) fn one_at_a_time(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let tcp = || facts.connections.iter().filter(|conn| conn.id.proto == Proto::Tcp);
    let mut told: Vec<u16> = Vec::new();
    for waiting in tcp() {
        // One sentence for each listener.
        if told.contains(&waiting.server.port()) {
            continue;
        }
        let mut others = tcp().filter(|other| other.id != waiting.id && other.server.port() == waiting.server.port());
        let Some(found) = others.find_map(|other| kept_waiting(facts, waiting, other)) else { continue };
        told.push(waiting.server.port());
        let Kept { request, accepted, held, waited } = found;
        let values = Values::none()
            .words("call", plain(&held.call))
            .with("frame", Value::Number(request.frame))
            .with("waited", Value::Duration(waited));
        let side = accepted.call.side.or(Some(Side::Server));
        let mut found = finding("one-at-a-time", Level::Warning, side, &say::ONE_AT_A_TIME, values)
            .on(Some(waiting.id))
            .frame(waiting.established.map(|mark| mark.frame))
            .frame(Some(request.frame));
        let connect = facts.of((waiting.id, Side::Client)).find(|seen| matches!(seen.call.deed, Deed::Connect(_)));
        found.calls.extend(connect.map(|seen| seen.call.id));
        out.push(found.call(&held.call));
    }
}

/// A connection whose request waits, and the call of another one that it waits for.
struct Kept<'a> {
    request: &'a Sent,
    /// The other connection's `accept`.
    accepted: &'a CallSeen,
    held: &'a CallSeen,
    waited: i64,
}

/// What keeps a connection waiting: the same thread serves another one until that is closed.
fn kept_waiting<'a>(facts: &Facts<'a>, waiting: &Connection, other: &Connection) -> Option<Kept<'a>> {
    let accept = |conn: &Connection| {
        let mut calls = facts.of((conn.id, Side::Server));
        calls.find(|seen| matches!(seen.call.deed, Deed::Accept { .. }))
    };
    let request = facts.packets.iter().find(|packet| {
        packet.conn == Some(waiting.id)
            && packet.from == Some(Side::Client)
            && matches!(packet.what, What::Tcp { len: 1.., .. })
    })?;
    let asked = request.time?;
    let accepted = accept(other)?;
    if accepted.call.exit? > asked {
        return None;
    }
    let taken = accept(waiting);
    if let Some((held, until)) = parked(facts, waiting, other, asked, (accepted, taken)) {
        return Some(Kept { request, accepted, held, waited: until.since(asked) });
    }
    let until = match taken {
        // It waits until the thread comes back from its other client.
        Some(taken) if taken.call.tid != accepted.call.tid => return None,
        Some(taken) => {
            let (end, taken) = ((other.id, Side::Server), taken.call.exit?);
            let mut closes = facts.of(end).filter(|seen| matches!(seen.call.deed, Deed::Close { .. }));
            // One that takes several clients and only then reads serves them together.
            closes.find(|seen| {
                seen.call.tid == accepted.call.tid && asked <= seen.call.entry && seen.call.entry <= taken
            })?;
            taken
        }
        // To the end; a listener that takes nobody any more is no server of two clients.
        None => facts.stopped?,
    };
    let sat = |seen: &CallSeen| {
        let back = seen.call.exit.unwrap_or(until).min(until);
        back.since(seen.call.entry.max(asked))
    };
    let held = facts
        .of((other.id, Side::Server))
        .filter(|seen| matches!(seen.call.deed, Deed::Receive { .. } | Deed::Wait))
        .filter(|seen| seen.call.tid == accepted.call.tid)
        .find(|seen| sat(seen) >= NOTICEABLE)?;
    Some(Kept { request, accepted, held, waited: until.since(asked) })
}

/// The same of a process whose sockets do not block, as in Go: it found nothing to read of the other client and waited
/// for whatever may come, but not for its listener, which was ready. What it read, and until when.
fn parked<'a>(
    facts: &Facts<'a>,
    waiting: &Connection,
    other: &Connection,
    asked: Time,
    (accepted, taken): (&CallSeen, Option<&CallSeen>),
) -> Option<(&'a CallSeen, Time)> {
    let ready = waiting.established?.time?;
    let until = taken.map_or(facts.stopped, |taken| taken.call.exit)?;
    let of_process = |seen: &&CallSeen| seen.call.pid == accepted.call.pid;
    let late = taken.is_none_or(|taken| of_process(&taken) && taken.call.entry.since(asked) >= NOTICEABLE);
    let own = || facts.of((other.id, Side::Server)).filter(of_process);
    let closed = own().find(|seen| matches!(seen.call.deed, Deed::Close { .. })).map(|seen| seen.call.entry);
    let closed_between = closed.is_some_and(|closed| asked <= closed && closed <= until);
    let still_open = closed.is_none() && taken.is_none();
    let slept = facts.calls.iter().filter(of_process).any(|seen| {
        let back = seen.call.exit.unwrap_or(until).min(until);
        seen.call.deed == Deed::Wait && seen.call.entry >= ready && back.since(seen.call.entry.max(asked)) >= NOTICEABLE
    });
    // One that serves all of them asks for the next as soon as it has one, whatever the machine does to its threads.
    let asks_for_more = facts.calls.iter().filter(of_process).any(|seen| {
        let listener = matches!(accepted.call.deed, Deed::Accept { listener }
            if seen.call.socket.is_some_and(|socket| socket.cookie == listener));
        let after = accepted.call.exit.is_none_or(|exit| exit <= seen.call.entry);
        listener && after && seen.call.name.starts_with("accept") && seen.call.entry < closed.unwrap_or(until)
    });
    if !late || !slept || asks_for_more || !(closed_between || still_open) {
        return None;
    }
    let empty = own().filter(|seen| {
        let nothing = matches!(seen.call.error(), Some("EAGAIN" | "EWOULDBLOCK"));
        nothing && matches!(seen.call.deed, Deed::Receive { .. }) && seen.call.entry <= until
    });
    empty.last().map(|held| (held, until))
}

/// Two small writes and a read: Nagle's algorithm keeps the second back until the first is acknowledged, and the peer's
/// kernel has a reason to wait with that.
pub(super) fn nagle_delayed_ack(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let packets: Vec<&Sent> = facts.packets.iter().filter(|packet| packet.conn == Some(conn.id)).collect();
        let writes = facts.of(end).filter(|seen| matches!(seen.call.deed, Deed::Send { .. }));
        let stalls: Vec<Stall<'_>> =
            writes.filter_map(|held| stall(facts, end, &packets, held, conn.rtt.unwrap_or(0))).collect();
        let Some(first) = stalls.first() else { continue };
        let waited = stalls.iter().map(|stall| stall.waited).fold(0, i64::saturating_add);
        let values = Values::none()
            .words("call", plain(&first.held.call))
            .with("n", Value::Count(stalls.len() as u64))
            .with("waited", Value::Duration(waited));
        let mut found =
            finding("nagle-delayed-ack", Level::Warning, facts.program(end), &say::NAGLE_DELAYED_ACK, values)
                .on(Some(conn.id));
        found.certainty = Certainty::Likely;
        found.frames.extend(first.frames);
        out.push(found.call(&first.first.call).call(&first.held.call));
    }
}

/// One write that was held back.
struct Stall<'a> {
    first: &'a CallSeen,
    held: &'a CallSeen,
    /// The first write's segment, its ACK, and the segment that the ACK released.
    frames: [u64; 3],
    /// From the return of the second write to its segment.
    waited: i64,
}

fn stall<'a>(facts: &Facts<'a>, end: End, packets: &[&Sent], held: &'a CallSeen, rtt: i64) -> Option<Stall<'a>> {
    let (_, side) = end;
    let returned = held.call.exit?;
    // Nothing of it left at once.
    let [released] = held.deferred.as_slice() else { return None };
    if held.frames.len() > 1 {
        return None;
    }
    let at = packets.iter().position(|packet| packet.frame == *released)?;
    let length = |packet: &Sent| if let What::Tcp { len, .. } = packet.what { len } else { 0 };
    let before = packets[..at].iter().rposition(|packet| packet.from == Some(side) && length(packet) > 0)?;
    let segment = packets[before];
    // The only thing that came in between: what opened a window has been preceded by what closed it.
    let mut between = packets[before..at].iter().filter(|packet| packet.from == Some(side.other()));
    let (ack, None) = (between.next()?, between.next()) else { return None };
    let What::Tcp { len: 0, syn: false, fin: false, rst: false, .. } = ack.what else { return None };
    let (left, acked) = (segment.time?, ack.time?);
    if acked.since(left) - rtt < DELAYED || returned > acked {
        return None;
    }
    let Some(Owner::Call(writer)) = facts.owners.get(&segment.frame) else { return None };
    let first = facts.of(end).find(|seen| seen.call.id == *writer && seen.call.exit <= Some(held.call.entry))?;
    let reads = |from: Time, to: Time| {
        facts.of(end).any(|seen| {
            let waits = matches!(seen.call.deed, Deed::Receive { .. } | Deed::Wait);
            waits && seen.call.tid == held.call.tid && from <= seen.call.entry && seen.call.entry <= to
        })
    };
    let pattern = !reads(first.call.entry, held.call.entry) && reads(returned, acked);
    let frames = [segment.frame, ack.frame, *released];
    pattern.then(|| Stall { first, held, frames, waited: packets[at].time.map_or(0, |time| time.since(returned)) })
}
