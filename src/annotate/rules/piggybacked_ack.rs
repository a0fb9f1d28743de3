//! E13 `piggybacked-ack`: piggybacked ACK.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "piggybacked-ack",
    number: 13,
    title: Text { en: "Piggybacked ACK", id: "ACK menumpang (piggybacked)" },
    note: Text {
        en: "This segment also acknowledges what {dst} sent before it (ack={ack}), so that needs no ACK segment of \
             its own: the ACK is \"piggybacked\". Once a connection is open, every segment of it carries an ACK \
             number.",
        id: "Segmen ini sekaligus mengakui yang dikirim {dst} sebelumnya (ack={ack}), sehingga tidak perlu segmen \
             ACK tersendiri: ACK-nya menumpang (\"piggybacked\"). Setelah koneksi terbuka, setiap segmennya memuat \
             nomor ACK.",
    },
    more: Text {
        en: "It happens when the program answers before the kernel's timer for delayed ACKs runs out; a slower \
             program gets a separate ACK first. The ACK still speaks for TCP only, even if the data beside it was \
             written by the application.",
        id: "Ini terjadi bila program menjawab sebelum timer delayed ACK di kernel habis; program yang lebih lambat \
             akan didahului ACK tersendiri. ACK tetap hanya berbicara atas nama TCP, walaupun data di sampingnya \
             ditulis oleh aplikasi.",
    },
    sources: &["RFC 9293 §3.10.2", "RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let carries = context.new_data().is_some() || context.new_fin().is_some();
    let acknowledges = facts.acked_bytes > 0 || facts.acks_fin.is_some();
    Match::when(carries && acknowledges).map(|found| found.because_of(facts.acks_frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a quick reply",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C PSH,ACK "ya"
        "#,
        ),
        Case::Fires(
            "on the second FIN",
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
            "nothing new is acknowledged",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
        "#,
        ),
        Case::Silent(
            "an ACK of its own",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
        "#,
        ),
    ];
}
