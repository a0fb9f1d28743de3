//! What the kernel itself said about a connection's sockets.

use std::net::SocketAddr;

use crate::frame::Time;
use crate::track::{ConnId, Side, State};

/// How the kernel was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Source {
    /// It was asked for exactly this socket (`NETLINK_SOCK_DIAG`). The time is that of the first answer with the new
    /// state, so the change itself was somewhat earlier, and a state may have passed between two questions.
    SockDiag,
}

impl Source {
    /// Its name in the records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Source::SockDiag => "sock_diag",
        }
    }
}

/// One end's socket was found in another state than before.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Witnessed {
    /// When, on the clock of the packets.
    pub time: Time,
    /// At which end.
    pub side: Side,
    /// The client's address of the connection.
    pub client: SocketAddr,
    /// The server's.
    pub server: SocketAddr,
    /// The state before; CLOSED where there was no socket.
    pub from: State,
    /// The state now.
    pub to: State,
    /// Who says so.
    pub source: Source,
}

/// What a tracepoint of the kernel told about one end of a connection, at the moment when it happened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trace {
    /// When, on the clock of the packets.
    pub time: Time,
    /// At which end.
    pub side: Side,
    /// The client's address of the connection.
    pub client: SocketAddr,
    /// The server's.
    pub server: SocketAddr,
    /// What.
    pub what: Traced,
}

/// What a tracepoint tells.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Traced {
    /// The socket is in another state.
    State {
        /// The state before.
        from: State,
        /// The state now.
        to: State,
    },
    /// It sends a RST.
    Reset {
        /// Why, by the kernel's own name (`TCP_ABORT_ON_CLOSE`); none from kernels that do not say.
        reason: Option<String>,
    },
    /// It has received a RST and takes it: the connection ends there.
    ResetTaken,
    /// It sends a segment again.
    Retransmit,
}

/// What a tracepoint told, and the connection that it is about.
#[derive(Clone, Copy, Debug)]
pub struct TraceEvent<'a> {
    /// The connection.
    pub conn: ConnId,
    /// The end, as the packets tell client from server.
    pub side: Side,
    /// What was told.
    pub told: &'a Trace,
}

/// What a kernel said about a RST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetWord {
    /// The connection.
    pub conn: ConnId,
    /// The end, as the packets tell client from server.
    pub side: Side,
    /// What.
    pub said: ResetSaid,
}

/// Its part in a RST, by the kernel's own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetSaid {
    /// It sent one for this reason: `TCP_ABORT_ON_CLOSE`.
    Sent(String),
    /// It took one that it received.
    Taken,
}

impl TraceEvent<'_> {
    /// What it says about a RST: the reason, where the kernel gives one, or that it was taken.
    #[must_use]
    pub fn reset_word(&self) -> Option<ResetWord> {
        let said = match &self.told.what {
            Traced::Reset { reason: Some(name) } if name != UNSPECIFIED => ResetSaid::Sent(name.clone()),
            Traced::ResetTaken => ResetSaid::Taken,
            _ => return None,
        };
        Some(ResetWord { conn: self.conn, side: self.side, said })
    }
}

/// The kernel's word for a reason that it does not tell.
const UNSPECIFIED: &str = "NOT_SPECIFIED";

/// What the kernel said, and the connection that it is about.
#[derive(Clone, Copy, Debug)]
pub struct SocketEvent<'a> {
    /// The connection.
    pub conn: ConnId,
    /// The end, as the packets tell client from server.
    pub side: Side,
    /// What was said.
    pub said: &'a Witnessed,
}
