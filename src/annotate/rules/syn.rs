//! E01 `syn`: request to open a connection.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "syn",
    number: 1,
    title: Text { en: "Request to open a connection", id: "Permintaan membuka koneksi" },
    note: Text {
        en: "{Src} asks to open a connection and announces its initial sequence number. The SYN uses up one \
             sequence number, so the first byte of data has the relative number 1.",
        id: "{Src} meminta pembukaan koneksi dan mengumumkan nomor urut awalnya (initial sequence number). SYN \
             menghabiskan satu nomor urut, sehingga byte data pertama bernomor relatif 1.",
    },
    more: Text {
        en: "A SYN shows only that somebody wants a connection; that the other end agrees is shown by the SYN-ACK. \
             The relative number 0 is a way of counting: on the wire the initial sequence number is a 32-bit number \
             that nobody should be able to guess.",
        id: "SYN hanya menunjukkan bahwa ada yang menginginkan koneksi; persetujuan ujung lain baru terlihat dari \
             SYN-ACK. Nomor relatif 0 hanyalah cara menghitung: di jaringan, nomor urut awal adalah bilangan 32-bit \
             yang seharusnya tidak dapat ditebak.",
    },
    sources: &["RFC 9293 §3.5", "RFC 9293 §3.4.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    Match::when(matches!(facts.syn?, SynFact::Open | SynFact::Crossing(_)) && !segment.flags.rst())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "an open",
            1,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Fires(
            "a second connection on the same ports",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
            500  C>S SYN isn=77777
        ",
        ),
        Case::Silent(
            "the same SYN again",
            2,
            r"
            0    C>S SYN
            1000 C>S SYN
        ",
        ),
        Case::Silent(
            "the answer",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
    ];
}
