use super::{
    AWAIT_CROSSING, Action, CLOSE, CONNECT, Expectation, Level, MEET, Op, Port, Question, Scenario, TO_END, Talk, Text,
    Transport, UNTIL_ACKED, UsualWire, Variant,
};

/// Two active opens. On one host only a socket that connects to itself can do it.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "simultaneous-open",
    level: Level::Advanced,
    title: Text { en: "a connection without a listener", id: "koneksi tanpa listener" },
    lesson: Text {
        en: "Two active opens make one connection; nobody has to listen.",
        id: "Dua active open membentuk satu koneksi; tidak perlu ada yang melakukan listen.",
    },
    variants: &[SELF_CONNECT, TWO_HOSTS],
    question: Some(Question {
        asks: Text {
            en: "Nobody called listen(). Why is this a connection all the same, and why only one?",
            id: "Tidak ada yang memanggil listen(). Mengapa koneksi tetap terbentuk, dan mengapa hanya satu?",
        },
        answer: Text {
            en: "Two active opens that meet complete each other's handshake, and a connection is named by its \
                 four-tuple, of which there is one.",
            id: "Dua active open yang bertemu saling melengkapi handshake-nya, dan koneksi dikenali dari four-tuple, \
                 yang di sini hanya ada satu.",
        },
    }),
};

const SELF_CONNECT: Variant = Variant {
    name: "self-connect",
    title: Text { en: "a socket that connects to itself", id: "socket yang terhubung ke dirinya sendiri" },
    client: &[Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Server }), CONNECT, CLOSE],
    server: &[],
    expect: Expectation::of(&[Talk {
        packets: "
                C>S [SYN] seq=0 : syn
                C>S [SYN,ACK] seq=0 ack=1 : simultaneous-open
                C>S [ACK] seq=1 ack=1 sack=0-1
                C>S [FIN,ACK] seq=1 ack=1 : simultaneous-close
                C>S [ACK] seq=2 ack=2
            ",
        client: "SYN-RECEIVED → ESTABLISHED → CLOSING → TIME-WAIT",
        server: "SYN-RECEIVED → ESTABLISHED → CLOSING → TIME-WAIT",
        end: "fin by both",
        ..Talk::ONCE
    }]),
    ..Variant::BARE
};

/// The client's SYN leaves a little earlier, so that it is called the client.
const TWO_HOSTS: Variant = Variant {
    name: "two-hosts",
    title: Text { en: "two hosts connect to each other at once", id: "dua host saling melakukan connect bersamaan" },
    client: &[
        Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Client }),
        MEET,
        CONNECT,
        UNTIL_ACKED,
        CLOSE,
    ],
    server: &[
        Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Server }),
        MEET,
        AWAIT_CROSSING,
        CONNECT,
        TO_END,
        CLOSE,
    ],
    expect: Expectation::of(&[Talk {
        packets: "
                C>S [SYN] seq=0 : syn
                S>C [SYN] seq=0 : simultaneous-open
                S>C [SYN,ACK] seq=0 ack=1 : simultaneous-open
                C>S [SYN,ACK] seq=0 ack=1 : simultaneous-open
                C>S [ACK] seq=1 ack=1 sack=0-1
                S>C [ACK] seq=1 ack=1 sack=0-1
                ( X3(C) | X4(C) )
            ",
        client: "SYN-SENT → SYN-RECEIVED → ESTABLISHED → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
        server: "SYN-SENT → SYN-RECEIVED → ESTABLISHED → CLOSE-WAIT → LAST-ACK → CLOSED",
        end: "fin by client",
        ..Talk::ONCE
    }]),
    wire: Some(UsualWire { delay_ms: 150, ..UsualWire::PLAIN }),
    ..Variant::BARE
};
