//! E05 `syn-retransmission`: the same SYN again.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "syn-retransmission",
    number: 5,
    title: Text { en: "The same SYN again", id: "SYN yang sama lagi" },
    note: Text {
        en: "The same SYN again: {src} repeats it while no fitting answer has arrived there, as a rule for the first \
             time after about one second. Whether the SYN or its answer was lost, a filter dropped it or the \
             listener's queue is full, this packet does not tell.",
        id: "SYN yang sama lagi: {src} mengulangnya selama belum ada jawaban yang cocok sampai di sana, biasanya \
             pertama kali setelah sekitar satu detik. Apakah SYN atau jawabannya hilang, dibuang filter, atau \
             antrean listener penuh, tidak terlihat dari paket ini.",
    },
    more: Text {
        en: "It is one attempt, not two: the sequence number is the same. The waits usually grow from repeat to \
             repeat; recent Linux kernels keep the first few one second apart. A SYN-ACK is repeated in the same way \
             when the third packet of the handshake does not come. After a challenge ACK, which it answers with RST, \
             Linux repeats its SYN within some milliseconds.",
        id: "Ini satu upaya, bukan dua: nomor urutnya sama. Jarak antarpengulangan biasanya makin panjang; kernel \
             Linux versi baru memberi jarak tetap satu detik pada beberapa pengulangan pertama. SYN-ACK juga diulang dengan \
             cara yang sama bila paket ketiga handshake tidak datang. Sesudah challenge ACK, yang dijawabnya dengan \
             RST, Linux mengulang SYN dalam beberapa milidetik.",
    },
    sources: &["RFC 9293 §3.8.3", "RFC 6298 §2.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    match facts.syn? {
        // Sooner than any timer: `captured-twice`.
        _ if segment.flags.rst() || facts.repair.repeat.is_some() => None,
        SynFact::OpenAgain(first) | SynFact::AcceptAgain(first) => Some(Match::certain().because_of(first)),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "no answer",
            2,
            r"
            0    C>S SYN
            1000 C>S SYN
        ",
        ),
        Case::Fires(
            "the SYN-ACK is repeated",
            3,
            r"
            0    C>S SYN
            0.1  S>C SYN,ACK
            1000 S>C SYN,ACK seq=0
        ",
        ),
        Case::Silent(
            "captured twice",
            2,
            r"
            0     C>S SYN
            0.005 C>S SYN
        ",
        ),
        Case::Silent(
            "the first one",
            1,
            r"
            0    C>S SYN
            1000 C>S SYN
        ",
        ),
        Case::Silent(
            "a new attempt",
            2,
            r"
            0    C>S SYN
            1000 C>S SYN isn=77777
        ",
        ),
        Case::Silent(
            "a SYN that resets",
            2,
            r"
            0    C>S SYN
            1000 C>S SYN,RST
        ",
        ),
    ];
}
