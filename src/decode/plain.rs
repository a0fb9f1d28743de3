//! The commonest packet, read on the shortest way: a whole TCP segment over IPv4 without IP options.
//!
//! It says nothing that [`super::decode`] does not say, too (a property test holds them together); what is not plain is
//! left to it.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::checksum::{Checksum, checksum_of_plain};
use super::{TcpFlags, app};
use crate::frame::{Damage, Frame, FrameSource, LinkType, MemorySource};
use crate::track::{Proto, Seq};

/// What following a connection needs of a segment. It owns all of it, so that it can be handed from thread to thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain {
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
    /// The length of the payload in bytes; all of it was captured.
    pub len: u16,
    /// A dissector might know the payload.
    pub may_be_app: bool,
    /// What the checksum says, where that was asked for.
    pub checksum: Option<Checksum>,
}

/// A source whose frames can be had together with what the shortest way reads in them.
pub trait PlainSource: FrameSource {
    /// From now on every frame is asked for by [`PlainSource::next_plain`]: time to read ahead. `verify`: the checksums
    /// will be looked at as well.
    fn expect_plain(&mut self, _verify: bool) {}

    /// As [`FrameSource::next_frame`], with what the shortest way reads in the frame.
    ///
    /// # Errors
    /// The damage that stops the reading; everything before it was delivered.
    #[inline]
    fn next_plain(&mut self, verify: bool) -> Result<Option<(Frame<'_>, Option<Plain>)>, Damage> {
        let frame = self.next_frame()?;
        Ok(frame.map(|frame| (frame, plain(&frame, verify))))
    }
}

impl PlainSource for MemorySource<'_> {}

/// The segment that a frame holds; `None` for anything but the plain case. With `verify` its checksum is looked at, which
/// reads every byte.
#[inline]
#[must_use]
pub fn plain(frame: &Frame<'_>, verify: bool) -> Option<Plain> {
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
    let (src, dst) = (end(12, 0), end(16, 2));
    Some(Plain {
        src,
        dst,
        seq: Seq(be32(tcp, 4)),
        ack: Seq(be32(tcp, 8)),
        flags: TcpFlags(u16::from(tcp[12] & 1) << 8 | u16::from(tcp[13])),
        window: be16(tcp, 14),
        len: u16::try_from(payload.len()).ok()?,
        may_be_app: app::may_know(Proto::Tcp, payload, (src.port(), dst.port())),
        checksum: if verify { checksum_of_plain(src, dst, segment) } else { None },
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
        let Some(plain) = plain(&frame, true) else { return Ok(false) };
        let packet = decode(&frame);
        prop_assert_eq!(plain.checksum, checksum(&packet));
        prop_assert_eq!(packet.stop, None);
        prop_assert_eq!(packet.fragment, None);
        let ip = packet.ip.unwrap();
        prop_assert_eq!((ip.src, ip.dst), ((*plain.src.ip()).into(), (*plain.dst.ip()).into()));
        let Transport::Tcp(segment) = packet.transport else { return Err(TestCaseError::fail("no TCP")) };
        prop_assert_eq!((segment.src_port, segment.dst_port), (plain.src.port(), plain.dst.port()));
        prop_assert_eq!((segment.seq, segment.ack, segment.window), (plain.seq, plain.ack, plain.window));
        prop_assert_eq!((segment.flags, segment.len), (plain.flags, plain.len.into()));
        prop_assert_eq!(segment.payload.len(), usize::from(plain.len));
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
