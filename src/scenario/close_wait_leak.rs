use super::{
    ACCEPT, CLOSE, CONNECT, Expectation, LISTEN, Level, Scenario, Talk, Text, Variant, recv_message, send_message,
};

/// A handler that returns without `close()`.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-wait-leak",
    level: Level::Basic,
    title: Text { en: "a server that forgets to close", id: "server yang lupa menutup socket" },
    lesson: Text {
        en: "CLOSE-WAIT means: the peer is done, and my own program forgot to close.",
        id: "CLOSE-WAIT berarti: lawan sudah selesai, sedangkan program sendiri lupa memanggil close().",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the handler returns without close()", id: "handler selesai tanpa memanggil close()" },
        client: &[CONNECT, send_message("exit"), CLOSE],
        // Nothing follows: the socket stays open until the capture has ended.
        server: &[LISTEN, ACCEPT, recv_message("exit")],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'exit'
                S>C [ACK]
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
            ",
                client: "open → FIN-WAIT-1 → FIN-WAIT-2",
                server: "open → CLOSE-WAIT",
                end: "none by client",
                ..Talk::ONCE
            }],
            ..Expectation::NONE
        },
        claims: &[],
    }],
    question: None,
};
