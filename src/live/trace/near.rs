//! Keeps threads that are followed on the processor of the thread that follows them.
//!
//! A stop is a message to the tracer and an answer. The kernel lets a thread that wakes up run on an idle processor if there is
//! one, so that both go to another processor each time, and waking one that sleeps takes several times as long as changing
//! from one thread to the other where both are. So the tracer stays where it is, and a program that is let go may for that
//! moment use this processor only. Afterwards it may use again what it could before, and every call by which it could see
//! the difference stops it, so that it is taken back before.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::frame::Time;
use crate::live::cpus::{self, Cpus};

/// How often it is looked whether the place is a good one, in nanoseconds.
const PERIOD: i64 = 10_000_000;
/// A tracer that waits longer than this for its processor, on average at a stop and in nanoseconds, has to share it with others.
const CROWDED: u64 = 30_000;
/// So long it then goes where the kernel puts it, the first time and at the most, in nanoseconds.
const ROAM: i64 = 50_000_000;
const ROAM_LONGEST: i64 = 1_600_000_000;

/// Where the tracer and the threads that it follows are.
pub(super) struct Near {
    /// Where the tracer may be; none where there is no choice.
    own: Option<Cpus>,
    /// Where it stays.
    here: Option<usize>,
    /// Where threads may be, as far as it was asked.
    known: FxHashMap<i32, Cpus>,
    /// Threads that may only be here at the moment, and where they may be otherwise.
    held: FxHashMap<i32, Cpus>,
    /// Threads that are in a call that asks where a thread may be, or changes it.
    asking: FxHashSet<i32>,
    pace: Pace,
}

/// How long the tracer waits for its processor.
struct Pace {
    statistics: Option<File>,
    next: i64,
    stops: u64,
    waited: u64,
    /// How long it goes where it is put the next time it is crowded.
    roam: i64,
}

impl Near {
    /// For the calling thread.
    pub(super) fn new() -> Near {
        let own = Cpus::of(0).filter(Cpus::several);
        let statistics = own.and_then(|_| File::open("/proc/thread-self/schedstat").ok());
        let pace = Pace { statistics, next: 0, stops: 0, waited: 0, roam: ROAM };
        let (known, held, asking) = (FxHashMap::default(), FxHashMap::default(), FxHashSet::default());
        let mut near = Near { own, here: None, known, held, asking, pace };
        near.settle();
        near
    }

    /// Stays where it is.
    fn settle(&mut self) {
        self.here = self.own.and_then(|_| cpus::current()).filter(|cpu| Cpus::only(*cpu).keep(0));
        self.pace.waited = self.pace.waited();
        self.pace.stops = 0;
    }

    /// Goes where it is put.
    fn roam(&mut self) {
        self.reveal();
        if let (Some(own), Some(_)) = (&self.own, self.here.take()) {
            own.keep(0);
        }
    }

    /// A stopped thread is about to be let go: it will wake up here.
    pub(super) fn hold(&mut self, tid: i32) {
        let Some(here) = self.here else { return };
        if !self.asking.is_empty() || self.held.contains_key(&tid) {
            return;
        }
        let known = self.known.get(&tid).copied().or_else(|| {
            let asked = Cpus::of(tid)?;
            self.known.insert(tid, asked);
            Some(asked)
        });
        // One that may not be here stays where it may.
        let Some(own) = known.filter(|own| own.contains(here) && own.several()) else { return };
        if Cpus::only(here).keep(tid) {
            self.held.insert(tid, own);
        }
    }

    /// It wakes up: from now on it may be wherever it could be before.
    pub(super) fn release(&mut self, tid: i32) {
        if let Some(own) = self.held.remove(&tid) {
            own.keep(tid);
        }
    }

    /// A thread is about to ask where it or another one may be, or to change it: until it has the answer, all are where they
    /// would be without a tracer.
    pub(super) fn ask(&mut self, tid: i32) {
        self.reveal();
        self.asking.insert(tid);
    }

    /// It comes back from that call, or from any other.
    pub(super) fn answered(&mut self, tid: i32) {
        if self.asking.remove(&tid) {
            self.known.clear();
        }
    }

    fn reveal(&mut self) {
        for (tid, own) in self.held.drain() {
            own.keep(tid);
        }
        self.known.clear();
    }

    /// The thread is another one from now on, or none.
    pub(super) fn forget(&mut self, tid: i32) {
        self.held.remove(&tid);
        self.known.remove(&tid);
        self.asking.remove(&tid);
    }

    /// A thread has stopped: now and then it is looked whether this is a good place.
    pub(super) fn stopped(&mut self, now: Time) {
        self.pace.stops += 1;
        if now.0 < self.pace.next || self.own.is_none() {
            return;
        }
        let waited = self.pace.waited();
        let each = waited.saturating_sub(self.pace.waited) / self.pace.stops.max(1);
        (self.pace.waited, self.pace.stops, self.pace.next) = (waited, 0, now.0.saturating_add(PERIOD));
        if self.here.is_none() {
            self.settle();
        } else if each > CROWDED {
            self.roam();
            self.pace.next = now.0.saturating_add(self.pace.roam);
            self.pace.roam = (self.pace.roam * 2).min(ROAM_LONGEST);
        } else {
            self.pace.roam = ROAM;
        }
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        self.roam();
    }
}

impl Pace {
    /// For how many nanoseconds the thread has waited for a processor while it could have run.
    fn waited(&self) -> u64 {
        let mut bytes = [0; 64];
        let read = self.statistics.as_ref().and_then(|file| file.read_at(&mut bytes, 0).ok()).unwrap_or(0);
        let text = bytes.get(..read).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        text.split_ascii_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)
    }
}
