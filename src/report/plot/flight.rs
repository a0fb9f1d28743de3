//! What is under way between a segment and its ACK, as the textbook analyser reckons it (`tcp.analysis.ack_rtt`,
//! `tcp.analysis.bytes_in_flight`): from the segments captured, without what SACK blocks cover.

use std::collections::VecDeque;

/// Segments that are remembered until they are acknowledged, as many as there.
const MOST: usize = 10_000;

/// An answer of the receiver of the data.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The packet.
    pub(super) frame: u64,
    /// The relative acknowledgment number.
    pub(super) ack: u32,
    /// The window in bytes, where its scale is known.
    pub(super) window: Option<u32>,
    /// It closes the window.
    pub(super) closed: bool,
    /// It has RST, whose window means nothing.
    pub(super) reset: bool,
    /// Its SACK blocks.
    pub(super) sack: Vec<(u32, u32)>,
    /// Payload that no earlier one acknowledged.
    pub(super) new_bytes: u32,
}

/// From a segment to its ACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trip {
    /// The segment.
    pub(super) frame: u64,
    /// When it was sent first, in nanoseconds.
    pub(super) at: i64,
    /// Part of it was sent more than once, so that it cannot be told which copy was answered (RFC 6298 section 3).
    pub(super) again: bool,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    low: u64,
    high: u64,
    trip: Trip,
}

/// The segments of one end that are not acknowledged yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Flight {
    sent: VecDeque<Sent>,
    lowest: u64,
    highest: u64,
    /// Covered by the last answer's SACK blocks.
    held: u64,
    /// Something before the last segment was not captured, and no answer has come since.
    unknown: bool,
}

impl Flight {
    /// A segment left (`low..high` in sequence numbers); `again` when all of it had been sent before.
    pub(super) fn sent(&mut self, low: u64, high: u64, at: i64, frame: u64, again: bool) {
        if again {
            let touched = self.sent.iter_mut().filter(|sent| low < sent.high && sent.low < high);
            touched.for_each(|sent| sent.trip.again = true);
        }
        if self.sent.len() < MOST {
            if self.sent.is_empty() {
                (self.lowest, self.highest) = (low, high);
            }
            self.sent.push_back(Sent { low, high, trip: Trip { frame, at, again } });
            (self.lowest, self.highest) = (self.lowest.min(low), self.highest.max(high));
        }
    }

    /// A segment before the last one is missing from the capture.
    pub(super) fn gap(&mut self) {
        self.unknown = true;
    }

    /// An ACK came: the trip of the segment that ends exactly there, the first copy of it where there are several.
    pub(super) fn acknowledged(&mut self, ack: u64, blocks: &[(u64, u64)]) -> Option<Trip> {
        self.unknown = false;
        self.held = blocks.iter().filter(|(low, _)| *low >= ack).map(|(low, high)| high.saturating_sub(*low)).sum();
        let mut trip: Option<Trip> = None;
        self.sent.retain_mut(|sent| {
            if sent.high == ack {
                trip = Some(trip.map_or(sent.trip, |first| Trip { again: true, ..first }));
            }
            // What is covered in part has its beginning moved.
            if sent.low < ack {
                sent.low = ack.min(sent.high);
            }
            sent.high > ack
        });
        self.lowest = self.sent.iter().map(|sent| sent.low).min().unwrap_or(ack);
        self.highest = self.sent.iter().map(|sent| sent.high).max().unwrap_or(ack);
        trip
    }

    /// Bytes in flight now, SYN and FIN counted as one each; `None` after a gap, until the next answer.
    #[must_use]
    pub(super) fn bytes(&self) -> Option<u64> {
        (!self.unknown).then(|| (self.highest - self.lowest).saturating_sub(self.held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trip(frame: u64, at: i64, again: bool) -> Trip {
        Trip { frame, at, again }
    }

    #[test]
    fn an_ack_answers_the_segment_that_ends_there() {
        let mut flight = Flight::default();
        flight.sent(1, 11, 100, 1, false);
        flight.sent(11, 21, 110, 2, false);
        assert_eq!(flight.bytes(), Some(20));
        assert_eq!(flight.acknowledged(21, &[]), Some(trip(2, 110, false)));
        assert_eq!(flight.bytes(), Some(0));
        flight.sent(21, 31, 120, 3, false);
        assert_eq!(flight.acknowledged(25, &[]), None);
        assert_eq!(flight.bytes(), Some(6));
    }

    #[test]
    fn a_segment_sent_twice_leaves_open_which_copy_was_answered() {
        let mut flight = Flight::default();
        flight.sent(1, 11, 100, 1, false);
        flight.sent(11, 21, 110, 2, false);
        flight.sent(1, 11, 300, 5, true);
        assert_eq!(flight.acknowledged(11, &[]), Some(trip(1, 100, true)));
        assert_eq!(flight.acknowledged(21, &[]), Some(trip(2, 110, false)));
    }

    #[test]
    fn what_a_sack_block_covers_is_not_in_flight_and_a_gap_makes_it_unknown() {
        let mut flight = Flight::default();
        (0..4).for_each(|n| flight.sent(1 + n * 10, 11 + n * 10, 0, n, false));
        flight.acknowledged(1, &[(21, 31), (0, 1)]);
        assert_eq!(flight.bytes(), Some(30));
        flight.gap();
        assert_eq!(flight.bytes(), None);
        flight.acknowledged(1, &[]);
        assert_eq!(flight.bytes(), Some(40));
    }

    #[test]
    fn without_any_answer_memory_is_bounded() {
        let mut flight = Flight::default();
        (0..2 * MOST as u64).for_each(|n| flight.sent(n, n + 1, 0, n, false));
        assert_eq!((flight.sent.len(), flight.bytes()), (MOST, Some(MOST as u64)));
    }
}
