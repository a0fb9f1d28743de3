use std::io::Write;

use super::*;
use crate::file::crafted::{Endian, Pcap, Pcapng, payload};
use crate::language::Lang;

fn name() -> Value {
    Value::Words("x.pcap".into())
}

fn from_bytes(bytes: &[u8]) -> Result<Capture, Failure> {
    read(Cursor::new(bytes.to_vec()), name(), Some(bytes.len() as u64))
}

fn count(mut capture: Capture) -> (u64, Option<Damage>) {
    let mut number = 0;
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => number = frame.number,
            Ok(None) => return (number, None),
            Err(damage) => return (number, Some(damage)),
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The failure's message object and English text; that the Indonesian one is complete too is checked here.
fn failure(bytes: &[u8]) -> (&'static Message, String) {
    let failure = from_bytes(bytes).unwrap_err();
    for lang in Lang::ALL {
        let text = failure.render(lang);
        assert!(text.starts_with("x.pcap: ") && !text.contains('{'), "{text}");
        assert_eq!(text.lines().count(), 2, "what failed, and what to do next: {text}");
    }
    assert_eq!(failure.exit.code(), 2);
    (failure.what, failure.to_string())
}

fn pcap() -> Vec<u8> {
    Pcap::ethernet().record(1, 2, 60, &payload(60)).record(2, 2, 60, &payload(60)).bytes
}

fn pcapng() -> Vec<u8> {
    let file = Pcapng::new(Endian::Big).interface(1, 0, &[]);
    file.enhanced(0, 5, 60, &payload(60), &[]).enhanced(0, 6, 60, &payload(60), &[]).bytes
}

#[test]
fn both_formats_plain_and_compressed() {
    for (bytes, format) in [(pcap(), "pcap"), (pcapng(), "pcapng")] {
        for packed in [bytes.clone(), gzip(&bytes), zstd::encode_all(&bytes[..], 1).unwrap()] {
            let capture = from_bytes(&packed).unwrap();
            assert_eq!((capture.format(), capture.interfaces().len()), (format, 1));
            assert_eq!(capture.size(), Some(packed.len() as u64));
            let progress = capture.progress();
            assert_eq!(count(capture), (2, None));
            assert_eq!(progress.load(Ordering::Relaxed), packed.len() as u64);
        }
    }
}

#[test]
fn files_are_opened_by_path() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.pcap");
    std::fs::write(&path, pcap()).unwrap();
    assert_eq!(count(open(path.to_str().unwrap()).unwrap()), (2, None));

    let failure = open(directory.path().to_str().unwrap()).unwrap_err();
    assert_eq!(failure.what, &messages::INPUT_DIRECTORY);
    let missing = directory.path().join("b.pcap");
    let failure = open(missing.to_str().unwrap()).unwrap_err();
    assert_eq!(failure.what, &messages::INPUT_MISSING);
    assert!(failure.render(Lang::Id).contains("berkas tidak ditemukan"));
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let error = io::Error::from(io::ErrorKind::PermissionDenied);
    let failure = cannot_open(&name(), &error);
    assert_eq!(failure.what, &messages::INPUT_FORBIDDEN);
    assert!(failure.to_string().contains("`ls -l x.pcap`"), "{failure}");
}

/// A pipe that would block: reading on from here is an error in these tests.
struct Blocks;

impl Read for Blocks {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("a live pipe would have been waited for")
    }
}

#[test]
fn a_live_pipe_is_not_read_ahead() {
    let mut capture = read(Cursor::new(pcap()).chain(Blocks), name(), None).unwrap();
    assert_eq!(capture.next_frame().unwrap().unwrap().number, 1);
    assert_eq!(capture.next_frame().unwrap().unwrap().number, 2);
    let mut capture = read(Cursor::new(pcapng()).chain(Blocks), name(), None).unwrap();
    assert_eq!(capture.next_frame().unwrap().unwrap().number, 1);
    assert_eq!(capture.next_frame().unwrap().unwrap().number, 2);
}

#[test]
fn what_is_no_capture_is_named() {
    assert_eq!(failure(b"").0, &messages::INPUT_EMPTY);
    assert_eq!(failure(&gzip(b"")).0, &messages::INPUT_EMPTY);
    let (what, text) = failure(b"halo\n");
    assert_eq!(what, &messages::FOREIGN_OTHER);
    assert!(text.starts_with("x.pcap: this is a text file, not a capture\n"), "{text}");
    assert!(failure(b"<html>").1.contains("an HTML page"));
    let (what, text) = failure(b"snoop\0\0\0\0\0\0\x02\0\0\0\x04");
    assert_eq!(what, &messages::FOREIGN_CAPTURE);
    assert!(text.contains("format snoop,") && text.contains("editcap -F pcapng x.pcap"), "{text}");
    assert!(failure(&gzip(b"snoop\0\0\0\0\0\0\x02\0\0\0\x04")).1.contains("snoop inside gzip"));
    assert!(failure(&gzip(&gzip(b"x"))).1.contains("gzip data inside gzip"));
    assert!(failure(b"PK\x03\x04\x14\0").1.contains("`unzip`"));
    let (what, text) = failure(&[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(what, &messages::FOREIGN_UNKNOWN);
    assert!(text.contains("00 01 02 03 04 05 06 07,"), "{text}");
}

#[test]
fn headers_that_cannot_be_used_are_failures() {
    for (whole, format) in [(pcap(), "pcap"), (pcapng(), "pcapng")] {
        for cut in 2..24 {
            let (what, text) = failure(&whole[..cut]);
            assert_eq!(what, &messages::HEADER_CUT, "{cut}");
            assert!(text.contains(&format!("its {format} header: {cut} of ")), "{text}");
        }
    }
    assert_eq!(failure(&Pcap::new(Endian::Big, 0xa1b2_c3d4, (1, 0), 0, 1).bytes).0, &messages::HEADER_VERSION);
    let (what, text) = failure(&Pcap::new(Endian::Big, 0xa1b2_c3d4, (2, 4), 0, 0x0020_0001).bytes);
    assert_eq!(what, &messages::HEADER_LINK);
    assert!(text.contains("0x00200001"), "{text}");
    let mut section = pcapng();
    section[8] = 0;
    assert_eq!(failure(&section).0, &messages::DAMAGE_BYTE_ORDER);
    assert_eq!(failure(&gzip(&pcap())[..9]).0, &messages::DAMAGE_COMPRESSION, "cut before its content begins");
}

#[test]
fn a_cut_compressed_capture_is_shown_up_to_the_cut() {
    let mut file = Pcap::ethernet();
    for n in 0..4_000_u32 {
        let noise: Vec<u8> = (0..25).flat_map(|at| (n * 25 + at).wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        file = file.record(n, 0, 100, &noise);
    }
    for packed in [gzip(&file.bytes), zstd::encode_all(&file.bytes[..], 1).unwrap()] {
        let capture = from_bytes(&packed[..packed.len() * 3 / 4]).unwrap();
        let (frames, damage) = count(capture);
        assert!((1_000..4_000).contains(&frames), "{frames}");
        let damage = damage.unwrap();
        assert!(matches!(damage.reason, DamageReason::Compression { .. }), "{damage:?}");
        assert_eq!((damage.frame, damage.offset), (frames + 1, 24 + frames * 116));
    }
}
