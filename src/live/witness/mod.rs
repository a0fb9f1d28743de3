//! The kernel as a witness: while an exchange runs, a thread asks for the state of its sockets, again and again.
//!
//! The packets show what the states must have been; the kernel says what they were. The thread is not in the way: it has
//! one processor, the exchange has the others, and where there is only one it mostly sleeps. What it misses is missing,
//! nothing else.

mod ends;
mod look;
mod port;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::cpus;
use super::packet_socket::now;
use crate::timeline::Witnessed;
use crate::track::Side;
use ends::Pair;
use look::Lookups;

/// After so long without a system call of the exchange the thread begins to sleep between its questions.
const AWAKE: Duration = Duration::from_millis(150);
/// For so long.
const NAP: Duration = Duration::from_micros(500);
/// More clients than this are watched from afar.
const CROWD: u16 = 8;
/// A round that takes so long was interrupted: others want the processor, and the thread leaves it to them.
const INTERRUPTED: Duration = Duration::from_millis(1);
/// For so long after that it asks only now and then.
const MODEST: Duration = Duration::from_millis(30);
/// The time between two rounds of a witness of many.
const SELDOM: Duration = Duration::from_millis(5);
/// After a system call of programs that have every processor for themselves it asks without a pause for so long.
const ALERT: Duration = Duration::from_millis(2);
/// More connections than this are not asked for beside such programs.
const MOST_MET: usize = 128;
/// A start waits no longer than this until the thread is known to ask. It may not get a processor at all.
const START: Duration = Duration::from_millis(30);
/// A connection that could not be announced before its port was chosen waits no longer than this.
const ANNOUNCED: Duration = Duration::from_micros(100);

/// A witness that is not listening yet: its place is chosen, and the calling thread keeps out of it.
pub(crate) struct Place {
    cpu: Option<usize>,
    zeal: Zeal,
}

/// How hard a witness works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zeal {
    /// It has a processor to itself and asks without a pause.
    Busy,
    /// It asks after system calls and now and then.
    Modest,
    /// It asks for a moment after each system call that matters, and otherwise now and then.
    Alert,
    /// It asks now and then: many connections are many questions, and the exchange needs every processor.
    Seldom,
}

impl Place {
    /// Gives one processor to the witness of so many clients, where it can be spared; the calling thread, and all that
    /// it starts, keep to the others.
    pub(crate) fn choose(clients: u16) -> Place {
        if clients > CROWD {
            return Place { cpu: None, zeal: Zeal::Seldom };
        }
        let mut cpus = cpus::allowed();
        if cpus.len() < 2 {
            return Place { cpu: None, zeal: Zeal::Modest };
        }
        // Not always the same, since several exchanges may run at a time.
        let cpu = cpus.swap_remove(std::process::id() as usize % cpus.len());
        cpus::keep_to(&cpus);
        Place { cpu: Some(cpu), zeal: Zeal::Busy }
    }
}

/// A witness at work.
pub(crate) struct Witness {
    handle: Handle,
}

/// By which an exchange tells its witness what it does.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Shared>);

struct Shared {
    client: IpAddr,
    server: SocketAddr,
    /// In a network of its own an exchange may choose its clients' ports.
    chooses: bool,
    next_port: AtomicU16,
    wanted: Mutex<Vec<(SocketAddr, SocketAddr)>>,
    /// How many connections are wanted, and how many of them have been asked for at least once.
    announced: AtomicU64,
    looked: AtomicU64,
    calls: AtomicU64,
    naps: AtomicBool,
    stop: AtomicBool,
    thread: OnceLock<Thread>,
    /// How long a connection waits until it is asked for.
    patience: Duration,
    watch: Mutex<Watch>,
}

/// What is being watched and what was seen of it.
struct Watch {
    kernels: Kernels,
    pairs: Vec<Pair>,
    seen: Vec<Witnessed>,
}

impl Watch {
    /// Asks for everything once. False when an answer has to be confirmed by the next round.
    fn round(&mut self, shared: &Shared) -> io::Result<bool> {
        if shared.announced.load(Ordering::SeqCst) > self.pairs.len() as u64 {
            let wanted = lock(&shared.wanted);
            self.pairs.extend(wanted.iter().skip(self.pairs.len()).map(|(client, server)| Pair::new(*client, *server)));
        }
        let mut sure = true;
        for pair in &mut self.pairs {
            sure &= pair.look(&mut self.kernels.0, now, &mut self.seen)?;
        }
        shared.looked.store(self.pairs.len() as u64, Ordering::SeqCst);
        Ok(sure)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The kernels of the two ends, which are the same on one host; to be opened in the network of each.
pub(crate) struct Kernels([Lookups; 2]);

impl Kernels {
    /// `enter` moves the calling thread into the network of an end.
    pub(crate) fn open(mut enter: impl FnMut(Side) -> io::Result<()>) -> io::Result<Kernels> {
        let [client, server] = [Side::Client, Side::Server].map(|side| enter(side).and_then(|()| Lookups::open()));
        Ok(Kernels([client?, server?]))
    }
}

/// What a witness is to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    /// The address that clients connect from.
    pub(crate) client: IpAddr,
    /// The address that they connect to.
    pub(crate) server: SocketAddr,
    /// How many clients there are.
    pub(crate) clients: u16,
    /// The network is the exchange's own, so that every port is free.
    pub(crate) private: bool,
}

/// Tries whether the kernel answers for a single socket.
pub(crate) fn attempt() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let server = listener.local_addr()?;
    let nobody = SocketAddr::new(server.ip(), 1);
    match Lookups::open()?.ask(&look::question(server, nobody))? {
        look::Answer::Listener => Ok(()),
        // Without its module the kernel says the same as of a socket that is not there.
        _ => Err(io::Error::from_raw_os_error(libc::ENOENT)),
    }
}

/// Starts a witness, and returns when it is known to ask.
pub(crate) fn start(kernels: Kernels, scene: Scene, place: &Place) -> io::Result<Witness> {
    let shared = Arc::new(Shared {
        client: scene.client,
        server: scene.server,
        // The server may have a port of the range itself.
        chooses: scene.private && scene.server.port() < port::LOW && port::can_be_chosen(scene.client),
        next_port: AtomicU16::new(port::first()),
        wanted: Mutex::new(Vec::new()),
        announced: AtomicU64::new(0),
        looked: AtomicU64::new(0),
        calls: AtomicU64::new(0),
        naps: AtomicBool::new(false),
        stop: AtomicBool::new(false),
        thread: OnceLock::new(),
        patience: if place.zeal == Zeal::Seldom { Duration::ZERO } else { ANNOUNCED },
        watch: Mutex::new(Watch { kernels, pairs: Vec::new(), seen: Vec::new() }),
    });
    let handle = Handle(Arc::clone(&shared));
    if shared.chooses {
        let first = shared.next_port.load(Ordering::Relaxed);
        for number in 0..scene.clients {
            handle.announce(SocketAddr::new(scene.client, port::after(first, number)), scene.server);
        }
    }
    begin(handle, place.cpu, place.zeal)
}

/// Starts a witness of programs that choose their addresses themselves: it is told of a connection when its ports are
/// known. It takes no processor from them.
pub(crate) fn start_beside(kernels: Kernels) -> io::Result<Witness> {
    let nowhere = IpAddr::from(Ipv4Addr::UNSPECIFIED);
    let shared = Shared {
        client: nowhere,
        server: SocketAddr::new(nowhere, 0),
        chooses: false,
        next_port: AtomicU16::new(0),
        wanted: Mutex::new(Vec::new()),
        announced: AtomicU64::new(0),
        looked: AtomicU64::new(0),
        calls: AtomicU64::new(0),
        naps: AtomicBool::new(false),
        stop: AtomicBool::new(false),
        thread: OnceLock::new(),
        patience: Duration::ZERO,
        watch: Mutex::new(Watch { kernels, pairs: Vec::new(), seen: Vec::new() }),
    };
    begin(Handle(Arc::new(shared)), None, Zeal::Alert)
}

fn begin(handle: Handle, cpu: Option<usize>, zeal: Zeal) -> io::Result<Witness> {
    let shared = Arc::clone(&handle.0);
    let thread = thread::Builder::new().name("witness".to_owned()).spawn(move || {
        if let Some(cpu) = cpu {
            cpus::keep_to(&[cpu]);
        }
        ask(&shared, zeal);
    })?;
    let _ = handle.0.thread.set(thread.thread().clone());
    handle.wait(START);
    Ok(Witness { handle })
}

impl Witness {
    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// What was seen, in the order of time. To be called before the exchange's sockets are taken away: the last round
    /// is made here, so that how it ended is known also when the thread never got a processor.
    pub(crate) fn finish(self) -> Vec<Witnessed> {
        let shared = &self.handle.0;
        shared.stop.store(true, Ordering::SeqCst);
        self.handle.wake();
        let mut watch = lock(&shared.watch);
        while watch.round(shared).is_ok_and(|sure| !sure) {}
        let Watch { pairs, seen, .. } = &mut *watch;
        let mut seen = std::mem::take(seen);
        seen.retain(|said| pairs.iter().any(|pair| pair.is(said) && pair.was_there()));
        seen.sort_by_key(|said| said.time);
        seen
    }
}

impl Handle {
    /// An end is about to make a system call.
    pub(crate) fn stirs(&self) {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        if self.0.naps.load(Ordering::SeqCst) {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(thread) = self.0.thread.get() {
            thread.unpark();
        }
    }

    /// An end is about to connect a socket: its port is made known, or chosen, before that.
    pub(crate) fn connects(&self, side: Side, socket: &Socket, to: SocketAddr) {
        match socket.local_addr().ok().and_then(|address| address.as_socket()).map_or(0, |address| address.port()) {
            0 if self.0.chooses && side == Side::Client => {
                let port = port::after(self.0.next_port.fetch_add(1, Ordering::SeqCst), 0);
                if port::choose(socket, port).is_ok() {
                    self.announce(SocketAddr::new(self.0.client, port), to);
                    self.wait(self.0.patience);
                }
            }
            0 => {}
            port => {
                self.connected(side, port, to);
                self.wait(self.0.patience);
            }
        }
    }

    /// Two ends have met, or are about to.
    pub(crate) fn meets(&self, client: SocketAddr, server: SocketAddr) {
        // What the programs of one run did is enough where there are many: each is asked for until the end.
        if lock(&self.0.wanted).len() < MOST_MET {
            self.announce(client, server);
            self.stirs();
        }
    }

    /// An end's socket has this port.
    pub(crate) fn connected(&self, side: Side, port: u16, to: SocketAddr) {
        match side {
            Side::Client => self.announce(SocketAddr::new(self.0.client, port), to),
            Side::Server => self.announce(to, SocketAddr::new(self.0.server.ip(), port)),
        }
    }

    fn announce(&self, client: SocketAddr, server: SocketAddr) {
        let mut wanted = lock(&self.0.wanted);
        // A socket that is connected to itself has no other end.
        if client != server && !wanted.contains(&(client, server)) {
            wanted.push((client, server));
            self.0.announced.store(wanted.len() as u64, Ordering::SeqCst);
        }
    }

    fn wait(&self, longest: Duration) {
        let all = || self.0.looked.load(Ordering::SeqCst) >= self.0.announced.load(Ordering::SeqCst);
        if all() {
            return;
        }
        self.stirs();
        let deadline = Instant::now() + longest;
        while !all() && Instant::now() < deadline {
            thread::yield_now();
        }
    }
}

/// The thread's whole life.
fn ask(shared: &Shared, zeal: Zeal) {
    let (mut calls, mut since) = (0, Instant::now());
    let mut modest: Option<Instant> = (!matches!(zeal, Zeal::Busy | Zeal::Alert)).then_some(since);
    let awake = if zeal == Zeal::Alert { ALERT } else { AWAKE };
    while !shared.stop.load(Ordering::SeqCst) {
        let begin = Instant::now();
        if lock(&shared.watch).round(shared).is_err() {
            return;
        }
        let end = Instant::now();
        if end - begin > INTERRUPTED {
            modest = Some(end);
        } else if matches!(zeal, Zeal::Busy | Zeal::Alert) && modest.is_some_and(|since| end - since > MODEST) {
            modest = None;
        }
        let now_calls = shared.calls.load(Ordering::SeqCst);
        if now_calls != calls {
            (calls, since) = (now_calls, end);
        }
        if zeal == Zeal::Seldom {
            thread::park_timeout(SELDOM);
        } else if modest.is_some() || end - since > awake {
            nap(shared, calls, if zeal == Zeal::Alert { SELDOM } else { NAP });
        }
    }
}

/// Sleeps until the next system call of the exchange, or for a while.
fn nap(shared: &Shared, calls: u64, longest: Duration) {
    shared.naps.store(true, Ordering::SeqCst);
    if shared.calls.load(Ordering::SeqCst) == calls && !shared.stop.load(Ordering::SeqCst) {
        thread::park_timeout(longest);
    }
    shared.naps.store(false, Ordering::SeqCst);
}
