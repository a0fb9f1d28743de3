use super::{
    ACCEPT, ARRIVE, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Port, Scenario,
    TO_END, Talk, Text, Times, Transport, UNTIL_ACKED, Variant,
};

const SERVER_FIRST_TALK: Talk = Talk {
    packets: "
                H
                X4(S)
            ",
    client: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
    server: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
    end: "fin by server",
    ..Talk::ONCE
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
            claims: &[],
        },
        Variant {
            name: "bind",
            title: Text {
                en: "a restarted server cannot bind its port",
                id: "server yang dijalankan ulang gagal melakukan bind",
            },
            client: &[CONNECT, TO_END, UNTIL_ACKED, CLOSE],
            server: &[
                Action::ok(LISTEN_WITHOUT_REUSE),
                ACCEPT,
                CLOSE,
                // Until the client has closed, too.
                UNTIL_ACKED,
                ARRIVE,
                CLOSE_LISTENER,
                Action::fails(LISTEN_WITHOUT_REUSE, Errno::AddressInUse),
                // The old listener had to have the option as well.
                Action::fails(Op::Listen { backlog: 5, reuse: true }, Errno::AddressInUse),
            ],
            expect: SERVER_FIRST,
            claims: &[],
        },
        Variant {
            name: "same-tuple",
            title: Text { en: "the client returns from the same port", id: "client kembali dari port yang sama" },
            client: &[
                CONNECT,
                TO_END,
                UNTIL_ACKED,
                CLOSE,
                ARRIVE,
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
            claims: &[],
        },
    ],
    question: None,
};
