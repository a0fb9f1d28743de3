//! `captured-twice`: a copy that no timer of TCP can have made.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "captured-twice",
    number: 52,
    title: Text { en: "Captured twice", id: "Terekam dua kali" },
    note: Text {
        en: "The same again after only {after}, sooner than any timer of TCP and without a report that it is \
             missing: most likely one packet that was captured twice{label}. Then {src} sent it only once.",
        id: "Segmen yang sama muncul lagi hanya setelah {after}, lebih cepat daripada timer TCP mana pun dan tanpa \
             laporan bahwa segmen itu belum sampai: kemungkinan besar satu paket yang terekam dua kali{label}. \
             Artinya {src} hanya mengirimnya sekali.",
    },
    more: Text {
        en: "A mirror port that copies a frame where it enters and where it leaves, and a capture on several interfaces \
             that the packet passes, show each packet twice. A network that duplicates packets looks the same, except \
             that the receiver then answers the copy with an ACK of its own.",
        id: "Mirror port yang menyalin frame saat masuk dan saat keluar, serta perekaman pada beberapa interface yang \
             dilalui paket, menampilkan tiap paket dua kali. Jaringan yang menggandakan paket tampak serupa, hanya saja \
             penerima lalu menjawab salinan itu dengan ACK tersendiri.",
    },
    sources: &["RFC 6298 §2", "RFC 8985 §7.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let repeat = facts.repair.repeat.filter(|repeat| repeat.kind == RepeatKind::Copy)?;
    let found = Match::certain().as_sure_as(Certainty::Likely).because_of(repeat.earlier);
    let differs =
        [Labels::FAST_RETRANSMISSION, Labels::OUT_OF_ORDER, Labels::SPURIOUS_RETRANSMISSION, Labels::RETRANSMISSION];
    Some(found.value("after", Value::Duration(repeat.after?)).value("label", context.label_clause(&differs)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "another acknowledgment number makes it another packet",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C FIN,ACK ack=1
            1.2 C>S FIN,ACK seq=1
        ",
        ),
        Case::Fires(
            "ten microseconds later",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.01 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Fires(
            "a SYN",
            2,
            r"
            0     C>S SYN
            0.005 C>S SYN
        ",
        ),
        Case::Fires(
            "a SYN-ACK",
            3,
            r"
            0     C>S SYN
            0.1   S>C SYN,ACK
            0.105 S>C SYN,ACK seq=0
        ",
        ),
        Case::Fires(
            "a FIN, at the same time",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1 C>S FIN,ACK seq=1
        ",
        ),
        Case::Fires(
            "a segment that later ones had overtaken",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=10 seq=11
            1.01 C>S ACK len=10 seq=1
            1.01 C>S ACK len=10 seq=1
        ",
        ),
        Case::Silent(
            "reported missing",
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
            2.2 C>S ACK seq=1 len=1448
        ",
        ),
        Case::Silent(
            "two milliseconds later a timer can have fired",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            3 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "earlier than the copy before: the times of this capture are not in order",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            0.999 C>S PSH,ACK seq=1 "halo"
        "#,
        ),
    ];
}
