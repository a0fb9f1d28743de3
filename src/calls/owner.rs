//! Which system call made which packet: by the bytes that it wrote, never by time alone.
//!
//! A segment belongs to the call that wrote its first new byte, also when it left in the window of a later call (held
//! back by Nagle's algorithm or by the receiver's window). A SYN belongs to `connect`, a FIN to the `shutdown` or the
//! last `close`. What is left is the kernel's.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::assign::{Places, assign};
use super::packets::{Sent, What};
use crate::frame::Time;
use crate::timeline::{Call, CallSeen, Deed, Owner};
use crate::track::{ConnId, Proto, Side};

/// What came of the matching.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// Every call with its frames, in the order of the calls.
    pub calls: Vec<CallSeen>,
    /// By frame: its owner. A frame that no call can be told for is absent.
    pub owners: FxHashMap<u64, Owner>,
}

/// So many frames may be under way from one end while the cause of the other's is looked for.
const UNDER_WAY: usize = 64;

/// One end's part of a connection.
type End = (ConnId, Side);

/// Bytes that a call wrote into the stream: from, to (exclusive), counted from 0.
#[derive(Clone, Copy, Debug)]
struct Write {
    call: usize,
    from: u64,
    to: u64,
}

/// What has sent the FIN of a direction.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum EndedBy {
    #[default]
    Nothing,
    Call(usize),
    Exit,
}

/// What one end has done so far.
#[derive(Default)]
struct Stream {
    writes: Vec<Write>,
    written: u64,
    connects: Vec<usize>,
    /// Calls that can end the sending direction, in the order of entry, with the descriptors that are left then.
    closings: Vec<(usize, u32)>,
    /// Datagrams that are still to be seen: the call and the length.
    datagrams: Vec<(usize, u64)>,
    /// After the last byte that was sent.
    sent: u64,
    syn: Option<u64>,
    fin: Option<u64>,
    ended_by: EndedBy,
    /// A program still had the socket then.
    held_until: Option<Time>,
    first_at: FxHashMap<u64, u64>,
}

impl Stream {
    /// The call that wrote this byte.
    fn writer(&self, byte: u64) -> Option<usize> {
        // Each begins where the one before has ended.
        let write = self.writes.get(self.writes.partition_point(|write| write.to <= byte))?;
        (write.from..write.to).contains(&byte).then_some(write.call)
    }
}

/// Finds every packet's owner. Both lists are in the order of time.
#[must_use]
pub fn find(calls: &[Call], packets: &[Sent]) -> Matched {
    let places = assign(calls, packets);
    let mut matching = Matching {
        calls,
        streams: streams(calls, &places),
        frames: vec![(Vec::new(), Vec::new()); calls.len()],
        owners: FxHashMap::default(),
        last: FxHashMap::default(),
    };
    for packet in packets {
        matching.packet(packet);
    }
    let Matching { frames, owners, .. } = matching;
    let calls = calls
        .iter()
        .zip(places.calls)
        .zip(frames)
        .map(|((call, assigned), (frames, deferred))| CallSeen {
            call: call.clone(),
            conn: assigned.map(|(conn, _)| conn),
            end: assigned.map(|(_, end)| end),
            frames,
            deferred,
            cut: false,
            late: false,
            unused: false,
        })
        .collect();
    Matched { calls, owners }
}

fn streams(calls: &[Call], places: &Places) -> FxHashMap<End, Stream> {
    let mut streams: FxHashMap<End, Stream> = FxHashMap::default();
    for (index, (call, assigned)) in calls.iter().zip(&places.calls).enumerate() {
        if let Deed::CloseSeveral { closed } = &call.deed {
            for closed in closed {
                if let Some(end) = places.of(&closed.socket, call) {
                    streams.entry(end).or_default().closings.push((index, closed.left));
                }
            }
            continue;
        }
        let Some(end) = assigned else { continue };
        let stream = streams.entry(*end).or_default();
        stream.held_until = stream.held_until.max(Some(call.exit.unwrap_or(call.entry)));
        match &call.deed {
            Deed::Connect(_) => stream.connects.push(index),
            Deed::Shutdown { write: true } if call.error().is_none() => stream.closings.push((index, 0)),
            Deed::Close { left } => stream.closings.push((index, *left)),
            Deed::Send { sizes, .. } if end.0.proto == Proto::Udp => {
                let whole = if call.returned().is_some() { sizes.as_slice() } else { &[] };
                let count = if sizes.len() == 1 { 1 } else { call.returned().map_or(0, number) };
                stream.datagrams.extend(whole.iter().take(count).map(|size| (index, *size)));
            }
            Deed::Send { .. } => {
                let bytes = match (&call.result, call.returned()) {
                    (_, Some(n)) => u64::try_from(n).unwrap_or(0),
                    // It is still at it, or its program was ended: how much it wrote, only the packets show.
                    (None, None) => u64::MAX - stream.written,
                    _ => 0,
                };
                if bytes > 0 {
                    let to = stream.written.saturating_add(bytes);
                    stream.writes.push(Write { call: index, from: stream.written, to });
                    stream.written = to;
                }
            }
            _ => {}
        }
    }
    streams
}

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

struct Matching<'a> {
    calls: &'a [Call],
    streams: FxHashMap<End, Stream>,
    /// By call: its frames, and those that left after it.
    frames: Vec<(Vec<u64>, Vec<u64>)>,
    owners: FxHashMap<u64, Owner>,
    /// The last frames of each end, with the time of their arrival.
    last: FxHashMap<End, VecDeque<(Option<Time>, u64)>>,
}

impl Matching<'_> {
    fn packet(&mut self, packet: &Sent) {
        let owner = match (&packet.what, packet.conn, packet.from) {
            (What::Other { quotes }, ..) => quotes.map(|frame| Owner::Kernel(Some(frame))),
            (What::Tcp { .. }, Some(conn), Some(from)) => self.segment(packet, (conn, from)),
            (What::Udp { len }, Some(conn), Some(from)) => self.datagram(packet, (conn, from), *len),
            _ => None,
        };
        if let Some(owner) = owner {
            self.owners.insert(packet.frame, owner);
        }
        if let (Some(conn), Some(from)) = (packet.conn, packet.from) {
            let last = self.last.entry((conn, from)).or_default();
            if last.len() == UNDER_WAY {
                last.pop_front();
            }
            last.push_back((packet.arrived, packet.frame));
        }
    }

    /// Gives the packet to a call.
    fn give(&mut self, packet: &Sent, call: usize) -> Owner {
        let (frames, deferred) = &mut self.frames[call];
        frames.push(packet.frame);
        if self.calls[call].exit.is_some_and(|exit| packet.after(exit)) {
            deferred.push(packet.frame);
        }
        Owner::Call(self.calls[call].id)
    }

    /// The kernel's answer to what has arrived last. Where a socket is connected to itself, that is its own.
    fn kernel(&self, packet: &Sent, (conn, from): End) -> Owner {
        let itself = packet.ends.is_some_and(|(src, dst)| src == dst);
        let other = if itself { from } else { from.other() };
        let there = |(arrived, _): &&(Option<Time>, u64)| match (arrived, packet.time) {
            (Some(arrived), Some(time)) => *arrived <= time,
            // Lost, or without times in order.
            (None, Some(_)) => false,
            (_, None) => true,
        };
        let arrived =
            self.last.get(&(conn, other)).and_then(|last| last.iter().filter(there).max_by_key(|last| last.0));
        Owner::Kernel(arrived.map(|(_, frame)| *frame))
    }

    fn segment(&mut self, packet: &Sent, end: End) -> Option<Owner> {
        let What::Tcp { seq, len, syn, ack, fin, rst, answers, .. } = packet.what else { return None };
        if rst {
            return Some(self.reset(packet, end, answers));
        }
        let kernel = self.kernel(packet, end);
        let stream = self.streams.entry(end).or_default();
        if syn {
            return match (stream.syn, ack) {
                (Some(first), false) => Some(Owner::Kernel(Some(first))),
                (None, false) => {
                    stream.syn = Some(packet.frame);
                    let connect =
                        stream.connects.iter().copied().find(|call| !packet_before(packet, self.calls[*call].entry));
                    connect.map(|call| self.give(packet, call))
                }
                (_, true) => Some(kernel),
            };
        }
        let from = u64::from(seq).wrapping_sub(1);
        let to = from.wrapping_add(u64::from(len));
        let news = len > 0 && to > stream.sent && from <= stream.sent;
        let writer = news.then(|| stream.writer(stream.sent));
        if news {
            stream.first_at.insert(from, packet.frame);
            stream.sent = to;
        }
        let again = stream.first_at.get(&from).copied();
        let closes = fin && stream.fin.is_none();
        let fin_again = stream.fin.filter(|_| fin && !closes);
        if closes {
            stream.fin = Some(packet.frame);
        }
        let closing = closes.then(|| self.closing(packet, end));
        if let Some(ended_by) = closing {
            self.streams.entry(end).or_default().ended_by = ended_by.map_or(EndedBy::Exit, EndedBy::Call);
        }
        match (writer, closing) {
            (Some(Some(writer)), closing) => {
                // The bytes decide; the FIN that rides on them belongs to its call as well.
                if let Some(Some(closing)) = closing {
                    self.give(packet, closing);
                }
                Some(self.give(packet, writer))
            }
            (Some(None), _) => None,
            (None, Some(Some(closing))) => Some(self.give(packet, closing)),
            (None, Some(None)) => Some(Owner::Exit),
            (None, None) if len > 0 || fin_again.is_some() => Some(Owner::Kernel(again.or(fin_again))),
            (None, None) => Some(kernel),
        }
    }

    /// The call that ended the sending direction: a `shutdown`, or a `close` of the last descriptor.
    fn closing(&self, packet: &Sent, end: End) -> Option<usize> {
        let closings = self.streams.get(&end)?.closings.iter().copied();
        let begun = |(call, _): &(usize, u32)| !packet_before(packet, self.calls[*call].entry);
        let during = |(call, _): &(usize, u32)| self.calls[*call].exit.is_none_or(|exit| !packet.after(exit));
        let mut sure = closings.clone().filter(begun).filter(|(_, left)| *left == 0);
        // Two processes that close at the same moment both see the other's descriptor.
        sure.next().or_else(|| closings.filter(begun).find(during)).map(|(call, _)| call)
    }

    fn reset(&mut self, packet: &Sent, end: End, answers: bool) -> Owner {
        let during = |call: &usize| {
            let call = &self.calls[*call];
            !packet_before(packet, call.entry) && call.exit.is_none_or(|exit| !packet.after(exit))
        };
        let stream = self.streams.get(&end);
        let closing = stream.and_then(|stream| stream.closings.iter().map(|(call, _)| *call).find(during));
        // What has sent a FIN sends no RST as well: the RST answers what came afterwards, even before the call returned.
        let would_end = closing.map_or(EndedBy::Exit, EndedBy::Call);
        if stream.is_some_and(|stream| stream.ended_by == would_end) {
            return self.kernel(packet, end);
        }
        // A timer of the kernel has given up.
        let held = stream.and_then(|stream| stream.held_until).is_some_and(|until| packet_before(packet, until));
        match (answers, closing) {
            (_, Some(call)) => self.give(packet, call),
            (false, None) if held => Owner::Kernel(None),
            (false, None) if self.closing(packet, end).is_none() => Owner::Exit,
            _ => self.kernel(packet, end),
        }
    }

    fn datagram(&mut self, packet: &Sent, end: End, len: u32) -> Option<Owner> {
        let stream = self.streams.entry(end).or_default();
        let begun = |call: usize| !packet_before(packet, self.calls[call].entry);
        let at = stream.datagrams.iter().position(|(call, size)| *size == u64::from(len) && begun(*call))?;
        let (call, _) = stream.datagrams.remove(at);
        Some(self.give(packet, call))
    }
}

fn packet_before(packet: &Sent, moment: Time) -> bool {
    packet.time.is_some_and(|time| time < moment)
}

#[cfg(test)]
mod tests;
