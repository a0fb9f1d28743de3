//! A refillable buffer over a stream: the parsers see the bytes at hand as one slice and never copy a packet.

use std::io::{self, Read};

use super::ahead::{Ahead, Chunk, HEADROOM};
use super::compressed::StreamError;
use crate::frame::DamageReason;

/// Bytes asked of the stream at once. Large enough that a system call costs nothing beside its copy, small enough
/// that the bytes are still in the second-level cache when they are parsed.
const CHUNK: usize = 256 << 10;

/// Where bytes come from.
#[derive(Debug)]
enum Supply<R> {
    /// Read when they are needed.
    Direct(R),
    /// Read by another thread.
    Ahead(Ahead),
}

/// The bytes of a stream that have been read and not yet used.
#[derive(Debug)]
pub struct Window<R> {
    supply: Supply<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the stream of `buffer[start]`.
    offset: u64,
    finished: bool,
    error: Option<io::Error>,
    /// Taken up when more is to be read, so that what was consumed stays where it is.
    spare: Option<Vec<u8>>,
    /// The buffer that was given up for the spare one.
    given_up: Option<Vec<u8>>,
}

impl<R: Read> Window<R> {
    /// A window at the start of a stream; nothing is read yet.
    pub fn new(stream: R) -> Self {
        Window::with(Supply::Direct(stream))
    }

    /// The same, with a second thread that reads ahead. It gives the same bytes, and the same error at the same place.
    pub fn ahead(stream: R) -> Self
    where
        R: Send + 'static,
    {
        Window::with(Ahead::start(stream).map_or_else(Supply::Direct, Supply::Ahead))
    }

    fn with(supply: Supply<R>) -> Self {
        let buffer = vec![0; CHUNK];
        let (spare, given_up) = (None, None);
        Window { supply, buffer, start: 0, end: 0, offset: 0, finished: false, error: None, spare, given_up }
    }

    /// Gives it a buffer to go on in when more is to be read. The bytes that were consumed up to then stay in the one
    /// before, which [`Window::given_up`] hands out.
    pub(super) fn go_on_in(&mut self, buffer: Vec<u8>) {
        self.spare = Some(buffer);
    }

    /// The buffer that was left for the spare one, once.
    #[inline]
    pub(super) fn given_up(&mut self) -> Option<Vec<u8>> {
        self.given_up.take()
    }

    /// Gives up the buffer that was read into last; nothing more is read.
    pub(super) fn leave(&mut self) -> Vec<u8> {
        (self.start, self.end, self.finished) = (0, 0, true);
        std::mem::take(&mut self.buffer)
    }

    /// Where in the buffer bytes lie that were consumed since the last [`Window::fill`]: their address is looked at.
    #[inline]
    pub(super) fn position(&self, address: usize) -> usize {
        address.wrapping_sub(self.buffer.as_ptr().addr())
    }

    /// The bytes at hand.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Where the bytes at hand begin in the stream.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The last `length` bytes that were consumed; they stay in place until the next [`Window::fill`].
    #[inline]
    pub(crate) fn behind(&self, length: usize) -> &[u8] {
        &self.buffer[self.start.saturating_sub(length)..self.start]
    }

    /// Goes on by `length` bytes, at most by those at hand.
    #[inline]
    pub fn consume(&mut self, length: usize) {
        let length = length.min(self.end - self.start);
        self.start += length;
        self.offset += length as u64;
    }

    /// Reads until `want` bytes are at hand. False when the stream ends or fails before; see [`Window::shortage`].
    ///
    /// It returns as soon as there are enough, so that a live pipe is shown as it comes, and the buffer grows
    /// only when it is full of bytes that did arrive.
    pub fn fill(&mut self, want: usize) -> bool {
        while self.end - self.start < want {
            if self.finished {
                return false;
            }
            if let Err(error) = self.read() {
                self.finished = true;
                self.error = Some(error);
            }
        }
        true
    }

    /// Adds what the next read gives.
    fn read(&mut self) -> io::Result<()> {
        if matches!(self.supply, Supply::Direct(_)) && (self.end == self.buffer.len() || self.start > 0) {
            self.make_room();
        }
        match &mut self.supply {
            Supply::Direct(stream) => match stream.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.finished = true,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            },
            Supply::Ahead(ahead) => match ahead.next().transpose()? {
                Some(chunk) => {
                    let empty = self.append(chunk);
                    if let Supply::Ahead(ahead) = &mut self.supply {
                        ahead.give_back(empty);
                    }
                }
                None => self.finished = true,
            },
        }
        Ok(())
    }

    /// Goes on in the buffer of the chunk, with what is left put before it; a record larger than fits there is put
    /// together in the own buffer. Returns the buffer that is free now.
    fn append(&mut self, chunk: Chunk) -> Vec<u8> {
        let Chunk { mut buffer, end } = chunk;
        let left = self.end - self.start;
        if left <= HEADROOM {
            let start = HEADROOM - left;
            buffer[start..HEADROOM].copy_from_slice(&self.buffer[self.start..self.end]);
            std::mem::swap(&mut self.buffer, &mut buffer);
            (self.start, self.end) = (start, end);
        } else {
            self.buffer.truncate(self.end);
            self.buffer.drain(..self.start);
            self.buffer.extend_from_slice(&buffer[HEADROOM..end]);
            (self.start, self.end) = (0, self.buffer.len());
        }
        buffer
    }

    fn make_room(&mut self) {
        if let Some(mut spare) = self.spare.take_if(|_| self.given_up.is_none() && self.start > 0) {
            let left = self.end - self.start;
            spare.resize((left + CHUNK / 4).max(CHUNK), 0);
            spare[..left].copy_from_slice(&self.buffer[self.start..self.end]);
            self.given_up = Some(std::mem::replace(&mut self.buffer, spare));
            (self.start, self.end) = (0, left);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
    }

    /// Why there are fewer than `needed` bytes from the start of a record of which `before` were consumed already;
    /// `None` when the stream simply ended where the record would begin.
    pub fn shortage(&self, before: u64, needed: u64) -> Option<DamageReason> {
        if let Some(error) = &self.error {
            return Some(match error.get_ref().and_then(|inner| inner.downcast_ref::<StreamError>()) {
                Some(StreamError::Expansion { input, output }) => {
                    DamageReason::Expansion { input: *input, output: *output }
                }
                Some(StreamError::Decompressor(message)) => DamageReason::Compression { message: message.clone() },
                None => DamageReason::Read { message: error.to_string() },
            });
        }
        let had = before + (self.end - self.start) as u64;
        (had > 0).then_some(DamageReason::Cut { had, needed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte a call, then fails.
    struct Drip(u8);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 5 {
                return Err(io::Error::other("the cable was pulled"));
            }
            buffer[0] = self.0;
            self.0 += 1;
            Ok(1)
        }
    }

    #[test]
    fn reads_no_more_than_it_must_and_keeps_what_came_before_an_error() {
        let mut window = Window::new(Drip(0));
        assert!(window.fill(2));
        assert_eq!(window.bytes(), [0, 1]);
        window.consume(1);
        assert_eq!((window.offset(), window.behind(1)), (1, &[0][..]));
        assert!(!window.fill(5));
        assert_eq!(window.bytes(), [1, 2, 3, 4]);
        assert_eq!(window.shortage(0, 5), Some(DamageReason::Read { message: "the cable was pulled".to_owned() }));
    }

    #[test]
    fn reading_ahead_gives_the_same_bytes_and_the_same_error() {
        let data: Vec<u8> = (0..3_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        // Pieces from one byte to more than fits before a chunk.
        let sizes = [1, 16, 54, 1_514, 65_535, 70_000, 300_000, 600_000];
        let mut window = Window::ahead(io::Cursor::new(data.clone()));
        let mut read = 0;
        for size in sizes.into_iter().cycle() {
            if !window.fill(size) {
                break;
            }
            assert_eq!(window.offset(), read as u64);
            assert!(window.bytes()[..size] == data[read..read + size], "{size} bytes at {read}");
            window.consume(size);
            assert!(window.behind(size) == &data[read..read + size], "{size} bytes before {read}");
            read += size;
        }
        assert!(window.bytes() == &data[read..]);
        let (left, needed) = ((data.len() - read) as u64, 1 << 20);
        assert_eq!(window.shortage(0, needed), Some(DamageReason::Cut { had: left, needed }));

        let mut window = Window::ahead(Drip(0));
        assert!(window.fill(2));
        window.consume(1);
        assert!(!window.fill(5));
        assert_eq!(window.bytes(), [1, 2, 3, 4]);
        assert_eq!(window.shortage(0, 5), Some(DamageReason::Read { message: "the cable was pulled".to_owned() }));
    }

    #[test]
    fn grows_only_with_what_arrives() {
        let data = vec![7_u8; CHUNK + 10];
        let mut window = Window::new(&data[..]);
        assert!(!window.fill(1 << 30), "a claim of a gigabyte");
        assert_eq!(window.bytes().len(), CHUNK + 10);
        assert!(window.buffer.len() <= 4 * CHUNK);
        assert_eq!(window.shortage(0, 1 << 30), Some(DamageReason::Cut { had: CHUNK as u64 + 10, needed: 1 << 30 }));
        window.consume(usize::MAX);
        assert_eq!((window.offset(), window.shortage(0, 1)), (CHUNK as u64 + 10, None));
    }
}
