use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, LISTEN, Level, Op, Payload, Scenario, TO_END, Text,
    UNTIL_ACKED, Variant, recv_all, recv_message, send, send_message,
};

/// What some course texts call closing: one program sends the word "close".
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-message",
    level: Level::Basic,
    title: Text { en: "the message \"close\" closes nothing", id: "pesan \"close\" tidak menutup apa pun" },
    lesson: Text {
        en: "The word \"close\" is payload like any other; a FIN comes only from shutdown() or close().",
        id: "Kata \"close\" adalah payload biasa; FIN hanya muncul dari shutdown() atau close().",
    },
    variants: &[SERVER_CLOSES, BOTH_CLOSE, SAY_ONLY, SEND_AFTER],
};

const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";
const BYE: &str = "close";
const ONCE_MORE: &str = "apakah sampai?";

const SERVER_CLOSES: Variant = Variant {
    name: "server-closes",
    title: Text {
        en: "the client says \"close\", the server closes its socket",
        id: "client mengirim \"close\", server menutup socket-nya",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), send(BYE), TO_END, UNTIL_ACKED, CLOSE],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), CLOSE, CLOSE_LISTENER],
};

const BOTH_CLOSE: Variant = Variant {
    name: "both-close",
    title: Text {
        en: "the client says \"close\" and closes at once, the server closes later",
        id: "client mengirim \"close\" dan langsung menutup, server menutup belakangan",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), send(BYE), CLOSE],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), UNTIL_ACKED, CLOSE, CLOSE_LISTENER],
};

const SAY_ONLY: Variant = Variant {
    name: "say-only",
    title: Text {
        en: "the server says \"close\" but keeps its socket: both go on talking",
        id: "server mengirim \"close\" tetapi tidak menutup socket: keduanya tetap berkomunikasi",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(BYE), send("masih di sana?"), recv_all("masih")],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(BYE), recv_all("masih di sana?"), send("masih")],
};

const SEND_AFTER: Variant = Variant {
    name: "send-after",
    title: Text {
        en: "the client sends once more after the server closed",
        id: "client mengirim sekali lagi setelah server menutup socket",
    },
    client: &[
        CONNECT,
        send_message(HELLO),
        recv_all(ANSWER),
        send(BYE),
        TO_END,
        // The server's FIN is acknowledged first; only then nothing is left there but the entry that answers with RST.
        UNTIL_ACKED,
        send(ONCE_MORE),
        Action::ok(Op::AwaitError),
        Action::fails(Op::Send(Payload::text(ONCE_MORE)), Errno::BrokenPipe),
        CLOSE,
    ],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), CLOSE, CLOSE_LISTENER],
};
