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
