//! E39 `zero-window-probe`: zero-window probe.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;
use crate::track::probe::ProbeKind;

pub(super) static RULE: Rule = Rule {
    name: "zero-window-probe",
    number: 39,
    title: Text { en: "Zero-window probe", id: "Probe window nol" },
    note: Text {
        en: "{Dst} had closed its window, and {src} asks whether it has opened; Linux does so with an old sequence \
             number and no data, which looks like a keep-alive{label}. The interval doubles from probe to probe.",
        id: "{Dst} telah menutup window-nya, dan {src} menanyakan apakah sudah terbuka; Linux melakukannya dengan \
             nomor urut lama tanpa data, sehingga mirip keep-alive{label}. Jaraknya berlipat dua dari probe ke probe.",
    },
    more: Text {
        en: "The sender must ask: a window update is a pure ACK, is never repeated, and if it got lost both ends \
             would wait for ever. The RFC describes a probe with one byte of data. Every probe has the right to an \
             answer with the present window, even if that is still zero; Linux limits how often it answers.",
        id: "Pengirim harus bertanya: window update adalah ACK murni yang tidak pernah diulang, dan bila hilang kedua \
             ujung akan menunggu selamanya. RFC menggambarkan probe dengan satu byte data. Setiap probe berhak \
             dijawab dengan window saat ini, walaupun masih nol; Linux membatasi seberapa sering ia menjawab.",
    },
    sources: &["RFC 9293 §3.8.6.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    let probe = facts.repair.probe.filter(|probe| probe.kind == ProbeKind::ZeroWindow)?;
    // One byte may also have been on its way when the window closed.
    let certainty = if segment.len == 0 { Certainty::Certain } else { Certainty::Likely };
    let label = context.label_clause(&[Labels::KEEP_ALIVE]);
    Some(Match::certain().as_sure_as(certainty).value("label", label).because_of(probe.closed))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "as Linux sends it",
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
        Case::Fires(
            "with one byte",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            220 C>S ACK len=1
        ",
        ),
        Case::Silent(
            "the window is open: a keep-alive",
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
        Case::Silent(
            "the window had opened again",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            100 S>C ACK win=502
            2000 C>S ACK seq=1448
        ",
        ),
    ];
}
