use super::{
    ACCEPT, CLOSE, CLOSE_LISTENER, CONNECT, LISTEN, Level, SHUTDOWN, Scenario, TO_END, Text, UNTIL_ACKED, Variant,
    recv_all, recv_message, send, send_message,
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
    }],
};
