//! CSV by RFC 4180: packets, or with `--connections` connections, under a header of key names.

use std::io::{self, Write};

use super::Format;
use crate::frame::Time;
use crate::report::columns::{CONNECTION, Column, ConnectionRow, PACKET, PacketRow};
use crate::report::value::Value;
use crate::report::{CaptureInfo, Ending, Report, View};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections};

/// Comma-separated values.
pub static CSV: Format = Format { name: "csv", endings: &["csv"], for_people: false, only_ladder: false, build };

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Csv { out, view, start: None, header: false })
}

struct Csv {
    out: Box<dyn Write>,
    view: View,
    start: Option<Time>,
    header: bool,
}

impl Csv {
    fn line(&mut self, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        write!(self.out, "{}\r\n", cells.join(","))
    }
}

/// The names of all cells of a list of columns.
fn names<F>(columns: &[Column<F>]) -> Vec<String> {
    columns.iter().flat_map(Column::flat_keys).collect()
}

/// A cell as it stands in a line.
pub(in crate::report) fn cell(text: String) -> String {
    quoted(guarded(text))
}

/// A cell that a spreadsheet would take for a formula is made text.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@']) && !is_number(&cell) { format!("'{cell}") } else { cell }
}

/// A decimal number with an optional sign; words such as `-inf` are none.
fn is_number(cell: &str) -> bool {
    cell.ends_with(|c: char| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'))
        && cell.parse::<f64>().is_ok()
}

fn quoted(cell: String) -> String {
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

impl Report for Csv {
    fn begin(&mut self, _: &CaptureInfo) -> io::Result<()> {
        self.start = None;
        // Several captures are one table: its header stands once.
        if std::mem::replace(&mut self.header, true) {
            return Ok(());
        }
        let header = if self.view.selection.connections { names(CONNECTION) } else { names(PACKET) };
        self.line(header)
    }

    fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    fn wants_packets(&self) -> bool {
        !self.view.selection.connections
    }

    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        !self.view.selection.connections
    }

    fn wants_checksums(&self) -> bool {
        self.view.selection.connections
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let What::Packet(packet) = &event.what;
        self.start = self.start.or(packet.packet.time);
        if self.view.selection.connections {
            return Ok(());
        }
        let row = PacketRow { event: packet, start: self.start, lang: self.view.lang, payload: self.view.payload };
        let cells: Vec<String> = PACKET
            .iter()
            .flat_map(|column| {
                let value: Value = (column.get)(&row);
                column.flat_cells(&value)
            })
            .collect();
        self.line(cells)
    }

    fn end(&mut self, connections: &Connections<'_>, _: &Ending) -> io::Result<()> {
        if !self.view.selection.connections {
            return Ok(());
        }
        for conn in connections.iter() {
            let row = ConnectionRow::new(&conn, self.view.lang);
            let cells: Vec<String> =
                CONNECTION.iter().flat_map(|column| column.flat_cells(&(column.get)(&row))).collect();
            self.line(cells)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_stay() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("-inf", "'-inf"),
            ("+62 812", "'+62 812"),
            ("-e5", "'-e5"),
            ("-", "'-"),
            ("-1.5", "-1.5"),
            ("+7", "+7"),
            ("-0.000000001", "-0.000000001"),
            ("x=1", "x=1"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell.to_owned()), written);
        }
        assert_eq!(quoted("say \"a\", b".to_owned()), "\"say \"\"a\"\", b\"");
        assert_eq!(quoted("plain".to_owned()), "plain");
    }
}
