//! E50 `connection-aborted`: connection aborted.

use crate::annotate::{Context, Match, Rule, resets};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "connection-aborted",
    number: 50,
    title: Text { en: "Connection aborted", id: "Koneksi dibatalkan" },
    note: Text {
        en: "{Src} ends the connection at once with RST: both directions are gone, and nothing is acknowledged any \
             more. The packets alone do not show why: unread data at close(), SO_LINGER with time 0, a timeout or \
             the end of the program.",
        id: "{Src} mengakhiri koneksi seketika dengan RST: kedua arah hilang dan tidak ada lagi yang diakui. Paket \
             saja tidak menunjukkan sebabnya: data yang belum dibaca saat close(), SO_LINGER dengan waktu 0, \
             timeout, atau berakhirnya program.",
    },
    more: Text {
        en: "A RST needs no answer and leaves no TIME-WAIT on Linux. Data on its way is lost, and so is what the \
             sender of the RST had received and not read. What the other end had received before, its program may \
             lose as well: the RFC flushes it, Linux still lets it be read. The causes named beside this annotation \
             are candidates that the packets cannot tell apart; only the system calls or the kernel's own reset \
             reason can.",
        id: "RST tidak memerlukan jawaban, dan di Linux tidak meninggalkan TIME-WAIT. Data yang masih di jalan \
             hilang, begitu pula yang sudah diterima pengirim RST tetapi belum dibacanya. Yang sudah lebih dahulu \
             diterima ujung lain pun dapat hilang: menurut RFC dibuang, di Linux masih dapat dibaca. Sebab-sebab \
             yang disebut di samping anotasi ini adalah kandidat yang tidak dapat dibedakan dari paket; hanya system \
             call atau alasan reset dari kernel yang dapat memastikannya.",
    },
    sources: &["RFC 9293 §3.5.2", "RFC 9293 §3.6.1", "RFC 9293 §3.10.5"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    resets::undecided(context)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "either end may have had a reason",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
            2.1  C>S ACK
            3    S>C RST,ACK
        "#,
        ),
        Case::Fires(
            "late data was taken before",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            2    S>C PSH,ACK "masih"
            2.1  C>S ACK
            3    C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "the peer never sent data, so unread data is excluded",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            3    C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "outside the window",
            9,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
            2.1  C>S ACK
            3    S>C RST,ACK seq=900000
            4    C>S ACK
        "#,
        ),
        Case::Silent(
            "outside the window",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
            2.1  C>S ACK
            3    S>C RST,ACK seq=900000
        "#,
        ),
        Case::Silent(
            "when both FINs are acknowledged it ends nothing",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C PSH,ACK "ya"
            1.1  C>S FIN,ACK
            1.2  S>C FIN,ACK
            1.3  C>S ACK
            2    C>S RST,ACK
        "#,
        ),
    ];
}
