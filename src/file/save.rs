//! Frames → a pcap or pcapng file that other analysers read.

use std::io::Write;
use std::path::Path;

use super::custom;
use super::output::Output;
use crate::failure::Failure;
use crate::frame::{Frame, Interface, LinkType, OwnedFrame, Passage, Time};
use crate::language::Values;
use crate::language::messages::file as messages;

/// The formats a capture can be saved in, by the ending of the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFormat {
    /// `.pcap`: one link type, nanoseconds, nothing but packets.
    Pcap,
    /// `.pcapng`: any number of interfaces, and a comment a packet.
    Pcapng,
}

impl SaveFormat {
    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// The name ends neither in `.pcap` nor in `.pcapng`.
    pub fn of(path: &Path) -> Result<SaveFormat, Failure> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("pcap") => Ok(SaveFormat::Pcap),
            Some("pcapng") => Ok(SaveFormat::Pcapng),
            _ => {
                let values = Values::none().words("file", path.display().to_string());
                Err(Failure::bad_input(&messages::SAVE_EXTENSION, values).next(&messages::SAVE_EXTENSION_NEXT))
            }
        }
    }

    /// Whether packets can carry comments.
    #[must_use]
    pub fn has_comments(self) -> bool {
        self == SaveFormat::Pcapng
    }
}

/// A capture file being written; it appears under its name when it is finished.
#[derive(Debug)]
pub struct Saver {
    output: Output,
    encoder: Encoder,
    name: String,
    bytes: Vec<u8>,
}

impl Saver {
    /// Begins a file with the interfaces known so far; [`Saver::interface`] adds more.
    ///
    /// # Errors
    /// The ending names no format, the place cannot be written, or a `.pcap` would need several link types.
    pub fn create(path: &Path, interfaces: &[Interface]) -> Result<Saver, Failure> {
        Saver::with(path, interfaces, "", None)
    }

    /// The same with what was seen beside the packets: lines of text that only netscope reads, and how many packets the
    /// kernel `dropped`. A `.pcap` file has no place for that.
    ///
    /// # Errors
    /// As [`Saver::create`].
    pub fn with(path: &Path, interfaces: &[Interface], beside: &str, dropped: Option<u64>) -> Result<Saver, Failure> {
        let mut encoder = Encoder::new(SaveFormat::of(path)?);
        encoder.announces = !beside.is_empty();
        let output = Output::create(Some(path))?;
        let mut saver = Saver { output, encoder, name: path.display().to_string(), bytes: Vec::new() };
        saver.encoder.begin(&mut saver.bytes);
        for interface in interfaces {
            saver.interface(interface)?;
        }
        saver.encoder.beside(beside, dropped, &mut saver.bytes);
        saver.write()?;
        Ok(saver)
    }

    /// Adds an interface; frames name it by its place in the order of addition.
    ///
    /// # Errors
    /// A `.pcap` file already has another link type, or writing failed.
    pub fn interface(&mut self, interface: &Interface) -> Result<(), Failure> {
        let result = self.encoder.interface(interface, &mut self.bytes);
        self.checked(result)?;
        self.write()
    }

    /// Adds a frame, with comments where the format has them.
    ///
    /// # Errors
    /// A `.pcap` file has another link type, or writing failed.
    pub fn frame(&mut self, frame: &Frame<'_>, comments: &[&str]) -> Result<(), Failure> {
        let result = self.encoder.frame(frame, comments, &mut self.bytes);
        self.checked(result)?;
        self.write()
    }

    /// The same for a frame that owns its bytes.
    ///
    /// # Errors
    /// As [`Saver::frame`].
    pub fn owned(&mut self, frame: &OwnedFrame, comments: &[&str]) -> Result<(), Failure> {
        let OwnedFrame { time, interface, link, wire_len, bytes, passage } = frame;
        let (time, interface, link, wire_len) = (*time, *interface, *link, *wire_len);
        self.frame(&Frame { number: 0, time, interface, link, wire_len, bytes, passage: passage.as_ref() }, comments)
    }

    /// Hands what is written so far to the system: for a live capture that somebody reads along from a pipe.
    ///
    /// # Errors
    /// Writing failed.
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.output.flush().map_err(|error| self.output.failed(&error))
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    /// Writing failed; there is no file then.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.encoder.end(&mut self.bytes);
        self.write()?;
        self.output.commit()
    }

    fn write(&mut self) -> Result<(), Failure> {
        self.output.write_all(&self.bytes).map_err(|error| self.output.failed(&error))?;
        self.bytes.clear();
        Ok(())
    }

    fn checked(&self, result: Result<(), LinkMismatch>) -> Result<(), Failure> {
        result.map_err(|LinkMismatch(first, second)| {
            let values = Values::none()
                .words("file", self.name.clone())
                .words("first", first.to_string())
                .words("second", second.to_string());
            Failure::bad_input(&messages::SAVE_LINK_TYPES, values).next(&messages::SAVE_LINK_TYPES_NEXT)
        })
    }
}

/// A pcap file holds the first link type and is asked to hold the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkMismatch(pub LinkType, pub LinkType);

/// The bytes of a capture file, without the file.
#[derive(Debug)]
pub struct Encoder {
    format: SaveFormat,
    /// pcap: the one link type, once it is known.
    link: Option<LinkType>,
    /// pcapng: the interfaces described so far.
    interfaces: u32,
    /// pcapng: there will be something beside the packets.
    announces: bool,
}

/// The longest text that fits an option: 16 bits of length.
const OPTION_LIMIT: usize = u16::MAX as usize;
/// Pieces of text in one statistics block: about a megabyte, so that every reader of blocks has room for it.
const PIECES: usize = 16;
/// What the file headers say of the snap length: the largest frame of ordinary links.
const SNAPLEN: u32 = 256 << 10;

impl Encoder {
    /// An encoder for one file.
    #[must_use]
    pub fn new(format: SaveFormat) -> Self {
        Encoder { format, link: None, interfaces: 0, announces: false }
    }

    /// The file's beginning. A pcap header waits for the link type.
    pub fn begin(&mut self, out: &mut Vec<u8>) {
        if self.format == SaveFormat::Pcapng {
            block(out, 0x0a0d_0d0a, |body| {
                body.extend(0x1a2b_3c4d_u32.to_le_bytes());
                body.extend([1, 0, 0, 0]);
                // The length of the section is not known beforehand.
                body.extend((-1_i64).to_le_bytes());
                option(body, 3, std::env::consts::OS.as_bytes());
                option(body, 4, concat!("netscope ", env!("CARGO_PKG_VERSION")).as_bytes());
                option(body, 0, &[]);
            });
        }
    }

    /// An interface.
    ///
    /// # Errors
    /// A pcap file has another link type already.
    pub fn interface(&mut self, interface: &Interface, out: &mut Vec<u8>) -> Result<(), LinkMismatch> {
        match self.format {
            SaveFormat::Pcap => self.pcap_link(interface.link, out),
            SaveFormat::Pcapng => {
                self.interfaces += 1;
                block(out, 1, |body| {
                    body.extend(interface.link.0.to_le_bytes());
                    body.extend([0, 0]);
                    body.extend(SNAPLEN.to_le_bytes());
                    if let Some(name) = &interface.name {
                        option(body, 2, cut(name).as_bytes());
                    }
                    if interface.is_calls() {
                        // if_description, in the language of the format's own words.
                        option(
                            body,
                            3,
                            b"system calls of the programs, listed among the packets; nothing of them was on a wire",
                        );
                    }
                    // if_tsresol: nanoseconds.
                    option(body, 9, &[9]);
                    if std::mem::take(&mut self.announces) {
                        option(body, custom::CUSTOM_TEXT, &custom::announcement());
                    }
                    if !interface.counters.is_empty() {
                        option(body, custom::CUSTOM_TEXT, &custom::counters(&interface.counters));
                    }
                    option(body, 0, &[]);
                });
                Ok(())
            }
        }
    }

    /// What was seen beside the packets, as custom options of interface statistics: blocks that every reader knows, that
    /// take no frame number, and in which options of others are passed over. Nothing in a pcap file.
    fn beside(&mut self, text: &str, dropped: Option<u64>, out: &mut Vec<u8>) {
        let mut rest = text;
        let mut dropped = dropped;
        while self.format == SaveFormat::Pcapng && self.interfaces > 0 && !rest.is_empty() {
            block(out, 5, |body| {
                // Of the first interface, at no particular time.
                body.extend([0; 12]);
                // isb_ifdrop, said once.
                if let Some(dropped) = dropped.take() {
                    option(body, 5, &dropped.to_le_bytes());
                }
                for _ in 0..PIECES {
                    if rest.is_empty() {
                        break;
                    }
                    let (piece, behind) = custom::beside(rest);
                    option(body, custom::CUSTOM_TEXT, &piece);
                    rest = behind;
                }
                option(body, 0, &[]);
            });
        }
    }

    /// A frame. A pcap frame without a time is stamped 0; in pcapng it becomes a simple packet block where that can
    /// hold it.
    ///
    /// # Errors
    /// A pcap file has another link type.
    pub fn frame(&mut self, frame: &Frame<'_>, comments: &[&str], out: &mut Vec<u8>) -> Result<(), LinkMismatch> {
        // Neither format can say more than 32 bits, and no source gives more.
        let captured = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let bytes = &frame.bytes[..captured as usize];
        // Unsigned in both formats: a time before 1970 is written as 1970.
        let nanos = frame.time.map_or(0, |Time(nanos)| u64::try_from(nanos).unwrap_or(0));
        match self.format {
            SaveFormat::Pcap => {
                self.pcap_link(frame.link, out)?;
                // Seconds are 32 bits, which end in 2106.
                let seconds = u32::try_from(nanos / 1_000_000_000).unwrap_or(u32::MAX);
                let fraction = (nanos % 1_000_000_000) as u32;
                for field in [seconds, fraction, captured, frame.wire_len] {
                    out.extend(field.to_le_bytes());
                }
                out.extend(bytes);
            }
            SaveFormat::Pcapng => {
                // A frame of an interface that nobody added would make the file unreadable.
                while self.interfaces <= frame.interface {
                    self.interface(
                        &Interface { name: None, link: frame.link, resolution: 1e-9, counters: Vec::new() },
                        out,
                    )?;
                }
                let simple = frame.time.is_none()
                    && comments.is_empty()
                    && frame.passage.is_none()
                    && (frame.interface, captured) == (0, frame.wire_len)
                    && captured <= SNAPLEN;
                block(out, if simple { 3 } else { 6 }, |body| {
                    if !simple {
                        body.extend(frame.interface.to_le_bytes());
                        // The upper half of the time comes first, in either byte order.
                        body.extend(nanos.rotate_left(32).to_le_bytes());
                        body.extend(captured.to_le_bytes());
                    }
                    body.extend(frame.wire_len.to_le_bytes());
                    body.extend(bytes);
                    pad(body, bytes.len());
                    if let Some(passage) = frame.passage {
                        let (direction, packet) = match passage {
                            Passage::Left { .. } => (2_u32, frame.number),
                            Passage::Came { left } => (1, *left),
                        };
                        // epb_flags and epb_packetid.
                        option(body, 2, &direction.to_le_bytes());
                        option(body, 5, &packet.to_le_bytes());
                        option(body, custom::CUSTOM_TEXT, &custom::way(passage));
                    }
                    for comment in comments {
                        option(body, 1, cut(comment).as_bytes());
                    }
                    if frame.passage.is_some() || !comments.is_empty() {
                        option(body, 0, &[]);
                    }
                });
            }
        }
        Ok(())
    }

    /// The file's end: a pcap file that never learned of a link type becomes an empty Ethernet capture.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if self.format == SaveFormat::Pcap && self.link.is_none() {
            let _ = self.pcap_link(LinkType::ETHERNET, out);
        }
    }

    fn pcap_link(&mut self, link: LinkType, out: &mut Vec<u8>) -> Result<(), LinkMismatch> {
        match self.link {
            Some(first) if first == link => Ok(()),
            Some(first) => Err(LinkMismatch(first, link)),
            None => {
                self.link = Some(link);
                out.extend(0xa1b2_3c4d_u32.to_le_bytes());
                out.extend([2, 0, 4, 0]);
                for field in [0, 0, SNAPLEN, u32::from(link.0)] {
                    out.extend(field.to_le_bytes());
                }
                Ok(())
            }
        }
    }
}

/// A block around a body, its length at both ends.
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    body(out);
    let length = u32::try_from(out.len() - start + 4).unwrap_or(u32::MAX).to_le_bytes();
    out[start + 4..start + 8].copy_from_slice(&length);
    out.extend(length);
}

/// An option: code, length, value, padding. The value has been cut to what 16 bits can say.
fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(value);
    pad(out, value.len());
}

fn pad(out: &mut Vec<u8>, length: usize) {
    out.extend(&[0; 3][..length.next_multiple_of(4) - length]);
}

/// The text, or as much of it as fits an option, cut between characters.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(OPTION_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
