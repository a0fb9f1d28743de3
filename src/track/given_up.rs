//! Connections that a kernel has ended by itself because nothing answered. No packet says so; only the kernel does.

use super::step::{ConnId, Proto, Side};
use super::table::Tracker;
use super::tcp::TcpConnection;

/// An end that has given up, by its kernel's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GivenUp {
    /// Which end.
    pub by: Side,
    /// The frame of what nothing answered.
    pub asked: u64,
    /// Its kernel counted a connection that it had aborted for that reason (`TCPAbortOnTimeout`).
    pub counted: bool,
    /// A call of its program failed for that reason (`ETIMEDOUT`).
    pub told: bool,
}

impl Tracker {
    /// Tells what kernels said of connections that nothing answered, once all packets are known: how many each has
    /// aborted (`TCPAbortOnTimeout`; no side: the kernel is that of both ends), and of which end a call failed for it.
    ///
    /// A counter names no connection. It counts for those that still wait for an answer where they are as many as it says.
    pub fn give_up(&mut self, counted: &[(Option<Side>, u64)], told: &[(ConnId, Side)]) {
        let mut left = counted.to_vec();
        for (id, by) in told {
            let Some(conn) = self.tcp_mut(*id).filter(|conn| conn.can_give_up()) else { continue };
            let kernel = left.iter_mut().find(|(side, n)| side.is_none_or(|side| side == *by) && *n > 0);
            let asked = conn.unanswered(*by).unwrap_or(conn.summary.last.frame);
            let counted = kernel.is_some();
            conn.summary.given_up = Some(GivenUp { by: *by, asked, counted, told: true });
            if let Some((_, n)) = kernel {
                *n -= 1;
            }
        }
        for (side, n) in left {
            let sides = [Side::Client, Side::Server].into_iter().filter(|one| side.is_none_or(|side| side == *one));
            let sides: Vec<Side> = sides.collect();
            let mut waiting: Vec<(&mut TcpConnection, Side, u64)> = self
                .tcp_ones()
                .filter(|conn| conn.can_give_up())
                .filter_map(|conn| {
                    let waits = |by: &Side| Some((*by, conn.unanswered(*by)?));
                    let (by, asked) = sides.iter().find_map(waits)?;
                    Some((conn, by, asked))
                })
                .collect();
            if waiting.len() as u64 == n {
                for (conn, by, asked) in &mut waiting {
                    conn.summary.given_up = Some(GivenUp { by: *by, asked: *asked, counted: true, told: false });
                }
            }
        }
    }

    fn tcp_mut(&mut self, id: ConnId) -> Option<&mut TcpConnection> {
        if id.proto != Proto::Tcp {
            return None;
        }
        self.tcp_ones().find(|conn| conn.summary.id == id)
    }
}

impl TcpConnection {
    /// No packet has ended it.
    fn can_give_up(&self) -> bool {
        let closed = self.summary.fin.iter().all(|fin| fin.is_some_and(|fin| fin.acked.is_some()));
        self.summary.rst.is_none() && !closed && self.summary.given_up.is_none() && !self.summary.is_with_itself()
    }

    /// The frame of what this end has sent last and no ACK covers.
    fn unanswered(&self, side: Side) -> Option<u64> {
        let (own, summary) = (side.index(), &self.summary);
        let stream = self.stream(side);
        stream.next.filter(|next| stream.acked.is_none_or(|acked| acked.before(*next)))?;
        let fin = summary.fin[own].filter(|fin| fin.acked.is_none()).map(|fin| fin.at.frame);
        let data = summary.last_data[own].map(|mark| mark.frame);
        let opening = stream.syn_at.or(stream.syn_ack_at).map(|mark| mark.frame);
        Some(fin.or(data).or(opening).unwrap_or(summary.last.frame))
    }
}
