//! E03 `syn-ack`: the request is accepted.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "syn-ack",
    number: 3,
    title: Text { en: "The request is accepted", id: "Permintaan diterima" },
    note: Text {
        en: "{Src} accepts: it acknowledges the SYN of {dst} (ack={ack}) and sends its own initial sequence number. \
             On Linux the kernel does this for a listening socket, before the program calls accept().",
        id: "{Src} menerima permintaan: ia mengakui SYN dari {dst} (ack={ack}) dan mengirim nomor urut awalnya \
             sendiri. Di Linux hal ini dikerjakan kernel untuk socket yang mendengarkan, sebelum program memanggil \
             accept().",
    },
    more: Text {
        en: "So a completed handshake does not show that the server program has noticed the client: the connection \
             may wait in the listener's queue. SYN and ACK in one segment are two messages, one for each direction.",
        id: "Jadi handshake yang selesai belum menunjukkan bahwa program server sudah mengetahui adanya client: \
             koneksi dapat menunggu di antrean listener. SYN dan ACK dalam satu segmen adalah dua pesan, satu untuk \
             tiap arah.",
    },
    sources: &["RFC 9293 §3.5", "RFC 9293 §3.10.7.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    let accepts = facts.syn == Some(SynFact::Accept) && !segment.flags.rst();
    // In a simultaneous open nobody accepts: both asked.
    Match::when(accepts && !context.answers_crossed_syn())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the answer",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "the same answer again",
            3,
            r"
            0    C>S SYN
            0.1  S>C SYN,ACK
            1000 S>C SYN,ACK seq=0
        ",
        ),
        Case::Silent(
            "nobody accepts when both ask",
            3,
            r"
            0    C>S SYN
            0.1  S>C SYN
            20   C>S SYN,ACK seq=0
            20.1 S>C SYN,ACK seq=0
        ",
        ),
    ];
}
