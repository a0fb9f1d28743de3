use super::{
    ACCEPT, AWAIT_END, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Op,
    Question, SHUTDOWN, Scenario, TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_all, send,
};

const GET: &str = "GET /?name=Budi HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
const GET_MISSING: &str = "GET /tidak-ada HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
const POST: &str = "POST /tidak-ada HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
const OK: &str = "HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6\r\nDate: Sat, 01 Mar 2025 03:00:00 GMT\r\nContent-type: \
                  text/html; charset=utf-8\r\n\r\n";
const NOT_FOUND: &str = "HTTP/1.0 404 Not Found\r\nServer: SimpleHTTP/0.6\r\nDate: Sat, 01 Mar 2025 03:00:00 GMT\r\nConnection: close\r\n\r\n";

/// An HTTP/1.0 server that ends the body by closing.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "http-get-close",
    level: Level::Basic,
    title: Text { en: "HTTP/1.0: the FIN ends the body", id: "HTTP/1.0: FIN mengakhiri body" },
    lesson: Text {
        en: "Without Content-Length the FIN itself is the end of an HTTP/1.0 body, so the server closes first.",
        id: "Tanpa Content-Length, FIN itulah akhir body HTTP/1.0, sehingga server menutup lebih dulu.",
    },
    variants: &[
        Variant {
            name: "ok",
            title: Text { en: "200: headers, body, FIN", id: "200: header, body, FIN" },
            client: &[CONNECT, send(GET), TO_END, CLOSE],
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET),
                send(OK),
                UNTIL_ACKED,
                send("Halo, Budi!\n"),
                UNTIL_ACKED,
                SHUTDOWN,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] len=69 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=120 : http-response
                C>S [ACK]
                S>C [PSH,ACK] len=12   # the body
                C>S [ACK]
                ( X3(S) | X4(S) )
            ",
                    ..Talk::SERVER_CLOSES
                }],
                rules: &["http-body-ends-with-fin"],
                ..Expectation::NONE
            },
            claims: &[
                Claim {
                    says: Text {
                        en: "The server loops for ever and answers every request.",
                        id: "Server berputar terus-menerus dan menjawab setiap request.",
                    },
                    happened: Text {
                        en: "one after the other, and with HTTP/1.0 one on each connection.",
                        id: "satu demi satu, dan dengan HTTP/1.0 satu request untuk tiap koneksi.",
                    },
                    verdict: Judgement::Right,
                    at: "http-request",
                },
                Claim {
                    says: Text {
                        en: "After the headers the server sends the body.",
                        id: "Setelah header, server mengirim body.",
                    },
                    happened: Text {
                        en: "how the client knows where the body ends is not said: there is no Content-Length, so the \
                             server's FIN is the end (RFC 9112 §6.3). That is why the server closes first and waits \
                             in TIME-WAIT.",
                        id: "dari mana client tahu akhir body tidak disebutkan: tidak ada Content-Length, maka FIN \
                             dari server itulah akhirnya (RFC 9112 §6.3). Itu sebabnya server menutup lebih dulu dan \
                             menunggu di TIME-WAIT.",
                    },
                    verdict: Judgement::Incomplete,
                    at: "http-body-ends-with-fin",
                },
                Claim {
                    says: Text {
                        en: "The server runs until there is a request to stop.",
                        id: "Server berjalan sampai ada permintaan untuk berhenti.",
                    },
                    happened: Text {
                        en: "no packet asks for that: such a request is a flag inside the program, or a signal.",
                        id: "tidak ada paket yang memintanya: permintaan itu berupa penanda di dalam program, atau \
                             sebuah sinyal.",
                    },
                    verdict: Judgement::Incomplete,
                    at: "last-ack",
                },
            ],
            ..Variant::BARE
        },
        Variant {
            name: "not-found",
            title: Text { en: "404: headers only, FIN", id: "404: hanya header, FIN" },
            client: &[CONNECT, send(GET_MISSING), TO_END, CLOSE],
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET_MISSING),
                send(NOT_FOUND),
                UNTIL_ACKED,
                SHUTDOWN,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] len=68 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=106 : http-response
                C>S [ACK]
                ( X3(S) | X4(S) )
            ",
                    ..Talk::SERVER_CLOSES
                }],
                rules: &["http-body-ends-with-fin"],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
        Variant {
            name: "serve",
            title: Text {
                en: "one request after the other, until the server is told to stop",
                id: "satu request demi satu request, sampai server diminta berhenti",
            },
            client: &[CONNECT, send(GET), TO_END, CLOSE, CONNECT, send(GET_MISSING), TO_END, CLOSE],
            server: &[
                LISTEN,
                ACCEPT,
                recv_all(GET),
                send(OK),
                UNTIL_ACKED,
                send("Halo, Budi!\n"),
                UNTIL_ACKED,
                SHUTDOWN,
                CLOSE,
                ACCEPT,
                recv_all(GET_MISSING),
                send(NOT_FOUND),
                UNTIL_ACKED,
                SHUTDOWN,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[
                    Talk {
                        packets: "
                H
                C>S [PSH,ACK] len=69 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=120 : http-response
                C>S [ACK]
                S>C [PSH,ACK] len=12   # the body
                C>S [ACK]
                ( X3(S) | X4(S) )
            ",
                        ..Talk::SERVER_CLOSES
                    },
                    Talk {
                        packets: "
                H
                C>S [PSH,ACK] len=68 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=106 : http-response
                C>S [ACK]
                ( X3(S) | X4(S) )
            ",
                        ..Talk::SERVER_CLOSES
                    },
                ],
                rules: &["http-body-ends-with-fin"],
                ..Expectation::NONE
            },
            claims: &[Claim {
                says: Text {
                    en: "The server runs until there is a request to stop.",
                    id: "Server berjalan sampai ada permintaan untuk berhenti.",
                },
                happened: Text {
                    en: "no packet stops it: the flag is inside the program. Each request has a connection of its own, ended by the server's FIN.",
                    id: "tidak ada paket yang menghentikannya: penandanya ada di dalam program. Setiap request memakai koneksi sendiri, yang diakhiri FIN dari server.",
                },
                verdict: Judgement::Incomplete,
                at: "http-body-ends-with-fin",
            }],
            ..Variant::BARE
        },
        Variant {
            name: "post-unread",
            title: Text { en: "the request's body comes after the 404: RST", id: "body request tiba setelah 404: RST" },
            client: &[CONNECT, send(POST), AWAIT_END, send("nama=Budi"), Action::ok(Op::AwaitError), TO_END, CLOSE],
            server: &[LISTEN, ACCEPT, recv_all(POST), send(NOT_FOUND), UNTIL_ACKED, CLOSE, CLOSE_LISTENER],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] len=64 : http-request
                S>C [ACK]
                S>C [PSH,ACK] len=106 : http-response
                C>S [ACK]
                S>C [FIN,ACK] : fin-first
                ~C>S [ACK]
                C>S [PSH,ACK] 'nama=Budi' : half-close-data
                S>C [RST] : rst-after-close
            ",
                    ..Talk::SERVER_CLOSES_THEN_RESETS
                }],
                rules: &["half-close-begins"],
                ..Expectation::NONE
            },
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "The client gets the answer 404. Has anything gone wrong with TCP?",
            id: "Client mendapat jawaban 404. Apakah ada yang salah pada TCP?",
        },
        answer: Text {
            en: "No. The packets are those of the answer 200: to TCP a status line is payload.",
            id: "Tidak. Paketnya sama dengan jawaban 200: bagi TCP, baris status hanyalah payload.",
        },
    }),
};
