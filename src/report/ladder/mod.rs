//! The ladder diagram: who sent what to whom, when, and what it did to both ends. A model only, without a place on any
//! paper; `layout` gives it one, and the formats draw it.

pub mod build;
pub mod calls;
pub mod labels;
pub mod layout;
pub mod reel;
pub mod sheets;
pub mod svg;

use self::calls::Called;
use crate::language::messages::report as say;
use crate::language::{Lang, Values};
use crate::report::people::row::{Kind, Row};
use crate::track::{ConnId, Proto, State};

/// Stands before a state that the kernel named as well.
pub const CONFIRMED: &str = "✓";

/// How much a drawing has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Packets that are drawn unless the user asks for more or fewer.
    pub arrows: usize,
    /// Lanes that fit beside each other.
    pub lanes: usize,
}

/// An exchange as a diagram: time runs down, every end has a lane.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// The ends, from left to right.
    pub lanes: Vec<Lane>,
    /// The packets, in order of leaving.
    pub arrows: Vec<Arrow>,
    /// The programs' calls, in order of time.
    pub calls: Vec<Called>,
    /// What happens, in order of time. Everything in it is drawn at a height of its own.
    pub moments: Vec<Moment>,
    /// Times in which one direction was closed.
    pub spans: Vec<Closed>,
    /// What is not drawn, in words.
    pub remarks: Vec<String>,
    /// Several connections are drawn, so that each packet says to which it belongs.
    pub several: bool,
}

/// One end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What it is in its connections; neither for a router that sent an ICMP error.
    pub role: Option<Role>,
    /// Address and port; the address alone where the ports of one address share a lane.
    pub address: String,
    /// The TCP connection whose states the lane shows: none when it has several, or none of TCP.
    pub states_of: Option<ConnId>,
    /// Its state before the first packet drawn.
    pub first_state: Option<State>,
}

/// What an end is in its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It opened them.
    Client,
    /// It was asked.
    Server,
    /// In one the former, in another the latter.
    Both,
}

/// A packet.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// What there is to say about it.
    pub row: Row,
    /// Its connection, or the one whose packet it quotes.
    pub conn: ConnId,
    /// The lane that it leaves.
    pub from: usize,
    /// The lane that it is for.
    pub to: usize,
    /// The moment in which it leaves.
    pub leaves: usize,
    /// The moment in which it arrives: that of leaving where one point was captured, `None` when it was lost.
    pub arrives: Option<usize>,
    /// The moment in which a second copy of it arrives.
    pub again: Option<usize>,
}

/// Something that happens at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Nanoseconds since the first packet of the capture.
    pub rel: Option<i64>,
    /// Nanoseconds since the moment before, not negative.
    pub since: i64,
    /// What happens.
    pub what: Happens,
    /// States that change with it.
    pub changes: Vec<Change>,
}

/// What happens in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happens {
    /// A packet leaves; without a second capture point it arrives as well.
    Leaves(usize),
    /// A packet arrives that had left earlier.
    Arrives(usize),
    /// A second copy of a packet arrives.
    ArrivesAgain(usize),
    /// So many packets are left out.
    LeftOut(u64),
    /// A program makes a call.
    Calls(usize),
}

/// A state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// At this end.
    pub lane: usize,
    /// Of this connection.
    pub conn: ConnId,
    /// To this; `None` when the capture cannot tell.
    pub state: Option<State>,
    /// The kernel named the same state.
    pub confirmed: bool,
}

/// A time in which one direction of a connection was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The connection.
    pub conn: ConnId,
    /// The lanes of its two ends.
    pub lanes: (usize, usize),
    /// First moment.
    pub from: usize,
    /// Last moment.
    pub to: usize,
    /// Duration and bytes, in short.
    pub label: String,
}

impl Arrow {
    /// Flags, sequence and acknowledgment number, length: `PSH,ACK seq=1 ack=1 len=4`.
    #[must_use]
    pub fn label(&self) -> String {
        let len = self.row.len.filter(|len| *len > 0);
        match &self.row.kind {
            Kind::Tcp { flags, seq, ack, .. } => {
                let names = super::people::row::flag_names(*flags, ",");
                let ack = ack.map(|ack| format!(" ack={ack}")).unwrap_or_default();
                let len = len.map(|len| format!(" len={len}")).unwrap_or_default();
                format!("{names} seq={seq}{ack}{len}")
            }
            Kind::Udp => format!("UDP len={}", self.row.len.unwrap_or(0)),
            Kind::Other { info, .. } => info.clone(),
        }
    }

    /// The label without the acknowledgment number, for where the whole one has no room.
    #[must_use]
    pub fn short_label(&self) -> String {
        let label = self.label();
        let parts = label.split(' ').filter(|part| !part.starts_with("ack="));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// It was lost on the way.
    #[must_use]
    pub fn lost(&self) -> bool {
        self.arrives.is_none()
    }

    /// It takes time to arrive, and the capture shows how long.
    #[must_use]
    pub fn slants(&self) -> bool {
        self.arrives.is_some_and(|at| at != self.leaves)
    }
}

impl Lane {
    /// Its role, in the words of both languages.
    #[must_use]
    pub fn role_name(&self) -> &'static str {
        match self.role {
            Some(Role::Client) => "client",
            Some(Role::Server) => "server",
            Some(Role::Both) => "client, server",
            None => "",
        }
    }
}

impl Ladder {
    /// How long the pause before a moment is, where it is so long that the drawing says it.
    #[must_use]
    pub fn pause(&self, moment: usize) -> Option<i64> {
        /// From half a second on (ns).
        const LONG: i64 = 500_000_000;
        let moment = self.moments.get(moment)?;
        (moment.since >= LONG && !matches!(moment.what, Happens::LeftOut(_))).then_some(moment.since)
    }

    /// The sentences that explain the drawing.
    #[must_use]
    pub fn legend(&self, lang: Lang) -> String {
        let mut sentences = vec![&say::LADDER_TIME];
        if self.arrows.iter().any(|arrow| matches!(arrow.row.kind, Kind::Tcp { .. })) {
            sentences.push(&say::LADDER_STATES);
        }
        if self.arrows.iter().any(Arrow::slants) {
            sentences.push(&say::LADDER_SLANT);
        }
        if !self.calls.is_empty() {
            sentences.push(&say::LADDER_CALLS);
        }
        let mut legend = sentences.iter().map(|sentence| sentence.text.get(lang)).collect::<Vec<_>>().join(" ");
        if self.is_confirmed() {
            let mark = Values::none().words("mark", CONFIRMED);
            legend = format!("{legend} {}", say::LADDER_KERNEL.text.fill(lang, &mark));
        }
        legend
    }

    /// The name of a state as the lanes show it.
    #[must_use]
    pub fn state_name(state: Option<State>) -> &'static str {
        state.map_or("?", State::name)
    }

    /// The same behind the mark of the kernel's word, where that is the same.
    #[must_use]
    pub fn state_label(state: Option<State>, confirmed: bool) -> String {
        format!("{}{}", if confirmed { CONFIRMED } else { "" }, Ladder::state_name(state))
    }

    /// The kernel has confirmed a state that is drawn.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.moments.iter().any(|moment| moment.changes.iter().any(|change| change.confirmed))
    }
}

/// A time so many nanoseconds after another.
fn later(from: Option<i64>, by: i64) -> Option<i64> {
    from.map(|from| from.saturating_add(by))
}

/// True for a connection with states.
fn has_states(conn: ConnId) -> bool {
    conn.proto == Proto::Tcp
}
