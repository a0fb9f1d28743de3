//! From the packets that were kept to the ladder: lanes, arrows, moments, states.

use std::net::{IpAddr, SocketAddr};

use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::Calls;
use super::reel::{From, Reel, Shot};
use super::{Arrow, Change, Closed, Happens, Ladder, Lane, Moment, Role, has_states, later};
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::people::closing::span;
use crate::report::people::row::{Kind, Passing};
use crate::timeline::CallSeen;
use crate::timeline::agree::Testimony;
use crate::track::{ConnId, Connection, Connections, Side, State};

/// What makes two ends one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// An end, by address and port. The flag tells the two ends of a connection apart that have both in common.
    End(SocketAddr, bool),
    /// The clients on one address.
    Host(IpAddr),
}

/// Which lane belongs to what.
#[derive(Default)]
struct Lanes {
    keys: Vec<Key>,
    ends: Vec<Lane>,
    /// The TCP connections that a lane has.
    conns: Vec<FxHashSet<ConnId>>,
    /// Clients on one address share a lane.
    shared: bool,
}

impl Lanes {
    fn key(&self, conn: &Connection, side: Side) -> Key {
        match side {
            Side::Client if self.shared => Key::Host(conn.client.ip()),
            Side::Client => Key::End(conn.client, false),
            Side::Server => Key::End(conn.server, conn.client == conn.server),
        }
    }

    fn find(&self, key: Key) -> Option<usize> {
        self.keys.iter().position(|known| *known == key)
    }

    /// How many lanes a further connection would add.
    fn new_ones(&self, conn: &Connection) -> usize {
        [Side::Client, Side::Server].iter().filter(|side| self.find(self.key(conn, **side)).is_none()).count()
    }

    fn add(&mut self, conn: &Connection, side: Side) {
        let key = self.key(conn, side);
        let role = match side {
            Side::Client => Role::Client,
            Side::Server => Role::Server,
        };
        let at = self.find(key).unwrap_or_else(|| {
            let address = match key {
                Key::Host(address) => address.to_string(),
                Key::End(address, _) => address.to_string(),
            };
            self.push(key, Lane { role: Some(role), address, states_of: None, first_state: None })
        });
        if self.ends[at].role != Some(role) {
            self.ends[at].role = Some(Role::Both);
        }
        self.conns[at].insert(conn.id);
    }

    fn push(&mut self, key: Key, lane: Lane) -> usize {
        self.keys.push(key);
        self.ends.push(lane);
        self.conns.push(FxHashSet::default());
        self.ends.len() - 1
    }

    /// The lane of whoever sent an ICMP error: an end of the connection, else a router of its own.
    fn reporter(&mut self, address: Option<IpAddr>, conn: &Connection, about: Side) -> Option<usize> {
        let other = about.other();
        match address {
            Some(address) if address != conn.end(other).ip() => {
                let key = Key::Host(address);
                let router = Lane { role: None, address: address.to_string(), states_of: None, first_state: None };
                Some(self.find(key).unwrap_or_else(|| self.push(key, router)))
            }
            _ => self.find(self.key(conn, other)),
        }
    }
}

/// The connections that fit on the paper, clients left of servers.
fn lanes_for<'c>(conns: &[&'c Connection], limit: usize) -> (Lanes, Vec<&'c Connection>) {
    let chosen = |shared: bool| {
        let mut lanes = Lanes { shared, ..Lanes::default() };
        let mut fitting = Vec::new();
        for conn in conns {
            if lanes.ends.len() + lanes.new_ones(conn) <= limit.max(2) {
                lanes.add(conn, Side::Client);
                lanes.add(conn, Side::Server);
                fitting.push(*conn);
            }
        }
        // Clients first; a connection's own order would put a second client right of the server.
        let mut sorted = Lanes { shared, ..Lanes::default() };
        for side in [Side::Client, Side::Server] {
            for conn in &fitting {
                sorted.add(conn, side);
            }
        }
        (sorted, fitting)
    };
    let (lanes, fitting) = chosen(false);
    if fitting.len() == conns.len() { (lanes, fitting) } else { chosen(true) }
}

/// An arrival that is still to come.
struct Coming {
    at: Option<i64>,
    arrow: usize,
    again: bool,
}

struct Builder<'c> {
    lanes: Lanes,
    conns: FxHashMap<ConnId, &'c Connection>,
    ladder: Ladder,
    coming: Vec<Coming>,
    states: FxHashMap<(ConnId, Side), Option<State>>,
    now: Option<i64>,
    calls: Calls,
    testimony: &'c Testimony,
    lang: Lang,
}

impl Ladder {
    /// The ladder of what was kept.
    #[must_use]
    pub fn new(reel: Reel, connections: &Connections<'_>, testimony: &Testimony, lang: Lang) -> Ladder {
        let mut known = FxHashSet::default();
        let shots = reel.head.iter().chain(&reel.tail);
        let found: Vec<_> =
            shots.filter(|shot| known.insert(shot.conn)).filter_map(|shot| connections.find(shot.conn)).collect();
        let order: Vec<&Connection> = found.iter().map(AsRef::as_ref).collect();
        let (lanes, fitting) = lanes_for(&order, reel.lanes());
        let left_out = order.len() - fitting.len();
        let mut builder = Builder {
            lanes,
            conns: fitting.into_iter().map(|conn| (conn.id, conn)).collect(),
            ladder: Ladder::default(),
            coming: Vec::new(),
            states: FxHashMap::default(),
            now: None,
            calls: Calls::default(),
            testimony,
            lang,
        };
        builder.calls = builder.calls_of(&reel);
        let more_calls = reel.more_calls;
        let gap = reel.total.saturating_sub((reel.head.len() + reel.tail.len()) as u64);
        let total = reel.total;
        for shot in reel.head {
            builder.shot(shot);
        }
        if gap > 0 {
            builder.arrivals(None);
            builder.moment(None, Happens::LeftOut(gap));
            builder.calls.skip(reel.tail.front().and_then(|shot| shot.row.rel));
        }
        for shot in reel.tail {
            builder.shot(shot);
        }
        builder.arrivals(None);
        builder.made_until(None);
        let mut ladder = builder.finish(lang);
        if more_calls > 0 {
            let values = Values::none().with("n", Value::Count(more_calls));
            ladder.remarks.push(say::MORE_CALLS.text.fill(lang, &values));
        }
        if gap > 0 {
            let values = Values::none().with("n", Value::Count(gap)).with("limit", Value::Number(total));
            ladder.remarks.push(say::LADDER_CUT.text.fill(lang, &values));
        }
        if left_out > 0 {
            let values = Values::none()
                .with("n", Value::Count(left_out as u64))
                .words("conn", order.last().map_or_else(String::new, |conn| conn.id.to_string()));
            ladder.remarks.push(say::LADDER_LANES.text.fill(lang, &values));
        }
        ladder
    }
}

impl Builder<'_> {
    fn shot(&mut self, shot: Shot) {
        let Some(conn) = self.conns.get(&shot.conn).copied() else { return };
        let ends = match shot.from {
            From::End(side) => {
                let lane = |side| self.lanes.find(self.lanes.key(conn, side));
                lane(side).zip(lane(side.other()))
            }
            From::About { address, quoted } => {
                let about = if quoted == conn.client { Side::Client } else { Side::Server };
                let to = self.lanes.find(self.lanes.key(conn, about));
                self.lanes.reporter(address, conn, about).zip(to)
            }
        };
        let Some((from, to)) = ends else { return };
        self.arrivals(shot.row.rel);
        if shot.row.rel.is_some() {
            self.made_until(shot.row.rel);
        }
        let (arrow, rel, passage) = (self.ladder.arrows.len(), shot.row.rel, shot.row.passage);
        self.first_states(&shot);
        let leaves = self.moment(rel, Happens::Leaves(arrow));
        let arrives = match passage {
            None => Some(leaves),
            Some(Passing::Lost) => None,
            Some(Passing::Arrived { after, again, .. }) => {
                self.coming.push(Coming { at: later(rel, after), arrow, again: false });
                self.coming.extend(again.map(|again| Coming { at: later(rel, again), arrow, again: true }));
                Some(leaves)
            }
        };
        self.ladder.arrows.push(Arrow { row: shot.row, conn: shot.conn, from, to, leaves, arrives, again: None });
        if let From::End(side) = shot.from {
            self.change(arrow, side, leaves);
            if passage.is_none() {
                self.change(arrow, side.other(), leaves);
            }
        }
    }

    /// What arrives up to this time, or everything that is still under way.
    fn arrivals(&mut self, until: Option<i64>) {
        while let Some((at, coming)) = self
            .coming
            .iter()
            .enumerate()
            .min_by_key(|(index, coming)| (coming.at, *index))
            .filter(|(_, coming)| until.is_none_or(|until| coming.at.is_none_or(|at| at <= until)))
            .map(|(at, coming)| (at, Coming { ..*coming }))
        {
            self.coming.remove(at);
            if coming.at.is_some() {
                self.made_until(coming.at);
            }
            let happens =
                if coming.again { Happens::ArrivesAgain(coming.arrow) } else { Happens::Arrives(coming.arrow) };
            let moment = self.moment(coming.at, happens);
            let arrow = &mut self.ladder.arrows[coming.arrow];
            if coming.again {
                arrow.again = Some(moment);
            } else {
                arrow.arrives = Some(moment);
                if let Some(side) = arrow.row.from {
                    self.change(coming.arrow, side.other(), moment);
                }
            }
        }
    }

    /// The calls of a reel beside the lanes that there are.
    fn calls_of(&self, reel: &Reel) -> Calls {
        let drawn = |conn: ConnId, end: Side| {
            let conn = self.conns.get(&conn)?;
            self.lanes.find(self.lanes.key(conn, end))
        };
        // A call without a connection is of the program that has the lane by another call, or of the only such end. In a
        // demo both ends are one process.
        let mut of_process: FxHashMap<(u32, Option<Side>), usize> = FxHashMap::default();
        for seen in &reel.calls {
            if let Some(lane) = seen.conn.zip(seen.end).and_then(|(conn, end)| drawn(conn, end)) {
                of_process.entry((seen.call.pid, seen.call.side)).or_insert(lane);
            }
        }
        let only = |side: Side| {
            let role = if side == Side::Client { Role::Client } else { Role::Server };
            let mut lanes = (0..self.lanes.ends.len()).filter(|lane| self.lanes.ends[*lane].role == Some(role));
            lanes.next().filter(|_| lanes.next().is_none())
        };
        let lane = |seen: &CallSeen| match (seen.conn, seen.end) {
            (Some(conn), Some(end)) => drawn(conn, end),
            _ => of_process.get(&(seen.call.pid, seen.call.side)).copied().or_else(|| only(seen.call.side?)),
        };
        Calls::new(reel, lane, self.lang)
    }

    /// The calls up to a time, or all that are left.
    fn made_until(&mut self, time: Option<i64>) {
        for (rel, called) in self.calls.until(time, self.lang) {
            self.ladder.calls.push(called);
            self.moment(Some(rel), Happens::Calls(self.ladder.calls.len() - 1));
        }
    }

    fn moment(&mut self, rel: Option<i64>, what: Happens) -> usize {
        let since = rel.zip(self.now).map_or(0, |(rel, now)| rel.saturating_sub(now).max(0));
        self.now = rel.or(self.now);
        self.ladder.moments.push(Moment { rel, since, what, changes: Vec::new() });
        self.ladder.moments.len() - 1
    }

    /// The states of both ends before the first packet of their connection.
    fn first_states(&mut self, shot: &Shot) {
        let Kind::Tcp { before, .. } = &shot.row.kind else { return };
        for side in [Side::Client, Side::Server] {
            self.states.entry((shot.conn, side)).or_insert(before.of(side));
        }
    }

    /// The state of one end after a packet, where the packet changed it.
    fn change(&mut self, arrow: usize, side: Side, moment: usize) {
        let arrow = &self.ladder.arrows[arrow];
        let Kind::Tcp { after, .. } = &arrow.row.kind else { return };
        let (conn, state, frame) = (arrow.conn, after.of(side), arrow.row.frame);
        let lane = if arrow.row.from == Some(side) { arrow.from } else { arrow.to };
        if self.states.insert((conn, side), state) != Some(state) {
            let confirmed = self.testimony.confirms(conn, side, frame);
            self.ladder.moments[moment].changes.push(Change { lane, conn, state, confirmed });
        }
    }

    fn finish(mut self, lang: Lang) -> Ladder {
        self.ladder.several = self.conns.len() > 1;
        for (at, conns) in self.lanes.conns.iter().enumerate() {
            let mut tcp = conns.iter().filter(|conn| has_states(**conn));
            if let (Some(only), None) = (tcp.next(), tcp.next()) {
                self.lanes.ends[at].states_of = Some(*only);
            }
        }
        self.ladder.lanes = std::mem::take(&mut self.lanes.ends);
        self.name_first_states();
        let mut conns: Vec<&Connection> = self.conns.values().copied().collect();
        conns.sort_by_key(|conn| conn.id);
        self.ladder.spans = conns.iter().filter_map(|conn| self.closed(conn, lang)).collect();
        self.ladder
    }

    fn name_first_states(&mut self) {
        let mut named: FxHashSet<usize> = FxHashSet::default();
        for arrow in &self.ladder.arrows {
            let (Kind::Tcp { flags, before, .. }, Some(from)) = (&arrow.row.kind, arrow.row.from) else { continue };
            for (lane, side) in [(arrow.from, from), (arrow.to, from.other())] {
                if self.ladder.lanes[lane].states_of != Some(arrow.conn) || !named.insert(lane) {
                    continue;
                }
                // What opens a connection finds one end without any, and the other is taken to wait for it.
                let opening = flags.syn() && !flags.ack();
                let assumed = if side == from { State::Closed } else { State::Listen };
                self.ladder.lanes[lane].first_state = before.of(side).or_else(|| opening.then_some(assumed));
            }
        }
    }

    /// The half-closed time of a connection, as far as it is drawn.
    fn closed(&self, conn: &Connection, lang: Lang) -> Option<Closed> {
        let span = span(conn, lang)?.ok().filter(|span| span.from < span.to)?;
        let leaves = |wanted: &dyn Fn(u64) -> bool| {
            self.ladder.arrows.iter().filter(|arrow| arrow.conn == conn.id).find(|arrow| wanted(arrow.row.frame))
        };
        let from = leaves(&|frame| frame >= span.from)?.leaves;
        let arrows = self.ladder.arrows.iter().rev().filter(|arrow| arrow.conn == conn.id);
        let to = arrows.into_iter().find(|arrow| arrow.row.frame <= span.to)?.leaves;
        let place = |side| self.lanes.keys.iter().position(|key| *key == self.lanes.key(conn, side));
        let lanes = place(Side::Client).zip(place(Side::Server))?;
        (from < to).then_some(Closed { conn: conn.id, lanes, from, to, label: span.middle })
    }
}

/// How long a pause was, as the drawings write it.
#[must_use]
pub fn pause_words(ns: i64, lang: Lang) -> String {
    numbers::duration(lang, ns)
}
