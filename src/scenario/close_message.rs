use super::{
    ACCEPT, AWAIT_END, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Errno, Expectation, Judgement, LISTEN,
    LISTEN_FOR_MANY, Level, Op, Payload, Question, Scenario, SocketOption, TO_END, Talk, Text, Times, UNTIL_ACKED,
    Variant, each_client, handle, recv_all, recv_message, send, send_message,
};

/// What some course texts call closing: one program sends the word "close".
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-message",
    level: Level::Basic,
    title: Text { en: "the message \"close\" closes nothing", id: "pesan \"close\" tidak menutup apa pun" },
    lesson: Text {
        en: "The word \"close\" is payload like any other; a FIN comes only from shutdown(), close() or the end of \
             the program.",
        id: "Kata \"close\" adalah payload biasa; FIN hanya muncul dari shutdown(), close(), atau berakhirnya program.",
    },
    variants: &[SERVER_CLOSES, BOTH_CLOSE, SAY_ONLY, SEND_AFTER, IDLE_TIMEOUT],
    question: Some(Question {
        asks: Text {
            en: "Where the server closes first: between which two packets is the connection half-closed, and what \
                 would become of data that the client sends then?",
            id: "Pada varian ketika server menutup lebih dulu: di antara dua paket mana koneksi itu half-closed, dan \
                 apa yang terjadi pada data yang dikirim client pada saat itu?",
        },
        answer: Text {
            en: "Between the server's FIN and the client's. TCP lets the client send, but the server called close(), \
                 so the data would be answered with RST.",
            id: "Di antara FIN dari server dan FIN dari client. TCP membolehkan client mengirim, tetapi server sudah \
                 memanggil close(), sehingga data itu akan dibalas RST.",
        },
    }),
};

const HELLO: &str = "halo";
const ANSWER: &str = "halo juga";
const BYE: &str = "close";
const ONCE_MORE: &str = "apakah sampai?";

const SERVER_CLOSES: Variant = Variant {
    name: "server-closes",
    title: Text {
        en: "the client says \"close\", the server closes its socket",
        id: "client mengirim \"close\", server menutup socket-nya",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), send(BYE), TO_END, UNTIL_ACKED, CLOSE],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), CLOSE, CLOSE_LISTENER],
    expect: Expectation::of(&[Talk {
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                X4(S)
            ",
        ..Talk::SERVER_CLOSES_IN_FOUR
    }]),
    claims: &[
        Claim {
            says: Text {
                en: "A client that has sent the text \"close\" has stopped sending.",
                id: "Client yang sudah mengirim teks \"close\" telah berhenti mengirim.",
            },
            happened: Text {
                en: "the text is 5 bytes of payload like any other; both ends stay ESTABLISHED, and the client may go \
                     on sending.",
                id: "teks itu payload 5 byte seperti yang lain; kedua sisi tetap ESTABLISHED, dan client masih boleh \
                     mengirim.",
            },
            verdict: Judgement::Wrong,
            at: "app-close-message",
        },
        Claim {
            says: Text {
                en: "After close() the server sends no more.",
                id: "Setelah close(), server tidak mengirim apa-apa lagi.",
            },
            happened: Text { en: "its FIN says just that.", id: "itulah yang dinyatakan FIN-nya." },
            verdict: Judgement::Right,
            at: "fin-first",
        },
        Claim {
            says: Text {
                en: "Saying \"close\" and then closing the socket, as this program does, is half-closed.",
                id: "Mengirim \"close\" lalu menutup socket, seperti pada program ini, disebut half-closed.",
            },
            happened: Text {
                en: "close() ends both directions for the program that calls it; a half-close is made with \
                     shutdown(SHUT_WR) (RFC 9293 §3.6.1).",
                id: "close() mengakhiri kedua arah bagi program yang memanggilnya; half-close dibuat dengan \
                     shutdown(SHUT_WR) (RFC 9293 §3.6.1).",
            },
            verdict: Judgement::Wrong,
            at: "fin-first",
        },
        Claim {
            says: Text {
                en: "The half-close happens when the server receives \"close\".",
                id: "Half-close terjadi ketika server menerima \"close\".",
            },
            happened: Text {
                en: "nothing happened to the connection then; only the FIN ended a direction, and only its ACK \
                     settled that.",
                id: "saat itu tidak ada yang berubah pada koneksi; baru FIN yang mengakhiri satu arah, dan baru \
                     ACK-nya yang memastikan hal itu.",
            },
            verdict: Judgement::Wrong,
            at: "half-close-begins",
        },
        Claim {
            says: Text {
                en: "The connection is open until both sides have said \"close\".",
                id: "Koneksi tetap terbuka sampai kedua sisi mengirim \"close\".",
            },
            happened: Text {
                en: "the server never said it. The connection is over when both FINs are acknowledged, and who closed \
                     first then waits in TIME-WAIT.",
                id: "server tidak pernah mengirimnya. Koneksi berakhir ketika kedua FIN sudah diakui, lalu pihak yang \
                     menutup lebih dulu menunggu di TIME-WAIT.",
            },
            verdict: Judgement::Wrong,
            at: "last-ack",
        },
    ],
    ..Variant::BARE
};

const BOTH_CLOSE: Variant = Variant {
    name: "both-close",
    title: Text {
        en: "the client says \"close\" and closes at once, the server closes later",
        id: "client mengirim \"close\" dan langsung menutup, server menutup belakangan",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), send(BYE), CLOSE],
    server: &[
        LISTEN,
        ACCEPT,
        recv_message(HELLO),
        send(ANSWER),
        recv_all(BYE),
        AWAIT_END,
        UNTIL_ACKED,
        CLOSE,
        CLOSE_LISTENER,
    ],
    expect: Expectation::of(&[Talk {
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                C>S [FIN,ACK] : fin-first
                # The ACK may take longer than the timer of the tail loss probe.
                (
                    S>C [ACK] sack=none : half-close-begins
                |
                    C>S [FIN,ACK] : tail-loss-probe
                    S>C [ACK] sack=10-11 : half-close-begins spurious-dsack
                )
                S>C [FIN,ACK] : fin-second
                C>S [ACK] : last-ack
            ",
        ..Talk::CLIENT_CLOSES_IN_FOUR
    }]),
    claims: &[Claim {
        says: Text {
            en: "In a half-closed connection one side has stopped sending while the other can still receive.",
            id: "Pada koneksi half-closed, satu sisi berhenti mengirim sedangkan sisi lainnya masih dapat menerima.",
        },
        happened: Text {
            en: "the side that sent the FIN may still receive, and the other one may still send (RFC 9293 §3.6.1). \
                 Here not even that would help: after close() the client reads nothing more.",
            id: "justru pengirim FIN-lah yang masih boleh menerima, dan sisi lainnya masih boleh mengirim (RFC 9293 \
                 §3.6.1). Di sini itu pun tidak berguna: setelah close(), client tidak membaca apa-apa lagi.",
        },
        verdict: Judgement::Reversed,
        at: "half-close-begins",
    }],
    ..Variant::BARE
};

const SAY_ONLY: Variant = Variant {
    name: "say-only",
    title: Text {
        en: "the server says \"close\" but keeps its socket: both go on talking",
        id: "server mengirim \"close\" tetapi tidak menutup socket: keduanya tetap berkomunikasi",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(BYE), send("masih di sana?"), recv_all("masih")],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(BYE), recv_all("masih di sana?"), send("masih")],
    expect: Expectation::of(&[Talk {
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'close' : app-close-message
                C>S [ACK]
                C>S [PSH,ACK] 'masih di sana?'
                ~S>C [ACK]
                S>C [PSH,ACK] 'masih'
                C>S [ACK]
            ",
        ..Talk::OPEN
    }]),
    claims: &[
        Claim {
            says: Text {
                en: "Who has sent the text \"close\" has stopped sending.",
                id: "Pihak yang sudah mengirim teks \"close\" telah berhenti mengirim.",
            },
            happened: Text {
                en: "the server sends again after it, and no FIN follows: a word in the payload closes nothing.",
                id: "server masih mengirim lagi sesudahnya dan tidak ada FIN: sebuah kata di payload tidak menutup \
                     apa pun.",
            },
            verdict: Judgement::Wrong,
            at: "app-close-message",
        },
        Claim {
            says: Text { en: "It can still receive responses.", id: "Ia masih dapat menerima response." },
            happened: Text {
                en: "and nothing special: both directions are open as before.",
                id: "dan itu tidak istimewa: kedua arah tetap terbuka seperti sebelumnya.",
            },
            verdict: Judgement::Right,
            at: "app-close-message",
        },
    ],
    ..Variant::BARE
};

const SEND_AFTER: Variant = Variant {
    name: "send-after",
    title: Text {
        en: "the client sends once more after the server closed",
        id: "client mengirim sekali lagi setelah server menutup socket",
    },
    client: &[
        CONNECT,
        send_message(HELLO),
        recv_all(ANSWER),
        send(BYE),
        TO_END,
        // The server's FIN is acknowledged first; only then nothing is left there but the entry that answers with RST.
        UNTIL_ACKED,
        send(ONCE_MORE),
        Action::ok(Op::AwaitError),
        Action::fails(Op::Send(Payload::text(ONCE_MORE)), Errno::BrokenPipe),
        CLOSE,
    ],
    server: &[LISTEN, ACCEPT, recv_message(HELLO), send(ANSWER), recv_all(BYE), CLOSE, CLOSE_LISTENER],
    expect: Expectation::of(&[Talk {
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                C>S [PSH,ACK] 'close' : app-close-message
                ~S>C [ACK]
                S>C [FIN,ACK] : fin-first
                C>S [ACK] : half-close-begins
                C>S [PSH,ACK] 'apakah sampai?' : half-close-data
                S>C [RST] : rst-after-close
            ",
        ..Talk::SERVER_CLOSES_THEN_RESETS
    }]),
    claims: &[Claim {
        says: Text {
            en: "After close() the server can still receive from the client.",
            id: "Setelah close(), server masih dapat menerima dari client.",
        },
        happened: Text {
            en: "the next data from the client is answered with RST and reaches no program (RFC 9293 §3.6.1).",
            id: "data berikutnya dari client dibalas RST dan tidak sampai ke program mana pun (RFC 9293 §3.6.1).",
        },
        verdict: Judgement::Wrong,
        at: "rst-after-close",
    }],
    ..Variant::BARE
};

/// A task per connection, as in the course: it answers, would obey "close", and hangs up after 5 s of silence.
const IDLE_TIMEOUT: Variant = Variant {
    name: "idle-timeout",
    title: Text {
        en: "nobody says \"close\": the server hangs up after 5 s of silence",
        id: "tidak ada yang mengirim \"close\": server menutup koneksi setelah 5 detik tanpa data",
    },
    client: &[CONNECT, send_message(HELLO), recv_all(ANSWER), TO_END, UNTIL_ACKED, CLOSE],
    server: &[
        LISTEN_FOR_MANY,
        each_client(
            1,
            actions![
                ACCEPT,
                handle(actions![
                    Action::ok(Op::SetOption(SocketOption::ReceiveTimeout(5000))),
                    recv_message(HELLO),
                    send(ANSWER),
                    Action::fails(Op::Recv, Errno::Again),
                    CLOSE,
                ])
            ],
        ),
        CLOSE_LISTENER,
    ],
    expect: Expectation::of(&[Talk {
        times: Times::PerClient,
        packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo juga'
                C>S [ACK]
                X4(S)
            ",
        ..Talk::SERVER_CLOSES_IN_FOUR
    }]),
    ..Variant::BARE
};
