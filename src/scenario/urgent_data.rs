use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question,
    Scenario, TELL, TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_all, send,
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
            UNTIL_ACKED,
            send_urgent("!"),
            UNTIL_ACKED,
            send("def"),
            // A new mark would replace the old one.
            AWAIT_TOLD,
            send_urgent("xyz"),
            AWAIT_TOLD,
            CLOSE,
        ],
        server: &[
            LISTEN,
            ACCEPT,
            AWAIT_URGENT,
            RECV_URGENT,
            recv_all("abc"),
            recv_all("def"),
            TELL,
            AWAIT_URGENT,
            RECV_URGENT,
            recv_all("xy"),
            TELL,
            TO_END,
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation::of(&[Talk {
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
            ..Talk::CLIENT_CLOSES
        }]),
        ..Variant::BARE
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
