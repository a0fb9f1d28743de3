use super::{Action, CLOSE, CONNECT, Level, Op, Port, Scenario, Text, Transport, Variant};

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
    }],
};
