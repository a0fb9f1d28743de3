use super::{
    ACCEPT, ARRIVE, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, LISTEN, Level, Op, Port, Scenario, TO_END, Text,
    Transport, Variant,
};

const LISTEN_WITHOUT_REUSE: Op = Op::Listen { backlog: 5, reuse: false };

/// The end that closes first, and what its waiting means.
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
            client: &[CONNECT, TO_END, CLOSE],
            server: &[LISTEN, ACCEPT, CLOSE, CLOSE_LISTENER],
        },
        Variant {
            name: "bind",
            title: Text {
                en: "a restarted server cannot bind its port",
                id: "server yang dijalankan ulang gagal melakukan bind",
            },
            client: &[CONNECT, TO_END, CLOSE],
            server: &[
                Action::ok(LISTEN_WITHOUT_REUSE),
                ACCEPT,
                CLOSE,
                ARRIVE,
                CLOSE_LISTENER,
                Action::fails(LISTEN_WITHOUT_REUSE, Errno::AddressInUse),
                // The old listener had to have the option as well.
                Action::fails(Op::Listen { backlog: 5, reuse: true }, Errno::AddressInUse),
            ],
        },
        Variant {
            name: "same-tuple",
            title: Text { en: "the client returns from the same port", id: "client kembali dari port yang sama" },
            client: &[
                CONNECT,
                TO_END,
                CLOSE,
                ARRIVE,
                Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Previous }),
                CONNECT,
                TO_END,
                CLOSE,
            ],
            server: &[LISTEN, ACCEPT, CLOSE, ACCEPT, CLOSE, CLOSE_LISTENER],
        },
    ],
};
