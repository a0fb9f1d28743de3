//! The labels of other programs that the connection record carries: Zeek's and Wireshark's.

use super::{Term, TermKind};
use crate::language::Text;

const ZEEK: &[&str] = &["Zeek, base/protocols/conn"];
const WIRESHARK: &[&str] = &["Wireshark, tcp.completeness"];

const fn term(name: &'static str, title: Text, text: Text, sources: &'static [&'static str]) -> Term {
    Term { name, kind: TermKind::Label, title, text, sources }
}

const fn both(en: &'static str, id: &'static str) -> Text {
    Text { en, id }
}

/// `conn_state` and its values, `history` and its letters, `completeness` and its bits.
pub(super) const LABELS: &[Term] = &[
    term(
        "conn_state",
        both("How a connection went, as Zeek says it", "Jalannya koneksi menurut Zeek"),
        both(
            "Zeek's label for a connection as a whole: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR or \
             OTH. It takes every FIN and RST as it comes; whether the receiver accepted it is said by the verdict.",
            "Label Zeek untuk koneksi secara utuh: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR, atau \
             OTH. Setiap FIN dan RST dihitung apa adanya; apakah penerima menerimanya, dinyatakan oleh kesimpulan \
             (verdict).",
        ),
        ZEEK,
    ),
    term(
        "S0",
        both("A SYN without any answer", "SYN tanpa jawaban"),
        both(
            "The client sent a SYN and the server nothing that counts. A firewall that drops silently, a host that is \
             off and an answer that took another way look the same.",
            "Client mengirim SYN dan server tidak mengirim apa pun yang berarti. Firewall yang membuang diam-diam, \
             host yang mati, dan jawaban yang lewat jalur lain tampak sama saja.",
        ),
        ZEEK,
    ),
    term(
        "S1",
        both("Established, not closed", "Terbentuk, belum ditutup"),
        both(
            "The handshake was seen and no FIN or RST: the connection was still open when the capture ended.",
            "Handshake terlihat, tetapi tidak ada FIN maupun RST: koneksi masih terbuka ketika capture berakhir.",
        ),
        ZEEK,
    ),
    term(
        "SF",
        both("Closed by both ends", "Ditutup oleh kedua ujung"),
        both(
            "Both ends sent a FIN: the ordinary end. It does not ask whether the FINs were acknowledged. For UDP it \
             says that both ends sent datagrams.",
            "Kedua ujung mengirim FIN: akhir yang wajar. Label ini tidak memeriksa apakah FIN itu diakui. Untuk UDP, \
             artinya kedua ujung mengirim datagram.",
        ),
        ZEEK,
    ),
    term(
        "REJ",
        both("The SYN was refused", "SYN ditolak"),
        both(
            "The server answered the SYN with RST: usually nobody listens on the port. A connection that both ends \
             reset before any data has this label too.",
            "Server menjawab SYN dengan RST: biasanya tidak ada yang mendengarkan di port itu. Koneksi yang di-reset \
             kedua ujung sebelum ada data juga mendapat label ini.",
        ),
        ZEEK,
    ),
    term(
        "S2",
        both("Only the client closed", "Hanya client yang menutup"),
        both(
            "The client sent a FIN and the server none: half-closed when the capture ended, or the rest was missed.",
            "Client mengirim FIN, server tidak: masih half-closed ketika capture berakhir, atau sisanya tidak \
             tertangkap.",
        ),
        ZEEK,
    ),
    term(
        "S3",
        both("Only the server closed", "Hanya server yang menutup"),
        both(
            "The server sent a FIN and the client none: often a client that never calls close().",
            "Server mengirim FIN, client tidak: sering kali client yang tidak pernah memanggil close().",
        ),
        ZEEK,
    ),
    term(
        "RSTO",
        both("Reset by the client", "Di-reset oleh client"),
        both(
            "The client sent a RST after the server had answered. O stands for the originator, the client.",
            "Client mengirim RST setelah server menjawab. O berarti originator, yaitu client.",
        ),
        ZEEK,
    ),
    term(
        "RSTR",
        both("Reset by the server", "Di-reset oleh server"),
        both(
            "The server sent a RST on an established connection. R stands for the responder, the server.",
            "Server mengirim RST pada koneksi yang sudah terbentuk. R berarti responder, yaitu server.",
        ),
        ZEEK,
    ),
    term(
        "RSTOS0",
        both("SYN, then RST by the client", "SYN, lalu RST oleh client"),
        both(
            "The client sent a SYN and then a RST, and nothing of the server was seen: typical of half-open port scans.",
            "Client mengirim SYN lalu RST, sedangkan dari server tidak terlihat apa pun: ciri pemindaian port \
             half-open.",
        ),
        ZEEK,
    ),
    term(
        "RSTRH",
        both("SYN-ACK, then RST by the server", "SYN-ACK, lalu RST oleh server"),
        both(
            "The server sent a SYN-ACK and then a RST, and the client's SYN was not seen.",
            "Server mengirim SYN-ACK lalu RST, sedangkan SYN dari client tidak terlihat.",
        ),
        ZEEK,
    ),
    term(
        "SH",
        both("SYN, then FIN by the client", "SYN, lalu FIN oleh client"),
        both(
            "The client sent a SYN and then a FIN, and no answer was seen: half a connection, often because the capture \
             saw one direction only.",
            "Client mengirim SYN lalu FIN, dan jawabannya tidak terlihat: koneksi separuh, sering kali karena capture \
             hanya melihat satu arah.",
        ),
        ZEEK,
    ),
    term(
        "SHR",
        both("SYN-ACK, then FIN by the server", "SYN-ACK, lalu FIN oleh server"),
        both(
            "The server sent a SYN-ACK and then a FIN, and the client's SYN was not seen. For UDP it says that only \
             the server sent datagrams.",
            "Server mengirim SYN-ACK lalu FIN, sedangkan SYN dari client tidak terlihat. Untuk UDP, artinya hanya \
             server yang mengirim datagram.",
        ),
        ZEEK,
    ),
    term(
        "OTH",
        both("None of the other labels", "Di luar label lainnya"),
        both(
            "Traffic from the middle of a connection: no SYN was seen, and it was not closed either.",
            "Lalu lintas dari tengah koneksi: SYN tidak terlihat, dan koneksinya juga tidak ditutup.",
        ),
        ZEEK,
    ),
    term(
        "history",
        both("What each end sent, letter by letter", "Yang dikirim tiap ujung, huruf demi huruf"),
        both(
            "Zeek's history: upper case for what the client sent, lower case for the server. s SYN, h SYN-ACK, a pure \
             ACK, d data, f FIN, r RST, c wrong checksum, g gap, t repeated data, w zero window, i FIN with RST, q other \
             flags together, ^ direction turned round. a, d, i and q stand once for each direction, s, h, f and r again \
             when the number differs, c, g, t and w at the first, tenth, hundredth time. So data after a FIN is not \
             seen in it when there was data before.",
            "History dari Zeek: huruf besar untuk yang dikirim client, huruf kecil untuk server. s SYN, h SYN-ACK, a \
             ACK murni, d data, f FIN, r RST, c checksum salah, g celah (gap), t data berulang, w window nol, i FIN \
             bersama RST, q gabungan flag lain, ^ arah dibalik. a, d, i, dan q muncul sekali per arah; s, h, f, dan r \
             muncul lagi bila nomornya berbeda; c, g, t, dan w muncul pada kejadian ke-1, ke-10, ke-100. Karena itu data setelah FIN \
             tidak tampak bila sebelumnya sudah ada data.",
        ),
        ZEEK,
    ),
    term(
        "history s",
        both("SYN without ACK", "SYN tanpa ACK"),
        both(
            "S: the client sent a SYN. s: the server sent one, which is a simultaneous open.",
            "S: client mengirim SYN. s: server yang mengirimnya, yaitu simultaneous open.",
        ),
        ZEEK,
    ),
    term(
        "history h",
        both("SYN with ACK, the answer of the handshake", "SYN dengan ACK, jawaban dalam handshake"),
        both(
            "h: the server sent a SYN-ACK. H: the client did, as in a simultaneous open.",
            "h: server mengirim SYN-ACK. H: client yang mengirimnya, seperti pada simultaneous open.",
        ),
        ZEEK,
    ),
    term(
        "history a",
        both("ACK without data", "ACK tanpa data"),
        both(
            "A segment with ACK, without payload and without SYN, FIN or RST. Written once for each direction.",
            "Segmen dengan ACK, tanpa payload dan tanpa SYN, FIN, atau RST. Ditulis sekali per arah.",
        ),
        ZEEK,
    ),
    term(
        "history d",
        both("Payload", "Payload"),
        both(
            "A segment with payload and without SYN, FIN or RST. Written once for each direction; data on a FIN does \
             not count. For UDP it stands for a datagram.",
            "Segmen dengan payload, tanpa SYN, FIN, atau RST. Ditulis sekali per arah; data yang menumpang FIN tidak \
             dihitung. Untuk UDP, huruf ini mewakili datagram.",
        ),
        ZEEK,
    ),
    term(
        "history f",
        both("FIN", "FIN"),
        both(
            "That end closed its direction. It is written again when a FIN has another sequence number.",
            "Ujung itu menutup arah kirimnya. Ditulis lagi bila ada FIN dengan nomor urut lain.",
        ),
        ZEEK,
    ),
    term(
        "history r",
        both("RST", "RST"),
        both(
            "That end reset the connection. Whether the RST was acceptable is not asked.",
            "Ujung itu me-reset koneksi. Apakah RST itu dapat diterima, tidak diperiksa.",
        ),
        ZEEK,
    ),
    term(
        "history c",
        both("Wrong checksum", "Checksum salah"),
        both(
            "The bytes do not fit their checksum, so the receiver would drop the packet; nothing else in history or \
             conn_state counts it. A checksum that the network card had yet to compute when the packet was captured (offload) is \
             told apart and not counted; Zeek itself counts it.",
            "Byte-nya tidak cocok dengan checksum, sehingga penerima akan membuang paket itu; huruf lain dan conn_state tidak \
             menghitungnya. Checksum yang belum dihitung kartu jaringan ketika paket direkam (offload) dibedakan dan \
             tidak dihitung; Zeek sendiri menghitungnya.",
        ),
        ZEEK,
    ),
    term(
        "history g",
        both("Gap", "Celah (gap)"),
        both(
            "Bytes were acknowledged that the capture does not have: the capture lost packets, not the connection.",
            "Ada byte yang diakui (ACK) tetapi tidak ada di capture: yang kehilangan paket adalah capture, bukan \
             koneksinya.",
        ),
        ZEEK,
    ),
    term(
        "history t",
        both("Payload that was sent before", "Payload yang sudah pernah dikirim"),
        both(
            "A segment with payload brought nothing beyond the highest number sent: a retransmission, or one that was \
             overtaken. A keep-alive with one byte counts too.",
            "Segmen dengan payload yang tidak melampaui nomor tertinggi yang sudah dikirim: retransmisi, atau segmen \
             yang tersusul. Keep-alive berisi satu byte ikut dihitung.",
        ),
        ZEEK,
    ),
    term(
        "history w",
        both("Zero window", "Window nol"),
        both(
            "That end announced a window of 0: its program reads more slowly than the other end sends. After the \
             other end's FIN it is not counted.",
            "Ujung itu mengumumkan window 0: programnya membaca lebih lambat daripada kiriman ujung lain. Setelah FIN \
             dari ujung lain, tidak dihitung.",
        ),
        ZEEK,
    ),
    term(
        "history i",
        both("FIN and RST in one segment", "FIN dan RST dalam satu segmen"),
        both(
            "Flags that exclude each other; no ordinary TCP sends them together.",
            "Flag yang saling meniadakan; TCP yang wajar tidak mengirim keduanya bersama.",
        ),
        ZEEK,
    ),
    term(
        "history q",
        both("Other flags together that do not belong together", "Gabungan flag lain yang tidak semestinya"),
        both(
            "SYN with FIN or RST: the work of scanners, or a damaged packet.",
            "SYN bersama FIN atau RST: ulah pemindai (scanner), atau paket yang rusak.",
        ),
        ZEEK,
    ),
    term(
        "history ^",
        both("The direction was turned round", "Arah dibalik"),
        both(
            "The first packet captured came from the end that is taken to be the server, so client and server are not \
             told by who was seen first.",
            "Paket pertama yang tertangkap berasal dari ujung yang dianggap server, sehingga client dan server tidak \
             ditentukan oleh siapa yang terlihat lebih dahulu.",
        ),
        ZEEK,
    ),
    term(
        "completeness",
        both("Which parts of a connection were captured", "Bagian koneksi yang tertangkap"),
        both(
            "Wireshark's sum of 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN and 32 RST. 31 is a whole connection with data \
             and a FIN, 37 a refused one without SYN-ACK. One FIN is enough for 16; that both directions are closed is \
             said by the states.",
            "Jumlah versi Wireshark dari 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, dan 32 RST. 31 berarti koneksi utuh \
             dengan data dan FIN, 37 koneksi yang ditolak tanpa SYN-ACK. Satu FIN sudah cukup untuk 16; bahwa kedua \
             arah tertutup, dinyatakan oleh status koneksi.",
        ),
        WIRESHARK,
    ),
    term(
        "completeness 1",
        both("SYN", "SYN"),
        both("A SYN without ACK was captured.", "Ada SYN tanpa ACK yang tertangkap."),
        WIRESHARK,
    ),
    term(
        "completeness 2",
        both("SYN-ACK", "SYN-ACK"),
        both("A SYN with ACK was captured.", "Ada SYN dengan ACK yang tertangkap."),
        WIRESHARK,
    ),
    term(
        "completeness 4",
        both("ACK without data", "ACK tanpa data"),
        both(
            "An ACK without SYN and without payload was captured; one on a FIN or RST counts.",
            "Ada ACK tanpa SYN dan tanpa payload yang tertangkap; ACK pada FIN atau RST ikut dihitung.",
        ),
        WIRESHARK,
    ),
    term(
        "completeness 8",
        both("Data", "Data"),
        both(
            "A segment with payload was captured, be it on a SYN (TCP Fast Open).",
            "Ada segmen berisi payload yang tertangkap, termasuk pada SYN (TCP Fast Open).",
        ),
        WIRESHARK,
    ),
    term(
        "completeness 16",
        both("FIN", "FIN"),
        both(
            "A FIN with ACK was captured, of one end at least.",
            "Ada FIN dengan ACK yang tertangkap, setidaknya dari satu ujung.",
        ),
        WIRESHARK,
    ),
    term(
        "completeness 32",
        both("RST", "RST"),
        both("A RST was captured, accepted or not.", "Ada RST yang tertangkap, diterima atau tidak."),
        WIRESHARK,
    ),
];
