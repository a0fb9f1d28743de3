//! Plots of one TCP connection: time and sequence numbers, throughput, round-trip time, bytes in flight.
//!
//! `collect` picks up what they need while the capture is read, `figure` says what is to be drawn, `draw` draws it, and
//! `table` writes the numbers for programs.

mod canvas;
mod collect;
mod draw;
mod figure;
mod flight;
mod page;
pub(in crate::report) mod png;
mod rate;
mod series;
mod table;

use std::io::{self, Write};

use super::formats::{self, Format};
use super::{CaptureInfo, Ending, Report, View};
use crate::frame::Time;
use crate::language::messages::{Message, plot as say};
use crate::language::{Value, Values};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections, Proto, Side};
use collect::Talk;
use figure::{Figure, figure};
pub use page::{Drawn, Plots, Shown};

/// Addresses and ports of the client and the server.
type Ends = [String; 2];

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A dot for each segment, at its time and its first sequence number, as W. Richard Stevens drew it.
    TimeSequence,
    /// A bar for each segment, the line of the ACKs, that of the window, SACK blocks: as `tcptrace` draws it.
    Tcptrace,
    /// Payload sent and acknowledged over time.
    Throughput,
    /// How long ACKs take.
    Rtt,
    /// Sent and not acknowledged yet, and how much the receiver would take.
    InFlight,
}

impl Kind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Kind; 5] = [Kind::TimeSequence, Kind::Tcptrace, Kind::Throughput, Kind::Rtt, Kind::InFlight];

    /// Its name for `--kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::TimeSequence => "time-sequence",
            Kind::Tcptrace => "tcptrace",
            Kind::Throughput => "throughput",
            Kind::Rtt => "rtt",
            Kind::InFlight => "in-flight",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn title(self) -> &'static Message {
        match self {
            Kind::TimeSequence => &say::TIME_SEQUENCE,
            Kind::Tcptrace => &say::TCPTRACE,
            Kind::Throughput => &say::THROUGHPUT,
            Kind::Rtt => &say::RTT,
            Kind::InFlight => &say::IN_FLIGHT,
        }
    }
}

/// A drawing that scales.
pub static SVG: Format = Format { name: "svg", endings: &["svg"], for_people: true, only_ladder: false, build };
/// The same as pixels.
pub static PNG: Format = Format { name: "png", endings: &["png"], for_people: true, only_ladder: false, build };

/// The formats that plots have; how a report of packets is written is no matter here.
pub static FORMATS: &[&Format] = &[&SVG, &PNG, &formats::csv::CSV, &formats::json::JSON];

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Plot::new(out, view, &SVG, Wanted { kind: Kind::TimeSequence, from: None, window: None }))
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// What the plot shows.
    pub kind: Kind,
    /// Whose data; `None`: of the end that sent more.
    pub from: Option<Side>,
    /// Nanoseconds over which the throughput is averaged; `None`: a part of the whole.
    pub window: Option<i64>,
}

/// A plot under way. Nothing is written before [`Report::finish`], because only the end tells whether there is one connection.
pub struct Plot {
    out: Box<dyn Write>,
    view: View,
    format: &'static Format,
    wanted: Wanted,
    start: Option<Time>,
    talk: Option<Talk>,
    ends: Ends,
}

impl Plot {
    /// A plot of the connection selected, or of the first one, that is written to `out` in one of [`FORMATS`].
    #[must_use]
    pub fn new(out: Box<dyn Write>, view: View, format: &'static Format, wanted: Wanted) -> Self {
        Plot { out, view, format, wanted, start: None, talk: None, ends: Ends::default() }
    }

    fn figure(&self, talk: &Talk, from: Side) -> Figure {
        let lang = self.view.lang;
        let mut figure = figure(talk, &self.ends, from, self.wanted.kind, lang);
        let other = talk.ways[from.other().index()].bytes;
        if self.wanted.from.is_none() && other > 0 {
            let values = Values::none().with("n", Value::Bytes(other)).words("side", from.other().name());
            figure.notes.push(say::OTHER_WAY.text.fill(lang, &values));
        }
        figure
    }
}

impl Report for Plot {
    fn begin(&mut self, _: &CaptureInfo) -> io::Result<()> {
        Ok(())
    }

    fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        false
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let What::Packet(packet) = &event.what else { return Ok(()) };
        let Some(conn) = packet.step.conn.filter(|conn| conn.proto == Proto::Tcp) else { return Ok(()) };
        let every = (!self.format.for_people).then_some(self.wanted.kind);
        let talk = self.talk.get_or_insert_with(|| Talk::new(conn, every));
        if talk.conn == conn {
            talk.packet(packet, self.start);
        }
        Ok(())
    }

    fn end(&mut self, connections: &Connections<'_>, _: &Ending) -> io::Result<()> {
        if let Some(talk) = &mut self.talk {
            talk.settle();
            talk.window = self.wanted.window;
            if let Some(conn) = connections.find(talk.conn) {
                self.ends = [conn.client.to_string(), conn.server.to_string()];
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(talk) = self.talk.take() else { return self.out.flush() };
        let from = self.wanted.from.unwrap_or_else(|| talk.sender());
        let kind = self.wanted.kind;
        match self.format.name {
            "csv" => table::table(&talk, from, kind).csv(&mut *self.out)?,
            "json" => table::table(&talk, from, kind).json(&mut *self.out, &talk, from, kind)?,
            "png" => {
                let svg = draw::picture(&self.figure(&talk, from), self.view.lang, false);
                self.out.write_all(&png::png(&svg).map_err(io::Error::other)?)?;
            }
            _ => self.out.write_all(draw::picture(&self.figure(&talk, from), self.view.lang, true).as_bytes())?,
        }
        self.out.flush()
    }
}
