//! Tracepoints into memory that the kernel writes and we read when all is over (`perf_event_open`). The descriptors and
//! the memory go with the process, so that nothing of it is left behind, however it ends.
#![allow(unsafe_code, reason = "perf_event_open and its memory are outside the standard library")]

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicU64, Ordering};

/// `struct perf_event_attr` up to `clockid` (`PERF_ATTR_SIZE_VER3`), `<linux/perf_event.h>`.
#[repr(C)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup: u32,
    breakpoint: u32,
    config1: u64,
    config2: u64,
    branch_sample_type: u64,
    sample_regs_user: u64,
    sample_stack_user: u32,
    clock: i32,
}

/// The size of the structure that says which version of it is meant (`PERF_ATTR_SIZE_VER3`).
const SIZE: u32 = 96;
const TRACEPOINT: u32 = 2;
const SAMPLE_TID: u64 = 1 << 1;
const SAMPLE_TIME: u64 = 1 << 2;
const SAMPLE_RAW: u64 = 1 << 10;
const DISABLED: u64 = 1;
const USE_CLOCK: u64 = 1 << 25;
const CLOEXEC: libc::c_ulong = 8;
const ENABLE: libc::c_ulong = 0x2400;
const SET_OUTPUT: libc::c_ulong = 0x2405;
const SET_FILTER: libc::c_ulong = 0x4008_2406;
/// Places in the first page of the memory: how far the kernel has written.
const DATA_HEAD: usize = 1024;
/// Pages behind the first, a power of two.
const PAGES: usize = 128;
const RECORD_LOST: u32 = 2;
const RECORD_SAMPLE: u32 = 9;

/// One occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// The process in whose turn it happened.
    pub(super) pid: u32,
    /// The thread.
    pub(super) tid: u32,
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    pub(super) monotonic: u64,
    /// The tracepoint's own bytes.
    pub(super) raw: Vec<u8>,
}

/// What one processor has seen of the tracepoints.
pub(super) struct Ring {
    events: Vec<OwnedFd>,
    memory: *mut u8,
    page: usize,
}

// SAFETY: the memory is the ring's alone; the kernel writes it, and it is read only in `read`.
unsafe impl Send for Ring {}

/// The rings of all processors for these tracepoints, by number and with the kernel's filter for each.
pub(super) fn open(wanted: &[(u16, String)]) -> io::Result<Vec<Ring>> {
    // SAFETY: sysconf only reads.
    let (processors, page) = unsafe { (libc::sysconf(libc::_SC_NPROCESSORS_CONF), libc::sysconf(libc::_SC_PAGESIZE)) };
    let page = usize::try_from(page).unwrap_or(4096);
    let mut rings = Vec::new();
    for processor in 0..i32::try_from(processors).unwrap_or(1) {
        match Ring::open(processor, page, wanted) {
            Ok(ring) => rings.push(ring),
            // It is switched off.
            Err(error) if error.raw_os_error() == Some(libc::ENODEV) => {}
            Err(error) => return Err(error),
        }
    }
    for event in rings.iter().flat_map(|ring| &ring.events) {
        // SAFETY: the descriptor is open, and the request takes a number.
        checked(unsafe { libc::ioctl(event.as_raw_fd(), ENABLE, 0) })?;
    }
    Ok(rings)
}

impl Ring {
    fn open(processor: i32, page: usize, wanted: &[(u16, String)]) -> io::Result<Ring> {
        let mut ring = Ring { events: Vec::new(), memory: std::ptr::null_mut(), page };
        for (id, filter) in wanted {
            let event = event(*id, processor)?;
            if !filter.is_empty() {
                let filter = CString::new(filter.as_str()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
                // SAFETY: the string ends with a null byte and outlives the call.
                checked(unsafe { libc::ioctl(event.as_raw_fd(), SET_FILTER, filter.as_ptr()) })?;
            }
            match ring.events.first() {
                None => ring.memory = map(event.as_raw_fd(), (PAGES + 1) * page)?,
                // All of one processor into the same memory, in the order of time.
                // SAFETY: both descriptors are open, and the request takes a number.
                Some(first) => checked(unsafe { libc::ioctl(event.as_raw_fd(), SET_OUTPUT, first.as_raw_fd()) })?,
            }
            ring.events.push(event);
        }
        Ok(ring)
    }

    /// Everything so far, and how many occurrences did not fit.
    pub(super) fn read(&self) -> (Vec<Sample>, u64) {
        if self.memory.is_null() {
            return (Vec::new(), 0);
        }
        // SAFETY: the place is inside the first page, aligned, and the kernel writes it as one word.
        let head = unsafe { AtomicU64::from_ptr(self.memory.add(DATA_HEAD).cast()) }.load(Ordering::Acquire);
        let length = usize::try_from(head).unwrap_or(usize::MAX).min(PAGES * self.page);
        // SAFETY: that many bytes behind the first page were mapped, and the kernel, told of no reader that has gone on,
        // writes none of them again.
        let bytes = unsafe { std::slice::from_raw_parts(self.memory.add(self.page), length) };
        records(bytes)
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        if !self.memory.is_null() {
            // SAFETY: mapped by `map` with this length, and nobody else has it.
            unsafe { libc::munmap(self.memory.cast(), (PAGES + 1) * self.page) };
        }
    }
}

fn checked(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// One tracepoint on one processor, for every process.
fn event(id: u16, processor: i32) -> io::Result<OwnedFd> {
    let attributes = Attributes {
        kind: TRACEPOINT,
        size: SIZE,
        config: id.into(),
        sample_period: 1,
        sample_type: SAMPLE_TID | SAMPLE_TIME | SAMPLE_RAW,
        read_format: 0,
        flags: DISABLED | USE_CLOCK,
        wakeup: 0,
        breakpoint: 0,
        config1: 0,
        config2: 0,
        branch_sample_type: 0,
        sample_regs_user: 0,
        sample_stack_user: 0,
        clock: libc::CLOCK_MONOTONIC,
    };
    // SAFETY: the structure outlives the call and has the size that it names; the descriptor is new and nobody else's.
    unsafe {
        let fd = libc::syscall(libc::SYS_perf_event_open, &raw const attributes, -1, processor, -1, CLOEXEC);
        match RawFd::try_from(fd) {
            Ok(fd) if fd >= 0 => Ok(OwnedFd::from_raw_fd(fd)),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

fn map(fd: RawFd, length: usize) -> io::Result<*mut u8> {
    // Writable: only then does the kernel keep what nobody has read.
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping at a place that the kernel chooses.
    let memory = unsafe { libc::mmap(std::ptr::null_mut(), length, rights, libc::MAP_SHARED, fd, 0) };
    if memory == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(memory.cast()) }
}

/// The records in the memory.
fn records(mut bytes: &[u8]) -> (Vec<Sample>, u64) {
    let (mut samples, mut lost) = (Vec::new(), 0);
    while let Some((kind, size)) = word(bytes, 0).zip(bytes.get(6..8)) {
        let size = usize::from(u16::from_ne_bytes([size[0], size[1]]));
        let Some(record) = bytes.get(8..size) else { break };
        match kind {
            RECORD_SAMPLE => samples.extend(sample(record)),
            RECORD_LOST => lost += long(record, 8).unwrap_or(0),
            _ => {}
        }
        bytes = bytes.get(size..).unwrap_or_default();
    }
    (samples, lost)
}

fn sample(record: &[u8]) -> Option<Sample> {
    let size = word(record, 16)? as usize;
    Some(Sample {
        pid: word(record, 0)?,
        tid: word(record, 4)?,
        monotonic: long(record, 8)?,
        raw: record.get(20..20usize.checked_add(size)?)?.to_vec(),
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u32, body: &[u8]) -> Vec<u8> {
        let size = u16::try_from(body.len() + 8).expect("short");
        [&kind.to_ne_bytes()[..], &[0, 0], &size.to_ne_bytes(), body].concat()
    }

    #[test]
    fn records_are_read_up_to_the_first_that_is_cut() {
        let sample = [&7u32.to_ne_bytes()[..], &8u32.to_ne_bytes(), &99u64.to_ne_bytes(), &4u32.to_ne_bytes(), b"abcd"];
        let lost = [0u64.to_ne_bytes(), 3u64.to_ne_bytes()].concat();
        let all = [record(9, &sample.concat()), record(2, &lost), record(9, &sample.concat())].concat();
        let expected = Sample { pid: 7, tid: 8, monotonic: 99, raw: b"abcd".to_vec() };
        assert_eq!(records(&all), (vec![expected.clone(), expected.clone()], 3));
        assert_eq!(records(&all[..all.len() - 1]), (vec![expected], 3));
        // A record without a length would be read for ever.
        assert_eq!(records(&[0; 64]), (Vec::new(), 0));
    }

    #[test]
    fn the_attributes_have_the_size_of_their_version() {
        assert_eq!(size_of::<Attributes>(), SIZE as usize);
    }
}
