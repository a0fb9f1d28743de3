//! What is kept of a capture for its ladder while it is read: the first and the last packets, whatever connection they
//! belong to.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::Paper;
use crate::frame::Time;
use crate::report::columns::PacketRow;
use crate::report::people::row::{Row, timeline_of};
use crate::timeline::CallSeen;
use crate::track::{ConnId, Side};

/// Calls that are kept for a ladder.
const CALLS: usize = 4_000;

/// A packet with its ends.
#[derive(Clone, Debug)]
pub struct Shot {
    /// What there is to say about it.
    pub row: Row,
    /// Its connection, or the one whose packet it quotes.
    pub conn: ConnId,
    /// Which end sent it; for an ICMP error, which end's packet it quotes and who sent it.
    pub from: From,
}

/// Who sent a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// One end of the connection.
    End(Side),
    /// Whoever has this address, about a packet of this end where that is known.
    About {
        /// The sender of the error.
        address: Option<IpAddr>,
        /// The sender of the quoted packet.
        quoted: std::net::SocketAddr,
    },
}

/// The packets that a ladder will show.
#[derive(Clone, Debug)]
pub struct Reel {
    paper: Paper,
    limit: usize,
    /// The first.
    pub head: Vec<Shot>,
    /// The last, when there are more than fit.
    pub tail: VecDeque<Shot>,
    /// How many there were.
    pub total: u64,
    /// The time of the first packet of the capture.
    pub start: Option<Time>,
    /// The first of the programs' calls.
    pub calls: Vec<CallSeen>,
    /// How many more there were.
    pub more_calls: u64,
    /// When the programs were told to end, if they were.
    pub stop: Option<Time>,
}

impl Reel {
    /// Nothing yet. `limit` is what the user asked for.
    #[must_use]
    pub fn new(paper: Paper, limit: Option<usize>) -> Self {
        let limit = limit.unwrap_or(paper.arrows);
        Reel {
            paper,
            limit,
            head: Vec::new(),
            tail: VecDeque::new(),
            total: 0,
            start: None,
            calls: Vec::new(),
            more_calls: 0,
            stop: None,
        }
    }

    /// How many lanes fit beside each other.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.paper.lanes
    }

    /// Takes in one system call.
    pub fn call(&mut self, seen: &CallSeen) {
        if self.calls.len() < CALLS {
            self.calls.push(seen.clone());
        } else {
            self.more_calls += 1;
        }
    }

    /// Takes in one packet; one that belongs to no connection has no place in a ladder.
    pub fn packet(&mut self, packet: &PacketRow<'_>) {
        let step = packet.event.step;
        let Some(conn) = timeline_of(step) else { return };
        let from = match (step.from, &step.quote) {
            (Some(side), None) => From::End(side),
            (_, Some(quote)) => From::About { address: packet.event.packet.ip.map(|ip| ip.src), quoted: quote.src },
            (None, None) => return,
        };
        self.total += 1;
        self.start = self.start.or(packet.start);
        // A quarter is kept for the end, where the close is.
        let head = self.limit - self.limit / 4;
        if self.head.len() < head {
            self.head.push(Shot { row: Row::new(packet), conn, from });
        } else if self.limit > head {
            if self.tail.len() == self.limit - head {
                self.tail.pop_front();
            }
            self.tail.push_back(Shot { row: Row::new(packet), conn, from });
        }
    }
}
