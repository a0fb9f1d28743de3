//! An interpreter made of bytes.

use std::collections::BTreeMap;

use super::{Interpreter, Layout, Line, Memory, Thread};

/// Blocks of memory by their addresses.
#[derive(Clone, Default)]
struct Blocks(BTreeMap<u64, Vec<u8>>);

impl Memory for Blocks {
    fn read(&mut self, address: u64, into: &mut [u8]) -> bool {
        let Some((begin, block)) = self.0.range(..=address).next_back() else { return false };
        let at = usize::try_from(address - begin).unwrap();
        let Some(bytes) = block.get(at..at + into.len()) else { return false };
        into.copy_from_slice(bytes);
        true
    }
}

impl Blocks {
    fn put(&mut self, block: u64, at: usize, value: u64) {
        self.0.get_mut(&block).unwrap()[at..at + 8].copy_from_slice(&value.to_ne_bytes());
    }
}

const RUNTIME: u64 = 0x1000;
const INTERP: u64 = 0x2000;
const OTHER: u64 = 0x3000;
const STATE: u64 = 0x4000;
const BETWEEN: u64 = 0x5000;
const FRAME: u64 = 0x6000;
const CODE: u64 = 0x7000;
const FILE: u64 = 0x8000;
const TABLE: u64 = 0x9000;
const NESTED: u64 = 0xa000;
const TYPES: [u64; 4] = [0xf010, 0xf020, 0xf030, 0xf040];
const ME: Thread = Thread { tid: 77, pthread: None };

/// Words of `_Py_DebugOffsets` of 3.13 with the offsets that 3.12 has, and the one of 3.14 with more in between.
fn told(minor: u64) -> Vec<u64> {
    let (interp, frame, code, set): (&[u64], &[u64], &[u64], &[u64]) =
        if minor == 13 { (&[], &[], &[], &[]) } else { (&[0, 0, 0], &[0, 0], &[0], &[0; 4]) };
    let parts: [&[u64]; 20] = [
        &[u64::from_ne_bytes(*b"xdebugpy"), 0x0300_00f0 | minor << 16, 0],
        &[0, 0, 1024],
        &[0, 0, 0, 72, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        interp,
        &[0, 0, 8, 16, 72, 136, 144, 0, 0],
        &[0, 8, 0, 56, 72, 70],
        frame,
        &[0, 112, 0, 0, 136, 68, 0, 0, 0, 192],
        code,
        &[16, 8],
        &[0, 0, 0, 0],
        &[0, 0, 0],
        &[0, 0, 0],
        set,
        &[0, 0, 0],
        &[0, 0],
        &[0, 0, 0],
        &[0, 16, 32],
        &[0, 32, 16, 40],
        &[0; 20],
    ];
    parts.concat()
}

/// One thread in a line of a library, called from line 8 of `/a/b.py`, and another thread before it.
fn blocks(minor: u64) -> (Blocks, Interpreter) {
    let mut memory = Blocks::default();
    for address in [RUNTIME, INTERP, OTHER, STATE, BETWEEN, FRAME, CODE, FILE, TABLE, NESTED] {
        memory.0.insert(address, vec![0; 0x800]);
    }
    let head = if minor >= 13 { 1024 } else { 40 };
    for (at, word) in told(minor).into_iter().enumerate().filter(|_| minor >= 13) {
        memory.put(RUNTIME, at * 8, word);
    }
    memory.put(RUNTIME, head, INTERP);
    memory.put(INTERP, 72, OTHER);
    for (state, tid, next) in [(OTHER, 76, STATE), (STATE, 77, 0)] {
        memory.put(state, 8, next);
        memory.put(state, 16, INTERP);
        memory.put(state, 144, tid);
    }
    memory.put(STATE, 72, BETWEEN);
    memory.put(STATE, 56, NESTED);
    memory.put(NESTED, 0, BETWEEN);
    // A frame without code, as C code leaves it.
    memory.put(BETWEEN, 8, FRAME);
    memory.put(BETWEEN, 64, 3 << 48);
    memory.put(FRAME, 0, CODE | u64::from(minor == 14));
    memory.put(FRAME, 56, CODE + 192 + 4);
    memory.put(CODE, 8, TYPES[0]);
    memory.put(CODE, 16, 10);
    memory.put(CODE, 64, 7 << 32);
    memory.put(CODE, 112, FILE);
    memory.put(CODE, 136, TABLE);
    memory.put(FILE, 8, TYPES[1]);
    memory.put(FILE, 16, 7);
    memory.put(FILE, 32, 1 << 2 | 1 << 5 | 1 << 6);
    memory.0.get_mut(&FILE).unwrap()[40..47].copy_from_slice(b"/a/b.py");
    memory.put(TABLE, 8, TYPES[2]);
    memory.put(TABLE, 16, 4);
    // Two units of line 7, eight of line 8.
    memory.0.get_mut(&TABLE).unwrap()[32..36].copy_from_slice(&[0xe9, 0, 0xef, 2]);
    let layout = Layout::of(u8::try_from(minor).unwrap(), RUNTIME, &mut memory).unwrap();
    (memory, Interpreter { runtime: RUNTIME, types: TYPES, layout })
}

fn line(memory: &mut Blocks, interpreter: &Interpreter) -> Option<Line> {
    let state = interpreter.thread(memory, ME)?;
    interpreter.line(memory, state)
}

#[test]
fn the_line_of_a_thread_is_found() {
    for minor in [12, 13, 14] {
        let (mut memory, interpreter) = blocks(minor);
        let found = line(&mut memory, &interpreter);
        assert_eq!(found, Some(Line { file: "/a/b.py".to_owned(), line: 8 }), "3.{minor}");
    }
}

#[test]
fn names_in_any_script_are_read() {
    let (mut memory, interpreter) = blocks(12);
    let file = memory.0.get_mut(&FILE).unwrap();
    file[32] = 2 << 2 | 1 << 5;
    for (at, point) in "/α/б.py".encode_utf16().enumerate() {
        file[56 + 2 * at..58 + 2 * at].copy_from_slice(&point.to_ne_bytes());
    }
    assert_eq!(line(&mut memory, &interpreter).map(|line| line.file), Some("/α/б.py".to_owned()));
}

/// Every pointer, type and length in the way, replaced by something else: the line is the same or there is none.
#[test]
fn what_is_not_as_it_should_be_gives_no_line() {
    for minor in [12, 13, 14] {
        let (memory, interpreter) = blocks(minor);
        let right = line(&mut memory.clone(), &interpreter);
        let words = [
            (RUNTIME, 40),
            (RUNTIME, 1024),
            (INTERP, 72),
            (STATE, 16),
            (STATE, 56),
            (STATE, 72),
            (STATE, 144),
            (NESTED, 0),
            (BETWEEN, 8),
            (FRAME, 0),
            (FRAME, 64),
            (CODE, 8),
            (CODE, 16),
            (CODE, 112),
            (CODE, 136),
            (FILE, 8),
            (FILE, 32),
            (TABLE, 8),
            (TABLE, 16),
        ];
        for (block, at) in words {
            for value in [0, 1, 0x2008, FILE, TABLE, CODE + 8, FRAME + 16, RUNTIME, u64::MAX, u64::MAX - 7] {
                let mut memory = memory.clone();
                memory.put(block, at, value);
                let found = line(&mut memory, &interpreter);
                assert!(found.is_none() || found == right, "3.{minor} {block:x}+{at} = {value:x}: {found:?}");
            }
        }
        // An instruction outside of the code.
        for instruction in [0, CODE + 190, CODE + 192 + 5, CODE + 192 + 20, u64::MAX] {
            let mut memory = memory.clone();
            memory.put(FRAME, 56, instruction);
            assert_eq!(line(&mut memory, &interpreter), None, "{instruction:x}");
        }
    }
}

#[test]
fn frames_that_go_round_come_to_an_end() {
    let (mut memory, interpreter) = blocks(12);
    memory.put(BETWEEN, 8, BETWEEN);
    assert_eq!(line(&mut memory, &interpreter), None);
    memory.put(STATE, 144, 1);
    memory.put(STATE, 8, OTHER);
    assert_eq!(interpreter.thread(&mut memory, ME), None);
}

#[test]
fn an_interpreter_that_is_unknown_or_describes_itself_otherwise_is_left_alone() {
    let (mut memory, _) = blocks(13);
    for minor in [7, 15] {
        assert_eq!(Layout::of(minor, RUNTIME, &mut memory), None);
    }
    // The words of 3.13 are not those of 3.14, and without the global lock there is no layout.
    assert_eq!(Layout::of(14, RUNTIME, &mut memory), None);
    memory.put(RUNTIME, 16, 1);
    assert_eq!(Layout::of(13, RUNTIME, &mut memory), None);
    let (mut memory, _) = blocks(14);
    memory.put(RUNTIME, 78 * 8, 24);
    assert_eq!(Layout::of(14, RUNTIME, &mut memory), None);
}
