use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question, Scenario,
    TO_END, Talk, Text, Variant, recv_all, send,
};

const fn send_urgent(text: &'static str) -> Action {
    Action::ok(Op::SendUrgent(Payload::text(text)))
}

const AWAIT_URGENT: Action = Action::ok(Op::AwaitUrgent);
const RECV_URGENT: Action = Action::ok(Op::RecvUrgent);

/// "Out-of-band" data.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "urgent-data",
    level: Level::Advanced,
    title: Text { en: "urgent data", id: "data urgent" },
    lesson: Text {
        en: "\"Out-of-band\" data travels in the same stream; only one byte of it is marked.",
        id: "Data \"out-of-band\" tetap berada di aliran yang sama; hanya satu byte yang ditandai.",
    },
    variants: &[Variant {
        name: "default",
        title: Text {
            en: "two urgent sends, one byte marked in each",
            id: "dua send urgent, satu byte ditandai pada tiap send",
        },
        client: &[
            CONNECT,
            send("abc"),
            send_urgent("!"),
            send("def"),
            // A new mark would replace the old one.
            Action::ok(Op::AwaitTold),
            send_urgent("xyz"),
            Action::ok(Op::AwaitTold),
            CLOSE,
        ],
        server: &[
            LISTEN,
            ACCEPT,
            AWAIT_URGENT,
            RECV_URGENT,
            recv_all("abc"),
            recv_all("def"),
            Action::ok(Op::Tell),
            AWAIT_URGENT,
            RECV_URGENT,
            recv_all("xy"),
            Action::ok(Op::Tell),
            TO_END,
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'abc'
                S>C [ACK]
                C>S [PSH,ACK,URG] '!' : urgent
                S>C [ACK]
                C>S [PSH,ACK] 'def'
                S>C [ACK]
                C>S [PSH,ACK,URG] 'xyz' : urgent
                S>C [ACK]
                ( X3(C) | X4(C) )
            ",
                client: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
                server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
                end: "fin by client",
                ..Talk::ONCE
            }],
            ..Expectation::NONE
        },
        claims: &[],
        wire: None,
    }],
    question: Some(Question {
        asks: Text {
            en: "Three bytes were sent as urgent. How many of them are \"out of band\" for the reader?",
            id: "Tiga byte dikirim sebagai data urgent. Berapa byte yang menjadi \"out-of-band\" bagi pembaca?",
        },
        answer: Text {
            en: "One: the byte before the place that the urgent pointer names. The others are ordinary bytes of the stream.",
            id: "Satu: byte tepat sebelum posisi yang ditunjuk urgent pointer. Sisanya byte biasa di dalam aliran.",
        },
    }),
};
