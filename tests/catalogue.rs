//! Every catalogue is complete: both languages, the same placeholders, unique names, and a file for each entry.
#![allow(clippy::disallowed_methods, reason = "reads the project's own source")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use netscope::annotate::rules::RULES;
use netscope::language::messages::MESSAGES;
use netscope::language::{Lang, Text};
use netscope::report::formats::FORMATS;
use netscope::scenario::SCENARIOS;
use netscope::scenario::notation::{self, Expected, Pattern};
use netscope::track::Side;

/// What is wrong with a text, if anything.
fn flaw(text: &Text) -> Option<String> {
    for lang in Lang::ALL {
        let words = text.get(lang);
        if words.trim().is_empty() {
            return Some(format!("nothing in {}", lang.code()));
        }
        if words.contains("  ") || words.trim_end() != words {
            return Some(format!("stray spaces in {}: {words}", lang.code()));
        }
    }
    let placeholders = |lang| text.placeholders(lang).collect::<BTreeSet<_>>();
    let (en, id) = (placeholders(Lang::En), placeholders(Lang::Id));
    (en != id).then(|| format!("placeholders differ: {en:?} and {id:?}"))
}

fn flaws<'a>(texts: impl Iterator<Item = (String, &'a Text)>) -> Vec<String> {
    texts.filter_map(|(name, text)| Some(format!("{name}: {}", flaw(text)?))).collect()
}

#[test]
fn a_flaw_is_found() {
    assert_eq!(flaw(&Text { en: "{n} bytes", id: "{n} byte" }), None);
    assert!(flaw(&Text { en: "{n} bytes", id: "byte" }).is_some());
    assert!(flaw(&Text { en: "bytes", id: "" }).is_some());
    assert!(flaw(&Text { en: "two  spaces", id: "dua spasi" }).is_some());
}

#[test]
fn every_message_has_both_languages() {
    let all: Vec<_> = MESSAGES.iter().copied().flatten().collect();
    assert!(all.len() > 80, "only {} messages are listed", all.len());
    // NOTHING is what stands where a sentence has nothing to add.
    let spoken = all.iter().filter(|message| message.name != "NOTHING");
    let wrong = flaws(spoken.map(|message| (message.name.to_owned(), &message.text)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn message_names_are_unique_within_their_part() {
    for part in MESSAGES {
        let mut seen = BTreeSet::new();
        for message in *part {
            assert!(seen.insert(message.name), "{} twice", message.name);
        }
    }
}

#[test]
fn every_rule_has_both_languages_a_number_and_a_source() {
    let texts = RULES.iter().flat_map(|rule| {
        [("title", &rule.title), ("note", &rule.note), ("more", &rule.more)]
            .map(|(what, text)| (format!("{} {what}", rule.name), text))
    });
    let wrong = flaws(texts);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for rule in RULES {
        assert!(names.insert(rule.name), "{} twice", rule.name);
        assert!(numbers.insert(rule.number), "E{:02} twice", rule.number);
        assert!(!rule.sources.is_empty(), "{} has no source", rule.name);
    }
}

#[test]
fn every_event_of_the_first_issue_has_its_rule() {
    let numbers: BTreeSet<u16> = RULES.iter().map(|rule| rule.number).collect();
    let wanted = (1..=13).chain(15..=22).chain(24..=28).chain(44..=49);
    let missing: Vec<u16> = wanted.filter(|number| !numbers.contains(number)).collect();
    assert!(missing.is_empty(), "no rule for {missing:?}");
}

#[test]
fn every_scenario_has_both_languages() {
    let texts = SCENARIOS.iter().flat_map(|scenario| {
        [("title", &scenario.title), ("lesson", &scenario.lesson)]
            .map(|(what, text)| (format!("{} {what}", scenario.name), text))
            .into_iter()
            .chain(
                scenario.variants.iter().map(|variant| (format!("{} {}", scenario.name, variant.name), &variant.title)),
            )
    });
    let wrong = flaws(texts);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every packet of a pattern.
fn packets(pattern: &Pattern, visit: &mut impl FnMut(&Expected)) {
    match pattern {
        Pattern::Packet(packet) => visit(packet),
        Pattern::Sequence(parts) | Pattern::OneOf(parts) | Pattern::AnyOrder(parts) => {
            for part in parts {
                packets(part, visit);
            }
        }
        Pattern::Repeat { of, .. } => packets(of, visit),
    }
}

#[test]
fn every_variant_has_an_expectation_that_can_be_read_and_names_what_there_is() {
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    let known = |rule: &str| assert!(rules.contains(rule), "there is no rule {rule}");
    for scenario in SCENARIOS {
        for variant in scenario.variants {
            let name = format!("{} {}", scenario.name, variant.name);
            assert!(!variant.expect.talks.is_empty(), "{name} expects nothing");
            for talk in variant.expect.talks {
                let pattern = notation::packets(talk.packets).unwrap_or_else(|error| panic!("{name}: {error}"));
                packets(&pattern, &mut |packet| packet.rules.iter().for_each(|rule| known(rule)));
                for (path, side) in [(talk.client, Side::Client), (talk.server, Side::Server)] {
                    assert_eq!(notation::path(path, side).err(), None, "{name}");
                }
            }
            variant.expect.rules.iter().for_each(|rule| known(rule.trim_start_matches('!')));
            for counter in variant.expect.counters {
                assert!(notation::gain(counter).is_ok(), "{name}: {counter}");
            }
            variant.claims.iter().for_each(|claim| known(claim.at));
        }
    }
}

#[test]
fn every_claim_and_question_has_both_languages() {
    let texts = SCENARIOS.iter().flat_map(|scenario| {
        let claims = scenario.variants.iter().flat_map(|variant| variant.claims);
        let question = scenario.question.iter().flat_map(|question| [&question.asks, &question.answer]);
        claims.flat_map(|claim| [&claim.says, &claim.happened]).chain(question).map(|text| (scenario.name.into(), text))
    });
    let wrong = flaws(texts);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The files of a folder that hold one entry each, without those that hold what the entries share.
fn entry_files(folder: &str, shared: &[&str]) -> BTreeSet<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod" && !shared.contains(&name.as_str()))
        .collect()
}

#[test]
fn nothing_is_written_and_not_listed() {
    let snake = |name: &str| name.replace('-', "_");
    let scenarios: BTreeSet<String> = SCENARIOS.iter().map(|scenario| snake(scenario.name)).collect();
    let shared = ["action", "calls", "course", "expectation", "notation", "page", "rule", "wire"];
    assert_eq!(entry_files("src/scenario", &shared), scenarios);
    let rules: BTreeSet<String> = RULES.iter().map(|rule| snake(rule.name)).collect();
    assert_eq!(entry_files("src/annotate/rules", &[]), rules);
}

#[test]
fn every_format_is_named_in_help_and_readable() {
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len(), "a format twice");
    for name in ["table", "markdown", "csv", "json", "jsonl"] {
        assert!(names.contains(name), "{name} is missing");
    }
}
