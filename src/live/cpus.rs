//! Where threads run.
#![allow(unsafe_code, reason = "affinity is outside the standard library")]

use std::mem::{size_of, zeroed};

/// A set of processors.
#[derive(Clone, Copy)]
pub(super) struct Cpus(libc::cpu_set_t);

impl Cpus {
    /// Those that a thread may use; 0 is the calling one.
    pub(super) fn of(tid: i32) -> Option<Cpus> {
        let mut set = Cpus::none();
        // SAFETY: the kernel fills the set up to the given size, which is its own.
        let result = unsafe { libc::sched_getaffinity(tid, size_of::<libc::cpu_set_t>(), &raw mut set.0) };
        (result >= 0).then_some(set)
    }

    /// One of them.
    pub(super) fn only(cpu: usize) -> Cpus {
        Cpus::these(&[cpu])
    }

    fn none() -> Cpus {
        // SAFETY: cpu_set_t is a bit field for which all zeros is a valid value.
        Cpus(unsafe { zeroed() })
    }

    fn these(cpus: &[usize]) -> Cpus {
        let mut set = Cpus::none();
        for cpu in cpus.iter().filter(|cpu| **cpu < most()) {
            // SAFETY: the number is below the size of the set.
            unsafe { libc::CPU_SET(*cpu, &mut set.0) };
        }
        set
    }

    /// True when this one is among them.
    pub(super) fn contains(&self, cpu: usize) -> bool {
        // SAFETY: the number is below the size of the set.
        cpu < most() && unsafe { libc::CPU_ISSET(cpu, &self.0) }
    }

    /// True when there is a choice.
    pub(super) fn several(&self) -> bool {
        // SAFETY: reads the set and nothing else.
        unsafe { libc::CPU_COUNT(&self.0) > 1 }
    }

    /// Keeps a thread on these processors; 0 is the calling one, and with it every thread that it starts from now on. False where the
    /// kernel refuses, which leaves things as they are.
    pub(super) fn keep(&self, tid: i32) -> bool {
        // SAFETY: the kernel reads the set up to the given size, which is its own.
        unsafe { libc::sched_setaffinity(tid, size_of::<libc::cpu_set_t>(), &raw const self.0) == 0 }
    }
}

/// How many processors a set can hold.
fn most() -> usize {
    usize::try_from(libc::CPU_SETSIZE).unwrap_or_default()
}

/// The processor that the calling thread is on at the moment.
pub(super) fn current() -> Option<usize> {
    // SAFETY: sched_getcpu takes nothing.
    usize::try_from(unsafe { libc::sched_getcpu() }).ok()
}

/// The processors that the calling thread may use.
pub(super) fn allowed() -> Vec<usize> {
    Cpus::of(0).map_or_else(Vec::new, |set| (0..most()).filter(|cpu| set.contains(*cpu)).collect())
}

/// Keeps the calling thread, and every thread that it starts from now on, on these processors.
pub(super) fn keep_to(cpus: &[usize]) {
    Cpus::these(cpus).keep(0);
}
