use super::{Action, CLOSE, CONNECT, Expectation, Level, Op, Port, Scenario, Talk, Text, Transport, Variant};

/// Two active opens. On plain loopback only a socket that connects to itself can do it.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "simultaneous-open",
    level: Level::Advanced,
    title: Text { en: "a connection without a listener", id: "koneksi tanpa listener" },
    lesson: Text {
        en: "Two active opens make one connection; nobody has to listen.",
        id: "Dua active open membentuk satu koneksi; tidak perlu ada yang melakukan listen.",
    },
    variants: &[Variant {
        name: "self-connect",
        title: Text { en: "a socket that connects to itself", id: "socket yang terhubung ke dirinya sendiri" },
        client: &[Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Server }), CONNECT, CLOSE],
        server: &[],
        expect: Expectation {
            talks: &[Talk {
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
            }],
            ..Expectation::NONE
        },
        claims: &[],
    }],
    question: None,
};
