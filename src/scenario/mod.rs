//! What can be demonstrated: each scenario is data in one file, listed once in [`SCENARIOS`].

pub mod action;
mod close_message;
mod close_three_or_four;
mod close_unread_data;
mod close_wait_leak;
mod connection_refused;
pub mod course;
pub mod expectation;
mod half_close;
mod http_get_close;
mod linger_zero_abort;
pub mod notation;
mod request_response_psh;
mod simultaneous_open;
mod tcp;
mod time_wait;
mod udp_port_unreachable;
mod write_to_closed_peer;

pub use action::{Action, Errno, Expect, Op, Payload, Port, SocketOption, Transport, Why};
pub use course::{Claim, Judgement, Question};
pub use expectation::{Expectation, Talk, Times};

use crate::language::Text;

/// A client/server exchange that netscope can run itself.
#[derive(Debug)]
pub struct Scenario {
    /// What it is called on the command line.
    pub name: &'static str,
    /// For whom it is.
    pub level: Level,
    /// A few words.
    pub title: Text,
    /// What is to be learned, one sentence.
    pub lesson: Text,
    /// Its variants, the usual one first; never empty.
    pub variants: &'static [Variant],
    /// The teacher's question.
    pub question: Option<Question>,
}

impl Scenario {
    /// The variant of this name.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// True when there is a choice of variants, so that naming one says something.
    #[must_use]
    pub fn has_variants(&self) -> bool {
        self.variants.len() > 1
    }
}

/// One way of running a scenario.
#[derive(Debug)]
pub struct Variant {
    /// Its name; `default` where there is only one.
    pub name: &'static str,
    /// A few words.
    pub title: Text,
    /// What the client does.
    pub client: &'static [Action],
    /// What the server does.
    pub server: &'static [Action],
    /// What its packets must look like.
    pub expect: Expectation,
    /// What course texts say of it.
    pub claims: &'static [Claim],
}

impl Variant {
    /// The pauses of both actors: milliseconds and reason.
    pub fn pauses(&self) -> impl Iterator<Item = (u32, Why)> {
        self.client.iter().chain(self.server).filter_map(|action| match action.op {
            Op::Pause { ms, why } => Some((ms, why)),
            _ => None,
        })
    }

    /// True when the user's `--message` changes what is sent.
    #[must_use]
    pub fn takes_message(&self) -> bool {
        self.client.iter().any(|action| {
            matches!(
                action.op,
                Op::Send(Payload::Message(_)) | Op::SendMore(Payload::Message(_)) | Op::SendTo(Payload::Message(_))
            )
        })
    }
}

/// For whom a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For a first course.
    Basic,
    /// For those who know the basics.
    Advanced,
}

impl Level {
    /// The level in words.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Level::Basic => Text { en: "basic", id: "dasar" },
            Level::Advanced => Text { en: "advanced", id: "lanjut" },
        }
    }
}

/// Every scenario, in the order of the list that users see.
pub static SCENARIOS: &[&Scenario] = &[
    &tcp::SCENARIO,
    &half_close::SCENARIO,
    &close_message::SCENARIO,
    &connection_refused::SCENARIO,
    &request_response_psh::SCENARIO,
    &write_to_closed_peer::SCENARIO,
    &close_three_or_four::SCENARIO,
    &close_unread_data::SCENARIO,
    &close_wait_leak::SCENARIO,
    &time_wait::SCENARIO,
    &linger_zero_abort::SCENARIO,
    &simultaneous_open::SCENARIO,
    &http_get_close::SCENARIO,
    &udp_port_unreachable::SCENARIO,
];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().copied().find(|scenario| scenario.name == name)
}

/// What most servers begin with: `socket`, `setsockopt(SO_REUSEADDR)`, `bind`, `listen`.
const LISTEN: Action = Action::ok(Op::Listen { backlog: 5, reuse: true });

const ACCEPT: Action = Action::ok(Op::Accept);
const CONNECT: Action = Action::ok(Op::Connect);
const TO_END: Action = Action::ok(Op::RecvToEnd);
const CLOSE: Action = Action::ok(Op::Close);
const CLOSE_LISTENER: Action = Action::ok(Op::CloseListener);
const SHUTDOWN: Action = Action::ok(Op::ShutdownWrite);

/// Longer than a delayed ACK takes (40 ms and a tick or two of the kernel's clock).
const UNTIL_ACKED: Action = Action::ok(Op::Pause { ms: 60, why: Why::DelayedAck });

/// Without it, a busy machine may let two packets cross that are meant to follow each other.
const ARRIVE: Action = Action::ok(Op::Pause { ms: 20, why: Why::Arrival });

const fn send(text: &'static str) -> Action {
    Action::ok(Op::Send(Payload::text(text)))
}

const fn recv_all(text: &'static str) -> Action {
    Action::ok(Op::RecvAll(Payload::text(text)))
}

/// The first request, which `--message` may replace.
const fn send_message(default: &'static str) -> Action {
    Action::ok(Op::Send(Payload::message(default)))
}

const fn recv_message(default: &'static str) -> Action {
    Action::ok(Op::RecvAll(Payload::message(default)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;
    use std::collections::BTreeSet;

    fn texts(scenario: &'static Scenario) -> Vec<Text> {
        let mut texts = vec![scenario.title, scenario.lesson];
        texts.extend(scenario.variants.iter().map(|variant| variant.title));
        texts
    }

    #[test]
    fn names_are_unique_and_typeable() {
        let mut seen = BTreeSet::new();
        for scenario in SCENARIOS {
            assert!(seen.insert(scenario.name), "{} twice", scenario.name);
            let mut variants = BTreeSet::new();
            for variant in scenario.variants {
                assert!(variants.insert(variant.name), "{} {} twice", scenario.name, variant.name);
            }
            for name in variants.iter().chain([&scenario.name]) {
                assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()), "{name}");
            }
            assert!(variants.len() == 1 || !variants.contains("default"), "{}", scenario.name);
        }
    }

    #[test]
    fn every_text_is_there_in_both_languages() {
        for scenario in SCENARIOS {
            for text in texts(scenario) {
                // A state's name is the same in both.
                assert!(text.en != text.id || text.en == "TIME-WAIT", "{}: {}", scenario.name, text.en);
                for lang in Lang::ALL {
                    assert!(!text.get(lang).trim().is_empty(), "{}", scenario.name);
                    assert!(!text.get(lang).contains("  "), "{}: {}", scenario.name, text.get(lang));
                }
            }
        }
    }

    #[test]
    fn every_payload_that_is_awaited_is_sent_by_the_other_side() {
        for scenario in SCENARIOS {
            for variant in scenario.variants {
                for (sender, receiver) in [(variant.client, variant.server), (variant.server, variant.client)] {
                    let sent: usize = sender.iter().map(sent_bytes).sum();
                    let awaited: usize = receiver.iter().map(awaited_bytes).sum();
                    assert!(awaited <= sent, "{} {}: {awaited} of {sent}", scenario.name, variant.name);
                }
            }
        }
    }

    fn sent_bytes(action: &Action) -> usize {
        match &action.op {
            Op::Send(payload) | Op::SendMore(payload) | Op::SendTo(payload) => payload.bytes(None).len(),
            _ => 0,
        }
    }

    fn awaited_bytes(action: &Action) -> usize {
        match &action.op {
            Op::RecvAll(payload) => payload.bytes(None).len(),
            _ => 0,
        }
    }

    #[test]
    fn actions_survive_the_way_to_another_process() {
        for variant in SCENARIOS.iter().flat_map(|scenario| scenario.variants) {
            for actions in [variant.client, variant.server] {
                let bytes = postcard::to_stdvec(actions).expect("serialises");
                let back: Vec<Action> = postcard::from_bytes(&bytes).expect("deserialises");
                assert_eq!(back, actions);
            }
        }
    }

    #[test]
    fn a_message_replaces_only_what_may_be_replaced() {
        assert_eq!(Payload::message("halo").bytes(Some("hai")), b"hai");
        assert_eq!(Payload::message("halo").bytes(None), b"halo");
        assert_eq!(Payload::text("halo").bytes(Some("hai")), b"halo");
        assert!(find("tcp").is_some_and(|scenario| scenario.variants[0].takes_message()));
    }
}
