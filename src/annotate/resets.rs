//! What the packets tell, and what they leave open, about the cause of a RST.

use super::{Certainty, Context, Match};
use crate::language::{Text, Value};
use crate::track::step::{RstFact, RstKind};
use crate::track::{Connection, Side};

/// So often systems repeat a segment before they give up, at the least (Windows: five times).
const REPEATED_TO_THE_END: u32 = 5;
/// So often that giving up cannot be excluded.
const REPEATED_OFTEN: u32 = 3;

/// Why an end sent a RST on a connection that it had, or that the other end believed to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Data came after the sender had closed both directions.
    AfterClose,
    /// The sender has no socket for the segment that it answers.
    NoConnection,
    /// Nothing answered the sender: its keep-alive probes, or the data that it repeated.
    Timeout,
    /// The sender closed while received bytes were unread.
    Unread,
    /// The sender aborted the connection.
    Abort,
}

impl Cause {
    /// The name of its rule.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Cause::AfterClose => "rst-after-close",
            Cause::NoConnection => "rst-no-connection",
            Cause::Timeout => "rst-timeout",
            Cause::Unread => "rst-unread",
            Cause::Abort => "rst-abort",
        }
    }
}

/// The causes that the packets cannot exclude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Causes {
    /// Which.
    pub(super) left: Vec<Cause>,
    /// How sure one of them is, when it is the only one.
    pub(super) certainty: Certainty,
}

impl Causes {
    /// The cause, when only one is left.
    pub(super) fn only(&self) -> Option<Cause> {
        match self.left[..] {
            [cause] => Some(cause),
            _ => None,
        }
    }
}

/// The causes of a RST that is no refusal.
pub(super) fn causes(rst: &RstFact, from: Side, conn: &Connection) -> Causes {
    let only = |cause, certainty| Causes { left: vec![cause], certainty };
    // Data that was acknowledged had a socket.
    let late_taken = conn.late_data_acked[from.index()].is_some();
    match rst.kind {
        RstKind::Refusal(_) => return Causes { left: Vec::new(), certainty: Certainty::Certain },
        // The kernel answers a segment for which it has no open socket (RFC 9293 section 3.5.2, group 1).
        RstKind::Answer(_) if rst.data_after_fin && !late_taken => return only(Cause::AfterClose, Certainty::Certain),
        RstKind::Answer(_) => return only(Cause::NoConnection, Certainty::Likely),
        RstKind::Active | RstKind::Unclear => {}
    }
    // One probe may be on its way; a program may also abort between two, but hardly ever does.
    if rst.was_open && rst.unanswered.is_some_and(|(probes, _)| probes >= 2) {
        return only(Cause::Timeout, Certainty::Likely);
    }
    let repeats = rst.repeats.filter(|_| rst.was_open).map_or(0, |(times, _)| times);
    if repeats >= REPEATED_TO_THE_END {
        return only(Cause::Timeout, Certainty::Likely);
    }
    let mut left = Vec::new();
    if repeats >= REPEATED_OFTEN {
        left.push(Cause::Timeout);
    }
    // What came before the capture is unknown, so bytes of that time may be unread.
    let mid_stream = conn.syn.is_none() && conn.syn_ack.is_none();
    if rst.was_open {
        if rst.peer_data.is_some() || mid_stream {
            left.push(Cause::Unread);
        }
        left.push(Cause::Abort);
    }
    // Not every system answers with a bare RST, but whoever sends one mostly answers, one of several segments perhaps.
    if rst.data_after_fin && !late_taken {
        left.push(Cause::AfterClose);
    } else if rst.bare && rst.was_open {
        left.push(Cause::NoConnection);
    }
    Causes { left, certainty: Certainty::Likely }
}

/// What was not answered before the RST: what to call it, and the frame of the last.
pub(super) fn unanswered(rst: &RstFact) -> Option<(Text, u64)> {
    const PROBES: Text = Text { en: "its keep-alive probes", id: "probe keep-alive-nya" };
    const DATA: Text = Text { en: "what it kept sending again", id: "segmen yang terus diulangnya" };
    let data = rst.repeats.map(|(_, frame)| (DATA, frame));
    data.or(rst.unanswered.map(|(_, frame)| (PROBES, frame)))
}

/// Fits when the packet's RST may have this cause: `possible` when others are left.
pub(super) fn found(context: &Context<'_>, cause: Cause) -> Option<Match> {
    let (rst, causes) = here(context)?;
    if !causes.left.contains(&cause) {
        return None;
    }
    let certainty = if causes.only().is_some() { causes.certainty } else { Certainty::Possible };
    let evidence = match cause {
        Cause::AfterClose => [rst.sender_fin, rst.peer_data],
        Cause::NoConnection => match rst.kind {
            RstKind::Answer(frame) => [Some(frame), None],
            _ => [None, None],
        },
        Cause::Timeout => [unanswered(&rst).map(|(_, frame)| frame), None],
        Cause::Unread => [rst.peer_data, None],
        Cause::Abort => [None, None],
    };
    let mut found = Match::certain().as_sure_as(certainty);
    if let (Cause::Timeout, Some((what, _))) = (cause, unanswered(&rst)) {
        found = found.value("what", Value::Text(what));
    }
    Some(found.because_of(evidence[0]).because_of(evidence[1]))
}

/// Fits when the packet's RST ends the connection and more than one cause is left.
pub(super) fn undecided(context: &Context<'_>) -> Option<Match> {
    let (_, causes) = here(context)?;
    Match::when(causes.only().is_none())
}

/// The RST of a packet, no refusal, with its causes.
fn here(context: &Context<'_>) -> Option<(RstFact, Causes)> {
    let rst = context.effective_rst().filter(|rst| !matches!(rst.kind, RstKind::Refusal(_)))?;
    let conn = context.conn?;
    // One that comes when both FINs are acknowledged ends nothing; only an answer still says something.
    let ends = conn.rst.is_some_and(|mark| mark.at.frame == context.packet.number);
    if !ends && !matches!(rst.kind, RstKind::Answer(_)) {
        return None;
    }
    Some((rst, causes(&rst, context.from()?, conn)))
}
