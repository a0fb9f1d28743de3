use super::{
    ACCEPT, CLOSE, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Question, Scenario, Talk, Text, UNTIL_ACKED,
    Variant, recv_message, send_message,
};

/// A handler that returns without `close()`.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-wait-leak",
    level: Level::Basic,
    title: Text { en: "a server that forgets to close", id: "server yang lupa menutup socket" },
    lesson: Text {
        en: "In CLOSE-WAIT the peer is done and the own program has yet to close; if it forgets to, nothing ends the \
             state.",
        id: "Dalam CLOSE-WAIT lawan sudah selesai dan program sendiri belum menutup; bila ia lupa menutup, status \
             ini tidak berakhir.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the handler returns without close()", id: "handler selesai tanpa memanggil close()" },
        client: &[CONNECT, send_message("exit"), UNTIL_ACKED, CLOSE],
        // Nothing follows: the socket stays open until the capture has ended.
        server: &[LISTEN, ACCEPT, recv_message("exit")],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'exit'
                S>C [ACK]
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
            ",
            client: "open → FIN-WAIT-1 → FIN-WAIT-2",
            server: "open → CLOSE-WAIT",
            end: "none by client",
            ..Talk::ONCE
        }]),
        claims: &[Claim {
            says: Text {
                en: "Connections have to be closed explicitly.",
                id: "Koneksi harus ditutup secara eksplisit.",
            },
            happened: Text {
                en: "and this server does not: its kernel acknowledged the FIN, and its own FIN never comes.",
                id: "dan server ini tidak melakukannya: kernel-nya mengakui FIN dari client, tetapi FIN dari server \
                     tidak pernah datang.",
            },
            verdict: Judgement::Right,
            at: "half-close-begins",
        }],
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "`ss` lists hundreds of sockets in CLOSE-WAIT. On which machine is the faulty program?",
            id: "`ss` menampilkan ratusan socket dalam CLOSE-WAIT. Di mesin mana program yang salah itu?",
        },
        answer: Text {
            en: "On the one where `ss` lists them: its peers have closed, and its own program has not called close().",
            id: "Di mesin tempat `ss` menampilkannya: lawan-lawannya sudah menutup, sedangkan programnya sendiri \
                 belum memanggil close().",
        },
    }),
};
