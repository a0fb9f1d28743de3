//! Captures to measure with: three shapes of traffic, the same bytes on every machine, any size.
//!
//! A connection is a plan of numbered packets, so that nothing needs to be held but a few counters for each of those that
//! are open at once. Checksums are right.
#![allow(clippy::cast_possible_truncation, reason = "header fields take the low bits of counters")]

use std::io::{self, Write};

/// What the traffic looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Many small connections: handshake, an HTTP request, a response of 45 kB, close; 70 packets each.
    Many,
    /// Eight connections that only send: full segments, an acknowledgment for every second one.
    Bulk,
    /// Five hundred connections of single characters, each sent, echoed and acknowledged.
    Tiny,
    /// A SYN flood: every packet begins a connection that goes no further.
    Flood,
    /// Connections that are opened, exchange a request and an answer, and stay open.
    Open,
}

impl Shape {
    /// Every shape with its name.
    pub(crate) const ALL: [(&'static str, Shape); 5] = [
        ("many", Shape::Many),
        ("bulk", Shape::Bulk),
        ("tiny", Shape::Tiny),
        ("flood", Shape::Flood),
        ("open", Shape::Open),
    ];

    /// How many connections a capture of so many megabytes has.
    #[must_use]
    pub(crate) fn connections(self, megabytes: u64) -> u64 {
        match self {
            Shape::Many => (megabytes * 20_000 / 1_024).max(1),
            Shape::Bulk => 8,
            Shape::Tiny => 500,
            Shape::Flood => megabytes * MEGABYTE / (RECORD + HEADERS),
            Shape::Open => megabytes * MEGABYTE / (6 * (RECORD + HEADERS) + REQUEST + ANSWER),
        }
    }

    /// Packets of each connection.
    fn packets(self, megabytes: u64, connections: u64) -> u64 {
        let share = megabytes * MEGABYTE / connections.max(1);
        match self {
            Shape::Many => 70,
            Shape::Bulk => 6 + 3 * (share / (3 * (RECORD + HEADERS) + 2 * u64::from(FULL))).max(1),
            Shape::Tiny => 6 + 3 * (share / (3 * (RECORD + HEADERS) + 2)).max(1),
            Shape::Flood => 1,
            Shape::Open => 6,
        }
    }

    /// How many connections are open at once.
    fn at_once(self) -> u64 {
        match self {
            Shape::Many => 200,
            Shape::Bulk | Shape::Tiny => u64::MAX,
            Shape::Flood | Shape::Open => 1,
        }
    }
}

const MEGABYTE: u64 = 1 << 20;
/// Length of a pcap record header.
const RECORD: u64 = 16;
/// Ethernet, IPv4, TCP with a timestamp option.
const HEADERS: u64 = 14 + 20 + 32;
/// Payload of a full segment.
const FULL: u32 = 1_448;
const REQUEST: u64 = 300;
const ANSWER: u64 = 500;

const FIN: u8 = 1;
const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;

/// Marsaglia's xorshift: enough to mix the connections, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap_or(0)
    }
}

/// A connection under way.
struct Conn {
    index: u64,
    /// Number of its next packet.
    at: u64,
    /// The next sequence number of client and server.
    next: [u32; 2],
}

/// One packet of the plan.
struct Planned {
    from: usize,
    flags: u8,
    len: u32,
}

fn planned(shape: Shape, at: u64, total: u64) -> Planned {
    let ack = |from| Planned { from, flags: ACK, len: 0 };
    match at {
        0 => return Planned { from: 0, flags: SYN, len: 0 },
        1 => return Planned { from: 1, flags: SYN | ACK, len: 0 },
        2 => return ack(0),
        _ => {}
    }
    if shape != Shape::Open {
        match total - at {
            3 => return Planned { from: 1, flags: FIN | ACK, len: 0 },
            2 => return Planned { from: 0, flags: FIN | ACK, len: 0 },
            1 => return ack(1),
            _ => {}
        }
    }
    let (data, round) = (at - 3, (at - 3) % 3);
    match shape {
        Shape::Many if data == 0 => Planned { from: 0, flags: PSH | ACK, len: 300 },
        Shape::Many if data == 1 => ack(1),
        Shape::Many if data % 2 == 0 => Planned { from: 1, flags: ACK, len: FULL },
        Shape::Bulk if round < 2 => Planned { from: 1, flags: ACK, len: FULL },
        Shape::Tiny if round < 2 => Planned { from: usize::from(round == 1), flags: PSH | ACK, len: 1 },
        Shape::Open if round == 0 => Planned { from: 0, flags: PSH | ACK, len: 300 },
        Shape::Open if round == 1 => Planned { from: 1, flags: PSH | ACK, len: 500 },
        _ => ack(0),
    }
}

/// Writes a capture of about so many megabytes and tells how many packets and connections it has.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(shape: Shape, megabytes: u64, out: &mut impl Write) -> io::Result<(u64, u64)> {
    out.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0])?;
    let connections = shape.connections(megabytes);
    let total = shape.packets(megabytes, connections);
    let text = body();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut open: Vec<Conn> = Vec::new();
    let (mut begun, mut packets) = (0, 0_u64);
    let mut frame = Vec::with_capacity(2_048);
    loop {
        while begun < connections && (open.len() as u64) < shape.at_once() {
            let isn = |salt: u64| (begun.wrapping_mul(2_654_435_761).wrapping_add(salt) & 0xffff_ffff) as u32;
            open.push(Conn { index: begun, at: 0, next: [isn(17), isn(99_991)] });
            begun += 1;
        }
        if open.is_empty() {
            break;
        }
        let slot = random.below(open.len());
        let conn = &mut open[slot];
        build(&mut frame, shape, conn, total, packets, &text);
        out.write_all(&frame)?;
        packets += 1;
        conn.at += 1;
        if conn.at == total {
            open.swap_remove(slot);
        }
    }
    Ok((packets, connections))
}

/// Printable bytes to fill payloads with.
fn body() -> Vec<u8> {
    (0..FULL).map(|at| b' ' + u8::try_from((at * 31 + at / 7) % 90).unwrap_or(0)).collect()
}

/// The record of a connection's next packet.
fn build(frame: &mut Vec<u8>, shape: Shape, conn: &mut Conn, total: u64, number: u64, text: &[u8]) {
    let Planned { from, flags, len } = planned(shape, conn.at, total);
    let payload = &text[..len as usize];
    let options: &[u8] = if flags & SYN != 0 {
        &[2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7]
    } else {
        &[1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1]
    };
    let ends = [
        ([10, 0, (conn.index >> 16) as u8, (conn.index >> 8) as u8], 32_768 + (conn.index % 28_000) as u16),
        ([192, 168, 1, (conn.index % 250) as u8 + 1], 80_u16),
    ];
    let ((src, src_port), (dst, dst_port)) = (ends[from], ends[1 - from]);
    let tcp_len = 20 + options.len() + payload.len();
    let captured = (14 + 20 + tcp_len) as u32;
    frame.clear();
    // One packet every ten microseconds from a fixed moment on.
    let micros = number * 10;
    for field in [1_700_000_000 + (micros / 1_000_000) as u32, (micros % 1_000_000) as u32, captured, captured] {
        frame.extend(field.to_le_bytes());
    }
    frame.extend([2, 0, 0, 0, 0, 1 + (1 - from) as u8, 2, 0, 0, 0, 0, 1 + from as u8, 8, 0]);
    let ip = frame.len();
    frame.extend([0x45, 0]);
    frame.extend(((20 + tcp_len) as u16).to_be_bytes());
    frame.extend([(number >> 8) as u8, number as u8, 0x40, 0, 64, 6, 0, 0]);
    frame.extend(src);
    frame.extend(dst);
    let sum = checksum(0, &frame[ip..]);
    frame[ip + 10..ip + 12].copy_from_slice(&sum.to_be_bytes());
    let tcp = frame.len();
    frame.extend(src_port.to_be_bytes());
    frame.extend(dst_port.to_be_bytes());
    frame.extend(conn.next[from].to_be_bytes());
    frame.extend(if flags & ACK != 0 { conn.next[1 - from] } else { 0 }.to_be_bytes());
    frame.extend([((5 + options.len() / 4) << 4) as u8, flags, 0x01, 0xf5, 0, 0, 0, 0]);
    frame.extend(options);
    frame.extend(payload);
    write_text(&mut frame[tcp + 20 + options.len()..], shape, conn.at, from);
    let pseudo = [&src[..], &dst, &[0, 6], &(tcp_len as u16).to_be_bytes()].concat();
    let sum = checksum(partial(0, &pseudo), &frame[tcp..]);
    frame[tcp + 16..tcp + 18].copy_from_slice(&sum.to_be_bytes());
    conn.next[from] = conn.next[from].wrapping_add(len + u32::from(flags & (SYN | FIN) != 0));
}

/// The first payload of each direction looks like HTTP.
fn write_text(payload: &mut [u8], shape: Shape, at: u64, from: usize) {
    let line: &[u8] = match (shape, at, from) {
        (Shape::Many, 3, _) => b"GET /page.html HTTP/1.1\r\nHost: example.org\r\nX-Filler: ",
        (Shape::Many, 5, _) => b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 44820\r\n\r\n",
        _ => return,
    };
    payload[..line.len()].copy_from_slice(line);
    if from == 0 {
        let end = payload.len() - 4;
        payload[end..].copy_from_slice(b"\r\n\r\n");
    }
}

fn partial(sum: u32, bytes: &[u8]) -> u32 {
    bytes.chunks(2).fold(sum, |sum, pair| sum + u32::from(u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)])))
}

fn checksum(sum: u32, bytes: &[u8]) -> u16 {
    let mut sum = partial(sum, bytes);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
