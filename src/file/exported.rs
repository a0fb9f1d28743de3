//! A text as a frame of link type 252 (`WIRESHARK_UPPER_PDU`, "exported PDU"): tags that say which dissector takes the text and
//! whom it is about, then the text. Source: `epan/exported_pdu.h` of Wireshark, and `LINKTYPE_WIRESHARK_UPPER_PDU` on the list
//! of link types.

use std::net::{IpAddr, SocketAddr};

const END: u16 = 0;
const DISSECTOR_NAME: u16 = 12;
const IPV4_SOURCE: u16 = 20;
const IPV4_DESTINATION: u16 = 21;
const IPV6_SOURCE: u16 = 22;
const IPV6_DESTINATION: u16 = 23;
const PORT_TYPE: u16 = 24;
const SOURCE_PORT: u16 = 25;
const DESTINATION_PORT: u16 = 26;

/// The severities of RFC 5424, section 6.2.1, that are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// 4
    Warning,
    /// 6
    Informational,
}

/// Whom a text is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its own end.
    pub source: Option<SocketAddr>,
    /// The other end.
    pub destination: Option<SocketAddr>,
    /// The ports are UDP's, not TCP's.
    pub udp: bool,
}

/// The frame of a message for the dissector `syslog`, of the facility `user`.
#[must_use]
pub fn syslog(text: &str, severity: Severity, about: About) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 96);
    tag(&mut out, DISSECTOR_NAME, b"syslog");
    let ends = [
        (about.source, IPV4_SOURCE, IPV6_SOURCE, SOURCE_PORT),
        (about.destination, IPV4_DESTINATION, IPV6_DESTINATION, DESTINATION_PORT),
    ];
    for (address, ipv4, ipv6, _) in ends {
        match address.map(|address| address.ip()) {
            Some(IpAddr::V4(address)) => tag(&mut out, ipv4, &address.octets()),
            Some(IpAddr::V6(address)) => tag(&mut out, ipv6, &address.octets()),
            None => {}
        }
    }
    if about.source.is_some() || about.destination.is_some() {
        // Wireshark's own numbers of port types: 2 is TCP, 3 is UDP.
        let kind: u32 = if about.udp { 3 } else { 2 };
        tag(&mut out, PORT_TYPE, &kind.to_be_bytes());
    }
    for (address, .., port) in ends {
        if let Some(address) = address {
            tag(&mut out, port, &u32::from(address.port()).to_be_bytes());
        }
    }
    tag(&mut out, END, &[]);
    // The facility `user` is 1, which counts eight.
    let priority = match severity {
        Severity::Warning => 8 + 4,
        Severity::Informational => 8 + 6,
    };
    out.extend(format!("<{priority}>").bytes());
    out.extend(text.bytes());
    out
}

/// Code and length in network order, the value padded to four bytes.
fn tag(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    // Every value here is an address, a number or a short name.
    let length = u16::try_from(value.len().next_multiple_of(4)).unwrap_or(0);
    out.extend(code.to_be_bytes());
    out.extend(length.to_be_bytes());
    out.extend(value);
    out.extend(&[0; 3][..usize::from(length).saturating_sub(value.len()).min(3)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_padded_and_end_before_the_text() {
        let about = About {
            source: Some("10.0.0.1:61000".parse().unwrap()),
            destination: Some("[::1]:53".parse().unwrap()),
            udp: true,
        };
        let frame = syslog("halo", Severity::Warning, about);
        let mut expected = b"\0\x0c\0\x08syslog\0\0".to_vec();
        expected.extend(b"\0\x14\0\x04\x0a\0\0\x01");
        expected.extend(b"\0\x17\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01");
        expected.extend(b"\0\x18\0\x04\0\0\0\x03\0\x19\0\x04\0\0\xee\x48\0\x1a\0\x04\0\0\0\x35");
        expected.extend(b"\0\0\0\0<12>halo");
        assert_eq!(frame, expected);
        assert_eq!(syslog("", Severity::Informational, About::default()), b"\0\x0c\0\x08syslog\0\0\0\0\0\0<14>");
    }
}
