//! E14 `nagle-hold`: held back by the Nagle algorithm.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "nagle-hold",
    number: 14,
    title: Text { en: "Held back by the Nagle algorithm", id: "Ditahan algoritma Nagle" },
    note: Text {
        en: "{Src} sends {n} right after the ACK for its small segment before, which took {ms} ms: the Nagle \
             algorithm probably held the bytes back until then. TCP_NODELAY, or one larger write, avoids the wait.",
        id: "{Src} mengirim {n} tepat setelah ACK untuk segmen kecil sebelumnya, yang datang sesudah {ms} ms: \
             kemungkinan algoritma Nagle menahan byte ini sampai saat itu. TCP_NODELAY, atau satu penulisan yang \
             lebih besar, menghindari penantian ini.",
    },
    more: Text {
        en: "A small segment may leave only when nothing is unacknowledged. If the other end delays its ACK (about 40 \
             ms on Linux) because it waits for the rest of the request, both wait for each other. PSH does not help. \
             A program that happened to write at this very moment would look the same.",
        id: "Segmen kecil hanya boleh berangkat bila tidak ada data yang belum diakui. Bila ujung lain menunda ACK \
             (sekitar 40 ms di Linux) karena menunggu sisa request, keduanya saling menunggu. PSH tidak membantu. \
             Program yang kebetulan menulis tepat pada saat ini akan tampak sama.",
    },
    sources: &["RFC 9293 §3.7.4"],
    check,
};

/// A shorter wait is worth no remark.
const NOTICEABLE: i64 = 20_000_000;

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let (ack, waited) = facts.repair.held_for_ack.filter(|(_, waited)| *waited >= NOTICEABLE)?;
    Some(Match::certain().as_sure_as(Certainty::Likely).value("ms", Value::Millis(waited)).because_of(ack))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "two milliseconds later is not at once",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C ACK
            46 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "a closed window holds back as well",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            2 S>C ACK ack=1 win=0
            44 S>C ACK
            44.1 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "nor are two segments under way",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            1.1 C>S PSH,ACK len=10
            44 S>C ACK
            44.1 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "behind a full segment nothing is held",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1460
            44 S>C ACK
            44.1 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "what is sent again was not held",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C ACK
            44.1 C>S PSH,ACK len=10 seq=1
        ",
        ),
        Case::Silent(
            "nothing was held that has no data",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C ACK
            44.1 C>S ACK
        ",
        ),
        Case::Fires(
            "the second write leaves with the late ACK",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C ACK
            44.1 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "full segments are never held, whoever announced their size",
            6,
            r"
            0    C>S SYN mss=1380
            0.1  S>C SYN,ACK mss=1460
            0.2  C>S ACK
            1 C>S ACK len=1380
            44 S>C ACK
            44.1 C>S PSH,ACK len=1380
        ",
        ),
        Case::Silent(
            "timestamps take a part of it",
            6,
            r"
            0    C>S SYN mss=1460 ts=1,0
            0.1  S>C SYN,ACK mss=1460 ts=1,1
            0.2  C>S ACK ts=1,1
            1 C>S ACK len=100 ts=1,1
            44 S>C ACK ts=1,1
            44.1 C>S PSH,ACK len=1448 ts=1,1
        ",
        ),
        Case::Silent(
            "without Nagle it leaves at once",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            1.1 C>S PSH,ACK len=10
            44 S>C ACK
        ",
        ),
        Case::Silent(
            "the program wrote later",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C ACK
            60 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "the ACK came on an answer",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            44 S>C PSH,ACK len=5
            44.1 C>S PSH,ACK len=10
        ",
        ),
        Case::Silent(
            "the ACK came at once",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            1.1 S>C ACK
            1.2 C>S PSH,ACK len=10
        ",
        ),
    ];
}
