use super::{
    ACCEPT, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Question, SHUTDOWN, Scenario,
    TO_END, Talk, Text, UNTIL_ACKED, Variant, recv_all, recv_message, send, send_message,
};

/// The whole life of a connection: the demo to begin with.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "tcp",
    level: Level::Basic,
    title: Text {
        en: "the life of a TCP connection: handshake, chat, half-close, close",
        id: "riwayat sebuah koneksi TCP: handshake, percakapan, half-close, penutupan",
    },
    lesson: Text {
        en: "Each direction is opened, acknowledged and ended on its own: after the client's FIN the server may still \
             send.",
        id: "Tiap arah dibuka, diakui, dan diakhiri sendiri-sendiri: setelah FIN dari client, server masih dapat \
             mengirim data.",
    },
    variants: &[Variant {
        name: "default",
        title: Text { en: "the client ends its direction first", id: "client lebih dulu mengakhiri arah kirimnya" },
        client: &[
            CONNECT,
            send_message("halo"),
            recv_all("halo, ada yang bisa dibantu?"),
            send("kirim jadwal praktikum"),
            recv_all("baik, mohon tunggu"),
            // The FIN follows at once and acknowledges the reply, so that no lone ACK stands between them.
            SHUTDOWN,
            TO_END,
            CLOSE,
        ],
        server: &[
            LISTEN,
            ACCEPT,
            recv_message("halo"),
            send("halo, ada yang bisa dibantu?"),
            recv_all("kirim jadwal praktikum"),
            send("baik, mohon tunggu"),
            TO_END,
            UNTIL_ACKED,
            send("Senin: TCP, Rabu: UDP"),
            CLOSE,
            CLOSE_LISTENER,
        ],
        expect: Expectation::of(&[Talk {
            packets: "
                H
                C>S [PSH,ACK] 'halo'
                S>C [ACK]
                S>C [PSH,ACK] 'halo, ada yang bisa dibantu?'
                C>S [ACK]
                C>S [PSH,ACK] 'kirim jadwal praktikum'
                ~S>C [ACK]
                S>C [PSH,ACK] 'baik, mohon tunggu'
                ~C>S [ACK]
                C>S [FIN,ACK] : fin-first
                S>C [ACK] : half-close-begins
                S>C [PSH,ACK] 'Senin: TCP, Rabu: UDP' : half-close-data
                ~C>S [ACK]
                S>C [FIN,ACK] : fin-second
                C>S [ACK] : last-ack
            ",
            ..Talk::CLIENT_CLOSES_IN_FOUR
        }]),
        claims: &[
            Claim {
                says: Text {
                    en: "A socket connects programs on one machine or on several; the client has to know the server's \
                         address and port.",
                    id: "Socket menghubungkan program pada satu mesin atau lebih; client harus mengetahui alamat dan \
                         port server.",
                },
                happened: Text {
                    en: "the SYN already names both, and the server's port has to be known beforehand; the client's \
                         own was picked by its kernel.",
                    id: "SYN sudah menyebut keduanya, dan port server harus diketahui lebih dulu; port client \
                         dipilihkan oleh kernel-nya.",
                },
                verdict: Judgement::Right,
                at: "syn",
            },
            Claim {
                says: Text {
                    en: "The client sends a request, the server sends a response.",
                    id: "Client mengirim request, server mengirim response.",
                },
                happened: Text {
                    en: "three segments come before any request: the handshake, which the kernels carry out (RFC 9293 \
                         §3.5).",
                    id: "sebelum request apa pun ada tiga segmen lebih dulu: handshake, yang dikerjakan kernel kedua \
                         sisi (RFC 9293 §3.5).",
                },
                verdict: Judgement::Incomplete,
                at: "handshake-ack",
            },
            Claim {
                says: Text { en: "TCP is for secure transfer.", id: "TCP digunakan untuk transfer yang aman." },
                happened: Text {
                    en: "what arrives is complete and in order, but not secret: the text stands readable in the \
                         packet.",
                    id: "yang tiba memang lengkap dan berurutan, tetapi tidak rahasia: teksnya terbaca di dalam paket.",
                },
                verdict: Judgement::Incomplete,
                at: "data-psh",
            },
        ],
        ..Variant::BARE
    }],
    question: Some(Question {
        asks: Text {
            en: "The server still sends after the client's FIN. How many segments would closing take if it had \
                 nothing left to say?",
            id: "Server masih mengirim setelah FIN dari client. Berapa segmen yang diperlukan untuk penutupan \
                 seandainya server sudah tidak punya kiriman?",
        },
        answer: Text {
            en: "Three: its own FIN would carry the ACK of the client's FIN. Here that ACK had to travel alone, \
                 because the server's FIN came later.",
            id: "Tiga: FIN dari server sekaligus membawa ACK atas FIN dari client. Di sini ACK itu berjalan sendiri \
                 karena FIN dari server datang belakangan.",
        },
    }),
};
