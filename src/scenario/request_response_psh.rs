use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Scenario, TO_END, Talk, Text,
    UNTIL_ACKED, Variant, Why, recv_all, recv_message, send, send_message,
};

const FIRST: &str = "apa kabar";
const FIRST_ANSWER: &str = "baik, terima kasih ya";
const SECOND: &str = "kapan uas";
const SECOND_ANSWER: &str = "Senin pukul 08.00 WIB";

const CLIENT: &[Action] =
    &[CONNECT, send_message(FIRST), recv_all(FIRST_ANSWER), send(SECOND), recv_all(SECOND_ANSWER), UNTIL_ACKED, CLOSE];

/// As long as the catalogue says: far more than a delayed ACK.
const THINK: Action = Action::ok(Op::Pause { ms: 100, why: Why::Think });

/// Short requests and replies, and where their ACKs travel.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "request-response-psh",
    level: Level::Basic,
    title: Text { en: "request and response with PSH", id: "request dan response dengan PSH" },
    lesson: Text {
        en: "A short message is one PSH,ACK segment; once the exchange is under way the reply carries the ACK.",
        id: "Satu pesan pendek menjadi satu segmen PSH,ACK; setelah percakapan berjalan, balasan sekaligus membawa ACK.",
    },
    variants: &[
        Variant {
            name: "at-once",
            title: Text { en: "the server answers at once", id: "server langsung menjawab" },
            client: CLIENT,
            server: &[
                LISTEN,
                ACCEPT,
                recv_message(FIRST),
                send(FIRST_ANSWER),
                recv_all(SECOND),
                send(SECOND_ANSWER),
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] 'apa kabar' : data-psh
                S>C [ACK]
                S>C [PSH,ACK] 'baik, terima kasih ya' : data-psh
                C>S [ACK]
                C>S [PSH,ACK] 'kapan uas' : data-psh
                ~S>C [ACK]   # usually the answer carries it
                S>C [PSH,ACK] 'Senin pukul 08.00 WIB' : data-psh
                C>S [ACK]
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
        },
        Variant {
            name: "think",
            title: Text {
                en: "the server thinks for 100 ms: TCP acknowledges before the program has answered",
                id: "server berpikir 100 ms: TCP mengakui data sebelum program menjawab",
            },
            client: CLIENT,
            server: &[
                LISTEN,
                ACCEPT,
                recv_message(FIRST),
                THINK,
                send(FIRST_ANSWER),
                recv_all(SECOND),
                THINK,
                send(SECOND_ANSWER),
                TO_END,
                CLOSE,
                CLOSE_LISTENER,
            ],
            expect: Expectation {
                talks: &[Talk {
                    packets: "
                H
                C>S [PSH,ACK] 'apa kabar' : data-psh
                S>C [ACK]   # before the program has answered
                S>C [PSH,ACK] 'baik, terima kasih ya' : data-psh
                C>S [ACK]
                C>S [PSH,ACK] 'kapan uas' : data-psh
                S>C [ACK]   # again
                S>C [PSH,ACK] 'Senin pukul 08.00 WIB' : data-psh
                C>S [ACK]
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
        },
    ],
    question: None,
};
