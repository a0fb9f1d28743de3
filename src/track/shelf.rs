//! Where connections are kept: those last heard of at hand, the others packed.
//!
//! Packing loses nothing. A connection that is packed takes a fraction of the memory, and is unpacked by its next
//! packet. Packed are first those that have ended, then those that have been idle longest; of the packed ones the oldest
//! are forgotten in the end, so that no capture takes memory without bound.

use std::borrow::Cow;
use std::collections::VecDeque;

use rustc_hash::FxHashSet;

/// How many connections are kept, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At hand in all.
    pub ready: usize,
    /// Of those, ended ones: late segments mostly come soon.
    pub ended: usize,
    /// Packed.
    pub packed: usize,
}

/// Entries of a queue that may be out of date before it is tidied, beside as many as are not.
const SLACK: usize = 64;

impl Default for Limits {
    fn default() -> Self {
        Limits { ready: 8_192, ended: 1_024, packed: 4_000_000 }
    }
}

/// A connection that can be packed.
pub(super) trait Pack: Clone {
    /// The frame of its last packet, by which it is known whether anything has happened since.
    fn last_frame(&self) -> u64;
    /// Its bytes. What is left behind is of no use any more.
    fn pack(&mut self) -> Box<[u8]>;
    /// Back from its bytes; `None` for bytes of something else.
    fn unpack(bytes: &[u8]) -> Option<Self>;
}

/// Where one connection is.
#[derive(Clone, Debug)]
enum Place {
    /// At this index among those at hand.
    Ready(u32),
    Packed(Box<[u8]>),
    Forgotten,
}

/// Every connection of one protocol, by number.
#[derive(Clone, Debug)]
pub(super) struct Shelf<T> {
    places: Vec<Place>,
    ready: Vec<T>,
    /// Which connection each of those at hand is.
    owners: Vec<u32>,
    /// Connections at hand and the last frame of each when it was put there, the one that came first in front.
    idle: VecDeque<(u32, u64)>,
    /// The same for those that have ended.
    ended: VecDeque<(u32, u64)>,
    /// Packed ones in the order of packing, with the low bits of the last frame of each: some may have been unpacked since.
    packed: VecDeque<(u32, u32)>,
    packed_count: usize,
    forgotten: u64,
    limits: Limits,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Shelf::new(Limits::default())
    }
}

impl<T> Shelf<T> {
    pub(super) fn new(limits: Limits) -> Self {
        Shelf {
            places: Vec::new(),
            ready: Vec::new(),
            owners: Vec::new(),
            idle: VecDeque::new(),
            ended: VecDeque::new(),
            packed: VecDeque::new(),
            packed_count: 0,
            forgotten: 0,
            limits,
        }
    }

    /// How many connections there were.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// How many of them were forgotten.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// True for one that there was, and that was not forgotten.
    pub(super) fn keeps(&self, number: u32) -> bool {
        self.places.get(number as usize).is_some_and(|place| !matches!(place, Place::Forgotten))
    }

    /// A connection that is at hand.
    pub(super) fn ready(&self, number: u32) -> Option<&T> {
        match self.places.get(number as usize)? {
            Place::Ready(at) => self.ready.get(*at as usize),
            Place::Packed(_) | Place::Forgotten => None,
        }
    }

    /// All that are at hand.
    pub(super) fn ready_ones(&mut self) -> impl Iterator<Item = &mut T> {
        self.ready.iter_mut()
    }

    /// One that is at hand, to be changed.
    #[inline]
    pub(super) fn ready_mut(&mut self, number: u32) -> Option<&mut T> {
        match self.places.get(number as usize)? {
            Place::Ready(at) => self.ready.get_mut(*at as usize),
            Place::Packed(_) | Place::Forgotten => None,
        }
    }
}

impl<T: Pack> Shelf<T> {
    /// A new connection, numbered after those before. `forget` is handed the one that is forgotten for it, if any.
    pub(super) fn push(&mut self, new: T, forget: &mut dyn FnMut(u32, &T)) -> u32 {
        let number = number(self.places.len());
        self.places.push(Place::Forgotten);
        self.put(number, new, forget);
        number
    }

    /// A connection, unpacked when it was packed; `None` when there is none, or none any more.
    pub(super) fn get_mut(&mut self, number: u32, forget: &mut dyn FnMut(u32, &T)) -> Option<&mut T> {
        if let Place::Packed(bytes) = self.places.get(number as usize)? {
            let unpacked = T::unpack(bytes)?;
            self.packed_count -= 1;
            self.put(number, unpacked, forget);
        }
        self.ready_mut(number)
    }

    /// A connection as it is; a packed one as a copy.
    pub(super) fn peek(&self, number: u32) -> Option<Cow<'_, T>> {
        self.look(self.places.get(number as usize)?)
    }

    fn look(&self, place: &Place) -> Option<Cow<'_, T>> {
        match place {
            Place::Ready(at) => self.ready.get(*at as usize).map(Cow::Borrowed),
            Place::Packed(bytes) => T::unpack(bytes).map(Cow::Owned),
            Place::Forgotten => None,
        }
    }

    /// Remembers that a connection has ended, so that it is packed before those that go on.
    pub(super) fn ended(&mut self, number: u32, forget: &mut dyn FnMut(u32, &T)) {
        let Some(last) = self.ready_mut(number).map(|conn| conn.last_frame()) else { return };
        self.ended.push_back((number, last));
        // The one of the last packet stays at hand.
        if self.ended.len() > self.limits.ended.max(1) {
            let oldest = self.ended.pop_front();
            if let Some(at) = oldest.and_then(|(number, last)| self.unchanged(number, last)) {
                self.pack(at, forget);
                self.close_gap(at);
            }
        }
    }

    /// Makes a connection one of those at hand.
    fn put(&mut self, number: u32, conn: T, forget: &mut dyn FnMut(u32, &T)) {
        let last = conn.last_frame();
        let at = if self.ready.len() < self.limits.ready.max(1) {
            self.ready.push(conn);
            self.owners.push(number);
            self.ready.len() - 1
        } else {
            let at = self.longest_idle();
            self.pack(at, forget);
            self.ready[at] = conn;
            self.owners[at] = number;
            at
        };
        self.places[number as usize] = Place::Ready(self::number(at));
        self.idle.push_back((number, last));
        if self.idle.len() > 2 * self.ready.len() + SLACK {
            self.tidy_idle();
        }
    }

    /// Leaves out of the queue what is not at hand any more.
    fn tidy_idle(&mut self) {
        let mut queue: Vec<_> = self.owners.iter().copied().zip(self.ready.iter().map(T::last_frame)).collect();
        queue.sort_unstable_by_key(|(_, last)| *last);
        self.idle = queue.into();
    }

    /// Where the connection at hand lies that has been idle longest.
    fn longest_idle(&mut self) -> usize {
        // One that has been heard of since it was put into the queue goes to the back, each at most once.
        for _ in 0..=self.idle.len() {
            let Some((number, last)) = self.idle.pop_front() else { break };
            match self.ready_mut(number).map(|conn| conn.last_frame()) {
                Some(now) if now != last => self.idle.push_back((number, now)),
                Some(_) => return self.unchanged(number, last).unwrap_or(0),
                None => {}
            }
        }
        0
    }

    /// Where a connection lies of which nothing was heard since that frame.
    fn unchanged(&self, number: u32, last: u64) -> Option<usize> {
        let Some(Place::Ready(at)) = self.places.get(number as usize) else { return None };
        let at = *at as usize;
        (self.ready.get(at)?.last_frame() == last).then_some(at)
    }

    /// Packs the connection that lies there; its place among those at hand is free then.
    fn pack(&mut self, at: usize, forget: &mut dyn FnMut(u32, &T)) {
        let number = self.owners[at];
        let last = low(self.ready[at].last_frame());
        self.places[number as usize] = Place::Packed(self.ready[at].pack());
        self.packed.push_back((number, last));
        self.packed_count += 1;
        while self.packed_count > self.limits.packed
            && let Some((number, last)) = self.packed.pop_front()
        {
            self.forget(number, last, forget);
        }
        if self.packed.len() > 2 * self.packed_count + SLACK {
            self.tidy_packed();
        }
    }

    /// Leaves out of the queue what was unpacked since; of one that was packed again the last time counts.
    fn tidy_packed(&mut self) {
        let mut seen = FxHashSet::default();
        let packed = |number: u32| matches!(self.places[number as usize], Place::Packed(_));
        let latest = self.packed.iter().rev().copied().filter(|(number, _)| packed(*number) && seen.insert(*number));
        let mut queue: Vec<_> = latest.collect();
        queue.reverse();
        self.packed = queue.into();
    }

    /// Forgets a packed connection, unless it has been heard of since that frame: then it waits further back in the queue.
    fn forget(&mut self, number: u32, last: u32, forget: &mut dyn FnMut(u32, &T)) {
        let place = &mut self.places[number as usize];
        let Place::Packed(bytes) = place else { return };
        if let Some(conn) = T::unpack(bytes) {
            if low(conn.last_frame()) != last {
                return;
            }
            forget(number, &conn);
        }
        *place = Place::Forgotten;
        self.packed_count -= 1;
        self.forgotten += 1;
    }

    /// Closes the gap that a packed connection left among those at hand.
    fn close_gap(&mut self, at: usize) {
        self.ready.swap_remove(at);
        self.owners.swap_remove(at);
        if let Some(moved) = self.owners.get(at) {
            self.places[*moved as usize] = Place::Ready(number(at));
        }
    }
}

/// The bytes of a connection.
pub(super) fn to_bytes(conn: &impl serde::Serialize) -> Box<[u8]> {
    let mut room = [0; 1_024];
    match postcard::to_slice(conn, &mut room) {
        Ok(bytes) => (&*bytes).into(),
        Err(_) => postcard::to_stdvec(conn).unwrap_or_default().into(),
    }
}

/// Enough of a frame number to tell two packings of one connection apart.
fn low(frame: u64) -> u32 {
    let [a, b, c, d, ..] = frame.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number and the frame in which it was last heard of.
    #[derive(Clone, Debug, PartialEq)]
    struct Heard(u64);

    impl Pack for Heard {
        fn last_frame(&self) -> u64 {
            self.0
        }

        fn pack(&mut self) -> Box<[u8]> {
            self.0.to_le_bytes().into()
        }

        fn unpack(bytes: &[u8]) -> Option<Self> {
            Some(Heard(u64::from_le_bytes(bytes.try_into().ok()?)))
        }
    }

    #[test]
    fn what_was_heard_of_again_is_not_the_oldest() {
        let mut shelf = Shelf::new(Limits { ready: 1, ended: 1, packed: 2 });
        let mut forgotten = Vec::new();
        let mut forget = |number: u32, _: &Heard| forgotten.push(number);
        for frame in 1..=3 {
            shelf.push(Heard(frame), &mut forget);
        }
        // The first, packed longest ago, is heard of and packed again.
        shelf.get_mut(0, &mut forget).expect("it is packed").0 = 4;
        shelf.push(Heard(5), &mut forget);
        shelf.push(Heard(6), &mut forget);
        assert_eq!(forgotten, [1, 2]);
        assert_eq!((shelf.peek(0).as_deref(), shelf.peek(1)), (Some(&Heard(4)), None));
        assert_eq!(shelf.forgotten(), 2);
    }

    /// Which of the first few are packed.
    fn packed(shelf: &Shelf<Heard>) -> Vec<u32> {
        (0..number(shelf.len())).filter(|at| matches!(shelf.places[*at as usize], Place::Packed(_))).collect()
    }

    #[test]
    fn the_longest_idle_is_packed_first_and_what_has_ended_before_it() {
        let mut shelf = Shelf::new(Limits { ready: 3, ended: 1, packed: 9 });
        let mut forget = |_: u32, _: &Heard| {};
        for frame in 1..=3 {
            shelf.push(Heard(frame), &mut forget);
        }
        shelf.get_mut(0, &mut forget).expect("at hand").0 = 4;
        shelf.push(Heard(5), &mut forget);
        assert_eq!(packed(&shelf), [1], "0 was heard of again");
        shelf.push(Heard(6), &mut forget);
        assert_eq!(packed(&shelf), [1, 2]);
        // 3 and 4 end; the last that ended stays at hand, and 0 as well.
        shelf.ended(3, &mut forget);
        assert_eq!(packed(&shelf), [1, 2]);
        shelf.ended(4, &mut forget);
        assert_eq!(packed(&shelf), [1, 2, 3]);
        assert_eq!(shelf.ready_ones().count(), 2);
        assert_eq!([0, 4].map(|number| shelf.ready(number).cloned()), [Some(Heard(4)), Some(Heard(6))]);
        // One that was heard of after its end is not packed for having ended.
        shelf.get_mut(4, &mut forget).expect("at hand").0 = 7;
        shelf.ended(0, &mut forget);
        assert_eq!(packed(&shelf), [1, 2, 3]);
    }

    #[test]
    fn no_queue_grows_with_what_is_gone() {
        let limits = Limits { ready: 20, ended: 1, packed: 30 };
        let mut forget = |_: u32, _: &Heard| {};
        let mut shelf = Shelf::new(limits);
        for frame in 1..=1_000 {
            let number = shelf.push(Heard(frame), &mut forget);
            shelf.ended(number, &mut forget);
            assert!(shelf.idle.len() <= 2 * limits.ready + SLACK + 1, "{}", shelf.idle.len());
        }
        assert_eq!((shelf.packed_count, shelf.forgotten()), (30, 969));
        // Three take turns at being the only one at hand.
        let limits = Limits { ready: 1, ..limits };
        let mut shelf = Shelf::new(limits);
        for frame in 0..3 {
            shelf.push(Heard(frame), &mut forget);
        }
        for frame in 3..1_000 {
            let number = u32::try_from(frame % 3).expect("small");
            shelf.get_mut(number, &mut forget).expect("kept").0 = frame;
            assert!(shelf.packed.len() <= 2 * shelf.packed_count + SLACK + 1, "{}", shelf.packed.len());
        }
        assert_eq!((shelf.packed_count, shelf.forgotten()), (2, 0));
        assert_eq!(
            [997, 998, 999].map(|frame: u64| shelf.peek(u32::try_from(frame % 3).expect("small")).map(|one| one.0)),
            [Some(997), Some(998), Some(999)]
        );
    }
}
