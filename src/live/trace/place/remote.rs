//! The memory of a stopped thread, asked for as seldom as possible, and its registers.
#![allow(unsafe_code, reason = "memory and registers of another process are read by system calls")]

use std::ffi::c_void;

use crate::calls::source::Memory;

/// Pieces that are remembered and asked for at once.
const MOST_PIECES: usize = 256;

/// A piece of memory: address and length.
type Piece = (u64, usize);

/// What was read of a thread the last time. It will mostly be the same the next time, and is then one system call.
#[derive(Debug, Default)]
pub(super) struct Habit(Vec<Piece>);

/// The memory of a thread that is stopped; nothing of it changes as far as the thread itself could change it.
pub(super) struct Stopped<'a> {
    tid: i32,
    habit: &'a mut Habit,
    /// What has come in advance, one piece after the other as in the habit.
    ahead: Vec<u8>,
    /// The next piece of it, and where its bytes begin.
    next: (usize, usize),
    read: Vec<Piece>,
}

impl Stopped<'_> {
    pub(super) fn new(tid: i32, habit: &mut Habit) -> Stopped<'_> {
        let ahead = read_all(tid, &habit.0);
        Stopped { tid, habit, ahead, next: (0, 0), read: Vec::new() }
    }

    /// What was read now is what will be read the next time.
    pub(super) fn done(self) {
        self.habit.0 = self.read;
    }

    /// Takes the bytes from what has come in advance, if it is the piece that comes next there.
    fn expected(&mut self, address: u64, into: &mut [u8]) -> bool {
        let (piece, begin) = self.next;
        let end = begin + into.len();
        let hit = self.habit.0.get(piece) == Some(&(address, into.len())) && end <= self.ahead.len();
        if hit {
            into.copy_from_slice(&self.ahead[begin..end]);
            self.next = (piece + 1, end);
        }
        hit
    }
}

impl Memory for Stopped<'_> {
    fn read(&mut self, address: u64, into: &mut [u8]) -> bool {
        if self.read.len() < MOST_PIECES {
            self.read.push((address, into.len()));
        }
        if self.expected(address, into) {
            return true;
        }
        // From here on it is another way.
        self.next.0 = usize::MAX;
        read(self.tid, address, into) == into.len()
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
fn read_all(tid: i32, pieces: &[Piece]) -> Vec<u8> {
    let mut bytes = vec![0; pieces.iter().map(|(_, len)| len).sum()];
    if pieces.is_empty() {
        return bytes;
    }
    let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let remote: Vec<libc::iovec> =
        pieces.iter().map(|(at, len)| libc::iovec { iov_base: *at as *mut c_void, iov_len: *len }).collect();
    let count = libc::c_ulong::try_from(remote.len()).unwrap_or(0);
    // SAFETY: the local vector is the whole buffer, and the remote ones are as many as is said.
    let n = unsafe { libc::process_vm_readv(tid, &raw const local, 1, remote.as_ptr(), count, 0) };
    bytes.truncate(usize::try_from(n).unwrap_or(0));
    bytes
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
