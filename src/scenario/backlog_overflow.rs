use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, Level, Op, Question, Scenario, TELL,
    TO_END, Talk, Text, Times, UNTIL_ACKED, Variant, Why, each_client,
};

/// More clients than the queue of a listening socket holds.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "backlog-overflow",
    level: Level::Advanced,
    title: Text { en: "a full accept queue", id: "antrean accept yang penuh" },
    lesson: Text {
        en: "The kernel completes the handshake and accept() only collects; listen(n) has room for n+1.",
        id: "Handshake diselesaikan kernel dan accept() hanya mengambil; listen(n) menampung n+1.",
    },
    variants: &[Variant {
        name: "default",
        title: Text {
            en: "listen(1), four clients, no accept() for 2.6 s",
            id: "listen(1), empat client, tanpa accept() selama 2,6 detik",
        },
        // Two that come at the same moment may both find the last place free.
        client: &[Action::ok(Op::Stagger { ms: 60 }), TELL, CONNECT, TO_END, UNTIL_ACKED, CLOSE],
        server: &[
            Action::ok(Op::Listen { backlog: 1, reuse: true }),
            each_client(4, actions![AWAIT_TOLD]),
            Action::ok(Op::Pause { ms: 2600, why: Why::Busy }),
            each_client(4, actions![ACCEPT, CLOSE]),
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[
                Talk {
                    times: Times::First(2),
                    packets: "
                H
                X4(S)
            ",
                    ..Talk::SERVER_CLOSES_IN_FOUR
                },
                Talk {
                    times: Times::Beyond(2),
                    packets: "
                C>S [SYN] : syn
                3.. × C>S [SYN] : syn-retransmission   # three in 2.6 s; of many, the first waits longer
                S>C [SYN,ACK] : syn-ack
                C>S [ACK] : handshake-ack
                X4(S)
            ",
                    server: "SYN-RECEIVED → ? → SYN-RECEIVED → ESTABLISHED → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
                    ..Talk::SERVER_CLOSES_IN_FOUR
                },
            ],
            ..Expectation::NONE
        },
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Does listen(1) mean that the server can have one client only?",
            id: "Apakah listen(1) berarti server hanya dapat mempunyai satu client?",
        },
        answer: Text {
            en: "No. It limits those that wait for accept(), to two on Linux; how many are being served it does not limit.",
            id: "Tidak. Yang dibatasi adalah yang menunggu accept(), yaitu dua di Linux; banyaknya client yang sedang dilayani tidak dibatasi.",
        },
    }),
};
