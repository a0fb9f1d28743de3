//! E15 `fin-first`: the first FIN.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::FinFact;

pub(super) static RULE: Rule = Rule {
    name: "fin-first",
    number: 15,
    title: Text { en: "The first FIN", id: "FIN pertama" },
    note: Text {
        en: "{Src} says \"I have no more data to send\" and goes to FIN-WAIT-1. Only the direction from {src} to \
             {dst} is being closed; in the other one data may still flow.",
        id: "{Src} menyatakan \"tidak ada lagi data yang akan saya kirim\" dan masuk FIN-WAIT-1. Yang ditutup hanya \
             arah dari {src} ke {dst}; di arah sebaliknya data masih boleh mengalir.",
    },
    more: Text {
        en: "The packet does not show which call made it: close(), shutdown(SHUT_WR) and the end of the program all \
             send the same FIN. Whether its sender still receives becomes visible only when data comes for it. The \
             word \"close\" in a payload makes no FIN, and a FIN is not yet the end of the connection.",
        id: "Paket ini tidak menunjukkan pemanggilan mana yang membuatnya: close(), shutdown(SHUT_WR), dan \
             berakhirnya program mengirim FIN yang sama. Apakah pengirimnya masih menerima baru terlihat ketika ada \
             data untuknya. Kata \"close\" di dalam payload tidak menghasilkan FIN, dan FIN belum berarti akhir \
             koneksi.",
    },
    sources: &["RFC 9293 §3.6", "RFC 9293 §3.6.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    // Without a beginning, the other end's FIN may have come before the capture.
    Match::when(context.new_fin()? == FinFact::First).map(|found| found.as_sure_as(context.first_fin_certainty()))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the client closes",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            9    S>C FIN,ACK
            9.1  C>S ACK
        ",
        ),
        Case::Silent(
            "the same FIN again",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            220  C>S FIN,ACK seq=1
        ",
        ),
        Case::Silent(
            "only a word",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "close"
        "#,
        ),
    ];
}
