//! The memory of a stopped thread, asked for as seldom as possible, and its registers.
#![allow(unsafe_code, reason = "memory and registers of another process are read by system calls")]

use std::ffi::c_void;

use rustc_hash::FxHashMap;

use crate::calls::source::Memory;

/// Pieces that are asked for at once, and that are remembered.
const AT_ONCE: usize = 24;
const MOST_PIECES: usize = 1024;

/// A piece of memory: address and length.
type Piece = (u64, usize);

/// What was read at the calls before.
#[derive(Debug, Default)]
pub(super) struct Habit {
    /// By piece: what was read after it the last time. It will mostly be the same the next time, and is then asked for in the same
    /// system call, which costs more than the pieces.
    follows: FxHashMap<Piece, Piece>,
    /// All that was read the last time, where it came at once, and which place it told.
    last: Option<(Whole, usize)>,
    /// The same pieces as they are now.
    now: Vec<u8>,
    /// They are, and may be used.
    fresh: bool,
}

/// All that a place was read from.
#[derive(Debug)]
pub(super) struct Whole {
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
}

impl Habit {
    /// The place of the last time, when every byte that it was read from is what it was: reading it again would tell the same. The
    /// first piece must begin at this address.
    pub(super) fn again(&mut self, tid: i32, first: u64) -> Option<usize> {
        self.fresh = false;
        let (Whole { pieces, bytes }, place) = self.last.as_ref()?;
        if pieces.first().map(|(at, _)| *at) != Some(first) {
            return None;
        }
        read_all(tid, pieces, &mut self.now);
        self.fresh = self.now != *bytes;
        (!self.fresh).then_some(*place)
    }

    /// This told a place.
    pub(super) fn keep(&mut self, whole: Whole, place: usize) {
        self.last = Some((whole, place));
    }
}

/// The memory of a thread that is stopped; nothing of it changes as far as the thread itself could change it.
pub(super) struct Stopped<'a> {
    tid: i32,
    habit: &'a mut Habit,
    /// What has come in advance, the next piece of it, and where its bytes begin.
    pieces: Vec<Piece>,
    ahead: Vec<u8>,
    next: (usize, usize),
    /// It came in parts.
    parts: bool,
    last: Option<Piece>,
}

impl Stopped<'_> {
    pub(super) fn new(tid: i32, habit: &mut Habit) -> Stopped<'_> {
        let mut stopped =
            Stopped { tid, pieces: Vec::new(), ahead: Vec::new(), next: (0, 0), parts: false, last: None, habit };
        let habit = &mut *stopped.habit;
        if let Some((whole, _)) = habit.last.take().filter(|_| std::mem::take(&mut habit.fresh)) {
            (stopped.pieces, stopped.ahead) = (whole.pieces, std::mem::take(&mut habit.now));
        }
        stopped
    }

    /// Asks for this piece and for what has followed it before.
    fn ask(&mut self, first: Piece) {
        self.parts |= self.next.0 > 0;
        self.pieces.clear();
        self.pieces.push(first);
        let mut piece = first;
        while let Some(follows) = self.habit.follows.get(&piece).filter(|_| self.pieces.len() < AT_ONCE) {
            piece = *follows;
            self.pieces.push(piece);
        }
        read_all(self.tid, &self.pieces, &mut self.ahead);
        self.next = (0, 0);
    }

    /// Takes the bytes from what has come in advance, if it is the piece that comes next there.
    fn take(&mut self, wanted: Piece, into: &mut [u8]) -> bool {
        let (piece, begin) = self.next;
        let Some(bytes) = self.ahead.get(begin..begin + into.len()) else { return false };
        let hit = self.pieces.get(piece) == Some(&wanted);
        if hit {
            into.copy_from_slice(bytes);
            self.next = (piece + 1, begin + into.len());
        }
        hit
    }

    /// All that was read, if it came at once.
    pub(super) fn whole(mut self) -> Option<Whole> {
        let (pieces, bytes) = self.next;
        self.pieces.truncate(pieces);
        self.ahead.truncate(bytes);
        (!self.parts && pieces > 0).then_some(Whole { pieces: self.pieces, bytes: self.ahead })
    }
}

impl Memory for Stopped<'_> {
    fn read(&mut self, address: u64, into: &mut [u8]) -> bool {
        let wanted = (address, into.len());
        if !self.take(wanted, into) {
            self.ask(wanted);
            if !self.take(wanted, into) {
                // Whether it is there the next time is not known from the bytes that are.
                self.parts = true;
                return false;
            }
        }
        if self.habit.follows.len() >= MOST_PIECES {
            self.habit.follows.clear();
        }
        if let Some(last) = self.last.replace(wanted) {
            self.habit.follows.insert(last, wanted);
        }
        true
    }
}

/// Reads as much as there is, from the beginning; how many bytes.
pub(super) fn read(tid: i32, address: u64, into: &mut [u8]) -> usize {
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let remote = libc::iovec { iov_base: address as *mut c_void, iov_len: into.len() };
    // SAFETY: the local vector is the whole slice; the remote one is the other process's business.
    let n = unsafe { libc::process_vm_readv(tid, &raw const local, 1, &raw const remote, 1, 0) };
    usize::try_from(n).unwrap_or(0)
}

/// Reads all of these, one after the other into one buffer, up to the first that cannot be read.
fn read_all(tid: i32, pieces: &[Piece], bytes: &mut Vec<u8>) {
    bytes.resize(pieces.iter().map(|(_, len)| len).sum(), 0);
    let mut remote = [libc::iovec { iov_base: std::ptr::null_mut(), iov_len: 0 }; AT_ONCE];
    for (vector, (at, len)) in remote.iter_mut().zip(pieces) {
        *vector = libc::iovec { iov_base: *at as *mut c_void, iov_len: *len };
    }
    let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let count = libc::c_ulong::try_from(pieces.len().min(AT_ONCE)).unwrap_or(0);
    // SAFETY: the local vector is the whole buffer, and the remote ones are at least as many as is said.
    let n = unsafe { libc::process_vm_readv(tid, &raw const local, 1, remote.as_ptr(), count, 0) };
    bytes.truncate(usize::try_from(n).unwrap_or(0));
}

/// Registers that matter here.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "there is no way to read them yet"))]
pub(super) struct Registers {
    pub(super) instruction: u64,
    pub(super) stack: u64,
    pub(super) frame: u64,
    /// The thread's own block, whose address is what `pthread_self()` returns.
    pub(super) thread: u64,
}

/// Those of a stopped thread.
#[cfg(target_arch = "x86_64")]
pub(super) fn registers(tid: i32) -> Option<Registers> {
    // SAFETY: the structure is plain data for which all zeros is a valid value.
    let mut all: libc::user_regs_struct = unsafe { std::mem::zeroed() };
    // SAFETY: GETREGS writes exactly this structure, which outlives the call.
    let result = unsafe { libc::ptrace(libc::PTRACE_GETREGS, tid, 0usize, &raw mut all) };
    (result == 0).then_some(Registers { instruction: all.rip, stack: all.rsp, frame: all.rbp, thread: all.fs_base })
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn registers(_: i32) -> Option<Registers> {
    None
}
