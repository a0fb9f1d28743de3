//! Sequence numbers: 32 bits, compared modulo 2^32 (RFC 9293 section 3.4).

use std::fmt;

/// A sequence number as on the wire. Its arithmetic wraps and never panics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Seq(pub u32);

impl Seq {
    /// `self + n`, modulo 2^32.
    #[must_use]
    pub const fn plus(self, n: u32) -> Seq {
        Seq(self.0.wrapping_add(n))
    }

    /// `self - n`, modulo 2^32.
    #[must_use]
    pub const fn minus(self, n: u32) -> Seq {
        Seq(self.0.wrapping_sub(n))
    }

    /// How far `self` lies after `base`, modulo 2^32: the relative number when `base` is the base.
    #[must_use]
    pub const fn offset_from(self, base: Seq) -> u32 {
        self.0.wrapping_sub(base.0)
    }

    /// The signed distance `self - other`: negative when `self` is older.
    #[must_use]
    #[allow(clippy::cast_possible_wrap, reason = "the wrap is the definition of sequence order")]
    pub const fn distance(self, other: Seq) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// `self < other` in sequence order.
    #[must_use]
    pub const fn before(self, other: Seq) -> bool {
        self.distance(other) < 0
    }

    /// `self > other` in sequence order.
    #[must_use]
    pub const fn after(self, other: Seq) -> bool {
        self.distance(other) > 0
    }

    /// `self >= other` in sequence order: an ACK with this number covers everything before `other`.
    #[must_use]
    pub const fn at_or_after(self, other: Seq) -> bool {
        self.distance(other) >= 0
    }

    /// The later of the two in sequence order.
    #[must_use]
    pub const fn max(self, other: Seq) -> Seq {
        if other.after(self) { other } else { self }
    }
}

impl fmt::Debug for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
