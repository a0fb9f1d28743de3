//! What was seen of an exchange beside its packets, and how it travels in a capture file: one JSON object a line.
//!
//! Only what was seen is kept. Which call made which packet and what went wrong is concluded from the packets each time,
//! so that both stay true when another program has taken packets out of the file.

use serde::{Deserialize, Serialize};

use crate::analysis::{self, Request, Stopped};
use crate::calls::findings::{self, Facts};
use crate::calls::owner;
use crate::calls::survey::Survey;
use crate::calls::unused;
use crate::decode::plain::PlainSource;
use crate::frame::Time;
use crate::report::Settings;
use crate::timeline::{Call, Deed, End, Program, SIGNALS, Tally, Trace, Traced, Witness, Witnessed};
use crate::track::Side;

pub use crate::calls::findings::Reach;

/// The number of this layout.
const VERSION: u32 = 1;
/// So many of each kind are believed; a live run notes no more.
const MOST_CALLS: usize = 100_000;
const MOST_WORDS: usize = 10_000;
const MOST_PROGRAMS: usize = 1_000;
const MOST_TALLIES: usize = 16;
/// No kernel has so many counters.
const MOST_COUNTERS: usize = 1_000;
/// The longest name of a system call or of a reason that is believed.
const NAME: usize = 64;
/// The most bytes that one call is believed to have moved.
const MOST_BYTES: u64 = 1 << 40;
/// Calls times connections for which conclusions are drawn: each connection looks at each call.
const MOST_PAIRS: usize = 1_000_000_000;

/// What was seen beside the packets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// What on the machine decides how the packets look.
    pub settings: Option<Settings>,
    /// Packets that the kernel dropped, where it can tell.
    pub dropped: Option<u64>,
    /// The demo that it was.
    pub demo: Option<Demo>,
    /// The calls of the programs, in the order of entry.
    pub calls: Vec<Call>,
    /// What the kernel said of the sockets, in the order of time.
    pub words: Vec<Witnessed>,
    /// What tracepoints of the kernel told, in the order of time.
    pub traces: Vec<Trace>,
    /// What the kernels counted all the while.
    pub counted: Vec<Tally>,
    /// The user's programs.
    pub programs: Vec<Program>,
    /// When and why they were told to end, if they were.
    pub stopped: Option<Halt>,
    /// What the tracer could not see.
    pub unseen: Unseen,
    /// What the programs could reach.
    pub reach: Reach,
}

/// A demo by its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// The scenario.
    pub scenario: String,
    /// The variant.
    pub variant: String,
    /// How many clients took part.
    pub clients: u16,
    /// The scenario's question closed the view.
    pub question: bool,
    /// Its answer, too.
    pub answer: bool,
}

/// The end of programs that was not their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// When they were told.
    pub at: Time,
    /// Not because all clients had ended: the time was up, or somebody interrupted.
    pub early: bool,
}

/// What the tracer could not see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// Calls that were not noted because there were too many.
    pub missed: u64,
    /// A program used `io_uring`, whose operations cannot be seen.
    pub io_uring: bool,
}

/// One line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Beside(u32),
    Settings(Settings),
    Dropped(u64),
    Demo(Demo),
    Stopped(Halt),
    Unseen(Unseen),
    Reach(Reach),
    Program(Told),
    Call(Call),
    Socket(Witnessed),
    Trace(Trace),
    Counter(Tally),
}

/// A program as it is written.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    side: Option<Side>,
    pid: u32,
    command: String,
    #[serde(default)]
    exit: Option<i32>,
    #[serde(default)]
    signal: Option<String>,
    stopped: bool,
    output: String,
    more: bool,
    before_stop: usize,
}

impl Told {
    fn of(program: &Program) -> Told {
        let (exit, signal) = match program.end {
            Some(End::Exit(code)) => (Some(code), None),
            Some(End::Signal(name)) => (None, Some(name.to_owned())),
            None => (None, None),
        };
        Told {
            side: program.side,
            pid: program.pid,
            command: program.command.clone(),
            exit,
            signal,
            stopped: program.stopped,
            output: program.output.clone(),
            more: program.more,
            before_stop: program.before_stop,
        }
    }

    fn program(self) -> Program {
        let signal = |name: &str| SIGNALS.iter().find(|known| **known == name).copied().unwrap_or("SIG?");
        Program {
            side: self.side,
            pid: self.pid,
            command: self.command,
            end: self.exit.map(End::Exit).or_else(|| self.signal.map(|name| End::Signal(signal(&name)))),
            stopped: self.stopped,
            output: self.output,
            more: self.more,
            before_stop: self.before_stop,
        }
    }
}

impl Beside {
    /// True when there is nothing but packets.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Beside::default()
    }

    /// The lines, each with its end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        line(&mut out, "beside", &VERSION);
        optional(&mut out, "settings", self.settings.as_ref());
        optional(&mut out, "dropped", self.dropped.as_ref());
        optional(&mut out, "demo", self.demo.as_ref());
        optional(&mut out, "stopped", self.stopped.as_ref());
        optional(&mut out, "unseen", Some(&self.unseen).filter(|unseen| **unseen != Unseen::default()));
        optional(&mut out, "reach", Some(&self.reach).filter(|reach| **reach != Reach::Private));
        for program in &self.programs {
            line(&mut out, "program", &Told::of(program));
        }
        for call in &self.calls {
            line(&mut out, "call", call);
        }
        for word in &self.words {
            line(&mut out, "socket", word);
        }
        for trace in &self.traces {
            line(&mut out, "trace", trace);
        }
        for tally in &self.counted {
            line(&mut out, "counter", tally);
        }
        out
    }

    /// Reads what [`Beside::text`] has written, and how many lines could not be understood: damaged ones, or those of a
    /// later netscope. Of a later layout nothing is believed, and nothing of several runs that were merged into one file.
    #[must_use]
    pub fn read(text: &str) -> (Beside, u64) {
        let mut beside = Beside::default();
        let (mut begun, mut unknown) = (0, 0);
        for line in text.lines() {
            match serde_json::from_str(line) {
                Ok(Line::Beside(VERSION)) => begun += 1,
                // Without the first line nothing can be told of the others.
                _ if begun == 0 => break,
                Ok(line) => unknown += u64::from(!beside.take(line)),
                Err(_) => unknown += 1,
            }
        }
        if begun != 1 {
            return (Beside::default(), text.lines().count() as u64);
        }
        // Foreign hands may have mixed them.
        beside.calls.sort_by_key(|call| (call.entry, call.id));
        beside.words.sort_by_key(|word| word.time);
        beside.traces.sort_by_key(|trace| trace.time);
        beside.counted.sort_by_key(|tally| tally.time);
        (beside, unknown)
    }

    fn take(&mut self, line: Line) -> bool {
        match line {
            Line::Settings(settings) => self.settings = Some(settings),
            Line::Dropped(dropped) => self.dropped = Some(dropped),
            Line::Demo(demo) => self.demo = Some(demo),
            Line::Stopped(halt) => self.stopped = Some(halt),
            Line::Unseen(unseen) => self.unseen = unseen,
            Line::Reach(reach) => self.reach = reach,
            Line::Program(told) if self.programs.len() < MOST_PROGRAMS => self.programs.push(told.program()),
            Line::Call(call) if self.calls.len() < MOST_CALLS && is_believed(&call) => self.calls.push(call),
            Line::Socket(word) if self.words.len() < MOST_WORDS => self.words.push(word),
            Line::Trace(trace) if self.traces.len() < MOST_WORDS && is_known(&trace.what) => self.traces.push(trace),
            Line::Counter(tally) if self.counted.len() < MOST_TALLIES && is_counted(&tally) => self.counted.push(tally),
            Line::Beside(_)
            | Line::Program(_)
            | Line::Call(_)
            | Line::Socket(_)
            | Line::Trace(_)
            | Line::Counter(_) => return false,
        }
        true
    }

    /// Who made which packet, and what went wrong in the programs: concluded from the packets, all of which are read.
    /// None when there are too many connections and calls for that.
    ///
    /// # Errors
    /// None of its own: those of [`analysis::run`].
    pub fn witness(&self, frames: &mut dyn PlainSource) -> Result<Option<Witness>, Stopped> {
        if self.calls.is_empty() && self.programs.is_empty() {
            return Ok(None);
        }
        let mut survey = Survey::default();
        analysis::run(frames, Request::default(), &mut survey)?;
        if self.calls.len().saturating_mul(survey.connections.len()) > MOST_PAIRS {
            return Ok(None);
        }
        let mut matched = owner::find(&self.calls, &survey.packets);
        let stopped = self.stopped.map(|halt| halt.at);
        if let Some(at) = stopped {
            for seen in &mut matched.calls {
                seen.late = seen.call.entry >= at;
                seen.cut = !seen.late && seen.call.deed != Deed::Exit && seen.call.exit.is_none_or(|exit| exit >= at);
            }
        }
        unused::mark(&mut matched.calls);
        let mut witness = Witness {
            calls: matched.calls,
            owners: matched.owners,
            programs: self.programs.clone(),
            findings: Vec::new(),
            stopped,
        };
        // Of a demo nothing is found: its programs do what they are to show.
        if !self.programs.is_empty() {
            witness.findings = findings::find(&Facts {
                calls: &witness.calls,
                packets: &survey.packets,
                owners: &witness.owners,
                connections: &survey.connections,
                programs: &witness.programs,
                stopped,
                time_up: self.stopped.is_some_and(|halt| halt.early),
                reach: self.reach,
            });
        }
        Ok(Some(witness))
    }
}

/// A name as the kernel gives them.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=NAME).contains(&name.len()) && name.bytes().all(plain)
}

/// What a tracepoint can have told.
fn is_known(traced: &Traced) -> bool {
    !matches!(traced, Traced::Reset { reason: Some(reason) } if !is_name(reason))
}

/// Counters with names as kernels have them.
fn is_counted(tally: &Tally) -> bool {
    tally.moved.len() <= MOST_COUNTERS && tally.moved.iter().all(|(name, _)| is_name(name))
}

/// A name as system calls have them, and numbers that can be added up.
fn is_believed(call: &Call) -> bool {
    let sizes = if let Deed::Send { sizes, .. } = &call.deed { sizes.as_slice() } else { &[] };
    is_name(&call.name)
        && call.returned().is_none_or(|result| result.unsigned_abs() <= MOST_BYTES)
        && sizes.iter().all(|size| *size <= MOST_BYTES)
}

fn line(out: &mut String, kind: &str, value: &impl Serialize) {
    // Nothing here has keys that are no text, which is all that could fail.
    if let Ok(value) = serde_json::to_string(value) {
        out.push_str("{\"");
        out.push_str(kind);
        out.push_str("\":");
        out.push_str(&value);
        out.push_str("}\n");
    }
}

fn optional(out: &mut String, kind: &str, value: Option<&impl Serialize>) {
    if let Some(value) = value {
        line(out, kind, value);
    }
}

#[cfg(test)]
mod tests;
