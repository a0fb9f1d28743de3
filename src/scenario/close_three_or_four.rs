use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question, Scenario,
    TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_all, send,
};

/// Sent first in every variant: until a connection has carried data, Linux delays an ACK by less than a millisecond.
const LAST_WORDS: &str = "sampai ya!";

/// The close in three and in four segments.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-three-or-four",
    level: Level::Basic,
    title: Text { en: "closing in three or four segments", id: "penutupan dengan tiga atau empat segmen" },
    lesson: Text {
        en: "The \"four-way\" close has four steps, but they usually fit into three segments.",
        id: "Penutupan \"empat langkah\" memang terdiri atas empat langkah, tetapi biasanya cukup tiga segmen.",
    },
    variants: &[
        Variant {
            name: "three",
            title: Text {
                en: "the server closes at once: its FIN carries the ACK",
                id: "server langsung menutup: FIN-nya sekaligus membawa ACK",
            },
            client: &[CONNECT, send(LAST_WORDS), UNTIL_ACKED, CLOSE],
            server: &[LISTEN, ACCEPT, recv_all(LAST_WORDS), TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'sampai ya!'
                S>C [ACK]
                X3(C)
            ",
                ..Talk::CLIENT_CLOSES_IN_THREE
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "four",
            title: Text {
                en: "the server closes late: the ACK comes alone",
                id: "server terlambat menutup: ACK datang tersendiri",
            },
            client: &[CONNECT, send(LAST_WORDS), UNTIL_ACKED, CLOSE],
            server: &[LISTEN, ACCEPT, recv_all(LAST_WORDS), TO_END, UNTIL_ACKED, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'sampai ya!'
                S>C [ACK]
                X4(C)
            ",
                ..Talk::CLIENT_CLOSES_IN_FOUR
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "fin-data",
            title: Text { en: "the FIN rides on the last data", id: "FIN menumpang pada data terakhir" },
            client: &[CONNECT, Action::ok(Op::SendMore(Payload::text(LAST_WORDS))), CLOSE],
            server: &[LISTEN, ACCEPT, recv_all(LAST_WORDS), TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [FIN,ACK] 'sampai ya!' : fin-first fin-with-data
                ~S>C [ACK]
                S>C [FIN,ACK]
                C>S [ACK] : last-ack
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "What decides whether a close takes three segments or four?",
            id: "Apa yang menentukan penutupan berlangsung dalam tiga atau empat segmen?",
        },
        answer: Text {
            en: "Whether the passive end calls close() before its kernel has sent the ACK of the first FIN, which \
                 may be delayed (on Linux usually by 40 ms). If so, one segment does both.",
            id: "Apakah sisi pasif memanggil close() sebelum kernel-nya mengirim ACK untuk FIN pertama, yang bisa \
                 ditunda (di Linux biasanya 40 ms). Jika ya, satu segmen mengerjakan keduanya.",
        },
    }),
};
