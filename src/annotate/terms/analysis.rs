//! The labels of the textbook analyser on single packets, as the key `analysis` of the records has them.

use super::{Term, TermKind};
use crate::language::Text;

const fn label(name: &'static str, title: [&'static str; 2], text: [&'static str; 2]) -> Term {
    let title = Text { en: title[0], id: title[1] };
    let text = Text { en: text[0], id: text[1] };
    Term { name, kind: TermKind::Analysis, title, text, sources: &["Wireshark, tcp.analysis"] }
}

pub(super) const ANALYSIS: &[Term] = &[
    label(
        "retransmission",
        ["Begins below the highest number sent", "Dimulai di bawah nomor tertinggi yang sudah dikirim"],
        [
            "The segment begins below the highest number that its end has sent, and no closer label fits; a SYN or FIN that \
             comes again has it too. It does not say why, and not that something was lost: netscope's rules tell a timeout, \
             a probe, a report of the receiver and a second copy in the capture apart, as far as numbers and times allow.",
            "Segmen ini dimulai di bawah nomor tertinggi yang sudah dikirim ujungnya, dan tidak ada label yang lebih tepat; \
             SYN atau FIN yang berulang juga mendapatkannya. Label ini tidak menyebut sebabnya dan tidak membuktikan ada \
             yang hilang: aturan netscope membedakan timeout, probe, laporan penerima, dan salinan kedua di dalam capture, \
             sejauh terlihat dari nomor dan waktu.",
        ],
    ),
    label(
        "fast_retransmission",
        ["Again, soon after duplicate ACKs", "Diulang, segera setelah ACK duplikat"],
        [
            "A repeat that comes within 20 ms of the last ACK of the other end, after at least two duplicate ACKs, for bytes \
             that those report as missing.",
            "Pengulangan dalam 20 ms setelah ACK terakhir dari lawan, sesudah sedikitnya dua ACK duplikat, untuk byte yang \
             dilaporkan belum ada.",
        ],
    ),
    label(
        "spurious_retransmission",
        ["Again, although acknowledged", "Diulang padahal sudah diakui"],
        [
            "In this capture all its bytes had been acknowledged before. The sender may not have had that ACK yet: it was \
             on its way, or lost.",
            "Di capture ini semua byte-nya sudah diakui sebelumnya. Pengirim mungkin belum menerima ACK itu: masih di jalan, \
             atau hilang.",
        ],
    ),
    label(
        "out_of_order",
        ["Too soon to be a repeat", "Terlalu cepat untuk disebut pengulangan"],
        [
            "The segment begins below the highest number sent, and it comes sooner after the last ACK of the other end than \
             the round trip of the handshake (3 ms where that is unknown). Time alone decides: a quick retransmission in a \
             slow network has this label too.",
            "Segmen ini dimulai di bawah nomor tertinggi yang sudah dikirim, dan jaraknya dari ACK terakhir lawan lebih \
             singkat daripada waktu pulang-pergi handshake (3 ms bila tidak diketahui). Yang menentukan hanya waktu: \
             retransmisi yang cepat di jaringan yang lambat juga mendapat label ini.",
        ],
    ),
    label(
        "lost_segment",
        ["Something before it was not captured", "Ada yang tidak tertangkap sebelumnya"],
        [
            "Its number lies beyond the next one expected. Whether the network lost the segment or only the capture missed \
             it shows later: by duplicate ACKs, or by an ACK for the missing bytes.",
            "Nomornya melampaui nomor berikutnya yang ditunggu. Apakah segmen itu hilang di jaringan atau hanya luput dari \
             capture baru terlihat kemudian: dari ACK duplikat, atau dari ACK untuk byte yang tidak ada itu.",
        ],
    ),
    label(
        "ack_lost_segment",
        ["Acknowledges what was not captured", "Mengakui yang tidak tertangkap"],
        [
            "The ACK covers bytes that the capture does not have: the receiver has got them, so it was the capture that \
             missed a packet.",
            "ACK ini mencakup byte yang tidak ada di dalam capture: penerima sudah mendapatkannya, jadi capture-lah yang \
             kehilangan paket.",
        ],
    ),
    label(
        "duplicate_ack",
        ["The same ACK, nothing else", "ACK yang sama, tanpa yang lain"],
        [
            "No payload, the same ACK number and the same window as the packet before of that end. It does not ask whether \
             anything is missing: an ACK that was captured twice has it too. The rule dup-ack does ask.",
            "Tanpa payload, dengan nomor ACK dan window yang sama seperti paket sebelumnya dari ujung itu. Label ini tidak \
             memeriksa apakah ada yang belum sampai: ACK yang terekam dua kali juga mendapatkannya. Aturan dup-ack \
             memeriksanya.",
        ],
    ),
    label(
        "zero_window",
        ["Window field 0", "Field window bernilai 0"],
        [
            "A segment without SYN, FIN or RST announces a window of 0: the other end must stop sending.",
            "Segmen tanpa SYN, FIN, atau RST mengumumkan window 0: lawannya harus berhenti mengirim.",
        ],
    ),
    label(
        "zero_window_probe",
        ["One byte into a closed window", "Satu byte ke window yang tertutup"],
        [
            "One new byte is sent although the other end has announced a window of 0. Linux probes without a byte and with an \
             old number, which this label does not see: there it is called keep_alive.",
            "Satu byte baru dikirim padahal lawan mengumumkan window 0. Linux mengirim probe tanpa byte dan dengan nomor \
             lama, yang tidak dikenali label ini: di sana labelnya keep_alive.",
        ],
    ),
    label(
        "zero_window_probe_ack",
        ["The answer to such a probe", "Jawaban atas probe itu"],
        [
            "Still a window of 0, after a zero_window_probe: the byte was not taken, or just acknowledged.",
            "Window masih 0 setelah zero_window_probe: byte itu tidak diterima, atau baru saja diakui.",
        ],
    ),
    label(
        "window_full",
        ["Up to the edge of the window", "Sampai ke tepi window"],
        [
            "The segment ends exactly where the window announced last ends: its sender may send nothing more until another \
             ACK or window update comes.",
            "Segmen ini berakhir tepat di tepi window yang terakhir diumumkan: pengirimnya tidak boleh mengirim lagi sampai \
             ada ACK atau window update berikutnya.",
        ],
    ),
    label(
        "window_update",
        ["Only the window changed", "Hanya window yang berubah"],
        [
            "No payload and the same ACK number, but another window; it may also have become smaller.",
            "Tanpa payload dan dengan nomor ACK yang sama, tetapi window-nya lain; bisa juga mengecil.",
        ],
    ),
    label(
        "keep_alive",
        ["One below the next number", "Satu di bawah nomor berikutnya"],
        [
            "No payload or one byte, with the number before the next one expected. It goes by the number alone: a probe of \
             Linux into a closed window has it too.",
            "Tanpa payload atau satu byte, dengan nomor tepat sebelum nomor yang ditunggu. Yang dilihat hanya nomornya: probe \
             Linux ke window yang tertutup juga mendapatkannya.",
        ],
    ),
    label(
        "keep_alive_ack",
        ["The same ACK, after a keep_alive", "ACK yang sama, setelah keep_alive"],
        [
            "No payload, the same ACK number and window as before, right after a keep_alive of the other end.",
            "Tanpa payload, dengan nomor ACK dan window yang sama seperti sebelumnya, tepat setelah keep_alive dari lawan.",
        ],
    ),
    label(
        "reused_ports",
        ["A new connection on known ports", "Koneksi baru pada port yang sama"],
        [
            "A SYN or SYN-ACK with another initial number on addresses and ports that an earlier connection of the capture \
             has used. It begins a connection of its own.",
            "SYN atau SYN-ACK dengan nomor awal lain pada alamat dan port yang sudah dipakai koneksi sebelumnya dalam \
             capture ini. Dengannya dimulai koneksi tersendiri.",
        ],
    ),
];
