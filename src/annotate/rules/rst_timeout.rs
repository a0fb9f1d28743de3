//! E29 `rst-timeout`: reset because nothing answered.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

use crate::annotate::resets::{self, Cause};

pub(super) static RULE: Rule = Rule {
    name: "rst-timeout",
    number: 29,
    title: Text { en: "Given up: no answer", id: "Menyerah: tidak ada jawaban" },
    note: Text {
        en: "{Src} had received no answer to {what} and gives up with RST. Its program sees \
             \"Connection timed out\"; {dst} may never notice.",
        id: "{Src} tidak mendapat jawaban atas {what} lalu menyerah dengan RST. Programnya melihat \
             \"Connection timed out\"; {dst} mungkin tidak pernah tahu.",
    },
    more: Text {
        en: "Nothing shows whether the other machine, its network or a filter between is silent. When \
             nobody acknowledges data, some systems give up with a RST after five repeats or more; Linux sends none, the \
             packets simply stop. A program that happened to abort just then would look the same.",
        id: "Tidak terlihat apakah yang diam adalah mesin lawan, jaringannya, atau filter di antaranya. Bila \
             data tidak pernah diakui, sebagian sistem menyerah dengan RST setelah lima pengulangan atau lebih; Linux \
             tidak mengirimnya, paketnya berhenti begitu saja. Program yang kebetulan membatalkan koneksi saat itu akan \
             tampak sama.",
    },
    sources: &["RFC 9293 §3.8.4", "RFC 9293 §3.9.1.6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    resets::found(context, Cause::Timeout)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "the other end answers, though it has no room",
            14,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            300 C>S PSH,ACK seq=1 "halo"
            300.1 S>C ACK ack=1 win=0
            900 C>S PSH,ACK seq=1 "halo"
            900.1 S>C ACK ack=1 win=0
            2100 C>S PSH,ACK seq=1 "halo"
            2100.1 S>C ACK ack=1 win=0
            4500 C>S PSH,ACK seq=1 "halo"
            4500.1 S>C ACK ack=1 win=0
            9300 C>S PSH,ACK seq=1 "halo"
            18900 C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "captured seven times, and repeated never",
            11,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 C>S PSH,ACK seq=1 "halo"
            1.2 C>S PSH,ACK seq=1 "halo"
            1.3 C>S PSH,ACK seq=1 "halo"
            1.4 C>S PSH,ACK seq=1 "halo"
            1.5 C>S PSH,ACK seq=1 "halo"
            1.6 C>S PSH,ACK seq=1 "halo"
            500 C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "or only twice",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            300 C>S PSH,ACK seq=1 "halo"
            900 C>S PSH,ACK seq=1 "halo"
            2500 C>S RST,ACK
        "#,
        ),
        Case::Fires(
            "data that was repeated five times in vain",
            10,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            300 C>S PSH,ACK seq=1 "halo"
            900 C>S PSH,ACK seq=1 "halo"
            2100 C>S PSH,ACK seq=1 "halo"
            4500 C>S PSH,ACK seq=1 "halo"
            9300 C>S PSH,ACK seq=1 "halo"
            18900 C>S RST,ACK
        "#,
        ),
        Case::Fires(
            "three probes, then a RST",
            9,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            1001 C>S ACK seq=4
            2001 C>S ACK seq=4
            3001 C>S ACK seq=4
            4001 C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "the last probe was answered",
            9,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            1001 C>S ACK seq=4
            2001 C>S ACK seq=4
            2001.1 S>C ACK
            2500 C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "no probes",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            4001 C>S RST,ACK
        "#,
        ),
    ];
}
