use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Errno, Expectation, LISTEN, Level, Op, Question, Scenario, Talk,
    Text, Variant, recv_all, send, send_message,
};

/// `close()` with bytes left in the receive buffer.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "close-unread-data",
    level: Level::Basic,
    title: Text { en: "closing with unread data", id: "menutup socket saat masih ada data belum terbaca" },
    lesson: Text {
        en: "A socket that is closed with unread bytes in its buffer sends RST and no FIN.",
        id: "Socket yang ditutup ketika buffer-nya masih berisi byte yang belum dibaca mengirim RST, bukan FIN.",
    },
    variants: &[Variant {
        name: "default",
        title: Text {
            en: "the server answers without reading the request",
            id: "server menjawab tanpa membaca request",
        },
        client: &[
            CONNECT,
            send_message("hai"),
            // Linux delivers what had arrived before the RST, and only then the error.
            Action::ok(Op::AwaitError),
            recv_all("sibuk!"),
            Action::fails(Op::Recv, Errno::ConnectionReset),
            CLOSE,
        ],
        server: &[LISTEN, ACCEPT, Action::ok(Op::AwaitData), send("sibuk!"), CLOSE, CLOSE_LISTENER],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'hai'
                S>C [ACK]
                S>C [PSH,ACK] 'sibuk!'
                C>S [ACK]
                S>C [RST,ACK] seq=7 : connection-aborted
            ",
            ..Talk::SERVER_RESETS
        }]),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Why would a FIN be a lie here, and the RST is not?",
            id: "Mengapa FIN akan menyesatkan di sini, sedangkan RST tidak?",
        },
        answer: Text {
            en: "A FIN would let the peer believe that everything it sent was taken. Here the request was thrown \
                 away unread, and only the RST says so.",
            id: "FIN akan memberi kesan bahwa semua kiriman lawan sudah diambil. Padahal request-nya dibuang tanpa \
                 dibaca, dan hanya RST yang menyatakannya.",
        },
    }),
};
