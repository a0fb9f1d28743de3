//! Frames with valid lengths and checksums, by etherparse.

use std::net::IpAddr;

use etherparse::{
    IcmpEchoHeader, Icmpv4Type, Icmpv6Type, PacketBuilder, PacketBuilderStep, TcpHeader, TcpOptionElement, icmpv4,
    icmpv6,
};

use super::line::{Icmp, Line};
use crate::decode::TcpFlags;
use crate::frame::LinkType;

/// What lies below the transport header.
#[derive(Clone, Copy)]
pub(super) struct Envelope {
    pub(super) link: LinkType,
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) ttl: u8,
}

impl Envelope {
    /// Link and IP header. Both addresses are of one version: the caller has checked it.
    fn start(&self) -> Result<PacketBuilderStep<etherparse::IpHeaders>, String> {
        let ethernet = self.link == LinkType::ETHERNET;
        let link = || PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
        match (self.src, self.dst) {
            (IpAddr::V4(src), IpAddr::V4(dst)) if ethernet => Ok(link().ipv4(src.octets(), dst.octets(), self.ttl)),
            (IpAddr::V4(src), IpAddr::V4(dst)) => Ok(PacketBuilder::ipv4(src.octets(), dst.octets(), self.ttl)),
            (IpAddr::V6(src), IpAddr::V6(dst)) if ethernet => Ok(link().ipv6(src.octets(), dst.octets(), self.ttl)),
            (IpAddr::V6(src), IpAddr::V6(dst)) => Ok(PacketBuilder::ipv6(src.octets(), dst.octets(), self.ttl)),
            (src, dst) => Err(format!("{src} and {dst} are not of the same IP version")),
        }
    }
}

/// The sequence numbers of a segment.
pub(super) struct Numbers {
    /// Relative to the sender's ISN.
    pub(super) sequence_relative: u32,
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) peer_isn: u32,
}

impl Numbers {
    /// The whole header.
    pub(super) fn finish(&self, src: u16, dst: u16, line: &Line, flags: u16) -> Result<TcpHeader, String> {
        let has = |bit| flags & bit != 0;
        let syn = has(TcpFlags::SYN);
        let mut header = TcpHeader::new(src, dst, self.seq, line.win.unwrap_or(if syn { 65535 } else { 502 }));
        header.acknowledgment_number = self.ack;
        header.urgent_pointer = line.urg;
        header.syn = syn;
        header.fin = has(TcpFlags::FIN);
        header.rst = has(TcpFlags::RST);
        header.psh = has(TcpFlags::PSH);
        header.ack = has(TcpFlags::ACK);
        header.urg = has(TcpFlags::URG);
        header.ece = has(TcpFlags::ECE);
        header.cwr = has(TcpFlags::CWR);
        header.ns = has(TcpFlags::AE);
        let options = self.options(line)?;
        header.set_options(&options).map_err(|_| "the options take more than 40 bytes".to_owned())?;
        Ok(header)
    }

    fn options(&self, line: &Line) -> Result<Vec<TcpOptionElement>, String> {
        let mut options = Vec::new();
        options.extend(line.mss.map(TcpOptionElement::MaximumSegmentSize));
        if line.sack_ok {
            options.push(TcpOptionElement::SelectiveAcknowledgementPermitted);
        }
        options.extend(line.ts.map(|(val, ecr)| TcpOptionElement::Timestamp(val, ecr)));
        options.extend(line.ws.map(TcpOptionElement::WindowScale));
        let block = |&(left, right): &(u32, u32)| (self.peer_isn.wrapping_add(left), self.peer_isn.wrapping_add(right));
        if line.sack.len() > 4 {
            return Err("a header has room for four SACK blocks".to_owned());
        }
        if let Some((first, rest)) = line.sack.split_first() {
            let mut others = [None; 3];
            for (place, next) in others.iter_mut().zip(rest) {
                *place = Some(block(next));
            }
            options.push(TcpOptionElement::SelectiveAcknowledgement(block(first), others));
        }
        Ok(options)
    }
}

const TOO_LONG: &str = "the packet is too long for an IP header";

pub(super) fn tcp(envelope: &Envelope, header: &TcpHeader, payload: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let builder = envelope.start()?.tcp_header(header.clone());
    builder.write(&mut bytes, payload).map_err(|_| TOO_LONG.to_owned())?;
    Ok(bytes)
}

pub(super) fn udp(envelope: &Envelope, src: u16, dst: u16, payload: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    envelope.start()?.udp(src, dst).write(&mut bytes, payload).map_err(|_| TOO_LONG.to_owned())?;
    Ok(bytes)
}

pub(super) fn icmp(envelope: &Envelope, message: Icmp, mtu: u16, payload: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let builder = envelope.start()?;
    let written = if envelope.src.is_ipv4() {
        builder.icmpv4(icmpv4_type(message, mtu)).write(&mut bytes, payload)
    } else {
        builder.icmpv6(icmpv6_type(message, mtu)).write(&mut bytes, payload)
    };
    written.map_err(|_| TOO_LONG.to_owned())?;
    Ok(bytes)
}

const ECHO: IcmpEchoHeader = IcmpEchoHeader { id: 1, seq: 1 };

fn icmpv4_type(message: Icmp, mtu: u16) -> Icmpv4Type {
    use icmpv4::{DestUnreachableHeader as D, TimeExceededCode};
    match message {
        Icmp::NetUnreachable => Icmpv4Type::DestinationUnreachable(D::Network),
        Icmp::HostUnreachable => Icmpv4Type::DestinationUnreachable(D::Host),
        Icmp::PortUnreachable => Icmpv4Type::DestinationUnreachable(D::Port),
        Icmp::Prohibited => Icmpv4Type::DestinationUnreachable(D::FilterProhibited),
        Icmp::PacketTooBig => Icmpv4Type::DestinationUnreachable(D::FragmentationNeeded { next_hop_mtu: mtu }),
        Icmp::TtlExceeded => Icmpv4Type::TimeExceeded(TimeExceededCode::TtlExceededInTransit),
        Icmp::EchoRequest => Icmpv4Type::EchoRequest(ECHO),
        Icmp::EchoReply => Icmpv4Type::EchoReply(ECHO),
    }
}

fn icmpv6_type(message: Icmp, mtu: u16) -> Icmpv6Type {
    use icmpv6::{DestUnreachableCode as D, TimeExceededCode};
    match message {
        Icmp::NetUnreachable => Icmpv6Type::DestinationUnreachable(D::NoRoute),
        Icmp::HostUnreachable => Icmpv6Type::DestinationUnreachable(D::Address),
        Icmp::PortUnreachable => Icmpv6Type::DestinationUnreachable(D::Port),
        Icmp::Prohibited => Icmpv6Type::DestinationUnreachable(D::Prohibited),
        Icmp::PacketTooBig => Icmpv6Type::PacketTooBig { mtu: mtu.into() },
        Icmp::TtlExceeded => Icmpv6Type::TimeExceeded(TimeExceededCode::HopLimitExceeded),
        Icmp::EchoRequest => Icmpv6Type::EchoRequest(ECHO),
        Icmp::EchoReply => Icmpv6Type::EchoReply(ECHO),
    }
}
