//! Loss, window and timers: what a segment repairs, probes or answers, by its numbers and times.
//!
//! Each end remembers a little of what it sent and announced. A repeated segment never proves a loss: only why its
//! sender repeated it can be inferred.

use super::connection::Mark;
use super::probe::{Probe, ProbeKind};
use super::seq::Seq;
use super::step::{FinFact, State, SynFact, TcpFacts};
use crate::decode::TcpSegment;

/// The shortest retransmission timeout in use (Linux; RFC 6298 asks for a second), in nanoseconds.
const SHORTEST_RTO: i64 = 200_000_000;
/// A copy that follows sooner was captured twice: no timer of TCP is that short.
const SHORTEST_PROBE: i64 = 2_000_000;
/// The round trip that is assumed while it is unknown.
const UNKNOWN_RTT: i64 = 3_000_000;
/// A kernel that waited for an ACK sends this soon after it.
const AT_ONCE: i64 = 2_000_000;
/// The segment size while no SYN told one (RFC 9293 section 3.7.1).
const DEFAULT_MSS: u16 = 536;
/// Repeated segments, and holes, that are remembered for each end.
const MEMORY: usize = 4;
/// Segments that were sent for the first time of which each end's beginning and time are remembered.
const SENT: usize = 8;
/// What the timestamp option takes, its padding included (RFC 7323 appendix A).
const TIMESTAMPS: u16 = 12;

/// What a segment has to do with loss, window and timers.
#[derive(Clone, Debug, Default)]
pub struct RepairFacts {
    /// It sends again what was sent before.
    pub repeat: Option<Repeat>,
    /// It brings what a later segment overtook: the frame of that one, and the time (ns) since.
    pub overtaken: Option<(u64, Option<i64>)>,
    /// A duplicate ACK: frame of the latest segment of the other end.
    pub duplicate_ack: Option<u64>,
    /// A SACK block lies above the ACK number.
    pub sacks: bool,
    /// It reports bytes that came twice.
    pub duplicate_sack: Option<DuplicateSack>,
    /// It asks and carries nothing new.
    pub probe: Option<Probe>,
    /// It answers this probe, sent in that frame.
    pub answers: Option<(ProbeKind, u64)>,
    /// An ACK that only enlarges the window: the window before, in bytes.
    pub window_before: Option<u32>,
    /// It closes the window, or leaves it closed.
    pub zero_window: bool,
    /// It checks the SYN or RST of that frame (RFC 5961).
    pub challenges: Option<u64>,
    /// It acknowledges the repeated FIN of that frame, in TIME-WAIT.
    pub reacks_fin: Option<u64>,
    /// It left at once after the ACK of that frame, for which the small segment before had waited so long (ns).
    pub held_for_ack: Option<(u64, i64)>,
}

/// A segment that was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Why it is sent again, as far as numbers and times tell.
    pub kind: RepeatKind,
    /// Nanoseconds since the copy before.
    pub after: Option<i64>,
    /// The frame of the copy before, when it was captured and is remembered.
    pub earlier: Option<u64>,
    /// An ACK that covers it had been captured before.
    pub acked: bool,
    /// The sender's kernel counted only one of the two timers that it can be.
    pub counted: bool,
}

impl Repeat {
    /// Tells timeout from probe where the sender's kernel, whose counters are known, counted only one of them.
    pub(super) fn settle(&mut self, counted: Counted) {
        let open = matches!(self.kind, RepeatKind::TimeoutOrProbe | RepeatKind::TailProbe | RepeatKind::Timeout);
        if (self.kind, counted.timeouts, counted.probes) == (RepeatKind::Unknown, 0, 0) && counted.fast > 0 {
            // An ACK of it may have left by then; it had not arrived.
            self.counted = true;
            self.kind = RepeatKind::Fast;
            return;
        }
        let kind = match (counted.timeouts, counted.probes) {
            (0, 1..) => RepeatKind::TailProbe,
            (1.., 0) => RepeatKind::Timeout,
            _ => return,
        };
        if open && self.earlier.is_some() {
            self.counted = true;
            self.kind = kind;
        }
    }
}

/// What the kernel of a host counted while the capture ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// `TCPTimeouts`.
    pub timeouts: u64,
    /// `TCPLossProbes`.
    pub probes: u64,
    /// `TCPFastRetrans`.
    pub fast: u64,
}

/// Why a segment is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RepeatKind {
    /// Duplicate ACKs or SACK blocks reported what is missing.
    Fast,
    /// Nothing came for as long as the shortest retransmission timeout.
    Timeout,
    /// The last segment, too early for the timeout or not the one that the timeout would repeat.
    TailProbe,
    /// The only segment under way, repeated for the first time: timeout and probe look the same.
    TimeoutOrProbe,
    /// Sooner than any timer of TCP, and nothing reported it missing: one packet that was captured twice.
    Copy,
    /// None of these can be shown.
    Unknown,
}

/// Bytes that arrived twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateSack {
    /// The repeated segment that it answers, when that was captured.
    pub repeat: Option<(RepeatKind, u64)>,
    /// It reports a SYN.
    pub syn: bool,
}

/// What the analysis of a segment has found before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) at: Mark,
    pub(super) window: u32,
    pub(super) facts: &'a TcpFacts,
    pub(super) sender: Option<State>,
    pub(super) rtt: Option<i64>,
    /// It is a probe.
    pub(super) probe: Option<Probe>,
    /// The probe of the other end that waits for an answer, and its frame.
    pub(super) asked: Option<(ProbeKind, u64)>,
}

impl Seen<'_> {
    /// Nanoseconds since a mark, where both have a time.
    fn since(&self, mark: Mark) -> Option<i64> {
        Some(self.at.time?.since(mark.time?))
    }
}

/// What the other end may answer with its next segment.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
enum Question {
    Syn { end: Seq, again: bool },
    ChallengedRst,
    FinAgain,
}

/// A segment that may be repeated: where it began, and what it acknowledged.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Copied {
    start: Seq,
    ack: Seq,
    at: Mark,
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Repeated {
    start: Seq,
    end: Seq,
    ack: Seq,
    at: Mark,
    /// `None` for one that was overtaken: it repeats nothing, but may be repeated itself.
    kind: Option<RepeatKind>,
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Hole {
    start: Seq,
    end: Seq,
    at: Mark,
}

/// What is remembered of one end.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct End {
    isn: Option<Seq>,
    /// After everything it sent.
    next: Option<Seq>,
    /// The latest segments that brought `next` to where it is: where each begins, and when it was sent.
    sent: Vec<Copied>,
    last: Option<Mark>,
    /// The highest number that it acknowledged, and when it did so last.
    acking: Option<Seq>,
    ack_at: Option<Mark>,
    duplicates: u32,
    /// The highest number that it reported in a SACK block.
    sacked_to: Option<Seq>,
    /// The window that it announced last, SYNs apart, and the frame.
    window: Option<(u32, u64)>,
    mss: Option<u16>,
    sack_permitted: bool,
    repeats: Vec<Repeated>,
    holes: Vec<Hole>,
    question: Option<(Question, u64)>,
    /// Its latest segment is an ACK without data of the only small segment of the other end: the time that took.
    released: Option<(Mark, i64)>,
}

/// The memory of one connection.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Repair {
    ends: [End; 2],
}

impl Repair {
    /// The facts about the next segment, sent by the end `own` (0 or 1).
    pub(super) fn push(&mut self, own: usize, segment: &TcpSegment<'_>, seen: &Seen<'_>) -> RepairFacts {
        let mut found = RepairFacts::default();
        if !segment.flags.rst() {
            found.probe = seen.probe;
            if found.probe.is_none() {
                self.find_repeat(own, segment, seen, &mut found);
            }
            found.held_for_ack = self.held_for_ack(own, segment, seen);
            if segment.flags.ack() && !segment.flags.syn() {
                found.zero_window = segment.window == 0;
                self.read_sack(own, segment, &mut found);
                self.read_bare_ack(own, segment, seen, &mut found);
            }
        }
        self.remember(own, segment, seen, &found);
        found
    }

    fn find_repeat(&self, own: usize, segment: &TcpSegment<'_>, seen: &Seen<'_>, found: &mut RepairFacts) {
        let (me, peer) = (&self.ends[own], &self.ends[1 - own]);
        let Some(next) = me.next else { return };
        if segment.flags.syn() {
            found.repeat = me.copied_syn(seen);
            return;
        }
        if segment.sequence_len() == 0 || !segment.seq.before(next) {
            return;
        }
        let told = peer.duplicates >= 3 || peer.sacked_to.is_some_and(|to| to.after(segment.seq));
        // A timeout needs this long without any ACK.
        let heard =
            peer.ack_at.and_then(|at| seen.since(at)).is_some_and(|ns| ns < SHORTEST_RTO + seen.rtt.unwrap_or(0));
        let acked = peer.acking.is_some_and(|una| una.at_or_after(segment.end()));
        let fast = told && heard && !acked;
        if seen.facts.repeated {
            let (copy, first) = me.copy_before(segment);
            let after = copy.map_or(seen.facts.repeated_after, |copy| seen.since(copy.at));
            let earlier = copy.map(|copy| copy.at.frame);
            let kind = match self.timer(own, segment, seen, after, first) {
                _ if fast => RepeatKind::Fast,
                // The same packet acknowledges the same.
                RepeatKind::Copy if copy.is_some_and(|copy| copy.ack != segment.ack) => RepeatKind::Unknown,
                kind => kind,
            };
            found.repeat = Some(Repeat { kind, after, earlier, acked, counted: false });
            return;
        }
        let Some(hole) = me.holes.iter().find(|hole| !segment.seq.before(hole.start) && segment.seq.before(hole.end))
        else {
            return;
        };
        // What a duplicate ACK asks for comes a round trip after the segment that made the hole, no sooner.
        let after = seen.since(hole.at);
        if after.is_none_or(|ns| ns < seen.rtt.unwrap_or(UNKNOWN_RTT)) || !told && after < Some(SHORTEST_RTO) {
            found.overtaken = Some((hole.at.frame, after));
        } else {
            let kind = if fast { RepeatKind::Fast } else { RepeatKind::Timeout };
            found.repeat = Some(Repeat { kind, after, earlier: None, acked, counted: false });
        }
    }

    /// Which timer repeated a segment `after` its copy before.
    fn timer(
        &self,
        own: usize,
        segment: &TcpSegment<'_>,
        seen: &Seen<'_>,
        after: Option<i64>,
        first: bool,
    ) -> RepeatKind {
        let (me, peer) = (&self.ends[own], &self.ends[1 - own]);
        // It acknowledges what came just now, so that it answers that: BSD repeats its FIN when the other one crosses it.
        if seen.facts.acks_fin.is_some() && peer.last.and_then(|at| seen.since(at)).is_some_and(|ns| ns < AT_ONCE) {
            return RepeatKind::Unknown;
        }
        let last = me.next == Some(segment.end()) && me.tail().is_some_and(|start| !segment.seq.before(start));
        // Only who is told by SACK what arrived sends a probe (RFC 8985 section 7).
        let sack = me.isn.is_none() || peer.isn.is_none() || me.sack_permitted && peer.sack_permitted;
        let tail = last && first;
        let only = peer.acking.is_some_and(|una| una.at_or_after(segment.seq));
        match after {
            Some(ns) if ns >= SHORTEST_RTO && tail && sack && only => RepeatKind::TimeoutOrProbe,
            Some(ns) if ns >= SHORTEST_RTO && tail && sack => RepeatKind::TailProbe,
            Some(ns) if ns >= SHORTEST_RTO => RepeatKind::Timeout,
            Some(ns) if ns >= SHORTEST_PROBE.max(seen.rtt.unwrap_or(0)) && tail => RepeatKind::TailProbe,
            Some(0..SHORTEST_PROBE) => RepeatKind::Copy,
            _ => RepeatKind::Unknown,
        }
    }

    fn held_for_ack(&self, own: usize, segment: &TcpSegment<'_>, seen: &Seen<'_>) -> Option<(u64, i64)> {
        let (released, waited) = self.ends[1 - own].released?;
        let small = segment.len > 0 && segment.len < self.ends[own].full_size(&self.ends[1 - own], segment);
        let fresh = seen.facts.new_bytes == segment.len && !segment.flags.syn();
        let at_once = seen.since(released).is_some_and(|ns| (0..AT_ONCE).contains(&ns));
        (small && fresh && at_once).then_some((released.frame, waited))
    }

    fn read_sack(&self, own: usize, segment: &TcpSegment<'_>, found: &mut RepairFacts) {
        let blocks = segment.options.sack();
        found.sacks = blocks.iter().any(|(left, _)| left.after(segment.ack));
        let Some(&(left, right)) = blocks.first() else { return };
        let peer = &self.ends[1 - own];
        let inside = |other: &(Seq, Seq)| !left.before(other.0) && !right.after(other.1);
        // RFC 2883 section 4: the first block, below the ACK or inside the second block.
        if !right.after(left) || right.after(segment.ack) && !blocks.get(1).is_some_and(inside) {
            return;
        }
        let mut touched = peer.repeats.iter().rev().filter(|copy| copy.start.before(right) && left.before(copy.end));
        found.duplicate_sack = Some(DuplicateSack {
            repeat: touched.find_map(|copy| Some((copy.kind?, copy.at.frame))),
            // A socket that connected to itself is both ends.
            syn: peer.isn.or(self.ends[own].isn).is_some_and(|isn| isn == left && right == isn.plus(1)),
        });
    }

    /// What an ACK without data says beyond its number.
    fn read_bare_ack(&self, own: usize, segment: &TcpSegment<'_>, seen: &Seen<'_>, found: &mut RepairFacts) {
        let (me, peer) = (&self.ends[own], &self.ends[1 - own]);
        if segment.len > 0 || segment.flags.fin() || found.probe.is_some() {
            return;
        }
        found.answers = seen.asked;
        let repeats_ack = me.acking == Some(segment.ack);
        match peer.question {
            Some((Question::Syn { end, again }, frame)) => {
                let live = again && seen.sender.is_some_and(|state| state != State::SynReceived);
                // What acknowledges data as well answers that data: the SYN is the old one, captured on another way.
                let of_data = again && seen.facts.acked_bytes > 0;
                found.challenges = (!of_data && (segment.ack != end || live)).then_some(frame);
            }
            Some((Question::ChallengedRst, frame)) => found.challenges = repeats_ack.then_some(frame),
            Some((Question::FinAgain, frame)) => {
                let waits = seen.sender == Some(State::TimeWait) && seen.facts.acks_fin.is_none();
                found.reacks_fin = (waits && peer.next == Some(segment.ack)).then_some(frame);
            }
            None => {}
        }
        if !repeats_ack || found.challenges.is_some() || found.duplicate_sack.is_some() {
            return;
        }
        let before = me.window.map(|(window, _)| window);
        let outstanding = peer.next.is_some_and(|next| next.after(segment.ack));
        let sack_in_use = me.sack_permitted && peer.sack_permitted;
        let newest = segment.options.sack().iter().map(|(_, right)| *right).find(|right| right.after(segment.ack));
        let unasked = found.answers.is_none() && peer.question.is_none();
        let duplicate = outstanding
            && unasked
            && match newest {
                Some(_) => true,
                None => !sack_in_use && before == Some(seen.window) && seen.window > 0,
            };
        if duplicate {
            found.duplicate_ack = peer.last.map(|last| last.frame);
        } else if newest.is_none() {
            let keep_alive = matches!(found.answers, Some((ProbeKind::KeepAlive, _)));
            found.window_before = before.filter(|before| *before < seen.window && !keep_alive);
        }
    }

    fn remember(&mut self, own: usize, segment: &TcpSegment<'_>, seen: &Seen<'_>, found: &RepairFacts) {
        let [first, second] = &mut self.ends;
        let (me, peer) = if own == 0 { (first, second) } else { (second, first) };
        me.released = me.releases(peer, segment, seen);
        peer.released = None;
        me.note_sent(segment, seen, found);
        me.note_ack(segment, seen, found);
        me.question = question(segment, seen);
        peer.question = None;
        me.last = Some(seen.at);
    }
}

/// What a segment asks of the other end.
fn question(segment: &TcpSegment<'_>, seen: &Seen<'_>) -> Option<(Question, u64)> {
    use super::step::Acceptance;
    let question = if segment.flags.rst() {
        let challenged = seen.facts.rst.is_some_and(|rst| rst.acceptance == Acceptance::Challenged);
        challenged.then_some(Question::ChallengedRst)
    } else if segment.flags.syn() && !segment.flags.ack() {
        let again = matches!(seen.facts.syn, Some(SynFact::OpenAgain(_)));
        Some(Question::Syn { end: segment.end(), again })
    } else {
        matches!(seen.facts.fin, Some(FinFact::Again(_))).then_some(Question::FinAgain)
    };
    question.map(|question| (question, seen.at.frame))
}

impl End {
    /// The copy before of a repeated segment, and whether it was the first.
    fn copy_before(&self, segment: &TcpSegment<'_>) -> (Option<Copied>, bool) {
        if let Some(copy) = self.repeats.iter().rev().find(|copy| copy.start == segment.seq) {
            let Repeated { start, ack, at, .. } = *copy;
            return (Some(Copied { start, ack, at }), copy.kind.is_none());
        }
        (self.sent.iter().rev().find(|sent| !segment.seq.before(sent.start)).copied(), true)
    }

    /// Where the last segment began that brought `next` to where it is.
    fn tail(&self) -> Option<Seq> {
        self.sent.last().map(|sent| sent.start)
    }

    /// No segment to the other end carries more bytes: what its announcements leave beside the options that each segment has.
    fn full_size(&self, peer: &End, segment: &TcpSegment<'_>) -> u32 {
        let announced = self.mss.into_iter().chain(peer.mss).min().unwrap_or(DEFAULT_MSS);
        let options = if segment.options.timestamps.is_some() { TIMESTAMPS } else { 0 };
        announced.saturating_sub(options).into()
    }

    /// The SYN or SYN-ACK that this end sent last, again and sooner than any timer.
    fn copied_syn(&self, seen: &Seen<'_>) -> Option<Repeat> {
        let again = match seen.facts.syn? {
            // A RST in between makes Linux repeat its SYN at once.
            SynFact::OpenAgain(_) => matches!(self.question, Some((Question::Syn { .. }, _))),
            SynFact::AcceptAgain(_) => true,
            _ => false,
        };
        let copy = self.last.filter(|_| again)?;
        let after = seen.since(copy).filter(|ns| (0..SHORTEST_PROBE).contains(ns))?;
        let earlier = Some(copy.frame);
        Some(Repeat { kind: RepeatKind::Copy, after: Some(after), earlier, acked: false, counted: false })
    }

    /// This ACK covers all that the other end had under way, which was one small segment.
    fn releases(&self, peer: &End, segment: &TcpSegment<'_>, seen: &Seen<'_>) -> Option<(Mark, i64)> {
        let bare = segment.len == 0 && segment.flags.0 & 0x17 == 0x10;
        let start = peer.tail()?;
        let small = segment.ack.offset_from(start) < self.full_size(peer, segment);
        let only = self.acking == Some(start) && peer.next == Some(segment.ack) && seen.facts.acked_bytes > 0;
        let open = self.window.is_none_or(|(window, _)| window > 0);
        let waited = seen.facts.ack_delay.filter(|_| bare && small && only && open)?;
        Some((seen.at, waited))
    }

    fn note_sent(&mut self, segment: &TcpSegment<'_>, seen: &Seen<'_>, found: &RepairFacts) {
        if segment.flags.syn() {
            self.isn = Some(segment.seq);
            self.mss = segment.options.mss;
            self.sack_permitted = segment.options.sack_permitted;
        }
        let (start, end) = (segment.seq, segment.end());
        if segment.sequence_len() == 0 || segment.flags.rst() {
            self.next.get_or_insert(start);
            return;
        }
        if found.repeat.is_some() || found.overtaken.is_some() {
            self.repeats.retain(|copy| copy.start != start);
            let kind = found.repeat.map(|repeat| repeat.kind);
            remember(&mut self.repeats, Repeated { start, end, ack: segment.ack, at: seen.at, kind }, MEMORY);
        }
        if let Some(next) = self.next.filter(|next| start.after(*next)) {
            remember(&mut self.holes, Hole { start: next, end: start, at: seen.at }, MEMORY);
        }
        if self.next.is_none_or(|next| end.after(next)) {
            self.next = Some(end);
            remember(&mut self.sent, Copied { start, ack: segment.ack, at: seen.at }, SENT);
        }
    }

    fn note_ack(&mut self, segment: &TcpSegment<'_>, seen: &Seen<'_>, found: &RepairFacts) {
        if !segment.flags.ack() || segment.flags.rst() {
            return;
        }
        if self.acking.is_none_or(|una| segment.ack.after(una)) {
            self.acking = Some(segment.ack);
            self.duplicates = 0;
            self.sacked_to = self.sacked_to.filter(|to| to.after(segment.ack));
        }
        self.duplicates = self.duplicates.saturating_add(u32::from(found.duplicate_ack.is_some()));
        for (_, right) in segment.options.sack() {
            if right.after(segment.ack) && self.sacked_to.is_none_or(|to| right.after(to)) {
                self.sacked_to = Some(*right);
            }
        }
        self.ack_at = Some(seen.at);
        if !segment.flags.syn() {
            self.window = Some((seen.window, seen.at.frame));
        }
    }
}

/// Adds to a short memory; the oldest is forgotten.
fn remember<T>(memory: &mut Vec<T>, new: T, at_most: usize) {
    if memory.len() >= at_most {
        memory.remove(0);
    }
    memory.push(new);
}

#[cfg(test)]
mod tests {
    use super::RepeatKind::{Fast, TailProbe, Timeout, TimeoutOrProbe, Unknown};
    use super::*;

    #[test]
    fn the_counters_of_the_sender_decide_between_its_timers_where_only_one_of_them_rang() {
        let counters = |timeouts, probes, fast| Counted { timeouts, probes, fast };
        let cases = [
            ("only timeouts", TimeoutOrProbe, counters(2, 0, 0), Some(Timeout)),
            ("only probes", TimeoutOrProbe, counters(0, 1, 0), Some(TailProbe)),
            ("both", TimeoutOrProbe, counters(1, 1, 0), None),
            ("neither", TimeoutOrProbe, counters(0, 0, 1), None),
            ("a probe that was a timeout", TailProbe, counters(1, 0, 0), Some(Timeout)),
            ("a timeout that was a probe", Timeout, counters(0, 3, 2), Some(TailProbe)),
            ("one that duplicate ACKs asked for", Fast, counters(1, 0, 1), None),
            ("of unknown cause, and nothing rang", Unknown, counters(0, 0, 1), Some(Fast)),
            ("of unknown cause, nothing counted", Unknown, counters(0, 0, 0), None),
            ("of unknown cause, and a timer rang as well", Unknown, counters(1, 0, 1), None),
            ("of unknown cause, and a probe left as well", Unknown, counters(0, 1, 1), None),
        ];
        for (what, kind, counted, expected) in cases {
            let repeat = Repeat { kind, after: None, earlier: Some(7), acked: false, counted: false };
            let mut settled = repeat;
            settled.settle(counted);
            assert_eq!(settled.counted, expected.is_some(), "{what}");
            assert_eq!(settled.kind, expected.unwrap_or(kind), "{what}");
        }
        // Of one whose copy was not captured the counters of the whole host say too little.
        let mut alone = Repeat { kind: Timeout, after: None, earlier: None, acked: false, counted: false };
        alone.settle(counters(0, 1, 0));
        assert_eq!((alone.kind, alone.counted), (Timeout, false));
    }
}
