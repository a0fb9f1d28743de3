//! The letters of a history.

use std::fmt;

/// Letters kept of one history; a connection that goes on repeating itself adds no more.
pub(super) const MAX_LETTERS: usize = 40;

/// The letters in the order in which the packets added them, as few bytes as they need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Letters {
    bytes: [u8; MAX_LETTERS],
    count: u8,
}

impl Default for Letters {
    fn default() -> Self {
        Letters { bytes: [0; MAX_LETTERS], count: 0 }
    }
}

impl Letters {
    /// Adds one; beyond the most there are, none.
    pub(super) fn push(&mut self, letter: u8) {
        if let Some(free) = self.bytes.get_mut(usize::from(self.count)) {
            *free = letter;
            self.count += 1;
        }
    }

    /// The letters.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.count)]
    }
}

impl serde::Serialize for Letters {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        String::from_utf8_lossy(self.as_bytes()).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Letters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        let mut letters = Letters::default();
        text.bytes().for_each(|letter| letters.push(letter));
        Ok(letters)
    }
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}
