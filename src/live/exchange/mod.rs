//! Runs a client and a server in a helper process, captures what they exchange, and brings it home.
//!
//! One exchange is one process: a namespace can only be entered before there are threads, and several exchanges can
//! run side by side.

mod actor;
mod child;
mod held;
mod helper;
mod over_wire;
mod recorder;
mod running;
mod select;
mod settings;
mod settle;

pub use super::tracepoints::Transmit;
pub use helper::helper_main;
pub use running::interrupt;
pub(in crate::live) use select::Ports;
pub(in crate::live) use settings::read as read_settings;
pub(in crate::live) use settle::{Kernels, Rest, Sockets as Resting};

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use crate::failure::{Exit, Failure};
use crate::frame::{Interface, OwnedFrame};
use crate::language::Values;
use crate::language::messages::{Message, live as say};
use crate::report::Settings;
use crate::scenario::wire::Wire;
use crate::scenario::{Action, Variant};
use crate::timeline::{Call, Tally, Trace, Witnessed};

/// How long an exchange may take when nothing else is said.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);

/// What each further client adds to that: they begin one after the other, and where a queue is full they get in one after the other.
const FOR_EACH_CLIENT: Duration = Duration::from_millis(200);

/// A wire that kept a packet for longer than it should was no such wire: timers have run out that would not have.
pub const TOLERATED: Duration = Duration::from_millis(40);
/// So often an exchange is run over a wire until one does what it was asked for.
const ATTEMPTS: u32 = 4;

/// Where an exchange runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In a private network; where that is forbidden and the host is not, on the host, and the recording says so.
    Auto,
    /// In a private network.
    Private,
    /// On the machine's own loopback.
    Host,
}

/// An exchange to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// What the client does.
    pub client: Vec<Action>,
    /// What the server does.
    pub server: Vec<Action>,
    /// The user's message, instead of the first request's own words.
    pub message: Option<String>,
    /// The server's port; without one a free port is used.
    pub port: Option<u16>,
    /// `::1` instead of `127.0.0.1`.
    pub ipv6: bool,
    /// Where.
    pub place: Place,
    /// How many clients take part, all of which do the same.
    pub clients: u16,
    /// What the exchange's random choices follow from.
    pub seed: u64,
    /// The limit for the whole exchange.
    pub timeout: Duration,
    /// The wire between two hosts of their own; none: both ends are one host.
    pub wire: Option<Wire>,
    /// Ask the kernel for the states of the sockets meanwhile.
    pub witness: bool,
}

impl Request {
    /// A scenario's variant as it runs when nothing else is asked for.
    #[must_use]
    pub fn new(variant: &Variant) -> Request {
        Request {
            client: variant.client.to_vec(),
            server: variant.server.to_vec(),
            message: None,
            port: None,
            ipv6: false,
            place: Place::Auto,
            clients: variant.clients().unwrap_or(1),
            seed: 1,
            timeout: DEFAULT_TIMEOUT,
            wire: variant.wire.and_then(|wire| wire.wire().ok()),
            witness: false,
        }
    }

    /// True when it does what the machine's own network does not allow to everyone.
    fn needs_private_network(&self) -> bool {
        let mut needs = false;
        for action in self.client.iter().chain(&self.server) {
            action.visit(1, &mut |action, _| needs |= action.op.needs_private_network());
        }
        needs
    }
}

/// What an exchange left behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The packets of the exchange, in time order.
    pub frames: Vec<OwnedFrame>,
    /// The interface they were captured on.
    pub interfaces: Vec<Interface>,
    /// Every call of both actors, in the order of entry.
    pub calls: Vec<Call>,
    /// What the kernel said of the sockets, in the order of time; empty where it was not asked.
    pub witnessed: Vec<Witnessed>,
    /// What its tracepoints told, in the order of time; empty where they cannot be heard.
    pub traces: Vec<Trace>,
    /// What the kernels counted all the while; empty on the machine's own network, where others count, too.
    pub counted: Vec<Tally>,
    /// Packets that left in a turn of the exchange's own, as a tracepoint tells; not over a wire.
    pub transmits: Vec<Transmit>,
    /// What on this machine decides how the exchange looks.
    pub settings: Settings,
    /// Packets that the kernel dropped, where it can tell.
    pub dropped: Option<u64>,
    /// How many clients took part.
    pub clients: u16,
    /// The client's ports, in the order of their use.
    pub client_ports: Vec<u16>,
    /// The server's port.
    pub server_port: u16,
    /// True when it ran on the machine's own loopback.
    pub on_host: bool,
    /// False when its time was up before it had come to rest: over a wire that loses packets it may never do that.
    pub finished: bool,
    /// How long at most a packet stayed on the wire after it was due: a busy machine may keep it there.
    pub late: Duration,
    /// The wire that it ran over.
    #[serde(skip)]
    pub wire: Option<Wire>,
    /// What the user should know about where it ran.
    #[serde(skip)]
    pub notice: Option<&'static Message>,
}

/// What a helper is asked to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// An exchange in this place; never [`Place::Auto`].
    Exchange(Box<Request>),
    /// The user's programs.
    Programs(Box<super::programs::Request>),
    /// Try whether the kernel's tracepoints can be heard.
    TryTracepoints,
    /// Try whether a program can be followed through its system calls.
    TryTracing,
    /// Try whether a private network with a packet socket can be had.
    TryPrivate,
    /// Try whether the host's loopback can be captured.
    TryHost,
    /// Try whether an interface can be captured with libpcap.
    #[cfg(feature = "libpcap")]
    TryCapture(String),
}

/// A task and who asks for it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The process that the helper must not survive.
    pub(crate) parent: u32,
    /// The work.
    pub(crate) task: Task,
}

/// What a helper answers.
pub(crate) type Answer = Result<Option<Box<Recording>>, Trouble>;

/// Runs an exchange in a helper process, which is `program` started with the command
/// [`HELPER_COMMAND`](super::HELPER_COMMAND). It waits for the end; several can run in parallel.
///
/// # Errors
/// What stopped it: the machine's rules, a port in use, a call that gave another result than the exchange expects,
/// the time limit, Ctrl-C.
pub fn run(request: &Request, program: &Path) -> Result<Recording, Failure> {
    if request.message.as_deref() == Some("") {
        return Err(Failure::bad_input(&say::EMPTY_MESSAGE, Values::none()));
    }
    let timeout =
        request.timeout.saturating_add(FOR_EACH_CLIENT.saturating_mul(request.clients.saturating_sub(1).into()));
    let run_in = |place: Place| {
        let request = Request { place, timeout, ..request.clone() };
        ask(Task::Exchange(Box::new(request)), program)
    };
    match request.place {
        // The host has no wire.
        Place::Host if request.wire.is_some() || request.needs_private_network() => {
            Err(Failure::bad_input(&say::NEEDS_PRIVATE_NETWORK, Values::none()))
        }
        _ if request.wire.is_some() => {
            let mut recording = finish(run_in(Place::Private)?)?;
            for _ in 1..ATTEMPTS {
                if recording.late <= TOLERATED {
                    break;
                }
                recording = finish(run_in(Place::Private)?)?;
            }
            let late = (recording.late > TOLERATED).then_some(&say::WIRE_WAS_LATE);
            Ok(Recording { wire: request.wire.clone(), notice: recording.notice.or(late), ..recording })
        }
        Place::Auto if request.needs_private_network() => finish(run_in(Place::Private)?),
        Place::Private | Place::Host => finish(run_in(request.place)?),
        Place::Auto => match run_in(Place::Private)? {
            Err(refused @ (Trouble::Private(_) | Trouble::PacketSocket { .. })) => match run_in(Place::Host)? {
                // The private network is what was wanted, and its cure is the better one.
                Err(Trouble::PacketSocket { .. }) => Err(refused.into_failure()),
                other => finish(other).map(|recording| Recording { notice: Some(&say::FALLBACK_TO_HOST), ..recording }),
            },
            other => finish(other),
        },
    }
}

fn finish(answer: Answer) -> Result<Recording, Failure> {
    match answer {
        Ok(Some(recording)) if !recording.finished => Ok(Recording { notice: Some(&say::NOT_FINISHED), ..*recording }),
        Ok(Some(recording)) => Ok(*recording),
        Ok(None) => Err(died("0", "")),
        Err(trouble) => Err(trouble.into_failure()),
    }
}

/// Starts a helper and waits for its answer.
pub(crate) fn ask(task: Task, program: &Path) -> Result<Answer, Failure> {
    ask_with(task, program, drop)
}

/// The same for any answer. `feed` is given the helper's standard input, behind the task.
pub(crate) fn ask_with<T: serde::de::DeserializeOwned>(
    task: Task,
    program: &Path,
    feed: impl FnOnce(Box<dyn Write + Send>),
) -> Result<Result<T, Trouble>, Failure> {
    let not_started = |error: &dyn std::fmt::Display| {
        Failure::bad_input(
            &say::HELPER_NOT_STARTED,
            Values::none().words("program", program.display().to_string()).words("error", error.to_string()),
        )
    };
    let shown = matches!(&task, Task::Programs(request) if request.echo);
    let job = postcard::to_stdvec(&Job { parent: std::process::id(), task }).map_err(|error| not_started(&error))?;
    // What programs write is shown as they write it.
    let stderr = if shown { Stdio::inherit() } else { Stdio::piped() };
    let mut command = Command::new(program);
    command.arg(super::HELPER_COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
    let Some((mut child, _listed)) = running::start(&mut command).map_err(|error| not_started(&error))? else {
        return Ok(Err(Trouble::Interrupted));
    };
    // A helper that ends before it has read everything says why in its answer or on standard error.
    if let Some(mut stdin) = child.stdin.take() {
        let length = u32::try_from(job.len()).unwrap_or(u32::MAX).to_le_bytes();
        let _ = stdin.write_all(&length).and_then(|()| stdin.write_all(&job));
        feed(Box::new(stdin));
    }
    let output = child.wait_with_output().map_err(|error| not_started(&error))?;
    read_answer(&output)
}

fn read_answer<T: serde::de::DeserializeOwned>(output: &Output) -> Result<Result<T, Trouble>, Failure> {
    if let Ok(answer) = postcard::from_bytes(&output.stdout)
        && output.status.success()
    {
        return Ok(answer);
    }
    if output.status.signal() == Some(libc::SIGINT) {
        return Ok(Err(Trouble::Interrupted));
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let said = stderr.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).collect::<Vec<_>>().join("; ");
    Err(died(&output.status.to_string(), &said))
}

fn died(status: &str, said: &str) -> Failure {
    Failure {
        exit: Exit::CheckFailed,
        what: &say::HELPER_DIED,
        next: None,
        values: Values::none().words("status", status.to_owned()).words("error", said.to_owned()),
    }
}

/// A task behind its length; what follows is not read.
fn read_job(mut source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    source.read_exact(&mut length)?;
    let mut bytes = Vec::new();
    source.take(u32::from_le_bytes(length).into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}
