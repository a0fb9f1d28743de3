//! No file brings netscope down: captures cut at every byte, captures with changed bytes, and a decompression bomb.
//!
//! The captures are those of `captures/` and of the fuzzer's corpus. What a cut capture must give is told by a walk over
//! its records that is written here anew.
#![allow(clippy::disallowed_methods, reason = "the captures are files")]

use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};

use netscope::analysis::{self, Outcome, Request};
use netscope::failure::Failure;
use netscope::file::compressed::{Compression, EXPANSION_FLOOR};
use netscope::file::open;
use netscope::frame::{DamageReason, FrameSource as _};
use netscope::language::{Lang, Value};
use netscope::report::{self, FORMATS, Format, PayloadLimit, Selection, View};
use netscope::scenario::SCENARIOS;

/// Larger captures are cut where it matters: at their beginning and end and around every record.
const EVERY_BYTE: usize = 24 << 10;

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if ["pcap", "pcapng", "gz", "zst"].iter().any(|ending| path.extension().is_some_and(|e| e == *ending)) {
            found.push(path);
        }
    }
}

/// Every capture that the project keeps, by name.
fn captures() -> Vec<(String, &'static [u8])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for dir in ["captures", "fuzz/corpus/open", "fuzz/corpus/pcap", "fuzz/corpus/pcapng"] {
        collect(&root.join(dir), &mut paths);
    }
    paths.sort();
    assert!(paths.len() >= 6, "the corpus is there: {paths:?}");
    paths.iter().map(|path| (path.display().to_string(), &*fs::read(path).unwrap().leak())).collect()
}

/// Where records and blocks end, the file header first, and whether each is a packet.
fn records(bytes: &[u8]) -> Vec<(usize, bool)> {
    let big = matches!(bytes[..4], [0xa1, ..]) || bytes[..4] == [0x0a, 0x0d, 0x0d, 0x0a] && bytes[8] == 0x1a;
    let field = |at: usize| {
        let raw = bytes[at..at + 4].try_into().unwrap();
        (if big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) }) as usize
    };
    let mut ends = Vec::new();
    let mut at = 0;
    if bytes[0] != 0x0a {
        at = 24;
        ends.push((at, false));
    }
    while at < bytes.len() {
        let (len, packet) =
            if bytes[0] == 0x0a { (field(at + 4), matches!(field(at), 2 | 3 | 6)) } else { (16 + field(at + 8), true) };
        at += len;
        ends.push((at, packet));
    }
    assert_eq!(at, bytes.len(), "the capture itself is whole");
    ends
}

/// Everything that `netscope open` does with these bytes but printing.
fn run(bytes: &'static [u8], format: &'static Format, connections: bool) -> Result<Outcome, Failure> {
    let mut capture = open::read(bytes, Value::Words("cut".into()), Some(bytes.len() as u64))?;
    let view = View {
        lang: Lang::Id,
        width: 80,
        color: true,
        payload: PayloadLimit::All,
        limit: None,
        columns: None,
        selection: Selection { connections, only: Vec::new() },
        connections_at_end: connections,
        ascii: false,
    };
    let mut report = report::build(format, Box::new(io::sink()), view);
    let outcome = analysis::run(&mut capture, Request::default(), &mut *report).expect("a sink takes everything");
    report.finish().unwrap();
    if let Some(damage) = &outcome.damage {
        assert_eq!(capture.damage(damage).exit, netscope::failure::Exit::BadInput);
    }
    Ok(outcome)
}

/// Each format in turn; one that draws, which takes longer, at every 15th cut.
fn format_for(cut: usize) -> &'static Format {
    let draws = |format: &&Format| format.only_ladder || ["html", "latex"].contains(&format.name);
    let (slow, quick): (Vec<&Format>, Vec<&Format>) = FORMATS.iter().copied().partition(draws);
    if cut.is_multiple_of(15) { slow[cut / 15 % slow.len()] } else { quick[cut % quick.len()] }
}

fn cuts(bytes: &[u8], ends: &[(usize, bool)]) -> Vec<usize> {
    if bytes.len() <= EVERY_BYTE {
        return (0..=bytes.len()).collect();
    }
    let near = ends.iter().step_by(1 + ends.len() / 500).flat_map(|(end, _)| end.saturating_sub(3)..end + 30);
    let mut cuts: Vec<usize> = (0..2_000).chain(near).chain(bytes.len() - 2_000..=bytes.len()).collect();
    cuts.retain(|cut| *cut <= bytes.len());
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The captures of the scenarios that run over a wire.
fn wire_captures() -> impl Iterator<Item = String> {
    let variants =
        SCENARIOS.iter().flat_map(|scenario| scenario.variants.iter().map(move |variant| (scenario, variant)));
    variants.filter(|(_, variant)| variant.wire.is_some()).map(|(scenario, variant)| {
        let suffix = if scenario.has_variants() { format!("-{}", variant.name) } else { String::new() };
        format!("captures/{}{suffix}.pcapng", scenario.name)
    })
}

#[test]
fn a_capture_cut_at_any_byte_gives_every_whole_frame_and_says_where_it_ends() {
    for (name, bytes) in captures().into_iter().filter(|(_, bytes)| Compression::of(bytes) == Compression::Plain) {
        let ends = records(bytes);
        let header = ends[0].0;
        // Where both ends of a wire were captured, a packet that arrived is two frames.
        let frames = ends.iter().filter(|(_, packet)| *packet).count() as u64;
        let over_wire = run(bytes, FORMATS[0], false).expect("the capture itself is whole").packets < frames;
        assert_eq!(over_wire, wire_captures().any(|wire| name.ends_with(&wire)), "{name}");
        for cut in cuts(bytes, &ends) {
            let got = run(&bytes[..cut], format_for(cut), cut % 2 == 0);
            if cut < header {
                assert!(got.is_err(), "{name} cut at {cut}: not even a header");
                continue;
            }
            let outcome = got.unwrap_or_else(|failure| panic!("{name} cut at {cut}: {failure:?}"));
            let whole = ends.iter().filter(|(end, packet)| *packet && *end <= cut).count() as u64;
            let boundary = ends.iter().map(|(end, _)| *end).take_while(|end| *end <= cut).last().unwrap();
            if over_wire {
                assert!(outcome.packets <= whole && outcome.packets * 2 >= whole, "{name} cut at {cut}");
            } else {
                assert_eq!(outcome.packets, whole, "{name} cut at {cut}");
            }
            match outcome.damage {
                None => assert_eq!(boundary, cut, "{name}: a cut between two records is no damage, any other is"),
                Some(damage) => {
                    assert!(boundary < cut, "{name} cut at {cut}: {damage:?}");
                    assert_eq!((damage.offset, damage.frame), (boundary as u64, whole + 1), "{name} cut at {cut}");
                    let DamageReason::Cut { had, needed } = damage.reason else { panic!("{name} cut at {cut}") };
                    assert_eq!(had, (cut - boundary) as u64, "{name} cut at {cut}");
                    assert!(needed > had, "{name} cut at {cut}");
                }
            }
        }
    }
}

#[test]
fn a_compressed_capture_cut_at_any_byte_is_read_as_far_as_it_goes() {
    let all = captures();
    let compressed: Vec<_> = all.iter().filter(|(_, bytes)| Compression::of(bytes) != Compression::Plain).collect();
    assert!(!compressed.is_empty());
    for (name, bytes) in compressed {
        let packets = run(bytes, FORMATS[0], true).unwrap().packets;
        assert!(packets > 0);
        let step = 1 + bytes.len() / EVERY_BYTE;
        for cut in (0..bytes.len()).step_by(step) {
            let Ok(outcome) = run(&bytes[..cut], format_for(cut), cut % 2 == 0) else { continue };
            assert!(outcome.packets <= packets, "{name} cut at {cut}");
            // The checksum of gzip comes last: without it nothing proves that the file was whole.
            assert!(outcome.damage.is_some(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn changed_bytes_never_bring_it_down() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % limit as u64).unwrap()
    };
    for (name, bytes) in captures().into_iter().filter(|(_, bytes)| bytes.len() <= EVERY_BYTE) {
        for round in 0..200 {
            let mut changed = bytes.to_vec();
            for _ in 0..=below(8) {
                let at = below(changed.len());
                changed[at] = [0, 0xff, 0x7f, 0x80, 1 << below(8), changed[at] ^ 1 << below(8)][below(6)];
            }
            let packets = bytes.len() as u64;
            if let Ok(outcome) = run(changed.leak(), FORMATS[round % FORMATS.len()], round % 3 == 0) {
                assert!(outcome.packets <= packets, "{name}: no more frames than bytes");
            }
        }
    }
}

#[test]
fn a_decompression_bomb_stops_at_the_stated_limit() {
    // More than a gigabyte of large packets of zeros in well under a megabyte.
    const PACKET: usize = 256 << 10;
    let mut bomb = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    bomb.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]).unwrap();
    let mut record = vec![0_u8; 16 + PACKET];
    for at in [8, 12] {
        record[at..at + 4].copy_from_slice(&u32::try_from(PACKET).unwrap().to_le_bytes());
    }
    let needed = usize::try_from(EXPANSION_FLOOR).unwrap() / PACKET;
    for _ in 0..needed + 64 {
        bomb.write_all(&record).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let mut capture = open::read(Cursor::new(bomb), Value::Words("bomb".into()), None).unwrap();
    let mut frames = 0;
    let damage = loop {
        match capture.next_frame() {
            Ok(Some(frame)) => frames += usize::from(frame.bytes.len() == PACKET),
            Ok(None) => panic!("{frames} packets came through"),
            Err(damage) => break damage,
        }
    };
    assert!(matches!(damage.reason, DamageReason::Expansion { output, .. } if output > EXPANSION_FLOOR), "{damage:?}");
    assert!(frames <= needed && frames > needed - 16, "{frames} of {needed} packets before the limit");
}
