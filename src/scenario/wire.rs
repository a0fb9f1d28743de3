//! The wire between the two hosts of an exchange: what it does to packets.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rule::{Chooser, Late, Rule, RuleError, Seen, Which, parse_late};

/// The seed when none is asked for.
pub const DEFAULT_SEED: u64 = 1;
/// A packet that is to be overtaken waits at most so long for the others.
pub const LONGEST_WAIT: Duration = Duration::from_millis(200);

/// A wire with a delay, and with the packets that it loses, doubles and makes late.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wire {
    /// From one end to the other.
    pub delay: Duration,
    /// Packets that do not arrive.
    pub loss: Vec<Rule>,
    /// Packets that arrive twice.
    pub duplicate: Vec<Rule>,
    /// Packets that others overtake.
    pub reorder: Vec<(Rule, Late)>,
    /// What random choices begin with.
    pub seed: u64,
}

impl Wire {
    /// True when a rule takes a share of the packets, so that the seed decides something.
    #[must_use]
    pub fn is_random(&self) -> bool {
        let mut rules = self.loss.iter().chain(&self.duplicate).chain(self.reorder.iter().map(|(rule, _)| rule));
        rules.any(|rule| matches!(rule.which, Which::Share(_)))
    }
}

impl fmt::Display for Wire {
    /// As the options of the command line that ask for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.delay.as_micros();
        let (count, unit) = if micros.is_multiple_of(1000) { (micros / 1000, "ms") } else { (micros, "us") };
        let mut options = Vec::new();
        if count > 0 {
            options.push(format!("--delay {count}{unit}"));
        }
        options.extend(self.loss.iter().map(|rule| format!("--loss '{rule}'")));
        options.extend(self.duplicate.iter().map(|rule| format!("--duplicate '{rule}'")));
        options.extend(self.reorder.iter().map(|(rule, late)| match late {
            Late::Places(1) => format!("--reorder '{rule}'"),
            Late::Places(places) => format!("--reorder '{rule} by {places}'"),
            Late::Time(time) => format!("--reorder '{rule} by {}ms'", time.as_millis()),
        }));
        if self.is_random() {
            options.push(format!("--seed {}", self.seed));
        }
        f.write_str(&options.join(" "))
    }
}

/// The wire that a variant runs over when nothing else is asked for; its rules as users write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualWire {
    /// Milliseconds from one end to the other.
    pub delay_ms: u32,
    /// Rules of loss.
    pub loss: &'static [&'static str],
    /// Rules of duplication.
    pub duplicate: &'static [&'static str],
    /// Rules of reordering.
    pub reorder: &'static [&'static str],
}

impl UsualWire {
    /// A wire that does nothing but take its time: 20 ms.
    pub const PLAIN: UsualWire = UsualWire { delay_ms: 20, loss: &[], duplicate: &[], reorder: &[] };

    /// The wire with its rules read.
    ///
    /// # Errors
    /// A rule that is none; a test makes sure that no scenario has one.
    pub fn wire(&self) -> Result<Wire, RuleError> {
        let rules = |texts: &[&str]| texts.iter().map(|text| Rule::parse(text)).collect::<Result<Vec<_>, _>>();
        Ok(Wire {
            delay: Duration::from_millis(u64::from(self.delay_ms)),
            loss: rules(self.loss)?,
            duplicate: rules(self.duplicate)?,
            reorder: self.reorder.iter().map(|text| parse_late(text)).collect::<Result<Vec<_>, _>>()?,
            seed: DEFAULT_SEED,
        })
    }
}

/// What the wire does with one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It does not arrive.
    Lost,
    /// It arrives: twice or once, late or in time.
    Arrives {
        /// A second copy follows the first.
        twice: bool,
        /// It is overtaken.
        late: Option<Late>,
    },
}

/// A wire at work.
#[derive(Clone, Debug)]
pub struct Judge {
    loss: Chooser,
    duplicate: Chooser,
    reorder: Chooser,
    late: Vec<Late>,
}

impl Judge {
    /// Nothing has passed yet.
    #[must_use]
    pub fn new(wire: &Wire) -> Judge {
        let chooser = |rules: Vec<Rule>, salt: u64| Chooser::new(rules, wire.seed.wrapping_mul(3).wrapping_add(salt));
        Judge {
            loss: chooser(wire.loss.clone(), 0),
            duplicate: chooser(wire.duplicate.clone(), 1),
            reorder: chooser(wire.reorder.iter().map(|(rule, _)| rule.clone()).collect(), 2),
            late: wire.reorder.iter().map(|(_, late)| *late).collect(),
        }
    }

    /// The fate of the next packet. A packet that is lost is counted by the other rules all the same.
    pub fn judge(&mut self, packet: Seen) -> Fate {
        let lost = self.loss.choose(packet).is_some();
        let twice = self.duplicate.choose(packet).is_some();
        let late = self.reorder.choose(packet).and_then(|index| self.late.get(index).copied());
        if lost { Fate::Lost } else { Fate::Arrives { twice, late } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::rule::Flags;
    use crate::track::Side;

    fn data() -> Seen {
        Seen { from: Side::Client, flags: Some(Flags { ack: true, ..Flags::default() }), payload: 5 }
    }

    #[test]
    fn every_rule_counts_every_packet() {
        let usual =
            UsualWire { delay_ms: 1, loss: &["client data 1"], duplicate: &["data 1..2"], reorder: &["data 3 by 2"] };
        let mut judge = Judge::new(&usual.wire().expect("rules"));
        let fates: Vec<Fate> = (0..4).map(|_| judge.judge(data())).collect();
        let arrives = |twice, late| Fate::Arrives { twice, late };
        let expected = [Fate::Lost, arrives(true, None), arrives(false, Some(Late::Places(2))), arrives(false, None)];
        assert_eq!(fates, expected);
    }
}
