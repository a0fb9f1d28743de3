//! Segments between their departure and their arrival, where a capture saw both ends of a wire.
//!
//! Such a segment moves its sender when it leaves and its receiver when it arrives; one that is lost moves its sender only.

use super::connection::Mark;
use super::seq::Seq;
use super::step::{Acceptance, Side, TcpFacts};
use crate::decode::{TcpFlags, TcpSegment};

/// Segments under way, and ranges not arrived, that are remembered for each connection.
const MOST: usize = 4096;

/// What is known of a packet's arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// It was captured in one place: it counts as sent and received.
    #[default]
    Seen,
    /// It has left; [`Tracker::arrive`](super::Tracker::arrive) is told when it arrives.
    UnderWay,
    /// It has left and will not arrive.
    Lost,
}

/// What is remembered of a segment until it arrives.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Flight {
    frame: u64,
    pub(super) from: Side,
    pub(super) flags: TcpFlags,
    pub(super) ack: Option<Seq>,
    pub(super) rst: Option<Acceptance>,
    start: Seq,
    end: Seq,
}

impl Flight {
    pub(super) fn new(from: Side, segment: &TcpSegment<'_>, at: Mark, facts: &TcpFacts) -> Flight {
        Flight {
            frame: at.frame,
            from,
            flags: segment.flags,
            ack: segment.flags.ack().then_some(segment.ack),
            rst: facts.rst.map(|rst| rst.acceptance),
            start: segment.seq,
            end: segment.end(),
        }
    }
}

/// What has left and not arrived.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct OnTheWay {
    flights: Vec<Flight>,
    /// Sequence numbers that no copy has brought to the other end, by sender.
    missing: [Vec<(Seq, Seq)>; 2],
}

impl OnTheWay {
    /// A segment leaves; `fresh` when its numbers were not sent before.
    pub(super) fn leaves(&mut self, flight: Flight, fresh: bool, way: Way) {
        let missing = &mut self.missing[flight.from.index()];
        if fresh && flight.end != flight.start && missing.len() < MOST {
            missing.push((flight.start, flight.end));
        }
        if way == Way::UnderWay && self.flights.len() < MOST {
            self.flights.push(flight);
        }
    }

    /// The segment that left in that frame has arrived.
    pub(super) fn arrives(&mut self, frame: u64) -> Option<Flight> {
        let at = self.flights.iter().position(|flight| flight.frame == frame)?;
        let flight = self.flights.remove(at);
        let missing = &mut self.missing[flight.from.index()];
        // A copy may bring more than one earlier segment, or a part of one.
        let mut left = Vec::new();
        for (start, end) in missing.drain(..) {
            if !flight.start.before(end) || !start.before(flight.end) {
                left.push((start, end));
                continue;
            }
            if start.before(flight.start) {
                left.push((start, flight.start));
            }
            if flight.end.before(end) {
                left.push((flight.end, end));
            }
        }
        *missing = left;
        Some(flight)
    }

    /// Everything that this end has sent has arrived.
    pub(super) fn all_arrived(&self, own: usize) -> bool {
        self.missing[own].is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flight(frame: u64, start: u32, end: u32) -> Flight {
        let (from, flags) = (Side::Client, TcpFlags(TcpFlags::ACK));
        Flight { frame, from, flags, ack: None, rst: None, start: Seq(start), end: Seq(end) }
    }

    #[test]
    fn all_has_arrived_when_every_number_has() {
        let mut wire = OnTheWay::default();
        for (frame, start, end) in [(1, 1, 11), (2, 20, 30), (3, 25, 35), (4, 9, 22)] {
            wire.leaves(flight(frame, start, end), true, Way::UnderWay);
        }
        for frame in [2, 1, 3] {
            assert!(wire.arrives(frame).is_some() && !wire.all_arrived(0), "after frame {frame}");
        }
        assert!(wire.arrives(4).is_some() && wire.all_arrived(0));
        assert!(wire.arrives(4).is_none(), "it came once");
    }

    #[test]
    fn what_is_lost_never_arrives() {
        let mut wire = OnTheWay::default();
        wire.leaves(flight(1, 1, 11), true, Way::Lost);
        assert!(wire.arrives(1).is_none() && !wire.all_arrived(0));
        wire.leaves(flight(2, 1, 11), false, Way::UnderWay);
        assert!(wire.arrives(2).is_some() && wire.all_arrived(0), "a copy brought it");
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut wire = OnTheWay::default();
        for at in 0..=u32::try_from(MOST).expect("small") {
            wire.leaves(flight(u64::from(at) + 1, at, at + 1), true, Way::UnderWay);
        }
        assert_eq!((wire.flights.len(), wire.missing[0].len()), (MOST, MOST));
    }
}
