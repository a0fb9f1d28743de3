//! Bytes → frames, and frames → file.
//!
//! A capture file goes through four layers; each knows only the one before it:
//!
//! ```text
//! open        which file, may it be read        (the edge: the only layer that touches the system)
//! compressed  gzip and zstd → plain bytes, with a limit on how far they may expand
//! window      a refillable buffer: the bytes at hand as one slice
//! pcap        ┐ slice → record or block; they deliver `Frame`s that borrow from the window,
//! pcapng      ┘ and say exactly where and why they had to stop
//! reader      either of the two
//! scout       the same on a second thread, for large files of which most frames need a short look only
//! ```
//!
//! The readers never allocate what a record claims: the window grows only with bytes that have arrived.
//! [`output`] and [`save`] are the way back: a file is written beside its target and takes its name when it is whole.

mod ahead;
pub mod compressed;
#[cfg(test)]
mod crafted;
mod custom;
pub mod damage;
pub mod exported;
#[cfg(feature = "libpcap")]
pub mod filter;
pub mod foreign;
pub mod held;
pub mod open;
pub mod output;
pub mod pcap;
pub mod pcapng;
mod reader;
pub mod save;
mod scout;
pub mod window;

use crate::frame::LinkType;

/// The largest captured length that is believed: for the links that carry IP, and for the buses whose messages are large.
///
/// These are Wireshark's limits, so that a file it reads to the end is read to the end here as well.
#[must_use]
pub fn frame_limit(link: LinkType) -> u32 {
    match link.0 {
        // D-Bus and USBPcap.
        231 | 249 => 128 << 20,
        // Elektrobit high-speed capture and replay.
        279 => 32 << 20,
        _ => 256 << 10,
    }
}

/// Byte order and fixed-size fields of a slice. Every caller has checked the length; a short slice reads as zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The file was written by a big-endian machine.
    pub(crate) big: bool,
}

impl Order {
    #[inline]
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let Some(raw) = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()) else { return 0 };
        if self.big { u16::from_be_bytes(*raw) } else { u16::from_le_bytes(*raw) }
    }

    #[inline]
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let Some(raw) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) else { return 0 };
        if self.big { u32::from_be_bytes(*raw) } else { u32::from_le_bytes(*raw) }
    }

    #[inline]
    pub(crate) fn u64(self, bytes: &[u8], at: usize) -> u64 {
        let Some(raw) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else { return 0 };
        if self.big { u64::from_be_bytes(*raw) } else { u64::from_le_bytes(*raw) }
    }
}

/// What a parser says of the bytes at hand.
#[derive(Debug)]
pub(crate) enum Parsed<T> {
    /// It needs so many bytes from the start of the record to say more.
    Need(usize),
    /// The record cannot be believed.
    Bad(crate::frame::DamageReason),
    /// The record is whole.
    Got(T),
}

/// Why the start of a file is not the start of a capture that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The file ends inside its header.
    Cut {
        /// Bytes present.
        had: u64,
        /// Bytes needed.
        needed: u64,
    },
    /// A version of the format that nothing is known about.
    Version {
        /// The major version.
        major: u16,
        /// The minor version.
        minor: u16,
    },
    /// Bits that must be zero are set in the field that holds the link type.
    LinkField {
        /// The whole field.
        value: u32,
    },
    /// The bytes could not be read, or contradict each other.
    Damaged(crate::frame::DamageReason),
}

/// Property tests with a fixed seed: the same cases on every machine.
#[cfg(test)]
fn proptest_config() -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        cases: 2_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x6e65_7473),
        ..proptest::test_runner::Config::default()
    }
}
