//! E32 `tail-loss-probe`: tail loss probe.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "tail-loss-probe",
    number: 32,
    title: Text { en: "Tail loss probe", id: "Tail loss probe (TLP)" },
    note: Text {
        en: "{Src} repeats its last segment after {ms} ms: this fits a tail loss probe, sent to provoke an \
             ACK{label}{counted}. If the peer was only delaying its ACK, nothing is missing, and a duplicate SACK follows.",
        id: "{Src} mengulang segmen terakhirnya setelah {ms} ms: ini sesuai dengan tail loss probe, yang dikirim \
             untuk memancing ACK{label}{counted}. Bila lawan hanya menunda ACK-nya, tidak ada yang kurang, dan akan muncul \
             duplicate SACK.",
    },
    more: Text {
        en: "When the last segments of a burst are lost, no later segment makes the receiver complain, so the sender \
             asks long before its timeout. The first repeat of a single segment may be the probe or the timeout; the \
             waits that follow do not double until after the probe.",
        id: "Bila segmen terakhir dari satu rangkaian hilang, tidak ada segmen sesudahnya yang membuat penerima \
             mengeluh, sehingga pengirim bertanya jauh sebelum timeout. Pengulangan pertama dari satu segmen tunggal \
             bisa berupa probe atau timeout; setelah probe itu, barulah jarak antarpengulangan berlipat dua.",
    },
    sources: &["RFC 8985 §7"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let repeat = facts.repair.repeat?;
    let certainty = match repeat.kind {
        RepeatKind::TailProbe if repeat.counted => Certainty::Certain,
        RepeatKind::TailProbe | RepeatKind::TimeoutOrProbe => Certainty::Likely,
        _ => return None,
    };
    let counted = Text {
        en: "; the counters of its kernel decide it: TCPLossProbes, but no TCPTimeouts",
        id: "; penghitung kernel-nya memastikan: TCPLossProbes, tanpa TCPTimeouts",
    };
    let counted = if repeat.counted { counted } else { Text { en: "", id: "" } };
    let found = Match::certain().as_sure_as(certainty).because_of(repeat.earlier);
    let differs = [Labels::OUT_OF_ORDER, Labels::SPURIOUS_RETRANSMISSION];
    Some(
        found
            .value("ms", Value::Millis(repeat.after?))
            .value("label", context.label_clause(&differs))
            .value("counted", Value::Text(counted)),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "more than the last segment",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            1.1 C>S PSH,ACK len=10
            30 C>S PSH,ACK seq=1 len=20
        ",
        ),
        Case::Silent(
            "a FIN again that answers the one that crossed it",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            300 S>C FIN,ACK ack=1
            300.1 C>S FIN,ACK seq=1
        ",
        ),
        Case::Silent(
            "only who is told by SACK what arrived sends a probe",
            5,
            r#"
            0    C>S SYN mss=1460
            0.1  S>C SYN,ACK mss=1460 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            206 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Fires(
            "the FIN after unacknowledged data",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "close"
            1.1 C>S FIN,ACK
            9 C>S FIN,ACK seq=6
        "#,
        ),
        Case::Fires(
            "one segment, after 205 ms: probe or timeout",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            206 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "the second repeat",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            206 C>S PSH,ACK seq=1 "halo"
            620 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "not the last segment",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "close"
            1.1 C>S FIN,ACK
            230 C>S PSH,ACK seq=1 "close"
        "#,
        ),
        Case::Silent(
            "new data",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            9 C>S PSH,ACK "lagi"
        "#,
        ),
    ];
}
