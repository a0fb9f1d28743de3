//! From where in its own source a program makes a call: the frames of an interpreter, and what names a line.

pub mod names;
pub mod python;

/// The memory of a program that stands still.
pub trait Memory {
    /// Fills `into` from this address; false where it cannot be read as a whole.
    fn read(&mut self, address: u64, into: &mut [u8]) -> bool;
}

/// Eight bytes.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Four bytes.
pub(crate) fn half(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
