//! Packets → steps: wrapping sequence numbers, one end's RFC 9293 machine, two ends, the table of connections.
//!
//! A packet goes `table` (which connection?) → `tcp` or `udp` (what does it mean there?) → `stream` (which numbers are
//! new?) and `machine` (which states follow?), and comes out as a [`Step`].
//! When only connections are asked for, most packets take the short cut of `tcp/predict`, which leaves the same behind.

pub mod close;
pub mod completeness;
pub mod connection;
pub mod connections;
pub mod flow;
pub mod given_up;
pub mod labels;
pub mod machine;
pub mod on_the_way;
mod origin;
pub mod probe;
pub mod reassembly;
pub mod repair;
pub mod seq;
pub mod shelf;
pub mod step;
pub mod stream;
pub mod table;
pub mod tcp;
pub mod udp;
pub mod zeek;

pub use connection::Connection;
pub use connections::Connections;
pub use on_the_way::Way;
pub use seq::Seq;
pub use shelf::Limits;
pub use step::{ConnId, Proto, Side, State, Step};
pub use table::Tracker;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
