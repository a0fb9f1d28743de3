//! E24 `rst-refused`: connection refused.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};
use crate::track::step::RstKind;

pub(super) static RULE: Rule = Rule {
    name: "rst-refused",
    number: 24,
    title: Text { en: "Connection refused", id: "Koneksi ditolak" },
    note: Text {
        en: "{Src} answers the SYN with RST: nothing accepts connections on port {port} there, usually because no \
             program listens on it. connect() at {dst} fails with \"Connection refused\".",
        id: "{Src} membalas SYN dengan RST: di sana tidak ada yang menerima koneksi pada port {port}, biasanya \
             karena tidak ada program yang mendengarkan. connect() di {dst} gagal dengan \"Connection refused\".",
    },
    more: Text {
        en: "The answer comes from the kernel, not from a program: the host is alive, the port is not in use for \
             listening. A socket that is bound but does not listen gives the same packet, and so does a firewall \
             that rejects instead of dropping. No answer at all would be another case: then the SYN or its answer \
             was dropped, and connect() waits until it times out.",
        id: "Jawaban ini berasal dari kernel, bukan dari program: host-nya hidup, tetapi tidak ada yang \
             mendengarkan pada port itu. Socket yang sudah bind() tetapi belum listen() menghasilkan paket yang \
             sama, begitu pula firewall yang menolak (reject) alih-alih membuang (drop). Tidak adanya jawaban sama \
             sekali adalah kasus lain: SYN atau balasannya dibuang, dan connect() menunggu sampai timeout.",
    },
    sources: &["RFC 9293 §3.5.2", "RFC 9293 §3.10.7.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, _) = context.tcp()?;
    let RstKind::Refusal(syn) = context.effective_rst()?.kind else { return None };
    Some(Match::certain().value("port", Value::Number(u64::from(segment.src_port))).because_of(syn))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "nobody listens",
            2,
            r"
            0   C>S SYN
            0.1 S>C RST,ACK
        ",
        ),
        Case::Silent(
            "an open connection is aborted",
            4,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C RST,ACK
        ",
        ),
        Case::Silent(
            "its ack does not fit the SYN, so the client waits on",
            2,
            r"
            0   C>S SYN
            0.1 S>C RST,ACK ack=5
        ",
        ),
    ];
}
