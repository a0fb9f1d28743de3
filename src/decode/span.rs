//! The rest of a frame that the next layer may read, and what limits it.

use super::{Stop, StopReason};

/// Bytes for one layer. The layer's true length can be more than was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span<'a> {
    /// The captured bytes, never more than `len`.
    pub(super) bytes: &'a [u8],
    /// How long the layer is by the lengths below it.
    pub(super) len: usize,
    /// Where it begins in the frame.
    pub(super) offset: usize,
    /// What set `len`.
    limited_by: &'static str,
    /// How many layers that can hold one another lie around it.
    depth: u8,
}

/// Layers within layers that are followed: far more than any network uses, far fewer than the stack would bear.
const MAX_DEPTH: u8 = 32;

impl<'a> Span<'a> {
    /// A whole frame.
    #[inline]
    pub(super) fn new(bytes: &'a [u8], wire_len: u32) -> Self {
        // A capture that says it holds more than the wire carried is believed in what it holds.
        // Beyond 2 GB a length is a mistake in the file; Wireshark cuts it there too.
        let len = (wire_len.min(i32::MAX.cast_unsigned()) as usize).max(bytes.len());
        Span { bytes, len, offset: 0, limited_by: "frame length", depth: 0 }
    }

    /// The next layer, behind a header of `n` bytes.
    #[inline]
    pub(super) fn skip(self, n: usize) -> Self {
        Span {
            bytes: self.bytes.get(n..).unwrap_or(&[]),
            len: self.len.saturating_sub(n),
            offset: self.offset.saturating_add(n),
            ..self
        }
    }

    /// The same layer, shortened to what a length field says. A field that says more than there is changes nothing.
    #[inline]
    pub(super) fn limit(self, len: usize, field: &'static str) -> Self {
        if len >= self.len {
            return self;
        }
        Span { bytes: &self.bytes[..self.bytes.len().min(len)], len, limited_by: field, ..self }
    }

    /// The same layer, counted as one inside another.
    pub(super) fn deeper(self, layer: &'static str) -> Result<Self, Stop> {
        if self.depth >= MAX_DEPTH {
            return Err(self.stop(layer, StopReason::Depth));
        }
        Ok(Span { depth: self.depth + 1, ..self })
    }

    /// Everything that the headers promise was captured.
    pub(super) fn is_whole(&self) -> bool {
        self.bytes.len() == self.len
    }

    /// The first `N` bytes, or why they cannot be read.
    #[inline]
    pub(super) fn head<const N: usize>(&self, layer: &'static str) -> Result<&'a [u8; N], Stop> {
        self.bytes.first_chunk().ok_or_else(|| self.short(layer, N))
    }

    /// The first `n` bytes, or why they cannot be read.
    #[inline]
    pub(super) fn first(&self, layer: &'static str, n: usize) -> Result<&'a [u8], Stop> {
        self.bytes.get(..n).ok_or_else(|| self.short(layer, n))
    }

    #[cold]
    fn short(&self, layer: &'static str, needed: usize) -> Stop {
        let limited_by = if self.len < needed { self.limited_by } else { "captured length" };
        let [needed, had] = [needed, self.bytes.len()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        self.stop(layer, StopReason::Short { needed, had, limited_by })
    }

    /// A field of this layer cannot have this value.
    pub(super) fn invalid(&self, layer: &'static str, field: &'static str, value: impl Into<u32>) -> Stop {
        self.stop(layer, StopReason::Invalid { field, value: value.into() })
    }

    /// `layer` names the field that chooses the protocol of this span, `number` is its value.
    pub(super) fn unsupported(&self, layer: &'static str, number: impl Into<u32>) -> Stop {
        self.stop(layer, StopReason::Unsupported(number.into()))
    }

    /// Decoding ends at this layer.
    pub(super) fn stop(&self, layer: &'static str, why: StopReason) -> Stop {
        Stop { layer, why, offset: u32::try_from(self.offset).unwrap_or(u32::MAX) }
    }
}

/// A big-endian 16-bit field of a header whose length was checked.
pub(super) fn be16<const N: usize>(header: &[u8; N], at: usize) -> u16 {
    u16::from_be_bytes([header[at], header[at + 1]])
}
