//! E22 `simultaneous-close`: both ends close at once.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::FinFact;

pub(super) static RULE: Rule = Rule {
    name: "simultaneous-close",
    number: 22,
    title: Text { en: "Both ends close at once", id: "Kedua ujung menutup bersamaan" },
    note: Text {
        en: "The two FINs crossed: neither end had seen the other's when it sent its own. An end that receives a \
             FIN while its own is not yet acknowledged goes through CLOSING and then waits in TIME-WAIT{itself}.",
        id: "Kedua FIN berpapasan: tiap ujung mengirim FIN sebelum melihat FIN lawannya. Ujung yang menerima FIN \
             ketika FIN-nya sendiri belum diakui melewati CLOSING, lalu menunggu di TIME-WAIT{itself}.",
    },
    more: Text {
        en: "The proof is in the numbers: the second FIN does not acknowledge the first. Neither end is the passive \
             closer, so there is no CLOSE-WAIT and no LAST-ACK, and usually both ends keep a TIME-WAIT. Each FIN is \
             acknowledged by a segment of its own; this annotation stands at those ACKs too.",
        id: "Buktinya ada pada nomor: FIN kedua tidak mengakui FIN pertama. Tidak ada penutup pasif, sehingga tidak \
             ada CLOSE-WAIT maupun LAST-ACK, dan biasanya kedua ujung menyimpan TIME-WAIT. Tiap FIN diakui oleh \
             segmen tersendiri; anotasi ini juga muncul pada ACK tersebut.",
    },
    sources: &["RFC 9293 §3.6", "RFC 9293 §3.10.7.4"],
    check,
};

const ITSELF: Text = Text {
    en: "; here one socket is both ends, and the FIN that came is its own",
    id: "; di sini satu socket menjadi kedua ujung, dan FIN yang datang adalah FIN-nya sendiri",
};

fn check(context: &Context<'_>) -> Option<Match> {
    let found = if let Some(FinFact::Crossing(first)) = context.new_fin() {
        Match::certain().because_of(first)
    } else {
        let acked = context.acked_fin()?;
        Match::when(context.fins_crossed())?.because_of(acked)
    };
    Some(found.value("itself", context.itself_clause(ITSELF)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
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
        Case::Fires(
            "the first ACK of a crossing FIN",
            6,
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
        Case::Fires(
            "the second",
            7,
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
        Case::Silent(
            "the second FIN acknowledges the first",
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
            "the first FIN does not show it yet",
            4,
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
