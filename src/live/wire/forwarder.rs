//! The wire itself: takes frames from one end, and hands them over at the other when they are due, or never.
#![allow(unsafe_code, reason = "ppoll is outside the standard library")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use etherparse::{Icmpv6Type, LaxSlicedPacket, TransportSlice};

use super::Passed;
use crate::frame::Time;
use crate::live::packet_socket::{LARGEST_FRAME, PacketSocket, now};
use crate::scenario::rule::{Flags, Late, Seen};
use crate::scenario::wire::{Fate, Judge, LONGEST_WAIT, Wire};
use crate::track::Side;

/// How long the forwarder may sleep before it looks whether it shall end.
const LOOK: Duration = Duration::from_millis(3);

/// What others may see of the forwarder while it works.
#[derive(Debug, Default)]
pub(super) struct Shared {
    stop: AtomicBool,
    /// Frames that are under way.
    waiting: AtomicU64,
    /// Frames that came in, and that were handed over.
    moves: AtomicU64,
    /// How often everything that had come in was taken in.
    rounds: AtomicU64,
}

/// Looks on while a wire works.
#[derive(Clone, Debug)]
pub(crate) struct Watch(pub(super) Arc<Shared>);

impl Watch {
    /// How far the wire has come, when no frame is on it.
    pub(crate) fn idle(&self) -> Option<Idle> {
        self.0.idle()
    }
}

/// How far a wire has come on which nothing is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Idle {
    /// How many times a frame has entered or left it.
    pub(crate) moves: u64,
    /// How often it has looked for frames.
    pub(crate) rounds: u64,
}

impl Shared {
    /// How far it has come, when nothing is under way.
    pub(super) fn idle(&self) -> Option<Idle> {
        let rounds = self.rounds.load(Ordering::SeqCst);
        (self.waiting.load(Ordering::SeqCst) == 0).then(|| Idle { moves: self.moves.load(Ordering::SeqCst), rounds })
    }
}

/// A forwarder under way.
pub(super) struct Running {
    thread: JoinHandle<io::Result<Done>>,
    pub(super) shared: Arc<Shared>,
}

/// What a forwarder saw.
pub(super) struct Done {
    /// Every packet of the exchange, in the order in which they came in.
    pub(super) passed: Vec<Passed>,
    /// Frames that the kernel dropped because a buffer was full.
    pub(super) dropped: Option<u64>,
    /// How long at most a packet stayed on the wire after it was due.
    pub(super) late: Duration,
}

/// A copy of a frame that is under way; ordered by the time at which it is due.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Time,
    /// Of two that are due at once, the one that came first.
    order: u64,
    from: usize,
    /// Its place among the packets of the exchange; none for what is no part of it.
    packet: Option<usize>,
    bytes: Vec<u8>,
}

/// A packet that waits to be overtaken.
struct Held {
    due: Due,
    places: u32,
}

struct Forwarder {
    sockets: [PacketSocket; 2],
    delay: Duration,
    judge: Judge,
    heap: BinaryHeap<Reverse<Due>>,
    held: Vec<Held>,
    passed: Vec<Passed>,
    order: u64,
    late: Duration,
    shared: Arc<Shared>,
}

/// Starts forwarding between the two sockets (client's side first) on a thread of its own.
pub(super) fn start(sockets: [PacketSocket; 2], wire: &Wire) -> io::Result<Running> {
    for socket in &sockets {
        socket.set_nonblocking()?;
    }
    let shared = Arc::new(Shared::default());
    let mut forwarder = Forwarder {
        sockets,
        delay: wire.delay,
        judge: Judge::new(wire),
        heap: BinaryHeap::new(),
        held: Vec::new(),
        passed: Vec::new(),
        order: 0,
        late: Duration::ZERO,
        shared: Arc::clone(&shared),
    };
    let thread = thread::Builder::new().name("wire".to_owned()).spawn(move || {
        forwarder.run()?;
        let dropped = forwarder.sockets.iter().map(PacketSocket::dropped).sum();
        Ok(Done { passed: forwarder.passed, dropped, late: forwarder.late })
    })?;
    Ok(Running { thread, shared })
}

impl Running {
    /// Ends it. What is under way is still handed over; what is sent from now on is not looked at.
    pub(super) fn finish(self) -> io::Result<Done> {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.thread.join().map_err(|_| io::Error::other("the forwarding thread panicked"))?
    }
}

impl Forwarder {
    fn run(&mut self) -> io::Result<()> {
        precise_timers();
        let mut buffer = vec![0; LARGEST_FRAME];
        loop {
            let stop = self.shared.stop.load(Ordering::SeqCst);
            if !stop {
                self.take_in(&mut buffer)?;
            }
            self.hand_over()?;
            let waiting = self.heap.len() + self.held.len();
            self.shared.waiting.store(waiting as u64, Ordering::SeqCst);
            self.shared.rounds.fetch_add(1, Ordering::SeqCst);
            if stop && waiting == 0 {
                return Ok(());
            }
            self.wait(stop)?;
        }
    }

    /// Everything that has come in.
    fn take_in(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        // Of both ends first the frame that left first, so that rules count in the order of leaving.
        let mut arrived = Vec::new();
        for from in 0..2 {
            loop {
                match self.sockets[from].receive(buffer) {
                    Ok(frame) => arrived.push((frame.time.unwrap_or_else(now), from, frame.bytes)),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // The interface says once that it was brought up.
                    Err(error) if error.raw_os_error() == Some(libc::ENETDOWN) => break,
                    Err(error) => return Err(error),
                }
            }
        }
        arrived.sort_by_key(|(time, ..)| *time);
        for (time, from, bytes) in arrived {
            // Before it counts as moved, so that the wire never looks empty while a frame is in hand.
            self.shared.waiting.store((self.heap.len() + self.held.len() + 1) as u64, Ordering::SeqCst);
            self.shared.moves.fetch_add(1, Ordering::SeqCst);
            self.enter(time, from, bytes);
        }
        Ok(())
    }

    fn enter(&mut self, left: Time, from: usize, bytes: Vec<u8>) {
        let side = if from == 0 { Side::Client } else { Side::Server };
        let at = after(left, self.delay);
        let Some(seen) = look(side, &bytes) else {
            // What the hosts say about themselves passes and is not recorded.
            return self.push(at, from, None, bytes);
        };
        let packet = self.passed.len();
        let fate = self.judge.judge(seen);
        self.passed.push(Passed { from: side, left, bytes: bytes.clone(), arrived: Vec::new() });
        match fate {
            Fate::Lost => {}
            Fate::Arrives { twice, late } => {
                if twice {
                    self.push(at, from, Some(packet), bytes.clone());
                }
                match late {
                    None => self.push(at, from, Some(packet), bytes),
                    Some(Late::Time(more)) => self.push(after(at, more), from, Some(packet), bytes),
                    Some(Late::Places(places)) => {
                        let due = self.due(after(at, LONGEST_WAIT), from, Some(packet), bytes);
                        self.held.push(Held { due, places });
                    }
                }
            }
        }
    }

    fn due(&mut self, at: Time, from: usize, packet: Option<usize>, bytes: Vec<u8>) -> Due {
        self.order += 1;
        Due { at, order: self.order, from, packet, bytes }
    }

    fn push(&mut self, at: Time, from: usize, packet: Option<usize>, bytes: Vec<u8>) {
        let due = self.due(at, from, packet, bytes);
        self.heap.push(Reverse(due));
    }

    /// Everything that is due.
    fn hand_over(&mut self) -> io::Result<()> {
        loop {
            let time = now();
            if let Some(at) = self.held.iter().position(|held| held.places == 0 || held.due.at <= time) {
                let held = self.held.remove(at);
                self.deliver(&held.due)?;
                continue;
            }
            if self.heap.peek().is_none_or(|Reverse(due)| due.at > time) {
                return Ok(());
            }
            let Some(Reverse(due)) = self.heap.pop() else { return Ok(()) };
            let (from, packet) = (due.from, due.packet);
            if packet.is_some() {
                self.late = self.late.max(Duration::from_nanos(u64::try_from(time.since(due.at)).unwrap_or(0)));
            }
            self.deliver(&due)?;
            // Only packets that left later overtake.
            for held in self.held.iter_mut().filter(|held| held.due.from == from && held.due.packet < packet) {
                held.places = held.places.saturating_sub(1);
            }
        }
    }

    fn deliver(&mut self, due: &Due) -> io::Result<()> {
        // The moment before: what the other host sends in answer is stamped after it.
        let time = now();
        match self.sockets[1 - due.from].send(&due.bytes) {
            Ok(()) => {
                if let Some(passed) = due.packet.and_then(|packet| self.passed.get_mut(packet)) {
                    passed.arrived.push(time);
                }
            }
            // No room: it is lost, and shown as that.
            Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {}
            Err(error) => return Err(error),
        }
        self.shared.moves.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Sleeps until something comes in or is due.
    fn wait(&self, stop: bool) -> io::Result<()> {
        let next =
            self.heap.peek().map(|Reverse(due)| due.at).into_iter().chain(self.held.iter().map(|held| held.due.at));
        let until = next.min().map_or(LOOK, |at| Duration::from_nanos(u64::try_from(at.since(now())).unwrap_or(0)));
        let until = until.min(LOOK);
        let timeout = libc::timespec { tv_sec: 0, tv_nsec: until.subsec_nanos().into() };
        let mut ends = [0, 1].map(|end| libc::pollfd {
            fd: if stop { -1 } else { self.sockets[end].as_raw_fd() },
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: two pollfds and a timespec that outlive the call; no signal mask.
        let n = unsafe { libc::ppoll(ends.as_mut_ptr(), 2, &raw const timeout, std::ptr::null()) };
        let error = io::Error::last_os_error();
        if n < 0 && error.kind() != io::ErrorKind::Interrupted { Err(error) } else { Ok(()) }
    }
}

/// Timers of this thread may be late by a microsecond instead of fifty.
fn precise_timers() {
    // SAFETY: PR_SET_TIMERSLACK takes one integer and touches no memory.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1000, 0, 0, 0) };
}

fn after(time: Time, delay: Duration) -> Time {
    Time(time.0.saturating_add(i64::try_from(delay.as_nanos()).unwrap_or(i64::MAX)))
}

/// The packet as rules see it; `None` for what is no part of an exchange.
fn look(from: Side, frame: &[u8]) -> Option<Seen> {
    let packet = LaxSlicedPacket::from_ethernet(frame).ok()?;
    match packet.transport? {
        TransportSlice::Tcp(tcp) => {
            let flags = Flags { syn: tcp.syn(), ack: tcp.ack(), fin: tcp.fin(), rst: tcp.rst() };
            Some(Seen { from, flags: Some(flags), payload: tcp.payload().len() })
        }
        TransportSlice::Udp(udp) => Some(Seen { from, flags: None, payload: udp.payload().len() }),
        TransportSlice::Icmpv4(_) => Some(Seen { from, flags: None, payload: 0 }),
        // Neighbours and groups are the hosts' own affair.
        TransportSlice::Icmpv6(icmp) => matches!(icmp.icmp_type(), Icmpv6Type::DestinationUnreachable(_))
            .then_some(Seen { from, flags: None, payload: 0 }),
        TransportSlice::Igmp(_) => None,
    }
}
