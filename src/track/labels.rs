//! The analysis labels of the textbook analyser, by its own definitions, so that its columns can be held beside ours.
//!
//! They are conclusions from one packet at a time with the numbers of the packets before; where they mislead, the label
//! stays and an annotation says better. The order of the tests is part of the definition.

use super::seq::Seq;
use crate::decode::{TcpFlags, TcpSegment};
use crate::frame::Time;

/// A repeated segment within this time (ns) of the last duplicate ACK counts as a fast retransmission.
const FAST_RETRANSMISSION: u64 = 20_000_000;
/// The threshold (ns) between "out of order" and "retransmission" while the round trip is unknown.
const REORDERING: u64 = 3_000_000;

/// The count of duplicate ACKs of an end once an ACK beyond its stream was labelled. The definitions have one counter
/// for both, and this value counts as many when a fast retransmission is looked for.
const TOLD: u32 = u32::MAX;

/// A set of labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Labels(u16);

macro_rules! labels {
    ($($constant:ident $bit:literal $name:literal;)*) => {
        impl Labels {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Labels = Labels(1 << $bit);
            )*
            /// Every label with its name in the records, in their order.
            pub const NAMES: &[(Labels, &str)] = &[$((Labels::$constant, $name)),*];
        }
    };
}

labels! {
    RETRANSMISSION 0 "retransmission";
    FAST_RETRANSMISSION 1 "fast_retransmission";
    SPURIOUS_RETRANSMISSION 2 "spurious_retransmission";
    OUT_OF_ORDER 3 "out_of_order";
    LOST_SEGMENT 4 "lost_segment";
    ACK_LOST_SEGMENT 5 "ack_lost_segment";
    DUPLICATE_ACK 6 "duplicate_ack";
    ZERO_WINDOW 7 "zero_window";
    ZERO_WINDOW_PROBE 8 "zero_window_probe";
    ZERO_WINDOW_PROBE_ACK 9 "zero_window_probe_ack";
    WINDOW_FULL 10 "window_full";
    WINDOW_UPDATE 11 "window_update";
    KEEP_ALIVE 12 "keep_alive";
    KEEP_ALIVE_ACK 13 "keep_alive_ack";
    REUSED_PORTS 14 "reused_ports";
}

impl Labels {
    /// True when the label is in the set.
    #[must_use]
    pub const fn has(self, label: Labels) -> bool {
        self.0 & label.0 == label.0
    }

    /// Adds a label.
    pub fn add(&mut self, label: Labels) {
        self.0 |= label.0;
    }

    /// The names in record order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().filter(move |(label, _)| self.has(*label)).map(|(_, name)| *name)
    }
}

/// How the windows of one direction are scaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum WindowScale {
    #[default]
    Unknown,
    Unused,
    Shift(u8),
}

/// What the definitions remember of one direction.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Direction {
    next_seq: Option<Seq>,
    next_seq_time: Option<Time>,
    max_to_be_acked: Option<Seq>,
    /// Of the last packet of any kind; zero before the first.
    last_ack: Option<Seq>,
    last_ack_time: Option<Time>,
    window: Option<u16>,
    duplicate_acks: u32,
    last: Labels,
    scale: WindowScale,
    /// A segment without SYN has been seen, so that the scale applies.
    past_syn: bool,
}

/// The labeller of one connection.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Labeller {
    directions: [Direction; 2],
    last_syn: Option<Time>,
    /// From the last SYN to the first ACK after it (ns); zero for not known.
    first_rtt: i64,
}

/// The sequence number after a segment. For the definitions a SYN and a FIN together take one number.
fn end(segment: &TcpSegment<'_>) -> Seq {
    let one = segment.flags.syn() || segment.flags.fin();
    segment.seq.plus(segment.len).plus(u32::from(one))
}

/// The time from `then` to `now` in nanoseconds. One that runs backwards is taken for a very long one, as the
/// definitions count without a sign; so is one that is not known.
fn elapsed(now: Option<Time>, then: Option<Time>) -> u64 {
    now.zip(then).map_or(u64::MAX, |(now, then)| now.since(then).cast_unsigned())
}

/// True for a segment without SYN, FIN and RST.
fn plain(flags: TcpFlags) -> bool {
    flags.0 & (TcpFlags::SYN | TcpFlags::FIN | TcpFlags::RST) == 0
}

impl Labeller {
    /// The labels of the next segment, sent in direction `own` (0 or 1); `reused` when it begins a connection on
    /// ports that an earlier one used.
    pub fn push(&mut self, own: usize, segment: &TcpSegment<'_>, time: Option<Time>, reused: bool) -> Labels {
        let mut labels = Labels::default();
        if reused {
            labels.add(Labels::REUSED_PORTS);
        }
        self.note_syn(own, segment, time);
        self.label_forward(own, segment, &mut labels);
        self.label_ack(own, segment, &mut labels);
        self.label_repeat(own, segment, time, &mut labels);
        self.remember(own, segment, time, labels);
        if segment.flags.ack() && !segment.flags.syn() && self.first_rtt == 0 {
            self.first_rtt = self.last_syn.and_then(|syn| Some(time?.since(syn))).unwrap_or(0);
        }
        labels
    }

    fn note_syn(&mut self, own: usize, segment: &TcpSegment<'_>, time: Option<Time>) {
        if !segment.flags.syn() {
            return;
        }
        if segment.complete {
            self.note_scale(own, segment.options.window_scale);
        }
        if !segment.flags.ack() {
            // The definitions take the time zero, of captures made without a clock, for none.
            self.last_syn = time.filter(|time| *time != Time(0));
            // A repeated SYN goes back to where the stream was whole.
            let fwd = &mut self.directions[own];
            fwd.next_seq = fwd.next_seq.and(fwd.max_to_be_acked);
        }
    }

    /// A SYN without the option settles it for both directions, also when the other SYN is never seen.
    fn note_scale(&mut self, own: usize, shift: Option<u8>) {
        let other = self.directions[1 - own].scale;
        self.directions[own].scale = match shift {
            Some(shift) if other != WindowScale::Unused => WindowScale::Shift(shift.min(14)),
            _ => WindowScale::Unused,
        };
        if shift.is_none() {
            self.directions[1 - own].scale = WindowScale::Unused;
        }
    }

    /// The labels that compare the segment with what its own direction did before.
    fn label_forward(&mut self, own: usize, segment: &TcpSegment<'_>, labels: &mut Labels) {
        let (len, window) = (segment.len, segment.window);
        let (fwd, rev) = (&self.directions[own], &self.directions[1 - own]);
        let plain = plain(segment.flags);
        let at_next = fwd.next_seq == Some(segment.seq) || fwd.next_seq.is_none() && segment.seq == Seq(0);
        let same_ack = fwd.last_ack.unwrap_or_default() == segment.ack;
        let same_window = fwd.window.unwrap_or_default() == window;
        let repeats = len == 0 && at_next && plain;
        if len == 1 && at_next && rev.window == Some(0) {
            labels.add(Labels::ZERO_WINDOW_PROBE);
            return;
        }
        if window == 0 && plain {
            labels.add(Labels::ZERO_WINDOW);
        }
        if fwd.next_seq.is_some_and(|next| segment.seq.after(next)) && !segment.flags.rst() {
            labels.add(Labels::LOST_SEGMENT);
        }
        if len <= 1 && fwd.next_seq.unwrap_or_default().minus(1) == segment.seq && plain {
            labels.add(Labels::KEEP_ALIVE);
        }
        if repeats && window != 0 && !same_window && same_ack {
            labels.add(Labels::WINDOW_UPDATE);
        }
        if len > 0 && plain && self.fills_window(1 - own, segment.seq.plus(len)) {
            labels.add(Labels::WINDOW_FULL);
        }
        if repeats && window != 0 && same_window && same_ack && rev.last.has(Labels::KEEP_ALIVE) {
            labels.add(Labels::KEEP_ALIVE_ACK);
            return;
        }
        if repeats && window == 0 && same_window && same_ack && rev.last.has(Labels::ZERO_WINDOW_PROBE) {
            labels.add(Labels::ZERO_WINDOW_PROBE_ACK);
            return;
        }
        if repeats && window != 0 && same_window && same_ack {
            labels.add(Labels::DUPLICATE_ACK);
            let count = &mut self.directions[own].duplicate_acks;
            *count = if *count == TOLD { 1 } else { *count + 1 };
        }
    }

    /// A segment that ends at `end` reaches exactly the edge of the window that direction `rev` announced last.
    fn fills_window(&self, rev: usize, end: Seq) -> bool {
        let rev = &self.directions[rev];
        let shift = match rev.scale {
            WindowScale::Unknown => return false,
            WindowScale::Shift(shift) if rev.past_syn => shift,
            _ => 0,
        };
        let window = u32::from(rev.window.unwrap_or_default()) << shift;
        rev.last_ack.unwrap_or_default().plus(window) == end
    }

    /// The labels about what the segment acknowledges.
    fn label_ack(&mut self, own: usize, segment: &TcpSegment<'_>, labels: &mut Labels) {
        let last_ack = self.directions[own].last_ack.unwrap_or_default();
        if last_ack != segment.ack {
            self.directions[own].duplicate_acks = 0;
        }
        let rev = &mut self.directions[1 - own];
        let beyond = rev.max_to_be_acked.is_some_and(|max| segment.ack.after(max));
        if !beyond || !segment.flags.ack() {
            return;
        }
        // Said again only when more of that stream was captured, or its sender has acknowledged something new.
        if rev.max_to_be_acked != rev.next_seq || rev.duplicate_acks == 0 {
            labels.add(Labels::ACK_LOST_SEGMENT);
        }
        if rev.max_to_be_acked == rev.next_seq {
            rev.duplicate_acks = TOLD;
        }
        rev.max_to_be_acked = rev.next_seq;
    }

    /// The labels of a segment that occupies sequence numbers which lie below the highest seen.
    fn label_repeat(&self, own: usize, segment: &TcpSegment<'_>, time: Option<Time>, labels: &mut Labels) {
        let (fwd, rev) = (&self.directions[own], &self.directions[1 - own]);
        let len = segment.len;
        let syn_or_fin = segment.flags.syn() || segment.flags.fin();
        if len == 0 && !syn_or_fin || labels.has(Labels::KEEP_ALIVE) {
            return;
        }
        let known = rev.last_ack.filter(|ack| *ack != Seq(0));
        if len > 0 && known.is_some_and(|ack| ack.at_or_after(segment.seq.plus(len))) {
            labels.add(Labels::SPURIOUS_RETRANSMISSION);
            labels.add(Labels::RETRANSMISSION);
            return;
        }
        let Some(next) = fwd.next_seq else { return };
        let after_probe = len > 1 && next.minus(1) == segment.seq;
        if !segment.seq.before(next) || after_probe {
            return;
        }
        if self.is_fast_retransmission(own, segment, time) {
            labels.add(Labels::FAST_RETRANSMISSION);
            labels.add(Labels::RETRANSMISSION);
            return;
        }
        let threshold = if self.first_rtt == 0 { REORDERING } else { self.first_rtt.cast_unsigned() };
        let closes_gap = next == end(segment);
        if elapsed(time, fwd.next_seq_time) < threshold && !closes_gap {
            labels.add(Labels::OUT_OF_ORDER);
        } else {
            labels.add(Labels::RETRANSMISSION);
        }
    }

    /// Only the first missing segment counts as one: with SACK, the further holes are filled by mere retransmissions.
    fn is_fast_retransmission(&self, own: usize, segment: &TcpSegment<'_>, time: Option<Time>) -> bool {
        let rev = &self.directions[1 - own];
        rev.duplicate_acks >= 2
            && rev.last_ack == Some(segment.seq)
            && elapsed(time, rev.last_ack_time) < FAST_RETRANSMISSION
    }

    fn remember(&mut self, own: usize, segment: &TcpSegment<'_>, time: Option<Time>, labels: Labels) {
        let end = end(segment);
        let probe = labels.has(Labels::ZERO_WINDOW_PROBE);
        let fwd = &mut self.directions[own];
        let first = fwd.next_seq.is_none();
        if !probe && fwd.next_seq.is_none_or(|next| end.after(next)) {
            // The definitions take zero for "not known".
            fwd.next_seq = Some(end).filter(|end| *end != Seq(0));
            fwd.next_seq_time = time;
        }
        if !probe && (first || fwd.max_to_be_acked.is_none_or(|max| max == segment.seq)) {
            fwd.max_to_be_acked = fwd.next_seq;
        }
        fwd.window = Some(segment.window);
        fwd.last_ack = Some(segment.ack);
        fwd.last_ack_time = time;
        fwd.last = labels;
        fwd.past_syn = !segment.flags.syn();
    }
}
