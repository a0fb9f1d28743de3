use super::{Action, CLOSE, Errno, Expectation, Level, Op, Port, Question, Scenario, Talk, Text, Transport, Variant};

const REFUSAL: Expectation = Expectation::of(&[Talk {
    packets: "
                C>S [SYN] : syn
                S>C [RST,ACK] seq=1 ack=1 win=0 : rst-refused
            ",
    client: "SYN-SENT → CLOSED",
    end: "refused by server",
    ..Talk::ONCE
}]);

const REFUSED: &[Action] = &[Action::fails(Op::Connect, Errno::ConnectionRefused), CLOSE];

/// A SYN to a port where nobody listens.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "connection-refused",
    level: Level::Basic,
    title: Text { en: "connection refused", id: "koneksi ditolak" },
    lesson: Text {
        en: "Where nobody listens, it is the kernel and no program that answers the SYN with RST.",
        id: "Bila tidak ada yang melakukan listen, kernel, bukan program, yang membalas SYN dengan RST.",
    },
    variants: &[
        Variant {
            name: "no-server",
            title: Text { en: "no program has the port", id: "tidak ada program yang memakai port itu" },
            client: REFUSED,
            server: &[],
            expect: REFUSAL,
            ..Variant::BARE
        },
        Variant {
            name: "bound-only",
            title: Text {
                en: "a program has bound the port but does not listen",
                id: "ada program yang melakukan bind pada port itu, tetapi tanpa listen",
            },
            client: REFUSED,
            server: &[Action::ok(Op::Bind { transport: Transport::Tcp, port: Port::Server })],
            expect: REFUSAL,
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "\"Connection refused\" and a time-out: what does each of them tell about the host and the port?",
            id: "\"Connection refused\" dan timeout: apa yang diketahui dari masing-masing tentang host dan port-nya?",
        },
        answer: Text {
            en: "Refused: an answer came, as a rule from the host, where nobody listens on the port; a firewall that \
                 rejects gives the same. A time-out: nothing came back, be it a filter, a wrong address or a queue \
                 that is full.",
            id: "Refused: ada jawaban, biasanya dari host itu sendiri karena tidak ada yang listen pada port-nya; \
                 firewall yang menolak memberi jawaban yang sama. Timeout: tidak ada balasan sama sekali, entah \
                 karena filter, alamat yang keliru, atau antrean yang penuh.",
        },
    }),
};
