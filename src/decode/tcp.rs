//! TCP segments and their options.

use etherparse::TcpHeaderSlice;

use super::span::Span;
use super::{Packet, Stop, TcpFlags, TcpOptions, TcpSegment, Transport};
use crate::track::Seq;

/// Decodes a segment that fills `span`.
#[inline]
pub(super) fn decode<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let padded;
    let fixed: &[u8; 20] = match span.head("tcp") {
        Ok(fixed) => fixed,
        Err(short) => {
            // Cut behind the window, a header lacks only its checksum and what is urgent.
            padded = pad(span.bytes).ok_or(short)?;
            &padded
        }
    };
    let words = fixed[12] >> 4;
    let header_len = usize::from(words) * 4;
    let impossible = span.invalid("tcp", "data offset", words);
    if words < 5 {
        return Err(impossible);
    }
    // Options that were cut off do not cost the numbers.
    let complete = span.first("tcp", header_len);
    let options = span.bytes.get(20..span.bytes.len().min(header_len)).unwrap_or_default();
    let mut plain = *fixed;
    plain[12] = 0x50 | (fixed[12] & 0x0f);
    let header = TcpHeaderSlice::from_slice(&plain).map_err(|_| span.invalid("tcp", "data offset", words))?;
    let rest = span.skip(header_len);
    packet.transport = Transport::Tcp(TcpSegment {
        src_port: header.source_port(),
        dst_port: header.destination_port(),
        seq: Seq(header.sequence_number()),
        ack: Seq(header.acknowledgment_number()),
        flags: TcpFlags(u16::from(fixed[12] & 1) << 8 | u16::from(fixed[13])),
        window: header.window_size(),
        urgent: header.urgent_pointer(),
        options: read_options(options),
        covered: Some(span.bytes).filter(|_| span.is_whole()),
        len: u32::try_from(rest.len).unwrap_or(u32::MAX),
        payload: rest.bytes,
        sound: header_len <= span.len,
        complete: complete.is_ok(),
    });
    if header_len > span.len { Err(impossible) } else { complete.map(|_| ()) }
}

/// A header that was cut, with zeros for what is missing; `None` when the window is missing as well.
#[cold]
fn pad(bytes: &[u8]) -> Option<[u8; 20]> {
    let mut padded = [0; 20];
    padded.get_mut(..bytes.len()).filter(|there| there.len() >= 16)?.copy_from_slice(bytes);
    Some(padded)
}

/// Reads options up to the end mark, or to the first one whose length cannot be. One of a known kind with the wrong
/// length is passed over, as kernels do.
#[inline]
fn read_options(mut bytes: &[u8]) -> TcpOptions {
    let mut options = TcpOptions::default();
    loop {
        match bytes {
            [] | [0, ..] => return options,
            [1, rest @ ..] => bytes = rest,
            [kind, len, ..] => {
                let Some(value) = bytes.get(2..usize::from(*len)) else { return options };
                read_option(*kind, value, &mut options);
                bytes = &bytes[usize::from(*len)..];
            }
            [_] => return options,
        }
    }
}

fn read_option(kind: u8, value: &[u8], options: &mut TcpOptions) {
    match (kind, value) {
        (2, &[high, low]) => options.mss = Some(u16::from_be_bytes([high, low])),
        (3, &[shift]) => options.window_scale = Some(shift),
        (4, []) => options.sack_permitted = true,
        (5, blocks) => {
            if let (blocks @ [_, ..], []) = blocks.as_chunks::<8>() {
                options.sack_count = 0;
                for (place, block) in options.sack_blocks.iter_mut().zip(blocks) {
                    let (left, right) = two_numbers(*block);
                    *place = (Seq(left), Seq(right));
                    options.sack_count += 1;
                }
            }
        }
        (8, value) => {
            if let Ok(value) = value.try_into() {
                options.timestamps = Some(two_numbers(value));
            }
        }
        _ => {}
    }
}

fn two_numbers(bytes: [u8; 8]) -> (u32, u32) {
    let [a, b, c, d, rest @ ..] = bytes;
    (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes(rest))
}
