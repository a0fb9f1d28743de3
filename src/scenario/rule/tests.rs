use super::*;
use proptest::prelude::*;

fn rule(text: &str) -> Rule {
    Rule::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn packet(from: Side, flags: &str, payload: usize) -> Seen {
    let has = |letter| flags.contains(letter);
    let flags = Flags { syn: has('S'), ack: has('A'), fin: has('F'), rst: has('R') };
    Seen { from, flags: Some(flags), payload }
}

/// The numbers (from 1) of the packets that a rule chooses.
fn chosen(text: &str, packets: &[Seen]) -> Vec<usize> {
    let mut chooser = Chooser::new([rule(text)], 1);
    (1..).zip(packets).filter_map(|(n, packet)| chooser.choose(*packet).map(|_| n)).collect()
}

/// A connection with two requests, the first of them sent twice, closed by the client.
fn exchange() -> Vec<Seen> {
    use Side::{Client as C, Server as S};
    [
        (C, "S", 0),
        (S, "SA", 0),
        (C, "A", 0),
        (C, "A", 5),
        (C, "A", 5),
        (S, "A", 0),
        (S, "A", 9),
        (C, "A", 7),
        (C, "FA", 0),
        (S, "A", 0),
        (S, "FA", 3),
        (C, "A", 0),
        (S, "FA", 3),
        (C, "A", 0),
    ]
    .map(|(from, flags, payload)| packet(from, flags, payload))
    .to_vec()
}

#[test]
fn each_rule_names_the_packets_it_says() {
    let cases: [(&str, &[usize]); 21] = [
        ("client data 1", &[4]),
        ("client data 3", &[8]),
        ("client data", &[4]),
        ("data 4", &[8]),
        ("server data", &[7]),
        ("client data 2..3", &[5, 8]),
        ("client data 2..", &[5, 8]),
        ("every FIN", &[9, 11, 13]),
        ("server every FIN", &[11, 13]),
        ("every server FIN", &[11, 13]),
        ("FIN 2", &[11]),
        ("SYN", &[1]),
        ("server SYN,ACK 1", &[2]),
        ("syn-ack", &[2]),
        ("client ACK 1", &[3]),
        ("ACK 2", &[6]),
        ("last ACK", &[12]),
        ("client last ACK 2", &[14]),
        ("every packet", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
        ("RST", &[]),
        ("0%", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(chosen(text, &exchange()), expected, "{text}");
    }
    assert_eq!(chosen("100%", &exchange()).len(), 14);
}

#[test]
fn other_protocols_have_payload_and_no_flags() {
    let datagram = Seen { from: Side::Client, flags: None, payload: 7 };
    assert_eq!(chosen("client data", &[datagram]), [1]);
    assert_eq!(chosen("every packet", &[datagram, Seen { payload: 0, ..datagram }]), [1, 2]);
    assert_eq!(chosen("ACK", &[datagram]), [] as [usize; 0]);
}

#[test]
fn what_is_no_rule_is_refused_where_it_stops_being_one() {
    let cases = [
        ("", 0, "", Expected::Start),
        ("klien data 3", 0, "klien", Expected::Start),
        ("client", 6, "", Expected::Kind),
        ("client date 3", 7, "date", Expected::Kind),
        ("every", 5, "", Expected::Kind),
        ("last FIN", 5, "FIN", Expected::Kind),
        ("client data three", 12, "three", Expected::Number),
        ("client data 3 4", 14, "4", Expected::End),
        ("client data +3", 12, "+3", Expected::Number),
        ("client data 0", 12, "0", Expected::Range),
        ("client data 5..3", 12, "5..3", Expected::Range),
        ("client data ..3", 12, "..3", Expected::Number),
        ("every FIN 2", 10, "2", Expected::End),
        ("200%", 0, "200%", Expected::Share),
        ("client x%", 7, "x%", Expected::Share),
        ("data 0.00001%", 5, "0.00001%", Expected::Share),
        ("data 99999999999999999999", 5, "99999999999999999999", Expected::Number),
        ("client data 3 by 2", 14, "by", Expected::End),
    ];
    for (text, at, word, expected) in cases {
        assert_eq!(Rule::parse(text), Err(RuleError { at, word: word.to_owned(), expected }), "{text}");
    }
}

#[test]
fn lateness_is_in_places_or_in_time() {
    let late = |text: &str| parse_late(text).map(|(_, late)| late);
    assert_eq!(late("client data 3"), Ok(Late::Places(1)));
    assert_eq!(late("client data by 2"), Ok(Late::Places(2)));
    assert_eq!(late("client data 3 by 30ms"), Ok(Late::Time(Duration::from_millis(30))));
    for (text, at) in [("data by", 7), ("data by 0", 8), ("data by 3s", 8), ("data by x", 8), ("data by 2 3", 10)] {
        assert_eq!(late(text).expect_err("no rule").at, at, "{text}");
    }
}

#[test]
fn the_same_seed_takes_the_same_packets_and_another_takes_others() {
    let take = |seed| {
        let mut chooser = Chooser::new([rule("10%")], seed);
        (0..1000).filter(|_| chooser.choose(packet(Side::Client, "A", 1)).is_some()).collect::<Vec<_>>()
    };
    assert_eq!(take(7), take(7));
    assert_ne!(take(7), take(8));
    assert!((60..=140).contains(&take(7).len()), "{}", take(7).len());
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let from = prop_oneof![Just(None), Just(Some(Side::Client)), Just(Some(Side::Server))];
    let kind = prop::sample::select(KINDS.iter().map(|(_, kind)| *kind).chain([Kind::LastAck]).collect::<Vec<_>>());
    let which = prop_oneof![
        (1u64..50, 0u64..50).prop_map(|(from, more)| Which::Range(from, from + more)),
        (2u64..50).prop_map(|from| Which::Range(from, u64::MAX)),
        Just(Which::Range(1, u64::MAX)),
        (0u32..=1_000_000).prop_map(Which::Share),
    ];
    (from, kind, which).prop_map(|(from, kind, which)| Rule { from, kind, which })
}

proptest! {
    /// What a rule prints is read back as the same rule. `every` and `last` do not go together in the text.
    #[test]
    fn a_rule_reads_what_it_prints(rule in any_rule()) {
        prop_assume!(!(rule.kind == Kind::LastAck && rule.which == Which::Range(1, u64::MAX)));
        prop_assert_eq!(Rule::parse(&rule.to_string()), Ok(rule.clone()), "{}", rule);
    }

    #[test]
    fn no_text_panics_and_an_error_lies_inside(text in "[a-zA-Z0-9%., ]{0,30}|\\PC{0,20}") {
        for error in [Rule::parse(&text).err(), parse_late(&text).err()].into_iter().flatten() {
            prop_assert!(text[error.at..].starts_with(&error.word));
        }
    }

    /// The packets of a range are as many as the exchange has of them.
    #[test]
    fn a_range_takes_each_number_once(from in 1u64..20, more in 0u64..20, n in 0u64..60) {
        let packets = vec![packet(Side::Server, "A", 1); usize::try_from(n).unwrap_or(0)];
        let taken = chosen(&format!("server data {from}..{}", from + more), &packets);
        let expected: Vec<usize> = (from..=(from + more).min(n)).filter_map(|n| usize::try_from(n).ok()).collect();
        prop_assert_eq!(taken, expected);
    }
}
