//! Wrong usage in the user's language: what clap found, said by us.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;

use crate::failure::Failure;
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::language::{Lang, Values};

/// The message for a command line that clap refused.
pub(super) fn render(error: &clap::Error, lang: Lang) -> String {
    let failure = failure(error);
    let mut text = failure.render(lang);
    // A value's parser knows which form it wants; clap only knows that it refused.
    if let Some(form) = error.source().and_then(|source| source.downcast_ref::<Failure>()) {
        text.push('\n');
        text.push_str(&form.render(lang));
    }
    text
}

fn failure(error: &clap::Error) -> Failure {
    let get = |kind| error.get(kind).map(plain).unwrap_or_default();
    let option = bare(first_word(&get(ContextKind::InvalidArg)));
    let values = Values::none().words("command", command_of(error));
    let bad = |what: &'static Message, values: Values| Failure::bad_input(what, values);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let nearest = nearest(error, ContextKind::SuggestedSubcommand);
            suggest(
                bad(&messages::UNKNOWN_COMMAND, values.words("value", get(ContextKind::InvalidSubcommand))),
                nearest,
            )
        }
        ErrorKind::UnknownArgument => {
            let nearest = nearest(error, ContextKind::SuggestedArg).map(|arg| first_word(&arg).to_owned());
            if option.starts_with('-') {
                return suggest(bad(&messages::UNKNOWN_OPTION, values.words("value", option)), nearest);
            }
            too_many(values, option, &command_of(error))
        }
        ErrorKind::InvalidValue if get(ContextKind::InvalidValue).is_empty() => {
            bad(&messages::MISSING_VALUE, values.words("option", option))
        }
        ErrorKind::InvalidValue => {
            let nearest = nearest(error, ContextKind::SuggestedValue);
            let values = values
                .words("option", option)
                .words("value", get(ContextKind::InvalidValue))
                .words("allowed", get(ContextKind::ValidValue));
            let failure = bad(&messages::BAD_CHOICE, values);
            match nearest {
                Some(nearest) => with(failure, "nearest", nearest).next(&messages::MEANT_ONLY),
                None => failure,
            }
        }
        ErrorKind::ValueValidation => {
            bad(&messages::BAD_VALUE, values.words("option", option).words("value", get(ContextKind::InvalidValue)))
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            bad(&messages::MISSING_VALUE, values.words("option", option))
        }
        ErrorKind::TooManyValues => {
            let value = get(ContextKind::InvalidValue);
            if option.starts_with('-') {
                bad(&messages::TAKES_NO_VALUE, values.words("option", option))
            } else {
                too_many(values, value, &command_of(error))
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = bare(&get(ContextKind::InvalidArg));
            suggest(bad(&messages::MISSING_ARGUMENT, values.words("option", missing)), None)
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            suggest(bad(&messages::NO_COMMAND, values), None)
        }
        ErrorKind::ArgumentConflict => {
            let other = first_word(&get(ContextKind::PriorArg)).to_owned();
            let what = if other == option { &messages::ONLY_ONCE } else { &messages::EXCLUDE };
            bad(what, values.words("option", option).words("other", other))
        }
        ErrorKind::InvalidUtf8 => bad(&messages::NOT_UTF8, values),
        _ => suggest(bad(&messages::UNUSABLE, values), None),
    }
}

/// One argument too many: with a command that takes a filter, a word of a filter without quotes.
fn too_many(values: Values, value: String, command: &str) -> Failure {
    let filters = ["open", "stats", "plot", "report", "capture"];
    let failure = Failure::bad_input(&messages::ONE_TOO_MANY, values.words("value", value));
    match command.rsplit(' ').next() {
        Some(name) if filters.contains(&name) => failure.next(&messages::FILTER_IN_QUOTES),
        _ => suggest(failure, None),
    }
}

/// Adds the nearest name, or at least where the names are listed.
fn suggest(failure: Failure, nearest: Option<String>) -> Failure {
    match nearest {
        Some(nearest) => with(failure, "nearest", nearest).next(&messages::MEANT),
        None => failure.next(&messages::SEE_HELP),
    }
}

fn with(mut failure: Failure, name: &'static str, value: String) -> Failure {
    failure.values = failure.values.words(name, value);
    failure
}

fn nearest(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(one) => Some(one.clone()),
        // The last is the nearest.
        ContextValue::Strings(many) => many.last().cloned(),
        _ => None,
    }
}

/// `netscope demo`, from the usage line that clap hands along.
fn command_of(error: &clap::Error) -> String {
    let usage = error.get(ContextKind::Usage).map(plain).unwrap_or_default();
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip_while(|word| *word != "netscope")
        .take_while(|word| !word.starts_with(['[', '<']))
        .collect();
    if words.is_empty() { "netscope".to_owned() } else { words.join(" ") }
}

/// A context value without the styling that clap puts into usage lines.
fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::StyledStr(text) => text.to_string(),
        other => other.to_string(),
    }
}

/// A name without the brackets that clap puts around what has to be filled in: FILE for `<FILE>`, SCENARIO for
/// `[SCENARIO]...`.
fn bare(name: &str) -> String {
    name.replace("...", "").replace(['<', '>', '[', ']'], "")
}

/// `--format` of `--format <F>`.
fn first_word(text: &str) -> &str {
    text.split([' ', '=']).next().unwrap_or(text)
}
