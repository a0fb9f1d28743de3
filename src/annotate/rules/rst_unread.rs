//! E25 `rst-unread`: closed with unread data.

use crate::annotate::resets::{self, Cause};
use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "rst-unread",
    number: 25,
    title: Text { en: "Closed with unread data", id: "Ditutup dengan data belum dibaca" },
    note: Text {
        en: "A program that closes its socket while received bytes are still unread makes TCP send RST and not FIN, \
             to tell {dst} that data was lost. {Dst} had sent data before this RST, so this may be the cause.",
        id: "Program yang menutup socket ketika masih ada byte diterima yang belum dibaca membuat TCP mengirim RST, \
             bukan FIN, untuk memberi tahu {dst} bahwa ada data yang hilang. {Dst} memang mengirim data sebelum RST \
             ini, jadi inilah salah satu kemungkinan sebabnya.",
    },
    more: Text {
        en: "An ACK for those bytes is no counter-evidence: it says that the kernel had them, not that the program \
             read them. A FIN would have let the other end believe that everything it sent was taken; RST is the \
             honest answer. A program that is killed with unread data has the same effect.",
        id: "ACK untuk byte tersebut bukan bukti sebaliknya: ACK berarti kernel sudah memilikinya, bukan berarti \
             program sudah membacanya. FIN akan memberi kesan bahwa semua yang dikirim sudah diambil; RST adalah \
             jawaban yang jujur. Program yang dihentikan paksa saat masih ada data belum dibaca menghasilkan hal \
             yang sama.",
    },
    sources: &["RFC 9293 §3.6.1 (SHLD-3)", "RFC 2525 §2.17"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    resets::found(context, Cause::Unread)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the client's bytes may be unread",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
            2.1  C>S ACK
            3    S>C RST,ACK
        "#,
        ),
        Case::Fires(
            "without a SYN nobody knows what came before",
            2,
            r"
            0   C>S ACK seq=1
            0.1 S>C RST,ACK
        ",
        ),
        Case::Silent(
            "the peer never sent data",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            3    C>S RST,ACK
        "#,
        ),
    ];
}
