use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question,
    Scenario, TELL, TO_END, Talk, Text, UNTIL_ACKED, UsualWire, Variant, recv_all, send,
};

const SIX_SEGMENTS: Payload = Payload::Filler(6 * 1448);
const ANSWER: &str = "lengkap";
const CLIENT: &[Action] = &[CONNECT, Action::ok(Op::Send(SIX_SEGMENTS)), UNTIL_ACKED, TELL, recv_all(ANSWER), CLOSE];
/// Reads when all has come: a program that reads meanwhile makes its kernel answer several segments at once.
const SERVER: &[Action] =
    &[LISTEN, ACCEPT, AWAIT_TOLD, Action::ok(Op::RecvAll(SIX_SEGMENTS)), send(ANSWER), TO_END, CLOSE, CLOSE_LISTENER];

/// The timer of the tail loss probe follows from the round trip: on a fast wire it would run out where a busy machine is late.
const SLOW: u32 = 80;

/// A segment that later ones overtake.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "reordering",
    level: Level::Advanced,
    title: Text { en: "a segment is overtaken", id: "sebuah segmen tersusul" },
    lesson: Text {
        en: "Reordering looks like loss until the late segment arrives.",
        id: "Urutan yang tertukar tampak seperti kehilangan sampai segmen yang terlambat tiba.",
    },
    variants: &[
        Variant {
            name: "one-place",
            title: Text {
                en: "one segment overtakes it: nothing is repeated",
                id: "disusul satu segmen: tidak ada yang dikirim ulang",
            },
            client: CLIENT,
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                2 × C>S [ACK] len=1448
                C>S [ACK] len=1448 seq=2897 late
                2 × C>S [ACK] len=1448
                C>S [PSH,ACK] len=1448
                S>C [ACK] ack=1449
                S>C [ACK] ack=2897 sack=none
                S>C [ACK] ack=2897 sack=4345-5793 : dup-ack
                S>C [ACK] ack=5793
                S>C [ACK] ack=7241
                S>C [ACK] ack=8689
                S>C [PSH,ACK] 'lengkap'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                rules: &["!fast-retransmission", "!retransmission-rto"],
                counters: &["TCPFastRetrans=0", "TCPTimeouts=0"],
            },
            wire: Some(UsualWire { delay_ms: SLOW, reorder: &["client data 3"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
        Variant {
            name: "three-places",
            title: Text {
                en: "three overtake it: it is repeated for nothing",
                id: "disusul tiga segmen: dikirim ulang dengan sia-sia",
            },
            client: CLIENT,
            server: SERVER,
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                2 × C>S [ACK] len=1448
                C>S [ACK] len=1448 seq=2897 late
                2 × C>S [ACK] len=1448
                C>S [PSH,ACK] len=1448
                S>C [ACK] ack=1449
                S>C [ACK] ack=2897 sack=none
                3 × S>C [ACK] ack=2897 sack : dup-ack
                S>C [ACK] ack=8689
                C>S [ACK] len=1448 seq=2897 : fast-retransmission
                S>C [ACK] sack=2897-4345 : spurious-dsack
                S>C [PSH,ACK] 'lengkap'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                rules: &["sack"],
                counters: &["TCPFastRetrans=1", "TCPDSACKRecv=1", "TCPTimeouts=0"],
            },
            wire: Some(UsualWire { delay_ms: SLOW, reorder: &["client data 3 by 3"], ..UsualWire::PLAIN }),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "How does the sender find out that its retransmission was needless?",
            id: "Dari mana pengirim tahu bahwa retransmisinya sia-sia?",
        },
        answer: Text {
            en: "From the duplicate SACK, which reports bytes below the ACK number (RFC 2883).",
            id: "Dari duplicate SACK, yang melaporkan byte di bawah nomor ACK (RFC 2883).",
        },
    }),
};
