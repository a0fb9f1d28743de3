//! E41 `keep-alive`: keep-alive probe.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::probe::ProbeKind;

pub(super) static RULE: Rule = Rule {
    name: "keep-alive",
    number: 41,
    title: Text { en: "Keep-alive probe", id: "Probe keep-alive" },
    note: Text {
        en: "The connection was idle, so {src} sends a probe with an old sequence number to force an answer. It \
             checks only that the peer's TCP still exists.",
        id: "Koneksi sedang diam, sehingga {src} mengirim probe dengan nomor urut lama untuk memaksa jawaban. Yang \
             diperiksa hanya apakah TCP lawan masih ada.",
    },
    more: Text {
        en: "A program asks for it with SO_KEEPALIVE; without it an idle connection to a vanished peer stays open for \
             ever. The default wait is two hours. The keep-alive of HTTP is something else: it uses one connection \
             for several requests.",
        id: "Program memintanya dengan SO_KEEPALIVE; tanpa itu koneksi diam ke lawan yang lenyap tetap terbuka \
             selamanya. Penantian bawaannya dua jam. Keep-alive pada HTTP adalah hal lain: memakai satu koneksi untuk \
             beberapa request.",
    },
    sources: &["RFC 9293 §3.8.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    let probe = facts.repair.probe.filter(|probe| probe.kind == ProbeKind::KeepAlive)?;
    // With a byte of data it might be a repeated segment whose ACK got lost.
    let sure = segment.len == 0 && probe.idle.is_some();
    Some(Match::certain().as_sure_as(if sure { Certainty::Certain } else { Certainty::Likely }))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "after two idle seconds",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 C>S ACK seq=4
        "#,
        ),
        Case::Fires(
            "both ends probe",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 C>S ACK seq=4
            2000.1 S>C ACK
            2000.2 S>C ACK seq=0
        "#,
        ),
        Case::Fires(
            "with one byte, as other systems send it",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            7200001 C>S ACK seq=4 len=1
        "#,
        ),
        Case::Silent(
            "the window is zero",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            220 C>S ACK seq=1448
        ",
        ),
        Case::Silent(
            "an ACK that its successor overtook",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 S>C PSH,ACK "halo"
            1.1 C>S PSH,ACK "a"
            1.2 C>S ACK seq=1
        "#,
        ),
        Case::Silent(
            "an ordinary ACK",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
        "#,
        ),
    ];
}
