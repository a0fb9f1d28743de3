//! IPv4 and IPv6, down to the protocol that ends the header chain.

use etherparse::{Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice};

use super::span::{Span, be16};
use super::{Fragment, Ip, Packet, Stop, StopReason, Transport, icmp, link, tcp, tunnel, udp};

/// What an IP header and its extensions lead to.
pub(super) struct Inner<'a> {
    pub(super) ip: Ip,
    /// A fragment other than the first: what follows is no transport header.
    pub(super) later_fragment: bool,
    /// Of a fragment: identification, offset in bytes, more to come.
    piece: Option<(u32, u32, bool)>,
    /// The receiver is another than the header says.
    rerouted: bool,
    /// The header promises more bytes than the frame has.
    lacking: bool,
    pub(super) payload: Span<'a>,
}

/// A layer that is called IP or IPv4: the version field decides, as in Wireshark.
#[inline]
pub(super) fn ip<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let span = span.deeper("ip")?;
    let inner = header(span, &mut packet.ip)?;
    transport(span, &inner, packet)
}

/// A layer that must be IPv6.
pub(super) fn ipv6<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let span = span.deeper("ipv6")?;
    let inner = ipv6_header(span, &mut packet.ip)?;
    transport(span, &inner, packet)
}

/// A reassembled datagram, from behind the header that its fragments shared.
pub(super) fn datagram<'a>(span: Span<'a>, ip: Ip, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let version = if ip.src.is_ipv4() { 4 } else { 6 };
    packet.ip = Some(ip);
    let inner = Inner { ip, later_fragment: false, piece: None, rerouted: false, lacking: false, payload: span };
    let inner = chain(inner, version, &mut packet.ip)?;
    transport(span, &inner, packet)
}

/// The headers alone, for quotes. `ip` holds what could be read, also when the rest could not.
#[inline]
pub(super) fn header<'a>(span: Span<'a>, ip: &mut Option<Ip>) -> Result<Inner<'a>, Stop> {
    let first: &[u8; 1] = span.head("ip")?;
    match first[0] >> 4 {
        4 => ipv4_header(span, ip),
        6 => ipv6_header(span, ip),
        version => Err(span.invalid("ip", "version", version)),
    }
}

#[inline]
fn transport<'a>(span: Span<'a>, inner: &Inner<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let payload = inner.payload;
    if let Some((id, offset, more)) = inner.piece {
        // A first fragment that was cut can never be reassembled: its headers are all that will be known. Of IPv6,
        // where more extension headers may follow, it is left alone, as Wireshark does.
        let whole = payload.is_whole() && !inner.lacking;
        if whole || inner.later_fragment || inner.ip.src.is_ipv6() {
            let ip = Ip { fragment: false, ..inner.ip };
            let bytes = Some(payload.bytes).filter(|_| whole);
            packet.fragment = Some(Fragment { ip, id, offset, more, payload: bytes });
            return Err(span.stop(if inner.ip.src.is_ipv4() { "ipv4" } else { "ipv6" }, StopReason::Fragment));
        }
    }
    match inner.ip.protocol {
        1 => icmp::icmpv4(payload, packet),
        4 | 94 => ip(payload, packet),
        6 | 17 => ports(payload, inner, packet),
        41 => ipv6(payload, packet),
        47 => tunnel::gre(payload, packet),
        58 => icmp::icmpv6(payload, packet),
        // "No next header": there is nothing to decode, so nothing stopped it.
        59 => Ok(()),
        97 => tunnel::etherip(payload, packet),
        137 => tunnel::mpls(payload, packet),
        // Ethernet in IPv6 segment routing (RFC 8986).
        143 => link::ethernet(payload, packet),
        protocol => Err(payload.unsupported("ip protocol", protocol)),
    }
}

fn ports<'a>(span: Span<'a>, inner: &Inner<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let result = if inner.ip.protocol == 6 { tcp::decode(span, packet) } else { udp::decode(span, packet) };
    // The pseudo-header has the address of the last receiver, and a fragment is no whole datagram.
    if inner.rerouted || inner.piece.is_some() {
        match &mut packet.transport {
            Transport::Tcp(segment) => {
                segment.covered = None;
                segment.sound &= inner.piece.is_none();
            }
            Transport::Udp(datagram) => datagram.covered = None,
            _ => {}
        }
    }
    result
}

#[inline]
fn ipv4_header<'a>(span: Span<'a>, ip: &mut Option<Ip>) -> Result<Inner<'a>, Stop> {
    let fixed: &[u8; 20] = span.head("ipv4")?;
    let words = fixed[0] & 15;
    if words < 5 {
        return Err(span.invalid("ipv4", "header length", words));
    }
    let header_len = usize::from(words) * 4;
    // Options that were cut off do not cost the addresses.
    let without_options;
    let complete = span.first("ipv4", header_len);
    let bytes = if let Ok(bytes) = complete {
        bytes
    } else {
        let mut copy = *fixed;
        copy[0] = 0x45;
        without_options = copy;
        &without_options
    };
    let header = Ipv4HeaderSlice::from_slice(bytes).map_err(|_| span.invalid("ipv4", "header length", words))?;
    let total = header.total_len();
    // A sending kernel that leaves segmentation to the network card writes 0.
    if total != 0 && usize::from(total) < header_len {
        return Err(span.invalid("ipv4", "total length", total));
    }
    let limited = if total == 0 { span } else { span.limit(total.into(), "ipv4 total length") };
    let found = Ip {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.protocol().0,
        ttl: header.ttl(),
        fragment: header.is_fragmenting_payload(),
    };
    *ip = Some(found);
    complete?;
    let offset = u32::from(header.fragments_offset().value()) * 8;
    let piece = found.fragment.then(|| (header.identification().into(), offset, header.more_fragments()));
    // Loose and strict source routes end at another address.
    let rerouted = bytes[20..].iter().any(|kind| matches!(kind, 131 | 137));
    let payload = limited.skip(header_len);
    let lacking = usize::from(total) > span.len;
    let inner = Inner { ip: found, later_fragment: offset != 0, piece, rerouted, lacking, payload };
    if piece.is_some() && payload.is_whole() && !lacking {
        // An authentication header is of the whole datagram.
        return Ok(inner);
    }
    // An authentication header may stand between IPv4 and its transport.
    chain(inner, 4, ip)
}

fn ipv6_header<'a>(span: Span<'a>, ip: &mut Option<Ip>) -> Result<Inner<'a>, Stop> {
    let fixed: &[u8; 40] = span.head("ipv6")?;
    if fixed[0] >> 4 != 6 {
        return Err(span.invalid("ipv6", "version", fixed[0] >> 4));
    }
    let header = Ipv6HeaderSlice::from_slice(fixed).map_err(|_| span.invalid("ipv6", "version", fixed[0] >> 4))?;
    let found = Ip {
        src: header.source_addr().into(),
        dst: header.destination_addr().into(),
        protocol: header.next_header().0,
        ttl: header.hop_limit(),
        fragment: false,
    };
    *ip = Some(found);
    let payload = span.skip(40);
    let lacking = usize::from(header.payload_length()) > payload.len;
    let payload = match header.payload_length() {
        // A jumbogram (RFC 2675), or segmentation left to the network card: to the end of the frame.
        0 => payload,
        length => payload.limit(length.into(), "ipv6 payload length"),
    };
    chain(Inner { ip: found, later_fragment: false, piece: None, rerouted: false, lacking, payload }, 6, ip)
}

/// Follows extension headers; keeps `ip` at the protocol reached.
#[inline]
fn chain<'a>(mut inner: Inner<'a>, version: u8, ip: &mut Option<Ip>) -> Result<Inner<'a>, Stop> {
    // What is complete only with the other fragments is not read from one of them.
    while inner.piece.is_none() || version == 4 && !inner.later_fragment {
        let span = inner.payload;
        let (next, len) = match (inner.ip.protocol, version) {
            (0 | 60 | 140, 6) => extension("ipv6 extension", span, |length| (length + 1) * 8)?,
            (43, 6) => {
                let routing = extension("ipv6 extension", span, |length| (length + 1) * 8)?;
                // Segments left.
                inner.rerouted |= span.bytes[3] != 0;
                routing
            }
            (44, 6) => {
                let fixed: &[u8; 8] = span.head("ipv6 fragment")?;
                let fragment = Ipv6FragmentHeaderSlice::from_slice(fixed)
                    .map_err(|_| span.invalid("ipv6 fragment", "offset", be16(fixed, 2)))?;
                // A fragment header on a whole datagram ("atomic", RFC 6946) fragments nothing.
                inner.ip.fragment |= fragment.is_fragmenting_payload();
                inner.later_fragment = fragment.fragment_offset().value() != 0;
                let offset = u32::from(fragment.fragment_offset().value()) * 8;
                let piece = (fragment.identification(), offset, fragment.more_fragments());
                inner.piece = Some(piece).filter(|_| fragment.is_fragmenting_payload());
                (fragment.next_header().0, 8)
            }
            (51, _) => extension("authentication header", span, |length| (length + 2) * 4)?,
            _ => break,
        };
        inner.ip.protocol = next;
        inner.payload = span.skip(len);
        *ip = Some(inner.ip);
    }
    Ok(inner)
}

/// Next header and length of an extension header whose second byte tells its length.
fn extension(layer: &'static str, span: Span<'_>, len: fn(usize) -> usize) -> Result<(u8, usize), Stop> {
    let fixed: &[u8; 2] = span.head(layer)?;
    let len = len(fixed[1].into());
    span.first(layer, len)?;
    Ok((fixed[0], len))
}
