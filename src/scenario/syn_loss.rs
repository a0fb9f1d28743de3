use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Question, Scenario, TO_END, Talk, Text,
    UsualWire, Variant, recv_all, send,
};

const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";
const CLIENT: &[Action] = &[CONNECT, send(HELLO), recv_all(ANSWER), CLOSE];
const SERVER: &[Action] = &[LISTEN, ACCEPT, recv_all(HELLO), send(ANSWER), TO_END, CLOSE, CLOSE_LISTENER];

/// Each packet of the handshake lost once.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "syn-loss",
    level: Level::Advanced,
    title: Text { en: "a packet of the handshake is lost", id: "satu paket handshake hilang" },
    lesson: Text {
        en: "Each of the three packets of the handshake may be lost; each loss is repaired in another way.",
        id: "Ketiga paket handshake masing-masing dapat hilang; cara pemulihannya berbeda-beda.",
    },
    variants: &[
        Variant {
            name: "syn",
            title: Text { en: "the SYN is lost: it is sent again", id: "SYN hilang: dikirim ulang" },
            client: CLIENT,
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                C>S [SYN] lost : syn
                C>S [SYN] : syn-retransmission
                S>C [SYN,ACK] : syn-ack
                C>S [ACK] : handshake-ack
                C>S [PSH,ACK] 'halo'
                ~S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                ~C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                counters: &["TCPSynRetrans=1"],
                ..Expectation::NONE
            },
            wire: Some(UsualWire { loss: &["client SYN"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
        Variant {
            name: "syn-ack",
            title: Text {
                en: "the SYN-ACK is lost: both ends repeat, and the server's copy comes through",
                id: "SYN-ACK hilang: kedua ujung mengulang, dan salinan dari server yang sampai",
            },
            client: CLIENT,
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                C>S [SYN] : syn
                S>C [SYN,ACK] lost : syn-ack
                C>S [SYN] lost : syn-retransmission
                S>C [SYN,ACK] : syn-retransmission
                C>S [ACK] : handshake-ack
                C>S [PSH,ACK] 'halo'
                ~S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                ~C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                counters: &["TCPSynRetrans=2"],
                ..Expectation::NONE
            },
            // Both timers take a second, and which copy comes through first would be chance: the second SYN is lost, too.
            wire: Some(UsualWire { delay_ms: 60, loss: &["server SYN,ACK", "client SYN 2"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
        Variant {
            name: "third-ack",
            title: Text {
                en: "the third packet is lost: the first data does its work",
                id: "paket ketiga hilang: data pertama menggantikannya",
            },
            client: CLIENT,
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                C>S [SYN] : syn
                S>C [SYN,ACK] : syn-ack
                C>S [ACK] lost
                C>S [PSH,ACK] 'halo' : handshake-ack
                ~S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                ~C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                rules: &["!syn-retransmission"],
                counters: &["TCPSynRetrans=0"],
            },
            wire: Some(UsualWire { loss: &["client ACK"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "Why can the first data take the place of the lost third packet?",
            id: "Mengapa data pertama dapat menggantikan paket ketiga yang hilang?",
        },
        answer: Text {
            en: "Every segment that the client sends after its SYN carries an ACK number, the one with the data too.",
            id: "Setiap segmen yang dikirim client setelah SYN-nya membawa nomor ACK, termasuk segmen yang membawa data.",
        },
    }),
};
