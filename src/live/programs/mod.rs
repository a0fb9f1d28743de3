//! Runs the user's own programs in a private network: traced, captured, each on a terminal of its own.

mod director;
mod ground;
mod helper;

pub(in crate::live) use helper::{run as run_here, try_tracing};

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::exchange::Task;
use super::exchange::ask_with;
use super::trouble::Trouble;
use crate::failure::Failure;
use crate::frame::{Interface, OwnedFrame, Time};
use crate::report::Settings;
use crate::scenario::wire::Wire;
use crate::timeline::{Call, Tally, Witnessed};
use crate::track::Side;

pub use super::trace::{Process, Status};

/// A program to be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name and arguments.
    pub command: Vec<String>,
    /// What the user wrote.
    pub words: String,
    /// Which end it is; none: it is both.
    pub side: Option<Side>,
    /// What is typed on its terminal.
    pub input: Input,
}

/// What a program finds on its terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Nothing: the end of input.
    Nothing,
    /// These bytes, then the end of input.
    Text(Vec<u8>),
    /// What the user types.
    Terminal,
}

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The server first, then the clients; or one program alone.
    pub programs: Vec<Program>,
    /// The port at which the server has to be ready before the clients begin; none: any.
    pub port: Option<u16>,
    /// How long after the server is ready the clients begin.
    pub client_delay: Duration,
    /// The limit for everything.
    pub timeout: Option<Duration>,
    /// Show on standard error what the programs write, as they write it.
    pub echo: bool,
    /// On the machine's own loopback.
    pub host: bool,
    /// The wire between two hosts of their own; none: all programs are on one host.
    pub wire: Option<Wire>,
}

/// Why programs were ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stop {
    /// All clients had ended.
    Done,
    /// The time was up.
    TimeUp,
    /// Ctrl-C.
    Interrupted,
}

/// What was written by a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The first bytes.
    pub bytes: Vec<u8>,
    /// There was more.
    pub more: bool,
    /// So many of them came before the programs were told to end, if they were.
    pub before_stop: usize,
}

/// What is left when all have ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The packets, in time order.
    pub frames: Vec<OwnedFrame>,
    /// The interface they were captured on.
    pub interfaces: Vec<Interface>,
    /// The calls, in the order of entry.
    pub calls: Vec<Call>,
    /// What the kernel said of the sockets, in the order of time; empty where it does not answer.
    pub witnessed: Vec<Witnessed>,
    /// What the kernels counted all the while; empty on the machine's own network, where others count, too.
    pub counted: Vec<Tally>,
    /// Every process, in the order of their ends.
    pub processes: Vec<Process>,
    /// By program: what it wrote.
    pub output: Vec<Written>,
    /// When and why programs were told to end, if they were.
    pub stopped: Option<(Time, Stop)>,
    /// The clients began although no server was ready.
    pub impatient: bool,
    /// The clients never began, since the server had ended before it could be reached.
    pub cancelled: bool,
    /// Calls that were not noted because there were too many.
    pub missed: u64,
    /// A program used `io_uring`, whose operations cannot be seen.
    pub io_uring: bool,
    /// What on this machine decides how it looks.
    pub settings: Settings,
    /// Packets that the kernel dropped, where it can tell.
    pub dropped: Option<u64>,
    /// How long at most a packet stayed on the wire after it was due: a busy machine may keep it there.
    pub late: Duration,
}

/// Runs programs in a helper process, which is `program` started anew. `typed` is read when one of them has the terminal.
///
/// # Errors
/// What stopped it: the machine's rules, the system.
pub fn run(request: &Request, program: &Path, typed: Option<Box<dyn Read + Send>>) -> Result<Recording, Failure> {
    let feed = move |mut to: Box<dyn Write + Send>| {
        let Some(mut typed) = typed else { return };
        // Nobody waits for it: it may sit in a read of the terminal until the end.
        let copy = move || {
            let mut bytes = [0; 1024];
            while let Ok(n @ 1..) = typed.read(&mut bytes) {
                if to.write_all(&bytes[..n]).and_then(|()| to.flush()).is_err() {
                    break;
                }
            }
        };
        let _ = std::thread::Builder::new().name("typed".to_owned()).spawn(copy);
    };
    let answer: Result<Box<Recording>, Trouble> = ask_with(Task::Programs(Box::new(request.clone())), program, feed)?;
    answer.map(|recording| *recording).map_err(Trouble::into_failure)
}

/// The name of a signal that ends programs.
#[must_use]
pub fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGSYS => "SIGSYS",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => "SIG?",
    }
}
