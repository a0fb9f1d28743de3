//! The connections of a capture that a report is about.

use std::borrow::Cow;

use super::{ConnId, Connection, Tracker};

/// Connections chosen from a tracker's: TCP by number, then UDP. Each is looked up, and unpacked, when it is asked for,
/// so that a million of them never lie unpacked side by side.
#[derive(Clone, Copy, Debug)]
pub struct Connections<'a> {
    tracker: &'a Tracker,
    ids: &'a [ConnId],
}

impl<'a> Connections<'a> {
    /// Those of that tracker with these names, which are in order; names of connections that it does not have are passed over.
    #[must_use]
    pub fn new(tracker: &'a Tracker, ids: &'a [ConnId]) -> Self {
        Connections { tracker, ids }
    }

    /// Their names.
    #[must_use]
    pub fn ids(&self) -> &'a [ConnId] {
        self.ids
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// How many the tracker has, chosen or not.
    #[must_use]
    pub fn in_all(&self) -> usize {
        self.tracker.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'a, Connection>> + use<'a> {
        let tracker = self.tracker;
        self.ids.iter().filter_map(|id| tracker.find(*id))
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<Cow<'a, Connection>> {
        self.iter().next()
    }

    /// The one of that name, when it is among them.
    #[must_use]
    pub fn find(&self, id: ConnId) -> Option<Cow<'a, Connection>> {
        self.ids.binary_search(&id).ok().and_then(|_| self.tracker.find(id))
    }
}
