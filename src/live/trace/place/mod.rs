//! Which line of its own source a program is in when it makes a call, read from outside while it stands still.
//!
//! Of CPython the frames are read from its memory, at once: later they are gone. Of a compiled program the return
//! addresses are kept, and its debug information names them when the run is over.

mod image;
mod remote;
mod resolve;
#[cfg(target_arch = "x86_64")]
mod stack;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use self::image::{Binaries, Mapped, Version};
use self::remote::{Habit, Whole};
use crate::calls::source::Memory as _;
use crate::calls::source::python::{Interpreter, Layout, Line, Reading, Thread};
use crate::timeline::Call;

/// How often a thread is looked for among an interpreter's; one of C code never is one.
const TRIES: u8 = 4;
/// How often the files of a process are looked for anew.
const LOOKS: u8 = 8;

/// What a process is.
enum Process {
    Python(Interpreter),
    #[cfg(target_arch = "x86_64")]
    Compiled {
        unwinding: stack::Unwinding,
        looks: u8,
    },
    /// Nothing that could tell a line.
    Silent,
}

/// What is known of a thread of Python.
#[derive(Default)]
struct Known {
    /// By the number of the system call: each is mostly made from a place of its own.
    habits: FxHashMap<i64, Habit>,
    pthread: Option<u64>,
    state: Option<u64>,
    tries: u8,
}

impl Known {
    /// The place where the thread last made this call, if nothing has changed since.
    fn again(&mut self, tid: i32, number: i64) -> Option<usize> {
        let state = self.state?;
        self.habits.get_mut(&number)?.again(tid, state)
    }
}

/// Where a call was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    Line {
        file: String,
        line: u32,
    },
    /// Addresses in files, the innermost first.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "nothing is unwound there yet"))]
    Frames(Vec<Frame>),
}

/// An address in a program's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Frame {
    /// The number of the file.
    binary: u32,
    /// As the file wants it; of a call the last byte of its instruction.
    address: u64,
    /// It is taken from the stack as the place of a call.
    returns: bool,
}

/// The places of all calls.
#[derive(Default)]
pub(super) struct Places {
    binaries: Binaries,
    #[cfg(target_arch = "x86_64")]
    sections: stack::Sections,
    processes: FxHashMap<i32, Process>,
    threads: FxHashMap<i32, Known>,
    /// Each place once, and by call which of them.
    numbers: FxHashMap<Rc<Place>, usize>,
    found: Vec<Rc<Place>>,
    calls: Vec<(usize, usize)>,
}

impl Places {
    /// A thread stands at the entry of this call, a system call of this number.
    pub(super) fn note(&mut self, tid: i32, pid: i32, number: i64, call: usize) {
        if let Some(place) = self.threads.get_mut(&tid).and_then(|known| known.again(tid, number)) {
            return self.calls.push((call, place));
        }
        let Some((place, whole)) = self.place(tid, pid, number) else { return };
        let place = self.numbers.get(&place).copied().unwrap_or_else(|| {
            let place = Rc::new(place);
            self.found.push(Rc::clone(&place));
            self.numbers.insert(place, self.found.len() - 1);
            self.found.len() - 1
        });
        self.calls.push((call, place));
        let habit = self.threads.get_mut(&tid).and_then(|known| known.habits.get_mut(&number));
        if let (Some(habit), Some(whole)) = (habit, whole) {
            habit.keep(whole, place);
        }
    }

    /// A process runs another program from now on.
    pub(super) fn forget(&mut self, pid: i32) {
        self.processes.remove(&pid);
        self.threads.remove(&pid);
    }

    /// A thread has ended.
    pub(super) fn ended(&mut self, tid: i32) {
        self.forget(tid);
    }

    /// Tells every call its line.
    pub(super) fn tell(self, calls: &mut [Call]) {
        let lines = resolve::lines(&self.found, &self.binaries);
        for (call, place) in self.calls {
            if let (Some(call), Some(line)) = (calls.get_mut(call), lines.get(place)) {
                call.source.clone_from(line);
            }
        }
    }

    fn place(&mut self, tid: i32, pid: i32, number: i64) -> Option<(Place, Option<Whole>)> {
        if !self.processes.contains_key(&pid) {
            let process = self.look(pid);
            self.processes.insert(pid, process);
        }
        match self.processes.get_mut(&pid)? {
            Process::Python(interpreter) => {
                let interpreter = *interpreter;
                let (found, whole) = line(&interpreter, tid, number, self.threads.entry(tid).or_default())?;
                Some((Place::Line { file: found.file, line: found.line }, whole))
            }
            #[cfg(target_arch = "x86_64")]
            Process::Compiled { unwinding, looks } => {
                let registers = remote::registers(tid)?;
                if !unwinding.knows(&registers) && *looks < LOOKS {
                    *looks += 1;
                    let mapped = Rc::new(self.binaries.mapped(pid));
                    *unwinding = stack::Unwinding::new(mapped, &mut self.sections)?;
                }
                Some(Place::Frames(unwinding.frames(tid, &registers)))
                    .filter(|place| *place != Place::Frames(Vec::new()))
                    .map(|place| (place, None))
            }
            Process::Silent => None,
        }
    }

    /// What a process is, by the files in its memory.
    fn look(&mut self, pid: i32) -> Process {
        let mapped = self.binaries.mapped(pid);
        if let Some(interpreter) = mapped.iter().find_map(|mapped| interpreter(pid, mapped)) {
            return Process::Python(interpreter);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(unwinding) = stack::Unwinding::new(Rc::new(mapped), &mut self.sections) {
            return Process::Compiled { unwinding, looks: 0 };
        }
        Process::Silent
    }
}

/// CPython, where this file is one whose version is known.
fn interpreter(pid: i32, mapped: &Mapped) -> Option<Interpreter> {
    let python = mapped.binary.python?;
    let there = |address: u64| address.wrapping_add(mapped.bias);
    let mut habit = Habit::default();
    let mut memory = remote::Stopped::new(pid, &mut habit);
    let minor = match python.version {
        Version::Named(minor) => minor,
        Version::At(address) => {
            let mut bytes = [0; 8];
            // 0x030b02f0 is 3.11.2.
            let version = memory.read(there(address), &mut bytes).then(|| u64::from_ne_bytes(bytes))?;
            if version >> 24 != 3 {
                return None;
            }
            u8::try_from(version >> 16 & 0xff).ok()?
        }
    };
    let runtime = there(python.runtime);
    let layout = Layout::of(minor, runtime, &mut memory)?;
    Some(Interpreter { runtime, types: python.types.map(there), layout })
}

/// The line that a thread of Python is in.
fn line(interpreter: &Interpreter, tid: i32, number: i64, known: &mut Known) -> Option<(Line, Option<Whole>)> {
    if known.pthread.is_none() {
        known.pthread = remote::registers(tid).map(|registers| registers.thread);
    }
    let thread = Thread { tid: u64::try_from(tid).ok()?, pthread: known.pthread };
    if known.state.is_none() {
        if known.tries >= TRIES {
            return None;
        }
        known.tries += 1;
        let mut none = Habit::default();
        known.state = interpreter.thread(&mut remote::Stopped::new(tid, &mut none), thread);
    }
    let state = known.state?;
    let habit = known.habits.entry(number).or_default();
    let mut memory = remote::Stopped::new(tid, habit);
    match interpreter.line(&mut memory, state, thread) {
        Reading::Line(line) => Some((line, memory.whole())),
        Reading::Unknown => None,
        Reading::Gone => {
            // Looked for again the next time.
            known.state = None;
            None
        }
    }
}
