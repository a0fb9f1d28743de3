//! The packet record.

use super::{PacketColumn, text};
use crate::decode::app::AppMessage;
use crate::decode::{TcpSegment, Transport, checksum};
use crate::frame::{Arrival, Passage, Time};
use crate::language::Lang;
use crate::report::text::excerpt;
use crate::report::value::Value;
use crate::report::{PayloadLimit, info};
use crate::timeline::{Owner, PacketEvent};
use crate::track::step::{ConnId, Quote, TcpStep};
use crate::track::{Side, State};

/// A packet with what its columns need besides it.
#[derive(Clone, Copy, Debug)]
pub struct PacketRow<'a> {
    /// The packet, its step and its annotations.
    pub event: &'a PacketEvent<'a>,
    /// Time of the first packet of the capture.
    pub start: Option<Time>,
    /// The language of the note.
    pub lang: Lang,
    /// How many bytes of payload.
    pub payload: PayloadLimit,
}

impl<'a> PacketRow<'a> {
    /// Nanoseconds since the first packet.
    #[must_use]
    pub fn relative(&self) -> Option<i64> {
        Some(self.event.packet.time?.since(self.start?))
    }

    fn segment(&self) -> Option<&'a TcpSegment<'a>> {
        match &self.event.packet.transport {
            Transport::Tcp(segment) => Some(segment),
            _ => None,
        }
    }

    /// A value that only TCP has; null when the tracker knows nothing of the segment.
    fn tcp(&self, get: impl Fn(&TcpSegment<'_>, &TcpStep) -> Value) -> Value {
        match (self.segment(), &self.event.step.tcp) {
            (Some(segment), Some(step)) => get(segment, step),
            (Some(_), None) => Value::Null,
            (None, _) => Value::Absent,
        }
    }

    /// A value that every TCP header has.
    fn header(&self, get: impl Fn(&TcpSegment<'_>) -> Value) -> Value {
        self.segment().map_or(Value::Absent, get)
    }
}

/// Every key of a packet, in the order of the contract.
pub static PACKET: &[PacketColumn] = &[
    PacketColumn::new("kind", text("kind", "jenis"), |_| Value::word("packet")),
    PacketColumn::new("frame", text("#", "#"), |row| Value::Number(row.event.packet.number)),
    PacketColumn::new("time", text("time", "waktu"), |row| {
        Value::or_null(row.event.packet.time.map(|time| Value::text(time.to_string())))
    }),
    PacketColumn::new("rel", text("seconds", "detik"), |row| Value::or_null(row.relative().map(Value::Seconds))),
    PacketColumn::new("iface", text("interface", "interface"), |row| Value::Number(row.event.packet.interface.into())),
    PacketColumn::new("proto", text("protocol", "protokol"), |row| Value::word(protocol(&row.event.packet.transport))),
    PacketColumn::new("conn", text("connection", "koneksi"), |row| {
        Value::or_null(row.event.step.conn.map(|conn| Value::Number(conn.index.into())))
    }),
    PacketColumn::new("dir", text("direction", "arah"), direction),
    PacketColumn::new("src", text("from", "dari"), |row| endpoint(row, true)),
    PacketColumn::new("dst", text("to", "ke"), |row| endpoint(row, false)),
    PacketColumn::new("caplen", text("captured", "tertangkap"), |row| {
        Value::Number(row.event.packet.captured_len.into())
    }),
    PacketColumn::new("wirelen", text("on the wire", "di jaringan"), |row| {
        Value::Number(row.event.packet.wire_len.into())
    }),
    PacketColumn::new("len", text("length", "panjang"), |row| match &row.event.packet.transport {
        Transport::Tcp(segment) => Value::Number(segment.len.into()),
        Transport::Udp(datagram) => Value::Number(datagram.len.into()),
        _ => Value::Absent,
    }),
    PacketColumn::new("data", text("payload", "payload"), data),
    PacketColumn::new("flags", text("flags", "flag"), |row| {
        row.header(|segment| Value::List(segment.flags.names().map(Value::word).collect()))
    }),
    PacketColumn::new("seq", text("seq", "seq"), |row| row.tcp(|_, step| Value::Number(step.seq.into()))),
    PacketColumn::new("ack", text("ack", "ack"), |row| {
        row.tcp(|_, step| Value::or_null(step.ack.map(|ack| Value::Number(ack.into()))))
    }),
    PacketColumn::new("seq_raw", text("raw seq", "seq mentah"), |row| row.header(|s| Value::Number(s.seq.0.into()))),
    PacketColumn::new("ack_raw", text("raw ack", "ack mentah"), |row| row.header(|s| Value::Number(s.ack.0.into()))),
    PacketColumn::new("win", text("window field", "field window"), |row| {
        row.header(|s| Value::Number(s.window.into()))
    }),
    PacketColumn::new("window", text("window", "window"), |row| row.tcp(|_, step| Value::Number(step.window.into()))),
    PacketColumn::new("options", text("options", "opsi"), |row| {
        row.header(|segment| options(segment, row.event.step.tcp.as_ref()))
    })
    .with(&["mss", "wscale", "sack_ok", "ts", "sack"]),
    PacketColumn::new("checksum", text("checksum", "checksum"), |row| match &row.event.packet.transport {
        Transport::Tcp(_) | Transport::Udp(_) => {
            Value::or_null(checksum(row.event.packet).map(|checksum| Value::word(checksum.name())))
        }
        _ => Value::Absent,
    }),
    PacketColumn::new("analysis", text("analysis", "analisis"), |row| {
        row.tcp(|_, step| Value::List(step.labels.names().map(Value::word).collect()))
    }),
    PacketColumn::new("client_state", text("client", "client"), |row| row.tcp(|_, step| state(step.after.client))),
    PacketColumn::new("server_state", text("server", "server"), |row| row.tcp(|_, step| state(step.after.server))),
    PacketColumn::new("info", text("info", "info"), |row| Value::text(info::info(row.event.packet, row.event.step))),
    PacketColumn::new("rules", text("rules", "aturan"), |row| {
        Value::List(row.event.notes.iter().map(|note| Value::word(note.rule.name)).collect())
    }),
    PacketColumn::new("note", text("explanation", "penjelasan"), |row| {
        Value::or_null(row.event.notes.first().map(|main| Value::text(main.note(row.lang))))
    }),
    PacketColumn::new("certainty", text("certainty", "kepastian"), |row| {
        Value::or_null(row.event.notes.first().map(|main| Value::word(main.certainty.name())))
    }),
    PacketColumn::new("app", text("application", "aplikasi"), |row| {
        row.event.step.app.as_ref().map_or(Value::Absent, app)
    })
    .with(&["proto", "kind", "summary"]),
    PacketColumn::new("quotes", text("quotes", "mengutip"), |row| {
        row.event.step.quote.as_ref().map_or(Value::Absent, quotes)
    })
    .with(&["proto", "conn", "frame"]),
    PacketColumn::new("arrived", text("arrived", "tiba"), |row| match row.event.packet.passage {
        Some(Passage::Left { arrived: Some(arrived), again }) => arrival(arrived, again.as_ref()),
        _ => Value::Absent,
    })
    .with(&["time", "frame"]),
    PacketColumn::new("lost", text("lost", "hilang"), |row| match row.event.packet.passage {
        Some(Passage::Left { arrived: None, .. }) => Value::Bool(true),
        _ => Value::Absent,
    }),
    PacketColumn::new("owner", text("made by", "dibuat oleh"), |row| match row.event.owner {
        Some(Owner::Call(id)) => Value::Number(id.into()),
        Some(Owner::Kernel(_)) => Value::word("kernel"),
        Some(Owner::Exit) => Value::word("exit"),
        None => Value::Absent,
    }),
    PacketColumn::new("cause", text("because of", "karena"), |row| match row.event.owner {
        Some(Owner::Kernel(frame)) => Value::or_null(frame.map(Value::Number)),
        _ => Value::Absent,
    }),
];

/// Where and when a packet arrived; `again` is there when it arrived twice.
fn arrival(first: &Arrival, again: Option<&Arrival>) -> Value {
    let place = |arrival: &Arrival| {
        vec![("time", Value::text(arrival.time.to_string())), ("frame", Value::Number(arrival.frame))]
    };
    let mut entries = place(first);
    entries.extend(again.map(|again| ("again", Value::map(place(again)))));
    Value::map(entries)
}

/// The name of the transport as the records spell it.
#[must_use]
pub fn protocol(transport: &Transport<'_>) -> &'static str {
    match transport {
        Transport::Tcp(_) => "tcp",
        Transport::Udp(_) => "udp",
        Transport::Icmp(_) => "icmp",
        Transport::Icmpv6(_) => "icmpv6",
        Transport::Arp(_) => "arp",
        Transport::Other => "other",
    }
}

/// Only a packet of a connection has a direction.
fn direction(row: &PacketRow<'_>) -> Value {
    match (row.event.step.conn, row.event.step.from) {
        (None, _) => Value::Absent,
        (Some(_), from) => Value::or_null(from.map(|side: Side| Value::word(side.direction()))),
    }
}

/// Address and port of the sender or of the receiver; the address alone where there are no ports.
fn endpoint(row: &PacketRow<'_>, sender: bool) -> Value {
    let (src, dst) = super::super::people::row::ends(row.event.packet);
    (if sender { src } else { dst }).map_or(Value::Absent, Value::text)
}

/// The beginning of the payload. Null when there is one and nothing of it was captured.
fn data(row: &PacketRow<'_>) -> Value {
    let (payload, len) = match &row.event.packet.transport {
        Transport::Tcp(segment) => (segment.payload, segment.len),
        Transport::Udp(datagram) => (datagram.payload, datagram.len),
        _ => return Value::Absent,
    };
    match excerpt(payload, len, row.payload) {
        None => Value::Absent,
        Some(_) if payload.is_empty() && len > 0 => Value::Null,
        Some(excerpt) => Value::text(excerpt.text),
    }
}

fn options(segment: &TcpSegment<'_>, step: Option<&TcpStep>) -> Value {
    let options = &segment.options;
    let or_absent = |value: Option<Value>| value.unwrap_or(Value::Absent);
    let blocks = options.sack().len();
    let sack = match step {
        Some(step) if blocks > 0 => Value::List(
            step.sack
                .iter()
                .take(blocks)
                .map(|(left, right)| Value::numbers([(*left).into(), (*right).into()]))
                .collect(),
        ),
        None if blocks > 0 => Value::Null,
        _ => Value::Absent,
    };
    Value::map(vec![
        ("mss", or_absent(options.mss.map(|mss| Value::Number(mss.into())))),
        ("wscale", or_absent(options.window_scale.map(|shift| Value::Number(shift.into())))),
        ("sack_ok", if options.sack_permitted { Value::Bool(true) } else { Value::Absent }),
        ("ts", or_absent(options.timestamps.map(|(value, echo)| Value::numbers([value.into(), echo.into()])))),
        ("sack", sack),
    ])
}

/// A state's name, `?` where the capture cannot tell.
#[must_use]
pub fn state(state: Option<State>) -> Value {
    Value::word(state.map_or("?", State::name))
}

fn app(message: &AppMessage) -> Value {
    Value::map(vec![
        ("proto", Value::word(message.proto)),
        ("kind", Value::word(message.kind)),
        ("summary", Value::text(message.summary.clone())),
    ])
}

fn quotes(quote: &Quote) -> Value {
    let proto = match quote.protocol {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "icmpv6",
        _ => "other",
    };
    Value::map(vec![
        ("proto", Value::word(proto)),
        ("conn", Value::or_null(quote.conn.map(|conn: ConnId| Value::Number(conn.index.into())))),
        ("frame", Value::or_null(quote.frame.map(Value::Number))),
    ])
}
