//! Live capture on a real interface with libpcap, as a source of frames that another thread can stop.
#![allow(unsafe_code, reason = "poll is outside the standard library")]

use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pcap::{Active, Capture, Error, Precision};
use serde::{Deserialize, Serialize};

use super::interfaces;
use super::trouble::machine_values;
use crate::decode::plain::PlainSource;
use crate::failure::Failure;
use crate::frame::{Damage, DamageReason, Frame, FrameSource, Interface, LinkType, Time};
use crate::language::Values;
use crate::language::messages::live as say;

/// Frames are captured whole.
const SNAPLEN: i32 = 262_144;
/// libpcap's `DLT_RAW`, which files store as [`LinkType::RAW`].
const DLT_RAW: i32 = 12;

/// Why an interface cannot be captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Refused {
    /// There is none of this name.
    NoSuch(String),
    /// This user may not.
    NotAllowed(String),
    /// It is down.
    Down(String),
    /// Anything else, in libpcap's words.
    Other {
        /// The interface.
        name: String,
        /// libpcap's message.
        error: String,
    },
}

impl Refused {
    pub(crate) fn into_failure(self) -> Failure {
        let name = |name: String| Values::none().words("name", name);
        match self {
            Refused::NoSuch(wanted) => {
                let list = interfaces::names(&interfaces::list());
                Failure::bad_input(&say::NO_SUCH_INTERFACE, name(wanted).words("list", list))
            }
            Refused::NotAllowed(wanted) => {
                Failure::not_allowed(&say::CAPTURE_NOT_ALLOWED, machine_values(libc::EPERM).words("name", wanted))
                    .next(&say::CAPTURE_NOT_ALLOWED_CURE)
            }
            Refused::Down(wanted) => {
                Failure::bad_input(&say::INTERFACE_DOWN, name(wanted)).next(&say::INTERFACE_DOWN_NEXT)
            }
            Refused::Other { name: wanted, error } => {
                Failure::bad_input(&say::CAPTURE_FAILED, name(wanted).words("error", error))
            }
        }
    }
}

/// When a capture ends by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After so many frames.
    pub count: Option<u64>,
    /// After so long.
    pub duration: Option<Duration>,
}

/// A live capture. As a source of frames it waits for the next one, and ends when it is stopped or at its limits.
pub struct Live {
    capture: Capture<Active>,
    interface: [Interface; 1],
    buffer: Vec<u8>,
    frames: u64,
    count: Option<u64>,
    deadline: Option<Instant>,
    stop: Stop,
    woken: UnixStream,
}

/// Ends a capture from another thread or task, at once.
#[derive(Clone, Debug)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    wake: Arc<UnixStream>,
}

impl Stop {
    /// The capture gives no further frame.
    pub fn stop(&self) {
        self.flag.store(true, Ordering::Release);
        // A full pipe wakes as well.
        let _ = (&*self.wake).write(&[0]);
    }
}

/// Tries whether an interface can be captured.
pub(crate) fn attempt(name: &str) -> Result<(), Refused> {
    open_handle(name).map(drop)
}

/// Starts a capture on the interface `name`, of the packets that `filter` (pcap-filter(7)) lets through.
///
/// # Errors
/// No such interface, no permission, a filter that is not understood.
pub fn open(name: &str, filter: Option<&str>, limits: Limits) -> Result<Live, Failure> {
    let other = |error: &dyn std::fmt::Display| {
        Refused::Other { name: name.to_owned(), error: error.to_string() }.into_failure()
    };
    let mut capture = open_handle(name).map_err(Refused::into_failure)?;
    if let Some(filter) = filter.filter(|filter| !filter.trim().is_empty()) {
        capture.filter(filter, true).map_err(|error| bad_filter(filter, &error))?;
    }
    let capture = capture.setnonblock().map_err(|error| other(&error))?;
    let link = match capture.get_datalink().0 {
        DLT_RAW => LinkType::RAW,
        link => LinkType(u16::try_from(link).unwrap_or(u16::MAX)),
    };
    let (wake, woken) = UnixStream::pair().map_err(|error| other(&error))?;
    wake.set_nonblocking(true).map_err(|error| other(&error))?;
    Ok(Live {
        capture,
        interface: [Interface { name: Some(name.to_owned()), link, resolution: 1e-9, counters: Vec::new() }],
        buffer: Vec::new(),
        frames: 0,
        count: limits.count,
        deadline: limits.duration.and_then(|duration| Instant::now().checked_add(duration)),
        stop: Stop { flag: Arc::new(AtomicBool::new(false)), wake: Arc::new(wake) },
        woken,
    })
}

fn open_handle(name: &str) -> Result<Capture<Active>, Refused> {
    Capture::from_device(name)
        .and_then(|capture| {
            capture.immediate_mode(true).precision(Precision::Nano).snaplen(SNAPLEN).promisc(false).open()
        })
        .map_err(|error| classify(name, &error))
}

fn classify(name: &str, error: &Error) -> Refused {
    let text = plain(error);
    let known = interfaces::list().into_iter().find(|interface| interface.name == name);
    if text.contains("permission") || text.contains("Operation not permitted") {
        Refused::NotAllowed(name.to_owned())
    } else if text.contains("No such device") || (known.is_none() && text.contains("BIOCSETIF")) {
        Refused::NoSuch(name.to_owned())
    } else if known.is_some_and(|interface| !interface.up) {
        Refused::Down(name.to_owned())
    } else {
        Refused::Other { name: name.to_owned(), error: text }
    }
}

fn bad_filter(filter: &str, error: &Error) -> Failure {
    let values = Values::none().words("filter", filter.to_owned()).words("error", plain(error));
    Failure::bad_input(&say::LIVE_BAD_FILTER, values).next(&say::LIVE_BAD_FILTER_NEXT)
}

/// libpcap's own words.
fn plain(error: &Error) -> String {
    match error {
        Error::PcapError(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

impl Live {
    /// What ends it from elsewhere.
    #[must_use]
    pub fn stopper(&self) -> Stop {
        self.stop.clone()
    }

    fn is_over(&self) -> bool {
        self.stop.flag.load(Ordering::Acquire)
            || self.count.is_some_and(|count| self.frames >= count)
            || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Until there is something to read, the capture is stopped, or its time is over.
    fn wait(&self) {
        let timeout = self.deadline.map_or(-1, |deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            // Rounded up: a poll that ends too early would be repeated at once.
            i32::try_from(left.as_millis()).unwrap_or(i32::MAX - 1) + 1
        });
        let mut fds = [self.capture.as_raw_fd(), self.woken.as_raw_fd()].map(|fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: two pollfds that outlive the call. An interruption is as good as an event: the caller looks again.
        unsafe { libc::poll(fds.as_mut_ptr(), 2, timeout) };
    }
}

impl PlainSource for Live {}

impl FrameSource for Live {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        loop {
            if self.is_over() {
                return Ok(None);
            }
            match self.capture.next_packet() {
                Ok(packet) => {
                    self.frames += 1;
                    self.buffer.clear();
                    self.buffer.extend_from_slice(packet.data);
                    let (time, wire_len) = (time(packet.header.ts), packet.header.len);
                    return Ok(Some(Frame {
                        number: self.frames,
                        time: Some(time),
                        interface: 0,
                        link: self.interface[0].link,
                        wire_len,
                        bytes: &self.buffer,
                        passage: None,
                    }));
                }
                Err(Error::TimeoutExpired | Error::NoMorePackets) => self.wait(),
                Err(error) => {
                    let reason = DamageReason::Read { message: plain(&error) };
                    return Err(Damage { offset: 0, frame: self.frames + 1, reason });
                }
            }
        }
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interface
    }

    fn dropped(&mut self) -> Option<u64> {
        let stat = self.capture.stats().ok()?;
        Some(u64::from(stat.dropped) + u64::from(stat.if_dropped))
    }
}

/// With nanosecond precision libpcap puts nanoseconds where a `timeval` has microseconds.
#[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "timeval differs by platform")]
fn time(stamp: libc::timeval) -> Time {
    Time((stamp.tv_sec as i64).saturating_mul(1_000_000_000).saturating_add(stamp.tv_usec as i64))
}
