//! The page around the parts: head, style, script, data.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::data::{self, Packets, Script};
use super::parts;
use crate::decode::TcpFlags;
use crate::language::messages::{Message, html as say, report};
use crate::language::{Lang, Text};
use crate::report::ladder::svg::escape;
use crate::report::people::compare::Comparison;
use crate::report::people::story::Story;
use crate::report::plot::Shown;
use crate::report::stats::Table;
use crate::track::State;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Both languages of a text, each marked as what it is; the page shows one.
pub(super) fn both(text: &Text) -> String {
    if text.en == text.id {
        return escape(text.en);
    }
    format!(
        "<span class=\"en\" lang=\"en\">{}</span><span class=\"id\" lang=\"id\">{}</span>",
        escape(text.en),
        escape(text.id)
    )
}

/// An attribute in both languages; the script sets it when the language is switched.
pub(super) fn attribute(name: &str, text: &Text, lang: Lang) -> String {
    format!(
        "{name}=\"{}\" data-{name}-en=\"{}\" data-{name}-id=\"{}\"",
        escape(text.get(lang)),
        escape(text.en),
        escape(text.id)
    )
}

/// Everything before the data. Nothing may be fetched from anywhere, and the page says so to the browser.
pub(super) fn head(out: &mut dyn Write, source: &str, lang: Lang) -> io::Result<()> {
    let code = lang.code();
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"netscope {}\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n",
        env!("CARGO_PKG_VERSION"),
        escape(&crate::report::text::safe(source)),
    )
}

/// What the page shows of each capture besides its story.
pub(super) struct Parts<'a> {
    /// The statistics, in both languages.
    pub(super) tables: &'a [[Vec<Table>; 2]],
    /// The number of packets: in the page, and in all.
    pub(super) counts: &'a [(u64, u64)],
    /// The plots.
    pub(super) plots: &'a [Shown],
}

/// The body up to the tables of the script.
pub(super) fn body(
    out: &mut dyn Write,
    stories: &[Vec<Story>; 2],
    demos: &[Vec<Comparison>; 2],
    of: &Parts<'_>,
) -> io::Result<()> {
    out.write_all(b"</head>\n<body>\n")?;
    out.write_all(bar().as_bytes())?;
    out.write_all(b"<main>\n")?;
    for (index, (en, id)) in stories[0].iter().zip(&stories[1]).enumerate() {
        out.write_all(parts::capture(index, [en, id], of).as_bytes())?;
    }
    out.write_all(parts::comparison(demos).as_bytes())?;
    let version = |lang: Lang| say::MADE_BY.text.get(lang).replace("{version}", env!("CARGO_PKG_VERSION"));
    writeln!(
        out,
        "</main>\n<footer><span class=\"en\" lang=\"en\">{}</span><span class=\"id\" lang=\"id\">{}</span></footer>",
        version(Lang::En),
        version(Lang::Id)
    )
}

/// The buttons of the page.
fn bar() -> String {
    format!(
        "<header class=\"bar\"><div class=\"tools\" role=\"group\" {}>\
         <button type=\"button\" data-lang=\"en\" lang=\"en\">English</button>\
         <button type=\"button\" data-lang=\"id\" lang=\"id\">Bahasa Indonesia</button></div>\
         <div class=\"tools\"><button type=\"button\" data-theme>{}</button>\
         <button type=\"button\" data-print>{}</button></div></header>\n\
         <noscript><p class=\"note\">{}</p></noscript>\n",
        attribute("aria-label", &say::LANGUAGE.text, Lang::En),
        both(&say::THEME.text),
        both(&say::PRINT.text),
        both(&say::NO_SCRIPT.text),
    )
}

/// What the script looks words up in, and the script.
pub(super) fn tables(out: &mut dyn Write, packets: &Packets, connections: &[Vec<Json>]) -> io::Result<()> {
    let word = |message: &Message| json!([message.text.en, message.text.id]);
    let tables = json!({
        "rules": packets.rules(),
        "verdicts": data::verdicts(),
        "states": State::ALL.map(State::name),
        "flags": TcpFlags::NAMES.map(|(bit, name)| json!([bit, name])),
        "sides": [["the client", "client"], ["the server", "server"]],
        "roles": ["client", "server"],
        "certainty": [word(&report::CERTAIN), word(&report::LIKELY), word(&report::POSSIBLE)],
        "words": {
            "shown": word(&say::SHOWN), "of": word(&say::OF), "bytes": word(&say::BYTES), "bytesOf": word(&say::BYTES_OF),
            "more": word(&say::MORE), "frame": word(&say::FRAME), "time": word(&say::TIME), "window": word(&say::WINDOW),
            "states": word(&say::STATES), "connections": word(&report::CONNECTIONS), "lost": word(&report::LOST), "choose": word(&say::CHOOSE),
        },
    });
    out.write_all(b"<script type=\"application/json\" id=\"tables\">")?;
    serde_json::to_writer(Script(&mut *out), &tables)?;
    out.write_all(b"</script>\n")?;
    for (index, list) in connections.iter().enumerate() {
        write!(out, "<script type=\"application/json\" class=\"connections\" data-capture=\"{index}\">")?;
        serde_json::to_writer(Script(&mut *out), list)?;
        out.write_all(b"</script>\n")?;
    }
    write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
}
