//! What happened, in order: packets at capture points, what the kernel said of its sockets, and the program's calls.
//!
//! Lanes and capture points are part of the type, so that a second capture point and a program's output are further
//! values and not another model.

pub mod agree;
mod call;
mod socket;
mod tally;
mod witness;

pub use call::{Call, Closed, Deed, SocketUse};
pub use socket::{ResetSaid, ResetWord, SocketEvent, Source, Trace, TraceEvent, Traced, Witnessed};
pub use tally::{CountedIn, Tally};
pub use witness::{CallEvent, CallSeen, End, Finding, Level, Owner, Place, Program, SIGNALS, Witness};

use crate::annotate::Annotation;
use crate::decode::Packet;
use crate::frame::Time;
use crate::track::{Side, Step};

/// Where in the picture an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// A packet seen at a capture point.
    Wire(CapturePoint),
    /// A system call of the program at one end; none: of a program that is both.
    Program(Option<Side>),
    /// The kernel of one end; none: of both.
    Kernel(Option<Side>),
}

/// Where packets were captured. A capture on one machine's interface has one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CapturePoint(pub u16);

/// How an event's place in the order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By time stamps of one clock, or by the order in the file.
    Exact,
    /// Concluded.
    Inferred,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When.
    pub time: Option<Time>,
    /// Where.
    pub lane: Lane,
    /// How its place in the order is known.
    pub order: Order,
    /// What.
    pub what: What<'a>,
}

/// What an event is.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// A packet, what the tracker made of it, and what there is to say about it.
    Packet(PacketEvent<'a>),
    /// A system call of one of the programs.
    Call(CallEvent<'a>),
    /// The kernel found a socket in another state.
    Socket(SocketEvent<'a>),
    /// A tracepoint of the kernel told of a socket.
    Trace(TraceEvent<'a>),
    /// What a kernel counted all the while.
    Tally(&'a Tally),
}

/// A packet with everything known about it.
#[derive(Clone, Copy, Debug)]
pub struct PacketEvent<'a> {
    /// The headers.
    pub packet: &'a Packet<'a>,
    /// What it did.
    pub step: &'a Step,
    /// What there is to say, the main annotation first.
    pub notes: &'a [Annotation],
    /// Who made it, where that is known.
    pub owner: Option<Owner>,
}

/// Names an event as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventRef {
    /// A packet by its frame number.
    Frame(u64),
    /// A system call by its id.
    Call(u32),
}
