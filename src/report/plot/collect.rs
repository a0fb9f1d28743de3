//! What a plot needs to know of one TCP connection, picked up packet by packet.
//!
//! All of it is seen from the sender of the data: where both ends were captured its segments count when they leave, and the
//! answers when they arrive; with one capture point both count when they pass it.

use std::collections::BTreeMap;

use super::Kind;
use super::flight::{Answer, Flight};
use super::rate::Rate;
use super::series::{Point, Series};
use crate::decode::{Packet, TcpSegment, Transport};
use crate::frame::{Passage, Time};
use crate::timeline::PacketEvent;
use crate::track::labels::Labels;
use crate::track::step::TcpStep;
use crate::track::stream::Scale;
use crate::track::{ConnId, Side};

/// Points of a kind that are kept for a drawing.
const MOST: usize = 8192;
/// Answers that wait until they arrive, at the most.
const MOST_UNDER_WAY: usize = 65_536;
/// A number further from what was sent than any window can be is no number of this connection.
const FURTHEST: u64 = 1 << 30;

/// What happened on one connection.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    /// The connection.
    pub(super) conn: ConnId,
    /// From the capture's first packet to the connection's, in nanoseconds.
    pub(super) offset: i64,
    /// From its first to its last packet, in nanoseconds.
    pub(super) until: i64,
    /// Packets without a time, which no plot can show.
    pub(super) untimed: u64,
    /// Both ends were captured.
    pub(super) both_ends: bool,
    /// Nanoseconds over which the throughput is averaged, where that was asked for.
    pub(super) window: Option<i64>,
    /// The data of each end with the answers to it, by [`Side::index`].
    pub(super) ways: [Way; 2],
    first: Option<Time>,
    /// What each SYN offered for the scale of its sender's windows.
    scales: [Scale; 2],
    /// Answers by the time of their arrival.
    under_way: BTreeMap<(i64, u64), (Side, Answer)>,
}

/// The data of one end.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Segments with data that was not sent before.
    pub(super) segments: Series,
    /// Segments with data of which some was sent before.
    pub(super) again: Series,
    /// Keep-alives and zero-window probes.
    pub(super) probes: Series,
    /// The highest acknowledgment.
    pub(super) acks: Series,
    /// The right edge of the window, where its scale is known.
    pub(super) edges: Series,
    /// The window announced, where its scale is known.
    pub(super) windows: Series,
    /// ACKs that closed the window.
    pub(super) closed: Series,
    /// Blocks that were selectively acknowledged.
    pub(super) sacks: Series,
    /// Round-trip times in nanoseconds (`high`) with the frame acknowledged (`low`).
    pub(super) trips: Series,
    /// The same where the segment had been sent more than once.
    pub(super) unclear_trips: Series,
    /// Bytes in flight.
    pub(super) in_flight: Series,
    /// Payload sent, also again.
    pub(super) sent: Rate,
    /// Payload newly acknowledged.
    pub(super) delivered: Rate,
    /// Payload bytes sent, also again.
    pub(super) bytes: u64,
    /// Windows that stay unknown, because a SYN is missing.
    pub(super) unknown_windows: u64,
    /// Segments after which bytes in flight are unknown, because one before them is missing.
    pub(super) after_gap: u64,
    /// The highest sequence number sent.
    highest: u64,
    highest_ack: Option<u64>,
    flight: Flight,
}

impl Way {
    fn new(kind: Option<Kind>, most: usize) -> Self {
        let series = |of: &[Kind]| Series::new(if kind.is_none_or(|kind| of.contains(&kind)) { most } else { 0 });
        let numbers = || series(&[Kind::TimeSequence, Kind::Tcptrace]);
        let answers = || series(&[Kind::Tcptrace]);
        Way {
            segments: numbers(),
            again: numbers(),
            probes: numbers(),
            acks: answers(),
            edges: answers(),
            sacks: answers(),
            closed: series(&[Kind::Tcptrace, Kind::InFlight]),
            windows: series(&[Kind::InFlight]),
            in_flight: series(&[Kind::InFlight]),
            trips: series(&[Kind::Rtt]),
            unclear_trips: series(&[Kind::Rtt]),
            sent: Rate::default(),
            delivered: Rate::default(),
            bytes: 0,
            unknown_windows: 0,
            after_gap: 0,
            highest: 0,
            highest_ack: None,
            flight: Flight::default(),
        }
    }

    /// A relative number of 32 bits as one that does not wrap: the one nearest to the highest number sent.
    fn whole(&self, relative: u32) -> Option<u64> {
        let low = u32::try_from(self.highest & u64::from(u32::MAX)).unwrap_or(0);
        #[allow(clippy::cast_possible_wrap, reason = "the wrap is the definition of sequence order")]
        let distance = i64::from(relative.wrapping_sub(low) as i32);
        self.highest.checked_add_signed(distance).filter(|number| number.abs_diff(self.highest) < FURTHEST)
    }

    /// A segment of this end.
    fn segment(&mut self, at: i64, frame: u64, segment: &TcpSegment<'_>, step: &TcpStep) {
        if step.labels.has(Labels::LOST_SEGMENT) {
            self.flight.gap();
        }
        let probe = step.labels.has(Labels::KEEP_ALIVE) || step.labels.has(Labels::ZERO_WINDOW_PROBE);
        let Some(low) = self.whole(step.seq) else { return };
        let high = low + u64::from(segment.sequence_len());
        if segment.sequence_len() > 0 {
            self.flight.sent(low, high, at, frame, step.facts.repeated && !probe);
            if !segment.flags.rst() {
                self.highest = self.highest.max(high);
            }
        }
        if segment.len == 0 {
            return;
        }
        let len = u64::from(segment.len);
        self.bytes += len;
        self.sent.add(at, len);
        // A SYN takes the number before the first byte of data.
        let low = low + u64::from(segment.flags.syn());
        let point = Point { at, frame, low, high: low + len };
        if probe {
            self.probes.push(point);
        } else if step.facts.new_bytes < segment.len {
            self.again.push(point);
        } else {
            self.segments.push(point);
        }
        let virtual_bytes = u64::from(segment.flags.syn() || segment.flags.fin());
        match self.flight.bytes() {
            Some(bytes) => self.note_flight(at, frame, bytes.saturating_sub(virtual_bytes)),
            None => self.after_gap += 1,
        }
    }

    fn note_flight(&mut self, at: i64, frame: u64, bytes: u64) {
        self.in_flight.push(Point { at, frame, low: bytes, high: bytes });
    }

    /// An answer of the other end.
    fn answer(&mut self, at: i64, answer: &Answer) {
        let frame = answer.frame;
        let point = |value: u64| Point { at, frame, low: value, high: value };
        self.delivered.add(at, u64::from(answer.new_bytes));
        let Some(ack) = self.whole(answer.ack) else { return };
        let blocks: Vec<(u64, u64)> =
            answer.sack.iter().filter_map(|(left, right)| Some((self.whole(*left)?, self.whole(*right)?))).collect();
        if let Some(trip) = self.flight.acknowledged(ack, &blocks) {
            let rtt = u64::try_from(at - trip.at).unwrap_or(0);
            let series = if trip.again { &mut self.unclear_trips } else { &mut self.trips };
            series.push(Point { at, frame, low: trip.frame, high: rtt });
        }
        if let Some(bytes) = self.flight.bytes() {
            self.note_flight(at, frame, bytes);
        }
        for (low, high) in blocks.into_iter().filter(|(low, high)| low < high) {
            self.sacks.push(Point { at, frame, low, high });
        }
        let newest = self.highest_ack.is_none_or(|highest| ack >= highest);
        if newest {
            self.highest_ack = Some(ack);
            self.acks.push(point(ack));
        }
        match answer.window {
            Some(window) => {
                self.windows.push(point(u64::from(window)));
                if newest {
                    self.edges.push(point(ack + u64::from(window)));
                }
            }
            None => self.unknown_windows += u64::from(!answer.reset),
        }
        if answer.closed {
            self.closed.push(point(ack));
        }
    }
}

impl Talk {
    /// A connection of which nothing is known yet: for a drawing, or with every point of one kind of plot.
    #[must_use]
    pub(super) fn new(conn: ConnId, every_point_of: Option<Kind>) -> Self {
        let most = if every_point_of.is_some() { usize::MAX } else { MOST };
        Talk {
            conn,
            offset: 0,
            until: 0,
            untimed: 0,
            both_ends: false,
            window: None,
            ways: [Way::new(every_point_of, most), Way::new(every_point_of, most)],
            first: None,
            scales: [Scale::Unknown; 2],
            under_way: BTreeMap::new(),
        }
    }

    /// The next packet of the connection; `start` is the time of the capture's first.
    pub(super) fn packet(&mut self, event: &PacketEvent<'_>, start: Option<Time>) {
        let (packet, step) = (event.packet, event.step);
        let (Transport::Tcp(segment), Some(from), Some(tcp)) = (&packet.transport, step.from, &step.tcp) else {
            return;
        };
        if !segment.sound {
            return;
        }
        if segment.flags.syn() {
            self.scales[from.index()] = match segment.options.window_scale {
                Some(shift) => Scale::Offered(shift),
                None if segment.complete => Scale::Absent,
                None => Scale::Unknown,
            };
        }
        let Some(time) = packet.time else {
            self.untimed += 1;
            return;
        };
        let first = *self.first.get_or_insert(time);
        self.offset = start.map_or(0, |start| first.since(start));
        let at = time.since(first);
        self.until = self.until.max(at);
        self.arrive(Some(at));
        self.ways[from.index()].segment(at, packet.number, segment, tcp);
        let Some(ack) = tcp.ack else { return };
        let (reset, syn) = (segment.flags.rst(), segment.flags.syn());
        let answer = Answer {
            frame: packet.number,
            ack,
            window: Some(tcp.window).filter(|_| !reset && self.scale_known(from, syn)),
            closed: segment.window == 0 && !reset && !syn,
            reset,
            sack: tcp.sack[..segment.options.sack().len().min(4)].to_vec(),
            new_bytes: tcp.facts.acked_bytes,
        };
        match arrival(packet) {
            Arrives::Here => self.ways[from.other().index()].answer(at, &answer),
            Arrives::At(there) => {
                self.both_ends = true;
                let there = there.since(first);
                self.until = self.until.max(there);
                self.under_way.insert((there, packet.number), (from, answer));
                if self.under_way.len() > MOST_UNDER_WAY {
                    self.arrive(self.under_way.first_key_value().map(|((at, _), _)| *at));
                }
            }
            Arrives::Never => self.both_ends = true,
        }
    }

    /// After the last packet.
    pub(super) fn settle(&mut self) {
        self.arrive(None);
    }

    /// Answers that have arrived by that moment, or all.
    fn arrive(&mut self, until: Option<i64>) {
        while let Some(entry) = self.under_way.first_entry()
            && until.is_none_or(|until| entry.key().0 <= until)
        {
            let ((at, _), (from, answer)) = entry.remove_entry();
            self.ways[from.other().index()].answer(at, &answer);
        }
    }

    /// A window counts only when both SYNs, or one without the option, tell how it is scaled (RFC 7323 section 2.2).
    fn scale_known(&self, own: Side, syn: bool) -> bool {
        let [mine, theirs] = [self.scales[own.index()], self.scales[own.other().index()]];
        let unscaled = mine == Scale::Absent || theirs == Scale::Absent;
        syn || unscaled || mine != Scale::Unknown && theirs != Scale::Unknown
    }

    /// The end that sent more data; with as much from both, the client.
    #[must_use]
    pub(super) fn sender(&self) -> Side {
        if self.ways[1].bytes > self.ways[0].bytes { Side::Server } else { Side::Client }
    }
}

/// When a packet is at the other end.
enum Arrives {
    Here,
    At(Time),
    Never,
}

fn arrival(packet: &Packet<'_>) -> Arrives {
    match packet.passage {
        Some(Passage::Left { arrived: Some(arrival), .. }) => Arrives::At(arrival.time),
        Some(Passage::Left { arrived: None, .. }) => Arrives::Never,
        _ => Arrives::Here,
    }
}
