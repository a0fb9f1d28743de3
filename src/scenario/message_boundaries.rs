use super::{
    ACCEPT, AWAIT_END, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Port, Question,
    SHUTDOWN, Scenario, TO_END, Talk, Text, Transport, UNTIL_ACKED, Variant, send,
};

const fn recv_up_to(room: u32) -> Action {
    Action::ok(Op::RecvUpTo(room))
}

const fn send_to(text: &'static str) -> Action {
    Action::ok(Op::SendTo(Payload::text(text)))
}

/// What becomes of the borders between messages.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "message-boundaries",
    level: Level::Basic,
    title: Text { en: "a byte stream and datagrams", id: "aliran byte dan datagram" },
    lesson: Text {
        en: "TCP is a byte stream without borders between messages; UDP keeps its datagrams.",
        id: "TCP adalah aliran byte tanpa batas antarpesan; UDP menjaga batas datagramnya.",
    },
    variants: &[
        Variant {
            name: "tcp",
            title: Text {
                en: "three sends of 3 bytes, read 4 at a time: aaab, bbcc, c",
                id: "tiga kali send 3 byte, dibaca per 4 byte: aaab, bbcc, c",
            },
            client: &[
                CONNECT,
                send("aaa"),
                UNTIL_ACKED,
                send("bbb"),
                UNTIL_ACKED,
                send("ccc"),
                UNTIL_ACKED,
                SHUTDOWN,
                TO_END,
                CLOSE,
            ],
            server: &[
                LISTEN,
                ACCEPT,
                // All of it is there, so that only the size of each read decides what it gives.
                AWAIT_END,
                recv_up_to(4),
                recv_up_to(4),
                recv_up_to(4),
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'aaa'
                S>C [ACK]
                C>S [PSH,ACK] 'bbb'
                S>C [ACK]
                C>S [PSH,ACK] 'ccc'
                S>C [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "udp",
            title: Text {
                en: "each recv gives one datagram: what does not fit is lost, and an empty one is no end",
                id: "setiap recv memberi satu datagram: yang tidak muat hilang, dan datagram kosong bukan akhir",
            },
            client: &[
                Action::ok(Op::OpenUdp),
                send_to("aaa"),
                send_to("bbb"),
                send_to("ccc"),
                send_to("sembilan!"),
                send_to("next"),
                send_to(""),
                CLOSE,
            ],
            server: &[
                Action::ok(Op::Bind { transport: Transport::Udp, port: Port::Server }),
                recv_up_to(1024),
                recv_up_to(1024),
                recv_up_to(1024),
                recv_up_to(4),
                recv_up_to(1024),
                recv_up_to(1024),
                CLOSE,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                C>S UDP 'aaa'
                C>S UDP 'bbb'
                C>S UDP 'ccc'
                C>S UDP 'sembilan!'
                C>S UDP 'next'
                C>S UDP len=0
            ",
                ..Talk::ONCE
            }]),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "A server compares what recv(1024) gives with \"exit\". When does that fail over TCP?",
            id: "Server membandingkan hasil recv(1024) dengan \"exit\". Kapan hal itu gagal pada TCP?",
        },
        answer: Text {
            en: "When the word comes together with bytes sent before it, or in two parts. The program needs a length or an end mark of its own.",
            id: "Ketika kata itu tiba bersama byte yang dikirim sebelumnya, atau terbelah dua. Program memerlukan panjang pesan atau penanda akhir buatannya sendiri.",
        },
    }),
};
