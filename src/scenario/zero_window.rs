use super::{
    ACCEPT, Action, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, Op, Payload, Question, Scenario,
    SocketOption, TO_END, Talk, Text, Variant, Why, recv_all, send,
};

const DATA: Payload = Payload::Filler(12_000);
const DONE: &str = "sudah terbaca";

/// A reader that is slower than the sender.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "zero-window",
    level: Level::Advanced,
    title: Text { en: "a window of zero", id: "window nol" },
    lesson: Text {
        en: "A slow reader closes the window; probes keep asking, and a window update opens it again.",
        id: "Pembaca yang lambat menutup window; probe terus bertanya, dan window update membukanya kembali.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the server does not read for 2.2 s", id: "server tidak membaca selama 2,2 detik" },
        client: &[CONNECT, Action::ok(Op::Send(DATA)), recv_all(DONE), CLOSE],
        server: &[
            LISTEN,
            // The accepted socket inherits it.
            Action::ok(Op::SetOption(SocketOption::ReceiveBuffer(8192))),
            ACCEPT,
            Action::ok(Op::Pause { ms: 2200, why: Why::SlowReader }),
            Action::ok(Op::RecvAll(DATA)),
            send(DONE),
            TO_END,
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [ACK] len=1448
                S>C [ACK] win=8688
                C>S [ACK] len=1448
                S>C [ACK] win=7240
                C>S [PSH,ACK] len=1448
                S>C [ACK] win=5792
                2 × C>S [ACK] len=1448
                C>S [PSH,ACK] len=1448
                C>S [ACK] len=1448
                # The ACK may take longer than the timer of the tail loss probe.
                (
                    S>C [ACK] win=0 sack=none : zero-window
                |
                    C>S [ACK] len=1448 : tail-loss-probe
                    S>C [ACK] win=0 sack=8689-10137 : zero-window spurious-dsack
                )
                C>S [ACK] : zero-window-probe
                S>C [ACK] win=0 : zero-window
                # Answers are rationed: one in 500 ms.
                C>S [ACK] : zero-window-probe
                ~S>C [ACK] win=0 : zero-window
                C>S [ACK] : zero-window-probe
                ~S>C [ACK] win=0 : zero-window
                S>C [ACK] win=2896 : window-update
                C>S [ACK] len=1448
                C>S [PSH,ACK] len=416
                ~S>C [ACK]
                ~S>C [ACK] : window-update
                S>C [PSH,ACK] 'sudah terbaca'
                C>S [ACK]
                ( X3(C) | X4(C) )
            ",
            ..Talk::CLIENT_CLOSES
        }]),
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "Why does the sender probe, when the receiver could just announce the new window?",
            id: "Mengapa pengirim harus melakukan probe, padahal penerima dapat mengumumkan window yang baru?",
        },
        answer: Text {
            en: "That announcement is a lone ACK, which nobody repeats when it is lost; without probes both ends would wait for ever.",
            id: "Pengumuman itu berupa ACK tunggal yang tidak diulang bila hilang; tanpa probe kedua ujung akan saling menunggu selamanya.",
        },
    }),
};
