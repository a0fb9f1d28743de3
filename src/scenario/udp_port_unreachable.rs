use super::{
    Action, CLOSE, Claim, Errno, Expectation, Judgement, Level, Op, Payload, Question, Scenario, SocketOption, Talk,
    Text, Variant,
};

const CLAIMS: &[Claim] = &[
    Claim {
        says: Text {
            en: "The text \"connect\" asks the server for a connection.",
            id: "Teks \"connect\" meminta koneksi kepada server.",
        },
        happened: Text {
            en: "UDP has no connections: it is a datagram with 7 bytes of payload, and no answer has to follow (RFC \
                 768).",
            id: "UDP tidak mengenal koneksi: ini hanya datagram dengan payload 7 byte, dan tidak harus ada jawaban \
                 (RFC 768).",
        },
        verdict: Judgement::Wrong,
        at: "udp-datagram",
    },
    Claim {
        says: Text { en: "UDP does not promise delivery.", id: "UDP tidak menjamin kiriman sampai." },
        happened: Text {
            en: "nobody took the datagram, and it was not UDP that said so.",
            id: "tidak ada yang menerima datagram itu, dan bukan UDP yang mengatakannya.",
        },
        verdict: Judgement::Right,
        at: "icmp-port-unreachable",
    },
];

const UNREACHABLE: Expectation = Expectation::of(&[Talk {
    packets: "
                C>S UDP 'connect'
                S>C ICMP port-unreachable : icmp-port-unreachable
            ",
    ..Talk::ONCE
}]);

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
            claims: CLAIMS,
            ..Variant::BARE
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
            claims: CLAIMS,
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "Both variants put the same packets on the wire. Why does only one program learn of the error?",
            id: "Kedua varian menghasilkan paket yang sama. Mengapa hanya satu program yang mengetahui galatnya?",
        },
        answer: Text {
            en: "Only a socket with a fixed peer, by connect(), can be matched with the ICMP message; its next call \
                 reports the error.",
            id: "Hanya socket yang lawannya tetap, karena connect(), dapat dipasangkan dengan pesan ICMP; galatnya \
                 dilaporkan pada pemanggilan berikutnya.",
        },
    }),
};
