//! `netscope explain [TERM]`.

use clap::ArgMatches;

use crate::annotate::terms::{self, Entry, TermKind};
use crate::cli::arguments::id;
use crate::cli::{Session, Status, Trouble, print};
use crate::failure::Failure;
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::language::{Lang, Text, Value, Values};
use crate::report::text::{width, wrap};
use crate::track::Side;

/// Prose wider than this is hard to read.
const PROSE: usize = 90;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let columns = session.environment.width().min(PROSE);
    let text = match matches.get_one::<String>(id::TERM) {
        None => list(session.lang, columns),
        Some(name) => match terms::find(name) {
            Some(entry) => explanation(&entry, session.lang, columns),
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

/// The kinds of entries, in the order in which they are listed.
fn heading(entry: &Entry) -> &'static Message {
    match entry {
        Entry::Term(term) if term.kind == TermKind::Flag => &messages::KIND_FLAG,
        Entry::Term(_) => &messages::KIND_STATE,
        Entry::Rule(_) => &messages::KIND_RULE,
        Entry::Verdict(_) => &messages::KIND_VERDICT,
    }
}

fn list(lang: Lang, columns: usize) -> String {
    let names = terms::entries().map(|entry| width(entry.name())).max().unwrap_or_default() + 4;
    let mut lines = Vec::new();
    let mut last = None;
    for entry in terms::entries() {
        let heading = heading(&entry);
        if last != Some(heading.name) {
            if last.is_some() {
                lines.push(String::new());
            }
            lines.push(heading.text.get(lang).to_owned());
            last = Some(heading.name);
        }
        let room = columns.saturating_sub(names).max(20);
        for (index, part) in wrap(entry.title().get(lang), room).into_iter().enumerate() {
            let name = if index == 0 { format!("  {}", entry.name()) } else { String::new() };
            lines.push(format!("{name:names$}{part}"));
        }
    }
    lines.push(String::new());
    lines.extend(wrap(messages::TERMS_NEXT.text.get(lang), columns));
    lines.push(String::new());
    lines.join("\n")
}

fn explanation(entry: &Entry, lang: Lang, columns: usize) -> String {
    let mut lines = wrap(&format!("{}: {}", entry.name(), entry.title().get(lang)), columns);
    let mut paragraph = |text: &str| {
        lines.push(String::new());
        lines.extend(wrap(text, columns));
    };
    let sources = match entry {
        Entry::Term(term) => {
            paragraph(term.text.get(lang));
            term.sources
        }
        Entry::Rule(rule) => {
            paragraph(&example(&rule.note, lang));
            paragraph(rule.more.get(lang));
            rule.sources
        }
        Entry::Verdict(verdict) => {
            paragraph(&example(&verdict.sentence, lang));
            &[]
        }
    };
    if !sources.is_empty() {
        paragraph(&messages::SOURCES.text.fill(lang, &Values::none().words("sources", sources.join(", "))));
    }
    let namesakes: Vec<&str> = terms::namesakes(entry).map(|other| other.name()).collect();
    if !namesakes.is_empty() {
        paragraph(&messages::NAMESAKES.text.fill(lang, &Values::none().words("names", namesakes.join(", "))));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A note as it would read at a packet from the client; what only a packet knows is left open.
fn example(note: &Text, lang: Lang) -> String {
    let mut values = Values::none().with("src", Value::Side(Side::Client)).with("dst", Value::Side(Side::Server));
    for name in note.placeholders(lang) {
        if values.get(&name).is_none() {
            // The names come from the texts of the program, and there are few.
            values = values.words(String::leak(name), "…");
        }
    }
    messages::EXAMPLE.text.fill(lang, &Values::none().words("note", note.fill(lang, &values)))
}
