//! Follows programs through their socket calls with ptrace, without privileges and without changing them. A seccomp
//! filter in the program picks the calls, so that all others run at full speed.

mod abi;
mod decode;
mod filter;
mod near;
mod place;
mod sockets;
mod spec;
mod start;

pub(in crate::live) use abi::signal;
pub(in crate::live) use start::{Gate, Held, start};

use std::collections::BTreeMap;
use std::fs;
use std::mem::take;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use self::abi::{Happened, SyscallStop};
use self::decode::{Seen, int};
use self::near::Near;
use self::place::Places;
use self::sockets::Sockets;
use self::spec::{Kind, Spec};
use crate::frame::Time;
use crate::live::machine::errno_name;
use crate::live::packet_socket::now;
use crate::live::witness;
use crate::timeline::{Call, Closed, Deed, SocketUse};
use crate::track::{Proto, Side};

/// The kernel's numbers for a call that a signal has interrupted and that may be made again.
const RESTART: std::ops::RangeInclusive<i64> = -516..=-512;

/// Calls that are noted; a program in an endless loop would fill the memory.
const MOST_CALLS: usize = 100_000;

/// The processes that run, for whoever has to end them.
#[derive(Clone, Debug, Default)]
pub(in crate::live) struct Alive(Arc<Mutex<BTreeMap<i32, Option<Side>>>>, Arc<Mutex<Option<Instant>>>);

impl Alive {
    pub(in crate::live) fn lock(&self) -> MutexGuard<'_, BTreeMap<i32, Option<Side>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process of the server begins, or another program in it.
    fn begins(&self, side: Option<Side>) {
        if side == Some(Side::Server) {
            *self.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    /// When the latest process of the server began.
    pub(in crate::live) fn latest(&self) -> Option<Instant> {
        *self.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the tracer tells while it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::live) enum Notice {
    /// A server can be reached at this port: it listens, or has bound a datagram socket.
    Ready(u16),
    /// A program that was started here has ended, by its place in the list.
    Ended(usize),
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
}

/// A process that was followed to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Which program it belongs to.
    pub side: Option<Side>,
    /// The place of the program that was started, for its first process.
    pub root: Option<usize>,
    /// When it ended.
    pub ended: Time,
    /// How.
    pub status: Status,
}

/// What came of it.
#[derive(Debug, Default)]
pub(in crate::live) struct Traced {
    pub(in crate::live) calls: Vec<Call>,
    pub(in crate::live) processes: Vec<Process>,
    /// A program used `io_uring`, whose operations no system call shows.
    pub(in crate::live) io_uring: bool,
    /// Calls that were not noted because there were too many.
    pub(in crate::live) missed: u64,
    /// How often a program stopped at one of the calls, noted or not.
    pub(in crate::live) stops: u64,
}

#[derive(Clone, Copy)]
struct Parent {
    side: Option<Side>,
    root: Option<usize>,
}

/// What a call that is to be noted is about.
#[derive(Default)]
struct Concern {
    socket: Option<SocketUse>,
    /// Its arguments, where they had to be read for that.
    words: Option<String>,
    /// Sockets of which it gives a descriptor back without naming it.
    closed: Vec<Closed>,
}

impl Concern {
    fn on(socket: SocketUse) -> Concern {
        Concern { socket: Some(socket), ..Concern::default() }
    }

    /// A call that closes without naming what, when there is something.
    fn closing(closed: Vec<Closed>) -> Option<Concern> {
        let socket = closed.first()?.socket;
        Some(Concern { socket: Some(socket), closed, words: None })
    }
}

struct Open {
    spec: &'static Spec,
    args: [u64; 6],
    call: usize,
    /// Room for an address, as the program gave it.
    room: u32,
}

/// The tracer: one thread, the one that started the programs.
struct Tracer<F> {
    threads: FxHashMap<i32, i32>,
    processes: FxHashMap<i32, Parent>,
    open: FxHashMap<i32, Open>,
    sockets: Sockets,
    /// Processes that have made one of the calls.
    talkers: FxHashSet<i32>,
    /// From where in the source.
    places: Places,
    /// On which processor.
    near: Near,
    alive: Alive,
    /// Is told when a connection may change its state.
    witness: Option<witness::Handle>,
    traced: Traced,
    tell: F,
}

/// Follows these programs, and all that come from them, until the last has ended. They wait for their start.
pub(in crate::live) fn follow(
    roots: &[Held],
    alive: &Alive,
    witness: Option<witness::Handle>,
    tell: impl FnMut(Notice),
) -> Traced {
    let mut tracer = Tracer {
        threads: FxHashMap::default(),
        processes: FxHashMap::default(),
        open: FxHashMap::default(),
        sockets: Sockets::default(),
        talkers: FxHashSet::default(),
        places: Places::default(),
        near: Near::new(),
        alive: alive.clone(),
        witness,
        traced: Traced::default(),
        tell,
    };
    for (place, root) in roots.iter().enumerate() {
        tracer.threads.insert(root.pid, root.pid);
        tracer.begin(root.pid, Parent { side: root.side, root: Some(place) });
    }
    while let Some((tid, happened)) = abi::wait() {
        tracer.happened(tid, happened);
    }
    tracer.places.tell(&mut tracer.traced.calls);
    tracer.traced
}

/// A line of `/proc/TID/status`.
fn status_number(tid: i32, key: &str) -> Option<i32> {
    let status = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')?.trim().parse().ok())
}

impl<F: FnMut(Notice)> Tracer<F> {
    fn begin(&mut self, pid: i32, parent: Parent) {
        self.processes.insert(pid, parent);
        self.alive.lock().insert(pid, parent.side);
        self.alive.begins(parent.side);
    }

    /// The process of a thread; one that is new is its parent's, whose program it belongs to.
    fn process(&mut self, tid: i32) -> i32 {
        if let Some(pid) = self.threads.get(&tid) {
            return *pid;
        }
        let pid = status_number(tid, "Tgid").unwrap_or(tid);
        self.threads.insert(tid, pid);
        if !self.processes.contains_key(&pid) {
            let parent = status_number(pid, "PPid");
            let side = parent.and_then(|parent| self.processes.get(&parent)).and_then(|parent| parent.side);
            // With the parent's sockets.
            if parent.is_some_and(|parent| self.talkers.contains(&parent)) {
                self.talkers.insert(pid);
            }
            self.begin(pid, Parent { side, root: None });
        }
        pid
    }

    fn happened(&mut self, tid: i32, happened: Happened) {
        match happened {
            Happened::Exited(code) => self.ended(tid, Status::Exit(code)),
            Happened::Signalled(signal) => self.ended(tid, Status::Signal(signal)),
            Happened::Stopped { event: libc::PTRACE_EVENT_SECCOMP, .. } => self.enter(tid),
            Happened::Stopped { signal, .. } if signal == libc::SIGTRAP | 0x80 => {
                self.leave(tid);
                self.near.answered(tid);
                self.near.hold(tid);
                abi::resume(tid, 0);
                self.near.release(tid);
            }
            Happened::Stopped { event: libc::PTRACE_EVENT_EXEC, .. } => {
                // The thread that executes becomes the only one, under the process's number.
                self.threads.insert(tid, tid);
                self.executed(tid, abi::event_message(tid));
                self.sockets.forget_all(tid);
                self.places.forget(tid);
                abi::resume(tid, 0);
            }
            Happened::Stopped { event: abi::EVENT_STOP, signal } => {
                self.process(tid);
                // A new thread, or job control.
                if signal == libc::SIGTRAP { abi::resume(tid, 0) } else { abi::listen(tid) }
            }
            Happened::Stopped { event: 0, signal } => abi::resume(tid, signal),
            Happened::Stopped { .. } => {
                self.process(tid);
                // In the middle of a call that makes a process: its result is still to come.
                if self.open.contains_key(&tid) { abi::resume_to_exit(tid) } else { abi::resume(tid, 0) }
            }
        }
    }

    /// A process runs another program now; the thread that asked for it had this number.
    fn executed(&mut self, tid: i32, asked: i32) {
        self.near.forget(tid);
        self.near.forget(asked);
        let exec = self.open.remove(&asked).filter(|open| open.spec.kind == Kind::Exec);
        if let Some(call) = exec.and_then(|open| self.traced.calls.get_mut(open.call)) {
            (call.exit, call.result) = (Some(now()), Some(Ok(0)));
        }
        self.open.remove(&tid);
    }

    fn ended(&mut self, tid: i32, status: Status) {
        self.open.remove(&tid);
        self.near.forget(tid);
        self.places.ended(tid);
        let pid = self.process(tid);
        self.threads.remove(&tid);
        if pid != tid {
            return;
        }
        self.alive.lock().remove(&pid);
        self.sockets.end(pid);
        self.talkers.remove(&pid);
        let Some(parent) = self.processes.remove(&pid) else { return };
        let root = parent.root;
        self.traced.processes.push(Process { pid: number(pid), side: parent.side, root, ended: now(), status });
        if let Some(root) = root {
            (self.tell)(Notice::Ended(root));
        }
    }

    /// A program enters one of the calls.
    fn enter(&mut self, tid: i32) {
        let pid = self.process(tid);
        self.traced.stops += 1;
        let SyscallStop::Enter(number, args) = abi::syscall_stop(tid) else { return abi::resume(tid, 0) };
        let Some(spec) = spec::find(number) else { return abi::resume(tid, 0) };
        let to_exit = self.enters(tid, pid, spec, args) || spec.kind == Kind::Affinity;
        match spec.kind {
            Kind::Affinity => self.near.ask(tid),
            // What comes of it inherits where it may be.
            Kind::Clone | Kind::Clone3 | Kind::Fork | Kind::Exec | Kind::ExitGroup => {}
            _ => self.near.hold(tid),
        }
        if to_exit {
            return abi::resume_to_exit(tid);
        }
        abi::resume(tid, 0);
        self.near.release(tid);
    }

    /// Notes a call if it is to be noted; true when its end is to be seen as well.
    fn enters(&mut self, tid: i32, pid: i32, spec: &'static Spec, args: [u64; 6]) -> bool {
        let Some(concern) = self.concerns(tid, pid, spec.kind, args) else { return false };
        let Concern { socket, words, closed } = concern;
        if self.traced.calls.len() >= MOST_CALLS {
            self.traced.missed += 1;
            if spec.kind == Kind::Close {
                self.sockets.forget(pid, int(args[0]));
            }
            return false;
        }
        let mut seen = decode::before(tid, spec.kind, args);
        if let Some(words) = words {
            seen.args = words;
        }
        if !closed.is_empty() {
            seen.deed = Deed::CloseSeveral { closed };
        }
        if spec.kind == Kind::Splice && socket.is_some_and(|socket| socket.fd == int(args[0])) {
            seen.deed = Deed::Receive { from: None, room: args[4], peek: false };
        }
        if spec.kind == Kind::Close {
            seen.deed = Deed::Close { left: Sockets::others(pid, int(args[0]), self.processes.keys().copied()) };
            self.sockets.forget(pid, int(args[0]));
        }
        self.talkers.insert(pid);
        self.stirs(spec.kind, socket.as_ref());
        let id = self.traced.calls.len();
        self.places.note(tid, pid, spec.number, id);
        self.traced.calls.push(Call {
            id: u32::try_from(id).unwrap_or(u32::MAX),
            side: self.processes.get(&pid).and_then(|process| process.side),
            pid: self::number(pid),
            tid: self::number(tid),
            name: spec.name.to_owned(),
            args: seen.args,
            entry: now(),
            exit: None,
            result: None,
            socket,
            deed: seen.deed,
            data: seen.data,
            source: None,
        });
        if matches!(spec.kind, Kind::ExitGroup | Kind::IoUring) {
            return false;
        }
        self.open.insert(tid, Open { spec, args, call: id, room: seen.room });
        true
    }

    /// Whether a call is to be noted, and what it is about.
    fn concerns(&mut self, tid: i32, pid: i32, kind: Kind, args: [u64; 6]) -> Option<Concern> {
        let fd = int(args[0]);
        let among = |sockets: &mut Sockets, (fds, words): (Vec<i32>, String)| {
            let socket = fds.into_iter().find_map(|fd| sockets.find(pid, fd));
            socket.map(|socket| Concern { words: Some(words), ..Concern::on(socket) })
        };
        match kind {
            Kind::Affinity => None,
            Kind::Socket => matches!(fd, libc::AF_INET | libc::AF_INET6).then(Concern::default),
            // What a program does before it has a socket, or without one, is none of ours.
            Kind::ExitGroup | Kind::Clone | Kind::Clone3 | Kind::Fork => {
                self.talkers.contains(&pid).then(Concern::default)
            }
            Kind::IoUring => {
                self.traced.io_uring = true;
                Some(Concern::default())
            }
            Kind::CloseRange => self.close_range(pid, args),
            Kind::Exec => {
                let fds = self.talkers.contains(&pid).then(|| Sockets::closing_on_exec(pid))?;
                Concern::closing(self.closed(pid, &fds))
            }
            Kind::Poll => among(&mut self.sockets, decode::polled(tid, args)),
            Kind::Select => among(&mut self.sockets, decode::selected(tid, args)),
            Kind::Epoll | Kind::EpollFine => self
                .sockets
                .any(pid)
                .then(|| Concern { words: Some(decode::awaited(tid, kind, args)), ..Concern::default() }),
            Kind::Splice => {
                let found = self.sockets.find(pid, int(args[2])).or_else(|| self.sockets.find(pid, fd))?;
                Some(Concern::on(found))
            }
            Kind::Dup2 | Kind::Dup3 => {
                let found = self.sockets.find(pid, fd);
                let replaced = int(args[1]);
                let closed = if replaced == fd { Vec::new() } else { self.closed(pid, &[replaced]) };
                self.sockets.forget(pid, replaced);
                let socket = found.or(closed.first().map(|closed| closed.socket))?;
                Some(Concern { closed, ..Concern::on(socket) })
            }
            _ => {
                let found = self.sockets.find(pid, fd);
                if found.is_none() && kind == Kind::Close {
                    self.sockets.forget(pid, fd);
                }
                let only_for_sockets = matches!(
                    kind,
                    Kind::SendTo | Kind::RecvFrom | Kind::SendMsg | Kind::RecvMsg | Kind::Accept | Kind::Shutdown
                );
                // With a descriptor that was closed before.
                if found.is_none() && only_for_sockets && self.sockets.is_missing(pid, fd) {
                    return Some(Concern::default());
                }
                found.map(Concern::on)
            }
        }
    }

    fn closed(&mut self, pid: i32, fds: &[i32]) -> Vec<Closed> {
        let processes: Vec<i32> = self.processes.keys().copied().collect();
        self.sockets.closed(pid, fds, &processes)
    }

    /// Everything from one descriptor to another, unless they are only marked.
    fn close_range(&mut self, pid: i32, args: [u64; 6]) -> Option<Concern> {
        let [first, last] = [args[0], args[1]].map(|argument| int(argument).cast_unsigned());
        let marks = int(args[2]).cast_unsigned() & libc::CLOSE_RANGE_CLOEXEC != 0;
        if marks {
            return None;
        }
        // A program that never had a socket has nothing to close here.
        let fds = self.talkers.contains(&pid).then(|| Sockets::between(pid, first, last))?;
        let closed = self.closed(pid, &fds);
        for fd in fds {
            self.sockets.forget(pid, fd);
        }
        Concern::closing(closed)
    }

    /// Tells the witness of a call that may change the state of a connection.
    fn stirs(&self, kind: Kind, socket: Option<&SocketUse>) {
        let tcp = socket.is_none_or(|socket| socket.proto == Proto::Tcp);
        let may = matches!(
            kind,
            Kind::Connect | Kind::Close | Kind::CloseRange | Kind::Dup2 | Kind::Dup3 | Kind::Shutdown | Kind::ExitGroup
        );
        if let (true, true, Some(witness)) = (tcp, may, &self.witness) {
            witness.stirs();
        }
    }

    /// It comes back.
    fn leave(&mut self, tid: i32) {
        let exit = now();
        self.near.stopped(exit);
        let Some(open) = self.open.remove(&tid) else { return };
        let SyscallStop::Leave(returned) = abi::syscall_stop(tid) else { return };
        let pid = self.process(tid);
        let Some(call) = self.traced.calls.get_mut(open.call) else { return };
        let (args, deed, data) = (take(&mut call.args), take(&mut call.deed), take(&mut call.data));
        let mut seen = Seen { args, deed, data, room: open.room };
        decode::after(tid, open.spec.kind, open.args, returned, &mut seen);
        call.exit = Some(exit);
        call.result = Some(result(returned));
        (call.args, call.data, call.deed) = (seen.args, seen.data, seen.deed);
        if returned < 0 && matches!(call.deed, Deed::CloseSeveral { .. }) {
            // Nothing was closed.
            call.deed = Deed::Other;
        }
        let fd = int(open.args[0]);
        match open.spec.kind {
            Kind::Socket if returned >= 0 => call.socket = self.sockets.look(pid, int(returned.cast_unsigned())),
            Kind::Accept if returned >= 0 => {
                let listener = call.socket.map_or(0, |socket| socket.cookie);
                call.deed = Deed::Accept { listener };
                call.socket = self.sockets.look(pid, int(returned.cast_unsigned())).or(call.socket);
            }
            Kind::Bind | Kind::Listen | Kind::Connect => call.socket = self.sockets.look(pid, fd).or(call.socket),
            Kind::SendTo | Kind::SendMsg | Kind::SendMmsg if call.socket.is_some_and(|s| s.local.is_none()) => {
                call.socket = self.sockets.look(pid, fd).or(call.socket);
            }
            Kind::Close => self.sockets.forget(pid, fd),
            Kind::Dup2 | Kind::Dup3 => self.sockets.forget(pid, int(open.args[1])),
            _ => {}
        }
        if let Some(witness) = &self.witness {
            meets(witness, call);
        }
        let proto = call.socket.map(|socket| socket.proto);
        let ready = returned == 0
            && call.side == Some(Side::Server)
            && match open.spec.kind {
                Kind::Listen => true,
                Kind::Bind => proto == Some(Proto::Udp),
                _ => false,
            };
        if ready {
            let local = call.socket.and_then(|socket| socket.local);
            (self.tell)(Notice::Ready(local.map_or(0, |local| local.port())));
        }
    }
}

/// Tells the witness of a connection whose ends are known now.
fn meets(witness: &witness::Handle, call: &Call) {
    let Some(socket) = call.socket.filter(|socket| socket.proto == Proto::Tcp) else { return };
    let ends = match (&call.deed, socket.local, socket.peer) {
        (Deed::Connect(to), Some(local), peer) => (local, peer.unwrap_or(*to)),
        (Deed::Accept { .. }, Some(local), Some(peer)) => (peer, local),
        _ => return,
    };
    let plain = |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
    witness.meets(plain(ends.0), plain(ends.1));
}

fn result(returned: i64) -> Result<i64, String> {
    match returned {
        -4095..0 if RESTART.contains(&returned) => Err("ERESTARTSYS".to_owned()),
        -4095..0 => Err(errno_name(i32::try_from(-returned).unwrap_or_default())),
        _ => Ok(returned),
    }
}

fn number(pid: i32) -> u32 {
    u32::try_from(pid).unwrap_or_default()
}
