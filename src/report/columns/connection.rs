//! The connection record.

use super::packet::state;
use super::{ConnectionColumn, text};
use crate::annotate::verdict::{Verdict, verdict};
use crate::language::Lang;
use crate::report::value::Value;
use crate::track::close::{close, closed_by, half_close};
use crate::track::{Connection, Proto};

/// A connection with what its columns need besides it.
#[derive(Clone, Debug)]
pub struct ConnectionRow<'a> {
    /// The connection.
    pub conn: &'a Connection,
    /// What there is to say about it.
    pub verdict: Verdict,
    /// The language of the sentence.
    pub lang: Lang,
}

impl<'a> ConnectionRow<'a> {
    /// The row of a connection, its verdict found.
    #[must_use]
    pub fn new(conn: &'a Connection, lang: Lang) -> Self {
        ConnectionRow { conn, verdict: verdict(conn), lang }
    }

    /// A value that only TCP has.
    fn tcp(&self, get: impl Fn(&Connection) -> Value) -> Value {
        match self.conn.id.proto {
            Proto::Tcp => get(self.conn),
            Proto::Udp => Value::Absent,
        }
    }
}

/// Every key of a connection, in the order of the contract.
pub static CONNECTION: &[ConnectionColumn] = &[
    ConnectionColumn::new("kind", text("kind", "jenis"), |_| Value::word("connection")),
    ConnectionColumn::new("proto", text("protocol", "protokol"), |row| Value::word(row.conn.id.proto.name())),
    ConnectionColumn::new("conn", text("connection", "koneksi"), |row| Value::Number(row.conn.id.index.into())),
    ConnectionColumn::new("client", text("client", "client"), |row| Value::text(row.conn.client.to_string())),
    ConnectionColumn::new("server", text("server", "server"), |row| Value::text(row.conn.server.to_string())),
    ConnectionColumn::new("client_by", text("client told by", "client dikenali dari"), |row| {
        Value::word(row.conn.client_by.name())
    }),
    ConnectionColumn::new("first_frame", text("first frame", "frame pertama"), |row| {
        Value::Number(row.conn.first.frame)
    }),
    ConnectionColumn::new("last_frame", text("last frame", "frame terakhir"), |row| Value::Number(row.conn.last.frame)),
    ConnectionColumn::new("start", text("start", "mulai"), |row| {
        Value::or_null(row.conn.first.time.map(|time| Value::text(time.to_string())))
    }),
    ConnectionColumn::new("duration", text("duration (s)", "lama (detik)"), |row| {
        Value::or_null(row.conn.duration_ns().map(Value::Seconds))
    }),
    ConnectionColumn::new("packets", text("packets", "paket"), |row| both_ways(row.conn.packets)).with(&["c2s", "s2c"]),
    ConnectionColumn::new("bytes", text("bytes", "byte"), |row| both_ways(row.conn.bytes)).with(&["c2s", "s2c"]),
    ConnectionColumn::new("rtt", text("RTT (s)", "RTT (detik)"), |row| {
        row.tcp(|conn| Value::or_null(conn.rtt.map(Value::Seconds)))
    }),
    ConnectionColumn::new("close", text("close", "penutupan"), |row| row.tcp(|conn| Value::word(close(conn).name()))),
    ConnectionColumn::new("closed_by", text("closed by", "ditutup oleh"), |row| {
        row.tcp(|conn| Value::or_null(closed_by(conn).map(|by| Value::word(by.name()))))
    }),
    ConnectionColumn::new("half_close", text("half-close", "half-close"), |row| row.tcp(half_closed)).with(&[
        "by",
        "frame",
        "duration",
        "bytes_after",
        "accepted",
    ]),
    ConnectionColumn::new("requests", text("requests", "request"), |row| Value::Number(row.conn.requests.into())),
    ConnectionColumn::new("conn_state", text("Zeek state", "status Zeek"), |row| {
        Value::word(row.conn.zeek.conn_state(row.conn.id.proto).name())
    }),
    ConnectionColumn::new("history", text("history", "riwayat"), |row| Value::text(row.conn.zeek.history())),
    ConnectionColumn::new("completeness", text("completeness", "kelengkapan"), |row| {
        row.tcp(|conn| Value::Number(conn.completeness.value(conn.packets.iter().sum()).into()))
    }),
    ConnectionColumn::new("client_state", text("client state", "status client"), |row| {
        row.tcp(|conn| state(conn.states.client))
    }),
    ConnectionColumn::new("server_state", text("server state", "status server"), |row| {
        row.tcp(|conn| state(conn.states.server))
    }),
    ConnectionColumn::new("verdict", text("verdict", "kesimpulan"), |row| Value::text(row.verdict.sentence(row.lang))),
    ConnectionColumn::new("rule", text("rule", "aturan"), |row| Value::word(row.verdict.rule.name)),
    ConnectionColumn::new("certainty", text("certainty", "kepastian"), |row| Value::word(row.verdict.certainty.name())),
    ConnectionColumn::new("evidence", text("evidence", "bukti"), |row| {
        Value::numbers(row.verdict.evidence.iter().copied())
    }),
    ConnectionColumn::new("candidates", text("also possible", "kemungkinan lain"), |row| {
        Value::List(row.verdict.candidates.iter().map(|name| Value::word(name)).collect())
    }),
];

fn both_ways(by_sender: [u64; 2]) -> Value {
    Value::map(vec![("c2s", Value::Number(by_sender[0])), ("s2c", Value::Number(by_sender[1]))])
}

fn half_closed(conn: &Connection) -> Value {
    let Some(half) = half_close(conn) else { return Value::Null };
    Value::map(vec![
        ("by", Value::word(half.by.name())),
        ("frame", Value::Number(half.begin.frame)),
        ("duration", Value::or_null(half.duration_ns().map(Value::Seconds))),
        ("bytes_after", Value::Number(half.bytes_after)),
        ("accepted", Value::or_null(half.accepted.map(Value::Bool))),
    ])
}
