//! Reading ahead: a second thread reads and decompresses the stream while the first looks at the packets.
#![allow(
    clippy::disallowed_methods,
    reason = "an edge: the one thread of reading; what it reads is handed over in order"
)]

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Free bytes at the start of every chunk: what the consumer has left of the chunk before is put there.
pub(super) const HEADROOM: usize = 64 << 10;
/// Bytes asked of the stream at once.
const CHUNK: usize = 512 << 10;
/// Chunks under way: few enough that all together stay in the cache that both threads share.
const CHUNKS: usize = 8;
/// Chunks that are given back together. To wake a thread costs as much as to copy a chunk, so it is not done for each.
const BATCH: usize = CHUNKS / 2;

/// A piece of the stream.
#[derive(Debug)]
pub(super) struct Chunk {
    /// [`HEADROOM`] free bytes, then the piece.
    pub(super) buffer: Vec<u8>,
    /// Where the piece ends.
    pub(super) end: usize,
}

/// A stream that is being read ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    full: Receiver<io::Result<Chunk>>,
    empty: Sender<Vec<Vec<u8>>>,
    used: Vec<Vec<u8>>,
}

impl Ahead {
    /// Begins to read. The thread ends with the stream, at its first error, or when nobody takes the chunks any more.
    ///
    /// # Errors
    /// The stream itself, when the system gives no thread.
    pub(super) fn start<R: Read + Send + 'static>(stream: R) -> Result<Ahead, R> {
        // The stream comes back when there is no thread for it.
        let (hand, take) = channel();
        let (to_consumer, full) = sync_channel(CHUNKS);
        let (empty, from_consumer) = channel();
        let started = thread::Builder::new()
            .name("read ahead".to_owned())
            .spawn(move || take.recv().map(|stream| read(stream, &to_consumer, &from_consumer)));
        match started {
            Ok(_) => hand.send(stream).map_err(|error| error.0)?,
            Err(_) => return Err(stream),
        }
        Ok(Ahead { full, empty, used: Vec::new() })
    }

    /// The next piece, waiting for it; `None` at the end.
    pub(super) fn next(&mut self) -> Option<io::Result<Chunk>> {
        self.full.recv().ok()
    }

    /// Gives a buffer back to be filled again.
    pub(super) fn give_back(&mut self, buffer: Vec<u8>) {
        self.used.push(buffer);
        if self.used.len() >= BATCH {
            // Nobody needs them when the stream is at its end.
            let _ = self.empty.send(std::mem::take(&mut self.used));
        }
    }
}

fn read(mut stream: impl Read, full: &SyncSender<io::Result<Chunk>>, empty: &Receiver<Vec<Vec<u8>>>) {
    let mut free = vec![Vec::new(); CHUNKS];
    loop {
        let mut buffer = loop {
            match free.pop() {
                Some(buffer) => break buffer,
                None => match empty.recv() {
                    Ok(batch) => free = batch,
                    Err(_) => return,
                },
            }
        };
        buffer.resize(HEADROOM + CHUNK, 0);
        let chunk = loop {
            match stream.read(&mut buffer[HEADROOM..]) {
                Ok(0) => return,
                Ok(length) => break Ok(Chunk { end: HEADROOM + length, buffer }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        let ends = chunk.is_err();
        if full.send(chunk).is_err() || ends {
            return;
        }
    }
}
