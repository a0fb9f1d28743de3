//! Packets → steps: wrapping sequence numbers, one end's RFC 9293 machine, two ends, the table of connections.

pub mod close;
pub mod connection;
pub mod seq;
pub mod step;

pub use connection::Connection;
pub use seq::Seq;
pub use step::{ConnId, Proto, Side, State, Step};
