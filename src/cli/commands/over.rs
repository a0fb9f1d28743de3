//! The wire that a demo or the user's programs run over.

use std::time::Duration;

use clap::ArgMatches;

use super::demo::Show;
use crate::cli::arguments::id;
use crate::scenario::rule::{Late, Rule};
use crate::scenario::wire::{DEFAULT_SEED, Wire};

/// The wire that the user asks for, or that the variant runs over anyway; what is asked for takes the place of the
/// variant's own.
pub(super) fn wire(show: Show, matches: &ArgMatches) -> Option<Wire> {
    let rules = |name| matches.get_many::<Rule>(name).map(|rules| rules.cloned().collect::<Vec<_>>());
    let delay = matches.get_one::<Duration>(id::DELAY).copied();
    let (loss, duplicate) = (rules(id::LOSS), rules(id::DUPLICATE));
    let reorder = matches.get_many::<(Rule, Late)>(id::REORDER).map(|rules| rules.cloned().collect::<Vec<_>>());
    let asked = delay.is_some() || loss.is_some() || duplicate.is_some() || reorder.is_some();
    let usual = show.variant.wire.and_then(|usual| usual.wire().ok());
    if show.variant.is_one_host() || !asked && usual.is_none() {
        return None;
    }
    let usual = usual.unwrap_or_default();
    Some(Wire {
        delay: delay.unwrap_or(usual.delay),
        loss: loss.unwrap_or(usual.loss),
        duplicate: duplicate.unwrap_or(usual.duplicate),
        reorder: reorder.unwrap_or(usual.reorder),
        seed: matches.get_one::<u64>(id::SEED).copied().unwrap_or(DEFAULT_SEED),
    })
}

/// The wire that the user asks for.
pub(super) fn asked(matches: &ArgMatches) -> Option<Wire> {
    let rules = |name| matches.get_many::<Rule>(name).map(|rules| rules.cloned().collect::<Vec<_>>());
    let names = [id::DELAY, id::LOSS, id::DUPLICATE, id::REORDER];
    let reorder = matches.get_many::<(Rule, Late)>(id::REORDER).map(|rules| rules.cloned().collect::<Vec<_>>());
    names.into_iter().any(|name| matches.contains_id(name)).then(|| Wire {
        delay: matches.get_one::<Duration>(id::DELAY).copied().unwrap_or_default(),
        loss: rules(id::LOSS).unwrap_or_default(),
        duplicate: rules(id::DUPLICATE).unwrap_or_default(),
        reorder: reorder.unwrap_or_default(),
        seed: matches.get_one::<u64>(id::SEED).copied().unwrap_or(DEFAULT_SEED),
    })
}

/// A wire is asked for in vain: the variant's ends are one host.
pub(super) fn asks_in_vain(show: Show, matches: &ArgMatches) -> bool {
    let asks = |name| matches.contains_id(name);
    show.variant.is_one_host() && [id::DELAY, id::LOSS, id::DUPLICATE, id::REORDER].into_iter().any(asks)
}
