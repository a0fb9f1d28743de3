//! What a run showed, gathered conversation by conversation.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use crate::decode::Transport;
use crate::frame::{Passage, Time};
use crate::report::{CaptureInfo, Ending, Report};
use crate::scenario::notation::{Expected, FLAGS, Kind};
use crate::timeline::{Event, PacketEvent, What};
use crate::track::close::{close, closed_by};
use crate::track::step::TcpStep;
use crate::track::{ConnId, Connections, Side, State};

/// Payload bytes that are kept of a packet: more than any expected text has.
const KEPT: usize = 512;

/// A report that judges nothing yet: it only remembers.
#[derive(Debug, Default)]
pub struct Seen {
    pub(super) talks: Vec<SeenTalk>,
    /// Packets of no conversation, by their frames.
    pub(super) strays: Vec<u64>,
    pub(super) rules: BTreeSet<&'static str>,
    pub(super) dropped: u64,
    pub(super) counters: Option<Vec<(String, u64)>>,
}

/// One conversation.
#[derive(Debug)]
pub(super) struct SeenTalk {
    pub(super) id: ConnId,
    pub(super) packets: Vec<SeenPacket>,
    /// The states that each end went through, `None` where the packets cannot tell.
    pub(super) paths: [Vec<Option<State>>; 2],
    pub(super) end: String,
    /// Over a wire: what moved when.
    moves: Vec<(Time, Side, Option<State>)>,
}

/// One packet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SeenPacket {
    pub(super) frame: u64,
    from: Option<Side>,
    kind: Option<Kind>,
    len: u32,
    data: Vec<u8>,
    seq: Option<u32>,
    ack: Option<u32>,
    win: Option<u32>,
    sack: Vec<(u32, u32)>,
    /// `None` where there is one point of capture, which cannot tell.
    lost: Option<bool>,
    late: Option<bool>,
    arrived: Option<Time>,
    pub(super) rules: Vec<&'static str>,
}

impl Seen {
    /// With what the kernel's counters have gained meanwhile. Without it, expectations about them are not judged.
    #[must_use]
    pub fn with_counters(mut self, counters: Vec<(String, u64)>) -> Self {
        self.counters = Some(counters);
        self
    }

    /// How many packets there were.
    #[must_use]
    pub fn packets(&self) -> usize {
        self.talks.iter().map(|talk| talk.packets.len()).sum::<usize>() + self.strays.len()
    }

    /// Whether a rule fired anywhere.
    #[must_use]
    pub fn fires(&self, rule: &str) -> bool {
        self.rules.contains(rule)
    }

    fn packet(&mut self, event: &PacketEvent<'_>) {
        let rules: Vec<&'static str> = event.notes.iter().map(|note| note.rule.name).collect();
        self.rules.extend(&rules);
        let quote = event.step.quote;
        let Some(id) = event.step.conn.or_else(|| quote.and_then(|quote| quote.conn)) else {
            self.strays.push(event.packet.number);
            return;
        };
        let index = self.talks.iter().position(|talk| talk.id == id).unwrap_or_else(|| {
            self.talks.push(SeenTalk {
                id,
                packets: Vec::new(),
                paths: Default::default(),
                end: String::new(),
                moves: Vec::new(),
            });
            self.talks.len() - 1
        });
        let talk = &mut self.talks[index];
        // Who reports an error about a packet received it.
        let quoted = quote.and_then(|quote| talk.packets.iter().find(|packet| Some(packet.frame) == quote.frame));
        let from = event.step.from.or_else(|| quoted.and_then(|packet| packet.from).map(Side::other));
        let passage = event.packet.passage;
        if let (Some(step), Some(passage)) = (&event.step.tcp, passage) {
            talk.moves.extend(moves(event, step, passage));
        } else if let Some(step) = &event.step.tcp {
            for side in [Side::Client, Side::Server] {
                let (path, state) = (&mut talk.paths[side.index()], step.after.of(side));
                if path.last() != Some(&state) {
                    path.push(state);
                }
            }
        }
        let packet = SeenPacket::new(event, from, rules);
        if let Some(arrived) = packet.arrived {
            // Whoever left before it and arrives after it is late.
            let same = |earlier: &&mut SeenPacket| earlier.from == packet.from;
            for earlier in talk.packets.iter_mut().filter(same) {
                earlier.late = earlier.late.map(|late| late || earlier.arrived.is_some_and(|at| at > arrived));
            }
        }
        talk.packets.push(packet);
    }
}

fn arrived(passage: Option<&Passage>) -> Option<Time> {
    match passage? {
        Passage::Left { arrived, .. } => arrived.map(|arrival| arrival.time),
        Passage::Came { .. } => None,
    }
}

fn lost(passage: Option<&Passage>) -> Option<bool> {
    passage.map(|passage| matches!(passage, Passage::Left { arrived: None, .. }))
}

/// When a packet moved its sender, and when its receiver.
fn moves(event: &PacketEvent<'_>, step: &TcpStep, passage: &Passage) -> Vec<(Time, Side, Option<State>)> {
    let (Some(left), Some(from)) = (event.packet.time, event.step.from) else { return Vec::new() };
    let arrived = match passage {
        Passage::Left { arrived, .. } => arrived.map(|arrival| (arrival.time, from.other())),
        Passage::Came { .. } => None,
    };
    let all = [Some((left, from)), arrived].into_iter().flatten();
    all.map(|(time, side)| (time, side, step.after.of(side))).collect()
}

impl SeenTalk {
    /// Over a wire the states follow each other as packets left and arrived, not as they are listed.
    fn settle(&mut self) {
        self.moves.sort_by_key(|(time, ..)| *time);
        for (_, side, state) in self.moves.drain(..) {
            let path = &mut self.paths[side.index()];
            if path.last() != Some(&state) {
                path.push(state);
            }
        }
    }
}

impl SeenPacket {
    fn new(event: &PacketEvent<'_>, from: Option<Side>, rules: Vec<&'static str>) -> Self {
        let (kind, len, payload) = match &event.packet.transport {
            Transport::Tcp(segment) => (Some(Kind::Tcp(segment.flags.0)), segment.len, segment.payload),
            Transport::Udp(datagram) => (Some(Kind::Udp), datagram.len, datagram.payload),
            Transport::Icmp(message) if (message.kind, message.code) == (3, 3) => (Some(UNREACHABLE), 0, &[][..]),
            Transport::Icmpv6(message) if (message.kind, message.code) == (1, 4) => (Some(UNREACHABLE), 0, &[][..]),
            _ => (None, 0, &[][..]),
        };
        let tcp = event.step.tcp.as_ref();
        let blocks = match &event.packet.transport {
            Transport::Tcp(segment) => segment.options.sack().len(),
            _ => 0,
        };
        SeenPacket {
            frame: event.packet.number,
            from,
            kind,
            len,
            data: payload[..payload.len().min(KEPT)].to_vec(),
            seq: tcp.map(|step| step.seq),
            ack: tcp.and_then(|step| step.ack),
            win: tcp.map(|step| step.window),
            sack: tcp.map(|step| step.sack[..blocks.min(step.sack.len())].to_vec()).unwrap_or_default(),
            lost: lost(event.packet.passage),
            late: event.packet.passage.map(|_| false),
            arrived: arrived(event.packet.passage),
            rules,
        }
    }

    /// Whether it is the expected packet, its rules left aside.
    pub(super) fn fits(&self, expected: &Expected) -> bool {
        let same = |wanted: Option<u32>, seen: Option<u32>| wanted.is_none() || wanted == seen;
        self.from == Some(expected.from)
            && self.kind == Some(expected.kind)
            && (expected.len.0..=expected.len.1).contains(&self.len)
            && expected.data.is_none_or(|data| data.as_bytes() == self.data)
            && same(expected.seq, self.seq)
            && same(expected.ack, self.ack)
            && same(expected.win, self.win)
            && expected.sack.as_ref().is_none_or(|wanted| match wanted {
                None => !self.sack.is_empty(),
                Some(blocks) => *blocks == self.sack,
            })
            && self.lost.is_none_or(|lost| lost == expected.lost)
            && self.late.is_none_or(|late| late == expected.late)
    }

    /// Whether the rules fire on it that the expected packet names.
    pub(super) fn has_rules(&self, expected: &Expected) -> bool {
        expected.rules.iter().all(|rule| self.rules.contains(rule))
    }

    /// The packet in the notation of the expectations.
    pub(super) fn line(&self) -> String {
        let way = match self.from {
            Some(Side::Client) => "C>S",
            Some(Side::Server) => "S>C",
            None => "C?S",
        };
        let what = match self.kind {
            Some(Kind::Tcp(flags)) => {
                let names = FLAGS.iter().enumerate().filter(|(bit, _)| flags & 1 << bit != 0).map(|(_, name)| *name);
                format!("[{}]", names.collect::<Vec<_>>().join(","))
            }
            Some(Kind::Udp) => "UDP".to_owned(),
            Some(Kind::Icmp(name)) => format!("ICMP {name}"),
            None => "?".to_owned(),
        };
        let mut line = format!("{way} {what}");
        let mut number = |name: &str, value: Option<u32>| {
            if let Some(value) = value {
                let _ = write!(line, " {name}={value}");
            }
        };
        number("len", matches!(self.kind, Some(Kind::Tcp(_) | Kind::Udp)).then_some(self.len));
        number("seq", self.seq);
        number("ack", self.ack);
        if self.lost == Some(true) {
            line.push_str(" lost");
        }
        if self.late == Some(true) {
            line.push_str(" late");
        }
        line
    }
}

const UNREACHABLE: Kind = Kind::Icmp("port-unreachable");

impl Report for Seen {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        let mut sums: Vec<(String, u64)> = Vec::new();
        for (name, count) in info.interfaces.iter().flat_map(|interface| &interface.counters) {
            match sums.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += count,
                None => sums.push((name.clone(), *count)),
            }
        }
        // Of one host the packets' interface says nothing.
        if sums.is_empty() {
            sums.extend(info.counted.iter().flat_map(|tally| tally.moved.iter().cloned()));
        }
        if !sums.is_empty() {
            self.counters = Some(sums);
        }
        Ok(())
    }

    fn wants_notes(&self, _conn: Option<ConnId>) -> bool {
        true
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let What::Packet(packet) = &event.what else { return Ok(()) };
        self.packet(packet);
        Ok(())
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        self.dropped = ending.dropped.unwrap_or(0);
        self.talks.iter_mut().for_each(SeenTalk::settle);
        for connection in connections.iter() {
            if let Some(talk) = self.talks.iter_mut().find(|talk| talk.id == connection.id) {
                let by = closed_by(&connection).map(|by| format!(" by {}", by.name())).unwrap_or_default();
                talk.end = format!("{}{by}", close(&connection).name());
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
