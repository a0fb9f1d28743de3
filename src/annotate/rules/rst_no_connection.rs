//! E28 `rst-no-connection`: no socket for this segment.

use crate::annotate::resets::{self, Cause};
use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "rst-no-connection",
    number: 28,
    title: Text { en: "No socket for this segment", id: "Tidak ada socket untuk segmen ini" },
    note: Text {
        en: "{Src} has no open socket for this connection, so its kernel answers with RST and takes the sequence \
             number ({seq}) from the ACK that it received. A crash, a restart or a state that has expired leaves an \
             end like that.",
        id: "{Src} tidak memiliki socket terbuka untuk koneksi ini, sehingga kernel-nya membalas dengan RST dan \
             mengambil nomor urut ({seq}) dari ACK yang diterimanya. Crash, mulai ulang, atau status yang sudah \
             kedaluwarsa dapat meninggalkan keadaan seperti itu.",
    },
    more: Text {
        en: "The number is the evidence: a kernel that knows nothing of the connection has no sequence number of \
             its own, and therefore copies the acknowledgment number of the segment that it answers. A connection \
             that only one end still knows is called half-open; that is an accident, while a half-closed connection \
             is a choice. A device on the way that forges resets can send the same packet.",
        id: "Buktinya ada pada nomor: kernel yang tidak mengenal koneksi tidak punya nomor urut sendiri, sehingga \
             menyalin nomor ACK dari segmen yang dijawabnya. Koneksi yang hanya dikenal satu ujung disebut \
             half-open; itu kecelakaan, sedangkan half-closed adalah pilihan. Perangkat di tengah jalan yang \
             memalsukan reset dapat mengirim paket yang sama.",
    },
    sources: &["RFC 9293 §3.5.1", "RFC 9293 §3.5.2", "RFC 9293 §3.10.7.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    // An end that is still opening has a socket, and its RST a rule of its own.
    super::rst_unacceptable_ack::check(context).map_or_else(|| resets::found(context, Cause::NoConnection), |_| None)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "the server was restarted",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "halo"
            1.1  S>C RST
        "#,
        ),
        Case::Fires(
            "a port scan: no socket knows the SYN-ACK",
            3,
            r"
            0   C>S SYN
            0.1 S>C SYN,ACK
            0.2 C>S RST
        ",
        ),
        Case::Fires(
            "FIN-WAIT-2 has expired when the second FIN comes",
            7,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1     C>S FIN,ACK
            1.1   S>C ACK
            70000 S>C FIN,ACK
            70001 C>S RST
        ",
        ),
        Case::Silent(
            "data after the sender's FIN",
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
            "of its own accord",
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
            "to a late segment, when both FINs are acknowledged",
            8,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S FIN,ACK
            1.1  S>C FIN,ACK
            1.2  C>S ACK
            500  C>S ACK
            500.1 S>C RST
        ",
        ),
    ];
}
