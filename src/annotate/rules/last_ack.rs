//! E21 `last-ack`: the last ACK.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::FinFact;

pub(super) static RULE: Rule = Rule {
    name: "last-ack",
    number: 21,
    title: Text { en: "The last ACK", id: "ACK terakhir" },
    note: Text {
        en: "{Src} acknowledges the last FIN: with it {dst} is done (CLOSED), while {src} waits in TIME-WAIT. It \
             waits so that it can repeat this ACK if it gets lost (60 s on Linux, 2×MSL in the RFC).",
        id: "{Src} mengakui FIN terakhir: dengan ini {dst} selesai (CLOSED), sedangkan {src} menunggu di TIME-WAIT. \
             Penantian itu memungkinkan ACK ini diulang bila hilang (60 detik di Linux, 2×MSL menurut RFC).",
    },
    more: Text {
        en: "TIME-WAIT stands at the end that sent the first FIN, be it client or server. It is no error and no \
             leak; it also keeps late segments away from a new connection on the same ports. No packet announces its \
             end.",
        id: "TIME-WAIT berada di ujung yang mengirim FIN pertama, baik client maupun server. Ini bukan galat dan \
             bukan kebocoran; TIME-WAIT juga mencegah segmen terlambat masuk ke koneksi baru pada port yang sama. \
             Tidak ada paket yang mengumumkan berakhirnya.",
    },
    sources: &["RFC 9293 §3.6", "RFC 9293 §3.6.1 (MUST-13)"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let acked = context.acked_fin()?;
    let last = matches!(context.peer_fin()?.fact, FinFact::Second(_) | FinFact::Merged(_));
    Match::when(last).map(|found| found.because_of(acked))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "after three segments",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
        ",
        ),
        Case::Fires(
            "after four",
            7,
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
            "the ACK of the first FIN",
            5,
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
            "the FINs crossed",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK ack=1
            20   C>S ACK
            20.1 S>C ACK
        ",
        ),
    ];
}
