//! E36 `spurious-dsack`: duplicate SACK.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::labels::Labels;
use crate::track::repair::RepeatKind;

pub(super) static RULE: Rule = Rule {
    name: "spurious-dsack",
    number: 36,
    title: Text { en: "Arrived twice (duplicate SACK)", id: "Tiba dua kali (duplicate SACK)" },
    note: Text {
        en: "This duplicate SACK reports what arrived twice: {why}{label}.",
        id: "Duplicate SACK ini melaporkan apa yang tiba dua kali: {why}{label}.",
    },
    more: Text {
        en: "A SACK block at or below the ACK number, or inside the next block, is no gap but a receipt for a second \
             copy. It is how the sender learns that a repeat was needless, and how to tell a delayed ACK from a lost \
             segment.",
        id: "Blok SACK yang tidak melewati nomor ACK, atau berada di dalam blok berikutnya, bukan lubang melainkan \
             tanda terima salinan kedua. Dengan cara ini pengirim tahu bahwa pengulangannya tidak perlu, dan ACK yang \
             tertunda dapat dibedakan dari segmen yang hilang.",
    },
    sources: &["RFC 2883 §4"],
    check,
};

const SYN: Text = Text {
    en: "the SYN came once alone and once with an ACK, as it does when two SYNs cross",
    id: "SYN datang sekali sendiri dan sekali bersama ACK, seperti lazimnya bila dua SYN berpapasan",
};
const PROBE: Text = Text {
    en: "the original and the tail loss probe both came, so nothing had been lost and only the ACK was late",
    id: "segmen asli dan tail loss probe sama-sama sampai, jadi tidak ada yang hilang dan hanya ACK-nya yang terlambat",
};
const REPEAT: Text = Text {
    en: "the retransmission was not needed, because the original was only late, or its ACK was delayed or lost",
    id: "retransmisi tadi tidak perlu, karena segmen asli hanya terlambat, atau ACK-nya tertunda atau hilang",
};
const KEEP_ALIVE: Text = Text {
    en: "the byte of the keep-alive probe is one that it had already, which is how the probe works",
    id: "byte pada probe keep-alive adalah byte yang sudah ada padanya, dan memang begitulah cara kerja probe",
};
const UNSEEN: Text = Text {
    en: "a repeat that was not needed, or a copy made on the way; the capture does not show which",
    id: "pengulangan yang tidak perlu, atau salinan yang terjadi di jalan; capture ini tidak menunjukkan yang mana",
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let reported = facts.repair.duplicate_sack?;
    let (why, certainty) = match reported.repeat {
        _ if reported.syn => (SYN, Certainty::Certain),
        _ if facts.repair.answers.is_some() => (KEEP_ALIVE, Certainty::Certain),
        Some((RepeatKind::TailProbe, _)) => (PROBE, Certainty::Likely),
        None | Some((RepeatKind::Copy, _)) => (UNSEEN, Certainty::Certain),
        Some(_) => (REPEAT, Certainty::Likely),
    };
    let found = Match::certain().as_sure_as(certainty).because_of(reported.repeat.map(|(_, frame)| frame));
    let label = context.label_clause(&[Labels::DUPLICATE_ACK, Labels::WINDOW_UPDATE]);
    Some(found.value("why", Value::Text(why)).value("label", label))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "two gaps",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 S>C ACK len=1000 seq=4001
            4 C>S ACK ack=1001 sack=4001-5001,2001-3001
        ",
        ),
        Case::Silent(
            "a block beyond the ACK, and no other around it",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C ACK len=1000
            2 S>C ACK len=1000 seq=2001
            3 C>S ACK ack=1001 sack=2001-3001
        ",
        ),
        Case::Fires(
            "a tail loss probe was not needed",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "close"
            1.1 C>S FIN,ACK
            9 C>S FIN,ACK seq=6
            9.1 S>C ACK sack=6-7
        "#,
        ),
        Case::Fires(
            "the timer was too quick",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            220 C>S PSH,ACK seq=1 "halo"
            220.1 S>C ACK sack=1-5
        "#,
        ),
        Case::Fires(
            "the byte of a keep-alive probe",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            9000 C>S ACK seq=4 len=1
            9000.1 S>C ACK sack=4-5
        "#,
        ),
        Case::Fires(
            "inside the second block",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=3000-3100,2897-4345
        ",
        ),
        Case::Fires(
            "crossing SYNs",
            4,
            r"
            0 C>S SYN sack_ok
            0 S>C SYN sack_ok
            20 C>S SYN,ACK seq=0 sack_ok
            20.1 S>C ACK sack=0-1
        ",
        ),
        Case::Silent(
            "a gap",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=2897-4345
        ",
        ),
    ];
}
