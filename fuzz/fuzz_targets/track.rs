//! Any series of segments between a few ends: every twelve bytes are one. What holds for any series is asserted.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use netscope::annotate::{self, Context, verdict};
use netscope::decode::{Ip, Packet, TcpFlags, TcpOptions, TcpSegment, Transport};
use netscope::frame::Time;
use netscope::track::{Limits, Seq, Tracker};

fuzz_target!(|data: &[u8]| {
    // One at hand: every change of connection packs one and unpacks another.
    let mut tracker = Tracker::new().keeping(Limits { ready: 1, ended: 0, packed: usize::MAX });
    let payload = [b'x'; 64];
    let mut packets = 0;
    for (index, bytes) in data.as_chunks::<12>().0.iter().enumerate() {
        let packet = packet(index as u64 + 1, bytes, &payload);
        let step = tracker.push(&packet);
        packets += 1;
        let conn = step.conn.and_then(|id| tracker.connection(id));
        assert!(conn.is_some(), "a segment belongs to a connection");
        let facts = &step.tcp.as_ref().expect("a segment has a step").facts;
        assert!(u64::from(facts.new_bytes) <= 64);
        for annotation in annotate::annotate(&Context { packet: &packet, step: &step, conn }) {
            assert!(!annotation.note(netscope::language::Lang::Id).contains('{'), "{annotation:?}");
        }
    }
    let mut counted = 0;
    for connection in tracker.connections() {
        counted += connection.packets.iter().sum::<u64>();
        let _ = verdict::verdict(&connection);
    }
    assert_eq!(counted, packets, "every packet is counted once");
});

/// Ends, direction, flags and options from single bits, so that the numbers meet often.
fn packet<'a>(number: u64, bytes: &[u8; 12], payload: &'a [u8; 64]) -> Packet<'a> {
    let [ends, flags, more, seq_low, seq_high, ack_low, ack_high, len, window, wide, time, extra] = *bytes;
    let port = 40_000 + u16::from(ends >> 1 & 3);
    let (client, server) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
    let from_client = ends & 1 == 0;
    let (src, dst) = if from_client { (client, server) } else { (server, client) };
    let (src_port, dst_port) = if from_client { (port, 80) } else { (80, port) };
    // Small numbers around the wrap, or any: bits of `wide` decide.
    let number_of = |low: u8, high: u8, any: bool| {
        let small = u32::from(u16::from_le_bytes([low, high & 3])).wrapping_sub(300);
        Seq(if any { u32::from_le_bytes([low, high, wide, extra]) } else { small })
    };
    let len = u32::from(len % 65);
    let mut options = TcpOptions::default();
    if more & 1 != 0 {
        options.window_scale = Some(extra);
    }
    if more & 2 != 0 {
        options.timestamps = Some((extra.into(), time.into()));
    }
    if more & 4 != 0 {
        options.sack_count = extra % 6;
        options.sack_blocks = [(number_of(ack_low, extra, false), number_of(seq_low, extra, false)); 4];
    }
    let segment = TcpSegment {
        covered: None,
        src_port,
        dst_port,
        seq: number_of(seq_low, seq_high, wide & 1 != 0),
        ack: number_of(ack_low, ack_high, wide & 2 != 0),
        flags: TcpFlags(u16::from(flags) | u16::from(more & 8) << 5),
        window: u16::from_le_bytes([window, wide]),
        urgent: 0,
        options,
        len,
        payload: &payload[..len as usize],
        sound: more & 0x60 != 0x60,
        complete: wide & 4 == 0,
    };
    Packet {
        fragment: None,
        number,
        time: (more & 16 == 0)
            .then(|| Time(i64::try_from(number).unwrap_or(0) * 1_000 + (i64::from(time) << (extra & 31)))),
        interface: 0,
        captured_len: 54 + len,
        wire_len: 54 + len,
        ip: Some(Ip { src, dst, protocol: 6, ttl: 64, fragment: false }),
        transport: Transport::Tcp(segment),
        stop: None,
        bytes: &[],
        passage: None,
    }
}
