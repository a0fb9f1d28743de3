//! Which packets belong together, and which end is the client.

use std::net::{IpAddr, SocketAddr, SocketAddrV4};

use rustc_hash::FxHashMap;

use super::connection::{ClientBy, Connection};
use super::step::Proto;
use crate::decode::TcpFlags;

/// The two ends of a conversation, in an order that does not depend on the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowKey(Key);

/// Nearly all traffic is IPv4, and two words are hashed and compared several times faster than two socket addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Four([u64; 2]),
    Six(Proto, SocketAddr, SocketAddr),
}

impl FlowKey {
    /// The key of a packet between these ends.
    #[inline]
    #[must_use]
    pub fn new(proto: Proto, src: SocketAddr, dst: SocketAddr) -> Self {
        FlowKey(match (src, dst) {
            (SocketAddr::V4(src), SocketAddr::V4(dst)) => {
                let (src, dst) = (packed(src), packed(dst));
                Key::Four([src.min(dst) | u64::from(proto == Proto::Udp) << 63, src.max(dst)])
            }
            _ if src <= dst => Key::Six(proto, src, dst),
            _ => Key::Six(proto, dst, src),
        })
    }
}

fn packed(end: SocketAddrV4) -> u64 {
    u64::from(u32::from(*end.ip())) << 16 | u64::from(end.port())
}

/// Which connection the packets of a flow belong to.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    four: FxHashMap<[u64; 2], u32>,
    six: FxHashMap<(Proto, SocketAddr, SocketAddr), u32>,
}

impl Flows {
    /// The number of the flow's latest connection.
    #[inline]
    #[must_use]
    pub fn get(&self, key: &FlowKey) -> Option<&u32> {
        match &key.0 {
            Key::Four(ends) => self.four.get(ends),
            Key::Six(proto, low, high) => self.six.get(&(*proto, *low, *high)),
        }
    }

    /// From now on the flow belongs to this connection.
    pub fn insert(&mut self, key: FlowKey, index: u32) {
        match key.0 {
            Key::Four(ends) => self.four.insert(ends, index),
            Key::Six(proto, low, high) => self.six.insert((proto, low, high), index),
        };
    }

    /// The flow of a connection that is forgotten belongs to none, unless a later one has taken it over.
    pub fn forget(&mut self, conn: &Connection, index: u32) {
        let key = FlowKey::new(conn.id.proto, conn.client, conn.server);
        if self.get(&key) == Some(&index) {
            match key.0 {
                Key::Four(ends) => self.four.remove(&ends),
                Key::Six(proto, low, high) => self.six.remove(&(proto, low, high)),
            };
        }
    }
}

/// The first port of the range that systems hand out to clients (RFC 6335 section 6 begins at 49152, Linux at 32768).
const EPHEMERAL: u16 = 32_768;
/// Ports below it are for servers only (RFC 6335 section 6, system ports).
const SYSTEM_END: u16 = 1_024;

/// The client of a conversation by its first packet: `true` when that is the packet's sender.
#[must_use]
pub fn client_is_sender(flags: Option<TcpFlags>, src_port: u16, dst_port: u16) -> (bool, ClientBy) {
    match flags {
        Some(flags) if flags.syn() && flags.ack() => return (false, ClientBy::SynAck),
        Some(flags) if flags.syn() => return (true, ClientBy::Syn),
        _ => {}
    }
    let rank = |port: u16| match port {
        0..SYSTEM_END => 0,
        SYSTEM_END..EPHEMERAL => 1,
        EPHEMERAL.. => 2,
    };
    match rank(src_port).cmp(&rank(dst_port)) {
        std::cmp::Ordering::Greater => (true, ClientBy::Port),
        std::cmp::Ordering::Less => (false, ClientBy::Port),
        std::cmp::Ordering::Equal => (true, ClientBy::First),
    }
}

/// A UDP client and the host that it asked, whatever the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asker {
    /// The client's address and port.
    pub client: SocketAddr,
    /// The server's address.
    pub server: IpAddr,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_depend_on_the_direction() {
        let a: SocketAddr = "127.0.0.1:5001".parse().unwrap();
        let b: SocketAddr = "127.0.0.1:40000".parse().unwrap();
        assert_eq!(FlowKey::new(Proto::Tcp, a, b), FlowKey::new(Proto::Tcp, b, a));
        assert_ne!(FlowKey::new(Proto::Tcp, a, b), FlowKey::new(Proto::Udp, a, b));
    }

    #[test]
    fn every_part_of_an_address_counts() {
        let server: SocketAddr = "10.0.0.1:80".parse().unwrap();
        let keys = [
            "10.0.0.2:40000",
            "10.0.0.3:40000",
            "10.0.1.2:40000",
            "10.1.0.2:40000",
            "11.0.0.2:40000",
            "10.0.0.2:40001",
        ];
        let keys: Vec<_> = keys.iter().map(|end| FlowKey::new(Proto::Tcp, end.parse().unwrap(), server)).collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(key));
        }
    }

    #[test]
    fn flows_of_both_families_are_kept_apart() {
        let keys =
            ["127.0.0.1:5001 127.0.0.1:40000", "[::1]:5001 [::1]:40000", "[::ffff:127.0.0.1]:5001 127.0.0.1:40000"]
                .into_iter()
                .map(|ends| ends.split_once(' ').unwrap())
                .map(|(a, b)| (a.parse::<SocketAddr>().unwrap(), b.parse::<SocketAddr>().unwrap()))
                .flat_map(|(a, b)| [(Proto::Tcp, a, b), (Proto::Udp, a, b)]);
        let mut flows = Flows::default();
        for (index, (proto, a, b)) in keys.clone().enumerate() {
            assert_eq!(flows.get(&FlowKey::new(proto, b, a)), None);
            flows.insert(FlowKey::new(proto, a, b), u32::try_from(index).unwrap());
        }
        for (index, (proto, a, b)) in keys.enumerate() {
            assert_eq!(flows.get(&FlowKey::new(proto, b, a)).copied(), u32::try_from(index).ok());
        }
    }

    #[test]
    fn the_client_is_told_by_syn_then_by_port_then_by_order() {
        let flags = |bits| Some(TcpFlags(bits));
        assert_eq!(client_is_sender(flags(TcpFlags::SYN), 80, 40000), (true, ClientBy::Syn));
        assert_eq!(client_is_sender(flags(TcpFlags::SYN | TcpFlags::ACK), 80, 40000), (false, ClientBy::SynAck));
        assert_eq!(client_is_sender(flags(TcpFlags::ACK), 80, 40000), (false, ClientBy::Port));
        assert_eq!(client_is_sender(flags(TcpFlags::ACK), 40000, 8080), (true, ClientBy::Port));
        assert_eq!(client_is_sender(None, 40000, 50000), (true, ClientBy::First));
        assert_eq!(client_is_sender(None, 8080, 443), (true, ClientBy::Port));
    }
}
