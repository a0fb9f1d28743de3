//! The kernel's tracepoints, which only root may hear: each change of a socket's state when it happens, why it sent a
//! RST and which one it took, what it repeated, and which thread sent each packet.
//!
//! They tell of the whole machine. What is kept is what happened in a turn of this process, or to a socket that such a
//! turn has shown.

mod format;
mod ring;
mod tracefs;

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::packet_socket::now;
use super::sandbox;
use crate::frame::Time;
use crate::timeline::{Trace, Traced};
use crate::track::{Side, State};
use format::Format;
use ring::{Ring, Sample};

const STATE: usize = 0;
const RESET: usize = 1;
const RETRANSMIT: usize = 2;
const TRANSMIT: usize = 3;
const RESET_TAKEN: usize = 4;
/// In the order of the numbers above.
const NAMES: &[&str] = &[
    "sock/inet_sock_set_state",
    "tcp/tcp_send_reset",
    "tcp/tcp_retransmit_skb",
    "net/net_dev_start_xmit",
    "tcp/tcp_receive_reset",
];
/// In `common_flags`: it happened while the kernel worked off what had waited, in nobody's own turn (`TRACE_FLAG_SOFTIRQ`
/// and `TRACE_FLAG_HARDIRQ`).
const NOBODYS: u64 = 0x18;

/// A packet given to the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transmit {
    /// When.
    pub time: Time,
    /// In whose turn.
    pub tid: u32,
    /// That thread made it go, and was not merely interrupted for it.
    pub own: bool,
    /// Its length with the link layer's header.
    pub len: u32,
}

/// What was heard.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Of the exchange's connections, in the order of time.
    pub(crate) traces: Vec<Trace>,
    /// Packets sent in a turn of this process, in the order of time; empty where they were not asked for.
    pub(crate) transmits: Vec<Transmit>,
}

/// Why there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Silence {
    /// Only root may.
    NotRoot,
    /// The kernel has none, or not the one for states.
    Lacking,
    /// The kernel refuses.
    Refused(i32),
}

impl From<io::Error> for Silence {
    fn from(error: io::Error) -> Silence {
        Silence::Refused(error.raw_os_error().unwrap_or_default())
    }
}

/// Tracepoints that are being heard.
pub(crate) struct Hearing {
    formats: Vec<Option<Format>>,
    rings: Vec<Ring>,
    server: SocketAddr,
    begin: Moment,
}

/// The same moment on both clocks.
#[derive(Clone, Copy, Debug)]
struct Moment {
    monotonic: i64,
    real: i64,
}

/// Begins to hear of the connections to this server; with `transmits` also of every packet that leaves.
pub(crate) fn start(server: SocketAddr, transmits: bool) -> Result<Hearing, Silence> {
    if !sandbox::is_root() {
        return Err(Silence::NotRoot);
    }
    if !tracefs::is_known() {
        return Err(Silence::Lacking);
    }
    let formats = tracefs::formats(NAMES)?;
    let state = formats.get(STATE).and_then(Option::as_ref).ok_or(Silence::Lacking)?;
    let port = server.port();
    let either = format!("sport == {port} || dport == {port}");
    let mut wanted = vec![(state.id, either.clone())];
    let others =
        [(RESET, String::new()), (RETRANSMIT, either.clone()), (TRANSMIT, String::new()), (RESET_TAKEN, either)];
    for (place, filter) in others {
        let format = formats.get(place).and_then(Option::as_ref);
        wanted.extend(format.filter(|_| place != TRANSMIT || transmits).map(|format| (format.id, filter)));
    }
    let rings = ring::open(&wanted)?;
    Ok(Hearing { formats, rings, server, begin: Moment::now() })
}

/// Tries whether they can be heard.
pub(crate) fn attempt() -> Result<(), Silence> {
    start(SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), 1), true).map(drop)
}

impl Hearing {
    /// Ends it. Where the kernel had to leave something out, nothing is told: a change that is missing would look like one
    /// that did not happen.
    pub(crate) fn finish(self) -> Told {
        let mut samples = Vec::new();
        for ring in &self.rings {
            let (more, lost) = ring.read();
            if lost > 0 {
                return Told::default();
            }
            samples.extend(more);
        }
        samples.sort_by_key(|sample| sample.monotonic);
        let clock = Clock { begin: self.begin, end: Moment::now() };
        Reader { formats: &self.formats, server: self.server, pid: std::process::id(), clock }.read(&samples)
    }
}

impl Moment {
    /// The clocks are read one after the other, as closely as it gets.
    fn now() -> Moment {
        let attempt = || {
            let (before, real, after) = (monotonic(), now().0, monotonic());
            (after - before, Moment { monotonic: before + (after - before) / 2, real })
        };
        let best = (0..8).map(|_| attempt()).min_by_key(|(took, _)| *took);
        best.map_or(Moment { monotonic: 0, real: 0 }, |(_, moment)| moment)
    }
}

/// Nanoseconds of the clock that tracepoints use.
#[allow(unsafe_code, reason = "the clock's own value is outside the standard library")]
fn monotonic() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// From the tracepoints' clock to that of the packets, which is set and slewed meanwhile.
#[derive(Clone, Copy, Debug)]
struct Clock {
    begin: Moment,
    end: Moment,
}

impl Clock {
    fn time(&self, monotonic: u64) -> Time {
        let monotonic = i64::try_from(monotonic).unwrap_or(i64::MAX);
        let offset = |moment: Moment| i128::from(moment.real) - i128::from(moment.monotonic);
        let (first, last) = (offset(self.begin), offset(self.end));
        let span = i128::from((self.end.monotonic - self.begin.monotonic).max(1));
        let passed = i128::from(monotonic) - i128::from(self.begin.monotonic);
        let real = i128::from(monotonic) + first + (last - first) * passed / span;
        Time(i64::try_from(real).unwrap_or(i64::MAX))
    }
}

/// Reads samples of the whole machine.
struct Reader<'a> {
    formats: &'a [Option<Format>],
    server: SocketAddr,
    pid: u32,
    clock: Clock,
}

impl Reader<'_> {
    fn read(&self, samples: &[Sample]) -> Told {
        let mut told = Told::default();
        let mut ours: HashSet<u64> = HashSet::new();
        // Before its port was chosen: by socket, the places of what was told of it.
        let mut nameless: HashMap<u64, Vec<(Time, Traced)>> = HashMap::new();
        for sample in samples {
            let kind = u16::from_ne_bytes([byte(sample, 0), byte(sample, 1)]);
            let found = self.formats.iter().position(|format| format.as_ref().is_some_and(|format| format.id == kind));
            let Some((place, format)) = found.and_then(|place| Some((place, self.formats[place].as_ref()?))) else {
                continue;
            };
            let time = self.clock.time(sample.monotonic);
            if place == TRANSMIT {
                told.transmits.extend(self.transmit(sample, format, time));
                continue;
            }
            let socket = format.number(&sample.raw, "skaddr").unwrap_or(0);
            let changed = (place == STATE).then(|| change(format, &sample.raw)).flatten();
            if sample.pid == self.pid && socket != 0 {
                ours.insert(socket);
            } else if changed.is_some_and(|(from, _)| matches!(from, Some(State::Closed | State::Listen))) {
                // The memory of a socket of ours that is gone has become another's.
                ours.remove(&socket);
            }
            if sample.pid != self.pid && !ours.contains(&socket) {
                continue;
            }
            let what = match place {
                STATE => changed.and_then(|(from, to)| truth(from, to)),
                RESET => Some(Traced::Reset { reason: format.reason(&sample.raw) }),
                RESET_TAKEN => Some(Traced::ResetTaken),
                _ => Some(Traced::Retransmit),
            };
            let ends = format.ends(&sample.raw);
            if let (Some(what), Some((own, peer))) = (what, ends) {
                if own.port() == 0 {
                    nameless.entry(socket).or_default().push((time, what));
                } else if let Some((side, client)) = self.side(own, peer) {
                    let trace = |(time, what)| Trace { time, side, client, server: self.server, what };
                    told.traces.extend(nameless.remove(&socket).into_iter().flatten().map(trace));
                    told.traces.push(trace((time, what)));
                }
            }
            if changed.is_some_and(|(_, to)| to == Some(State::Closed)) {
                nameless.remove(&socket);
            }
        }
        told.traces.sort_by_key(|trace| trace.time);
        told
    }

    /// Which end has these addresses, and the client's.
    fn side(&self, own: SocketAddr, peer: SocketAddr) -> Option<(Side, SocketAddr)> {
        match (own == self.server, peer == self.server) {
            (true, false) if peer.port() != 0 => Some((Side::Server, peer)),
            (false, true) => Some((Side::Client, own)),
            // A listener, a socket that is connected to itself, somebody else's.
            _ => None,
        }
    }

    fn transmit(&self, sample: &Sample, format: &Format, time: Time) -> Option<Transmit> {
        let number = |name: &str| format.number(&sample.raw, name);
        let len = u32::try_from(number("len")?).ok()?;
        let own = number("common_flags")? & NOBODYS == 0;
        (sample.pid == self.pid).then_some(Transmit { time, tid: sample.tid, own, len })
    }
}

fn byte(sample: &Sample, at: usize) -> u8 {
    sample.raw.get(at).copied().unwrap_or_default()
}

/// The states before and after; none for a number that is no state of the diagram.
fn change(format: &Format, raw: &[u8]) -> Option<(Option<State>, Option<State>)> {
    Some((state(format.number(raw, "oldstate")?), state(format.number(raw, "newstate")?)))
}

/// The kernel's number of a state (`<net/tcp_states.h>`).
fn state(number: u64) -> Option<State> {
    Some(match number {
        1 => State::Established,
        2 => State::SynSent,
        3 | 12 => State::SynReceived,
        4 => State::FinWait1,
        5 => State::FinWait2,
        6 => State::TimeWait,
        7 => State::Closed,
        8 => State::CloseWait,
        9 => State::LastAck,
        10 => State::Listen,
        11 => State::Closing,
        _ => return None,
    })
}

/// What of a change is true of the connection. In TIME-WAIT, and in a FIN-WAIT-2 that no program holds any more, a
/// stand-in takes the socket's place, and the socket is called closed. SYN-RECEIVED is told of when the third segment has
/// made the socket: it had begun before.
fn truth(from: Option<State>, to: Option<State>) -> Option<Traced> {
    let (from, to) = (from?, to?);
    let stand_in = to == State::Closed && matches!(from, State::FinWait2 | State::Closing);
    (!stand_in && to != State::SynReceived && from != to).then_some(Traced::State { from, to })
}

#[cfg(test)]
mod tests;
