//! The teacher's questions, chosen from what is in the capture, each with the packets to look at and what the key says.

use super::content::Told;
use super::seen::Fired;
use crate::annotate::Certainty;
use crate::annotate::terms::{self, Entry};
use crate::annotate::verdict::verdict;
use crate::language::messages::lab as words;
use crate::language::messages::lab::questions as say;
use crate::language::messages::{Message, report};
use crate::language::{Value, Values};
use crate::report::people::closing::{certainty, span, verdict_words, waiting};
use crate::track::close::{Close, close};
use crate::track::{Connection, Proto};

/// Packets out of the ordinary that are asked about, at most.
const SPECIAL: usize = 4;

/// A question.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// What is asked.
    pub(super) asks: String,
    /// The packets to look at.
    pub(super) frames: Vec<u64>,
    /// There are more like them.
    pub(super) more: bool,
    /// How many lines the answer may take.
    pub(super) lines: usize,
    /// What the key says, paragraph by paragraph.
    pub(super) key: Vec<String>,
}

/// A question that a rule calls for: with what the key says beyond the explanation of the packet.
struct ByRule(&'static [&'static str], &'static Message, Option<&'static Message>);

/// Of opening and talking, in the order of a connection's life.
const TALK: &[ByRule] = &[
    ByRule(&["syn-options"], &say::OPTIONS, Some(&say::OPTIONS_KEY)),
    ByRule(&["data-psh"], &say::PSH, Some(&say::PSH_KEY)),
    ByRule(&["data-no-psh"], &say::NO_PSH, Some(&say::PSH_KEY)),
    ByRule(&["pure-ack", "piggybacked-ack"], &say::ACK, Some(&say::ACK_KEY)),
    ByRule(&["delayed-ack"], &say::DELAYED, None),
    ByRule(&["http-request"], &say::HTTP, Some(&say::HTTP_KEY)),
    ByRule(&["udp-datagram"], &say::UDP, Some(&say::UDP_KEY)),
    ByRule(&["udp-other-port"], &say::OTHER_PORT, None),
    ByRule(&["icmp-port-unreachable"], &say::ICMP, None),
];

/// Segments that came again.
const REPEATED: &[&str] = &["syn-retransmission", "retransmission-rto", "fast-retransmission", "tail-loss-probe"];

/// What is rare and worth a question of its own.
const RARE: &[&str] = &[
    "simultaneous-open",
    "zero-window",
    "zero-window-probe",
    "window-update",
    "keep-alive",
    "challenge-ack",
    "rst-ignored",
    "dup-ack",
    "sack",
    "out-of-order",
    "spurious-dsack",
    "nagle-hold",
    "urgent",
    "fin-with-data",
    "simultaneous-close",
    "time-wait-reack",
    "port-reuse",
];

/// The questions of a report.
pub(super) fn questions(told: &Told<'_>) -> Vec<Asked> {
    let asking = Asking { told, several: told.connections.len() > 1, out: Vec::new() };
    asking.all()
}

struct Asking<'a> {
    told: &'a Told<'a>,
    /// Each question names the connection that it is about.
    several: bool,
    out: Vec<Asked>,
}

impl Asking<'_> {
    fn all(mut self) -> Vec<Asked> {
        let conns = self.conns();
        for conn in &conns {
            self.handshake(conn);
        }
        for by in TALK {
            self.by_rule(by);
        }
        self.word();
        for name in REPEATED {
            self.about_packet(name, &say::REPEATED);
        }
        let rare: Vec<&str> = RARE.iter().copied().filter(|name| self.told.seen.rule(name).is_some()).collect();
        for name in rare.into_iter().take(SPECIAL) {
            self.about_packet(name, &say::SPECIAL);
        }
        for conn in &conns {
            self.closing(conn);
        }
        self.course();
        self.findings();
        self.out
    }

    /// The TCP connections whose life is asked about: those that are told packet by packet, else the first.
    fn conns(&self) -> Vec<Connection> {
        let told = &self.told.story.timelines;
        let shown = told.iter().filter_map(|told| self.told.connections.find(told.id));
        let mut conns: Vec<Connection> =
            shown.map(std::borrow::Cow::into_owned).filter(|conn| conn.id.proto == Proto::Tcp).collect();
        if conns.is_empty() && told.is_empty() {
            let first = self.told.connections.iter().find(|conn| conn.id.proto == Proto::Tcp);
            conns.extend(first.map(std::borrow::Cow::into_owned));
        }
        conns
    }

    fn word_of(&self, message: &Message) -> String {
        message.text.get(self.told.lang).to_owned()
    }

    /// Asks, naming the connection where there are several.
    fn ask(&mut self, conn: Option<crate::track::ConnId>, asked: Asked) {
        let asks = match conn.filter(|_| self.several) {
            Some(conn) => format!("{conn}: {}", asked.asks),
            None => asked.asks,
        };
        self.out.push(Asked { asks, ..asked });
    }

    /// What the tool says of a packet: the explanation that the other formats show.
    fn explained(&self, fired: &Fired) -> String {
        let lang = self.told.lang;
        let frame = fired.frames.first().copied().unwrap_or_default();
        let values = Values::none().with("frame", Value::Number(frame)).words("note", fired.note.clone());
        if fired.certainty == Certainty::Certain {
            return words::KEY_PACKET.text.fill(lang, &values);
        }
        words::KEY_PACKET_UNSURE.text.fill(lang, &values.words("certainty", certainty(fired.certainty, lang)))
    }

    fn handshake(&mut self, conn: &Connection) {
        let marks = [conn.syn, conn.syn_ack, conn.established];
        if conn.syn_ack.is_none() {
            return;
        }
        let frames = marks.iter().flatten().map(|mark| mark.frame).collect();
        let key = vec![self.word_of(&say::HANDSHAKE_KEY)];
        let asks = self.word_of(&say::HANDSHAKE);
        self.ask(Some(conn.id), Asked { asks, frames, lines: 5, key, ..Asked::default() });
    }

    fn by_rule(&mut self, ByRule(names, asks, key): &ByRule) {
        let Some(fired) = names.iter().find_map(|name| self.told.seen.rule(name)) else { return };
        let mut answer: Vec<String> = key.iter().map(|key| self.word_of(key)).collect();
        answer.push(self.explained(fired));
        // Where the answer's end is a packet of its own, that one too.
        let mut frames = fired.frames.clone();
        if names.contains(&"http-request") {
            for name in ["http-response", "http-body-ends-with-fin"] {
                if let Some(other) = self.told.seen.rule(name).filter(|other| other.conn == fired.conn) {
                    frames.extend(other.frames.first());
                    answer.push(self.explained(other));
                }
            }
        }
        frames.sort_unstable();
        frames.dedup();
        let asked = Asked { asks: self.word_of(asks), frames, more: fired.more, lines: 4, key: answer };
        self.ask(fired.conn, asked);
    }

    /// The word "close" in a payload: what course texts make of it belongs to TCP.
    fn word(&mut self) {
        let fired = self.told.seen.rule("app-close-message");
        let Some(fired) = fired.filter(|fired| fired.conn.is_some_and(|conn| conn.proto == Proto::Tcp)) else { return };
        let key = vec![self.word_of(&say::WORD_KEY), self.explained(fired)];
        let asks = self.word_of(&say::WORD);
        let asked = Asked { asks, frames: fired.frames.clone(), more: fired.more, lines: 5, key };
        self.ask(fired.conn, asked);
    }

    fn about_packet(&mut self, name: &str, asks: &Message) {
        let Some(fired) = self.told.seen.rule(name) else { return };
        let lang = self.told.lang;
        let frame = fired.frames.first().copied().unwrap_or_default();
        let values = Values::none().with("frame", Value::Number(frame)).words("title", fired.rule.title.get(lang));
        let key = vec![self.explained(fired), fired.rule.more.get(lang).to_owned()];
        let asked = Asked {
            asks: asks.text.fill(lang, &values),
            frames: fired.frames.clone(),
            more: fired.more,
            lines: 4,
            key: key.into_iter().filter(|paragraph| !paragraph.is_empty()).collect(),
        };
        self.ask(fired.conn, asked);
    }

    fn closing(&mut self, conn: &Connection) {
        let lang = self.told.lang;
        let (sentence, basis) = verdict_words(&verdict(conn), lang);
        let judged = format!("{sentence} {basis}");
        let fins: Vec<u64> = conn.fin.iter().flatten().map(|fin| fin.at.frame).collect();
        if let Some((_, first)) = conn.first_fin() {
            let key = vec![judged.clone(), self.more_of("fin-first")];
            self.about(conn, &say::WHO, vec![first.at.frame], 4, key);
            self.half(conn, &fins);
            self.segments(conn);
        }
        match close(conn) {
            Close::Refused => {
                let frames = conn.syn.iter().map(|mark| mark.frame).chain(conn.rst.iter().map(|rst| rst.at.frame));
                let key = vec![self.word_of(&say::REFUSED_KEY), judged];
                self.about(conn, &say::REFUSED, frames.collect(), 4, key);
            }
            Close::Rst => self.reset(conn, judged),
            Close::Fin => {}
            Close::None | Close::Timeout => {
                let frames = fins.into_iter().chain([conn.last.frame]).collect();
                self.about(conn, &say::STILL_OPEN, frames, 3, vec![judged]);
            }
        }
        if !waiting(conn).is_empty() {
            let lines = self.told.story.timelines.iter().find(|told| told.id == conn.id).map(|told| &told.close);
            let label = report::TIME_WAIT.text.get(lang);
            let at = lines.into_iter().flatten().find(|(title, _)| title == label);
            let mut key: Vec<String> = at.map(|(title, words)| format!("{title}: {words}.")).into_iter().collect();
            key.push(self.word_of(&say::TIME_WAIT_KEY));
            let frames = conn.fin.iter().flatten().flat_map(|fin| [Some(fin.at), fin.acked]).flatten();
            let mut frames: Vec<u64> = frames.map(|mark| mark.frame).collect();
            frames.sort_unstable();
            frames.dedup();
            self.about(conn, &say::TIME_WAIT, frames, 4, key);
        }
    }

    /// A question without values about a connection.
    fn about(&mut self, conn: &Connection, asks: &Message, frames: Vec<u64>, lines: usize, key: Vec<String>) {
        let key = key.into_iter().filter(|paragraph| !paragraph.is_empty()).collect();
        self.ask(Some(conn.id), Asked { asks: self.word_of(asks), frames, lines, key, more: false });
    }

    fn more_of(&self, rule: &str) -> String {
        self.told.seen.rule(rule).map_or_else(String::new, |fired| fired.rule.more.get(self.told.lang).to_owned())
    }

    /// Half-closed: when, or why never. The frames are those of the FINs, so that finding the rest is left to do.
    fn half(&mut self, conn: &Connection, fins: &[u64]) {
        let rst = conn.rst.iter().map(|rst| rst.at.frame);
        let mut frames: Vec<u64> = fins.iter().copied().chain(rst).collect();
        frames.sort_unstable();
        match span(conn, self.told.lang) {
            Some(Ok(span)) => {
                let key = vec![span.words, self.word_of(&say::HALF_KEY)];
                self.about(conn, &say::HALF, frames, 5, key);
            }
            Some(Err(never)) => self.about(conn, &say::HALF_NEVER, frames, 3, vec![never]),
            None => {}
        }
    }

    fn segments(&mut self, conn: &Connection) {
        let [Some(_), Some(_)] = conn.fin else { return };
        let lang = self.told.lang;
        let told = self.told.story.timelines.iter().find(|told| told.id == conn.id);
        let label = report::SEGMENTS.text.get(lang);
        let lines = told.map(|told| told.close.as_slice()).unwrap_or_default();
        let mut key: Vec<String> =
            lines.iter().filter(|(title, _)| title == label).map(|(_, words)| format!("{words}.")).collect();
        key.push(self.word_of(&say::SEGMENTS_KEY));
        let marks = conn.fin.iter().flatten().flat_map(|fin| [Some(fin.at), fin.acked]).flatten();
        let mut frames: Vec<u64> = marks.map(|mark| mark.frame).collect();
        frames.sort_unstable();
        frames.dedup();
        self.about(conn, &say::SEGMENTS, frames, 4, key);
        let Some((_, first)) = conn.first_fin() else { return };
        let row = told.and_then(|told| told.rows().find(|row| row.frame == first.at.frame));
        let (Some(len), Some(answer)) = (row.and_then(|row| row.len), first.acked) else { return };
        let values =
            Values::none().with("frame", Value::Number(first.at.frame)).with("n", Value::Bytes(u64::from(len)));
        let asked = Asked {
            asks: say::NUMBER.text.fill(lang, &values),
            frames: vec![first.at.frame, answer.frame],
            lines: 3,
            key: vec![self.word_of(&say::NUMBER_KEY)],
            more: false,
        };
        self.ask(Some(conn.id), asked);
    }

    fn reset(&mut self, conn: &Connection, judged: String) {
        let Some(rst) = &conn.rst else { return };
        let lang = self.told.lang;
        let label = report::RST_LABEL.text.get(lang);
        let told = self.told.story.timelines.iter().find(|told| told.id == conn.id);
        let lines = told.map(|told| told.close.as_slice()).unwrap_or_default();
        let mut key = vec![judged];
        key.extend(lines.iter().filter(|(title, _)| title == label).map(|(title, words)| format!("{title}: {words}.")));
        key.push(self.word_of(&say::RESET_KEY));
        let values = Values::none().with("frame", Value::Number(rst.at.frame));
        let before = conn.last_data.iter().flatten().map(|mark| mark.frame).filter(|frame| *frame < rst.at.frame);
        let mut frames: Vec<u64> = before.chain([rst.at.frame]).collect();
        frames.sort_unstable();
        let asked = Asked { asks: say::RESET.text.fill(lang, &values), frames, lines: 5, key, more: false };
        self.ask(Some(conn.id), asked);
    }

    /// What course texts claim, and the scenario's own question.
    fn course(&mut self) {
        let Some(heading) = &self.told.info.heading else { return };
        let lang = self.told.lang;
        for claim in heading.claims {
            let fired = self.told.seen.rule(claim.at);
            let judged = Values::none()
                .with("verdict", Value::Text(claim.verdict.text()))
                .with("happened", Value::Text(claim.happened));
            let asked = Asked {
                asks: say::CLAIM.text.fill(lang, &Values::none().with("claim", Value::Text(claim.says))),
                frames: fired.map(|fired| fired.frames.clone()).unwrap_or_default(),
                more: fired.is_some_and(|fired| fired.more),
                lines: 4,
                key: vec![say::CLAIM_KEY.text.fill(lang, &judged)],
            };
            self.ask(None, asked);
        }
        if let Some(question) = &heading.question {
            let (asks, answer) = (question.asks.get(lang).to_owned(), question.answer.get(lang).to_owned());
            self.ask(None, Asked { asks, lines: 4, key: vec![answer], ..Asked::default() });
        }
    }

    /// What is wrong with the programs: the key has what `explain` says of each finding.
    fn findings(&mut self) {
        let findings = &self.told.ending.findings;
        if findings.is_empty() {
            return;
        }
        let mut frames: Vec<u64> = findings.iter().flat_map(|finding| finding.frames.iter().copied()).collect();
        frames.sort_unstable();
        frames.dedup();
        let mut key: Vec<String> = Vec::new();
        for finding in findings {
            if let Some(Entry::Term(term)) = terms::find(finding.rule) {
                let text = format!("[{}] {}", term.name, term.text.get(self.told.lang));
                if !key.contains(&text) {
                    key.push(text);
                }
            }
        }
        let asks = self.word_of(&say::FINDINGS);
        self.ask(None, Asked { asks, frames, lines: 6, key, more: false });
    }
}
