use super::{
    ACCEPT, CLOSE, CLOSE_LISTENER, CONNECT, Expectation, LISTEN, Level, SHUTDOWN, Scenario, TO_END, Talk, Text,
    UNTIL_ACKED, Variant, recv_all, recv_message, send, send_message,
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
        expect: Expectation {
            talks: &[Talk {
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
                client: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT",
                server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
                end: "fin by client",
                ..Talk::ONCE
            }],
            ..Expectation::NONE
        },
        claims: &[],
    }],
    question: None,
};
