//! E19 `fin-ack-merged`: FIN that also acknowledges the first FIN.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::FinFact;

pub(super) static RULE: Rule = Rule {
    name: "fin-ack-merged",
    number: 19,
    title: Text { en: "FIN that also acknowledges the first FIN", id: "FIN yang sekaligus mengakui FIN pertama" },
    note: Text {
        en: "This segment does two jobs: it acknowledges the FIN of {dst} and carries {src}'s own FIN. So no \
             separate ACK lies between the two FINs, and three segments are enough for the close instead of four.",
        id: "Segmen ini mengerjakan dua hal: mengakui FIN dari {dst} dan membawa FIN milik {src} sendiri. Karena \
             itu tidak ada ACK tersendiri di antara kedua FIN, dan penutupan cukup tiga segmen, bukan empat.",
    },
    more: Text {
        en: "The \"four-way close\" has four steps; how many segments they take depends on how soon the second \
             program closes. If it does so before its kernel has sent the ACK, both travel together, which is the \
             usual case. Unless data lies between the two FINs there is no half-closed time at all.",
        id: "\"Four-way close\" terdiri atas empat langkah; jumlah segmennya bergantung pada seberapa cepat program \
             kedua menutup. Bila ia menutup sebelum kernel-nya mengirim ACK, keduanya berangkat bersama, dan inilah \
             yang lazim. Selama tidak ada data di antara kedua FIN, tidak ada masa half-closed sama sekali.",
    },
    sources: &["RFC 9293 §3.6", "RFC 9293 §3.3.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let FinFact::Merged(first) = context.new_fin()? else { return None };
    Some(Match::certain().because_of(first))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "FIN and ACK together",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
        ",
        ),
        Case::Silent(
            "a separate ACK came first",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            9    S>C FIN,ACK
            9.1  C>S ACK
        ",
        ),
        Case::Silent(
            "the FINs cross",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK ack=1
            20   C>S ACK
            20.1 S>C ACK
        ",
        ),
    ];
}
