//! Frame → packet. Decoding never fails: it keeps what it could read and says what stopped it.

use crate::frame::Frame;

pub mod app;
mod bridge;
mod checksum;
mod icmp;
mod ip;
mod link;
mod media;
pub mod packet;
pub mod plain;
pub mod reassembly;
mod span;
mod tcp;
mod tunnel;
mod udp;
mod wifi;

pub use checksum::{Checksum, checksum};
pub use packet::{
    Arp, Fragment, IcmpMessage, Ip, Packet, Quoted, Stop, StopReason, TcpFlags, TcpOptions, TcpSegment, Transport,
    UdpDatagram,
};

/// What the headers of a frame say. Any bytes give a packet; where reading ended early, [`Packet::stop`] tells why.
#[inline]
#[must_use]
pub fn decode<'a>(frame: &Frame<'a>) -> Packet<'a> {
    let span = span::Span::new(frame.bytes, frame.wire_len);
    let mut packet = blank(frame, frame.bytes);
    packet.passage = frame.passage;
    packet.stop = link::decode(frame.link, span, &mut packet).err();
    packet
}

/// What the headers of a reassembled datagram say. `fragment` is the one that completed it, `data` what stands behind
/// its IP headers. The offset of a stop counts in `data`.
fn decode_datagram<'a>(frame: &Frame<'_>, fragment: &Fragment<'_>, data: &'a [u8]) -> Packet<'a> {
    let mut packet = blank(frame, data);
    let span = span::Span::new(data, u32::try_from(data.len()).unwrap_or(u32::MAX));
    packet.stop = ip::datagram(span, fragment.ip, &mut packet).err();
    packet
}

fn blank<'a>(frame: &Frame<'_>, bytes: &'a [u8]) -> Packet<'a> {
    Packet {
        number: frame.number,
        time: frame.time,
        interface: frame.interface,
        captured_len: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
        wire_len: frame.wire_len,
        bytes,
        ip: None,
        transport: Transport::Other,
        fragment: None,
        stop: None,
        passage: None,
    }
}

#[cfg(test)]
mod tests;
