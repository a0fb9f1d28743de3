//! Words of every course that are no flag, no state and no event.

use super::{Term, TermKind};
use crate::language::Text;

const fn concept(
    name: &'static str,
    title: [&'static str; 2],
    text: [&'static str; 2],
    sources: &'static [&'static str],
) -> Term {
    let title = Text { en: title[0], id: title[1] };
    Term { name, kind: TermKind::Concept, title, text: Text { en: text[0], id: text[1] }, sources }
}

pub(super) const CONCEPTS: &[Term] = &[
    concept(
        "handshake",
        ["How a connection is opened", "Cara koneksi dibuka"],
        [
            "Three segments: SYN, SYN-ACK, ACK. Each end announces its initial sequence number and has it acknowledged; \
             three are enough, because the SYN-ACK does both. The two kernels do it: connect() begins it, and for a \
             listening socket it is over before the program calls accept(). So it does not show that the server's program \
             has noticed the client.",
            "Tiga segmen: SYN, SYN-ACK, ACK. Tiap ujung mengumumkan nomor urut awalnya dan mendapat pengakuan atasnya; tiga \
             segmen cukup karena SYN-ACK mengerjakan keduanya. Kedua kernel yang mengerjakannya: connect() memulainya, dan \
             untuk socket yang mendengarkan semuanya selesai sebelum program memanggil accept(). Karena itu handshake \
             belum menunjukkan bahwa program server sudah mengetahui adanya client.",
        ],
        &["RFC 9293 §3.5"],
    ),
    concept(
        "half-closed",
        ["One direction closed, the other open", "Satu arah tertutup, arah lain terbuka"],
        [
            "One end has sent its FIN, the other has not. The end that sent it sends no more data and can still receive; the \
             other may still send. Course texts often have this the wrong way round. A program makes it with \
             shutdown(SHUT_WR). close() gives up both directions: up to the next data it looks the same, then the answer is \
             RST. A word such as \"close\" in the payload makes no half-close. Half-open is something else.",
            "Satu ujung sudah mengirim FIN, ujung lain belum. Pengirim FIN tidak mengirim data lagi tetapi masih dapat \
             menerima; ujung lain masih boleh mengirim. Teks kuliah sering membaliknya. Program membuatnya dengan \
             shutdown(SHUT_WR). close() melepaskan kedua arah: tampilannya sama sampai ada data berikutnya, lalu data itu \
             dibalas RST. Kata seperti \"close\" di dalam payload tidak membuat half-close. Half-open adalah hal lain.",
        ],
        &["RFC 9293 §3.6.1", "shutdown(2)", "close(2)"],
    ),
    concept(
        "half-open",
        ["One end is gone, the other does not know", "Salah satu ujung hilang tanpa diketahui lawannya"],
        [
            "One end still holds the connection, the other has lost it: by a crash, a restart, a cable that was cut. As long \
             as the end that is left sends nothing, no packet tells it. What it sends is answered with RST by a host that \
             knows no such connection, or not at all; keep-alive probes and time limits find it out. It is an accident, \
             while half-closed is a choice. Of port scans the word is used for a handshake that is left unfinished.",
            "Satu ujung masih memegang koneksinya, ujung lain sudah kehilangannya: karena crash, mulai ulang, atau kabel \
             terputus. Selama ujung yang tersisa tidak mengirim apa pun, tidak ada paket yang memberitahunya. Kirimannya \
             dibalas RST oleh host yang tidak mengenal koneksi itu, atau tidak dibalas sama sekali; probe keep-alive dan \
             batas waktu menyingkapkannya. Ini kecelakaan, sedangkan half-closed adalah pilihan. Pada pemindaian port, \
             istilah ini dipakai untuk handshake yang sengaja tidak diselesaikan.",
        ],
        &["RFC 9293 §3.5.1"],
    ),
    concept(
        "MSS",
        ["The largest segment that an end takes", "Segmen terbesar yang diterima sebuah ujung"],
        [
            "Each end states it as an option of its SYN; it is not negotiated, and the two values may differ. It counts \
             without the fixed headers of IP and TCP, so on Ethernet it is 1,460 with IPv4; options such as timestamps (12 \
             bytes) come out of it, so that 1,448 bytes of payload remain. TCP cuts a large write into segments of that \
             size. That is not IP fragmentation, which cuts a packet that is already made.",
            "Tiap ujung menyebutkannya sebagai opsi pada SYN-nya; nilainya tidak dinegosiasikan, dan kedua nilai boleh \
             berbeda. Header tetap IP dan TCP tidak ikut dihitung, sehingga pada Ethernet nilainya 1.460 dengan IPv4; opsi \
             seperti timestamp (12 byte) mengambil tempat di dalamnya, sehingga tersisa payload 1.448 byte. TCP memotong \
             penulisan besar menjadi segmen sebesar itu. Ini bukan fragmentasi IP, yang memotong paket yang sudah jadi.",
        ],
        &["RFC 9293 §3.7.1", "RFC 6691 §2"],
    ),
    concept(
        "window",
        ["How much the other end may send", "Berapa banyak lawan boleh mengirim"],
        [
            "The sender of a segment says how many bytes beyond its ACK number it is ready to take: the room in its receive \
             buffer. It shrinks while the program does not read. Where both SYNs offered window scaling, the field counts \
             in steps of the scale; in a SYN it never does. It is no measure of the network: for that the sender of data \
             keeps a congestion window, which no packet shows.",
            "Pengirim segmen menyebutkan berapa byte setelah nomor ACK-nya yang siap diterimanya, yaitu ruang di buffer \
             terimanya. Nilainya mengecil selama program tidak membaca. Bila kedua SYN menawarkan window scaling, field ini \
             dikalikan dengan skalanya; pada SYN tidak pernah. Window bukan ukuran jaringan: untuk itu pengirim data \
             menyimpan congestion window, yang tidak terlihat di paket mana pun.",
        ],
        &["RFC 9293 §3.8.6", "RFC 7323 §2", "RFC 5681 §2"],
    ),
];
