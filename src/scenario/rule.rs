//! The rules by which a wire loses, doubles or delays packets: which packets a rule names, and whether one is among
//! them.
//!
//! A rule names packets as a person would: `client data 3`, `every FIN`, `last ACK`, `server SYN,ACK 1..2`. It counts
//! the packets of its kind in the order in which they enter the wire, repeated ones included, so that the copy that
//! repairs a loss has a number of its own. A share (`2%`) takes packets at random, the same ones for the same seed.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::track::Side;

/// Which packets of an exchange are meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The end that sends them; `None`: either.
    pub from: Option<Side>,
    /// What they are.
    pub kind: Kind,
    /// Which of them.
    pub which: Which,
}

/// A kind of packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Any packet.
    Packet,
    /// Payload, of TCP or UDP.
    Data,
    /// SYN without ACK.
    Syn,
    /// SYN with ACK.
    SynAck,
    /// An ACK that does nothing else.
    Ack,
    /// An ACK that does nothing else, sent after both ends have sent a FIN.
    LastAck,
    /// A FIN, with or without payload.
    Fin,
    /// A RST.
    Rst,
}

/// Which packets of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Which {
    /// From this number to that one, counted from 1.
    Range(u64, u64),
    /// So many of a million, chosen by the seed.
    Share(u32),
}

/// How late a packet is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Late {
    /// So many later packets of the same end go first.
    Places(u32),
    /// So much later than the others.
    Time(Duration),
}

/// A packet as the rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The end that sent it.
    pub from: Side,
    /// TCP's flags; nothing for another protocol.
    pub flags: Option<Flags>,
    /// Bytes of payload.
    pub payload: usize,
}

/// The flags that rules can name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// SYN.
    pub syn: bool,
    /// ACK.
    pub ack: bool,
    /// FIN.
    pub fin: bool,
    /// RST.
    pub rst: bool,
}

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Where: bytes from the start.
    pub at: usize,
    /// What stands there; empty at the end.
    pub word: String,
    /// What could have stood there.
    pub expected: Expected,
}

/// What a rule could have gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An end, `every`, a kind of packet or a share.
    Start,
    /// A kind of packet.
    Kind,
    /// A number, a range or a share.
    Number,
    /// A range that goes upwards, from 1.
    Range,
    /// A share from 0 to 100 per cent.
    Share,
    /// A number of places, or a time.
    Late,
    /// Nothing more.
    End,
}

/// The kinds by the words that name them.
const KINDS: [(&str, Kind); 7] = [
    ("data", Kind::Data),
    ("SYN", Kind::Syn),
    ("SYN,ACK", Kind::SynAck),
    ("ACK", Kind::Ack),
    ("FIN", Kind::Fin),
    ("RST", Kind::Rst),
    ("packet", Kind::Packet),
];

impl Rule {
    /// Reads a rule: `[client|server] [every|last] KIND [N|N..M|N..|P%]`, or `[client|server] P%`. `every` takes no
    /// number, `last` only an ACK. Without a number the first packet of its kind is meant.
    ///
    /// # Errors
    /// The place where the text stops being a rule, and what could have stood there.
    pub fn parse(text: &str) -> Result<Rule, RuleError> {
        let mut words = Words::new(text);
        let rule = Rule::read(&mut words)?;
        words.end()?;
        Ok(rule)
    }

    fn read(words: &mut Words<'_>) -> Result<Rule, RuleError> {
        // "client every FIN" and "every client FIN" are the same.
        let mut every = words.take("every");
        let mut last = !every && words.take("last");
        let from = [Side::Client, Side::Server].into_iter().find(|side| words.take(side.name()));
        if let Some(word) = words.peek().filter(|word| word.ends_with('%') && !every && !last) {
            let which = share(word).ok_or_else(|| words.unexpected(Expected::Share))?;
            words.next();
            return Ok(Rule { from, kind: Kind::Packet, which });
        }
        if !every && !last {
            every = words.take("every");
            last = !every && words.take("last");
        }
        let begins = if from.is_some() || every || last { Expected::Kind } else { Expected::Start };
        let kind = words.peek().and_then(kind).ok_or_else(|| words.unexpected(begins))?;
        if last && kind != Kind::Ack {
            return Err(words.unexpected(Expected::Kind));
        }
        words.next();
        let kind = if last { Kind::LastAck } else { kind };
        if every {
            return Ok(Rule { from, kind, which: Which::Range(1, u64::MAX) });
        }
        let which = match words.peek() {
            None | Some("by") => Which::Range(1, 1),
            Some(word) => {
                let which = number(word).map_err(|expected| words.unexpected(expected))?;
                words.next();
                which
            }
        };
        Ok(Rule { from, kind, which })
    }
}

/// Reads a rule of reordering: a rule, then `by N` (places) or `by T` (`4ms`). Without it a packet is one place late.
///
/// # Errors
/// As [`Rule::parse`].
pub fn parse_late(text: &str) -> Result<(Rule, Late), RuleError> {
    let mut words = Words::new(text);
    let rule = Rule::read(&mut words)?;
    let mut late = Late::Places(1);
    if words.take("by") {
        late = words.peek().and_then(lateness).ok_or_else(|| words.unexpected(Expected::Late))?;
        words.next();
    }
    words.end()?;
    Ok((rule, late))
}

fn kind(word: &str) -> Option<Kind> {
    let plain = word.replace(['-', '+'], ",");
    KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&plain)).map(|(_, kind)| *kind)
}

fn digits(text: &str) -> Option<u64> {
    let only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    only.then(|| text.parse().ok()).flatten()
}

fn number(word: &str) -> Result<Which, Expected> {
    if word.ends_with('%') {
        return share(word).ok_or(Expected::Share);
    }
    let (from, to) = match word.split_once("..") {
        Some((from, "")) => (digits(from), Some(u64::MAX)),
        Some((from, to)) => (digits(from), digits(to)),
        None => (digits(word), digits(word)),
    };
    let (Some(from), Some(to)) = (from, to) else { return Err(Expected::Number) };
    if from == 0 || to < from { Err(Expected::Range) } else { Ok(Which::Range(from, to)) }
}

/// `2%`, `0.5%`: in millionths, so that no rounding depends on the machine.
fn share(word: &str) -> Option<Which> {
    let (whole, fraction) = match word.strip_suffix('%')?.split_once('.') {
        Some((whole, fraction)) => (digits(whole)?, fraction),
        None => (digits(word.strip_suffix('%')?)?, "0"),
    };
    if fraction.len() > 4 {
        return None;
    }
    let millionths = digits(&format!("{fraction:0<4}"))?;
    let share = whole.checked_mul(10_000)?.checked_add(millionths)?;
    u32::try_from(share).ok().filter(|share| *share <= 1_000_000).map(Which::Share)
}

fn lateness(word: &str) -> Option<Late> {
    let split = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let count = digits(&word[..split])?;
    match &word[split..] {
        "" => u32::try_from(count).ok().filter(|places| (1..=1000).contains(places)).map(Late::Places),
        "ms" => Some(count).filter(|ms| (1..=10_000).contains(ms)).map(|ms| Late::Time(Duration::from_millis(ms))),
        _ => None,
    }
}

/// The words of a rule with their places.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let mut words = Words { text, at: 0 };
        words.skip_space();
        words
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&self) -> Option<&'a str> {
        self.text[self.at..].split_whitespace().next()
    }

    fn next(&mut self) {
        self.at += self.peek().map_or(0, str::len);
        self.skip_space();
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.eq_ignore_ascii_case(wanted));
        if found {
            self.next();
        }
        found
    }

    fn unexpected(&self, expected: Expected) -> RuleError {
        RuleError { at: self.at, word: self.peek().unwrap_or_default().to_owned(), expected }
    }

    fn end(&self) -> Result<(), RuleError> {
        if self.peek().is_some() { Err(self.unexpected(Expected::End)) } else { Ok(()) }
    }
}

impl fmt::Display for Rule {
    /// In the form that [`Rule::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(side) = self.from {
            write!(f, "{} ", side.name())?;
        }
        if let (Kind::Packet, Which::Share(share)) = (self.kind, self.which) {
            return write_share(f, share);
        }
        match self.which {
            Which::Range(1, u64::MAX) => f.write_str("every ")?,
            _ if self.kind == Kind::LastAck => f.write_str("last ")?,
            _ => {}
        }
        let kind = if self.kind == Kind::LastAck { Kind::Ack } else { self.kind };
        f.write_str(KINDS.iter().find(|(_, other)| *other == kind).map_or("?", |(name, _)| name))?;
        match self.which {
            Which::Range(1, 1) if self.kind == Kind::LastAck => Ok(()),
            Which::Range(1, u64::MAX) => Ok(()),
            Which::Range(from, u64::MAX) => write!(f, " {from}.."),
            Which::Range(from, to) if from == to => write!(f, " {from}"),
            Which::Range(from, to) => write!(f, " {from}..{to}"),
            Which::Share(share) => {
                f.write_str(" ")?;
                write_share(f, share)
            }
        }
    }
}

fn write_share(f: &mut fmt::Formatter<'_>, share: u32) -> fmt::Result {
    match share % 10_000 {
        0 => write!(f, "{}%", share / 10_000),
        rest => write!(f, "{}.{}%", share / 10_000, format!("{rest:04}").trim_end_matches('0')),
    }
}

/// Which end has sent a FIN so far: what `last ACK` needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Fins([bool; 2]);

/// Rules at work: decides packet by packet, in the order in which they enter the wire.
#[derive(Clone, Debug)]
pub struct Chooser {
    rules: Vec<(Rule, u64)>,
    fins: Fins,
    random: u64,
}

impl Chooser {
    /// A chooser that has seen nothing. The same seed chooses the same packets of the same exchange.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = Rule>, seed: u64) -> Chooser {
        Chooser { rules: rules.into_iter().map(|rule| (rule, 0)).collect(), fins: Fins::default(), random: seed }
    }

    /// The index of the first rule that names this packet. Every packet of the exchange must be shown, in order.
    pub fn choose(&mut self, packet: Seen) -> Option<usize> {
        let closing = self.fins.0 == [true; 2];
        let mut chosen = None;
        for (index, (rule, count)) in self.rules.iter_mut().enumerate() {
            if rule.from.is_some_and(|from| from != packet.from) || !is(rule.kind, packet, closing) {
                continue;
            }
            *count += 1;
            let hit = match rule.which {
                Which::Range(from, to) => (from..=to).contains(count),
                Which::Share(share) => draw(&mut self.random) % 1_000_000 < u64::from(share),
            };
            if hit {
                chosen = chosen.or(Some(index));
            }
        }
        if packet.flags.is_some_and(|flags| flags.fin) {
            self.fins.0[packet.from.index()] = true;
        }
        chosen
    }
}

fn is(kind: Kind, packet: Seen, closing: bool) -> bool {
    let flags = packet.flags.unwrap_or_default();
    let bare = flags.ack && !flags.syn && !flags.fin && !flags.rst && packet.payload == 0;
    match kind {
        Kind::Packet => true,
        Kind::Data => packet.payload > 0,
        Kind::Syn => flags.syn && !flags.ack,
        Kind::SynAck => flags.syn && flags.ack,
        Kind::Ack => bare,
        Kind::LastAck => bare && closing,
        Kind::Fin => flags.fin,
        Kind::Rst => flags.rst,
    }
}

/// The next number of a `SplitMix64` generator.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests;
