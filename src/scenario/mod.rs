//! What can be demonstrated: each scenario is data in one file, listed once in [`SCENARIOS`].

/// Actions inside an action, also in a constant.
macro_rules! actions {
    ($($action:expr),+ $(,)?) => {{
        const INSIDE: &[$crate::scenario::Action] = &[$($action),+];
        $crate::scenario::Actions::Borrowed(INSIDE)
    }};
}

pub mod action;
mod backlog_overflow;
pub mod calls;
mod close_message;
mod close_three_or_four;
mod close_unread_data;
mod close_wait_leak;
mod connection_refused;
pub mod course;
pub mod expectation;
mod fast_retransmit;
mod fin_triggers;
mod half_close;
mod half_open;
mod http_get_close;
mod http_keep_alive;
mod keep_alive;
mod linger_zero_abort;
mod message_boundaries;
mod multithread_exit;
mod nagle_delayed_ack;
pub mod notation;
pub mod page;
mod psh_large_write;
mod reordering;
mod request_response_psh;
mod rto_backoff;
pub mod rule;
mod simultaneous_close;
mod simultaneous_open;
mod syn_loss;
mod tcp;
mod tcp_and_udp;
mod time_wait;
mod udp_color_server;
mod udp_port_unreachable;
mod urgent_data;
pub mod wire;
mod write_to_closed_peer;
mod zero_window;

pub use self::wire::UsualWire;
pub use action::{Action, Actions, End, Errno, Expect, Often, Op, Payload, Port, SocketOption, Takes, Transport, Why};
pub use course::{Claim, Judgement, Question};
pub use expectation::{Expectation, Talk, Times};
pub use udp_color_server::COLOURS;

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
    /// The wire between its ends, where it needs one.
    pub wire: Option<UsualWire>,
}

impl Variant {
    /// No claims and no wire, which most have: to be filled with `..Variant::BARE`.
    const BARE: Variant = Variant {
        name: "default",
        title: Text { en: "", id: "" },
        client: &[],
        server: &[],
        expect: Expectation::NONE,
        claims: &[],
        wire: None,
    };

    /// Both actors' actions, those inside others as well, each with how often it is carried out.
    fn visit(&self, each: &mut impl FnMut(&'static Action, u32)) {
        let clients = u32::from(self.clients().unwrap_or(1));
        self.client.iter().for_each(|action| action.visit(clients, each));
        self.server.iter().for_each(|action| action.visit(clients, each));
    }

    /// The pauses of both actors: milliseconds and reason.
    #[must_use]
    pub fn pauses(&self) -> Vec<(u32, Why)> {
        let mut pauses = Vec::new();
        self.visit(&mut |action, _| {
            if let Op::Pause { ms, why } = action.op {
                pauses.push((ms, why));
            }
        });
        pauses
    }

    /// True when it talks to itself inside one host, where no wire can be.
    #[must_use]
    pub fn is_one_host(&self) -> bool {
        let binds = |action: &Action| matches!(action.op, Op::Bind { port: Port::Server, .. });
        self.server.is_empty() && self.client.iter().any(binds)
    }

    /// True when the user's `--message` changes what is sent.
    #[must_use]
    pub fn takes_message(&self) -> bool {
        let mut takes = false;
        self.visit(&mut |action, _| {
            takes |= matches!(
                action.op,
                Op::Send(Payload::Message(_)) | Op::SendMore(Payload::Message(_)) | Op::SendTo(Payload::Message(_))
            );
        });
        takes
    }

    /// How many clients there are when the user does not say; `None` where there is always one.
    #[must_use]
    pub fn clients(&self) -> Option<u16> {
        let mut clients = None;
        for action in self.server {
            action.visit(1, &mut |action, _| {
                if let Op::Repeat { often: Often::Clients { usual }, .. } = action.op {
                    clients = Some(usual);
                }
            });
        }
        clients
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
    &tcp_and_udp::SCENARIO,
    &half_close::SCENARIO,
    &close_message::SCENARIO,
    &connection_refused::SCENARIO,
    &request_response_psh::SCENARIO,
    &psh_large_write::SCENARIO,
    &message_boundaries::SCENARIO,
    &write_to_closed_peer::SCENARIO,
    &close_three_or_four::SCENARIO,
    &fin_triggers::SCENARIO,
    &close_unread_data::SCENARIO,
    &close_wait_leak::SCENARIO,
    &half_open::SCENARIO,
    &time_wait::SCENARIO,
    &linger_zero_abort::SCENARIO,
    &simultaneous_open::SCENARIO,
    &simultaneous_close::SCENARIO,
    &syn_loss::SCENARIO,
    &fast_retransmit::SCENARIO,
    &rto_backoff::SCENARIO,
    &reordering::SCENARIO,
    &backlog_overflow::SCENARIO,
    &nagle_delayed_ack::SCENARIO,
    &zero_window::SCENARIO,
    &keep_alive::SCENARIO,
    &urgent_data::SCENARIO,
    &http_get_close::SCENARIO,
    &http_keep_alive::SCENARIO,
    &multithread_exit::SCENARIO,
    &udp_color_server::SCENARIO,
    &udp_port_unreachable::SCENARIO,
];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().copied().find(|scenario| scenario.name == name)
}

/// What most servers begin with: `socket`, `setsockopt(SO_REUSEADDR)`, `bind`, `listen`.
const LISTEN: Action = Action::ok(Op::Listen { backlog: 5, reuse: true });

/// The same with room for as many clients as may come at once.
const LISTEN_FOR_MANY: Action = Action::ok(Op::Listen { backlog: 1000, reuse: true });

const ACCEPT: Action = Action::ok(Op::Accept);
const CONNECT: Action = Action::ok(Op::Connect);
const TO_END: Action = Action::ok(Op::RecvToEnd);
const CLOSE: Action = Action::ok(Op::Close);
const CLOSE_LISTENER: Action = Action::ok(Op::CloseListener);
const MEET: Action = Action::ok(Op::Meet);
const SHUTDOWN: Action = Action::ok(Op::ShutdownWrite);

/// Also on a busy machine no two packets cross that are meant to follow each other: a lone ACK that the kernel delays
/// (about 40 ms) has left and arrived before the program goes on.
const UNTIL_ACKED: Action = Action::ok(Op::AwaitRest);

const AWAIT_END: Action = Action::ok(Op::AwaitEnd);
const AWAIT_CROSSING: Action = Action::ok(Op::AwaitCrossing);
const TELL: Action = Action::ok(Op::Tell);
const AWAIT_TOLD: Action = Action::ok(Op::AwaitTold);

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

/// Once for each client, of which there are so many when the user does not say.
const fn each_client(usual: u16, actions: Actions) -> Action {
    Action::ok(Op::Repeat { often: Often::Clients { usual }, actions })
}

const fn times(times: u16, actions: Actions) -> Action {
    Action::ok(Op::Repeat { often: Often::Fixed(times), actions })
}

/// A thread that takes over the connection.
const fn handle(actions: Actions) -> Action {
    Action::ok(Op::Thread { takes: Takes::Connection, actions })
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
                let clients = variant.clients().unwrap_or(1);
                let (client, server) = (variant.client, variant.server);
                for (sender, times, receiver, of) in [(client, clients, server, 1), (server, 1, client, clients)] {
                    let sent = bytes(sender, clients, sent_bytes) * usize::from(times);
                    let awaited = bytes(receiver, clients, awaited_bytes) * usize::from(of);
                    assert!(awaited <= sent, "{} {}: {awaited} of {sent}", scenario.name, variant.name);
                }
            }
        }
    }

    fn bytes(actions: &'static [Action], clients: u16, count: fn(&Action) -> usize) -> usize {
        let mut sum = 0;
        for action in actions {
            action.visit(clients.into(), &mut |action, times| sum += count(action) * times as usize);
        }
        sum
    }

    fn sent_bytes(action: &Action) -> usize {
        match &action.op {
            Op::Send(payload)
            | Op::SendMore(payload)
            | Op::SendUrgent(payload)
            | Op::SendTo(payload)
            | Op::SendBack(payload) => payload.bytes(None).len(),
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
    fn only_servers_count_clients() {
        for variant in SCENARIOS.iter().flat_map(|scenario| scenario.variants) {
            for action in variant.client {
                action.visit(1, &mut |action, _| {
                    assert!(!matches!(action.op, Op::Repeat { often: Often::Clients { .. }, .. }), "{}", variant.name);
                });
            }
            assert!(variant.clients().is_none_or(|clients| (1..=200).contains(&clients)), "{}", variant.name);
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
        assert_eq!(*Payload::message("halo").bytes(Some("hai")), *b"hai");
        assert_eq!(*Payload::message("halo").bytes(None), *b"halo");
        assert_eq!(*Payload::text("halo").bytes(Some("hai")), *b"halo");
        assert_eq!(Payload::Filler(30).bytes(Some("hai")).len(), 30);
        assert!(find("tcp").is_some_and(|scenario| scenario.variants[0].takes_message()));
    }
}
