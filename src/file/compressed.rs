//! gzip and zstd streams → plain bytes, with a limit on how far they may expand.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

/// A stream that has expanded beyond this many bytes must not have expanded beyond [`EXPANSION`] times.
pub const EXPANSION_FLOOR: u64 = 1 << 30;
/// How many times its compressed length a large stream may grow. Packets in real captures shrink 2 to 50 times.
pub const EXPANSION: u64 = 1000;

/// The compressions that are recognised by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// None.
    Plain,
    /// gzip, one or several members.
    Gzip,
    /// zstd, one or several frames.
    Zstd,
}

impl Compression {
    /// What a file that begins like this is compressed with.
    #[must_use]
    pub fn of(start: &[u8]) -> Compression {
        match start {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            // A data frame, or one of the sixteen kinds of skippable frames.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::Plain,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Compression::Plain => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// What goes wrong inside the decompression, carried through [`io::Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamError {
    /// The decompressor's own words.
    Decompressor(String),
    /// The stream expands like a decompression bomb.
    Expansion {
        /// Compressed bytes read so far.
        input: u64,
        /// Bytes that they have become.
        output: u64,
    },
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StreamError::Decompressor(message) => f.write_str(message),
            StreamError::Expansion { input, output } => write!(f, "{input} bytes expand to more than {output}"),
        }
    }
}

impl std::error::Error for StreamError {}

/// Counts what is read through it; the count can be watched from elsewhere (a progress display).
#[derive(Debug)]
pub struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Counted<R> {
    /// Counts into `count`.
    pub fn new(inner: R, count: Arc<AtomicU64>) -> Self {
        Counted { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// The decompressed bytes of `stream`. `input` counts the bytes read from it.
///
/// # Errors
/// The zstd library could not be set up.
pub fn decompress<R: Read + Send + 'static>(
    stream: R,
    compression: Compression,
    input: Arc<AtomicU64>,
) -> io::Result<Box<dyn Read + Send>> {
    let buffered = BufReader::with_capacity(128 << 10, stream);
    Ok(match compression {
        Compression::Plain => Box::new(buffered.into_inner()),
        Compression::Gzip => Box::new(Guard::new(Members { state: Some(GzDecoder::new(buffered)) }, input)),
        Compression::Zstd => Box::new(Guard::new(zstd::stream::read::Decoder::with_buffer(buffered)?, input)),
    })
}

/// The members of a gzip file one after the other. What follows the last one (tape padding, say) is no part of it.
struct Members<B> {
    state: Option<GzDecoder<B>>,
}

impl<B: BufRead> Read for Members<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(decoder) = &mut self.state else { return Ok(0) };
            let length = decoder.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let Some(mut rest) = self.state.take().map(GzDecoder::into_inner) else { return Ok(0) };
            if rest.fill_buf()?.first() != Some(&0x1f) {
                return Ok(0);
            }
            self.state = Some(GzDecoder::new(rest));
        }
    }
}

/// Tells the decompressor's errors from the system's, and stops a decompression bomb.
struct Guard<R> {
    inner: R,
    input: Arc<AtomicU64>,
    output: u64,
}

impl<R> Guard<R> {
    fn new(inner: R, input: Arc<AtomicU64>) -> Self {
        Guard { inner, input, output: 0 }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer).map_err(|error| {
            // The file's own errors come from the system and have its number; the decompressor's have none.
            if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
                error
            } else {
                io::Error::other(StreamError::Decompressor(error.to_string()))
            }
        })?;
        self.output += length as u64;
        let input = self.input.load(Ordering::Relaxed);
        if self.output > EXPANSION_FLOOR && self.output / EXPANSION > input {
            return Err(io::Error::other(StreamError::Expansion { input, output: self.output }));
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(bytes: Vec<u8>) -> (Vec<u8>, Option<StreamError>) {
        let count = Arc::new(AtomicU64::new(0));
        let compression = Compression::of(&bytes);
        let stream = Counted::new(io::Cursor::new(bytes), count.clone());
        let mut reader = decompress(stream, compression, count).unwrap();
        let mut out = Vec::new();
        let error = reader.read_to_end(&mut out).err();
        (out, error.map(|error| error.get_ref().unwrap().downcast_ref::<StreamError>().unwrap().clone()))
    }

    #[test]
    fn several_members_and_frames_are_one_stream() {
        assert_eq!(read_all([gzip(b"halo "), gzip(b""), gzip(b"dunia")].concat()), (b"halo dunia".to_vec(), None));
        let zstd = |data: &[u8]| zstd::encode_all(data, 3).unwrap();
        assert_eq!(read_all([zstd(b"halo "), zstd(b"dunia")].concat()), (b"halo dunia".to_vec(), None));
        // A skippable frame first, as parallel compressors write it.
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9][..], &zstd(b"halo")].concat();
        assert_eq!(read_all(skippable), (b"halo".to_vec(), None));
    }

    #[test]
    fn padding_after_the_last_member_is_ignored() {
        assert_eq!(read_all([gzip(b"halo"), vec![0; 600]].concat()), (b"halo".to_vec(), None));
    }

    #[test]
    fn a_cut_or_changed_stream_gives_what_came_before() {
        let data: Vec<u8> = (0..50_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
        let whole = gzip(&data);
        let (out, error) = read_all(whole[..whole.len() / 2].to_vec());
        assert!(!out.is_empty() && data.starts_with(&out));
        assert!(matches!(error, Some(StreamError::Decompressor(_))), "{error:?}");
        let mut changed = whole;
        let last = changed.len() - 5;
        changed[last] ^= 0x55;
        assert!(matches!(read_all(changed).1, Some(StreamError::Decompressor(_))), "the checksum is looked at");
    }

    #[test]
    fn a_bomb_stops_at_the_stated_limit() {
        // Three gigabytes of zeros in about a hundred kilobytes.
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        let zeros = vec![0_u8; 1 << 20];
        for _ in 0..(EXPANSION_FLOOR >> 20) + 16 {
            encoder.write_all(&zeros).unwrap();
        }
        let bomb = encoder.finish().unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let mut reader =
            decompress(Counted::new(io::Cursor::new(bomb), count.clone()), Compression::Zstd, count).unwrap();
        let mut buffer = vec![0; 1 << 20];
        let mut read = 0;
        let error = loop {
            match reader.read(&mut buffer) {
                Ok(0) => panic!("{read} bytes came through"),
                Ok(length) => read += length as u64,
                Err(error) => break error,
            }
        };
        let inner = error.get_ref().unwrap().downcast_ref::<StreamError>().unwrap();
        assert!(matches!(inner, StreamError::Expansion { output, .. } if *output > EXPANSION_FLOOR), "{inner:?}");
        assert!(read <= EXPANSION_FLOOR);
    }
}
