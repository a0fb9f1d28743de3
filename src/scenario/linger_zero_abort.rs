use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Payload, Question, Scenario,
    SocketOption, TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_message, send_message,
};

/// `SO_LINGER` with time 0.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "linger-zero-abort",
    level: Level::Advanced,
    title: Text { en: "aborting with SO_LINGER 0", id: "pembatalan koneksi dengan SO_LINGER 0" },
    lesson: Text {
        en: "SO_LINGER with time 0 turns close() into an abort: RST instead of FIN.",
        id: "SO_LINGER dengan waktu 0 mengubah close() menjadi pembatalan: RST, bukan FIN.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the client aborts", id: "client membatalkan koneksi" },
        // An ACK that came after the abort would be answered by a second RST.
        client: &[CONNECT, send_message("hai"), UNTIL_ACKED, Action::ok(Op::SetOption(SocketOption::Linger(0))), CLOSE],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("hai"),
            Action::fails(Op::Recv, Errno::ConnectionReset),
            TO_END,
            Action::fails(Op::Send(Payload::text("halo")), Errno::BrokenPipe),
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'hai'
                S>C [ACK]
                C>S [RST,ACK] seq=4 : rst-abort
            ",
            ..Talk::CLIENT_RESETS
        }]),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Many sockets wait in TIME-WAIT. Why is SO_LINGER 0 a bad cure?",
            id: "Banyak socket menunggu di TIME-WAIT. Mengapa SO_LINGER 0 bukan obat yang baik?",
        },
        answer: Text {
            en: "It throws away what was not sent yet, tells the peer of an error, and takes away the protection \
                 against late segments of the old connection.",
            id: "Data yang belum terkirim dibuang, lawan menerima galat, dan perlindungan terhadap segmen lama yang \
                 terlambat ikut hilang.",
        },
    }),
};
