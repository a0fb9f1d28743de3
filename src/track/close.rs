//! How a connection ended, read off its marks.

use super::connection::{Connection, Mark};
use super::step::{FinFact, RstKind, Side};

/// The end of a connection as the records name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// Both FINs were seen.
    Fin,
    /// A RST ended it.
    Rst,
    /// A RST answered the SYN.
    Refused,
    /// A kernel gave up, by its own word.
    Timeout,
    /// None of these.
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
            Close::Timeout => "timeout",
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

/// How a connection ended. A RST that ended it wins over an earlier FIN.
#[must_use]
pub fn close(conn: &Connection) -> Close {
    match (&conn.rst, conn.fin) {
        (Some(rst), _) if matches!(rst.fact.kind, RstKind::Refusal(_)) => Close::Refused,
        (Some(_), _) => Close::Rst,
        (None, _) if conn.given_up.is_some() => Close::Timeout,
        (None, [Some(_), Some(_)]) => Close::Fin,
        (None, [Some(_), None]) if conn.is_with_itself() => Close::Fin,
        _ => Close::None,
    }
}

/// Who ended it: the sender of the RST, else who gave up, else the sender of the first FIN; `None` while nobody has.
#[must_use]
pub fn closed_by(conn: &Connection) -> Option<ClosedBy> {
    if let Some(rst) = &conn.rst {
        return Some(ClosedBy::One(rst.by));
    }
    if let Some(given_up) = conn.given_up {
        return Some(ClosedBy::One(given_up.by));
    }
    let crossing = conn.fin.iter().flatten().any(|fin| matches!(fin.fact, FinFact::Crossing(_)));
    if crossing {
        return Some(ClosedBy::Both);
    }
    conn.first_fin().map(|(side, _)| ClosedBy::One(side))
}

/// The half-close, from the first FIN to the peer's FIN, a RST or the last packet. `None` when there was no FIN, when a
/// RST had ended the connection before it, or when the peer's FIN itself acknowledges the first and no data lies between.
#[must_use]
pub fn half_close(conn: &Connection) -> Option<HalfClose> {
    let (by, fin) = conn.first_fin().filter(|_| !conn.is_with_itself())?;
    let peer = by.other().index();
    let peer_fin = conn.fin[peer];
    let bytes_after = conn.bytes_after_fin[peer];
    let rst = conn.rst.as_ref();
    if rst.is_some_and(|rst| rst.at.frame < fin.at.frame) {
        return None;
    }
    if bytes_after == 0 && peer_fin.is_some_and(|fin| matches!(fin.fact, FinFact::Merged(_))) {
        return None;
    }
    let reset = rst.is_some_and(|rst| rst.by == by && rst.fact.data_after_fin);
    let accepted = if reset { Some(false) } else { conn.late_data_acked[by.index()].map(|_| true) };
    let end = peer_fin.map(|fin| fin.at).or(rst.map(|rst| rst.at)).unwrap_or(conn.last);
    Some(HalfClose { by, begin: fin.at, end, bytes_after, accepted })
}
