//! Holds a run against its scenario's expectation, and says what held and what did not.
//!
//! The judgement is of packets, states and rules as the report shows them, so that a run and its recorded capture are
//! judged alike.

mod matching;
mod seen;
mod tell;

pub use seen::Seen;

use self::matching::{Guess, Machine, Mismatch};
use self::seen::{SeenPacket, SeenTalk};
use crate::scenario::notation::{self, Expected, PathState, Pattern};
use crate::scenario::{Expectation, Times};
use crate::track::{ConnId, Side, State};

/// What came of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How many packets the run had.
    pub packets: usize,
    /// The conversations, in order.
    pub talks: Vec<Judged>,
    /// What did not hold; empty when all did.
    pub differences: Vec<Difference>,
    /// Expectations that could not be judged: counters that nobody read.
    pub unjudged: Vec<&'static str>,
}

impl Outcome {
    /// True when everything held.
    #[must_use]
    pub fn held(&self) -> bool {
        self.differences.is_empty()
    }
}

/// A conversation as it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Which.
    pub conn: ConnId,
    /// The packets.
    pub packets: Vec<JudgedPacket>,
    /// The states of client and server.
    pub paths: [String; 2],
    /// How it ended.
    pub end: String,
}

/// A packet as it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedPacket {
    /// Its frame.
    pub frame: u64,
    /// What it is, in the notation of the expectations.
    pub came: String,
    /// The expected packet that it is, as written; `None` where the conversation does not fit.
    pub expected: Option<&'static str>,
    /// It could have been absent.
    pub optional: bool,
}

/// Something that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// The expectation itself cannot be read.
    Unreadable(String),
    /// The kernel dropped so many packets: nothing can be said.
    Dropped(u64),
    /// A packet of no expected conversation.
    Stray(u64),
    /// A conversation that nothing expects.
    Surplus(ConnId),
    /// An expected conversation did not happen; its first packet.
    NoTalk(&'static str),
    /// The packets part.
    Packets {
        /// The conversation.
        conn: ConnId,
        /// The last packet that fits: frame and what it is.
        after: Option<(u64, String)>,
        /// What could have come.
        expected: Vec<&'static str>,
        /// The conversation could also have been over.
        could_end: bool,
        /// What came; `None` at the end of the conversation.
        came: Option<(u64, String)>,
        /// What seems to have happened.
        cause: Cause,
    },
    /// A rule does not fire on a packet where it must.
    NotOn {
        /// The rule.
        rule: &'static str,
        /// The packet: frame and what it is.
        packet: (u64, String),
    },
    /// A rule fires nowhere.
    Nowhere(&'static str),
    /// A rule fires that must not.
    Fires(&'static str),
    /// An end went through other states.
    Path {
        /// The conversation.
        conn: ConnId,
        /// Which end.
        side: Side,
        /// The expected states.
        expected: &'static str,
        /// The states.
        came: String,
    },
    /// It ended otherwise.
    End {
        /// The conversation.
        conn: ConnId,
        /// As expected.
        expected: &'static str,
        /// As it was.
        came: String,
    },
    /// A counter of the kernel gained something else.
    Counter {
        /// As expected.
        expected: &'static str,
        /// What it gained.
        came: u64,
    },
}

/// What seems to have happened where packets part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This packet is missing; without it everything would fit.
    Missing(&'static str),
    /// The packet that came is one too many.
    Surplus,
    /// It and the next have changed places.
    Swapped,
    /// Something else.
    Other,
}

/// A conversation's expectation, read.
struct Wanted {
    left: u32,
    pattern: Pattern,
    paths: [Vec<PathState>; 2],
    path_texts: [&'static str; 2],
    end: &'static str,
}

impl Wanted {
    fn read(expect: &Expectation, clients: u32) -> Result<Vec<Wanted>, String> {
        let read = |talk: &crate::scenario::Talk| {
            Ok(Wanted {
                left: match talk.times {
                    Times::Exactly(times) => times,
                    Times::PerClient => clients,
                    Times::First(some) => clients.min(some),
                    Times::Beyond(some) => clients.saturating_sub(some),
                },
                pattern: notation::packets(talk.packets)?,
                paths: [notation::path(talk.client, Side::Client)?, notation::path(talk.server, Side::Server)?],
                path_texts: [talk.client, talk.server],
                end: talk.end,
            })
        };
        expect.talks.iter().map(read).collect()
    }
}

/// Judges a run that had so many clients.
#[must_use]
pub fn check(expect: &Expectation, seen: &Seen, clients: u32) -> Outcome {
    let mut outcome =
        Outcome { packets: seen.packets(), talks: Vec::new(), differences: Vec::new(), unjudged: Vec::new() };
    if seen.dropped > 0 {
        outcome.differences.push(Difference::Dropped(seen.dropped));
    }
    let mut wanted = match Wanted::read(expect, clients) {
        Ok(wanted) => wanted,
        Err(flaw) => {
            outcome.differences.push(Difference::Unreadable(flaw));
            return outcome;
        }
    };
    outcome.differences.extend(seen.strays.iter().map(|frame| Difference::Stray(*frame)));
    for talk in &seen.talks {
        // The first that fits; where none does, the first that is still to come says what is wrong.
        let judged: Vec<(usize, Judged, Vec<Difference>)> = wanted
            .iter()
            .enumerate()
            .filter(|(_, wanted)| wanted.left > 0)
            .map(|(index, wanted)| {
                let (judged, differences) = judge(wanted, talk);
                (index, judged, differences)
            })
            .collect();
        let best = judged.iter().position(|(.., differences)| differences.is_empty()).unwrap_or(0);
        let Some((index, judged, differences)) = judged.into_iter().nth(best) else {
            outcome.differences.push(Difference::Surplus(talk.id));
            continue;
        };
        wanted[index].left -= 1;
        outcome.talks.push(judged);
        outcome.differences.extend(differences);
    }
    for missing in wanted.iter().filter(|wanted| wanted.left > 0) {
        outcome.differences.push(Difference::NoTalk(first_packet(&missing.pattern)));
    }
    rules(expect, seen, &mut outcome.differences);
    counters(expect, seen, &mut outcome);
    outcome
}

fn first_packet(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::Packet(expected) => expected.text,
        Pattern::Sequence(parts) | Pattern::OneOf(parts) | Pattern::AnyOrder(parts) => {
            parts.first().map_or("", first_packet)
        }
        Pattern::Repeat { of, .. } => first_packet(of),
    }
}

fn judge(wanted: &Wanted, talk: &SeenTalk) -> (Judged, Vec<Difference>) {
    let (assigned, mut differences) = packets(wanted, talk);
    for side in [Side::Client, Side::Server] {
        let (path, expected) = (&talk.paths[side.index()], &wanted.paths[side.index()]);
        if !expected.is_empty() && !follows(path, expected) {
            let expected = wanted.path_texts[side.index()];
            differences.push(Difference::Path { conn: talk.id, side, expected, came: path_text(path) });
        }
    }
    if !wanted.end.is_empty() && wanted.end != talk.end {
        differences.push(Difference::End { conn: talk.id, expected: wanted.end, came: talk.end.clone() });
    }
    let packet = |(index, packet): (usize, &SeenPacket)| {
        let expected = assigned.get(index);
        JudgedPacket {
            frame: packet.frame,
            came: packet.line(),
            expected: expected.map(|expected| expected.text),
            optional: expected.is_some_and(|expected| expected.optional),
        }
    };
    let judged = Judged {
        conn: talk.id,
        packets: talk.packets.iter().enumerate().map(packet).collect(),
        paths: [path_text(&talk.paths[0]), path_text(&talk.paths[1])],
        end: talk.end.clone(),
    };
    (judged, differences)
}

/// The expected packet of each packet, and what does not hold of them.
fn packets<'w>(wanted: &'w Wanted, talk: &SeenTalk) -> (Vec<&'w Expected>, Vec<Difference>) {
    let machine = Machine::new(&wanted.pattern);
    let count = talk.packets.len();
    // The rules decide between readings, and where no reading has them all, they are what is wrong.
    let with_rules = |expected: &Expected, at: usize| {
        let packet = &talk.packets[at];
        packet.fits(expected) && packet.has_rules(expected)
    };
    if let Ok(assigned) = machine.run(count, with_rules) {
        return (assigned, Vec::new());
    }
    match machine.run(count, |expected, at| talk.packets[at].fits(expected)) {
        Ok(assigned) => {
            let mut differences = Vec::new();
            for (packet, expected) in talk.packets.iter().zip(&assigned) {
                for rule in expected.rules.iter().filter(|rule| !packet.rules.contains(rule)) {
                    differences.push(Difference::NotOn { rule, packet: (packet.frame, packet.line()) });
                }
            }
            (assigned, differences)
        }
        Err(mismatch) => (Vec::new(), vec![parted(talk, &mismatch)]),
    }
}

fn parted(talk: &SeenTalk, mismatch: &Mismatch<'_>) -> Difference {
    let told = |packet: &SeenPacket| (packet.frame, packet.line());
    Difference::Packets {
        conn: talk.id,
        after: mismatch.at.checked_sub(1).and_then(|index| talk.packets.get(index)).map(told),
        expected: mismatch.expected.iter().map(|expected| expected.text).collect(),
        could_end: mismatch.could_end,
        came: talk.packets.get(mismatch.at).map(told),
        cause: match mismatch.kind {
            Guess::Missing(expected) => Cause::Missing(expected.text),
            Guess::Surplus => Cause::Surplus,
            Guess::Swapped => Cause::Swapped,
            Guess::Other => Cause::Other,
        },
    }
}

/// Whether states are a path, of which some may be left out.
fn follows(states: &[Option<State>], path: &[PathState]) -> bool {
    let Some((step, rest)) = path.split_first() else { return states.is_empty() };
    let taken = states.split_first().is_some_and(|(state, left)| *state == step.state && follows(left, rest));
    taken || (step.optional && follows(states, rest))
}

fn path_text(states: &[Option<State>]) -> String {
    states.iter().map(|state| state.map_or("?", State::name)).collect::<Vec<_>>().join(" → ")
}

fn rules(expect: &Expectation, seen: &Seen, differences: &mut Vec<Difference>) {
    for rule in expect.rules {
        match rule.strip_prefix('!') {
            Some(rule) if seen.rules.contains(rule) => differences.push(Difference::Fires(rule)),
            None if !seen.rules.contains(rule) => differences.push(Difference::Nowhere(rule)),
            _ => {}
        }
    }
}

fn counters(expect: &Expectation, seen: &Seen, outcome: &mut Outcome) {
    for expected in expect.counters {
        let Some(counters) = &seen.counters else {
            outcome.unjudged.push(expected);
            continue;
        };
        match notation::gain(expected) {
            Err(flaw) => outcome.differences.push(Difference::Unreadable(flaw)),
            Ok(gain) => {
                let came = counters.iter().find(|(name, _)| name == gain.name).map_or(0, |(_, gained)| *gained);
                if !(gain.min..=gain.max).contains(&came) {
                    outcome.differences.push(Difference::Counter { expected, came });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
