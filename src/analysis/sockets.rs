//! What the kernel said, put beside what the packets show: which connection it is about, and whether both agree.

use std::net::SocketAddr;

use rustc_hash::FxHashMap;

use crate::decode::{Packet, Transport, decode};
use crate::frame::{FrameSource, Time};
use crate::timeline::agree::{Inferred, Testimony};
use crate::timeline::{SocketEvent, Trace, TraceEvent, Traced, Witnessed};
use crate::track::{ConnId, Proto, Side, State, Tracker};

/// What the kernel said about a capture.
#[derive(Debug, Default)]
pub struct Heard<'a> {
    /// Each word with its connection, in the order of time; what is about none is left out.
    pub events: Vec<SocketEvent<'a>>,
    /// The words of each end against the states that the packets show.
    pub testimony: Testimony,
}

/// Holds what the kernel said, in the order of time, against the packets. Reads all frames.
pub fn hear<'a>(source: &mut dyn FrameSource, said: &'a [Witnessed]) -> Heard<'a> {
    if said.is_empty() {
        return Heard::default();
    }
    let shown = Shown::read(source);
    let event = |said: &'a Witnessed| {
        let (conn, side) = shown.place((said.client, said.server), said.side, said.time, Some(said.to))?;
        Some(SocketEvent { conn, side, said })
    };
    let events: Vec<SocketEvent<'a>> = said.iter().filter_map(event).collect();
    let words: Vec<_> = events.iter().map(|event| (event.conn, event.side, event.said)).collect();
    let testimony = Testimony::new(&words, &shown.states);
    Heard { events, testimony }
}

/// Finds the connection that each word of a tracepoint is about, in the order of time. Reads all frames.
pub fn place<'a>(source: &mut dyn FrameSource, told: &'a [Trace]) -> Vec<TraceEvent<'a>> {
    if told.is_empty() {
        return Vec::new();
    }
    let shown = Shown::read(source);
    let event = |told: &'a Trace| {
        let to = if let Traced::State { to, .. } = &told.what { Some(*to) } else { None };
        let (conn, side) = shown.place((told.client, told.server), told.side, told.time, to)?;
        Some(TraceEvent { conn, side, told })
    };
    told.iter().filter_map(event).collect()
}

/// A connection and the time of its first packet.
#[derive(Clone, Copy, Debug)]
struct Span {
    conn: ConnId,
    first: Time,
}

/// Of several connections between the same ports the one whose socket it was. The first states of a socket are named
/// about when its first packet leaves, shortly before or after that; all others come later.
fn choose(spans: &[Span], time: Time, to: Option<State>) -> Option<ConnId> {
    let next = spans.iter().find(|span| span.first >= time);
    let current = spans.iter().rev().find(|span| span.first < time);
    let far = |span: &Span| span.first.since(time).unsigned_abs();
    let begins = matches!(to, Some(State::Listen | State::SynSent));
    let chosen = if begins { current.into_iter().chain(next).min_by_key(|span| far(span)) } else { current.or(next) };
    chosen.map(|span| span.conn)
}

/// What the packets show, in the order of time: of a wire every departure and every arrival.
#[derive(Default)]
struct Shown {
    /// The connections between two ends (client first), in order.
    spans: FxHashMap<(SocketAddr, SocketAddr), Vec<Span>>,
    states: FxHashMap<(ConnId, Side), Vec<Inferred>>,
}

impl Shown {
    fn read(source: &mut dyn FrameSource) -> Shown {
        let mut tracker = Tracker::new();
        let mut shown = Shown::default();
        // Of frames that are under way.
        let mut conns: FxHashMap<u64, ConnId> = FxHashMap::default();
        while let Ok(Some(frame)) = source.next_frame() {
            let packet = decode(&frame);
            match super::way(&frame) {
                Ok(way) => {
                    let step = tracker.follow(&packet, way);
                    let Some(conn) = step.conn.filter(|conn| conn.proto == Proto::Tcp) else { continue };
                    conns.insert(frame.number, conn);
                    if let (Some(from), Some(tcp)) = (step.from, &step.tcp) {
                        shown.span(&packet, from, conn);
                        for side in [Side::Client, Side::Server] {
                            shown.state(conn, side, tcp.before.of(side), None, packet.time);
                            shown.state(conn, side, tcp.after.of(side), Some(frame.number), packet.time);
                        }
                    }
                }
                Err(left) => {
                    if let (Some((side, [_, after])), Some(conn)) = (tracker.arrive(&packet, left), conns.get(&left)) {
                        shown.state(*conn, side, after, Some(left), packet.time);
                    }
                }
            }
        }
        shown
    }

    /// The connection between these ends (client first) that was there then, and which end of it this one is.
    fn place(
        &self,
        (client, server): (SocketAddr, SocketAddr),
        side: Side,
        time: Time,
        to: Option<State>,
    ) -> Option<(ConnId, Side)> {
        let (same, side) = match self.spans.get(&(client, server)) {
            Some(same) => (same, side),
            // Both ends called each other, and by the packets the other one is the client.
            None => (self.spans.get(&(server, client))?, side.other()),
        };
        Some((choose(same, time, to)?, side))
    }

    fn span(&mut self, packet: &Packet<'_>, from: Side, conn: ConnId) {
        let (Transport::Tcp(segment), Some(ip), Some(first)) = (&packet.transport, packet.ip, packet.time) else {
            return;
        };
        let src = SocketAddr::new(ip.src, segment.src_port);
        let dst = SocketAddr::new(ip.dst, segment.dst_port);
        let ends = if from == Side::Client { (src, dst) } else { (dst, src) };
        let same = self.spans.entry(ends).or_default();
        if same.iter().all(|span| span.conn != conn) {
            same.push(Span { conn, first });
        }
    }

    /// Notes a state that is another than the one before.
    fn state(&mut self, conn: ConnId, side: Side, state: Option<State>, frame: Option<u64>, time: Option<Time>) {
        let states = self.states.entry((conn, side)).or_insert_with(|| {
            // Before the first packet there was nothing at the client, and at the server at most a listener.
            let all = [State::Closed, State::Listen].map(|state| Inferred { state, frame: None, time: None });
            all[..=side.index()].to_vec()
        });
        let Some(state) = state.filter(|state| states.last().is_none_or(|last| last.state != *state)) else { return };
        states.push(Inferred { state, frame, time });
    }
}

#[cfg(test)]
mod tests;
