use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, SHUTDOWN, Scenario, TO_END, Talk,
    Text, Variant, recv_all, send,
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
            server: &[LISTEN, ACCEPT, recv_all(GET), send(OK), send("Halo, Budi!\n"), SHUTDOWN, CLOSE, CLOSE_LISTENER],
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
                    client: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
                    server: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
                    end: "fin by server",
                    ..Talk::ONCE
                }],
                rules: &["http-body-ends-with-fin"],
                ..Expectation::NONE
            },
            claims: &[],
        },
        Variant {
            name: "not-found",
            title: Text { en: "404: headers only, FIN", id: "404: hanya header, FIN" },
            client: &[CONNECT, send(GET_MISSING), TO_END, CLOSE],
            server: &[LISTEN, ACCEPT, recv_all(GET_MISSING), send(NOT_FOUND), SHUTDOWN, CLOSE, CLOSE_LISTENER],
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
                    client: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
                    server: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
                    end: "fin by server",
                    ..Talk::ONCE
                }],
                rules: &["http-body-ends-with-fin"],
                ..Expectation::NONE
            },
            claims: &[],
        },
        Variant {
            name: "post-unread",
            title: Text { en: "the request's body comes after the 404: RST", id: "body request tiba setelah 404: RST" },
            client: &[
                CONNECT,
                send(POST),
                Action::ok(Op::AwaitEnd),
                send("nama=Budi"),
                Action::ok(Op::AwaitError),
                TO_END,
                CLOSE,
            ],
            server: &[LISTEN, ACCEPT, recv_all(POST), send(NOT_FOUND), CLOSE, CLOSE_LISTENER],
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
                    client: "open → CLOSE-WAIT → CLOSED",
                    server: "open → FIN-WAIT-1 → FIN-WAIT-2 → CLOSED",
                    end: "rst by server",
                    ..Talk::ONCE
                }],
                rules: &["half-close-begins"],
                ..Expectation::NONE
            },
            claims: &[],
        },
    ],
    question: None,
};
