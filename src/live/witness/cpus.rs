//! Where threads run.
#![allow(unsafe_code, reason = "affinity is outside the standard library")]

use std::mem::{size_of, zeroed};

/// The processors that the calling thread may use.
pub(super) fn allowed() -> Vec<usize> {
    // SAFETY: cpu_set_t is a bit field for which all zeros is a valid value; the kernel fills it up to the given size.
    let set = unsafe {
        let mut set: libc::cpu_set_t = zeroed();
        if libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) < 0 {
            return Vec::new();
        }
        set
    };
    let most = usize::try_from(libc::CPU_SETSIZE).unwrap_or_default();
    // SAFETY: the number is below the size of the set.
    (0..most).filter(|cpu| unsafe { libc::CPU_ISSET(*cpu, &set) }).collect()
}

/// Keeps the calling thread, and every thread that it starts from now on, on these processors.
pub(super) fn keep_to(cpus: &[usize]) {
    let most = usize::try_from(libc::CPU_SETSIZE).unwrap_or_default();
    // SAFETY: a set of bits as above; every number is below its size. A kernel that refuses leaves things as they are.
    unsafe {
        let mut set: libc::cpu_set_t = zeroed();
        for cpu in cpus.iter().filter(|cpu| **cpu < most) {
            libc::CPU_SET(*cpu, &mut set);
        }
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set);
    }
}
