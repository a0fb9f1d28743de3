//! A refillable buffer over a stream: the parsers see the bytes at hand as one slice and never copy a packet.

use std::io::{self, Read};

use super::compressed::StreamError;
use crate::frame::DamageReason;

/// Bytes asked of the stream at once. Large enough that a system call costs nothing beside its copy, small enough
/// that the bytes are still in the second-level cache when they are parsed.
const CHUNK: usize = 256 << 10;

/// The bytes of a stream that have been read and not yet used.
#[derive(Debug)]
pub struct Window<R> {
    stream: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the stream of `buffer[start]`.
    offset: u64,
    finished: bool,
    error: Option<io::Error>,
}

impl<R: Read> Window<R> {
    /// A window at the start of a stream; nothing is read yet.
    pub fn new(stream: R) -> Self {
        Window { stream, buffer: vec![0; CHUNK], start: 0, end: 0, offset: 0, finished: false, error: None }
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
            if self.end == self.buffer.len() || self.start > 0 {
                self.make_room();
            }
            match self.stream.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.finished = true,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.finished = true;
                    self.error = Some(error);
                }
            }
        }
        true
    }

    fn make_room(&mut self) {
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
