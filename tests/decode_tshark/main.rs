//! Frames of every link layer, made by a seeded generator, read by netscope and by tshark: both must say the same.
//!
//! Where they differ on purpose, `without_documented_differences` says so. Two differences never reach it: that an
//! IPv6 payload length of 0 means "to the end of the frame" is a preference in tshark, which the test sets; and the
//! address family 10 of Linux below NULL, which tshark does not take for IPv6, is not generated.
#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::fs;
use std::path::Path;
use std::process::Command;

use netscope::decode::{IcmpMessage, Packet, TcpSegment, Transport, decode};
use netscope::frame::{Frame, LinkType};

mod checksums;
mod generator;
mod inside;

use generator::{Case, Kind, Random};

const FIELDS: [&str; 31] = [
    "_ws.malformed",
    "ip.src",
    "ip.dst",
    "ip.ttl",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.hlim",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.urgent_pointer",
    "tcp.len",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "tcp.options.sack_le",
    "tcp.options.sack_re",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "icmpv6.code",
    "arp.opcode",
    "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
];

/// Any seed must do; a fixed one makes a failure repeatable.
const SEED: u64 = 0x6e65_7473;

/// Field → its values, joined by commas.
type Row = BTreeMap<&'static str, String>;

fn add(row: &mut Row, field: &'static str, value: impl Display) {
    let values = row.entry(field).or_default();
    if !values.is_empty() {
        values.push(',');
    }
    values.push_str(&value.to_string());
}

/// What netscope says, in tshark's words.
fn ours(packet: &Packet) -> Row {
    let mut row = Row::new();
    if let Some(ip) = packet.ip {
        let [src, dst, ttl] =
            if ip.src.is_ipv4() { ["ip.src", "ip.dst", "ip.ttl"] } else { ["ipv6.src", "ipv6.dst", "ipv6.hlim"] };
        add(&mut row, src, ip.src);
        add(&mut row, dst, ip.dst);
        add(&mut row, ttl, ip.ttl);
    }
    match &packet.transport {
        Transport::Tcp(segment) => tcp(&mut row, segment),
        Transport::Udp(datagram) => {
            add(&mut row, "udp.srcport", datagram.src_port);
            add(&mut row, "udp.dstport", datagram.dst_port);
            add(&mut row, "udp.length", datagram.len + 8);
        }
        Transport::Icmp(message) => icmp(&mut row, message, ["icmp.type", "icmp.code"]),
        Transport::Icmpv6(message) => icmp(&mut row, message, ["icmpv6.type", "icmpv6.code"]),
        Transport::Arp(arp) => {
            add(&mut row, "arp.opcode", arp.operation);
            arp.sender.into_iter().for_each(|ip| add(&mut row, "arp.src.proto_ipv4", ip));
            arp.target.into_iter().for_each(|ip| add(&mut row, "arp.dst.proto_ipv4", ip));
        }
        Transport::Other => {}
    }
    row
}

fn tcp(row: &mut Row, segment: &TcpSegment) {
    add(row, "tcp.srcport", segment.src_port);
    add(row, "tcp.dstport", segment.dst_port);
    add(row, "tcp.seq_raw", segment.seq.0);
    add(row, "tcp.ack_raw", segment.ack.0);
    add(row, "tcp.flags", format!("0x{:04x}", segment.flags.0));
    add(row, "tcp.window_size_value", segment.window);
    add(row, "tcp.urgent_pointer", segment.urgent);
    add(row, "tcp.len", segment.len);
    let options = &segment.options;
    options.mss.into_iter().for_each(|mss| add(row, "tcp.options.mss_val", mss));
    options.window_scale.into_iter().for_each(|shift| add(row, "tcp.options.wscale.shift", shift));
    if let Some((value, echo)) = options.timestamps {
        add(row, "tcp.options.timestamp.tsval", value);
        add(row, "tcp.options.timestamp.tsecr", echo);
    }
    for (left, right) in options.sack() {
        add(row, "tcp.options.sack_le", left.0);
        add(row, "tcp.options.sack_re", right.0);
    }
}

fn icmp(row: &mut Row, message: &IcmpMessage, [kind, code]: [&'static str; 2]) {
    add(row, kind, message.kind);
    add(row, code, message.code);
    let Some(quoted) = message.quoted else { return };
    let [src, dst] = if quoted.src.is_ipv4() { ["ip.src", "ip.dst"] } else { ["ipv6.src", "ipv6.dst"] };
    add(row, src, quoted.src);
    add(row, dst, quoted.dst);
    let names = match quoted.protocol {
        6 => ["tcp.srcport", "tcp.dstport"],
        17 => ["udp.srcport", "udp.dstport"],
        _ => return,
    };
    if let Some((src, dst)) = quoted.ports {
        add(row, names[0], src);
        add(row, names[1], dst);
    }
}

fn write_pcap(path: &Path, link: u16, cases: &[Case]) {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, link.into()] {
        file.extend(word.to_le_bytes());
    }
    for (second, case) in (1u32..).zip(cases) {
        let captured = u32::try_from(case.bytes.len()).expect("small");
        for word in [second, 0, captured, case.wire_len] {
            file.extend(word.to_le_bytes());
        }
        file.extend(&case.bytes);
    }
    fs::write(path, file).expect("the temporary directory is writable");
}

fn tshark(directory: &Path, file: &Path) -> Vec<Row> {
    let mut command = Command::new("tshark");
    // No preferences but the ones named here.
    command.env("WIRESHARK_CONFIG_DIR", directory).arg("-n").arg("-r").arg(file);
    for preference in ["tcp.relative_sequence_numbers:FALSE", "ipv6.tso_support:TRUE"] {
        command.arg("-o").arg(preference);
    }
    command.args(["-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"]);
    for field in FIELDS {
        command.arg("-e").arg(field);
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "this test compares netscope with tshark, which could not be started ({error}): install the package tshark"
        )
    });
    assert!(output.status.success(), "tshark failed: {}", String::from_utf8_lossy(&output.stderr));
    let row = |line: &str| {
        FIELDS
            .into_iter()
            .zip(line.split('\t'))
            .filter(|(_, value)| !value.is_empty())
            .map(|(f, v)| (f, v.to_owned()))
            .collect()
    };
    String::from_utf8(output.stdout).expect("tshark writes UTF-8").lines().map(row).collect()
}

const IP: &[&str] = &["ip.", "ipv6."];
const TRANSPORT: &[&str] = &["tcp.", "udp.", "icmp.", "icmpv6."];

/// Makes both rows the same where netscope and tshark differ on purpose. Whole, correct frames lose nothing but what
/// tshark says about the inside of ICMP quotes.
fn without_documented_differences(ours: &mut Row, theirs: &mut Row, packet: &Packet, kind: Kind) {
    // Of the packet that an ICMP error quotes, netscope reads the addresses and ports only.
    if matches!(packet.transport, Transport::Icmp(_) | Transport::Icmpv6(_)) {
        theirs.retain(|field, _| ours.contains_key(field) || !(field.starts_with("tcp.") || *field == "udp.length"));
        only_first(theirs, &["ip.ttl", "ipv6.hlim"]);
        // Of a cut quote, one side may show an address more.
        for field in ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst"] {
            if kind != Kind::Good && ours.get(field) != theirs.get(field) {
                only_first(ours, &[field]);
                only_first(theirs, &[field]);
            }
        }
    }
    // Of padding behind PPPoE too, so it means nothing on whole frames.
    let malformed = theirs.remove("_ws.malformed").is_some();
    if kind == Kind::Good {
        return;
    }
    // tshark shows the reserved bits beside the flags.
    if let Some(flags) = theirs.get_mut("tcp.flags") {
        let bits = u16::from_str_radix(flags.trim_start_matches("0x"), 16).expect("tshark writes hexadecimal");
        *flags = format!("0x{:04x}", bits & 0x1ff);
    }
    // Of a first fragment that was cut, tshark says no payload length: the rest is elsewhere.
    if packet.ip.is_some_and(|ip| ip.fragment) {
        ours.remove("tcp.len");
    }
    // A UDP length that goes beyond the IP payload is limited by it; tshark shows the field.
    if let (Transport::Udp(datagram), Some(length)) = (&packet.transport, theirs.get_mut("udp.length")) {
        let field: u32 = length.parse().expect("tshark writes a number");
        if field > datagram.len + 8 || field < 8 {
            *length = (datagram.len + 8).to_string();
        }
    }
    let prefixes: &[&[&str]] = match packet.stop.as_ref().map(|stop| (stop.layer, stop.why)) {
        // tshark reads on behind a PPPoE header that no session has, and takes some other families for IP.
        Some(("pppoe" | "pppoe code" | "address family", _)) => &[IP, TRANSPORT],
        Some(("ipv4" | "ipv6", _)) => &[IP],
        Some(("tcp" | "udp" | "icmp" | "icmpv6", _)) => &[TRANSPORT],
        Some(("arp", _)) => &[&["arp."]],
        // It also reads the options inside IPv6 extension headers, and gives up when they are wrong.
        _ if malformed => &[TRANSPORT],
        _ => &[],
    };
    // Of a header that is cut or impossible, each shows what it could read before it gave up.
    for prefix in prefixes.iter().copied().flatten() {
        let (left, right) = (ours.clone(), theirs.clone());
        ours.retain(|field, _| right.contains_key(field) || !field.starts_with(prefix));
        theirs.retain(|field, _| left.contains_key(field) || !field.starts_with(prefix));
    }
}

fn only_first(row: &mut Row, fields: &[&str]) {
    for (_, values) in row.iter_mut().filter(|(field, _)| fields.contains(*field)) {
        values.truncate(values.find(',').unwrap_or(values.len()));
    }
}

#[test]
fn netscope_and_tshark_read_the_same() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut report = String::new();
    for link in [0, 1, 9, 50, 51, 101, 108, 113, 204, 228, 229, 276] {
        let mut random = Random::new(SEED + u64::from(link));
        let count = if link == 1 { 3000 } else { 1000 };
        let cases: Vec<_> = (0..count).map(|_| generator::case(&mut random, link)).collect();
        let path = directory.path().join(format!("{link}.pcap"));
        write_pcap(&path, link, &cases);
        let rows = tshark(directory.path(), &path);
        assert_eq!(rows.len(), cases.len(), "tshark reads every frame of link type {link}");
        let segments = rows.iter().filter(|row| row.contains_key("tcp.len")).count();
        assert!(segments > count / 5, "only {segments} segments of link type {link}: the generator is broken");
        for (number, (case, theirs)) in (1..).zip(cases.iter().zip(rows)) {
            let (link, wire_len, bytes) = (LinkType(link), case.wire_len, case.bytes.as_slice());
            let packet = decode(&Frame { number, time: None, interface: 0, link, wire_len, bytes, passage: None });
            let (mut ours, mut theirs) = (ours(&packet), theirs);
            without_documented_differences(&mut ours, &mut theirs, &packet, case.kind);
            for field in FIELDS.into_iter().filter(|field| ours.get(field) != theirs.get(field)) {
                let (ours, theirs) = (ours.get(field), theirs.get(field));
                let _ = writeln!(report, "{link} frame {number} {field}: netscope {ours:?}, tshark {theirs:?}");
                let _ = writeln!(report, "  {:?} {:?} of {wire_len} bytes {bytes:02x?}", packet.stop, case.kind);
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}
