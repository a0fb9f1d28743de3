//! Checksums: netscope and tshark must judge the same.

use std::process::Command;

use netscope::decode::{Checksum, checksum, decode};
use netscope::frame::{Frame, LinkType};

use super::generator::{Case, Kind, Random, segment};
use super::{SEED, write_pcap};

/// Makes the checksum right, for the end of the packet that begins with `header` bytes of IP.
fn repair(packet: &mut [u8], header: usize, at: usize, protocol: u8) {
    let len = u32::try_from(packet.len() - header).expect("small");
    let addresses = if header == 20 { 12..20 } else { 8..40 };
    packet[header + at..header + at + 2].fill(0);
    let words = [&packet[addresses], &packet[header..]].concat();
    let mut sum = u32::from(protocol) + len;
    for pair in words.chunks(2) {
        sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let value = !u16::try_from(sum).expect("folded");
    packet[header + at..header + at + 2].copy_from_slice(&value.to_be_bytes());
}

fn packet(random: &mut Random) -> Case {
    let v6 = random.below(3) == 0;
    let header = if v6 { 40 } else { 20 };
    let mut bytes = segment(random, v6);
    let (at, protocol) = if random.below(3) == 0 {
        // The same bytes as a datagram.
        let len = u16::try_from(bytes.len() - header).expect("small").to_be_bytes();
        bytes[if v6 { 6 } else { 9 }] = 17;
        bytes[header + 4..header + 6].copy_from_slice(&len);
        (6, 17)
    } else {
        (16, 6)
    };
    repair(&mut bytes, header, at, protocol);
    let wire_len = u32::try_from(bytes.len()).expect("small");
    let last = bytes.len() - 1;
    match random.below(5) {
        0 => bytes[last] ^= 0x10,
        1 => bytes[header + at..header + at + 2].fill(0),
        2 => bytes.truncate(last),
        _ => {}
    }
    Case { kind: Kind::Good, wire_len, bytes }
}

#[test]
fn checksums_are_judged_the_same() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut random = Random::new(SEED + 41);
    let cases: Vec<Case> = (0..1000).map(|_| packet(&mut random)).collect();
    let path = directory.path().join("checksums.pcap");
    write_pcap(&path, 101, &cases);
    let mut command = Command::new("tshark");
    command.env("WIRESHARK_CONFIG_DIR", directory.path()).arg("-n").arg("-r").arg(&path);
    command.args(["-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields"]);
    command.args(["-e", "tcp.checksum.status", "-e", "udp.checksum.status"]);
    let output = command.output().expect("this test compares netscope with tshark: install the package tshark");
    let text = String::from_utf8(output.stdout).expect("tshark writes UTF-8");
    let theirs: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(theirs.len(), cases.len());
    let mut seen = [0; 3];
    for (number, (case, theirs)) in (1..).zip(cases.iter().zip(theirs)) {
        let (wire_len, bytes) = (case.wire_len, case.bytes.as_slice());
        let packet =
            decode(&Frame { number, time: None, interface: 0, link: LinkType(101), wire_len, bytes, passage: None });
        let ours = checksum(&packet);
        // tshark knows no name for a checksum that was left to the network card: it is bad, or worth a remark.
        let expected: &[&str] = match ours {
            Some(Checksum::Good) => &["1"],
            Some(Checksum::Bad | Checksum::Partial) => &["0", "4"],
            None => &["2", "3"],
        };
        assert!(expected.contains(&theirs), "frame {number}: {ours:?}, tshark {theirs}: {bytes:02x?}");
        seen[usize::from(ours.is_none()) + usize::from(ours == Some(Checksum::Bad)) * 2] += 1;
    }
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
}
