//! Where a program went wrong, told from its calls and its packets together. One rule a function, each with its evidence.

mod ends;
mod reach;
mod setup;
mod stream;
#[cfg(test)]
mod tests;
mod timing;
mod words;

use crate::annotate::Certainty;
use crate::frame::Time;
use crate::language::messages::{Message, findings as say};
use crate::language::{Value, Values};
use crate::timeline::{Call, CallSeen, Deed, Finding, Level, Owner, Place, Program};
use crate::track::{ConnId, Connection, Proto, Side};

use super::packets::{Sent, What};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Everything that rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The calls with their connections and frames.
    pub calls: &'a [CallSeen],
    /// The packets.
    pub packets: &'a [Sent],
    /// Who made them.
    pub owners: &'a FxHashMap<u64, Owner>,
    /// The connections as they were at the end.
    pub connections: &'a [Connection],
    /// The programs with their ends.
    pub programs: &'a [Program],
    /// When the programs were told to end.
    pub stopped: Option<Time>,
    /// It was because their time was up.
    pub time_up: bool,
    /// What the programs could reach.
    pub reach: Reach,
}

/// What programs can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// The loopback of a network of their own.
    #[default]
    Private,
    /// What the machine reaches.
    Host,
    /// Each other, from two hosts with a wire between them.
    Wire,
}

/// Lines of the source that a finding names.
const MOST_PLACES: usize = 3;

/// A rule.
type Rule = fn(&Facts<'_>, &mut Vec<Finding>);

const RULES: &[Rule] = &[
    setup::never_ran,
    setup::port_in_use,
    reach::bind_failed,
    reach::connect_refused,
    reach::not_reachable,
    setup::udp_nobody_listens,
    setup::udp_other_port,
    ends::eof_ignored,
    ends::close_with_unread_data,
    ends::write_after_close,
    ends::use_after_close,
    ends::still_held,
    ends::never_closed,
    ends::waits,
    stream::word_is_no_close,
    stream::short_send,
    stream::messages,
    timing::one_at_a_time,
    timing::nagle_delayed_ack,
];

/// Everything that went wrong, the worst first.
#[must_use]
pub fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        rule(facts, &mut findings);
    }
    for finding in &mut findings {
        let places = places(facts, finding.side, &finding.calls);
        finding.places.extend(places);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings
}

/// Where calls stand in the source: the first few lines, each once, those of the program at fault before others.
fn places(facts: &Facts<'_>, side: Option<Side>, calls: &[u32]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut found: Vec<&CallSeen> =
        calls.iter().filter_map(|id| facts.calls.iter().find(|seen| seen.call.id == *id)).collect();
    found.sort_by_key(|seen| seen.call.side != side);
    for seen in found {
        let Some(source) = seen.call.source.clone() else { continue };
        let place = Place { source, call: Some(plain(&seen.call)) };
        if places.len() < MOST_PLACES && !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// One end of a connection.
type End = (ConnId, Side);

impl<'a> Facts<'a> {
    /// The calls of one end, in order.
    fn of(&self, (conn, side): End) -> impl Iterator<Item = &'a CallSeen> + Clone {
        self.calls.iter().filter(move |seen| seen.conn == Some(conn) && seen.end == Some(side))
    }

    /// Both ends of every TCP connection.
    fn tcp_ends(&self) -> impl Iterator<Item = (&'a Connection, Side)> {
        let tcp = self.connections.iter().filter(|conn| conn.id.proto == Proto::Tcp);
        tcp.flat_map(|conn| [(conn, Side::Client), (conn, Side::Server)])
    }

    /// Before the programs were told to end.
    fn on_its_own(&self, moment: Time) -> bool {
        self.stopped.is_none_or(|stopped| moment < stopped)
    }

    /// The program that is this end: what the calls say, else the end itself.
    fn program(&self, end: End) -> Option<Side> {
        self.of(end).next().map_or(Some(end.1), |seen| seen.call.side.or(Some(end.1)))
    }
}

/// A finding in the making.
fn finding(rule: &'static str, level: Level, side: Option<Side>, text: &'static Message, values: Values) -> Finding {
    let who = side.map_or(Value::Text(say::WHO_PROGRAM.text), Value::Side);
    let values = values.with("who", who);
    let certainty = Certainty::Certain;
    Finding {
        rule,
        level,
        certainty,
        side,
        conn: None,
        text,
        values,
        frames: Vec::new(),
        calls: Vec::new(),
        places: Vec::new(),
    }
}

trait Evidence {
    fn on(self, conn: Option<ConnId>) -> Self;
    fn frame(self, frame: Option<u64>) -> Self;
    fn call(self, call: &Call) -> Self;
}

impl Evidence for Finding {
    fn on(mut self, conn: Option<ConnId>) -> Self {
        self.conn = conn;
        self
    }

    fn frame(mut self, frame: Option<u64>) -> Self {
        self.frames.extend(frame);
        self
    }

    fn call(mut self, call: &Call) -> Self {
        self.calls.push(call.id);
        self
    }
}

/// The name that programs use for a call.
fn plain(call: &Call) -> String {
    match (call.name.as_str(), &call.deed) {
        ("sendto", Deed::Send { to: None, .. }) => "send",
        ("recvfrom", Deed::Receive { from: None, .. }) => "recv",
        ("accept4", _) => "accept",
        (name, _) => name,
    }
    .to_owned()
}

/// How many bytes of payload of an end had reached the other before that moment.
fn delivered(packets: &[Sent], (conn, from): End, until: Option<Time>) -> u64 {
    let of_end = packets.iter().filter(|packet| packet.conn == Some(conn) && packet.from == Some(from));
    of_end
        .filter(|packet| packet.arrived.is_some_and(|time| until.is_none_or(|until| time <= until)))
        .filter_map(|packet| match packet.what {
            What::Tcp { seq, len, .. } if len > 0 => Some(u64::from(seq) + u64::from(len) - 1),
            _ => None,
        })
        .max()
        .unwrap_or(0)
}
