//! The helper's part: network, capture, programs, tracer, and the wait until nothing moves any more.

use std::io;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use super::director::{self, Director};
use super::{Program, Recording, Request, Written};
use crate::frame::{Interface, LinkType};
use crate::live::exchange::{Resting, read_settings};
use crate::live::packet_socket;
use crate::live::sandbox;
use crate::live::trace::{self, Alive, Held};
use crate::live::trouble::Trouble;

/// How long sockets may take to come to rest once every program has ended.
const REST: Duration = Duration::from_secs(2);
/// How often the kernel is asked whether they have.
const POLL: Duration = Duration::from_micros(500);

/// Runs the programs. The process is in no network of its own yet and has one thread.
pub(in crate::live) fn run(request: &Request, parent: u32) -> Result<Recording, Trouble> {
    let signals = director::interrupts();
    sandbox::enter().map_err(Trouble::Private)?;
    if !sandbox::die_with_parent(parent) {
        return Err(Trouble::Interrupted);
    }
    let system = |call: &str, error: &io::Error| Trouble::system(call, error);
    let socket = packet_socket::open().map_err(|error| Trouble::PacketSocket {
        host: false,
        errno: error.raw_os_error().unwrap_or_default(),
        root: sandbox::is_root(),
    })?;
    let settings = read_settings();
    // Before there is a second thread.
    let held: Vec<Held> = request
        .programs
        .iter()
        .map(|program| trace::start(&program.command, program.side))
        .collect::<io::Result<_>>()
        .map_err(|error| refused(&error))?;
    let capture = packet_socket::start(socket).map_err(|error| system("capture", &error))?;
    let alive = Alive::default();
    let (tell, told) = UnixStream::pair().map_err(|error| system("socketpair", &error))?;
    let director =
        Director::new(request, &held, alive.clone(), told, signals).map_err(|error| system("pipe", &error))?;
    let directing = thread::Builder::new()
        .name("director".to_owned())
        .spawn(move || director.run())
        .map_err(|error| system("thread", &error))?;
    let traced = trace::follow(&held, &alive, |notice| director::tell(&tell, notice));
    drop(tell);
    let directed = directing.join().map_err(|_| Trouble::system("director", &io::Error::other("it panicked")))?;
    rest(Instant::now() + REST).map_err(|error| system("sock_diag", &error))?;
    let captured = capture.finish(Instant::now() + REST).map_err(|error| system("capture", &error))?;
    Ok(Recording {
        frames: captured.frames,
        interfaces: vec![Interface {
            name: Some("lo".to_owned()),
            link: LinkType::ETHERNET,
            resolution: 1e-9,
            counters: Vec::new(),
        }],
        calls: traced.calls,
        processes: traced.processes,
        output: directed.output,
        stopped: directed.stopped,
        impatient: directed.impatient,
        cancelled: directed.cancelled,
        missed: traced.missed,
        io_uring: traced.io_uring,
        settings,
        dropped: captured.dropped,
    })
}

fn refused(error: &io::Error) -> Trouble {
    Trouble::Tracing { errno: error.raw_os_error().unwrap_or_default(), error: error.to_string() }
}

/// Sockets whose programs have ended may still have something to say.
fn rest(deadline: Instant) -> io::Result<()> {
    for ipv6 in [false, true] {
        let sockets = Resting::open(ipv6)?;
        while !sockets.all_at_rest()? && Instant::now() < deadline {
            thread::sleep(POLL);
        }
    }
    Ok(())
}

/// Whether a program can be followed here.
pub(in crate::live) fn try_tracing() -> Result<(), Trouble> {
    let command = ["/bin/sh", "-c", "exit 7"].map(str::to_owned);
    let program = Program { command: command.to_vec(), words: String::new(), side: None, input: super::Input::Nothing };
    let held = trace::start(&program.command, None).map_err(|error| refused(&error))?;
    held.gate().map_err(|error| refused(&error))?.open();
    let traced = trace::follow(&[held], &Alive::default(), |_| {});
    // A shell reads at least its libraries.
    if traced.stops > 0 {
        return Ok(());
    }
    Err(Trouble::Tracing { errno: libc::EPERM, error: "seccomp".to_owned() })
}

impl Written {
    /// Takes in what was written, as far as it is kept.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        const KEPT: usize = 64 * 1024;
        let room = KEPT.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.more |= room < bytes.len();
    }
}
