//! One direction of a TCP connection: what its sender has sent, as far as the capture shows.

use std::collections::VecDeque;

use super::connection::Mark;
use super::origin::Origin;
use super::seq::Seq;

/// Ranges beyond a gap that are remembered; a capture with more gaps at once forgets the lowest.
const MAX_ISLANDS: usize = 16;
/// Segments waiting for their ACK that are remembered one by one; later ones extend the last.
const MAX_UNACKED: usize = 16;
/// No timer is shorter than this (ns): what repeats a segment sooner is a second capture of it.
const CAPTURED_TWICE: i64 = 2_000_000;

/// Whether and how the windows that an end announces are scaled (RFC 7323 section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Scale {
    /// Its SYN was not captured.
    #[default]
    Unknown,
    /// Its SYN had no window scale option.
    Absent,
    /// Its SYN offered this shift.
    Offered(u8),
}

/// A segment that waits for its acknowledgment.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Sent {
    start: Seq,
    end: Seq,
    at: Mark,
    /// Part of it was sent again: which copy an ACK answers cannot be told (RFC 6298 section 3, Karn's algorithm).
    again: bool,
}

/// The segment that was sent again last.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Again {
    start: Seq,
    times: u32,
    /// The frame of its first repeat.
    since: u64,
    last: Mark,
}

/// What one end has sent.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Stream {
    /// Relative numbers count from here.
    base: Option<Seq>,
    /// The initial sequence number, when the SYN was captured.
    pub isn: Option<Seq>,
    /// Where the SYN was.
    pub syn_at: Option<Mark>,
    /// Where the first SYN with ACK was.
    pub syn_ack_at: Option<Mark>,
    /// The highest sequence number after any captured segment.
    pub next: Option<Seq>,
    /// Everything before it was captured.
    contiguous: Option<Seq>,
    /// Where the first captured segment began, while no SYN was captured: what lies below may have been sent before the
    /// capture began, or have been overtaken.
    floor: Option<Seq>,
    /// Captured ranges beyond `contiguous`, ordered, not touching.
    islands: Vec<(Seq, Seq)>,
    /// The highest acknowledgment by the peer: SND.UNA.
    pub acked: Option<Seq>,
    /// The sequence number after the FIN.
    pub fin_end: Option<Seq>,
    /// Window scaling offered in the SYN.
    pub scale: Scale,
    /// The last acknowledgment number that this end sent, with its frame.
    pub last_ack: Option<(Seq, u64)>,
    /// The right edge of the window that this end announced last, and whether its scale is known.
    pub window_edge: Option<(Seq, bool)>,
    unacked: VecDeque<Sent>,
    again: Option<Again>,
    /// Segments are remembered until they are acknowledged.
    timed: bool,
}

/// What was new about a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Novelty {
    /// Sequence numbers that no earlier segment had (SYN and FIN count).
    pub fresh: u32,
    /// When the same first number was sent before, while it still waits for its ACK.
    pub first_sent: Option<Mark>,
}

/// What an acknowledgment newly covered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covered {
    /// Payload bytes.
    pub bytes: u32,
    /// The oldest segment.
    pub oldest: Option<Mark>,
    /// Part of it had been sent more than once.
    pub again: bool,
    /// The FIN is among it.
    pub fin: bool,
}

impl Stream {
    /// A stream of which nothing was captured yet; `timed` when each segment is to be found again by its ACK.
    #[must_use]
    pub fn new(timed: bool) -> Self {
        Stream { timed, ..Stream::default() }
    }

    /// Nothing between the first and the last captured byte is missing, and no FIN has come.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.next.is_some() && self.contiguous == self.next && self.fin_end.is_none()
    }

    /// Goes on to `end` without a gap, with the acknowledgment and the window that come along.
    #[inline]
    pub fn advance(&mut self, end: Seq, last_ack: (Seq, u64), window_edge: (Seq, bool)) {
        self.next = Some(end);
        self.contiguous = Some(end);
        self.last_ack = Some(last_ack);
        self.window_edge = Some(window_edge);
    }

    /// Counts its numbers, frames and times from elsewhere; `own` is the index of its sender.
    pub(super) fn rebase(&mut self, own: usize, origin: &Origin) {
        let numbers =
            [&mut self.isn, &mut self.next, &mut self.contiguous, &mut self.floor, &mut self.acked, &mut self.fin_end];
        numbers.into_iter().flatten().for_each(|seq| origin.seq(own, seq));
        for (left, right) in &mut self.islands {
            origin.seq(own, left);
            origin.seq(own, right);
        }
        for sent in &mut self.unacked {
            origin.seq(own, &mut sent.start);
            origin.seq(own, &mut sent.end);
            origin.mark(&mut sent.at);
        }
        if let Some((ack, frame)) = &mut self.last_ack {
            origin.seq(1 - own, ack);
            origin.frame(frame);
        }
        if let Some((edge, _)) = &mut self.window_edge {
            origin.seq(1 - own, edge);
        }
        if let Some(again) = &mut self.again {
            origin.seq(own, &mut again.start);
            origin.frame(&mut again.since);
            origin.mark(&mut again.last);
        }
        [&mut self.syn_at, &mut self.syn_ack_at].into_iter().flatten().for_each(|mark| origin.mark(mark));
    }

    /// The relative form of one of this sender's sequence numbers; fixes the base on first use.
    pub fn relative(&mut self, seq: Seq, syn: bool) -> u32 {
        if syn {
            self.base = Some(seq);
        }
        let base = *self.base.get_or_insert(seq.minus(1));
        seq.offset_from(base)
    }

    /// What relative numbers count from, once that is fixed.
    #[must_use]
    pub fn base(&self) -> Option<Seq> {
        self.base
    }

    /// The relative form of a number without fixing the base.
    #[must_use]
    pub fn relative_to_base(&self, seq: Seq) -> u32 {
        self.base.map_or(0, |base| seq.offset_from(base))
    }

    /// This end has sent a SYN of its own with that number, before any SYN-ACK.
    #[must_use]
    pub fn has_opened(&self, isn: Seq) -> bool {
        self.isn == Some(isn) && self.syn_at.is_some() && self.syn_at != self.syn_ack_at
    }

    /// The next number that the receiver expects: RCV.NXT, by what was captured and what it acknowledged.
    #[must_use]
    pub fn arrived(&self) -> Option<Seq> {
        match (self.contiguous, self.acked) {
            (Some(seen), Some(acked)) => Some(seen.max(acked)),
            (seen, acked) => seen.or(acked),
        }
    }

    /// Something between the first and the last captured byte was not captured.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.islands.is_empty()
    }

    /// The receiver has the FIN: all before it was captured, or it acknowledged it.
    #[must_use]
    pub fn fin_arrived(&self) -> bool {
        matches!((self.fin_end, self.arrived()), (Some(end), Some(arrived)) if arrived.at_or_after(end))
    }

    /// How often the segment was repeated that nothing has acknowledged yet, and the frame of its last copy. `heard` is the
    /// frame in which the other end was heard last: whoever is heard meanwhile answers, if only that it has no room.
    #[must_use]
    pub fn repeats(&self, heard: Option<u64>) -> Option<(u32, u64)> {
        let again = self.again.filter(|again| self.is_unacknowledged(again.start))?;
        heard.is_none_or(|heard| heard < again.since).then_some((again.times, again.last.frame))
    }

    fn is_unacknowledged(&self, seq: Seq) -> bool {
        self.acked.is_none_or(|acked| seq.at_or_after(acked))
    }

    /// A number that lies behind this end's FIN: nothing of the same connection can be there.
    #[must_use]
    pub fn is_past_fin(&self, seq: Seq) -> bool {
        self.fin_end.is_some_and(|end| seq.at_or_after(end))
    }

    /// The receiver acknowledged the FIN.
    #[must_use]
    pub fn fin_acked(&self) -> bool {
        matches!((self.fin_end, self.acked), (Some(end), Some(acked)) if acked.at_or_after(end))
    }

    /// Records a segment that covers `start..end`.
    pub fn sent(&mut self, start: Seq, end: Seq, at: Mark) -> Novelty {
        let first_sent = self
            .unacked
            .iter()
            .find(|sent| start.at_or_after(sent.start) && start.before(sent.end))
            .map(|sent| sent.at);
        let fresh = self.insert(start, end);
        if fresh == 0 {
            self.note_again(start, at);
            let overlaps = |sent: &&mut Sent| start.before(sent.end) && sent.start.before(end);
            self.unacked.iter_mut().filter(overlaps).for_each(|sent| sent.again = true);
        }
        let advances = self.next.is_none_or(|next| end.after(next));
        if advances && fresh > 0 && self.timed {
            self.remember(Sent { start: self.next.map_or(start, |next| next.max(start)), end, at, again: false });
        }
        if advances {
            self.next = Some(end);
        }
        Novelty { fresh, first_sent }
    }

    /// Counts a repeat, unless it follows the one before so soon that one packet was captured twice.
    fn note_again(&mut self, start: Seq, at: Mark) {
        let before = self.again.filter(|again| again.start == start);
        let after = before.and_then(|again| Some(at.time?.since(again.last.time?)));
        if after.is_some_and(|ns| (0..CAPTURED_TWICE).contains(&ns)) {
            return;
        }
        let fresh = Again { start, times: 0, since: at.frame, last: at };
        let again = before.unwrap_or(fresh);
        self.again = Some(Again { times: again.times.saturating_add(1), last: at, ..again });
    }

    fn remember(&mut self, sent: Sent) {
        if self.unacked.len() < MAX_UNACKED {
            // Most connections of a flood never have a second one.
            if self.unacked.capacity() == 0 {
                self.unacked.reserve_exact(1);
            }
            self.unacked.push_back(sent);
        } else if let Some(last) = self.unacked.back_mut() {
            last.end = sent.end;
        }
    }

    /// Adds a range to what was captured; returns how many of its numbers are new.
    fn insert(&mut self, start: Seq, end: Seq) -> u32 {
        let Some(mut contiguous) = self.contiguous else {
            self.contiguous = Some(end);
            self.floor = Some(start).filter(|_| self.isn.is_none());
            return end.offset_from(start);
        };
        if let Some(floor) = self.floor.filter(|floor| start.before(*floor) && self.is_unacknowledged(start)) {
            // The capture has it for the first time: what came so far lies beyond a gap.
            self.add_island(floor, contiguous);
            self.floor = Some(start);
            contiguous = start;
            self.contiguous = Some(start);
        }
        let start = start.max(contiguous);
        if !end.after(start) {
            return 0;
        }
        let mut fresh = end.offset_from(start);
        for (left, right) in &self.islands {
            let overlap_start = left.max(start);
            let overlap_end = if right.before(end) { *right } else { end };
            if overlap_end.after(overlap_start) {
                fresh = fresh.saturating_sub(overlap_end.offset_from(overlap_start));
            }
        }
        if start == contiguous {
            self.contiguous = Some(end);
        } else {
            self.add_island(start, end);
        }
        self.absorb_islands();
        fresh
    }

    fn add_island(&mut self, mut start: Seq, mut end: Seq) {
        self.islands.retain(|(left, right)| {
            let apart = left.after(end) || start.after(*right);
            if !apart {
                start = if left.before(start) { *left } else { start };
                end = end.max(*right);
            }
            apart
        });
        let position = self.islands.iter().position(|(left, _)| left.after(start)).unwrap_or(self.islands.len());
        self.islands.insert(position, (start, end));
        if self.islands.len() > MAX_ISLANDS {
            // Forget the lowest gap: what lies in it counts as captured from here on.
            let (_, right) = self.islands.remove(0);
            self.contiguous = Some(right);
        }
    }

    fn absorb_islands(&mut self) {
        while let (Some(contiguous), Some((left, right))) = (self.contiguous, self.islands.first().copied()) {
            if left.after(contiguous) {
                break;
            }
            self.contiguous = Some(contiguous.max(right));
            self.islands.remove(0);
        }
    }

    /// Records an acknowledgment by the peer.
    pub fn acknowledged(&mut self, ack: Seq) -> Covered {
        let before = self.acked;
        if before.is_some_and(|acked| !ack.after(acked)) {
            return Covered::default();
        }
        self.acked = Some(ack);
        let mut covered = Covered { fin: self.fin_end.is_some_and(|end| ack.at_or_after(end)), ..Covered::default() };
        if covered.fin && before.is_some_and(|acked| self.fin_end.is_some_and(|end| acked.at_or_after(end))) {
            covered.fin = false;
        }
        while let Some(sent) = self.unacked.front() {
            if sent.end.after(ack) {
                break;
            }
            covered.oldest = covered.oldest.or(Some(sent.at));
            covered.again |= sent.again;
            self.unacked.pop_front();
        }
        covered.bytes = self.payload_between(before, ack, covered.fin);
        covered
    }

    /// Payload bytes in an acknowledged range: the SYN and the FIN count one number each.
    fn payload_between(&self, before: Option<Seq>, ack: Seq, fin: bool) -> u32 {
        let Some(from) = before.or(self.isn) else { return 0 };
        let syn = self.isn == Some(from);
        ack.offset_from(from).saturating_sub(u32::from(syn)).saturating_sub(u32::from(fin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(frame: u64) -> Mark {
        Mark { frame, time: None }
    }

    #[test]
    fn a_gap_is_an_island_until_it_is_filled() {
        let mut stream = Stream::new(true);
        assert_eq!(stream.sent(Seq(100), Seq(110), mark(1)).fresh, 10);
        assert_eq!(stream.sent(Seq(120), Seq(130), mark(2)).fresh, 10);
        assert!(stream.has_gap());
        assert_eq!(stream.arrived(), Some(Seq(110)));
        assert_eq!(stream.sent(Seq(105), Seq(125), mark(3)).fresh, 10);
        assert_eq!(stream.arrived(), Some(Seq(130)));
        assert!(!stream.has_gap());
    }

    #[test]
    fn numbers_wrap() {
        let mut stream = Stream::new(true);
        stream.sent(Seq(u32::MAX - 4), Seq(5), mark(1));
        assert_eq!(stream.arrived(), Some(Seq(5)));
        assert_eq!(stream.sent(Seq(u32::MAX), Seq(5), mark(2)).fresh, 0);
        assert_eq!(stream.sent(Seq(3), Seq(8), mark(3)).fresh, 3);
    }

    #[test]
    fn an_ack_covers_the_oldest_segment_once() {
        let mut stream = Stream { isn: Some(Seq(0)), ..Stream::new(true) };
        stream.sent(Seq(0), Seq(1), mark(1));
        stream.acknowledged(Seq(1));
        stream.sent(Seq(1), Seq(5), mark(3));
        stream.sent(Seq(5), Seq(9), mark(4));
        stream.fin_end = Some(Seq(10));
        stream.sent(Seq(9), Seq(10), mark(5));
        let covered = stream.acknowledged(Seq(10));
        assert_eq!((covered.bytes, covered.fin, covered.oldest), (8, true, Some(mark(3))));
        assert!(!stream.acknowledged(Seq(10)).fin);
    }

    #[test]
    fn an_end_has_opened_with_a_syn_of_its_own() {
        let opened = |syn_at, syn_ack_at| Stream { isn: Some(Seq(7)), syn_at, syn_ack_at, ..Stream::new(true) };
        assert!(opened(Some(mark(1)), None).has_opened(Seq(7)));
        assert!(opened(Some(mark(1)), Some(mark(3))).has_opened(Seq(7)));
        assert!(!opened(Some(mark(1)), None).has_opened(Seq(8)), "another number");
        assert!(!opened(None, None).has_opened(Seq(7)), "no SYN");
        assert!(!opened(Some(mark(2)), Some(mark(2))).has_opened(Seq(7)), "its first SYN was a SYN-ACK");
    }

    #[test]
    fn asking_for_a_relative_number_fixes_no_base() {
        let mut stream = Stream::new(true);
        assert_eq!((stream.relative_to_base(Seq(105)), stream.base()), (0, None));
        stream.relative(Seq(100), true);
        assert_eq!(stream.relative_to_base(Seq(105)), 5);
    }

    #[test]
    fn what_comes_again_is_known_by_its_own_segment() {
        let mut stream = Stream::new(true);
        stream.sent(Seq(100), Seq(110), mark(1));
        stream.sent(Seq(110), Seq(120), mark(2));
        assert_eq!(stream.sent(Seq(110), Seq(120), mark(3)).first_sent, Some(mark(2)));
        assert_eq!(stream.sent(Seq(120), Seq(121), mark(4)).first_sent, None);
        let first = stream.acknowledged(Seq(110));
        assert_eq!((first.oldest, first.again), (Some(mark(1)), false));
        let second = stream.acknowledged(Seq(120));
        assert_eq!((second.oldest, second.again), (Some(mark(2)), true));
    }

    #[test]
    fn a_segment_without_content_waits_for_no_ack() {
        let mut stream = Stream::new(true);
        stream.sent(Seq(100), Seq(110), mark(1));
        stream.acknowledged(Seq(110));
        stream.sent(Seq(130), Seq(130), mark(2));
        assert_eq!(stream.acknowledged(Seq(130)).oldest, None);
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut stream = Stream::new(true);
        for at in 0..u32::try_from(MAX_UNACKED).expect("small") + 2 {
            stream.sent(Seq(at), Seq(at + 1), mark(at.into()));
        }
        assert_eq!(stream.unacked.len(), MAX_UNACKED);
        let end = stream.next.expect("something was sent");
        assert_eq!(stream.unacked.back().map(|sent| sent.end), Some(end), "the last stands for all after it");

        let mut stream = Stream::new(true);
        stream.sent(Seq(0), Seq(1), mark(1));
        let islands = u32::try_from(MAX_ISLANDS).expect("small");
        for (at, kept) in (1..=islands + 1).map(|at| (at, at.min(islands))) {
            stream.sent(Seq(at * 10), Seq(at * 10 + 1), mark(1));
            assert_eq!(stream.islands.len(), kept as usize);
        }
        assert_eq!(stream.arrived(), Some(Seq(11)), "the lowest gap is forgotten");
    }

    proptest! {
        /// Every byte counts as new exactly once, in whatever order and however often it comes.
        #[test]
        fn fresh_bytes_sum_up_to_what_was_sent(
            base in any::<u32>(),
            mut pieces in proptest::collection::vec((0u32..60, 1u32..12), 1..30),
        ) {
            let mut stream = Stream::new(true);
            stream.sent(Seq(base), Seq(base).plus(1), mark(1));
            let mut seen = [false; 80];
            seen[0] = true;
            for (i, (start, len)) in pieces.drain(..).enumerate() {
                let expected = (start..start + len).filter(|at| !seen[*at as usize]).count();
                (start..start + len).for_each(|at| seen[at as usize] = true);
                let fresh = stream.sent(Seq(base).plus(start), Seq(base).plus(start + len), mark(i as u64)).fresh;
                // With more gaps than it remembers the count may only fall short, never exceed.
                prop_assert_eq!(fresh as usize, expected);
            }
        }

        #[test]
        fn no_numbers_panic(ops in proptest::collection::vec((any::<u32>(), any::<u32>(), any::<bool>()), 0..200)) {
            let mut stream = Stream::new(true);
            for (a, b, ack) in ops {
                if ack { stream.acknowledged(Seq(a)); } else { stream.sent(Seq(a), Seq(b), mark(0)); }
                stream.relative(Seq(a), ack);
                prop_assert!(stream.islands.len() <= MAX_ISLANDS && stream.unacked.len() <= MAX_UNACKED);
            }
        }
    }
}
