use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Op, Payload, Port,
    Question, Scenario, TO_END, Talk, Text, Transport, Variant, recv_all, recv_message, send, send_message,
};

const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";

/// The same message and the same answer by both transports.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "tcp-and-udp",
    level: Level::Basic,
    title: Text { en: "the same message by UDP and by TCP", id: "pesan yang sama lewat UDP dan lewat TCP" },
    lesson: Text {
        en: "For one message and its answer UDP needs two datagrams; TCP opens, acknowledges and closes besides.",
        id: "Untuk satu pesan dan jawabannya UDP memerlukan dua datagram; TCP juga membuka, mengakui, dan menutup koneksi.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "first by UDP, then by TCP", id: "lebih dulu lewat UDP, kemudian lewat TCP" },
        client: &[
            Action::ok(Op::OpenUdp),
            Action::ok(Op::SendTo(Payload::message(HELLO))),
            recv_all(ANSWER),
            CLOSE,
            CONNECT,
            send_message(HELLO),
            recv_all(ANSWER),
            CLOSE,
        ],
        server: &[
            LISTEN,
            Action::ok(Op::Bind { transport: Transport::Udp, port: Port::Server }),
            Action::ok(Op::RecvFrom),
            Action::ok(Op::SendBack(Payload::text(ANSWER))),
            CLOSE,
            ACCEPT,
            recv_message(HELLO),
            send(ANSWER),
            TO_END,
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[
                Talk {
                    packets: "
                C>S UDP 'halo'
                S>C UDP 'halo juga'
            ",
                    ..Talk::ONCE
                },
                Talk {
                    packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                },
            ],
            ..Expectation::NONE
        },
        claims: &[Claim {
            says: Text {
                en: "UDP does not promise delivery and is faster.",
                id: "UDP tidak menjamin pengiriman dan lebih cepat.",
            },
            happened: Text {
                en: "no handshake and no ACK, so fewer packets; how fast data travels is no property of either protocol.",
                id: "tanpa handshake dan tanpa ACK, jadi paketnya lebih sedikit; kecepatan data bukan sifat protokolnya.",
            },
            verdict: Judgement::Right,
            at: "udp-datagram",
        }],
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "UDP needed two packets and TCP many more. What do the others buy?",
            id: "UDP memerlukan dua paket, sedangkan TCP jauh lebih banyak. Apa yang diperoleh dari paket-paket lainnya?",
        },
        answer: Text {
            en: "Both ends agree on a connection, each learns what has reached the other's TCP and repeats what has \
                 not, and each says when it is done.",
            id: "Kedua ujung menyepakati sebuah koneksi, masing-masing tahu data mana yang sudah sampai di TCP lawan \
                 dan mengulang yang belum, dan masing-masing menyatakan kapan ia selesai.",
        },
    }),
};
