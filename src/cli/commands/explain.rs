//! `netscope explain [TERM]`.

use clap::ArgMatches;

use crate::annotate::terms;
use crate::cli::arguments::id;
use crate::cli::{Session, Status, Trouble, print};
use crate::failure::Failure;
use crate::language::Values;
use crate::language::messages::cli as messages;
use crate::report::explain;
use crate::report::text::wrap;

/// Prose wider than this is hard to read.
const PROSE: usize = 90;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let (lang, width) = (session.lang, session.environment.width().min(PROSE));
    let text = match matches.get_one::<String>(id::TERM) {
        None => {
            let next = wrap(messages::TERMS_NEXT.text.get(lang), width).join("\n");
            format!("{}\n{next}\n", explain::list(lang, width))
        }
        Some(name) => match terms::find(name) {
            Some(entry) => explain::render(&entry, lang, width),
            None => return Err(unknown(name).into()),
        },
    };
    print(text.as_bytes())
}

fn unknown(name: &str) -> Failure {
    let near = terms::suggest(name);
    let values = Values::none().words("value", name.to_owned()).words("nearest", near.join(", "));
    let next = if near.is_empty() { &messages::SEE_TERMS } else { &messages::MEANT_TERM };
    Failure::bad_input(&messages::UNKNOWN_TERM, values).next(next)
}
