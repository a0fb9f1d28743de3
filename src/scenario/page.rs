//! The catalogue as a page, from the same data that runs and checks the scenarios.

use std::fmt::Write as _;

use super::{Expectation, SCENARIOS, Scenario, Talk, Times, Variant, calls};
use crate::language::messages::{Message, scenarios as say};
use crate::language::{Lang, Value, Values};

/// The page in one language, as Markdown.
#[must_use]
pub fn markdown(lang: Lang) -> String {
    let text = |message: &Message| message.text.get(lang);
    let mut out = format!("# {}\n", text(&say::TITLE));
    for paragraph in [&say::INTRO, &say::GENERATED, &say::ROUND] {
        let _ = write!(out, "\n{}\n", text(paragraph));
    }
    let _ = write!(out, "\n## {}\n\n", text(&say::NOTATION));
    for note in [
        &say::NOTE_PROGRAMS,
        &say::NOTE_WAY,
        &say::NOTE_OPTIONAL,
        &say::NOTE_MACROS,
        &say::NOTE_RULES,
        &say::NOTE_STATES,
    ] {
        let _ = writeln!(out, "- {}", text(note));
    }
    let header = [&say::NAME, &say::LEVEL, &say::SHOWS, &say::VARIANTS].map(text).join(" | ");
    let _ = write!(out, "\n| {header} |\n| --- | --- | --- | --- |\n");
    for scenario in SCENARIOS {
        let variants: Vec<String> = scenario
            .variants
            .iter()
            .filter(|_| scenario.has_variants())
            .map(|variant| format!("`{}`", variant.name))
            .collect();
        let (level, title) = (scenario.level.text().get(lang), scenario.title.get(lang));
        let _ = writeln!(out, "| [`{0}`](#{0}) | {level} | {title} | {1} |", scenario.name, variants.join(" "));
    }
    for scenario in SCENARIOS {
        section(&mut out, scenario, lang);
    }
    out
}

fn section(out: &mut String, scenario: &Scenario, lang: Lang) {
    let (title, level) = (scenario.title.get(lang), scenario.level.text().get(lang));
    let _ = write!(out, "\n## {}\n\n**{title}** ({level})\n\n{}\n", scenario.name, scenario.lesson.get(lang));
    for variant in scenario.variants {
        if scenario.has_variants() {
            let _ = write!(out, "\n### {} {}\n\n", scenario.name, variant.name);
        } else {
            out.push('\n');
        }
        let _ = writeln!(out, "{}.", capitalised(variant.title.get(lang)));
        programs(out, variant, lang);
        expectation(out, &variant.expect, lang);
        pauses(out, variant, lang);
        claims(out, variant, lang);
    }
    if let Some(question) = &scenario.question {
        let _ = write!(out, "\n**{}:** {}\n", say::QUESTION.text.get(lang), question.asks.get(lang));
        let (label, answer) = (say::ANSWER.text.get(lang), question.answer.get(lang));
        let _ = write!(out, "\n<details><summary>{label}</summary>\n\n{answer}\n\n</details>\n");
    }
}

/// What each end's program calls. An end without one has only its kernel.
fn programs(out: &mut String, variant: &Variant, lang: Lang) {
    out.push('\n');
    for (label, actions) in [(&say::CLIENT_PROGRAM, variant.client), (&say::SERVER_PROGRAM, variant.server)] {
        if !actions.is_empty() {
            let _ = writeln!(out, "- {}: `{}`", label.text.get(lang), calls::line(actions, lang));
        }
    }
}

fn expectation(out: &mut String, expect: &Expectation, lang: Lang) {
    for talk in expect.talks {
        conversation(out, talk, lang);
    }
    let rules = |forbidden: bool| {
        let named = expect.rules.iter().filter(move |rule| rule.starts_with('!') == forbidden);
        named.map(|rule| format!("`{}`", rule.trim_start_matches('!'))).collect::<Vec<_>>()
    };
    let counters: Vec<String> = expect.counters.iter().map(|counter| format!("`{counter}`")).collect();
    for (label, items) in [(&say::RULES, rules(false)), (&say::NO_RULES, rules(true)), (&say::COUNTERS, counters)] {
        if !items.is_empty() {
            let _ = writeln!(out, "- {}: {}", label.text.get(lang), items.join(", "));
        }
    }
}

fn conversation(out: &mut String, talk: &Talk, lang: Lang) {
    let _ = write!(out, "\n```text\n{}```\n\n", dedented(talk.packets));
    for (label, path) in [(&say::CLIENT, talk.client), (&say::SERVER, talk.server), (&say::ENDS, talk.end)] {
        if !path.is_empty() {
            let _ = writeln!(out, "- {}: {path}", label.text.get(lang));
        }
    }
    match talk.times {
        Times::Exactly(1) => {}
        Times::Exactly(times) => {
            let values = Values::none().with("n", Value::Count(u64::from(times)));
            let _ = writeln!(out, "- {}", say::TIMES.text.fill(lang, &values));
        }
        Times::PerClient => {
            let _ = writeln!(out, "- {}", say::PER_CLIENT.text.get(lang));
        }
        Times::First(some) => {
            let values = Values::none().with("n", Value::Count(u64::from(some)));
            let _ = writeln!(out, "- {}", say::FIRST.text.fill(lang, &values));
        }
        Times::Beyond(_) => {
            let _ = writeln!(out, "- {}", say::BEYOND.text.get(lang));
        }
    }
}

/// Each reason once, with the longest time that it takes.
fn pauses(out: &mut String, variant: &Variant, lang: Lang) {
    let mut told = Vec::new();
    for (ms, why) in variant.pauses() {
        if !told.contains(&(ms, why)) {
            told.push((ms, why));
            let values = Values::none()
                .with("time", Value::Duration(i64::from(ms) * 1_000_000))
                .with("why", Value::Text(why.text()));
            let _ = writeln!(out, "- {}", say::WAITS.text.fill(lang, &values));
        }
    }
}

fn claims(out: &mut String, variant: &Variant, lang: Lang) {
    if variant.claims.is_empty() {
        return;
    }
    let _ = write!(out, "\n{}:\n\n", say::CLAIMS.text.get(lang));
    for claim in variant.claims {
        let (says, happened) = (claim.says.get(lang), claim.happened.get(lang));
        let _ = writeln!(out, "- *{says}* **{}:** {happened}", capitalised(claim.verdict.text().get(lang)));
    }
}

/// A sentence that begins with a call (`close() …`) keeps its spelling.
fn capitalised(text: &str) -> String {
    if text.split(' ').next().is_some_and(|word| word.contains('(')) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A line without its comment, which is for those who write scenarios.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let comment = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '\'';
        *c == '#' && !quoted
    });
    comment.map_or(line, |(at, _)| &line[..at]).trim_end()
}

/// Lines without comments and without the indent that they share.
fn dedented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(without_comment).collect();
    let filled = || lines.iter().filter(|line| !line.is_empty());
    let indent = filled().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    filled().flat_map(|line| [&line[indent..], "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indent_that_lines_share_goes() {
        assert_eq!(dedented("\n    H\n    (\n        C>S [ACK]\n    )\n  "), "H\n(\n    C>S [ACK]\n)\n");
        assert_eq!(dedented("H"), "H\n");
        assert_eq!(dedented("# first\n  H # then\n  C>S [ACK] 'a # b'\n"), "H\nC>S [ACK] 'a # b'\n");
    }

    #[test]
    fn every_scenario_and_variant_has_its_section_in_both_languages() {
        for lang in Lang::ALL {
            let page = markdown(lang);
            for scenario in SCENARIOS {
                assert!(page.contains(&format!("\n## {}\n", scenario.name)), "{}", scenario.name);
                for variant in scenario.variants {
                    assert!(page.contains(&capitalised(variant.title.get(lang))), "{}", variant.name);
                }
            }
            assert!(!page.contains("{n}") && !page.contains("{why}"), "a placeholder is left");
        }
    }
}
