//! Frame → packet. Decoding never fails: it keeps what it could read and says what stopped it.

use crate::frame::Frame;

pub mod app;
mod icmp;
mod ip;
mod link;
pub mod packet;
mod span;
mod tcp;
mod udp;

pub use packet::{
    Arp, IcmpMessage, Ip, Packet, Quoted, Stop, StopReason, TcpFlags, TcpOptions, TcpSegment, Transport, UdpDatagram,
};

/// What the headers of a frame say. Any bytes give a packet; where reading ended early, [`Packet::stop`] tells why.
#[inline]
#[must_use]
pub fn decode<'a>(frame: &Frame<'a>) -> Packet<'a> {
    let span = span::Span::new(frame.bytes, frame.wire_len);
    let mut packet = Packet {
        number: frame.number,
        time: frame.time,
        interface: frame.interface,
        captured_len: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
        wire_len: frame.wire_len,
        ip: None,
        transport: Transport::Other,
        stop: None,
    };
    packet.stop = link::decode(frame.link, span, &mut packet).err();
    packet
}

#[cfg(test)]
mod tests;
