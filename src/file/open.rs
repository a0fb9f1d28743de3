//! Opening a capture: which file, may it be read, is it compressed, which format is it.
#![allow(clippy::disallowed_methods, reason = "an edge: captures are opened here and nowhere else")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Cursor, IsTerminal, Read};
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::compressed::{Compression, Counted, decompress};
use super::foreign::{self, Foreign};
use super::reader::{Reader, Stream};
use super::scout::Scout;
use super::window::Window;
use super::{HeaderError, damage, pcap, pcapng};
use crate::decode::plain::{Plain, PlainSource, plain};
use crate::failure::Failure;
use crate::frame::{Damage, DamageReason, Frame, FrameSource, Interface};
use crate::language::messages::{Message, file as messages};
use crate::language::{Text, Value, Values};

/// Compressed files from this length on are decompressed by a second thread.
const READ_AHEAD_FROM: u64 = 256 << 10;
/// Other files from this length on are read by a second thread, when most of their frames need a short look only.
const SCOUT_FROM: u64 = 4 << 20;

/// A capture being read: a file, or what is piped into standard input.
pub struct Capture {
    supply: Supply,
    name: Value,
    read: Arc<AtomicU64>,
    size: Option<u64>,
    format: &'static str,
    compression: Compression,
}

enum Supply {
    Here(Reader),
    Ahead(Box<Scout>),
    /// While the reader moves to its thread.
    Nowhere,
}

impl Capture {
    /// Bytes read from the file so far, as they lie there (compressed or not).
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The same as a counter that can be watched while the capture is being read.
    #[must_use]
    pub fn progress(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// Length of the file, unless it is a pipe.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// `pcap` or `pcapng`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// What the file was compressed with.
    #[must_use]
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// The file says that it holds what was seen beside the packets.
    #[must_use]
    pub fn announces_beside(&self) -> bool {
        matches!(&self.supply, Supply::Here(reader) if reader.announces_beside())
    }

    /// What was seen beside the packets, where netscope has saved the file: all of it once the last frame has been asked
    /// for, frame by frame. What the text means is not known here.
    #[must_use]
    pub fn beside(&self) -> &str {
        match &self.supply {
            Supply::Here(reader) => reader.beside(),
            Supply::Ahead(_) | Supply::Nowhere => "",
        }
    }

    /// The name for people: the path as it was given, or "standard input" in their language.
    #[must_use]
    pub fn name(&self) -> Value {
        self.name.clone()
    }

    /// The warning for damage that [`FrameSource::next_frame`] gave.
    #[must_use]
    pub fn damage(&self, damage: &Damage) -> Failure {
        damage::failure(self.name(), damage)
    }
}

impl FrameSource for Capture {
    #[inline]
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        match &mut self.supply {
            Supply::Here(reader) => reader.next_frame(),
            Supply::Ahead(scout) => Ok(scout.next()?.map(|(frame, _)| frame)),
            Supply::Nowhere => Ok(None),
        }
    }

    fn interfaces(&self) -> &[Interface] {
        match &self.supply {
            Supply::Here(reader) => reader.interfaces(),
            Supply::Ahead(scout) => scout.interfaces(),
            Supply::Nowhere => &[],
        }
    }
}

impl PlainSource for Capture {
    fn expect_plain(&mut self, verify: bool) {
        // What is decompressed has a second thread already, a pipe is shown as it comes, and one core is not two.
        let large = self.compression == Compression::Plain && self.size.is_some_and(|size| size >= SCOUT_FROM);
        if !large || thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
            return;
        }
        self.supply = match mem::replace(&mut self.supply, Supply::Nowhere) {
            Supply::Here(reader) => match Scout::start(reader, verify) {
                Ok(scout) => Supply::Ahead(Box::new(scout)),
                Err(reader) => Supply::Here(reader),
            },
            other => other,
        };
    }

    #[inline]
    fn next_plain(&mut self, verify: bool) -> Result<Option<(Frame<'_>, Option<Plain>)>, Damage> {
        match &mut self.supply {
            Supply::Here(reader) => Ok(reader.next_frame()?.map(|frame| (frame, plain(&frame, verify)))),
            Supply::Ahead(scout) => scout.next(),
            Supply::Nowhere => Ok(None),
        }
    }
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Capture").field("name", &self.name).field("format", &self.format()).finish_non_exhaustive()
    }
}

/// Opens a capture file, or standard input for `-`. The interfaces before the first packet are then known.
///
/// # Errors
/// The file is missing, unreadable, empty, cut off inside its header, or no pcap or pcapng; the failure says which.
pub fn open(path: impl AsRef<OsStr>) -> Result<Capture, Failure> {
    let path = path.as_ref();
    if path == "-" {
        let name = Value::Text(messages::STANDARD_INPUT.text);
        let input = io::stdin();
        if input.is_terminal() {
            let failure = Failure::bad_input(&messages::INPUT_TERMINAL, Values::none());
            return Err(failure.next(&messages::INPUT_TERMINAL_NEXT));
        }
        return read(input, name, None);
    }
    let name = Value::Words(path.to_string_lossy().into_owned().into());
    let file = File::open(path).map_err(|error| cannot_open(&name, &error))?;
    let metadata = file.metadata().map_err(|error| cannot_open(&name, &error))?;
    if metadata.is_dir() {
        return Err(directory(&name));
    }
    let size = metadata.is_file().then_some(metadata.len());
    read(file, name, size)
}

/// Opens a capture that comes as a stream. With `size`, the length of a regular file, it may read ahead.
///
/// # Errors
/// As [`open`].
pub fn read(input: impl Read + Send + 'static, name: Value, size: Option<u64>) -> Result<Capture, Failure> {
    let count = Arc::new(AtomicU64::new(0));
    let mut input = Counted::new(input, Arc::clone(&count));
    let mut start = Vec::with_capacity(4);
    (&mut input).take(4).read_to_end(&mut start).map_err(|error| cannot_open(&name, &error))?;
    let compression = Compression::of(&start);
    let whole = Cursor::new(start).chain(input);
    let stream = decompress(whole, compression, Arc::clone(&count)).map_err(|error| cannot_open(&name, &error))?;
    let context = Context { name, compression };
    // To copy a plain file costs less than to hand what was copied from one core to the other, and a pipe is shown as it
    // comes.
    let apart = compression != Compression::Plain && size.is_some_and(|size| size >= READ_AHEAD_FROM);
    let window = if apart { Window::ahead(stream) } else { Window::new(stream) };
    let reader = context.reader(window, size.is_some())?;
    let format = reader.format();
    Ok(Capture { supply: Supply::Here(reader), format, name: context.name, read: count, size, compression })
}

/// What messages about the start of a file need.
struct Context {
    name: Value,
    compression: Compression,
}

impl Context {
    fn reader(&self, mut window: Window<Stream>, look_ahead: bool) -> Result<Reader, Failure> {
        let whole = window.fill(4);
        if pcap::begins(window.bytes()) {
            let reader = pcap::Reader::new(window, look_ahead).map_err(|error| self.header("pcap", error))?;
            return Ok(Reader::Pcap(Box::new(reader)));
        }
        if pcapng::begins(window.bytes()) {
            let reader = pcapng::Reader::new(window).map_err(|error| self.header("pcapng", error))?;
            return Ok(Reader::Pcapng(Box::new(reader)));
        }
        let ends = !whole || !window.fill(foreign::START);
        match window.shortage(0, 24).filter(|_| ends) {
            Some(DamageReason::Cut { .. }) => {}
            // An error before anything could be recognised.
            Some(reason) => return Err(self.header("", HeaderError::Damaged(reason))),
            None if ends => {
                return Err(self.failure(&messages::INPUT_EMPTY, Values::none(), &messages::INPUT_EMPTY_NEXT));
            }
            None => {}
        }
        let start = &window.bytes()[..window.bytes().len().min(foreign::START)];
        Err(self.foreign(start))
    }

    /// The failure for a file that is something else.
    fn foreign(&self, start: &[u8]) -> Failure {
        // The beginning of a file header that is cut inside its magic number.
        let partial = [0xa1b2_c3d4_u32, 0xa1b2_3c4d].iter().any(|magic| {
            start.len() < 4 && (magic.to_be_bytes().starts_with(start) || magic.to_le_bytes().starts_with(start))
        });
        if partial {
            return self.header("pcap", HeaderError::Cut { had: start.len() as u64, needed: 24 });
        }
        if start.len() < 4 && [0x0a, 0x0d, 0x0d, 0x0a].starts_with(start) && start.len() > 1 {
            return self.header("pcapng", HeaderError::Cut { had: start.len() as u64, needed: 28 });
        }
        let inside: Text = match self.compression {
            Compression::Plain => Text { en: "", id: "" },
            Compression::Gzip => messages::INSIDE_GZIP.text,
            Compression::Zstd => messages::INSIDE_ZSTD.text,
        };
        let values = Values::none().with("inside", Value::Text(inside));
        match foreign::recognise(start) {
            Some(Foreign::Capture(format)) => self.failure(
                &messages::FOREIGN_CAPTURE,
                values.words("format", format),
                &messages::FOREIGN_CAPTURE_NEXT,
            ),
            Some(Foreign::Archive { name, command }) => {
                let values = values.words("format", name).words("command", command);
                self.failure(&messages::FOREIGN_ARCHIVE, values, &messages::FOREIGN_ARCHIVE_NEXT)
            }
            Some(Foreign::Other(text)) => {
                let values = values.with("format", Value::Text(*text));
                self.failure(&messages::FOREIGN_OTHER, values, &messages::FOREIGN_OTHER_NEXT)
            }
            None => {
                let bytes: Vec<String> = start.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                let values = values.words("bytes", bytes.join(" "));
                self.failure(&messages::FOREIGN_UNKNOWN, values, &messages::FOREIGN_UNKNOWN_NEXT)
            }
        }
    }

    /// The failure for a file header that cannot be used.
    fn header(&self, format: &'static str, error: HeaderError) -> Failure {
        let values = Values::none().words("format", format);
        match error {
            HeaderError::Cut { had, needed } => {
                let values = values.with("had", Value::Number(had)).with("needed", Value::Number(needed));
                self.failure(&messages::HEADER_CUT, values, &messages::HEADER_CUT_NEXT)
            }
            HeaderError::Version { major, minor } => {
                let values =
                    values.with("major", Value::Number(major.into())).with("minor", Value::Number(minor.into()));
                self.failure(&messages::HEADER_VERSION, values, &messages::FOREIGN_OTHER_NEXT)
            }
            HeaderError::LinkField { value } => {
                let values = values.words("value", format!("{value:#010x}"));
                self.failure(&messages::HEADER_LINK, values, &messages::HEADER_DAMAGED_NEXT)
            }
            HeaderError::Damaged(reason) => {
                let mut failure = damage::failure(self.name.clone(), &Damage { offset: 0, frame: 1, reason });
                failure.next = Some(&messages::HEADER_DAMAGED_NEXT);
                failure
            }
        }
    }

    fn failure(&self, what: &'static Message, values: Values, next: &'static Message) -> Failure {
        Failure::bad_input(what, values.with("file", self.name.clone())).next(next)
    }
}

fn directory(name: &Value) -> Failure {
    let values = Values::none().with("file", name.clone());
    Failure::bad_input(&messages::INPUT_DIRECTORY, values).next(&messages::INPUT_DIRECTORY_NEXT)
}

fn cannot_open(name: &Value, error: &io::Error) -> Failure {
    let values = Values::none().with("file", name.clone()).words("reason", error.to_string());
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::bad_input(&messages::INPUT_MISSING, values).next(&messages::INPUT_MISSING_NEXT)
        }
        io::ErrorKind::PermissionDenied => {
            Failure::bad_input(&messages::INPUT_FORBIDDEN, values).next(&messages::INPUT_FORBIDDEN_NEXT)
        }
        io::ErrorKind::IsADirectory => directory(name),
        _ => Failure::bad_input(&messages::INPUT_FAILED, values).next(&messages::INPUT_MISSING_NEXT),
    }
}

#[cfg(test)]
mod tests;
