//! Wireshark's `tcp.completeness`: which parts of a connection's life the capture holds.

use crate::decode::TcpSegment;

/// A sum of bits, as Wireshark prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Completeness(u8);

impl Completeness {
    /// A SYN without ACK.
    pub const SYN: u8 = 1;
    /// A SYN with ACK.
    pub const SYN_ACK: u8 = 2;
    /// An ACK without SYN and without data.
    pub const ACK: u8 = 4;
    /// Data.
    pub const DATA: u8 = 8;
    /// A FIN with ACK. One is enough: a connection that only one end has closed has this bit too.
    pub const FIN: u8 = 16;
    /// A RST.
    pub const RST: u8 = 32;

    /// The sum, of a connection with so many packets. tshark has nothing for a single packet that is no SYN.
    #[must_use]
    pub fn value(self, packets: u64) -> u8 {
        if packets == 1 && self.0 & Self::SYN == 0 { 0 } else { self.0 }
    }

    /// Adds a segment with ACK and without SYN, FIN and RST.
    #[inline]
    pub fn add_plain(&mut self, data: bool) {
        self.0 |= if data { Self::DATA } else { Self::ACK };
    }

    /// Adds what one segment shows.
    pub fn add(&mut self, segment: &TcpSegment<'_>) {
        let (flags, data) = (segment.flags, segment.len > 0);
        let bits = match (flags.syn(), flags.ack()) {
            // Data on a SYN is TCP Fast Open (RFC 7413).
            (true, false) if data => Self::SYN | Self::DATA,
            (true, false) => Self::SYN,
            (true, true) => Self::SYN_ACK,
            (false, true) if data => Self::DATA,
            (false, true) => Self::ACK,
            (false, false) => 0,
        };
        self.0 |= bits;
        if flags.fin() && flags.ack() {
            self.0 |= Self::FIN;
        }
        if flags.rst() {
            self.0 |= Self::RST;
        }
    }
}
