//! The commonest packet, read on the shortest way: a whole TCP segment over IPv4 without IP options.
//!
//! It says nothing that [`super::decode`] does not say, too (a property test holds them together); what is not plain is
//! left to it.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::checksum::{Checksum, checksum_of_plain};
use super::{TcpFlags, app};
use crate::frame::{Frame, LinkType};
use crate::track::{Proto, Seq};

/// What following a connection needs of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain<'a> {
    /// The sender's address and port.
    pub src: SocketAddrV4,
    /// The receiver's address and port.
    pub dst: SocketAddrV4,
    /// As on the wire.
    pub seq: Seq,
    /// As on the wire, whatever the flags.
    pub ack: Seq,
    /// The flags.
    pub flags: TcpFlags,
    /// Not scaled.
    pub window: u16,
    /// All of it.
    pub payload: &'a [u8],
    /// Header and payload.
    pub covered: &'a [u8],
}

impl Plain<'_> {
    /// The length of the payload in bytes.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "a datagram has at most 65,535 bytes")]
    pub fn len(&self) -> u32 {
        self.payload.len() as u32
    }

    /// True without payload.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.payload.is_empty()
    }

    /// What the checksum says.
    #[must_use]
    pub fn checksum(&self) -> Option<Checksum> {
        checksum_of_plain(self)
    }

    /// True when a dissector might know the payload.
    #[must_use]
    pub fn may_be_app(&self) -> bool {
        app::may_know(Proto::Tcp, self.payload, (self.src.port(), self.dst.port()))
    }
}

/// The segment that a frame holds; `None` for anything but the plain case.
#[inline]
#[must_use]
pub fn plain<'a>(frame: &Frame<'a>) -> Option<Plain<'a>> {
    let bytes = frame.bytes;
    let datagram = match frame.link {
        LinkType::ETHERNET if bytes.get(12..14)? == [8, 0] => bytes.get(14..)?,
        LinkType::RAW | LinkType::IPV4 => bytes,
        _ => return None,
    };
    let ip: &[u8; 20] = datagram.first_chunk()?;
    let total = usize::from(be16(ip, 2));
    // More fragments to come, or an offset.
    let fragment = be16(ip, 6) & 0x3fff;
    // Version 4 with a header of five words.
    let whole = ip[0] == 0x45 && fragment == 0 && ip[9] == 6 && bytes.len() <= frame.wire_len as usize;
    let segment = datagram.get(20..total).filter(|_| whole)?;
    let tcp: &[u8; 20] = segment.first_chunk()?;
    let header = usize::from(tcp[12] >> 4) * 4;
    let payload = segment.get(header..).filter(|_| header >= 20)?;
    let end = |at: usize, port| SocketAddrV4::new(Ipv4Addr::from_bits(be32(ip, at)), be16(tcp, port));
    Some(Plain {
        src: end(12, 0),
        dst: end(16, 2),
        seq: Seq(be32(tcp, 4)),
        ack: Seq(be32(tcp, 8)),
        flags: TcpFlags(u16::from(tcp[12] & 1) << 8 | u16::from(tcp[13])),
        window: be16(tcp, 14),
        payload,
        covered: segment,
    })
}

#[inline]
fn be16(bytes: &[u8; 20], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

#[inline]
fn be32(bytes: &[u8; 20], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::{Transport, checksum, decode};

    /// Ethernet, IPv4 and TCP with a timestamp option and some payload.
    fn segment(payload: &[u8]) -> Vec<u8> {
        let total = u16::try_from(52 + payload.len()).unwrap().to_be_bytes();
        let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        bytes.extend([0x45, 0, total[0], total[1], 0, 7, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        bytes.extend([0x9c, 0x40, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x18, 1, 0, 0, 0, 0, 0]);
        bytes.extend([1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]);
        bytes.extend(payload);
        bytes
    }

    fn agrees(bytes: &[u8], link: LinkType, wire_len: u32) -> Result<bool, TestCaseError> {
        let frame = Frame { number: 1, time: None, interface: 0, link, wire_len, bytes, passage: None };
        let Some(plain) = plain(&frame) else { return Ok(false) };
        let packet = decode(&frame);
        prop_assert_eq!(plain.checksum(), checksum(&packet));
        prop_assert_eq!(packet.stop, None);
        prop_assert_eq!(packet.fragment, None);
        let ip = packet.ip.unwrap();
        prop_assert_eq!((ip.src, ip.dst), ((*plain.src.ip()).into(), (*plain.dst.ip()).into()));
        let Transport::Tcp(segment) = packet.transport else { return Err(TestCaseError::fail("no TCP")) };
        prop_assert_eq!((segment.src_port, segment.dst_port), (plain.src.port(), plain.dst.port()));
        prop_assert_eq!((segment.seq, segment.ack, segment.window), (plain.seq, plain.ack, plain.window));
        prop_assert_eq!((segment.flags, segment.len, segment.payload), (plain.flags, plain.len(), plain.payload));
        Ok(true)
    }

    #[test]
    fn an_ordinary_segment_is_plain_and_one_that_was_cut_is_not() {
        let bytes = segment(b"halo");
        let whole = u32::try_from(bytes.len()).unwrap();
        assert!(agrees(&bytes, LinkType::ETHERNET, whole).unwrap());
        assert!(agrees(&bytes[14..], LinkType::RAW, whole - 14).unwrap());
        assert!(!agrees(&bytes[..bytes.len() - 1], LinkType::ETHERNET, whole).unwrap());
    }

    proptest! {
        #[test]
        fn what_is_plain_is_read_as_the_decoder_reads_it(
            payload in proptest::collection::vec(any::<u8>(), 0..40),
            changes in proptest::collection::vec((0_usize..80, any::<u8>()), 0..4),
            raw in any::<bool>(),
            padding in 0_usize..8,
            cut in 0_usize..4,
            beyond in 0_u32..3,
        ) {
            let mut bytes = segment(&payload);
            bytes.extend(vec![0; padding]);
            bytes.truncate(bytes.len() - cut);
            for (at, value) in changes {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            let (bytes, link) = if raw { (&bytes[14..], LinkType::RAW) } else { (&bytes[..], LinkType::ETHERNET) };
            agrees(bytes, link, u32::try_from(bytes.len()).unwrap() + beyond)?;
        }

        #[test]
        fn any_bytes_are_read_as_the_decoder_reads_them(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let wire_len = u32::try_from(bytes.len()).unwrap();
            agrees(&bytes, LinkType::RAW, wire_len)?;
            agrees(&bytes, LinkType::ETHERNET, wire_len)?;
        }
    }
}
