//! What goes wrong when a stream of bytes is taken for messages.

use super::{End, Evidence, Facts, finding, plain};
use crate::annotate::Certainty;
use crate::language::messages::findings as say;
use crate::language::{Value, Values};
use crate::timeline::{CallSeen, Deed, Finding, Level};
use crate::track::{Connection, Side};

/// Words that programs send to say that they want to end.
const WORDS: [&str; 9] = ["close", "exit", "quit", "bye", "end", "keluar", "selesai", "tutup", "berhenti"];

/// A word for the end, and no call that ends anything.
pub(super) fn word_is_no_close(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    let mut told = None;
    for (conn, side) in facts.tcp_ends() {
        // A server that echoes it says it as well.
        if told == Some(conn.id) {
            continue;
        }
        let said = facts.of((conn.id, side)).find_map(|seen| {
            let Deed::Send { .. } = seen.call.deed else { return None };
            let word = std::str::from_utf8(&seen.call.data).ok()?.trim();
            let known = WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
            (known && facts.on_its_own(seen.call.entry)).then_some((seen, word))
        });
        let Some((seen, word)) = said else { continue };
        if closes(facts, conn) {
            continue;
        }
        told = Some(conn.id);
        let values = Values::none().words("word", word.to_owned());
        let program = facts.program((conn.id, side));
        let mut found = finding("word-is-no-close", Level::Warning, program, &say::WORD_IS_NO_CLOSE, values);
        found.certainty = Certainty::Likely;
        out.push(found.on(Some(conn.id)).frame(seen.frames.first().copied()).call(&seen.call));
    }
}

/// Some program ended it by a call of its own, or by its own end.
fn closes(facts: &Facts<'_>, conn: &Connection) -> bool {
    let marks = conn.fin.iter().flatten().map(|fin| fin.at).chain(conn.rst.map(|rst| rst.at));
    let by_itself = marks.filter_map(|mark| mark.time).any(|time| facts.on_its_own(time));
    let called = [Side::Client, Side::Server].into_iter().any(|side| {
        facts.of((conn.id, side)).any(|seen| {
            matches!(seen.call.deed, Deed::Close { .. } | Deed::Shutdown { .. }) && facts.on_its_own(seen.call.entry)
        })
    });
    by_itself || called
}

/// The kernel took a part, and nobody offered the rest.
pub(super) fn short_send(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let sends: Vec<&CallSeen> = facts.of(end).filter(|seen| matches!(seen.call.deed, Deed::Send { .. })).collect();
        for (at, seen) in sends.iter().enumerate() {
            let Deed::Send { sizes, .. } = &seen.call.deed else { continue };
            let asked: u64 = sizes.iter().sum();
            let Some(taken) = seen.call.returned().and_then(|n| u64::try_from(n).ok()).filter(|n| *n < asked) else {
                continue;
            };
            let copies = !matches!(seen.call.name.as_str(), "sendfile" | "splice");
            let next = sends[at + 1..].iter().find_map(|next| match &next.call.deed {
                Deed::Send { sizes, .. } => Some(sizes.iter().sum::<u64>()),
                _ => None,
            });
            // The rest, or the beginning of it in pieces of its own.
            if !copies || next.is_some() || !facts.on_its_own(seen.call.entry) {
                continue;
            }
            let values = Values::none()
                .words("call", plain(&seen.call))
                .with("taken", Value::Bytes(taken))
                .with("asked", Value::Bytes(asked));
            let found = finding("short-send", Level::Warning, facts.program(end), &say::SHORT_SEND, values);
            out.push(found.on(Some(conn.id)).call(&seen.call));
        }
    }
}

/// Where the bytes of an end's calls begin and end in the stream.
fn ranges<'a>(facts: &Facts<'a>, end: End, sends: bool) -> Vec<(&'a CallSeen, u64, u64)> {
    let mut at = 0;
    let mut ranges = Vec::new();
    for seen in facts.of(end) {
        let fits = match seen.call.deed {
            Deed::Send { .. } => sends,
            Deed::Receive { peek, .. } => !sends && !peek,
            _ => false,
        };
        let Some(n @ 1..) = seen.call.returned().filter(|_| fits).and_then(|n| u64::try_from(n).ok()) else { continue };
        ranges.push((seen, at, at + n));
        at += n;
    }
    ranges
}

/// A `recv` that returned several messages, or a part of one. It may be what the program expects: a note.
pub(super) fn messages(facts: &Facts<'_>, out: &mut Vec<Finding>) {
    for (conn, side) in facts.tcp_ends() {
        let end = (conn.id, side);
        let sent = ranges(facts, (conn.id, side.other()), true);
        let got = ranges(facts, end, false);
        let program = facts.program(end);
        let glued = got.iter().find_map(|(seen, from, to)| {
            let inside: Vec<&CallSeen> =
                sent.iter().filter(|(_, begin, finish)| begin < to && finish > from).map(|(seen, ..)| *seen).collect();
            (inside.len() > 1).then_some((*seen, inside))
        });
        if let Some((seen, inside)) = glued {
            let values = Values::none().words("call", plain(&seen.call)).with("n", Value::Count(inside.len() as u64));
            let mut found =
                finding("messages-glued", Level::Note, program, &say::MESSAGES_GLUED, values).on(Some(conn.id));
            found.calls.extend(inside.iter().map(|seen| seen.call.id));
            out.push(found.call(&seen.call));
            continue;
        }
        let split = sent.iter().find_map(|(seen, from, to)| {
            let pieces: Vec<&(&CallSeen, u64, u64)> =
                got.iter().filter(|(_, begin, finish)| begin < to && finish > from).collect();
            (pieces.len() > 1).then_some((*seen, to - from, pieces))
        });
        if let Some((seen, len, pieces)) = split {
            let values = Values::none()
                .with("sent", Value::Bytes(len))
                .with("n", Value::Count(pieces.len() as u64))
                .with("got", Value::Bytes(pieces[0].2 - pieces[0].1));
            let mut found =
                finding("message-split", Level::Note, program, &say::MESSAGE_SPLIT, values).on(Some(conn.id));
            found.calls.extend(pieces.iter().map(|(seen, ..)| seen.call.id));
            out.push(found.call(&seen.call));
        }
    }
}
