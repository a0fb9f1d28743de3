//! E26 `rst-abort`: aborted on purpose (`SO_LINGER` 0).

use crate::annotate::resets::{self, Cause};
use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "rst-abort",
    number: 26,
    title: Text { en: "Aborted on purpose (SO_LINGER 0)", id: "Sengaja dibatalkan (SO_LINGER 0)" },
    note: Text {
        en: "With SO_LINGER set to time 0, close() aborts the connection: {src} discards unsent data and sends RST, \
             so no FIN exchange takes place. {Dst} sees \"Connection reset by peer\".",
        id: "Dengan opsi SO_LINGER dan waktu 0, close() membatalkan koneksi: {src} membuang data yang belum \
             terkirim dan mengirim RST, sehingga tidak ada pertukaran FIN. {Dst} melihat \"Connection reset by \
             peer\".",
    },
    more: Text {
        en: "Some programs do this to avoid TIME-WAIT. It is a bad cure: data that was not yet delivered is thrown \
             away, and late segments of this connection may meet a new one on the same ports. Where the other end \
             never sent anything, unread data cannot be the cause and an abort is the likelier one; a timeout, a \
             closed listener or a device on the way remain possible.",
        id: "Sebagian program melakukan ini untuk menghindari TIME-WAIT. Obat ini buruk: data yang belum \
             tersampaikan dibuang, dan segmen yang terlambat dapat mengenai koneksi baru pada port yang sama. Bila \
             ujung lain tidak pernah mengirim apa pun, data belum dibaca tidak mungkin menjadi sebab, sehingga \
             pembatalan lebih masuk akal; timeout, listener yang ditutup, atau perangkat di tengah jalan tetap \
             mungkin.",
    },
    sources: &["RFC 9293 §3.9.1.6", "RFC 9293 §3.10.5"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    resets::found(context, Cause::Abort)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the only cause left",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            3    C>S RST,ACK
        "#,
        ),
        Case::Fires(
            "one of two causes",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C ACK
            2    S>C PSH,ACK "ya"
            2.1  C>S ACK
            3    S>C RST,ACK
        "#,
        ),
        Case::Silent(
            "an answer to data",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C RST
        "#,
        ),
    ];
}
