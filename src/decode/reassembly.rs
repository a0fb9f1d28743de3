//! Puts fragmented datagrams together, so that their transport layer can be read with the fragment that completes them.
//!
//! Decoding itself remembers nothing; this is the one place that does, within limits.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use rustc_hash::FxHashMap;

use super::{Fragment, Packet, decode, decode_datagram};
use crate::frame::{Frame, Time};

/// Incomplete datagrams that are remembered; beyond it the oldest is given up.
pub const MAX_DATAGRAMS: usize = 4096;
/// Bytes that are remembered, the bookkeeping counted in; beyond it the oldest datagram is given up.
pub const MAX_BYTES: usize = 32 << 20;
/// How long a datagram may wait for its next fragment (RFC 8200 section 4.5), where the frames have times.
pub const MAX_AGE_NS: i64 = 60_000_000_000;
/// The longest datagram that IP can describe.
const MAX_LEN: u32 = 65_535;
/// What one fragment costs beside its bytes.
const OVERHEAD: usize = 64;
/// Reassembled datagrams that are themselves fragments, one within another.
const MAX_NESTED: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    src: IpAddr,
    dst: IpAddr,
    id: u32,
    /// Part of the name in IPv4 only.
    protocol: u8,
}

#[derive(Debug, Default)]
struct Datagram {
    /// By offset, then in order of arrival: of bytes that came twice the first to be copied count.
    pieces: BTreeMap<(u32, u32), Vec<u8>>,
    /// The end of the last fragment, once seen.
    len: Option<u32>,
    bytes: usize,
    latest: Option<Time>,
    /// Tells it from an earlier datagram of the same name.
    serial: u64,
}

/// Remembers fragments until their datagram is complete.
#[derive(Debug, Default)]
pub struct Reassembler {
    datagrams: FxHashMap<Key, Datagram>,
    /// In order of their first fragments; entries that are complete by now are passed over.
    order: VecDeque<(Key, u64)>,
    bytes: usize,
    serial: u64,
}

impl Reassembler {
    /// Decodes a frame. If it completes a datagram, the packet is the whole datagram, whose bytes are put into `buffer`.
    pub fn decode<'a>(&mut self, frame: &Frame<'a>, buffer: &'a mut Vec<u8>) -> Packet<'a> {
        let packet = decode(frame);
        let Some(mut fragment) = packet.fragment else { return packet };
        let Some(mut data) = self.add(&fragment, frame.time) else { return packet };
        for _ in 1..MAX_NESTED {
            let Some(inner) = decode_datagram(frame, &fragment, &data).fragment else { break };
            let Some(whole) = self.add(&inner, frame.time) else { break };
            fragment = Fragment { ip: inner.ip, id: inner.id, offset: inner.offset, more: false, payload: None };
            data = whole;
        }
        *buffer = data;
        decode_datagram(frame, &fragment, buffer)
    }

    /// How many incomplete datagrams are remembered.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.datagrams.len()
    }

    /// Remembers a fragment. The whole datagram, when this one was the last that was missing.
    fn add(&mut self, fragment: &Fragment<'_>, now: Option<Time>) -> Option<Vec<u8>> {
        let payload = fragment.payload.filter(|payload| !payload.is_empty())?;
        let end = fragment.offset.saturating_add(u32::try_from(payload.len()).ok()?);
        if end > MAX_LEN {
            return None;
        }
        let ip = fragment.ip;
        let protocol = if ip.src.is_ipv4() { ip.protocol } else { 0 };
        let key = Key { src: ip.src, dst: ip.dst, id: fragment.id, protocol };
        if let (Some(now), Some(known)) = (now, self.datagrams.get(&key))
            && known.latest.is_some_and(|latest| now.since(latest) > MAX_AGE_NS)
        {
            self.forget(&key);
        }
        if !self.datagrams.contains_key(&key) {
            self.make_room();
            self.serial += 1;
            self.datagrams.insert(key, Datagram { serial: self.serial, ..Datagram::default() });
            self.order.push_back((key, self.serial));
        }
        let datagram = self.datagrams.get_mut(&key)?;
        datagram.latest = now.or(datagram.latest);
        if !fragment.more && datagram.len.is_none() {
            datagram.len = Some(end);
        }
        let same = datagram.pieces.range((fragment.offset, 0)..=(fragment.offset, u32::MAX));
        if same.clone().all(|(_, known)| known.len() < payload.len()) {
            let place = (fragment.offset, u32::try_from(same.count()).unwrap_or(u32::MAX));
            datagram.pieces.insert(place, payload.to_vec());
            datagram.bytes += payload.len() + OVERHEAD;
            self.bytes += payload.len() + OVERHEAD;
        }
        let whole = datagram.whole();
        if whole.is_some() {
            self.forget(&key);
        }
        while self.bytes > MAX_BYTES && self.forget_oldest() {}
        whole
    }

    fn make_room(&mut self) {
        while self.datagrams.len() >= MAX_DATAGRAMS && self.forget_oldest() {}
        // Of datagrams that became complete, the entries are dropped when they are half of all.
        if self.order.len() > 2 * MAX_DATAGRAMS {
            let datagrams = &self.datagrams;
            self.order.retain(|(key, serial)| datagrams.get(key).is_some_and(|known| known.serial == *serial));
        }
    }

    fn forget_oldest(&mut self) -> bool {
        while let Some((key, serial)) = self.order.pop_front() {
            if self.datagrams.get(&key).is_some_and(|known| known.serial == serial) {
                self.forget(&key);
                return true;
            }
        }
        false
    }

    fn forget(&mut self, key: &Key) {
        if let Some(gone) = self.datagrams.remove(key) {
            self.bytes = self.bytes.saturating_sub(gone.bytes);
        }
    }
}

impl Datagram {
    /// The datagram without gaps, or `None`. What reaches beyond the end of the last fragment is left out.
    fn whole(&self) -> Option<Vec<u8>> {
        let len = self.len? as usize;
        if self.bytes < len {
            return None;
        }
        let mut covered = 0;
        for ((offset, _), piece) in &self.pieces {
            let offset = *offset as usize;
            if offset > covered {
                return None;
            }
            covered = covered.max(offset + piece.len());
        }
        if covered < len {
            return None;
        }
        let mut data = Vec::with_capacity(len);
        for ((offset, _), piece) in &self.pieces {
            let known = data.len() - (*offset as usize).min(data.len());
            data.extend_from_slice(piece.get(known..).unwrap_or_default());
        }
        data.truncate(len);
        Some(data)
    }
}

#[cfg(test)]
mod tests;
