//! One TCP connection: two streams, two state machines, and the facts about each segment.
//!
//! A segment goes through in the order in which it happens: relative numbers, what it means, what sending it does to
//! its sender, what receiving it does to the other end.

use predict::Course;

use super::connection::{Connection, FinMark, Mark, RstMark};
use super::labels::{Labeller, Labels};
use super::machine::{self, Receives, Sends};
use super::on_the_way::{Flight, OnTheWay, Way};
use super::probe::Probes;
use super::repair::{Repair, Seen};
use super::seq::Seq;
use super::step::{Acceptance, FinFact, RstKind, Side, State, States, SynFact, TcpFacts, TcpStep};
use super::stream::{Covered, Scale, Stream};
use crate::decode::TcpSegment;
use crate::decode::app::{AppMessage, Body, http};

mod doubt;
mod pack;
mod predict;
mod reset;

/// The largest shift that may be used (RFC 7323 section 2.3).
const MAX_SHIFT: u8 = 14;

/// A TCP connection under way.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct TcpConnection {
    /// What is known of it as a whole.
    pub summary: Connection,
    streams: [Stream; 2],
    probes: Probes,
    /// Absent when nobody looks at single packets.
    detail: Option<Box<Detail>>,
    states: [Option<State>; 2],
    /// Where each stream stood when the other end's FIN was captured.
    at_peer_fin: [Option<Seq>; 2],
    /// The client has sent data that the server has not followed with any.
    awaiting_reply: bool,
    /// The client has sent a request of HTTP.
    speaks_http: bool,
    port_reuse: bool,
    /// A SYN carried data (RFC 7413), so that data may be sent before the handshake is complete.
    fast_open: bool,
    /// An end that a RST had closed went on sending: the RST had not arrived by then, or never did.
    outlived: [bool; 2],
    /// What has left and not arrived, where both ends of a wire were captured.
    wire: Option<Box<OnTheWay>>,
    /// The state of each end before the RST that closed it, as far as it was known.
    before_reset: [Option<BeforeReset>; 2],
    /// While the next segments may be predicted: never, when somebody looks at single packets.
    #[serde(skip)]
    course: Option<Course>,
}

/// What was known of the state of an end before a RST closed it.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct BeforeReset(Option<State>);

/// What only the reading of single packets needs.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Detail {
    labeller: Labeller,
    repair: Repair,
    /// The HTTP response without a length that each end is sending.
    open_body: [Option<u64>; 2],
}

impl TcpConnection {
    /// A connection that begins with the next segment; `port_reuse` when an earlier one used the same ends, `packets`
    /// when somebody looks at its single packets.
    #[must_use]
    pub fn new(summary: Connection, port_reuse: bool, packets: bool) -> Self {
        TcpConnection {
            summary,
            streams: [Stream::new(packets), Stream::new(packets)],
            probes: Probes::default(),
            detail: packets.then(Box::default),
            states: [None; 2],
            at_peer_fin: [None; 2],
            awaiting_reply: false,
            speaks_http: false,
            port_reuse,
            fast_open: false,
            outlived: [false; 2],
            wire: None,
            before_reset: [None; 2],
            course: None,
        }
    }

    /// True when a SYN from `from` begins a new connection on the same ends: its number is another than the one that
    /// this end's numbers count from. The same number again repeats the attempt.
    #[must_use]
    pub fn is_reused_by(&self, from: Side, segment: &TcpSegment<'_>) -> bool {
        segment.flags.syn() && !segment.flags.ack() && self.renumbers(from.index(), segment)
    }

    fn renumbers(&self, own: usize, segment: &TcpSegment<'_>) -> bool {
        segment.flags.syn() && self.streams[own].base().is_some_and(|base| base != segment.seq)
    }

    /// Follows one segment. `app` is what its payload is, where that is known; `way` what is known of its arrival.
    pub fn push(
        &mut self,
        from: Side,
        segment: &TcpSegment<'_>,
        at: Mark,
        app: Option<&AppMessage>,
        way: Way,
    ) -> TcpStep {
        self.settle();
        if way == Way::Seen {
            self.undo_reset(from, segment);
        }
        let before = self.states();
        let begins_anew = self.port_reuse && self.summary.packets.iter().sum::<u64>() == 1;
        let reused = begins_anew || self.renumbers(from.index(), segment);
        let mut step = self.relative_numbers(from, segment);
        step.before = before;
        if let Some(detail) = &mut self.detail {
            let labels = detail.labeller.push(from.index(), segment, at.time, reused);
            // The textbook analyser shows none where the header was cut.
            step.labels = if segment.complete { labels } else { Labels::default() };
        }
        let mut facts = self.facts_before(from, segment, at);
        let covered = self.send(from, segment, at, &mut facts);
        self.note_data(from, segment, at, app, &facts);
        let flight = Flight::new(from, segment, at, &facts);
        self.sender_knows(from, &facts, covered.fin);
        let peer = self.ends(from).1;
        let waiting = self.states[peer];
        if way != Way::Lost {
            // What has not arrived is judged as if it did so at once; what really happens then is told by `arrive`.
            self.receive(&flight);
        }
        if way == Way::Seen {
            self.doubt(from, segment, &facts, waiting);
        }
        self.note_fin(from, segment, at, way, &mut facts);
        self.note_repair(from.index(), segment, &step, at, &mut facts);
        self.note_rst(from, at, &facts);
        self.note_handshake(from, segment, at, before, &mut facts);
        step.after = self.states();
        if way != Way::Seen {
            self.states[peer] = waiting;
            self.wire.get_or_insert_default().leaves(flight, !facts.repeated, way);
        }
        self.summary.states = self.states();
        facts.mid_stream = self.streams.iter().all(|stream| stream.isn.is_none());
        step.facts = facts;
        self.course = Course::of(self);
        step
    }

    /// What left in that frame arrives now: the end that it reaches, and that end's states before and afterwards.
    /// `None` when nothing of it is on its way.
    pub fn arrive(&mut self, frame: u64) -> Option<(Side, [Option<State>; 2])> {
        let flight = self.wire.as_mut()?.arrives(frame)?;
        let to = flight.from.other();
        let before = self.states().of(to);
        self.receive(&flight);
        self.summary.states = self.states();
        Some((to, [before, self.states().of(to)]))
    }

    /// An end that was taken to be closed by a RST sends on: the RST had not arrived by then, or was not taken, so the
    /// end is still where it was. Whether the RST arrives later, only a later packet shows.
    fn undo_reset(&mut self, from: Side, segment: &TcpSegment<'_>) {
        let (own, _) = self.ends(from);
        if segment.flags.rst() {
            return;
        }
        let before = self.before_reset[own].take();
        let closed = matches!(self.states[own], None | Some(State::Closed));
        if let (Some(BeforeReset(before)), true, false) = (before, closed, segment.flags.syn()) {
            self.states[own] = before;
        }
    }

    /// What one end has sent.
    pub(super) fn stream(&self, side: Side) -> &Stream {
        &self.streams[side.index()]
    }

    /// The indices of the segment's sender and receiver. A socket that is connected to itself is both: one state,
    /// one stream.
    fn ends(&self, from: Side) -> (usize, usize) {
        let peer = if self.summary.is_with_itself() { from } else { from.other() };
        (from.index(), peer.index())
    }

    fn states(&self) -> States {
        let (client, server) = self.ends(Side::Client);
        States { client: self.states[client], server: self.states[server] }
    }

    fn relative_numbers(&mut self, from: Side, segment: &TcpSegment<'_>) -> TcpStep {
        let (own, peer) = self.ends(from);
        let seq = self.streams[own].relative(segment.seq, segment.flags.syn());
        let ack = segment.flags.ack().then(|| self.streams[peer].relative(segment.ack, false));
        let mut sack = [(0, 0); 4];
        for (relative, (left, right)) in sack.iter_mut().zip(segment.options.sack()) {
            let stream = &self.streams[peer];
            *relative = (stream.relative_to_base(*left), stream.relative_to_base(*right));
        }
        TcpStep { seq, ack, window: self.scaled_window(own, segment), sack, ..TcpStep::default() }
    }

    /// The window in bytes. The field of a SYN is never scaled, and both SYNs must have offered it (RFC 7323 2.2).
    fn scaled_window(&mut self, own: usize, segment: &TcpSegment<'_>) -> u32 {
        if segment.flags.syn() {
            self.streams[own].scale = match segment.options.window_scale {
                Some(shift) => Scale::Offered(shift.min(MAX_SHIFT)),
                None if segment.complete => Scale::Absent,
                None => Scale::Unknown,
            };
        }
        match (self.streams[own].scale, self.streams[1 - own].scale) {
            (Scale::Offered(shift), Scale::Offered(_)) if !segment.flags.syn() => u32::from(segment.window) << shift,
            _ => u32::from(segment.window),
        }
    }

    /// The facts that depend on what was known before this segment.
    fn facts_before(&self, from: Side, segment: &TcpSegment<'_>, at: Mark) -> TcpFacts {
        let (own, peer) = self.ends(from);
        let mut facts = TcpFacts {
            after_peer_fin: self.summary.fin[peer]
                .map(|fin| fin.at.frame)
                .filter(|_| !self.streams[own].is_past_fin(segment.seq)),
            port_reuse: self.port_reuse && segment.flags.syn() && !segment.flags.ack(),
            ..TcpFacts::default()
        };
        if segment.flags.syn() {
            facts.syn = Some(self.syn_fact(own, segment));
            facts.answers_crossed_syn = segment.flags.ack() && self.streams[own].has_opened(segment.seq);
        } else if segment.flags.rst() {
            facts.rst = Some(self.rst_fact(from, segment));
        }
        if segment.flags.fin() && !segment.flags.rst() {
            facts.fin = Some(self.fin_fact(own, segment, at));
            let again = matches!(facts.fin, Some(FinFact::Again(_)));
            facts.ends_http_body = self.detail.as_ref().and_then(|detail| detail.open_body[own]).filter(|_| !again);
        }
        debug_assert!(at.frame > 0, "frames count from 1");
        facts
    }

    fn syn_fact(&self, own: usize, segment: &TcpSegment<'_>) -> SynFact {
        let stream = &self.streams[own];
        let same = stream.isn == Some(segment.seq);
        match (segment.flags.ack(), stream.syn_at, stream.syn_ack_at) {
            (true, _, Some(first)) if same => SynFact::AcceptAgain(first.frame),
            (true, ..) => SynFact::Accept,
            (false, Some(first), _) if same => SynFact::OpenAgain(first.frame),
            (false, ..) => match self.streams[1 - own].syn_at {
                Some(other) if self.summary.syn_ack.is_none() && self.summary.established.is_none() => {
                    SynFact::Crossing(other.frame)
                }
                _ => SynFact::Open,
            },
        }
    }

    fn fin_fact(&self, own: usize, segment: &TcpSegment<'_>, at: Mark) -> FinFact {
        if let Some(mine) = self.summary.fin[own] {
            return FinFact::Again(mine.at.frame);
        }
        if self.summary.is_with_itself() {
            // It is the peer's FIN as well, and cannot acknowledge itself.
            return FinFact::Crossing(at.frame);
        }
        match self.summary.fin[1 - own] {
            None => FinFact::First,
            Some(theirs) if theirs.acked.is_some() => FinFact::Second(theirs.at.frame),
            Some(theirs) => {
                let covers = self.streams[1 - own].fin_end.is_some_and(|end| segment.ack.at_or_after(end));
                if segment.flags.ack() && covers {
                    FinFact::Merged(theirs.at.frame)
                } else {
                    FinFact::Crossing(theirs.at.frame)
                }
            }
        }
    }

    /// What sending the segment does: to the sender's stream and state, and to what it acknowledges.
    fn send(&mut self, from: Side, segment: &TcpSegment<'_>, at: Mark, facts: &mut TcpFacts) -> Covered {
        let (own, peer) = self.ends(from);
        if segment.flags.syn() {
            self.streams[own].isn = Some(segment.seq);
            self.streams[own].syn_at.get_or_insert(at);
            if segment.flags.ack() {
                self.streams[own].syn_ack_at.get_or_insert(at);
            }
            self.fast_open |= segment.len > 0;
        }
        let mut covered = Covered::default();
        if segment.flags.rst() {
            if !self.is_foreign_rst(own, segment, facts) {
                self.end_sends(own, Sends::Rst { answer: !segment.flags.ack() });
            }
            return covered;
        }
        self.outlived[own] |= self.states[own] == Some(State::Closed) && !segment.flags.syn();
        if segment.flags.fin() {
            self.streams[own].fin_end.get_or_insert(segment.end());
        }
        if segment.sequence_len() > 0 {
            let novelty = self.streams[own].sent(segment.seq, segment.end(), at);
            facts.new_bytes = novelty.fresh.min(segment.len);
            facts.repeated = novelty.fresh == 0;
            facts.repeated_after =
                novelty.first_sent.filter(|_| facts.repeated).and_then(|first| Some(at.time?.since(first.time?)));
        }
        self.move_sender(own, segment, facts);
        if segment.flags.ack() {
            facts.first_ack = self.streams[own].last_ack.is_none();
            covered = self.streams[peer].acknowledged(segment.ack);
            self.streams[own].last_ack = Some((segment.ack, at.frame));
            let scale_known = segment.flags.syn() || self.streams[own].scale != Scale::Unknown;
            let window = self.scaled_window(own, segment);
            self.streams[own].window_edge = Some((segment.ack.plus(window), scale_known));
            facts.acked_bytes = covered.bytes;
            facts.acks_frame = covered.oldest.map(|mark| mark.frame);
            facts.ack_delay =
                covered.oldest.filter(|_| !covered.again).and_then(|sent| Some(at.time?.since(sent.time?)));
        }
        covered
    }

    /// What the segment tells of its sender's state. An old copy of a FIN is not a new close.
    fn move_sender(&mut self, own: usize, segment: &TcpSegment<'_>, facts: &TcpFacts) {
        match (segment.flags.syn(), segment.flags.ack()) {
            (true, false) => self.end_sends(own, Sends::Syn),
            (true, true) => self.end_sends(own, Sends::SynAck),
            (false, true) => self.end_sends(own, Sends::Ack),
            (false, false) => {}
        }
        if facts.new_bytes > 0 && !self.fast_open {
            self.end_sends(own, Sends::Data);
        }
        match facts.fin {
            None | Some(FinFact::Again(_)) => {}
            Some(FinFact::Crossing(_)) => self.end_sends(own, Sends::CrossingFin),
            Some(FinFact::First | FinFact::Second(_)) => self.end_sends(own, Sends::Fin),
            Some(FinFact::Merged(_)) => {
                // It acknowledges the other FIN, which was there before this one left.
                self.peer_gets(own, Receives::Fin);
                self.end_sends(own, Sends::Fin);
            }
        }
    }

    fn end_sends(&mut self, own: usize, what: Sends) {
        self.states[own] = machine::sent(self.states[own], what);
    }

    /// An ACK of the FIN proves that its sender had the FIN, even if the capture missed data before it.
    fn sender_knows(&mut self, from: Side, facts: &TcpFacts, covers_fin: bool) {
        if covers_fin && facts.rst.is_none() {
            let own = self.ends(from).0;
            self.states[own] = machine::received(self.states[own], Receives::Fin);
        }
    }

    /// What receiving the segment does to the other end's state.
    fn receive(&mut self, segment: &Flight) {
        let (own, peer) = self.ends(segment.from);
        if let Some(acceptance) = segment.rst {
            if matches!(acceptance, Acceptance::Accepted | Acceptance::Unknown) {
                self.before_reset[peer] = self.before_reset[peer].or(Some(BeforeReset(self.states[peer])));
                self.states[peer] = machine::received(self.states[peer], Receives::Rst);
            }
            return;
        }
        let acks_syn = segment.ack.is_some_and(|ack| self.streams[peer].isn.is_none_or(|isn| ack.after(isn)));
        match (segment.flags.syn(), segment.flags.ack()) {
            (true, false) => self.peer_gets(peer, Receives::Syn),
            (true, true) if acks_syn => self.peer_gets(peer, Receives::SynAck),
            (false, true) if acks_syn => self.peer_gets(peer, Receives::AckOfSyn),
            _ => {}
        }
        let acks_fin = match (&self.wire, segment.ack) {
            // A later ACK may have left already.
            (Some(_), Some(ack)) => self.streams[peer].fin_end.is_some_and(|end| ack.at_or_after(end)),
            _ => self.streams[peer].fin_acked(),
        };
        if acks_fin {
            self.peer_gets(peer, Receives::AckOfFin);
        }
        let all_arrived = self.wire.as_ref().is_none_or(|wire| wire.all_arrived(own));
        if self.streams[own].fin_arrived() && (all_arrived || self.streams[own].fin_acked()) {
            self.peer_gets(peer, Receives::Fin);
        }
        self.infer_mid_stream();
    }

    fn peer_gets(&mut self, peer: usize, what: Receives) {
        self.states[peer] = machine::received(self.states[peer], what);
    }

    /// Without a SYN: an end that still sends has not sent its FIN, and when both still send neither has, so that
    /// both are ESTABLISHED. One direction alone does not tell (the other may be half-closed).
    fn infer_mid_stream(&mut self) {
        let both_send = self.summary.bytes.iter().all(|bytes| *bytes > 0);
        let no_fin = self.summary.fin.iter().all(Option::is_none);
        if both_send && no_fin && self.summary.rst.is_none() {
            for state in &mut self.states {
                state.get_or_insert(State::Established);
            }
        }
    }

    fn note_data(
        &mut self,
        from: Side,
        segment: &TcpSegment<'_>,
        at: Mark,
        app: Option<&AppMessage>,
        facts: &TcpFacts,
    ) {
        let (own, peer) = self.ends(from);
        if let Some(boundary) = self.at_peer_fin[peer] {
            // Payload sent after the own FIN, now acknowledged.
            let acked_past = self.streams[peer].acked.is_some_and(|acked| acked.after(boundary));
            if acked_past && facts.acked_bytes > 0 && self.summary.bytes_after_fin[peer] > 0 {
                self.summary.late_data_acked[own].get_or_insert(at.frame);
            }
        }
        if facts.new_bytes == 0 || segment.flags.rst() {
            return;
        }
        self.summary.bytes[own] += u64::from(facts.new_bytes);
        self.summary.last_data[own] = Some(at);
        if facts.after_peer_fin.is_some() {
            self.summary.bytes_after_fin[own] += u64::from(facts.new_bytes);
        }
        self.note_turn(from, segment.payload);
        if let (Some(app), Some(detail)) = (app, &mut self.detail) {
            detail.open_body[own] = (app.body == Body::UntilClose).then_some(at.frame);
        }
    }

    /// Loss, window and timers.
    fn note_repair(&mut self, own: usize, segment: &TcpSegment<'_>, step: &TcpStep, at: Mark, facts: &mut TcpFacts) {
        let asked = self.probes.pending(1 - own);
        let probe = self.probes.push(own, segment, at, step.window);
        let Some(detail) = &mut self.detail else { return };
        let sender = if own == 0 { step.before.client } else { step.before.server };
        let seen = Seen { at, window: step.window, facts, sender, rtt: self.summary.rtt, probe, asked };
        facts.repair = detail.repair.push(own, segment, &seen);
    }

    /// Counts requests that were answered: heads of final responses where HTTP is spoken, elsewhere the turns at which
    /// the server sends data after the client did.
    fn note_turn(&mut self, from: Side, payload: &[u8]) {
        if from == Side::Client {
            self.awaiting_reply = true;
            self.speaks_http = self.speaks_http || http::begins_request(payload);
            return;
        }
        let code = http::response_code(payload).filter(|_| self.speaks_http);
        // After 101 it is another protocol; every other 1xx announces the response itself (RFC 9110 section 15.2).
        let switches = code == Some(101);
        let answers = match code {
            Some(code) => switches || code >= 200,
            None => self.awaiting_reply && !self.speaks_http,
        };
        if answers {
            self.awaiting_reply = false;
            self.speaks_http &= !switches;
            self.summary.requests += 1;
        }
    }

    fn note_fin(&mut self, from: Side, segment: &TcpSegment<'_>, at: Mark, way: Way, facts: &mut TcpFacts) {
        let (own, peer) = self.ends(from);
        if let (Some(fact), None) = (facts.fin, self.summary.fin[own]) {
            self.summary.fin[own] = Some(FinMark { at, acked: None, ack_lost: false, repeated: false, fact });
            self.at_peer_fin[peer] = self.streams[peer].next;
        } else if let Some(fin) = self.summary.fin[own].as_mut().filter(|_| segment.flags.fin()) {
            fin.repeated = true;
        }
        let acks = segment.flags.ack() && !segment.flags.rst() && self.streams[peer].fin_acked();
        let Some(fin) = self.summary.fin[peer].as_mut().filter(|_| acks) else { return };
        let lost = way == Way::Lost;
        if fin.acked.is_none() {
            (fin.acked, fin.ack_lost) = (Some(at), lost);
            facts.acks_fin = Some(fin.at.frame);
        } else if fin.ack_lost && !lost {
            (fin.acked, fin.ack_lost) = (Some(at), false);
        }
    }

    /// The RST that ended the connection; one that comes when both FINs are acknowledged ends nothing.
    fn note_rst(&mut self, from: Side, at: Mark, facts: &TcpFacts) {
        let Some(fact) = facts.rst else { return };
        let ended = matches!(fact.acceptance, Acceptance::Accepted | Acceptance::Unknown);
        let closed_by_fin = self.summary.fin.iter().all(|fin| fin.is_some_and(|fin| fin.acked.is_some()));
        // An end that stays in SYN-SENT resets an older connection of the other end and goes on with its own.
        let goes_on = self.states[from.index()] == Some(State::SynSent);
        if ended && !closed_by_fin && !goes_on && self.summary.rst.is_none() {
            self.summary.rst = Some(RstMark { at, by: from, fact });
        }
    }

    fn note_handshake(&mut self, from: Side, segment: &TcpSegment<'_>, at: Mark, before: States, facts: &mut TcpFacts) {
        match (segment.flags.syn(), segment.flags.ack()) {
            (true, false) => {
                // One that comes after the handshake has opened nothing.
                self.summary.syn = self.summary.syn.filter(|_| self.summary.established.is_some()).or(Some(at));
                self.summary.syn_count += 1;
                self.summary.crossed_syns |= matches!(facts.syn, Some(SynFact::Crossing(_)));
            }
            (true, true) => {
                self.summary.syn_ack.get_or_insert(at);
                // A client that repeats a refused SYN may be accepted after all.
                let accepts = |rst: &RstMark| matches!(rst.fact.kind, RstKind::Refusal(_)) && rst.by == from;
                self.summary.rst = self.summary.rst.filter(|rst| !accepts(rst));
            }
            (false, true) if !segment.flags.rst() && self.summary.rtt.is_none() => {
                self.summary.rtt =
                    self.summary.syn.and_then(|syn| Some(at.time?.since(syn.time?))).filter(|rtt| *rtt >= 0);
            }
            _ => {}
        }
        let peer = from.other();
        let opened = before.of(peer) == Some(State::SynReceived) && self.states[peer.index()] != before.of(peer);
        if opened && segment.flags.ack() && !segment.flags.rst() && self.summary.established.is_none() {
            facts.completes_handshake = !segment.flags.syn();
            self.summary.established = Some(at);
        }
    }
}
