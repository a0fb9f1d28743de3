//! Packets on their way: a capture that saw both ends of a wire shows a packet when it leaves, and what it did to its
//! receiver is known when it arrives. Until then it waits here, and what left later waits behind it.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::annotate::Annotation;
use crate::frame::{Frame, OwnedFrame, Passage};
use crate::track::step::States;
use crate::track::{ConnId, Side, State, Step};

/// Packets that may wait; with more of them the first is shown as it was when it left.
const MOST: usize = 1024;

/// A packet that is still to be shown.
#[derive(Debug)]
pub(super) struct Waiting {
    number: u64,
    frame: OwnedFrame,
    pub(super) step: Step,
    pub(super) notes: Vec<Annotation>,
    /// It arrives later.
    under_way: bool,
}

impl Waiting {
    pub(super) fn frame(&self) -> Frame<'_> {
        let OwnedFrame { time, interface, link, wire_len, bytes, passage } = &self.frame;
        Frame {
            number: self.number,
            time: *time,
            interface: *interface,
            link: *link,
            wire_len: *wire_len,
            bytes,
            passage: passage.as_ref(),
        }
    }
}

/// The packets that wait, in the order in which they left.
#[derive(Debug, Default)]
pub(super) struct Pending {
    queue: VecDeque<Waiting>,
    /// The states that were shown last.
    shown: FxHashMap<ConnId, States>,
}

impl Pending {
    /// A packet to be shown when everything before it has been and when it has arrived itself.
    pub(super) fn push(&mut self, frame: &Frame<'_>, mut step: Step, notes: Vec<Annotation>) {
        let under_way = matches!(frame.passage, Some(Passage::Left { arrived: Some(_), .. }));
        if under_way && let (Some(from), Some(tcp)) = (step.from, &mut step.tcp) {
            // Should the capture end before it arrives.
            let unmoved = tcp.before.of(from.other());
            tcp.after.set(from.other(), unmoved);
        }
        let Frame { number, time, interface, link, wire_len, bytes, passage } = *frame;
        let frame = OwnedFrame { time, interface, link, wire_len, bytes: bytes.to_vec(), passage: passage.copied() };
        self.queue.push_back(Waiting { number, frame, step, notes, under_way });
    }

    /// What left in that frame has arrived and brought an end from one state to the other.
    pub(super) fn arrived(&mut self, frame: u64, reached: Option<(Side, [Option<State>; 2])>) {
        let Some(at) = self.queue.iter().position(|waiting| waiting.number == frame) else { return };
        let overtaken = self.overtakes(at);
        let waiting = &mut self.queue[at];
        waiting.step.overtaken |= waiting.under_way && overtaken;
        if let (true, Some(tcp), Some((side, [before, after]))) = (waiting.under_way, &mut waiting.step.tcp, reached) {
            tcp.before.set(side, before);
            tcp.after.set(side, after);
        }
        waiting.under_way = false;
    }

    /// One that left after this packet, from the same end, is there already.
    fn overtakes(&self, at: usize) -> bool {
        let (conn, from) = (self.queue[at].step.conn, self.queue[at].step.from);
        let there = |waiting: &Waiting| {
            matches!(waiting.frame.passage, Some(Passage::Left { arrived: Some(_), .. })) && !waiting.under_way
        };
        self.queue.iter().skip(at + 1).any(|w| (w.step.conn, w.step.from) == (conn, from) && there(w))
    }

    /// The first packet, when nothing holds it back any more; with `all`, in any case.
    pub(super) fn next(&mut self, all: bool) -> Option<Waiting> {
        let first = self.queue.front()?;
        if !all && first.under_way && self.queue.len() <= MOST {
            return None;
        }
        let mut first = self.queue.pop_front()?;
        self.settle(&mut first);
        Some(first)
    }

    /// What was lost leaves its receiver as the packets shown before it have left that end.
    fn settle(&mut self, packet: &mut Waiting) {
        let (Some(conn), Some(from), Some(tcp)) = (packet.step.conn, packet.step.from, &mut packet.step.tcp) else {
            return;
        };
        let to = from.other();
        if matches!(packet.frame.passage, Some(Passage::Left { arrived: None, .. }))
            && let Some(shown) = self.shown.get(&conn)
        {
            tcp.before.set(to, shown.of(to));
            tcp.after.set(to, shown.of(to));
        }
        self.shown.insert(conn, tcp.after);
    }
}
