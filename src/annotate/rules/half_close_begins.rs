//! E16 `half-close-begins`: half-closed.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "half-close-begins",
    number: 16,
    title: Text { en: "Half-closed", id: "Koneksi menjadi half-closed" },
    note: Text {
        en: "The FIN of {dst} is acknowledged and {src} has sent none of its own: {dst} sends no more, {src} still \
             may (FIN-WAIT-2 and CLOSE-WAIT). Whether a program at {dst} still reads what comes, these packets do \
             not show yet.",
        id: "FIN dari {dst} sudah diakui, sedangkan {src} belum mengirim FIN: {dst} tidak mengirim lagi, {src} \
             masih boleh (FIN-WAIT-2 dan CLOSE-WAIT). Apakah program di {dst} masih membaca data yang datang, belum \
             terlihat dari paket-paket ini.",
    },
    more: Text {
        en: "Half-closed means that one end has stopped sending and can still receive, while the other still sends; \
             course texts often have it the wrong way round. It rests on shutdown(SHUT_WR): after that call the end \
             that sent the FIN still reads. After close() it looks the same up to here, but data sent now would be \
             answered with RST. The ACK itself comes from the kernel, which does not ask the program.",
        id: "Half-closed berarti satu ujung berhenti mengirim tetapi masih dapat menerima, sedangkan ujung lain \
             masih mengirim; teks kuliah sering membaliknya. Dasarnya adalah shutdown(SHUT_WR): setelah pemanggilan \
             itu pengirim FIN masih membaca. Setelah close(), tampilannya sama sampai di sini, tetapi data yang \
             dikirim sekarang akan dibalas RST. ACK ini sendiri berasal dari kernel, yang tidak bertanya kepada \
             program.",
    },
    sources: &["RFC 9293 §3.6", "RFC 9293 §3.6.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let first = context.acked_fin()?;
    // With an own FIN, in this segment or before, the other direction is closing too.
    // After a RST nothing is open that could be half-closed.
    let reset = context.conn.is_some_and(|conn| conn.rst.is_some());
    let half = Match::when(context.own_fin().is_none() && !reset)?;
    Some(half.as_sure_as(context.first_fin_certainty()).because_of(first))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "the sender of the FIN has reset the connection since",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            2 S>C ACK len=9 ack=1
            3 C>S RST seq=1
            3.1 S>C ACK ack=2
        ",
        ),
        Case::Fires(
            "an ACK of its own",
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
        Case::Fires(
            "on data",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C PSH,ACK "masih"
        "#,
        ),
        Case::Silent(
            "a FIN in the same segment",
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
            "the FINs crossed",
            6,
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
        Case::Silent(
            "the same ACK again",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            2    S>C ACK
        ",
        ),
        Case::Silent(
            "a word and its ACK",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "close"
            1.1  S>C ACK
        "#,
        ),
    ];
}
