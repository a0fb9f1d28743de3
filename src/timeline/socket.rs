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

/// Why an end sent a RST, by the kernel's own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetReason {
    /// The connection.
    pub conn: ConnId,
    /// The end, as the packets tell client from server.
    pub side: Side,
    /// `TCP_ABORT_ON_CLOSE`
    pub name: String,
}

impl TraceEvent<'_> {
    /// The reason of a RST, where the kernel gives one.
    #[must_use]
    pub fn reset_reason(&self) -> Option<ResetReason> {
        let Traced::Reset { reason: Some(name) } = &self.told.what else { return None };
        (name != UNSPECIFIED).then(|| ResetReason { conn: self.conn, side: self.side, name: name.clone() })
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
