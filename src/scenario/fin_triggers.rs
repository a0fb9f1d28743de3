use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, End, Errno, Expectation, LISTEN, Level, Op, Question,
    SHUTDOWN, Scenario, TELL, TO_END, Talk, Text, UNTIL_ACKED, Variant, Why, recv_all, send,
};

const FORK: Action = Action::ok(Op::Fork);
const DUPLICATE: Action = Action::ok(Op::Duplicate);
const CLOSE_DUPLICATE: Action = Action::ok(Op::CloseDuplicate);

const fn end(how: End) -> Action {
    Action::ok(Op::EndChild(how))
}

/// Long enough to be seen: closing one of several descriptors sends nothing.
const NOTHING_COMES: Action = Action::ok(Op::Pause { ms: 60, why: Why::Nothing });

/// On a connection that has carried no data Linux delays the ACK of a FIN by a millisecond or so: the server waits for it, so that
/// it never leaves at the same moment as the server's own FIN.
const SERVER: &[Action] = &[LISTEN, ACCEPT, TO_END, UNTIL_ACKED, CLOSE, CLOSE_LISTENER];
const CLOSED: Expectation = Expectation::of(&[Talk {
    packets: "
                H
                X4(C)
            ",
    ..Talk::CLIENT_CLOSES_IN_FOUR
}]);
const UNREAD: &str = "belum dibaca";
const READY: &str = "silakan";
const STILL: &str = "masih terbaca";

/// What makes a kernel send a FIN, and what does not.
///
/// Where a process is to end, a child process inherits the connection, and the parent closes its own descriptor.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "fin-triggers",
    level: Level::Basic,
    title: Text { en: "what sends a FIN", id: "apa yang mengirim FIN" },
    lesson: Text {
        en: "The kernel sends FIN at shutdown(SHUT_WR) or when the last descriptor of the socket is closed, also by the \
             end of a process.",
        id: "Kernel mengirim FIN saat shutdown(SHUT_WR) atau saat descriptor terakhir socket itu ditutup, juga karena \
             prosesnya berakhir.",
    },
    variants: &[
        Variant {
            name: "shutdown",
            title: Text {
                en: "shutdown(SHUT_WR): at once, also with a second descriptor",
                id: "shutdown(SHUT_WR): seketika, walaupun ada descriptor kedua",
            },
            client: &[CONNECT, DUPLICATE, SHUTDOWN, TO_END, CLOSE, CLOSE_DUPLICATE],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "close",
            title: Text { en: "close() of the only descriptor", id: "close() pada satu-satunya descriptor" },
            client: &[CONNECT, CLOSE],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "dup",
            title: Text {
                en: "close() with a second descriptor: nothing until that is closed, too",
                id: "close() saat masih ada descriptor kedua: tidak ada FIN sampai descriptor itu juga ditutup",
            },
            client: &[CONNECT, DUPLICATE, CLOSE, NOTHING_COMES, CLOSE_DUPLICATE],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "exit",
            title: Text {
                en: "close() in the parent sends nothing; the child's exit does",
                id: "close() di proses induk tidak mengirim apa pun; berakhirnya proses anak yang mengirim FIN",
            },
            client: &[CONNECT, FORK, CLOSE, NOTHING_COMES, end(End::Exit)],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "ctrl-c",
            title: Text {
                en: "the process is ended by Ctrl-C (SIGINT)",
                id: "proses dihentikan dengan Ctrl-C (SIGINT)",
            },
            client: &[CONNECT, FORK, CLOSE, end(End::Interrupt)],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "kill",
            title: Text { en: "the process is killed (SIGKILL)", id: "proses dimatikan paksa (SIGKILL)" },
            client: &[CONNECT, FORK, CLOSE, end(End::Kill)],
            server: SERVER,
            expect: CLOSED,
            ..Variant::BARE
        },
        Variant {
            name: "kill-unread",
            title: Text {
                en: "killed with unread data: RST instead of FIN",
                id: "dimatikan paksa saat masih ada data yang belum dibaca: RST, bukan FIN",
            },
            client: &[CONNECT, FORK, Action::ok(Op::AwaitData), CLOSE, end(End::Kill)],
            server: &[
                LISTEN,
                ACCEPT,
                send(UNREAD),
                Action::fails(Op::Recv, Errno::ConnectionReset),
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                S>C [PSH,ACK] 'belum dibaca'
                C>S [ACK]
                C>S [RST,ACK] : rst-unread
            ",
                ..Talk::CLIENT_RESETS
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "shut-rd",
            title: Text {
                en: "shutdown(SHUT_RD) sends nothing, and later data is still acknowledged and readable",
                id: "shutdown(SHUT_RD) tidak mengirim apa pun; data sesudahnya tetap di-ACK dan dapat dibaca",
            },
            client: &[
                CONNECT,
                Action::ok(Op::ShutdownRead),
                send(READY),
                AWAIT_TOLD,
                recv_all(STILL),
                UNTIL_ACKED,
                CLOSE,
            ],
            server: &[LISTEN, ACCEPT, recv_all(READY), send(STILL), TELL, TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'silakan'
                S>C [ACK]
                S>C [PSH,ACK] 'masih terbaca'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "A server forks for each client and closes the socket in the parent only. Why does the client never see the end?",
            id: "Server melakukan fork untuk setiap client dan menutup socket hanya di proses induk. Mengapa client tidak pernah melihat akhir data?",
        },
        answer: Text {
            en: "The child still has a descriptor of the same socket; the kernel sends FIN when the last one is closed.",
            id: "Proses anak masih memegang descriptor socket yang sama; kernel mengirim FIN ketika descriptor terakhir ditutup.",
        },
    }),
};
