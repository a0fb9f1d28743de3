//! A connection as few bytes as it takes, for when it is idle.

use super::TcpConnection;
use crate::track::origin::Origin;
use crate::track::shelf::Pack;
use crate::track::{Seq, shelf};

impl TcpConnection {
    fn origin(&self) -> Origin {
        let base = |own: usize| self.streams[own].base().unwrap_or(Seq(0));
        Origin::new(self.summary.first, [base(0), base(1)])
    }

    fn rebase(&mut self, origin: &Origin) {
        self.summary.rebase(origin);
        self.probes.rebase(origin);
        for (own, stream) in self.streams.iter_mut().enumerate() {
            stream.rebase(own, origin);
        }
        for (own, seq) in self.at_peer_fin.iter_mut().enumerate() {
            if let Some(seq) = seq {
                origin.seq(own, seq);
            }
        }
    }
}

impl Pack for TcpConnection {
    fn last_frame(&self) -> u64 {
        self.last_frame()
    }

    fn pack(&mut self) -> Box<[u8]> {
        self.settle();
        self.rebase(&self.origin());
        shelf::to_bytes(self)
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let mut conn: TcpConnection = postcard::from_bytes(bytes).ok()?;
        let origin = conn.origin().back();
        conn.rebase(&origin);
        Some(conn)
    }
}
