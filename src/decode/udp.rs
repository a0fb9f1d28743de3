//! UDP datagrams.

use super::span::{Span, be16};
use super::{Packet, Stop, Transport, UdpDatagram, tunnel};

/// Decodes a datagram at the beginning of `span`.
pub(super) fn decode<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("udp")?;
    let length = be16(header, 4);
    let ports = [be16(header, 0), be16(header, 2)];
    let ipv6 = packet.ip.is_some_and(|ip| ip.src.is_ipv6());
    let (rest, result) = match length {
        // A jumbogram over IPv6 (RFC 2675 section 4).
        0 if ipv6 => (span.skip(8), Ok(())),
        0..8 => (span.limit(8, "udp length").skip(8), Err(span.invalid("udp", "length", length))),
        _ => (span.limit(length.into(), "udp length").skip(8), Ok(())),
    };
    let covered = match usize::from(length) {
        0 => Some(span.bytes).filter(|_| span.is_whole()),
        length => span.bytes.get(..length),
    };
    packet.transport = Transport::Udp(UdpDatagram {
        src_port: ports[0],
        dst_port: ports[1],
        covered: covered.filter(|_| result.is_ok()),
        len: u32::try_from(rest.len).unwrap_or(u32::MAX),
        payload: rest.bytes,
    });
    result?;
    tunnel::over_udp(ports, rest, packet)
}
