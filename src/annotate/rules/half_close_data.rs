//! E17 `half-close-data`: data after the peer's FIN.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "half-close-data",
    number: 17,
    title: Text { en: "Data after the peer's FIN", id: "Data setelah FIN dari lawan" },
    note: Text {
        en: "{N} after the FIN of {dst}: that is legal, because the direction from {src} to {dst} is still open. \
             The data reaches the program at {dst} only if it used shutdown(SHUT_WR); after close() the answer is \
             RST.",
        id: "{N} setelah FIN dari {dst}: ini sah, karena arah dari {src} ke {dst} masih terbuka. Data ini sampai ke \
             program di {dst} hanya bila ia memakai shutdown(SHUT_WR); setelah close() balasannya RST.",
    },
    more: Text {
        en: "A FIN closes one direction and says nothing about the other. Which of the two happened shows in the \
             answer: an ACK means that the other end still receives, a RST that its socket was gone. Data that was \
             already on its way when the FIN came looks the same here.",
        id: "FIN menutup satu arah dan tidak mengatakan apa pun tentang arah lain. Yang mana yang terjadi terlihat \
             dari jawabannya: ACK berarti ujung lain masih menerima, RST berarti socket-nya sudah tidak ada. Data \
             yang sudah di jalan ketika FIN datang tampak sama di sini.",
    },
    sources: &["RFC 9293 §3.6.1", "RFC 9293 §3.6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.new_data()?;
    Some(Match::certain().because_of(facts.after_peer_fin?))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "after the FIN and its ACK",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            2    S>C PSH,ACK "masih"
            2.1  C>S RST
        "#,
        ),
        Case::Fires(
            "with the ACK in it",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C PSH,ACK "masih"
        "#,
        ),
        Case::Silent(
            "before the FIN",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C PSH,ACK "masih"
            2    C>S FIN,ACK
        "#,
        ),
        Case::Silent(
            "sent before the FIN, repeated after it",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C PSH,ACK "masih"
            1.1  C>S FIN,ACK
            220  S>C PSH,ACK seq=1 "masih"
        "#,
        ),
    ];
}
