use super::{Action, CLOSE, Errno, Expectation, Level, Op, Payload, Scenario, SocketOption, Talk, Text, Variant};

const UNREACHABLE: Expectation = Expectation {
    talks: &[Talk {
        packets: "
                C>S UDP 'connect'
                S>C ICMP port-unreachable : icmp-port-unreachable
            ",
        ..Talk::ONCE
    }],
    ..Expectation::NONE
};

const HELLO: &str = "connect";

/// A datagram to a port that nobody has.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "udp-port-unreachable",
    level: Level::Basic,
    title: Text { en: "UDP to a port that nobody has", id: "UDP ke port yang tidak dipakai siapa pun" },
    lesson: Text {
        en: "UDP itself cannot refuse; ICMP reports that nobody has the port.",
        id: "UDP sendiri tidak mengenal penolakan; ICMP-lah yang melaporkan bahwa port itu tidak dipakai.",
    },
    variants: &[
        Variant {
            name: "unconnected",
            title: Text {
                en: "an unconnected socket never hears of the error",
                id: "socket tanpa connect() tidak pernah menerima laporan galat",
            },
            client: &[
                Action::ok(Op::OpenUdp),
                Action::ok(Op::SetOption(SocketOption::ReceiveTimeout(100))),
                Action::ok(Op::SendTo(Payload::message(HELLO))),
                Action::fails(Op::Recv, Errno::Again),
                CLOSE,
            ],
            server: &[],
            expect: UNREACHABLE,
            claims: &[],
        },
        Variant {
            name: "connected",
            title: Text {
                en: "a connected socket hears of it at its next call",
                id: "socket yang sudah connect() menerima laporannya pada pemanggilan berikutnya",
            },
            client: &[
                Action::ok(Op::OpenUdp),
                Action::ok(Op::Connect),
                Action::ok(Op::Send(Payload::message(HELLO))),
                Action::ok(Op::AwaitError),
                Action::fails(Op::Send(Payload::text(HELLO)), Errno::ConnectionRefused),
                CLOSE,
            ],
            server: &[],
            expect: UNREACHABLE,
            claims: &[],
        },
    ],
    question: None,
};
