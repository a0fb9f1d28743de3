use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Port, Question,
    Scenario, TELL, TO_END, Talk, Text, Times, Transport, UNTIL_ACKED, UsualWire, Variant,
};

const SERVER_FIRST_TALK: Talk = Talk {
    packets: "
                H
                X4(S)
            ",
    ..Talk::SERVER_CLOSES_IN_FOUR
};

const SERVER_FIRST: Expectation = Expectation { talks: &[SERVER_FIRST_TALK], ..Expectation::NONE };

const LISTEN_WITHOUT_REUSE: Op = Op::Listen { backlog: 5, reuse: false };

/// The end that closes first, and what its waiting means.
///
/// The client waits until the server's FIN is acknowledged: where its own FIN and that ACK leave at the same moment,
/// a late answer meets a socket that is gone, and the RST that follows ends TIME-WAIT before its time.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "time-wait",
    level: Level::Basic,
    title: Text { en: "TIME-WAIT", id: "TIME-WAIT" },
    lesson: Text {
        en: "Who closes first, waits: the wait repairs a lost last ACK.",
        id: "Pihak yang menutup lebih dulu harus menunggu; penantian itu memperbaiki ACK terakhir yang hilang.",
    },
    variants: &[
        Variant {
            name: "who",
            title: Text { en: "the server closes first and waits", id: "server menutup lebih dulu lalu menunggu" },
            client: &[CONNECT, TO_END, UNTIL_ACKED, CLOSE],
            server: &[LISTEN, ACCEPT, CLOSE, CLOSE_LISTENER],
            expect: SERVER_FIRST,
            ..Variant::BARE
        },
        Variant {
            name: "bind",
            title: Text {
                en: "a restarted server cannot bind its port",
                id: "server yang dijalankan ulang gagal melakukan bind",
            },
            client: &[CONNECT, TO_END, UNTIL_ACKED, CLOSE, TELL],
            server: &[
                Action::ok(LISTEN_WITHOUT_REUSE),
                ACCEPT,
                CLOSE,
                // The client has closed, too.
                AWAIT_TOLD,
                UNTIL_ACKED,
                CLOSE_LISTENER,
                Action::fails(LISTEN_WITHOUT_REUSE, Errno::AddressInUse),
                // The old listener had to have the option as well.
                Action::fails(Op::Listen { backlog: 5, reuse: true }, Errno::AddressInUse),
            ],
            expect: SERVER_FIRST,
            ..Variant::BARE
        },
        Variant {
            name: "same-tuple",
            title: Text { en: "the client returns from the same port", id: "client kembali dari port yang sama" },
            client: &[
                CONNECT,
                TO_END,
                UNTIL_ACKED,
                CLOSE,
                UNTIL_ACKED,
                Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Previous }),
                CONNECT,
                TO_END,
                UNTIL_ACKED,
                CLOSE,
            ],
            server: &[LISTEN, ACCEPT, CLOSE, ACCEPT, CLOSE, CLOSE_LISTENER],
            expect: Expectation {
                talks: &[Talk { times: Times::Exactly(2), ..SERVER_FIRST_TALK }],
                rules: &["port-reuse"],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
        Variant {
            name: "last-ack-lost",
            title: Text {
                en: "the last ACK is lost: the wait repairs it",
                id: "ACK terakhir hilang: penantian memperbaikinya",
            },
            client: &[CONNECT, CLOSE],
            server: &[LISTEN, ACCEPT, TO_END, UNTIL_ACKED, CLOSE, CLOSE_LISTENER],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
                S>C [FIN,ACK] : fin-second
                C>S [ACK] lost : last-ack
                S>C [FIN,ACK]
                C>S [ACK] : time-wait-reack
            ",
                    ..Talk::CLIENT_CLOSES_IN_FOUR
                }],
                ..Expectation::NONE
            },
            wire: Some(UsualWire { loss: &["last ACK"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "Which end waits in TIME-WAIT here, and what would make it the other one?",
            id: "Ujung mana yang menunggu di TIME-WAIT di sini, dan apa yang membuat ujung lain yang menunggu?",
        },
        answer: Text {
            en: "The one that closed first, so closing first is what decides: whoever sends the first FIN sends the \
                 last ACK, and must be there to repeat it should it get lost.",
            id: "Ujung yang menutup lebih dulu, jadi yang menentukan adalah siapa yang menutup lebih dulu: pengirim \
                 FIN pertama adalah pengirim ACK terakhir, dan ia harus tetap ada untuk mengulanginya bila ACK itu \
                 hilang.",
        },
    }),
};
