//! The states of RFC 9293.

use super::{Term, TermKind};
use crate::language::Text;

/// The eleven states in the order of RFC 9293, and the sign for an unknown one.
pub(super) const STATES: &[Term] = &[
    Term {
        name: "CLOSED",
        kind: TermKind::State,
        title: Text { en: "No connection", id: "Tidak ada koneksi" },
        text: Text {
            en: "There is no connection and no memory of one: before the first SYN, after the last ACK, after a RST. \
                 Segments that come for it are answered with RST, unless they are RSTs themselves. In an ordinary \
                 close only the end that did not close first gets here straight away; the other waits in TIME-WAIT.",
            id: "Tidak ada koneksi dan tidak ada ingatan tentangnya: sebelum SYN pertama, setelah ACK terakhir, \
                 setelah RST. Segmen yang datang untuknya dibalas RST, kecuali bila segmen itu sendiri RST. Pada \
                 penutupan biasa hanya ujung yang tidak menutup lebih dahulu yang langsung sampai di sini; ujung \
                 yang lain menunggu di TIME-WAIT.",
        },
        sources: &["RFC 9293 §3.3.2"],
    },
    Term {
        name: "LISTEN",
        kind: TermKind::State,
        title: Text { en: "Waiting for clients", id: "Menunggu client" },
        text: Text {
            en: "A socket on which listen() was called waits for SYNs. It belongs to no particular client: each \
                 connection gets a socket of its own, and the listener stays. No packet shows this state, so a \
                 capture alone can only infer it.",
            id: "Socket yang sudah memanggil listen() menunggu SYN. Socket ini bukan milik client tertentu: tiap \
                 koneksi mendapat socket sendiri, dan listener tetap ada. Tidak ada paket yang menunjukkan status \
                 ini, jadi dari capture saja ia hanya dapat disimpulkan.",
        },
        sources: &["RFC 9293 §3.3.2"],
    },
    Term {
        name: "SYN-SENT",
        kind: TermKind::State,
        title: Text { en: "SYN sent, waiting for the answer", id: "SYN terkirim, menunggu jawaban" },
        text: Text {
            en: "The program has called connect(), and the SYN is on its way. A SYN-ACK leads to ESTABLISHED, a RST \
                 to CLOSED (\"Connection refused\"). An end that stays here gets no answer: a filter, a wrong \
                 address, or a full queue at the listener.",
            id: "Program sudah memanggil connect() dan SYN sedang dalam perjalanan. SYN-ACK membawanya ke \
                 ESTABLISHED, RST ke CLOSED (\"Connection refused\"). Ujung yang bertahan di sini tidak mendapat \
                 jawaban: filter, alamat salah, atau antrean listener penuh.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.5"],
    },
    Term {
        name: "SYN-RECEIVED",
        kind: TermKind::State,
        title: Text { en: "SYN answered, waiting for the ACK", id: "SYN sudah dijawab, menunggu ACK" },
        text: Text {
            en: "The kernel of the server has answered the SYN and waits for the third packet of the handshake. The \
                 server's program knows nothing of it yet: accept() returns only afterwards. On Linux there is not \
                 even a socket at this time, only an entry that waits.",
            id: "Kernel server sudah menjawab SYN dan menunggu paket ketiga handshake. Program server belum tahu \
                 apa-apa: accept() baru kembali sesudahnya. Di Linux saat ini bahkan belum ada socket, hanya catatan \
                 permintaan yang menunggu.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.5"],
    },
    Term {
        name: "ESTABLISHED",
        kind: TermKind::State,
        title: Text { en: "Open", id: "Terbuka" },
        text: Text {
            en: "The handshake is done, and data may flow in both directions at any time; that an end can receive \
                 while it sends is nothing special. It needs no packets to last. The server's program may still not \
                 have called accept(), and a word such as \"close\" in the data does not change this state.",
            id: "Handshake selesai dan data boleh mengalir di kedua arah kapan saja; menerima sambil mengirim \
                 adalah hal biasa. Status ini bertahan tanpa paket apa pun. Program server mungkin saja belum \
                 memanggil accept(), dan kata seperti \"close\" di dalam data tidak mengubah status ini.",
        },
        sources: &["RFC 9293 §3.3.2"],
    },
    Term {
        name: "FIN-WAIT-1",
        kind: TermKind::State,
        title: Text { en: "FIN sent, not yet acknowledged", id: "FIN terkirim, belum diakui" },
        text: Text {
            en: "This end closed first: its program called close() or shutdown(SHUT_WR) or ended, and the FIN waits \
                 for its ACK. Usually it lasts for a round trip or a delayed ACK. The other direction is untouched.",
            id: "Ujung ini menutup lebih dahulu: programnya memanggil close() atau shutdown(SHUT_WR) atau berakhir, \
                 dan FIN menunggu ACK. Biasanya hanya selama satu pulang-pergi atau satu delayed ACK. Arah \
                 sebaliknya belum tersentuh.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6"],
    },
    Term {
        name: "FIN-WAIT-2",
        kind: TermKind::State,
        title: Text {
            en: "Own direction closed, waiting for the peer's FIN",
            id: "Arah sendiri tertutup, menunggu FIN lawan",
        },
        text: Text {
            en: "The own FIN is acknowledged, and the peer may still send: this is the half-closed connection seen \
                 from the end that stopped sending. After shutdown(SHUT_WR) this end reads on for as long as it \
                 likes; after close() nobody reads, data is answered with RST, and Linux gives up after 60 s.",
            id: "FIN sendiri sudah diakui dan lawan masih boleh mengirim: inilah koneksi half-closed dilihat dari \
                 ujung yang berhenti mengirim. Setelah shutdown(SHUT_WR), ujung ini terus membaca selama diperlukan; \
                 setelah close() tidak ada yang membaca, data dibalas RST, dan Linux menyerah setelah 60 detik.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6.1"],
    },
    Term {
        name: "CLOSE-WAIT",
        kind: TermKind::State,
        title: Text { en: "The peer has closed, this end has not", id: "Lawan sudah menutup, ujung ini belum" },
        text: Text {
            en: "The peer's FIN has come: read() returns 0 once the data is read. This end may still send, and stays \
                 here until its own program closes; no timer ends it. Many connections that stay in CLOSE-WAIT \
                 usually mean that the program on this side forgets to close its sockets.",
            id: "FIN dari lawan sudah datang: read() mengembalikan 0 setelah semua data dibaca. Ujung ini masih \
                 boleh mengirim, dan tetap di sini sampai programnya sendiri menutup; tidak ada timer yang \
                 mengakhirinya. Banyak koneksi yang bertahan dalam CLOSE-WAIT biasanya berarti program di sisi ini \
                 lupa menutup socket-nya.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6"],
    },
    Term {
        name: "CLOSING",
        kind: TermKind::State,
        title: Text { en: "Both closed at once", id: "Keduanya menutup bersamaan" },
        text: Text {
            en: "The peer's FIN came while the own one was not acknowledged: the FINs crossed. The ACK of the own \
                 FIN leads on to TIME-WAIT. It is rare and short, and no error.",
            id: "FIN lawan datang ketika FIN sendiri belum diakui: kedua FIN berpapasan. ACK atas FIN sendiri \
                 membawanya ke TIME-WAIT. Status ini jarang dan singkat, dan bukan galat.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6"],
    },
    Term {
        name: "LAST-ACK",
        kind: TermKind::State,
        title: Text { en: "Closed second, waiting for the last ACK", id: "Menutup belakangan, menunggu ACK terakhir" },
        text: Text {
            en: "The peer closed first, and now this end has sent its FIN too; with the ACK of it the connection is \
                 over here, without TIME-WAIT. If that ACK gets lost, the FIN is repeated.",
            id: "Lawan menutup lebih dahulu, dan kini ujung ini juga sudah mengirim FIN; begitu FIN itu diakui, \
                 koneksi selesai di sini tanpa TIME-WAIT. Bila ACK itu hilang, FIN diulang.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6"],
    },
    Term {
        name: "TIME-WAIT",
        kind: TermKind::State,
        title: Text { en: "Done, but keeping watch", id: "Selesai, tetapi masih berjaga" },
        text: Text {
            en: "This end closed first and both FINs are acknowledged. The kernel remembers the connection for 60 s \
                 on Linux (2×MSL in the RFC), to repeat the last ACK if it was lost and to keep old segments out of \
                 a new connection. It is neither an error nor a leak, holds no program's socket, and sits at the end \
                 that closed first, which may be the server.",
            id: "Ujung ini menutup lebih dahulu dan kedua FIN sudah diakui. Kernel mengingat koneksi ini selama 60 \
                 detik di Linux (2×MSL menurut RFC), untuk mengulang ACK terakhir bila hilang dan mencegah segmen \
                 lama masuk ke koneksi baru. Ini bukan galat dan bukan kebocoran, tidak memegang socket program mana \
                 pun, dan berada di ujung yang menutup lebih dahulu, yang bisa saja server.",
        },
        sources: &["RFC 9293 §3.3.2", "RFC 9293 §3.6.1 (MUST-13)"],
    },
    Term {
        name: "?",
        kind: TermKind::State,
        title: Text { en: "The capture cannot tell", id: "Tidak terlihat dari capture" },
        text: Text {
            en: "The packets up to here do not decide in which state this end is, usually because the capture began \
                 in the middle of the connection. netscope shows ? rather than a guess. States in a saved capture \
                 are always inferred from the packets; only the kernel knows for certain.",
            id: "Paket-paket sampai di sini tidak menentukan status ujung ini, biasanya karena capture dimulai di \
                 tengah koneksi. netscope menampilkan ? daripada menebak. Status dalam capture tersimpan selalu \
                 disimpulkan dari paket; yang tahu pasti hanya kernel.",
        },
        sources: &["RFC 9293 §3.3.2"],
    },
];
