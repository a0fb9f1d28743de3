//! E23 `time-wait-reack`: the last ACK again.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;
use crate::track::labels::Labels;

pub(super) static RULE: Rule = Rule {
    name: "time-wait-reack",
    number: 23,
    title: Text { en: "Acknowledged again from TIME-WAIT", id: "Diakui lagi dari TIME-WAIT" },
    note: Text {
        en: "{Dst} repeated its FIN, so the last ACK had not reached it in time; {src}, still in TIME-WAIT, \
             acknowledges again{label}. This is one of the reasons why TIME-WAIT exists.",
        id: "{Dst} mengulang FIN-nya, jadi ACK terakhir belum sampai tepat waktu; {src} yang masih di TIME-WAIT \
             mengakuinya lagi{label}. Inilah salah satu alasan adanya TIME-WAIT.",
    },
    more: Text {
        en: "Without the waiting end nobody could answer, and the repeated FIN would be met by RST. On each such FIN \
             the wait begins anew. Whether the ACK was lost or only late, the packets here do not tell.",
        id: "Tanpa ujung yang menunggu tidak ada yang dapat menjawab, dan FIN yang diulang akan dibalas RST. Setiap \
             FIN seperti ini membuat penantian dimulai lagi. Apakah ACK itu hilang atau hanya terlambat, tidak \
             terlihat dari paket di sini.",
    },
    sources: &["RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    let fin = facts.repair.reacks_fin?;
    Some(Match::certain().value("label", context.label_clause(&[Labels::DUPLICATE_ACK])).because_of(fin))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the last ACK did not arrive",
            9,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            2 S>C FIN,ACK
            2.1 C>S ACK
            230 S>C FIN,ACK seq=1
            230.1 C>S ACK
        ",
        ),
        Case::Silent(
            "the first time",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            2 S>C FIN,ACK
            2.1 C>S ACK
        ",
        ),
        Case::Silent(
            "the FIN is repeated before any ACK",
            8,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            2 S>C FIN,ACK
            230 S>C FIN,ACK seq=1
            230.1 C>S ACK
        ",
        ),
        Case::Silent(
            "the first FIN is repeated, in CLOSE-WAIT",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            230 C>S FIN,ACK seq=1
            230.1 S>C ACK
        ",
        ),
    ];
}
