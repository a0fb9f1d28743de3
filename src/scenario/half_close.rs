use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, LISTEN, Level, Op, SHUTDOWN, Scenario, TO_END, Text, Variant, Why,
    recv_message, send, send_message,
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
    }],
};
