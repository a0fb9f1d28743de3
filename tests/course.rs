//! What course texts claim, beside the packets of a demo; the question that closes the view, and its answer.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]

use std::process::Command;

use netscope::scenario::{self, SCENARIOS};
use unicode_width::UnicodeWidthStr;

/// What a demo prints, or a word about why this machine cannot run it. In continuous integration that is a failure.
fn demo(args: &[&str]) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    let output = command.arg("demo").args(args).env("COLUMNS", "80").output().expect("it starts");
    if output.status.code() == Some(3) {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::env::var_os("CI").is_none(), "{output:?}");
        return None;
    }
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

/// The text on one line, however it was wrapped and marked.
fn flat(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "┃").collect::<Vec<_>>().join(" ")
}

#[test]
fn each_claim_stands_below_a_packet_and_the_question_at_the_end() {
    let scenario = scenario::find("close-message").expect("there");
    let Some(text) = demo(&["close-message", "--lang", "en"]) else { return };
    let flat_text = flat(&text);
    for claim in scenario.variants.iter().flat_map(|variant| variant.claims) {
        let said = format!("» Course text: {} {}: {}", claim.says.en, claim.verdict.text().en, claim.happened.en);
        assert!(flat_text.contains(&said), "{said}\n{text}");
    }
    assert!(!text.contains("What course texts say"), "a claim stands beside no packet");
    let question = scenario.question.expect("it has one");
    assert!(flat_text.ends_with(&format!("Question {}", question.asks.en)), "{text}");
    assert_eq!(flat_text.matches(question.asks.en).count(), 1, "once, not with every variant");
    assert!(!flat_text.contains(question.answer.en), "the answer is the teacher's");
}

#[test]
fn answers_are_given_on_request_in_both_languages_and_formats() {
    for (lang, format) in [("en", "table"), ("id", "table"), ("en", "markdown"), ("id", "markdown")] {
        let args = ["half-close", "tcp", "--lang", lang, "--format", format, "--answers"];
        let Some(text) = demo(&args) else { return };
        let text = flat(&text).replace('\\', "");
        for name in ["half-close", "tcp"] {
            let question = scenario::find(name).and_then(|scenario| scenario.question).expect("it has one");
            let [asks, answer] =
                [question.asks, question.answer].map(|text| if lang == "en" { text.en } else { text.id });
            assert!(text.contains(asks) && text.contains(answer), "{lang} {format}: {answer}");
        }
        let claim = &scenario::find("half-close").expect("there").variants[0].claims[0];
        let claim = if lang == "en" { claim.happened.en } else { claim.happened.id };
        assert!(text.contains(claim), "{lang} {format}: {claim}");
    }
}

#[test]
fn records_for_programs_know_nothing_of_it() {
    let Some(records) = demo(&["half-close", "--answers", "--format", "jsonl"]) else { return };
    let scenario = scenario::find("half-close").expect("there");
    let question = scenario.question.expect("it has one");
    for word in [question.asks.en, question.answer.en, scenario.variants[0].claims[0].says.en] {
        assert!(!records.contains(word), "{word}");
    }
}

#[test]
fn every_view_fits_into_80_columns() {
    for lang in ["en", "id"] {
        let Some(text) = demo(&["--all", "--answers", "--lang", lang]) else { return };
        let long: Vec<&str> = text.lines().filter(|line| line.width() > 80).collect();
        assert!(long.is_empty(), "{long:#?}");
        let questions = SCENARIOS.iter().filter(|scenario| scenario.question.is_some()).count();
        let heading = if lang == "en" { "Question" } else { "Pertanyaan" };
        assert_eq!(text.lines().filter(|line| *line == heading).count(), questions);
    }
}
