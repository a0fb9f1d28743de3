//! E33 `dup-ack`: duplicate ACK.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;

pub(super) static RULE: Rule = Rule {
    name: "dup-ack",
    number: 33,
    title: Text { en: "Duplicate ACK", id: "ACK duplikat" },
    note: Text {
        en: "{Src} repeats ack={ack}: a later segment arrived, but the byte {ack} is still missing there{label}. \
             Three such ACKs are taken as a sign of loss; fewer may be mere reordering.",
        id: "{Src} mengulang ack={ack}: segmen sesudahnya sudah tiba, tetapi byte {ack} belum ada di sana{label}. \
             Tiga ACK seperti ini dianggap tanda kehilangan; kurang dari itu mungkin hanya urutan yang tertukar.",
    },
    more: Text {
        en: "With SACK the ACK also lists what arrived beyond the gap, and its window may change; without SACK only \
             an unchanged window makes it a duplicate. An ACK that is merely repeated, as an answer to a probe, is \
             none.",
        id: "Dengan SACK, ACK ini juga menyebutkan apa yang tiba di balik lubang, dan window-nya boleh berubah; tanpa \
             SACK hanya window yang tetap menjadikannya duplikat. ACK yang sekadar terulang, sebagai jawaban atas \
             probe, bukan ACK duplikat.",
    },
    sources: &["RFC 5681 §2", "RFC 5681 §4.2", "RFC 6675 §2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let segment = facts.repair.duplicate_ack?;
    // A SACK block says it; without one the same ACK might also repeat itself.
    let certainty = if facts.repair.sacks { Certainty::Certain } else { Certainty::Likely };
    let found = Match::certain().as_sure_as(certainty).because_of(segment);
    Some(found.value("label", context.label_clause(&[Labels::WINDOW_UPDATE])))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "only one end permits SACK",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 C>S ACK ack=1001
            4 C>S ACK ack=1001
        ",
        ),
        Case::Silent(
            "a window of zero asks for nothing",
            7,
            r"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 C>S ACK ack=1001 win=0
            4 C>S ACK ack=1001 win=0
        ",
        ),
        Case::Silent(
            "it has a FIN",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 C>S ACK ack=1001
            4 C>S FIN,ACK ack=1001 sack=2001-3001
        ",
        ),
        Case::Silent(
            "it has data",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 C>S ACK ack=1001 len=5 sack=2001-3001
        ",
        ),
        Case::Fires(
            "with a SACK block",
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
        Case::Fires(
            "with SACK the window may grow",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=2897-4345 win=600
        ",
        ),
        Case::Fires(
            "without SACK",
            7,
            r"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449
        ",
        ),
        Case::Silent(
            "SACK is in use, but no block",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449
        ",
        ),
        Case::Silent(
            "without SACK the window changes",
            7,
            r"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 win=600
        ",
        ),
        Case::Silent(
            "nothing is missing",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            3 S>C ACK
        "#,
        ),
    ];
}
