//! Step → annotations: what there is to say about a packet. Rules only read facts; language comes when rendering.

mod context;
mod resets;
pub mod rules;
pub mod terms;
#[cfg(test)]
pub(crate) mod testkit;
#[cfg(test)]
mod tests;
pub mod verdict;

use crate::decode::{Packet, TcpSegment, Transport};
use crate::language::{Lang, Text, Value, Values};
use crate::timeline::EventRef;
use crate::track::step::{TcpFacts, TcpStep};
use crate::track::{Connection, Side, Step};

/// How sure a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Other causes give the same packets.
    Possible,
    /// The packets speak for it; something unusual could imitate it.
    Likely,
    /// The packets prove it.
    Certain,
}

impl Certainty {
    /// As the records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Possible => "possible",
            Certainty::Likely => "likely",
            Certainty::Certain => "certain",
        }
    }
}

/// Something a packet can show, with its explanation in both languages.
#[derive(Debug)]
pub struct Rule {
    /// Its name in the records: `fin-first`. Never reused for another meaning.
    pub name: &'static str,
    /// Its number in the catalogue of explanations.
    pub number: u16,
    /// A few words.
    pub title: Text,
    /// The explanation, at most two sentences, with placeholders.
    pub note: Text,
    /// What else a student should know; for `explain` and the docs.
    pub more: Text,
    /// Where it is defined: `RFC 9293 §3.5`.
    pub sources: &'static [&'static str],
    /// Whether a packet shows it.
    pub check: fn(&Context<'_>) -> Option<Match>,
}

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The headers and payload.
    pub packet: &'a Packet<'a>,
    /// What the packet did.
    pub step: &'a Step,
    /// Its connection, the packet included.
    pub conn: Option<&'a Connection>,
}

impl<'a> Context<'a> {
    /// The TCP segment with its step and facts, for the rules about TCP; none for one that was not followed.
    #[must_use]
    pub fn tcp(&self) -> Option<(&'a TcpSegment<'a>, &'a TcpStep, &'a TcpFacts)> {
        match (&self.packet.transport, &self.step.tcp) {
            (Transport::Tcp(segment), Some(step)) if segment.sound => Some((segment, step, &step.facts)),
            _ => None,
        }
    }

    /// The sender.
    #[must_use]
    pub fn from(&self) -> Option<Side> {
        self.step.from
    }
}

/// A rule that fits: how sure, with which values, on which evidence besides the packet itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// How sure.
    pub certainty: Certainty,
    /// Values besides those that every note has (`src`, `dst`, `n`, `seq`, `ack`, `win`).
    pub values: Values,
    /// Earlier frames that it rests on.
    pub evidence: Vec<u64>,
}

impl Match {
    /// It fits, without doubt and without further values.
    #[must_use]
    pub fn certain() -> Self {
        Match { certainty: Certainty::Certain, values: Values::none(), evidence: Vec::new() }
    }

    /// As [`Match::certain`] when the condition holds.
    #[must_use]
    pub fn when(condition: bool) -> Option<Self> {
        condition.then(Self::certain)
    }

    /// With another certainty.
    #[must_use]
    pub fn as_sure_as(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    /// With one more value.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: Value) -> Self {
        self.values = self.values.with(name, value);
        self
    }

    /// With one more frame as evidence.
    #[must_use]
    pub fn because_of(mut self, frame: impl Into<Option<u64>>) -> Self {
        self.evidence.extend(frame.into());
        self
    }
}

/// A rule that fired on a packet.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// Which.
    pub rule: &'static Rule,
    /// The event that it is about.
    pub about: EventRef,
    /// The earlier events that it rests on.
    pub evidence: Vec<EventRef>,
    /// How sure.
    pub certainty: Certainty,
    /// The values of its placeholders.
    pub values: Values,
}

impl Annotation {
    /// The explanation in one language.
    #[must_use]
    pub fn note(&self, lang: Lang) -> String {
        self.rule.note.fill(lang, &self.values)
    }
}

/// Every annotation of one packet, the main one first. The order of [`rules::RULES`] is the order of choice.
#[must_use]
pub fn annotate(context: &Context<'_>) -> Vec<Annotation> {
    rules::RULES
        .iter()
        .filter_map(|rule| {
            let found = (rule.check)(context)?;
            Some(Annotation {
                rule,
                about: EventRef::Frame(context.packet.number),
                evidence: found.evidence.iter().map(|frame| EventRef::Frame(*frame)).collect(),
                certainty: found.certainty,
                values: common_values(context, found.values),
            })
        })
        .collect()
}

/// The values that every note may use: both ends, payload length, relative numbers, window.
fn common_values(context: &Context<'_>, mut values: Values) -> Values {
    if let Some(from) = context.from() {
        values = values.with("src", Value::Side(from)).with("dst", Value::Side(from.other()));
    }
    let len = match &context.packet.transport {
        Transport::Tcp(segment) => Some(segment.len),
        Transport::Udp(datagram) => Some(datagram.len),
        _ => None,
    };
    if let Some(len) = len {
        values = values.with("n", Value::Bytes(u64::from(len)));
    }
    if let Some(step) = &context.step.tcp {
        values = values.with("seq", Value::Number(u64::from(step.seq)));
        values = values.with("win", Value::Count(u64::from(step.window)));
        if let Some(ack) = step.ack {
            values = values.with("ack", Value::Number(u64::from(ack)));
        }
    }
    values
}
