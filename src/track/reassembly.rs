//! One direction's bytes in order: repeated ones once, what was not captured as a gap of known size.
//!
//! Memory is bounded: only what came ahead of a hole is kept, and of that no more than [`MAX_HELD`].

use super::seq::Seq;

/// Bytes kept ahead of a hole. Beyond it the hole is given up.
pub const MAX_HELD: usize = 1 << 20;
/// Segments kept ahead of a hole.
const MAX_SEGMENTS: usize = 2048;
/// An acknowledgment further ahead than this is not believed.
const FAR: u32 = 1 << 30;

/// The next piece of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes.
    Data(&'a [u8]),
    /// So many bytes are missing from the capture.
    Gap(u32),
}

/// Takes the next piece.
pub type Take<'a> = &'a mut dyn FnMut(Piece<'_>);

#[derive(Clone, Debug)]
struct Held {
    seq: Seq,
    len: u32,
    bytes: Vec<u8>,
}

/// A stream under way.
#[derive(Clone, Debug)]
pub struct Reassembly {
    limit: usize,
    next: Option<Seq>,
    end: Option<Seq>,
    held: Vec<Held>,
    held_bytes: usize,
}

impl Default for Reassembly {
    fn default() -> Self {
        Reassembly::with_limit(MAX_HELD)
    }
}

impl Reassembly {
    /// A stream that keeps at most so many bytes ahead of a hole.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Reassembly { limit, next: None, end: None, held: Vec::new(), held_bytes: 0 }
    }

    /// The stream begins with this number: the one after the SYN.
    pub fn begins(&mut self, first: Seq) {
        self.next.get_or_insert(first);
    }

    /// The stream ends before this number: that of the FIN.
    pub fn ends(&mut self, end: Seq) {
        self.end.get_or_insert(end);
    }

    /// A segment with `len` bytes of payload, of which `bytes` were captured.
    pub fn segment(&mut self, seq: Seq, len: u32, bytes: &[u8], take: Take<'_>) {
        if len == 0 {
            return;
        }
        let next = *self.next.get_or_insert(seq);
        if seq.after(next) {
            self.hold(seq, len, bytes, take);
            return;
        }
        self.deliver(seq, len, bytes, take);
        self.release(take);
    }

    /// The receiver has everything before `ack`: what is still missing there was not captured.
    pub fn acknowledged(&mut self, ack: Seq, take: Take<'_>) {
        let ack = if self.end.is_some_and(|end| ack.after(end)) { self.end.unwrap_or(ack) } else { ack };
        while let Some(next) = self.next.filter(|next| ack.after(*next) && ack.offset_from(*next) < FAR) {
            let first = self.held.first().map(|held| held.seq).filter(|seq| !seq.after(ack));
            let to = first.unwrap_or(ack);
            take(Piece::Gap(to.offset_from(next)));
            self.next = Some(to);
            self.release(take);
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self, take: Take<'_>) {
        while let (Some(next), Some(first)) = (self.next, self.held.first().map(|held| held.seq)) {
            take(Piece::Gap(first.offset_from(next)));
            self.next = Some(first);
            self.release(take);
        }
    }

    fn deliver(&mut self, seq: Seq, len: u32, bytes: &[u8], take: Take<'_>) {
        let Some(next) = self.next else { return };
        let end = seq.plus(len);
        if !end.after(next) {
            return;
        }
        let known = next.offset_from(seq) as usize;
        let missing = (len as usize).saturating_sub(bytes.len().max(known));
        if let Some(fresh) = bytes.get(known..).filter(|fresh| !fresh.is_empty()) {
            take(Piece::Data(fresh));
        }
        if missing > 0 {
            take(Piece::Gap(u32::try_from(missing).unwrap_or(u32::MAX)));
        }
        self.next = Some(end);
    }

    fn hold(&mut self, seq: Seq, len: u32, bytes: &[u8], take: Take<'_>) {
        let at = self.held.iter().position(|held| held.seq.after(seq)).unwrap_or(self.held.len());
        self.held_bytes += bytes.len();
        self.held.insert(at, Held { seq, len, bytes: bytes.to_vec() });
        if self.held_bytes > self.limit || self.held.len() > MAX_SEGMENTS {
            self.finish(take);
        }
    }

    /// Delivers what was held and follows now.
    fn release(&mut self, take: Take<'_>) {
        while let Some(next) = self.next {
            if self.held.first().is_none_or(|held| held.seq.after(next)) {
                return;
            }
            let held = self.held.remove(0);
            self.held_bytes -= held.bytes.len();
            self.deliver(held.seq, held.len, &held.bytes, take);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    /// The text that comes out, gaps as `[n]`.
    fn text(steps: &mut dyn FnMut(&mut Reassembly, Take<'_>)) -> String {
        let mut out = String::new();
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Data(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
            Piece::Gap(n) => write!(out, "[{n}]").unwrap(),
        };
        let mut stream = Reassembly::default();
        steps(&mut stream, &mut take);
        stream.finish(&mut take);
        assert_eq!((stream.held.len(), stream.held_bytes), (0, 0));
        out
    }

    fn send(stream: &mut Reassembly, seq: u32, bytes: &str, take: Take<'_>) {
        stream.segment(Seq(seq), u32::try_from(bytes.len()).unwrap(), bytes.as_bytes(), take);
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        let out = text(&mut |stream, take| {
            stream.begins(Seq(u32::MAX));
            send(stream, 2, "defg", take);
            send(stream, u32::MAX, "abc", take);
            send(stream, u32::MAX, "abc", take);
            send(stream, 1, "cdefghi", take);
        });
        assert_eq!(out, "abcdefghi");
    }

    #[test]
    fn what_was_not_captured_is_a_gap() {
        let out = text(&mut |stream, take| {
            stream.begins(Seq(1));
            send(stream, 4, "def", take);
            stream.acknowledged(Seq(1), take);
            stream.acknowledged(Seq(9), take);
            stream.segment(Seq(9), 5, b"ij", take);
            send(stream, 20, "z", take);
        });
        assert_eq!(out, "[3]def[2]ij[3][6]z");
    }

    #[test]
    fn a_gap_is_told_when_it_is_acknowledged_and_not_at_the_end() {
        let mut stream = Reassembly::default();
        let mut said = Vec::new();
        stream.begins(Seq(1));
        send(&mut stream, 4, "def", &mut |_| panic!("nothing says yet that more is missing than late"));
        stream.acknowledged(Seq(7), &mut |piece| said.push(format!("{piece:?}")));
        assert_eq!(said, ["Gap(3)", "Data([100, 101, 102])"]);
    }

    #[test]
    fn the_fin_and_a_wild_ack_are_no_gap() {
        let out = text(&mut |stream, take| {
            stream.begins(Seq(1));
            send(stream, 1, "abc", take);
            stream.ends(Seq(4));
            stream.acknowledged(Seq(5), take);
            stream.acknowledged(Seq(4_000_000_000), take);
        });
        assert_eq!(out, "abc");
    }

    #[test]
    fn a_hole_is_given_up_before_memory_is() {
        let mut stream = Reassembly::default();
        let mut gaps = 0;
        stream.begins(Seq(0));
        for n in 0..4_000_u32 {
            stream.segment(Seq(10 + n * 1400), 1400, &[0; 1400], &mut |piece| {
                gaps += u32::from(matches!(piece, Piece::Gap(_)));
            });
            assert!(stream.held_bytes <= MAX_HELD);
        }
        assert_eq!(gaps, 1);
    }

    proptest! {
        /// Whatever the cuts and the order: the same bytes.
        #[test]
        fn any_order_gives_the_same_bytes(start in any::<u32>(), pieces in proptest::collection::vec((0usize..50, 1usize..20), 0..40)) {
            let whole: Vec<u8> = (0..70).collect();
            let mut out = Vec::new();
            let mut take = |piece: Piece<'_>| if let Piece::Data(bytes) = piece { out.extend_from_slice(bytes) };
            let mut stream = Reassembly::default();
            stream.begins(Seq(start));
            for (at, len) in pieces.into_iter().chain([(0, 70)]) {
                let seq = Seq(start).plus(u32::try_from(at).unwrap());
                stream.segment(seq, u32::try_from(len).unwrap(), &whole[at..at + len], &mut take);
            }
            stream.finish(&mut take);
            prop_assert_eq!(out, whole);
        }

        #[test]
        fn no_numbers_panic(steps in proptest::collection::vec((any::<u32>(), any::<u32>(), 0u8..4), 0..100)) {
            let mut stream = Reassembly::default();
            for (a, len, what) in steps {
                match what {
                    0 => stream.segment(Seq(a), len, &[1; 3][..(len as usize).min(3)], &mut |_| {}),
                    1 => stream.acknowledged(Seq(a), &mut |_| {}),
                    2 => stream.ends(Seq(a)),
                    _ => stream.begins(Seq(a)),
                }
            }
            stream.finish(&mut |_| {});
        }
    }
}
