//! How a connection ended, in words.

use super::gather::Segment;
use super::row::flag_names;
use crate::annotate::Certainty;
use crate::annotate::verdict::Verdict;
use crate::language::messages::{Message, report as say};
use crate::language::{Lang, Value, Values, numbers};
use crate::report::text::safe;
use crate::track::close::{Close, ClosedBy, HalfClose, close, closed_by, half_close};
use crate::track::connection::RstMark;
use crate::track::step::{FinFact, RstKind};
use crate::track::{Connection, Proto, Side, State};

/// A label with its text.
pub type Labelled = (String, String);

/// A time in which one direction was closed, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// First frame of it.
    pub from: u64,
    /// Last frame of it.
    pub to: u64,
    /// What stands at its beginning: `client FIN #12`.
    pub begin: String,
    /// What it is: duration and bytes.
    pub middle: String,
    /// What stands at its end.
    pub end: String,
    /// The sentences about it.
    pub words: String,
}

/// How sure something is, in one word.
#[must_use]
pub fn certainty(sure: Certainty, lang: Lang) -> &'static str {
    let message = match sure {
        Certainty::Certain => &say::CERTAIN,
        Certainty::Likely => &say::LIKELY,
        Certainty::Possible => &say::POSSIBLE,
    };
    message.text.get(lang)
}

/// `client` or `server`, as a label.
#[must_use]
pub fn side_name(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Client => say::CLIENT.text.get(lang),
        Side::Server => say::SERVER.text.get(lang),
    }
}

/// The verdict with how sure it is and on what it rests.
#[must_use]
pub fn verdict_words(verdict: &Verdict, lang: Lang) -> (String, String) {
    let mut basis = vec![certainty(verdict.certainty, lang).to_owned()];
    if !verdict.evidence.is_empty() {
        let frames = Values::none().with("frames", Value::Frames(verdict.evidence.clone()));
        let message = if verdict.evidence.len() == 1 { &say::EVIDENCE_ONE } else { &say::EVIDENCE };
        basis.push(message.text.fill(lang, &frames));
    }
    if !verdict.candidates.is_empty() {
        basis.push(say::CANDIDATES.text.fill(lang, &Values::none().words("names", verdict.candidates.join(", "))));
    }
    (safe(&verdict.sentence(lang)), format!("[{}] ({})", verdict.rule.name, basis.join("; ")))
}

/// The close in two or three words, for lists.
#[must_use]
pub fn in_short(conn: &Connection, lang: Lang) -> String {
    if conn.id.proto == Proto::Udp {
        return "–".to_owned();
    }
    let by = match closed_by(conn) {
        Some(ClosedBy::One(side)) => Some(side),
        _ => None,
    };
    let message = match (close(conn), by) {
        (Close::Fin, Some(_)) => &say::CLOSED_FIN,
        (Close::Fin, None) => &say::CLOSED_FIN_BOTH,
        (Close::Timeout, _) => &say::CLOSED_TIMEOUT,
        (Close::None, Some(_)) => &say::CLOSED_HALF,
        (Close::Rst, _) => &say::CLOSED_RST,
        (Close::Refused, _) => &say::CLOSED_REFUSED,
        (Close::None, None) if conn.syn.is_some() && conn.packets[Side::Server.index()] == 0 => &say::CLOSED_UNANSWERED,
        (Close::None, None) => &say::CLOSED_OPEN,
    };
    let side = by.map_or("?", |side| side_name(side, lang));
    message.text.fill(lang, &Values::none().words("side", side))
}

/// The half-close as a span; `Err` with a sentence when both ends closed without one, `None` when it does not apply.
#[must_use]
pub fn span(conn: &Connection, lang: Lang) -> Option<Result<Span, String>> {
    let (by, fin) = conn.first_fin()?;
    let values = Values::none().with("by", Value::Side(by)).with("other", Value::Side(by.other()));
    let Some(half) = half_close(conn) else {
        return conn.fin[by.other().index()].map(|_| Err(say::HALF_NONE.text.fill(lang, &values)));
    };
    let end = match (conn.fin[by.other().index()], &conn.rst) {
        (Some(peer), _) => span_end(&say::SPAN_END, lang, by.other(), "FIN", peer.at.frame),
        (None, Some(rst)) => span_end(&say::SPAN_END, lang, rst.by, "RST", rst.at.frame),
        (None, None) => format!("#{} …", half.end.frame),
    };
    let way = match by {
        Side::Client => "S→C",
        Side::Server => "C→S",
    };
    let mut middle: Vec<String> = half.duration_ns().map(|ns| numbers::duration(lang, ns)).into_iter().collect();
    if half.bytes_after > 0 {
        let bytes = Values::none().with("n", Value::Count(half.bytes_after)).words("way", way);
        middle.push(say::SPAN_BYTES.text.fill(lang, &bytes));
    }
    Some(Ok(Span {
        from: half.begin.frame,
        to: half.end.frame,
        begin: span_end(&say::SPAN_BEGIN, lang, by, "FIN", fin.at.frame),
        middle: middle.join(" · "),
        end,
        words: span_words(conn, &half, lang),
    }))
}

fn span_end(message: &Message, lang: Lang, side: Side, flag: &'static str, frame: u64) -> String {
    let values = Values::none().words("side", side_name(side, lang)).words("flag", flag);
    message.text.fill(lang, &values.with("frame", Value::Number(frame)))
}

fn span_words(conn: &Connection, half: &HalfClose, lang: Lang) -> String {
    let mut values = Values::none()
        .with("by", Value::Side(half.by))
        .with("other", Value::Side(half.by.other()))
        .with("from", Value::Number(half.begin.frame))
        .with("to", Value::Number(half.end.frame))
        .with("n", Value::Count(half.bytes_after));
    if let Some(ns) = half.duration_ns() {
        values = values.with("duration", Value::Duration(ns));
    }
    let peer_fin = conn.fin[half.by.other().index()];
    let crossed = peer_fin.is_some_and(|fin| matches!(fin.fact, FinFact::Crossing(_)));
    if half.begin.frame == half.end.frame {
        let sentences = [&say::HALF_BEGINS, &say::HALF_NEVER_ENDED];
        return sentences.map(|sentence| sentence.text.fill(lang, &values)).join(" ");
    }
    let mut sentences: Vec<&Message> = vec![match (crossed, half.duration_ns()) {
        (true, _) => &say::HALF_CROSSED,
        (false, Some(_)) => &say::HALF_SPAN,
        (false, None) => &say::HALF_SPAN_UNTIMED,
    }];
    sentences.push(match (half.bytes_after, half.accepted) {
        (0, _) => &say::HALF_NO_BYTES,
        (_, Some(true)) => &say::HALF_BYTES_ACKED,
        (_, Some(false)) => &say::HALF_BYTES_RESET,
        (_, None) => &say::HALF_BYTES_UNKNOWN,
    });
    match (peer_fin, &conn.rst) {
        (Some(_), _) => {}
        (None, Some(_)) => sentences.push(&say::HALF_ENDED_BY_RST),
        (None, None) => sentences.push(&say::HALF_NEVER_ENDED),
    }
    sentences.iter().map(|sentence| sentence.text.fill(lang, &values)).collect::<Vec<_>>().join(" ")
}

/// Who closed first, which segments it took, who waits: one line each. Empty for UDP.
#[must_use]
pub fn close_lines(conn: &Connection, segments: &[Segment], cut: bool, lang: Lang) -> Vec<Labelled> {
    if conn.id.proto == Proto::Udp {
        return Vec::new();
    }
    let mut lines: Vec<Labelled> = Vec::new();
    let label = |message: &Message| message.text.get(lang).to_owned();
    if let Some((by, first)) = conn.first_fin() {
        let at = Values::none().words("side", side_name(by, lang)).with("frame", Value::Number(first.at.frame));
        lines.push((label(&say::FIRST_FIN), say::FIN_AT.text.fill(lang, &at)));
        if !conn.is_with_itself() {
            lines.push((label(&say::SECOND_FIN), second_fin(conn, by, lang)));
        }
    }
    if let Some(rst) = &conn.rst {
        lines.push((label(&say::RST_LABEL), rst_words(rst, lang)));
    }
    if let Some(given_up) = conn.given_up {
        let by = Values::none().words("side", side_name(given_up.by, lang));
        lines.push((String::new(), say::CLOSE_TIMEOUT.text.fill(lang, &by)));
    }
    if lines.is_empty() {
        return vec![(String::new(), say::CLOSE_OPEN.text.get(lang).to_owned())];
    }
    if !segments.is_empty() {
        lines.push((label(&say::SEGMENTS), segment_words(segments, cut, lang)));
    }
    if let Some(words) = time_wait_words(conn, lang) {
        lines.push((label(&say::TIME_WAIT), words));
    }
    lines
}

fn second_fin(conn: &Connection, by: Side, lang: Lang) -> String {
    let first = conn.fin[by.index()];
    let Some(second) = conn.fin[by.other().index()] else {
        let missing = if conn.rst.is_some() { &say::FIN_NONE_BUT_RST } else { &say::FIN_MISSING };
        return missing.text.get(lang).to_owned();
    };
    let at = Values::none().words("side", side_name(by.other(), lang)).with("frame", Value::Number(second.at.frame));
    let later = first.and_then(|first| Some(second.at.time?.since(first.at.time?)));
    match later {
        Some(ns) => say::FIN_LATER.text.fill(lang, &at.with("duration", Value::Duration(ns))),
        None => say::FIN_AT.text.fill(lang, &at),
    }
}

fn rst_words(rst: &RstMark, lang: Lang) -> String {
    let values = Values::none().words("side", side_name(rst.by, lang)).with("frame", Value::Number(rst.at.frame));
    let (message, other) = match rst.fact.kind {
        RstKind::Refusal(syn) => (&say::RST_REFUSAL, Some(syn)),
        RstKind::Answer(frame) => (&say::RST_ANSWER, Some(frame)),
        RstKind::Active if rst.fact.unanswered.is_some() => (&say::RST_GIVES_UP, None),
        RstKind::Active => (&say::RST_ACTIVE, None),
        RstKind::Unclear => (&say::RST_UNCLEAR, None),
    };
    let values = match other {
        Some(frame) => values.with("other", Value::Number(frame)),
        None => values,
    };
    message.text.fill(lang, &values)
}

/// The segments of a close in one line: `C→S FIN,ACK · S→C ACK · …`.
#[must_use]
pub fn segment_words(segments: &[Segment], cut: bool, lang: Lang) -> String {
    let mut words: Vec<String> = segments.iter().map(segment).collect();
    if cut {
        words.push(say::AND_MORE.text.get(lang).to_owned());
    }
    words.join(" · ")
}

/// One segment of a close, without a place where a line could be broken.
#[must_use]
pub fn segment(segment: &Segment) -> String {
    let way = match segment.from {
        Side::Client => "C→S",
        Side::Server => "S→C",
    };
    let flags = flag_names(segment.flags, ",");
    if segment.len == 0 {
        format!("{way}\u{a0}{flags}")
    } else {
        format!("{way}\u{a0}{flags}\u{a0}({}\u{a0}B)", segment.len)
    }
}

/// Which ends are in TIME-WAIT.
#[must_use]
pub fn waiting(conn: &Connection) -> Vec<Side> {
    let waits = |side: &Side| conn.states.of(*side) == Some(State::TimeWait);
    [Side::Client, Side::Server].into_iter().filter(waits).collect()
}

fn time_wait_words(conn: &Connection, lang: Lang) -> Option<String> {
    match (&waiting(conn)[..], close(conn)) {
        ([_, _], _) if conn.is_with_itself() => Some(say::TIME_WAIT_ITSELF.text.get(lang).to_owned()),
        ([_, _], _) => Some(say::TIME_WAIT_BOTH.text.get(lang).to_owned()),
        ([side], _) => Some(say::TIME_WAIT_ONE.text.fill(lang, &Values::none().words("side", side_name(*side, lang)))),
        (_, Close::Rst) => Some(say::TIME_WAIT_RST.text.get(lang).to_owned()),
        (_, Close::Refused | Close::Timeout) => None,
        (_, Close::Fin | Close::None) => Some(say::TIME_WAIT_NOT_YET.text.get(lang).to_owned()),
    }
}
