use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question,
    Scenario, TELL, TO_END, Talk, Text, UNTIL_ACKED, UsualWire, Variant, recv_all, send,
};

/// Eight full segments: enough behind the lost one for three duplicate ACKs, few enough for the first window.
const EIGHT_SEGMENTS: Payload = Payload::Filler(8 * 1448);
const ANSWER: &str = "lengkap";

/// The timer of the tail loss probe follows from the round trip: on a fast wire it would run out where a busy machine is late.
const SLOW: u32 = 80;

/// A hole that duplicate ACKs report.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "fast-retransmit",
    level: Level::Advanced,
    title: Text { en: "a hole, reported by duplicate ACKs", id: "lubang yang dilaporkan ACK duplikat" },
    lesson: Text {
        en: "Duplicate ACKs with SACK blocks report what is missing; the sender repairs it without waiting for a timer.",
        id: "ACK duplikat dengan blok SACK melaporkan bagian yang hilang; pengirim memperbaikinya tanpa menunggu timer.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the third of eight segments is lost", id: "segmen ketiga dari delapan hilang" },
        client: &[CONNECT, Action::ok(Op::Send(EIGHT_SEGMENTS)), UNTIL_ACKED, TELL, recv_all(ANSWER), CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            AWAIT_TOLD,
            Action::ok(Op::RecvAll(EIGHT_SEGMENTS)),
            send(ANSWER),
            TO_END,
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                2 × C>S [ACK] len=1448
                C>S [ACK] len=1448 seq=2897 lost
                4 × C>S [ACK] len=1448
                C>S [PSH,ACK] len=1448
                S>C [ACK] ack=1449
                S>C [ACK] ack=2897 sack=none
                3..5 × S>C [ACK] ack=2897 sack : dup-ack   # from the fourth on they may be merged
                C>S [ACK] len=1448 seq=2897 : fast-retransmission
                S>C [ACK] ack=11585
                S>C [PSH,ACK] 'lengkap'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }],
            rules: &["sack"],
            counters: &["TCPFastRetrans=1", "TCPTimeouts=0"],
        },
        wire: Some(UsualWire { delay_ms: SLOW, loss: &["client data 3"], ..UsualWire::PLAIN }),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Why does the sender wait for three duplicates and not act on the first?",
            id: "Mengapa pengirim menunggu tiga duplikat dan tidak bertindak pada yang pertama?",
        },
        answer: Text {
            en: "A single duplicate may come from mere reordering; three make a loss likely (RFC 5681 section 3.2).",
            id: "Satu duplikat dapat muncul hanya karena urutan tertukar; tiga duplikat membuat kehilangan menjadi \
                 dugaan kuat (RFC 5681 §3.2).",
        },
    }),
};
