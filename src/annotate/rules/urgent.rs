//! E43 `urgent`: urgent data.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "urgent",
    number: 43,
    title: Text { en: "Urgent data", id: "Data urgent" },
    note: Text {
        en: "URG marks urgent data in the normal stream; the urgent pointer points to the byte after it. New \
             applications should not use it.",
        id: "URG menandai data urgent di dalam aliran biasa; urgent pointer menunjuk ke byte sesudahnya. Aplikasi \
             baru sebaiknya tidak memakainya.",
    },
    more: Text {
        en: "There is no second channel: the bytes keep their place and their numbers. Sockets call it out-of-band \
             data (MSG_OOB) and mark a single byte only. Devices on the way may clear the flag.",
        id: "Tidak ada saluran kedua: byte tetap pada tempat dan nomornya. Socket menyebutnya data out-of-band \
             (MSG_OOB) dan hanya menandai satu byte. Perangkat di jalan boleh menghapus flag ini.",
    },
    sources: &["RFC 9293 §3.8.5 (SHLD-13)", "RFC 9293 §3.8.5 (MUST-62)"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, _) = context.tcp()?;
    let flags = segment.flags;
    Match::when(flags.0 & crate::decode::TcpFlags::URG != 0 && !flags.syn() && !flags.rst())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "one urgent byte",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK,URG urg=1 "!"
        "#,
        ),
        Case::Silent(
            "a pointer without the flag counts for nothing",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1 C>S PSH,ACK urg=1 "!"
        "#,
        ),
    ];
}
