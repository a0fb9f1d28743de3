//! The table of connections: finds the one that a packet belongs to, or begins it.

use std::net::SocketAddr;

use super::completeness::Completeness;
use super::connection::{ClientBy, Connection, Mark};
use super::flow::{FlowKey, Flows, client_is_sender};
use super::on_the_way::Way;
use super::repair::Counted;
use super::step::{ConnId, Proto, Quote, Side, State, States, Step};
use super::tcp::TcpConnection;
use super::udp::{Askers, UdpConversation};
use super::zeek::Zeek;
use crate::decode::plain::Plain;
use crate::decode::{Checksum, IcmpMessage, Packet, TcpSegment, Transport, UdpDatagram, app, checksum};

/// ICMP errors remembered for each connection.
const MAX_ICMP: usize = 16;
/// IP protocol numbers (RFC 9293, RFC 768).
const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_UDP: u8 = 17;

/// Follows every connection of a capture.
#[derive(Debug, Default)]
pub struct Tracker {
    flows: Flows,
    tcp: Vec<TcpConnection>,
    udp: Vec<UdpConversation>,
    askers: Askers,
    /// What the hosts behind the interfaces counted, where that is known.
    counted: Vec<Option<Counted>>,
    /// Nobody looks at single packets.
    connections_only: bool,
    verifies: bool,
}

impl Tracker {
    /// A tracker that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tracker for when only the connections are asked for: its steps have neither labels nor the facts about loss,
    /// window and timers, and it can [`Tracker::predict`].
    #[must_use]
    pub fn connections_only() -> Self {
        Tracker { connections_only: true, ..Self::default() }
    }

    /// Follows a segment that continues a connection in which nothing special is going on. `None`, and nothing is
    /// changed, when it is to be decoded in full and pushed.
    #[inline]
    pub fn predict(&mut self, segment: &Plain<'_>, at: Mark) -> Option<ConnId> {
        if self.verifies && segment.checksum() == Some(Checksum::Bad) {
            return None;
        }
        let (src, dst) = (segment.src.into(), segment.dst.into());
        let index = *self.flows.get(&FlowKey::new(Proto::Tcp, src, dst))?;
        let conn = self.tcp.get_mut(index as usize)?;
        let from = sender(&conn.summary, src, dst);
        conn.predict(from, segment, at).then_some(ConnId { proto: Proto::Tcp, index })
    }

    /// Tells what the hosts behind the capture's interfaces counted. Only packets of which it is known that they left
    /// there are judged by it.
    pub fn count_on(&mut self, counted: Vec<Option<Counted>>) {
        self.counted = counted;
    }

    /// Checks checksums as well, for the labels that know them (`history`). That reads every byte of every packet.
    #[must_use]
    pub fn verifying(self) -> Self {
        Tracker { verifies: true, ..self }
    }

    /// Follows one packet.
    #[inline]
    pub fn push(&mut self, packet: &Packet<'_>) -> Step {
        self.follow(packet, Way::Seen)
    }

    /// Follows one packet of which more is known than that it was captured.
    #[inline]
    pub fn follow(&mut self, packet: &Packet<'_>, way: Way) -> Step {
        let Some(ip) = packet.ip else { return Step::default() };
        let at = Mark { frame: packet.number, time: packet.time };
        let corrupt = self.verifies && checksum(packet) == Some(Checksum::Bad);
        match &packet.transport {
            Transport::Tcp(segment) => {
                let src = SocketAddr::new(ip.src, segment.src_port);
                let dst = SocketAddr::new(ip.dst, segment.dst_port);
                let mut step = self.tcp_segment(segment, src, dst, at, (way, corrupt));
                if way != Way::Seen
                    && let Some(repeat) = step.tcp.as_mut().and_then(|tcp| tcp.facts.repair.repeat.as_mut())
                    && let Some(Some(counted)) = self.counted.get(packet.interface as usize)
                {
                    repeat.settle(*counted);
                }
                step
            }
            Transport::Udp(datagram) => {
                let src = SocketAddr::new(ip.src, datagram.src_port);
                let dst = SocketAddr::new(ip.dst, datagram.dst_port);
                self.udp_datagram(datagram, src, dst, at, corrupt)
            }
            Transport::Icmp(message) => self.icmp(message, (message.kind, message.code) == (3, 3), at),
            Transport::Icmpv6(message) => self.icmp(message, (message.kind, message.code) == (1, 4), at),
            Transport::Arp(_) | Transport::Other => Step::default(),
        }
    }

    /// A segment that left in an earlier frame arrives as this packet: the end that it reaches, and that end's
    /// states before and afterwards.
    pub fn arrive(&mut self, packet: &Packet<'_>, frame: u64) -> Option<(Side, [Option<State>; 2])> {
        let (Some(ip), Transport::Tcp(segment)) = (packet.ip, &packet.transport) else { return None };
        let (src, dst) = (SocketAddr::new(ip.src, segment.src_port), SocketAddr::new(ip.dst, segment.dst_port));
        let index = *self.flows.get(&FlowKey::new(Proto::Tcp, src, dst))? as usize;
        self.tcp.get_mut(index)?.arrive(frame)
    }

    /// The connection of that name.
    #[must_use]
    pub fn connection(&self, id: ConnId) -> Option<&Connection> {
        let index = id.index as usize;
        match id.proto {
            Proto::Tcp => self.tcp.get(index).map(|conn| &conn.summary),
            Proto::Udp => self.udp.get(index).map(|conn| &conn.summary),
        }
    }

    /// How many connections there are so far, UDP conversations included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tcp.len() + self.udp.len()
    }

    /// Whether no packet so far belonged to a connection.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every connection: TCP by number, then UDP.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        let tcp = self.tcp.iter().map(|conn| &conn.summary);
        tcp.chain(self.udp.iter().map(|conn| &conn.summary))
    }

    #[inline]
    fn tcp_segment(
        &mut self,
        segment: &TcpSegment<'_>,
        src: SocketAddr,
        dst: SocketAddr,
        at: Mark,
        (way, corrupt): (Way, bool),
    ) -> Step {
        let key = FlowKey::new(Proto::Tcp, src, dst);
        let known = self.flows.get(&key).map(|index| *index as usize);
        let reused = known.is_some_and(|index| {
            let conn = &self.tcp[index];
            conn.is_reused_by(sender(&conn.summary, src, dst), segment)
        });
        let index = match known {
            Some(index) if !reused => index,
            _ => {
                let (client_sends, by) = client_is_sender(Some(segment.flags), src.port(), dst.port());
                let ends = if client_sends { (src, dst) } else { (dst, src) };
                let index = self.tcp.len();
                self.flows.insert(key, index_of(index));
                self.tcp.push(TcpConnection::new(
                    begin(Proto::Tcp, index, ends, by, at),
                    reused,
                    !self.connections_only,
                ));
                index
            }
        };
        let conn = &mut self.tcp[index];
        let from = sender(&conn.summary, src, dst);
        count(&mut conn.summary, from, at);
        if corrupt {
            conn.summary.zeek.corrupt(from);
        } else {
            conn.summary.zeek.segment(from, segment);
        }
        conn.summary.completeness.add(segment);
        let ports = (segment.src_port, segment.dst_port);
        let app = (!self.connections_only).then(|| app::dissect(Proto::Tcp, segment.payload, ports)).flatten();
        let tcp = conn.push(from, segment, at, app.as_ref(), way);
        let app = app.filter(|_| tcp.facts.new_bytes > 0);
        Step { conn: Some(conn.summary.id), from: Some(from), tcp: Some(tcp), app, ..Step::default() }
    }

    fn udp_datagram(
        &mut self,
        datagram: &UdpDatagram<'_>,
        src: SocketAddr,
        dst: SocketAddr,
        at: Mark,
        corrupt: bool,
    ) -> Step {
        let key = FlowKey::new(Proto::Udp, src, dst);
        let index = if let Some(index) = self.flows.get(&key) {
            *index as usize
        } else {
            let index = self.udp.len();
            self.flows.insert(key, index_of(index));
            self.udp.push(self.begin_udp(index, src, dst, at));
            index
        };
        let conn = &mut self.udp[index];
        let from = sender(&conn.summary, src, dst);
        count(&mut conn.summary, from, at);
        if corrupt {
            conn.summary.zeek.corrupt(from);
        } else {
            conn.summary.zeek.datagram(from);
        }
        let udp = conn.push(from, datagram.len, at);
        let id = conn.summary.id;
        // An answer asks nothing: what its receiver sends from another port later is a request of its own.
        if from == Side::Client {
            self.askers.asked(src, dst, at.frame);
        }
        let ports = (datagram.src_port, datagram.dst_port);
        let app = (!self.connections_only).then(|| app::dissect(Proto::Udp, datagram.payload, ports)).flatten();
        Step { conn: Some(id), from: Some(from), udp: Some(udp), app, ..Step::default() }
    }

    /// A new conversation. Who is answered from another port than it had asked is the client all the same.
    fn begin_udp(&self, index: usize, src: SocketAddr, dst: SocketAddr, at: Mark) -> UdpConversation {
        let other_port = self.askers.other_port(dst, src);
        let (client_sends, by) = match other_port {
            Some(_) => (false, ClientBy::Request),
            None => client_is_sender(None, src.port(), dst.port()),
        };
        let ends = if client_sends { (src, dst) } else { (dst, src) };
        let mut summary = begin(Proto::Udp, index, ends, by, at);
        summary.other_port = other_port;
        UdpConversation::new(summary)
    }

    fn icmp(&mut self, message: &IcmpMessage<'_>, port_unreachable: bool, at: Mark) -> Step {
        let Some(quoted) = message.quoted else { return Step::default() };
        let (src_port, dst_port) = quoted.ports.unwrap_or_default();
        let (src, dst) = (SocketAddr::new(quoted.src, src_port), SocketAddr::new(quoted.dst, dst_port));
        let proto = match quoted.protocol {
            PROTOCOL_TCP => Some(Proto::Tcp),
            PROTOCOL_UDP => Some(Proto::Udp),
            _ => None,
        };
        let known = proto.filter(|_| quoted.ports.is_some()).and_then(|proto| {
            let index = *self.flows.get(&FlowKey::new(proto, src, dst))?;
            Some(ConnId { proto, index })
        });
        let mut quote = Quote { conn: known, frame: None, protocol: quoted.protocol, src, dst };
        let mut from = None;
        if let Some(conn) = known.and_then(|id| self.summary_mut(id)) {
            let asker = sender(conn, src, dst);
            from = Some(asker.other());
            quote.frame = conn.last_data[asker.index()].map(|mark| mark.frame).or(conn.syn.map(|mark| mark.frame));
            if conn.icmp_errors.len() < MAX_ICMP {
                conn.icmp_errors.push(at.frame);
            }
            if port_unreachable {
                conn.port_unreachable.get_or_insert(at.frame);
            }
        }
        Step { from, quote: Some(quote), ..Step::default() }
    }

    fn summary_mut(&mut self, id: ConnId) -> Option<&mut Connection> {
        let index = id.index as usize;
        match id.proto {
            Proto::Tcp => self.tcp.get_mut(index).map(|conn| &mut conn.summary),
            Proto::Udp => self.udp.get_mut(index).map(|conn| &mut conn.summary),
        }
    }
}

/// Which end sent a packet. Two ends with the same address differ by their ports.
fn sender(conn: &Connection, src: SocketAddr, dst: SocketAddr) -> Side {
    if src == conn.client && dst == conn.server { Side::Client } else { Side::Server }
}

fn index_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn count(summary: &mut Connection, from: Side, at: Mark) {
    summary.packets[from.index()] += 1;
    summary.last = at;
}

fn begin(proto: Proto, index: usize, ends: (SocketAddr, SocketAddr), client_by: ClientBy, at: Mark) -> Connection {
    Connection {
        id: ConnId { proto, index: index_of(index) },
        client: ends.0,
        server: ends.1,
        client_by,
        first: at,
        last: at,
        packets: [0; 2],
        bytes: [0; 2],
        bytes_after_fin: [0; 2],
        last_data: [None; 2],
        requests: 0,
        zeek: Zeek::default(),
        completeness: Completeness::default(),
        states: States::default(),
        syn: None,
        syn_count: 0,
        syn_ack: None,
        established: None,
        rtt: None,
        fin: [None; 2],
        rst: None,
        late_data_acked: [None; 2],
        icmp_errors: Vec::new(),
        port_unreachable: None,
        other_port: None,
    }
}
