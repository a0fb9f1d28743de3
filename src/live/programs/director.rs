//! Opens the gates, types on the terminals, keeps what is written there, and ends what does not end.
#![allow(unsafe_code, reason = "poll and signal descriptors are system calls")]

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::{Input, Request, Stop, Written};
use crate::frame::Time;
use crate::live::packet_socket::now;
use crate::live::trace::{Alive, Gate, Held, Notice, signal};
use crate::track::Side;

/// How long the clients wait for a server that gets ready, from the moment on at which it has last begun a process:
/// `cargo run` and `go run` have much to do before.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a server is given once all clients have ended, and again after each signal.
const GRACE: Duration = Duration::from_secs(1);
/// What ends a program, the gentlest first.
const SIGNALS: [i32; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGKILL];
/// End of input on a terminal: once to hand over an unfinished line, once for the end.
const END_OF_INPUT: [u8; 2] = [4, 4];

const READY: u8 = 0xff;

/// A notice for the director, in one byte: programs are few.
pub(super) fn tell(line: &UnixStream, notice: Notice) {
    let byte = match notice {
        Notice::Ready(_) => READY,
        Notice::Ended(root) => u8::try_from(root).unwrap_or(READY - 1),
    };
    // The director is there as long as the tracer is.
    let _ = (&*line).write_all(&[byte]);
}

/// What the director has seen and done.
#[derive(Debug, Default)]
pub(super) struct Directed {
    pub(super) output: Vec<Written>,
    pub(super) stopped: Option<(Time, Stop)>,
    pub(super) impatient: bool,
    /// The clients never began.
    pub(super) cancelled: bool,
}

struct Stage {
    side: Option<Side>,
    gate: Option<Gate>,
    terminal: File,
    /// Its other end is closed.
    silent: bool,
    typing: VecDeque<u8>,
    /// It gets what the user types.
    fed: bool,
    ended: bool,
}

/// The director and all that it needs.
pub(super) struct Director {
    stages: Vec<Stage>,
    alive: Alive,
    told: UnixStream,
    signals: Option<File>,
    client_delay: Duration,
    timeout: Option<Duration>,
    echo: bool,
    directed: Directed,
    /// Standard input is still open.
    typed: bool,
}

/// When what happens next.
#[derive(Debug, Default)]
struct Times {
    /// The clients, and that no server was ready until then.
    clients: Option<(Instant, bool)>,
    limit: Option<Instant>,
    /// The next signal, and which.
    end: Option<(Instant, usize)>,
}

impl Director {
    /// `signals` is where Ctrl-C is read.
    pub(super) fn new(
        request: &Request,
        held: &[Held],
        alive: Alive,
        told: UnixStream,
        signals: Option<File>,
    ) -> io::Result<Director> {
        let mut stages = Vec::new();
        for (program, held) in request.programs.iter().zip(held) {
            let (mut typing, fed) = match &program.input {
                Input::Nothing => (VecDeque::new(), false),
                Input::Text(text) => (text.iter().copied().collect(), false),
                Input::Terminal => (VecDeque::new(), true),
            };
            if !fed {
                typing.extend(END_OF_INPUT);
            }
            stages.push(Stage {
                side: program.side,
                gate: Some(held.gate()?),
                terminal: File::from(held.terminal.try_clone()?),
                silent: false,
                typing,
                fed,
                ended: false,
            });
        }
        let typed = stages.iter().any(|stage| stage.fed);
        told.set_nonblocking(true)?;
        let directed = Directed { output: vec![Written::default(); stages.len()], ..Directed::default() };
        Ok(Director {
            stages,
            alive,
            told,
            signals,
            client_delay: request.client_delay,
            timeout: request.timeout,
            echo: request.echo,
            directed,
            typed,
        })
    }

    /// Until the tracer has seen the last end.
    pub(super) fn run(mut self) -> Directed {
        let begin = Instant::now();
        let mut times = Times { limit: self.timeout.map(|limit| begin + limit), ..Times::default() };
        self.open(|side| side != Some(Side::Client));
        times.clients = Some((begin + PATIENCE, true));
        loop {
            let interrupted = self.poll(&times);
            let (over, ready) = self.hear();
            if over {
                self.drain();
                return self.directed;
            }
            if interrupted {
                self.stop(Stop::Interrupted, &mut times);
            }
            if ready && let Some((_, true)) = times.clients {
                times.clients = Some((Instant::now() + self.client_delay, false));
            }
            self.move_on(&mut times);
        }
    }

    /// Whether the clients have still to begin.
    fn waiting(&self) -> bool {
        self.stages.iter().any(|stage| stage.side == Some(Side::Client) && stage.gate.is_some())
    }

    fn open(&mut self, which: impl Fn(Option<Side>) -> bool) {
        for stage in self.stages.iter_mut().filter(|stage| which(stage.side)) {
            if let Some(mut gate) = stage.gate.take() {
                gate.open();
            }
        }
    }

    fn move_on(&mut self, times: &mut Times) {
        let now = Instant::now();
        if times.limit.is_some_and(|limit| limit <= now) && self.directed.stopped.is_none() {
            self.stop(Stop::TimeUp, times);
        }
        if self.waiting() {
            let server_gone = !self.alive.lock().values().any(|side| *side == Some(Side::Server));
            let due = times.clients.filter(|(at, _)| *at <= now);
            if server_gone && self.stages.iter().any(|stage| stage.side == Some(Side::Server) && stage.ended) {
                // There is nobody to talk to, and there never will be.
                self.cancel();
            } else if let Some(at) = due.filter(|(_, impatient)| *impatient).and_then(|_| self.busy_until(now)) {
                times.clients = Some((at, true));
            } else if let Some((_, impatient)) = due {
                self.directed.impatient = impatient;
                self.open(|side| side == Some(Side::Client));
            }
        }
        let mut mains = self.stages.iter().filter(|stage| stage.side != Some(Side::Server));
        if mains.all(|stage| stage.ended) && times.end.is_none() && !self.alive.lock().is_empty() {
            times.end = Some((now + GRACE, 0));
        }
        if let Some((_, step)) = times.end.filter(|(at, _)| *at <= now) {
            self.stopping(Stop::Done);
            let with = SIGNALS[step.min(SIGNALS.len() - 1)];
            for pid in self.alive.lock().keys() {
                signal(*pid, with);
            }
            times.end = Some((now + GRACE, step + 1));
        }
    }

    /// Until when it is worth waiting for a server that has just begun another process.
    fn busy_until(&self, now: Instant) -> Option<Instant> {
        self.alive.latest().map(|latest| latest + PATIENCE).filter(|until| *until > now)
    }

    /// Clients that have not begun never do.
    fn cancel(&mut self) {
        self.directed.cancelled = true;
        for stage in &mut self.stages {
            if stage.side == Some(Side::Client) {
                stage.gate = None;
            }
        }
        for (pid, side) in self.alive.lock().iter() {
            if *side == Some(Side::Client) {
                signal(*pid, libc::SIGKILL);
            }
        }
    }

    fn stop(&mut self, why: Stop, times: &mut Times) {
        self.stopping(why);
        let step = times.end.map_or(0, |(_, step)| step);
        times.end = Some((Instant::now(), step));
        if self.waiting() {
            self.cancel();
        }
    }

    /// From now on what happens is our doing.
    fn stopping(&mut self, why: Stop) {
        if self.directed.stopped.is_none() {
            self.drain();
            self.directed.stopped = Some((now(), why));
            for output in &mut self.directed.output {
                output.before_stop = output.bytes.len();
            }
        }
    }

    /// Reads what the tracer says: whether all is over, whether a server got ready.
    fn hear(&mut self) -> (bool, bool) {
        let mut bytes = [0; 64];
        let mut ready = false;
        loop {
            match self.told.read(&mut bytes) {
                Ok(0) => return (true, ready),
                Ok(n) => {
                    for byte in &bytes[..n] {
                        ready |= *byte == READY;
                        if let Some(stage) = self.stages.get_mut(usize::from(*byte)) {
                            stage.ended = true;
                        }
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return (false, ready),
            }
        }
    }

    /// Waits for the next thing and does what the terminals ask for. True for Ctrl-C.
    fn poll(&mut self, times: &Times) -> bool {
        let waits_for_clients = times.clients.filter(|_| self.waiting()).map(|(at, _)| at);
        let limit = times.limit.filter(|_| self.directed.stopped.is_none());
        let next = [waits_for_clients, limit, times.end.map(|(at, _)| at)].into_iter().flatten().min();
        let timeout = next.map_or(-1, |at| {
            let left = at.saturating_duration_since(Instant::now());
            i32::try_from(left.as_millis()).unwrap_or(i32::MAX).saturating_add(1)
        });
        let mut fds = vec![
            pollfd(self.told.as_raw_fd(), libc::POLLIN),
            pollfd(self.signals.as_ref().map_or(-1, AsRawFd::as_raw_fd), libc::POLLIN),
            pollfd(if self.typed { 0 } else { -1 }, libc::POLLIN),
        ];
        for stage in &self.stages {
            let typing = if stage.typing.is_empty() || stage.gate.is_some() { 0 } else { libc::POLLOUT };
            let fd = if stage.silent { -1 } else { stage.terminal.as_raw_fd() };
            fds.push(pollfd(fd, libc::POLLIN | typing));
        }
        // SAFETY: the vector outlives the call, and its length is given.
        unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout) };
        let interrupted = fds[1].revents != 0;
        if interrupted {
            let _ = self.signals.as_mut().map(|signals| signals.read(&mut [0; 128]));
        }
        if fds[2].revents != 0 {
            self.read_typed();
        }
        for (index, entry) in fds[3..].iter().enumerate() {
            if entry.revents & libc::POLLOUT != 0 {
                self.write(index);
            }
            if entry.revents & !libc::POLLOUT != 0 {
                self.read(index);
            }
        }
        interrupted
    }

    fn read_typed(&mut self) {
        let mut bytes = [0; 1024];
        let n = io::stdin().read(&mut bytes).unwrap_or(0);
        self.typed = n > 0;
        for stage in self.stages.iter_mut().filter(|stage| stage.fed) {
            stage.typing.extend(&bytes[..n]);
            if n == 0 {
                stage.typing.extend(END_OF_INPUT);
            }
        }
    }

    /// Types a line: a terminal takes no more than 4096 bytes that nobody has read.
    fn write(&mut self, index: usize) {
        let stage = &mut self.stages[index];
        let (first, _) = stage.typing.as_slices();
        let line = first.iter().position(|byte| *byte == b'\n').map_or(first.len(), |at| at + 1).min(1024);
        match stage.terminal.write(&first[..line]) {
            Ok(n) => drop(stage.typing.drain(..n)),
            Err(_) => stage.typing.clear(),
        }
    }

    fn read(&mut self, index: usize) {
        let mut bytes = [0; 4096];
        match self.stages[index].terminal.read(&mut bytes) {
            Ok(n @ 1..) => {
                self.directed.output[index].push(&bytes[..n]);
                if self.echo {
                    let _ = io::stderr().write_all(&bytes[..n]);
                }
            }
            // EIO: no process has the terminal open any more.
            _ => self.stages[index].silent = true,
        }
    }

    /// What was written just before the end.
    fn drain(&mut self) {
        for index in 0..self.stages.len() {
            while !self.stages[index].silent && readable(self.stages[index].terminal.as_raw_fd()) {
                self.read(index);
            }
        }
    }
}

fn pollfd(fd: RawFd, events: libc::c_short) -> libc::pollfd {
    libc::pollfd { fd, events, revents: 0 }
}

fn readable(fd: RawFd) -> bool {
    let mut one = pollfd(fd, libc::POLLIN);
    // SAFETY: one pollfd that outlives the call.
    unsafe { libc::poll(&raw mut one, 1, 0) > 0 && one.revents != 0 }
}

/// Ctrl-C as a descriptor. To be called before there is a second thread: one that had not blocked it would end us all.
pub(super) fn interrupts() -> Option<File> {
    // SAFETY: the set is plain data that outlives the calls; the descriptor is a new one.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGINT);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        let fd = libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
        (fd >= 0).then(|| File::from(OwnedFd::from_raw_fd(fd)))
    }
}
