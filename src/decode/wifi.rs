//! 802.11 data frames, and the headers that receivers put before them.

use super::span::{Span, be16};
use super::{Packet, Stop, StopReason, link};
use crate::frame::LinkType;

const TO_DS: u8 = 0x01;
const FROM_DS: u8 = 0x02;
const MORE_FRAGMENTS: u8 = 0x04;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;
/// In the second byte of what controls the quality of service.
const MESH: u8 = 0x01;

/// A frame in the order of its standard.
pub(super) fn decode<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let control: &[u8; 2] = span.head("802.11")?;
    frame(control[0], control[1], span, 1, packet)
}

/// A frame whose two control bytes were exchanged by a controller.
pub(super) fn exchanged<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let control: &[u8; 2] = span.head("802.11")?;
    frame(control[1], control[0], span, 1, packet)
}

/// `align` is the multiple to which the header was padded.
fn frame<'a>(kind: u8, flags: u8, span: Span<'a>, align: usize, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let span = span.deeper("802.11")?;
    // Version 0, type 2: a data frame; subtypes with the third bit carry nothing.
    if kind & 0x0f != 0x08 {
        return Err(span.unsupported("802.11 frame control", kind));
    }
    if kind & 0x40 != 0 {
        return Ok(());
    }
    let qos = kind & 0x80 != 0;
    let four = if flags & (TO_DS | FROM_DS) == TO_DS | FROM_DS { 6 } else { 0 };
    let len = 24 + four + if qos { 2 } else { 0 } + if qos && flags & ORDER != 0 { 4 } else { 0 };
    let header = span.first("802.11", len)?;
    if flags & PROTECTED != 0 {
        return Err(span.unsupported("802.11 encryption, flags", flags));
    }
    // The low half byte of the sequence control numbers the fragments.
    if flags & MORE_FRAGMENTS != 0 || header[22] & 0x0f != 0 {
        return Err(span.stop("802.11", StopReason::Fragment));
    }
    let mut body = span.skip(len.next_multiple_of(align));
    if qos && header[25 + four] & MESH != 0 && flags & FROM_DS != 0 {
        body = behind_mesh(body);
    }
    if qos && header[24 + four] & 0x80 != 0 {
        // An A-MSDU: several frames in one, of which the first is read.
        let sub: &[u8; 14] = body.head("802.11 a-msdu")?;
        return link::llc(body.skip(14).limit(be16(sub, 12).into(), "a-msdu length"), packet);
    }
    // Some drivers fill up to the multiple of four without saying so.
    let zeros = body.bytes.iter().take(4).take_while(|byte| **byte == 0).count();
    link::llc(body.skip(zeros / 2 * 2), packet)
}

/// Skips the header of a mesh. The bit that announces it has another meaning elsewhere: there the header is possible
/// only by chance.
fn behind_mesh(body: Span<'_>) -> Span<'_> {
    match body.bytes.first_chunk::<6>() {
        // The addresses that it brings along.
        Some(&[addresses @ 0..=2, ..]) => body.skip(6 + usize::from(addresses) * 6),
        _ => body,
    }
}

/// Frames between a controller and its access points before there was a standard (RFC 5412).
pub(super) fn lwapp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    const CONTROL: u8 = 0x04;
    const FRAGMENT: u8 = 0x03;

    let header: &[u8; 6] = span.head("lwapp")?;
    if header[0] & (CONTROL | FRAGMENT) != 0 {
        return Err(span.unsupported("lwapp flags", header[0]));
    }
    decode(span.skip(6), packet)
}

/// Radiotap: little-endian, its length and the fields that are present first.
pub(super) fn radiotap<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("radiotap")?;
    let len = usize::from(u16::from_le_bytes([header[2], header[3]]));
    if len < 8 {
        return Err(span.invalid("radiotap", "length", u32::try_from(len).unwrap_or(u32::MAX)));
    }
    let bytes = span.first("radiotap", len)?;
    let present = header[4];
    // Further words announce more fields; the fields begin behind the last.
    let mut at = 4;
    while bytes.get(at + 3).is_some_and(|high| high & 0x80 != 0) {
        at += 4;
    }
    at += 4;
    if present & 1 != 0 {
        // The time stamp.
        at = at.next_multiple_of(8) + 8;
    }
    let flags = if present & 2 == 0 { 0 } else { bytes.get(at).copied().unwrap_or(0) };
    padded(flags & 0x20 != 0, span.skip(len), packet)
}

fn padded<'a>(pad: bool, span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let control: &[u8; 2] = span.head("802.11")?;
    frame(control[0], control[1], span, if pad { 4 } else { 1 }, packet)
}

/// The per-packet information header, which names the link type behind it.
pub(super) fn ppi<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("ppi")?;
    let len = usize::from(u16::from_le_bytes([header[2], header[3]]));
    span.first("ppi", len.max(8))?;
    let kind = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    link::within(kind, span.skip(len.max(8)), packet)
}

/// The header of Prism cards, or the one of AVS in its place.
pub(super) fn prism<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("prism")?;
    if header[..2] == [0x80, 0x21] {
        return avs(span, packet);
    }
    let code = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let len = [header[4], header[5], header[6], header[7]];
    let len = if code.trailing_zeros() >= 16 { u32::from_be_bytes(len) } else { u32::from_le_bytes(len) };
    let skipped = usize::try_from(len).unwrap_or(usize::MAX);
    if skipped < 24 {
        return Err(span.invalid("prism", "length", len));
    }
    span.first("prism", skipped)?;
    link::decode(LinkType::IEEE802_11, span.skip(skipped), packet)
}

/// The header of `AbsoluteValue` Systems.
pub(super) fn avs<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 8] = span.head("avs")?;
    let len = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    let skipped = usize::try_from(len).unwrap_or(usize::MAX);
    if skipped < 8 {
        return Err(span.invalid("avs", "length", len));
    }
    span.first("avs", skipped)?;
    link::decode(LinkType::IEEE802_11, span.skip(skipped), packet)
}
