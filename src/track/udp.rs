//! UDP conversations: no states, only who asked whom.

use rustc_hash::FxHashMap;
use std::net::SocketAddr;

use super::connection::{Connection, Mark};
use super::flow::Asker;
use super::origin::Origin;
use super::seq::Seq;
use super::shelf::{self, Pack};
use super::step::{Side, UdpFacts};

/// How many askers are remembered; beyond it the memory starts anew.
const MAX_ASKERS: usize = 65_536;

/// A UDP conversation under way.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct UdpConversation {
    /// What is known of it as a whole.
    pub summary: Connection,
    awaiting_reply: bool,
}

impl UdpConversation {
    /// A conversation that begins with the next datagram.
    #[must_use]
    pub fn new(summary: Connection) -> Self {
        UdpConversation { summary, awaiting_reply: false }
    }

    /// Follows one datagram.
    pub fn push(&mut self, from: Side, len: u32, at: Mark) -> UdpFacts {
        let summary = &mut self.summary;
        summary.bytes[from.index()] += u64::from(len);
        summary.last_data[from.index()] = Some(at);
        match from {
            Side::Client => {
                self.awaiting_reply = true;
                // Now that the client has addressed this port itself, an answer from it is nothing special.
                summary.other_port = None;
            }
            Side::Server if self.awaiting_reply => {
                self.awaiting_reply = false;
                summary.requests += 1;
            }
            Side::Server => {}
        }
        UdpFacts { other_port: summary.other_port.filter(|_| from == Side::Server) }
    }
}

impl Pack for UdpConversation {
    fn last_frame(&self) -> u64 {
        self.summary.last.frame
    }

    fn pack(&mut self) -> Box<[u8]> {
        self.summary.rebase(&Origin::new(self.summary.first, [Seq(0); 2]));
        shelf::to_bytes(self)
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let mut conn: UdpConversation = postcard::from_bytes(bytes).ok()?;
        let origin = Origin::new(conn.summary.first, [Seq(0); 2]).back();
        conn.summary.rebase(&origin);
        Some(conn)
    }
}

/// Which port of a host each UDP client addressed last.
#[derive(Clone, Debug, Default)]
pub struct Askers(FxHashMap<Asker, (u16, u64)>);

impl Askers {
    /// Remembers a datagram to a port.
    pub fn asked(&mut self, client: SocketAddr, server: SocketAddr, frame: u64) {
        if self.0.len() >= MAX_ASKERS {
            self.0.clear();
        }
        self.0.insert(Asker { client, server: server.ip() }, (server.port(), frame));
    }

    /// The port of `server` that `client` addressed last, when that is another one than `server`'s: then a datagram
    /// from `server` comes from a port that was not addressed.
    #[must_use]
    pub fn other_port(&self, client: SocketAddr, server: SocketAddr) -> Option<(u16, u64)> {
        self.0.get(&Asker { client, server: server.ip() }).copied().filter(|(port, _)| *port != server.port())
    }
}
