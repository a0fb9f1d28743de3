//! E27 `rst-after-close`: data after `close()`, answered with RST.

use crate::annotate::resets::{self, Cause};
use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "rst-after-close",
    number: 27,
    title: Text { en: "Data after close(), answered with RST", id: "Data setelah close(), dibalas RST" },
    note: Text {
        en: "{Src} had already sent its FIN, and no socket there takes data any more: what {dst} sent after it is \
             answered with RST. Its program has closed both directions (close(), shutdown(SHUT_RDWR)) or has ended; \
             after shutdown(SHUT_WR) alone it would still receive.",
        id: "{Src} sudah mengirim FIN dan di sana tidak ada lagi socket yang menerima data: yang dikirim {dst} \
             sesudahnya dibalas RST. Programnya sudah menutup kedua arah (close(), shutdown(SHUT_RDWR)) atau sudah \
             berakhir; setelah shutdown(SHUT_WR) saja ia masih akan menerima.",
    },
    more: Text {
        en: "This is the difference between closing and half-closing. After shutdown(SHUT_WR) the end that sent the \
             FIN still receives, and would have acknowledged the data; after close() both directions are gone for \
             the program, although the packets up to here look the same. At the other end the write that sent the \
             data succeeded, since it only filled the socket's buffer; a later write or read fails with \"Broken \
             pipe\" or \"Connection reset by peer\".",
        id: "Inilah beda antara menutup dan half-close. Setelah shutdown(SHUT_WR), ujung yang mengirim FIN masih \
             menerima dan akan mengakui data itu; setelah close(), kedua arah sudah hilang bagi program, walaupun \
             paket-paket sampai di sini tampak sama. Di ujung lain, penulisan yang mengirim data tadi tampak \
             berhasil karena hanya mengisi buffer socket; penulisan atau pembacaan berikutnya gagal dengan \"Broken \
             pipe\" atau \"Connection reset by peer\".",
    },
    sources: &["RFC 9293 §3.6.1 (SHLD-3)", "RFC 9293 §3.5.2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    resets::found(context, Cause::AfterClose)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "data after close()",
            7,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            2    S>C PSH,ACK "masih"
            2.1  C>S RST
        "#,
        ),
        Case::Silent(
            "the data was taken: shutdown(SHUT_WR), and an abort later",
            8,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C ACK
            2    S>C PSH,ACK "masih"
            2.1  C>S ACK
            3    C>S RST,ACK
        "#,
        ),
        Case::Silent(
            "no FIN before",
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
