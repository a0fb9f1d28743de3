//! E35 `fast-retransmission`: fast retransmission.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "fast-retransmission",
    number: 35,
    title: Text { en: "Fast retransmission", id: "Retransmisi cepat (fast retransmission)" },
    note: Text {
        en: "Duplicate ACKs or SACK blocks of {dst} report these bytes as missing, so {src} sends them again before \
             its timer expires{label}. The next ACK should jump over the filled gap.",
        id: "ACK duplikat atau blok SACK dari {dst} melaporkan byte ini belum ada, sehingga {src} mengirimnya lagi \
             sebelum timer habis{label}. ACK berikutnya seharusnya melompati lubang yang sudah terisi.",
    },
    more: Text {
        en: "Reported missing is not yet lost: a segment that is only late is reported in the same way, and then a \
             duplicate SACK follows. Modern senders go by the time that has passed since later segments were \
             acknowledged rather than by a count of three.",
        id: "Dilaporkan belum ada bukan berarti hilang: segmen yang hanya terlambat dilaporkan dengan cara yang sama, \
             lalu muncul duplicate SACK. Pengirim modern lebih berpatokan pada waktu sejak segmen sesudahnya diakui \
             daripada hitungan tiga.",
    },
    sources: &["RFC 5681 §3.2", "RFC 8985 §6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let repeat = facts.repair.repeat.filter(|repeat| repeat.kind == RepeatKind::Fast)?;
    let found = Match::certain().as_sure_as(Certainty::Likely).because_of(repeat.earlier);
    Some(found.value("label", context.label_clause(&[Labels::OUT_OF_ORDER])))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "SACK reports the gap",
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
        Case::Fires(
            "three duplicates without SACK",
            11,
            r"
            0    C>S SYN mss=1460 ws=7
            0.1  S>C SYN,ACK mss=1460 ws=7
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 C>S ACK len=1448
            1.2 C>S ACK len=1448
            1.3 S>C ACK ack=1
            1.4 S>C ACK ack=1
            1.5 S>C ACK ack=1
            1.6 S>C ACK ack=1
            3 C>S ACK seq=1 len=1448
        ",
        ),
        Case::Fires(
            "the first copy was lost before the capture",
            8,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=2897-4345
            12 C>S ACK seq=1449 len=1448
        ",
        ),
        Case::Silent(
            "long after the last ACK the timer did it",
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
            320 C>S ACK seq=1 len=1448
        ",
        ),
        Case::Silent(
            "nobody complained",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 C>S ACK len=1448
            9 C>S ACK seq=1449 len=1448
        ",
        ),
    ];
}
