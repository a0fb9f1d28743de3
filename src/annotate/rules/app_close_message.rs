//! E10 `app-close-message`: a word, not a command to TCP.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "app-close-message",
    number: 10,
    title: Text { en: "A word, not a command to TCP", id: "Sebuah kata, bukan perintah bagi TCP" },
    note: Text {
        en: "The text \"{text}\" is ordinary data whose meaning is agreed between the two programs alone. The \
             transport protocol does not know the word: this packet has no FIN, and it opens or closes nothing.",
        id: "Teks \"{text}\" adalah data biasa yang maknanya hanya disepakati kedua program. Protokol transport \
             tidak mengenal kata itu: paket ini tidak memuat FIN, serta tidak membuka atau menutup apa pun.",
    },
    more: Text {
        en: "Course texts often say that a connection is half-closed once such a word was sent. It is not: both \
             ends stay in their states and may go on sending, until a program calls shutdown() or close() and a FIN \
             leaves. Over UDP there is no connection that \"connect\" could open. A program that compares what it \
             read with such a word also fails when TCP hands the word over together with other bytes, or in two \
             pieces.",
        id: "Teks kuliah sering mengatakan bahwa koneksi menjadi half-closed begitu kata seperti ini dikirim. Tidak \
             demikian: status kedua ujung tidak berubah dan keduanya masih boleh mengirim, sampai sebuah program \
             memanggil shutdown() atau close() dan FIN berangkat. Pada UDP tidak ada koneksi yang dapat dibuka oleh \
             \"connect\". Program yang membandingkan hasil baca dengan kata seperti ini juga gagal bila TCP \
             menyerahkan kata itu bersama byte lain, atau dalam dua potongan.",
    },
    sources: &["RFC 9293 §3.6", "RFC 768"],
    check,
};

/// Words by which programs, not protocols, agree to begin or end something.
const WORDS: &[&str] = &[
    "close",
    "closed",
    "connect",
    "disconnect",
    "exit",
    "quit",
    "bye",
    "goodbye",
    "end",
    "stop",
    "logout",
    "shutdown",
    "keluar",
    "tutup",
    "selesai",
    "berhenti",
    "putus",
];

fn check(context: &Context<'_>) -> Option<Match> {
    let has_fin = context.tcp().is_some_and(|(segment, _, _)| segment.flags.fin());
    let text = std::str::from_utf8(context.message()?).ok()?;
    let word = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let known = WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    (known && !has_fin).then(|| Match::certain().value("text", Value::Words(word.to_owned().into())))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the course's word",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "close"
        "#,
        ),
        Case::Fires(
            "with a line end",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "Exit\r\n"
        "#,
        ),
        Case::Fires(
            "over UDP",
            1,
            r#"
            0 C>S UDP "connect"
        "#,
        ),
        Case::Silent(
            "part of a sentence",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "close the door"
        "#,
        ),
        Case::Silent(
            "a FIN is in the segment",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,PSH,ACK "close"
        "#,
        ),
        Case::Silent(
            "the same segment again",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "close"
            220  C>S PSH,ACK seq=1 "close"
        "#,
        ),
        Case::Silent(
            "only a part was captured",
            1,
            r#"
            0 C>S UDP snap=33 "connect"
        "#,
        ),
    ];
}
