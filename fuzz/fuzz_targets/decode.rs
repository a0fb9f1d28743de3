//! Any bytes as a frame of any link type, of which more may have been on the wire.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netscope::decode::plain::plain;
use netscope::decode::{self, Transport};
use netscope::frame::{Frame, LinkType, Time};

fuzz_target!(|data: &[u8]| {
    // Two bytes choose the link type, two say how much longer the frame was on the wire.
    let [low, high, more_low, more_high, bytes @ ..] = data else { return };
    let link = LinkType(u16::from_le_bytes([*low, *high]));
    let wire_len = bytes.len() as u32 + u32::from(u16::from_le_bytes([*more_low, *more_high]));
    let frame = Frame { number: 1, time: Some(Time(0)), interface: 0, link, wire_len, bytes, passage: None };
    let packet = decode::decode(&frame);
    if let Some(plain) = plain(&frame, true) {
        // The shortest way reads what the decoder reads, or nothing.
        let Transport::Tcp(segment) = &packet.transport else { panic!("no TCP: {packet:?}") };
        let ip = packet.ip.as_ref().expect("TCP has addresses");
        assert_eq!((ip.src, ip.dst), ((*plain.src.ip()).into(), (*plain.dst.ip()).into()));
        assert_eq!((segment.src_port, segment.dst_port), (plain.src.port(), plain.dst.port()));
        assert_eq!((segment.seq, segment.ack, segment.window), (plain.seq, plain.ack, plain.window));
        assert_eq!((segment.flags, segment.len), (plain.flags, plain.len.into()));
        assert_eq!((decode::checksum(&packet), &packet.stop, &packet.fragment), (plain.checksum, &None, &None));
    }
    let (payload, len) = match &packet.transport {
        Transport::Tcp(segment) => (segment.payload, segment.len),
        Transport::Udp(datagram) => (datagram.payload, datagram.len),
        _ => return,
    };
    assert!(payload.len() <= bytes.len() && payload.len() as u64 <= u64::from(len), "{packet:?}");
    assert!(len <= wire_len, "{packet:?}");
});
