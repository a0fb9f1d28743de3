//! What a packet proves of an end that was taken to have received an earlier one.
//!
//! Where one point was captured, a packet counts as sent and received. Some packets show that an earlier one was not, or
//! was not taken as it looked; where the end really stands the capture then cannot tell.

use super::TcpConnection;
use crate::decode::TcpSegment;
use crate::track::Side;
use crate::track::step::{RstKind, State, SynFact, TcpFacts};

/// So many keep-alive probes that nothing answered show that an end does not hear: one may be on its way.
const DEAF_AFTER: u32 = 2;

impl TcpConnection {
    /// Takes back what the segment shows to be untrue. `waiting` is the state of its receiver before it came.
    pub(super) fn doubt(&mut self, from: Side, segment: &TcpSegment<'_>, facts: &TcpFacts, waiting: Option<State>) {
        let (own, peer) = self.ends(from);
        if own == peer {
            return;
        }
        // The SYN is repeated and nothing has answered it: it did not arrive, or the listener had no room for it.
        let again = matches!(facts.syn, Some(SynFact::OpenAgain(_)));
        if again && self.streams[peer].isn.is_none() && matches!(waiting, None | Some(State::SynReceived)) {
            self.states[peer] = None;
        }
        // An end that has taken the SYN answers with SYN-ACK. An ACK of other numbers is that of an older connection.
        let in_vain = self.states[own] == Some(State::SynReceived) && self.streams[own].isn.is_none();
        if in_vain && segment.flags.ack() && !segment.flags.rst() && !self.covers_syn(peer, segment) {
            self.states[own] = None;
        }
        // The RST goes where the probes before it went.
        let gives_up = facts.rst.is_some_and(|rst| {
            matches!(rst.kind, RstKind::Active | RstKind::Unclear)
                && rst.unanswered.is_some_and(|(probes, _)| probes >= DEAF_AFTER)
        });
        if gives_up {
            self.states[peer] = None;
        }
    }

    /// True when the ACK number lies in what the peer has sent on this connection.
    fn covers_syn(&self, peer: usize, segment: &TcpSegment<'_>) -> bool {
        let stream = &self.streams[peer];
        stream.isn.is_none_or(|isn| segment.ack.after(isn) && !stream.next.is_some_and(|next| segment.ack.after(next)))
    }
}
