//! E34 `sack`: selective acknowledgment.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "sack",
    number: 34,
    title: Text { en: "Selective acknowledgment (SACK)", id: "Pengakuan selektif (SACK)" },
    note: Text {
        en: "The SACK block lists bytes that arrived beyond the gap, so {dst} needs to send only the missing part \
             again. The cumulative ACK stays before the gap (ack={ack}).",
        id: "Blok SACK menyebutkan byte yang sudah tiba di balik lubang, sehingga {dst} cukup mengirim ulang bagian \
             yang kurang. ACK kumulatif tetap berhenti sebelum lubang (ack={ack}).",
    },
    more: Text {
        en: "Both ends must have offered SACK in their SYN. The first block holds the segment that arrived last. The \
             receiver may still drop what it has reported, so the sender keeps the bytes until the cumulative ACK \
             covers them.",
        id: "Kedua ujung harus menawarkan SACK di SYN-nya. Blok pertama memuat segmen yang tiba terakhir. Penerima \
             masih boleh membuang apa yang sudah dilaporkannya, sehingga pengirim menyimpan byte itu sampai dicakup \
             ACK kumulatif.",
    },
    sources: &["RFC 2018 §3", "RFC 2018 §4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    Match::when(facts.repair.sacks)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a gap",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=2897-4345
        ",
        ),
        Case::Silent(
            "the block is below the ACK",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            9 C>S PSH,ACK seq=1 "halo"
            9.1 S>C ACK sack=1-5
        "#,
        ),
        Case::Silent(
            "only offered",
            1,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
    ];
}
