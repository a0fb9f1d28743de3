//! Reads from outside, while a thread of CPython stands still in a system call, which line of which file is running.
//!
//! Nothing is believed that is not checked: a code object, a file's name and a table of lines must be of the type that
//! they should be, an instruction must lie in its code, a line in its function. Where anything is otherwise there is no
//! line. What an interpreter does not hold in memory at that moment cannot be told later, so it is read at the call.

mod layout;
mod lines;

pub use layout::Layout;

use self::layout::Frames;
use super::names::is_own;
use super::{Memory, half, word};

/// Interpreters, threads and frames that are looked at.
const MOST_INTERPRETERS: usize = 16;
const MOST_THREADS: usize = 1024;
const MOST_FRAMES: usize = 128;
/// The longest name of a file, and the longest table of lines, in bytes.
const LONGEST_NAME: u64 = 4096;
const LONGEST_TABLE: u64 = 64 * 1024;
/// Every Python object: its type; one of several elements: how many.
const TYPE: usize = 8;
const SIZE: usize = 16;
/// Where the bytes of `bytes` begin, and a string's kind.
const BYTES: usize = 32;
const KIND: usize = 32;
/// Bytes that are read of a frame and of a code object. A frame that is an object is longer.
const FRAME: usize = 72;
const FRAME_OBJECT: usize = 112;
const CODE: usize = 144;

/// An interpreter in a program's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The address of `_PyRuntime`.
    pub runtime: u64,
    /// The addresses of `PyCode_Type`, `PyUnicode_Type`, `PyBytes_Type` and `PyFrame_Type`.
    pub types: [u64; 4],
    /// What lies where.
    pub layout: Layout,
}

/// Who a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The kernel's number.
    pub tid: u64,
    /// What `pthread_self()` returns in it, where that is known.
    pub pthread: Option<u64>,
}

/// A line of a program's own source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file as the interpreter names it.
    pub file: String,
    /// 1-based.
    pub line: u32,
}

fn at(memory: &mut impl Memory, address: u64, offset: usize) -> Option<u64> {
    let mut bytes = [0; 8];
    (address != 0 && memory.read(address.checked_add(offset as u64)?, &mut bytes)).then(|| u64::from_ne_bytes(bytes))
}

impl Interpreter {
    /// The state of a thread: an address that stays the same as long as the thread lives.
    pub fn thread(&self, memory: &mut impl Memory, thread: Thread) -> Option<u64> {
        let layout = &self.layout;
        let mut interpreter = at(memory, self.runtime, layout.head)?;
        for _ in 0..MOST_INTERPRETERS {
            let mut state = at(memory, interpreter, layout.threads)?;
            for _ in 0..MOST_THREADS {
                if state == 0 {
                    break;
                }
                // Whatever this is, it is no list of threads.
                if at(memory, state, layout.thread_interp)? != interpreter {
                    return None;
                }
                if self.is(memory, state, thread) {
                    return Some(state);
                }
                state = at(memory, state, layout.thread_next)?;
            }
            interpreter = at(memory, interpreter, layout.next)?;
        }
        None
    }

    /// Whether this is the thread's state: when the thread has ended, its memory may be another's.
    pub fn is(&self, memory: &mut impl Memory, state: u64, thread: Thread) -> bool {
        match (thread.pthread, self.layout.native_id) {
            (Some(pthread), _) => at(memory, state, self.layout.thread_id) == Some(pthread),
            (None, Some(native)) => at(memory, state, native) == Some(thread.tid),
            (None, None) => false,
        }
    }

    /// The innermost line of the program's own source that the thread of this state is in.
    pub fn line(&self, memory: &mut impl Memory, state: u64) -> Option<Line> {
        let layout = &self.layout;
        let mut frame = at(memory, state, layout.frame)?;
        if let Frames::Nested(current) = layout.frames {
            frame = at(memory, frame, current)?;
        }
        for _ in 0..MOST_FRAMES {
            if frame == 0 {
                return None;
            }
            let mut bytes = [0; FRAME_OBJECT];
            // No more than there is of it: behind the last frame there may be nothing.
            let size = if layout.frames == Frames::Objects { FRAME_OBJECT } else { FRAME };
            if !memory.read(frame, &mut bytes[..size]) {
                return None;
            }
            // A frame that only stands where C code has called the interpreter has no code.
            let between = match layout.owner {
                Some(owner) => match bytes[owner] {
                    0..=2 => false,
                    3 | 4 => true,
                    _ => return None,
                },
                None if word(&bytes, TYPE)? == self.types[3] => false,
                None => return None,
            };
            if !between {
                // Since 3.14 the lowest bits say how the reference is held.
                let code = word(&bytes, layout.code)? & !3;
                let instruction = match layout.frames {
                    Frames::Objects => u64::from(half(&bytes, layout.instruction)?) * layout.step,
                    _ => {
                        word(&bytes, layout.instruction)?.checked_sub(code.checked_add(layout.instructions as u64)?)?
                    }
                };
                let (file, line) = self.code(memory, code, instruction)?;
                if let Some(file) = file {
                    return line.map(|line| Line { file, line });
                }
            }
            frame = word(&bytes, layout.previous)?;
        }
        None
    }

    /// The file of a code object if it is the program's own, and the line of an instruction in it.
    #[allow(clippy::type_complexity, reason = "read once, by the walk above")]
    fn code(&self, memory: &mut impl Memory, code: u64, instruction: u64) -> Option<(Option<String>, Option<u32>)> {
        let layout = &self.layout;
        let mut bytes = [0; CODE];
        if code == 0 || !memory.read(code, &mut bytes) || word(&bytes, TYPE)? != self.types[0] {
            return None;
        }
        let file = self.text(memory, word(&bytes, layout.filename)?)?;
        if !is_own(&file) {
            return Some((None, None));
        }
        // Since 3.11 the instructions are the code object's own elements, of two bytes each.
        if layout.owner.is_some() && (!instruction.is_multiple_of(2) || instruction / 2 >= word(&bytes, SIZE)?) {
            return None;
        }
        let table = self.bytes(memory, word(&bytes, layout.table)?)?;
        let first = half(&bytes, layout.first_line)?;
        Some((Some(file), lines::line(layout.lines, &table, first, instruction)))
    }

    /// The value of a `str`.
    fn text(&self, memory: &mut impl Memory, address: u64) -> Option<String> {
        let mut head = [0; 40];
        if address == 0 || !memory.read(address, &mut head) || word(&head, TYPE)? != self.types[1] {
            return None;
        }
        let state = half(&head, KIND)?;
        let (kind, is_compact, ascii) = (state >> 2 & 7, state >> 5 & 1, state >> 6 & 1);
        let len = word(&head, SIZE)?;
        let size = len.checked_mul(kind.into()).filter(|size| (1..=LONGEST_NAME).contains(size))?;
        let begin = if ascii == 1 { self.layout.ascii } else { self.layout.compact };
        if is_compact == 0 {
            return None;
        }
        let mut data = vec![0; usize::try_from(size).ok()?];
        if !memory.read(address.checked_add(begin as u64)?, &mut data) {
            return None;
        }
        let pairs = |bytes: &[u8]| bytes.chunks_exact(2).map(|b| u16::from_ne_bytes([b[0], b[1]]).into()).collect();
        let points: Vec<u32> = match kind {
            1 => data.iter().copied().map(u32::from).collect(),
            2 => pairs(&data),
            4 => data.chunks_exact(4).map(|b| u32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect(),
            _ => return None,
        };
        points
            .into_iter()
            .map(char::from_u32)
            .collect::<Option<String>>()
            .filter(|text| !text.contains(char::is_control))
    }

    /// The value of a `bytes`.
    fn bytes(&self, memory: &mut impl Memory, address: u64) -> Option<Vec<u8>> {
        let mut head = [0; 24];
        if address == 0 || !memory.read(address, &mut head) || word(&head, TYPE)? != self.types[2] {
            return None;
        }
        let size = word(&head, SIZE)?;
        let mut data = vec![0; usize::try_from(Some(size).filter(|size| *size <= LONGEST_TABLE)?).ok()?];
        memory.read(address.checked_add(BYTES as u64)?, &mut data).then_some(data)
    }
}

/// The version of an interpreter from the name of its file: `python3.10`, `libpython3.10.so.1.0`.
#[must_use]
pub fn version_in_name(name: &str) -> Option<u8> {
    let digits = name.split("python3.").nth(1)?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests;
