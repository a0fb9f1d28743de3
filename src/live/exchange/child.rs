//! A child process that holds a copy of one descriptor and does nothing, until it ends in one way or another.
#![allow(unsafe_code, reason = "fork, kill and waitpid are outside the standard library")]

use std::io::{self, Read};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;

use crate::scenario::End;

/// The child and the line whose end it waits for.
#[derive(Debug)]
pub(super) struct Child {
    pid: libc::pid_t,
    line: Option<UnixStream>,
}

impl Child {
    /// Forks. The child keeps `descriptor` and gives back every other that it has inherited before this returns.
    pub(super) fn fork(descriptor: RawFd) -> io::Result<Child> {
        let (mut ours, theirs) = UnixStream::pair()?;
        // SAFETY: the child calls nothing but async-signal-safe functions and never returns.
        let pid = unsafe { libc::fork() };
        match pid {
            -1 => return Err(io::Error::last_os_error()),
            0 => live(descriptor, theirs.as_raw_fd()),
            _ => {}
        }
        drop(theirs);
        ours.read_exact(&mut [0])?;
        Ok(Child { pid, line: Some(ours) })
    }

    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    /// Sends the signal, or lets it return from its main function.
    pub(super) fn end(&mut self, end: End) -> io::Result<()> {
        let signal = match end {
            End::Exit => {
                self.line = None;
                return Ok(());
            }
            End::Interrupt => libc::SIGINT,
            End::Kill => libc::SIGKILL,
        };
        // SAFETY: a child that has not been waited for keeps its number.
        if unsafe { libc::kill(self.pid, signal) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits until it has ended; its sockets are closed by then.
    pub(super) fn wait(self) -> io::Result<()> {
        // SAFETY: a null pointer says that the status is not wanted.
        if unsafe { libc::waitpid(self.pid, std::ptr::null_mut(), 0) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }
}

/// The child's whole life: no memory is taken, since another thread may have held the allocator's lock at the fork.
fn live(descriptor: RawFd, line: RawFd) -> ! {
    let mut byte = 0u8;
    // SAFETY: system calls on numbers, and one byte on the stack that outlives them.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        let (low, high) = (descriptor.min(line), descriptor.max(line));
        close_between(0, low - 1);
        close_between(low + 1, high - 1);
        close_between(high + 1, RawFd::MAX);
        libc::write(line, (&raw const byte).cast(), 1);
        // Nobody writes: the end comes when the other side is closed, also by the death of its process.
        while libc::read(line, (&raw mut byte).cast(), 1) < 0 {}
        libc::_exit(0)
    }
}

/// Closes the descriptors from `first` to `last`.
unsafe fn close_between(first: RawFd, last: RawFd) {
    if first > last {
        return;
    }
    // SAFETY: the numbers are passed through; kernels before 5.9 refuse the call.
    if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } < 0 {
        for descriptor in first..=last.min(65_536) {
            // SAFETY: closing a number that is no descriptor does nothing.
            unsafe { libc::close(descriptor) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// True when the other end has been closed everywhere.
    fn ended(stream: &mut UnixStream) -> bool {
        stream.set_nonblocking(true).expect("a socket");
        stream.read(&mut [0]).is_ok_and(|n| n == 0)
    }

    #[test]
    fn a_child_keeps_one_descriptor_open_until_it_ends() {
        for end in [End::Exit, End::Interrupt, End::Kill] {
            let (mut near, far) = UnixStream::pair().expect("a pair");
            let (mut other, gone) = UnixStream::pair().expect("a pair");
            let mut child = Child::fork(far.as_raw_fd()).expect("a child");
            drop((far, gone));
            assert!(near.write_all(b"x").is_ok(), "{end:?}");
            assert!(!ended(&mut near) && soon(|| ended(&mut other)), "{end:?}");
            child.end(end).expect("it is there");
            child.wait().expect("it ended");
            // Data that was never read makes the end of a local socket an error.
            assert!(soon(|| near.write_all(b"x").is_err()), "{end:?}");
        }
    }

    /// A process that another test forked meanwhile holds every descriptor for as long as it lives.
    fn soon(mut done: impl FnMut() -> bool) -> bool {
        (0..200).any(|_| {
            done() || {
                std::thread::sleep(std::time::Duration::from_millis(50));
                false
            }
        })
    }
}
