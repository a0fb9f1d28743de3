use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Question, Scenario, TO_END, Talk, Text,
    UNTIL_ACKED, Variant, recv_all, send,
};

const GET_BUDI: &str = "GET /?name=Budi HTTP/1.1\r\nHost: localhost\r\n\r\n";
const GET_SITI: &str = "GET /?name=Siti HTTP/1.1\r\nHost: localhost\r\n\r\n";
const GET_LAST: &str = "GET /?name=Budi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const HEADERS: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n";
const LAST_HEADERS: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\nConnection: close\r\n\r\n";
const BUDI: &str = "Halo, Budi!\n";
const SITI: &str = "Halo, Siti!\n";
const WHOLE_BUDI: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHalo, Budi!\n";
const WHOLE_SITI: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHalo, Siti!\n";

const CLIENT: &[Action] =
    &[CONNECT, send(GET_BUDI), recv_all(WHOLE_BUDI), send(GET_SITI), recv_all(WHOLE_SITI), UNTIL_ACKED, CLOSE];

/// Several requests on one connection.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "http-keep-alive",
    level: Level::Basic,
    title: Text {
        en: "HTTP/1.1: several requests on one connection",
        id: "HTTP/1.1: beberapa request di satu koneksi",
    },
    lesson: Text {
        en: "With Content-Length one connection serves many requests, and the client may close first.",
        id: "Dengan Content-Length satu koneksi melayani banyak request, dan client dapat menutup lebih dulu.",
    },
    variants: &[
        Variant {
            name: "two-sends",
            title: Text {
                en: "headers and body sent apart: the second answer waits for an ACK",
                id: "header dan body dikirim terpisah: jawaban kedua menunggu ACK",
            },
            client: CLIENT,
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET_BUDI),
                send(HEADERS),
                send(BUDI),
                recv_all(GET_SITI),
                send(HEADERS),
                send(SITI),
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                C>S [PSH,ACK] len=45 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=65 : http-response
                C>S [ACK]
                S>C [PSH,ACK] len=12   # the body
                C>S [ACK]
                C>S [PSH,ACK] len=45 : http-request
                ~S>C [ACK]
                S>C [PSH,ACK] len=65 : http-response
                C>S [ACK] : delayed-ack
                S>C [PSH,ACK] len=12
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "one-send",
            title: Text {
                en: "headers and body in one send: no waiting",
                id: "header dan body dalam satu send: tidak ada yang menunggu",
            },
            client: CLIENT,
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET_BUDI),
                send(WHOLE_BUDI),
                recv_all(GET_SITI),
                send(WHOLE_SITI),
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] len=45 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=77 : http-response
                C>S [ACK]
                C>S [PSH,ACK] len=45 : http-request
                ~S>C [ACK]
                S>C [PSH,ACK] len=77 : http-response
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
                    ..Talk::CLIENT_CLOSES
                }],
                rules: &["!nagle-hold"],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
        Variant {
            name: "connection-close",
            title: Text {
                en: "the client asks for Connection: close, and the server closes first",
                id: "client meminta Connection: close, dan server menutup lebih dulu",
            },
            client: &[CONNECT, send(GET_LAST), recv_all(LAST_HEADERS), recv_all(BUDI), TO_END, CLOSE],
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET_LAST),
                send(LAST_HEADERS),
                UNTIL_ACKED,
                send(BUDI),
                UNTIL_ACKED,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] len=64 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=84 : http-response
                C>S [ACK]
                S>C [PSH,ACK] len=12   # the body
                C>S [ACK]
                ( X3(S) | X4(S) )
            ",
                    ..Talk::SERVER_CLOSES
                }],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "Before anybody has sent FIN: how does the client know that an answer is complete?",
            id: "Sebelum ada yang mengirim FIN: dari mana client tahu bahwa sebuah jawaban sudah lengkap?",
        },
        answer: Text {
            en: "By Content-Length: when so many bytes of body have come. Without it, and without chunks, only the FIN would tell.",
            id: "Dari Content-Length: ketika byte body sebanyak itu sudah tiba. Tanpa itu, dan tanpa chunk, hanya FIN yang memberi tahu.",
        },
    }),
};
