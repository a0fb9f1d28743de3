//! pcapng: blocks of a type, a length, a body and the length again.
//!
//! A section header sets the byte order and begins a new numbering of interfaces; `Frame::interface` counts through
//! all sections. Blocks that are no packet are passed over without being held in memory.

use std::io::Read;

use super::window::Window;
use super::{HeaderError, Order, Parsed, custom, frame_limit};
use crate::frame::{Damage, DamageReason, Frame, FrameSource, Interface, LinkType, Origin, Passage, Time};

mod time;

use time::Clock;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
/// Blocks that are no packets and yet take a frame number in Wireshark: custom blocks, systemd journal entries and
/// Sysdig's events.
const NUMBERED: [u32; 6] = [0x0bad, 0x4000_0bad, 9, 0x204, 0x216, 0x221];

const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// Type and both lengths.
const FRAME_OF_BLOCK: u32 = 12;
/// A section header without options.
const SECTION_MINIMUM: u32 = 28;
/// An interface description without options.
const INTERFACE_MINIMUM: u32 = 20;

/// The largest block that is believed: the largest packet of any link type and 128 KiB of options, as in Wireshark.
pub const BLOCK_LIMIT: u32 = 32 + (128 << 20) + (128 << 10);
/// Interfaces that one file may describe, so that a file of nothing else cannot fill the memory.
pub const INTERFACE_LIMIT: usize = 1 << 18;
/// The largest statistics block that is looked into, and bytes of what was seen beside the packets that are kept.
const STATISTICS_LIMIT: u32 = 2 << 20;
const BESIDE_LIMIT: usize = 64 << 20;
/// Bytes of an interface's name that are kept.
const NAME_LIMIT: usize = 256;

/// A section header longer than this is passed over without a look at its options.
const SECTION_READ: u32 = 64 << 10;

const OPTION_END: u16 = 0;
const SHB_HARDWARE: u16 = 2;
const SHB_OS: u16 = 3;
const SHB_USERAPPL: u16 = 4;
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;

/// What reading packets needs to know of an interface.
#[derive(Clone, Copy, Debug)]
struct Link {
    kind: LinkType,
    /// 0: no limit.
    snaplen: u32,
    clock: Clock,
    limit: u32,
    /// Its frames are system calls that netscope has put among the packets: counted, and passed over.
    calls: bool,
}

/// A block's type and its length, rounded up as Wireshark does for writers that forget the padding.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: u32,
    total: u32,
}

/// A packet block, checked against the block that holds it.
#[derive(Clone, Copy, Debug)]
struct Packet {
    interface: usize,
    /// Where its bytes begin in the block.
    at: usize,
    captured: u32,
    wire: u32,
    time: Option<Time>,
}

/// What reading on came to.
enum Advance {
    /// A packet block is whole and at hand.
    Packet(Head, Packet),
    /// A packet block begins here; it was asked to stop before one.
    Before,
    /// The stream ended between two blocks.
    End,
}

/// The frames of a pcapng stream.
#[derive(Debug)]
pub struct Reader<R> {
    window: Window<R>,
    order: Order,
    /// Of all sections.
    interfaces: Vec<Interface>,
    links: Vec<Link>,
    /// Where the current section's interfaces begin in `links`.
    section: usize,
    number: u64,
    /// Met while looking for the first packet; told when it is asked for.
    pending: Option<Damage>,
    finished: bool,
    /// The way of the frame at hand.
    passage: Option<Passage>,
    /// What the first section that says anything says of how it was made.
    origin: Origin,
    /// An interface has said that there is something beside the packets.
    announces: bool,
    /// What was seen beside the packets, as it is written.
    beside: String,
}

/// Whether a file that begins with these four bytes is a pcapng file.
#[must_use]
pub fn begins(start: &[u8]) -> bool {
    start.starts_with(&SECTION.to_be_bytes())
}

impl<R: Read> Reader<R> {
    /// Reads the blocks before the first packet, so that their interfaces are known.
    ///
    /// # Errors
    /// The first section header is cut off or cannot be believed.
    pub fn new(window: Window<R>) -> Result<Self, HeaderError> {
        let order = Order { big: false };
        let mut reader = Reader {
            window,
            order,
            interfaces: Vec::new(),
            links: Vec::new(),
            section: 0,
            number: 0,
            pending: None,
            finished: false,
            passage: None,
            origin: Origin::default(),
            announces: false,
            beside: String::new(),
        };
        match reader.section_header() {
            Ok(()) => {}
            Err(DamageReason::Cut { had, needed }) => return Err(HeaderError::Cut { had, needed }),
            Err(DamageReason::Version { major, minor }) => return Err(HeaderError::Version { major, minor }),
            Err(reason) => return Err(HeaderError::Damaged(reason)),
        }
        if let Err(damage) = reader.advance(true) {
            reader.pending = Some(damage);
        }
        Ok(reader)
    }

    /// An interface known so far has said that the file holds what was seen beside the packets.
    #[must_use]
    pub fn announces_beside(&self) -> bool {
        self.announces
    }

    /// What was seen beside the packets, as far as it has been read, in netscope's own words; empty in a file that netscope
    /// has not saved. Other programs move it behind the last packet.
    #[must_use]
    pub fn beside(&self) -> &str {
        &self.beside
    }

    /// Asks for `length` bytes from the start of the block.
    fn need(&mut self, length: u32) -> Result<(), DamageReason> {
        if self.window.bytes().len() >= length as usize || self.window.fill(length as usize) {
            return Ok(());
        }
        let needed = u64::from(length);
        Err(self.window.shortage(0, needed).unwrap_or(DamageReason::Cut { had: 0, needed }))
    }

    /// Type and length of the block at hand, of which eight bytes must be there.
    fn head(&self) -> Result<Head, DamageReason> {
        let bytes = self.window.bytes();
        let (kind, total) = (self.order.u32(bytes, 0), self.order.u32(bytes, 4));
        if total > BLOCK_LIMIT {
            let limit = u64::from(BLOCK_LIMIT);
            return Err(DamageReason::Length { field: "block total length", value: total.into(), limit });
        }
        let minimum = match kind {
            SECTION => SECTION_MINIMUM,
            INTERFACE => INTERFACE_MINIMUM,
            OBSOLETE_PACKET | ENHANCED_PACKET => 32,
            SIMPLE_PACKET | 0x0bad | 0x4000_0bad => 16,
            _ => FRAME_OF_BLOCK,
        };
        let total = total.next_multiple_of(4);
        if total < minimum { Err(DamageReason::Block { kind }) } else { Ok(Head { kind, total }) }
    }

    /// The section header at hand: its byte order holds from here on.
    fn section_header(&mut self) -> Result<(), DamageReason> {
        self.need(FRAME_OF_BLOCK)?;
        let bytes = self.window.bytes();
        let magic = |big| Order { big }.u32(bytes, 8) == BYTE_ORDER_MAGIC;
        let Some(big) = [false, true].into_iter().find(|&big| magic(big)) else {
            return Err(DamageReason::ByteOrder);
        };
        self.order = Order { big };
        let head = self.head()?;
        self.need(SECTION_MINIMUM)?;
        let bytes = self.window.bytes();
        let (major, minor) = (self.order.u16(bytes, 12), self.order.u16(bytes, 14));
        // 1.2 was written by programs that merely used newer block types.
        if major != 1 || !matches!(minor, 0 | 2) {
            return Err(DamageReason::Version { major, minor });
        }
        self.section = self.links.len();
        self.read_origin(head);
        self.pass(head)
    }

    /// What the options of the section header at hand say of how the file was made. They are only looked at where they are
    /// all there: damage in them is no matter here.
    fn read_origin(&mut self, head: Head) {
        if self.origin != Origin::default() || head.total > SECTION_READ || self.need(head.total).is_err() {
            return;
        }
        let order = self.order;
        let block = &self.window.bytes()[..head.total as usize];
        for (code, value) in (Options { order, rest: block.get(24..block.len() - 4).unwrap_or_default() }) {
            let place = match code {
                SHB_HARDWARE => &mut self.origin.hardware,
                SHB_OS => &mut self.origin.system,
                SHB_USERAPPL => &mut self.origin.application,
                _ => continue,
            };
            let text = &value[..value.len().min(NAME_LIMIT)];
            let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
            *place = Some(String::from_utf8_lossy(text).trim().to_owned()).filter(|text| !text.is_empty());
        }
    }

    /// Passes over a block without holding it, and compares its two lengths.
    fn pass(&mut self, head: Head) -> Result<(), DamageReason> {
        let mut passed = 0;
        while passed < head.total - 4 {
            if self.window.bytes().is_empty() && !self.window.fill(1) {
                return Err(self.short(passed, head));
            }
            let length = self.window.bytes().len().min((head.total - 4 - passed) as usize);
            self.window.consume(length);
            passed += u32::try_from(length).unwrap_or(u32::MAX);
        }
        if !self.window.fill(4) {
            return Err(self.short(passed, head));
        }
        let trailer = self.order.u32(self.window.bytes(), 0);
        same_lengths(head, trailer)?;
        self.window.consume(4);
        Ok(())
    }

    fn short(&self, passed: u32, block: Head) -> DamageReason {
        let (had, needed) = (u64::from(passed), u64::from(block.total));
        self.window.shortage(had, needed).unwrap_or(DamageReason::Cut { had, needed })
    }

    /// The interface description at hand.
    fn interface(&mut self, head: Head) -> Result<(), DamageReason> {
        self.need(head.total)?;
        if self.links.len() >= INTERFACE_LIMIT {
            let value = self.links.len() as u64 + 1;
            return Err(DamageReason::Length { field: "number of interfaces", value, limit: INTERFACE_LIMIT as u64 });
        }
        let order = self.order;
        let block = &self.window.bytes()[..head.total as usize];
        let link = LinkType(order.u16(block, 8));
        let mut name = None;
        let mut clock = Clock::MICROS;
        let mut counters = Vec::new();
        for (code, value) in (Options { order, rest: &block[16..block.len() - 4] }) {
            match (code, value) {
                (IF_NAME, text) => {
                    let text = &text[..text.len().min(NAME_LIMIT)];
                    let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
                    name = Some(String::from_utf8_lossy(text).into_owned()).filter(|text| !text.is_empty());
                }
                (IF_TSRESOL, &[resolution]) => clock = clock.with_resolution(resolution),
                (IF_TSOFFSET, value) if value.len() == 8 => {
                    clock = clock.with_offset(order.u64(value, 0).cast_signed());
                }
                (custom::CUSTOM_TEXT, value) => {
                    self.announces |= custom::read_beside(value, order.u32(value, 0)).is_some();
                    counters = custom::read_counters(value, order.u32(value, 0)).unwrap_or(counters);
                }
                _ => {}
            }
        }
        let (snaplen, limit) = (order.u32(block, 12), frame_limit(link));
        same_lengths(head, order.u32(block, block.len() - 4))?;
        self.window.consume(head.total as usize);
        let interface = Interface { name, link, resolution: clock.resolution(), counters };
        let calls = interface.is_calls();
        self.interfaces.push(interface);
        self.links.push(Link { kind: link, snaplen, clock, limit, calls });
        Ok(())
    }

    /// The statistics block at hand, of which only options of ours are looked at.
    fn statistics(&mut self, head: Head) -> Result<(), DamageReason> {
        self.need(head.total)?;
        let (order, block) = (self.order, &self.window.bytes()[..head.total as usize]);
        same_lengths(head, order.u32(block, block.len() - 4))?;
        // An interface and a time come first.
        for (code, value) in (Options { order, rest: block.get(20..block.len() - 4).unwrap_or_default() }) {
            if code == custom::CUSTOM_TEXT
                && let Some(text) = custom::read_beside(value, order.u32(value, 0))
                && self.beside.len() + text.len() <= BESIDE_LIMIT
            {
                self.beside.push_str(text);
            }
        }
        self.window.consume(head.total as usize);
        Ok(())
    }

    /// Goes on to the next packet block; with `before`, only to its start.
    fn advance(&mut self, before: bool) -> Result<Advance, Damage> {
        loop {
            let offset = self.window.offset();
            let result = if self.window.bytes().len() >= 8 || self.window.fill(8) {
                self.block(before)
            } else {
                match self.window.shortage(0, FRAME_OF_BLOCK.into()) {
                    None => return Ok(Advance::End),
                    Some(reason) => Err(reason),
                }
            };
            match result {
                Ok(None) => {}
                Ok(Some(advance)) => return Ok(advance),
                Err(reason) => return Err(Damage { offset, frame: self.number + 1, reason }),
            }
        }
    }

    /// Reads the block at hand: a packet is left there, anything else is taken in or passed over.
    #[inline]
    fn block(&mut self, before: bool) -> Result<Option<Advance>, DamageReason> {
        let kind = self.order.u32(self.window.bytes(), 0);
        // The section header reads the same in both byte orders.
        if kind == SECTION {
            return self.section_header().map(|()| None);
        }
        let head = self.head()?;
        match kind {
            INTERFACE => self.interface(head).map(|()| None),
            _ if before && (matches!(kind, 2 | 3 | 6) || NUMBERED.contains(&kind)) => Ok(Some(Advance::Before)),
            OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET => loop {
                match self.packet(head) {
                    Parsed::Got(packet) if self.links[packet.interface].calls => {
                        self.window.consume(head.total as usize);
                        self.number += 1;
                        return Ok(None);
                    }
                    Parsed::Got(packet) => return Ok(Some(Advance::Packet(head, packet))),
                    Parsed::Bad(reason) => return Err(reason),
                    Parsed::Need(length) => self.need(u32::try_from(length).unwrap_or(u32::MAX))?,
                }
            },
            STATISTICS if self.announces && head.total <= STATISTICS_LIMIT => self.statistics(head).map(|()| None),
            _ => {
                self.pass(head)?;
                self.number += u64::from(NUMBERED.contains(&kind));
                Ok(None)
            }
        }
    }

    /// The packet block at hand. Everything that can be refused is refused before its bytes are waited for.
    /// Options are not looked at: damage in them must not lose the packet.
    #[inline]
    fn packet(&self, head: Head) -> Parsed<Packet> {
        let (bytes, order) = (self.window.bytes(), self.order);
        let fixed = if head.kind == SIMPLE_PACKET { 12 } else { 28 };
        if bytes.len() < fixed {
            return Parsed::Need(fixed);
        }
        let index = match head.kind {
            SIMPLE_PACKET => 0,
            OBSOLETE_PACKET => u32::from(order.u16(bytes, 8)),
            _ => order.u32(bytes, 8),
        };
        let interface = self.section + index as usize;
        let Some(link) = self.links.get(interface) else {
            return Parsed::Bad(DamageReason::UnknownInterface { index });
        };
        let (captured, wire) = if head.kind == SIMPLE_PACKET {
            let wire = order.u32(bytes, 8);
            (if link.snaplen == 0 { wire } else { wire.min(link.snaplen) }, wire)
        } else {
            (order.u32(bytes, 20), order.u32(bytes, 24))
        };
        let room = head.total - 4 - u32::try_from(fixed).unwrap_or(28);
        if captured > room.min(link.limit) {
            let field = if head.kind == SIMPLE_PACKET { "original packet length" } else { "captured length" };
            let limit = room.min(link.limit).into();
            return Parsed::Bad(DamageReason::Length { field, value: captured.into(), limit });
        }
        if bytes.len() < head.total as usize {
            return Parsed::Need(head.total as usize);
        }
        if let Err(reason) = same_lengths(head, order.u32(bytes, head.total as usize - 4)) {
            return Parsed::Bad(reason);
        }
        let time = if head.kind == SIMPLE_PACKET {
            None
        } else {
            link.clock.time(u64::from(order.u32(bytes, 12)) << 32 | u64::from(order.u32(bytes, 16)))
        };
        Parsed::Got(Packet { interface, at: fixed, captured, wire, time })
    }
}

/// A block says its length at both ends; the second one is rounded like the first.
#[inline]
fn same_lengths(head: Head, trailer: u32) -> Result<(), DamageReason> {
    if trailer.checked_next_multiple_of(4) == Some(head.total) {
        Ok(())
    } else {
        Err(DamageReason::TrailerMismatch { leading: head.total, trailing: trailer })
    }
}

/// What a packet block of ours says of the frame's way. Most blocks have no options at all.
#[inline]
fn way(order: Order, head: Head, packet: Packet, block: &[u8]) -> Option<Passage> {
    let options = packet.at + (packet.captured as usize).next_multiple_of(4);
    if head.kind != ENHANCED_PACKET || options + 8 > head.total as usize {
        return None;
    }
    let mut options = Options { order, rest: block.get(options..head.total as usize - 4)? };
    options
        .find(|(code, _)| *code == custom::CUSTOM_TEXT)
        .and_then(|(_, value)| custom::read_way(value, order.u32(value, 0)))
}

/// The options of a block, up to the end mark or to the first one that does not fit.
struct Options<'a> {
    order: Order,
    rest: &'a [u8],
}

impl<'a> Iterator for Options<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let body = self.rest.get(4..)?;
        let (code, length) = (self.order.u16(self.rest, 0), usize::from(self.order.u16(self.rest, 2)));
        let value = body.get(..length)?;
        if code == OPTION_END {
            return None;
        }
        self.rest = body.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((code, value))
    }
}

impl<R> Reader<R> {
    /// Where the bytes come from.
    #[inline]
    pub(super) fn window(&mut self) -> &mut Window<R> {
        &mut self.window
    }
}

impl<R: Read> FrameSource for Reader<R> {
    #[inline]
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        if self.finished {
            return Ok(None);
        }
        let advance = match self.pending.take() {
            Some(damage) => Err(damage),
            None => self.advance(false),
        };
        match advance {
            Ok(Advance::Packet(head, packet)) => {
                self.number += 1;
                self.window.consume(head.total as usize);
                let block = self.window.behind(head.total as usize);
                self.passage = way(self.order, head, packet, block);
                Ok(Some(Frame {
                    number: self.number,
                    time: packet.time,
                    interface: u32::try_from(packet.interface).unwrap_or(u32::MAX),
                    link: self.links[packet.interface].kind,
                    wire_len: packet.wire,
                    bytes: &block[packet.at..packet.at + packet.captured as usize],
                    passage: self.passage.as_ref(),
                }))
            }
            Ok(Advance::Before | Advance::End) => {
                self.finished = true;
                Ok(None)
            }
            Err(damage) => {
                self.finished = true;
                Err(damage)
            }
        }
    }

    fn origin(&self) -> Origin {
        self.origin.clone()
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }
}

#[cfg(test)]
mod tests;
