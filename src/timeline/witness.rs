//! What was seen of the programs beside their packets: calls, which packet each of them made, output, and what went wrong.

use rustc_hash::FxHashMap;

use super::{Call, Deed};
use crate::annotate::Certainty;
use crate::frame::Time;
use crate::language::messages::{Message, findings as say};
use crate::language::{Lang, Values};
use crate::track::{ConnId, Side};

/// Who made a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The system call of this id.
    Call(u32),
    /// The kernel on its own, because of that frame where there is one: ACKs, SYN-ACKs, repetitions, answers.
    Kernel(Option<u64>),
    /// The end of a process that had left the socket open.
    Exit,
}

/// A system call with what is known beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSeen {
    /// The call.
    pub call: Call,
    /// The connection that its socket belongs to.
    pub conn: Option<ConnId>,
    /// Which end of it.
    pub end: Option<Side>,
    /// The frames that it made, in order.
    pub frames: Vec<u64>,
    /// Those of them that left after it had returned.
    pub deferred: Vec<u64>,
    /// It had not returned when the programs were told to end.
    pub cut: bool,
    /// It was made after that.
    pub late: bool,
    /// It is about a socket that was closed again without having been used.
    pub unused: bool,
}

impl CallSeen {
    /// When a reader should see it: what takes data or a connection shows when it has it, everything else when it begins.
    #[must_use]
    pub fn shown_at(&self) -> Time {
        let takes = matches!(self.call.deed, Deed::Receive { .. } | Deed::Accept { .. });
        self.call.exit.filter(|_| takes && !self.cut).unwrap_or(self.call.entry)
    }
}

/// A system call among the events.
#[derive(Clone, Copy, Debug)]
pub struct CallEvent<'a> {
    /// The call.
    pub seen: &'a CallSeen,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(&'static str),
}

/// The names of the signals that end programs.
pub const SIGNALS: [&str; 18] = [
    "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGUSR2",
    "SIGSEGV", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSYS", "SIGXCPU", "SIGXFSZ",
];

/// One of the user's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Which end it was; none where it was both.
    pub side: Option<Side>,
    /// Its first process.
    pub pid: u32,
    /// As the user wrote it.
    pub command: String,
    /// How it ended; none where that was not seen.
    pub end: Option<End>,
    /// It was told to end, so that its end says nothing of it.
    pub stopped: bool,
    /// What it wrote.
    pub output: String,
    /// It wrote more than is kept.
    pub more: bool,
    /// So many bytes of the output came before it was told to end.
    pub before_stop: usize,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Works here, and will not always.
    Warning,
    /// It does not work.
    Error,
}

impl Level {
    /// As the records spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Something that went wrong in a program, with its evidence.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its stable name.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whose mistake.
    pub side: Option<Side>,
    /// On which connection.
    pub conn: Option<ConnId>,
    /// The sentence.
    pub text: &'static Message,
    /// Its values.
    pub values: Values,
    /// Frames that show it.
    pub frames: Vec<u64>,
    /// Calls that show it.
    pub calls: Vec<u32>,
    /// Where in the programs' source that is, as far as it is known.
    pub places: Vec<Place>,
}

/// A line of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File and line: `server.py:14`.
    pub source: String,
    /// The name that programs use for the call that it makes: `send`.
    pub call: Option<String>,
}

impl Finding {
    /// What is wrong, and which line of the program does it.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let sentence = self.text.text.fill(lang, &self.values);
        let places: Vec<String> = self
            .places
            .iter()
            .map(|place| match &place.call {
                Some(call) => {
                    let values = Values::none().words("source", place.source.clone()).words("call", call.clone());
                    say::PLACE.text.fill(lang, &values)
                }
                None => place.source.clone(),
            })
            .collect();
        if places.is_empty() { sentence } else { format!("{sentence} ({})", places.join(", ")) }
    }
}

/// Everything that was seen of the programs.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// The calls, in the order of entry.
    pub calls: Vec<CallSeen>,
    /// By frame: who made it.
    pub owners: FxHashMap<u64, Owner>,
    /// The programs that were started.
    pub programs: Vec<Program>,
    /// What went wrong, the worst first.
    pub findings: Vec<Finding>,
    /// When the programs were told to end, if they were.
    pub stopped: Option<Time>,
}
