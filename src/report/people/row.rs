//! A packet as the formats for people keep it: owned, its words made safe to print.

use std::net::{IpAddr, SocketAddr};

use super::course::Remark;
use super::programs::CallRow;
use crate::annotate::Certainty;
use crate::decode::{Packet, TcpFlags, Transport};
use crate::frame::Passage;
use crate::language::messages::report as say;
use crate::language::{Lang, Text, numbers};
use crate::report::columns::PacketRow;
use crate::report::text::{Excerpt, excerpt, safe};
use crate::report::{PayloadLimit, info};
use crate::track::step::States;
use crate::track::{ConnId, Side, State, Step};

/// A packet of a timeline.
#[derive(Clone, Debug)]
pub struct Row {
    /// Frame number.
    pub frame: u64,
    /// Nanoseconds since the first packet of the capture.
    pub rel: Option<i64>,
    /// Which end sent it.
    pub from: Option<Side>,
    /// What it is.
    pub kind: Kind,
    /// Payload bytes by the headers.
    pub len: Option<u32>,
    /// The beginning of the payload; `None` when there is none or none is asked for.
    pub data: Option<Excerpt>,
    /// The main explanation.
    pub note: Option<String>,
    /// What the main explanation is about, in a few words.
    pub title: Option<Text>,
    /// How sure it is.
    pub certainty: Option<Certainty>,
    /// The names of all its rules, the main one first.
    pub rules: Vec<&'static str>,
    /// Its way over a wire, where both ends of it were captured.
    pub passage: Option<Passing>,
    /// The kernel found this end in the state that the packet brought it, by [`Side::index`].
    pub confirmed: [bool; 2],
    /// What course texts claim about what it shows.
    pub claims: Vec<Remark>,
    /// The calls that were made before it, since the row before.
    pub calls: Vec<CallRow>,
}

/// How a packet went over a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// It did not arrive.
    Lost,
    /// It arrived.
    Arrived {
        /// Nanoseconds after it left.
        after: i64,
        /// The wire delivered it twice: nanoseconds until the second copy arrived.
        again: Option<i64>,
        /// A packet that left later arrived before it.
        overtaken: bool,
    },
}

/// What a row shows of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A TCP segment.
    Tcp {
        /// Its flags.
        flags: TcpFlags,
        /// Relative sequence number.
        seq: u32,
        /// Relative acknowledgment number.
        ack: Option<u32>,
        /// States before it.
        before: States,
        /// States after it.
        after: States,
    },
    /// A UDP datagram.
    Udp,
    /// Anything else, with its line for analysers.
    Other {
        /// `ICMP`, …
        name: &'static str,
        /// What it says.
        info: String,
    },
}

impl Row {
    /// The row of a packet.
    #[must_use]
    pub fn new(packet: &PacketRow<'_>) -> Row {
        let event = packet.event;
        let main = event.notes.first();
        Row {
            frame: event.packet.number,
            rel: packet.relative(),
            from: event.step.from,
            kind: Kind::new(event.packet, event.step),
            len: length(event.packet),
            data: payload(event.packet, packet.payload),
            note: main.map(|main| safe(&main.note(packet.lang))),
            title: main.map(|main| main.rule.title),
            certainty: main.map(|main| main.certainty),
            rules: event.notes.iter().map(|note| note.rule.name).collect(),
            passage: passing(event.packet, event.step),
            confirmed: [false; 2],
            claims: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// The flags spelled out, or the name of the protocol.
    #[must_use]
    pub fn flags(&self) -> String {
        match &self.kind {
            Kind::Tcp { flags, .. } => flag_names(*flags, ", "),
            Kind::Udp => "UDP".to_owned(),
            Kind::Other { name, .. } => (*name).to_owned(),
        }
    }

    /// Relative sequence and acknowledgment number; empty where there is none.
    #[must_use]
    pub fn numbers(&self) -> (String, String) {
        match &self.kind {
            Kind::Tcp { seq, ack, .. } => (seq.to_string(), ack.map_or_else(|| "–".to_owned(), |ack| ack.to_string())),
            _ => (String::new(), String::new()),
        }
    }

    /// Who sent it to whom: `C → S`.
    #[must_use]
    pub fn way(&self) -> &'static str {
        match self.from {
            Some(Side::Client) => "C → S",
            Some(Side::Server) => "C ← S",
            None => "C ? S",
        }
    }

    /// The length, empty where there is none.
    #[must_use]
    pub fn length(&self) -> String {
        self.len.map_or_else(String::new, |len| len.to_string())
    }

    /// Milliseconds since the first packet, with microseconds as decimals.
    #[must_use]
    pub fn millis(&self, lang: Lang) -> String {
        self.rel.map_or_else(|| "?".to_owned(), |rel| millis(lang, rel))
    }

    /// How many milliseconds it was under way, or that it was lost; empty where that is not known.
    #[must_use]
    pub fn passing(&self, lang: Lang) -> String {
        match self.passage {
            None => String::new(),
            Some(Passing::Lost) => say::LOST.text.get(lang).to_owned(),
            Some(Passing::Arrived { after, again, overtaken }) => {
                let marks = [if again.is_some() { "×2" } else { "" }, if overtaken { "↷" } else { "" }];
                format!("+{}{}", tenths(lang, after), marks.concat())
            }
        }
    }

    /// The state of one end after the packet, and whether the packet changed it. `None` where there are no states.
    #[must_use]
    pub fn state(&self, side: Side) -> Option<(&'static str, bool)> {
        match &self.kind {
            Kind::Tcp { before, after, .. } => {
                Some((after.of(side).map_or("?", State::name), before.of(side) != after.of(side)))
            }
            _ => None,
        }
    }

    /// The state of one end after the packet, under the mark of a change or of one that the kernel confirms, or under
    /// none. `None` where there are no states.
    #[must_use]
    pub fn marked(
        &self,
        side: Side,
        changed: &'static str,
        confirmed: &'static str,
    ) -> Option<(&'static str, &'static str)> {
        let (name, new) = self.state(side)?;
        let mark = match (new, self.confirmed[side.index()]) {
            (false, _) => "",
            (true, false) => changed,
            (true, true) => confirmed,
        };
        Some((mark, name))
    }

    /// What stands in the place of the payload: its text in quotes, or what another protocol says.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        match (&self.kind, &self.data) {
            (Kind::Other { info, .. }, _) => Some(info.clone()),
            (_, Some(data)) if data.text.is_empty() => Some("…".to_owned()),
            (_, Some(data)) => Some(format!("\"{}\"{}", data.text, if data.more { "…" } else { "" })),
            (_, None) => None,
        }
    }
}

impl Kind {
    fn new(packet: &Packet<'_>, step: &Step) -> Kind {
        match &packet.transport {
            Transport::Tcp(segment) => {
                let tcp = step.tcp.as_ref();
                Kind::Tcp {
                    flags: segment.flags,
                    seq: tcp.map_or(segment.seq.0, |tcp| tcp.seq),
                    ack: segment.flags.ack().then(|| tcp.and_then(|tcp| tcp.ack).unwrap_or(segment.ack.0)),
                    before: tcp.map(|tcp| tcp.before).unwrap_or_default(),
                    after: tcp.map(|tcp| tcp.after).unwrap_or_default(),
                }
            }
            Transport::Udp(_) => Kind::Udp,
            other => {
                let name = match other {
                    Transport::Icmp(_) => "ICMP",
                    Transport::Icmpv6(_) => "ICMPv6",
                    Transport::Arp(_) => "ARP",
                    _ => "?",
                };
                Kind::Other { name, info: safe(&info::info(packet, step)) }
            }
        }
    }
}

/// The names of the flags as this program's readers know them from elsewhere: SYN, FIN, RST, PSH before ACK.
#[must_use]
pub fn flag_names(flags: TcpFlags, separator: &str) -> String {
    let names = flags.names().collect::<Vec<_>>().join(separator);
    if names.is_empty() { "–".to_owned() } else { names }
}

/// Nanoseconds as milliseconds with three decimals.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "shown with microseconds")]
pub fn millis(lang: Lang, ns: i64) -> String {
    numbers::decimal(lang, ns as f64 / 1e6, 3)
}

#[allow(clippy::cast_precision_loss, reason = "shown with a tenth of a millisecond")]
fn tenths(lang: Lang, ns: i64) -> String {
    numbers::decimal(lang, ns as f64 / 1e6, 1)
}

fn passing(packet: &Packet<'_>, step: &Step) -> Option<Passing> {
    match packet.passage? {
        Passage::Left { arrived: None, .. } => Some(Passing::Lost),
        Passage::Left { arrived: Some(arrived), again } => Some(Passing::Arrived {
            after: arrived.time.since(packet.time?),
            again: packet.time.zip(again.as_ref()).map(|(left, again)| again.time.since(left)),
            overtaken: step.overtaken,
        }),
        Passage::Came { .. } => None,
    }
}

fn length(packet: &Packet<'_>) -> Option<u32> {
    match &packet.transport {
        Transport::Tcp(segment) => Some(segment.len),
        Transport::Udp(datagram) => Some(datagram.len),
        _ => None,
    }
}

fn payload(packet: &Packet<'_>, limit: PayloadLimit) -> Option<Excerpt> {
    let (payload, len) = match &packet.transport {
        Transport::Tcp(segment) => (segment.payload, segment.len),
        Transport::Udp(datagram) => (datagram.payload, datagram.len),
        _ => return None,
    };
    if len == 0 || limit == PayloadLimit::Bytes(0) { None } else { excerpt(payload, len, limit) }
}

/// Who sent a packet and to whom: address and port, the address alone where there are no ports.
#[must_use]
pub fn ends(packet: &Packet<'_>) -> (Option<String>, Option<String>) {
    let ports = match &packet.transport {
        Transport::Tcp(segment) => Some((segment.src_port, segment.dst_port)),
        Transport::Udp(datagram) => Some((datagram.src_port, datagram.dst_port)),
        Transport::Arp(arp) => return (arp.sender.map(|ip| ip.to_string()), arp.target.map(|ip| ip.to_string())),
        _ => None,
    };
    let Some(ip) = packet.ip else { return (None, None) };
    (Some(end(ip.src, ports.map(|ports| ports.0))), Some(end(ip.dst, ports.map(|ports| ports.1))))
}

/// An address, with its port where it has one.
fn end(address: IpAddr, port: Option<u16>) -> String {
    let IpAddr::V4(four) = address else {
        return port.map_or_else(|| address.to_string(), |port| SocketAddr::new(address, port).to_string());
    };
    let mut out = String::with_capacity(21);
    for (at, octet) in four.octets().into_iter().enumerate() {
        if at > 0 {
            out.push('.');
        }
        out.push_str(itoa::Buffer::new().format(octet));
    }
    if let Some(port) = port {
        out.push(':');
        out.push_str(itoa::Buffer::new().format(port));
    }
    out
}

/// The connection in whose timeline a packet stands: its own, or for an ICMP error the quoted one.
#[must_use]
pub fn timeline_of(step: &Step) -> Option<ConnId> {
    step.conn.or_else(|| step.quote.as_ref().and_then(|quote| quote.conn))
}
