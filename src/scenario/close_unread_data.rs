use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Scenario, Talk, Text,
    Variant, recv_all, send, send_message,
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
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'hai'
                S>C [ACK]
                S>C [PSH,ACK] 'sibuk!'
                C>S [ACK]
                S>C [RST,ACK] seq=7 : connection-aborted
            ",
                client: "open → CLOSED",
                server: "open → CLOSED",
                end: "rst by server",
                ..Talk::ONCE
            }],
            ..Expectation::NONE
        },
        claims: &[],
    }],
    question: None,
};
