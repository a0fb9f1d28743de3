//! E51 `rst-ignored`: RST that does not count.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::step::Acceptance;

pub(super) static RULE: Rule = Rule {
    name: "rst-ignored",
    number: 51,
    title: Text { en: "RST that does not count", id: "RST yang tidak berlaku" },
    note: Text {
        en: "This RST (seq={seq}) ends nothing: at {dst} the connection is already gone, or the numbers are not \
             exactly the ones that it expects. A receiver that follows the RFCs drops such a segment, or asks with a \
             challenge ACK when it lies inside the window.",
        id: "RST ini (seq={seq}) tidak mengakhiri apa pun: di {dst} koneksi sudah tidak ada, atau nomornya tidak \
             tepat sama dengan yang ditunggu. Penerima yang mengikuti RFC membuang segmen seperti ini, atau \
             memeriksanya dengan challenge ACK bila masih di dalam window.",
    },
    more: Text {
        en: "Anybody who can guess addresses and ports could otherwise end other people's connections. Therefore \
             the sequence number must be exactly the next one expected; inside the window but not exact it is \
             answered with an ACK, so that a genuine sender can repeat the RST with the right number. Several RSTs \
             in a row are usual too, one for each segment that was on its way: only the first one counts.",
        id: "Tanpa pemeriksaan ini, siapa pun yang dapat menebak alamat dan port bisa memutus koneksi orang lain. \
             Karena itu nomor urutnya harus tepat sama dengan yang ditunggu; bila masih di dalam window tetapi tidak \
             tepat, penerima menjawab dengan ACK agar pengirim yang asli dapat mengulang RST dengan nomor yang \
             benar. Beberapa RST berturut-turut juga lazim, satu untuk tiap segmen yang masih di jalan: hanya yang \
             pertama yang berlaku.",
    },
    sources: &["RFC 9293 §3.5.3", "RFC 9293 §3.10.7.4", "RFC 5961 §3.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let rst = context.rst()?;
    Match::when(matches!(rst.acceptance, Acceptance::Ignored | Acceptance::Challenged))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "outside the window",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C RST,ACK seq=900000
        ",
        ),
        Case::Fires(
            "the second of two answers",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "a"
            1    C>S PSH,ACK "b"
            1.1  S>C RST
            1.1  S>C RST
        "#,
        ),
        Case::Silent(
            "exactly the expected number",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C RST,ACK
        ",
        ),
    ];
}
