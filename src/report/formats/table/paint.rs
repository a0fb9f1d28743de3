//! Colour by role. Every colour repeats what the words beside it say.

use crate::decode::TcpFlags;
use crate::report::people::row::{Kind, Row};
use crate::track::Side;

/// A role in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Headings, the verdict, what has changed.
    Strong,
    /// What is there for reference.
    Faint,
    /// The client.
    Client,
    /// The server.
    Server,
    /// SYN.
    Open,
    /// FIN.
    Close,
    /// RST, ICMP errors.
    Reset,
    /// Nothing special.
    Plain,
}

impl Role {
    /// The role of one end.
    #[must_use]
    pub fn of(side: Side) -> Role {
        match side {
            Side::Client => Role::Client,
            Side::Server => Role::Server,
        }
    }

    /// The role of a packet.
    #[must_use]
    pub fn of_flags(row: &Row) -> Role {
        match &row.kind {
            Kind::Tcp { flags, .. } if flags.rst() => Role::Reset,
            Kind::Tcp { flags, .. } if flags.fin() => Role::Close,
            Kind::Tcp { flags, .. } if flags.syn() => Role::Open,
            Kind::Tcp { flags, .. } if flags.has(TcpFlags::PSH) => Role::Strong,
            Kind::Other { .. } => Role::Reset,
            _ => Role::Plain,
        }
    }

    fn codes(self) -> &'static str {
        match self {
            Role::Strong => "1",
            Role::Faint => "2",
            Role::Client => "36",
            Role::Server => "33",
            Role::Open => "1;32",
            Role::Close => "1;35",
            Role::Reset => "1;31",
            Role::Plain => "",
        }
    }
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

impl Paint {
    /// The text in the colour of a role, or as it is.
    #[must_use]
    pub fn paint(self, role: Role, text: impl Into<String>) -> String {
        let text = text.into();
        if !self.0 || role == Role::Plain || text.trim().is_empty() {
            return text;
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", role.codes())
    }
}
