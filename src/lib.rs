//! netscope shows what really happens between a client and a server, packet by packet.
#![warn(missing_docs)]

pub mod analysis;
pub mod annotate;
pub mod beside;
pub mod calls;
pub mod check;
pub mod cli;
pub mod decode;
pub mod failure;
pub mod file;
pub mod frame;
pub mod language;
#[cfg(target_os = "linux")]
pub mod live;
pub mod report;
pub mod scenario;
pub mod script;
pub mod timeline;
pub mod track;
