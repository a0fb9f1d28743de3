use proptest::prelude::*;

use super::*;
use crate::decode::{StopReason, Transport};
use crate::frame::LinkType;
use crate::script::Script;

/// The IPv4 or IPv6 packet of a segment with 40 bytes of payload.
fn whole(v6: bool) -> Vec<u8> {
    let text = format!("{}C>S PSH,ACK \"{}\"", if v6 { "ipv6\n" } else { "" }, "0123456789".repeat(4));
    Script::parse(&text).expect("valid").frames().remove(0).bytes
}

/// One fragment of `packet`: the bytes from `offset` on, `len` of them, under this identification.
fn piece(packet: &[u8], id: u8, offset: usize, len: usize) -> Vec<u8> {
    let v6 = packet[0] >> 4 == 6;
    let header = if v6 { 40 } else { 20 };
    let end = (header + offset + len).min(packet.len());
    let more = end < packet.len();
    let data = &packet[header + offset..end];
    let mut out = packet[..header].to_vec();
    let units = u16::try_from(offset / 8).expect("small");
    if v6 {
        let word = (units << 3 | u16::from(more)).to_be_bytes();
        out[6] = 44;
        out[4..6].copy_from_slice(&u16::try_from(8 + data.len()).expect("small").to_be_bytes());
        out.extend([packet[6], 0, word[0], word[1], 0, 0, 0, id]);
    } else {
        out[2..4].copy_from_slice(&u16::try_from(20 + data.len()).expect("small").to_be_bytes());
        out[4..6].copy_from_slice(&[0, id]);
        out[6..8].copy_from_slice(&(units | u16::from(more) << 13).to_be_bytes());
    }
    [out.as_slice(), data].concat()
}

fn frame(bytes: &[u8], second: i64) -> Frame<'_> {
    let wire_len = u32::try_from(bytes.len()).expect("small");
    Frame {
        number: 1,
        time: Some(Time(second * 1_000_000_000)),
        interface: 0,
        link: LinkType(101),
        wire_len,
        bytes,
        passage: None,
    }
}

/// What each frame in turn is: the payload of a segment, or nothing.
fn payloads(frames: &[Vec<u8>]) -> Vec<Option<String>> {
    let mut reassembler = Reassembler::default();
    let mut out = Vec::new();
    for bytes in frames {
        let mut buffer = Vec::new();
        let packet = reassembler.decode(&frame(bytes, 0), &mut buffer);
        out.push(match packet.transport {
            Transport::Tcp(segment) => Some(String::from_utf8_lossy(segment.payload).into_owned()),
            _ => None,
        });
    }
    out
}

#[test]
fn the_fragment_that_completes_a_datagram_is_the_segment() {
    let text = Some("0123456789".repeat(4));
    for v6 in [false, true] {
        let packet = whole(v6);
        let [a, b, c] = [piece(&packet, 1, 0, 24), piece(&packet, 1, 24, 16), piece(&packet, 1, 40, 99)];
        for order in [[&a, &b, &c], [&c, &a, &b], [&b, &c, &a]] {
            let frames: Vec<_> = order.into_iter().cloned().collect();
            assert_eq!(payloads(&frames), [None, None, text.clone()], "{v6}");
        }
        // A duplicate before completion changes nothing; one after it begins a datagram anew.
        assert_eq!(payloads(&[a.clone(), a.clone(), c.clone(), b.clone(), b.clone()])[3..], [text.clone(), None]);
        // Another datagram's fragment completes nothing.
        assert_eq!(payloads(&[a, piece(&packet, 2, 24, 16), c]), [None, None, None]);
    }
}

#[test]
fn of_overlapping_bytes_the_earlier_ones_count() {
    let packet = whole(false);
    let mut later = piece(&packet, 1, 24, 99);
    // These are bytes 24 to 31 of the datagram, which the first fragment holds as well.
    later[20..28].fill(b'x');
    let frames = [piece(&packet, 1, 0, 32), later];
    assert_eq!(payloads(&frames)[1].as_deref(), Some("0123456789".repeat(4).as_str()));
}

#[test]
fn a_fragment_is_said_to_be_one() {
    let packet = whole(false);
    let bytes = piece(&packet, 7, 24, 16);
    let mut buffer = Vec::new();
    let decoded = Reassembler::default().decode(&frame(&bytes, 0), &mut buffer);
    let fragment = decoded.fragment.expect("a fragment");
    assert_eq!((fragment.id, fragment.offset, fragment.more), (7, 24, true));
    assert_eq!(fragment.payload.map(<[u8]>::len), Some(16));
    assert_eq!(decoded.stop.map(|stop| stop.why), Some(StopReason::Fragment));
}

#[test]
fn a_first_fragment_that_was_cut_shows_its_header() {
    let packet = whole(false);
    let bytes = piece(&packet, 1, 0, 56);
    let wire = frame(&bytes, 0);
    let decoded = decode(&Frame { bytes: &bytes[..45], ..wire });
    assert!(matches!(decoded.transport, Transport::Tcp(segment) if segment.dst_port == 5001));
    assert!(decoded.fragment.is_none());
}

#[test]
fn a_datagram_that_waited_too_long_is_given_up() {
    let packet = whole(false);
    let [first, last] = [piece(&packet, 1, 0, 24), piece(&packet, 1, 24, 99)];
    for (second, complete) in [(60, true), (61, false)] {
        let mut reassembler = Reassembler::default();
        let mut buffer = Vec::new();
        let _ = reassembler.decode(&frame(&first, 0), &mut buffer);
        let mut buffer = Vec::new();
        let packet = reassembler.decode(&frame(&last, second), &mut buffer);
        assert_eq!(matches!(packet.transport, Transport::Tcp(_)), complete);
    }
}

#[test]
fn memory_is_bounded() {
    let mut reassembler = Reassembler::default();
    let packet = whole(false);
    for number in 0..3 * MAX_DATAGRAMS {
        let mut bytes = piece(&packet, 1, 0, 24);
        bytes[12..16].copy_from_slice(&u32::try_from(number).expect("small").to_be_bytes());
        let _ = reassembler.decode(&frame(&bytes, 0), &mut Vec::new());
        // And one that is complete at once, so that the queue is not all there is.
        let _ = reassembler.decode(&frame(&piece(&packet, 2, 0, 24), 0), &mut Vec::new());
        let _ = reassembler.decode(&frame(&piece(&packet, 2, 24, 99), 0), &mut Vec::new());
    }
    assert!((MAX_DATAGRAMS - 1..=MAX_DATAGRAMS).contains(&reassembler.waiting()));
    assert!(reassembler.order.len() <= 2 * MAX_DATAGRAMS + 1);
    let counted: usize = reassembler.datagrams.values().map(|datagram| datagram.bytes).sum();
    assert_eq!(reassembler.bytes, counted);

    let mut reassembler = Reassembler::default();
    let long = [packet[..20].to_vec(), vec![0; 60_000]].concat();
    for id in 0..2000_u32 {
        let mut bytes = piece(&long, 1, 0, 59_992);
        bytes[12..16].copy_from_slice(&id.to_be_bytes());
        let _ = reassembler.decode(&frame(&bytes, 0), &mut Vec::new());
        assert!(reassembler.bytes <= MAX_BYTES);
    }
    assert!(reassembler.waiting() > 100);
}

proptest! {
    /// However a packet is cut up and in whatever order the pieces come, the last of them gives the packet.
    #[test]
    fn any_way_of_cutting_is_undone(v6 in any::<bool>(), cuts in prop::collection::btree_set(1usize..7, 1..5), seed in any::<u64>()) {
        let packet = whole(v6);
        let edges: Vec<usize> = std::iter::once(0).chain(cuts.iter().map(|cut| cut * 8)).collect();
        let ends = edges.iter().skip(1).copied().chain([99]);
        let mut frames: Vec<_> = edges.iter().zip(ends).map(|(from, to)| piece(&packet, 1, *from, to - from)).collect();
        let turn = usize::try_from(seed % 5).expect("small") % frames.len();
        frames.rotate_left(turn);
        let got = payloads(&frames);
        prop_assert!(got[..got.len() - 1].iter().all(Option::is_none));
        prop_assert_eq!(got.last().cloned().flatten(), Some("0123456789".repeat(4)));
    }

    /// Any fragments at all: never a panic, and what is remembered is what is counted.
    #[test]
    fn any_fragments_are_survived(pieces in prop::collection::vec((0u8..3, 0u16..9, any::<bool>(), 0usize..30), 0..40)) {
        let packet = whole(false);
        let mut reassembler = Reassembler::default();
        for (id, units, more, len) in pieces {
            let mut bytes = piece(&packet, id, 0, len);
            bytes[6..8].copy_from_slice(&(units | u16::from(more) << 13).to_be_bytes());
            let _ = reassembler.decode(&frame(&bytes, 0), &mut Vec::new());
        }
        let counted: usize = reassembler.datagrams.values().map(|datagram| datagram.bytes).sum();
        prop_assert_eq!(reassembler.bytes, counted);
    }
}
