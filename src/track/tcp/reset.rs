//! What the numbers of a RST tell: what it answers, whether its receiver takes it, whether its sender can have made it.

use super::TcpConnection;
use crate::decode::TcpSegment;
use crate::track::Side;
use crate::track::step::{Acceptance, RstFact, RstKind, State, TcpFacts};

impl TcpConnection {
    pub(super) fn rst_fact(&self, from: Side, segment: &TcpSegment<'_>) -> RstFact {
        let (own, peer) = self.ends(from);
        let (mine, theirs) = (&self.streams[own], &self.streams[peer]);
        // Who has acknowledged a segment since had a socket for it.
        let taken = |frame: u64| {
            theirs.acked == theirs.next && theirs.next.is_some() && mine.last_ack.is_some_and(|(_, ack)| ack > frame)
        };
        let answered =
            theirs.last_ack.filter(|(ack, frame)| *ack == segment.seq && !taken(*frame)).map(|(_, frame)| frame);
        let kind = match (segment.flags.ack(), theirs.syn_at) {
            (true, Some(syn))
                if mine.isn.is_none()
                    && self.states[peer] == Some(State::SynSent)
                    && theirs.next == Some(segment.ack) =>
            {
                RstKind::Refusal(syn.frame)
            }
            (false, _) => answered.map_or(RstKind::Unclear, RstKind::Answer),
            (true, _) if mine.next.is_none_or(|next| next == segment.seq) => RstKind::Active,
            (true, _) => RstKind::Unclear,
        };
        let sender_fin = self.summary.fin[own].map(|fin| fin.at.frame);
        RstFact {
            kind,
            acceptance: self.acceptance(own, segment),
            sender_fin,
            bare: !segment.flags.ack(),
            peer_data: self.summary.last_data[peer].map(|mark| mark.frame),
            data_after_fin: sender_fin.is_some() && self.summary.bytes_after_fin[peer] > 0,
            unanswered: self.probes.unanswered(own),
            repeats: mine.repeats(theirs.last_ack.map(|(_, frame)| frame)),
            was_open: self.summary.established.is_some() || mine.isn.is_none() && theirs.isn.is_none(),
        }
    }

    /// RFC 9293 section 3.10.7 with the tightening of RFC 5961 section 3.2.
    fn acceptance(&self, own: usize, segment: &TcpSegment<'_>) -> Acceptance {
        let (mine, theirs) = (&self.streams[own], &self.streams[1 - own]);
        match self.states[1 - own] {
            Some(State::SynSent) => {
                let covers = segment.flags.ack() && theirs.next == Some(segment.ack);
                return if covers { Acceptance::Accepted } else { Acceptance::Ignored };
            }
            Some(State::Closed) if self.outlived[1 - own] => return Acceptance::Unknown,
            Some(State::Closed) => return Acceptance::Ignored,
            _ => {}
        }
        let Some(expected) = mine.arrived() else { return Acceptance::Unknown };
        if segment.seq == expected || mine.has_gap() && mine.next == Some(segment.seq) {
            return Acceptance::Accepted;
        }
        // Linux also takes the number of the FIN itself, which others send who count it wrongly (`tcp_reset_check`).
        let of_fin = mine.fin_end.is_some_and(|end| segment.seq.plus(1) == end) && mine.fin_arrived();
        let closing = [State::Established, State::CloseWait, State::LastAck, State::Closing];
        if of_fin && self.states[1 - own].is_some_and(|state| closing.contains(&state)) {
            return Acceptance::Unknown;
        }
        // What was captured but not acknowledged may not have arrived: between the two the receiver may expect any.
        let surely_old = mine.acked.is_some_and(|acked| segment.seq.before(acked));
        match theirs.window_edge {
            Some((_, true)) if surely_old => Acceptance::Ignored,
            Some((edge, true)) if !segment.seq.before(expected) && !segment.seq.before(edge) => Acceptance::Ignored,
            Some((_, true)) if mine.has_gap() || segment.seq.before(expected) => Acceptance::Unknown,
            Some((_, true)) => Acceptance::Challenged,
            _ => Acceptance::Unknown,
        }
    }

    /// True for a RST that the TCP of this end cannot have made, so that somebody else did: it answers nothing, the
    /// other end does not take it, and its number lies outside of all that this end has sent.
    pub(super) fn is_foreign_rst(&self, own: usize, segment: &TcpSegment<'_>, facts: &TcpFacts) -> bool {
        let stream = &self.streams[own];
        let ignored =
            facts.rst.is_some_and(|rst| rst.kind == RstKind::Unclear && rst.acceptance == Acceptance::Ignored);
        let never_sent = |next| segment.seq.after(next) || stream.isn.is_some_and(|isn| segment.seq.before(isn));
        ignored && stream.next.is_some_and(never_sent)
    }
}
