//! What is kept of a capture while it is read.

use std::collections::VecDeque;

use super::programs::CallRow;
use super::row::{Row, timeline_of};
use crate::decode::{TcpFlags, Transport};
use crate::frame::Time;
use crate::language::Lang;
use crate::report::columns::{PACKET, PacketRow};
use crate::report::value::Value;
use crate::report::{Heading, View};
use crate::timeline::CallSeen;
use crate::track::{ConnId, Side, State};

/// Rows of a timeline that people are shown unless they ask for more or fewer.
const TIMELINE_ROWS: usize = 200;
/// Calls that are kept until their packet comes.
const MOST_CALLS: usize = 20_000;
/// Segments of a close that are remembered for its summary.
const CLOSE_SEGMENTS: usize = 12;

/// The packets of one connection: its first and last rows, and how many there were.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The connection.
    pub conn: ConnId,
    /// Its first rows.
    pub head: Vec<Row>,
    /// Its last rows, when it has more than fit.
    pub tail: VecDeque<Row>,
    /// Packets in all.
    pub total: u64,
    /// From the first FIN or RST on: who, which flags, how much payload.
    pub close: Vec<Segment>,
    /// There were more of these.
    pub close_cut: bool,
    /// The calls after the last packet.
    pub calls: Vec<CallRow>,
}

/// A segment of a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Who sent it.
    pub from: Side,
    /// Its flags.
    pub flags: TcpFlags,
    /// Its payload.
    pub len: u32,
}

impl Timeline {
    fn new(conn: ConnId) -> Self {
        Timeline {
            conn,
            head: Vec::new(),
            tail: VecDeque::new(),
            total: 0,
            close: Vec::new(),
            close_cut: false,
            calls: Vec::new(),
        }
    }

    /// Rows between the first and the last that were not kept.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.total.saturating_sub((self.head.len() + self.tail.len()) as u64)
    }

    fn push(&mut self, packet: &PacketRow<'_>, calls: Vec<CallRow>, limit: usize) {
        self.total += 1;
        let row = || Row { calls, ..Row::new(packet) };
        // A quarter of the rows is kept for the end of the connection, where the close is.
        let head = limit - limit / 4;
        if self.head.len() < head {
            self.head.push(row());
        } else if limit > head {
            if self.tail.len() == limit - head {
                self.tail.pop_front();
            }
            self.tail.push_back(row());
        }
        self.remember_close(packet);
    }

    fn remember_close(&mut self, packet: &PacketRow<'_>) {
        let (Transport::Tcp(segment), Some(from)) = (&packet.event.packet.transport, packet.event.step.from) else {
            return;
        };
        // A RST with which an end that is still opening does away with an older connection closes nothing of this one.
        let opening = packet.event.step.tcp.as_ref().is_some_and(|tcp| tcp.after.of(from) == Some(State::SynSent));
        let begins = segment.flags.fin() || segment.flags.rst() && !opening;
        if !begins && self.close.is_empty() {
            return;
        }
        if self.close.len() < CLOSE_SEGMENTS {
            self.close.push(Segment { from, flags: segment.flags, len: segment.len });
        } else {
            self.close_cut = true;
        }
    }
}

/// A table of columns that the user chose.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Its first rows.
    pub rows: Vec<Vec<Value>>,
    /// Rows in all.
    pub total: u64,
}

/// Packets without a connection, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// Address resolution.
    pub arp: u64,
    /// ICMP, for IPv4 or IPv6, that concern no connection.
    pub icmp: u64,
    /// Anything else.
    pub other: u64,
}

/// The state of a report for people between the first packet and the last.
#[derive(Debug)]
pub struct Gather {
    limit: usize,
    start: Option<Time>,
    asked: bool,
    /// Timelines that are shown without being asked for.
    unasked: usize,
    mode: Mode,
    /// The timelines that may be shown.
    pub timelines: Vec<Timeline>,
    /// The table of chosen columns.
    pub chosen: Chosen,
    /// What else there was.
    pub others: Others,
    /// There is more than one connection and none was asked for.
    pub several: bool,
    /// When the programs were told to end, until that is shown.
    pub stop: Option<(Time, Lang)>,
    /// Calls that wait for the packet before which they are shown.
    calls: Vec<(CallSeen, Lang)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Timelines,
    Columns,
    Connections,
}

impl Gather {
    /// Nothing yet. With the heading of a demo it is known how many clients take part.
    #[must_use]
    pub fn new(view: &View, heading: Option<&Heading>) -> Self {
        let mode = match (view.selection.connections, &view.columns) {
            (true, _) => Mode::Connections,
            (false, Some(_)) => Mode::Columns,
            (false, None) => Mode::Timelines,
        };
        Gather {
            limit: view.limit.unwrap_or(TIMELINE_ROWS),
            start: None,
            asked: !view.selection.only.is_empty(),
            // The two conversations of a demo's only client belong together.
            unasked: if heading.is_some_and(|heading| heading.clients == 1) { 2 } else { 1 },
            mode,
            timelines: view.selection.only.iter().map(|conn| Timeline::new(*conn)).collect(),
            chosen: Chosen::default(),
            others: Others::default(),
            several: false,
            stop: None,
            calls: Vec::new(),
        }
    }

    /// The capture's first time stamp; later ones change nothing.
    pub fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    /// The capture's first time stamp.
    #[must_use]
    pub fn start(&self) -> Option<Time> {
        self.start
    }

    /// Whether the explanations of this connection's packets will be looked at.
    #[must_use]
    pub fn wants(&self, conn: Option<ConnId>) -> bool {
        match self.mode {
            Mode::Connections => false,
            Mode::Columns => self.chosen.rows.len() < self.limit,
            // An ICMP error belongs to no connection and is told with the one that it quotes.
            Mode::Timelines => !self.several && conn.is_none_or(|conn| self.may_show(conn)),
        }
    }

    fn may_show(&self, conn: ConnId) -> bool {
        self.timelines.iter().any(|timeline| timeline.conn == conn)
            || (!self.asked && !self.several && self.timelines.len() < self.unasked)
    }

    /// Takes in one packet.
    pub fn packet(&mut self, packet: &PacketRow<'_>, view: &View) {
        let conn = timeline_of(packet.event.step);
        if conn.is_none() {
            match packet.event.packet.transport {
                Transport::Arp(_) => self.others.arp += 1,
                Transport::Icmp(_) | Transport::Icmpv6(_) => self.others.icmp += 1,
                _ => self.others.other += 1,
            }
        }
        match (self.mode, conn) {
            (Mode::Columns, _) => self.choose(packet, view),
            (Mode::Timelines, Some(conn)) => self.row(conn, packet),
            _ => {}
        }
    }

    fn row(&mut self, conn: ConnId, packet: &PacketRow<'_>) {
        if self.several {
            return;
        }
        let new = self.timelines.iter().all(|timeline| timeline.conn != conn);
        if !self.asked && new && self.timelines.len() == self.unasked {
            // None was asked for, so with more connections than this the list is all that is shown.
            self.several = true;
            self.timelines = Vec::new();
            return;
        }
        if self.may_show(conn) && !self.timelines.iter().any(|timeline| timeline.conn == conn) {
            self.timelines.push(Timeline::new(conn));
        }
        let limit = self.limit;
        let first = self.timelines.first().is_some_and(|timeline| timeline.conn == conn);
        let calls = self.calls_before(packet.event.packet.time, |of| of.map_or(first, |of| of == conn));
        if let Some(timeline) = self.timelines.iter_mut().find(|timeline| timeline.conn == conn) {
            timeline.push(packet, calls, limit);
        }
    }

    /// Takes in one system call.
    pub fn call(&mut self, seen: &CallSeen, lang: Lang) {
        if self.mode != Mode::Timelines || self.calls.len() >= MOST_CALLS {
            return;
        }
        // Times are told from the first packet, which is still to come.
        self.calls.push((seen.clone(), lang));
    }

    /// The calls that wait and belong there, as lines.
    fn calls_before(&mut self, time: Option<Time>, belongs: impl Fn(Option<ConnId>) -> bool) -> Vec<CallRow> {
        let due = |seen: &CallSeen| time.is_none_or(|time| seen.shown_at() <= time);
        let (mut taken, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.calls).into_iter().partition(|(seen, _)| belongs(seen.conn) && due(seen));
        self.calls = left;
        taken.sort_by_key(|(seen, _)| seen.shown_at());
        let mut rows: Vec<CallRow> =
            taken.iter().filter_map(|(seen, lang)| CallRow::new(seen, self.start, *lang)).collect();
        if let Some((at, lang)) = self.stop.filter(|(at, _)| time.is_none_or(|time| *at <= time)) {
            self.stop = None;
            rows.push(CallRow::stop(at, self.start, lang));
        }
        let lang = taken.first().map_or(Lang::En, |(_, lang)| *lang);
        CallRow::folded(rows, lang)
    }

    /// After the last packet: the calls that are left go to the end of their timelines; those that belong to none are
    /// returned where no timeline is shown.
    pub fn end_calls(&mut self) -> Vec<CallRow> {
        for at in 0..self.timelines.len() {
            let conn = self.timelines[at].conn;
            let rows = self.calls_before(None, |of| of.map_or(at == 0, |of| of == conn));
            self.timelines[at].calls.extend(rows);
        }
        if self.timelines.is_empty() { self.calls_before(None, |of| of.is_none()) } else { Vec::new() }
    }

    fn choose(&mut self, packet: &PacketRow<'_>, view: &View) {
        self.chosen.total += 1;
        if self.chosen.rows.len() < self.limit {
            let keys = view.columns.as_deref().unwrap_or_default();
            let cells = keys.iter().filter_map(|key| PACKET.iter().find(|column| column.key == *key));
            self.chosen.rows.push(cells.map(|column| (column.get)(packet)).collect());
        }
    }
}
