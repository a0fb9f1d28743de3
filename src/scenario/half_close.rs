use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, SHUTDOWN, Scenario, TO_END, Talk,
    Text, Variant, Why, recv_message, send, send_message,
};

/// Keeps the three writes apart: each is a segment, and each is acknowledged.
const APART: Action = Action::ok(Op::Pause { ms: 20, why: Why::Apart });

/// `shutdown(SHUT_WR)` and data that flows the other way afterwards.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "half-close",
    level: Level::Basic,
    title: Text {
        en: "half-close: one direction ends, the other goes on",
        id: "half-close: satu arah berakhir, arah lain berlanjut",
    },
    lesson: Text {
        en: "shutdown(SHUT_WR) ends one direction only: after the FIN, data still flows the other way.",
        id: "shutdown(SHUT_WR) hanya mengakhiri satu arah: setelah FIN, data tetap mengalir ke arah sebaliknya.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "three answers after the client's FIN", id: "tiga jawaban setelah FIN dari client" },
        client: &[CONNECT, send_message("laporan"), SHUTDOWN, TO_END, CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("laporan"),
            TO_END,
            send("bab 1"),
            APART,
            send("bab 2"),
            APART,
            send("bab 3"),
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'laporan'
                S>C [ACK]
                C>S [FIN,ACK] : fin-first
                ~S>C [ACK]   # missing when the first answer is ready at once and carries it
                S>C [PSH,ACK] 'bab 1' : half-close-data
                C>S [ACK]
                S>C [PSH,ACK] 'bab 2' : half-close-data
                C>S [ACK]
                S>C [PSH,ACK] 'bab 3' : half-close-data
                C>S [ACK]
                S>C [FIN,ACK] : fin-second
                C>S [ACK] : last-ack
            ",
                client: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
                server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
                end: "fin by client",
                ..Talk::ONCE
            }],
            rules: &["half-close-begins"],
            ..Expectation::NONE
        },
        claims: &[],
    }],
    question: None,
};
