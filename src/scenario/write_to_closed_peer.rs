use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Payload, Question, Scenario,
    TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_message, send, send_message,
};

/// What distinguishes `close()` from a half-close.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "write-to-closed-peer",
    level: Level::Basic,
    title: Text { en: "writing to a peer that has closed", id: "menulis ke lawan yang sudah menutup socket" },
    lesson: Text {
        en: "close() is no half-close: the first write after it seems to succeed and is answered by RST, the second \
             fails.",
        id: "close() bukan half-close: penulisan pertama tampak berhasil lalu dibalas RST, penulisan kedua gagal.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the server answers too late", id: "server terlambat menjawab" },
        client: &[CONNECT, send_message("laporan"), UNTIL_ACKED, CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("laporan"),
            TO_END,
            UNTIL_ACKED,
            send("diterima"),
            Action::ok(Op::AwaitError),
            Action::fails(Op::Send(Payload::text("diterima")), Errno::BrokenPipe),
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'laporan'
                S>C [ACK]
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
                S>C [PSH,ACK] 'diterima' : half-close-data
                C>S [RST] : rst-after-close
            ",
            ..Talk::CLIENT_CLOSES_THEN_RESETS
        }]),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "The first send() after the client's close() succeeded. Why did it not fail?",
            id: "send() pertama setelah close() dari client berhasil. Mengapa tidak gagal?",
        },
        answer: Text {
            en: "send() only copies the bytes into the socket's buffer. What the network makes of them is known \
                 later, and reported by a later call.",
            id: "send() hanya menyalin byte ke buffer socket. Nasibnya di jaringan baru diketahui kemudian dan \
                 dilaporkan oleh pemanggilan berikutnya.",
        },
    }),
};
