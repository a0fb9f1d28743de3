//! `retransmission-unclear`: sent again, and the packets do not show why.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "retransmission-unclear",
    number: 53,
    title: Text { en: "Sent again, cause not visible", id: "Dikirim lagi, sebabnya tidak terlihat" },
    note: Text {
        en: "{Src} sends bytes that it had sent before{label}. The capture does not show why: nothing in it reports them \
             missing, and {why}.",
        id: "{Src} mengirim byte yang sudah pernah dikirimnya{label}. Sebabnya tidak terlihat di capture ini: tidak \
             ada laporan bahwa byte itu belum sampai, dan {why}.",
    },
    more: Text {
        en: "A report that the capture missed, a timer shorter than the usual ones, and a copy made on the way all look \
             like this. That something was lost does not follow from a repeat.",
        id: "Laporan yang luput dari perekaman, timer yang lebih singkat daripada lazimnya, dan salinan yang terjadi di \
             jalan semuanya tampak seperti ini. Pengulangan saja tidak membuktikan bahwa ada yang hilang.",
    },
    sources: &["RFC 9293 §3.8.1"],
    check,
};

const NO_TIMER: Text = Text {
    en: "the time since the copy before fits neither a timeout nor a tail loss probe",
    id: "waktu sejak salinan sebelumnya tidak cocok dengan timeout maupun tail loss probe",
};
const NO_TIME: Text =
    Text { en: "when they were sent last is not known", id: "kapan terakhir dikirim tidak diketahui" };

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let repeat = facts.repair.repeat.filter(|repeat| repeat.kind == RepeatKind::Unknown)?;
    let why = if repeat.after.is_some_and(|after| after >= 0) { NO_TIMER } else { NO_TIME };
    let differs = [Labels::FAST_RETRANSMISSION, Labels::OUT_OF_ORDER, Labels::SPURIOUS_RETRANSMISSION];
    let found = Match::certain().because_of(repeat.earlier);
    Some(found.value("why", Value::Text(why)).value("label", context.label_clause(&differs)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "not the last segment, after 30 ms",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "satu"
            1.1 C>S PSH,ACK "dua"
            31 C>S PSH,ACK seq=1 "satu"
        "#,
        ),
        Case::Fires(
            "times that run backwards",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            0.999 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Fires(
            "no times at all",
            5,
            r#"
            ? C>S SYN mss=1460
            ? S>C SYN,ACK mss=1460
            ? C>S ACK
            ? C>S PSH,ACK "halo"
            ? C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "after 205 ms a timer has fired",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "satu"
            1.1 C>S PSH,ACK "dua"
            206 C>S PSH,ACK seq=1 "satu"
        "#,
        ),
        Case::Silent(
            "captured twice",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.01 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
    ];
}
