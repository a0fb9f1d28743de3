//! The scout: a second thread that reads the frames of a large capture ahead, and in each of them what the shortest way
//! reads.
//!
//! The bytes stay in the cache of its core. Handed over are the numbers that following a connection mostly needs, with
//! the bytes beside them, which are then seldom looked at.
#![allow(
    clippy::disallowed_methods,
    reason = "an edge: the second thread of reading; what it reads is handed over in order"
)]

use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::{hint, mem, thread};

use super::reader::Reader;
use crate::decode::plain::{Plain, plain};
use crate::frame::{Damage, Frame, FrameSource, Interface, LinkType, Passage, Time};

/// Batches under way: few enough that all together stay in the second-level cache.
const BATCHES: usize = 3;

/// How often a thread looks for a batch before it lets itself be woken. To wake a thread takes longer than to read a batch, so it
/// is worth some microseconds not to fall asleep.
const LOOKS: u32 = 4_000;

/// One frame of a batch.
#[derive(Debug)]
struct Entry {
    number: u64,
    time: Option<Time>,
    wire_len: u32,
    interface: u32,
    link: LinkType,
    /// Where its bytes begin in the batch's buffer.
    at: usize,
    length: u32,
    plain: Option<Plain>,
}

/// The frames that lie in one buffer of the window.
#[derive(Debug, Default)]
struct Batch {
    buffer: Vec<u8>,
    entries: Vec<Entry>,
    /// The ways of the few frames that have one, by their place among the entries.
    passages: Vec<(usize, Passage)>,
    /// The interfaces that were met up to its last frame and not before.
    interfaces: Vec<Interface>,
    /// It is the last, and this is how the reading ended.
    end: Option<Result<(), Damage>>,
}

/// The receiving end.
#[derive(Debug)]
pub(super) struct Scout {
    full: Receiver<Batch>,
    empty: Sender<Batch>,
    batch: Batch,
    next: usize,
    interfaces: Vec<Interface>,
}

impl Scout {
    /// Begins to read. The thread ends with the capture, at its first damage, or when nobody takes the batches any more.
    ///
    /// # Errors
    /// The reader itself, when the system gives no thread.
    pub(super) fn start(reader: Reader, verify: bool) -> Result<Scout, Reader> {
        let interfaces = reader.interfaces().to_vec();
        // The reader comes back when there is no thread for it.
        let (hand, take) = channel();
        let (to_consumer, full) = sync_channel(BATCHES);
        let (empty, from_consumer) = channel();
        for _ in 0..BATCHES {
            let _ = empty.send(Batch::default());
        }
        let started = thread::Builder::new()
            .name("scout".to_owned())
            .spawn(move || take.recv().map(|reader| read(reader, verify, &to_consumer, &from_consumer)));
        match started {
            Ok(_) => hand.send(reader).map_err(|error| error.0)?,
            Err(_) => return Err(reader),
        }
        Ok(Scout { full, empty, batch: Batch::default(), next: 0, interfaces })
    }

    /// The next frame, waiting for it, with what the shortest way reads in it.
    ///
    /// # Errors
    /// The damage that stopped the reading; everything before it was delivered.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<(Frame<'_>, Option<Plain>)>, Damage> {
        while self.next == self.batch.entries.len() {
            if let Some(end) = &mut self.batch.end {
                return mem::replace(end, Ok(())).map(|()| None);
            }
            self.turn();
        }
        let entry = &self.batch.entries[self.next];
        let mut passage = None;
        if !self.batch.passages.is_empty() {
            let found = self.batch.passages.binary_search_by_key(&self.next, |(at, _)| *at);
            passage = found.ok().map(|found| &self.batch.passages[found].1);
        }
        self.next += 1;
        let frame = Frame {
            number: entry.number,
            time: entry.time,
            interface: entry.interface,
            link: entry.link,
            wire_len: entry.wire_len,
            bytes: &self.batch.buffer[entry.at..entry.at + entry.length as usize],
            passage,
        };
        Ok(Some((frame, entry.plain)))
    }

    pub(super) fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// Goes on to the next batch; gives the old one back.
    #[cold]
    fn turn(&mut self) {
        self.next = 0;
        // Every thread that reads sends an end; without one it is gone, and there is nothing to wait for.
        let fresh = receive(&self.full).unwrap_or_else(|| Batch { end: Some(Ok(())), ..Batch::default() });
        let used = mem::replace(&mut self.batch, fresh);
        self.interfaces.append(&mut self.batch.interfaces);
        // Nobody needs it when the capture is at its end.
        let _ = self.empty.send(used);
    }
}

/// The next batch; `None` when nobody sends any more.
fn receive(batches: &Receiver<Batch>) -> Option<Batch> {
    for _ in 0..LOOKS {
        match batches.try_recv() {
            Ok(batch) => return Some(batch),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => hint::spin_loop(),
        }
    }
    batches.recv().ok()
}

/// The reading thread.
fn read(mut reader: Reader, verify: bool, full: &SyncSender<Batch>, empty: &Receiver<Batch>) {
    let mut known = reader.interfaces().len();
    let fresh = |reader: &mut Reader| -> Option<Batch> {
        let mut batch = receive(empty)?;
        reader.window().go_on_in(mem::take(&mut batch.buffer));
        batch.entries.clear();
        batch.passages.clear();
        Some(batch)
    };
    let Some(mut batch) = fresh(&mut reader) else { return };
    loop {
        let (mut entry, passage, address) = match reader.next_frame() {
            Ok(Some(frame)) => {
                let length = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
                let Frame { number, time, interface, link, wire_len, bytes, passage } = frame;
                let plain = if passage.is_none() { plain(&frame, verify) } else { None };
                let entry = Entry { number, time, wire_len, interface, link, at: 0, length, plain };
                (entry, passage.copied(), bytes.as_ptr().addr())
            }
            ended => {
                batch.end = Some(ended.map(|_| ()));
                break;
            }
        };
        entry.at = reader.window().position(address);
        if let Some(buffer) = reader.window().given_up() {
            batch.buffer = buffer;
            if full.send(batch).is_err() {
                return;
            }
            let Some(next) = fresh(&mut reader) else { return };
            batch = next;
        }
        if reader.interfaces().len() > known {
            batch.interfaces.extend_from_slice(&reader.interfaces()[known..]);
            known = reader.interfaces().len();
        }
        batch.passages.extend(passage.map(|passage| (batch.entries.len(), passage)));
        batch.entries.push(entry);
    }
    batch.buffer = reader.window().given_up().unwrap_or_else(|| reader.window().leave());
    // Nobody may be there any more to take it.
    let _ = full.send(batch);
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::file::save::{Encoder, SaveFormat};
    use crate::file::window::Window;
    use crate::file::{pcap, pcapng};
    use crate::frame::{Arrival, OwnedFrame};

    /// Frames of many lengths, on three interfaces that become known one after the other, some with a way; cut short.
    fn file(format: SaveFormat, cut: usize) -> Vec<u8> {
        let (mut out, mut encoder) = (Vec::new(), Encoder::new(format));
        encoder.begin(&mut out);
        let lengths = [0, 60, 1_514, 54, 9_000, 65_549, 60, 250_000];
        for number in 0..240_u32 {
            if number % 100 == 0 && (number == 0 || format == SaveFormat::Pcapng) {
                let name = Some(format!("eth{number}"));
                let counters = Vec::new();
                encoder
                    .interface(&Interface { name, link: LinkType::RAW, resolution: 1e-9, counters }, &mut out)
                    .unwrap();
            }
            let mut bytes = vec![number.to_le_bytes()[0]; lengths[number as usize % lengths.len()]];
            // A TCP segment in as many bytes as there are.
            if let (Some(start), Ok(total)) =
                (bytes.first_chunk_mut::<40>(), u16::try_from(lengths[number as usize % 8]))
            {
                *start = [0; 40];
                start[..4].copy_from_slice(&[0x45, 0, total.to_be_bytes()[0], total.to_be_bytes()[1]]);
                (start[9], start[32], start[33]) = (6, 0x50, 0x10);
            }
            let wire_len = u32::try_from(bytes.len()).unwrap();
            let time = Some(Time(i64::from(number) * 1_000));
            let arrived = Some(Arrival { frame: u64::from(number) + 2, time: Time(7) });
            let way = Passage::Left { arrived, again: None };
            let passage = (format == SaveFormat::Pcapng && number % 97 == 5).then_some(way);
            let interface = if format == SaveFormat::Pcapng { number / 100 } else { 0 };
            let frame = OwnedFrame { time, interface, link: LinkType::RAW, wire_len, bytes, passage };
            let frame = Frame {
                number: u64::from(number) + 1,
                time: frame.time,
                interface: frame.interface,
                link: frame.link,
                wire_len: frame.wire_len,
                bytes: &frame.bytes,
                passage: frame.passage.as_ref(),
            };
            encoder.frame(&frame, &[], &mut out).unwrap();
        }
        out.truncate(out.len() - cut);
        out
    }

    fn reader(file: Vec<u8>, format: SaveFormat) -> Reader {
        let window = Window::new(Box::new(Cursor::new(file)) as _);
        match format {
            SaveFormat::Pcap => Reader::Pcap(Box::new(pcap::Reader::new(window, true).unwrap())),
            SaveFormat::Pcapng => Reader::Pcapng(Box::new(pcapng::Reader::new(window).unwrap())),
        }
    }

    #[test]
    fn it_delivers_what_the_reader_delivers() {
        for (format, cut) in
            [(SaveFormat::Pcap, 0), (SaveFormat::Pcapng, 0), (SaveFormat::Pcap, 9), (SaveFormat::Pcapng, 70)]
        {
            let mut alone = reader(file(format, cut), format);
            let Ok(mut scout) = Scout::start(reader(file(format, cut), format), true) else { panic!("no thread") };
            let (mut frames, mut segments) = (0, 0);
            loop {
                let expected = alone.next_frame().map(|frame| {
                    frame.map(|frame| {
                        let short = if frame.passage.is_none() { plain(&frame, true) } else { None };
                        segments += usize::from(short.is_some());
                        (format!("{frame:?}"), short)
                    })
                });
                let got = scout.next().map(|next| next.map(|(frame, short)| (format!("{frame:?}"), short)));
                assert_eq!(got, expected, "after {frames} frames");
                assert!(scout.interfaces().len() >= alone.interfaces().len());
                if !matches!(got, Ok(Some(_))) {
                    assert_eq!(got.is_err(), cut > 0);
                    break;
                }
                frames += 1;
            }
            assert!(frames >= 239 && segments > 120, "{frames} frames, {segments} segments");
            assert_eq!(scout.interfaces(), alone.interfaces());
            assert_eq!(scout.next().map(|next| next.is_none()), Ok(true), "and nothing after its end");
        }
    }

    #[test]
    fn the_thread_ends_when_nobody_takes_the_batches() {
        let Ok(scout) = Scout::start(reader(file(SaveFormat::Pcap, 0), SaveFormat::Pcap), false) else {
            panic!("no thread")
        };
        let Scout { full, empty, .. } = scout;
        drop(empty);
        // The channel is closed by the thread's end and by nothing else.
        assert!(full.iter().all(|batch| !batch.entries.is_empty()));
    }
}
