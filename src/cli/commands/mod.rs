//! The commands, one file each.

#[cfg(all(feature = "libpcap", target_os = "linux"))]
pub(super) mod capture;
#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
pub(super) mod demo;
#[cfg(target_os = "linux")]
pub(super) mod doctor;
pub(super) mod explain;
mod forecast;
pub(super) mod open;
#[cfg(target_os = "linux")]
mod over;
pub(super) mod plot;
pub(super) mod report;
#[cfg(target_os = "linux")]
pub(super) mod run;
mod saved;
pub(super) mod shell;
pub(super) mod stats;
