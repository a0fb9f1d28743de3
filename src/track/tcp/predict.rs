//! Header prediction: most segments are the next ones of a connection in which nothing special is going on, and all that
//! they change is a handful of numbers.
//!
//! It serves when nobody looks at single packets. A prediction leaves the connection exactly as the long way would
//! (a property test holds them together), or leaves it alone.

use super::{Scale, TcpConnection};
use crate::decode::TcpFlags;
use crate::decode::plain::Plain;
use crate::track::connection::Mark;
use crate::track::step::{Side, State};

/// The flags that change nothing by themselves.
const PLAIN: u16 = TcpFlags::ACK | TcpFlags::PSH;

impl TcpConnection {
    /// Both ends are ESTABLISHED, nothing is missing, nothing waits to be answered.
    pub(super) fn is_steady(&self) -> bool {
        let summary = &self.summary;
        self.states == [Some(State::Established); 2]
            && self.streams.iter().all(|stream| stream.is_in_order() && stream.acked.is_some())
            && summary.fin == [None; 2]
            && summary.rst.is_none()
            && (summary.rtt.is_some() || summary.syn.is_none())
            && self.probes.are_quiet()
            && summary.zeek.is_steady()
            && !summary.is_with_itself()
    }

    /// Follows a segment that continues a steady connection. False, and nothing is changed, when it needs a closer look.
    #[inline]
    pub fn predict(&mut self, from: Side, segment: &Plain<'_>, at: Mark) -> bool {
        let (own, peer) = (from.index(), from.other().index());
        if !self.steady || segment.flags.0 & !PLAIN != 0 || !segment.flags.ack() || segment.window == 0 {
            return false;
        }
        let (mine, theirs) = (&self.streams[own], &self.streams[peer]);
        let (Some(next), Some(acked), Some(sent)) = (mine.next, theirs.acked, theirs.next) else { return false };
        let expected = segment.seq == next && segment.ack.at_or_after(acked) && sent.at_or_after(segment.ack);
        if !expected || segment.may_be_app() {
            return false;
        }
        let (len, end) = (segment.len(), segment.seq.plus(segment.len()));
        if !self.summary.zeek.predict(from, (segment.seq, end), segment.ack) {
            return false;
        }
        let (window, scale_known) = match (mine.scale, theirs.scale) {
            (Scale::Offered(shift), Scale::Offered(_)) => (u32::from(segment.window) << shift, true),
            (scale, _) => (u32::from(segment.window), scale != Scale::Unknown),
        };
        self.streams[own].advance(end, (segment.ack, at.frame), (segment.ack.plus(window), scale_known));
        self.streams[peer].acked = Some(segment.ack);
        self.probes.advance(own, (end, len > 0), segment.ack, at, window);
        let summary = &mut self.summary;
        summary.packets[own] += 1;
        summary.last = at;
        summary.completeness.add_plain(len > 0);
        if len > 0 {
            summary.bytes[own] += u64::from(len);
            summary.last_data[own] = Some(at);
            self.note_turn(from, segment.payload);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::decode::decode;
    use crate::decode::plain::plain;
    use crate::frame::{Frame, LinkType, Time};
    use crate::track::Tracker;
    use crate::track::connection::Mark;

    /// One packet of a conversation that mostly goes as it should.
    #[derive(Clone, Debug)]
    struct Turn {
        server: bool,
        flags: u8,
        /// Added to the next number in order.
        seq: i8,
        /// Added to the number that acknowledges all.
        ack: i8,
        window: u16,
        payload: Vec<u8>,
        pause_ms: u32,
    }

    fn turn() -> impl Strategy<Value = Turn> {
        let flags = prop_oneof![8 => Just(0x10_u8), 8 => Just(0x18), 1 => Just(0x11), 1 => Just(0x14), 1 => Just(0x04),
            1 => Just(0x02), 1 => Just(0x12), 1 => Just(0x30), 1 => Just(0)];
        let odd = || prop_oneof![12 => Just(0_i8), 1 => Just(-1), 1 => Just(1), 1 => -9_i8..9];
        let payload = prop_oneof![4 => Just(Vec::new()), 4 => Just(b"x".to_vec()), 4 => Just(b"halo dunia".to_vec()),
            1 => Just(b"GET / HTTP/1.1\r\n\r\n".to_vec()), 1 => Just(b"HTTP/1.1 200 OK\r\n\r\nhi".to_vec())];
        let pause_ms = prop_oneof![6 => Just(1_u32), 1 => Just(700)];
        let window = prop_oneof![12 => Just(512_u16), 1 => Just(0)];
        (any::<bool>(), flags, odd(), odd(), window, payload, pause_ms).prop_map(
            |(server, flags, seq, ack, window, payload, pause_ms)| Turn {
                server,
                flags,
                seq,
                ack,
                window,
                payload,
                pause_ms,
            },
        )
    }

    /// The packets of a conversation after its handshake (or without it), as raw IPv4.
    fn packets(start: u32, handshake: bool, turns: &[Turn]) -> Vec<(i64, Vec<u8>)> {
        let mut next = [start, start.wrapping_mul(7)];
        let opening =
            |server, flags| Turn { server, flags, seq: 0, ack: 0, window: 512, payload: Vec::new(), pause_ms: 1 };
        let opening = [opening(false, 2), opening(true, 0x12), opening(false, 0x10)];
        let mut time = 0_i64;
        let mut all = Vec::new();
        for turn in opening.iter().filter(|_| handshake).chain(turns) {
            time += i64::from(turn.pause_ms) * 1_000_000;
            let (own, peer) = (usize::from(turn.server), usize::from(!turn.server));
            let seq = next[own].wrapping_add_signed(turn.seq.into());
            let ack = next[peer].wrapping_add_signed(turn.ack.into());
            let control = u32::from(turn.flags & 1) + u32::from(turn.flags >> 1 & 1);
            let end = seq.wrapping_add(u32::try_from(turn.payload.len()).unwrap() + control);
            if end.wrapping_sub(next[own]) < 1 << 31 && turn.flags & 4 == 0 {
                next[own] = end;
            }
            let options: &[u8] = if turn.flags & 2 == 2 { &[1, 3, 3, 7] } else { &[] };
            let total = u16::try_from(40 + options.len() + turn.payload.len()).unwrap();
            let ends = if turn.server { [[10, 0, 0, 2], [10, 0, 0, 1]] } else { [[10, 0, 0, 1], [10, 0, 0, 2]] };
            let ports: [u16; 2] = if turn.server { [80, 40_000] } else { [40_000, 80] };
            let mut bytes = vec![0x45, 0];
            bytes.extend(total.to_be_bytes());
            bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
            bytes.extend(ends.concat());
            bytes.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
            bytes.extend(seq.to_be_bytes());
            bytes.extend(ack.to_be_bytes());
            bytes.extend([u8::try_from(5 + options.len() / 4).unwrap() << 4, turn.flags]);
            bytes.extend(turn.window.to_be_bytes());
            bytes.extend([0; 4]);
            bytes.extend(options);
            bytes.extend(&turn.payload);
            all.push((time, bytes));
        }
        all
    }

    /// Follows the packets with and without prediction; the number of predictions.
    fn compare(packets: &[(i64, Vec<u8>)]) -> Result<usize, TestCaseError> {
        let (mut quick, mut thorough) = (Tracker::connections_only(), Tracker::connections_only());
        let mut predictions = 0;
        for (number, (time, bytes)) in (1..).zip(packets) {
            let wire_len = u32::try_from(bytes.len()).unwrap();
            let time = Some(Time(*time));
            let frame = Frame { number, time, interface: 0, link: LinkType::RAW, wire_len, bytes, passage: None };
            let segment = plain(&frame).unwrap();
            let before = format!("{quick:?}");
            if quick.predict(&segment, Mark { frame: number, time }).is_some() {
                predictions += 1;
            } else {
                prop_assert_eq!(before, format!("{quick:?}"), "a refused prediction changes nothing");
                quick.push(&decode(&frame));
            }
            thorough.push(&decode(&frame));
            prop_assert_eq!(format!("{quick:?}"), format!("{thorough:?}"), "after packet {}", number);
        }
        Ok(predictions)
    }

    #[test]
    fn an_ordinary_conversation_is_predicted() {
        let turn = |server, payload: &[u8]| Turn {
            server,
            flags: 0x18,
            seq: 0,
            ack: 0,
            window: 512,
            payload: payload.to_vec(),
            pause_ms: 1,
        };
        let turns =
            [turn(false, b"halo"), turn(true, b""), turn(true, b"dunia"), turn(false, b""), turn(false, b"lagi")];
        // The first ACK by the server is needed to know that both have acknowledged something.
        assert!(compare(&packets(u32::MAX - 3, true, &turns)).unwrap() >= 4);
    }

    proptest! {
        #[test]
        fn a_prediction_leaves_what_the_long_way_leaves(
            start: u32,
            handshake: bool,
            turns in proptest::collection::vec(turn(), 1..40),
        ) {
            compare(&packets(start, handshake, &turns))?;
        }
    }
}
