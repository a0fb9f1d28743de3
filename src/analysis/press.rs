//! Writing the records of packets beside the analysis: batches of packets go out with everything known about them, and
//! come back as bytes, in order.
//!
//! What runs beside is not known here: see [`Aside`]. The bytes are the same whoever makes them.

use std::{io, mem};

use crate::annotate::Annotation;
use crate::decode::decode;
use crate::frame::{Frame, LinkType, Time};
use crate::report::{PacketWriter, Report};
use crate::timeline::PacketEvent;
use crate::track::Step;

/// Packets written together: enough that handing them over costs little beside writing them, and few enough that they stay
/// in the cache of the core that writes them.
const BATCH: usize = 64;

/// Somebody who writes batches beside the analysis, or lets the caller do it.
pub trait Aside {
    /// Takes a batch on. It may be written before this returns.
    fn put(&mut self, batch: Batch);

    /// The oldest batch that was not taken back yet. `None` when it is not written, and with `wait`, when there is none.
    fn take(&mut self, wait: bool) -> Option<Batch>;
}

/// A packet on its way to be written.
#[derive(Debug)]
struct Item {
    number: u64,
    time: Option<Time>,
    interface: u32,
    link: LinkType,
    wire_len: u32,
    /// Where its bytes end in those of the batch; they begin where those of the packet before end.
    end: usize,
    step: Step,
    notes: Vec<Annotation>,
}

/// Packets that are written together. It goes out and comes back whole, so that what one thread has taken from memory is
/// not given back by another.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    items: Vec<Item>,
    writer: PacketWriter,
    start: Option<Time>,
    written: Vec<u8>,
}

impl Batch {
    fn new(writer: PacketWriter) -> Self {
        Batch { bytes: Vec::new(), items: Vec::new(), writer, start: None, written: Vec::new() }
    }

    /// Writes the packets.
    pub fn write(&mut self) {
        let mut at = 0;
        for item in &self.items {
            let Item { number, time, interface, link, wire_len, end, ref step, ref notes } = *item;
            let bytes = &self.bytes[at..end];
            let frame = Frame { number, time, interface, link, wire_len, bytes, passage: None };
            let packet = decode(&frame);
            let event = PacketEvent { packet: &packet, step, notes, owner: None };
            self.writer.write(&event, self.start, &mut self.written);
            at = end;
        }
    }
}

/// Gathers packets and has them written.
pub(super) struct Press<'a> {
    aside: &'a mut dyn Aside,
    writer: PacketWriter,
    batch: Batch,
    free: Vec<Batch>,
}

impl<'a> Press<'a> {
    pub(super) fn new(aside: &'a mut dyn Aside, writer: PacketWriter) -> Self {
        Press { aside, writer, batch: Batch::new(writer), free: Vec::new() }
    }

    /// Takes a packet on that is no more than its frame.
    pub(super) fn push(
        &mut self,
        frame: &Frame<'_>,
        (step, notes): (Step, Vec<Annotation>),
        start: Option<Time>,
        report: &mut dyn Report,
    ) -> io::Result<()> {
        let Frame { number, time, interface, link, wire_len, bytes, passage: _ } = *frame;
        self.batch.bytes.extend_from_slice(bytes);
        let end = self.batch.bytes.len();
        self.batch.items.push(Item { number, time, interface, link, wire_len, end, step, notes });
        self.batch.start = start;
        if self.batch.items.len() < BATCH {
            return Ok(());
        }
        self.hand_over();
        self.collect(false, report)
    }

    fn hand_over(&mut self) {
        let fresh = self.free.pop().unwrap_or_else(|| Batch::new(self.writer));
        self.aside.put(mem::replace(&mut self.batch, fresh));
    }

    fn collect(&mut self, all: bool, report: &mut dyn Report) -> io::Result<()> {
        while let Some(mut batch) = self.aside.take(all) {
            report.written(&batch.written)?;
            batch.bytes.clear();
            batch.items.clear();
            batch.written.clear();
            self.free.push(batch);
        }
        Ok(())
    }

    /// Has everything written that was taken on.
    pub(super) fn finish(&mut self, report: &mut dyn Report) -> io::Result<()> {
        if !self.batch.items.is_empty() {
            self.hand_over();
        }
        self.collect(true, report)
    }
}
