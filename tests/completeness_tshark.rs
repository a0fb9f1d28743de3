//! `completeness`, held against tshark: the same number for every connection, in two passes as tshark needs them.
#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use netscope::decode::decode;
use netscope::file::open;
use netscope::file::save::Saver;
use netscope::frame::{FrameSource, Interface, LinkType, MemorySource};
use netscope::script::Script;
use netscope::track::{Connection, Proto, Tracker};

/// Connections whose segments come from this list, with any of the handshake missing.
const SEGMENTS: [&str; 9] = [
    "C>S ACK",
    "S>C ACK",
    "C>S PSH,ACK \"halo\"",
    "S>C PSH,ACK \"halo juga\"",
    "C>S FIN,ACK",
    "S>C FIN,ACK \"dan selesai\"",
    "C>S RST",
    "S>C RST,ACK",
    "S>C FIN",
];
const BEGINNINGS: [&str; 5] = ["", "C>S SYN\n", "S>C SYN,ACK\n", "C>S SYN\nS>C SYN,ACK\n", "C>S SYN \"lebih awal\"\n"];

/// Many short connections, each on a port of its own; the same ones in every run.
fn script() -> String {
    let mut script = String::new();
    let mut random = 0x2545_f491_u32;
    let mut pick = |limit: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) as usize % limit
    };
    for port in 40_000..40_300 {
        let mut lines = BEGINNINGS[pick(BEGINNINGS.len())].to_owned();
        for _ in 0..usize::from(lines.is_empty()) + pick(6) {
            writeln!(lines, "{}", SEGMENTS[pick(SEGMENTS.len())]).unwrap();
        }
        for line in lines.lines() {
            writeln!(script, "{line} cport={port}").unwrap();
        }
    }
    script
}

fn ours(source: &mut dyn FrameSource) -> BTreeMap<u32, u8> {
    let mut tracker = Tracker::new();
    while let Some(frame) = source.next_frame().unwrap() {
        tracker.push(&decode(&frame));
    }
    let value = |conn: &Connection| conn.completeness.value(conn.packets.iter().sum());
    let tcp = tracker.connections().filter(|conn| conn.id.proto == Proto::Tcp);
    tcp.map(|conn| (conn.id.index, value(&conn))).collect()
}

fn theirs(path: &Path) -> BTreeMap<u32, u8> {
    // The user's own profile may not change what is compared.
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("tshark")
        .env("WIRESHARK_CONFIG_DIR", profile.path())
        .args(["-2", "-n", "-T", "fields", "-e", "tcp.stream", "-e", "tcp.completeness", "-r"])
        .arg(path)
        .output()
        .unwrap_or_else(|error| {
            panic!("tshark cannot be run ({error}); `make test` installs it, or: sudo apt-get install tshark")
        });
    let number = |text: &str| text.parse::<u32>().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(stream, _)| !stream.is_empty())
        .map(|(stream, completeness)| (number(stream), u8::try_from(number(completeness)).unwrap()))
        .collect()
}

#[test]
fn completeness_is_that_of_tshark() {
    let script = script();
    let frames = Script::parse(&script).unwrap().frames();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("case.pcap");
    let interface = Interface { name: None, link: LinkType::RAW, resolution: 1e-9, counters: Vec::new() };
    let mut saver = Saver::create(&path, &[interface]).unwrap();
    let mut source = MemorySource::new(&frames, &[]);
    while let Some(frame) = source.next_frame().unwrap() {
        saver.frame(&frame, &[]).unwrap();
    }
    saver.finish().unwrap();
    let (ours, theirs) = (ours(&mut MemorySource::new(&frames, &[])), theirs(&path));
    assert_eq!(ours.len(), 300);
    let seen = theirs.values().fold(0, |all, one| all | one);
    assert_eq!(seen, 63, "every bit occurs");
    for (conn, value) in &ours {
        let port = format!("cport={}", 40_000 + conn);
        let lines: Vec<_> = script.lines().filter(|line| line.ends_with(&port)).collect();
        assert_eq!(Some(value), theirs.get(conn), "{lines:#?}");
    }
}

#[test]
fn completeness_of_the_recorded_captures_is_that_of_tshark() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut connections = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            continue;
        }
        let mut capture = open::open(path.to_str().unwrap()).unwrap_or_else(|failure| panic!("{failure}"));
        let ours = ours(&mut capture);
        connections += ours.len();
        assert_eq!(ours, theirs(&path), "{}", path.display());
    }
    assert!(connections > 10, "only {connections} connections");
}
