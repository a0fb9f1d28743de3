//! The only place that touches the kernel: private networks, sockets, captures.
//!
//! Linux only. Everything that can be said without the kernel is said elsewhere.
#![allow(clippy::disallowed_methods, reason = "an edge: it asks the kernel, starts processes and measures time")]

#[cfg(feature = "libpcap")]
pub mod capture;
mod counters;
mod cpus;
pub mod doctor;
pub mod exchange;
pub mod interfaces;
mod machine;
mod packet_socket;
pub mod programs;
mod sandbox;
mod trace;
mod tracepoints;
mod trouble;
mod wire;
mod witness;

pub use exchange::helper_main;

use std::path::PathBuf;

/// The hidden command by which the program starts itself as a helper.
pub const HELPER_COMMAND: &str = "__exchange";

/// The running program, as a helper is started from it: also when it has been replaced or moved since.
#[must_use]
pub fn own_program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}
