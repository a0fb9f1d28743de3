//! What came of a check, in words.

use super::{Cause, Difference, Outcome};
use crate::language::messages::Message;
use crate::language::messages::check as say;
use crate::language::{Lang, Value, Values};
use crate::track::Side;

impl Outcome {
    /// How many packets, in words.
    #[must_use]
    pub fn size(&self, lang: Lang) -> String {
        let message = if self.packets == 1 { &say::PACKETS_ONE } else { &say::PACKETS };
        message.text.fill(lang, &Values::none().with("n", Value::Count(self.packets as u64)))
    }

    /// What was found, packet by packet, with the states and the end; one line each, without indent.
    #[must_use]
    pub fn found(&self, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        for talk in &self.talks {
            let end = if talk.end.is_empty() { String::new() } else { format!(": {}", talk.end) };
            lines.push(format!("{}{end}", talk.conn));
            for (path, side) in talk.paths.iter().zip(["C", "S"]).filter(|(path, _)| !path.is_empty()) {
                lines.push(format!("  {side}: {path}"));
            }
            for packet in &talk.packets {
                let sign = if packet.optional { "~" } else { "" };
                let expected = packet.expected.map(|expected| format!("   = {sign}{expected}")).unwrap_or_default();
                lines.push(format!("  {:>4}  {}{expected}", packet.frame, packet.came));
            }
        }
        if !self.unjudged.is_empty() {
            let counters = Values::none().words("counters", self.unjudged.join(", "));
            lines.push(say::UNJUDGED.text.fill(lang, &counters));
        }
        lines
    }
}

impl Difference {
    /// The difference in one language, one line each; those after the first are indented.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let tell = |message: &Message, values: Values| message.text.fill(lang, &values);
        let frame = |frame: u64| Values::none().with("frame", Value::Number(frame));
        let none = Values::none;
        match self {
            Difference::Unreadable(flaw) => vec![tell(&say::UNREADABLE, none().words("error", flaw.clone()))],
            Difference::Dropped(n) => vec![tell(&say::DROPPED, none().with("n", Value::Count(*n)))],
            Difference::Stray(number) => vec![tell(&say::STRAY, frame(*number))],
            Difference::Surplus(conn) => vec![tell(&say::SURPLUS_TALK, none().words("conn", conn.to_string()))],
            Difference::NoTalk(packet) => vec![tell(&say::NO_TALK, none().words("packet", *packet))],
            Difference::Packets { .. } => self.packet_lines(lang),
            Difference::NotOn { rule, packet: (number, packet) } => {
                vec![tell(&say::NOT_ON, frame(*number).words("packet", packet.clone()).words("rule", *rule))]
            }
            Difference::Nowhere(rule) => vec![tell(&say::NOWHERE, none().words("rule", *rule))],
            Difference::Fires(rule) => vec![tell(&say::FIRES, none().words("rule", *rule))],
            Difference::Path { conn, side, expected, came } => {
                let values = none().words("conn", conn.to_string()).with("side", Value::Side(*side));
                let open = match side {
                    Side::Client => "SYN-SENT → ESTABLISHED",
                    Side::Server => "SYN-RECEIVED → ESTABLISHED",
                };
                both(lang, tell(&say::PATH, values), &expected.replace("open", open), came)
            }
            Difference::End { conn, expected, came } => {
                both(lang, tell(&say::ENDED, none().words("conn", conn.to_string())), expected, came)
            }
            Difference::Counter { expected, came } => {
                vec![tell(&say::COUNTER, none().words("what", *expected).with("n", Value::Count(*came)))]
            }
        }
    }

    fn packet_lines(&self, lang: Lang) -> Vec<String> {
        let Difference::Packets { conn, after, expected, could_end, came, cause } = self else { return Vec::new() };
        let values = Values::none().words("conn", conn.to_string());
        let place = match after {
            None => say::AT_BEGINNING.text.fill(lang, &values),
            Some((frame, packet)) => {
                let values = values.with("frame", Value::Number(*frame)).words("packet", packet.clone());
                say::AFTER.text.fill(lang, &values)
            }
        };
        let the_end = say::THE_END.text.get(lang);
        let mut could: Vec<&str> = expected.clone();
        could.extend(could_end.then_some(the_end));
        let came = came.as_ref().map_or_else(|| the_end.to_owned(), |(frame, packet)| format!("{frame}  {packet}"));
        let mut lines = both(lang, place, &could.join(&format!(" {} ", say::OR.text.get(lang))), &came);
        lines.extend(match cause {
            Cause::Missing(packet) => {
                Some(format!("  {}", say::MISSING.text.fill(lang, &Values::none().words("packet", *packet))))
            }
            Cause::Surplus => Some(format!("  {}", say::SURPLUS.text.get(lang))),
            Cause::Swapped => Some(format!("  {}", say::SWAPPED.text.get(lang))),
            Cause::Other => None,
        });
        lines
    }
}

/// A place, what was expected there, and what came.
fn both(lang: Lang, place: String, expected: &str, came: &str) -> Vec<String> {
    let line = |message: &Message, what: &str| {
        format!("  {}", message.text.fill(lang, &Values::none().words("what", what.to_owned())))
    };
    vec![place, line(&say::EXPECTED, expected), line(&say::CAME, came)]
}
