//! Statistics of a capture: what courses take from an analyser's statistics menu. Counted while the capture is read, and
//! written as tables when it is over.

mod counts;
mod render;
mod sections;

use std::io::{self, Write};

use super::{CaptureInfo, Ending, Format, Report, View};
use crate::frame::Time;
use crate::language::Lang;
use crate::timeline::{Event, PacketEvent, What};
use crate::track::{ConnId, Connections};
use counts::Counts;
pub use render::Table;

/// The formats that statistics have; how a report of packets is written is no matter here.
pub static FORMATS: &[&Format] = &[
    &super::formats::table::TABLE,
    &super::formats::markdown::MARKDOWN,
    &super::formats::csv::CSV,
    &super::formats::json::JSON,
];

/// The names of the tables, for `--section`.
pub const SECTIONS: [&str; 7] = ["hierarchy", "conversations", "endpoints", "lengths", "http", "flags", "throughput"];

/// Counts for a report that shows the tables among other things.
#[derive(Debug)]
pub struct Tally(Counts);

impl Default for Tally {
    fn default() -> Self {
        Tally(Counts::new(None))
    }
}

impl Tally {
    /// The time of the first packet.
    pub fn started(&mut self, time: Time) {
        self.0.started(time);
    }

    /// Counts one packet.
    pub fn packet(&mut self, packet: &PacketEvent<'_>) {
        self.0.packet(packet);
    }

    /// The tables that have anything in them, in one language.
    #[must_use]
    pub fn tables(&mut self, connections: &Connections<'_>, lang: Lang) -> Vec<Table> {
        let sections = sections::sections(&mut self.0, connections, lang);
        sections
            .iter()
            .filter(|section| !section.rows.is_empty())
            .map(|section| Table::new(section, None, lang))
            .collect()
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only these tables; empty: all.
    pub sections: Vec<String>,
    /// Length of an interval of the throughput in nanoseconds; `None`: one that gives a short table.
    pub interval: Option<i64>,
}

/// Statistics under way.
pub struct Stats {
    out: Box<dyn Write>,
    view: View,
    format: &'static Format,
    wanted: Wanted,
    source: String,
    counts: Counts,
}

impl Stats {
    /// Statistics that are written to `out` in one of [`FORMATS`].
    #[must_use]
    pub fn new(out: Box<dyn Write>, view: View, format: &'static Format, wanted: Wanted) -> Self {
        let counts = Counts::new(wanted.interval);
        Stats { out, view, format, wanted, source: String::new(), counts }
    }
}

impl Report for Stats {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.source.clone_from(&info.source);
        Ok(())
    }

    fn started(&mut self, time: Time) {
        self.counts.started(time);
    }

    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        false
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let What::Packet(packet) = &event.what {
            self.counts.packet(packet);
        }
        Ok(())
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        // Names for programs are the same in every language.
        let lang = if self.format.for_people { self.view.lang } else { Lang::En };
        let mut sections = sections::sections(&mut self.counts, connections, lang);
        sections.retain(|section| {
            self.wanted.sections.is_empty() || self.wanted.sections.iter().any(|name| name == section.name)
        });
        let known = self.view.selection.only.is_empty().then_some(connections.len());
        let source = super::people::story::source_line(&self.source, known, ending, self.view.lang);
        render::write(&mut *self.out, self.format, &source, &sections, &self.view)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
