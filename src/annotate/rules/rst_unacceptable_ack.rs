//! E54 `rst-unacceptable-ack`: an end that is still opening does not know the numbers it is told.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::State;
use crate::track::step::RstKind;

pub(super) static RULE: Rule = Rule {
    name: "rst-unacceptable-ack",
    number: 54,
    title: Text { en: "The ACK belongs to no connection of this end", id: "ACK itu bukan milik koneksi ujung ini" },
    note: Text {
        en: "{Src} is waiting for the answer to its SYN, and the ACK that came acknowledges nothing that it has sent: \
             it answers with RST, takes the number ({seq}) from that ACK, and goes on waiting. If {dst} still holds an \
             older connection, the RST ends that one.",
        id: "{Src} sedang menunggu jawaban atas SYN-nya, sedangkan ACK yang datang tidak mengakui apa pun yang \
             dikirimnya: ia membalas dengan RST yang nomornya ({seq}) diambil dari ACK itu, lalu tetap menunggu. Bila \
             {dst} masih menyimpan koneksi lama, RST ini mengakhirinya.",
    },
    more: Text {
        en: "This is how a half-open connection is found out: one end has lost it and opens a new one from the same \
             port, the other still has the old one and answers the SYN with the numbers of that. The RST clears the \
             way; the SYN is then sent again and meets a listener.",
        id: "Dengan cara inilah koneksi half-open ketahuan: satu ujung sudah kehilangan koneksinya dan membuka yang \
             baru dari port yang sama, ujung lain masih menyimpan yang lama dan menjawab SYN dengan nomor koneksi \
             lama. RST membuka jalan; SYN kemudian dikirim lagi dan sampai ke listener.",
    },
    sources: &["RFC 9293 §3.5.1", "RFC 9293 §3.10.7.3"],
    check,
};

pub(super) fn check(context: &Context<'_>) -> Option<Match> {
    let (_, step, facts) = context.tcp()?;
    let RstKind::Answer(frame) = facts.rst?.kind else { return None };
    let waits = step.before.of(context.from()?) == Some(State::SynSent);
    waits.then(|| Match::certain().because_of(frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a client that forgot the connection, and a server that has not",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            5000 C>S SYN seq=99000
            5000.1 S>C ACK ack=5
            5000.2 C>S RST seq=5
        "#,
        ),
        Case::Silent(
            "an open end without a socket",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C RST
        "#,
        ),
    ];
}
