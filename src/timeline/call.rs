//! A system call of one of the programs, and what it may put on the wire.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::frame::Time;
use crate::track::{Proto, Side};

/// A system call that one of an exchange's programs made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// 0-based in order of entry.
    pub id: u32,
    /// Which program; none where one program is both.
    pub side: Option<Side>,
    /// The process.
    pub pid: u32,
    /// The thread.
    pub tid: u32,
    /// `connect`, `send`, …
    pub name: String,
    /// The arguments as strace prints them.
    pub args: String,
    /// When it was entered.
    pub entry: Time,
    /// When it returned.
    pub exit: Option<Time>,
    /// What it returned, or the name of the error (`EPIPE`).
    pub result: Option<Result<i64, String>>,
    /// The socket it is about.
    pub socket: Option<SocketUse>,
    /// What it does there.
    pub deed: Deed,
    /// The first bytes that it sent or received.
    #[serde(with = "bytes")]
    pub data: Vec<u8>,
    /// The line of the program's own source that made it (`server.py:14`), where that could be read.
    pub source: Option<String>,
}

/// A socket as a call found it, or left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketUse {
    /// The kernel's number of the socket, the same in every process and for every descriptor of it.
    pub cookie: u64,
    /// Its protocol.
    pub proto: Proto,
    /// The descriptor.
    pub fd: i32,
    /// Its own address, once it has a port.
    pub local: Option<SocketAddr>,
    /// Its peer's, once it is connected.
    pub peer: Option<SocketAddr>,
}

/// What a call does with its socket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Nothing that reaches the wire.
    #[default]
    Other,
    /// It makes the socket.
    Create,
    /// It gives it an address.
    Bind(SocketAddr),
    /// It waits for connections.
    Listen,
    /// It asks for a connection.
    Connect(SocketAddr),
    /// It takes one from this listener's queue; the call's socket is the new one.
    Accept {
        /// The number of the listener.
        listener: u64,
    },
    /// It gives bytes to the kernel.
    Send {
        /// Whereto, when the call says so.
        to: Option<SocketAddr>,
        /// How many bytes; of `sendmmsg` each datagram's.
        sizes: Vec<u64>,
    },
    /// It takes bytes.
    Receive {
        /// Where they came from, when the call is told.
        from: Option<SocketAddr>,
        /// Room for so many bytes.
        room: u64,
        /// They stay in the buffer (`MSG_PEEK`).
        peek: bool,
    },
    /// It ends one direction or both.
    Shutdown {
        /// The sending direction is among them.
        write: bool,
    },
    /// It gives a descriptor back.
    Close {
        /// How many other descriptors of the same socket are left, in all programs.
        left: u32,
    },
    /// It copies a descriptor.
    Duplicate,
    /// It sets or reads an option.
    SetOption,
    /// It waits for something to happen on descriptors.
    Wait,
    /// The process ends.
    Exit,
}

/// Bytes as text where people may look at it: a list of numbers would be four times as long.
mod bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&STANDARD.encode(bytes))
        } else {
            serializer.serialize_bytes(bytes)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        if deserializer.is_human_readable() {
            STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
        } else {
            Vec::deserialize(deserializer)
        }
    }
}

impl Call {
    /// Bytes or a number that it returned; none when it failed or has not returned.
    #[must_use]
    pub fn returned(&self) -> Option<i64> {
        self.result.as_ref().and_then(|result| result.as_ref().ok()).copied()
    }

    /// The name of its error.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.result.as_ref().and_then(|result| result.as_ref().err()).map(String::as_str)
    }

    /// `connect(3, {…}, 16)`
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}({})", self.name, self.args)
    }
}
