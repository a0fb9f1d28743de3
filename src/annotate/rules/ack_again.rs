//! `ack-again`: an ACK that says nothing new, where no other rule knows why.

use super::RULES;
use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "ack-again",
    number: 55,
    title: Text { en: "The same ACK again", id: "ACK yang sama lagi" },
    note: Text {
        en: "{Src} confirms nothing new: it had confirmed the bytes before {ack} already. That is how a TCP answers a \
             segment that brings it nothing new, and what a packet looks like that was captured twice.",
        id: "Tidak ada hal baru yang diakui {src}: byte sebelum {ack} sudah diakuinya. Begitulah TCP menjawab segmen yang \
             tidak membawa hal baru baginya, dan begitu pula tampaknya paket yang terekam dua kali.",
    },
    more: Text {
        en: "Nothing follows from one alone. It is a sign of loss only while bytes are under way and the receiver \
             reports a gap (`dup-ack`); the label duplicate_ack does not ask for that.",
        id: "Dari satu ACK seperti ini saja tidak ada yang dapat disimpulkan. ACK ini baru menjadi tanda kehilangan bila \
             masih ada byte yang belum diakui dan penerima melaporkan lubang (`dup-ack`); label duplicate_ack tidak \
             mensyaratkannya.",
    },
    sources: &["RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let facts = context.bare_ack()?;
    if facts.acked_bytes > 0 || facts.first_ack || facts.acks_fin.is_some() {
        return None;
    }
    let explained = RULES.iter().any(|rule| rule.name != RULE.name && (rule.check)(context).is_some());
    Match::when(!explained)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "nothing asked for it",
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
            "the first one",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
        "#,
        ),
        Case::Silent(
            "another rule knows why",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            5000 C>S ACK seq=4
            5000.1 S>C ACK
        "#,
        ),
    ];
}
