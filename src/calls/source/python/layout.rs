//! Where CPython keeps what: offsets in bytes into its structures, by version, on machines with 64 bits.
//!
//! Since 3.13 an interpreter tells them itself (`_Py_DebugOffsets` in `pycore_debug_offsets.h`, the first bytes of
//! `_PyRuntime`). Those of 3.8 to 3.12 are fixed within a minor version and were taken from its headers with `offsetof`.

use super::super::{Memory, word};
use super::{BYTES, CODE, FRAME, KIND, SIZE, TYPE};

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
            13 | 14 => Layout::told(minor, runtime, memory),
            _ => None,
        }
    }

    /// As the interpreter tells it: numbers of eight bytes, whose order is fixed within a minor version.
    fn told(minor: u8, runtime: u64, memory: &mut impl Memory) -> Option<Layout> {
        let mut table = [0; 81 * 8];
        let order = if minor == 13 { &ORDER_13 } else { &ORDER_14 };
        let used = (order.unicode + 4) * 8;
        if !memory.read(runtime, &mut table[..used]) || &table[..8] != COOKIE {
            return None;
        }
        // Without its global lock an interpreter keeps more than one copy of its code.
        if word(&table, 8)? >> 16 != 0x0300 | u64::from(minor) || word(&table, 16)? != 0 {
            return None;
        }
        let at = |index: usize| -> Option<usize> {
            let offset = word(&table, index * 8).filter(|offset| *offset < LARGEST)?;
            usize::try_from(offset).ok()
        };
        // What never changes stands where it is looked for, so that the rest does, too.
        let fixed = [
            at(order.object + 1)? == TYPE,
            at(order.bytes + 1)? == SIZE,
            at(order.bytes + 2)? == BYTES,
            at(order.unicode + 1)? == KIND,
            at(order.unicode + 2)? == SIZE,
        ];
        if fixed.contains(&false) {
            return None;
        }
        let (thread, frame, code) = (order.thread, order.frame, order.code);
        let ascii = at(order.unicode + 3).filter(|size| *size < 128)?;
        let layout = Layout {
            head: at(5)?,
            next: at(8)?,
            threads: at(9)?,
            thread_next: at(thread + 2)?,
            thread_interp: at(thread + 3)?,
            frames: Frames::Direct,
            frame: at(thread + 4)?,
            thread_id: at(thread + 5)?,
            native_id: Some(at(thread + 6)?),
            previous: at(frame + 1)?,
            code: at(frame + 2)?,
            instruction: at(frame + 3)?,
            owner: Some(at(frame + 5)?),
            filename: at(code + 1)?,
            table: at(code + 4)?,
            first_line: at(code + 5)?,
            instructions: at(code + 9)?,
            ascii,
            // Two more words: the length and the address of what it is in UTF-8.
            compact: ascii + 16,
            ..V12
        };
        Some(layout).filter(Layout::fits)
    }

    /// Whether what is read of a frame and of a code object holds what is looked for.
    fn fits(&self) -> bool {
        let words = [self.previous, self.code, self.instruction];
        words.into_iter().all(|at| at + 8 <= FRAME)
            && self.owner.is_none_or(|owner| owner < FRAME)
            && [self.filename, self.table, self.first_line].into_iter().all(|at| at + 8 <= CODE)
    }
}

/// Where in `_Py_DebugOffsets` the parts begin, in words.
struct Order {
    thread: usize,
    frame: usize,
    code: usize,
    object: usize,
    bytes: usize,
    unicode: usize,
}

const ORDER_13: Order = Order { thread: 19, frame: 28, code: 34, object: 44, bytes: 64, unicode: 67 };
const ORDER_14: Order = Order { thread: 22, frame: 31, code: 39, object: 50, bytes: 74, unicode: 77 };
