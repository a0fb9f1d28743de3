use std::collections::HashSet;

use super::super::testkit::judge;
use super::*;

const HANDSHAKE: &str = "0   C>S SYN\n0.1 S>C SYN,ACK\n0.2 C>S ACK\n";

/// A socket that connects to itself, as a kernel does it: all its packets go one way.
const ITSELF: &str = "client 10.0.0.2:5001
    0   C>S SYN isn=500000
    0.1 C>S SYN,ACK seq=0 ack=1
    0.2 C>S ACK seq=1 ack=1
    1   C>S FIN,ACK seq=1 ack=1
    1.1 C>S ACK seq=2 ack=2";

fn opened(rest: &str) -> Verdict {
    judge(&format!("{HANDSHAKE}{rest}"))
}

/// One end sends in vain, and its kernel counts that; of these ends a call fails, too.
fn given_up(told: &[Side]) -> Verdict {
    let script = format!("{HANDSHAKE}1 C>S PSH,ACK \"halo\"\n201 C>S PSH,ACK seq=1 \"halo\"");
    let (_, mut tracker) = super::super::testkit::run(&script);
    let conn = tracker.connections().next().expect("a connection").into_owned();
    let told: Vec<_> = told.iter().map(|side| (conn.id, *side)).collect();
    tracker.give_up(&[(Some(Side::Client), 1)], &told);
    verdict(&tracker.connections().next().expect("a connection"))
}

/// Every verdict with a script that ends in it, how sure, and the evidence.
fn table() -> Vec<(&'static str, Certainty, Vec<u64>, Verdict)> {
    use Certainty::{Certain, Likely};
    let fin = "1 C>S FIN,ACK\n2 S>C ACK\n";
    vec![
        ("rst-refused", Certain, vec![1, 2], judge("0 C>S SYN\n0.1 S>C RST,ACK")),
        ("rst-after-close", Certain, vec![4, 6, 7], opened(&format!("{fin}3 S>C PSH,ACK \"masih\"\n3.1 C>S RST"))),
        ("rst-no-connection", Likely, vec![4, 5], opened("1 C>S PSH,ACK \"halo\"\n1.1 S>C RST")),
        ("rst-timeout", Likely, vec![5, 6], opened("2000 C>S ACK seq=0\n3000 C>S ACK seq=0\n4000 C>S RST,ACK")),
        ("rst-abort", Likely, vec![6], opened("1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n2 C>S RST,ACK")),
        ("connection-aborted", Certain, vec![4, 6], opened("1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n2 S>C RST,ACK")),
        (
            "simultaneous-close",
            Certain,
            vec![4, 5, 6, 7],
            opened("1 C>S FIN,ACK\n1.1 S>C FIN,ACK ack=1\n20 C>S ACK\n20.1 S>C ACK"),
        ),
        (
            "half-close-data",
            Certain,
            vec![4, 7, 8, 9],
            opened(&format!("{fin}3 S>C PSH,ACK \"masih\"\n4 C>S ACK\n5 S>C FIN,ACK\n6 C>S ACK")),
        ),
        ("last-ack", Certain, vec![4, 5, 6, 7], opened(&format!("{fin}3 S>C FIN,ACK\n4 C>S ACK"))),
        ("fin-ack-merged", Certain, vec![4, 5, 6], opened("1 C>S FIN,ACK\n2 S>C FIN,ACK\n3 C>S ACK")),
        ("half-close-begins", Certain, vec![4, 5], opened(&format!("{fin}3 S>C PSH,ACK \"masih\""))),
        ("fin-second", Certain, vec![4, 6], opened(&format!("{fin}3 S>C FIN,ACK"))),
        ("fin-first", Certain, vec![5], opened("1 S>C PSH,ACK \"ya\"\n2 S>C FIN,ACK")),
        ("still-open", Certain, vec![1, 3, 4], opened("1 C>S PSH,ACK \"close\"")),
        ("no-answer", Certain, vec![1, 2], judge("0 C>S SYN\n1000 C>S SYN")),
        ("handshake-unfinished", Certain, vec![1, 2], judge("0 C>S SYN\n0.1 S>C SYN,ACK")),
        ("mid-stream", Certain, vec![1, 2], judge("0 C>S PSH,ACK \"halo\"\n1 S>C ACK")),
        ("one-way", Certain, vec![1, 3], judge("0 C>S SYN\n1 C>S ACK seq=1 ack=1\n2 C>S FIN,ACK ack=1")),
        ("self-connection", Certain, vec![1, 4, 5], judge(ITSELF)),
        ("udp-exchange", Certain, vec![1, 2], judge("0 C>S UDP \"hai\"\n1 S>C UDP \"merah\"")),
        ("udp-one-way", Certain, vec![1, 2], judge("0 C>S UDP \"hai\"\n1 C>S UDP \"hai\"")),
        (
            "icmp-port-unreachable",
            Certain,
            vec![1, 2],
            judge("0 C>S UDP \"hai\"\n1 S>C ICMP port-unreachable quotes 1"),
        ),
        ("kernel-timeout", Likely, vec![4, 5], given_up(&[])),
        ("kernel-timeout", Certain, vec![4, 5], given_up(&[Side::Client])),
        ("udp-answered-elsewhere", Likely, vec![1, 2], judge("0 C>S UDP \"hai\"\n1 S>C UDP sport=6000 \"merah\"")),
        ("udp-other-port", Likely, vec![1, 2], {
            let (_, tracker) = super::super::testkit::run("0 C>S UDP \"hai\"\n1 S>C UDP sport=6000 \"merah\"");
            verdict(&tracker.connections().nth(1).expect("two conversations"))
        }),
    ]
}

#[test]
fn every_verdict_has_a_capture_that_ends_in_it() {
    let mut seen = HashSet::new();
    for (name, certainty, evidence, verdict) in table() {
        assert_eq!((verdict.rule.name, verdict.certainty), (name, certainty), "{}", verdict.sentence(Lang::En));
        assert_eq!(verdict.evidence, evidence, "{name}");
        for lang in Lang::ALL {
            let sentence = verdict.sentence(lang);
            assert!(!sentence.contains('{') && sentence.ends_with('.'), "{sentence}");
            assert_eq!(sentence.matches(". ").count(), 0, "one sentence: {sentence}");
        }
        seen.insert(name);
    }
    for rule in VERDICTS {
        assert!(seen.contains(rule.name), "no test ends in {}", rule.name);
    }
    assert_eq!(seen.len(), VERDICTS.len(), "names are unique");
}

#[test]
fn both_halves_of_a_udp_exchange_name_each_other() {
    let (_, tracker) = super::super::testkit::run(
        "0 C>S UDP \"hai\"\n1 S>C UDP sport=6000 \"merah\"\n2 C>S ICMP port-unreachable quotes 2",
    );
    let said: Vec<String> = tracker.connections().map(|conn| verdict(&conn).sentence(Lang::En)).collect();
    assert!(said[0].contains("the conversation udp:1 (from frame 2 on)"), "{said:?}");
    assert!(said[1].contains("(frame 1, udp:0)") && said[1].contains("an ICMP error says"), "{said:?}");
    assert_eq!(verdict(&tracker.connections().nth(1).expect("two")).evidence, [1, 2, 3]);
}

#[test]
fn every_verdict_reads_in_both_languages() {
    for rule in VERDICTS {
        for text in [&rule.title, &rule.sentence] {
            assert!(!text.en.is_empty() && !text.id.is_empty() && text.en != text.id, "{}", rule.name);
            let names = |lang| text.placeholders(lang).collect::<HashSet<_>>();
            assert_eq!(names(Lang::En), names(Lang::Id), "{}", rule.name);
        }
    }
}

#[test]
fn a_reset_wins_over_an_earlier_fin_and_says_so() {
    let verdict = opened("1 C>S FIN,ACK\n2 S>C PSH,ACK ack=1 \"ya\"\n3 S>C RST,ACK");
    assert_eq!(verdict.rule.name, "rst-abort");
    assert!(verdict.sentence(Lang::En).contains("after a FIN of the client"), "{}", verdict.sentence(Lang::En));
    assert!(verdict.sentence(Lang::Id).contains("setelah FIN dari client"), "{}", verdict.sentence(Lang::Id));
}

#[test]
fn a_close_with_a_repeated_fin_has_no_textbook_number_of_segments() {
    let sentence = |script: &str| opened(script).sentence(Lang::En);
    assert!(sentence("1 C>S FIN,ACK\n2 S>C FIN,ACK\n3 C>S ACK").contains(": three segments, "));
    let merged = sentence("1 C>S FIN,ACK\n2 S>C FIN,ACK\n3 C>S ACK\n210 S>C FIN,ACK seq=1\n210.1 C>S ACK");
    assert!(merged.contains(": three steps (a FIN was captured more than once), "), "{merged}");
    let lost = sentence("1 C>S FIN,ACK\n210 C>S FIN,ACK seq=1\n211 S>C ACK\n220 S>C FIN,ACK\n221 C>S ACK");
    assert!(lost.contains(": four steps (a FIN was captured more than once), "), "{lost}");
}

#[test]
fn a_refused_syn_that_is_repeated_and_accepted_opens_the_connection() {
    let refused = "0 C>S SYN\n0.1 S>C RST,ACK\n500 C>S SYN\n";
    assert_eq!(judge(&format!("{refused}500.1 S>C RST,ACK seq=0")).rule.name, "rst-refused");
    assert_eq!(judge(&format!("{refused}500.1 S>C SYN,ACK\n500.2 C>S ACK")).rule.name, "still-open");
}

#[test]
fn what_the_packets_cannot_tell_apart_is_listed() {
    let verdict = opened("1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n2 S>C RST,ACK");
    assert_eq!(verdict.candidates, ["rst-unread", "rst-abort"]);
    // Without the beginning, the client may have sent something before.
    let cut = judge("0 C>S ACK seq=1 ack=1\n1 S>C RST,ACK seq=1");
    assert_eq!((cut.rule.name, cut.candidates.as_slice()), ("connection-aborted", &["rst-unread", "rst-abort"][..]));
}

#[test]
fn a_reset_that_a_receiver_would_ignore_ends_nothing() {
    assert_eq!(opened("1 S>C RST,ACK seq=900000").rule.name, "still-open");
}

#[test]
fn what_was_seen_is_told_from_what_happened() {
    let silent = judge("0 C>S SYN\n1 S>C ICMP host-unreachable quotes 1");
    assert_eq!(silent.rule.name, "no-answer");
    assert!(silent.sentence(Lang::En).contains("no answer but an ICMP error"), "{}", silent.sentence(Lang::En));
    let crossing = opened("1 C>S FIN,ACK\n1.1 S>C FIN,ACK ack=1");
    assert!(crossing.sentence(Lang::En).contains("the capture ends before"), "{}", crossing.sentence(Lang::En));
    let other = judge("0 C>S UDP \"hai\"\n1 S>C ICMP host-unreachable quotes 1");
    assert_eq!(other.rule.name, "udp-one-way");
}

#[test]
fn data_in_the_half_close_is_counted_and_its_fate_told() {
    let verdict = opened("1 C>S FIN,ACK\n2 S>C ACK\n3 S>C PSH,ACK \"masih\"\n5 S>C FIN,ACK\n6 C>S ACK");
    assert!(verdict.sentence(Lang::En).contains("still sent 5 bytes after it, all of it acknowledged"));
    assert!(verdict.sentence(Lang::Id).contains("masih mengirim 5 byte sesudahnya, semuanya diakui"));
}

#[test]
fn a_capture_that_begins_with_the_syn_ack_has_a_beginning() {
    let begun = |rest: &str| judge(&format!("0 S>C SYN,ACK\n0.1 C>S ACK\n{rest}"));
    assert_eq!(begun("").rule.name, "still-open");
    let half = begun("1 C>S FIN,ACK\n2 S>C ACK");
    assert_eq!((half.rule.name, half.certainty), ("half-close-begins", Certainty::Certain));
    // No payload of the server can have been left unread.
    let reset = begun("2 C>S RST,ACK");
    assert_eq!((reset.rule.name, reset.candidates.len()), ("rst-abort", 0));
    // Who sends data takes the handshake for complete, though its last ACK was not captured.
    let both = judge("0 S>C SYN,ACK\n1 S>C PSH,ACK \"a\"\n2 C>S PSH,ACK \"b\"");
    assert_eq!((both.rule.name, both.certainty), ("still-open", Certainty::Likely));
}

#[test]
fn a_single_direction_is_told_by_who_sent() {
    let said = |script| judge(script).sentence(Lang::En);
    let server = said("0 S>C SYN,ACK\n1 S>C FIN,ACK");
    assert!(server.starts_with("Only packets of the server were captured"), "{server}");
    let datagram = said("0 S>C UDP \"a\"");
    assert!(datagram.starts_with("Datagrams from the server: 1 "), "{datagram}");
    let datagrams = said("0 C>S UDP \"a\"\n1 C>S UDP \"b\"");
    assert!(datagrams.starts_with("Datagrams from the client: 2 "), "{datagrams}");
}
