//! E07 `port-reuse`: same addresses and ports again.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "port-reuse",
    number: 7,
    title: Text { en: "Same addresses and ports again", id: "Alamat dan port yang sama lagi" },
    note: Text {
        en: "This SYN uses the same addresses and ports as an earlier connection in this capture, but it asks for a \
             new one with its own sequence numbers. If {dst} still holds the old one in TIME-WAIT, it may accept the \
             SYN when its sequence number or timestamp is newer.",
        id: "SYN ini memakai alamat dan port yang sama dengan koneksi sebelumnya dalam capture ini, tetapi yang \
             diminta adalah koneksi baru dengan nomor urut sendiri. Bila {dst} masih menyimpan yang lama dalam \
             TIME-WAIT, SYN ini boleh diterima asalkan nomor urut atau timestamp-nya lebih baru.",
    },
    more: Text {
        en: "Relative numbers start again at 0 here, and everything that was learned about the old connection does \
             not hold for the new one. The newer number or timestamp is what keeps old segments from being taken for \
             new ones. Reuse is nothing bad: a client that binds its port, or a busy one that has used up its ports, \
             does it.",
        id: "Nomor relatif dimulai lagi dari 0 di sini, dan apa yang diketahui tentang koneksi lama tidak berlaku \
             untuk yang baru. Nomor atau timestamp yang lebih baru itulah yang mencegah segmen lama tertukar dengan \
             yang baru. Pemakaian ulang bukan hal buruk: client yang menetapkan port-nya sendiri, atau client sibuk \
             yang kehabisan port, melakukannya.",
    },
    sources: &["RFC 9293 §3.6.1 (MAY-2)", "RFC 6191 §2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    Match::when(facts.port_reuse && facts.syn == Some(SynFact::Open) && !segment.flags.rst())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a new number on the same ports",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
            500  C>S SYN isn=77777
        ",
        ),
        Case::Silent(
            "the same SYN again",
            2,
            r"
            0    C>S SYN
            1000 C>S SYN
        ",
        ),
        Case::Silent(
            "another client port",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
            500  C>S SYN cport=40001
        ",
        ),
    ];
}
