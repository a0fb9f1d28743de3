//! E45 `udp-other-port`: answer from another port.

use crate::annotate::{Certainty, Context, Match, Rule};
use crate::decode::Transport;
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "udp-other-port",
    number: 45,
    title: Text { en: "Answer from another port", id: "Balasan dari port lain" },
    note: Text {
        en: "This datagram comes from port {port}, not from the port that {dst} had addressed, as it does when a \
             server answers through a new socket. A connected UDP socket or a firewall at {dst} would not let it \
             through.",
        id: "Datagram ini datang dari port {port}, bukan dari port yang dituju {dst}, seperti bila server menjawab \
             lewat socket baru. Socket UDP yang sudah connect() atau firewall di {dst} tidak akan meneruskannya.",
    },
    more: Text {
        en: "What the client sends to the server's known port afterwards does not reach this new socket, and what \
             it sends to the new port does not reach the old one. TFTP does this by design; elsewhere it is usually \
             an accident of a program that makes one socket for each client.",
        id: "Yang kemudian dikirim client ke port server yang dikenal tidak sampai ke socket baru ini, dan yang \
             dikirim ke port baru tidak sampai ke socket lama. TFTP memang dirancang demikian; di tempat lain \
             biasanya ini efek samping program yang membuat satu socket untuk tiap client.",
    },
    sources: &["RFC 768", "RFC 1350 §4"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let Transport::Udp(datagram) = &context.packet.transport else { return None };
    let (_, request) = context.step.udp?.other_port?;
    let port = Value::Number(u64::from(datagram.src_port));
    // That it answers that request is concluded from the addresses alone.
    Some(Match::certain().as_sure_as(Certainty::Likely).value("port", port).because_of(request))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a new socket answers",
            2,
            r#"
            0   C>S UDP "hai"
            0.1 S>C UDP sport=6000 "merah"
        "#,
        ),
        Case::Silent(
            "the port that was asked",
            2,
            r#"
            0   C>S UDP "hai"
            0.1 S>C UDP "merah"
        "#,
        ),
        Case::Silent(
            "a new question to the server that answered before",
            3,
            r#"
            0   C>S UDP sport=53 "q"
            0.1 S>C UDP sport=53 "a"
            1   C>S UDP cport=40001 sport=53 "q"
        "#,
        ),
        Case::Silent(
            "asked for by now",
            3,
            r#"
            0   C>S UDP "hai"
            1   C>S UDP sport=6000 "hai"
            2   S>C UDP sport=6000 "merah"
        "#,
        ),
    ];
}
