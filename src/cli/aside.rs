//! A second thread that writes records. When it has enough to do, the first thread does it itself.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::analysis::{Aside, Batch};

/// Batches that the second thread has before it.
const AHEAD: usize = 2;
/// Batches that may wait for an older one: what is under way stays this small, however slow one thread is.
const WAITING: usize = 8;

/// What is known of a batch, in the order in which they came.
enum Slot {
    /// The second thread has it.
    There,
    /// It is written.
    Done(Batch),
}

struct Helper {
    tasks: SyncSender<Batch>,
    results: Receiver<Batch>,
    thread: JoinHandle<()>,
}

/// The second thread, where there is one, and what is under way.
pub(super) struct SecondThread {
    helper: Option<Helper>,
    there: usize,
    order: VecDeque<Slot>,
}

impl SecondThread {
    /// Starts it; `None` on a machine with one core, and where the system gives no thread.
    pub(super) fn start() -> Option<SecondThread> {
        if thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
            return None;
        }
        SecondThread::spawn()
    }

    fn spawn() -> Option<SecondThread> {
        let (tasks, todo) = sync_channel::<Batch>(AHEAD);
        let (done, results) = sync_channel(AHEAD + 1);
        let work = move || {
            // It ends when nobody gives batches, or takes them back, any more.
            while let Ok(mut batch) = todo.recv() {
                batch.write();
                if done.send(batch).is_err() {
                    break;
                }
            }
        };
        let thread = thread::Builder::new().name("aside".to_owned()).spawn(work).ok()?;
        Some(SecondThread { helper: Some(Helper { tasks, results, thread }), there: 0, order: VecDeque::new() })
    }

    /// Takes in what the second thread has done; with `wait`, at least one.
    fn receive(&mut self, wait: bool) {
        let Some(helper) = &self.helper else { return };
        let mut result = if wait { helper.results.recv().ok() } else { helper.results.try_recv().ok() };
        if wait && result.is_none() {
            self.fail();
        }
        while let Some(batch) = result {
            self.there -= 1;
            // They come back in the order in which they were given.
            if let Some(slot) = self.order.iter_mut().find(|slot| matches!(slot, Slot::There)) {
                *slot = Slot::Done(batch);
            }
            result = self.helper.as_ref().and_then(|helper| helper.results.try_recv().ok());
        }
    }

    /// The second thread is gone in the middle of a batch: its panic goes on here, as if it had been written here.
    fn fail(&mut self) {
        if let Some(Err(panic)) = self.helper.take().map(|helper| helper.thread.join()) {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Aside for SecondThread {
    fn put(&mut self, mut batch: Batch) {
        self.receive(false);
        match &self.helper {
            Some(helper) if self.there < AHEAD => {
                self.there += 1;
                self.order.push_back(Slot::There);
                if helper.tasks.send(batch).is_err() {
                    self.fail();
                }
            }
            _ => {
                batch.write();
                self.order.push_back(Slot::Done(batch));
            }
        }
    }

    fn take(&mut self, wait: bool) -> Option<Batch> {
        if matches!(self.order.front(), Some(Slot::There)) {
            self.receive(wait || self.order.len() > WAITING);
        }
        match self.order.front() {
            Some(Slot::Done(_)) => match self.order.pop_front() {
                Some(Slot::Done(batch)) => Some(batch),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::analysis::{self, Request};
    use crate::file::open;
    use crate::frame::{FrameSource as _, MemorySource, OwnedFrame};
    use crate::language::Lang;
    use crate::report::formats::FORMATS;
    use crate::report::{PayloadLimit, Selection, View};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Recorded captures one after the other: loopback, both ends of a wire, datagrams in pieces.
    fn frames() -> Vec<OwnedFrame> {
        let mut frames = Vec::new();
        for name in ["message-boundaries-udp", "psh-large-write-long-write", "fast-retransmit", "tcp"].repeat(10) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("captures/{name}.pcapng"));
            let mut capture = open::open(path).unwrap();
            while let Some(frame) = capture.next_frame().unwrap() {
                let (time, interface, link, wire_len) = (frame.time, 0, frame.link, frame.wire_len);
                // The numbers in the ways are those of the single captures.
                let passage = frame.passage.filter(|_| frames.len() < 500).copied();
                frames.push(OwnedFrame { time, interface, link, wire_len, bytes: frame.bytes.to_vec(), passage });
            }
        }
        frames
    }

    fn written(frames: &[OwnedFrame], format: &str, aside: Option<&mut dyn Aside>) -> Vec<u8> {
        let shared = Shared::default();
        let format = FORMATS.iter().find(|known| known.name == format).unwrap();
        let view = View {
            lang: Lang::Id,
            width: 80,
            color: false,
            payload: PayloadLimit::Bytes(64),
            limit: None,
            columns: None,
            selection: Selection::default(),
            connections_at_end: false,
            ascii: false,
        };
        let mut report = (format.build)(Box::new(shared.clone()), view);
        let request = Request { aside, ..Request::default() };
        analysis::run(&mut MemorySource::new(frames, &[]), request, &mut *report).unwrap();
        report.finish().unwrap();
        drop(report);
        Arc::into_inner(shared.0).unwrap().into_inner().unwrap()
    }

    #[test]
    fn two_threads_write_the_bytes_that_one_writes() {
        let frames = frames();
        assert!(frames.len() > 1_000, "{} frames", frames.len());
        for format in ["jsonl", "json", "csv", "markdown"] {
            let mut second = SecondThread::spawn().expect("a thread");
            let expected = written(&frames, format, None);
            assert!(written(&frames, format, Some(&mut second)) == expected, "{format}");
            assert!(expected.len() > 1_000 && second.order.is_empty());
        }
    }

    #[test]
    fn what_is_under_way_stays_small() {
        /// Counts what it has not given back.
        struct Counting(SecondThread, usize);
        impl Aside for Counting {
            fn put(&mut self, batch: Batch) {
                self.0.put(batch);
                self.1 = self.1.max(self.0.order.len());
            }
            fn take(&mut self, wait: bool) -> Option<Batch> {
                self.0.take(wait)
            }
        }
        let mut counting = Counting(SecondThread::spawn().expect("a thread"), 0);
        written(&frames(), "jsonl", Some(&mut counting));
        assert!((1..=WAITING + 1).contains(&counting.1), "{} batches", counting.1);
    }
}
