//! The references: the documents that define what the packets of a capture showed, with the sections to read.

use super::document::{Words, plain};
use super::seen::Seen;
use crate::language::messages::lab as say;
use crate::language::{Lang, Values};

/// The documents that rules and terms refer to.
const TITLES: &[(&str, &str)] = &[
    ("RFC 768", "J. Postel, \"User Datagram Protocol\", RFC 768, 1980"),
    ("RFC 792", "J. Postel, \"Internet Control Message Protocol\", RFC 792, 1981"),
    ("RFC 1122", "R. Braden (ed.), \"Requirements for Internet Hosts: Communication Layers\", RFC 1122, 1989"),
    ("RFC 1350", "K. Sollins, \"The TFTP Protocol (Revision 2)\", RFC 1350, 1992"),
    ("RFC 2018", "M. Mathis et al., \"TCP Selective Acknowledgment Options\", RFC 2018, 1996"),
    ("RFC 2525", "V. Paxson et al., \"Known TCP Implementation Problems\", RFC 2525, 1999"),
    (
        "RFC 2883",
        "S. Floyd et al., \"An Extension to the Selective Acknowledgement (SACK) Option for TCP\", RFC 2883, 2000",
    ),
    (
        "RFC 3168",
        "K. Ramakrishnan et al., \"The Addition of Explicit Congestion Notification (ECN) to IP\", RFC 3168, 2001",
    ),
    (
        "RFC 4443",
        "A. Conta et al., \"Internet Control Message Protocol (ICMPv6) for the Internet Protocol Version 6 (IPv6) Specification\", RFC 4443, 2006",
    ),
    ("RFC 5681", "M. Allman et al., \"TCP Congestion Control\", RFC 5681, 2009"),
    ("RFC 5961", "A. Ramaiah et al., \"Improving TCP's Robustness to Blind In-Window Attacks\", RFC 5961, 2010"),
    ("RFC 6191", "F. Gont, \"Reducing the TIME-WAIT State Using TCP Timestamps\", RFC 6191, 2011"),
    ("RFC 6298", "V. Paxson et al., \"Computing TCP's Retransmission Timer\", RFC 6298, 2011"),
    (
        "RFC 6675",
        "E. Blanton et al., \"A Conservative Loss Recovery Algorithm Based on Selective Acknowledgment (SACK) for TCP\", RFC 6675, 2012",
    ),
    ("RFC 7323", "D. Borman et al., \"TCP Extensions for High Performance\", RFC 7323, 2014"),
    ("RFC 8985", "Y. Cheng et al., \"The RACK-TLP Loss Detection Algorithm for TCP\", RFC 8985, 2021"),
    ("RFC 9110", "R. Fielding et al., \"HTTP Semantics\", RFC 9110, 2022"),
    ("RFC 9112", "R. Fielding et al., \"HTTP/1.1\", RFC 9112, 2022"),
    ("RFC 9293", "W. Eddy (ed.), \"Transmission Control Protocol (TCP)\", RFC 9293, 2022"),
    (
        "RFC 9768",
        "B. Briscoe et al., \"More Accurate Explicit Congestion Notification (AccECN) Feedback in TCP\", RFC 9768, 2026",
    ),
];

/// What the manual says about the calls behind the packets.
const TCP_PAGES: &str =
    "Linux man-pages: tcp(7), socket(7), connect(2), listen(2), accept(2), send(2), recv(2), shutdown(2), close(2)";
const UDP_PAGES: &str = "Linux man-pages: udp(7), socket(7), sendto(2), recvfrom(2), close(2)";

/// The references of a capture, by number of the document.
pub(super) fn references(seen: &Seen, lang: Lang) -> Vec<Words> {
    let mut cited: Vec<(usize, Vec<&str>)> = Vec::new();
    for source in seen.fired.iter().flat_map(|fired| fired.rule.sources) {
        let (document, section) = source.split_once(" §").map_or((*source, None), |(document, rest)| {
            // Without the number of the requirement: `§3.6.1 (MUST-13)`.
            (document, rest.split(' ').next())
        });
        let Some(at) = TITLES.iter().position(|(name, _)| *name == document) else { continue };
        let place = cited.iter().position(|(known, _)| *known == at).unwrap_or_else(|| {
            cited.push((at, Vec::new()));
            cited.len() - 1
        });
        let sections = &mut cited[place].1;
        sections.extend(section.filter(|section| !sections.contains(section)));
    }
    cited.sort_by_key(|(at, _)| *at);
    let mut out: Vec<Words> = cited.into_iter().map(|(at, sections)| reference(TITLES[at].1, sections, lang)).collect();
    if !seen.flags.is_empty() {
        out.push(plain(format!("{TCP_PAGES}.")));
    }
    if seen.udp {
        out.push(plain(format!("{UDP_PAGES}.")));
    }
    out
}

fn reference(document: &str, mut sections: Vec<&str>, lang: Lang) -> Words {
    sections.sort_by_key(|section| section.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect::<Vec<_>>());
    if sections.is_empty() {
        return plain(format!("{document}."));
    }
    let list: Vec<String> = sections.iter().map(|section| format!("§{section}")).collect();
    plain(
        say::SECTIONS
            .text
            .fill(lang, &Values::none().words("document", document.to_owned()).words("sections", list.join(", "))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::rules::RULES;

    #[test]
    fn every_source_of_a_rule_has_a_title() {
        for source in RULES.iter().flat_map(|rule| rule.sources) {
            let document = source.split(" §").next().unwrap_or_default();
            assert!(TITLES.iter().any(|(name, _)| *name == document), "{source}");
        }
        for (name, title) in TITLES {
            assert!(title.contains(&format!("{name},")), "{title}");
        }
    }
}
