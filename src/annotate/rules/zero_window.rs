//! E38 `zero-window`: zero window.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "zero-window",
    number: 38,
    title: Text { en: "Zero window", id: "Window nol" },
    note: Text {
        en: "{Src} announces that it has no room for more data (win=0), usually because its program reads too slowly \
             or not at all. {Dst} must stop sending new data until the window opens.",
        id: "{Src} mengumumkan bahwa ruang untuk data sudah habis (win=0), biasanya karena programnya terlalu lambat \
             membaca atau tidak membaca. {Dst} harus berhenti mengirim data baru sampai window terbuka.",
    },
    more: Text {
        en: "The window concerns one direction only: the end that closed it may still send. Bytes already \
             acknowledged wait in the receive buffer until the program reads them.",
        id: "Window hanya menyangkut satu arah: ujung yang menutupnya masih boleh mengirim. Byte yang sudah diakui \
             menunggu di buffer terima sampai dibaca program.",
    },
    sources: &["RFC 9293 §3.8.6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (_, _, facts) = context.tcp()?;
    // After the other end's FIN nothing comes for which there had to be room.
    let (conn, from) = (context.conn?, context.from()?);
    let over = conn.fin[from.other().index()].is_some_and(|fin| fin.acked.is_some());
    Match::when(facts.repair.zero_window && !over)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the buffer is full",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=0
        ",
        ),
        Case::Silent(
            "nothing comes any more",
            6,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S FIN,ACK
            1.1 S>C ACK
            2 S>C ACK win=0
        ",
        ),
        Case::Silent(
            "one byte is left",
            5,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK len=1448
            1.1 S>C ACK win=1
        ",
        ),
        Case::Silent(
            "a RST has no window",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 S>C RST,ACK win=0
        ",
        ),
    ];
}
