//! E08 `data-psh`: data with PSH.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "data-psh",
    number: 8,
    title: Text { en: "Data with PSH", id: "Data dengan PSH" },
    note: Text {
        en: "{Src} sends {n}; PSH asks that the data be handed to the application promptly. The kernel sets the \
             flag, usually at the end of a write: it marks no message boundary and forces no reply.",
        id: "{Src} mengirim {n}; PSH meminta agar data segera diserahkan ke aplikasi. Flag ini dipasang kernel, \
             biasanya di akhir sebuah penulisan: bukan batas pesan, dan tidak memaksa adanya balasan.",
    },
    more: Text {
        en: "No program chose PSH, and none can wait for it: three writes may arrive with one PSH, and one large \
             write with several. Data without PSH is readable just as well. That the client \"uses PSH to be \
             answered at once\" is a common misreading; whether and when an answer comes is up to the other program.",
        id: "Tidak ada program yang memilih PSH, dan tidak ada yang dapat menunggunya: tiga penulisan bisa tiba \
             dengan satu PSH, dan satu penulisan besar dengan beberapa PSH. Data tanpa PSH sama-sama dapat dibaca. \
             Anggapan bahwa client \"memakai PSH supaya segera dijawab\" adalah salah baca yang umum; ada tidaknya \
             jawaban dan kapan datangnya ditentukan program lawan.",
    },
    sources: &["RFC 9293 §3.9.1.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, _) = context.new_data()?;
    Match::when(segment.flags.psh())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a message",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
        "#,
        ),
        Case::Silent(
            "the same again",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            220  C>S PSH,ACK seq=1 "halo"
        "#,
        ),
        Case::Silent(
            "no data",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK
        ",
        ),
    ];
}
