use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, LISTEN, Level, Op, Payload, Scenario, TO_END, Text,
    UNTIL_ACKED, Variant, recv_message, send, send_message,
};

/// What distinguishes `close()` from a half-close.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "write-to-closed-peer",
    level: Level::Basic,
    title: Text { en: "writing to a peer that has closed", id: "menulis ke lawan yang sudah menutup socket" },
    lesson: Text {
        en: "close() is no half-close: the first write after it seems to succeed and is answered by RST, the second \
             fails.",
        id: "close() bukan half-close: penulisan pertama tampak berhasil lalu dibalas RST, penulisan kedua gagal.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the server answers too late", id: "server terlambat menjawab" },
        client: &[CONNECT, send_message("laporan"), CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("laporan"),
            TO_END,
            UNTIL_ACKED,
            send("diterima"),
            Action::ok(Op::AwaitError),
            Action::fails(Op::Send(Payload::text("diterima")), Errno::BrokenPipe),
            CLOSE,
            CLOSE_LISTENER,
        ],
    }],
};
