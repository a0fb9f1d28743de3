//! The sentences of the verdicts.

use super::VerdictRule;
use crate::language::Text;

/// Declares the verdicts and lists them all.
macro_rules! verdicts {
    ($($id:ident = $name:literal, $title_en:literal / $title_id:literal: $en:literal / $id_text:literal;)*) => {
        $(
            #[doc = $name]
            pub(super) static $id: VerdictRule = VerdictRule {
                name: $name,
                title: Text { en: $title_en, id: $title_id },
                sentence: Text { en: $en, id: $id_text },
            };
        )*
        /// Every verdict.
        pub static VERDICTS: &[&VerdictRule] = &[$(&$id),*];
    };
}

verdicts! {
    RST_REFUSED = "rst-refused", "Refused" / "Ditolak":
        "{Src} refused the connection: it answered the SYN (frame {syn}) with RST (frame {rst}), so nothing accepted connections on port {port} there."
        / "{Src} menolak koneksi: SYN (frame {syn}) dibalas RST (frame {rst}), jadi di sana tidak ada yang menerima koneksi pada port {port}.";
    RST_AFTER_CLOSE = "rst-after-close", "Closed, then data, then reset" / "Ditutup, lalu ada data, lalu di-reset":
        "{Src} closed both directions, not only one: after its FIN (frame {fin}) {dst} still sent {n}, and the answer was RST (frame {rst})."
        / "{Src} menutup kedua arah, bukan hanya satu: setelah FIN-nya (frame {fin}) {dst} masih mengirim {n}, dan jawabannya RST (frame {rst}).";
    RST_NO_CONNECTION = "rst-no-connection", "Reset by an end without the connection" / "Di-reset oleh ujung yang tidak punya koneksi":
        "{Src} had no open socket for this connection: it answered frame {frame} with RST (frame {rst}){earlier}."
        / "{Src} tidak memiliki socket terbuka untuk koneksi ini: frame {frame} dijawab RST (frame {rst}){earlier}.";
    RST_TIMEOUT = "rst-timeout", "Given up: no answer" / "Menyerah: tidak ada jawaban":
        "{Src} had received no answer to {what} (the last in frame {probe}) and gave up with RST (frame {rst}){earlier}; {dst} may not know."
        / "{Src} tidak mendapat jawaban atas {what} (terakhir di frame {probe}) lalu menyerah dengan RST (frame {rst}){earlier}; {dst} mungkin tidak tahu.";
    RST_ABORT = "rst-abort", "Aborted, probably on purpose" / "Dibatalkan, kemungkinan sengaja":
        "{Src} aborted the connection with RST (frame {rst}){earlier}; {dst} had sent no data that could have been left unread, so this was probably done on purpose (SO_LINGER 0)."
        / "{Src} membatalkan koneksi dengan RST (frame {rst}){earlier}; {dst} tidak pernah mengirim data yang bisa tertinggal tanpa dibaca, jadi ini kemungkinan disengaja (SO_LINGER 0).";
    CONNECTION_ABORTED = "connection-aborted", "Aborted" / "Dibatalkan":
        "{Src} aborted the connection with RST (frame {rst}){earlier}; the packets alone do not show why."
        / "{Src} membatalkan koneksi dengan RST (frame {rst}){earlier}; sebabnya tidak terlihat dari paket saja.";
    SIMULTANEOUS_CLOSE = "simultaneous-close", "Closed by both at once" / "Ditutup keduanya bersamaan":
        "Both ends closed at once: their FINs (frames {fin} and {second}) crossed{ending}."
        / "Kedua ujung menutup bersamaan: FIN keduanya (frame {fin} dan {second}) berpapasan{ending}.";
    HALF_CLOSE_DATA = "half-close-data", "Closed after a half-close with data" / "Ditutup setelah half-close yang berisi data":
        "{Src} closed its direction first (FIN in frame {fin}), and {dst} still sent {n} after it{accepted}; then {dst} closed too (FIN in frame {second}, last ACK in frame {last})."
        / "{Src} menutup arahnya lebih dahulu (FIN di frame {fin}) dan {dst} masih mengirim {n} sesudahnya{accepted}; lalu {dst} ikut menutup (FIN di frame {second}, ACK terakhir di frame {last}).";
    LAST_ACK = "last-ack", "Closed in four steps" / "Ditutup dalam empat langkah":
        "{Src} closed first (FIN in frame {fin}, acknowledged in frame {acked}), {dst} later (FIN in frame {second}, acknowledged in frame {last}): {segments}, and no data in the half-closed time between."
        / "{Src} menutup lebih dahulu (FIN di frame {fin}, diakui di frame {acked}), {dst} menyusul (FIN di frame {second}, diakui di frame {last}): {segments}, tanpa data selama masa half-closed di antaranya.";
    FIN_ACK_MERGED = "fin-ack-merged", "Closed in three steps" / "Ditutup dalam tiga langkah":
        "{Src} closed first (FIN in frame {fin}); {dst} acknowledged it and closed in one segment (frame {second}), and frame {last} brought the last ACK: {segments}, no half-closed time."
        / "{Src} menutup lebih dahulu (FIN di frame {fin}); {dst} mengakuinya dan menutup dalam satu segmen (frame {second}), lalu ACK terakhir ada di frame {last}: {segments}, tanpa masa half-closed.";
    HALF_CLOSE_BEGINS = "half-close-begins", "Half-closed at the end of the capture" / "Masih half-closed di akhir capture":
        "{Src} closed its direction (FIN in frame {fin}, acknowledged in frame {acked}); since that FIN {dst} has sent {n} and no FIN, so the capture ends while the connection is half-closed."
        / "{Src} menutup arahnya (FIN di frame {fin}, diakui di frame {acked}); sejak FIN itu {dst} mengirim {n} dan belum mengirim FIN, jadi capture berakhir ketika koneksi masih half-closed.";
    FIN_SECOND = "fin-second", "Closing: an ACK is missing" / "Sedang menutup: ACK belum lengkap":
        "{Src} closed first (FIN in frame {fin}), then {dst} (FIN in frame {second}); the capture ends before both FINs are acknowledged."
        / "{Src} menutup lebih dahulu (FIN di frame {fin}), lalu {dst} (FIN di frame {second}); capture berakhir sebelum kedua FIN diakui.";
    FIN_FIRST = "fin-first", "One direction closed, not acknowledged" / "Satu arah ditutup, belum diakui":
        "{Src} closed its direction with FIN (frame {fin}); the capture ends before {dst} acknowledges it."
        / "{Src} menutup arahnya dengan FIN (frame {fin}); capture berakhir sebelum {dst} mengakuinya.";
    KERNEL_TIMEOUT = "kernel-timeout", "Given up, by the kernel's own word" / "Menyerah, menurut kernel sendiri":
        "{Src} gave up: nothing answered frame {frame} (the last packet is frame {last}), and then its kernel ended the connection without a packet; that is the kernel's own word ({word}), not the packets', and {dst} may not know."
        / "{Src} menyerah: tidak ada yang menjawab frame {frame} (paket terakhir adalah frame {last}), lalu kernel-nya mengakhiri koneksi tanpa mengirim paket; ini menurut kernel sendiri ({word}), bukan menurut paket, dan {dst} mungkin tidak tahu.";
    STILL_OPEN = "still-open", "Still open" / "Masih terbuka":
        "{Src} opened the connection (SYN: frame {frame}), and up to its last captured packet (frame {last}) neither end has sent FIN or RST: as far as the capture shows it is open."
        / "{Src} membuka koneksi (SYN: frame {frame}), dan sampai paket terakhir yang terekam (frame {last}) tidak ada ujung yang mengirim FIN atau RST: sejauh yang terlihat, koneksi masih terbuka.";
    NO_ANSWER = "no-answer", "No answer" / "Tidak ada jawaban":
        "{Src} asked to open a connection (SYNs: {n}, the last in frame {frame}), and the capture shows no answer{icmp}; a filter, a wrong address and a full queue look alike here."
        / "{Src} meminta pembukaan koneksi (jumlah SYN: {n}, terakhir di frame {frame}) dan capture tidak memuat jawaban{icmp}; filter, alamat yang salah, dan antrean penuh tampak sama di sini.";
    HANDSHAKE_UNFINISHED = "handshake-unfinished", "Handshake not finished" / "Handshake belum selesai":
        "{Src} was opening the connection (frame {frame}), and up to its last captured packet (frame {last}) the handshake is not complete."
        / "{Src} sedang membuka koneksi (frame {frame}), dan sampai paket terakhir yang terekam (frame {last}) handshake belum selesai.";
    MID_STREAM = "mid-stream", "Neither beginning nor end captured" / "Awal dan akhir tidak terekam":
        "The capture holds neither the beginning nor the end of this connection, only packets in between (first frame {first}, last frame {last})."
        / "Capture ini tidak memuat awal maupun akhir koneksi, hanya paket di antaranya (frame pertama {first}, terakhir {last}).";
    ONE_WAY = "one-way", "Only one side captured" / "Hanya satu sisi yang terekam":
        "Only packets of {src} were captured (first frame {first}, last frame {last}){ended}; what {dst} did is not known."
        / "Hanya paket dari {src} yang terekam (frame pertama {first}, terakhir {last}){ended}; apa yang dilakukan {dst} tidak diketahui.";
    SELF_CONNECTION = "self-connection", "A socket connected to itself" / "Socket yang terhubung ke dirinya sendiri":
        "One socket is both ends: the segments go from port {port} to the same address and port (first frame {first}){opened}{ended}."
        / "Satu socket menjadi kedua ujung: segmennya berangkat dari port {port} ke alamat dan port yang sama (frame pertama {first}){opened}{ended}.";
    UDP_EXCHANGE = "udp-exchange", "Datagrams both ways" / "Datagram di kedua arah":
        "Datagrams went both ways: {n} from {src}, {m} from {dst} (first frame {first}, last frame {last}); UDP knows no opening and no end."
        / "Datagram mengalir di kedua arah: {n} dari {src}, {m} dari {dst} (frame pertama {first}, terakhir {last}); UDP tidak mengenal pembukaan maupun penutupan.";
    UDP_ONE_WAY = "udp-one-way", "Datagrams one way" / "Datagram satu arah":
        "Datagrams from {src}: {n} (first frame {first}, last frame {last}); between these two ports the capture shows none in return{icmp}; UDP itself does not tell whether they arrived, and an answer may also come from another port."
        / "Datagram dari {src}: {n} (frame pertama {first}, terakhir {last}); di antara kedua port ini capture tidak memuat balasan{icmp}; UDP sendiri tidak memberi tahu apakah datagram itu sampai, dan jawaban dapat pula datang dari port lain.";
    UDP_ANSWERED_ELSEWHERE = "udp-answered-elsewhere", "Answered elsewhere" / "Dijawab di tempat lain":
        "Datagrams from {src}: {n} (first frame {first}, last frame {last}); what looks like the answer came from another port and is the conversation {conn} (from frame {answer} on)."
        / "Datagram dari {src}: {n} (frame pertama {first}, terakhir {last}); yang tampak sebagai jawabannya datang dari port lain dan menjadi percakapan {conn} (mulai frame {answer}).";
    UDP_OTHER_PORT = "udp-other-port", "Answers from another port" / "Balasan dari port lain":
        "{Src} answered from port {port} (from frame {first} on) what {dst} had sent to port {asked} (frame {frame}, {conn}), so the answers form a conversation of their own{icmp}."
        / "{Src} menjawab dari port {port} (mulai frame {first}) apa yang dikirim {dst} ke port {asked} (frame {frame}, {conn}), sehingga balasannya menjadi percakapan tersendiri{icmp}.";
    ICMP_PORT_UNREACHABLE = "icmp-port-unreachable", "Nobody at the port" / "Tidak ada penerima di port itu":
        "ICMP reported (frame {icmp}) that nothing takes the datagrams of {src} at port {port} (first sent in frame {first})."
        / "ICMP melaporkan (frame {icmp}) bahwa tidak ada yang menerima datagram dari {src} di port {port} (pertama dikirim di frame {first}).";
}

/// Parts of sentences, chosen by what the capture holds.
pub(super) const NOTHING: Text = Text { en: "", id: "" };
pub(super) const AFTER_FIN_OF_CLIENT: Text = Text {
    en: ", after a FIN of the client that had not completed the close",
    id: ", setelah FIN dari client yang belum menuntaskan penutupan",
};
pub(super) const AFTER_FIN_OF_SERVER: Text = Text {
    en: ", after a FIN of the server that had not completed the close",
    id: ", setelah FIN dari server yang belum menuntaskan penutupan",
};
pub(super) const AFTER_BOTH_FINS: Text = Text {
    en: ", after FINs of both ends that had not completed the close",
    id: ", setelah FIN dari kedua ujung yang belum menuntaskan penutupan",
};
pub(super) const COUNTED: Text = Text { en: "its counter TCPAbortOnTimeout", id: "penghitungnya TCPAbortOnTimeout" };
pub(super) const TOLD: Text =
    Text { en: "a call of the program failed with ETIMEDOUT", id: "sebuah pemanggilan program gagal dengan ETIMEDOUT" };
pub(super) const TOLD_AND_COUNTED: Text = Text {
    en: "a call of the program failed with ETIMEDOUT, and TCPAbortOnTimeout was counted",
    id: "sebuah pemanggilan program gagal dengan ETIMEDOUT, dan TCPAbortOnTimeout ikut dihitung",
};
pub(super) const BOTH_ACKED: Text = Text { en: ", and both were acknowledged", id: ", dan keduanya diakui" };
pub(super) const NOT_BOTH_ACKED: Text =
    Text { en: "; the capture ends before both are acknowledged", id: "; capture berakhir sebelum keduanya diakui" };
/// A close without a separate ACK between the FINs, as it usually is.
pub const THREE_SEGMENTS: Text = Text { en: "three segments", id: "tiga segmen" };
/// A close with an ACK of its own for each FIN, as it usually is.
pub const FOUR_SEGMENTS: Text = Text { en: "four segments", id: "empat segmen" };
pub(super) const THREE_STEPS: Text = Text {
    en: "three steps (a FIN was captured more than once)",
    id: "tiga langkah (ada FIN yang terekam lebih dari sekali)",
};
pub(super) const FOUR_STEPS: Text = Text {
    en: "four steps (a FIN was captured more than once)",
    id: "empat langkah (ada FIN yang terekam lebih dari sekali)",
};
pub(super) const ALL_ACKED: Text = Text { en: ", all of it acknowledged", id: ", semuanya diakui" };
pub(super) const BUT_ICMP: Text = Text { en: " but an ICMP error", id: " selain galat ICMP" };
pub(super) const NOBODY_TOOK_THEM: Text = Text {
    en: "; an ICMP error says that nothing took them",
    id: "; sebuah galat ICMP menyatakan bahwa tidak ada yang menerimanya",
};
pub(super) const WITH_ITS_FIN: Text = Text { en: ", its FIN among them", id: ", termasuk FIN-nya" };
pub(super) const ITSELF_CONNECTED: Text =
    Text { en: "; it connected to itself", id: "; socket itu terhubung ke dirinya sendiri" };
pub(super) const ITSELF_ASKED: Text = Text {
    en: "; it asks to be connected to itself, and no answer was captured",
    id: "; socket itu meminta koneksi ke dirinya sendiri, dan jawabannya tidak terekam",
};
pub(super) const ITSELF_CLOSED: Text = Text {
    en: ", and its one FIN, acknowledged, closed both directions",
    id: ", lalu satu FIN, yang sudah diakui, menutup kedua arah",
};
pub(super) const ITSELF_CLOSING: Text =
    Text { en: "; the capture ends before its FIN is acknowledged", id: "; capture berakhir sebelum FIN-nya diakui" };
pub(super) const ITSELF_OPEN: Text = Text { en: "; no FIN of it was captured", id: "; FIN-nya tidak terekam" };
