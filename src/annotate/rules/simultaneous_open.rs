//! E06 `simultaneous-open`: both ends open at once.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "simultaneous-open",
    number: 6,
    title: Text { en: "Both ends open at once", id: "Kedua ujung membuka bersamaan" },
    note: Text {
        en: "The two SYNs crossed on the way: each end asked before it had seen the other's SYN, and goes from \
             SYN-SENT to SYN-RECEIVED when it sees it. One connection results, not two{itself}.",
        id: "Kedua SYN berpapasan di jalan: tiap ujung meminta sebelum melihat SYN lawannya, lalu berpindah dari \
             SYN-SENT ke SYN-RECEIVED ketika melihatnya. Hasilnya satu koneksi, bukan dua{itself}.",
    },
    more: Text {
        en: "A connection is named by its two addresses and two ports, and there is only one such set of four here. \
             No program has to listen for this. \"Client\" and \"server\" are only labels now: netscope gives the \
             first to the end whose SYN came first. It is rare outside of experiments and of programs that open ways \
             through NAT.",
        id: "Koneksi dikenali dari dua alamat dan dua port, dan di sini hanya ada satu himpunan empat nilai itu. \
             Tidak perlu ada program yang mendengarkan. \"Client\" dan \"server\" di sini sekadar label: netscope \
             memberi label pertama kepada ujung yang SYN-nya lebih dahulu. Kejadian ini jarang di luar percobaan dan \
             program yang menembus NAT.",
    },
    sources: &["RFC 9293 §3.5"],
    check,
};

const ITSELF: Text = Text {
    en: "; here one socket is both ends, and the SYN that came is its own",
    id: "; di sini satu socket menjadi kedua ujung, dan SYN yang datang adalah SYN-nya sendiri",
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    let found = match facts.syn? {
        _ if segment.flags.rst() => None,
        SynFact::Crossing(other) => Some(Match::certain().because_of(other)),
        // The SYN of each end again, now with ACK (RFC 9293 figure 7, lines 4 and 5).
        SynFact::Accept => Match::when(context.answers_crossed_syn()),
        _ => None,
    };
    found.map(|found| found.value("itself", context.itself_clause(ITSELF)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the SYNs cross",
            2,
            r"
            0    C>S SYN
            0.1  S>C SYN
            20   C>S SYN,ACK seq=0
            20.1 S>C SYN,ACK seq=0
        ",
        ),
        Case::Fires(
            "and each comes again with ACK",
            3,
            r"
            0    C>S SYN
            0.1  S>C SYN
            20   C>S SYN,ACK seq=0
            20.1 S>C SYN,ACK seq=0
        ",
        ),
        Case::Fires(
            "and each comes again with ACK",
            4,
            r"
            0    C>S SYN
            0.1  S>C SYN
            20   C>S SYN,ACK seq=0
            20.1 S>C SYN,ACK seq=0
        ",
        ),
        Case::Silent(
            "an ordinary answer",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "the first SYN",
            1,
            r"
            0    C>S SYN
            0.1  S>C SYN
            20   C>S SYN,ACK seq=0
            20.1 S>C SYN,ACK seq=0
        ",
        ),
        Case::Silent(
            "a SYN that resets opens nothing",
            2,
            r"
            0    C>S SYN
            0.1  S>C SYN,RST
        ",
        ),
    ];
}
