//! Frames that are kept in memory, because what was seen beside them can only be told once all of them are known.

use crate::decode::plain::PlainSource;
use crate::frame::{Damage, Frame, FrameSource, Interface, OwnedFrame};

/// What a frame takes beside its bytes, about.
const OVERHEAD: usize = 128;

/// The frames of another source, to be read several times.
pub struct Held<S> {
    source: S,
    frames: Vec<(u64, OwnedFrame)>,
    next: usize,
    damage: Option<Damage>,
    /// All of them have been read.
    whole: bool,
    /// The damage has been told in this reading.
    told: bool,
    dropped: Option<u64>,
}

impl<S: FrameSource> Held<S> {
    /// Reads a source to its end, or until its frames take more than so many bytes of memory.
    #[must_use]
    pub fn read(mut source: S, limit: usize) -> Held<S> {
        let (mut frames, mut damage, mut whole, mut size) = (Vec::new(), None, false, 0);
        while size < limit {
            match source.next_frame() {
                Ok(Some(Frame { number, time, interface, link, wire_len, bytes, passage })) => {
                    size += bytes.len() + OVERHEAD;
                    let (bytes, passage) = (bytes.to_vec(), passage.copied());
                    frames.push((number, OwnedFrame { time, interface, link, wire_len, bytes, passage }));
                }
                Ok(None) => whole = true,
                Err(found) => (damage, whole) = (Some(found), true),
            }
            if whole {
                break;
            }
        }
        Held { source, frames, next: 0, damage, whole, told: false, dropped: None }
    }

    /// Where the frames come from.
    #[must_use]
    pub fn source(&self) -> &S {
        &self.source
    }

    /// The same, to read on where all that is held has been read.
    pub fn source_mut(&mut self) -> &mut S {
        &mut self.source
    }

    /// False when there are more frames than are held: then it can be read once, from the first to the last.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Begins again with the first frame.
    pub fn rewind(&mut self) {
        (self.next, self.told) = (0, false);
    }

    /// Tells how many frames were lost when they were captured.
    pub fn set_dropped(&mut self, dropped: Option<u64>) {
        self.dropped = dropped;
    }
}

impl<S: FrameSource> FrameSource for Held<S> {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        let Some((number, frame)) = self.frames.get(self.next) else {
            if !self.whole {
                return self.source.next_frame();
            }
            let first = !std::mem::replace(&mut self.told, true);
            return self.damage.clone().filter(|_| first).map_or(Ok(None), Err);
        };
        self.next += 1;
        let OwnedFrame { time, interface, link, wire_len, bytes, passage } = frame;
        let (number, time, interface, link, wire_len) = (*number, *time, *interface, *link, *wire_len);
        Ok(Some(Frame { number, time, interface, link, wire_len, bytes, passage: passage.as_ref() }))
    }

    fn interfaces(&self) -> &[Interface] {
        self.source.interfaces()
    }

    fn dropped(&mut self) -> Option<u64> {
        self.dropped.or_else(|| self.source.dropped())
    }
}

impl<S: FrameSource> PlainSource for Held<S> {}

impl<S> std::fmt::Debug for Held<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").field("frames", &self.frames.len()).field("whole", &self.whole).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::crafted::{Pcap, payload};
    use crate::file::pcap::Reader;
    use crate::file::window::Window;

    fn numbers(held: &mut Held<impl FrameSource>) -> (Vec<u64>, bool) {
        let mut numbers = Vec::new();
        loop {
            match held.next_frame() {
                Ok(Some(frame)) => numbers.push(frame.number),
                Ok(None) => return (numbers, false),
                Err(_) => {
                    assert!(held.next_frame().unwrap().is_none(), "it is told once");
                    return (numbers, true);
                }
            }
        }
    }

    #[test]
    fn each_reading_gives_the_same_frames_and_the_same_damage() {
        let file = Pcap::ethernet().record(1, 0, 60, &payload(60)).record(2, 0, 60, &payload(60)).bytes;
        for (length, expected) in [(file.len(), (vec![1, 2], false)), (file.len() - 1, (vec![1], true))] {
            let reader = Reader::new(Window::new(&file[..length]), false).unwrap();
            let mut held = Held::read(reader, 1 << 20);
            assert!(held.is_whole());
            for _ in 0..3 {
                assert_eq!(numbers(&mut held), expected);
                held.rewind();
            }
        }
    }

    #[test]
    fn what_is_too_much_to_hold_is_read_once() {
        let file = (0..10).fold(Pcap::ethernet(), |file, at| file.record(at, 0, 60, &payload(60))).bytes;
        let reader = Reader::new(Window::new(&file[..]), false).unwrap();
        let mut held = Held::read(reader, 500);
        assert!(!held.is_whole());
        assert_eq!(numbers(&mut held), ((1..=10).collect(), false));
    }
}
