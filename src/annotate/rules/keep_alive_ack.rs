//! E42 `keep-alive-ack`: answer to a keep-alive.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;
use crate::track::probe::ProbeKind;

pub(super) static RULE: Rule = Rule {
    name: "keep-alive-ack",
    number: 42,
    title: Text { en: "Answer to a keep-alive", id: "Jawaban atas keep-alive" },
    note: Text {
        en: "{Src} is alive: its TCP answers the out-of-date segment with an ACK{label}. The application is not \
             involved.",
        id: "{Src} masih hidup: TCP-nya menjawab segmen yang sudah usang itu dengan ACK{label}. Aplikasi tidak \
             dilibatkan.",
    },
    more: Text {
        en: "The kernel answers even when the program hangs, so a successful keep-alive says nothing about the \
             service. A RST instead would say that the machine has no such connection any more.",
        id: "Kernel menjawab walaupun programnya macet, sehingga keep-alive yang berhasil tidak membuktikan apa pun \
             tentang layanannya. RST sebagai jawaban berarti mesin itu sudah tidak mengenal koneksi tersebut.",
    },
    sources: &["RFC 9293 §3.8.4", "RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let (_, probe) = facts.repair.answers.filter(|(kind, _)| *kind == ProbeKind::KeepAlive)?;
    let label = context.label_clause(&[Labels::WINDOW_UPDATE, Labels::DUPLICATE_ACK]);
    Some(Match::certain().value("label", label).because_of(probe))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the same ACK again",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 C>S ACK seq=4
            2000.1 S>C ACK
        "#,
        ),
        Case::Fires(
            "with another window",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 C>S ACK seq=4
            2000.1 S>C ACK win=600
        "#,
        ),
        Case::Silent(
            "an answer to a zero-window probe",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            220 C>S ACK seq=1448
            220.1 S>C ACK win=0
        ",
        ),
        Case::Silent(
            "nothing was asked",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 S>C ACK
        "#,
        ),
    ];
}
