//! A decoded frame: what the headers say, and where decoding had to stop.

use std::fmt;
use std::net::IpAddr;

use crate::frame::{Passage, Time};
use crate::track::Seq;

/// One decoded frame. Payloads are borrowed from the frame.
#[derive(Clone, Debug)]
pub struct Packet<'a> {
    /// 1-based frame number.
    pub number: u64,
    /// Capture time.
    pub time: Option<Time>,
    /// Index of the capturing interface.
    pub interface: u32,
    /// Captured length of the frame.
    pub captured_len: u32,
    /// Length of the frame on the wire.
    pub wire_len: u32,
    /// The captured frame; of a reassembled datagram what stands behind its IP headers.
    pub bytes: &'a [u8],
    /// Source and destination, where an IP header was found.
    pub ip: Option<Ip>,
    /// The transport header and payload, as far as they could be read.
    pub transport: Transport<'a>,
    /// Part of a datagram that must be reassembled first; [`Packet::stop`] says so too.
    pub fragment: Option<Fragment<'a>>,
    /// Why decoding ended before the payload, when it did.
    pub stop: Option<Stop>,
    /// Its way over a wire, where both ends of it were captured.
    pub passage: Option<&'a Passage>,
}

/// A captured fragment of an IP datagram (RFC 791 section 3.2, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// The addresses of the datagram, and the protocol of what is in pieces.
    pub ip: Ip,
    /// The identification that all fragments of a datagram share.
    pub id: u32,
    /// Where these bytes belong in the datagram.
    pub offset: u32,
    /// Not the last fragment.
    pub more: bool,
    /// The bytes, all of them; `None` when the capture was cut.
    pub payload: Option<&'a [u8]>,
}

/// What netscope keeps of an IPv4 or IPv6 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ip {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// The protocol number that ended the header chain.
    pub protocol: u8,
    /// Time to live or hop limit.
    pub ttl: u8,
    /// This is a fragment that does not hold the whole datagram.
    pub fragment: bool,
}

/// What the packet carries above IP.
#[derive(Clone, Debug)]
pub enum Transport<'a> {
    /// A TCP segment.
    Tcp(TcpSegment<'a>),
    /// A UDP datagram.
    Udp(UdpDatagram<'a>),
    /// An ICMP message over IPv4.
    Icmp(IcmpMessage<'a>),
    /// An `ICMPv6` message.
    Icmpv6(IcmpMessage<'a>),
    /// Address resolution.
    Arp(Arp),
    /// Anything else, or nothing that could be decoded.
    Other,
}

/// A TCP segment (RFC 9293 section 3.1).
#[derive(Clone, Debug)]
pub struct TcpSegment<'a> {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Sequence number as on the wire.
    pub seq: Seq,
    /// Acknowledgment number as on the wire; meaningless without ACK.
    pub ack: Seq,
    /// The control bits.
    pub flags: TcpFlags,
    /// The window field, unscaled.
    pub window: u16,
    /// The urgent pointer; meaningless without URG.
    pub urgent: u16,
    /// The options that could be read.
    pub options: TcpOptions,
    /// Everything that the checksum covers, without the pseudo-header; `None` when it cannot be checked: bytes are
    /// missing, or the addresses are not those of the ends.
    pub covered: Option<&'a [u8]>,
    /// Payload length by the headers, also when fewer bytes were captured.
    pub len: u32,
    /// The captured part of the payload.
    pub payload: &'a [u8],
    /// Its length is known: the header is as long as it says, and the segment is not the beginning of a datagram whose
    /// rest is elsewhere. Any other segment is shown as it is on the wire, and nothing is concluded from it.
    pub sound: bool,
    /// The whole header was captured, so that an option that is not there was not sent.
    pub complete: bool,
}

impl TcpSegment<'_> {
    /// SEG.LEN of RFC 9293: payload plus one each for SYN and FIN.
    #[must_use]
    pub fn sequence_len(&self) -> u32 {
        self.len.wrapping_add(u32::from(self.flags.syn())).wrapping_add(u32::from(self.flags.fin()))
    }

    /// The sequence number after this segment.
    #[must_use]
    pub fn end(&self) -> Seq {
        self.seq.plus(self.sequence_len())
    }
}

/// The nine control bits of a TCP header.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TcpFlags(pub u16);

impl TcpFlags {
    /// No more data from the sender.
    pub const FIN: u16 = 0x001;
    /// Synchronise sequence numbers.
    pub const SYN: u16 = 0x002;
    /// Reset the connection.
    pub const RST: u16 = 0x004;
    /// Push function.
    pub const PSH: u16 = 0x008;
    /// The acknowledgment field is significant.
    pub const ACK: u16 = 0x010;
    /// The urgent pointer is significant.
    pub const URG: u16 = 0x020;
    /// ECN echo (RFC 3168).
    pub const ECE: u16 = 0x040;
    /// Congestion window reduced (RFC 3168).
    pub const CWR: u16 = 0x080;
    /// Accurate ECN (RFC 9768), formerly NS.
    pub const AE: u16 = 0x100;

    /// Every bit with its name, in the order in which the records list them.
    pub const NAMES: [(u16, &'static str); 9] = [
        (Self::FIN, "FIN"),
        (Self::SYN, "SYN"),
        (Self::RST, "RST"),
        (Self::PSH, "PSH"),
        (Self::ACK, "ACK"),
        (Self::URG, "URG"),
        (Self::ECE, "ECE"),
        (Self::CWR, "CWR"),
        (Self::AE, "AE"),
    ];

    /// True when every bit of `mask` is set.
    #[must_use]
    pub const fn has(self, mask: u16) -> bool {
        self.0 & mask == mask
    }
    /// FIN is set.
    #[must_use]
    pub const fn fin(self) -> bool {
        self.has(Self::FIN)
    }
    /// SYN is set.
    #[must_use]
    pub const fn syn(self) -> bool {
        self.has(Self::SYN)
    }
    /// RST is set.
    #[must_use]
    pub const fn rst(self) -> bool {
        self.has(Self::RST)
    }
    /// PSH is set.
    #[must_use]
    pub const fn psh(self) -> bool {
        self.has(Self::PSH)
    }
    /// ACK is set.
    #[must_use]
    pub const fn ack(self) -> bool {
        self.has(Self::ACK)
    }
    /// The names of the bits that are set, in record order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| name)
    }
}

impl fmt::Debug for TcpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(","))
    }
}

/// The TCP options that netscope reads. Numbers are as on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpOptions {
    /// Maximum segment size (RFC 9293 section 3.7.1).
    pub mss: Option<u16>,
    /// Window scale shift (RFC 7323 section 2).
    pub window_scale: Option<u8>,
    /// SACK permitted (RFC 2018 section 2).
    pub sack_permitted: bool,
    /// Timestamp value and echo reply (RFC 7323 section 3).
    pub timestamps: Option<(u32, u32)>,
    /// SACK blocks (RFC 2018 section 3), the first `sack_count` of them.
    pub sack_blocks: [(Seq, Seq); 4],
    /// How many SACK blocks there are.
    pub sack_count: u8,
}

impl TcpOptions {
    /// The SACK blocks, left and right edge.
    #[must_use]
    pub fn sack(&self) -> &[(Seq, Seq)] {
        &self.sack_blocks[..usize::from(self.sack_count).min(4)]
    }
    /// No option was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == TcpOptions::default()
    }
}

/// A UDP datagram (RFC 768).
#[derive(Clone, Debug)]
pub struct UdpDatagram<'a> {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Everything that the checksum covers, without the pseudo-header; `None` when it cannot be checked: bytes are
    /// missing, or the addresses are not those of the ends.
    pub covered: Option<&'a [u8]>,
    /// Payload length by the headers.
    pub len: u32,
    /// The captured part of the payload.
    pub payload: &'a [u8],
}

/// An ICMP or `ICMPv6` message.
#[derive(Clone, Debug)]
pub struct IcmpMessage<'a> {
    /// The type field.
    pub kind: u8,
    /// The code field.
    pub code: u8,
    /// For errors: the packet that the message quotes, as far as it goes.
    pub quoted: Option<Quoted>,
    /// The captured bytes after the eight-byte header.
    pub payload: &'a [u8],
}

/// The beginning of a packet inside an ICMP error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The quoted source address.
    pub src: IpAddr,
    /// The quoted destination address.
    pub dst: IpAddr,
    /// The quoted protocol number (6 TCP, 17 UDP).
    pub protocol: u8,
    /// The quoted ports, where the quote reaches that far.
    pub ports: Option<(u16, u16)>,
}

/// An ARP request or reply over IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// 1 request, 2 reply.
    pub operation: u16,
    /// The sender's protocol address.
    pub sender: Option<IpAddr>,
    /// The target's protocol address.
    pub target: Option<IpAddr>,
}

/// Why decoding ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The layer that could not be read (`ipv4`, `tcp`, `link type 127`).
    pub layer: &'static str,
    /// What was wrong.
    pub why: StopReason,
    /// Offset in the frame where that layer begins.
    pub offset: u32,
}

/// What was wrong with a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// netscope does not decode this protocol; its number.
    Unsupported(u32),
    /// The layer needs more bytes than there are.
    Short {
        /// Bytes needed.
        needed: u32,
        /// Bytes there were.
        had: u32,
        /// The length field, or the capture itself, that set the limit.
        limited_by: &'static str,
    },
    /// A field has an impossible value.
    Invalid {
        /// Its name.
        field: &'static str,
        /// Its value.
        value: u32,
    },
    /// A fragment: the transport layer can only be read from the reassembled datagram.
    Fragment,
    /// Tunnels within tunnels, more than are followed.
    Depth,
}
