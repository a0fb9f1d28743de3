//! The helper's part: network, capture, programs, tracer, and the wait until nothing moves any more.

use std::io;
use std::os::unix::net::UnixStream;
use std::thread;

use super::director::{self, Director};
use super::ground::Ground;
use super::{Program, Recording, Request, Written};
use crate::live::trace::{self, Alive, Held, Notice};
use crate::live::trouble::Trouble;

/// Runs the programs. The process is in no network of its own yet and has one thread.
pub(in crate::live) fn run(request: &Request, parent: u32) -> Result<Recording, Trouble> {
    let signals = director::interrupts();
    let ground = Ground::prepare(request, parent)?;
    let system = |call: &str, error: &io::Error| Trouble::system(call, error);
    let settings = ground.settings().map_err(|error| system("setns", &error))?;
    // Before there is a second thread.
    let start = |program: &Program| {
        ground.enter(program.side).map_err(|error| system("setns", &error))?;
        trace::start(&program.command, program.side).map_err(|error| refused(&error))
    };
    let held: Vec<Held> = request.programs.iter().map(start).collect::<Result<_, _>>()?;
    let running = ground.start(request)?;
    let alive = Alive::default();
    let (tell, told) = UnixStream::pair().map_err(|error| system("socketpair", &error))?;
    let director =
        Director::new(request, &held, alive.clone(), told, signals).map_err(|error| system("pipe", &error))?;
    let directing = thread::Builder::new()
        .name("director".to_owned())
        .spawn(move || director.run())
        .map_err(|error| system("thread", &error))?;
    let wanted = |notice| match (notice, request.port) {
        (Notice::Ready(port), Some(wanted)) => port == wanted,
        _ => true,
    };
    let told = |notice| {
        if wanted(notice) {
            director::tell(&tell, notice);
        }
    };
    let traced = trace::follow(&held, &alive, running.witness(), told);
    drop(tell);
    let directed = directing.join().map_err(|_| Trouble::system("director", &io::Error::other("it panicked")))?;
    let captured = running.finish(&traced.calls)?;
    Ok(Recording {
        frames: captured.frames,
        interfaces: captured.interfaces,
        calls: traced.calls,
        witnessed: captured.witnessed,
        counted: captured.counted,
        processes: traced.processes,
        output: directed.output,
        stopped: directed.stopped,
        impatient: directed.impatient,
        cancelled: directed.cancelled,
        missed: traced.missed,
        io_uring: traced.io_uring,
        settings,
        dropped: captured.dropped,
        late: captured.late,
    })
}

fn refused(error: &io::Error) -> Trouble {
    Trouble::Tracing { errno: error.raw_os_error().unwrap_or_default(), error: error.to_string() }
}

/// Whether a program can be followed here.
pub(in crate::live) fn try_tracing() -> Result<(), Trouble> {
    let command = ["/bin/sh", "-c", "exit 7"].map(str::to_owned);
    let program = Program { command: command.to_vec(), words: String::new(), side: None, input: super::Input::Nothing };
    let held = trace::start(&program.command, None).map_err(|error| refused(&error))?;
    held.gate().map_err(|error| refused(&error))?.open();
    let traced = trace::follow(&[held], &Alive::default(), None, |_| {});
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
