//! E37 `out-of-order`: out of order.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;

pub(super) static RULE: Rule = Rule {
    name: "out-of-order",
    number: 37,
    title: Text { en: "Overtaken on the way", id: "Tersusul di jalan" },
    note: Text {
        en: "These bytes lie before others that were captured already, and were not seen before: a later segment \
             probably overtook this one{label}. TCP keeps the bytes in order for the application, so the program does \
             not notice.",
        id: "Byte ini berada sebelum byte lain yang sudah terekam, dan belum pernah terlihat: kemungkinan segmen \
             sesudahnya menyusul segmen ini{label}. TCP menyusun kembali urutan byte, sehingga program tidak \
             menyadarinya.",
    },
    more: Text {
        en: "An answer to a duplicate ACK takes a round trip; what comes sooner cannot be one, so it was sent before. \
             Where the capture stands matters: near the sender the order is still right, near the receiver it is what \
             arrived. A segment that comes later than a round trip is more likely a retransmission whose first copy \
             was lost before the place of capture.",
        id: "Jawaban atas ACK duplikat memerlukan satu waktu pulang-pergi; yang datang lebih cepat bukan jawaban, \
             jadi memang dikirim lebih dahulu. Letak capture berpengaruh: di dekat pengirim urutannya masih benar, di \
             dekat penerima tampak urutan kedatangan. Segmen yang datang lebih lambat dari satu pulang-pergi lebih \
             mungkin retransmisi yang salinan pertamanya hilang sebelum titik capture.",
    },
    sources: &["RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let (overtaker, after) = facts.repair.overtaken?;
    let quick = after.zip(context.conn?.rtt).is_some_and(|(after, round_trip)| after < round_trip);
    let certainty = if quick { Certainty::Likely } else { Certainty::Possible };
    let label = context.label_clause(&[Labels::RETRANSMISSION]);
    Some(Match::certain().as_sure_as(certainty).value("label", label).because_of(overtaker))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "within a round trip",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            40   S>C SYN,ACK mss=1460 ws=7 sack_ok
            40.1 C>S ACK
            100 C>S ACK len=1448
            100.1 C>S ACK seq=2897 len=1448
            100.3 C>S ACK seq=1449 len=1448
        ",
        ),
        Case::Fires(
            "the round trip is not known",
            3,
            r"
            1 C>S ACK len=1448
            1.1 C>S ACK seq=2897 len=1448
            1.3 C>S ACK seq=1449 len=1448
        ",
        ),
        Case::Silent(
            "reported missing, a round trip later",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            40   S>C SYN,ACK mss=1460 ws=7 sack_ok
            40.1 C>S ACK
            100 C>S ACK len=1448
            100.1 C>S ACK seq=2897 len=1448
            100.2 S>C ACK ack=1449 sack=2897-4345
            141 C>S ACK seq=1449 len=1448
        ",
        ),
        Case::Silent(
            "sent before",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            40   S>C SYN,ACK mss=1460 ws=7 sack_ok
            40.1 C>S ACK
            100 C>S ACK len=1448
            100.1 C>S ACK len=1448
            100.3 C>S ACK seq=1 len=1448
        ",
        ),
        Case::Silent(
            "the next in order",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            40   S>C SYN,ACK mss=1460 ws=7 sack_ok
            40.1 C>S ACK
            100 C>S ACK len=1448
            100.1 C>S ACK len=1448
        ",
        ),
    ];
}
