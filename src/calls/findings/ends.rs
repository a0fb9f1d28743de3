//! What goes wrong when a conversation ends, or does not.

use super::{End, Evidence, Facts, delivered, finding, plain};
use crate::calls::packets::What;
use crate::frame::Time;
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, Finding, Level, Owner, Program};
use crate::track::{ConnId, Connection, Proto, Side};

/// So many zeros in a row are no second look.
const IGNORED: usize = 3;
/// So many writes in vain are no last attempt of a buffer that is given up.
const VAIN: usize = 5;

/// `recv` returned 0 and was called again and again.
pub(super) fn eof_ignored(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let reads = facts.of(end).filter(|seen| match seen.call.deed {
            Deed::Receive { room, .. } => room > 0 && facts.on_its_own(seen.call.entry),
            _ => false,
        });
        let zeros: Vec<&CallSeen> = reads.filter(|seen| seen.call.returned() == Some(0)).collect();
        let Some(zero) = zeros.first() else { continue };
        // Some runtimes keep the end of the data to themselves: their program reads on without a call, and writes.
        let vain: Vec<&CallSeen> = facts
            .of(end)
            .filter(|seen| matches!(seen.call.deed, Deed::Send { .. }) && facts.on_its_own(seen.call.entry))
            .filter(|seen| {
                seen.call.entry > zero.call.entry && matches!(seen.call.error(), Some("EPIPE" | "ECONNRESET"))
            })
            .collect();
        let (calls, text) = match (zeros.len(), vain.len()) {
            (IGNORED.., _) => (zeros.clone(), &say::EOF_IGNORED),
            (_, VAIN..) => (vain, &say::EOF_IGNORED_WRITES),
            _ => continue,
        };
        let values = Values::none()
            .with("n", Value::Count(calls.len() as u64))
            .words("call", plain(&zero.call))
            .words("write", plain(&calls[0].call));
        let mut found = finding("eof-ignored", Level::Error, facts.program(end), text, values)
            .on(Some(conn.id))
            .frame(conn.fin[side.other().index()].map(|fin| fin.at.frame));
        found.calls.extend(calls.iter().take(IGNORED).map(|seen| seen.call.id));
        out.push(found);
    }
}

/// `SO_LINGER` with no time makes every close a reset, on purpose.
fn lingers_zero<'a>(mut calls: impl Iterator<Item = &'a CallSeen>) -> bool {
    calls.any(|seen| seen.call.name == "setsockopt" && seen.call.args.contains("{l_onoff=1, l_linger=0}"))
}

/// Closed before everything was read.
pub(super) fn close_with_unread_data(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let Some(rst) = conn.rst.filter(|rst| rst.by == side) else { continue };
        let made = facts.owners.get(&rst.at.frame);
        let closing = match made {
            Some(Owner::Call(id)) => facts.calls.iter().find(|seen| seen.call.id == *id),
            Some(Owner::Exit) => None,
            _ => continue,
        };
        // What we ended is no mistake of the program.
        if rst.at.time.is_some_and(|time| !facts.on_its_own(time)) || lingers_zero(facts.of(end)) {
            continue;
        }
        let read: i64 = facts
            .of(end)
            .filter(|seen| matches!(seen.call.deed, Deed::Receive { peek: false, .. }))
            .filter_map(|seen| seen.call.returned())
            .sum();
        let came = delivered(facts.packets, (conn.id, side.other()), rst.at.time);
        let unread = came.saturating_sub(u64::try_from(read).unwrap_or(0));
        if unread == 0 {
            continue;
        }
        let values = Values::none().with("unread", Value::Bytes(unread));
        let side = facts.program(end);
        let found = finding("close-with-unread-data", Level::Error, side, &say::CLOSE_WITH_UNREAD_DATA, values)
            .on(Some(conn.id))
            .frame(Some(rst.at.frame));
        out.push(match closing {
            Some(closing) => found.call(&closing.call),
            None => found,
        });
    }
}

/// Written when nobody reads any more.
pub(super) fn write_after_close(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let failed = facts.of(end).find(|seen| {
            let broken = matches!(seen.call.error(), Some("EPIPE" | "ECONNRESET"));
            broken && matches!(seen.call.deed, Deed::Send { .. }) && facts.on_its_own(seen.call.entry)
        });
        let Some(written) = failed.or_else(|| lost(facts, conn, side)) else { continue };
        let peer = side.other();
        let gone = conn.fin[peer.index()].map(|fin| fin.at.frame);
        let gone = gone.or(conn.rst.filter(|rst| rst.by == peer).map(|rst| rst.at.frame));
        let program = facts.program(end);
        let killed = |p: &Program| p.side == program && p.end == Some(crate::timeline::End::Signal("SIGPIPE"));
        let values = Values::none()
            .words("call", plain(&written.call))
            .words("error", written.call.error().unwrap_or_default().to_owned());
        let (level, text) = match failed {
            None => (Level::Warning, &say::WRITE_AFTER_CLOSE_LOST),
            Some(_) if facts.programs.iter().any(killed) => (Level::Error, &say::WRITE_AFTER_CLOSE_SIGPIPE),
            Some(_) => (Level::Error, &say::WRITE_AFTER_CLOSE),
        };
        let found = finding("write-after-close", level, program, text, values);
        let found = found.on(Some(conn.id)).frame(gone).call(&written.call);
        out.push(match last_close(facts, (conn.id, peer), written.call.entry) {
            Some(close) => found.call(&close.call),
            None => found,
        });
    }
}

/// The call with which an end gave its last descriptor back, begun before that moment.
fn last_close<'a>(facts: &Facts<'a>, end: End, before: Time) -> Option<&'a CallSeen> {
    facts.of(end).find(|seen| {
        let last = seen.call.socket.and_then(|socket| seen.call.gives_back(socket.cookie)) == Some(0);
        last && seen.call.entry <= before
    })
}

/// What was written when the peer had closed already and its FIN had come, which its kernel answered with a RST: the
/// call itself knows nothing of that. The farewell of TLS is meant to be lost.
fn lost<'a>(facts: &Facts<'a>, conn: &Connection, side: Side) -> Option<&'a CallSeen> {
    let (end, peer) = ((conn.id, side), side.other());
    let fin = conn.fin[peer.index()]?.at.frame;
    let came = facts.packets.iter().find(|packet| packet.frame == fin)?.arrived?;
    let rst = facts.packets.iter().find(|packet| {
        let answers = matches!(packet.what, What::Tcp { rst: true, answers: true, .. });
        answers && packet.conn == Some(conn.id) && packet.from == Some(peer)
    })?;
    let exited = facts.owners.get(&fin) == Some(&Owner::Exit);
    facts.of(end).find(|seen| {
        let call = &seen.call;
        let farewell = matches!(call.data.as_slice(), [0x15 | 0x17, 3, ..]);
        matches!(call.deed, Deed::Send { .. })
            && call.returned().is_some_and(|n| n > 0)
            && !farewell
            && came <= call.entry
            && facts.on_its_own(call.entry)
            && (exited || last_close(facts, (conn.id, peer), call.entry).is_some())
            && seen.frames.iter().any(|frame| *frame < rst.frame)
    })
}

/// A call on what the program itself has closed.
pub(super) fn use_after_close(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let used = facts.calls.iter().find(|seen| seen.call.error() == Some("EBADF") && seen.call.socket.is_none());
    let Some(used) = used else { return };
    let before = facts.calls.iter().rev().find(|seen| {
        matches!(seen.call.deed, Deed::Close { .. })
            && seen.call.pid == used.call.pid
            && seen.call.entry < used.call.entry
    });
    let Some(before) = before else { return };
    let values = Values::none().words("call", used.call.name.replace("from", "").replace("sendto", "send"));
    let found = finding("use-after-close", Level::Error, used.call.side, &say::USE_AFTER_CLOSE, values);
    out.push(found.on(before.conn).frame(before.frames.first().copied()).call(&before.call).call(&used.call));
}

/// The end of the sending direction was asked for, and really.
fn ended<'a>(mut calls: impl Iterator<Item = &'a CallSeen>) -> bool {
    calls.any(|seen| {
        let last = seen.call.socket.and_then(|socket| seen.call.gives_back(socket.cookie)) == Some(0);
        last || seen.call.deed == Deed::Shutdown { write: true }
    })
}

/// Closed in one process while another keeps a copy.
pub(super) fn still_held(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let own = facts.of(end).filter(|seen| facts.on_its_own(seen.call.entry));
        let closed = own.clone().find(|seen| matches!(seen.call.deed, Deed::Close { left: 1.. }));
        let Some(closed) = closed else { continue };
        // After a RST nobody waits for a FIN.
        let reset = conn.rst.is_some_and(|rst| rst.at.time.is_none_or(|time| facts.on_its_own(time)));
        if reset || ended(own) || sent_fin_itself(facts, conn.fin[side.index()].map(|fin| fin.at)) {
            continue;
        }
        let Deed::Close { left } = closed.call.deed else { continue };
        let values = Values::none().with("left", Value::Count(left.into()));
        let found = finding("still-held", Level::Warning, facts.program(end), &say::STILL_HELD, values);
        out.push(found.on(Some(conn.id)).call(&closed.call));
    }
}

/// The FIN went out before the programs were told to end.
fn sent_fin_itself(facts: &Facts<'_>, fin: Option<crate::track::connection::Mark>) -> bool {
    fin.is_some_and(|fin| fin.time.is_none_or(|time| facts.on_its_own(time)))
}

/// The peer has closed, and this end keeps its descriptor while the program goes on.
pub(super) fn never_closed(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let Some(fin) = conn.fin[side.other().index()].map(|fin| fin.at) else { continue };
        let own = facts.of(end).filter(|seen| facts.on_its_own(seen.call.entry));
        let told_to_end = facts.stopped.is_some() && fin.time.is_some_and(|time| facts.on_its_own(time));
        let reset = conn.rst.is_some_and(|rst| rst.at.time.is_none_or(|time| facts.on_its_own(time)));
        let held = own.clone().any(|seen| matches!(seen.call.deed, Deed::Close { .. }));
        if !told_to_end
            || held
            || reset
            || ended(own.clone())
            || sent_fin_itself(facts, conn.fin[side.index()].map(|f| f.at))
        {
            continue;
        }
        let values = Values::none().with("fin", Value::Number(fin.frame));
        let found = finding("never-closed", Level::Warning, facts.program(end), &say::NEVER_CLOSED, values);
        let found = found.on(Some(conn.id)).frame(Some(fin.frame));
        // What is not closed is what this call has given it.
        let mut given = own.filter(|seen| matches!(seen.call.deed, Deed::Accept { .. } | Deed::Connect(_)));
        out.push(match given.next() {
            Some(given) => found.call(&given.call),
            None => found,
        });
    }
}

/// Waiting when the time was up.
pub(super) fn waits(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let Some(stopped) = facts.stopped.filter(|_| facts.time_up) else { return };
    let cut: Vec<&CallSeen> = facts.calls.iter().filter(|seen| seen.cut).collect();
    let waiting = |conn: ConnId, side: Side| {
        let mut receiving = cut.iter().filter(|seen| (seen.conn, seen.end) == (Some(conn), Some(side)));
        let receiving = receiving.find(|seen| matches!(seen.call.deed, Deed::Receive { .. }));
        // One that does not block waits for whatever may come: here only from this peer.
        receiving.or_else(|| {
            let mut waits = cut.iter().filter(|seen| seen.call.deed == Deed::Wait);
            waits.find(|seen| only_open(facts, seen.call.pid) == Some((conn, side)))
        })
    };
    for conn in facts.connections.iter().filter(|conn| conn.id.proto == Proto::Tcp) {
        let ends = (waiting(conn.id, Side::Client), waiting(conn.id, Side::Server));
        if let (Some(client), Some(server)) = ends
            && all_read(facts, Some(conn.id))
        {
            let values = Values::none().words("call", plain(&client.call)).words("other", plain(&server.call));
            let same = plain(&client.call) == plain(&server.call);
            let text = if same { &say::BOTH_WAIT } else { &say::BOTH_WAIT_EACH };
            let found = finding("both-wait", Level::Error, None, text, values);
            out.push(found.on(Some(conn.id)).call(&client.call).call(&server.call));
            return;
        }
    }
    for seen in cut {
        // A server that waits for its next client, or for a datagram from anybody, is as it should be.
        let normal = matches!(seen.call.name.as_str(), "accept" | "accept4") || seen.call.deed == Deed::Other;
        let datagrams = seen.call.socket.is_some_and(|socket| socket.proto == Proto::Udp && socket.peer.is_none());
        let waits = seen.call.deed == Deed::Wait || (datagrams && matches!(seen.call.deed, Deed::Receive { .. }));
        let server_wait = waits && seen.call.side == Some(Side::Server);
        if normal || server_wait {
            continue;
        }
        let waited = stopped.since(seen.call.entry);
        let values = Values::none().words("call", plain(&seen.call)).with("waited", Value::Duration(waited));
        let found = finding("waits-for-ever", Level::Warning, seen.call.side, &say::WAITS_FOR_EVER, values);
        out.push(found.on(seen.conn).call(&seen.call));
    }
}

/// The one end of a TCP connection that a process has still open; none when there are several.
fn only_open(facts: &Facts<'_>, pid: u32) -> Option<End> {
    let mut open = facts.tcp_ends().filter(|(conn, side)| {
        let mut calls = facts.of((conn.id, *side)).filter(|seen| seen.call.pid == pid).peekable();
        calls.peek().is_some() && !ended(calls)
    });
    let (conn, side) = open.next()?;
    open.next().is_none().then_some((conn.id, side))
}

/// Nothing that either end has sent is still to be read.
fn all_read(facts: &Facts<'_>, conn: Option<ConnId>) -> bool {
    let Some(conn) = conn else { return false };
    [Side::Client, Side::Server].into_iter().all(|side| {
        let read: i64 = facts
            .of((conn, side))
            .filter(|seen| matches!(seen.call.deed, Deed::Receive { peek: false, .. }))
            .filter_map(|seen| seen.call.returned())
            .sum();
        u64::try_from(read).unwrap_or(0) >= delivered(facts.packets, (conn, side.other()), facts.stopped)
    })
}
