//! Capture files made byte by byte, for tests. It knows nothing of the readers and writers, so that it can judge them.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::cast_possible_truncation,
    reason = "shared by unit tests and tests/, each of which uses a part"
)]

/// Integers in the byte order of the file being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    Little,
    Big,
}

impl Endian {
    pub fn u16(self, value: u16) -> [u8; 2] {
        if self == Endian::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub fn u32(self, value: u32) -> [u8; 4] {
        if self == Endian::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub fn u64(self, value: u64) -> [u8; 8] {
        if self == Endian::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }
}

/// A pcap file under construction.
#[derive(Clone, Debug)]
pub struct Pcap {
    pub endian: Endian,
    pub bytes: Vec<u8>,
}

impl Pcap {
    pub fn new(endian: Endian, magic: u32, version: (u16, u16), snaplen: u32, link: u32) -> Self {
        let mut bytes = endian.u32(magic).to_vec();
        bytes.extend(endian.u16(version.0));
        bytes.extend(endian.u16(version.1));
        bytes.extend([0; 8]);
        bytes.extend(endian.u32(snaplen));
        bytes.extend(endian.u32(link));
        Pcap { endian, bytes }
    }

    /// Ordinary Ethernet: little-endian microseconds.
    pub fn ethernet() -> Self {
        Pcap::new(Endian::Little, 0xa1b2_c3d4, (2, 4), 65_535, 1)
    }

    /// A record; `extra` is what old variants have between header and packet.
    pub fn record_with(mut self, fields: [u32; 4], extra: &[u8], data: &[u8]) -> Self {
        for field in fields {
            self.bytes.extend(self.endian.u32(field));
        }
        self.bytes.extend(extra);
        self.bytes.extend(data);
        self
    }

    pub fn record(self, seconds: u32, fraction: u32, wire: u32, data: &[u8]) -> Self {
        let captured = u32::try_from(data.len()).unwrap();
        self.record_with([seconds, fraction, captured, wire], &[], data)
    }
}

/// A pcapng file under construction.
#[derive(Clone, Debug)]
pub struct Pcapng {
    pub endian: Endian,
    pub bytes: Vec<u8>,
}

impl Pcapng {
    /// A file that begins with a section header.
    pub fn new(endian: Endian) -> Self {
        Pcapng { endian, bytes: Vec::new() }.section(endian)
    }

    /// Another section.
    pub fn section(mut self, endian: Endian) -> Self {
        self.endian = endian;
        let mut body = endian.u32(0x1a2b_3c4d).to_vec();
        body.extend(endian.u16(1));
        body.extend(endian.u16(0));
        body.extend(endian.u64(u64::MAX));
        self.block(0x0a0d_0d0a, &body)
    }

    /// Any block; the body is padded.
    pub fn block(mut self, kind: u32, body: &[u8]) -> Self {
        let length = u32::try_from(12 + body.len().next_multiple_of(4)).unwrap();
        self.bytes.extend(self.endian.u32(kind));
        self.bytes.extend(self.endian.u32(length));
        self.bytes.extend(body);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.bytes.extend(self.endian.u32(length));
        self
    }

    pub fn option(&self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = self.endian.u16(code).to_vec();
        bytes.extend(self.endian.u16(u16::try_from(value.len()).unwrap()));
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    pub fn interface(self, link: u16, snaplen: u32, options: &[u8]) -> Self {
        let mut body = self.endian.u16(link).to_vec();
        body.extend([0, 0]);
        body.extend(self.endian.u32(snaplen));
        body.extend(options);
        self.block(1, &body)
    }

    pub fn enhanced(self, interface: u32, ticks: u64, wire: u32, data: &[u8], options: &[u8]) -> Self {
        let endian = self.endian;
        let mut body = Vec::new();
        let captured = u32::try_from(data.len()).unwrap();
        for field in [interface, (ticks >> 32) as u32, ticks as u32, captured, wire] {
            body.extend(endian.u32(field));
        }
        body.extend(data);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(options);
        self.block(6, &body)
    }

    pub fn simple(self, wire: u32, data: &[u8]) -> Self {
        let mut body = self.endian.u32(wire).to_vec();
        body.extend(data);
        self.block(3, &body)
    }

    pub fn obsolete(self, interface: u16, ticks: u64, wire: u32, data: &[u8]) -> Self {
        let endian = self.endian;
        let mut body = endian.u16(interface).to_vec();
        body.extend(endian.u16(0xffff));
        for field in [(ticks >> 32) as u32, ticks as u32, u32::try_from(data.len()).unwrap(), wire] {
            body.extend(endian.u32(field));
        }
        body.extend(data);
        self.block(2, &body)
    }
}

/// An Ethernet frame that no analyser takes for anything.
pub fn payload(length: usize) -> Vec<u8> {
    (0..length).map(|at| if at < 14 { 0xff } else { (at % 251) as u8 }).collect()
}
