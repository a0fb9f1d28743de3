//! The checksums of TCP and UDP, computed when somebody asks.

use std::net::{IpAddr, SocketAddrV4};

use super::{Packet, Transport};

/// What the checksum of a segment or datagram says (RFC 9293 section 3.1, RFC 768).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// It fits the bytes.
    Good,
    /// It does not.
    Bad,
    /// It covers the pseudo-header alone: the packet was captured before the network card computed the rest.
    Partial,
}

impl Checksum {
    /// Its name in the records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Checksum::Good => "good",
            Checksum::Bad => "bad",
            Checksum::Partial => "partial",
        }
    }
}

/// The checksum of a packet, or `None` where it cannot be checked: not TCP or UDP, bytes missing, or UDP without one.
#[must_use]
pub fn checksum(packet: &Packet<'_>) -> Option<Checksum> {
    let ip = packet.ip?;
    let (bytes, protocol, at) = match &packet.transport {
        Transport::Tcp(segment) => (segment.covered?, 6_u8, 16),
        Transport::Udp(datagram) => (datagram.covered?, 17, 6),
        _ => return None,
    };
    let field = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
    // RFC 768: the sender computed none. Over IPv6 there must be one (RFC 8200 section 8.1).
    if protocol == 17 && field == 0 && ip.src.is_ipv4() {
        return None;
    }
    judge(address(ip.src) + address(ip.dst), protocol, field, bytes)
}

/// The checksum of a segment over IPv4, header and payload.
pub(super) fn checksum_of_plain(src: SocketAddrV4, dst: SocketAddrV4, bytes: &[u8]) -> Option<Checksum> {
    let field = u16::from_be_bytes([*bytes.get(16)?, *bytes.get(17)?]);
    judge(sum(&src.ip().octets()) + sum(&dst.ip().octets()), 6, field, bytes)
}

fn judge(addresses: u64, protocol: u8, field: u16, bytes: &[u8]) -> Option<Checksum> {
    let length = u32::try_from(bytes.len()).ok()?;
    let pseudo = addresses + u64::from(protocol) + u64::from(length);
    Some(if fold(pseudo + sum(bytes)) == 0xffff {
        Checksum::Good
    } else if field == fold(pseudo) {
        Checksum::Partial
    } else {
        Checksum::Bad
    })
}

fn address(address: IpAddr) -> u64 {
    match address {
        IpAddr::V4(address) => sum(&address.octets()),
        IpAddr::V6(address) => sum(&address.octets()),
    }
}

/// The sum of the 16-bit words, an odd byte padded with zero. A datagram is far too short for it to overflow.
fn sum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<4>();
    let odd = match rest {
        [] => 0,
        [a] => u64::from(*a) << 8,
        [a, b] => u64::from(u16::from_be_bytes([*a, *b])),
        [a, b, c, ..] => u64::from(u16::from_be_bytes([*a, *b])) + (u64::from(*c) << 8),
    };
    // 2^16 is 1 in ones' complement arithmetic, so words of 32 bits fold to the same.
    words.iter().map(|word| u64::from(u32::from_be_bytes(*word))).sum::<u64>() + odd
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}
