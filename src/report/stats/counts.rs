//! What is counted while a capture is read. Everything is bounded by addresses, connections and intervals, not by packets.

use std::collections::BTreeMap;
use std::net::IpAddr;

use rustc_hash::FxHashMap;

use crate::decode::{TcpFlags, Transport};
use crate::frame::Time;
use crate::timeline::PacketEvent;
use crate::track::{ConnId, Side};

/// Packets and the bytes of their frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) packets: u64,
    pub(super) bytes: u64,
}

impl Count {
    pub(super) fn add(&mut self, bytes: u64) {
        self.packets += 1;
        self.bytes += bytes;
    }
}

/// The packets of one connection by their sender.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Talk {
    pub(super) by: [Count; 2],
    pub(super) first: Option<Time>,
    pub(super) last: Option<Time>,
}

/// The upper ends of the ranges of lengths, as the textbook analyser has them.
pub(super) const RANGES: [u32; 9] = [19, 39, 79, 159, 319, 639, 1279, 2559, 5119];

/// The lengths of frames in one range.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    pub(super) count: Count,
    pub(super) smallest: u32,
    pub(super) largest: u32,
}

impl Lengths {
    fn add(&mut self, len: u32) {
        self.smallest = if self.count.packets == 0 { len } else { self.smallest.min(len) };
        self.largest = self.largest.max(len);
        self.count.add(len.into());
    }
}

/// Everything that is counted.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) start: Option<Time>,
    pub(super) all: Count,
    /// By the names of the protocols, from the outside in.
    pub(super) protocols: BTreeMap<Vec<&'static str>, Count>,
    pub(super) talks: FxHashMap<ConnId, Talk>,
    /// Sent and received.
    pub(super) addresses: FxHashMap<IpAddr, [Count; 2]>,
    pub(super) total_lengths: Lengths,
    pub(super) lengths: [Lengths; 10],
    pub(super) requests: BTreeMap<String, u64>,
    pub(super) responses: BTreeMap<String, u64>,
    /// By the flags that a segment has, and by its sender; the third are those whose sender is unknown.
    pub(super) flags: BTreeMap<u16, [u64; 3]>,
    pub(super) bins: Bins,
}

impl Counts {
    pub(super) fn new(interval: Option<i64>) -> Self {
        Counts {
            start: None,
            all: Count::default(),
            protocols: BTreeMap::new(),
            talks: FxHashMap::default(),
            addresses: FxHashMap::default(),
            total_lengths: Lengths::default(),
            lengths: [Lengths::default(); 10],
            requests: BTreeMap::new(),
            responses: BTreeMap::new(),
            flags: BTreeMap::new(),
            bins: Bins::new(interval),
        }
    }

    pub(super) fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    pub(super) fn packet(&mut self, event: &PacketEvent<'_>) {
        let (packet, step) = (event.packet, event.step);
        let bytes = u64::from(packet.wire_len);
        self.all.add(bytes);
        let mut path = Vec::with_capacity(3);
        path.extend(packet.ip.map(|ip| if ip.src.is_ipv4() { "ip" } else { "ipv6" }));
        path.extend(match &packet.transport {
            Transport::Tcp(_) => Some("tcp"),
            Transport::Udp(_) => Some("udp"),
            Transport::Icmp(_) => Some("icmp"),
            Transport::Icmpv6(_) => Some("icmpv6"),
            Transport::Arp(_) => Some("arp"),
            Transport::Other => (packet.ip.is_none()).then_some("other"),
        });
        path.extend(step.app.as_ref().map(|app| app.proto));
        for depth in 1..=path.len() {
            self.protocols.entry(path[..depth].to_vec()).or_default().add(bytes);
        }
        if let (Some(conn), Some(from)) = (step.conn, step.from) {
            let talk = self.talks.entry(conn).or_default();
            talk.by[from.index()].add(bytes);
            talk.first = talk.first.or(packet.time);
            talk.last = packet.time.or(talk.last);
        }
        if let Some(ip) = packet.ip {
            self.addresses.entry(ip.src).or_default()[0].add(bytes);
            self.addresses.entry(ip.dst).or_default()[1].add(bytes);
        }
        let range = RANGES.iter().position(|end| packet.wire_len <= *end).unwrap_or(RANGES.len());
        self.lengths[range].add(packet.wire_len);
        self.total_lengths.add(packet.wire_len);
        if let Transport::Tcp(segment) = &packet.transport {
            let from = step.from.map_or(2, Side::index);
            self.flags.entry(segment.flags.0).or_default()[from] += 1;
        }
        if let Some(app) = step.app.as_ref().filter(|app| app.proto == "http") {
            let (list, name) = match app.kind {
                "request" => (&mut self.requests, app.field("method")),
                _ => (&mut self.responses, app.field("status")),
            };
            // A status line may hold anything; a list of all of them must not grow without bound.
            if let Some(name) = name.filter(|name| list.len() < 1000 || list.contains_key(*name)) {
                *list.entry(name.to_owned()).or_default() += 1;
            }
        }
        if let (Some(time), Some(start)) = (packet.time, self.start) {
            self.bins.add(time.since(start), bytes);
        }
    }

    /// How many segments have a flag, by sender.
    pub(super) fn with_flag(&self, bit: u16) -> [u64; 3] {
        let mut sum = [0; 3];
        for (_, by) in self.flags.iter().filter(|(flags, _)| TcpFlags(**flags).has(bit)) {
            for (sum, n) in sum.iter_mut().zip(by) {
                *sum += n;
            }
        }
        sum
    }
}

/// Packets by time. The intervals grow while a capture is longer than their number allows.
#[derive(Debug)]
pub(super) struct Bins {
    /// Nanoseconds of one.
    pub(super) width: i64,
    chosen: bool,
    pub(super) counts: Vec<Count>,
}

impl Bins {
    /// The first width, when none was chosen: 10 µs.
    const FIRST: i64 = 10_000;
    /// Intervals before ten become one.
    const MOST: usize = 20_000;
    /// Rows of a table that reads well.
    const ROWS: i64 = 25;

    fn new(interval: Option<i64>) -> Self {
        let width = interval.unwrap_or(Bins::FIRST).max(1);
        Bins { width, chosen: interval.is_some(), counts: Vec::new() }
    }

    fn add(&mut self, rel: i64, bytes: u64) {
        // What claims to be older than the first packet counts with it.
        let mut at = usize::try_from(rel.max(0) / self.width).unwrap_or(usize::MAX);
        while at >= Bins::MOST {
            self.merge(10);
            at /= 10;
        }
        if self.counts.len() <= at {
            self.counts.resize(at + 1, Count::default());
        }
        self.counts[at].add(bytes);
    }

    fn merge(&mut self, of: usize) {
        let merged = self.counts.chunks(of).map(|chunk| {
            let sum = |get: fn(&Count) -> u64| chunk.iter().map(get).sum();
            Count { packets: sum(|count| count.packets), bytes: sum(|count| count.bytes) }
        });
        self.counts = merged.collect();
        self.width = self.width.saturating_mul(i64::try_from(of).unwrap_or(i64::MAX));
    }

    /// Intervals of 1, 2 or 5 times a power of ten, so many that they read well; those chosen stay.
    pub(super) fn settle(&mut self) {
        // Once is enough, also where the tables are made in two languages.
        if std::mem::replace(&mut self.chosen, true) {
            return;
        }
        while i64::try_from(self.counts.len()).unwrap_or(i64::MAX) > Bins::ROWS * 10 {
            self.merge(10);
        }
        let fits = |of: i64, len: usize| {
            i64::try_from(len.div_ceil(usize::try_from(of).unwrap_or(1))).unwrap_or(i64::MAX) <= Bins::ROWS
        };
        let len = self.counts.len();
        let of = [1, 2, 5].into_iter().find(|of| fits(*of, len)).unwrap_or(10);
        if of > 1 {
            self.merge(usize::try_from(of).unwrap_or(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(times: &[i64], interval: Option<i64>) -> (i64, Vec<u64>) {
        let mut bins = Bins::new(interval);
        for time in times {
            bins.add(*time, 1);
        }
        bins.settle();
        (bins.width, bins.counts.iter().map(|count| count.packets).collect())
    }

    #[test]
    fn intervals_grow_until_the_table_is_short() {
        // 100 s at one packet a second: 5 s each.
        let times: Vec<i64> = (0..100).map(|n| n * 1_000_000_000).collect();
        let (width, counts) = bins(&times, None);
        assert_eq!((width, counts.len()), (5_000_000_000, 20));
        assert!(counts.iter().all(|n| *n == 5));
        // Everything at once stays in one.
        assert_eq!(bins(&[0, 0, 0], None), (10_000, vec![3]));
        // Years do not take more memory.
        let (width, counts) = bins(&[0, i64::MAX / 2], None);
        assert!(counts.len() <= 25 && width > 0 && counts.iter().sum::<u64>() == 2);
    }

    #[test]
    fn a_chosen_interval_stays() {
        assert_eq!(bins(&[0, 999, 1000, 3500, -5], Some(1000)), (1000, vec![3, 1, 0, 1]));
    }
}
