//! Numbers counted from a connection's own beginning: they are small, and small numbers pack well.

use super::connection::Mark;
use super::seq::Seq;
use crate::frame::Time;

/// Where the frames, times and sequence numbers of one connection count from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    at: Mark,
    numbers: [Seq; 2],
    /// Back to what they were.
    back: bool,
}

impl Origin {
    /// For a connection that begins with that packet and numbers.
    pub(super) fn new(at: Mark, numbers: [Seq; 2]) -> Self {
        Origin { at, numbers, back: false }
    }

    /// The way back.
    pub(super) fn back(self) -> Self {
        Origin { back: true, ..self }
    }

    /// One frame number.
    pub(super) fn frame(&self, frame: &mut u64) {
        *frame = if self.back { frame.wrapping_add(self.at.frame) } else { frame.wrapping_sub(self.at.frame) };
    }

    /// One packet.
    pub(super) fn mark(&self, mark: &mut Mark) {
        self.frame(&mut mark.frame);
        if let (Some(Time(time)), Some(Time(from))) = (&mut mark.time, self.at.time) {
            *time = if self.back { time.wrapping_add(from) } else { time.wrapping_sub(from) };
        }
    }

    /// One sequence number of the end `side` (0 or 1).
    pub(super) fn seq(&self, side: usize, seq: &mut Seq) {
        let from = self.numbers[side].0;
        *seq = if self.back { seq.plus(from) } else { seq.minus(from) };
    }
}
