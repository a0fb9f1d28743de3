//! E04 `handshake-ack`: third step of the handshake.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "handshake-ack",
    number: 4,
    title: Text { en: "Third step of the handshake", id: "Langkah ketiga handshake" },
    note: Text {
        en: "The third step of the three-way handshake: {src} acknowledges the SYN of {dst}. With it the connection \
             is open at both ends, and both may send data.",
        id: "Langkah ketiga three-way handshake: {src} mengakui SYN dari {dst}. Dengan ini koneksi terbuka di kedua \
             ujung, dan keduanya boleh mengirim data.",
    },
    more: Text {
        en: "The handshake is done by the two kernels; the server's program may not have called accept() yet. The \
             step needs no segment of its own: where this ACK gets lost, the first data segment does the same, \
             because it carries an ACK number too.",
        id: "Handshake dikerjakan oleh kedua kernel; program server mungkin belum memanggil accept(). Langkah ini \
             tidak memerlukan segmen tersendiri: bila ACK ini hilang, segmen data pertama melakukan hal yang sama \
             karena juga memuat nomor ACK.",
    },
    sources: &["RFC 9293 §3.5"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    Match::when(facts.completes_handshake && !segment.flags.rst()).map(|found| found.because_of(facts.acks_frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the third packet",
            3,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Fires(
            "the ACK was lost, data replaces it",
            3,
            r#"
            0    C>S SYN
            0.1  S>C SYN,ACK
            1    C>S PSH,ACK "halo"
        "#,
        ),
        Case::Silent(
            "an ACK later",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S ACK
        ",
        ),
        Case::Silent(
            "the second step",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
    ];
}
