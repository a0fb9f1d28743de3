//! What a live run and the capture that was saved of it have in common.

use crate::beside::{Demo, Unseen};
use crate::cli::Session;
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::Heading;
use crate::scenario::{self, Scenario, Variant};

/// The variant's name, where there is a choice.
pub(super) fn variant_name(scenario: &Scenario, variant: &'static Variant) -> Option<&'static str> {
    scenario.has_variants().then_some(variant.name)
}

/// What stands above a demo's exchange; none when this netscope does not know the demo.
pub(super) fn heading(demo: &Demo) -> Option<Heading> {
    let scenario = scenario::find(&demo.scenario)?;
    let variant = scenario.variant(&demo.variant)?;
    Some(Heading {
        name: scenario.name,
        variant: variant_name(scenario, variant),
        // Of one of several, what it is about itself.
        title: if scenario.has_variants() { variant.title } else { scenario.title },
        lesson: scenario.lesson,
        claims: variant.claims,
        question: scenario.question.filter(|_| demo.question),
        answers: demo.answer,
        clients: demo.clients,
    })
}

/// What the tracer could not see.
pub(super) fn say_unseen(unseen: Unseen, session: &Session) {
    if unseen.missed > 0 {
        session.console.notice(&messages::RUN_MISSED, &Values::none().with("n", Value::Count(unseen.missed)));
    }
    if unseen.io_uring {
        session.console.notice(&messages::RUN_IO_URING, &Values::none());
    }
}
