//! Connection → verdict: who ended it, how, on what evidence, how sure.
//!
//! A verdict says what the capture shows. Where a connection is not at its end, that is "the capture ends while …",
//! not a statement about what happened afterwards.

mod kinds;

use super::Certainty;
use super::resets::{self, Cause, causes};
use crate::language::{Lang, Text, Value, Values};
use crate::track::close::{HalfClose, half_close};
use crate::track::connection::{FinMark, Mark, RstMark};
use crate::track::given_up::GivenUp;
use crate::track::step::{Acceptance, FinFact, RstKind};
use crate::track::{ConnId, Connection, Proto, Side};

pub use kinds::{FOUR_SEGMENTS, THREE_SEGMENTS, VERDICTS};

/// The sentence about a whole connection.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The rule's name: one of [`VERDICTS`], which uses the name of an event rule where that event decides.
    pub rule: &'static VerdictRule,
    /// How sure.
    pub certainty: Certainty,
    /// The values of its placeholders.
    pub values: Values,
    /// The frames it rests on.
    pub evidence: Vec<u64>,
    /// Names of other rules that the packets cannot exclude.
    pub candidates: Vec<&'static str>,
}

impl Verdict {
    /// The sentence in one language.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        self.rule.sentence.fill(lang, &self.values)
    }

    fn new(rule: &'static VerdictRule) -> Self {
        Verdict {
            rule,
            certainty: Certainty::Certain,
            values: Values::none(),
            evidence: Vec::new(),
            candidates: Vec::new(),
        }
    }

    fn with_certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    fn value(mut self, name: &'static str, value: Value) -> Self {
        self.values = self.values.with(name, value);
        self
    }

    /// One end as `src`, the other as `dst`.
    fn about(self, src: Side) -> Self {
        self.value("src", Value::Side(src)).value("dst", Value::Side(src.other()))
    }

    /// A frame that the sentence names, and that it rests on.
    fn frame(mut self, name: &'static str, frame: u64) -> Self {
        self.evidence.push(frame);
        self.value(name, Value::Number(frame))
    }

    /// Evidence in the order of the file, each frame once.
    fn sorted(mut self) -> Self {
        self.evidence.sort_unstable();
        self.evidence.dedup();
        self
    }
}

/// A kind of verdict with its sentence.
#[derive(Debug)]
pub struct VerdictRule {
    /// Its name in the records.
    pub name: &'static str,
    /// A few words.
    pub title: Text,
    /// The sentence, with placeholders.
    pub sentence: Text,
}

/// The verdict on a connection or conversation, by what the capture shows of it.
#[must_use]
pub fn verdict(conn: &Connection) -> Verdict {
    let verdict = match conn.id.proto {
        Proto::Udp => udp(conn),
        Proto::Tcp => tcp(conn),
    };
    verdict.sorted()
}

fn tcp(conn: &Connection) -> Verdict {
    if let Some(rst) = &conn.rst {
        return reset(conn, rst);
    }
    if conn.is_with_itself() {
        return with_itself(conn);
    }
    if let Some(given_up) = conn.given_up {
        return gave_up(conn, given_up);
    }
    if let Some(verdict) = one_way(conn) {
        return verdict;
    }
    match (conn.first_fin(), conn.fin) {
        (Some((first, _)), [Some(client), Some(server)]) => {
            let (one, two) = if first == Side::Client { (client, server) } else { (server, client) };
            both_fins(conn, first, one, two)
        }
        (Some((by, fin)), _) => one_fin(conn, by, fin),
        (None, _) => no_end(conn),
    }
}

/// A RST ended it. An earlier FIN is mentioned, but the RST decides.
fn reset(conn: &Connection, rst: &RstMark) -> Verdict {
    let about = |kind| Verdict::new(kind).about(rst.by).frame("rst", rst.at.frame);
    if let RstKind::Refusal(syn) = rst.fact.kind {
        let port = Value::Number(u64::from(conn.end(rst.by).port()));
        return about(&kinds::RST_REFUSED).frame("syn", syn).value("port", port);
    }
    let causes = causes(&rst.fact, rst.by, conn);
    let with_fins = |verdict: Verdict| earlier_fins(conn, rst, verdict);
    match causes.only() {
        Some(Cause::AfterClose) => {
            let late = Value::Bytes(conn.bytes_after_fin[rst.by.other().index()]);
            let mut verdict = about(&kinds::RST_AFTER_CLOSE).with_certainty(causes.certainty).value("n", late);
            if let Some(fin) = rst.fact.sender_fin {
                verdict = verdict.frame("fin", fin);
            }
            verdict.evidence.extend(rst.fact.peer_data);
            verdict
        }
        Some(Cause::NoConnection) => {
            let answered = if let RstKind::Answer(frame) = rst.fact.kind { frame } else { rst.at.frame };
            let verdict = about(&kinds::RST_NO_CONNECTION).with_certainty(causes.certainty).frame("frame", answered);
            with_fins(verdict)
        }
        Some(Cause::Timeout) => {
            let verdict = about(&kinds::RST_TIMEOUT).with_certainty(causes.certainty);
            with_fins(match resets::unanswered(&rst.fact) {
                Some((what, last)) => verdict.value("what", Value::Text(what)).frame("probe", last),
                None => verdict,
            })
        }
        Some(Cause::Abort) => with_fins(about(&kinds::RST_ABORT).with_certainty(causes.certainty)),
        Some(Cause::Unread) | None => {
            let sure = match rst.fact.acceptance {
                Acceptance::Accepted => Certainty::Certain,
                _ => Certainty::Likely,
            };
            let mut verdict = with_fins(about(&kinds::CONNECTION_ABORTED).with_certainty(sure));
            verdict.evidence.extend(rst.fact.peer_data);
            verdict.candidates = causes.left.iter().map(|cause| cause.rule()).collect();
            verdict
        }
    }
}

/// Says which FINs a RST overtook.
fn earlier_fins(conn: &Connection, rst: &RstMark, mut verdict: Verdict) -> Verdict {
    let before = conn.fin.map(|fin| fin.map(|fin| fin.at.frame).filter(|frame| *frame < rst.at.frame));
    verdict.evidence.extend(before.iter().flatten());
    let text = match before {
        [None, None] => kinds::NOTHING,
        [Some(_), None] => kinds::AFTER_FIN_OF_CLIENT,
        [None, Some(_)] => kinds::AFTER_FIN_OF_SERVER,
        [Some(_), Some(_)] => kinds::AFTER_BOTH_FINS,
    };
    verdict.value("earlier", Value::Text(text))
}

/// One socket at both ends: what it did, the client of the records did.
fn with_itself(conn: &Connection) -> Verdict {
    let ended = match conn.fin[Side::Client.index()] {
        Some(FinMark { acked: Some(_), .. }) => kinds::ITSELF_CLOSED,
        Some(_) => kinds::ITSELF_CLOSING,
        None => kinds::ITSELF_OPEN,
    };
    let opened = match (conn.syn, conn.established) {
        (Some(_), Some(_)) => kinds::ITSELF_CONNECTED,
        (Some(_), None) => kinds::ITSELF_ASKED,
        (None, _) => Text { en: "", id: "" },
    };
    // A forged packet looks the same.
    let sure = if conn.established.is_some() { Certainty::Certain } else { Certainty::Likely };
    let mut verdict = Verdict::new(&kinds::SELF_CONNECTION)
        .with_certainty(sure)
        .value("port", Value::Number(u64::from(conn.client.port())))
        .value("opened", Value::Text(opened))
        .value("ended", Value::Text(ended))
        .frame("first", conn.first.frame);
    for fin in conn.fin.iter().flatten() {
        verdict.evidence.push(fin.at.frame);
        verdict.evidence.extend(fin.acked.map(|acked| acked.frame));
    }
    verdict
}

/// A kernel ended it by itself. A call that failed names the connection; a counter only says that there was one.
fn gave_up(conn: &Connection, given_up: GivenUp) -> Verdict {
    let (word, sure) = match (given_up.told, given_up.counted) {
        (true, true) => (kinds::TOLD_AND_COUNTED, Certainty::Certain),
        (true, false) => (kinds::TOLD, Certainty::Certain),
        (false, _) => (kinds::COUNTED, Certainty::Likely),
    };
    let mut verdict = Verdict::new(&kinds::KERNEL_TIMEOUT)
        .about(given_up.by)
        .with_certainty(sure)
        .value("word", Value::Text(word))
        .frame("frame", given_up.asked)
        .frame("last", conn.last.frame);
    verdict.evidence.extend(conn.fin.iter().flatten().map(|fin| fin.at.frame));
    verdict
}

/// Only one end's packets are in the capture; SYNs without any answer are another matter.
fn one_way(conn: &Connection) -> Option<Verdict> {
    let silent = match conn.packets {
        [_, 0] => Side::Server,
        [0, _] => Side::Client,
        _ => return None,
    };
    let speaker = silent.other();
    if let Some(syn) = conn.syn.filter(|_| u64::from(conn.syn_count) == conn.packets[speaker.index()]) {
        let icmp = if conn.icmp_errors.is_empty() { kinds::NOTHING } else { kinds::BUT_ICMP };
        let mut verdict = Verdict::new(&kinds::NO_ANSWER)
            .about(speaker)
            .value("n", Value::Count(u64::from(conn.syn_count)))
            .value("icmp", Value::Text(icmp))
            .frame("frame", syn.frame);
        verdict.evidence.push(conn.first.frame);
        verdict.evidence.extend(&conn.icmp_errors);
        return Some(verdict);
    }
    let fin = conn.fin[speaker.index()];
    let ended = if fin.is_some() { kinds::WITH_ITS_FIN } else { kinds::NOTHING };
    let mut verdict = Verdict::new(&kinds::ONE_WAY)
        .about(speaker)
        .value("ended", Value::Text(ended))
        .frame("first", conn.first.frame)
        .frame("last", conn.last.frame);
    verdict.evidence.extend(fin.map(|fin| fin.at.frame));
    Some(verdict)
}

/// Both ends have sent a FIN; `one` is the first.
fn both_fins(conn: &Connection, first: Side, one: FinMark, two: FinMark) -> Verdict {
    let about = |kind| Verdict::new(kind).about(first).frame("fin", one.at.frame).frame("second", two.at.frame);
    if matches!(two.fact, FinFact::Crossing(_)) {
        let ending = if one.acked.and(two.acked).is_some() { kinds::BOTH_ACKED } else { kinds::NOT_BOTH_ACKED };
        let mut verdict = about(&kinds::SIMULTANEOUS_CLOSE).value("ending", Value::Text(ending));
        verdict.evidence.extend([one.acked, two.acked].iter().flatten().map(|mark| mark.frame));
        return verdict;
    }
    let (Some(first_ack), Some(last_ack)) = (one.acked, two.acked) else { return about(&kinds::FIN_SECOND) };
    // A FIN that was captured twice makes the close longer than the textbook's.
    let segments = |usual, more| Value::Text(if one.repeated || two.repeated { more } else { usual });
    match half_close(conn) {
        Some(half) if half.bytes_after > 0 => {
            let accepted = if half.accepted == Some(true) { kinds::ALL_ACKED } else { kinds::NOTHING };
            let mut verdict = about(&kinds::HALF_CLOSE_DATA)
                .value("n", Value::Bytes(half.bytes_after))
                .value("accepted", Value::Text(accepted))
                .frame("last", last_ack.frame);
            verdict.evidence.extend(conn.late_data_acked[first.index()]);
            verdict
        }
        Some(_) => about(&kinds::LAST_ACK)
            .value("segments", segments(kinds::FOUR_SEGMENTS, kinds::FOUR_STEPS))
            .frame("acked", first_ack.frame)
            .frame("last", last_ack.frame),
        None => about(&kinds::FIN_ACK_MERGED)
            .value("segments", segments(kinds::THREE_SEGMENTS, kinds::THREE_STEPS))
            .frame("last", last_ack.frame),
    }
}

/// One end has sent a FIN, the other has not.
fn one_fin(conn: &Connection, by: Side, fin: FinMark) -> Verdict {
    // Without a beginning, the other end's FIN may have come before the capture.
    let mid_stream = conn.syn.is_none() && conn.syn_ack.is_none();
    let sure = if mid_stream { Certainty::Likely } else { Certainty::Certain };
    let about = |kind| Verdict::new(kind).about(by).with_certainty(sure).frame("fin", fin.at.frame);
    let Some(acked) = fin.acked else { return about(&kinds::FIN_FIRST) };
    let late = half_close(conn).map_or(0, |half: HalfClose| half.bytes_after);
    let mut verdict = about(&kinds::HALF_CLOSE_BEGINS).frame("acked", acked.frame).value("n", Value::Bytes(late));
    verdict.evidence.extend(conn.late_data_acked[by.index()]);
    verdict
}

/// Neither FIN nor RST.
fn no_end(conn: &Connection) -> Verdict {
    let frame = |mark: Option<Mark>| mark.map_or(conn.first.frame, |mark| mark.frame);
    if conn.syn.is_none() && conn.syn_ack.is_none() {
        return Verdict::new(&kinds::MID_STREAM).frame("first", conn.first.frame).frame("last", conn.last.frame);
    }
    let begun = |kind| Verdict::new(kind).about(Side::Client).frame("frame", frame(conn.syn.or(conn.syn_ack)));
    // Data both ways shows that the handshake was completed, even where the capture missed how.
    let data_both_ways = conn.bytes.iter().all(|bytes| *bytes > 0);
    match conn.established {
        Some(open) => {
            let mut verdict = begun(&kinds::STILL_OPEN).frame("last", conn.last.frame);
            verdict.evidence.push(open.frame);
            verdict
        }
        None if data_both_ways => {
            begun(&kinds::STILL_OPEN).with_certainty(Certainty::Likely).frame("last", conn.last.frame)
        }
        None => begun(&kinds::HANDSHAKE_UNFINISHED).frame("last", conn.last.frame),
    }
}

/// The name of the conversation that holds the other half: `udp:1`.
fn other_half(conn: &Connection) -> String {
    conn.other_half.map_or_else(|| "?".to_owned(), |(index, _)| ConnId { proto: Proto::Udp, index }.to_string())
}

fn udp(conn: &Connection) -> Verdict {
    let [asked, answered] = conn.packets;
    if let Some((port, request)) = conn.other_port {
        let unheard = if conn.port_unreachable.is_some() { kinds::NOBODY_TOOK_THEM } else { kinds::NOTHING };
        let mut verdict = Verdict::new(&kinds::UDP_OTHER_PORT)
            .about(Side::Server)
            .with_certainty(Certainty::Likely)
            .value("port", Value::Number(u64::from(conn.server.port())))
            .value("asked", Value::Number(u64::from(port)))
            .value("icmp", Value::Text(unheard))
            .frame("frame", request)
            .frame("first", conn.first.frame);
        verdict.values = verdict.values.words("conn", other_half(conn));
        verdict.evidence.extend(conn.port_unreachable);
        return verdict;
    }
    if asked > 0 && answered > 0 {
        return Verdict::new(&kinds::UDP_EXCHANGE)
            .about(Side::Client)
            .value("n", Value::Count(asked))
            .value("m", Value::Count(answered))
            .frame("first", conn.first.frame)
            .frame("last", conn.last.frame);
    }
    let speaker = if asked > 0 { Side::Client } else { Side::Server };
    if let Some(icmp) = conn.port_unreachable {
        return Verdict::new(&kinds::ICMP_PORT_UNREACHABLE)
            .about(speaker)
            .value("port", Value::Number(u64::from(conn.end(speaker.other()).port())))
            .frame("first", conn.first.frame)
            .frame("icmp", icmp);
    }
    if let Some((_, answer)) = conn.other_half {
        let mut verdict = Verdict::new(&kinds::UDP_ANSWERED_ELSEWHERE)
            .about(speaker)
            .with_certainty(Certainty::Likely)
            .value("n", Value::Count(asked.max(answered)))
            .frame("first", conn.first.frame)
            .frame("last", conn.last.frame)
            .frame("answer", answer);
        verdict.values = verdict.values.words("conn", other_half(conn));
        return verdict;
    }
    let icmp = if conn.icmp_errors.is_empty() { kinds::NOTHING } else { kinds::BUT_ICMP };
    let mut verdict = Verdict::new(&kinds::UDP_ONE_WAY)
        .about(speaker)
        .value("n", Value::Count(asked.max(answered)))
        .value("icmp", Value::Text(icmp))
        .frame("first", conn.first.frame)
        .frame("last", conn.last.frame);
    verdict.evidence.extend(&conn.icmp_errors);
    verdict
}

#[cfg(test)]
mod tests;
