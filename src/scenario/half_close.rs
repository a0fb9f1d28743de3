use super::{
    ACCEPT, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Question, SHUTDOWN, Scenario,
    TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_message, send, send_message,
};

/// `shutdown(SHUT_WR)` and data that flows the other way afterwards.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "half-close",
    level: Level::Basic,
    title: Text { en: "one direction ends, the other goes on", id: "satu arah berakhir, arah lain berlanjut" },
    lesson: Text {
        en: "shutdown(SHUT_WR) ends one direction only: after the FIN, data still flows the other way.",
        id: "shutdown(SHUT_WR) hanya mengakhiri satu arah: setelah FIN, data tetap mengalir ke arah sebaliknya.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "three answers after the client's FIN", id: "tiga jawaban setelah FIN dari client" },
        client: &[CONNECT, send_message("laporan"), UNTIL_ACKED, SHUTDOWN, TO_END, CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("laporan"),
            TO_END,
            send("bab 1"),
            UNTIL_ACKED,
            send("bab 2"),
            UNTIL_ACKED,
            send("bab 3"),
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation {
            talks: &[Talk {
                packets: "
                H
                C>S [PSH,ACK] 'laporan'
                S>C [ACK]
                C>S [FIN,ACK] : fin-first
                ~S>C [ACK]   # missing when the first answer is ready at once and carries it
                S>C [PSH,ACK] 'bab 1' : half-close-data
                C>S [ACK]
                S>C [PSH,ACK] 'bab 2' : half-close-data
                C>S [ACK]
                S>C [PSH,ACK] 'bab 3' : half-close-data
                C>S [ACK]
                S>C [FIN,ACK] : fin-second
                C>S [ACK] : last-ack
            ",
                ..Talk::CLIENT_CLOSES_IN_FOUR
            }],
            rules: &["half-close-begins"],
            ..Expectation::NONE
        },
        claims: &[Claim {
            says: Text {
                en: "In a half-closed connection one side has stopped sending while the other can still receive.",
                id: "Pada koneksi half-closed, satu sisi berhenti mengirim sedangkan sisi lainnya masih dapat \
                     menerima.",
            },
            happened: Text {
                en: "the side that stopped sending is the one that still receives, and the other one still sends (RFC \
                     9293 §3.6.1).",
                id: "justru sisi yang berhenti mengirim itulah yang masih menerima, dan sisi lainnya masih mengirim \
                     (RFC 9293 §3.6.1).",
            },
            verdict: Judgement::Reversed,
            at: "half-close-begins",
        }],
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "After the client's FIN the server acknowledges one number more than there were bytes. Why?",
            id: "Setelah FIN dari client, nomor yang diakui server lebih besar satu daripada jumlah byte. Mengapa?",
        },
        answer: Text {
            en: "A FIN takes up one sequence number, so that it can be acknowledged and sent again like data.",
            id: "FIN memakai satu nomor urut sehingga dapat diakui dan dikirim ulang seperti data.",
        },
    }),
};
