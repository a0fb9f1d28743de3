//! E09 `data-no-psh`: data without PSH.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "data-no-psh",
    number: 9,
    title: Text { en: "Data without PSH", id: "Data tanpa PSH" },
    note: Text {
        en: "{Src} sends {n} without PSH, usually because more of the same write is still waiting to be sent. The \
             receiver may hand these bytes to the application all the same.",
        id: "{Src} mengirim {n} tanpa PSH, biasanya karena masih ada sisa penulisan yang sama yang menunggu \
             dikirim. Penerima tetap boleh menyerahkan byte ini ke aplikasi.",
    },
    more: Text {
        en: "TCP cuts a large write into segments by the MSS; that is not IP fragmentation. The parts have no \
             meaning of their own, and the receiving program sees only bytes in order.",
        id: "TCP memotong penulisan besar menjadi segmen menurut MSS; ini bukan fragmentasi IP. Potongan-potongan \
             itu tidak punya arti sendiri, dan program penerima hanya melihat byte yang berurutan.",
    },
    sources: &["RFC 9293 §3.7", "RFC 9293 §3.9.1.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, _) = context.new_data()?;
    // A FIN implies PSH (RFC 9293 section 3.9.1.4).
    Match::when(!segment.flags.psh() && !segment.flags.fin())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a part of a write",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S ACK len=1448
        ",
        ),
        Case::Silent(
            "the end of a write",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK len=1448
        ",
        ),
        Case::Silent(
            "an ACK",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK len=9
            1.1  S>C ACK
        ",
        ),
        Case::Silent(
            "a FIN implies PSH",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK len=9
        ",
        ),
    ];
}
