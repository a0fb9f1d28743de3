//! CSV by RFC 4180: packets, or with `--connections` connections, under a header of key names; of a live run also what
//! the kernel said, in the same columns and some more at the end.

use std::io::{self, Write};

use super::Format;
use crate::frame::Time;
use crate::report::columns::{CONNECTION, Column, ConnectionRow, PACKET, PacketRow};
use crate::report::value::Value;
use crate::report::{CaptureInfo, Ending, Report, View, records};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections};

/// Comma-separated values.
pub static CSV: Format = Format { name: "csv", endings: &["csv"], for_people: false, only_ladder: false, build };

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Csv { out, view, start: None, names: Vec::new() })
}

struct Csv {
    out: Box<dyn Write>,
    view: View,
    start: Option<Time>,
    /// The header, once it is written.
    names: Vec<String>,
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

/// A record under a header that other records have keys in, too.
fn record_cells(names: &[String], record: &Value) -> Vec<String> {
    names.iter().map(|name| record.entry(name).plain()).collect()
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
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.start = None;
        // Several captures are one table: its header stands once.
        if !self.names.is_empty() {
            return Ok(());
        }
        self.names = if self.view.selection.connections { names(CONNECTION) } else { names(PACKET) };
        // A live run has records of its own beside the packets.
        if info.settings.is_some() && !self.view.selection.connections {
            self.names.extend(records::SOCKET_KEYS.map(str::to_owned));
        }
        self.line(self.names.clone())
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
        if self.view.selection.connections {
            return Ok(());
        }
        let packet = match &event.what {
            What::Packet(packet) => packet,
            // The packets name their calls; the calls themselves are records of JSON.
            What::Call(_) => return Ok(()),
            What::Trace(trace) => {
                let record = records::trace(trace, self.start);
                return self.line(record_cells(&self.names, &record));
            }
            What::Tally(tally) => {
                let record = records::tally(tally, self.start);
                return self.line(record_cells(&self.names, &record));
            }
            What::Socket(socket) => {
                let record = records::socket(socket, self.start);
                return self.line(record_cells(&self.names, &record));
            }
        };
        self.start = self.start.or(packet.packet.time);
        let row = PacketRow { event: packet, start: self.start, lang: self.view.lang, payload: self.view.payload };
        let cells: Vec<String> = PACKET
            .iter()
            .flat_map(|column| {
                let value: Value = (column.get)(&row);
                column.flat_cells(&value)
            })
            .collect();
        // What only other records have.
        let rest = self.names.len().saturating_sub(cells.len());
        self.line(cells.into_iter().chain(std::iter::repeat_n(String::new(), rest)))
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
