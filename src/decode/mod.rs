//! Frame → packet. Decoding never fails: it keeps what it could read and says what stopped it.

pub mod app;
pub mod packet;

pub use packet::{
    Arp, IcmpMessage, Ip, Packet, Quoted, Stop, StopReason, TcpFlags, TcpOptions, TcpSegment, Transport, UdpDatagram,
};
