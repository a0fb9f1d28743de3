//! The control bits of a TCP header.

use super::{Term, TermKind};
use crate::language::Text;

/// The nine control bits, in the order in which the records list them.
pub(super) const FLAGS: &[Term] = &[
    Term {
        name: "FIN",
        kind: TermKind::Flag,
        title: Text { en: "No more data from me", id: "Tidak ada lagi data dari saya" },
        text: Text {
            en: "The sender has no more data: FIN ends one direction of the connection and leaves the other open. \
                 The kernel sets it when the program calls close() or shutdown(SHUT_WR), or when the program ends. \
                 It takes one sequence number, so it is acknowledged and repeated like data. A FIN is not the end of \
                 the connection, and the word \"close\" in a payload is no FIN.",
            id: "Pengirim tidak punya data lagi: FIN mengakhiri satu arah koneksi dan membiarkan arah lain terbuka. \
                 Kernel memasangnya ketika program memanggil close() atau shutdown(SHUT_WR), atau ketika program \
                 berakhir. FIN memakai satu nomor urut, sehingga diakui dan diulang seperti data. FIN bukan akhir \
                 koneksi, dan kata \"close\" di dalam payload bukan FIN.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.6"],
    },
    Term {
        name: "SYN",
        kind: TermKind::Flag,
        title: Text { en: "Synchronise sequence numbers", id: "Sinkronisasi nomor urut" },
        text: Text {
            en: "Opens a connection: the sender announces the sequence number from which it will count. Each end \
                 sends one, the server's together with ACK. The kernel sets it for connect(), and for the answer of \
                 a listening socket. It takes one sequence number but is no data. A SYN alone shows a wish, not a \
                 connection.",
            id: "Membuka koneksi: pengirim mengumumkan nomor urut awal hitungannya. Tiap ujung mengirim satu SYN, \
                 milik server bersama ACK. Kernel memasangnya untuk connect() dan untuk jawaban socket yang \
                 mendengarkan. SYN memakai satu nomor urut tetapi bukan data. SYN saja menunjukkan keinginan, belum \
                 koneksi.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.5"],
    },
    Term {
        name: "RST",
        kind: TermKind::Flag,
        title: Text { en: "Reset: the connection is gone", id: "Reset: koneksi tidak ada lagi" },
        text: Text {
            en: "Ends a connection at once in both directions, without waiting for anything; what is still on its \
                 way is lost. The kernel sends it when nobody listens, when data comes for a socket that is gone, \
                 when a program closes with unread data, or aborts (SO_LINGER 0). A RST is not always an error of \
                 the network, and one whose numbers do not fit is ignored.",
            id: "Mengakhiri koneksi seketika di kedua arah tanpa menunggu apa pun; yang masih di jalan hilang. \
                 Kernel mengirimnya ketika tidak ada yang mendengarkan, ketika data datang untuk socket yang sudah \
                 tidak ada, ketika program menutup padahal masih ada data belum dibaca, atau ketika program \
                 membatalkan (SO_LINGER 0). RST tidak selalu berarti kerusakan jaringan, dan RST yang nomornya tidak \
                 cocok diabaikan.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.5.2", "RFC 9293 §3.5.3"],
    },
    Term {
        name: "PSH",
        kind: TermKind::Flag,
        title: Text { en: "Push: hand it over promptly", id: "Push: segera serahkan" },
        text: Text {
            en: "Asks the receiving TCP to hand the data to the program without waiting for more. The kernel sets \
                 it, usually on the last segment of a write; programs do not choose it. It marks no message \
                 boundary, forces no reply, and data without it is just as readable.",
            id: "Meminta TCP penerima menyerahkan data kepada program tanpa menunggu tambahan. Kernel yang \
                 memasangnya, biasanya pada segmen terakhir dari sebuah penulisan; program tidak memilihnya. PSH \
                 bukan batas pesan, tidak memaksa adanya balasan, dan data tanpa PSH sama-sama dapat dibaca.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.9.1.2"],
    },
    Term {
        name: "ACK",
        kind: TermKind::Flag,
        title: Text { en: "The acknowledgment number counts", id: "Nomor pengakuan berlaku" },
        text: Text {
            en: "Says that the acknowledgment field is valid: every byte before that number has reached the TCP that \
                 sends the ACK. Once a connection is open every segment of it has this flag, so it names no kind of \
                 packet by itself. The kernel sends it, at once, a little later (Linux usually waits 40 ms, \
                 200 ms at most), or together with data. It does not say that the program has read anything.",
            id: "Menyatakan bahwa field acknowledgment berlaku: setiap byte sebelum nomor itu sudah sampai di TCP \
                 pengirim ACK. Setelah koneksi terbuka, semua segmennya memiliki flag ini, jadi ACK bukan jenis \
                 paket tersendiri. Kernel mengirimnya seketika, beberapa saat kemudian (Linux biasanya menunggu 40 ms, paling lama \
                 200 ms), atau bersama data. ACK tidak berarti program sudah membaca sesuatu.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.4"],
    },
    Term {
        name: "URG",
        kind: TermKind::Flag,
        title: Text { en: "Urgent data", id: "Data urgent" },
        text: Text {
            en: "Says that the urgent pointer is valid: it points to the byte after urgent data that travels in the \
                 normal stream. A program asks for it with send(MSG_OOB). Nothing overtakes anything on the wire, \
                 and new applications should not use it.",
            id: "Menyatakan bahwa urgent pointer berlaku: ia menunjuk ke byte sesudah data urgent, yang tetap \
                 berada di dalam aliran biasa. Program memintanya dengan send(MSG_OOB). Tidak ada yang saling \
                 mendahului di jaringan, dan aplikasi baru sebaiknya tidak memakainya.",
        },
        sources: &["RFC 9293 §3.1", "RFC 9293 §3.8.5 (SHLD-13)"],
    },
    Term {
        name: "ECE",
        kind: TermKind::Flag,
        title: Text { en: "ECN echo", id: "Gema ECN" },
        text: Text {
            en: "Tells the sender that a router marked one of its packets because of congestion, instead of \
                 dropping it. The receiver's kernel repeats it until it sees CWR. In a SYN it only asks whether the \
                 other end knows ECN; it reports no congestion there.",
            id: "Memberi tahu pengirim bahwa sebuah router menandai paketnya karena kepadatan (congestion), \
                 alih-alih membuangnya. Kernel penerima mengulangnya sampai melihat CWR. Di dalam SYN, flag ini \
                 hanya menanyakan apakah ujung lain mengenal ECN; bukan laporan kepadatan.",
        },
        sources: &["RFC 9293 §3.1", "RFC 3168 §6.1"],
    },
    Term {
        name: "CWR",
        kind: TermKind::Flag,
        title: Text { en: "Congestion window reduced", id: "Congestion window diperkecil" },
        text: Text {
            en: "The sender has slowed down after ECE, so the receiver may stop echoing. The kernel sets it on new \
                 data. In a SYN, together with ECE, it only offers ECN.",
            id: "Pengirim sudah melambat setelah menerima ECE, sehingga penerima boleh berhenti menggemakannya. \
                 Kernel memasangnya pada data baru. Di dalam SYN, bersama ECE, flag ini hanya menawarkan ECN.",
        },
        sources: &["RFC 9293 §3.1", "RFC 3168 §6.1"],
    },
    Term {
        name: "AE",
        kind: TermKind::Flag,
        title: Text { en: "Accurate ECN", id: "ECN akurat" },
        text: Text {
            en: "With ECE and CWR it forms a three-bit counter of congestion marks when both ends agreed on \
                 Accurate ECN in the handshake. In older texts this bit is called NS. Without that agreement it is \
                 0.",
            id: "Bersama ECE dan CWR, bit ini membentuk penghitung tiga bit untuk tanda kepadatan bila kedua ujung \
                 menyepakati Accurate ECN saat handshake. Dalam teks lama bit ini disebut NS. Tanpa kesepakatan itu \
                 nilainya 0.",
        },
        sources: &["RFC 9768 §3.1", "RFC 9293 §3.1"],
    },
];
