//! Header prediction: most segments are the next ones of a connection in which nothing special is going on, and all that
//! they change is a handful of numbers.
//!
//! It serves when nobody looks at single packets. The handful lies together, in three cache lines instead of the dozen
//! over which a connection spreads, and is put back where it belongs before anything else looks at the connection: then
//! the connection is exactly what the long way would have made of it (a property test holds them together).

use std::net::{SocketAddr, SocketAddrV4};

use super::{Scale, TcpConnection};
use crate::decode::TcpFlags;
use crate::decode::plain::Plain;
use crate::frame::Time;
use crate::track::Seq;
use crate::track::connection::{Connection, Mark};
use crate::track::step::{Side, State};
use crate::track::zeek::Event;

/// The flags that change nothing by themselves.
const PLAIN: u16 = TcpFlags::ACK | TcpFlags::PSH;

/// What the next segments of a steady connection need, and what they have changed since it was last put back.
#[derive(Clone, Debug)]
pub(super) struct Course {
    client: SocketAddrV4,
    awaiting_reply: bool,
    speaks_http: bool,
    /// The letters of `history` that are written already, or noted here.
    written: u8,
    /// Events that `history` is to be told, oldest first.
    news: [Option<(Side, Event)>; 4],
    requests: u32,
    ends: [Lane; 2],
}

/// What one end has sent.
#[derive(Clone, Copy, Debug)]
struct Lane {
    next: Seq,
    /// The highest acknowledgment by the other end.
    acked: Seq,
    /// The acknowledgment that this end sent last.
    ack: Seq,
    packets: u32,
    bytes: u64,
    last: (u64, Time),
    last_data: (u64, Time),
    /// As the header has it.
    window: u16,
    shift: u8,
    scale_known: bool,
    /// Some packets had data, some were lone ACKs.
    data: bool,
    lone: bool,
}

fn mark((frame, time): (u64, Time)) -> Mark {
    Mark { frame, time: Some(time) }
}

impl Course {
    /// The course of a connection on which the next segments can be predicted.
    pub(super) fn of(conn: &TcpConnection) -> Option<Self> {
        if conn.detail.is_some() || conn.wire.is_some() || !conn.is_steady() {
            return None;
        }
        let SocketAddr::V4(client) = conn.summary.client else { return None };
        let lane = |own: usize| {
            let (mine, theirs) = (&conn.streams[own], &conn.streams[1 - own]);
            let (shift, scale_known) = match (mine.scale, theirs.scale) {
                (Scale::Offered(shift), Scale::Offered(_)) => (shift, true),
                (scale, _) => (0, scale != Scale::Unknown),
            };
            let next = mine.next.filter(|next| conn.summary.zeek.stands_at(own, *next))?;
            Some(Lane {
                next,
                acked: mine.acked?,
                ack: Seq(0),
                packets: 0,
                bytes: 0,
                last: (0, Time(0)),
                last_data: (0, Time(0)),
                window: 0,
                shift,
                scale_known,
                data: false,
                lone: false,
            })
        };
        Some(Course {
            client,
            awaiting_reply: conn.awaiting_reply,
            speaks_http: conn.speaks_http,
            written: conn.summary.zeek.written(),
            news: [None; 4],
            requests: 0,
            ends: [lane(0)?, lane(1)?],
        })
    }

    /// Takes a segment in. False, and nothing is changed, when it needs a closer look.
    #[inline]
    fn take(&mut self, segment: &Plain, at: Mark) -> bool {
        if segment.flags.0 & !PLAIN != 0 || !segment.flags.ack() || segment.window == 0 {
            return false;
        }
        let Some(time) = at.time else { return false };
        let from = if segment.src == self.client { Side::Client } else { Side::Server };
        let [client, server] = &mut self.ends;
        let (mine, theirs) = if from == Side::Client { (client, server) } else { (server, client) };
        let ack = segment.ack;
        let expected = segment.seq == mine.next && ack.at_or_after(theirs.acked) && theirs.next.at_or_after(ack);
        if !expected || segment.may_be_app {
            return false;
        }
        let (len, at) = (u32::from(segment.len), (at.frame, time));
        theirs.acked = ack;
        mine.ack = ack;
        mine.window = segment.window;
        mine.packets += 1;
        mine.last = at;
        if len > 0 {
            mine.next = mine.next.plus(len);
            mine.bytes += u64::from(len);
            mine.last_data = at;
            mine.data = true;
            if from == Side::Client {
                self.awaiting_reply = true;
            } else if self.awaiting_reply && !self.speaks_http {
                self.awaiting_reply = false;
                self.requests += 1;
            }
        } else {
            mine.lone = true;
        }
        let event = if len > 0 { Event::Data } else { Event::LoneAck };
        let bit = event.bit(from);
        if self.written & bit == 0 {
            self.written |= bit;
            if let Some(free) = self.news.iter_mut().find(|news| news.is_none()) {
                *free = Some((from, event));
            }
        }
        true
    }
}

impl TcpConnection {
    /// Both ends are ESTABLISHED, nothing is missing, nothing waits to be answered.
    fn is_steady(&self) -> bool {
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
    pub fn predict(&mut self, segment: &Plain, at: Mark) -> bool {
        self.course.as_mut().is_some_and(|course| course.take(segment, at))
    }

    /// Puts what was predicted where it belongs.
    pub fn settle(&mut self) {
        let Some(course) = self.course.take() else { return };
        for (own, lane) in course.ends.iter().enumerate().filter(|(_, lane)| lane.packets > 0) {
            let peer = 1 - own;
            let window = u32::from(lane.window) << lane.shift;
            let last = mark(lane.last);
            self.streams[own].advance(lane.next, (lane.ack, last.frame), (lane.ack.plus(window), lane.scale_known));
            self.streams[peer].acked = Some(lane.ack);
            let tail = lane.data.then(|| mark(lane.last_data));
            self.probes.advance(own, (lane.next, tail), lane.ack, last, window);
            let summary = &mut self.summary;
            summary.packets[own] += u64::from(lane.packets);
            summary.bytes[own] += lane.bytes;
            if last.frame > summary.last.frame {
                summary.last = last;
            }
            if lane.data {
                summary.last_data[own] = tail;
                summary.completeness.add_plain(true);
                summary.zeek.delivered_to(own, lane.next);
            }
            if lane.lone {
                summary.completeness.add_plain(false);
            }
        }
        for (from, event) in course.news.iter().flatten() {
            self.summary.zeek.happened(*from, *event);
        }
        self.awaiting_reply = course.awaiting_reply;
        self.summary.requests += course.requests;
    }

    /// What is known of it as a whole, with what was predicted.
    pub fn settled(&mut self) -> &mut Connection {
        self.settle();
        &mut self.summary
    }

    /// The frame of the last packet, predicted ones included.
    pub(super) fn last_frame(&self) -> u64 {
        let predicted = self.course.as_ref().map_or(0, |course| course.ends[0].last.0.max(course.ends[1].last.0));
        self.summary.last.frame.max(predicted)
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
            let segment = plain(&frame, false).unwrap();
            let before = format!("{quick:?}");
            if quick.predict(&segment, Mark { frame: number, time }).is_some() {
                predictions += 1;
            } else {
                prop_assert_eq!(before, format!("{quick:?}"), "a refused prediction changes nothing");
                quick.push(&decode(&frame));
            }
            thorough.push(&decode(&frame));
            let (mut settled, mut expected) = (quick.clone(), thorough.clone());
            settled.settle();
            expected.settle();
            prop_assert_eq!(format!("{settled:?}"), format!("{expected:?}"), "after packet {}", number);
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
