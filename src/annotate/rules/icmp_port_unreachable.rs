//! E46 `icmp-port-unreachable`: port unreachable.

use crate::annotate::{Context, Match, Rule};
use crate::decode::Transport;
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "icmp-port-unreachable",
    number: 46,
    title: Text { en: "Port unreachable", id: "Port tidak terjangkau" },
    note: Text {
        en: "ICMP reports that nothing takes datagrams at UDP port {port}, usually because no socket is bound to \
             it, and quotes the datagram concerned. On Linux a program sees this error only on a connected socket or \
             with IP_RECVERR.",
        id: "ICMP melaporkan bahwa tidak ada yang menerima datagram di port UDP {port}, biasanya karena tidak ada \
             socket yang terikat padanya, dan mengutip datagram yang dimaksud. Di Linux program hanya melihat galat \
             ini pada socket yang sudah connect() atau dengan IP_RECVERR.",
    },
    more: Text {
        en: "UDP has no refusal of its own, so the kernel of the host answers with ICMP, and often not for every \
             datagram, since its rate is limited. A firewall that rejects sends the same message. No message at all \
             does not mean that somebody received the datagram.",
        id: "UDP tidak memiliki penolakan sendiri, sehingga kernel host menjawab dengan ICMP, dan sering tidak \
             untuk setiap datagram karena lajunya dibatasi. Firewall yang menolak (reject) mengirim pesan yang sama. \
             Tidak adanya pesan bukan berarti datagram diterima seseorang.",
    },
    sources: &["RFC 792", "RFC 1122 §3.2.2.1", "RFC 1122 §4.1.3.1", "RFC 1122 §4.1.3.3", "RFC 4443 §3.1"],
    check,
};

/// The protocol number of UDP.
const UDP: u8 = 17;

fn check(context: &Context<'_>) -> Option<Match> {
    let unreachable = match &context.packet.transport {
        Transport::Icmp(message) => (message.kind, message.code) == (3, 3),
        Transport::Icmpv6(message) => (message.kind, message.code) == (1, 4),
        _ => false,
    };
    let quote = context.step.quote.filter(|quote| unreachable && quote.protocol == UDP && quote.dst.port() > 0)?;
    Some(Match::certain().value("port", Value::Number(u64::from(quote.dst.port()))).because_of(quote.frame))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "nobody listens",
            2,
            r#"
            0   C>S UDP "hai"
            0.1 S>C ICMP port-unreachable quotes 1
        "#,
        ),
        Case::Fires(
            "over IPv6",
            2,
            r#"
            ipv6
            0   C>S UDP "hai"
            0.1 S>C ICMP port-unreachable quotes 1
        "#,
        ),
        Case::Silent(
            "no route",
            2,
            r#"
            0   C>S UDP "hai"
            0.1 S>C ICMP host-unreachable quotes 1
        "#,
        ),
        Case::Silent(
            "about TCP",
            2,
            r"
            0   C>S SYN
            0.1 S>C ICMP port-unreachable quotes 1
        ",
        ),
        Case::Silent(
            "the capture cut the quote before its ports",
            2,
            r#"
            0   C>S UDP "hai"
            0.1 S>C ICMP port-unreachable quotes 1 snap=48
        "#,
        ),
    ];
}
