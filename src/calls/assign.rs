//! Which connection a call's socket belongs to, and which end of it.

use std::net::{IpAddr, SocketAddr};

use rustc_hash::{FxHashMap, FxHashSet};

use super::packets::{Sent, What};
use crate::frame::Time;
use crate::timeline::{Call, Deed, SocketUse};
use crate::track::{ConnId, Proto, Side};

/// One end of a connection, or nothing known.
pub(super) type Assigned = Option<(ConnId, Side)>;

/// When a socket was seen on which connection.
type Known = Vec<(Time, (ConnId, Side))>;

/// A connection as its packets show it.
struct Seen {
    id: ConnId,
    client: SocketAddr,
    server: SocketAddr,
    first: Option<Time>,
}

/// For every call, in their order.
pub(super) fn assign(calls: &[Call], packets: &[Sent]) -> Vec<Assigned> {
    let seen = connections(packets);
    let mut claimed = Vec::new();
    let mut direct: Vec<Assigned> = Vec::with_capacity(calls.len());
    // Of TCP: what `connect` or `accept` has made a socket, it stays, also when its ports are used anew meanwhile.
    let mut made: FxHashMap<u64, (ConnId, Side)> = FxHashMap::default();
    for call in calls {
        let makes = matches!(call.deed, Deed::Connect(_) | Deed::Accept { .. });
        let socket = call.socket.filter(|socket| socket.proto == Proto::Tcp);
        let earlier = socket.filter(|_| !makes).and_then(|socket| made.get(&socket.cookie).copied());
        let found = earlier.or_else(|| call.socket.and_then(|socket| by_address(&seen, call, &socket)));
        let found = found.or_else(|| asked(&seen, call, &claimed));
        if let (Some((conn, _)), Deed::Connect(_)) = (found, &call.deed) {
            claimed.push(conn);
        }
        if let (true, Some(socket), Some(found)) = (makes, socket, found) {
            made.insert(socket.cookie, found);
        }
        direct.push(found);
    }
    let mut known: FxHashMap<u64, Known> = FxHashMap::default();
    for (call, found) in calls.iter().zip(&direct) {
        if let (Some(socket), Some(found)) = (call.socket, found) {
            known.entry(socket.cookie).or_default().push((call.entry, *found));
        }
    }
    calls
        .iter()
        .zip(direct)
        .map(|(call, found)| found.or_else(|| of_socket(known.get(&call.socket?.cookie)?, call)))
        .collect()
}

/// The socket's connection at the time of the call: the last before it, else the first. A datagram socket that talks
/// to several has none of its own.
fn of_socket(known: &[(Time, (ConnId, Side))], call: &Call) -> Assigned {
    let (_, first) = *known.first()?;
    if first.0.proto == Proto::Udp {
        return known.iter().all(|(_, other)| *other == first).then_some(first);
    }
    Some(known.iter().rev().find(|(time, _)| *time <= call.entry).map_or(first, |(_, found)| *found))
}

fn connections(packets: &[Sent]) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    let mut known: FxHashSet<ConnId> = FxHashSet::default();
    for packet in packets {
        let (Some(id), Some(from), Some((src, dst))) = (packet.conn, packet.from, packet.ends) else { continue };
        if matches!(packet.what, What::Other { .. }) || !known.insert(id) {
            continue;
        }
        let (client, server) = if from == Side::Client { (src, dst) } else { (dst, src) };
        seen.push(Seen { id, client, server, first: packet.time });
    }
    seen
}

/// An IPv4 address inside IPv6 is that IPv4 address.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// True when a packet's end can be the one that a program names: "any address" is every one.
fn fits(end: SocketAddr, named: SocketAddr) -> bool {
    let named = plain(named);
    end.port() == named.port() && (end.ip() == named.ip() || is_any(named.ip()))
}

fn is_any(ip: IpAddr) -> bool {
    ip.is_unspecified()
}

/// By both addresses, of several connections between the same ends the last that had begun.
fn by_address(seen: &[Seen], call: &Call, socket: &SocketUse) -> Assigned {
    let local = socket.local?;
    let named = match &call.deed {
        Deed::Send { to, .. } => *to,
        Deed::Receive { from, .. } => *from,
        Deed::Connect(to) => Some(*to),
        _ => None,
    };
    let peer = if socket.proto == Proto::Udp { named.or(socket.peer)? } else { socket.peer.or(named)? };
    let begun = |conn: &&Seen| match (conn.first, call.exit) {
        (Some(first), Some(exit)) => first <= exit,
        _ => true,
    };
    seen.iter().rev().filter(|conn| conn.id.proto == socket.proto).filter(begun).find_map(|conn| {
        if fits(conn.client, local) && fits(conn.server, peer) {
            return Some((conn.id, Side::Client));
        }
        (fits(conn.server, local) && fits(conn.client, peer)).then_some((conn.id, Side::Server))
    })
}

/// A `connect` that failed has left no own address behind: the connection to that peer that began during the call.
fn asked(seen: &[Seen], call: &Call, claimed: &[ConnId]) -> Assigned {
    let (Deed::Connect(to), Some(socket)) = (&call.deed, call.socket) else { return None };
    let during = |first: Time| call.entry <= first && call.exit.is_none_or(|exit| first <= exit);
    seen.iter()
        .filter(|conn| conn.id.proto == socket.proto && socket.proto == Proto::Tcp && !claimed.contains(&conn.id))
        .find(|conn| fits(conn.server, *to) && conn.first.is_some_and(during))
        .map(|conn| (conn.id, Side::Client))
}
