//! The helper process: one task from standard input, one answer to standard output.

use std::fs::File;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use tokio::sync::{mpsc, oneshot};

use super::actor::{Actor, Outcome, Scene, Told, panicked};
use super::over_wire;
use super::recorder::Log;
use super::settle::{Kernels, Rest, Sockets};
use super::{Answer, Job, Place, Recording, Request, Task, settings};
use crate::frame::{Interface, LinkType, OwnedFrame};
use crate::live::counters::Reading;
use crate::live::packet_socket::{self, Captured, PacketSocket};
use crate::live::programs;
use crate::live::sandbox;
use crate::live::tracepoints::{self, Hearing};
use crate::live::trouble::Trouble;
use crate::live::wire::{Network, Watch};
use crate::live::witness::{self, Witness};
use crate::scenario::{Action, Op, Transport};
use crate::track::Side;

/// The server's port in a private network, where every port is free.
pub(super) const PRIVATE_PORT: u16 = 5000;
/// How often the kernel is asked whether the sockets are at rest.
pub(super) const POLL: Duration = Duration::from_micros(500);
/// A helper that hangs all the same is ended so many seconds after its own limit.
const GRACE: u64 = 10;
/// The limit for tasks that only try something.
const TRY_LIMIT: u32 = 20;

/// Where an exchange runs: what its two ends need to know.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The server's address.
    pub(super) server: SocketAddr,
    /// The client's, with the port that it has where it needs a certain one.
    pub(super) client: SocketAddr,
    /// The hosts that the ends are on; none: the network that the process is in.
    pub(super) network: Option<Arc<Network>>,
    /// The wire between them.
    pub(super) wire: Option<Watch>,
    /// Where both ends wait for each other.
    pub(super) meeting: Arc<Barrier>,
    /// What is asked whether something is still under way.
    pub(super) kernels: Kernels,
}

impl Site {
    /// Both ends on one host.
    pub(super) fn default_of(server: SocketAddr, kernels: Kernels) -> Site {
        let client = SocketAddr::new(server.ip(), server.port().checked_add(1).unwrap_or(PRIVATE_PORT));
        let meeting = Arc::new(Barrier::new(2));
        Site { server, client, network: None, wire: None, meeting, kernels }
    }
}

/// The whole life of the helper process, to be called before any thread exists.
#[must_use]
pub fn helper_main() -> ExitCode {
    // Past the standard library's buffer: what follows the task is for others to read.
    let task = io::stdin().as_fd().try_clone_to_owned().map(File::from).and_then(super::read_job);
    let Some(job) = task.ok().and_then(|bytes| postcard::from_bytes::<Job>(&bytes).ok()) else {
        // Somebody typed the hidden command.
        return ExitCode::from(2);
    };
    if !sandbox::die_with_parent(job.parent) {
        return ExitCode::FAILURE;
    }
    let answer = match &job.task {
        Task::Programs(request) => {
            if let Some(limit) = request.timeout {
                let limit = limit.as_secs().saturating_add(request.client_delay.as_secs()).saturating_add(3 * GRACE);
                sandbox::die_after(u32::try_from(limit).unwrap_or(u32::MAX));
            }
            postcard::to_stdvec(&programs::run_here(request, job.parent).map(Box::new))
        }
        _ => postcard::to_stdvec(&work(&job)),
    };
    match answer {
        Ok(bytes) if io::stdout().lock().write_all(&bytes).and_then(|()| io::stdout().flush()).is_ok() => {
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

fn work(job: &Job) -> Answer {
    match &job.task {
        Task::Exchange(request) => {
            let limit = request.timeout.as_secs().saturating_mul(2).saturating_add(GRACE);
            sandbox::die_after(u32::try_from(limit).unwrap_or(u32::MAX));
            sandbox::take_short_turns();
            let recording = match &request.wire {
                Some(wire) => over_wire::run(request, wire, job.parent),
                None => exchange(request, job.parent),
            };
            recording.map(|recording| Some(Box::new(recording)))
        }
        // Its answer is another one.
        Task::Programs(_) => Ok(None),
        Task::TryTracing => {
            sandbox::die_after(TRY_LIMIT);
            sandbox::enter().map_err(Trouble::Private)?;
            programs::try_tracing().map(|()| None)
        }
        Task::TryTracepoints => {
            sandbox::die_after(TRY_LIMIT);
            tracepoints::attempt().map_err(Trouble::Tracepoints).map(|()| None)
        }
        Task::TryPrivate => {
            sandbox::die_after(TRY_LIMIT);
            sandbox::enter().map_err(Trouble::Private)?;
            open_packet_socket(false).map(|_| None)
        }
        Task::TryHost => {
            sandbox::die_after(TRY_LIMIT);
            open_packet_socket(true).map(|_| None)
        }
        #[cfg(feature = "libpcap")]
        Task::TryCapture(interface) => {
            sandbox::die_after(TRY_LIMIT);
            crate::live::capture::attempt(interface).map_err(Trouble::Capture).map(|()| None)
        }
    }
}

fn open_packet_socket(host: bool) -> Result<PacketSocket, Trouble> {
    packet_socket::open().map_err(|error| Trouble::PacketSocket {
        host,
        errno: error.raw_os_error().unwrap_or_default(),
        root: sandbox::is_root(),
    })
}

fn exchange(request: &Request, parent: u32) -> Result<Recording, Trouble> {
    let host = request.place == Place::Host;
    if !host {
        sandbox::enter().map_err(Trouble::Private)?;
        // Entering a namespace may have cleared the wish to die with the parent.
        if !sandbox::die_with_parent(parent) {
            return Err(Trouble::Interrupted);
        }
        settings::make(request.clients);
    }
    let socket = open_packet_socket(host)?;
    let server = choose_address(request, host)?;
    let settings = settings::read();
    let place = request.witness.then(|| witness::Place::choose(request.clients));
    // Where they cannot be heard the exchange goes without.
    let hearing = request.witness.then(|| tracepoints::start(server, true)).and_then(Result::ok);
    let capture = packet_socket::start(socket).map_err(|error| Trouble::system("capture", &error))?;
    // Only now: the start of the capture sends something itself. In the machine's own network others count, too.
    let before = if host { None } else { Reading::take().ok() };
    // Threads from here on.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Trouble::system("runtime", &error))?;
    let sockets = Sockets::open(server.is_ipv6()).map_err(|error| Trouble::system("sock_diag", &error))?;
    let site = Site::default_of(server, Kernels::new([sockets]));
    let witness = place.and_then(|place| call_witness(request, &site, &place, |_| Ok(())));
    let log = Log::new(witness.as_ref().map(Witness::handle));
    let deadline = Instant::now() + request.timeout;
    let rest = async || wait_for_rest(&log, &site).await;
    let open = runtime.block_on(supervise(request, &site, &log, deadline, rest))?;
    // The end of the capture sends something itself.
    let counted = before.and_then(|before| Some(Reading::take().ok()?.since(&before, None))).unwrap_or_default();
    let captured = capture.finish(deadline).map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => Trouble::Unsettled { ms: millis(request.timeout) },
        _ => Trouble::system("capture", &error),
    })?;
    let witnessed = witness.map(Witness::finish).unwrap_or_default();
    let told = hearing.map(Hearing::finish).unwrap_or_default();
    // Only now: what closing them sends is no part of the exchange.
    drop(open);
    Ok(Recording {
        frames: choose_frames(&log, &captured),
        interfaces: vec![Interface {
            name: Some("lo".to_owned()),
            link: LinkType::ETHERNET,
            resolution: 1e-9,
            counters: Vec::new(),
        }],
        calls: log.calls(),
        witnessed,
        traces: told.traces,
        counted,
        transmits: told.transmits,
        settings,
        dropped: captured.dropped,
        clients: request.clients,
        client_ports: log.client_ports(),
        server_port: server.port(),
        on_host: host,
        finished: true,
        late: Duration::ZERO,
        wire: None,
        notice: None,
    })
}

/// Starts the witness; `enter` moves the calling thread into the network of an end. Where the kernel does not answer
/// the exchange goes without.
pub(super) fn call_witness(
    request: &Request,
    site: &Site,
    place: &witness::Place,
    enter: impl FnMut(Side) -> io::Result<()>,
) -> Option<Witness> {
    let scene = witness::Scene {
        client: site.client.ip(),
        server: site.server,
        clients: request.clients,
        private: request.place != Place::Host,
    };
    witness::start(witness::Kernels::open(enter).ok()?, scene, place).ok()
}

fn choose_frames(log: &Log, captured: &Captured) -> Vec<OwnedFrame> {
    let ports = log.ports();
    captured.frames.iter().filter(|frame| ports.take(&frame.bytes)).cloned().collect()
}

/// Starts both actors and waits until they are done and their connections at rest.
pub(super) async fn supervise(
    request: &Request,
    site: &Site,
    log: &Log,
    deadline: Instant,
    rest: impl AsyncFnOnce() -> Result<(), Trouble>,
) -> Result<Vec<Socket>, Trouble> {
    let work = async {
        let sockets = run_actors(request, site, log).await?;
        rest().await?;
        Ok(sockets)
    };
    tokio::select! {
        result = work => result,
        () = tokio::time::sleep_until(deadline.into()) => {
            let ms = millis(request.timeout);
            match log.pending() {
                pending if pending.is_empty() => Err(Trouble::Unsettled { ms }),
                pending => Err(Trouble::TimedOut { ms, pending }),
            }
        }
        _ = tokio::signal::ctrl_c() => Err(Trouble::Interrupted),
    }
}

async fn run_actors(request: &Request, site: &Site, log: &Log) -> Outcome {
    let scene = Arc::new(Scene {
        log: log.clone(),
        server: site.server,
        site: site.clone(),
        message: request.message.clone(),
        clients: request.clients,
        seed: request.seed,
        counter: Mutex::new(0),
        told: Told::default(),
    });
    let (ready, is_ready) = oneshot::channel();
    let (done, mut outcomes) = mpsc::unbounded_channel();
    let mut sockets = Vec::new();
    let mut actors = 1;
    start_actor(&scene, Side::Server, 0, &request.server, ready, done.clone())?;
    // A server that failed before a client could have reached it has left its outcome.
    if is_ready.await.is_ok() {
        for number in 0..request.clients {
            let (ready, _) = oneshot::channel();
            start_actor(&scene, Side::Client, number.into(), &request.client, ready, done.clone())?;
            actors += 1;
        }
    }
    drop(done);
    while let Some(outcome) = outcomes.recv().await {
        sockets.extend(outcome?);
        actors -= 1;
    }
    if actors > 0 { Err(panicked()) } else { Ok(sockets) }
}

/// An actor blocks in its calls, so it has a thread of its own. One that is never joined ends with the process.
fn start_actor(
    scene: &Arc<Scene>,
    side: Side,
    number: u64,
    actions: &[Action],
    ready: oneshot::Sender<()>,
    done: mpsc::UnboundedSender<Outcome>,
) -> Result<(), Trouble> {
    let (scene, actions) = (Arc::clone(scene), actions.to_vec());
    let name = if side == Side::Client { "client" } else { "server" };
    let run = move || {
        let entered = scene.site.network.as_ref().map_or(Ok(()), |network| network.host(side).enter());
        let result = entered.map_err(|error| Trouble::system("setns", &error)).and_then(|()| {
            Actor::new(scene, side, number).run(&actions, || {
                let _ = ready.send(());
            })
        });
        // Nobody waits any more after a time-out or Ctrl-C.
        let _ = done.send(result);
    };
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| Trouble::system("thread", &error))?;
    Ok(())
}

/// Waits until no connection of the exchange has anything under way.
pub(super) async fn wait_for_rest(log: &Log, site: &Site) -> Result<(), Trouble> {
    let ports = log.ports().tcp();
    let mut rest = Rest::new(site);
    while !rest.reached(|kernels| kernels.at_rest(&ports)).map_err(|error| Trouble::system("sock_diag", &error))? {
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// The server's address: in the private network any port is free, on the host the kernel is asked.
fn choose_address(request: &Request, host: bool) -> Result<SocketAddr, Trouble> {
    let ip: IpAddr = if request.ipv6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() };
    if !host {
        return Ok(SocketAddr::new(ip, request.port.unwrap_or(PRIVATE_PORT)));
    }
    let udp = uses_udp(request);
    if let Some(port) = request.port {
        let address = SocketAddr::new(ip, port);
        return check_port(address, udp).map(|()| address);
    }
    let free = if udp {
        UdpSocket::bind((ip, 0)).and_then(|socket| socket.local_addr())
    } else {
        TcpListener::bind((ip, 0)).and_then(|socket| socket.local_addr())
    };
    free.map_err(|error| refused_port(&error, SocketAddr::new(ip, 0)))
}

/// Another program's listener would answer in the server's place.
fn check_port(address: SocketAddr, udp: bool) -> Result<(), Trouble> {
    let kind = if udp { Type::DGRAM } else { Type::STREAM };
    let attempt = || {
        let socket = Socket::new(Domain::for_address(address), kind, None)?;
        if !udp {
            socket.set_reuse_address(true)?;
        }
        socket.bind(&address.into())
    };
    attempt().map_err(|error| refused_port(&error, address))
}

fn refused_port(error: &io::Error, address: SocketAddr) -> Trouble {
    match error.raw_os_error() {
        Some(libc::EADDRINUSE) => Trouble::PortInUse(address.port()),
        Some(libc::EACCES) => Trouble::PortForbidden(address.port()),
        Some(libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT) => Trouble::NoAddress(address.ip().to_string()),
        _ => Trouble::system("bind", error),
    }
}

fn uses_udp(request: &Request) -> bool {
    let mut udp = false;
    for action in request.client.iter().chain(&request.server) {
        action.visit(1, &mut |action, _| {
            udp |= matches!(action.op, Op::OpenUdp | Op::Bind { transport: Transport::Udp, .. });
        });
    }
    udp
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
