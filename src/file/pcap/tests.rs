use super::*;
use crate::file::crafted::{Endian, Pcap, payload};

const SECONDS: u32 = 1_700_000_000;

/// Time in nanoseconds, captured bytes, length on the wire.
type Seen = (i64, Vec<u8>, u32);

/// All frames, and the damage.
fn frames(bytes: &[u8]) -> (Vec<Seen>, Option<Damage>) {
    let mut reader = Reader::new(Window::new(bytes), true).unwrap();
    let mut frames = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => {
                assert_eq!(frame.number, frames.len() as u64 + 1);
                assert_eq!(frame.interface, 0);
                frames.push((frame.time.unwrap().0, frame.bytes.to_vec(), frame.wire_len));
            }
            Ok(None) => return (frames, None),
            Err(damage) => {
                assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows damage");
                return (frames, Some(damage));
            }
        }
    }
}

fn header_error(bytes: &[u8]) -> HeaderError {
    Reader::new(Window::new(bytes), true).map(drop).unwrap_err()
}

#[test]
fn both_byte_orders_and_both_resolutions() {
    for endian in [Endian::Little, Endian::Big] {
        for (magic, nanos, resolution) in [(MICROS, 5_000, 1e-6), (NANOS, 5, 1e-9)] {
            let file = Pcap::new(endian, magic, (2, 4), 65_535, 113).record(SECONDS, 5, 99, &payload(20));
            let file = file.record(0, 0, 0, &[]).record(u32::MAX, 999_999, 7, &payload(7));
            let (frames, damage) = frames(&file.bytes);
            assert_eq!(damage, None);
            assert_eq!(frames[0], (i64::from(SECONDS) * 1_000_000_000 + nanos, payload(20), 99));
            assert_eq!(frames[1], (0, vec![], 0), "an empty packet at the epoch");
            assert_eq!(frames[2].0 / 1_000_000_000, i64::from(u32::MAX));
            let reader = Reader::new(Window::new(&file.bytes[..]), true).unwrap();
            assert_eq!(
                reader.interfaces(),
                [Interface { name: None, link: LinkType::LINUX_SLL, resolution, counters: Vec::new() }]
            );
        }
    }
}

#[test]
fn the_link_type_is_the_low_half_and_fcs_bits_are_allowed() {
    let link = |field| {
        let file = Pcap::new(Endian::Little, MICROS, (2, 4), 65_535, field);
        Reader::new(Window::new(&file.bytes[..]), true).map(|reader| reader.interfaces()[0].link)
    };
    assert_eq!(link(0x2400_0001).unwrap(), LinkType::ETHERNET);
    assert_eq!(link(0xf400_0114).unwrap(), LinkType::LINUX_SLL2);
    assert_eq!(link(0x0001_0001).unwrap_err(), HeaderError::LinkField { value: 0x0001_0001 });
}

#[test]
fn old_versions_have_their_lengths_the_other_way_round() {
    let data = payload(24);
    let wrong_way =
        |minor| Pcap::new(Endian::Little, MICROS, (2, minor), 65_535, 1).record_with([SECONDS, 5, 60, 24], &[], &data);
    let time = i64::from(SECONDS) * 1_000_000_000 + 5_000;
    assert_eq!(frames(&wrong_way(2).bytes), (vec![(time, data.clone(), 60)], None));
    let both = wrong_way(3).record(SECONDS, 5, 60, &data);
    assert_eq!(frames(&both.bytes).0.len(), 2, "2.3 was written both ways");
    assert_eq!(frames(&both.bytes).1, None);
    let future = Pcap::new(Endian::Little, MICROS, (3, 0), 65_535, 1).record(SECONDS, 5, 60, &data);
    assert_eq!(frames(&future.bytes).0.len(), 1);
    let ancient = Pcap::new(Endian::Big, MICROS, (1, 2), 65_535, 1);
    assert_eq!(header_error(&ancient.bytes), HeaderError::Version { major: 1, minor: 2 });
}

#[test]
fn variants_with_longer_record_headers_are_recognised() {
    let data = payload(24);
    let cases: [(u32, &[u8]); 4] = [
        (MODIFIED, &[2, 0, 0, 0, 0, 8, 0, 0]),
        (MODIFIED, &[2, 0, 0, 0, 0, 8, 0, 9, 9, 9, 9, 9]),
        (MICROS, &[2, 0, 0, 0, 0, 8, 4, 0]),
        (MICROS, &[0x01, 0xb6, 0xbf, 0x9f]),
    ];
    for (magic, extra) in cases {
        let mut file = Pcap::new(Endian::Little, magic, (2, 4), 65_535, 1);
        for _ in 0..5 {
            file = file.record_with([SECONDS, 5, 24, 24], extra, &data);
        }
        let (frames, damage) = frames(&file.bytes);
        assert_eq!((frames.len(), damage), (5, None), "{magic:x} {extra:?}");
        assert!(frames.iter().all(|(_, bytes, _)| *bytes == data));
    }
    // A live pipe is not read ahead: the usual layout of the magic number holds.
    let file = Pcap::new(Endian::Little, MODIFIED, (2, 4), 65_535, 1);
    let file = file.record_with([SECONDS, 5, 24, 24], &[2, 0, 0, 0, 0, 8, 0, 0], &data);
    let mut reader = Reader::new(Window::new(&file.bytes[..]), false).unwrap();
    assert_eq!(reader.next_frame().unwrap().unwrap().bytes, data);
}

#[test]
fn a_doubtful_ordinary_file_stays_ordinary() {
    // Larger than the snap length and larger than on the wire: odd, and nothing else fits better.
    let file = Pcap::new(Endian::Little, MICROS, (2, 4), 10, 1);
    let file = file.record(SECONDS, 5, 3, &payload(24)).record(SECONDS, 2_000_000, 24, &payload(24));
    let (frames, damage) = frames(&file.bytes);
    assert_eq!((frames.len(), damage), (2, None));
    assert_eq!(frames[0].2, 3);
    assert_eq!(frames[1].0, (i64::from(SECONDS) + 2) * 1_000_000_000);
}

#[test]
fn ixia_and_aix_are_pcap_too() {
    let data = payload(24);
    for (magic, nanos) in [(IXIA_HARDWARE, 5), (IXIA_SOFTWARE, 5_000)] {
        let mut file = Pcap::new(Endian::Big, magic, (2, 4), 65_535, 1);
        file.bytes.extend([0, 0, 0, 40]);
        let (frames, damage) = frames(&file.record(SECONDS, 5, 24, &data).bytes);
        assert_eq!((frames[0].0 % 1_000_000, damage), (nanos, None));
    }
    let aix = Pcap::new(Endian::Big, MICROS, (2, 2), 65_535, 6).record_with([SECONDS, 5, 60, 24], &[], &data);
    assert_eq!(frames(&aix.bytes).0, [(i64::from(SECONDS) * 1_000_000_000 + 5, data, 60)]);
    let reader = Reader::new(Window::new(&aix.bytes[..]), true).unwrap();
    assert_eq!(reader.interfaces()[0].link, LinkType::ETHERNET);
}

#[test]
fn a_record_that_claims_four_gigabytes_is_refused_where_it_stands() {
    let file = Pcap::ethernet().record(SECONDS, 5, 24, &payload(24));
    let file = file.record_with([SECONDS, 6, u32::MAX, u32::MAX], &[], &payload(24));
    let (frames, damage) = frames(&file.bytes);
    assert_eq!(frames.len(), 1);
    let reason = DamageReason::Length { field: "captured length", value: u64::from(u32::MAX), limit: 262_144 };
    assert_eq!(damage, Some(Damage { offset: 64, frame: 2, reason }));
}

#[test]
fn the_limit_depends_on_the_link_type() {
    let limit = 262_144;
    let file =
        |link, length| Pcap::new(Endian::Little, MICROS, (2, 4), 0, link).record(SECONDS, 5, 1, &vec![0; length]).bytes;
    assert_eq!(frames(&file(1, limit)).1, None);
    assert!(frames(&file(1, limit + 1)).1.is_some());
    assert_eq!(frames(&file(231, limit + 1)).1, None, "D-Bus messages may be large");
}

#[test]
fn cut_at_every_byte_everything_before_is_delivered() {
    let file = Pcap::ethernet().record(SECONDS, 5, 24, &payload(24)).record(SECONDS, 6, 80, &payload(61));
    let file = file.record(SECONDS, 7, 0, &[]).record(SECONDS, 8, 33, &payload(33)).bytes;
    let ends = [24, 64, 141, 157, 206];
    assert_eq!(ends[4], file.len());
    for cut in 0..file.len() {
        if cut < 24 {
            let error = HeaderError::Cut { had: cut as u64, needed: 24 };
            assert_eq!(header_error(&file[..cut]), error);
            continue;
        }
        let whole = ends.iter().filter(|&&end| end <= cut).count() - 1;
        let (frames, damage) = frames(&file[..cut]);
        assert_eq!(frames.len(), whole, "cut at {cut}");
        let had = (cut - ends[whole]) as u64;
        if had == 0 {
            assert_eq!(damage, None, "cut at {cut}, between two records");
            continue;
        }
        let damage = damage.unwrap();
        assert_eq!((damage.offset, damage.frame), (ends[whole] as u64, whole as u64 + 1));
        let needed = if had < 16 { 16 } else { (ends[whole + 1] - ends[whole]) as u64 };
        assert_eq!(damage.reason, DamageReason::Cut { had, needed }, "cut at {cut}");
    }
}

#[test]
fn agrees_with_pcap_parser() {
    use pcap_parser::traits::PcapReaderIterator;
    use pcap_parser::{LegacyPcapReader, PcapBlockOwned, PcapError};

    for endian in [Endian::Little, Endian::Big] {
        let mut file = Pcap::new(endian, NANOS, (2, 4), 65_535, 1);
        for n in 0..3_000_u32 {
            file = file.record(SECONDS + n, n * 7, n + 3, &payload((n as usize * 37) % 1_500));
        }
        let mut theirs = Vec::new();
        let mut reader = LegacyPcapReader::new(65_536, &file.bytes[..]).unwrap();
        loop {
            match reader.next() {
                Ok((offset, block)) => {
                    if let PcapBlockOwned::Legacy(block) = block {
                        let nanos = i64::from(block.ts_sec) * 1_000_000_000 + i64::from(block.ts_usec);
                        theirs.push((nanos, block.data.to_vec(), block.origlen));
                    }
                    reader.consume(offset);
                }
                Err(PcapError::Eof) => break,
                Err(PcapError::Incomplete(_)) => reader.refill().unwrap(),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(frames(&file.bytes), (theirs, None));
    }
}

proptest::proptest! {
    #![proptest_config(super::super::proptest_config())]

    #[test]
    fn arbitrary_bytes_never_panic(
        magic in proptest::sample::select(vec![MICROS, NANOS, MODIFIED, IXIA_HARDWARE]),
        big in proptest::bool::ANY,
        rest in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
    ) {
        let mut bytes = if big { magic.to_be_bytes() } else { magic.to_le_bytes() }.to_vec();
        bytes.extend(rest);
        if let Ok(mut reader) = Reader::new(Window::new(&bytes[..]), true) {
            while let Ok(Some(frame)) = reader.next_frame() {
                proptest::prop_assert!(frame.bytes.len() <= bytes.len());
            }
        }
    }
}
