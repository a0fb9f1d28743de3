//! The way through: frames → decode → track → annotate → report, one frame at a time.
//!
//! The driver has no effects of its own: frames come from a [`PlainSource`], bytes go where the report writes, and what a
//! report did not ask for is not computed.

mod pending;
mod press;
mod sockets;

pub use press::{Aside, Batch};
pub use sockets::{Heard, hear, place};

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rustc_hash::FxHashSet;

use crate::annotate::{self, Annotation, Context};
use crate::decode::plain::{Plain, PlainSource};
use crate::decode::reassembly::Reassembler;
use crate::decode::{Packet, decode};
use crate::failure::Failure;
use crate::frame::{Damage, Frame, Interface, Passage, Time};
use crate::report::{CaptureInfo, Ending, Report, Selection};
use crate::timeline::{
    CallEvent, CapturePoint, Event, Lane, Order, Owner, PacketEvent, SocketEvent, Tally, TraceEvent, What, Witness,
};
use crate::track::connection::Mark;
use crate::track::repair::Counted;
use crate::track::{ConnId, Connections, Proto, Side, Step, Tracker, Way};
use pending::Pending;
use press::Press;

/// The kernel's counter of connections that it ended because nothing answered.
const GIVEN_UP: &str = "TCPAbortOnTimeout";
/// What a call of such a connection fails with.
const TIMED_OUT: &str = "ETIMEDOUT";

/// Decides whether a frame is shown. Hidden frames are tracked all the same, so that states and numbers stay true.
pub type Filter<'a> = &'a mut dyn FnMut(&Frame<'_>) -> Result<bool, Failure>;

/// Is handed every frame with its annotations, the main one first, to keep them.
pub type Keep<'a> = &'a mut dyn FnMut(&Frame<'_>, &[Annotation]) -> Result<(), Failure>;

/// How far an analysis has come, for whoever looks on from another thread.
#[derive(Debug, Default)]
pub struct Reached {
    /// Packets read.
    pub packets: AtomicU64,
    /// Connections and conversations among them.
    pub connections: AtomicU64,
}

/// What one capture is to be analysed for.
#[derive(Default)]
pub struct Request<'a> {
    /// What is known before the first packet; the interfaces are filled in from the source.
    pub info: CaptureInfo,
    /// Which packets and connections the report is to show.
    pub selection: Selection,
    /// What the kernel said meanwhile, in the order of time.
    pub sockets: &'a [SocketEvent<'a>],
    /// What its tracepoints told, in the order of time.
    pub traces: &'a [TraceEvent<'a>],
    /// Hides frames.
    pub filter: Option<Filter<'a>>,
    /// Keeps frames.
    pub keep: Option<Keep<'a>>,
    /// Ends the reading early once it is set.
    pub stop: Option<&'a AtomicBool>,
    /// Is kept up to date while the frames are read.
    pub reached: Option<&'a Reached>,
    /// What was seen of the programs behind the packets.
    pub witness: Option<&'a Witness>,
    /// Writes the records of packets beside the analysis, where the report has any that stand alone.
    pub aside: Option<&'a mut dyn Aside>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Packets read.
    pub packets: u64,
    /// Packets that the kernel dropped, where it can tell.
    pub dropped: Option<u64>,
    /// What stopped the reading early.
    pub damage: Option<Damage>,
    /// It was stopped on request.
    pub interrupted: bool,
    /// How many TCP connections there were.
    pub tcp: usize,
    /// How many UDP conversations there were.
    pub udp: usize,
    /// How many of both were forgotten, because there were more than are kept.
    pub forgotten: u64,
    /// A selected connection that the capture does not have. The report was not ended then.
    pub missing: Option<ConnId>,
}

/// Why an analysis could not be carried through.
#[derive(Debug)]
pub enum Stopped {
    /// The report's output cannot be written.
    Output(io::Error),
    /// The frames cannot be filtered or kept.
    Failure(Failure),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Stopped::Output(error)
    }
}

/// Analyses one capture from its first frame to its last and reports it.
///
/// # Errors
/// When the output or the kept frames cannot be written, or the filter fails. Damage in the input is part of the [`Outcome`].
pub fn run(source: &mut dyn PlainSource, request: Request<'_>, report: &mut dyn Report) -> Result<Outcome, Stopped> {
    let Request { mut info, selection, sockets, traces, filter, keep, stop, reached, witness, aside } = request;
    let (chosen, unkept) = (!selection.connections && !selection.only.is_empty(), keep.is_none());
    let predicts = unkept && (chosen || selection.connections && !report.wants_packets());
    let tracker = match (selection.connections, chosen && unkept) {
        (true, _) => Tracker::connections_only(),
        (false, true) => Tracker::looking_at(&selection.only),
        (false, false) => Tracker::new(),
    };
    let takes_all = selection.only.is_empty();
    let verify = report.wants_checksums();
    // What else is to be told stands between the packets.
    let alone = witness.is_none() && sockets.is_empty() && traces.is_empty() && info.counted.is_empty();
    let aside = aside.filter(|_| alone);
    let mut driver = Driver {
        press: aside.and_then(|aside| Some(Press::new(aside, report.writer()?))),
        tracker: if verify { tracker.verifying() } else { tracker },
        reassembler: Reassembler::default(),
        selection,
        filter,
        keep,
        seen: FxHashSet::default(),
        start: None,
        pending: Pending::default(),
        calls: Calls { witness, next: 0, takes_all },
        sockets,
        traces,
        counted: info.counted.clone(),
        tallies: 0,
        given_up: Vec::new(),
        report,
    };
    let mut outcome = Outcome::default();

    info.interfaces = source.interfaces().to_vec();
    info.origin = source.origin();
    driver.tracker.count_on(info.interfaces.iter().map(counted).collect());
    driver.given_up = given_up(&info, &driver.counted);
    driver.report.begin(&info)?;
    if predicts {
        source.expect_plain(verify);
    }
    while outcome.damage.is_none() {
        if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            outcome.interrupted = true;
            break;
        }
        // Where nobody looks at the packets of a connection, those that only continue one need not be decoded in full.
        let next = if predicts {
            source.next_plain(verify)
        } else {
            source.next_frame().map(|frame| frame.map(|frame| (frame, None)))
        };
        match next {
            Ok(Some((frame, plain))) => {
                // An arrival is no packet of its own.
                outcome.packets += u64::from(!matches!(frame.passage, Some(Passage::Came { .. })));
                driver.frame(&frame, plain.as_ref())?;
                if let Some(reached) = reached {
                    reached.packets.store(outcome.packets, Ordering::Relaxed);
                    reached.connections.store(driver.tracker.len() as u64, Ordering::Relaxed);
                }
            }
            Ok(None) => break,
            Err(damage) => outcome.damage = Some(damage),
        }
    }
    outcome.dropped = source.dropped();
    driver.end(outcome)
}

struct Driver<'a, 'r> {
    tracker: Tracker,
    reassembler: Reassembler,
    selection: Selection,
    filter: Option<Filter<'a>>,
    keep: Option<Keep<'a>>,
    /// With a filter: the connections of which a packet is shown.
    seen: FxHashSet<ConnId>,
    /// The time of the first packet, which may be one that is not shown.
    start: Option<Time>,
    /// Over a wire: what has left and is not shown yet.
    pending: Pending,
    calls: Calls<'a>,
    /// What the kernel said and is not shown yet.
    sockets: &'a [SocketEvent<'a>],
    press: Option<Press<'a>>,
    traces: &'a [TraceEvent<'a>],
    /// What the kernels counted, and how much of it is shown.
    counted: Vec<Tally>,
    tallies: usize,
    /// How many connections each kernel gave up.
    given_up: Vec<(Option<Side>, u64)>,
    report: &'r mut dyn Report,
}

/// What was seen of the programs, on its way into the order of time.
struct Calls<'a> {
    witness: Option<&'a Witness>,
    /// The next call to be shown.
    next: usize,
    /// Also calls that belong to no connection.
    takes_all: bool,
}

impl Calls<'_> {
    /// When the next call that is still to be shown was entered.
    fn time(&self) -> Option<Time> {
        self.witness?.calls.get(self.next).map(|seen| seen.call.entry)
    }

    /// Shows that call.
    fn show_next(&mut self, selection: &Selection, report: &mut dyn Report) -> io::Result<()> {
        let Some(seen) = self.witness.and_then(|witness| witness.calls.get(self.next)) else { return Ok(()) };
        self.next += 1;
        if !self.takes_all && !seen.conn.is_some_and(|conn| selection.takes(Some(conn))) {
            return Ok(());
        }
        report.event(&Event {
            time: Some(seen.call.entry),
            lane: Lane::Program(seen.call.side),
            order: Order::Exact,
            what: What::Call(CallEvent { seen }),
        })
    }

    /// The ends of which a call failed because nothing answered.
    fn timed_out(&self) -> Vec<(ConnId, Side)> {
        let calls = self.witness.map(|witness| witness.calls.as_slice()).unwrap_or_default();
        let failed = calls.iter().filter(|seen| matches!(&seen.call.result, Some(Err(name)) if name == TIMED_OUT));
        let mut ends: Vec<_> = failed.filter_map(|seen| Some((seen.conn?, seen.call.side?))).collect();
        ends.sort_unstable_by_key(|(conn, side)| (*conn, side.index()));
        ends.dedup();
        ends
    }

    fn owner(&self, frame: u64) -> Option<Owner> {
        self.witness.and_then(|witness| witness.owners.get(&frame)).copied()
    }
}

impl Driver<'_, '_> {
    fn frame(&mut self, frame: &Frame<'_>, plain: Option<&Plain>) -> Result<(), Stopped> {
        if let (None, Some(time)) = (self.start, frame.time) {
            self.start = Some(time);
            self.report.started(time);
        }
        if let Some(plain) = plain.filter(|_| frame.passage.is_none())
            && let Some(conn) = self.tracker.predict(plain, Mark { frame: frame.number, time: frame.time })
        {
            return self.note_seen(frame, conn);
        }
        let mut datagram = Vec::new();
        let packet = self.reassembler.decode(frame, &mut datagram);
        let way = match way(frame) {
            Ok(way) => way,
            Err(left) => return self.arrival(frame, left),
        };
        let step = self.tracker.follow(&packet, way);
        let passes = match &mut self.filter {
            Some(filter) => filter(frame).map_err(Stopped::Failure)?,
            None => true,
        };
        // An ICMP error belongs to the conversation whose packet it quotes.
        let about = step.conn.or_else(|| step.quote.and_then(|quote| quote.conn));
        let shown = passes && self.selection.takes(about);
        if shown && self.filter.is_some() {
            self.seen.extend(step.conn);
        }
        let notes = if self.keep.is_some() || (shown && self.report.wants_notes(step.conn)) {
            let conn = step.conn.and_then(|id| self.tracker.connection(id));
            annotate::annotate(&Context { packet: &packet, step: &step, conn })
        } else {
            Vec::new()
        };
        if let Some(keep) = &mut self.keep {
            keep(frame, &notes).map_err(Stopped::Failure)?;
        }
        // A datagram in pieces cannot wait: it is more than its last frame.
        if shown && packet.passage.is_some() && packet.fragment.is_none() {
            self.pending.push(frame, step, notes);
            return self.show_pending(false);
        }
        if frame.passage.is_some() {
            self.show_pending(true)?;
        }
        match &mut self.press {
            _ if !shown => Ok(()),
            // A datagram that was put together is more than this frame.
            Some(press) if packet.passage.is_none() && std::ptr::eq(packet.bytes, frame.bytes) => {
                Ok(press.push(frame, (step, notes), self.start, self.report)?)
            }
            _ => self.show(&packet, &step, &notes),
        }
    }

    /// Waits for what is being written beside the analysis.
    fn finish_writing(&mut self) -> io::Result<()> {
        self.press.as_mut().map_or(Ok(()), |press| press.finish(self.report))
    }

    /// What left in an earlier frame arrives in this one.
    fn arrival(&mut self, frame: &Frame<'_>, left: u64) -> Result<(), Stopped> {
        if let Some(keep) = &mut self.keep {
            keep(frame, &[]).map_err(Stopped::Failure)?;
        }
        let reached = self.tracker.arrive(&decode(frame), left);
        self.pending.arrived(left, reached);
        self.show_pending(false)
    }

    fn show_pending(&mut self, all: bool) -> Result<(), Stopped> {
        while let Some(waiting) = self.pending.next(all) {
            self.show(&decode(&waiting.frame()), &waiting.step, &waiting.notes)?;
        }
        Ok(())
    }

    /// What the programs and the kernel did before a packet of this time, or all that is left, in the order of time. A call
    /// of the same time comes before the packet that it made.
    fn show_beside(&mut self, packet: Option<Time>) -> Result<(), Stopped> {
        loop {
            let before = |time: &Time| packet.is_none_or(|packet| *time < packet);
            let call = self.calls.time().filter(|time| packet.is_none_or(|packet| *time <= packet));
            let trace = self.traces.first().map(|trace| trace.told.time).filter(before);
            let answer = self.sockets.first().map(|answer| answer.said.time).filter(before);
            let tally = self.counted.get(self.tallies).map(|tally| tally.time).filter(before);
            let Some(first) = [call, trace, answer, tally].into_iter().flatten().min() else { return Ok(()) };
            if call == Some(first) {
                self.calls.show_next(&self.selection, self.report)?;
            } else if trace == Some(first) {
                self.show_trace()?;
            } else if tally == Some(first) {
                self.show_tally()?;
            } else {
                self.show_answer()?;
            }
        }
    }

    fn show_trace(&mut self) -> Result<(), Stopped> {
        let Some((trace, rest)) = self.traces.split_first() else { return Ok(()) };
        self.traces = rest;
        self.kernel(trace.conn, trace.side, trace.told.time, What::Trace(*trace))
    }

    /// Counters belong to no connection.
    fn show_tally(&mut self) -> Result<(), Stopped> {
        let Some(tally) = self.counted.get(self.tallies) else { return Ok(()) };
        self.tallies += 1;
        if self.calls.takes_all {
            let (time, lane) = (Some(tally.time), Lane::Kernel(tally.side));
            self.report.event(&Event { time, lane, order: Order::Exact, what: What::Tally(tally) })?;
        }
        Ok(())
    }

    fn show_answer(&mut self) -> Result<(), Stopped> {
        let Some((socket, rest)) = self.sockets.split_first() else { return Ok(()) };
        self.sockets = rest;
        self.kernel(socket.conn, socket.side, socket.said.time, What::Socket(*socket))
    }

    fn kernel(&mut self, conn: ConnId, side: Side, time: Time, what: What<'_>) -> Result<(), Stopped> {
        if self.selection.takes(Some(conn)) {
            let (time, lane) = (Some(time), Lane::Kernel(Some(side)));
            self.report.event(&Event { time, lane, order: Order::Exact, what })?;
        }
        Ok(())
    }

    /// One packet, behind the calls that were made before it.
    fn show(&mut self, packet: &Packet<'_>, step: &Step, notes: &[Annotation]) -> Result<(), Stopped> {
        self.finish_writing()?;
        if packet.time.is_some() {
            self.show_beside(packet.time)?;
        }
        let owner = self.calls.owner(packet.number);
        self.report.event(&Event {
            time: packet.time,
            lane: Lane::Wire(CapturePoint(0)),
            order: Order::Exact,
            what: What::Packet(PacketEvent { packet, step, notes, owner }),
        })?;
        Ok(())
    }

    /// With a filter: whether a packet of this connection is shown.
    fn note_seen(&mut self, frame: &Frame<'_>, conn: ConnId) -> Result<(), Stopped> {
        if let Some(filter) = &mut self.filter
            && filter(frame).map_err(Stopped::Failure)?
            && self.selection.takes(Some(conn))
        {
            self.seen.insert(conn);
        }
        Ok(())
    }

    fn end(mut self, mut outcome: Outcome) -> Result<Outcome, Stopped> {
        self.show_pending(true)?;
        self.finish_writing()?;
        self.show_beside(None)?;
        self.tracker.settle();
        self.tracker.give_up(&self.given_up, &self.calls.timed_out());
        (outcome.tcp, outcome.udp) = (self.tracker.count(Proto::Tcp), self.tracker.count(Proto::Udp));
        outcome.missing = self.selection.only.iter().copied().find(|id| !self.tracker.keeps(*id));
        if outcome.missing.is_some() {
            return Ok(outcome);
        }
        outcome.forgotten = self.tracker.forgotten();
        let filtered = self.filter.is_some();
        let mut ids: Vec<ConnId> = self.tracker.ids().collect();
        ids.retain(|id| self.selection.takes(Some(*id)) && (!filtered || self.seen.contains(id)));
        let ending = Ending {
            packets: outcome.packets,
            dropped: outcome.dropped,
            damage: outcome.damage.clone(),
            interrupted: outcome.interrupted,
            programs: self.calls.witness.map(|witness| witness.programs.clone()).unwrap_or_default(),
            findings: self.calls.witness.map(|witness| witness.findings.clone()).unwrap_or_default(),
            forgotten: outcome.forgotten,
        };
        self.report.end(&Connections::new(&self.tracker, &ids), &ending)?;
        Ok(outcome)
    }
}

/// How a frame gets to the other end, or for an arrival the frame in which it left.
fn way(frame: &Frame<'_>) -> Result<Way, u64> {
    match frame.passage {
        None => Ok(Way::Seen),
        Some(Passage::Left { arrived: Some(_), .. }) => Ok(Way::UnderWay),
        Some(Passage::Left { arrived: None, .. }) => Ok(Way::Lost),
        Some(Passage::Came { left }) => Err(*left),
    }
}

/// How many connections each kernel has given up: of a run what was read at its end, else what the interfaces at the ends of a
/// wire say.
fn given_up(info: &CaptureInfo, counted: &[Tally]) -> Vec<(Option<Side>, u64)> {
    if !counted.is_empty() {
        return counted.iter().map(|tally| (tally.side, tally.gained(GIVEN_UP))).collect();
    }
    let sides = [Side::Client, Side::Server];
    let of = |side: Side| {
        let ours = info.interfaces.iter().filter(move |interface| interface.name.as_deref() == Some(side.name()));
        ours.flat_map(|interface| &interface.counters).find(|(name, _)| name == GIVEN_UP).map(|(_, count)| *count)
    };
    sides.into_iter().filter_map(|side| Some((Some(side), of(side)?))).collect()
}

/// What decides between the timers of a host.
fn counted(interface: &Interface) -> Option<Counted> {
    let of = |wanted: &str| interface.counters.iter().find(|(name, _)| name == wanted).map(|(_, count)| *count);
    Some(Counted { timeouts: of("TCPTimeouts")?, probes: of("TCPLossProbes")?, fast: of("TCPFastRetrans")? })
}
