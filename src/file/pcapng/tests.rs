use super::*;
use crate::file::crafted::{Endian, Pcapng, payload};

const MICROS: u64 = 1_700_000_000_000_005;

/// What a frame is, owned.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    number: u64,
    time: Option<i64>,
    interface: u32,
    link: u16,
    wire: u32,
    bytes: Vec<u8>,
}

fn drain(reader: &mut Reader<&[u8]>) -> (Vec<Seen>, Option<Damage>) {
    let mut frames = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push(Seen {
                number: frame.number,
                time: frame.time.map(|time| time.0),
                interface: frame.interface,
                link: frame.link.0,
                wire: frame.wire_len,
                bytes: frame.bytes.to_vec(),
            }),
            Ok(None) => return (frames, None),
            Err(damage) => {
                assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows damage");
                return (frames, Some(damage));
            }
        }
    }
}

#[test]
fn a_section_says_how_it_was_made() {
    let section = |endian: Endian, options: &dyn Fn(&Pcapng) -> Vec<u8>| {
        let empty = Pcapng { endian, bytes: Vec::new() };
        let mut body = endian.u32(0x1a2b_3c4d).to_vec();
        body.extend([endian.u16(1), endian.u16(0)].concat());
        body.extend(endian.u64(u64::MAX));
        body.extend(options(&empty));
        empty.block(0x0a0d_0d0a, &body).interface(1, 0, &[]).simple(20, &payload(20)).bytes
    };
    for endian in [Endian::Little, Endian::Big] {
        let bytes = section(endian, &|file| {
            let options = [(2, "a laptop"), (3, " Linux 6.1\0x"), (4, "Dumpcap 4.2"), (1, "a comment"), (0, "")];
            options.iter().flat_map(|(code, text)| file.option(*code, text.as_bytes())).collect()
        });
        let reader = Reader::new(Window::new(&bytes[..])).unwrap();
        let origin = reader.origin();
        let said = [origin.hardware, origin.system, origin.application].map(Option::unwrap);
        assert_eq!(said, ["a laptop", "Linux 6.1", "Dumpcap 4.2"]);
        assert_eq!(frames(&bytes).0.len(), 1);
        // An option that claims more than there is, and one without words.
        let bytes =
            section(endian, &|file| [file.option(4, b" "), endian.u16(3).to_vec(), endian.u16(900).to_vec()].concat());
        assert_eq!(Reader::new(Window::new(&bytes[..])).unwrap().origin(), Origin::default());
        assert_eq!(frames(&bytes).0.len(), 1);
    }
    // A second section does not speak for the first, and a header that is cut off is damage as ever.
    let whole = section(Endian::Little, &|file| file.option(4, b"one"));
    let mut both = whole.clone();
    both.extend(section(Endian::Little, &|file| file.option(4, b"two")));
    let mut reader = Reader::new(Window::new(&both[..])).unwrap();
    assert_eq!(drain(&mut reader).0.len(), 2);
    assert_eq!(reader.origin().application.as_deref(), Some("one"));
    assert!(matches!(Reader::new(Window::new(&whole[..30])), Err(HeaderError::Damaged(_) | HeaderError::Cut { .. })));
}

fn frames(bytes: &[u8]) -> (Vec<Seen>, Option<Damage>) {
    drain(&mut Reader::new(Window::new(bytes)).unwrap())
}

/// A file of one Ethernet interface.
fn ethernet(endian: Endian) -> Pcapng {
    Pcapng::new(endian).interface(1, 0, &[])
}

fn little() -> Pcapng {
    ethernet(Endian::Little)
}

/// One frame, then the blocks in question, then another frame that must or must not be reached.
fn between(blocks: impl Fn(Pcapng) -> Pcapng) -> (Vec<u64>, Option<Damage>) {
    let file = blocks(little().enhanced(0, MICROS, 24, &payload(24), &[]));
    let (frames, damage) = frames(&file.enhanced(0, MICROS, 24, &payload(24), &[]).bytes);
    (frames.iter().map(|frame| frame.number).collect(), damage)
}

#[test]
fn the_three_kinds_of_packets_in_both_byte_orders() {
    for endian in [Endian::Little, Endian::Big] {
        let file = ethernet(endian).enhanced(0, MICROS, 90, &payload(21), &[]).simple(17, &payload(17));
        let file = file.obsolete(0, MICROS, 60, &payload(30));
        let time = Some(1_700_000_000_000_005_000);
        let seen =
            |number, time, wire, length| Seen { number, time, interface: 0, link: 1, wire, bytes: payload(length) };
        let expected = vec![seen(1, time, 90, 21), seen(2, None, 17, 17), seen(3, time, 60, 30)];
        assert_eq!(frames(&file.bytes), (expected, None), "{endian:?}");
    }
}

#[test]
fn interfaces_are_known_before_the_first_packet_and_counted_through_sections() {
    let file = Pcapng::new(Endian::Little);
    let options = [file.option(2, b"eth0\0junk"), file.option(9, &[9]), file.option(0, &[])].concat();
    let file = file.interface(1, 0, &options).interface(113, 0, &[]).block(0x77, b"unknown");
    let file = file.enhanced(1, MICROS, 24, &payload(24), &[]).section(Endian::Big).interface(101, 0, &[]);
    let file = file.enhanced(0, MICROS, 24, &payload(24), &[]).enhanced(1, MICROS, 24, &payload(24), &[]);
    let mut reader = Reader::new(Window::new(&file.bytes[..])).unwrap();
    let first = Interface { name: Some("eth0".to_owned()), link: LinkType(1), resolution: 1e-9, counters: Vec::new() };
    let second = Interface { name: None, link: LinkType(113), resolution: 1e-6, counters: Vec::new() };
    assert_eq!(reader.interfaces(), [first, second]);
    let (seen, damage) = drain(&mut reader);
    let places: Vec<_> = seen.iter().map(|frame| (frame.interface, frame.link)).collect();
    assert_eq!(places, [(1, 113), (2, 101)]);
    assert_eq!(reader.interfaces().len(), 3);
    let damage = damage.unwrap();
    assert_eq!((damage.frame, damage.reason), (3, DamageReason::UnknownInterface { index: 1 }));
}

#[test]
fn time_follows_the_interface() {
    let file = Pcapng::new(Endian::Big);
    let offset = [file.option(14, &(-100_i64).to_be_bytes()), file.option(9, &[0x83])].concat();
    let file = file.interface(1, 0, &offset).interface(1, 0, &[]);
    let file = file.enhanced(0, 4, 24, &payload(24), &[]).enhanced(1, u64::MAX, 24, &payload(24), &[]);
    let (seen, damage) = frames(&file.bytes);
    assert_eq!(damage, None);
    // Four eighths of a second, a hundred seconds before the epoch; and a time that nanoseconds cannot hold.
    assert_eq!([seen[0].time, seen[1].time], [Some(-99_500_000_000), None]);
    // A resolution of the wrong length is no resolution.
    let file = Pcapng::new(Endian::Little);
    let wrong = file.option(9, &[9, 0]);
    let (seen, _) = frames(&file.interface(1, 0, &wrong).enhanced(0, 7, 24, &payload(24), &[]).bytes);
    assert_eq!(seen[0].time, Some(7_000));
}

#[test]
fn simple_packets_are_cut_at_the_snap_length() {
    let file = Pcapng::new(Endian::Little).interface(1, 10, &[]).simple(500, &payload(10));
    let (seen, damage) = frames(&file.bytes);
    assert_eq!((seen[0].wire, seen[0].bytes.len(), damage), (500, 10, None));
    let file = little().simple(30, &payload(24));
    let reason = DamageReason::Length { field: "original packet length", value: 30, limit: 24 };
    assert_eq!(frames(&file.bytes).1, Some(Damage { offset: 48, frame: 1, reason }));
}

#[test]
fn blocks_that_wireshark_numbers_take_a_number_here() {
    for kind in [0x0bad, 0x4000_0bad, 9, 0x204, 0x216, 0x221] {
        assert_eq!(between(|file| file.block(kind, &[0; 48])), (vec![1, 3], None), "{kind:#x}");
    }
    // Name resolution, statistics, secrets, interface, Sysdig's descriptions, unknown, local.
    for kind in [4, 5, 10, 1, 0x201, 0x208, 0x217, 0x77, 0x8000_0001] {
        assert_eq!(between(|file| file.block(kind, &[0; 48])), (vec![1, 2], None), "{kind:#x}");
    }
    let numbered_first = little().block(9, &[0; 48]).enhanced(0, MICROS, 24, &payload(24), &[]);
    assert_eq!(frames(&numbered_first.bytes).0[0].number, 2);
}

#[test]
fn damaged_options_lose_no_packet() {
    let file = little().enhanced(0, MICROS, 24, &payload(24), &[1, 0, 0xff, 0xff]);
    let file = file.enhanced(0, MICROS, 24, &payload(24), &[2, 0, 3, 0, 1, 1, 1, 0]);
    assert_eq!(frames(&file.bytes).0.len(), 2);
    // Of an interface's options, those before the damage hold.
    let file = Pcapng::new(Endian::Little);
    let options = [file.option(9, &[3]), vec![2, 0, 0xff, 0xff, 65, 65, 65, 65]].concat();
    let (seen, damage) = frames(&file.interface(1, 0, &options).enhanced(0, 5, 24, &payload(24), &[]).bytes);
    assert_eq!((seen[0].time, damage), (Some(5_000_000), None));
}

#[test]
fn a_packet_without_an_interface_is_damage() {
    for file in [
        Pcapng::new(Endian::Little).enhanced(0, MICROS, 24, &payload(24), &[]),
        Pcapng::new(Endian::Big).simple(24, &payload(24)),
        Pcapng::new(Endian::Big).obsolete(0, MICROS, 24, &payload(24)),
        ethernet(Endian::Little).section(Endian::Little).simple(24, &payload(24)),
    ] {
        let (seen, damage) = frames(&file.bytes);
        assert_eq!((seen.len(), damage.unwrap().reason), (0, DamageReason::UnknownInterface { index: 0 }));
    }
}

#[test]
fn lengths_are_held_against_each_other() {
    let (seen, damage) = between(|mut file| {
        file = file.block(5, &[0; 12]);
        let last = file.bytes.len() - 4;
        file.bytes[last] = 99;
        file
    });
    assert_eq!(seen, [1]);
    assert_eq!(damage.unwrap().reason, DamageReason::TrailerMismatch { leading: 24, trailing: 99 });

    let (_, damage) = between(|mut file| {
        file.bytes.extend([0; 12]);
        file
    });
    assert_eq!(damage.unwrap().reason, DamageReason::Block { kind: 0 });

    let (_, damage) = between(|mut file| {
        file.bytes.extend([6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        file
    });
    let limit = u64::from(BLOCK_LIMIT);
    let reason = DamageReason::Length { field: "block total length", value: u64::from(u32::MAX), limit };
    assert_eq!(damage, Some(Damage { offset: 48 + 56, frame: 2, reason }));

    // More captured bytes than the block holds, and more than any Ethernet frame has.
    for (captured, limit) in [(25_u32, 24), (u32::MAX, 24)] {
        let mut file = little().enhanced(0, MICROS, 24, &payload(24), &[]);
        let at = 48 + 20;
        file.bytes[at..at + 4].copy_from_slice(&captured.to_le_bytes());
        let reason = DamageReason::Length { field: "captured length", value: captured.into(), limit };
        assert_eq!(frames(&file.bytes).1, Some(Damage { offset: 48, frame: 1, reason }));
    }
    let large = vec![0; 262_145];
    let damage = frames(&little().enhanced(0, MICROS, 1, &large, &[]).bytes).1.unwrap();
    assert!(matches!(damage.reason, DamageReason::Length { limit: 262_144, .. }), "{damage:?}");
}

#[test]
fn lengths_that_forget_the_padding_are_rounded_up() {
    let file = little().enhanced(0, MICROS, 21, &payload(21), &[]);
    let mut bytes = file.enhanced(0, MICROS, 24, &payload(24), &[]).bytes;
    // 32 + 21 in place of 32 + 24, at both ends of the first packet block.
    bytes[48 + 4] = 53;
    bytes[48 + 52] = 53;
    let (seen, damage) = frames(&bytes);
    assert_eq!((seen.len(), seen[0].bytes.len(), damage), (2, 21, None));
}

#[test]
fn section_headers_are_checked() {
    let error = |bytes: &[u8]| Reader::new(Window::new(bytes)).map(drop).unwrap_err();
    let good = Pcapng::new(Endian::Little).bytes;
    let mut bad = good.clone();
    bad[8] = 0;
    assert_eq!(error(&bad), HeaderError::Damaged(DamageReason::ByteOrder));
    let mut newer = good.clone();
    newer[12] = 2;
    assert_eq!(error(&newer), HeaderError::Version { major: 2, minor: 0 });
    for cut in 0..good.len() {
        assert!(matches!(error(&good[..cut]), HeaderError::Cut { had, .. } if had == cut as u64), "{cut}");
    }
    assert_eq!(frames(&good), (vec![], None), "a section without anything");
    // Later sections are damage, and what came before was delivered.
    let later = [little().enhanced(0, MICROS, 24, &payload(24), &[]).bytes, newer].concat();
    let (seen, damage) = frames(&later);
    let reason = DamageReason::Version { major: 2, minor: 0 };
    assert_eq!((seen.len(), damage), (1, Some(Damage { offset: 104, frame: 2, reason })));
}

#[test]
fn large_blocks_are_passed_over_without_being_held() {
    let (seen, damage) = between(|file| file.block(0x77, &vec![0; 3 << 20]));
    assert_eq!((seen, damage), (vec![1, 2], None));
    let whole = little().block(0x77, &vec![0; 3 << 20]).bytes;
    let mut reader = Reader::new(Window::new(&whole[..whole.len() - 1])).unwrap();
    let damage = reader.next_frame().unwrap_err();
    let needed = (3 << 20) + 12;
    assert_eq!(damage.reason, DamageReason::Cut { had: needed - 1, needed });
    assert_eq!(damage.offset, 48);
}

#[test]
fn a_flood_of_interfaces_stops_at_the_limit() {
    let mut file = Pcapng::new(Endian::Little);
    let one = Pcapng { endian: Endian::Little, bytes: vec![] }.interface(1, 0, &[]).bytes;
    for _ in 0..=INTERFACE_LIMIT {
        file.bytes.extend(&one);
    }
    let damage = frames(&file.bytes).1.unwrap();
    assert!(matches!(damage.reason, DamageReason::Length { field: "number of interfaces", .. }), "{damage:?}");
}

#[test]
fn cut_at_every_byte_everything_before_is_delivered() {
    let file = Pcapng::new(Endian::Big);
    let options = [file.option(2, b"eth0"), file.option(9, &[9]), file.option(0, &[])].concat();
    let mut file = file.interface(1, 0, &options);
    let mut blocks = vec![28, file.bytes.len()];
    let mut packets = vec![];
    let comment = [file.option(1, b"catatan"), file.option(0, &[])].concat();
    for step in 0..4 {
        file = match step {
            0 => file.enhanced(0, MICROS, 24, &payload(21), &comment),
            1 => file.simple(33, &payload(33)),
            2 => file.block(5, &[0; 12]).section(Endian::Little).interface(101, 0, &[]),
            _ => file.obsolete(0, MICROS, 24, &payload(24)),
        };
        if step != 2 {
            packets.push(file.bytes.len());
        }
        blocks.push(file.bytes.len());
    }
    let all = file.bytes;
    for cut in 28..=all.len() {
        let (seen, damage) = frames(&all[..cut]);
        assert_eq!(seen.len(), packets.iter().filter(|&&end| end <= cut).count(), "cut at {cut}");
        // Inside the third step are two more block ends.
        let clean = blocks.contains(&cut) || [24, 24 + 28].iter().any(|extra| blocks[3] + extra == cut);
        assert_eq!(damage.is_none(), clean, "cut at {cut}: {damage:?}");
        if let Some(damage) = damage {
            assert_eq!(damage.frame, seen.len() as u64 + 1);
            assert!(damage.offset < cut as u64);
            let DamageReason::Cut { had, needed } = damage.reason else { panic!("cut at {cut}: {damage:?}") };
            assert_eq!(damage.offset + had, cut as u64);
            assert!(had < needed);
        }
    }
}

#[test]
fn agrees_with_pcap_parser() {
    use pcap_parser::traits::PcapReaderIterator;
    use pcap_parser::{Block, PcapBlockOwned, PcapError, PcapNGReader};

    for endian in [Endian::Little, Endian::Big] {
        let mut file = ethernet(endian);
        for n in 0..2_000_u32 {
            let data = payload((n as usize * 37) % 1_500);
            file = match n % 5 {
                0 => file.simple(u32::try_from(data.len()).unwrap(), &data),
                1 => file.block(5, &[0; 12]).enhanced(0, MICROS + u64::from(n), n + 1_500, &data, &[]),
                _ => file.enhanced(0, MICROS + u64::from(n), n + 1_500, &data, &[]),
            };
        }
        let mut theirs = Vec::new();
        let mut reader = PcapNGReader::new(65_536, &file.bytes[..]).unwrap();
        loop {
            match reader.next() {
                Ok((offset, block)) => {
                    match block {
                        PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
                            theirs.push((packet.origlen, packet.data[..packet.caplen as usize].to_vec()));
                        }
                        PcapBlockOwned::NG(Block::SimplePacket(packet)) => {
                            theirs.push((packet.origlen, packet.data[..packet.origlen as usize].to_vec()));
                        }
                        _ => {}
                    }
                    reader.consume(offset);
                }
                Err(PcapError::Eof) => break,
                Err(PcapError::Incomplete(_)) => reader.refill().unwrap(),
                Err(error) => panic!("{error:?}"),
            }
        }
        let (ours, damage) = frames(&file.bytes);
        assert_eq!(damage, None);
        assert_eq!(ours.into_iter().map(|seen| (seen.wire, seen.bytes)).collect::<Vec<_>>(), theirs);
    }
}

proptest::proptest! {
    #![proptest_config(super::super::proptest_config())]

    #[test]
    fn arbitrary_bytes_never_panic(
        rest in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
    ) {
        let mut bytes = little().bytes;
        bytes.extend(rest);
        let (frames, _) = frames(&bytes);
        proptest::prop_assert!(frames.len() < bytes.len());
    }

    /// Changed bytes in a good file reach further into the parser than random ones.
    #[test]
    fn changed_bytes_never_panic(
        changes in proptest::collection::vec((0_usize..300, proptest::num::u8::ANY), 1..6),
    ) {
        let mut bytes = little().enhanced(0, MICROS, 24, &payload(24), &[]).simple(33, &payload(33))
            .block(9, &[7; 40]).section(Endian::Big).interface(1, 64, &[]).obsolete(0, MICROS, 9, &payload(9)).bytes;
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if let Ok(mut reader) = Reader::new(Window::new(&bytes[..])) {
            drain(&mut reader);
        }
    }
}
