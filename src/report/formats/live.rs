//! The table while traffic flows: a header, then each packet when it comes, and the connections at the end.

use std::io::{self, Write};

use super::table::layout::{Align, columns, wrapped};
use super::table::paint::{Paint, Role};
use super::table::timeline::{CHANGED, PROSE, details, visible, way};
use super::table::{self, Table};
use crate::frame::Time;
use crate::language::messages::{Message, report as say};
use crate::language::{Value, Values};
use crate::report::columns::PacketRow;
use crate::report::people::closing::side_name;
use crate::report::people::row::{Row, ends, timeline_of};
use crate::report::people::story::Story;
use crate::report::people::{Render, gather::Gather};
use crate::report::text::shorten;
use crate::report::{CaptureInfo, Ending, Report, View};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections, Side};

/// Connections whose ends were already named; after so many, the names are said again.
const REMEMBERED: usize = 10_000;

/// A table that is written packet by packet.
#[must_use]
pub fn report(out: Box<dyn Write>, mut view: View) -> Box<dyn Report> {
    view.width = view.width.max(table::LEAST_WIDTH);
    Box::new(Live { out, view, info: CaptureInfo::default(), start: None, named: rustc_hash::FxHashSet::default() })
}

struct Live {
    out: Box<dyn Write>,
    view: View,
    info: CaptureInfo,
    start: Option<Time>,
    named: rustc_hash::FxHashSet<ConnId>,
}

/// Column widths that hold for every row: number, milliseconds, connection, way, flags, seq, ack, length, states.
const WIDTHS: [usize; 10] = [5, 10, 6, 5, 13, 7, 7, 5, 13, 13];
const ALIGNS: [Align; 10] = [
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
];
/// Where the text below a row begins: under the connection.
const INDENT: usize = 17;

impl Live {
    fn states_beside(&self) -> bool {
        self.view.width >= WIDTHS.iter().sum::<usize>() + WIDTHS.len()
    }

    /// One aligned line; the states are left out where they do not fit. Where nothing can be aligned, as many lines as
    /// the cells need.
    fn line(&self, mut cells: Vec<String>) -> Vec<String> {
        let count = if self.states_beside() { WIDTHS.len() } else { WIDTHS.len() - 2 };
        cells.truncate(count);
        let aligned = columns(vec![cells.clone()], &ALIGNS[..count], &WIDTHS[..count], None);
        if aligned.iter().all(|line| visible(line) <= self.view.width) {
            return aligned;
        }
        let mut lines: Vec<String> = Vec::new();
        for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
            match lines.last_mut() {
                Some(last) if visible(last) + 1 + visible(&cell) <= self.view.width => {
                    last.push(' ');
                    last.push_str(&cell);
                }
                _ => lines.push(cell),
            }
        }
        lines
    }

    fn header(&mut self) -> io::Result<()> {
        let paint = Paint(self.view.color);
        let titles: [&Message; 10] = [
            &say::COL_NUMBER,
            &say::COL_MILLIS,
            &say::COL_CONN,
            &say::COL_WAY,
            &say::COL_FLAGS,
            &say::COL_SEQ,
            &say::COL_ACK,
            &say::COL_LEN,
            &say::COL_CLIENT_STATE,
            &say::COL_SERVER_STATE,
        ];
        let line = self.line(titles.iter().map(|title| title.text.get(self.view.lang).to_owned()).collect());
        for line in line {
            writeln!(self.out, "{}", paint.paint(Role::Strong, line))?;
        }
        writeln!(self.out, "{}", paint.paint(Role::Faint, "─".repeat(self.view.width)))
    }

    /// Says once which addresses the two ends of a connection have.
    fn name_ends(&mut self, conn: ConnId, from: Option<Side>, packet: &PacketRow<'_>) -> io::Result<()> {
        if self.named.len() >= REMEMBERED {
            self.named.clear();
        }
        let (Some(from), (Some(src), Some(dst))) = (from, ends(packet.event.packet)) else { return Ok(()) };
        if packet.event.step.conn.is_none() || !self.named.insert(conn) {
            return Ok(());
        }
        let (client, server) = if from == Side::Client { (src, dst) } else { (dst, src) };
        let (paint, lang) = (Paint(self.view.color), self.view.lang);
        let ends = format!(
            "{conn}  C = {} {client}  S = {} {server}",
            side_name(Side::Client, lang),
            side_name(Side::Server, lang)
        );
        for line in wrapped(&ends, self.view.width) {
            writeln!(self.out, "{}", paint.paint(Role::Strong, line))?;
        }
        Ok(())
    }

    fn packet(&mut self, packet: &PacketRow<'_>) -> io::Result<()> {
        let row = Row::new(packet);
        let conn = timeline_of(packet.event.step);
        let (paint, lang) = (Paint(self.view.color), self.view.lang);
        if let Some(conn) = conn {
            self.name_ends(conn, row.from, packet)?;
        }
        let (seq, ack) = row.numbers();
        let states = [Side::Client, Side::Server].map(|side| match row.state(side) {
            Some((name, true)) => paint.paint(Role::Strong, format!("{CHANGED}{name}")),
            Some((name, false)) => paint.paint(Role::Faint, format!(" {name}")),
            None => String::new(),
        });
        let [client, server] = states;
        let direction = if conn.is_some() { way(&row, paint) } else { String::new() };
        let flags = paint.paint(Role::of_flags(&row), row.flags());
        let conn_name = conn.map_or_else(String::new, |conn| conn.to_string());
        let cells = vec![
            row.frame.to_string(),
            row.millis(lang),
            conn_name,
            direction,
            flags,
            seq,
            ack,
            row.length(),
            client,
            server,
        ];
        for line in self.line(cells) {
            writeln!(self.out, "{line}")?;
        }
        let indent = INDENT.min(self.view.width / 4);
        let room = self.view.width.saturating_sub(indent).min(PROSE);
        for line in details(&row, room, paint, lang, !self.states_beside()) {
            writeln!(self.out, "{}{line}", " ".repeat(indent))?;
        }
        if conn.is_none()
            && let (Some(src), Some(dst)) = ends(packet.event.packet)
        {
            let ends = format!("{}{src} → {dst}", " ".repeat(indent));
            writeln!(self.out, "{}", paint.paint(Role::Faint, shorten(&ends, self.view.width)))?;
        }
        Ok(())
    }
}

impl Report for Live {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.info = info.clone();
        self.start = None;
        self.header()
    }

    fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        true
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let What::Packet(packet) = &event.what else { return Ok(()) };
        self.start = self.start.or(packet.packet.time);
        self.packet(&PacketRow { event: packet, start: self.start, lang: self.view.lang, payload: self.view.payload })
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        let mut view = self.view.clone();
        view.selection.connections = true;
        let story = Story::new(&self.info, connections, ending, Gather::new(&view, None), &view);
        writeln!(self.out)?;
        let mut table = Table::default();
        table.capture(&mut *self.out, &story, &view)?;
        let legend = Values::none().with("mark", Value::Words(CHANGED.into()));
        let sentence = say::LEGEND_STATES.text.fill(view.lang, &legend);
        writeln!(self.out)?;
        for line in wrapped(&sentence, view.width) {
            writeln!(self.out, "{}", Paint(view.color).paint(Role::Faint, line))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
