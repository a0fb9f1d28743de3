//! Which connection something outside the packets is about.

use std::net::SocketAddr;

use rustc_hash::FxHashMap;

use crate::decode::{Transport, decode};
use crate::frame::{FrameSource, Time};
use crate::timeline::{SocketEvent, Witnessed};
use crate::track::{ConnId, Proto, Side, State, Tracker};

/// A connection and the time of its first packet.
#[derive(Clone, Copy, Debug)]
struct Span {
    conn: ConnId,
    first: Time,
}

/// What the kernel said, with the connections that it is about; what is about none is left out. Reads all frames.
pub fn about<'a>(source: &mut dyn FrameSource, said: &'a [Witnessed]) -> Vec<SocketEvent<'a>> {
    let spans = if said.is_empty() { FxHashMap::default() } else { spans(source) };
    let event = |said: &'a Witnessed| {
        let (same, side) = match spans.get(&(said.client, said.server)) {
            Some(same) => (same, said.side),
            // Both ends called each other, and by the packets the other one is the client.
            None => (spans.get(&(said.server, said.client))?, said.side.other()),
        };
        Some(SocketEvent { conn: choose(same, said)?, side, said })
    };
    said.iter().filter_map(event).collect()
}

/// Of several connections between the same ports the one whose socket it was: a new one has a socket shortly before
/// its first packet.
fn choose(spans: &[Span], said: &Witnessed) -> Option<ConnId> {
    let next = spans.iter().find(|span| span.first >= said.time);
    let current = spans.iter().rev().find(|span| span.first < said.time);
    let begins = matches!(said.to, State::Listen | State::SynSent);
    let chosen = if begins { next.or(current) } else { current.or(next) };
    chosen.map(|span| span.conn)
}

/// The connections between two ends (client first), in order.
fn spans(source: &mut dyn FrameSource) -> FxHashMap<(SocketAddr, SocketAddr), Vec<Span>> {
    let mut tracker = Tracker::new();
    let mut spans: FxHashMap<(SocketAddr, SocketAddr), Vec<Span>> = FxHashMap::default();
    while let Ok(Some(frame)) = source.next_frame() {
        let packet = decode(&frame);
        let way = match super::way(&frame) {
            Ok(way) => way,
            Err(left) => {
                tracker.arrive(&packet, left);
                continue;
            }
        };
        let step = tracker.follow(&packet, way);
        let (Some(conn), Some(from), Some(time)) = (step.conn, step.from, packet.time) else { continue };
        let (Transport::Tcp(segment), Some(ip)) = (&packet.transport, packet.ip) else { continue };
        let src = SocketAddr::new(ip.src, segment.src_port);
        let dst = SocketAddr::new(ip.dst, segment.dst_port);
        let ends = if from == Side::Client { (src, dst) } else { (dst, src) };
        let same = spans.entry(ends).or_default();
        if conn.proto == Proto::Tcp && same.iter().all(|span| span.conn != conn) {
            same.push(Span { conn, first: time });
        }
    }
    spans
}
