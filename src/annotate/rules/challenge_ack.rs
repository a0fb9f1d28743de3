//! E30 `challenge-ack`: challenge ACK.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;

pub(super) static RULE: Rule = Rule {
    name: "challenge-ack",
    number: 30,
    title: Text { en: "Challenge ACK", id: "ACK pemeriksa (challenge ACK)" },
    note: Text {
        en: "{Src} still knows this connection and does not take the segment before as it is, so it replies with the \
             ACK that its own numbers call for{label}. A peer that really restarted answers with RST, and the old \
             connection is dropped.",
        id: "{Src} masih mengenal koneksi ini dan tidak begitu saja menerima segmen sebelumnya, sehingga membalas \
             dengan ACK menurut nomornya sendiri{label}. Lawan yang memang baru saja dijalankan ulang akan menjawab \
             dengan RST, lalu koneksi lama dibuang.",
    },
    more: Text {
        en: "A SYN on a live connection, or a RST inside the window whose number is not exactly the expected one, \
             could come from anybody. The ACK asks the peer to confirm; it belongs to the numbers of the old \
             connection.",
        id: "SYN pada koneksi yang masih hidup, atau RST di dalam window yang nomornya tidak tepat, bisa dikirim \
             siapa saja. ACK ini meminta konfirmasi dari lawan; nomornya milik koneksi lama.",
    },
    sources: &["RFC 9293 §3.10.7.4", "RFC 5961 §3.2", "RFC 5961 §4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let asked = facts.repair.challenges?;
    let found = Match::certain().as_sure_as(Certainty::Likely).because_of(asked);
    Some(found.value("label", context.label_clause(&[Labels::DUPLICATE_ACK])))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "an ACK of data, behind a copy of the SYN",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 C>S SYN seq=0
            2 S>C ACK
        "#,
        ),
        Case::Fires(
            "a SYN of a client that forgot the connection",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            5000 C>S SYN seq=99000
            5000.1 S>C ACK ack=5
        "#,
        ),
        Case::Fires(
            "a RST in the window, not exact",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C RST seq=100
            1.1 C>S ACK ack=1
        ",
        ),
        Case::Silent(
            "an ordinary SYN-ACK",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "the ACK of the handshake",
            3,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "the same ACK without a cause",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            3 S>C ACK
        "#,
        ),
    ];
}
