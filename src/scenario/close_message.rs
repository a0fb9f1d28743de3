use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Payload, Scenario, TO_END,
    Talk, Text, UNTIL_ACKED, Variant, recv_all, recv_message, send, send_message,
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
    question: None,
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
    expect: Expectation {
        talks: &[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                X4(S)
            ",
            client: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
            server: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
            end: "fin by server",
            ..Talk::ONCE
        }],
        ..Expectation::NONE
    },
    claims: &[],
};

const BOTH_CLOSE: Variant = Variant {
    name: "both-close",
    title: Text {
        en: "the client says \"close\" and closes at once, the server closes later",
        id: "client mengirim \"close\" dan langsung menutup, server menutup belakangan",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), send(BYE), CLOSE],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), UNTIL_ACKED, CLOSE, CLOSE_LISTENER],
    expect: Expectation {
        talks: &[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                C>S [FIN,ACK] : fin-first
                # The ACK may take longer than the timer of the tail loss probe.
                (
                    S>C [ACK] sack=none : half-close-begins
                |
                    C>S [FIN,ACK] : tail-loss-probe
                    S>C [ACK] sack=10-11 : half-close-begins spurious-dsack
                )
                S>C [FIN,ACK] : fin-second
                C>S [ACK] : last-ack
            ",
            client: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
            server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
            end: "fin by client",
            ..Talk::ONCE
        }],
        ..Expectation::NONE
    },
    claims: &[],
};

const SAY_ONLY: Variant = Variant {
    name: "say-only",
    title: Text {
        en: "the server says \"close\" but keeps its socket: both go on talking",
        id: "server mengirim \"close\" tetapi tidak menutup socket: keduanya tetap berkomunikasi",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(BYE), send("masih di sana?"), recv_all("masih")],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(BYE), recv_all("masih di sana?"), send("masih")],
    expect: Expectation {
        talks: &[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'close' : app-close-message
                C>S [ACK]
                C>S [PSH,ACK] 'masih di sana?'
                ~S>C [ACK]
                S>C [PSH,ACK] 'masih'
                C>S [ACK]
            ",
            client: "open",
            server: "open",
            end: "none",
            ..Talk::ONCE
        }],
        ..Expectation::NONE
    },
    claims: &[],
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
    expect: Expectation {
        talks: &[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                S>C [FIN,ACK] : fin-first
                C>S [ACK] : half-close-begins
                C>S [PSH,ACK] 'apakah sampai?' : half-close-data
                S>C [RST] : rst-after-close
            ",
            client: "open → CLOSE-WAIT → CLOSED",
            server: "open → FIN-WAIT-1 → FIN-WAIT-2 → CLOSED",
            end: "rst by server",
            ..Talk::ONCE
        }],
        ..Expectation::NONE
    },
    claims: &[],
};
