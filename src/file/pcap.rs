//! Classic pcap: a file header, then records of a header and a packet each.
//!
//! Read are both byte orders, microseconds and nanoseconds, the swapped lengths of versions before 2.4, the longer
//! record headers of four old patched libpcaps, Ixia's two variants and AIX's: everything Wireshark reads as pcap.

use std::io::Read;

use super::window::Window;
use super::{HeaderError, Order, Parsed, frame_limit};
use crate::frame::{Damage, DamageReason, Frame, FrameSource, Interface, LinkType, Time};

/// Length of the file header.
const FILE_HEADER: usize = 24;
/// Length of the record header that all but a few old variants have.
const RECORD_HEADER: usize = 16;
/// Records looked at to tell the variants with longer record headers from the ordinary one.
const PROBED_RECORDS: usize = 3;

/// The magic numbers, as they read in the byte order of their writer.
const MICROS: u32 = 0xa1b2_c3d4;
const NANOS: u32 = 0xa1b2_3c4d;
/// Alexey Kuznetsov's patched libpcaps of 1999: interface, protocol and packet type follow the ordinary record header.
const MODIFIED: u32 = 0xa1b2_cd34;
/// Ixia's "lcap": as pcap, with the length of all records after the file header. Hardware stamps are nanoseconds.
const IXIA_HARDWARE: u32 = 0x1c00_01ac;
const IXIA_SOFTWARE: u32 = 0x1c00_01ab;

/// In which order a record has its two lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    /// Captured, then original: from version 2.4 on.
    Normal,
    /// The reverse: before version 2.3, and in DG/UX's 543.0.
    Swapped,
    /// Version 2.3 was written both ways; the captured length is the smaller one.
    Smaller,
}

/// How the records of one file are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    order: Order,
    nanos: bool,
    lengths: Lengths,
    /// Length of a record's header: 16 but for the old variants.
    header: usize,
    /// Largest captured length that is believed.
    limit: u32,
}

/// One record whose bytes are all there.
#[derive(Debug)]
struct Record {
    time: Time,
    captured: u32,
    wire: u32,
}

impl Layout {
    /// The record at the start of `bytes`.
    #[inline]
    fn record(&self, bytes: &[u8]) -> Parsed<Record> {
        if bytes.len() < self.header {
            return Parsed::Need(self.header);
        }
        let (captured, wire) = self.lengths(bytes);
        if captured > self.limit {
            let limit = u64::from(self.limit);
            return Parsed::Bad(DamageReason::Length { field: "captured length", value: captured.into(), limit });
        }
        let needed = self.header + captured as usize;
        if bytes.len() < needed {
            return Parsed::Need(needed);
        }
        Parsed::Got(Record { time: self.time(bytes), captured, wire })
    }

    #[inline]
    fn lengths(&self, bytes: &[u8]) -> (u32, u32) {
        let (first, second) = (self.order.u32(bytes, 8), self.order.u32(bytes, 12));
        match self.lengths {
            Lengths::Normal => (first, second),
            Lengths::Swapped => (second, first),
            Lengths::Smaller => (first.min(second), first.max(second)),
        }
    }

    #[inline]
    fn time(&self, bytes: &[u8]) -> Time {
        let (seconds, fraction) = (self.order.u32(bytes, 0), self.order.u32(bytes, 4));
        let unit = if self.nanos { 1 } else { 1_000 };
        // At most 2^32 · 10^9 + 2^32 · 10^3: far inside an i64.
        Time(i64::from(seconds) * 1_000_000_000 + i64::from(fraction) * unit)
    }

    /// How much speaks against this layout in the first records; 0 is a perfect fit.
    fn faults(&self, mut bytes: &[u8], snaplen: u32) -> u32 {
        let mut faults = 0;
        for _ in 0..PROBED_RECORDS {
            if bytes.is_empty() {
                break;
            }
            if bytes.len() < self.header {
                return faults + 1;
            }
            let (captured, wire) = self.lengths(bytes);
            faults += u32::from(self.order.u32(bytes, 4) >= 1_000_000)
                + u32::from(captured > wire)
                + u32::from(captured > snaplen)
                + u32::from(wire > 128 << 20)
                + self.extra_faults(bytes);
            match bytes.get(self.header + captured as usize..) {
                Some(rest) if captured <= self.limit => bytes = rest,
                _ => return faults + 1,
            }
        }
        faults
    }

    /// The same for the fields that only the longer record headers have.
    fn extra_faults(&self, bytes: &[u8]) -> u32 {
        match self.header {
            // Nokia: four bytes of unknown use, of the form 0x[9b]fbf[bd][69]0[12].
            20 => {
                let stuff = self.order.u32(bytes, 16);
                let known = stuff & 0x0fff_00f0 == 0x0fbf_0000
                    && matches!(stuff >> 28, 0x9 | 0xb)
                    && matches!(stuff >> 12 & 0xf, 0xb | 0xd)
                    && matches!(stuff >> 8 & 0xf, 0x6 | 0x9)
                    && matches!(stuff & 0xf, 1 | 2);
                u32::from(!known)
            }
            // Interface index, EtherType (or one of Linux's stand-ins below 0x18), packet type.
            24 | 28 => {
                let protocol = self.order.u16(bytes, 20);
                let plausible = !(0x18..0x600).contains(&protocol) || matches!(protocol, 0x60 | 0x200 | 0x400);
                u32::from(self.order.u32(bytes, 16) > 10_000) + u32::from(!plausible) + u32::from(bytes[22] > 4)
            }
            _ => 0,
        }
    }
}

/// Whether a file that begins with these four bytes is a pcap file.
#[must_use]
pub fn begins(start: &[u8]) -> bool {
    magic(start).is_some()
}

fn magic(start: &[u8]) -> Option<(u32, Order)> {
    let known = [MICROS, NANOS, MODIFIED, IXIA_HARDWARE, IXIA_SOFTWARE];
    [false, true].into_iter().find_map(|big| {
        let order = Order { big };
        let magic = (start.len() >= 4).then(|| order.u32(start, 0))?;
        known.contains(&magic).then_some((magic, order))
    })
}

/// The frames of a pcap stream.
#[derive(Debug)]
pub struct Reader<R> {
    window: Window<R>,
    layout: Layout,
    interface: Interface,
    number: u64,
    finished: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the file header. `look_ahead` allows to wait for the first records, to recognise the variants that have
    /// longer record headers; on a live pipe it would delay the first packet.
    ///
    /// # Errors
    /// The header is cut off, or not one of pcap.
    pub fn new(mut window: Window<R>, look_ahead: bool) -> Result<Self, HeaderError> {
        if !window.fill(FILE_HEADER) {
            let needed = FILE_HEADER as u64;
            return Err(match window.shortage(0, needed) {
                Some(DamageReason::Cut { had, needed }) => HeaderError::Cut { had, needed },
                Some(reason) => HeaderError::Damaged(reason),
                None => HeaderError::Cut { had: 0, needed },
            });
        }
        let header = window.bytes();
        let Some((magic, order)) = magic(header) else { return Err(HeaderError::Damaged(DamageReason::ByteOrder)) };
        let (major, minor) = (order.u16(header, 4), order.u16(header, 6));
        let (snaplen, field) = (order.u32(header, 16), order.u32(header, 20));
        if major < 2 {
            return Err(HeaderError::Version { major, minor });
        }
        let aix = (magic == MICROS && (major, minor) == (2, 2)).then(|| aix_link(field)).flatten();
        // The low 16 bits are the link type; bits 26 and 28–31 tell of a frame check sequence, the rest must be zero.
        if field & 0x03ff_0000 != 0 {
            return Err(HeaderError::LinkField { value: field });
        }
        let link = aix.unwrap_or(LinkType((field & 0xffff) as u16));
        let lengths = match (major, minor) {
            (2, 0..=2) | (543, _) => Lengths::Swapped,
            (2, 3) => Lengths::Smaller,
            _ => Lengths::Normal,
        };
        let nanos = matches!(magic, NANOS | IXIA_HARDWARE) || aix.is_some();
        let mut layout = Layout { order, nanos, lengths, header: RECORD_HEADER, limit: frame_limit(link) };
        window.consume(FILE_HEADER);
        if matches!(magic, IXIA_HARDWARE | IXIA_SOFTWARE) {
            if !window.fill(4) {
                return Err(HeaderError::Cut { had: FILE_HEADER as u64 + window.bytes().len() as u64, needed: 28 });
            }
            window.consume(4);
        }
        // Only files that call themselves 2.4 or later were ever written with the longer record headers.
        if lengths == Lengths::Normal && matches!(magic, MICROS | MODIFIED) {
            layout.header = record_header(&mut window, layout, magic, snaplen, look_ahead);
        }
        let resolution = if nanos { 1e-9 } else { 1e-6 };
        let interface = Interface { name: None, link, resolution, counters: Vec::new() };
        Ok(Reader { window, layout, interface, number: 0, finished: false })
    }

    /// The damage at the bytes at hand, after which nothing more is delivered.
    fn stop(&mut self, reason: DamageReason) -> Damage {
        self.finished = true;
        Damage { offset: self.window.offset(), frame: self.number + 1, reason }
    }
}

/// AIX writes version 2.2 with interface types of RFC 1573 in place of link types, and nanoseconds.
fn aix_link(field: u32) -> Option<LinkType> {
    Some(match field {
        6 => LinkType::ETHERNET,
        9 => LinkType(6),
        15 => LinkType(10),
        24 => LinkType::NULL,
        _ => return None,
    })
}

/// Length of the record headers: what the magic number says, unless the first records fit another one perfectly.
fn record_header<R: Read>(window: &mut Window<R>, layout: Layout, magic: u32, snaplen: u32, look_ahead: bool) -> usize {
    let candidates: &[usize] = if magic == MODIFIED { &[24, 28] } else { &[RECORD_HEADER, 24, 20] };
    if look_ahead {
        // Enough for three ordinary records; what a shorter file lacks is counted as a fault of the last one.
        let _ = window.fill(PROBED_RECORDS * (28 + 65_536));
        for &header in candidates {
            if (Layout { header, ..layout }).faults(window.bytes(), snaplen) == 0 {
                return header;
            }
        }
    }
    candidates[0]
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
        let record = loop {
            match self.layout.record(self.window.bytes()) {
                Parsed::Got(record) => break record,
                Parsed::Bad(reason) => return Err(self.stop(reason)),
                Parsed::Need(length) => {
                    if !self.window.fill(length) {
                        let Some(reason) = self.window.shortage(0, length as u64) else {
                            self.finished = true;
                            return Ok(None);
                        };
                        return Err(self.stop(reason));
                    }
                }
            }
        };
        self.number += 1;
        let captured = record.captured as usize;
        self.window.consume(self.layout.header + captured);
        Ok(Some(Frame {
            number: self.number,
            time: Some(record.time),
            interface: 0,
            link: self.interface.link,
            wire_len: record.wire,
            bytes: self.window.behind(captured),
            passage: None,
        }))
    }

    fn interfaces(&self) -> &[Interface] {
        std::slice::from_ref(&self.interface)
    }
}

#[cfg(test)]
mod tests;
