use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Op, Question,
    Scenario, TO_END, Talk, Text, UNTIL_ACKED, Variant, Why, recv_all, recv_message, send, send_message,
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
        id: "Satu pesan pendek menjadi satu segmen PSH,ACK; setelah percakapan berjalan, balasan sekaligus membawa \
             ACK.",
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
            expect: Expectation::of(&[Talk {
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
                ..Talk::CLIENT_CLOSES
            }]),
            claims: &[
                Claim {
                    says: Text {
                        en: "The client uses PSH so that its request is answered at once.",
                        id: "Client memakai PSH supaya request-nya segera direspons.",
                    },
                    happened: Text {
                        en: "the program never chose the flag: the kernel sets it, usually on the last segment of a \
                             write, and it obliges nobody to reply (RFC 9293 §3.9.1.2).",
                        id: "program tidak pernah memilih flag itu: kernel memasangnya, biasanya pada segmen \
                             terakhir dari sebuah penulisan, dan flag itu tidak mewajibkan siapa pun membalas (RFC \
                             9293 §3.9.1.2).",
                    },
                    verdict: Judgement::Wrong,
                    at: "data-psh",
                },
                Claim {
                    says: Text {
                        en: "PSH makes the data available to the application.",
                        id: "PSH membuat data tersedia bagi aplikasi.",
                    },
                    happened: Text {
                        en: "bytes that have arrived in order can be read without it as well; PSH asks that they not \
                             be held back.",
                        id: "byte yang sudah tiba berurutan dapat dibaca juga tanpa PSH; flag ini meminta agar data \
                             tidak ditahan-tahan.",
                    },
                    verdict: Judgement::Incomplete,
                    at: "data-psh",
                },
                Claim {
                    says: Text {
                        en: "ACK confirms that the data was received correctly.",
                        id: "ACK menegaskan bahwa data diterima dengan benar.",
                    },
                    happened: Text {
                        en: "the peer's TCP has it; whether its program has read it, no ACK says (RFC 9293 §3.4).",
                        id: "yang sudah menerimanya adalah TCP lawan; apakah programnya sudah membaca, tidak \
                             dinyatakan oleh ACK mana pun (RFC 9293 §3.4).",
                    },
                    verdict: Judgement::Incomplete,
                    at: "pure-ack",
                },
            ],
            ..Variant::BARE
        },
        Variant {
            name: "think",
            title: Text {
                en: "the server thinks for 100 ms: TCP acknowledges before the program has answered",
                id: "server baru menjawab setelah 100 ms: TCP mengakui data sebelum program menjawab",
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
            expect: Expectation::of(&[Talk {
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
                ..Talk::CLIENT_CLOSES
            }]),
            claims: &[Claim {
                says: Text {
                    en: "ACK confirms that the data was received correctly.",
                    id: "ACK menegaskan bahwa data diterima dengan benar.",
                },
                happened: Text {
                    en: "it comes while the program is still working on its answer: TCP acknowledges what the \
                         application has not dealt with yet.",
                    id: "ACK datang ketika program masih menyiapkan jawabannya: TCP mengakui data yang belum selesai \
                         diolah aplikasi.",
                },
                verdict: Judgement::Incomplete,
                at: "pure-ack",
            }],
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "Which line of the two programs sets the PSH flag?",
            id: "Baris mana dari kedua program yang memasang flag PSH?",
        },
        answer: Text {
            en: "None. The kernel sets it, usually on the last segment of what one send() handed over.",
            id: "Tidak ada. Kernel yang memasangnya, biasanya pada segmen terakhir dari data yang diserahkan satu \
                 send().",
        },
    }),
};
