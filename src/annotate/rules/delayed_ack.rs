//! E12 `delayed-ack`: delayed ACK.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "delayed-ack",
    number: 12,
    title: Text { en: "Delayed ACK", id: "ACK tertunda (delayed ACK)" },
    note: Text {
        en: "{Src} waited {ms} ms with this ACK, in the hope of sending it together with data. The RFC allows less \
             than 500 ms; Linux normally waits about 40 ms.",
        id: "{Src} menunda ACK ini selama {ms} ms dengan harapan dapat mengirimnya bersama data. RFC membolehkan \
             kurang dari 500 ms; Linux umumnya menunggu sekitar 40 ms.",
    },
    more: Text {
        en: "The time is counted from the oldest segment that the ACK covers, less the round trip measured in the \
             handshake. It is a timer of the kernel: the program neither asked for it nor notices it, unless the \
             other end waits for this ACK before it sends on (Nagle's algorithm). A lost and repeated segment can \
             look the same.",
        id: "Waktunya dihitung dari segmen tertua yang diakui, dikurangi waktu pulang-pergi yang terukur saat \
             handshake. Ini timer kernel: program tidak memintanya dan tidak merasakannya, kecuali bila ujung lain \
             menunggu ACK ini sebelum mengirim lagi (algoritma Nagle). Segmen yang hilang lalu diulang dapat tampak \
             serupa.",
    },
    sources: &["RFC 9293 §3.8.6.3", "RFC 5681 §4.2"],
    check,
};

/// An ACK that comes later than this was held back; 20 ms leave room for a busy machine.
const HELD_BACK: i64 = 20_000_000;
/// No TCP may hold an ACK back for longer (RFC 9293 section 3.8.6.3, MUST-58).
const LIMIT: i64 = 500_000_000;

fn check(context: &Context<'_>) -> Option<Match> {
    let facts = context.bare_ack()?;
    if facts.completes_handshake || facts.acked_bytes == 0 && facts.acks_fin.is_none() {
        return None;
    }
    // What the way takes is no waiting: the capture may stand far from the end that acknowledges.
    let waited = facts.ack_delay?.saturating_sub(context.way_to_sender()?);
    let found = Match::when((HELD_BACK..LIMIT).contains(&waited))?.value("ms", Value::Millis(waited));
    // A segment that was lost and repeated on the way gives the same times.
    Some(found.as_sure_as(Certainty::Likely).because_of(facts.acks_frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "41 ms after the data",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            42   S>C ACK
        "#,
        ),
        Case::Fires(
            "the FIN is acknowledged late",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            42   S>C ACK
        ",
        ),
        Case::Silent(
            "at once",
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
            "captured at the client, the way takes 80 ms",
            5,
            r#"
            0    C>S SYN
            80   S>C SYN,ACK
            80.1 C>S ACK
            100  C>S PSH,ACK "halo"
            181  S>C ACK
        "#,
        ),
        Case::Silent(
            "no TCP waits for so long",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            900  S>C ACK
        "#,
        ),
        Case::Silent(
            "on data",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            42   S>C PSH,ACK "ya"
        "#,
        ),
        Case::Silent(
            "the way is not known",
            2,
            r#"
            0    C>S PSH,ACK "halo"
            41   S>C ACK
        "#,
        ),
        Case::Silent(
            "SYNs that crossed do not show the way",
            9,
            r"
            0    C>S SYN
            1    S>C SYN
            150  S>C SYN,ACK
            151  C>S SYN,ACK
            300  C>S ACK
            301  S>C ACK
            450  C>S FIN,ACK
            600  S>C FIN,ACK
            751  C>S ACK
        ",
        ),
        Case::Fires(
            "on one machine there is no way, and no handshake is needed to know it",
            4,
            r#"
            client 127.0.0.1:40000
            server 127.0.0.1:5001
            0    C>S PSH,ACK "halo"
            0.1  S>C ACK
            1    C>S PSH,ACK "lagi"
            42   S>C ACK
        "#,
        ),
        Case::Silent(
            "of a SYN alone, which some systems acknowledge before they answer it",
            2,
            r"
            client 127.0.0.1:40000
            server 127.0.0.1:5001
            0    C>S SYN
            41   S>C ACK
        ",
        ),
    ];
}
