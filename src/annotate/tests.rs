//! Every rule on the packets that its file names, and what every rule must have.

use std::collections::HashSet;

use super::Certainty;
use super::rules::{CASES, RULES};
use super::testkit::{Case, fires, notes};
use crate::language::{Lang, Text};

/// The placeholders that notes may use.
const PLACEHOLDERS: [&str; 19] = [
    "src", "dst", "n", "seq", "ack", "win", "ms", "port", "text", "method", "target", "status", "label", "counted",
    "why", "after", "itself", "what", "unit",
];

#[test]
fn every_rule_fires_where_its_file_says_and_not_where_it_nearly_does() {
    assert_eq!(CASES.len(), RULES.len());
    let mut wrong = Vec::new();
    for (rule, cases) in CASES {
        assert!(cases.iter().any(|case| matches!(case, Case::Fires(..))), "{} fires nowhere", rule.name);
        assert!(cases.iter().any(|case| matches!(case, Case::Silent(..))), "{} has no near miss", rule.name);
        for case in *cases {
            let (why, frame, script, expected) = match case {
                Case::Fires(why, frame, script) => (why, *frame, script, true),
                Case::Silent(why, frame, script) => (why, *frame, script, false),
            };
            let names = fires(script, frame);
            if names.contains(&rule.name) != expected {
                wrong.push(format!("{} ({why}): frame {frame} has {names:?}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_note_leaves_a_placeholder_open_in_either_language() {
    for (rule, cases) in CASES {
        for case in *cases {
            let Case::Fires(_, frame, script) = case else { continue };
            for note in notes(script, *frame) {
                for lang in Lang::ALL {
                    let sentence = note.note(lang);
                    assert!(!sentence.contains('{'), "{}: {sentence}", rule.name);
                    assert!(sentence.starts_with(|c: char| !c.is_lowercase()), "{}: {sentence}", rule.name);
                }
            }
        }
    }
}

#[test]
fn names_and_numbers_are_unique() {
    let names: HashSet<_> = RULES.iter().map(|rule| rule.name).collect();
    let numbers: HashSet<_> = RULES.iter().map(|rule| rule.number).collect();
    assert_eq!((names.len(), numbers.len()), (RULES.len(), RULES.len()));
    for rule in RULES {
        assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.name);
    }
}

fn both_languages(what: &str, text: &Text) {
    assert!(!text.en.trim().is_empty() && !text.id.trim().is_empty(), "{what}");
    assert_ne!(text.en, text.id, "{what}");
    for sentence in [text.en, text.id] {
        assert_eq!(sentence, sentence.split_whitespace().collect::<Vec<_>>().join(" "), "{what}");
    }
}

fn placeholders(text: &Text, lang: Lang) -> HashSet<String> {
    text.placeholders(lang).collect()
}

#[test]
fn every_rule_has_its_texts_and_sources() {
    for rule in RULES {
        for (part, text) in [("title", &rule.title), ("note", &rule.note), ("more", &rule.more)] {
            both_languages(&format!("{} {part}", rule.name), text);
            assert_eq!(placeholders(text, Lang::En), placeholders(text, Lang::Id), "{} {part}", rule.name);
        }
        for name in placeholders(&rule.note, Lang::En) {
            assert!(PLACEHOLDERS.contains(&name.as_str()), "{}: {{{name}}}", rule.name);
        }
        for lang in Lang::ALL {
            // The paragraph for `explain` is about no particular packet.
            assert_eq!(placeholders(&rule.more, lang).len(), 0, "{}", rule.name);
            assert_eq!(placeholders(&rule.title, lang).len(), 0, "{}", rule.name);
            assert!(sentences(rule.note.get(lang)) <= 2, "{}: {}", rule.name, rule.note.get(lang));
            assert!(rule.note.get(lang).ends_with('.') && rule.more.get(lang).ends_with('.'), "{}", rule.name);
        }
        assert!(!rule.sources.is_empty(), "{}", rule.name);
        for source in rule.sources {
            assert!(is_source(source), "{}: {source}", rule.name);
        }
    }
}

/// How many sentences a text has: ends of sentences followed by a capital, a placeholder or nothing.
fn sentences(text: &str) -> usize {
    let ends = text.match_indices(['.', '?', '!']).filter(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches(['"', ')']);
        let begins = |rest: &str| rest.starts_with(|c: char| c.is_uppercase() || c == '{' || c == '"');
        rest.is_empty() || rest.strip_prefix(' ').is_some_and(begins)
    });
    ends.count()
}

#[test]
fn sentences_are_counted() {
    assert_eq!(sentences("One. {Src} two (2.5 ms)."), 2);
    assert_eq!(sentences("It fails with \"Broken pipe.\" Three. Sentences."), 3);
}

/// `RFC 9293 §3.6.1 (MUST-13)`, its last parts optional.
fn is_source(source: &str) -> bool {
    let Some(rest) = source.strip_prefix("RFC ") else { return false };
    let (number, rest) = rest.split_once(" §").map_or((rest, None), |(number, rest)| (number, Some(rest)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let section_ok = rest.is_none_or(|rest| {
        let (section, label) = rest.split_once(" (").map_or((rest, "X-1)"), |(section, label)| (section, label));
        let label_ok = label
            .strip_suffix(')')
            .and_then(|label| label.split_once('-'))
            .is_some_and(|(word, number)| word.bytes().all(|b| b.is_ascii_uppercase()) && digits(number));
        section.split('.').all(digits) && label_ok
    });
    digits(number) && section_ok
}

#[test]
fn sources_are_checked() {
    assert!(is_source("RFC 768") && is_source("RFC 9293 §3.6.1 (MUST-13)") && is_source("RFC 2525 §2.17"));
    assert!(!is_source("RFC 9293 3.5") && !is_source("RFC 9293 §3.5, §3.6") && !is_source("Figure 7"));
}

const HANDSHAKE: &str = "0   C>S SYN mss=1460\n0.1 S>C SYN,ACK mss=1460\n0.2 C>S ACK\n";

fn after_handshake(rest: &str, frame: u64) -> Vec<&'static str> {
    fires(&format!("{HANDSHAKE}{rest}"), frame)
}

#[test]
fn the_main_annotation_is_the_rarer_event() {
    assert_eq!(fires(HANDSHAKE, 1), ["syn", "syn-options"]);
    assert_eq!(fires(HANDSHAKE, 2), ["syn-ack", "syn-options"]);
    assert_eq!(fires(HANDSHAKE, 3), ["handshake-ack"]);
    assert_eq!(after_handshake("1 C>S PSH,ACK \"close\"", 4), ["app-close-message", "data-psh"]);
    let merged = after_handshake("1 C>S FIN,ACK\n2 S>C FIN,ACK\n3 C>S ACK", 5);
    assert_eq!(merged, ["fin-ack-merged", "piggybacked-ack"]);
    let half = after_handshake("1 C>S FIN,ACK\n2 S>C PSH,ACK \"masih\"", 5);
    assert_eq!(half, ["half-close-begins", "half-close-data", "data-psh", "piggybacked-ack"]);
    let late = after_handshake("1 C>S FIN,ACK\n45 S>C ACK\n46 S>C PSH,ACK \"masih\"", 5);
    assert_eq!(late, ["half-close-begins", "delayed-ack"]);
    let data = after_handshake("1 C>S FIN,ACK\n45 S>C ACK\n46 S>C PSH,ACK \"masih\"", 6);
    assert_eq!(data, ["half-close-data", "data-psh"]);
    let delayed = after_handshake("1 C>S PSH,ACK \"halo\"\n42 S>C ACK", 5);
    assert_eq!(delayed, ["delayed-ack", "pure-ack"]);
    let last = after_handshake("1 C>S FIN,ACK\n2 S>C FIN,PSH,ACK \"dah\"\n3 C>S ACK", 5);
    assert_eq!(last, ["fin-ack-merged", "half-close-data", "fin-with-data", "data-psh", "piggybacked-ack"]);
}

#[test]
fn resets_say_how_sure_their_cause_is() {
    use Certainty::{Certain, Likely, Possible};
    let sure = |rest: &str, frame: u64| {
        let notes = notes(&format!("{HANDSHAKE}{rest}"), frame);
        notes.iter().map(|note| (note.rule.name, note.certainty)).collect::<Vec<_>>()
    };
    let talk = "1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n3 S>C RST,ACK";
    let open = [("connection-aborted", Certain), ("rst-unread", Possible), ("rst-abort", Possible)];
    assert_eq!(sure(talk, 6), open);
    let alone = "1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n3 C>S RST,ACK";
    assert_eq!(sure(alone, 6), [("rst-abort", Likely)]);
    let late = "1 C>S FIN,ACK\n1.1 S>C ACK\n2 S>C PSH,ACK \"masih\"\n2.1 C>S RST";
    assert_eq!(sure(late, 7), [("rst-after-close", Certain)]);
    assert_eq!(sure("1 C>S PSH,ACK \"halo\"\n1.1 S>C RST", 5), [("rst-no-connection", Likely)]);
    assert_eq!(sure("1 S>C RST,ACK seq=900000", 4), [("rst-ignored", Certain)]);
}

#[test]
fn a_probe_with_a_byte_or_without_a_time_may_be_something_else() {
    use Certainty::{Certain, Likely};
    let probe = |time: &str, rest: &str| {
        let script = format!("{HANDSHAKE}1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n{time} C>S ACK seq=4{rest}");
        notes(&script, 6).iter().find(|note| note.rule.name == "keep-alive").map(|note| note.certainty)
    };
    assert_eq!(probe("2000", ""), Some(Certain));
    assert_eq!(probe("2000", " len=1"), Some(Likely));
    assert_eq!(probe("?", ""), Some(Likely));
}

#[test]
fn what_was_overtaken_is_likely_when_it_comes_within_a_round_trip() {
    use Certainty::{Likely, Possible};
    let sure = |handshake: &str, late: &str| {
        let script = format!(
            "0 C>S SYN mss=1460\n{handshake}\n100 C>S ACK len=1448\n100.1 C>S ACK seq=2897 len=1448\n{late} C>S ACK seq=1449 len=1448"
        );
        let note = notes(&script, 6).into_iter().find(|note| note.rule.name == "out-of-order");
        note.map(|note| note.certainty)
    };
    let far = "40 S>C SYN,ACK mss=1460\n40.1 C>S ACK";
    assert_eq!(sure(far, "100.3"), Some(Likely));
    // The round trip is 40.1 ms.
    assert_eq!(sure(far, "140.199"), Some(Likely));
    assert_eq!(sure(far, "140.2"), Some(Possible));
    assert_eq!(sure(far, "150"), Some(Possible));
}

#[test]
fn a_window_probe_with_a_byte_may_have_been_on_its_way() {
    let sure = |probe: &str| {
        let script = format!("{HANDSHAKE}1 C>S PSH,ACK len=1448\n1.1 S>C ACK win=0\n220 C>S ACK {probe}");
        notes(&script, 6).iter().find(|note| note.rule.name == "zero-window-probe").map(|note| note.certainty)
    };
    assert_eq!(sure("seq=1448"), Some(Certainty::Certain));
    assert_eq!(sure("len=1"), Some(Certainty::Likely));
}

#[test]
fn a_timeout_is_only_possible_when_the_copy_before_was_not_captured() {
    let sure = |rest: &str, frame| {
        let notes = notes(&format!("{HANDSHAKE}{rest}"), frame);
        notes.iter().find(|note| note.rule.name == "retransmission-rto").map(|note| note.certainty)
    };
    let twice = "1 C>S ACK len=1448\n1.1 C>S ACK len=1448\n400 C>S ACK seq=1 len=1448";
    assert_eq!(sure(twice, 6), Some(Certainty::Likely));
    let hole = "1 C>S ACK len=1448\n1.1 C>S ACK seq=2897 len=1448\n400 C>S ACK seq=1449 len=1448";
    assert_eq!(sure(hole, 6), Some(Certainty::Possible));
}

#[test]
fn an_unclear_repeat_says_what_is_missing_to_explain_it() {
    let said = |rest: &str, frame| notes(&format!("{HANDSHAKE}{rest}"), frame)[0].note(Lang::En);
    let early = said("1 C>S PSH,ACK \"satu\"\n1.1 C>S PSH,ACK \"dua\"\n31 C>S PSH,ACK seq=1 \"satu\"", 6);
    assert!(early.contains("fits neither a timeout nor a tail loss probe"), "{early}");
    let backwards = said("1 C>S PSH,ACK \"halo\"\n0.999 C>S PSH,ACK seq=1 \"halo\"", 5);
    assert!(backwards.contains("when they were sent last is not known"), "{backwards}");
}

#[test]
fn a_duplicate_sack_says_what_came_twice() {
    let said = |script: &str, frame| {
        let notes = notes(script, frame);
        let note = notes.iter().find(|note| note.rule.name == "spurious-dsack").expect("it is reported");
        (note.note(Lang::En), note.certainty)
    };
    let syn = said("0 C>S SYN sack_ok\n0 S>C SYN sack_ok\n20 C>S SYN,ACK seq=0 sack_ok\n20.1 S>C ACK sack=0-1", 4);
    assert!(syn.0.contains("when two SYNs cross") && syn.1 == Certainty::Certain, "{syn:?}");
    let open = "0 C>S SYN mss=1460 sack_ok\n0.1 S>C SYN,ACK mss=1460 sack_ok\n0.2 C>S ACK\n1 C>S PSH,ACK \"halo\"\n";
    let probe = said(&format!("{open}1.1 S>C ACK\n9000 C>S ACK seq=4 len=1\n9000.1 S>C ACK sack=4-5"), 7);
    assert!(probe.0.contains("the keep-alive probe") && probe.1 == Certainty::Certain, "{probe:?}");
    let repeat = said(&format!("{open}220 C>S PSH,ACK seq=1 \"halo\"\n220.1 S>C ACK sack=1-5"), 6);
    assert!(repeat.0.contains("was not needed") && repeat.1 == Certainty::Likely, "{repeat:?}");
    let copy = said(&format!("{open}1.01 C>S PSH,ACK seq=1 \"halo\"\n1.2 S>C ACK sack=1-5"), 6);
    assert!(copy.0.contains("does not show which") && copy.1 == Certainty::Certain, "{copy:?}");
}

#[test]
fn a_note_carries_its_evidence() {
    let script = format!("{HANDSHAKE}1 C>S FIN,ACK\n2 S>C ACK\n3 S>C FIN,ACK\n4 C>S ACK");
    let evidence = |frame| format!("{:?}", notes(&script, frame)[0].evidence);
    assert_eq!((evidence(5), evidence(6)), ("[Frame(4)]".to_owned(), "[Frame(4)]".to_owned()));
    assert_eq!(evidence(7), "[Frame(6)]");
    let script = format!("{HANDSHAKE}1 C>S PSH,ACK \"halo\"\n1.1 S>C RST");
    assert_eq!(format!("{:?}", notes(&script, 5)[0].evidence), "[Frame(4)]", "what a RST answers");
}

#[test]
fn certainties_have_the_names_of_the_records() {
    let all = [Certainty::Possible, Certainty::Likely, Certainty::Certain];
    assert_eq!(all.map(Certainty::name), ["possible", "likely", "certain"]);
    assert!(all.is_sorted());
}

#[test]
fn notes_read_in_both_languages() {
    let script = format!("{HANDSHAKE}1 C>S PSH,ACK \"halo\"\n42.4 S>C ACK");
    let ack = &notes(&script, 5)[0];
    assert!(ack.note(Lang::En).starts_with("The server waited 41 ms with this ACK"), "{}", ack.note(Lang::En));
    assert!(ack.note(Lang::Id).starts_with("Server menunda ACK ini selama 41 ms"), "{}", ack.note(Lang::Id));
    let data = &notes(&script, 4)[0];
    assert!(data.note(Lang::En).starts_with("The client sends 4 bytes; PSH"), "{}", data.note(Lang::En));
}

#[test]
fn without_a_beginning_the_first_fin_is_only_likely_the_first() {
    let script = "0 C>S FIN,ACK\n1 S>C ACK";
    for frame in [1, 2] {
        let note = &notes(script, frame)[0];
        assert_eq!(note.certainty, Certainty::Likely, "{}", note.rule.name);
    }
}

#[test]
fn a_better_reading_says_why_the_label_differs() {
    let note = |rest: &str, frame, lang| notes(&format!("{HANDSHAKE}{rest}"), frame)[0].note(lang);
    let closed = "1 C>S PSH,ACK len=1448\n1.1 S>C ACK win=0\n220 C>S ACK seq=1448";
    assert!(note(closed, 6, Lang::En).contains("; the label keep_alive goes by"), "{}", note(closed, 6, Lang::En));
    assert!(note(closed, 6, Lang::Id).contains("; label keep_alive hanya"), "{}", note(closed, 6, Lang::Id));
    let alive = "1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n2000 C>S ACK seq=4\n2000.1 S>C ACK win=600";
    assert!(note(alive, 7, Lang::En).contains("; the label window_update"), "{}", note(alive, 7, Lang::En));
    let agreed = "1 C>S PSH,ACK \"halo\"\n206 C>S PSH,ACK seq=1 \"halo\"";
    assert!(!note(agreed, 5, Lang::En).contains("label"), "{}", note(agreed, 5, Lang::En));
}

#[test]
fn a_repeated_fin_is_a_repeat_and_its_duplicate_sack_names_the_probe() {
    let closing = "1 C>S PSH,ACK \"close\"\n1.1 C>S FIN,ACK\n9 C>S FIN,ACK seq=6\n9.1 S>C ACK sack=6-7";
    assert_eq!(after_handshake(closing, 6), ["tail-loss-probe"]);
    assert_eq!(after_handshake(closing, 7), ["half-close-begins", "spurious-dsack"]);
    let reported = &notes(&format!("{HANDSHAKE}{closing}"), 7)[1];
    assert!(reported.note(Lang::En).contains("nothing had been lost"), "{}", reported.note(Lang::En));
    assert_eq!(format!("{:?}", reported.evidence), "[Frame(6)]");
}
