//! The packet script: one line of text per packet, turned into frames with valid checksums.
//!
//! Tests describe a conversation with it, and put what they expect beside it:
//!
//! ```
//! use netscope::script::Script;
//!
//! let script = Script::parse(
//!     r#"
//!     ## time in ms, direction, flags, then keys, then payload in quotes
//!     0     C>S SYN      mss=1460 ws=7 sack_ok ts=1,0
//!     0.1   S>C SYN,ACK  mss=1460 ws=7 sack_ok
//!     0.2   C>S ACK
//!     1     C>S PSH,ACK  "halo"
//!     41    S>C ACK
//!     50    C>S FIN,ACK
//!     "#,
//! )?;
//! let frames = script.frames();
//! assert_eq!(frames.len(), 6);
//! // 20 bytes of IPv4, 20 of TCP, "halo"
//! assert_eq!(frames[3].bytes.len(), 44);
//! # Ok::<(), String>(())
//! ```
//!
//! # Lines
//!
//! `[time] direction what keys… "payload"`. A `#` outside quotes begins a comment; empty lines do not count.
//!
//! * **time**: milliseconds since the start, with decimals (`0.000001` is one nanosecond). Left out: one millisecond
//!   after the line before. `?`: the frame has no time.
//! * **direction**: `C>S` or `S>C`.
//! * **what**: TCP flags with commas (`SYN,ACK`; `NONE` for no flag at all), `UDP`, or `ICMP` with one of the names
//!   below. Over IPv6, `ICMP` becomes `ICMPv6`.
//! * **payload**: in double quotes, with the escapes `\n \r \t \0 \\ \" \xHH`.
//!
//! # Sequence numbers
//!
//! All are relative to the sender's ISN: a SYN is 0, the first byte 1. State is kept for each pair of endpoints.
//! The default of `seq` is 0 on a SYN (so a second one is a retransmission), elsewhere the number after everything
//! that the sender sent so far; `ack` is the number after everything that the other side sent. A lost packet is
//! therefore written by what its receiver says: an explicit `ack=`. Without a SYN the first byte is 1 too. A reset
//! from a side that has sent nothing has 0 on the wire, as kernels send it.
//!
//! # Keys
//!
//! | key | meaning |
//! | --- | --- |
//! | `seq=5` `ack=9` | relative numbers instead of the defaults; may be negative |
//! | `isn=4294967290` | the sender's ISN: on a SYN (a SYN without ACK then begins a new connection) or on its first line |
//! | `win=0` | the window field; 65535 on a SYN, 502 elsewhere |
//! | `urg=3` | the urgent pointer (the flag is `URG`) |
//! | `mss=1460` `ws=7` `sack_ok` `ts=1,0` | options of the segment, as on the wire |
//! | `sack=9-17,20-30` | SACK blocks, relative to the other side's ISN |
//! | `len=1448` | so many bytes of filler instead of a payload; the same number always has the same byte |
//! | `cport=40001` `sport=80` | other client or server port on this line |
//! | `ttl=1` | TTL or hop limit, else 64 |
//! | `ip6` | this line over IPv6 |
//! | `if=1` | the capturing interface, else 0 |
//! | `snap=54` | only so many bytes of the frame were captured |
//! | `quotes 3` | ICMP errors: the frame whose IP header and next 8 bytes are quoted |
//! | `from=192.0.2.1` | ICMP: sent by this address, a router for example |
//! | `mtu=1400` | ICMP `packet-too-big` |
//!
//! ICMP names: `net-unreachable`, `host-unreachable`, `port-unreachable`, `prohibited`, `packet-too-big`,
//! `ttl-exceeded`, `echo-request`, `echo-reply`.
//!
//! # Header lines
//!
//! `client 10.0.0.1:40000`, `server 10.0.0.2:5001` (the defaults; IPv6 as `[2001:db8::1]:40000`), `ipv6` (all lines
//! over IPv6, between `2001:db8::1` and `2001:db8::2`), `link ethernet` or `link raw` (default).

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::frame::{Interface, LinkType, OwnedFrame, Time};

mod build;
mod line;

use line::{Line, What};

/// When a script's time is 0.
pub const START: Time = Time(1_700_000_000_000_000_000);

/// A parsed script: frames in the order of its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    frames: Vec<OwnedFrame>,
    link: LinkType,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// The number of the first line that does not fit the syntax, and the reason.
    pub fn parse(text: &str) -> Result<Script, String> {
        let mut writer = Writer::default();
        for (index, line) in text.lines().enumerate() {
            writer.line(line).map_err(|reason| format!("line {}: {reason}", index + 1))?;
        }
        Ok(Script { frames: writer.frames, link: writer.link })
    }

    /// The frames.
    #[must_use]
    pub fn frames(&self) -> Vec<OwnedFrame> {
        self.frames.clone()
    }

    /// The interfaces that the frames name, for [`crate::frame::MemorySource`].
    #[must_use]
    pub fn interfaces(&self) -> Vec<Interface> {
        let last = self.frames.iter().map(|frame| frame.interface).max().unwrap_or(0);
        let interface = Interface { name: None, link: self.link, resolution: 1e-9, counters: Vec::new() };
        vec![interface; last as usize + 1]
    }
}

/// Who sent a line's packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

/// One side of a connection, by relative numbers.
#[derive(Clone, Copy, Debug)]
struct Sent {
    isn: u32,
    /// After everything sent so far.
    end: u32,
    /// Nothing was sent yet.
    fresh: bool,
}

impl Sent {
    fn new(isn: u32) -> Sent {
        Sent { isn, end: 1, fresh: true }
    }
}

/// Both sides of a connection: client, server.
type Flow = [Sent; 2];

fn new_flow() -> Flow {
    [Sent::new(1_000), Sent::new(500_000)]
}

/// What the header lines and the lines so far have set.
struct Writer {
    frames: Vec<OwnedFrame>,
    link: LinkType,
    v4: [SocketAddr; 2],
    v6: [SocketAddr; 2],
    use_v6: bool,
    flows: HashMap<[SocketAddr; 2], Flow>,
    /// Nanoseconds since the start.
    clock: Option<i64>,
}

impl Default for Writer {
    fn default() -> Self {
        let v4 = |last, port| SocketAddr::new(Ipv4Addr::new(10, 0, 0, last).into(), port);
        let v6 = |last, port| SocketAddr::new(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last).into(), port);
        Writer {
            frames: Vec::new(),
            link: LinkType::RAW,
            v4: [v4(1, 40000), v4(2, 5001)],
            v6: [v6(1, 40000), v6(2, 5001)],
            use_v6: false,
            flows: HashMap::new(),
            clock: None,
        }
    }
}

impl Writer {
    fn line(&mut self, text: &str) -> Result<(), String> {
        let words = line::words(text)?;
        let Some(first) = words.first() else { return Ok(()) };
        let value = words.get(1).map(|word| word.text.as_str());
        match (first.text.as_str(), value) {
            ("client", Some(value)) => self.endpoint(0, value),
            ("server", Some(value)) => self.endpoint(1, value),
            ("ipv6", None) => {
                self.use_v6 = true;
                Ok(())
            }
            ("link", Some("raw")) => {
                self.link = LinkType::RAW;
                Ok(())
            }
            ("link", Some("ethernet")) => {
                self.link = LinkType::ETHERNET;
                Ok(())
            }
            ("link", _) => Err("link is raw or ethernet".to_owned()),
            _ => {
                let line = Line::parse(&words)?;
                self.packet(&line)
            }
        }
    }

    fn endpoint(&mut self, index: usize, value: &str) -> Result<(), String> {
        let address: SocketAddr =
            value.parse().map_err(|_| format!("{value} is not an address with a port, such as 10.0.0.1:40000"))?;
        self.use_v6 = address.is_ipv6();
        if self.use_v6 {
            self.v6[index] = address;
        } else {
            self.v4[index] = address;
        }
        Ok(())
    }

    /// The client's and the server's endpoint on this line.
    fn endpoints(&self, line: &Line) -> [SocketAddr; 2] {
        let mut ends = if self.use_v6 || line.ip6 { self.v6 } else { self.v4 };
        if let Some(port) = line.cport {
            ends[0].set_port(port);
        }
        if let Some(port) = line.sport {
            ends[1].set_port(port);
        }
        ends
    }

    fn packet(&mut self, line: &Line) -> Result<(), String> {
        let ends = self.endpoints(line);
        let [src, dst] = match line.side {
            Side::Client => ends,
            Side::Server => [ends[1], ends[0]],
        };
        let envelope = build::Envelope { link: self.link, src: src.ip(), dst: dst.ip(), ttl: line.ttl };
        let bytes = match &line.what {
            What::Tcp(flags) => {
                let header = self.segment(line, *flags, ends)?;
                let payload = line.bytes(header.sequence_relative);
                build::tcp(&envelope, &header.finish(src.port(), dst.port(), line, *flags)?, &payload)?
            }
            What::Udp => build::udp(&envelope, src.port(), dst.port(), &line.bytes(0))?,
            What::Icmp { message, quotes } => {
                let envelope = build::Envelope { src: line.from.unwrap_or(envelope.src), ..envelope };
                same_family(envelope.src, envelope.dst)?;
                let quoted = quotes.map(|number| self.quote(number)).transpose()?;
                let payload = quoted.unwrap_or_else(|| line.bytes(0));
                build::icmp(&envelope, *message, line.mtu, &payload)?
            }
        };
        self.push(line, bytes)
    }

    fn push(&mut self, line: &Line, mut bytes: Vec<u8>) -> Result<(), String> {
        let time = match line.time {
            line::When::Unknown => None,
            line::When::At(ns) => Some(ns),
            line::When::Next => Some(self.clock.map_or(0, |ns| ns + 1_000_000)),
        };
        self.clock = time.or(self.clock);
        let wire_len = u32::try_from(bytes.len()).map_err(|_| "the packet is too long".to_owned())?;
        if let Some(snap) = line.snap {
            bytes.truncate(snap);
        }
        self.frames.push(OwnedFrame {
            time: time.map(|ns| Time(START.0.saturating_add(ns))),
            interface: line.interface,
            link: self.link,
            wire_len,
            bytes,
            passage: None,
        });
        Ok(())
    }

    /// Sequence numbers of a TCP line; moves the state of its connection.
    fn segment(&mut self, line: &Line, flags: u16, ends: [SocketAddr; 2]) -> Result<build::Numbers, String> {
        use crate::decode::TcpFlags as F;
        same_family(ends[0].ip(), ends[1].ip())?;
        let flow = self.flows.entry(ends).or_insert_with(new_flow);
        let (me, peer) = (line.side as usize, line.side.other() as usize);
        let syn = flags & F::SYN != 0;
        if let Some(isn) = line.isn {
            if syn && flags & F::ACK == 0 {
                *flow = new_flow();
            } else if !syn && !flow[me].fresh {
                return Err("isn= belongs on a SYN or on the first line of its sender".to_owned());
            }
            flow[me] = Sent::new(isn);
        }
        // A reset from a side that never sent takes its number from the segment it answers: 0, or the ACK field.
        let bare_reset = flags & F::RST != 0 && flow[me].fresh && line.isn.is_none();
        let isn = if bare_reset { u32::MAX } else { flow[me].isn };
        let seq = line.seq.unwrap_or(if syn { 0 } else { flow[me].end });
        let payload_len = line.payload_len();
        let end =
            seq.wrapping_add(payload_len).wrapping_add(u32::from(syn)).wrapping_add(u32::from(flags & F::FIN != 0));
        if !bare_reset {
            let sent = &mut flow[me];
            if end.wrapping_sub(sent.end) < 1 << 31 {
                sent.end = end;
            }
            sent.fresh = false;
        }
        let ack = line.ack.unwrap_or(flow[peer].end);
        let ack_set = flags & F::ACK != 0 || line.ack.is_some();
        Ok(build::Numbers {
            sequence_relative: seq,
            seq: isn.wrapping_add(seq),
            ack: if ack_set { flow[peer].isn.wrapping_add(ack) } else { 0 },
            peer_isn: flow[peer].isn,
        })
    }

    /// The IP header of a frame and the eight bytes after it.
    fn quote(&self, number: usize) -> Result<Vec<u8>, String> {
        let frame = number.checked_sub(1).and_then(|index| self.frames.get(index));
        let frame = frame.ok_or_else(|| format!("quotes {number}: there is no such frame before this line"))?;
        let ip = if frame.link == LinkType::ETHERNET { frame.bytes.get(14..) } else { Some(frame.bytes.as_slice()) };
        let ip = ip.filter(|ip| !ip.is_empty()).ok_or_else(|| format!("quotes {number}: that frame is cut"))?;
        let header = if ip[0] >> 4 == 6 { 40 } else { usize::from(ip[0] & 15) * 4 };
        Ok(ip[..ip.len().min(header + 8)].to_vec())
    }
}

fn same_family(a: IpAddr, b: IpAddr) -> Result<(), String> {
    if a.is_ipv4() == b.is_ipv4() { Ok(()) } else { Err(format!("{a} and {b} are not of the same IP version")) }
}

#[cfg(test)]
mod tests;
