//! Ethernet frames that bridges and mesh nodes wrap in headers of their own.

use super::span::{Span, be16};
use super::{Packet, Stop, link};

/// Cisco's inter-switch link: 26 bytes before the frame.
pub(super) fn isl<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _header: &[u8; 26] = frame.head("isl")?;
    link::ethernet(frame.skip(26).deeper("isl")?, packet)
}

/// Routing bridges (RFC 6325): flags with the length of the options, and two nicknames.
pub(super) fn trill<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 6] = span.head("trill")?;
    let options = usize::from(be16(header, 0) >> 6 & 0x1f) * 4;
    span.first("trill", 6 + options)?;
    link::ethernet(span.skip(6 + options), packet)
}

/// B.A.T.M.A.N. advanced: the unicast packets of both versions in use.
pub(super) fn batman<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let [kind, version] = span.head("batman")?;
    let len = match (version, kind) {
        (14, 3) | (15, 0x40) => 10,
        // With the sender's address as well.
        (14, 9) | (15, 0x42) => 18,
        _ => return Err(span.unsupported("batman packet type", *kind)),
    };
    span.first("batman", len)?;
    link::ethernet(span.skip(len), packet)
}

/// Cable modems: the header of a packet frame with its extension and its check sequence, then Ethernet.
pub(super) fn docsis<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 6] = frame.head("docsis")?;
    // Two bits of type, five of parameters, one for an extension.
    if header[0] & 0xc0 != 0 {
        return Err(frame.unsupported("docsis frame control", header[0]));
    }
    let extension = if header[0] & 1 == 0 { 0 } else { usize::from(header[1]) };
    let elements = frame.skip(4).first("docsis", extension)?;
    // Baseline privacy, in which all but the addresses is encrypted.
    if elements.first().is_some_and(|first| matches!(first >> 4, 3 | 4 | 7)) {
        return Err(frame.unsupported("docsis encryption, element", elements[0]));
    }
    link::ethernet(frame.skip(6 + extension), packet)
}

/// Juniper routers: what the capture was taken from, then the frame, or the packet alone.
pub(super) fn juniper<'a>(kind: u16, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const NO_LINK_LAYER: u8 = 0x02;
    const EXTENSIONS: u8 = 0x80;

    let header: &[u8; 4] = frame.head("juniper")?;
    if header[..3] != [0x4d, 0x47, 0x43] {
        return Err(frame.invalid("juniper", "magic number", be16(header, 0)));
    }
    let mut rest = frame.skip(4);
    if header[3] & EXTENSIONS != 0 {
        let len: &[u8; 2] = rest.head("juniper extensions")?;
        rest = rest.skip(2 + usize::from(be16(len, 0)));
    }
    if header[3] & NO_LINK_LAYER != 0 {
        let protocol: &[u8; 4] = rest.head("juniper")?;
        return match u32::from_le_bytes(*protocol) {
            2 => super::ip::ip(rest.skip(4), packet),
            6 => super::ip::ipv6(rest.skip(4), packet),
            other => Err(rest.unsupported("juniper protocol", other)),
        };
    }
    match kind {
        179 => link::ppp_hdlc(rest, packet),
        180 => link::frame_relay(rest, packet),
        181 => link::cisco_hdlc(rest, packet),
        _ => link::ethernet(rest, packet),
    }
}
