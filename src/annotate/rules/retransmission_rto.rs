//! E31 `retransmission-rto`: retransmission after a timeout.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "retransmission-rto",
    number: 31,
    title: Text { en: "Retransmission after a timeout", id: "Retransmisi setelah timeout" },
    note: Text {
        en: "No ACK for these bytes had reached {src} after {ms} ms, so it sends them again{label}{counted}. Each further \
             timeout doubles the wait, up to a limit; whether the segment or its ACK was lost or is only late, this packet does not \
             tell.",
        id: "Setelah {ms} ms belum ada ACK untuk byte ini yang sampai di {src}, sehingga ia mengirimnya lagi{label}{counted}. \
             Setiap timeout berikutnya melipatduakan waktu tunggu, sampai batas tertentu; apakah segmen atau ACK-nya hilang atau hanya \
             terlambat, tidak terlihat dari paket ini.",
    },
    more: Text {
        en: "The time is counted from the copy before. SYN and FIN are repeated in the same way, because each takes a \
             sequence number. The timer follows the measured round trip and is at least 200 ms on Linux (one second \
             by the RFC); its doubling protects a congested network.",
        id: "Waktu dihitung dari salinan sebelumnya. SYN dan FIN diulang dengan cara yang sama karena masing-masing \
             memakai nomor urut. Timer mengikuti waktu pulang-pergi yang terukur dan paling sedikit 200 ms di Linux \
             (satu detik menurut RFC); pelipatduaannya melindungi jaringan yang padat.",
    },
    sources: &["RFC 9293 §3.8.1", "RFC 6298 §5"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let repeat = facts.repair.repeat?;
    let certainty = match repeat.kind {
        RepeatKind::Timeout if repeat.counted => Certainty::Certain,
        RepeatKind::Timeout if facts.repeated => Certainty::Likely,
        // The copy before was not captured; or a probe, which comes no later than the timeout (RFC 8985 section 7.2), is likelier.
        RepeatKind::Timeout | RepeatKind::TimeoutOrProbe => Certainty::Possible,
        _ => return None,
    };
    let counted = Text {
        en: "; the counters of its kernel decide it: TCPTimeouts, but no TCPLossProbes",
        id: "; penghitung kernel-nya memastikan: TCPTimeouts, tanpa TCPLossProbes",
    };
    let counted = if repeat.counted { counted } else { Text { en: "", id: "" } };
    let found = Match::certain().as_sure_as(certainty).because_of(repeat.earlier);
    let differs = [Labels::OUT_OF_ORDER, Labels::SPURIOUS_RETRANSMISSION, Labels::KEEP_ALIVE];
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
        Case::Fires(
            "just after a packet of the other end",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            299.5 S>C PSH,ACK ack=1 "x"
            300 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Fires(
            "what was acknowledged long ago is repeated all the same",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "satu"
            1.1 C>S PSH,ACK "dua"
            2 S>C ACK
            851 C>S PSH,ACK seq=1 "satu"
        "#,
        ),
        Case::Fires(
            "nothing came for 205 ms",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            206 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Fires(
            "and again after twice the time",
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
        Case::Fires(
            "a FIN",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            220 C>S FIN,ACK seq=1
        ",
        ),
        Case::Fires(
            "the ACK was captured, but did not arrive",
            8,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            2 S>C FIN,ACK
            2.1 C>S ACK
            230 S>C FIN,ACK seq=1
        ",
        ),
        Case::Silent(
            "reported missing, repeated at once",
            9,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 C>S ACK len=1448
            1.2 C>S ACK len=1448
            2 S>C ACK ack=1 sack=1449-2897
            2.1 S>C ACK ack=1 sack=1449-4345
            3 C>S ACK seq=1 len=1448
        ",
        ),
        Case::Silent(
            "the same packet captured twice",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.01 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "a keep-alive",
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
    ];
}
