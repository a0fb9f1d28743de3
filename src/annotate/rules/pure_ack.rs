//! E11 `pure-ack`: acknowledgment.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "pure-ack",
    number: 11,
    title: Text { en: "Acknowledgment", id: "Pengakuan (ACK)" },
    note: Text {
        en: "{Src} confirms that all bytes before {ack} have reached its TCP. It does not say that the application \
             has read or understood them.",
        id: "{Src} menegaskan bahwa semua byte sebelum {ack} sudah sampai di TCP-nya. Ini tidak berarti aplikasi \
             sudah membaca atau memahaminya.",
    },
    more: Text {
        en: "The number names the next byte expected, and covers everything before it, however many segments that \
             was. A pure ACK takes no sequence number and is itself never acknowledged.",
        id: "Nomor itu menyebut byte berikutnya yang ditunggu, dan mencakup semua sebelumnya, berapa pun jumlah \
             segmennya. ACK murni tidak memakai nomor urut dan tidak pernah diakui.",
    },
    sources: &["RFC 9293 §3.4", "RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let facts = context.bare_ack()?;
    let special = facts.completes_handshake || facts.acks_fin.is_some() || facts.repair.challenges.is_some();
    // What the first one of a capture without the beginning covers was sent before the capture began.
    let covers = facts.acked_bytes > 0 || facts.first_ack && facts.mid_stream;
    Match::when(covers && !special).map(|found| found.because_of(facts.acks_frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "data is acknowledged",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
        "#,
        ),
        Case::Fires(
            "of what was sent before the capture began",
            1,
            r"
            0    C>S ACK
            1    S>C PSH,ACK len=9
        ",
        ),
        Case::Silent(
            "the same ACK again",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C ACK
        "#,
        ),
        Case::Silent(
            "the handshake's",
            3,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "a FIN is acknowledged",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  C>S FIN,ACK
            2    S>C ACK
        "#,
        ),
    ];
}
