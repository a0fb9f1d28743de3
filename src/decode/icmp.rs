//! ICMP and `ICMPv6`, with the packet that an error quotes.

use super::span::Span;
use super::{IcmpMessage, Packet, Quoted, Stop, Transport, ip};

/// Decodes a message over IPv4 (RFC 792).
pub(super) fn icmpv4<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    // Destination unreachable, source quench, redirect, time exceeded, parameter problem.
    let (message, result) = message(span, "icmp", |kind| matches!(kind, 3 | 4 | 5 | 11 | 12))?;
    packet.transport = Transport::Icmp(message);
    result
}

/// Decodes a message over IPv6 (RFC 4443).
pub(super) fn icmpv6<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    // Destination unreachable, packet too big, time exceeded, parameter problem.
    let (message, result) = message(span, "icmpv6", |kind| matches!(kind, 1..=4))?;
    packet.transport = Transport::Icmpv6(message);
    result
}

type Message<'a> = (IcmpMessage<'a>, Result<(), Stop>);

fn message<'a>(span: Span<'a>, layer: &'static str, is_error: fn(u8) -> bool) -> Result<Message<'a>, Stop> {
    let &[kind, code] = span.head(layer)?;
    let complete = span.first(layer, 8);
    let body = span.skip(8);
    let quoted = if complete.is_ok() && is_error(kind) { quoted(body) } else { None };
    Ok((IcmpMessage { kind, code, quoted, payload: body.bytes }, complete.map(|_| ())))
}

/// The quoted IP header, and the ports behind it when the quote reaches that far.
fn quoted(span: Span<'_>) -> Option<Quoted> {
    let mut ip = None;
    let inner = ip::header(span, &mut ip).ok();
    let ip = ip?;
    // TCP, UDP, DCCP, SCTP and UDP-Lite all begin with two ports.
    let has_ports = matches!(ip.protocol, 6 | 17 | 33 | 132 | 136);
    let ports = inner
        .filter(|inner| has_ports && !inner.later_fragment)
        .and_then(|inner| inner.payload.bytes.first_chunk::<4>())
        .map(|&[a, b, c, d]| (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])));
    Some(Quoted { src: ip.src, dst: ip.dst, protocol: ip.protocol, ports })
}
