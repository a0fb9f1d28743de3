//! E40 `window-update`: window update.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "window-update",
    number: 40,
    title: Text { en: "Window update", id: "Pembaruan window (window update)" },
    note: Text {
        en: "There is more room at {src}, usually because its program has read data: the window grows to {win}{unit}. \
             Nothing new is acknowledged.",
        id: "Ruang di {src} bertambah, biasanya karena programnya sudah membaca data: window membesar menjadi {win}{unit}. \
             Tidak ada data baru yang diakui.",
    },
    more: Text {
        en: "A receiver waits until the gain is worth a segment (against the silly window syndrome), so a small read \
             may send no update at all. After a zero window this is what lets the other end send on.",
        id: "Penerima menunggu sampai tambahannya pantas dilaporkan (mencegah silly window syndrome), sehingga \
             pembacaan kecil bisa tidak menghasilkan update sama sekali. Setelah window nol, segmen inilah yang \
             membuat ujung lain boleh mengirim lagi.",
    },
    sources: &["RFC 9293 §3.8.6.2.2"],
    check,
};

const BYTES: Text = Text { en: " bytes", id: " byte" };
const UNKNOWN_UNIT: Text = Text {
    en: " as the header has it (in bytes more, if the SYNs, which were not captured, agreed on a scale)",
    id: " menurut header (dalam byte lebih besar bila SYN, yang tidak terekam, menyepakati window scale)",
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    facts.repair.window_before?;
    let unit = if facts.mid_stream { UNKNOWN_UNIT } else { BYTES };
    Some(Match::certain().value("unit", Value::Text(unit)))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Silent(
            "a duplicate SACK whose window grows",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=10
            1.1 S>C ACK
            2 C>S ACK len=10 seq=1
            2.1 S>C ACK win=900 sack=1-11
        ",
        ),
        Case::Silent(
            "it does not grow",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=10
            2 S>C ACK win=400
            3 S>C ACK win=400
        ",
        ),
        Case::Fires(
            "the window opens",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            900 S>C ACK win=100
        ",
        ),
        Case::Fires(
            "as the answer to a probe",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
            220 C>S ACK seq=1448
            220.1 S>C ACK win=100
        ",
        ),
        Case::Silent(
            "new data is acknowledged too",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "a"
            1.1 C>S PSH,ACK "b"
            2 S>C ACK win=900
        "#,
        ),
        Case::Silent(
            "a duplicate ACK whose window grows",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S ACK len=1448
            1.1 S>C ACK
            2 C>S ACK seq=2897 len=1448
            2.1 S>C ACK ack=1449 sack=2897-4345 win=600
        ",
        ),
        Case::Silent(
            "the answer to a keep-alive",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            2000 C>S ACK seq=4
            2000.1 S>C ACK win=600
        "#,
        ),
        Case::Silent(
            "it shrinks",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK "halo"
            1.1 S>C ACK
            9 S>C ACK win=100
        "#,
        ),
    ];
}
