use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Question,
    Scenario, SocketOption, TELL, TO_END, Talk, Text, UNTIL_ACKED, Variant, Why, recv_all, recv_message, send,
    send_message,
};

/// The shortest times that the kernel takes.
const KEEP_ALIVE: Action = Action::ok(Op::SetOption(SocketOption::KeepAlive { idle: 1, interval: 1, count: 3 }));
const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";

/// How TCP finds out that an idle peer is gone.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "keep-alive",
    level: Level::Basic,
    title: Text { en: "TCP keep-alive", id: "keep-alive pada TCP" },
    lesson: Text {
        en: "A segment with an old sequence number asks the peer whether it is still there.",
        id: "Segmen dengan nomor urut lama dipakai untuk menanyakan apakah lawan masih ada.",
    },
    variants: &[
        Variant {
            name: "alive",
            title: Text { en: "the peer is there and answers", id: "lawan masih ada dan menjawab" },
            client: &[CONNECT, KEEP_ALIVE, send_message(HELLO), recv_all(ANSWER), TO_END, CLOSE],
            server: &[
                LISTEN,
                ACCEPT,
                recv_message(HELLO),
                send(ANSWER),
                Action::ok(Op::Pause { ms: 2500, why: Why::KeepAlive }),
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                2 × ( C>S [ACK] : keep-alive , S>C [ACK] : keep-alive-ack )
                ( X3(S) | X4(S) )
            ",
                ..Talk::SERVER_CLOSES
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "vanish",
            title: Text {
                en: "the wire is cut: three probes without an answer, then RST",
                id: "jaringan terputus: tiga probe tanpa jawaban, lalu RST",
            },
            client: &[
                CONNECT,
                KEEP_ALIVE,
                send_message(HELLO),
                recv_all(ANSWER),
                AWAIT_TOLD,
                Action::fails(Op::Recv, Errno::TimedOut),
                CLOSE,
            ],
            // It never learns what happened, and keeps its socket.
            server: &[
                LISTEN,
                ACCEPT,
                recv_message(HELLO),
                send(ANSWER),
                // The client's ACK of the answer still comes through.
                UNTIL_ACKED,
                Action::ok(Op::SetOption(SocketOption::DropAll)),
                TELL,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                3 × C>S [ACK] : keep-alive
                C>S [RST,ACK] : rst-timeout
            ",
                client: "open → CLOSED",
                server: "open → ?",
                end: "rst by client",
                ..Talk::ONCE
            }]),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text { en: "Is this what HTTP calls keep-alive?", id: "Apakah ini yang disebut keep-alive oleh HTTP?" },
        answer: Text {
            en: "No. TCP asks a silent peer whether it is there; HTTP means that a connection is used for more than one request.",
            id: "Bukan. TCP menanyakan apakah lawan yang diam masih ada; pada HTTP artinya satu koneksi dipakai untuk lebih dari satu request.",
        },
    }),
};
