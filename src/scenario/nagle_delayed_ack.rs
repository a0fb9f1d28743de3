use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Question, Scenario, SocketOption,
    TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_all, send, times,
};

const PING: &str = "ping";
const PONG: &str = "pong";
const FIRST: &str = "permintaan";
const SECOND: &str = "berikutnya";
const ANSWER: &str = "sesuai";

/// After these the server's kernel takes the connection for a dialogue and delays its ACKs.
const WARM_UP: Action = times(3, actions![send(PING), recv_all(PONG)]);
const ANSWER_WARM_UP: Action = times(3, actions![recv_all(PING), send(PONG)]);

const SERVER: &[Action] =
    &[LISTEN, ACCEPT, ANSWER_WARM_UP, recv_all(FIRST), recv_all(SECOND), send(ANSWER), TO_END, CLOSE, CLOSE_LISTENER];

/// Write, write, read.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "nagle-delayed-ack",
    level: Level::Advanced,
    title: Text { en: "Nagle against delayed ACK", id: "Nagle berhadapan dengan delayed ACK" },
    lesson: Text {
        en: "Write, write, read: Nagle's algorithm waits for the ACK, the ACK waits for its timer, and 40 ms are lost.",
        id: "Tulis, tulis, baca: algoritma Nagle menunggu ACK, ACK menunggu timer-nya, dan 40 ms terbuang.",
    },
    variants: &[
        Variant {
            name: "nagle",
            title: Text { en: "the second write is held back", id: "penulisan kedua ditahan" },
            client: &[CONNECT, WARM_UP, send(FIRST), send(SECOND), recv_all(ANSWER), UNTIL_ACKED, CLOSE],
            server: SERVER,
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'ping'
                S>C [ACK]
                S>C [PSH,ACK] 'pong'
                C>S [ACK]
                2 × ( C>S [PSH,ACK] 'ping' , ~S>C [ACK] , S>C [PSH,ACK] 'pong' , ~C>S [ACK] )
                C>S [PSH,ACK] 'permintaan'
                S>C [ACK] : delayed-ack
                C>S [PSH,ACK] 'berikutnya'
                ~S>C [ACK]
                S>C [PSH,ACK] 'sesuai'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "no-delay",
            title: Text { en: "TCP_NODELAY: both leave at once", id: "TCP_NODELAY: keduanya langsung dikirim" },
            client: &[
                CONNECT,
                Action::ok(Op::SetOption(SocketOption::NoDelay(true))),
                WARM_UP,
                send(FIRST),
                send(SECOND),
                recv_all(ANSWER),
                UNTIL_ACKED,
                CLOSE,
            ],
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] 'ping'
                S>C [ACK]
                S>C [PSH,ACK] 'pong'
                C>S [ACK]
                2 × ( C>S [PSH,ACK] 'ping' , ~S>C [ACK] , S>C [PSH,ACK] 'pong' , ~C>S [ACK] )
                C>S [PSH,ACK] 'permintaan'
                ~S>C [ACK]
                C>S [PSH,ACK] 'berikutnya'
                # On a busy machine the answer may take longer than the timer of the tail loss probe.
                (
                    ~S>C [ACK] sack=none
                |
                    C>S [PSH,ACK] 'berikutnya' : tail-loss-probe
                    S>C [ACK] sack=23-33 : spurious-dsack
                )
                S>C [PSH,ACK] 'sesuai'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                rules: &["!nagle-hold"],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "The first write has PSH set. Why does that not make the second one leave?",
            id: "Penulisan pertama sudah ber-PSH. Mengapa hal itu tidak membuat penulisan kedua segera dikirim?",
        },
        answer: Text {
            en: "Nagle's algorithm does not look at PSH: a small segment waits as long as earlier data is unacknowledged.",
            id: "Algoritma Nagle tidak memperhatikan PSH: segmen kecil menunggu selama data sebelumnya belum diakui.",
        },
    }),
};
