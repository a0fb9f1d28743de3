//! What is noticed while the packets of a lab report go by: which rules fired first where, flags, the first time. Bounded
//! by the number of rules, whatever the capture's length.

use crate::annotate::{Annotation, Certainty, Rule};
use crate::decode::{TcpFlags, Transport};
use crate::frame::Time;
use crate::language::Lang;
use crate::report::info::info;
use crate::report::text::safe;
use crate::timeline::PacketEvent;
use crate::track::ConnId;

/// Frames of a rule that are remembered.
const FRAMES: usize = 5;
/// Packets whose line is kept.
const LINES: usize = 16;
/// What the table of packets cannot show of a packet that a question is about: its options, its window, what it quotes.
const NEEDS_LINE: &[&str] = &[
    "syn-options",
    "zero-window",
    "zero-window-probe",
    "window-update",
    "sack",
    "spurious-dsack",
    "urgent",
    "icmp-port-unreachable",
];

/// A rule that fired on a packet.
#[derive(Clone, Debug)]
pub(super) struct Fired {
    /// Which.
    pub(super) rule: &'static Rule,
    /// The connection on which it did first.
    pub(super) conn: Option<ConnId>,
    /// The first packets of that connection.
    pub(super) frames: Vec<u64>,
    /// There were more.
    pub(super) more: bool,
    /// What it says of the first.
    pub(super) note: String,
    /// How sure that is.
    pub(super) certainty: Certainty,
}

/// Everything noticed.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    lang: Lang,
    /// In the order in which they fired first.
    pub(super) fired: Vec<Fired>,
    /// Every flag that any packet had.
    pub(super) flags: Vec<&'static str>,
    /// The time of the first packet.
    pub(super) first: Option<Time>,
    /// Some packets as packet analysers print them.
    pub(super) lines: Vec<(u64, String)>,
    /// There were datagrams.
    pub(super) udp: bool,
}

impl Seen {
    pub(super) fn new(lang: Lang) -> Seen {
        Seen { lang, fired: Vec::new(), flags: Vec::new(), first: None, lines: Vec::new(), udp: false }
    }

    pub(super) fn started(&mut self, time: Time) {
        self.first.get_or_insert(time);
    }

    pub(super) fn packet(&mut self, event: &PacketEvent<'_>) {
        match &event.packet.transport {
            Transport::Tcp(segment) => self.flags(segment.flags),
            Transport::Udp(_) => self.udp = true,
            _ => {}
        }
        let conn = event.step.conn.or_else(|| event.step.quote.as_ref().and_then(|quote| quote.conn));
        let needs = event.notes.iter().any(|note| NEEDS_LINE.contains(&note.rule.name));
        if needs && self.lines.len() < LINES {
            self.lines.push((event.packet.number, safe(&info(event.packet, event.step))));
        }
        for note in event.notes {
            self.fired(note, conn, event.packet.number);
        }
    }

    fn flags(&mut self, flags: TcpFlags) {
        for name in flags.names() {
            if !self.flags.contains(&name) {
                self.flags.push(name);
            }
        }
    }

    fn fired(&mut self, note: &Annotation, conn: Option<ConnId>, frame: u64) {
        let known = self.fired.iter_mut().find(|fired| fired.rule.name == note.rule.name);
        let Some(known) = known else {
            self.fired.push(Fired {
                rule: note.rule,
                conn,
                frames: vec![frame],
                more: false,
                note: safe(&note.note(self.lang)),
                certainty: note.certainty,
            });
            return;
        };
        if known.conn != conn {
            return;
        }
        if known.frames.len() < FRAMES {
            known.frames.push(frame);
        } else {
            known.more = true;
        }
    }

    /// What a rule did, where it fired.
    pub(super) fn rule(&self, name: &str) -> Option<&Fired> {
        self.fired.iter().find(|fired| fired.rule.name == name)
    }
}
