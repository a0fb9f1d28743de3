//! Where CPython keeps what: offsets in bytes into its structures, by version, on machines with 64 bits.
//!
//! Since 3.13 an interpreter tells them itself (`_Py_DebugOffsets`, the first bytes of `_PyRuntime`). Those of 3.8 to
//! 3.12 are fixed within a minor version and were taken from its headers with `offsetof`.

use super::super::{Memory, word};

/// How the line of an instruction is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// `co_lnotab`, to 3.9.
    Lnotab,
    /// `co_linetable` of 3.10.
    Deltas,
    /// `co_linetable` since 3.11.
    Locations,
}

/// How a thread's innermost frame is found, and what a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// `tstate->frame`, a Python object; the place of the next instruction is a number. To 3.10.
    Objects,
    /// `tstate->cframe->current_frame`, and there at this offset. 3.11 and 3.12.
    Nested(usize),
    /// `tstate->current_frame`. Since 3.13.
    Direct,
}

/// The offsets of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// `_PyRuntimeState.interpreters.head`
    pub head: usize,
    /// `PyInterpreterState.next`
    pub next: usize,
    /// `PyInterpreterState.threads.head`
    pub threads: usize,
    /// `PyThreadState.next`
    pub thread_next: usize,
    /// `PyThreadState.interp`
    pub thread_interp: usize,
    /// `PyThreadState.thread_id`: what `pthread_self()` returns there.
    pub thread_id: usize,
    /// `PyThreadState.native_thread_id`: the kernel's number.
    pub native_id: Option<usize>,
    /// How frames are found.
    pub frames: Frames,
    /// In the thread's state: what leads to its frame.
    pub frame: usize,
    /// The frame that called.
    pub previous: usize,
    /// The code of a frame.
    pub code: usize,
    /// Its instruction: an address, or in a frame that is an object the number of it (`f_lasti`).
    pub instruction: usize,
    /// `_PyInterpreterFrame.owner`
    pub owner: Option<usize>,
    /// `PyCodeObject.co_filename`
    pub filename: usize,
    /// `PyCodeObject.co_firstlineno`
    pub first_line: usize,
    /// `PyCodeObject.co_linetable` or `co_lnotab`
    pub table: usize,
    /// `PyCodeObject.co_code_adaptive`: the first instruction.
    pub instructions: usize,
    /// What the table is.
    pub lines: Lines,
    /// Bytes that one step of `f_lasti` is.
    pub step: u64,
    /// Size of `PyASCIIObject` and `PyCompactUnicodeObject`: where characters begin.
    pub ascii: usize,
    /// The same of strings that are not ASCII.
    pub compact: usize,
}

/// 3.8 and 3.9.
const OLD: Layout = Layout {
    head: 32,
    next: 0,
    threads: 8,
    thread_next: 8,
    thread_interp: 16,
    thread_id: 176,
    native_id: None,
    frames: Frames::Objects,
    frame: 24,
    previous: 24,
    code: 32,
    instruction: 104,
    owner: None,
    filename: 104,
    first_line: 40,
    table: 120,
    instructions: 0,
    lines: Lines::Lnotab,
    step: 1,
    ascii: 48,
    compact: 72,
};
const V10: Layout = Layout { instruction: 96, lines: Lines::Deltas, step: 2, ..OLD };
const V11: Layout = Layout {
    head: 40,
    threads: 16,
    thread_id: 152,
    native_id: Some(160),
    frames: Frames::Nested(8),
    frame: 56,
    previous: 48,
    code: 32,
    instruction: 56,
    owner: Some(69),
    filename: 112,
    first_line: 72,
    table: 136,
    instructions: 184,
    lines: Lines::Locations,
    ..OLD
};
const V12: Layout = Layout {
    threads: 72,
    thread_id: 136,
    native_id: Some(144),
    frames: Frames::Nested(0),
    previous: 8,
    code: 0,
    owner: Some(70),
    first_line: 68,
    instructions: 192,
    ascii: 40,
    compact: 56,
    ..V11
};

/// What `_PyRuntime` begins with when it describes itself.
const COOKIE: &[u8; 8] = b"xdebugpy";
/// Offsets that are larger than this are none.
const LARGEST: u64 = 1 << 20;

impl Layout {
    /// Of this version (the second number of 3.x), where it is known; `runtime` is the address of `_PyRuntime`.
    pub fn of(minor: u8, runtime: u64, memory: &mut impl Memory) -> Option<Layout> {
        match minor {
            8 | 9 => Some(OLD),
            10 => Some(V10),
            11 => Some(V11),
            12 => Some(V12),
            13 => Layout::told(runtime, memory),
            _ => None,
        }
    }

    /// As the interpreter of 3.13 tells it.
    fn told(runtime: u64, memory: &mut impl Memory) -> Option<Layout> {
        let mut table = [0; 584];
        if !memory.read(runtime, &mut table) || &table[..8] != COOKIE || word(&table, 8)? >> 16 != 0x030d {
            return None;
        }
        // Without its global lock an interpreter keeps more than one copy of its code.
        if word(&table, 16)? != 0 {
            return None;
        }
        let at = |index: usize| -> Option<usize> {
            let offset = word(&table, index * 8).filter(|offset| *offset < LARGEST)?;
            usize::try_from(offset).ok()
        };
        Some(Layout {
            head: at(5)?,
            next: at(8)?,
            threads: at(9)?,
            thread_next: at(21)?,
            thread_interp: at(22)?,
            frames: Frames::Direct,
            frame: at(23)?,
            thread_id: at(24)?,
            native_id: Some(at(25)?),
            previous: at(29)?,
            code: at(30)?,
            instruction: at(31)?,
            owner: Some(at(33)?),
            filename: at(35)?,
            table: at(38)?,
            first_line: at(39)?,
            instructions: at(43)?,
            ascii: at(70)?,
            ..V12
        })
    }
}
