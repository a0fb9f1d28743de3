//! How a connection ended, read off its marks.

use super::connection::{Connection, Mark};
use super::step::{FinFact, Side};

/// The end of a connection as the records name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// Both FINs were seen.
    Fin,
    /// A RST ended it.
    Rst,
    /// A RST answered the SYN.
    Refused,
    /// Neither.
    None,
}

impl Close {
    /// As the records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Close::Fin => "fin",
            Close::Rst => "rst",
            Close::Refused => "refused",
            Close::None => "none",
        }
    }
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// One end.
    One(Side),
    /// Both at once: the FINs crossed.
    Both,
}

impl ClosedBy {
    /// As the records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ClosedBy::One(side) => side.name(),
            ClosedBy::Both => "both",
        }
    }
}

/// The time in which one direction was closed and the other was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfClose {
    /// Who sent the first FIN.
    pub by: Side,
    /// That FIN.
    pub begin: Mark,
    /// The peer's FIN, the RST, or the last packet.
    pub end: Mark,
    /// Payload that the peer sent in between.
    pub bytes_after: u64,
    /// The data was acknowledged (`true`), reset (`false`), or neither is known.
    pub accepted: Option<bool>,
}

impl HalfClose {
    /// How long it lasted, in nanoseconds.
    #[must_use]
    pub fn duration_ns(&self) -> Option<i64> {
        Some(self.end.time?.since(self.begin.time?))
    }
}
