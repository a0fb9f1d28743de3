//! ptrace, the memory of another process and its descriptors: thin layers over the system calls.
#![allow(unsafe_code, reason = "tracing is done by system calls that the standard library does not have")]

use std::ffi::c_void;
use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// `<linux/ptrace.h>`
const PTRACE_GET_SYSCALL_INFO: libc::c_uint = 0x420e;
/// The stop of a process that was seized.
pub(super) const EVENT_STOP: i32 = 128;
/// `<asm/socket.h>`; missing where libc has none.
const SO_COOKIE: libc::c_int = 57;

/// What a system-call stop is about (`struct ptrace_syscall_info`).
#[repr(C)]
#[derive(Clone, Copy)]
struct RawInfo {
    op: u8,
    pad: [u8; 3],
    arch: u32,
    instruction: u64,
    stack: u64,
    data: [u64; 8],
}

/// A system call as the tracee enters it, or what it returned.
#[derive(Clone, Copy, Debug)]
pub(super) enum SyscallStop {
    /// Number and arguments.
    Enter(i64, [u64; 6]),
    /// The returned value; errors are negative.
    Leave(i64),
    /// No system call.
    Neither,
}

/// What happened to a traced thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// It ended with this status.
    Exited(i32),
    /// It was ended by this signal.
    Signalled(i32),
    /// It stopped: the signal, and the ptrace event.
    Stopped { signal: i32, event: i32 },
}

fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Attaches to a process without stopping it; it and all that come from it end with the tracer.
pub(super) fn seize(pid: i32) -> io::Result<()> {
    let options = libc::PTRACE_O_TRACESECCOMP
        | libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEEXEC
        | libc::PTRACE_O_TRACESYSGOOD
        | libc::PTRACE_O_EXITKILL;
    // SAFETY: SEIZE takes no address and the options as a number.
    check(unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid, 0usize, options.cast_unsigned() as usize) }).map(drop)
}

/// Lets a stopped thread run, with a signal or without (0). One that was killed meanwhile is gone: no error.
pub(super) fn resume(tid: i32, signal: i32) {
    // SAFETY: CONT takes a signal as a number.
    unsafe { libc::ptrace(libc::PTRACE_CONT, tid, 0usize, signal.cast_unsigned() as usize) };
}

/// Lets it run to the end of the system call.
pub(super) fn resume_to_exit(tid: i32) {
    // SAFETY: SYSCALL takes a signal as a number; 0 is none.
    unsafe { libc::ptrace(libc::PTRACE_SYSCALL, tid, 0usize, 0usize) };
}

/// What the event at which a thread is stopped says: of an exec, the number that the thread had before.
pub(super) fn event_message(tid: i32) -> i32 {
    let mut message: libc::c_ulong = 0;
    // SAFETY: GETEVENTMSG writes one long, which outlives the call.
    unsafe { libc::ptrace(libc::PTRACE_GETEVENTMSG, tid, 0usize, &raw mut message) };
    i32::try_from(message).unwrap_or(tid)
}

/// Leaves a thread stopped that job control has stopped.
pub(super) fn listen(tid: i32) {
    // SAFETY: LISTEN takes nothing.
    unsafe { libc::ptrace(libc::PTRACE_LISTEN, tid, 0usize, 0usize) };
}

/// The system call at which the thread is stopped.
pub(super) fn syscall_stop(tid: i32) -> SyscallStop {
    // SAFETY: RawInfo is plain data for which all zeros is a valid value.
    let mut info: RawInfo = unsafe { zeroed() };
    // SAFETY: the kernel writes at most as many bytes as it is told, which is the size of the value.
    let result = unsafe { libc::ptrace(PTRACE_GET_SYSCALL_INFO as _, tid, size_of::<RawInfo>(), &raw mut info) };
    match (result, info.op) {
        (1.., 1 | 3) => {
            let [number, args @ .., _] = info.data;
            SyscallStop::Enter(number.cast_signed(), args)
        }
        (1.., 2) => SyscallStop::Leave(info.data[0].cast_signed()),
        _ => SyscallStop::Neither,
    }
}

/// Waits for the next thing that happens to any traced thread; none when there is no thread left.
pub(super) fn wait() -> Option<(i32, Happened)> {
    loop {
        let mut status = 0;
        // SAFETY: the status outlives the call.
        let tid = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL) };
        if tid > 0 {
            let happened = if libc::WIFEXITED(status) {
                Happened::Exited(libc::WEXITSTATUS(status))
            } else if libc::WIFSIGNALED(status) {
                Happened::Signalled(libc::WTERMSIG(status))
            } else if libc::WIFSTOPPED(status) {
                Happened::Stopped { signal: libc::WSTOPSIG(status), event: status >> 16 }
            } else {
                continue;
            };
            return Some((tid, happened));
        }
        if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return None;
        }
    }
}

/// Reads memory of a thread; as much as there is, and nothing where there is none.
pub(super) fn read(tid: i32, address: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0u8; len];
    let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: len };
    let remote = libc::iovec { iov_base: address as *mut c_void, iov_len: len };
    // SAFETY: the local vector is the whole buffer; the remote one is the other process's business.
    let n = unsafe { libc::process_vm_readv(tid, &raw const local, 1, &raw const remote, 1, 0) };
    bytes.truncate(usize::try_from(n).unwrap_or(0));
    bytes
}

/// A process as a descriptor, to take copies of its own.
pub(super) fn pidfd(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two numbers.
    let fd = check(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })?;
    // SAFETY: the kernel has just given us this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) })
}

/// A copy of another process's descriptor, to be dropped before that process runs on: the last one sends the FIN.
pub(super) fn copy(pidfd: &OwnedFd, fd: i32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_getfd takes three numbers.
    let fd = check(unsafe { libc::syscall(libc::SYS_pidfd_getfd, pidfd.as_raw_fd(), fd, 0) })?;
    // SAFETY: the kernel has just given us this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) })
}

/// An option of a socket that is a number.
fn number<T: Default>(fd: &OwnedFd, option: libc::c_int) -> Option<T> {
    let mut value = T::default();
    let mut len = libc::socklen_t::try_from(size_of::<T>()).ok()?;
    // SAFETY: value and length outlive the call, and the length is that of the value.
    let result =
        unsafe { libc::getsockopt(fd.as_raw_fd(), libc::SOL_SOCKET, option, (&raw mut value).cast(), &raw mut len) };
    (result == 0).then_some(value)
}

/// Domain and type of a socket; none for what is no socket.
pub(super) fn kind(fd: &OwnedFd) -> Option<(i32, i32)> {
    Some((number(fd, libc::SO_DOMAIN)?, number(fd, libc::SO_TYPE)?))
}

/// The kernel's own number of a socket.
pub(super) fn cookie(fd: &OwnedFd) -> Option<u64> {
    number(fd, SO_COOKIE)
}

/// The raw address of one end.
fn name(fd: &OwnedFd, peer: bool) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; size_of::<libc::sockaddr_storage>()];
    let mut len = libc::socklen_t::try_from(bytes.len()).ok()?;
    let (fd, address) = (fd.as_raw_fd(), bytes.as_mut_ptr().cast());
    // SAFETY: the buffer and its length outlive the call.
    let result = unsafe {
        if peer { libc::getpeername(fd, address, &raw mut len) } else { libc::getsockname(fd, address, &raw mut len) }
    };
    bytes.truncate(len as usize);
    (result == 0).then_some(bytes)
}

/// The socket's own address, as bytes.
pub(super) fn own_name(fd: &OwnedFd) -> Option<Vec<u8>> {
    name(fd, false)
}

/// The peer's address, as bytes.
pub(super) fn peer_name(fd: &OwnedFd) -> Option<Vec<u8>> {
    name(fd, true)
}

/// Sends a signal; a process that is gone is left alone.
pub(in crate::live) fn signal(pid: i32, signal: i32) {
    // SAFETY: kill takes two numbers.
    unsafe { libc::kill(pid, signal) };
}
