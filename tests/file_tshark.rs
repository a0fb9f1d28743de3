//! The readers and the writer, held against tshark: the same frames with the same times and lengths.
//!
//! tshark must be installed (`make test` sees to it); without it these tests fail, they do not pass by skipping.

#![allow(clippy::disallowed_methods, reason = "compares with another program")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use netscope::file::open;
use netscope::file::save::Saver;
use netscope::frame::{FrameSource, Interface, LinkType, OwnedFrame, Time};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

#[path = "../src/file/crafted.rs"]
mod crafted;

use crafted::{Endian, Pcap, Pcapng, payload};

/// One line a frame: number, time, captured and wire length, as both programs are asked to tell it.
type Lines = Vec<String>;

fn tshark(path: &Path, fields: &[&str]) -> Lines {
    let mut command = Command::new("tshark");
    // The user's own profile may not change what is compared.
    command.env("WIRESHARK_CONFIG_DIR", path.parent().unwrap()).args(["-n", "-T", "fields"]).arg("-r").arg(path);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!("tshark cannot be run ({error}); `make test` installs it, or: sudo apt-get install tshark")
    });
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn theirs(path: &Path) -> Lines {
    tshark(path, &["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len"])
}

fn ours(path: &Path) -> Lines {
    let mut capture = match open::open(path.to_str().unwrap()) {
        Ok(capture) => capture,
        Err(failure) => panic!("{failure}"),
    };
    let mut lines = Lines::new();
    while let Ok(Some(frame)) = capture.next_frame() {
        let mut line = format!("{}\t", frame.number);
        if let Some(time) = frame.time {
            write!(line, "{time}").unwrap();
        }
        write!(line, "\t{}\t{}", frame.bytes.len(), frame.wire_len).unwrap();
        lines.push(line);
    }
    lines
}

/// Both readers on one file; the number of frames that they agree on.
fn agree(directory: &Path, bytes: &[u8], what: &str) -> usize {
    let path = directory.join("case");
    std::fs::write(&path, bytes).unwrap();
    let lines = ours(&path);
    assert_eq!(lines, theirs(&path), "{what}");
    lines.len()
}

const SECONDS: u32 = 1_700_000_000;

/// Pcap variants that tshark reads.
fn pcaps() -> Vec<(String, Vec<u8>)> {
    let mut cases = Vec::new();
    for endian in [Endian::Little, Endian::Big] {
        for (magic, extra) in [
            (0xa1b2_c3d4, &[][..]),
            (0xa1b2_3c4d, &[]),
            (0xa1b2_cd34, &[0, 0, 0, 0, 0, 0, 0, 0]),
            (0xa1b2_cd34, &[0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9]),
        ] {
            for version in [(2, 4), (2, 2), (2, 3)] {
                // Only files of version 2.4 have longer record headers.
                if version != (2, 4) && !extra.is_empty() {
                    continue;
                }
                let mut file = Pcap::new(endian, magic, version, 65_535, 1);
                for n in 0..6_u32 {
                    let data = payload(20 + n as usize * 31);
                    let (captured, wire) = (u32::try_from(data.len()).unwrap(), 1_000 + n);
                    let lengths = if version == (2, 4) { [captured, wire] } else { [wire, captured] };
                    file = file.record_with([SECONDS + n, n * 7, lengths[0], lengths[1]], extra, &data);
                }
                cases.push((format!("pcap {endian:?} {magic:x} {version:?} +{}", extra.len()), file.bytes));
            }
        }
    }
    cases.push(("fcs".into(), Pcap::new(Endian::Big, 0xa1b2_c3d4, (2, 4), 0, 0x2400_0001).bytes));
    let aix = Pcap::new(Endian::Big, 0xa1b2_c3d4, (2, 2), 65_535, 6);
    cases.push(("aix".into(), aix.record_with([SECONDS, 5, 60, 24], &[], &payload(24)).bytes));
    cases
}

/// pcapng variants that tshark reads.
fn pcapngs() -> Vec<(String, Vec<u8>)> {
    let mut cases = Vec::new();
    for endian in [Endian::Little, Endian::Big] {
        for (resolution, unit) in [(0_u8, 1_u64), (3, 1_000), (6, 1_000_000), (9, 1_000_000_000), (0x94, 1 << 20)] {
            let file = Pcapng::new(endian);
            let options = [file.option(2, b"eth0"), file.option(9, &[resolution]), file.option(0, &[])].concat();
            let mut file = file.interface(1, 0, &options).interface(101, 96, &[]).block(5, &[0; 12]);
            for n in 0..8_u64 {
                let ticks = u64::from(SECONDS) * unit + n;
                let data = payload(20 + usize::try_from(n).unwrap() * 31);
                let comment = [file.option(1, b"catatan"), file.option(0, &[])].concat();
                file = match n % 4 {
                    0 => file.simple(u32::try_from(data.len()).unwrap(), &data),
                    1 => file.obsolete(0, ticks, 900, &data),
                    2 => file.block(0x77, b"unknown").enhanced(0, ticks, 900, &data, &comment),
                    _ => file.enhanced(0, ticks, 900, &data, &[]),
                };
            }
            let other = if endian == Endian::Big { Endian::Little } else { Endian::Big };
            let offset = other.u64(100);
            let file = file.section(other);
            let options = file.option(14, &offset);
            let file =
                file.interface(1, 0, &options).enhanced(0, u64::from(SECONDS) * 1_000_000, 60, &payload(60), &[]);
            cases.push((format!("pcapng {endian:?} {resolution:#x}"), file.bytes));
        }
    }
    cases
}

#[test]
fn every_variant_reads_as_in_tshark() {
    let directory = tempfile::tempdir().unwrap();
    let mut frames = 0;
    for (what, bytes) in pcaps().into_iter().chain(pcapngs()) {
        frames += agree(directory.path(), &bytes, &what);
    }
    assert!(frames > 150, "{frames}");
}

#[test]
fn compressed_files_read_as_in_tshark() {
    let directory = tempfile::tempdir().unwrap();
    let (what, bytes) = pcapngs().remove(0);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&bytes).unwrap();
    assert_eq!(agree(directory.path(), &encoder.finish().unwrap(), &what), 9);
    assert_eq!(agree(directory.path(), &zstd::encode_all(&bytes[..], 1).unwrap(), &what), 9);
}

#[test]
fn damaged_files_stop_at_the_same_frame() {
    let directory = tempfile::tempdir().unwrap();
    // With the magic number of microseconds, tshark takes one wrong record for a sign of an old variant of pcap and
    // reads even the good ones askew; that of nanoseconds has no variants.
    let good = Pcap::new(Endian::Little, 0xa1b2_3c4d, (2, 4), 65_535, 1);
    let good = good.record(SECONDS, 1, 60, &payload(60)).record(SECONDS, 2, 60, &payload(60));
    let claim = good.clone().record_with([SECONDS, 3, u32::MAX, u32::MAX], &[], &payload(60));
    assert_eq!(agree(directory.path(), &claim.bytes, "a claim of four gigabytes"), 2);
    for cut in [1, 59, 60, 75, 76] {
        let bytes = &good.bytes[..good.bytes.len() - cut];
        assert_eq!(agree(directory.path(), bytes, "cut"), 1, "{cut}");
    }
    let ticks = u64::from(SECONDS) * 1_000_000;
    let good = Pcapng::new(Endian::Little).interface(1, 0, &[]).enhanced(0, ticks, 60, &payload(60), &[]);
    let after = |file: Pcapng| file.enhanced(0, ticks, 60, &payload(60), &[]).bytes;
    let stops = [
        ("an interface that is not there", after(good.clone().enhanced(1, ticks, 60, &payload(60), &[]))),
        ("zeros", after(Pcapng { bytes: [good.bytes.clone(), vec![0; 12]].concat(), ..good.clone() })),
        ("a section without interfaces", after(good.clone().section(Endian::Big))),
        ("a simple packet larger than its block", after(good.clone().simple(99, &payload(60)))),
        ("cut", after(good.clone())[..good.bytes.len() + 91].to_vec()),
    ];
    for (what, bytes) in stops {
        assert_eq!(agree(directory.path(), &bytes, what), 1, "{what}");
    }
}

#[test]
fn blocks_that_are_no_packets_take_a_number_as_in_tshark() {
    let directory = tempfile::tempdir().unwrap();
    let journal = b"__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=halo\n";
    let mut event = vec![0, 0];
    event.extend((u64::from(SECONDS) * 1_000_000_000).to_le_bytes());
    event.extend(1_u64.to_le_bytes());
    event.extend(26_u32.to_le_bytes());
    event.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let cases = [
        (0x0bad_u32, vec![7; 20]),
        (0x4000_0bad, vec![7; 20]),
        (9, journal.to_vec()),
        (0x204, event.clone()),
        (0x216, event.clone()),
        (0x221, event),
        (0x208, vec![0; 40]),
        (0x201, vec![0; 40]),
        (0x77, vec![0; 40]),
        (0x8000_0007, vec![0; 40]),
    ];
    let ticks = u64::from(SECONDS) * 1_000_000;
    for (kind, body) in cases {
        let file = Pcapng::new(Endian::Little).interface(1, 0, &[]).block(kind, &body);
        let path = directory.path().join("case");
        std::fs::write(&path, file.enhanced(0, ticks, 60, &payload(60), &[]).bytes).unwrap();
        // tshark shows the other blocks as frames; only the packets are compared, under the numbers they have.
        let last = |lines: Lines| lines.last().cloned();
        assert_eq!(last(ours(&path)), last(theirs(&path)), "{kind:#x}");
    }
}

#[test]
fn random_files_read_as_in_tshark() {
    let directory = tempfile::tempdir().unwrap();
    let config =
        Config { cases: 24, failure_persistence: None, rng_seed: RngSeed::Fixed(0x6e65_7473), ..Config::default() };
    let packet = (0_u32..3, any::<u32>(), 0_usize..400, 0_u32..2_000, 0_u8..5);
    let strategy = (any::<bool>(), prop::collection::vec(packet, 0..60));
    let result = TestRunner::new(config).run(&strategy, |(big, packets)| {
        let endian = if big { Endian::Big } else { Endian::Little };
        let mut pcap = Pcap::new(endian, 0xa1b2_3c4d, (2, 4), 65_535, 1);
        let mut pcapng = Pcapng::new(endian).interface(1, 0, &[]).interface(1, 0, &[]).interface(1, 0, &[]);
        for (interface, time, length, more, kind) in packets {
            let data = payload(length);
            let wire = u32::try_from(length).unwrap() + more;
            pcap = pcap.record(time, time % 1_000_000_000, wire, &data);
            let ticks = u64::from(time) * 1_000_003;
            pcapng = match kind {
                0 => pcapng.simple(u32::try_from(length).unwrap(), &data),
                1 => pcapng.block(5, &[0; 12]).enhanced(interface, ticks, wire, &data, &[]),
                2 => pcapng.obsolete(u16::try_from(interface).unwrap(), ticks, wire, &data),
                _ => pcapng.enhanced(interface, ticks, wire, &data, &[]),
            };
        }
        agree(directory.path(), &pcap.bytes, "pcap");
        agree(directory.path(), &pcapng.bytes, "pcapng");
        Ok(())
    });
    result.unwrap();
}

#[test]
fn saved_files_read_in_tshark_as_they_were_written() {
    let directory = tempfile::tempdir().unwrap();
    let interfaces = ["lo", "eth0"].map(|name| Interface {
        name: Some(name.to_owned()),
        link: LinkType::ETHERNET,
        resolution: 1e-9,
        counters: Vec::new(),
    });
    let frames: Vec<_> = (0..20_u32)
        .map(|n| OwnedFrame {
            time: Some(Time(i64::from(SECONDS) * 1_000_000_000 + i64::from(n) * 1_001)),
            interface: n % 2,
            link: LinkType::ETHERNET,
            wire_len: 1_000 + n,
            bytes: payload(40 + n as usize),
            passage: None,
        })
        .collect();
    for name in ["a.pcap", "a.pcapng"] {
        let path = directory.path().join(name);
        let mut saver = Saver::create(&path, &interfaces).unwrap();
        for (n, frame) in frames.iter().enumerate() {
            let comment = format!("catatan {n} “é”");
            saver.owned(frame, (n % 3 == 0).then_some(comment.as_str()).as_slice()).unwrap();
        }
        saver.finish().unwrap();
        let expected: Lines = (1_u32..)
            .zip(&frames)
            .map(|(n, frame)| format!("{n}\t{}\t{}\t{}", frame.time.unwrap(), frame.bytes.len(), frame.wire_len))
            .collect();
        assert_eq!(theirs(&path), expected, "{name}");
    }
    let rows = tshark(&directory.path().join("a.pcapng"), &["frame.interface_name", "frame.comment"]);
    assert_eq!(rows[..4], ["lo\tcatatan 0 “é”", "eth0\t", "lo\t", "eth0\tcatatan 3 “é”"]);
}
