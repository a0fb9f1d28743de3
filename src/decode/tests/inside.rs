//! Packets within packets, and the rarer link layers.

use super::*;

const MAC: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const ADDRESSES: [u8; 8] = [192, 0, 2, 1, 192, 0, 2, 2];

/// IPv4 around `payload`.
fn outer(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(20 + payload.len()).expect("small").to_be_bytes();
    [&[0x45, 0, total[0], total[1], 0, 1, 0, 0, 64, protocol, 0, 0], &ADDRESSES[..], payload].concat()
}

fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(8 + payload.len()).expect("small").to_be_bytes();
    let port = port.to_be_bytes();
    outer(17, &[&[0xc3, 0x50, port[0], port[1], len[0], len[1], 0, 0], payload].concat())
}

/// Ethernet around the segment of these tests.
fn frame() -> Vec<u8> {
    [&MAC[..], &[8, 0], &ip(HALO)].concat()
}

/// 802.2 with SNAP around it.
fn snap() -> Vec<u8> {
    [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ip(HALO).as_slice()].concat()
}

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// Everything that leads to the segment: link type, frame.
fn cases() -> Vec<(u16, Vec<u8>)> {
    let (v4, v6, eth, llc) = (ip(HALO), ip(&format!("ipv6\n{HALO}")), frame(), snap());
    let wifi = [&[8, 1, 0, 0][..], &MAC, &MAC[..6], &[0, 0]].concat();
    let qos = [&[0x88, 3, 0, 0][..], &MAC, &MAC[..6], &[0, 0], &MAC[..6]].concat();
    // Three addresses and the control field of QoS: 26 bytes, padded to 28.
    let padded = [&[0x88, 1, 0, 0][..], &MAC, &MAC[..6], &[0, 0, 0, 0, 0xee, 0xee]].concat();
    let amsdu_len = u16::try_from(llc.len()).expect("small").to_be_bytes();
    let gtp_len = u16::try_from(v4.len() + 8).expect("small").to_be_bytes();
    vec![
        (101, outer(4, &v4)),
        (101, outer(41, &v6)),
        (101, outer(4, &outer(41, &v6))),
        (101, outer(97, &join(&[&[0x30, 0], &eth]))),
        (101, outer(47, &join(&[&[0, 0, 8, 0], &v4]))),
        (101, outer(47, &join(&[&[0xb0, 0, 0x86, 0xdd, 1, 2, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1], &v6]))),
        (101, outer(47, &join(&[&[0x20, 0, 0x65, 0x58, 0, 0, 0, 7], &eth]))),
        (
            101,
            outer(47, &join(&[&[0x30, 0x81, 0x88, 0x0b, 0, 50, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21], &v4])),
        ),
        (101, outer(47, &join(&[&[0, 0, 0x88, 0xbe], &eth]))),
        (101, outer(47, &join(&[&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0], &eth]))),
        (101, outer(47, &join(&[&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &eth]))),
        (101, outer(47, &join(&[&[0, 0, 0x88, 0x47, 0, 1, 0x11, 64], &v4]))),
        (101, outer(137, &join(&[&[0, 1, 0x10, 64, 0, 2, 1, 64], &v6]))),
        (101, udp(4789, &join(&[&[8, 0, 0, 0, 0, 0, 7, 0], &eth]))),
        (101, udp(4790, &join(&[&[0x0c, 0, 0, 1, 0, 0, 7, 0], &v4]))),
        (101, udp(6081, &join(&[&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 0, 0, 0, 0], &eth]))),
        (101, udp(2152, &join(&[&[0x30, 255, 0, 0, 0, 0, 0, 1], &v4])).tap_len(30, v4.len())),
        (101, udp(2152, &join(&[&[0x34, 255, gtp_len[0], gtp_len[1], 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0], &v4]))),
        (101, udp(1701, &join(&[&[0, 2, 0, 1, 0, 1, 0xff, 3, 0, 0x21], &v4]))),
        (101, udp(3544, &join(&[&[0, 0, 1, 2, 3, 4, 5, 6], &v6]))),
        (101, udp(5247, &join(&[&[0, 0x10, 0, 0, 0, 0, 0, 0], &eth]))),
        (101, udp(6635, &join(&[&[0, 1, 1, 64], &v4]))),
        (101, udp(37008, &join(&[&[1, 0, 0, 1, 10, 1, 5, 1], &eth]))),
        (1, join(&[&MAC, &[0x88, 0x47, 0, 1, 1, 64], &v4])),
        (1, join(&[&MAC, &[0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0], &eth])),
        (1, join(&[&MAC, &[0x88, 0x47, 0, 1, 1, 64], &eth])),
        (1, join(&[&MAC, &[0x88, 0xe7, 0, 0, 0, 1], &eth])),
        (1, join(&[&MAC, &[0x89, 0x03, 0x40, 0x20], &eth])),
        (1, join(&[&MAC, &[0x89, 0x4f, 0, 2, 1, 1, 0, 0, 0, 0], &v4])),
        (6, join(&[&[0x10, 0x40], &MAC, &llc])),
        (7, join(&[&[1, 2, 212, 0, 0, 1], &v4])),
        (8, join(&[&[0; 16], &v4])),
        (9, join(&[&[0xff, 3, 2, 0x81, 0, 1, 1, 64], &v4])),
        (10, join(&[&[0x50], &MAC, &llc])),
        (100, llc.clone()),
        (100, join(&[&[0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0], &eth])),
        (104, join(&[&[0x0f, 0, 8, 0], &v4])),
        (105, join(&[&wifi, &llc])),
        (105, join(&[&qos, &[0, 0], &llc])),
        (105, join(&[&qos, &[0x80, 0], &MAC, &amsdu_len, &llc])),
        (107, join(&[&[0x18, 0x41, 3, 0xcc], &v4])),
        (107, join(&[&[0x18, 0x41, 8, 0], &v4])),
        (109, join(&[&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &v4])),
        (117, join(&[&[61, 2], &[0; 62], &v4])),
        (119, join(&[&[0x44, 0, 0, 0, 144, 0, 0, 0], &[0; 136], &wifi, &llc])),
        (122, join(&[&[0; 16], &llc])),
        (123, join(&[&[2, 0, 0, 0], &llc])),
        (127, join(&[&[0, 0, 10, 0, 2, 0, 0, 0, 0x20, 0], &padded, &llc])),
        (127, join(&[&[0, 0, 8, 0, 0, 0, 0, 0], &wifi, &llc])),
        (129, join(&[&[1, 2, 0, 0, 212, 0, 0, 1], &v4])),
        (163, join(&[&[0x80, 0x21, 0x10, 1, 0, 0, 0, 64], &[0; 56], &wifi, &llc])),
        (192, join(&[&[0, 0, 8, 0, 105, 0, 0, 0], &wifi, &llc])),
        (197, join(&[&[0, 0, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0], &eth])),
        (219, join(&[&[0, 1, 1, 64], &v4])),
        (226, join(&[&[1, 2], &[0; 22], &v4])),
        (239, join(&[&[2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 0, 0, 52, 0, 9, 0], &v4])),
        (239, join(&[&[2, 0, 0, 0, 0, 8, 0, 1, 8, 0, 0, 0, 0, 52, 0, 9], &v4])),
        (240, join(&[&[0; 4], &eth])),
        (258, join(&[&[16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], &eth])),
    ]
}

trait TapLen {
    fn tap_len(self, at: usize, len: usize) -> Self;
}

impl TapLen for Vec<u8> {
    /// Writes a length into the bytes.
    fn tap_len(mut self, at: usize, len: usize) -> Self {
        self[at..at + 2].copy_from_slice(&u16::try_from(len).expect("small").to_be_bytes());
        self
    }
}

#[test]
fn whatever_lies_around_it_the_segment_is_found() {
    for (link, bytes) in cases() {
        let packet = of(link, &bytes);
        assert_eq!(packet.stop, None, "link {link}, {bytes:02x?}");
        assert_eq!(tcp(&packet).payload, b"halo", "link {link}, {bytes:02x?}");
        let ip = packet.ip.expect("addresses");
        let expected: IpAddr = match ip.src {
            IpAddr::V4(_) => Ipv4Addr::new(10, 0, 0, 1).into(),
            IpAddr::V6(_) => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
        };
        assert_eq!((ip.src, ip.protocol), (expected, 6));
    }
}

#[test]
fn every_cut_gives_a_packet_that_says_why() {
    for (link, bytes) in cases() {
        for len in 0..bytes.len() - 4 {
            let packet = cut(link, &bytes[..len], bytes.len());
            let datagram = matches!(packet.transport, Transport::Udp(_));
            assert!(packet.stop.is_some() || datagram, "link {link}, {len} of {bytes:02x?}: {packet:?}");
        }
    }
}

#[test]
fn a_tunnel_without_a_segment_in_it_is_its_datagram() {
    let bytes = udp(4789, &[8, 0, 0, 0, 0, 0, 7, 0, 1, 2, 3]);
    let packet = of(101, &bytes);
    assert!(matches!(packet.transport, Transport::Udp(ref udp) if udp.dst_port == 4789 && udp.len == 11));
    assert_eq!(packet.ip.map(|ip| ip.src), Some(Ipv4Addr::new(192, 0, 2, 1).into()));
}

#[test]
fn tunnels_in_tunnels_end() {
    let mut packet = ip(HALO);
    for _ in 0..30 {
        packet = outer(4, &packet);
    }
    assert_eq!(tcp(&of(101, &packet)).payload, b"halo");
    for _ in 0..200 {
        packet = outer(4, &packet);
    }
    assert_eq!(stop(&of(101, &packet)).why, StopReason::Depth);
}

proptest! {
    /// Damaged tunnels reach the deeper layers and never panic.
    #[test]
    fn damaged_tunnels_give_a_packet(
        case in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        keep in any::<prop::sample::Index>(),
        wire_len in 0u32..300,
    ) {
        let cases = cases();
        let (link, mut bytes) = cases[case.index(cases.len())].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(keep.index(bytes.len() + 1));
        check(link, &bytes, wire_len)?;
    }
}
