//! E18 `fin-second`: the second FIN.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::FinFact;

pub(super) static RULE: Rule = Rule {
    name: "fin-second",
    number: 18,
    title: Text { en: "The second FIN", id: "FIN kedua" },
    note: Text {
        en: "{Src} has nothing more to send either and closes its direction too (CLOSE-WAIT to LAST-ACK). Only the \
             acknowledgment of this FIN is still missing.",
        id: "{Src} juga tidak punya data lagi dan menutup arahnya (CLOSE-WAIT ke LAST-ACK). Kini tinggal ACK untuk \
             FIN ini yang ditunggu.",
    },
    more: Text {
        en: "The time since the first FIN was acknowledged is the half-closed time, in which this end was still \
             allowed to send. A connection that stays there for long without data, with this end in CLOSE-WAIT, \
             often means that the program here forgot to close its socket. TIME-WAIT will be at the other end, at \
             the one that closed first.",
        id: "Waktu sejak FIN pertama diakui adalah masa half-closed; selama itu ujung ini masih boleh mengirim. \
             Koneksi yang lama bertahan di sana tanpa data, dengan ujung ini dalam CLOSE-WAIT, sering berarti \
             program di sini lupa menutup socket-nya. TIME-WAIT akan berada di ujung lain, yaitu yang menutup lebih \
             dahulu.",
    },
    sources: &["RFC 9293 §3.6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let FinFact::Second(first) = context.new_fin()? else { return None };
    Some(Match::certain().because_of(first))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "after a separate ACK",
            6,
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
            "with the ACK in it",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
        ",
        ),
        Case::Silent(
            "the same FIN again",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            9    S>C FIN,ACK
            220  S>C FIN,ACK seq=1
        ",
        ),
    ];
}
