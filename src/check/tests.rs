use super::*;
use crate::analysis;
use crate::frame::MemorySource;
use crate::language::Lang;
use crate::scenario::Talk;
use crate::script::Script;

fn seen(script: &str) -> Seen {
    let script = Script::parse(script).expect("a script");
    let (frames, interfaces) = (script.frames(), script.interfaces());
    let mut seen = Seen::default();
    analysis::run(&mut MemorySource::new(&frames, &interfaces), analysis::Request::default(), &mut seen)
        .expect("a report that writes nothing does not fail");
    seen
}

const CLOSE: &str = "
    C>S SYN
    S>C SYN,ACK
    C>S ACK
    C>S PSH,ACK \"halo\"
    S>C ACK
    C>S FIN,ACK
    S>C FIN,ACK
    C>S ACK
";

const TALK: Talk = Talk {
    packets: "
        H
        C>S [PSH,ACK] 'halo' : data-psh
        ~S>C [ACK]
        X3(C)
    ",
    client: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
    server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
    end: "fin by client",
    ..Talk::ONCE
};

const EXPECT: Expectation = Expectation { talks: &[TALK], rules: &["fin-first", "!rst-abort"], counters: &[] };

/// What is said of a script with one line replaced.
fn differences(from: &str, to: &str) -> Vec<String> {
    assert!(CLOSE.contains(from));
    let outcome = check(&EXPECT, &seen(&CLOSE.replacen(from, to, 1)), 1);
    outcome.differences.iter().map(|difference| difference.lines(Lang::En).join("\n")).collect()
}

#[test]
fn what_is_as_expected_holds() {
    let outcome = check(&EXPECT, &seen(CLOSE), 1);
    assert_eq!(outcome.differences, []);
    assert!(outcome.held());
    assert_eq!(outcome.packets, 8);
    let found = outcome.found(Lang::En);
    assert_eq!(found[0], "tcp:0: fin by client");
    assert_eq!(found[1], "  C: SYN-SENT → ESTABLISHED → FIN-WAIT-1 → TIME-WAIT");
    assert_eq!(found[6], "     4  C>S [PSH,ACK] len=4 seq=1 ack=1   = C>S [PSH,ACK] 'halo'");
    assert_eq!(differences("    S>C ACK\n", ""), Vec::<String>::new(), "the ACK may be absent");
}

#[test]
fn a_missing_packet_is_named() {
    let told = differences("    C>S PSH,ACK \"halo\"\n    S>C ACK\n", "");
    assert_eq!(
        told[0],
        "tcp:0, after packet 3 (C>S [ACK] len=0 seq=1 ack=1):\n  expected: C>S [PSH,ACK] 'halo'\n  came: 4  C>S \
         [FIN,ACK] len=0 seq=1 ack=1\n  C>S [PSH,ACK] 'halo' is missing; with it all would fit"
    );
    let told = differences("    S>C FIN,ACK\n    C>S ACK\n", "    S>C FIN,ACK\n");
    assert!(told[0].contains("expected: C>S [ACK]\n  came: the end\n"), "{told:?}");
}

#[test]
fn another_packet_a_surplus_one_and_two_that_changed_places_are_told_apart() {
    let told = differences("\"halo\"", "\"hola\"");
    assert!(told[0].ends_with("came: 4  C>S [PSH,ACK] len=4 seq=1 ack=1"), "{told:?}");
    let told = differences("    C>S FIN,ACK\n", "    C>S PSH,ACK \"x\"\n    C>S FIN,ACK\n");
    assert!(told[0].contains("one too many"), "{told:?}");
    let told = differences("    C>S FIN,ACK\n    S>C FIN,ACK\n", "    S>C FIN,ACK\n    C>S FIN,ACK\n");
    assert!(told[0].contains("changed places"), "{told:?}");
    assert!(told.iter().any(|told| told.starts_with("tcp:0, states of the client")), "{told:?}");
    assert!(told.iter().any(|told| told.contains("expected: fin by client\n  came: fin by server")), "{told:?}");
}

#[test]
fn rules_are_demanded_on_their_packet_and_anywhere() {
    let on = Talk { packets: "H\nC>S [PSH,ACK] 'halo' : syn\n~S>C [ACK]\nX3(C)", ..TALK };
    let talks: &'static [Talk] = Box::leak(Box::new([on]));
    let expect = Expectation { talks, rules: &["rst-abort", "!fin-first"], counters: &["TCPTimeouts=0"] };
    let outcome = check(&expect, &seen(CLOSE), 1);
    assert!(matches!(
        outcome.differences[..],
        [Difference::NotOn { rule: "syn", .. }, Difference::Nowhere("rst-abort"), Difference::Fires("fin-first")]
    ));
    assert_eq!(outcome.unjudged, ["TCPTimeouts=0"]);
}

#[test]
fn counters_are_judged_where_they_were_read() {
    let expect = Expectation { counters: &["TCPTimeouts=0", "TCPLossProbes>=1"], ..EXPECT };
    let gained = |timeouts, probes| {
        let counters = vec![("TCPTimeouts".to_owned(), timeouts), ("TCPLossProbes".to_owned(), probes)];
        check(&expect, &seen(CLOSE).with_counters(counters), 1).differences
    };
    assert_eq!(gained(0, 3), []);
    assert_eq!(gained(1, 1), [Difference::Counter { expected: "TCPTimeouts=0", came: 1 }]);
    assert_eq!(gained(0, 0), [Difference::Counter { expected: "TCPLossProbes>=1", came: 0 }]);
}

#[test]
fn every_conversation_is_counted() {
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let second: Vec<String> = lines(CLOSE).into_iter().map(|line| format!("{line} cport=40001")).collect();
    let interleaved: Vec<String> = lines(CLOSE).into_iter().zip(second).flat_map(|(one, other)| [one, other]).collect();
    let seen = seen(&interleaved.join("\n"));
    let times = |times: Times| {
        let talks: &'static [Talk] = Box::leak(Box::new([Talk { times, ..TALK }]));
        Expectation { talks, ..EXPECT }
    };
    assert_eq!(check(&times(Times::Exactly(2)), &seen, 1).differences, []);
    assert_eq!(check(&times(Times::PerClient), &seen, 2).differences, []);
    let surplus = check(&times(Times::Exactly(1)), &seen, 1).differences;
    assert!(matches!(surplus[..], [Difference::Surplus(_)]), "{surplus:?}");
    let missing = check(&times(Times::Exactly(3)), &seen, 1).differences;
    assert_eq!(missing, [Difference::NoTalk("C>S [SYN]")]);
}

#[test]
fn an_expectation_that_cannot_be_read_holds_of_nothing() {
    let talks: &'static [Talk] = Box::leak(Box::new([Talk { packets: "C>S [ACL]", ..TALK }]));
    let outcome = check(&Expectation { talks, ..EXPECT }, &seen(CLOSE), 1);
    assert!(matches!(outcome.differences[..], [Difference::Unreadable(_)]));
}

#[test]
fn every_difference_is_told_in_both_languages() {
    let conn = crate::track::ConnId { proto: crate::track::Proto::Tcp, index: 0 };
    let packets = |cause| Difference::Packets {
        conn,
        after: None,
        expected: vec!["C>S [SYN]", "C>S [ACK]"],
        could_end: true,
        came: None,
        cause,
    };
    for difference in [
        Difference::Unreadable("x".into()),
        Difference::Dropped(3),
        Difference::Stray(4),
        Difference::Surplus(conn),
        Difference::NoTalk("C>S [SYN]"),
        packets(Cause::Missing("C>S [SYN]")),
        packets(Cause::Surplus),
        packets(Cause::Swapped),
        packets(Cause::Other),
        Difference::NotOn { rule: "syn", packet: (1, "C>S [SYN]".into()) },
        Difference::Nowhere("syn"),
        Difference::Fires("syn"),
        Difference::Path { conn, side: Side::Client, expected: "open", came: "SYN-SENT".into() },
        Difference::End { conn, expected: "none", came: "rst by client".into() },
        Difference::Counter { expected: "TCPTimeouts=0", came: 1 },
    ] {
        let [en, id] = Lang::ALL.map(|lang| difference.lines(lang).join("\n"));
        assert_ne!(en, id);
        for text in [en, id] {
            assert!(!text.contains('{') && !text.contains('}'), "{text}");
        }
    }
}
