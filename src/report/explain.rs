//! What `netscope explain` prints: one entry, or the list of all; and the page made from the whole catalogue.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::annotate::Rule;
use crate::annotate::rules::RULES;
use crate::annotate::terms::{Entry, TermKind, entries, namesakes};
use crate::annotate::verdict::{FOUR_SEGMENTS, THREE_SEGMENTS, VERDICTS, VerdictRule};
use crate::language::messages::Message;
use crate::language::messages::explain as words;
use crate::language::{Lang, Value, Values};

/// Narrower than this no text is wrapped.
const MIN_WIDTH: usize = 20;

/// An entry as plain text, wrapped to `width` columns.
#[must_use]
pub fn render(entry: &Entry, lang: Lang, width: usize) -> String {
    let mut out = String::new();
    let mut heading = format!("{}: {}", entry.name(), entry.title().get(lang));
    let kind = match entry {
        Entry::Rule(rule) => format!("{}, E{:02}", kind(entry).text.get(lang), rule.number),
        _ => kind(entry).text.get(lang).to_owned(),
    };
    let _ = write!(heading, " ({kind})");
    wrap_into(&mut out, &heading, width);
    for paragraph in paragraphs(entry, lang) {
        out.push('\n');
        wrap_into(&mut out, &paragraph, width);
    }
    out.push('\n');
    let sources = sources(entry);
    if !sources.is_empty() {
        wrap_into(&mut out, &format!("{}: {}", words::SOURCES.text.get(lang), sources.join(", ")), width);
    }
    let beside: Vec<_> = namesakes(entry).map(|other| other.name()).collect();
    if !beside.is_empty() {
        wrap_into(&mut out, &format!("{}: {}", words::SEE_ALSO.text.get(lang), beside.join(", ")), width);
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// The names of everything that can be explained, with a few words each.
#[must_use]
pub fn list(lang: Lang, width: usize) -> String {
    let widest = entries().map(|entry| entry.name().len()).max().unwrap_or(0);
    let mut out = String::new();
    for group in GROUPS {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", group.heading.text.get(lang));
        for entry in entries().filter(|entry| kind(entry).name == group.kind.name) {
            let lines = wrap(entry.title().get(lang), width.saturating_sub(widest + 4).max(MIN_WIDTH));
            for (i, line) in lines.iter().enumerate() {
                let name = if i == 0 { entry.name() } else { "" };
                let _ = writeln!(out, "  {name:widest$}  {line}");
            }
        }
    }
    out
}

/// The whole catalogue as a page: `docs/rules.md` and `docs/rules.id.md`.
#[must_use]
pub fn rules_markdown(lang: Lang) -> String {
    let text = |message: &Message| message.text.get(lang);
    let mut out = format!("# {}\n\n", text(&words::DOC_TITLE));
    for paragraph in [&words::DOC_INTRO, &words::DOC_GENERATED, &words::DOC_ORDER] {
        let _ = writeln!(out, "{}\n", text(paragraph));
    }
    let order: Vec<_> = RULES.iter().map(|rule| format!("`{}`", rule.name)).collect();
    let _ = writeln!(out, "{}.", order.join(", "));
    for group in GROUPS {
        let _ = write!(out, "\n## {}\n", text(group.heading));
        for entry in entries().filter(|entry| kind(entry).name == group.kind.name) {
            let number = if let Entry::Rule(rule) = &entry { format!(" (E{:02})", rule.number) } else { String::new() };
            let _ = write!(out, "\n### `{}`{number}: {}\n", entry.name(), entry.title().get(lang));
            for (i, paragraph) in paragraphs(&entry, lang).iter().enumerate() {
                let quoted = i == 0 && !matches!(entry, Entry::Term(_));
                let _ = write!(out, "\n{}{paragraph}\n", if quoted { "> " } else { "" });
            }
            let sources = sources(&entry);
            if !sources.is_empty() {
                let _ = write!(out, "\n*{}: {}*\n", text(&words::SOURCES), sources.join(", "));
            }
        }
    }
    out
}

/// A heading over all entries of one kind.
struct Group {
    kind: &'static Message,
    heading: &'static Message,
}

const GROUPS: [Group; 8] = [
    Group { kind: &words::FLAG, heading: &words::FLAGS },
    Group { kind: &words::STATE, heading: &words::STATES },
    Group { kind: &words::CONCEPT, heading: &words::CONCEPTS },
    Group { kind: &words::EVENT, heading: &words::EVENTS },
    Group { kind: &words::ANALYSIS, heading: &words::ANALYSES },
    Group { kind: &words::LABEL, heading: &words::LABELS },
    Group { kind: &words::VERDICT, heading: &words::VERDICTS },
    Group { kind: &words::FINDING, heading: &words::FINDINGS },
];

fn kind(entry: &Entry) -> &'static Message {
    match entry {
        Entry::Term(term) if term.kind == TermKind::Flag => &words::FLAG,
        Entry::Term(term) if term.kind == TermKind::Concept => &words::CONCEPT,
        Entry::Term(term) if term.kind == TermKind::Analysis => &words::ANALYSIS,
        Entry::Term(term) if term.kind == TermKind::Label => &words::LABEL,
        Entry::Term(term) if term.kind == TermKind::Finding => &words::FINDING,
        Entry::Term(_) => &words::STATE,
        Entry::Rule(_) => &words::EVENT,
        Entry::Verdict(_) => &words::VERDICT,
    }
}

fn sources(entry: &Entry) -> &'static [&'static str] {
    match entry {
        Entry::Term(term) => term.sources,
        Entry::Rule(rule) => rule.sources,
        Entry::Verdict(_) => &[],
    }
}

/// The text of an entry. Where a packet would fill in its values, they are named in general.
fn paragraphs(entry: &Entry, lang: Lang) -> Vec<String> {
    match entry {
        Entry::Term(term) => vec![term.text.get(lang).to_owned()],
        Entry::Verdict(verdict) => vec![pattern(verdict, lang)],
        Entry::Rule(rule) => {
            let mut out = vec![rule.note.fill(lang, &packet_values(rule)), rule.more.get(lang).to_owned()];
            if let Some(verdict) = VERDICTS.iter().find(|verdict| verdict.name == rule.name) {
                out.push(format!("{}: {}", words::AS_VERDICT.text.get(lang), pattern(verdict, lang)));
            }
            out
        }
    }
}

fn packet_values(rule: &Rule) -> Values {
    let example =
        if rule.name == "syn-options" { "MSS 1460, SACK, timestamp, window scale 7 (×128)" } else { "close" };
    let values = Values::none()
        .with("src", Value::Text(words::THE_SENDER.text))
        .with("dst", Value::Text(words::THE_RECEIVER.text))
        .with("n", Value::Text(words::N_BYTES.text))
        .words("text", example)
        .words("method", "GET")
        .words("target", "/")
        .words("status", "200 OK")
        .words("label", "")
        .words("counted", "")
        .words("itself", "")
        .words("why", "…")
        .words("after", "…")
        .with("unit", Value::Text(words::UNIT.text))
        .with("what", Value::Text(words::WHAT_IT_SENT.text));
    ["seq", "ack", "win", "ms", "port"].into_iter().fold(values, |values, name| values.words(name, "N"))
}

/// The sentence of a verdict with its optional parts left out.
fn pattern(verdict: &VerdictRule, lang: Lang) -> String {
    let mut values = Values::none()
        .with("src", Value::Text(words::ONE_END.text))
        .with("dst", Value::Text(words::THE_OTHER_END.text));
    for part in ["earlier", "ending", "accepted", "ended", "opened"] {
        values = values.words(part, "");
    }
    let segments = if verdict.name == "last-ack" { FOUR_SEGMENTS } else { THREE_SEGMENTS };
    values = values.with("segments", Value::Text(segments));
    values = values.words("word", "TCPAbortOnTimeout").words("conn", "udp:N");
    values = values.with("what", Value::Text(words::WHAT_IT_SENT.text));
    // A frame in one verdict and a part of the sentence in another.
    let icmp = if verdict.name == "icmp-port-unreachable" { "N" } else { "" };
    values = values.words("icmp", icmp);
    if matches!(verdict.name, "rst-after-close" | "half-close-data" | "half-close-begins") {
        values = values.with("n", Value::Text(words::N_BYTES.text));
    }
    for name in verdict.sentence.placeholders(lang) {
        if let Some(number) = NUMBERS.iter().find(|number| **number == name) {
            values = values.words(number, "N");
        }
    }
    verdict.sentence.fill(lang, &values)
}

/// Placeholders of verdicts that stand for numbers.
const NUMBERS: [&str; 15] = [
    "probe", "syn", "rst", "fin", "second", "acked", "last", "first", "frame", "port", "asked", "n", "m", "data",
    "answer",
];

fn wrap_into(out: &mut String, text: &str, width: usize) {
    for line in wrap(text, width) {
        out.push_str(&line);
        out.push('\n');
    }
}

/// Words in lines of at most `width` columns; a longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(MIN_WIDTH);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::terms::find;

    #[test]
    fn every_entry_fits_the_width_in_both_languages_and_leaves_no_placeholder() {
        for entry in entries() {
            for lang in Lang::ALL {
                for width in [40, 80, 120] {
                    let text = render(&entry, lang, width);
                    assert!(text.lines().all(|line| line.width() <= width), "{} at {width}:\n{text}", entry.name());
                    assert!(!text.contains('{'), "{text}");
                    assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
                }
            }
        }
        for lang in Lang::ALL {
            let list = list(lang, 80);
            assert!(list.lines().all(|line| line.width() <= 80), "{list}");
            assert!(entries().all(|entry| list.contains(entry.name())));
        }
    }

    #[test]
    fn a_rule_shows_note_paragraph_verdict_and_sources() {
        let entry = find("last-ack").expect("a rule");
        let text = render(&entry, Lang::En, 80);
        for part in
            ["last-ack: The last ACK (Packet event, E21)", "As a verdict: One end closed first", "RFC 9293 §3.6"]
        {
            assert!(text.contains(part), "{text}");
        }
        assert!(text.contains("See also: LAST-ACK"), "{text}");
        assert!(render(&entry, Lang::Id, 80).contains("Sumber: RFC 9293 §3.6"));
    }

    #[test]
    fn a_long_word_keeps_its_line_and_a_tiny_width_does_not_matter() {
        assert_eq!(wrap("a bb ccc", 20), ["a bb ccc"]);
        assert_eq!(wrap("aaaaaaaaaaaaaaaaaaaaaaaaa b", 0), ["aaaaaaaaaaaaaaaaaaaaaaaaa", "b"]);
    }
}
