use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, LISTEN, Level, Op, Scenario, Text, Variant, recv_all, send,
    send_message,
};

/// `close()` with bytes left in the receive buffer.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-unread-data",
    level: Level::Basic,
    title: Text { en: "closing with unread data", id: "menutup socket saat masih ada data belum terbaca" },
    lesson: Text {
        en: "A socket that is closed with unread bytes in its buffer sends RST and no FIN.",
        id: "Socket yang ditutup ketika buffer-nya masih berisi byte yang belum dibaca mengirim RST, bukan FIN.",
    },
    variants: &[Variant {
        name: "default",
        title: Text {
            en: "the server answers without reading the request",
            id: "server menjawab tanpa membaca request",
        },
        client: &[
            CONNECT,
            send_message("hai"),
            // Linux delivers what had arrived before the RST, and only then the error.
            Action::ok(Op::AwaitError),
            recv_all("sibuk!"),
            Action::fails(Op::Recv, Errno::ConnectionReset),
            CLOSE,
        ],
        server: &[LISTEN, ACCEPT, Action::ok(Op::AwaitData), send("sibuk!"), CLOSE, CLOSE_LISTENER],
    }],
};
