use super::{
    Action, Actions, CLOSE, Claim, Expectation, Judgement, Level, Op, Payload, Port, Question, Scenario, Takes, Talk,
    Text, Times, Transport, Variant, Why, each_client, times,
};

/// The colours that the server sends, and their names in Indonesian.
pub static COLOURS: [(&str, &str); 8] = [
    ("red", "merah"),
    ("green", "hijau"),
    ("blue", "biru"),
    ("yellow", "kuning"),
    ("purple", "ungu"),
    ("black", "hitam"),
    ("white", "putih"),
    ("brown", "cokelat"),
];

/// Colours that a client is asked for.
const ROUNDS: u16 = 5;
const HELLO: &str = "connect";

/// A UDP server that sends colours to everyone who has said "connect".
pub(super) static SCENARIO: Scenario = Scenario {
    name: "udp-color-server",
    level: Level::Basic,
    title: Text { en: "a UDP server that asks for colours", id: "server UDP yang menanyakan warna" },
    lesson: Text {
        en: "\"connect\" is a datagram of 7 bytes and makes no connection; the answers come from another port.",
        id: "\"connect\" hanyalah datagram 7 byte dan tidak membuat koneksi; jawabannya datang dari port lain.",
    },
    variants: &[ANSWERED, CLIENT_LEAVES, CONNECTED_CLIENT],
    question: Some(Question {
        asks: Text {
            en: "The server calls nothing like accept(). How does it tell its clients apart, and why do the answers come from another port?",
            id: "Server tidak memanggil apa pun yang serupa accept(). Dari mana ia membedakan client, dan mengapa jawabannya datang dari port lain?",
        },
        answer: Text {
            en: "By the sender's address and port in each datagram. Each thread has a socket of its own, and the kernel gives that socket a port of its own, as TFTP does on purpose.",
            id: "Dari alamat dan port pengirim pada setiap datagram. Setiap thread memakai socket sendiri, dan kernel memberi socket itu port sendiri, seperti yang sengaja dilakukan TFTP.",
        },
    }),
};

const BIND: Action = Action::ok(Op::Bind { transport: Transport::Udp, port: Port::Server });
const OPEN: Action = Action::ok(Op::OpenUdp);
const SAY_CONNECT: Action = Action::ok(Op::SendTo(Payload::text(HELLO)));
const RECV_FROM: Action = Action::ok(Op::RecvFrom);
const SEND_COLOUR: Action = Action::ok(Op::SendBack(Payload::Colour));
const INTERVAL: Action = Action::ok(Op::Pause { ms: 100, why: Why::Interval });

/// Everyone who says "connect" gets a thread, and the thread makes a socket of its own.
const fn thread(actions: &'static [Action]) -> Action {
    Action::ok(Op::Thread { takes: Takes::Peer, actions: Actions::Borrowed(actions) })
}

const ANSWERED: Variant = Variant {
    name: "answered",
    title: Text {
        en: "each client answers with the Indonesian name and is scored",
        id: "setiap client menjawab dengan nama Indonesianya lalu dinilai",
    },
    client: &[OPEN, SAY_CONNECT, times(ROUNDS, actions![RECV_FROM, ANSWER]), RECV_FROM, CLOSE],
    server: &[BIND, each_client(10, actions![RECV_FROM, thread(ASK)]), CLOSE],
    expect: Expectation {
        talks: &[
            Talk {
                times: Times::PerClient,
                packets: "
                C>S UDP 'connect'
            ",
                ..Talk::ONCE
            },
            Talk {
                times: Times::PerClient,
                packets: "
                S>C UDP len=3..6 : udp-other-port
                C>S UDP len=4..7
                4 × ( S>C UDP len=3..6 , C>S UDP len=4..7 )
                S>C UDP len=8   # the score
            ",
                ..Talk::ONCE
            },
        ],
        ..Expectation::NONE
    },
    claims: &[
        Claim {
            says: Text {
                en: "A client asks for a connection by sending \"connect\".",
                id: "Client meminta koneksi dengan mengirim \"connect\".",
            },
            happened: Text {
                en: "the word is a datagram of 7 bytes; UDP knows no connection, and the kernel remembers nothing about it.",
                id: "kata itu sebuah datagram 7 byte; UDP tidak mengenal koneksi, dan kernel tidak mengingat apa pun tentangnya.",
            },
            verdict: Judgement::Wrong,
            at: "app-close-message",
        },
        Claim {
            says: Text {
                en: "The server makes a new socket for each client.",
                id: "Server membuat socket baru untuk setiap client.",
            },
            happened: Text {
                en: "so it does, and that is why the colours come from a port to which the client has sent nothing.",
                id: "memang demikian, dan karena itulah warna datang dari port yang belum pernah dikirimi apa pun oleh client.",
            },
            verdict: Judgement::Right,
            at: "udp-other-port",
        },
    ],
    ..Variant::BARE
};

const ANSWER: Action = Action::ok(Op::SendBack(Payload::ColourName));
const ASK: &[Action] = &[
    OPEN,
    times(ROUNDS, actions![SEND_COLOUR, RECV_FROM, Action::ok(Op::Grade), INTERVAL]),
    Action::ok(Op::SendBack(Payload::Score)),
    CLOSE,
];

const CLIENT_LEAVES: Variant = Variant {
    name: "client-leaves",
    title: Text {
        en: "a client closes its socket and the server goes on sending",
        id: "client menutup socket-nya dan server tetap mengirim",
    },
    client: &[OPEN, SAY_CONNECT, times(2, actions![RECV_FROM]), CLOSE],
    server: &[BIND, each_client(1, actions![RECV_FROM, thread(SEND_ONLY)]), CLOSE],
    expect: Expectation {
        talks: &[
            Talk {
                times: Times::PerClient,
                packets: "
                C>S UDP 'connect'
            ",
                ..Talk::ONCE
            },
            Talk {
                times: Times::PerClient,
                packets: "
                2 × S>C UDP len=3..6
                3 × ( S>C UDP len=3..6 , C>S ICMP port-unreachable )
            ",
                ..Talk::ONCE
            },
        ],
        rules: &["udp-other-port", "icmp-port-unreachable"],
        ..Expectation::NONE
    },
    claims: &[Claim {
        says: Text { en: "The client can answer if it likes.", id: "Client dapat menjawab bila perlu." },
        happened: Text {
            en: "this thread never reads: it does not even notice that the client has gone, although ICMP reports it.",
            id: "thread ini tidak pernah membaca: ia bahkan tidak tahu bahwa client sudah pergi, walaupun ICMP melaporkannya.",
        },
        verdict: Judgement::Incomplete,
        at: "icmp-port-unreachable",
    }],
    ..Variant::BARE
};

const SEND_ONLY: &[Action] = &[OPEN, times(ROUNDS, actions![SEND_COLOUR, INTERVAL]), CLOSE];

const CONNECTED_CLIENT: Variant = Variant {
    name: "connected-client",
    title: Text {
        en: "a client that has called connect() refuses every colour",
        id: "client yang memanggil connect() menolak setiap warna",
    },
    client: &[
        OPEN,
        Action::ok(Op::Connect),
        Action::ok(Op::Send(Payload::text(HELLO))),
        Action::ok(Op::SetOption(super::SocketOption::ReceiveTimeout(700))),
        Action::fails(Op::Recv, super::Errno::Again),
        CLOSE,
    ],
    server: &[BIND, each_client(1, actions![RECV_FROM, thread(SEND_ONLY)]), CLOSE],
    expect: Expectation {
        talks: &[
            Talk {
                times: Times::PerClient,
                packets: "
                C>S UDP 'connect'
            ",
                ..Talk::ONCE
            },
            Talk {
                times: Times::PerClient,
                packets: "
                5 × ( S>C UDP len=3..6 , C>S ICMP port-unreachable )
            ",
                ..Talk::ONCE
            },
        ],
        rules: &["udp-other-port", "icmp-port-unreachable"],
        ..Expectation::NONE
    },
    ..Variant::BARE
};
