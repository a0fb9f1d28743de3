//! Keeps a thread that makes one call after the other on the tracer's own processor.
//!
//! A stop is two switches between the program and the tracer. On one processor such a switch takes a microsecond or two;
//! between two of them the one that sleeps has to be woken on the other, which takes several times as long. So a thread
//! that stops all the time is kept near as long as it does; everybody else runs where the kernel wants.
#![allow(unsafe_code, reason = "affinity is outside the standard library")]

use std::collections::HashMap;
use std::mem::{size_of, zeroed};

use crate::frame::Time;

/// Stops in a row, each soon after the one before, that make a thread one that stops all the time.
const MANY: u32 = 64;
/// So soon, in nanoseconds.
const SOON: i64 = 300_000;

/// How often a thread stops.
struct Habit {
    last: Time,
    row: u32,
    /// Where it may run when it is not kept near.
    home: Option<libc::cpu_set_t>,
}

/// The threads, and where the tracer is.
#[derive(Default)]
pub(super) struct Near {
    threads: HashMap<i32, Habit>,
    /// The tracer's own home, while any thread is kept near.
    own: Option<libc::cpu_set_t>,
    kept: usize,
}

impl Near {
    /// A thread stops at the entry of a call.
    pub(super) fn stops(&mut self, tid: i32, now: Time) {
        let habit = self.threads.entry(tid).or_insert(Habit { last: now, row: 0, home: None });
        let soon = now.since(habit.last) < SOON;
        habit.last = now;
        habit.row = if soon { habit.row.saturating_add(1) } else { 0 };
        match (&habit.home, habit.row) {
            (None, MANY) => self.keep(tid),
            (Some(_), 0) => self.release(tid),
            _ => {}
        }
    }

    /// A thread is about to make another one or to run another program, which shall find everything as it was.
    pub(super) fn release(&mut self, tid: i32) {
        let Some(home) = self.threads.get_mut(&tid).and_then(|habit| habit.home.take()) else { return };
        set(tid, &home);
        self.kept = self.kept.saturating_sub(1);
        if self.kept == 0
            && let Some(own) = self.own.take()
        {
            set(0, &own);
        }
    }

    /// A thread has ended.
    pub(super) fn forget(&mut self, tid: i32) {
        self.release(tid);
        self.threads.remove(&tid);
    }

    fn keep(&mut self, tid: i32) {
        let Some(home) = get(tid) else { return };
        if self.own.is_none() {
            let Some(here) = here().filter(|here| contains(&home, *here)) else { return };
            self.own = get(0);
            set(0, &only(here));
        }
        let Some(near) = get(0) else { return };
        set(tid, &near);
        self.kept += 1;
        if let Some(habit) = self.threads.get_mut(&tid) {
            habit.home = Some(home);
        }
    }
}

/// The processor that the calling thread is on.
fn here() -> Option<usize> {
    // SAFETY: sched_getcpu only reads.
    usize::try_from(unsafe { libc::sched_getcpu() }).ok()
}

fn contains(set: &libc::cpu_set_t, cpu: usize) -> bool {
    // SAFETY: the number comes from the kernel and is below the size of the set on a machine whose set could be read.
    cpu < usize::try_from(libc::CPU_SETSIZE).unwrap_or_default() && unsafe { libc::CPU_ISSET(cpu, set) }
}

fn only(cpu: usize) -> libc::cpu_set_t {
    // SAFETY: cpu_set_t is a bit field for which all zeros is a valid value; the number was found in such a set.
    unsafe {
        let mut set: libc::cpu_set_t = zeroed();
        libc::CPU_SET(cpu, &mut set);
        set
    }
}

/// Where a thread may run (0: the calling one).
fn get(tid: i32) -> Option<libc::cpu_set_t> {
    // SAFETY: a bit field as above; the kernel fills it up to the given size.
    unsafe {
        let mut set: libc::cpu_set_t = zeroed();
        (libc::sched_getaffinity(tid, size_of::<libc::cpu_set_t>(), &raw mut set) >= 0).then_some(set)
    }
}

/// Says where a thread may run. One that has ended, or that may not be moved, is left alone.
fn set(tid: i32, to: &libc::cpu_set_t) {
    // SAFETY: the set outlives the call, and its size is given.
    unsafe { libc::sched_setaffinity(tid, size_of::<libc::cpu_set_t>(), to) };
}
