//! Which captured frames belong to the exchange.

use std::collections::BTreeSet;

use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};

use crate::scenario::Transport;

/// The ports that the exchange's sockets had.
#[derive(Clone, Debug, Default)]
pub(in crate::live) struct Ports {
    ours: BTreeSet<(Proto, u16)>,
    strangers: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Proto {
    Tcp,
    Udp,
}

impl From<Transport> for Proto {
    fn from(transport: Transport) -> Proto {
        match transport {
            Transport::Tcp => Proto::Tcp,
            Transport::Udp => Proto::Udp,
        }
    }
}

/// The two ports of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair(Proto, u16, u16);

impl Ports {
    /// A port that one of the sockets had, or that they talked to.
    pub(in crate::live) fn add(&mut self, transport: Transport, port: u16) {
        if port != 0 {
            self.ours.insert((transport.into(), port));
        }
    }

    /// A socket has lost its port before it could be asked for it (a refused `connect` does that): packets with one
    /// known port are then taken, too.
    pub(in crate::live) fn allow_strangers(&mut self) {
        self.strangers = true;
    }

    /// The TCP ports.
    pub(in crate::live) fn tcp(&self) -> Vec<u16> {
        self.ours.iter().filter(|(proto, _)| *proto == Proto::Tcp).map(|(_, port)| *port).collect()
    }

    /// True when a frame of the loopback interface is one of the exchange's, or an ICMP message about one.
    pub(in crate::live) fn take(&self, frame: &[u8]) -> bool {
        LaxSlicedPacket::from_ethernet(frame).is_ok_and(|packet| self.takes_packet(&packet))
    }

    fn takes_packet(&self, packet: &LaxSlicedPacket<'_>) -> bool {
        let quoted = match &packet.transport {
            Some(TransportSlice::Tcp(tcp)) => {
                return self.takes_pair(Pair(Proto::Tcp, tcp.source_port(), tcp.destination_port()));
            }
            Some(TransportSlice::Udp(udp)) => {
                return self.takes_pair(Pair(Proto::Udp, udp.source_port(), udp.destination_port()));
            }
            Some(TransportSlice::Icmpv4(icmp)) => icmp.payload(),
            Some(TransportSlice::Icmpv6(icmp)) => icmp.payload(),
            _ => return false,
        };
        quoted_ports(quoted).is_some_and(|pair| self.takes_pair(pair))
    }

    fn takes_pair(&self, Pair(proto, source, destination): Pair) -> bool {
        let knows = |port| self.ours.contains(&(proto, port));
        if self.strangers { knows(source) || knows(destination) } else { knows(source) && knows(destination) }
    }
}

/// The ports of the packet that an ICMP error quotes; of TCP perhaps only the first eight bytes are there.
fn quoted_ports(quoted: &[u8]) -> Option<Pair> {
    let packet = LaxSlicedPacket::from_ip(quoted).ok()?;
    let (number, payload) = match packet.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => (ip.payload().ip_number, ip.payload().payload),
        LaxNetSlice::Ipv6(ip) => (ip.payload().ip_number, ip.payload().payload),
        LaxNetSlice::Arp(_) => return None,
    };
    let proto = match number.0 {
        6 => Proto::Tcp,
        17 => Proto::Udp,
        _ => return None,
    };
    let ports: [u8; 4] = payload.get(..4)?.try_into().ok()?;
    Some(Pair(proto, u16::from_be_bytes([ports[0], ports[1]]), u16::from_be_bytes([ports[2], ports[3]])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{Icmpv4Type, PacketBuilder, icmpv4::DestUnreachableHeader};

    fn ports(strangers: bool) -> Ports {
        let mut ports = Ports::default();
        ports.add(Transport::Tcp, 5000);
        ports.add(Transport::Tcp, 40000);
        if strangers {
            ports.allow_strangers();
        }
        ports
    }

    fn ip() -> etherparse::PacketBuilderStep<etherparse::IpHeaders> {
        PacketBuilder::ethernet2([0; 6], [0; 6]).ipv4([127, 0, 0, 1], [127, 0, 0, 1], 64)
    }

    fn tcp(source: u16, destination: u16) -> Vec<u8> {
        let mut frame = Vec::new();
        ip().tcp(source, destination, 1, 64).write(&mut frame, b"x").expect("fits");
        frame
    }

    fn udp(source: u16, destination: u16) -> Vec<u8> {
        let mut frame = Vec::new();
        ip().udp(source, destination).write(&mut frame, b"x").expect("fits");
        frame
    }

    fn icmp_about(frame: &[u8]) -> Vec<u8> {
        let kind = Icmpv4Type::DestinationUnreachable(DestUnreachableHeader::Port);
        let mut out = Vec::new();
        ip().icmpv4(kind).write(&mut out, &frame[14..]).expect("fits");
        out
    }

    #[test]
    fn only_packets_between_the_exchange_s_ports_are_taken() {
        assert!(ports(false).take(&tcp(5000, 40000)));
        assert!(ports(false).take(&tcp(40000, 5000)));
        assert!(!ports(false).take(&tcp(5000, 40001)));
        assert!(!ports(false).take(&udp(5000, 40000)));
        assert!(ports(true).take(&tcp(5000, 40001)));
        assert!(!ports(true).take(&tcp(5001, 40001)));
        assert!(!ports(true).take(b"short"));
    }

    #[test]
    fn an_icmp_message_goes_with_the_packet_it_quotes() {
        assert!(ports(false).take(&icmp_about(&tcp(40000, 5000))));
        assert!(!ports(false).take(&icmp_about(&tcp(40000, 5001))));
        assert!(!ports(false).take(&icmp_about(&udp(40000, 5000))));
    }
}
