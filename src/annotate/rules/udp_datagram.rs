//! E44 `udp-datagram`: UDP datagram.

use crate::annotate::{Context, Match, Rule};
use crate::decode::Transport;
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "udp-datagram",
    number: 44,
    title: Text { en: "UDP datagram", id: "Datagram UDP" },
    note: Text {
        en: "One datagram of {n}: no handshake, no ACK, no retransmission by UDP. What arrives, arrives whole; \
             whether it arrives is not guaranteed.",
        id: "Satu datagram {n}: tanpa handshake, tanpa ACK, tanpa retransmisi oleh UDP. Bila tiba, datagram tiba \
             utuh; tibanya sendiri tidak dijamin.",
    },
    more: Text {
        en: "There is no connection, so nothing can be opened, closed or refused by UDP itself. An answer is the \
             program's doing and proves that the request arrived; silence proves nothing. An empty datagram is legal \
             and is no end of file.",
        id: "Tidak ada koneksi, sehingga UDP sendiri tidak dapat membuka, menutup, atau menolak apa pun. Jawaban \
             adalah hasil kerja program dan membuktikan bahwa request sampai; diam tidak membuktikan apa pun. \
             Datagram kosong itu sah dan bukan akhir berkas (end of file).",
    },
    sources: &["RFC 768"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    Match::when(matches!(context.packet.transport, Transport::Udp(_)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "one datagram",
            1,
            r#"
            0 C>S UDP "hai"
        "#,
        ),
        Case::Fires(
            "an empty one",
            1,
            r"
            0 C>S UDP
        ",
        ),
        Case::Silent(
            "TCP data",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "hai"
        "#,
        ),
    ];
}
