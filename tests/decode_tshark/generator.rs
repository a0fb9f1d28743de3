//! Random frames: whole ones, cut ones, and ones with a wrong length field.

/// xorshift64*: the same seed gives the same frames everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn u8(&mut self) -> u8 {
        self.next().to_le_bytes()[6]
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.u8()).collect()
    }

    /// A port that no dissector of tshark claims.
    fn port(&mut self) -> [u8; 2] {
        u16::try_from(50_000 + self.below(10_000)).expect("small").to_be_bytes()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Good,
    /// Fewer bytes were captured than were sent.
    Cut,
    /// Bytes of a header are wrong.
    Corrupt,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) wire_len: u32,
    pub(crate) bytes: Vec<u8>,
}

/// One frame of a link type.
pub(crate) fn case(random: &mut Random, link: u16) -> Case {
    let mut bytes = frame(random, link);
    let wire_len = u32::try_from(bytes.len()).expect("small");
    let mut kind = Kind::Good;
    match random.below(8) {
        0 | 1 => {
            kind = Kind::Cut;
            // Most of the cuts inside the headers.
            let most = bytes.len().min(if random.one_in(3) { usize::MAX } else { 110 });
            // Without the direction byte tshark refuses the whole file.
            let least = usize::from(link == 204);
            bytes.truncate(random.below(most).max(least));
        }
        2 => {
            kind = Kind::Corrupt;
            let at = random.below(bytes.len().min(100));
            bytes[at] = if random.one_in(2) { random.u8() } else { bytes[at] ^ (1 << random.below(8)) };
        }
        _ => {}
    }
    Case { kind, wire_len, bytes }
}

fn frame(random: &mut Random, link: u16) -> Vec<u8> {
    let v6 = match link {
        228 => false,
        229 => true,
        _ => random.one_in(3),
    };
    let ip = if v6 { ipv6(random) } else { ipv4(random) };
    match link {
        1 => ethernet(random, ip, v6),
        113 => {
            let mut header = vec![0, 0, 0, 1, 0, 6];
            header.extend(random.bytes(8));
            if random.one_in(8) { tagged(random, header, ip, v6) } else { [header, ether_type(v6), ip].concat() }
        }
        276 => {
            let mut header = ether_type(v6);
            header.extend([0, 0, 0, 0, 0, 3, 0, 1, 0, 6]);
            header.extend(random.bytes(8));
            [header, ip].concat()
        }
        0 => {
            let family = if v6 { random.pick(&[24u32, 28, 30]) } else { 2 };
            let header = if random.one_in(2) { family.to_be_bytes() } else { family.to_le_bytes() };
            [header.to_vec(), ip].concat()
        }
        108 => [vec![0, 0, 0, if v6 { random.pick(&[24, 28, 30]) } else { 2 }], ip].concat(),
        9 | 50 => {
            let framing: &[u8] = if random.one_in(4) { &[] } else { &[0xff, 0x03] };
            [framing.to_vec(), ppp_protocol(random, v6), ip].concat()
        }
        204 => [vec![random.pick(&[0, 1]), 0xff, 0x03], ppp_protocol(random, v6), ip].concat(),
        51 => pppoe(random, &ip, v6),
        _ => ip,
    }
}

fn ether_type(v6: bool) -> Vec<u8> {
    if v6 { vec![0x86, 0xdd] } else { vec![0x08, 0x00] }
}

fn ethernet(random: &mut Random, ip: Vec<u8>, v6: bool) -> Vec<u8> {
    let mut header = random.bytes(12);
    // Unicast, globally assigned: some multicast addresses mean a protocol of their own.
    header[0] = 2;
    header[6] = 2;
    let mut frame = match random.below(8) {
        0 | 1 => tagged(random, header, ip, v6),
        2 => [header, vec![0x88, 0x64], pppoe(random, &ip, v6)].concat(),
        3 => {
            let message = [&[0, 1, 8, 0, 6, 4, 0, random.pick(&[1, 2])], random.bytes(20).as_slice()].concat();
            [header, vec![0x08, 0x06], message].concat()
        }
        4 => {
            let inner = [vec![0xaa, 0xaa, 0x03, 0, 0, 0], ether_type(v6), ip].concat();
            let len = u16::try_from(inner.len()).expect("small").to_be_bytes();
            [header, len.to_vec(), inner].concat()
        }
        _ => [header, ether_type(v6), ip].concat(),
    };
    // The padding of short frames, and of some others.
    if frame.len() < 60 {
        frame.resize(60, 0);
    } else if random.one_in(10) {
        frame.extend([0; 3]);
    }
    frame
}

/// One or two VLAN tags.
fn tagged(random: &mut Random, header: Vec<u8>, ip: Vec<u8>, v6: bool) -> Vec<u8> {
    let mut frame = header;
    if random.one_in(2) {
        frame.extend(random.pick(&[[0x88, 0xa8], [0x91, 0x00], [0x81, 0x00]]));
        frame.extend([0x20, 7]);
    }
    frame.extend([0x81, 0x00, 0, 42]);
    [frame, ether_type(v6), ip].concat()
}

fn ppp_protocol(random: &mut Random, v6: bool) -> Vec<u8> {
    let protocol = if v6 { 0x57 } else { 0x21 };
    if random.one_in(3) { vec![protocol] } else { vec![0, protocol] }
}

fn pppoe(random: &mut Random, ip: &[u8], v6: bool) -> Vec<u8> {
    let ppp = [ppp_protocol(random, v6), ip.to_vec()].concat();
    let len = u16::try_from(ppp.len()).expect("small").to_be_bytes();
    [vec![0x11, 0, 0, 5, len[0], len[1]], ppp].concat()
}

fn ipv4(random: &mut Random) -> Vec<u8> {
    let (mut protocol, mut payload) = transport(random, false);
    if random.one_in(12) {
        let header = [vec![protocol, 4, 0, 0], random.bytes(20)].concat();
        payload = [header, payload].concat();
        protocol = 51;
    }
    let options = if random.one_in(5) { random.below(10) + 1 } else { 0 };
    let total = u16::try_from(20 + options * 4 + payload.len()).expect("small");
    let total = if random.one_in(20) { [0, 0] } else { total.to_be_bytes() };
    // More fragments, a later fragment, or none.
    let fragment: [u8; 2] = match random.below(16) {
        0 => [0x20, 0],
        1 => [0x20, 7],
        2 => [0, 9],
        _ => [0x40, 0],
    };
    let header = [0x45 + u8::try_from(options).expect("below 11"), 0, total[0], total[1], 0, 1];
    let mut packet = [&header[..], &fragment, &[64, protocol, 0, 0], &address(random), &address(random)].concat();
    packet.extend(vec![1; options * 4]);
    [packet, payload].concat()
}

fn address(random: &mut Random) -> [u8; 4] {
    [10, random.u8(), random.u8(), random.u8()]
}

fn ipv6(random: &mut Random) -> Vec<u8> {
    let (mut next, mut payload) = transport(random, true);
    if random.one_in(10) {
        let (offset, more) = random.pick(&[(0, 0), (0, 1), (8, 1), (16, 0)]);
        payload = [vec![next, 0, 0, offset | more, 0, 0, 0, 1], payload].concat();
        next = 44;
    }
    // In the order that RFC 8200 recommends, the last one first.
    for kind in [51u8, 43, 60, 0] {
        if random.one_in(8) {
            let header = match kind {
                51 => [vec![next, 4, 0, 0], random.bytes(20)].concat(),
                43 => vec![next, 0, 253, 0, 0, 0, 0, 0],
                _ => vec![next, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            };
            payload = [header, payload].concat();
            next = kind;
        }
    }
    let len = u16::try_from(payload.len()).expect("small").to_be_bytes();
    let len = if random.one_in(20) && next != 0 { [0, 0] } else { len };
    let mut packet = vec![0x60, 0, 0, 0, len[0], len[1], next, 64];
    for _ in 0..2 {
        packet.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0]);
        packet.extend(random.bytes(8));
    }
    [packet, payload].concat()
}

fn transport(random: &mut Random, v6: bool) -> (u8, Vec<u8>) {
    match random.below(10) {
        0..=4 => (6, tcp(random)),
        5..=7 => (17, udp(random)),
        8 => icmp(random, v6),
        _ => {
            let len = random.below(50);
            (random.pick(&[253, 254]), random.bytes(len))
        }
    }
}

fn payload(random: &mut Random) -> Vec<u8> {
    let len = if random.one_in(3) { 0 } else { random.below(200) };
    // A byte that begins no protocol which tshark guesses from content.
    vec![b'~'; len]
}

fn tcp(random: &mut Random) -> Vec<u8> {
    let mut options: Vec<u8> = Vec::new();
    for _ in 0..random.below(4) {
        let option = match random.below(7) {
            0 => [vec![2, 4], random.bytes(2)].concat(),
            1 => vec![3, 3, random.u8() % 15],
            2 => vec![4, 2],
            3 => [vec![8, 10], random.bytes(8)].concat(),
            4 => {
                let blocks = random.below(2) + 1;
                [vec![5, u8::try_from(2 + blocks * 8).expect("small")], random.bytes(blocks * 8)].concat()
            }
            5 => vec![1],
            // The user timeout, which netscope passes over.
            _ => vec![28, 4, 0, 1],
        };
        // Each kind once: what a repeated one means is nowhere defined.
        let used = option[0] != 1 && options_kinds(&options).contains(&option[0]);
        if !used && options.len() + option.len() <= 40 {
            options.extend(option);
        }
    }
    options.resize(options.len().next_multiple_of(4), 0);
    let words = u8::try_from(5 + options.len() / 4).expect("at most 15");
    let flags = [words << 4 | u8::from(random.one_in(4)), random.u8()];
    let numbers = random.bytes(8);
    let rest = [random.bytes(2), vec![0, 0], random.bytes(2)].concat();
    [&random.port(), &random.port(), numbers.as_slice(), &flags, &rest, &options, &payload(random)].concat()
}

fn options_kinds(mut options: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [kind, rest @ ..] = options {
        kinds.push(*kind);
        options = if *kind == 1 { rest } else { &options[usize::from(rest[0])..] };
    }
    kinds
}

fn udp(random: &mut Random) -> Vec<u8> {
    let payload = payload(random);
    let len = u16::try_from(8 + payload.len()).expect("small").to_be_bytes();
    [&random.port(), &random.port(), len.as_slice(), &[0x12, 0x34], &payload].concat()
}

fn icmp(random: &mut Random, v6: bool) -> (u8, Vec<u8>) {
    let (protocol, errors, echo) = if v6 { (58, [1, 2, 3], 128) } else { (1, [3, 11, 3], 8) };
    if random.one_in(3) {
        return (protocol, [vec![echo, 0, 0, 0, 0, 1, 0, 1], payload(random)].concat());
    }
    let transport = if random.one_in(2) { (6, tcp(random)) } else { (17, udp(random)) };
    let mut quote = if v6 {
        let len = u16::try_from(transport.1.len()).expect("small").to_be_bytes();
        let mut header = vec![0x60, 0, 0, 0, len[0], len[1], transport.0, 64];
        header.extend([[0x20; 16], [0x21; 16]].concat());
        header
    } else {
        let total = u16::try_from(20 + transport.1.len()).expect("small").to_be_bytes();
        let header = [0x45, 0, total[0], total[1], 0, 1, 0x40, 0, 64, transport.0, 0, 0];
        [&header[..], &address(random), &address(random)].concat()
    };
    // Eight bytes of the transport header, as RFC 792 asks, or a few more.
    let few = if random.one_in(2) { 8 } else { 20 };
    quote.extend(&transport.1[..transport.1.len().min(few)]);
    (protocol, [vec![random.pick(&errors), 0, 0, 0, 0, 0, 0, 0], quote].concat())
}

/// A whole IP packet with a segment in it.
pub(crate) fn segment(random: &mut Random, v6: bool) -> Vec<u8> {
    let payload = tcp(random);
    if v6 {
        let len = u16::try_from(payload.len()).expect("small").to_be_bytes();
        let header = vec![0x60, 0, 0, 0, len[0], len[1], 6, 64, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0];
        let middle = [random.bytes(8), vec![0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0], random.bytes(8)].concat();
        [header, middle, payload].concat()
    } else {
        let protocol = 6;
        ip_around(random, protocol, &payload)
    }
}

/// An IPv4 header around anything.
pub(crate) fn ip_around(random: &mut Random, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(20 + payload.len()).expect("small").to_be_bytes();
    let id = random.bytes(2);
    let header = [0x45, 0, total[0], total[1], id[0], id[1], 0, 0, 64, protocol, 0, 0];
    [&header[..], &address(random), &address(random), payload].concat()
}

/// UDP over IPv4 around anything.
pub(crate) fn udp_around(random: &mut Random, port: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(8 + payload.len()).expect("small").to_be_bytes();
    let datagram = [&random.port(), &port.to_be_bytes(), len.as_slice(), &[0, 0], payload].concat();
    ip_around(random, 17, &datagram)
}
