//! Segments inside tunnels, behind the rarer link layers and in fragments: netscope and tshark must find the same.

use netscope::decode::reassembly::Reassembler;
use netscope::frame::{Frame, LinkType};

use super::generator::{Case, Kind, Random, ip_around, segment, udp_around};
use super::{FIELDS, Row, SEED, ours, tshark, write_pcap};

const MAC: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

/// What is compared: everything of the segment, and the innermost addresses.
fn innermost(ours: &Row, mut theirs: Row) -> Row {
    theirs.retain(|field, _| field.starts_with("tcp.") || ours.contains_key(field));
    for (field, values) in &mut theirs {
        if field.starts_with("ip") {
            *values = values.rsplit(',').next().unwrap_or_default().to_owned();
        }
    }
    theirs
}

fn compare(name: &str, link: u16, frames: Vec<Vec<u8>>, least: usize) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("inside.pcap");
    let whole = |bytes: Vec<u8>| Case { kind: Kind::Good, wire_len: u32::try_from(bytes.len()).expect("small"), bytes };
    let cases: Vec<Case> = frames.into_iter().map(whole).collect();
    write_pcap(&path, link, &cases);
    let rows = tshark(directory.path(), &path);
    assert_eq!(rows.len(), cases.len(), "{name}");
    let mut reassembler = Reassembler::default();
    let mut segments = 0;
    for (number, (case, theirs)) in (1..).zip(cases.iter().zip(rows)) {
        let (link, wire_len, bytes) = (LinkType(link), case.wire_len, case.bytes.as_slice());
        let mut datagram = Vec::new();
        let frame = Frame { number, time: None, interface: 0, link, wire_len, bytes, passage: None };
        let packet = reassembler.decode(&frame, &mut datagram);
        let ours = ours(&packet);
        segments += usize::from(ours.contains_key("tcp.len"));
        let theirs = innermost(&ours, theirs);
        for field in FIELDS.into_iter().filter(|field| field.starts_with("tcp.") || theirs.contains_key(field)) {
            assert_eq!(
                ours.get(field),
                theirs.get(field),
                "{name}, frame {number}, {field} (netscope, tshark): {:?} {bytes:02x?}",
                packet.stop
            );
        }
    }
    assert!(segments >= least, "{name}: {segments} segments, {least} expected");
}

/// One of the tunnels, around a new segment.
fn tunnel(random: &mut Random, kind: usize) -> Vec<u8> {
    let v6 = random.below(2) == 1;
    let ip = segment(random, v6);
    let (ether, ppp) = if v6 { ([0x86, 0xdd], [0, 0x57]) } else { ([8, 0], [0, 0x21]) };
    let eth = [&MAC[..], &ether, &ip].concat();
    let len = |bytes: &[u8], more: usize| u16::try_from(bytes.len() + more).expect("small").to_be_bytes();
    let join = |head: &[u8], rest: &[u8]| [head, rest].concat();
    let gre = |random: &mut Random, head: &[u8], rest: &[u8]| ip_around(random, 47, &join(head, rest));
    match kind {
        0 => ip_around(random, if v6 { 41 } else { 4 }, &ip),
        1 => gre(random, &[0, 0, ether[0], ether[1]], &ip),
        2 => gre(random, &[0xb0, 0, ether[0], ether[1], 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1], &ip),
        3 => gre(random, &[0x20, 0, 0x65, 0x58, 0, 0, 0, 7], &eth),
        4 => {
            let size = len(&ip, 4);
            let head = [0x30, 1, 0x88, 0x0b, size[0], size[1], 0, 7, 0, 0, 0, 1, 0xff, 3, ppp[0], ppp[1]];
            gre(random, &head, &ip)
        }
        5 => gre(random, &[0, 0, 0x88, 0xbe], &eth),
        6 => gre(random, &[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0], &eth),
        7 => gre(random, &[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &eth),
        8 => gre(random, &[0, 0, 0x88, 0x47, 0, 1, 0x10, 64, 0, 2, 1, 64], &ip),
        9 => ip_around(random, 97, &join(&[0x30, 0], &eth)),
        10 => ip_around(random, 137, &join(&[0, 1, 1, 64], &ip)),
        11 => udp_around(random, 4789, &join(&[8, 0, 0, 0, 0, 0, 7, 0], &eth)),
        12 => udp_around(random, 4790, &join(&[0x0c, 0, 0, if v6 { 2 } else { 1 }, 0, 0, 7, 0], &ip)),
        13 => udp_around(random, 6081, &join(&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 0, 0, 0, 0], &eth)),
        14 => udp_around(random, 6081, &join(&[0, 0, ether[0], ether[1], 0, 0, 7, 0], &ip)),
        15 => {
            let size = len(&ip, 0);
            udp_around(random, 2152, &join(&[0x30, 255, size[0], size[1], 0, 0, 0, 1], &ip))
        }
        16 => {
            let size = len(&ip, 8);
            let head = [0x34, 255, size[0], size[1], 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0];
            udp_around(random, 2152, &join(&head, &ip))
        }
        17 => udp_around(random, 1701, &join(&[0, 2, 0, 1, 0, 1, 0xff, 3, ppp[0], ppp[1]], &ip)),
        18 => udp_around(random, 6635, &join(&[0, 1, 1, 64], &ip)),
        19 => udp_around(random, 37008, &join(&[1, 0, 0, 1, 10, 1, 5, 1], &eth)),
        20 => udp_around(random, 5247, &join(&[0, 0x10, 0, 0, 0, 0, 0, 0], &eth)),
        21 => ip_around(random, 143, &eth),
        22 => {
            let size = len(&ip, 0);
            let head = [0x1e, 255, size[0], size[1], 0, 1, 0, 2, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0];
            udp_around(random, 3386, &join(&head, &ip))
        }
        23 => udp_around(random, 4341, &join(&[0xc0, 0, 0, 0, 0, 0, 0, 1], &ip)),
        24 => udp_around(random, 4754, &join(&[0, 0, ether[0], ether[1]], &ip)),
        25 => {
            let head = [&[0x44, 0x52, 0x11, if v6 { 41 } else { 4 }, 0, 0, 0, 0][..], &[1; 36]].concat();
            udp_around(random, 5072, &join(&head, &ip))
        }
        26 => {
            let wifi = [&[0; 6][..], &[8, 1, 0, 0], &MAC, &MAC[..6], &[0, 0, 0xaa, 0xaa, 3, 0, 0, 0], &ether].concat();
            udp_around(random, 12222, &join(&wifi, &ip))
        }
        _ => {
            let inner = ip_around(random, if v6 { 41 } else { 4 }, &ip);
            udp_around(random, 4789, &[&[8, 0, 0, 0, 0, 0, 7, 0], &MAC[..], &[8, 0], &inner].concat())
        }
    }
}

#[test]
fn tunnels_lead_to_the_same_segment() {
    for kind in 0..28 {
        let mut random = Random::new(SEED + 500 + kind as u64);
        let frames: Vec<_> = (0..40).map(|_| tunnel(&mut random, kind)).collect();
        compare(&format!("tunnel {kind}"), 101, frames, 40);
    }
}

/// What stands before the packet on one of the rarer links.
fn before(link: u16, variant: usize) -> Vec<u8> {
    let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    let wifi = [&[8, 1, 0, 0][..], &MAC, &MAC[..6], &[0, 0]].concat();
    let qos = [&[0x88, 3, 0, 0][..], &MAC, &MAC[..6], &[0, 0], &MAC[..6], &[0, 0]].concat();
    let wifi = if variant.is_multiple_of(2) { wifi } else { qos };
    match link {
        0 if variant.is_multiple_of(2) => vec![0, 8, 0, 0],
        0 => vec![0xff, 3, 0, 0x21],
        1 => [&MAC[..], &[0x88, 0x47, 0, 1, 0x10, 64, 0, 2, 1, 64]].concat(),
        3 => [&[0x82; 7][..], &[0x84; 6], &[0x61, 3, 0xcc]].concat(),
        6 => [&[0x10, 0x40], &MAC[..], &snap].concat(),
        7 => vec![1, 2, 212, 0, 0, 1],
        9 => match variant % 4 {
            0 => vec![0xff, 3, 2, 0x81, 0, 1, 1, 64],
            1 => vec![0xff, 3, 0, 0x3d, 0xc0, 0, 0, 1, 0, 0x21],
            2 => [&[0xff, 3, 0, 0x4b][..], &snap].concat(),
            _ => vec![0xff, 3, 8, 0],
        },
        10 => [&[0x50], &MAC[..], &snap].concat(),
        99 => [&[0; 6][..], &[8, 0], &[0; 36]].concat(),
        100 => snap.to_vec(),
        104 => vec![0x0f, 0, 8, 0],
        105 if variant % 4 == 2 => {
            // A mesh, whose header stands behind the QoS field.
            let mesh = [&[0x88, 3, 0, 0][..], &MAC, &MAC[..6], &[0, 0], &MAC[..6], &[0, 1, 0, 31, 0, 0, 0, 1]].concat();
            [&mesh[..], &snap].concat()
        }
        105 => [&wifi[..], &snap].concat(),
        107 if variant.is_multiple_of(2) => vec![0x18, 0x41, 8, 0],
        107 => vec![0x18, 0x41, 3, 0xcc],
        109 => [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].to_vec(),
        113 if variant.is_multiple_of(2) => [&[0, 0, 0, 1, 0, 6][..], &[1; 8], &[0, 3], &MAC, &[8, 0]].concat(),
        113 => [&[0, 0, 2, 0, 0, 6][..], &[1; 8], &[0, 7, 0xff, 3, 0, 0x21]].concat(),
        119 => [&[0x44, 0, 0, 0, 144, 0, 0, 0], &[0; 136][..], &wifi, &snap].concat(),
        122 => [&[0; 16][..], &snap].concat(),
        127 => [&[0, 0, 8, 0, 0, 0, 0, 0], &wifi[..], &snap].concat(),
        128 => [&[1, 0, 0, 1, 1][..], &MAC, &[8, 0]].concat(),
        129 => vec![1, 2, 0, 0, 212, 0, 0, 1],
        138 => [&[1; 16][..], &[8, 0]].concat(),
        149 => [&[108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], &[0; 96][..], &MAC, &[8, 0]].concat(),
        167 | 178 => [&[0x4d, 0x47, 0x43, 1], &MAC[..], &[8, 0]].concat(),
        179 => vec![0x4d, 0x47, 0x43, 1, 0xff, 3, 0, 0x21],
        180 => vec![0x4d, 0x47, 0x43, 0x80, 0, 2, 0, 0, 0x18, 0x41, 3, 0xcc],
        181 if variant.is_multiple_of(2) => vec![0x4d, 0x47, 0x43, 2, 2, 0, 0, 0],
        181 => vec![0x4d, 0x47, 0x43, 1, 15, 0, 8, 0],
        163 => [&[0x80, 0x21, 0x10, 1, 0, 0, 0, 64], &[0; 56][..], &wifi, &snap].concat(),
        202 => [&[0; 1][..], &[0x82; 7], &[0x84; 6], &[0x61, 3, 0xcc]].concat(),
        242 => [&[1; 40][..], &[8, 0, 0, 0]].concat(),
        252 => [&[0, 12, 0, 4, b'i', b'p', 0, 0][..], &[0; 4]].concat(),
        192 => [&[0, 0, 8, 0, 105, 0, 0, 0], &wifi[..], &snap].concat(),
        _ => Vec::new(),
    }
}

/// What wraps an Ethernet frame, or a packet with its Ethernet type, on Ethernet.
#[test]
fn tags_and_bridges_lead_to_the_same_segment() {
    let wrap = |kind: usize, ip: &[u8]| {
        let typed = [&[8, 0], ip].concat();
        let eth = [&MAC[..], &typed].concat();
        let (ether, header, rest): ([u8; 2], &[u8], &[u8]) = match kind {
            0 => ([0x89, 0x26], &[0, 5, 0, 6], &typed),
            1 => ([0x89, 0x2f], &[0, 0x34, 0, 1], &typed),
            2 => ([0xf1, 0xc1], &[0, 0, 0, 1], &typed),
            3 => ([0x89, 0x3f], &[0, 0, 0, 5, 0, 0], &typed),
            4 => ([0x89, 0x09], &[1, 1, 0, 1, 0, 5], &typed),
            5 => ([0x22, 0xf3], &[0, 3, 0, 1, 0, 2], &eth),
            6 => ([0x22, 0xf3], &[0, 0x43, 0, 1, 0, 2, 0, 0, 0, 0], &eth),
            7 => ([0x43, 0x05], &[3, 14, 50, 1, 2, 0, 0, 0, 0, 1], &eth),
            8 => ([0x43, 0x05], &[0x40, 15, 50, 1, 2, 0, 0, 0, 0, 1], &eth),
            9 => ([0x88, 0x70], &[0xaa, 0xaa, 3, 0, 0, 0], &typed),
            10 => ([0x88, 0x47], &[0, 0, 0x11, 64, 0x10, 0, 0, 0x21], ip),
            // With the check sequence that tshark takes off.
            11 => return [&MAC[..], &[0x89, 3, 0x40, 0x20], &eth, &[0; 4]].concat(),
            _ => {
                let size = u16::try_from(eth.len() + 16).expect("small").to_be_bytes();
                let header = [1, 0, 0x0c, 0, 0, 0, 2, 0, 0, 0, 0, 1, size[0], size[1], 0xaa, 0xaa, 3, 2, 0, 0];
                return [&header[..], &[0, 11, 0, 1, 0, 0], &eth, &[0; 4]].concat();
            }
        };
        [&MAC[..], &ether, header, rest].concat()
    };
    for kind in 0..13 {
        let mut random = Random::new(SEED + 700 + kind as u64);
        let frames = (0..20).map(|_| wrap(kind, &segment(&mut random, false))).collect();
        compare(&format!("wrapping {kind}"), 1, frames, 20);
    }
}

#[test]
fn the_rarer_links_lead_to_the_same_segment() {
    let links = [
        0, 1, 3, 6, 7, 9, 10, 99, 100, 104, 105, 106, 107, 109, 113, 119, 122, 127, 128, 129, 138, 149, 163, 167, 178,
        179, 180, 181, 192, 202, 242, 252,
    ];
    for link in links {
        let mut random = Random::new(SEED + 900 + u64::from(link));
        let frames: Vec<_> = (0..40).map(|at| [before(link, at), segment(&mut random, false)].concat()).collect();
        compare(&format!("link type {link}"), link, frames, 40);
    }
    // tshark reads only what the check sequence of the header agrees with.
    let docsis = |random: &mut Random, at: usize| {
        let eth = [&MAC[..], &[8, 0], &segment(random, false)].concat();
        let extension: &[u8] = if at.is_multiple_of(2) { &[] } else { &[0x10, 1, 0, 0] };
        let size = u16::try_from(eth.len() + extension.len()).expect("small").to_be_bytes();
        let begin = if extension.is_empty() { [0, 0] } else { [1, 4] };
        let header = [&begin[..], &size, extension].concat();
        let check = header.iter().fold(0xffff_u16, |sum, byte| {
            (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0x8408 } else { sum >> 1 })
        });
        [&header[..], &(!check).to_le_bytes(), &eth].concat()
    };
    let mut random = Random::new(SEED + 902);
    compare("docsis", 143, (0..20).map(|at| docsis(&mut random, at)).collect(), 20);
    // The length of the record is that of the packet.
    let mut random = Random::new(SEED + 901);
    let nflog = |random: &mut Random| {
        let ip = segment(random, false);
        let size = u16::try_from(4 + ip.len()).expect("small").to_le_bytes();
        [&[2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 0, 0, size[0], size[1], 9, 0], &ip[..]].concat()
    };
    compare("nflog", 239, (0..40).map(|_| nflog(&mut random)).collect(), 40);
}

/// A packet in fragments: some twice, some overlapping, in any order, one missing now and then.
fn fragments(random: &mut Random, packet: &[u8], id: u8) -> Vec<Vec<u8>> {
    let v6 = packet[0] >> 4 == 6;
    let header = if v6 { 40 } else { 20 };
    let (head, data) = packet.split_at(header);
    let mut out = Vec::new();
    let mut from = 0;
    while from < data.len() {
        let to = (from + 8 * (1 + random.below(6))).min(data.len());
        // An overlap carries the same bytes: which of different ones count is tested where no two programs are needed.
        let back = if from >= 8 && random.below(6) == 0 { 8 } else { 0 };
        let (start, more) = (from - back, to < data.len());
        let units = u16::try_from(start / 8).expect("small");
        let size = to - start;
        let mut piece = head.to_vec();
        if v6 {
            let word = (units << 3 | u16::from(more)).to_be_bytes();
            piece[4..6].copy_from_slice(&u16::try_from(8 + size).expect("small").to_be_bytes());
            let next = std::mem::replace(&mut piece[6], 44);
            piece.extend([next, 0, word[0], word[1], 0, 0, 0, id]);
        } else {
            piece[2..4].copy_from_slice(&u16::try_from(20 + size).expect("small").to_be_bytes());
            piece[4..6].copy_from_slice(&[0, id]);
            piece[6..8].copy_from_slice(&(units | u16::from(more) << 13).to_be_bytes());
        }
        piece.extend(&data[start..to]);
        if random.below(12) > 0 {
            let place = random.below(out.len() + 1);
            out.insert(place, piece.clone());
        }
        if random.below(8) == 0 {
            let place = random.below(out.len() + 1);
            out.insert(place, piece);
        }
        from = to;
    }
    out
}

#[test]
fn fragments_become_the_same_segments_on_the_same_frames() {
    let mut random = Random::new(SEED + 77);
    let mut waiting: Vec<Vec<Vec<u8>>> = Vec::new();
    let mut frames = Vec::new();
    for at in 0..400_u32 {
        let packet = if at % 5 == 0 { tunnel(&mut random, 11) } else { segment(&mut random, at % 3 == 0) };
        waiting.push(fragments(&mut random, &packet, at.to_le_bytes()[0]));
        // Several datagrams are under way at any time.
        while waiting.len() > 3 {
            let which = random.below(waiting.len());
            let pieces = &mut waiting[which];
            if pieces.is_empty() {
                waiting.remove(which);
            } else {
                frames.push(pieces.remove(0));
            }
        }
    }
    compare("fragments", 101, frames, 200);
}
