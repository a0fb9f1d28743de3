//! Which system calls stop a traced program: the kernel runs this on every call, so that all others cost next to nothing.
#![allow(unsafe_code, reason = "a seccomp filter is installed by prctl")]

use std::io;

use super::spec::{CALLS, only_for};

/// `<linux/audit.h>`; system calls of another architecture (32-bit programs) are not followed.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;
#[cfg(target_arch = "riscv64")]
const ARCHITECTURE: u32 = 0xc000_00f3;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
const ARCHITECTURE: u32 = 0;

const LOAD_WORD: u16 = 0x20;
const JUMP_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;
/// Places in `struct seccomp_data`; of the argument the lower half, where the first byte is the lowest.
const NUMBER: u32 = 0;
const ARCHITECTURE_AT: u32 = 4;
const SECOND_ARGUMENT: u32 = 24;

/// A program in classic BPF over `struct seccomp_data`.
pub(super) struct Filter(Vec<libc::sock_filter>);

impl Filter {
    /// Stops at the calls of [`CALLS`] and lets everything else pass.
    pub(super) fn new() -> Filter {
        let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
        let mut program = vec![
            step(LOAD_WORD, 0, 0, ARCHITECTURE_AT),
            step(JUMP_EQUAL, 1, 0, ARCHITECTURE),
            step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
            step(LOAD_WORD, 0, 0, NUMBER),
        ];
        for call in CALLS {
            let number = u32::try_from(call.number).unwrap_or(u32::MAX);
            if let Some([first, second]) = only_for(call.kind) {
                program.push(step(JUMP_EQUAL, 0, 5, number));
                program.push(step(LOAD_WORD, 0, 0, SECOND_ARGUMENT));
                program.push(step(JUMP_EQUAL, 1, 0, first));
                program.push(step(JUMP_EQUAL, 0, 1, second));
                program.push(step(RETURN, 0, 0, libc::SECCOMP_RET_TRACE));
                program.push(step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW));
                continue;
            }
            program.push(step(JUMP_EQUAL, 0, 1, number));
            program.push(step(RETURN, 0, 0, libc::SECCOMP_RET_TRACE));
        }
        program.push(step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW));
        Filter(program)
    }

    /// Installs it on the calling thread for good. Takes no memory, so that a forked child may call it.
    pub(super) fn install(&self) -> io::Result<()> {
        let program = libc::sock_fprog {
            len: u16::try_from(self.0.len()).unwrap_or(u16::MAX),
            filter: self.0.as_ptr().cast_mut(),
        };
        let install = || {
            // SAFETY: the program outlives the call, which copies it.
            unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program, 0, 0) }
        };
        // With privileges of one's own namespace it works at once, and the program keeps what it may do.
        // SAFETY: PR_SET_NO_NEW_PRIVS takes numbers only.
        if install() == 0 || (unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } == 0 && install() == 0) {
            return Ok(());
        }
        Err(io::Error::last_os_error())
    }
}
