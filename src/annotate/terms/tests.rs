use std::collections::HashSet;

use super::*;
use crate::decode::TcpFlags;
use crate::language::Lang;
use crate::track::State;
use crate::track::labels::Labels;
use crate::track::zeek::ConnState;

fn found(name: &str) -> Option<&'static str> {
    find(name).map(|entry| entry.name())
}

#[test]
fn every_flag_and_state_is_a_term_in_the_order_of_its_list() {
    let names = |kind| TERMS.iter().filter(move |term| term.kind == kind).map(|term| term.name).collect::<Vec<_>>();
    assert_eq!(names(TermKind::Flag), TcpFlags::NAMES.map(|(_, name)| name));
    let states: Vec<_> = State::ALL.iter().map(|state| state.name()).chain(["?"]).collect();
    assert_eq!(names(TermKind::State), states);
}

#[test]
fn every_label_of_a_packet_is_a_term() {
    let names: Vec<_> = TERMS.iter().filter(|term| term.kind == TermKind::Analysis).map(|term| term.name).collect();
    assert_eq!(names.len(), Labels::NAMES.len());
    for &(_, name) in Labels::NAMES {
        assert_eq!(found(name), Some(name));
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn words_of_courses_are_terms() {
    let typed =
        ["half-closed", "half-close", "Half Open", "mss", "Handshake", "three-way handshake", "SYN_RECV", "ESTAB"];
    let names =
        ["half-closed", "half-closed", "half-open", "MSS", "handshake", "handshake", "SYN-RECEIVED", "ESTABLISHED"];
    assert_eq!(typed.map(found), names.map(Some));
}

#[test]
fn every_label_of_a_connection_is_a_term() {
    for state in ConnState::ALL {
        assert_eq!(found(state.name()), Some(state.name()));
    }
    for letter in ["s", "h", "a", "d", "f", "r", "c", "g", "t", "w", "i", "q", "^"] {
        let name = format!("history {letter}");
        assert_eq!(found(&name), Some(name.as_str()));
        assert_eq!(found(&format!("HISTORY_{letter}")), Some(name.as_str()));
    }
    for bit in [1, 2, 4, 8, 16, 32] {
        let name = format!("completeness {bit}");
        assert_eq!(found(&name), Some(name.as_str()));
    }
    assert_eq!(found("conn-state"), Some("conn_state"));
}

#[test]
fn every_term_has_its_texts_and_sources() {
    for term in TERMS {
        for text in [&term.title, &term.text] {
            assert!(!text.en.is_empty() && !text.id.is_empty(), "{}", term.name);
            assert_eq!(Lang::ALL.map(|lang| text.placeholders(lang).count()), [0, 0], "{}", term.name);
        }
        assert!(term.text.en != term.text.id, "{}", term.name);
        assert!(!term.sources.is_empty(), "{}", term.name);
    }
}

#[test]
fn names_are_found_however_they_are_spelt() {
    for name in ["FIN-WAIT-1", "fin_wait_1", "FIN_WAIT1", "finwait1", " fin-wait-1 "] {
        assert_eq!(found(name), Some("FIN-WAIT-1"), "{name}");
    }
    assert_eq!(found("TIME_WAIT"), Some("TIME-WAIT"));
    assert_eq!(found("psh"), Some("PSH"));
    assert_eq!(found("E15"), Some("fin-first"));
    assert_eq!(found("e02"), Some("syn-options"));
    assert_eq!(found("Half_Close_Begins"), Some("half-close-begins"));
    assert_eq!(found("no-answer"), Some("no-answer"));
    assert_eq!(found("?"), Some("?"));
    for nothing in ["", "-", "E99", "E0", "frobnicate"] {
        assert_eq!(found(nothing), None, "{nothing}");
    }
}

#[test]
fn the_exact_spelling_tells_the_state_from_the_event() {
    assert_eq!(found("LAST-ACK"), Some("LAST-ACK"));
    assert_eq!(found("last-ack"), Some("last-ack"));
    assert_eq!(found("Last_Ack"), Some("LAST-ACK"));
    assert_eq!(found("syn"), Some("syn"));
    let beside: Vec<_> = namesakes(&find("syn").expect("a rule")).map(|entry| entry.name()).collect();
    assert_eq!(beside, ["SYN"]);
}

#[test]
fn every_entry_is_found_by_its_own_name_and_listed_once() {
    let mut seen = HashSet::new();
    for entry in entries() {
        assert_eq!(found(entry.name()), Some(entry.name()));
        assert!(seen.insert(entry.name()), "{} is listed twice", entry.name());
    }
    assert!(VERDICTS.iter().all(|verdict| seen.contains(verdict.name)));
}

#[test]
fn a_typing_error_gets_the_nearest_names() {
    assert_eq!(suggest("fin-frist").first(), Some(&"fin-first"));
    assert_eq!(suggest("TIME-WIAT").first(), Some(&"TIME-WAIT"));
    assert_eq!(suggest("ESTABLISH"), ["ESTABLISHED"]);
    assert!(suggest("half-close").contains(&"half-close-begins"));
    assert!(suggest("pneumonoultramicroscopic").is_empty());
    assert!(suggest("").is_empty());
}

#[test]
fn a_third_of_the_letters_may_be_wrong_and_a_swap_is_one_error() {
    // 13 letters, four may be wrong: each of these has one more wrong than the one before it.
    for near in ["ahandshake-ack", "xandshake-cak", "handshaek-akc", "xandyhake-akc", "xxndyhake-akc"] {
        assert!(suggest(near).contains(&"handshake-ack"), "{near}: {:?}", suggest(near));
    }
    assert!(!suggest("xxxdyhake-akc").contains(&"handshake-ack"));
    // Of a short name half.
    assert!(suggest("sxx").is_empty() && suggest("sxn").contains(&"syn"), "{:?}", suggest("sxn"));
    assert!(suggest(&"a".repeat(100_000)).is_empty());
}
