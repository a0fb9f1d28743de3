//! The rarer link layers: each a short way to IP, an Ethernet type or 802.2.

use super::span::{Span, be16};
use super::{Packet, Stop, bridge, ip, link, tunnel};
use crate::frame::LinkType;

/// Decodes a frame that begins with `link`, when it is one of these.
pub(super) fn decode<'a>(link: LinkType, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match link.0 {
        3 => ax25(frame, packet),
        6 => token_ring(frame, packet),
        7 => arcnet(frame, 2, packet),
        8 => slip(frame, packet),
        10 => fddi(frame, packet),
        99 => symantec(frame, packet),
        100 => atm(frame, packet),
        // Classical IP over ATM as Linux captures it.
        106 => ip::ip(frame, packet),
        109 => enc(frame, packet),
        117 => pflog(frame, packet),
        122 => fibre_channel(frame, packet),
        123 => sun_atm(frame, packet),
        128 => tunnel::tzsp(frame, packet),
        129 => arcnet(frame, 4, packet),
        // Apple's IP over FireWire: two addresses of eight bytes.
        138 => typed_at(16, frame, packet),
        143 => bridge::docsis(frame, packet),
        167 | 178..=181 => bridge::juniper(link.0, frame, packet),
        197 => erf(frame, packet),
        202 => {
            let _command: &[u8; 1] = frame.head("kiss")?;
            ax25(frame.skip(1), packet)
        }
        226 => ipnet(frame, packet),
        239 => nflog(frame, packet),
        240 => {
            let _status: &[u8; 4] = frame.head("netanalyzer")?;
            link::ethernet(frame.skip(4), packet)
        }
        // IP over InfiniBand: a route, a type, two reserved bytes.
        242 => {
            let header: &[u8; 44] = frame.head("ipoib")?;
            link::typed(be16(header, 40), frame.skip(44), packet)
        }
        252 => exported(frame, packet),
        // The first is a number for anybody's own use, which Apple's systems used.
        149 | 258 => pktap(frame, packet),
        // Automotive recorders: Ethernet is one kind of record.
        279 => {
            let header: &[u8; 32] = frame.head("ebhscr")?;
            match header[0] {
                0x50 => link::ethernet(frame.skip(32), packet),
                kind => Err(frame.unsupported("ebhscr type", kind)),
            }
        }
        number => Err(frame.unsupported("link type", number)),
    }
}

/// An Ethernet type behind `at` bytes, and what it announces.
fn typed_at<'a>(at: usize, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _addresses = frame.first("link header", at)?;
    let ether_type: &[u8; 2] = frame.skip(at).head("link header")?;
    link::typed(be16(ether_type, 0), frame.skip(at + 2), packet)
}

/// Amateur radio: two to ten addresses of seven bytes, the last of which is odd, a control byte and a protocol.
fn ax25<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const ADDRESS: usize = 7;

    let last = frame.bytes.chunks_exact(ADDRESS).take(10).position(|address| address[ADDRESS - 1] & 1 == 1);
    let rest = frame.skip(last.map_or(10, |last| last + 1) * ADDRESS);
    let &[control, protocol] = rest.head("ax.25")?;
    // Information, numbered or not.
    if control & 1 != 0 && control & 0xef != 0x03 {
        return Err(rest.unsupported("ax.25 control", control));
    }
    match protocol {
        0xcc => ip::ip(rest.skip(2), packet),
        0xcd => link::arp(rest.skip(2), packet),
        other => Err(rest.unsupported("ax.25 protocol", other)),
    }
}

/// Symantec's firewall, whose third version has a longer header.
fn symantec<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let second: &[u8; 44] = frame.head("symantec")?;
    if be16(second, 6) != 0 {
        return link::typed(be16(second, 6), frame.skip(44), packet);
    }
    let third: &[u8; 56] = frame.head("symantec")?;
    link::typed(be16(third, 20), frame.skip(56), packet)
}

/// Packets that Wireshark exported: tags, one of which names the protocol, up to a tag of zeros.
fn exported<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const PROTOCOL: u16 = 12;

    let mut rest = frame;
    let mut name: &[u8] = &[];
    loop {
        let tag: &[u8; 4] = rest.head("exported pdu")?;
        let (kind, len) = (be16(tag, 0), usize::from(be16(tag, 2)));
        let value = rest.skip(4).first("exported pdu", len)?;
        rest = rest.skip(4 + len);
        match kind {
            0 => break,
            PROTOCOL => name = value.split(|byte| *byte == 0).next().unwrap_or_default(),
            _ => {}
        }
    }
    match name {
        b"ip" | b"raw_ip" => ip::ip(rest, packet),
        b"ipv6" => ip::ipv6(rest, packet),
        b"eth_withoutfcs" | b"eth_withfcs" | b"eth_maybefcs" => link::ethernet(rest, packet),
        _ => Err(frame.unsupported("exported protocol, length of its name", u32::try_from(name.len()).unwrap_or(0))),
    }
}

/// IEEE 802.5, with the source route of bridged rings.
fn token_ring<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 14] = frame.head("token ring")?;
    if header[1] >> 6 != 1 {
        return Err(frame.unsupported("token ring frame control", header[1]));
    }
    let rest = frame.skip(14);
    if header[8] & 0x80 == 0 {
        return link::llc(rest, packet);
    }
    let route: &[u8; 2] = rest.head("token ring route")?;
    let len = usize::from(route[0] & 0x1f);
    rest.first("token ring route", len)?;
    link::llc(rest.skip(len), packet)
}

/// ARCNET (RFC 1201, RFC 1051) behind `addresses` bytes.
fn arcnet<'a>(frame: Span<'a>, addresses: usize, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let rest = frame.skip(addresses);
    let protocol: &[u8; 1] = rest.head("arcnet")?;
    let old = matches!(protocol[0], 240 | 241);
    let mut body = rest.skip(1);
    if !old {
        // Split flag and sequence number, behind a filler in frames of a length that the hardware cannot send.
        let split: &[u8; 3] = body.head("arcnet")?;
        body = body.skip(if split[0] == 0xff { 6 } else { 3 });
    }
    match protocol[0] {
        212 | 240 => ip::ip(body, packet),
        196 => ip::ipv6(body, packet),
        213 | 214 | 241 => link::arp(body, packet),
        205 => link::llc(body, packet),
        other => Err(rest.unsupported("arcnet protocol", other)),
    }
}

/// Direction and the compressed header, in 16 bytes.
fn slip<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _header: &[u8; 16] = frame.head("slip")?;
    ip::ip(frame.skip(16), packet)
}

fn fddi<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 13] = frame.head("fddi")?;
    match header[0] & 0xf0 {
        0x50 | 0xd0 => link::llc(frame.skip(13), packet),
        _ => Err(frame.unsupported("fddi frame control", header[0])),
    }
}

/// RFC 2684 with 802.2, in which bridged Ethernet is padded.
fn atm<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match frame.head("llc")? {
        [0xaa, 0xaa, 0x03] => link::snap(frame.skip(3), 2, packet),
        _ => link::llc(frame, packet),
    }
}

/// The encryption interface of OpenBSD: address family, SPI, flags.
fn enc<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 12] = frame.head("enc")?;
    let family = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
    match family.min(family.swap_bytes()) {
        2 => ip::ip(frame.skip(12), packet),
        24 | 28 | 30 => ip::ipv6(frame.skip(12), packet),
        other => Err(frame.unsupported("address family", other)),
    }
}

/// The packet filter's log.
fn pflog<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 2] = frame.head("pflog")?;
    let len = usize::from(header[0]).next_multiple_of(4);
    frame.first("pflog", len)?;
    match header[1] {
        2 => ip::ip(frame.skip(len), packet),
        24 | 28 | 30 => ip::ipv6(frame.skip(len), packet),
        other => Err(frame.unsupported("address family", other)),
    }
}

/// RFC 4338: the two names of the ports, then 802.2.
fn fibre_channel<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let _network_header: &[u8; 16] = frame.head("fibre channel")?;
    link::llc(frame.skip(16), packet)
}

fn sun_atm<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 4] = frame.head("sunatm")?;
    match header[0] & 0x0f {
        // LAN emulation: the client's number, then Ethernet.
        1 => {
            let _client: &[u8; 6] = frame.head("sunatm")?;
            link::ethernet(frame.skip(6), packet)
        }
        2 => atm(frame.skip(4), packet),
        other => Err(frame.unsupported("sunatm type", other)),
    }
}

/// Endace's record header within another file format.
fn erf<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 16] = frame.head("erf")?;
    let mut rest = frame.skip(16);
    let mut more = header[8] & 0x80 != 0;
    while more {
        let extension: &[u8; 8] = rest.head("erf extension")?;
        more = extension[0] & 0x80 != 0;
        rest = rest.skip(8);
    }
    match header[8] & 0x7f {
        // Ethernet records begin with an offset and a filler.
        2 | 11 | 16 | 20 => {
            let _pad: &[u8; 2] = rest.head("erf")?;
            link::ethernet(rest.skip(2), packet)
        }
        // AAL5: the header of the first cell.
        4 => {
            let _cell: &[u8; 4] = rest.head("erf")?;
            atm(rest.skip(4), packet)
        }
        1 | 10 | 15 | 17 => link::ppp_hdlc(rest, packet),
        22 => ip::ip(rest, packet),
        23 => ip::ipv6(rest, packet),
        kind => Err(frame.unsupported("erf type", kind)),
    }
}

/// Solaris: 24 bytes about zones and interfaces.
fn ipnet<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 24] = frame.head("ipnet")?;
    match header[1] {
        2 => ip::ip(frame.skip(24), packet),
        26 => ip::ipv6(frame.skip(24), packet),
        family => Err(frame.unsupported("address family", family)),
    }
}

/// Linux netfilter: records of type and length, one of which is the packet.
fn nflog<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 4] = frame.head("nflog")?;
    // In the byte order of the machine that captured, which is written nowhere.
    let payload = nflog_payload(frame, u16::from_le_bytes)
        .or_else(|first| nflog_payload(frame, u16::from_be_bytes).map_err(|_| first))?;
    match header[0] {
        2 => ip::ip(payload, packet),
        10 => ip::ipv6(payload, packet),
        family => Err(frame.unsupported("address family", family)),
    }
}

fn nflog_payload(frame: Span<'_>, number: fn([u8; 2]) -> u16) -> Result<Span<'_>, Stop> {
    const PAYLOAD: u16 = 9;
    let mut rest = frame.skip(4);
    loop {
        let record: &[u8; 4] = rest.head("nflog record")?;
        let (len, kind) = (number([record[0], record[1]]), number([record[2], record[3]]));
        if len < 4 {
            return Err(rest.invalid("nflog record", "length", len));
        }
        if kind == PAYLOAD {
            return Ok(rest.limit(len.into(), "nflog length").skip(4));
        }
        rest = rest.skip(usize::from(len).next_multiple_of(4));
    }
}

/// Apple: a header that tells the link type of what follows.
fn pktap<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 12] = frame.head("pktap")?;
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let len = usize::try_from(word(0)).unwrap_or(usize::MAX);
    if len < 12 {
        return Err(frame.invalid("pktap", "header length", word(0)));
    }
    frame.first("pktap", len)?;
    link::within(word(8), frame.skip(len), packet)
}
