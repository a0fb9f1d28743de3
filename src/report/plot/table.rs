//! The numbers of a plot, for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::collect::{Talk, Way};
use super::series::{Point, Series};
use super::{Kind, rate};
use crate::report::formats::csv::cell;
use crate::report::value::Value;
use crate::track::Side;

/// Named columns and their rows.
pub(super) struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
}

/// The numbers of one plot: every point, in the order of time.
pub(super) fn table(talk: &Talk, from: Side, kind: Kind) -> Table {
    let way = &talk.ways[from.index()];
    let rel = |at: i64| Value::Seconds(talk.offset.saturating_add(at));
    match kind {
        Kind::TimeSequence | Kind::Tcptrace => numbers(way, &rel),
        Kind::Throughput => throughput(talk, way, &rel),
        Kind::Rtt => trips(way, &rel),
        Kind::InFlight => in_flight(way, &rel),
    }
}

fn numbers(way: &Way, rel: &dyn Fn(i64) -> Value) -> Table {
    let named: [(&'static str, &Series); 7] = [
        ("segment", &way.segments),
        ("retransmission", &way.again),
        ("probe", &way.probes),
        ("ack", &way.acks),
        ("sack", &way.sacks),
        ("window_edge", &way.edges),
        ("zero_window", &way.closed),
    ];
    let mut all: Vec<(&'static str, Point)> =
        named.iter().flat_map(|(name, series)| series.points().iter().map(|point| (*name, *point))).collect();
    all.sort_by_key(|(_, point)| (point.at, point.frame));
    let rows = all.into_iter().map(|(name, point)| {
        let [low, high] = [point.low, point.high].map(Value::Number);
        vec![Value::Number(point.frame), rel(point.at), Value::word(name), low, high]
    });
    Table { columns: &["frame", "rel", "series", "from", "to"], rows: rows.collect() }
}

fn throughput(talk: &Talk, way: &Way, rel: &dyn Fn(i64) -> Value) -> Table {
    let width = way.sent.width().max(way.delivered.width());
    let (window, step) = rate::window(talk.window, talk.until, width);
    let [sent, delivered] = [&way.sent, &way.delivered].map(|rate| rate.moving(window, step, talk.until));
    let rows = sent.iter().zip(&delivered).map(|((at, sent), (_, delivered))| {
        let [sent, delivered] = [sent, delivered].map(|rate| Value::Real((rate * 10.0).round() / 10.0));
        vec![rel(*at), Value::Seconds(window), sent, delivered]
    });
    Table { columns: &["rel", "window", "throughput", "goodput"], rows: rows.collect() }
}

/// With null where which copy was answered cannot be told.
fn trips(way: &Way, rel: &dyn Fn(i64) -> Value) -> Table {
    let told = way.trips.points().iter().map(|point| (*point, true));
    let mut all: Vec<(Point, bool)> =
        told.chain(way.unclear_trips.points().iter().map(|point| (*point, false))).collect();
    all.sort_by_key(|(point, _)| (point.at, point.frame));
    let rows = all.into_iter().map(|(point, told)| {
        let rtt = if told { Value::Seconds(i64::try_from(point.high).unwrap_or(i64::MAX)) } else { Value::Null };
        vec![Value::Number(point.frame), rel(point.at), Value::Number(point.low), rtt]
    });
    Table { columns: &["frame", "rel", "acks_frame", "rtt"], rows: rows.collect() }
}

fn in_flight(way: &Way, rel: &dyn Fn(i64) -> Value) -> Table {
    let mut all: BTreeMap<(i64, u64), [Value; 2]> = BTreeMap::new();
    for (column, series) in [&way.in_flight, &way.windows].into_iter().enumerate() {
        for point in series.points() {
            let row = all.entry((point.at, point.frame)).or_insert([Value::Null, Value::Null]);
            row[column] = Value::Number(point.high);
        }
    }
    let rows = all.into_iter().map(|((at, frame), [bytes, window])| vec![Value::Number(frame), rel(at), bytes, window]);
    Table { columns: &["frame", "rel", "bytes_in_flight", "window"], rows: rows.collect() }
}

impl Table {
    pub(super) fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{}\r\n", self.columns.join(","))?;
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(Value::plain).map(cell).collect();
            write!(out, "{}\r\n", cells.join(","))?;
        }
        Ok(())
    }

    /// One object: what the plot is of, and its points.
    pub(super) fn json(self, out: &mut dyn Write, talk: &Talk, from: Side, kind: Kind) -> io::Result<()> {
        let columns = self.columns;
        let points = self.rows.into_iter().map(|row| Value::map(columns.iter().copied().zip(row).collect()));
        let whole = Value::map(vec![
            ("kind", Value::word(kind.name())),
            ("conn", Value::text(talk.conn.to_string())),
            ("dir", Value::word(from.direction())),
            ("points", Value::List(points.collect())),
        ]);
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        out.write_all(b"\n")
    }
}
