use super::{
    ACCEPT, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Question, Scenario, TO_END, Talk, Text,
    UsualWire, Variant, recv_all, send,
};

const HELLO: &str = "halo!";
const ANSWER: &str = "halo juga";

/// Nothing follows the lost segment, so that only a timer can repair it.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "rto-backoff",
    level: Level::Advanced,
    title: Text {
        en: "a probe, then a timer that waits twice as long each time",
        id: "mula-mula sebuah probe, lalu timer yang setiap kali menunggu dua kali lebih lama",
    },
    lesson: Text {
        en: "With nothing behind the lost segment only a timer can repair it: Linux first sends a tail loss probe, then \
             repeats at each timeout and waits twice as long afterwards.",
        id: "Bila tidak ada segmen setelah yang hilang, hanya timer yang dapat memperbaikinya: Linux mula-mula mengirim \
             tail loss probe, lalu mengulang pada setiap timeout dan sesudahnya menunggu dua kali lebih lama.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the first five copies are lost", id: "lima salinan pertama hilang" },
        client: &[CONNECT, send(HELLO), recv_all(ANSWER), CLOSE],
        server: &[LISTEN, ACCEPT, recv_all(HELLO), send(ANSWER), TO_END, CLOSE, CLOSE_LISTENER],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'halo!' lost : data-psh
                C>S [PSH,ACK] 'halo!' seq=1 lost : tail-loss-probe
                3 × C>S [PSH,ACK] 'halo!' seq=1 lost : retransmission-rto
                C>S [PSH,ACK] 'halo!' seq=1 : retransmission-rto
                ~S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                ~C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }],
            counters: &["TCPLossProbes=1", "TCPTimeouts=4"],
            ..Expectation::NONE
        },
        wire: Some(UsualWire { loss: &["client data 1..5"], ..UsualWire::PLAIN }),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Why does the wait double after each timeout?",
            id: "Mengapa waktu tunggu berlipat dua setelah setiap timeout?",
        },
        answer: Text {
            en: "The loss may come from congestion, and sending at the same pace would keep it going.",
            id: "Kehilangan itu mungkin akibat kongesti; mengirim dengan laju yang sama justru mempertahankannya.",
        },
    }),
};
