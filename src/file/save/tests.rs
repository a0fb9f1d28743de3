#![allow(clippy::disallowed_methods, reason = "a test of files")]

use super::*;
use crate::file::open;
use crate::frame::FrameSource;
use crate::language::Lang;

fn interface(name: &str, link: LinkType) -> Interface {
    Interface { name: Some(name.to_owned()), link, resolution: 1e-9, counters: Vec::new() }
}

fn frame(nanos: Option<i64>, interface: u32, link: LinkType, bytes: &[u8]) -> OwnedFrame {
    OwnedFrame { time: nanos.map(Time), interface, link, wire_len: 100, bytes: bytes.to_vec(), passage: None }
}

fn saved(name: &str, interfaces: &[Interface], frames: &[OwnedFrame]) -> (Vec<OwnedFrame>, Vec<Interface>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    let mut saver = Saver::create(&path, interfaces).unwrap();
    for frame in frames {
        saver.owned(frame, &["catatan “é”", "kedua"]).unwrap();
        assert!(!path.exists(), "it appears when it is whole");
    }
    saver.finish().unwrap();
    let mut capture = open::open(path.to_str().unwrap()).unwrap();
    let mut read = Vec::new();
    while let Some(frame) = capture.next_frame().unwrap() {
        read.push(OwnedFrame {
            time: frame.time,
            interface: frame.interface,
            link: frame.link,
            wire_len: frame.wire_len,
            bytes: frame.bytes.to_vec(),
            passage: frame.passage.copied(),
        });
    }
    (read, capture.interfaces().to_vec())
}

#[test]
fn pcapng_keeps_everything() {
    let interfaces = [interface("lo", LinkType::ETHERNET), interface("eth0", LinkType::RAW)];
    let frames = [
        frame(Some(1_700_000_000_123_456_789), 0, LinkType::ETHERNET, &[1; 61]),
        frame(Some(1_700_000_000_123_456_790), 1, LinkType::RAW, &[]),
        frame(Some(i64::MAX), 1, LinkType::RAW, &[2; 7]),
    ];
    assert_eq!(saved("a.pcapng", &interfaces, &frames), (frames.to_vec(), interfaces.to_vec()));
}

#[test]
fn pcap_keeps_nanoseconds() {
    let frames = [frame(Some(1_700_000_000_123_456_789), 0, LinkType::LINUX_SLL2, &[1; 61])];
    let (read, interfaces) = saved("a.PCAP", &[interface("any", LinkType::LINUX_SLL2)], &frames);
    assert_eq!(read, frames);
    assert_eq!(
        interfaces,
        [Interface { name: None, link: LinkType::LINUX_SLL2, resolution: 1e-9, counters: Vec::new() }]
    );
    let (read, interfaces) = saved("empty.pcap", &[], &[]);
    assert_eq!((read.len(), interfaces[0].link), (0, LinkType::ETHERNET));
}

#[test]
fn a_frame_without_a_time_stays_without_where_the_format_can_say_so() {
    let mut timeless = frame(None, 0, LinkType::ETHERNET, &[1; 33]);
    timeless.wire_len = 33;
    let mut encoder = Encoder::new(SaveFormat::Pcapng);
    let mut bytes = Vec::new();
    encoder.begin(&mut bytes);
    let as_frame = Frame {
        number: 1,
        time: None,
        interface: 0,
        link: timeless.link,
        wire_len: 33,
        bytes: &[1; 33],
        passage: None,
    };
    encoder.frame(&as_frame, &[], &mut bytes).unwrap();
    let size = bytes.len() as u64;
    let mut capture =
        open::read(std::io::Cursor::new(bytes), crate::language::Value::Words("x".into()), Some(size)).unwrap();
    let read = capture.next_frame().unwrap().unwrap();
    assert_eq!((read.time, read.bytes, read.wire_len), (None, &[1; 33][..], 33));
    assert_eq!(saved("a.pcap", &[], &[timeless]).0[0].time, Some(Time(0)));
}

#[test]
fn an_interface_that_nobody_added_is_described_all_the_same() {
    let frames = [frame(Some(5), 2, LinkType::ETHERNET, &[1; 20])];
    let (read, interfaces) = saved("a.pcapng", &[interface("lo", LinkType::RAW)], &frames);
    assert_eq!((read, interfaces.len()), (frames.to_vec(), 3));
}

#[test]
fn one_link_type_a_pcap_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.pcap");
    let interfaces = [interface("lo", LinkType::ETHERNET), interface("tun0", LinkType::RAW)];
    let failure = Saver::create(&path, &interfaces).unwrap_err();
    assert!(failure.to_string().contains("one link type, and this capture has ETHERNET and RAW"), "{failure}");
    assert!(failure.to_string().contains(".pcapng"));
    let mut saver = Saver::create(&path, &interfaces[..1]).unwrap();
    assert!(saver.owned(&frame(None, 0, LinkType::RAW, &[0]), &[]).is_err());
    drop(saver);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn the_ending_chooses_the_format() {
    assert_eq!(SaveFormat::of(Path::new("x/y.pcapng")).unwrap(), SaveFormat::Pcapng);
    assert!(SaveFormat::Pcapng.has_comments() && !SaveFormat::Pcap.has_comments());
    for name in ["y.cap", "pcap", "y.pcap.gz", ""] {
        let failure = SaveFormat::of(Path::new(name)).unwrap_err();
        for lang in Lang::ALL {
            let text = failure.render(lang);
            assert!(text.contains(".pcap ") && text.contains(".pcapng"), "{text}");
        }
    }
}

#[test]
fn a_comment_longer_than_an_option_is_cut_between_characters() {
    let long = "é".repeat(40_000);
    assert_eq!(cut(&long).len(), 65_534);
    let frames = [frame(Some(5), 0, LinkType::ETHERNET, &[1; 20])];
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.pcapng");
    let mut saver = Saver::create(&path, &[]).unwrap();
    saver.owned(&frames[0], &[&long]).unwrap();
    saver.owned(&frames[0], &[]).unwrap();
    saver.finish().unwrap();
    let mut capture = open::open(path.to_str().unwrap()).unwrap();
    assert_eq!(capture.next_frame().unwrap().unwrap().bytes, [1; 20]);
    assert_eq!(capture.next_frame().unwrap().unwrap().number, 2);
}

#[test]
fn what_was_seen_beside_the_packets_comes_back_and_takes_no_number() {
    let text = format!("{{\"call\":\"{}\"}}\n", "é…\t".repeat(500)).repeat(900);
    assert!(text.len() > 2 << 20, "more than two blocks");
    let directory = tempfile::tempdir().unwrap();
    for (name, expected) in [("a.pcapng", text.as_str()), ("a.pcap", "")] {
        let path = directory.path().join(name);
        let mut saver = Saver::with(&path, &[interface("lo", LinkType::ETHERNET)], &text, Some(7)).unwrap();
        saver.owned(&frame(Some(5), 0, LinkType::ETHERNET, &[1; 20]), &[]).unwrap();
        saver.finish().unwrap();
        let mut capture = open::open(&path).unwrap();
        assert_eq!(capture.announces_beside(), !expected.is_empty());
        assert_eq!(capture.next_frame().unwrap().unwrap().number, 1);
        assert!(capture.next_frame().unwrap().is_none());
        assert_eq!(capture.beside(), expected);
    }
}

#[test]
fn what_lists_calls_is_counted_and_passed_over() {
    let interfaces = [interface("lo", LinkType::ETHERNET), Interface::calls()];
    let packet = |time| frame(Some(time), 0, LinkType::ETHERNET, &[1; 20]);
    let call = |time| frame(Some(time), 1, LinkType::WIRESHARK_UPPER_PDU, b"connect()");
    let frames = [call(1), packet(2), call(3), call(4), packet(5), call(6)];
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.pcapng");
    for foreign in [false, true] {
        let mut interfaces = interfaces.to_vec();
        if foreign {
            interfaces[1].name = Some("someone else's".to_owned());
        }
        let mut saver = Saver::create(&path, &interfaces).unwrap();
        for frame in &frames {
            saver.owned(frame, &[]).unwrap();
        }
        saver.finish().unwrap();
        let mut capture = open::open(&path).unwrap();
        let mut read = Vec::new();
        while let Some(frame) = capture.next_frame().unwrap() {
            read.push((frame.number, frame.time));
        }
        let expected = [2, 5].map(|at| (at, Some(Time(i64::try_from(at).unwrap()))));
        assert_eq!(capture.interfaces(), interfaces);
        if foreign {
            assert_eq!(read.len(), frames.len(), "they are anybody's frames");
        } else {
            assert_eq!(read, expected);
        }
    }
}
