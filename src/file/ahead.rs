//! Reading ahead: a second thread reads (and decompresses) the stream while the first looks at the packets.
#![allow(
    clippy::disallowed_methods,
    reason = "an edge: the one thread of reading; what it reads is handed over in order"
)]

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Free bytes at the start of every chunk: what the consumer has left of the chunk before is put there.
pub(super) const HEADROOM: usize = 64 << 10;
/// Bytes asked of the stream at once. Large enough that a system call costs nothing beside its copy, small enough that
/// all chunks together stay in the cache that both threads share.
const CHUNK: usize = 256 << 10;
/// Chunks under way.
const CHUNKS: usize = 4;

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
    empty: Sender<Vec<u8>>,
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
        Ok(Ahead { full, empty })
    }

    /// The next piece, waiting for it; `None` at the end.
    pub(super) fn next(&mut self) -> Option<io::Result<Chunk>> {
        self.full.recv().ok()
    }

    /// Gives a buffer back to be filled again.
    pub(super) fn give_back(&mut self, buffer: Vec<u8>) {
        // Nobody needs it when the stream is at its end.
        let _ = self.empty.send(buffer);
    }
}

fn read(mut stream: impl Read, full: &SyncSender<io::Result<Chunk>>, empty: &Receiver<Vec<u8>>) {
    let mut made = 0;
    loop {
        let mut buffer = match empty.try_recv() {
            Ok(buffer) => buffer,
            Err(_) if made < CHUNKS => {
                made += 1;
                Vec::new()
            }
            Err(_) => match empty.recv() {
                Ok(buffer) => buffer,
                Err(_) => return,
            },
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
