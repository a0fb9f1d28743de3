//! What every source of packets delivers: frames, with the interface they were seen on.

use std::fmt;

mod names;

/// A moment: nanoseconds since the Unix epoch (UTC, leap seconds not counted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Time(pub i64);

impl Time {
    /// The signed distance `self - earlier` in nanoseconds; saturates.
    #[must_use]
    pub fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Time {
    /// Seconds with nine decimals, as the records write it: `1700000000.123456789`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ns = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        f.write_str(itoa::Buffer::new().format(ns / 1_000_000_000))?;
        f.write_str(".")?;
        // A leading 1 keeps the zeros in front.
        f.write_str(&itoa::Buffer::new().format(1_000_000_000 + ns % 1_000_000_000)[1..])
    }
}

/// A LINKTYPE_ value as pcap files store it (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct LinkType(pub u16);

impl LinkType {
    /// BSD loopback: four bytes of address family in the byte order of the machine that captured.
    pub const NULL: LinkType = LinkType(0);
    /// Ethernet.
    pub const ETHERNET: LinkType = LinkType(1);
    /// PPP, with or without the address and control bytes.
    pub const PPP: LinkType = LinkType(9);
    /// PPP in HDLC-like framing (RFC 1662).
    pub const PPP_HDLC: LinkType = LinkType(50);
    /// `PPPoE` session packets without an Ethernet header.
    pub const PPP_ETHER: LinkType = LinkType(51);
    /// Cisco HDLC.
    pub const C_HDLC: LinkType = LinkType(104);
    /// 802.11.
    pub const IEEE802_11: LinkType = LinkType(105);
    /// Frame relay.
    pub const FRELAY: LinkType = LinkType(107);
    /// 802.11 behind the header of Prism cards.
    pub const IEEE802_11_PRISM: LinkType = LinkType(119);
    /// 802.11 behind a radiotap header.
    pub const IEEE802_11_RADIOTAP: LinkType = LinkType(127);
    /// 802.11 behind the header of `AbsoluteValue` Systems.
    pub const IEEE802_11_AVS: LinkType = LinkType(163);
    /// Per-packet information, which names the link type behind it.
    pub const PPI: LinkType = LinkType(192);
    /// A stack of MPLS labels.
    pub const MPLS: LinkType = LinkType(219);
    /// IPv4 or IPv6 without a link header.
    pub const RAW: LinkType = LinkType(101);
    /// OpenBSD loopback: as NULL, always big-endian.
    pub const LOOP: LinkType = LinkType(108);
    /// Linux "cooked" capture, version 1.
    pub const LINUX_SLL: LinkType = LinkType(113);
    /// PPP with a direction byte.
    pub const PPP_WITH_DIR: LinkType = LinkType(204);
    /// IPv4 without a link header.
    pub const IPV4: LinkType = LinkType(228);
    /// IPv6 without a link header.
    pub const IPV6: LinkType = LinkType(229);
    /// Wireshark's "exported PDU": what a dissector takes, behind tags that name it.
    pub const WIRESHARK_UPPER_PDU: LinkType = LinkType(252);
    /// Linux "cooked" capture, version 2.
    pub const LINUX_SLL2: LinkType = LinkType(276);

    /// The name on the list of link types, or `None` when netscope does not know it.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        let at = names::NAMES.binary_search_by_key(&self.0, |(number, _)| *number).ok()?;
        Some(names::NAMES[at].1)
    }
}

impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// One interface of a capture. A pcap file has one, a pcapng file any number.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Interface {
    /// Its name, where the file or the system tells it.
    pub name: Option<String>,
    /// What its frames begin with.
    pub link: LinkType,
    /// Length of one unit of its time stamps in seconds (`1e-6`, `1e-9`, …).
    pub resolution: f64,
    /// What the kernel of the machine behind it counted while the capture ran, by the names in `/proc/net/netstat`;
    /// empty where nothing is known.
    pub counters: Vec<(String, u64)>,
}

/// The name of the interface on which a capture of ours lists system calls.
const CALLS: &str = "netscope calls";

impl Interface {
    /// The interface that stands for the programs' system calls in a capture whose reader is to see them among the packets.
    #[must_use]
    pub fn calls() -> Interface {
        let (name, link) = (Some(CALLS.to_owned()), LinkType::WIRESHARK_UPPER_PDU);
        Interface { name, link, resolution: 1e-9, counters: Vec::new() }
    }

    /// It is that interface: its frames are no packets. They have numbers, as every analyser counts them.
    #[must_use]
    pub fn is_calls(&self) -> bool {
        self.link == LinkType::WIRESHARK_UPPER_PDU && self.name.as_deref() == Some(CALLS)
    }
}

/// What a capture says of how it was made. Nothing of it is known of plain pcap files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The machine.
    pub hardware: Option<String>,
    /// Its operating system, usually with the kernel's release.
    pub system: Option<String>,
    /// The program that wrote the capture.
    pub application: Option<String>,
}

/// What is known of a frame's way, in a capture that saw both ends of a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Passage {
    /// It left its sender here.
    Left {
        /// Where it arrived; none: it was lost.
        arrived: Option<Arrival>,
        /// The wire doubled it: where the second copy arrived.
        again: Option<Arrival>,
    },
    /// It arrived here, a copy of the frame of this number.
    Came {
        /// The number of the frame in which it left.
        left: u64,
    },
}

/// The arrival of a packet at the other end of a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Arrival {
    /// The frame, at the other capture point.
    pub frame: u64,
    /// When.
    pub time: Time,
}

/// One captured frame, borrowed from its source.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// 1-based, counting packet blocks as Wireshark does.
    pub number: u64,
    /// When it was captured; `None` where the file has no time (simple packet blocks).
    pub time: Option<Time>,
    /// Index of the interface in [`FrameSource::interfaces`].
    pub interface: u32,
    /// What the bytes begin with.
    pub link: LinkType,
    /// Length on the wire; `bytes` is shorter when the capture was cut by a snap length.
    pub wire_len: u32,
    /// The captured bytes.
    pub bytes: &'a [u8],
    /// Its way, where both ends of a wire were captured.
    pub passage: Option<&'a Passage>,
}

/// Where and why the reading of a capture had to stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Offset in the (decompressed) file of the record that could not be read.
    pub offset: u64,
    /// Number that the unreadable frame would have had.
    pub frame: u64,
    /// What was wrong with it.
    pub reason: DamageReason,
}

/// What was wrong with a capture record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageReason {
    /// The file ends inside a record: so many bytes of it were there, so many were needed.
    Cut {
        /// Bytes present.
        had: u64,
        /// Bytes that the record claims.
        needed: u64,
    },
    /// A record claims an impossible length.
    Length {
        /// The name of the field (`captured length`, `block total length`).
        field: &'static str,
        /// What it says.
        value: u64,
        /// The largest value that would have been believed.
        limit: u64,
    },
    /// A packet names an interface that no block described.
    UnknownInterface {
        /// The index.
        index: u32,
    },
    /// A block's trailing length differs from its leading one.
    TrailerMismatch {
        /// At the start of the block.
        leading: u32,
        /// At its end.
        trailing: u32,
    },
    /// The section header has no valid byte-order magic.
    ByteOrder,
    /// A block has a wrong layout.
    Block {
        /// Its type code.
        kind: u32,
    },
    /// A section of a version that nothing is known about.
    Version {
        /// The major version.
        major: u16,
        /// The minor version.
        minor: u16,
    },
    /// The compressed stream expands like a decompression bomb.
    Expansion {
        /// Compressed bytes read so far.
        input: u64,
        /// What they had become.
        output: u64,
    },
    /// The compressed stream is damaged, in the words of the decompressor.
    Compression {
        /// Its message.
        message: String,
    },
    /// The operating system could not read on.
    Read {
        /// Its message.
        message: String,
    },
}

/// Anything that delivers frames in file order: a saved capture, a finished exchange, a live interface.
pub trait FrameSource {
    /// The next frame, `None` at the end. After damage the source is finished.
    ///
    /// # Errors
    /// The damage that stops the reading; everything before it was delivered.
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage>;

    /// The interfaces known so far.
    fn interfaces(&self) -> &[Interface];

    /// What it says of how it was made.
    fn origin(&self) -> Origin {
        Origin::default()
    }

    /// Frames that were lost before they could be captured, where the source can tell.
    fn dropped(&mut self) -> Option<u64> {
        None
    }
}

impl<S: FrameSource + ?Sized> FrameSource for &mut S {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        (**self).next_frame()
    }

    fn interfaces(&self) -> &[Interface] {
        (**self).interfaces()
    }

    fn dropped(&mut self) -> Option<u64> {
        (**self).dropped()
    }
}

/// A frame that owns its bytes, for captures that are kept (a demo's exchange, a live run).
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OwnedFrame {
    /// As [`Frame::time`].
    pub time: Option<Time>,
    /// As [`Frame::interface`].
    pub interface: u32,
    /// As [`Frame::link`].
    pub link: LinkType,
    /// As [`Frame::wire_len`].
    pub wire_len: u32,
    /// As [`Frame::bytes`].
    pub bytes: Vec<u8>,
    /// As [`Frame::passage`].
    pub passage: Option<Passage>,
}

/// Frames in memory as a source; numbers them from 1.
#[derive(Debug)]
pub struct MemorySource<'a> {
    frames: std::slice::Iter<'a, OwnedFrame>,
    interfaces: &'a [Interface],
    number: u64,
    /// Numbers that are not given, in ascending order.
    taken: &'a [u64],
    dropped: Option<u64>,
}

impl<'a> MemorySource<'a> {
    /// A source over `frames`, in their order.
    #[must_use]
    pub fn new(frames: &'a [OwnedFrame], interfaces: &'a [Interface]) -> Self {
        MemorySource { frames: frames.iter(), interfaces, number: 0, taken: &[], dropped: None }
    }

    /// The same, knowing how many frames were lost when they were captured.
    #[must_use]
    pub fn with_dropped(mut self, dropped: Option<u64>) -> Self {
        self.dropped = dropped;
        self
    }

    /// The same, leaving out these numbers, which ascend: something else has them in the file that the frames are saved in.
    #[must_use]
    pub fn without_numbers(mut self, taken: &'a [u64]) -> Self {
        self.taken = taken;
        self
    }
}

impl FrameSource for MemorySource<'_> {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        Ok(self.frames.next().map(|frame| {
            self.number += 1;
            while let Some((_, rest)) = self.taken.split_first().filter(|(taken, _)| **taken == self.number) {
                (self.taken, self.number) = (rest, self.number + 1);
            }
            Frame {
                number: self.number,
                time: frame.time,
                interface: frame.interface,
                link: frame.link,
                wire_len: frame.wire_len,
                bytes: &frame.bytes,
                passage: frame.passage.as_ref(),
            }
        }))
    }

    fn interfaces(&self) -> &[Interface] {
        self.interfaces
    }

    fn dropped(&mut self) -> Option<u64> {
        self.dropped
    }
}
