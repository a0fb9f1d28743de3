use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Port, Question,
    Scenario, SocketOption, TELL, TO_END, Talk, Text, Transport, UNTIL_ACKED, UsualWire, Variant, recv_all,
    recv_message, send, send_message,
};

const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";
const VANISH: Action = Action::ok(Op::Vanish);

/// One end is gone and the other does not know.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "half-open",
    level: Level::Advanced,
    title: Text { en: "one end is gone", id: "salah satu ujung hilang" },
    lesson: Text {
        en: "A half-open connection is an accident, one end is gone; a half-closed one is a choice.",
        id: "Half-open adalah kecelakaan, salah satu ujung hilang; half-closed adalah pilihan.",
    },
    variants: &[
        Variant {
            name: "crash-then-send",
            title: Text {
                en: "the server has crashed, and the client sends",
                id: "server mati mendadak, dan client mengirim data",
            },
            client: &[
                CONNECT,
                send_message(HELLO),
                recv_all(ANSWER),
                AWAIT_TOLD,
                send("masih di sana?"),
                Action::fails(Op::Recv, Errno::ConnectionReset),
                CLOSE,
            ],
            server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), UNTIL_ACKED, VANISH, TELL, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'masih di sana?'
                S>C [RST] : rst-no-connection
            ",
                ..Talk::SERVER_RESETS
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "reconnect",
            title: Text {
                en: "the client has crashed, restarts, and connects from the same port",
                id: "client mati mendadak, dijalankan ulang, dan terhubung dari port yang sama",
            },
            client: &[
                CONNECT,
                send_message(HELLO),
                recv_all(ANSWER),
                UNTIL_ACKED,
                VANISH,
                Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Previous }),
                CONNECT,
                CLOSE,
            ],
            server: &[
                LISTEN,
                ACCEPT,
                recv_message(HELLO),
                send(ANSWER),
                Action::fails(Op::Recv, Errno::ConnectionReset),
                CLOSE,
                ACCEPT,
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[
                    Talk {
                        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
            ",
                        ..Talk::OPEN
                    },
                    Talk {
                        packets: "
                C>S [SYN] : port-reuse
                S>C [ACK] : challenge-ack   # in the numbers of the old connection
                C>S [RST] : rst-unacceptable-ack
                C>S [SYN] : syn-retransmission
                S>C [SYN,ACK] : syn-ack
                C>S [ACK] : handshake-ack
                ( X3(C) | X4(C) )
            ",
                        client: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
                        end: "fin by client",
                        ..Talk::ONCE
                    },
                ],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
        Variant {
            name: "blackhole",
            title: Text {
                en: "the wire is cut: nothing the client sends arrives",
                id: "kabel terputus: tidak ada kiriman client yang sampai",
            },
            client: &[
                CONNECT,
                send_message(HELLO),
                recv_all(ANSWER),
                UNTIL_ACKED,
                Action::ok(Op::SetOption(SocketOption::UserTimeout(1500))),
                send("masih di sana?"),
                Action::fails(Op::Recv, Errno::TimedOut),
                CLOSE,
            ],
            // Its socket stays: it hears nothing, not even that the client has given up.
            server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER)],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] 'halo'
                ~S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'masih di sana?' lost
                C>S [PSH,ACK] 'masih di sana?' lost : tail-loss-probe
                2 × C>S [PSH,ACK] 'masih di sana?' lost : retransmission-rto
                ~C>S [PSH,ACK] 'masih di sana?' lost   # at the very end of the time limit
            ",
                    // By its kernel's word only.
                    end: "timeout by client",
                    ..Talk::OPEN
                }],
                counters: &["TCPAbortOnTimeout=1"],
                ..Expectation::NONE
            },
            wire: Some(UsualWire { loss: &["client data 2.."], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "How long would a client that only waits go on waiting for a server that is gone?",
            id: "Berapa lama client yang hanya menunggu akan terus menunggu server yang sudah hilang?",
        },
        answer: Text {
            en: "For ever, unless it sends something or has keep-alive switched on: no packet tells it.",
            id: "Selamanya, kecuali ia mengirim sesuatu atau mengaktifkan keep-alive: tidak ada paket yang memberitahunya.",
        },
    }),
};
