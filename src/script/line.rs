//! The words of one line.

use std::net::IpAddr;
use std::str::FromStr;

use super::Side;
use crate::decode::TcpFlags;

/// A word, or a payload in quotes.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// The decoded bytes, when it was quoted.
    pub(super) quoted: Option<Vec<u8>>,
}

/// Splits a line into words; a `#` outside quotes ends it.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c == '#' {
            break;
        } else if c == '"' {
            chars.next();
            words.push(Word { text: String::new(), quoted: Some(quoted(&mut chars)?) });
        } else {
            let mut text = String::new();
            while let Some(&c) = chars.peek().filter(|c| !c.is_whitespace() && !matches!(c, '#' | '"')) {
                text.push(c);
                chars.next();
            }
            words.push(Word { text, quoted: None });
        }
    }
    Ok(words)
}

/// The rest of a quoted payload, up to its closing quote.
fn quoted(chars: &mut impl Iterator<Item = char>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    loop {
        let c = chars.next().ok_or("the payload has no closing quote")?;
        match c {
            '"' => return Ok(bytes),
            '\\' => bytes.push(escape(chars)?),
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn escape(chars: &mut impl Iterator<Item = char>) -> Result<u8, String> {
    match chars.next() {
        Some('n') => Ok(b'\n'),
        Some('r') => Ok(b'\r'),
        Some('t') => Ok(b'\t'),
        Some('0') => Ok(0),
        Some('\\') => Ok(b'\\'),
        Some('"') => Ok(b'"'),
        Some('x') => {
            let hex: String = chars.take(2).collect();
            let valid = hex.len() == 2 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            u8::from_str_radix(&hex, 16)
                .ok()
                .filter(|_| valid)
                .ok_or_else(|| format!("\\x{hex} has not two hexadecimal digits"))
        }
        Some(c) => Err(format!("\\{c} is no escape of the script")),
        None => Err("the payload has no closing quote".to_owned()),
    }
}

/// When a line's packet was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// One millisecond after the line before.
    Next,
    /// Nanoseconds after the start.
    At(i64),
    /// The frame has no time.
    Unknown,
}

/// ICMP messages by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icmp {
    NetUnreachable,
    HostUnreachable,
    PortUnreachable,
    Prohibited,
    PacketTooBig,
    TtlExceeded,
    EchoRequest,
    EchoReply,
}

impl Icmp {
    const NAMES: [(&'static str, Icmp); 8] = [
        ("net-unreachable", Icmp::NetUnreachable),
        ("host-unreachable", Icmp::HostUnreachable),
        ("port-unreachable", Icmp::PortUnreachable),
        ("prohibited", Icmp::Prohibited),
        ("packet-too-big", Icmp::PacketTooBig),
        ("ttl-exceeded", Icmp::TtlExceeded),
        ("echo-request", Icmp::EchoRequest),
        ("echo-reply", Icmp::EchoReply),
    ];
}

/// What a line sends.
#[derive(Debug)]
pub(super) enum What {
    /// A segment with these flags.
    Tcp(u16),
    Udp,
    Icmp {
        message: Icmp,
        quotes: Option<usize>,
    },
}

/// What a segment carries.
#[derive(Debug)]
enum Payload {
    Bytes(Vec<u8>),
    Filler(u32),
}

/// One packet line, not yet related to the lines before it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) time: When,
    pub(super) side: Side,
    pub(super) what: What,
    payload: Payload,
    pub(super) seq: Option<u32>,
    pub(super) ack: Option<u32>,
    pub(super) isn: Option<u32>,
    pub(super) win: Option<u16>,
    pub(super) urg: u16,
    pub(super) mss: Option<u16>,
    pub(super) ws: Option<u8>,
    pub(super) sack_ok: bool,
    pub(super) ts: Option<(u32, u32)>,
    pub(super) sack: Vec<(u32, u32)>,
    pub(super) cport: Option<u16>,
    pub(super) sport: Option<u16>,
    pub(super) ttl: u8,
    pub(super) ip6: bool,
    pub(super) interface: u32,
    pub(super) snap: Option<usize>,
    pub(super) from: Option<IpAddr>,
    pub(super) mtu: u16,
}

impl Line {
    pub(super) fn parse(words: &[Word]) -> Result<Line, String> {
        let mut words = words.iter().peekable();
        let time = match words.peek().map(|word| word.text.as_str()) {
            Some("?") => When::Unknown,
            Some(text) if text.starts_with(|c: char| c.is_ascii_digit()) => When::At(milliseconds(text)?),
            _ => When::Next,
        };
        if time != When::Next {
            words.next();
        }
        let side = match words.next().map(|word| word.text.as_str()) {
            Some("C>S") => Side::Client,
            Some("S>C") => Side::Server,
            Some(other) => return Err(format!("expected C>S or S>C, found {other:?}")),
            None => return Err("expected C>S or S>C".to_owned()),
        };
        let what = match words.next().map(|word| word.text.as_str()) {
            Some("UDP") => What::Udp,
            Some("ICMP") => What::Icmp { message: icmp(words.next())?, quotes: None },
            Some(text) => What::Tcp(flags(text)?),
            None => return Err("expected TCP flags, UDP or ICMP".to_owned()),
        };
        let mut line = Line::new(time, side, what);
        while let Some(word) = words.next() {
            if let Some(bytes) = &word.quoted {
                line.set_payload(Payload::Bytes(bytes.clone()))?;
            } else if word.text == "quotes" {
                let number = words.next().map_or("", |word| word.text.as_str());
                let What::Icmp { quotes, .. } = &mut line.what else {
                    return Err("quotes belongs to an ICMP line".to_owned());
                };
                *quotes = Some(number_of("quotes", number)?);
            } else {
                line.key(&word.text)?;
            }
        }
        Ok(line)
    }

    fn new(time: When, side: Side, what: What) -> Line {
        Line {
            time,
            side,
            what,
            payload: Payload::Bytes(Vec::new()),
            seq: None,
            ack: None,
            isn: None,
            win: None,
            urg: 0,
            mss: None,
            ws: None,
            sack_ok: false,
            ts: None,
            sack: Vec::new(),
            cport: None,
            sport: None,
            ttl: 64,
            ip6: false,
            interface: 0,
            snap: None,
            from: None,
            mtu: 0,
        }
    }

    fn set_payload(&mut self, payload: Payload) -> Result<(), String> {
        if self.payload_len() != 0 {
            return Err("a line has one payload".to_owned());
        }
        self.payload = payload;
        Ok(())
    }

    /// `name=value` or a bare name.
    fn key(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        match (name, self.is_tcp()) {
            ("sack_ok", true) if value.is_empty() => self.sack_ok = true,
            ("ip6", _) if value.is_empty() => self.ip6 = true,
            ("seq", true) => self.seq = Some(relative(name, value)?),
            ("ack", true) => self.ack = Some(relative(name, value)?),
            ("isn", true) => self.isn = Some(number_of(name, value)?),
            ("win", true) => self.win = Some(number_of(name, value)?),
            ("urg", true) => self.urg = number_of(name, value)?,
            ("mss", true) => self.mss = Some(number_of(name, value)?),
            ("ws", true) => self.ws = Some(number_of(name, value)?),
            ("ts", true) => {
                let (val, ecr) = value.split_once(',').ok_or("ts= takes two numbers, as ts=1,0")?;
                self.ts = Some((number_of(name, val)?, number_of(name, ecr)?));
            }
            ("sack", true) => {
                for block in value.split(',') {
                    let (left, right) = block.split_once('-').ok_or("sack= takes blocks, as sack=9-17,20-30")?;
                    self.sack.push((number_of(name, left)?, number_of(name, right)?));
                }
            }
            ("len", _) => self.set_payload(Payload::Filler(number_of::<u16>(name, value)?.into()))?,
            ("cport", _) => self.cport = Some(number_of(name, value)?),
            ("sport", _) => self.sport = Some(number_of(name, value)?),
            ("ttl", _) => self.ttl = number_of(name, value)?,
            ("if", _) => self.interface = number_of::<u8>(name, value)?.into(),
            ("snap", _) => self.snap = Some(number_of(name, value)?),
            ("from", false) => self.from = Some(number_of(name, value)?),
            ("mtu", false) => self.mtu = number_of(name, value)?,
            _ => return Err(format!("{text:?} is no key of this kind of line")),
        }
        Ok(())
    }

    fn is_tcp(&self) -> bool {
        matches!(self.what, What::Tcp(_))
    }

    /// How long the payload is.
    pub(super) fn payload_len(&self) -> u32 {
        match &self.payload {
            Payload::Bytes(bytes) => u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            Payload::Filler(len) => *len,
        }
    }

    /// The payload; filler depends on its place in the stream alone, so that a retransmission repeats it.
    pub(super) fn bytes(&self, seq: u32) -> Vec<u8> {
        match &self.payload {
            Payload::Bytes(bytes) => bytes.clone(),
            Payload::Filler(len) => {
                const ALPHABET: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
                (0..*len).map(|n| ALPHABET[(seq.wrapping_add(n) % 26) as usize]).collect()
            }
        }
    }
}

/// Milliseconds with decimals, in nanoseconds, without a detour over floating point.
fn milliseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is not a time in milliseconds");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 6 {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let decimals: i64 = format!("{decimals:0<6}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000_000).and_then(|ns| ns.checked_add(decimals)).ok_or_else(wrong)
}

fn flags(text: &str) -> Result<u16, String> {
    if text == "NONE" {
        return Ok(0);
    }
    text.split(',').try_fold(0, |flags, name| {
        let bit = TcpFlags::NAMES.iter().find(|(_, known)| *known == name);
        bit.map(|(bit, _)| flags | bit).ok_or_else(|| format!("{name:?} is no TCP flag, nor UDP or ICMP"))
    })
}

fn icmp(word: Option<&Word>) -> Result<Icmp, String> {
    let name = word.map_or("", |word| word.text.as_str());
    let known = Icmp::NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, message)| *message).ok_or_else(|| {
        let names: Vec<_> = Icmp::NAMES.iter().map(|(name, _)| *name).collect();
        format!("{name:?} is no ICMP message of the script ({})", names.join(", "))
    })
}

fn number_of<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name}: {value:?} does not fit"))
}

/// A relative sequence number; a negative one lies before the ISN.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sequence numbers wrap")]
fn relative(name: &str, value: &str) -> Result<u32, String> {
    let number: i64 = number_of(name, value)?;
    if !(-(1 << 31)..1 << 32).contains(&number) {
        return Err(format!("{name}: {value} is no sequence number"));
    }
    Ok(number as u32)
}
