//! IPv4 and IPv6, down to the protocol that ends the header chain.

use etherparse::{Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice};

use super::span::{Span, be16};
use super::{Ip, Packet, Stop, StopReason, icmp, tcp, udp};

/// What an IP header and its extensions lead to.
pub(super) struct Inner<'a> {
    pub(super) ip: Ip,
    /// A fragment other than the first: what follows is no transport header.
    pub(super) later_fragment: bool,
    pub(super) payload: Span<'a>,
}

/// A layer that is called IP or IPv4: the version field decides, as in Wireshark.
#[inline]
pub(super) fn ip<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let inner = header(span, &mut packet.ip)?;
    transport(span, &inner, packet)
}

/// A layer that must be IPv6.
pub(super) fn ipv6<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let inner = ipv6_header(span, &mut packet.ip)?;
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
    if inner.ip.fragment {
        // Also the first one: its transport header is there, but lengths and checksums are of the whole datagram.
        return Err(span.stop(if inner.ip.src.is_ipv4() { "ipv4" } else { "ipv6" }, StopReason::Fragment));
    }
    match inner.ip.protocol {
        1 => icmp::icmpv4(inner.payload, packet),
        6 => tcp::decode(inner.payload, packet),
        17 => udp::decode(inner.payload, packet),
        58 => icmp::icmpv6(inner.payload, packet),
        // "No next header": there is nothing to decode, so nothing stopped it.
        59 => Ok(()),
        protocol => Err(inner.payload.unsupported("ip protocol", protocol)),
    }
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
    let later_fragment = header.fragments_offset().value() != 0;
    let inner = Inner { ip: found, later_fragment, payload: limited.skip(header_len) };
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
    let payload = match header.payload_length() {
        // A jumbogram (RFC 2675), or segmentation left to the network card: to the end of the frame.
        0 => payload,
        length => payload.limit(length.into(), "ipv6 payload length"),
    };
    chain(Inner { ip: found, later_fragment: false, payload }, 6, ip)
}

/// Follows extension headers; keeps `ip` at the protocol reached.
#[inline]
fn chain<'a>(mut inner: Inner<'a>, version: u8, ip: &mut Option<Ip>) -> Result<Inner<'a>, Stop> {
    // Nothing of a later fragment is a header.
    while !inner.later_fragment {
        let span = inner.payload;
        let (next, len) = match (inner.ip.protocol, version) {
            (0 | 43 | 60, 6) => extension("ipv6 extension", span, |length| (length + 1) * 8)?,
            (44, 6) => {
                let fixed: &[u8; 8] = span.head("ipv6 fragment")?;
                let fragment = Ipv6FragmentHeaderSlice::from_slice(fixed)
                    .map_err(|_| span.invalid("ipv6 fragment", "offset", be16(fixed, 2)))?;
                // A fragment header on a whole datagram ("atomic", RFC 6946) fragments nothing.
                inner.ip.fragment |= fragment.is_fragmenting_payload();
                inner.later_fragment = fragment.fragment_offset().value() != 0;
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
