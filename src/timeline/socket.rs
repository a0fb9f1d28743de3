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
