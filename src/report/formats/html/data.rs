//! The packets and connections of a page as compact lists, which its script turns into words.
//!
//! Explanations are not written out: a list names the rule and the values of its placeholders, and the two texts of each
//! rule stand in the page once. So the page holds both languages and stays smaller than the records in one.

use std::collections::VecDeque;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value as Json, json};

use crate::annotate::verdict::{VERDICTS, Verdict, verdict};
use crate::annotate::{Annotation, Certainty, Rule};
use crate::decode::Transport;
use crate::frame::Time;
use crate::language::{Lang, Text, Value, Values};
use crate::report::info;
use crate::report::people::closing::in_short;
use crate::report::people::row::ends;
use crate::report::text::safe;
use crate::timeline::PacketEvent;
use crate::track::{ConnId, Connection, Proto, Side, State};

/// Bytes of a frame that are shown.
const BYTES: usize = 256;
/// Packets in one script element: the page reads them one element after the other, so that it never stalls.
const CHUNK: usize = 1000;

/// The packets of one capture, as far as they are written.
#[derive(Debug, Default)]
pub struct Packets {
    chunk: Vec<u8>,
    in_chunk: usize,
    /// How many the page is to hold at most.
    limit: Option<usize>,
    /// The last ones, where there are more.
    tail: VecDeque<Vec<u8>>,
    /// How many the page holds.
    pub count: u64,
    /// How many there were.
    pub total: u64,
    rules: Vec<(&'static Rule, Vec<String>)>,
}

/// A connection as a number: TCP even, UDP odd.
fn conn_number(conn: Option<ConnId>) -> i64 {
    conn.map_or(-1, |conn| i64::from(conn.index) * 2 + i64::from(conn.proto == Proto::Udp))
}

fn state_number(state: Option<State>) -> u64 {
    let at = state.and_then(|state| State::ALL.iter().position(|known| *known == state));
    at.map_or(15, |at| at as u64)
}

fn sure_number(certainty: Certainty) -> u64 {
    match certainty {
        Certainty::Certain => 0,
        Certainty::Likely => 1,
        Certainty::Possible => 2,
    }
}

/// A text in both languages, or once where they are the same.
pub fn both(of: impl Fn(Lang) -> String) -> Json {
    let (en, id) = (of(Lang::En), of(Lang::Id));
    if en == id { Json::String(en) } else { json!([en, id]) }
}

/// A value of a placeholder: an end as its number, anything else as text.
fn value(value: Option<&Value>) -> Json {
    match value {
        None => Json::Null,
        Some(Value::Side(side)) => json!(side.index()),
        Some(value) => both(|lang| safe(&value.render(lang))),
    }
}

/// The placeholders of a text, in the order of the alphabet.
fn keys(text: &Text) -> Vec<String> {
    let mut keys: Vec<String> = Lang::ALL.iter().flat_map(|lang| text.placeholders(*lang)).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn values_of(keys: &[String], values: &Values) -> impl Iterator<Item = Json> {
    keys.iter().map(|key| value(values.get(key)))
}

impl Packets {
    /// None yet, and at most so many: as in the diagram, a quarter of them are the last ones.
    #[must_use]
    pub fn new(limit: Option<usize>) -> Self {
        Packets { limit, ..Packets::default() }
    }

    /// Takes in one packet; writes when there are enough for an element.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn packet(
        &mut self,
        out: &mut dyn Write,
        capture: usize,
        event: &PacketEvent<'_>,
        start: Option<Time>,
    ) -> io::Result<()> {
        self.total += 1;
        let row = self.row(event, start);
        if let Some(limit) = self.limit
            && self.count >= (limit - limit / 4) as u64
        {
            let mut last = Vec::new();
            serde_json::to_writer(Script(&mut last), &row)?;
            self.tail.push_back(last);
            if self.tail.len() > limit / 4 {
                self.tail.pop_front();
            }
            return Ok(());
        }
        self.separate();
        serde_json::to_writer(Script(&mut self.chunk), &row)?;
        self.added(out, capture)
    }

    fn separate(&mut self) {
        self.chunk.extend_from_slice(if self.in_chunk == 0 { b"[" } else { b",\n" });
    }

    fn added(&mut self, out: &mut dyn Write, capture: usize) -> io::Result<()> {
        self.in_chunk += 1;
        self.count += 1;
        if self.in_chunk == CHUNK { self.flush(out, capture) } else { Ok(()) }
    }

    /// Writes what is left: nothing more comes of this capture.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn end(&mut self, out: &mut dyn Write, capture: usize) -> io::Result<()> {
        for last in std::mem::take(&mut self.tail) {
            self.separate();
            self.chunk.extend_from_slice(&last);
            self.added(out, capture)?;
        }
        self.flush(out, capture)
    }

    fn flush(&mut self, out: &mut dyn Write, capture: usize) -> io::Result<()> {
        if self.in_chunk > 0 {
            write!(out, "<script type=\"application/json\" class=\"packets\" data-capture=\"{capture}\">")?;
            out.write_all(&self.chunk)?;
            out.write_all(b"]</script>\n")?;
            self.chunk.clear();
            self.in_chunk = 0;
        }
        Ok(())
    }

    /// Frame, time, connection, sender, length, flags, seq, ack, window, states, explanations, bytes, frame length,
    /// and what only some packets have.
    fn row(&mut self, event: &PacketEvent<'_>, start: Option<Time>) -> Json {
        let (packet, step) = (event.packet, event.step);
        let rel = packet.time.zip(start).map(|(time, start)| time.since(start));
        let from = step.from.map_or(2, Side::index);
        let (len, flags, seq, ack, window, states) = match (&packet.transport, &step.tcp) {
            (Transport::Tcp(segment), tcp) => {
                let states = tcp.as_ref().map(|tcp| tcp.after).unwrap_or_default();
                (
                    Some(segment.len),
                    i32::from(segment.flags.0),
                    tcp.as_ref().map(|tcp| tcp.seq),
                    tcp.as_ref().and_then(|tcp| tcp.ack),
                    tcp.as_ref().map(|tcp| tcp.window),
                    state_number(states.client) * 16 + state_number(states.server),
                )
            }
            (Transport::Udp(datagram), _) => (Some(datagram.len), -1, None, None, None, 0),
            _ => (None, -2, None, None, None, 0),
        };
        let notes: Vec<Json> = event.notes.iter().map(|note| self.note(note)).collect();
        let shown = packet.bytes.get(..BYTES).unwrap_or(packet.bytes);
        let mut row = vec![
            json!(packet.number),
            json!(rel),
            json!(conn_number(step.conn.or_else(|| step.quote.and_then(|quote| quote.conn)))),
            json!(from),
            json!(len),
            json!(flags),
            json!(seq),
            json!(ack),
            json!(window),
            json!(states),
            Json::Array(notes),
            Json::String(STANDARD_NO_PAD.encode(shown)),
            json!(packet.captured_len),
        ];
        row.extend(extra(event));
        Json::Array(row)
    }

    fn note(&mut self, note: &Annotation) -> Json {
        let known = self.rules.iter().position(|(known, _)| std::ptr::eq(*known, note.rule));
        let rule = known.unwrap_or_else(|| {
            self.rules.push((note.rule, keys(&note.rule.note)));
            self.rules.len() - 1
        });
        let head = [json!(rule), json!(sure_number(note.certainty))];
        Json::Array(head.into_iter().chain(values_of(&self.rules[rule].1, &note.values)).collect())
    }

    /// The rules that explanations name, in the order of their numbers.
    #[must_use]
    pub fn rules(&self) -> Json {
        let text = |text: &Text| json!([text.en, text.id]);
        let rules = self.rules.iter().map(|(rule, keys)| {
            json!({
                "name": rule.name, "title": text(&rule.title), "note": text(&rule.note), "more": text(&rule.more),
                "keys": keys, "sources": rule.sources,
            })
        });
        rules.collect()
    }
}

/// What only some packets have: the line of other protocols, addresses outside of connections, the message of an
/// application, the way over a wire.
fn extra(event: &PacketEvent<'_>) -> Option<Json> {
    let mut extra = serde_json::Map::new();
    if !matches!(event.packet.transport, Transport::Tcp(_)) {
        extra.insert("i".into(), json!(safe(&info::info(event.packet, event.step))));
    }
    if event.step.conn.is_none() {
        let (src, dst) = ends(event.packet);
        extra.insert("s".into(), json!(src));
        extra.insert("d".into(), json!(dst));
    }
    if let Some(app) = &event.step.app {
        extra.insert("a".into(), json!(safe(&app.summary)));
    }
    match event.packet.passage {
        Some(crate::frame::Passage::Left { arrived: None, .. }) => {
            extra.insert("w".into(), json!(-1));
        }
        Some(crate::frame::Passage::Left { arrived: Some(arrived), .. }) => {
            extra.insert("w".into(), json!(event.packet.time.map(|time| arrived.time.since(time))));
        }
        _ => {}
    }
    (!extra.is_empty()).then_some(Json::Object(extra))
}

/// One connection: number, ends, duration, packets and bytes both ways, how it closed, verdict.
#[must_use]
pub fn connection(conn: &Connection) -> Json {
    let verdict: Verdict = verdict(conn);
    let rule = VERDICTS.iter().position(|known| std::ptr::eq(*known, verdict.rule));
    let words: Vec<Json> = [json!(rule), json!(sure_number(verdict.certainty))]
        .into_iter()
        .chain(values_of(&keys(&verdict.rule.sentence), &verdict.values))
        .collect();
    json!([
        conn_number(Some(conn.id)),
        conn.client.to_string(),
        conn.server.to_string(),
        conn.duration_ns(),
        conn.packets,
        conn.bytes,
        both(|lang| in_short(conn, lang)),
        words,
        conn.first.frame,
    ])
}

/// The texts of all verdicts.
#[must_use]
pub fn verdicts() -> Json {
    let rules = VERDICTS.iter().map(
        |rule| json!({"name": rule.name, "note": [rule.sentence.en, rule.sentence.id], "keys": keys(&rule.sentence)}),
    );
    rules.collect()
}

/// JSON inside of a script element: nothing in it may look like the end of the element.
pub struct Script<W>(pub W);

impl<W: Write> Write for Script<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut done = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'<' {
                self.0.write_all(&bytes[done..at])?;
                self.0.write_all(b"\\u003c")?;
                done = at + 1;
            }
        }
        self.0.write_all(&bytes[done..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
