use std::borrow::Cow;

use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, End, Errno, Expectation, Judgement, LISTEN_FOR_MANY, Level,
    Op, Payload, Question, Scenario, TO_END, Talk, Text, Times, UNTIL_ACKED, Variant, each_client, handle, recv_all,
    send, send_message,
};

/// A server with a thread for each client, and what depends on where its `close()` stands.
///
/// The answers count the messages of all clients: the number is shared by the threads and guarded by a lock.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "multithread-exit",
    level: Level::Basic,
    title: Text { en: "one thread per client, \"exit\" ends it", id: "satu thread per client, \"exit\" mengakhirinya" },
    lesson: Text {
        en: "Every client has a connection of its own; which end sends the first FIN depends on where the program calls \
             close().",
        id: "Setiap client mempunyai koneksi sendiri; ujung mana yang lebih dulu mengirim FIN bergantung pada letak \
             close() di dalam program.",
    },
    variants: &[INTENDED, CLOSE_IN_LOOP, NO_EXIT],
    question: Some(Question {
        asks: Text {
            en: "Which end sends the first FIN in each variant, and which line of the program decides it?",
            id: "Ujung mana yang lebih dulu mengirim FIN pada tiap varian, dan baris program mana yang menentukannya?",
        },
        answer: Text {
            en: "In intended the client, whose close() follows \"exit\"; in close-in-loop the server, whose close() stands inside the loop; in no-exit the client's kernel, when the process is killed.",
            id: "Pada intended client, karena close() menyusul \"exit\"; pada close-in-loop server, karena close() berada di dalam loop; pada no-exit kernel di sisi client, ketika prosesnya dimatikan.",
        },
    }),
};

const HELLO: &str = "halo";
const AGAIN: &str = "apa kabar";
const EXIT: &str = "exit";

const RECV: Action = Action::ok(Op::Recv);
const ANSWER: Action = Action::ok(Op::Send(Payload::Counted(Cow::Borrowed("pesan ke-"))));
/// The client is the one that closes first, also when its thread is held up between "exit" and `close()`.
const UNTIL_CLIENT_CLOSES: Action = super::AWAIT_END;

const INTENDED: Variant = Variant {
    name: "intended",
    title: Text {
        en: "close() after the loop: \"exit\" ends the thread",
        id: "close() setelah loop: \"exit\" mengakhiri thread",
    },
    client: &[CONNECT, send_message(HELLO), RECV, send(AGAIN), RECV, send(EXIT), CLOSE],
    server: &[
        LISTEN_FOR_MANY,
        each_client(3, actions![ACCEPT, handle(Cow::Borrowed(INTENDED_HANDLER))]),
        CLOSE_LISTENER,
    ],
    expect: Expectation::of(&[Talk {
        times: Times::PerClient,
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] len=10..13
                C>S [ACK]
                C>S [PSH,ACK] 'apa kabar'
                ~S>C [ACK]
                S>C [PSH,ACK] len=10..13
                ~C>S [ACK]
                C>S [PSH,ACK] 'exit' : app-close-message
                ~S>C [ACK]
                # Where many threads wait for a processor, the answer may take longer than the timer of the probe.
                (
                    X3(C)
                |
                    X4(C)
                |
                    C>S [FIN,ACK] : fin-first
                    C>S [FIN,ACK] : tail-loss-probe
                    ~S>C [ACK]
                    S>C [FIN,ACK]
                    ~S>C [ACK]
                    C>S [ACK]
                )
            ",
        ..Talk::CLIENT_CLOSES
    }]),
    claims: &[
        Claim {
            says: Text {
                en: "The server accepts, and so a connection exists.",
                id: "Server melakukan accept, sehingga koneksi terbentuk.",
            },
            happened: Text {
                en: "the handshake is over before the program calls accept(): the kernel completes it, accept() only collects.",
                id: "handshake selesai sebelum program memanggil accept(): kernel yang menyelesaikannya, accept() hanya mengambilnya.",
            },
            verdict: Judgement::Incomplete,
            at: "syn-ack",
        },
        Claim {
            says: Text {
                en: "Every client gets a thread of its own, so that several are served at the same time.",
                id: "Setiap client mendapat thread sendiri sehingga beberapa client dilayani bersamaan.",
            },
            happened: Text {
                en: "the packets of the connections interleave, each with its own handshake and its own numbers.",
                id: "paket dari koneksi-koneksi itu berselang-seling, masing-masing dengan handshake dan nomornya sendiri.",
            },
            verdict: Judgement::Right,
            at: "data-psh",
        },
        Claim {
            says: Text { en: "The message \"exit\" ends the connection.", id: "Pesan \"exit\" mengakhiri koneksi." },
            happened: Text {
                en: "\"exit\" is data for the program; the FIN that follows comes from close().",
                id: "\"exit\" hanyalah data bagi program; FIN sesudahnya berasal dari close().",
            },
            verdict: Judgement::Wrong,
            at: "app-close-message",
        },
    ],
    ..Variant::BARE
};

const INTENDED_HANDLER: &[Action] = &[RECV, ANSWER, RECV, ANSWER, recv_all(EXIT), UNTIL_CLIENT_CLOSES, CLOSE];

const CLOSE_IN_LOOP: Variant = Variant {
    name: "close-in-loop",
    title: Text {
        en: "close() slipped into the loop: the server hangs up after one answer",
        id: "close() terselip di dalam loop: server menutup koneksi setelah satu jawaban",
    },
    client: &[
        CONNECT,
        send_message(HELLO),
        RECV,
        TO_END,
        UNTIL_ACKED,
        send(AGAIN),
        Action::ok(Op::AwaitError),
        Action::fails(Op::Send(Payload::text(EXIT)), Errno::BrokenPipe),
        CLOSE,
    ],
    server: &[LISTEN_FOR_MANY, each_client(1, actions![ACCEPT, handle(actions![RECV, ANSWER, CLOSE])]), CLOSE_LISTENER],
    expect: Expectation::of(&[Talk {
        times: Times::PerClient,
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] len=10..13
                C>S [ACK]
                S>C [FIN,ACK] : fin-first
                C>S [ACK] : half-close-begins
                C>S [PSH,ACK] 'apa kabar' : half-close-data
                S>C [RST] : rst-after-close
            ",
        ..Talk::SERVER_CLOSES_THEN_RESETS
    }]),
    ..Variant::BARE
};

const NO_EXIT: Variant = Variant {
    name: "no-exit",
    title: Text {
        en: "the client is killed without \"exit\"; the server goes on answering",
        id: "client dihentikan paksa tanpa \"exit\"; server tetap menjawab",
    },
    client: &[
        CONNECT,
        send_message(HELLO),
        RECV,
        // A process of its own holds the connection, so that it can be killed.
        Action::ok(Op::Fork),
        CLOSE,
        Action::ok(Op::EndChild(End::Kill)),
    ],
    server: &[
        LISTEN_FOR_MANY,
        each_client(1, actions![ACCEPT, handle(Cow::Borrowed(NO_EXIT_HANDLER))]),
        CLOSE_LISTENER,
    ],
    expect: Expectation::of(&[Talk {
        times: Times::PerClient,
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] len=10..13
                C>S [ACK]
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
                S>C [PSH,ACK] len=10..13 : half-close-data
                C>S [RST] : rst-after-close
            ",
        ..Talk::CLIENT_CLOSES_THEN_RESETS
    }]),
    ..Variant::BARE
};

const NO_EXIT_HANDLER: &[Action] = &[
    RECV,
    ANSWER,
    // recv() has given 0 bytes, which is not "exit".
    TO_END,
    UNTIL_ACKED,
    ANSWER,
    Action::ok(Op::AwaitError),
    Action::fails(Op::Send(Payload::text(HELLO)), Errno::BrokenPipe),
    CLOSE,
];
