//! The table of connections: finds the one that a packet belongs to, or begins it.

use std::borrow::Cow;
use std::net::SocketAddr;

use super::completeness::Completeness;
use super::connection::{ClientBy, Connection, Mark};
use super::flow::{FlowKey, Flows, client_is_sender};
use super::on_the_way::Way;
use super::repair::Counted;
use super::shelf::{Limits, Shelf};
use super::step::{ConnId, Proto, Quote, Side, State, States, Step, TcpStep};
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

/// Whose packets are looked at.
#[derive(Clone, Debug, Default)]
enum LookedAt {
    #[default]
    All,
    Only(Vec<ConnId>),
}

impl LookedAt {
    fn has(&self, id: ConnId) -> bool {
        match self {
            LookedAt::All => true,
            LookedAt::Only(only) => only.contains(&id),
        }
    }
}

/// Follows every connection of a capture.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    flows: Flows,
    tcp: Shelf<TcpConnection>,
    udp: Shelf<UdpConversation>,
    askers: Askers,
    /// What the hosts behind the interfaces counted, where that is known.
    counted: Vec<Option<Counted>>,
    looked_at: LookedAt,
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
        Tracker::looking_at(&[])
    }

    /// A tracker for when only the packets of these connections are looked at: it is to the others what
    /// [`Tracker::connections_only`] is to all.
    #[must_use]
    pub fn looking_at(only: &[ConnId]) -> Self {
        Tracker { looked_at: LookedAt::Only(only.to_vec()), ..Self::default() }
    }

    /// Follows a segment that continues a connection in which nothing special is going on. `None`, and nothing is
    /// changed, when it is to be decoded in full and pushed.
    #[inline]
    pub fn predict(&mut self, segment: &Plain, at: Mark) -> Option<ConnId> {
        if self.verifies && segment.checksum == Some(Checksum::Bad) {
            return None;
        }
        let (src, dst) = (segment.src.into(), segment.dst.into());
        let index = *self.flows.get(&FlowKey::new(Proto::Tcp, src, dst))?;
        let conn = self.tcp.ready_mut(index)?;
        conn.predict(segment, at).then_some(ConnId { proto: Proto::Tcp, index })
    }

    /// Finishes what was predicted. Before that, what is said of a connection may lack its last packets.
    pub fn settle(&mut self) {
        self.tcp.ready_ones().for_each(TcpConnection::settle);
    }

    /// Tells what the hosts behind the capture's interfaces counted. Only packets of which it is known that they left
    /// there are judged by it.
    pub fn count_on(&mut self, counted: Vec<Option<Counted>>) {
        self.counted = counted;
    }

    /// All of TCP that are at hand.
    pub(super) fn tcp_ones(&mut self) -> impl Iterator<Item = &mut TcpConnection> {
        self.tcp.ready_ones()
    }

    /// Keeps no more connections than that.
    #[must_use]
    pub fn keeping(self, limits: Limits) -> Self {
        Tracker { tcp: Shelf::new(limits), udp: Shelf::new(limits), ..self }
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

    /// A conversation begins with an answer to what that frame had asked another port of the server: both know each other.
    fn join_halves(&mut self, answers: &Connection, port: u16, frame: u64) {
        let asked = FlowKey::new(Proto::Udp, answers.client, SocketAddr::new(answers.server.ip(), port));
        let Some(index) = self.flows.get(&asked).copied() else { return };
        if let Some(request) = self.udp.ready_mut(index) {
            request.summary.other_half.get_or_insert((answers.id.index, answers.first.frame));
        }
        if let Some(answers) = self.udp.ready_mut(answers.id.index) {
            answers.summary.other_half = Some((index, frame));
        }
    }

    /// A segment that left in an earlier frame arrives as this packet: the end that it reaches, and that end's
    /// states before and afterwards.
    pub fn arrive(&mut self, packet: &Packet<'_>, frame: u64) -> Option<(Side, [Option<State>; 2])> {
        let (Some(ip), Transport::Tcp(segment)) = (packet.ip, &packet.transport) else { return None };
        let (src, dst) = (SocketAddr::new(ip.src, segment.src_port), SocketAddr::new(ip.dst, segment.dst_port));
        let index = *self.flows.get(&FlowKey::new(Proto::Tcp, src, dst))?;
        let flows = &mut self.flows;
        self.tcp.get_mut(index, &mut |index, conn| flows.forget(&conn.summary, index))?.arrive(frame)
    }

    /// The connection of that name, when it is at hand; the one of the packet that was pushed last always is.
    #[must_use]
    pub fn connection(&self, id: ConnId) -> Option<&Connection> {
        match id.proto {
            Proto::Tcp => self.tcp.ready(id.index).map(|conn| &conn.summary),
            Proto::Udp => self.udp.ready(id.index).map(|conn| &conn.summary),
        }
    }

    /// The connection of that name as it is now; `None` when there is none, or it was forgotten.
    #[must_use]
    pub fn find(&self, id: ConnId) -> Option<Cow<'_, Connection>> {
        match id.proto {
            Proto::Tcp => self.tcp.peek(id.index).map(tcp_summary),
            Proto::Udp => self.udp.peek(id.index).map(udp_summary),
        }
    }

    /// The names of all that were not forgotten: TCP by number, then UDP.
    pub fn ids(&self) -> impl Iterator<Item = ConnId> {
        let of = |proto, len| (0..index_of(len)).map(move |index| ConnId { proto, index });
        of(Proto::Tcp, self.tcp.len()).chain(of(Proto::Udp, self.udp.len())).filter(|id| self.keeps(*id))
    }

    /// Every connection that was not forgotten: TCP by number, then UDP.
    pub fn connections(&self) -> impl Iterator<Item = Cow<'_, Connection>> {
        self.ids().filter_map(|id| self.find(id))
    }

    /// How many connections there were so far, UDP conversations included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count(Proto::Tcp) + self.count(Proto::Udp)
    }

    /// Whether no packet so far belonged to a connection.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many connections of a protocol there were.
    #[must_use]
    pub fn count(&self, proto: Proto) -> usize {
        match proto {
            Proto::Tcp => self.tcp.len(),
            Proto::Udp => self.udp.len(),
        }
    }

    /// True for a connection that there was, and that was not forgotten.
    #[must_use]
    pub fn keeps(&self, id: ConnId) -> bool {
        match id.proto {
            Proto::Tcp => self.tcp.keeps(id.index),
            Proto::Udp => self.udp.keeps(id.index),
        }
    }

    /// How many connections were forgotten, see [`Limits`].
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.tcp.forgotten() + self.udp.forgotten()
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
        let known = self.flows.get(&key).copied();
        let flows = &mut self.flows;
        let forget = &mut |index, conn: &TcpConnection| flows.forget(&conn.summary, index);
        let reused = known
            .and_then(|index| self.tcp.get_mut(index, forget))
            .map(|conn| conn.is_reused_by(sender(&conn.summary, src, dst), segment));
        let index = if let (Some(index), Some(false)) = (known, reused) {
            index
        } else {
            let (client_sends, by) = client_is_sender(Some(segment.flags), src.port(), dst.port());
            let ends = if client_sends { (src, dst) } else { (dst, src) };
            let summary = begin(Proto::Tcp, self.tcp.len(), ends, by, at);
            let looked_at = self.looked_at.has(summary.id);
            let new = TcpConnection::new(summary, reused == Some(true), looked_at);
            let index = self.tcp.push(new, forget);
            self.flows.insert(key, index);
            index
        };
        let Some(conn) = self.tcp.ready_mut(index) else { return Step::default() };
        conn.settle();
        let from = sender(&conn.summary, src, dst);
        count(&mut conn.summary, from, at);
        if !segment.sound {
            return unsound(&conn.summary, from, segment);
        }
        if corrupt {
            conn.summary.zeek.corrupt(from);
        } else {
            conn.summary.zeek.segment(from, segment);
        }
        conn.summary.completeness.add(segment);
        let ports = (segment.src_port, segment.dst_port);
        let looked_at = self.looked_at.has(conn.summary.id);
        let app = looked_at.then(|| app::dissect(Proto::Tcp, segment.payload, ports)).flatten();
        let tcp = conn.push(from, segment, at, app.as_ref(), way);
        let app = app.filter(|_| tcp.facts.new_bytes > 0);
        let id = conn.summary.id;
        if tcp.after.ended() && !tcp.before.ended() {
            let flows = &mut self.flows;
            self.tcp.ended(index, &mut |index, conn| flows.forget(&conn.summary, index));
        }
        Step { conn: Some(id), from: Some(from), tcp: Some(tcp), app, ..Step::default() }
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
        let known = self.flows.get(&key).copied();
        let flows = &mut self.flows;
        let forget = &mut |index, conn: &UdpConversation| flows.forget(&conn.summary, index);
        let index = if let Some(index) = known.filter(|index| self.udp.get_mut(*index, forget).is_some()) {
            index
        } else {
            let new = begin_udp(&self.askers, self.udp.len(), src, dst, at);
            let asked = new.summary.other_port.map(|(port, frame)| (new.summary.clone(), port, frame));
            let index = self.udp.push(new, forget);
            self.flows.insert(key, index);
            if let Some((summary, port, frame)) = asked {
                self.join_halves(&summary, port, frame);
            }
            index
        };
        let Some(conn) = self.udp.ready_mut(index) else { return Step::default() };
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
        let app = self.looked_at.has(id).then(|| app::dissect(Proto::Udp, datagram.payload, ports)).flatten();
        Step { conn: Some(id), from: Some(from), udp: Some(udp), app, ..Step::default() }
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
        let flows = &mut self.flows;
        match id.proto {
            Proto::Tcp => {
                let forget = &mut |index, conn: &TcpConnection| flows.forget(&conn.summary, index);
                self.tcp.get_mut(id.index, forget).map(TcpConnection::settled)
            }
            Proto::Udp => {
                let forget = &mut |index, conn: &UdpConversation| flows.forget(&conn.summary, index);
                self.udp.get_mut(id.index, forget).map(|conn| &mut conn.summary)
            }
        }
    }
}

fn tcp_summary(conn: Cow<'_, TcpConnection>) -> Cow<'_, Connection> {
    match conn {
        Cow::Borrowed(conn) => Cow::Borrowed(&conn.summary),
        Cow::Owned(conn) => Cow::Owned(conn.summary),
    }
}

fn udp_summary(conn: Cow<'_, UdpConversation>) -> Cow<'_, Connection> {
    match conn {
        Cow::Borrowed(conn) => Cow::Borrowed(&conn.summary),
        Cow::Owned(conn) => Cow::Owned(conn.summary),
    }
}

/// The step of a segment of unknown length: its numbers as on the wire, and nothing moves.
#[cold]
fn unsound(summary: &Connection, from: Side, segment: &TcpSegment<'_>) -> Step {
    let states = summary.states;
    let tcp = TcpStep {
        seq: segment.seq.0,
        ack: segment.flags.ack().then_some(segment.ack.0),
        window: segment.window.into(),
        before: states,
        after: states,
        ..TcpStep::default()
    };
    Step { conn: Some(summary.id), from: Some(from), tcp: Some(tcp), ..Step::default() }
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

/// A new conversation. Who is answered from another port than it had asked is the client all the same.
fn begin_udp(askers: &Askers, index: usize, src: SocketAddr, dst: SocketAddr, at: Mark) -> UdpConversation {
    let other_port = askers.other_port(dst, src);
    let (client_sends, by) = match other_port {
        Some(_) => (false, ClientBy::Request),
        None => client_is_sender(None, src.port(), dst.port()),
    };
    let ends = if client_sends { (src, dst) } else { (dst, src) };
    let mut summary = begin(Proto::Udp, index, ends, by, at);
    summary.other_port = other_port;
    UdpConversation::new(summary)
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
        crossed_syns: false,
        syn_ack: None,
        established: None,
        rtt: None,
        fin: [None; 2],
        rst: None,
        late_data_acked: [None; 2],
        icmp_errors: Vec::new(),
        port_unreachable: None,
        other_port: None,
        other_half: None,
        given_up: None,
    }
}
