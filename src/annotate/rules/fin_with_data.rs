//! E20 `fin-with-data`: FIN on a data segment.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "fin-with-data",
    number: 20,
    title: Text { en: "FIN on a data segment", id: "FIN pada segmen data" },
    note: Text {
        en: "{N} of data and the FIN travel in one segment. The FIN takes the position after the last byte, and \
             implies PSH.",
        id: "{N} data dan FIN dikirim dalam satu segmen. FIN menempati posisi setelah byte terakhir, dan sudah \
             berarti PSH.",
    },
    more: Text {
        en: "The receiver gets all the bytes first and the end of the stream after them, whatever the segments \
             were. The ACK for this segment is one higher than its last byte, because the FIN counts as one \
             position.",
        id: "Penerima memperoleh semua byte lebih dahulu, baru akhir aliran sesudahnya, bagaimana pun pembagian \
             segmennya. ACK untuk segmen ini satu lebih tinggi daripada byte terakhirnya, karena FIN dihitung \
             sebagai satu posisi.",
    },
    sources: &["RFC 9293 §3.9.1.4", "RFC 9293 §3.10.7.4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, _) = context.tcp()?;
    Match::when(context.new_fin().is_some() && segment.len > 0)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "both in one segment",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,PSH,ACK "halo"
        "#,
        ),
        Case::Silent(
            "no data",
            4,
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
            "the same again",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,PSH,ACK "halo"
            220  C>S FIN,PSH,ACK seq=1 "halo"
        "#,
        ),
    ];
}
