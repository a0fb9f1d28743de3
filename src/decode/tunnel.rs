//! Packets inside packets: GRE, MPLS, and the tunnels over UDP.

use super::span::{Span, be16};
use super::{Packet, Stop, Transport, ip, link, wifi};

/// Ethernet in IP (RFC 3378).
pub(super) fn etherip<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 2] = span.head("etherip")?;
    match header[0] >> 4 {
        3 => link::ethernet(span.skip(2), packet),
        version => Err(span.invalid("etherip", "version", version)),
    }
}

/// Generic routing encapsulation (RFC 1701, 2784, 2890), also as PPTP uses it (RFC 2637).
pub(super) fn gre<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const CHECKSUM: u16 = 0x8000;
    const ROUTING: u16 = 0x4000;
    const KEY: u16 = 0x2000;
    const SEQUENCE: u16 = 0x1000;
    const ACKNOWLEDGMENT: u16 = 0x0080;

    let header: &[u8; 4] = span.head("gre")?;
    let (flags, protocol) = (be16(header, 0), be16(header, 2));
    let version = flags & 7;
    if version > 1 {
        return Err(span.invalid("gre", "version", version));
    }
    let has = |bit: u16| usize::from(flags & bit != 0) * 4;
    let mut len = 4 + has(CHECKSUM | ROUTING) + has(KEY) + has(SEQUENCE);
    if version == 1 {
        len += has(ACKNOWLEDGMENT);
    }
    span.first("gre", len)?;
    if flags & ROUTING != 0 {
        loop {
            // Address family, offset, length; the entry of length 0 is the last.
            let entry: &[u8; 4] = span.skip(len).head("gre routing")?;
            len += 4 + usize::from(entry[3]);
            if entry[3] == 0 {
                break;
            }
        }
    }
    let numbered = flags & SEQUENCE != 0;
    if version == 1 && span.len == len {
        // An acknowledgment alone carries nothing.
        return Ok(());
    }
    gre_protocol(protocol, numbered, span.skip(len), packet)
}

/// What the protocol field of GRE announces.
pub(super) fn gre_protocol<'a>(
    protocol: u16,
    numbered: bool,
    span: Span<'a>,
    packet: &mut Packet<'a>,
) -> Result<(), Stop> {
    match protocol {
        // These numbers are Ethernet types.
        0x0800 | 0x0806 | 0x86dd | 0x8847 | 0x8848 | 0x894f => link::typed(protocol, span, packet),
        0x6559 => link::frame_relay(span, packet),
        0x880b | 0x8881 | 0x88d2 => link::ppp_hdlc(span, packet),
        // WCCP, with a redirect header before the packet in its second version.
        0x883e => {
            let first: &[u8; 1] = span.head("wccp")?;
            ip::ip(if first[0] >> 4 == 4 { span } else { span.skip(4) }, packet)
        }
        0x88be if numbered => erspan(span, packet),
        0x22eb => erspan(span, packet),
        // The first type of ERSPAN has no header of its own.
        0x6400 | 0x6558 | 0x88be => link::ethernet(span, packet),
        // Aruba access points: 802.11 with the control bytes exchanged.
        0x8200..=0x8370 if protocol.is_multiple_of(16) => wifi::exchanged(span, packet),
        _ => Err(span.unsupported("gre protocol", protocol)),
    }
}

/// Cisco's mirrored frames, types II and III.
fn erspan<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("erspan")?;
    match header[0] >> 4 {
        1 => link::ethernet(span.skip(8), packet),
        2 => {
            let header: &[u8; 12] = span.head("erspan")?;
            let rest = span.skip(if header[11] & 1 == 1 { 20 } else { 12 });
            // The frame type: Ethernet or IP.
            match be16(header, 10) >> 10 & 31 {
                2 => ip::ip(rest, packet),
                _ => link::ethernet(rest, packet),
            }
        }
        version => Err(span.invalid("erspan", "version", version)),
    }
}

/// A stack of labels (RFC 3032). What is below it is said nowhere: its first half byte decides (RFC 4928), and for
/// pseudo-wires what looks like an Ethernet header.
pub(super) fn mpls<'a>(mut span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    loop {
        let label: &[u8; 4] = span.head("mpls")?;
        span = span.skip(4);
        if label[2] & 1 == 1 {
            break;
        }
    }
    let first: &[u8; 1] = span.head("mpls payload")?;
    match first[0] >> 4 {
        4 | 6 => ip::ip(span, packet),
        // RFC 5586: an associated channel, in which management can be carried over IP.
        1 => match span.head("mpls channel")? {
            [_, _, 0, 0x21] => ip::ip(span.skip(4), packet),
            [_, _, 0, 0x57] => ip::ipv6(span.skip(4), packet),
            _ => Err(span.unsupported("mpls payload", first[0])),
        },
        // A control word (RFC 4448), unless the header that follows it makes sense only without one.
        0 if !looks_like_ethernet(span) => link::ethernet(span.skip(4), packet),
        _ => link::ethernet(span, packet),
    }
}

/// An Ethernet type that is common where the header would have it.
fn looks_like_ethernet(span: Span<'_>) -> bool {
    let known = |span: Span<'_>| {
        span.head::<14>("ethernet").is_ok_and(|header| {
            matches!(be16(header, 12), 0x0800 | 0x0806 | 0x8100 | 0x86dd | 0x8847 | 0x8863 | 0x8864 | 0x88a8)
        })
    };
    known(span) && !known(span.skip(4))
}

/// The network service header (RFC 8300).
pub(super) fn nsh<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("nsh")?;
    let len = usize::from(header[1] & 0x3f) * 4;
    if len < 8 {
        return Err(span.invalid("nsh", "length", header[1] & 0x3f));
    }
    span.first("nsh", len)?;
    next_protocol(header[3], span.skip(len), packet)
}

/// The protocol numbers that VXLAN-GPE and the network service header share.
fn next_protocol<'a>(protocol: u8, span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match protocol {
        1 => ip::ip(span, packet),
        2 => ip::ipv6(span, packet),
        3 => link::ethernet(span, packet),
        4 => nsh(span.deeper("nsh")?, packet),
        5 => mpls(span, packet),
        _ => Err(span.unsupported("next protocol", protocol)),
    }
}

type Decode = for<'a> fn(Span<'a>, &mut Packet<'a>) -> Result<(), Stop>;

/// The tunnels over UDP, by port.
const UDP: &[(u16, Decode)] = &[
    (1701, l2tp),
    (2152, gtp),
    (3544, teredo),
    (4789, vxlan),
    (4790, vxlan_gpe),
    (5247, capwap),
    (6081, geneve),
    (6635, mpls),
    (37008, tzsp),
];

/// Rarer ones, on ports that clients of other protocols use as well: what cannot be read is no such tunnel.
const RARE: &[(u16, Decode)] =
    &[(2123, gtp), (3386, gtp), (4341, lisp), (4754, gre), (5072, ayiya), (12222, wifi::lwapp), (12223, wifi::lwapp)];
/// The ports below are for servers of their own (RFC 6335 section 6).
const SYSTEM_END: u16 = 1_024;

/// Looks into a datagram that `packet` holds already. When nothing inside can be read, the datagram is what there is.
pub(super) fn over_udp<'a>(ports: [u16; 2], span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let [low, high] = if ports[0] < ports[1] { ports } else { [ports[1], ports[0]] };
    let of = |table: &[(u16, Decode)], port: u16| table.iter().find(|(own, _)| *own == port).map(|(_, decode)| *decode);
    let either = |table| of(table, low).or_else(|| of(table, high));
    let known = either(UDP);
    let Some(decode) = known.or_else(|| either(RARE).filter(|_| low >= SYSTEM_END)) else { return Ok(()) };
    if span.len == 0 {
        return Ok(());
    }
    let mut inside = packet.clone();
    inside.transport = Transport::Other;
    let result = span.deeper("udp").and_then(|span| decode(span, &mut inside));
    match inside.transport {
        Transport::Other | Transport::Arp(_) if known.is_none() => return Ok(()),
        Transport::Other | Transport::Arp(_) => packet.fragment = inside.fragment,
        _ => *packet = inside,
    }
    result
}

/// RFC 7348.
fn vxlan<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _flags_and_network: &[u8; 8] = span.head("vxlan")?;
    link::ethernet(span.skip(8), packet)
}

fn vxlan_gpe<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("vxlan-gpe")?;
    next_protocol(header[3], span.skip(8), packet)
}

/// RFC 8926.
fn geneve<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("geneve")?;
    if header[0] >> 6 != 0 {
        return Err(span.invalid("geneve", "version", header[0] >> 6));
    }
    let len = 8 + usize::from(header[0] & 0x3f) * 4;
    span.first("geneve", len)?;
    link::typed(be16(header, 2), span.skip(len), packet)
}

/// RFC 9300: eight bytes, then a packet.
fn lisp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _header: &[u8; 8] = span.head("lisp")?;
    ip::ip(span.skip(8), packet)
}

/// Anything in anything, a tunnel broker's protocol: an identity and a signature, whose lengths the header tells.
fn ayiya<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("ayiya")?;
    let len = 8 + (1_usize << (header[0] >> 4)) + usize::from(header[1] >> 4) * 4;
    span.first("ayiya", len)?;
    match header[3] {
        4 => ip::ip(span.skip(len), packet),
        41 => ip::ipv6(span.skip(len), packet),
        other => Err(span.unsupported("ayiya next header", other)),
    }
}

/// User packets of mobile networks (3GPP TS 29.281).
fn gtp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const OPTIONAL: u8 = 0x07;
    const EXTENSION: u8 = 0x04;
    const USER_DATA: u8 = 255;

    let header: &[u8; 8] = span.head("gtp")?;
    let version = header[0] >> 4;
    if !matches!(version, 1 | 3) {
        return Err(span.invalid("gtp", "version and protocol type", version));
    }
    if header[1] != USER_DATA {
        return Err(span.unsupported("gtp message", header[1]));
    }
    // The first version (3GPP TS 09.60) has a header of twenty bytes and nothing optional.
    let old = version == 1;
    let len = if old { 20 } else { 8 };
    span.first("gtp", len)?;
    let mut rest = span.skip(len).limit(be16(header, 2).into(), "gtp length");
    if !old && header[0] & OPTIONAL != 0 {
        let optional: &[u8; 4] = rest.head("gtp")?;
        rest = rest.skip(4);
        let mut next = if header[0] & EXTENSION == 0 { 0 } else { optional[3] };
        while next != 0 {
            let units: &[u8; 1] = rest.head("gtp extension")?;
            let len = usize::from(units[0]) * 4;
            let extension = rest.first("gtp extension", len)?;
            let Some(last) = extension.last() else { return Err(rest.invalid("gtp extension", "length", 0u8)) };
            next = *last;
            rest = rest.skip(len);
        }
    }
    let first: &[u8; 1] = rest.head("gtp payload")?;
    match first[0] >> 4 {
        4 | 6 => ip::ip(rest, packet),
        _ => link::ppp_hdlc(rest, packet),
    }
}

/// RFC 2661: data messages carry PPP.
fn l2tp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 2] = span.head("l2tp")?;
    let flags = be16(header, 0);
    let has = |bit: u16| flags & bit != 0;
    if flags & 15 != 2 || has(0x8000) {
        return Err(span.unsupported("l2tp flags", flags));
    }
    let mut len = 6 + if has(0x4000) { 2 } else { 0 } + if has(0x0800) { 4 } else { 0 };
    if has(0x0200) {
        let offset: &[u8; 2] = span.skip(len).head("l2tp")?;
        len += 2 + usize::from(be16(offset, 0));
    }
    span.first("l2tp", len)?;
    link::ppp_hdlc(span.skip(len), packet)
}

/// IPv6 through address translation (RFC 4380).
fn teredo<'a>(mut span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    if let Some([0, 1, client, authentication, ..]) = span.bytes.first_chunk::<13>() {
        span = span.skip(13 + usize::from(*client) + usize::from(*authentication));
    }
    if let Some([0, 0, ..]) = span.bytes.first_chunk::<8>() {
        span = span.skip(8);
    }
    ip::ipv6(span, packet)
}

/// Frames between a wireless controller and its access points (RFC 5415).
fn capwap<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("capwap")?;
    if header[0] != 0 {
        return Err(span.unsupported("capwap preamble", header[0]));
    }
    let len = usize::from(header[1] >> 3) * 4;
    if len < 8 {
        return Err(span.invalid("capwap", "header length", header[1] >> 3));
    }
    span.first("capwap", len)?;
    // A fragment, which is put together nowhere; keep-alive.
    if header[3] & 0x88 != 0 {
        return Err(span.unsupported("capwap flags", header[3]));
    }
    let native = header[2] & 1 == 1;
    if native { wifi::exchanged(span.skip(len), packet) } else { link::ethernet(span.skip(len), packet) }
}

/// Captured frames sent on by a sniffer.
pub(super) fn tzsp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 4] = span.head("tzsp")?;
    let mut rest = span.skip(4);
    loop {
        let tag: &[u8; 1] = rest.head("tzsp tag")?;
        match tag[0] {
            1 => break,
            0 => rest = rest.skip(1),
            _ => {
                let tag: &[u8; 2] = rest.head("tzsp tag")?;
                rest = rest.skip(2 + usize::from(tag[1]));
            }
        }
    }
    match be16(header, 2) {
        1 => link::ethernet(rest.skip(1), packet),
        18 => wifi::decode(rest.skip(1), packet),
        other => Err(rest.unsupported("tzsp encapsulation", other)),
    }
}
