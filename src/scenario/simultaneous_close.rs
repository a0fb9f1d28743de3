use super::{
    ACCEPT, AWAIT_CROSSING, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, MEET, Question, SHUTDOWN,
    Scenario, TO_END, Talk, Text, UsualWire, Variant,
};

/// Two FINs that cross on the wire.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "simultaneous-close",
    level: Level::Advanced,
    title: Text { en: "both close at once", id: "kedua ujung menutup bersamaan" },
    lesson: Text {
        en: "When two FINs cross, both ends pass through CLOSING, and both wait in TIME-WAIT.",
        id: "Bila dua FIN berpapasan, kedua ujung melewati CLOSING dan keduanya menunggu di TIME-WAIT.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the FINs cross on the wire", id: "kedua FIN berpapasan di kabel" },
        client: &[CONNECT, MEET, SHUTDOWN, TO_END, CLOSE],
        server: &[LISTEN, ACCEPT, MEET, AWAIT_CROSSING, SHUTDOWN, TO_END, CLOSE, CLOSE_LISTENER],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [FIN,ACK] seq=1 ack=1
                S>C [FIN,ACK] seq=1 ack=1 : simultaneous-close
                S>C [ACK] seq=2 ack=2
                C>S [ACK] seq=2 ack=2
            ",
                client: "open → FIN-WAIT-1 → CLOSING → TIME-WAIT",
                server: "open → FIN-WAIT-1 → CLOSING → TIME-WAIT",
                end: "fin by both",
                ..Talk::ONCE
            }],
            rules: &["simultaneous-close"],
            ..Expectation::NONE
        },
        wire: Some(UsualWire { delay_ms: 150, ..UsualWire::PLAIN }),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "By what do the packets show that both closed at once?",
            id: "Dari apa terlihat pada paketnya bahwa kedua ujung menutup bersamaan?",
        },
        answer: Text {
            en: "Neither FIN acknowledges the other one: both carry ack=1.",
            id: "Kedua FIN tidak saling mengakui: keduanya membawa ack=1.",
        },
    }),
};
