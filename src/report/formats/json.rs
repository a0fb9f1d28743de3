//! JSON: one array of records, or one record a line.

use std::io::{self, Write};

mod encode;

use super::Format;
use crate::frame::Time;
use crate::report::columns::{ConnectionRow, PACKET, PacketRow, connection_record};
use crate::report::value::Value;
use crate::report::{CaptureInfo, Ending, PacketView, PacketWriter, Report, View, records};
use crate::timeline::{Event, PacketEvent, What};
use crate::track::{ConnId, Connections};

/// One array of all records, also of several captures.
pub static JSON: Format =
    Format { name: "json", endings: &["json"], for_people: false, only_ladder: false, build: array };
/// One record a line, written as it comes.
pub static JSONL: Format =
    Format { name: "jsonl", endings: &["jsonl", "ndjson"], for_people: false, only_ladder: false, build: lines };

fn array(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Json { out, view, start: None, array: true, written: 0, line: Vec::new() })
}

fn lines(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Json { out, view, start: None, array: false, written: 0, line: Vec::new() })
}

struct Json {
    out: Box<dyn Write>,
    view: View,
    start: Option<Time>,
    array: bool,
    written: u64,
    line: Vec<u8>,
}

impl Json {
    fn record(&mut self, record: &Value) -> io::Result<()> {
        self.write(|line| encode::value(line, record))
    }

    fn write(&mut self, record: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        // One write a record, so that a live reader never waits for the rest of a line.
        self.line.clear();
        if self.array {
            self.line.extend_from_slice(if self.written == 0 { b"[\n" } else { b",\n" });
        }
        record(&mut self.line);
        if !self.array {
            self.line.push(b'\n');
        }
        self.written += 1;
        self.out.write_all(&self.line)
    }
}

/// One packet as a line.
fn packet_line(event: &PacketEvent<'_>, view: PacketView, start: Option<Time>, out: &mut Vec<u8>) {
    let row = PacketRow { event, start: start.or(event.packet.time), lang: view.lang, payload: view.payload };
    // Column by column: a record in memory would be taken apart again at once.
    encode::object(out, PACKET.iter().map(|column| (column.key, (column.get)(&row))));
    out.push(b'\n');
}

/// One packet in the array, in which another record stands before it.
fn packet_in_array(event: &PacketEvent<'_>, view: PacketView, start: Option<Time>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\n");
    packet_line(event, view, start, out);
    out.pop();
}

impl Report for Json {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.start = None;
        self.record(&records::capture(info, self.view.lang))
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
        self.view.selection.connections || self.view.connections_at_end
    }

    fn writer(&self) -> Option<PacketWriter> {
        let write = if self.array { packet_in_array } else { packet_line };
        let view = PacketView { lang: self.view.lang, payload: self.view.payload };
        (!self.view.selection.connections).then_some(PacketWriter { view, write })
    }

    fn written(&mut self, packets: &[u8]) -> io::Result<()> {
        self.out.write_all(packets)
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if self.view.selection.connections {
            return Ok(());
        }
        let packet = match &event.what {
            What::Packet(packet) => packet,
            What::Call(call) => return self.record(&records::syscall(call.seen, self.start, self.view.payload)),
            What::Socket(socket) => return self.record(&records::socket(socket, self.start)),
            What::Trace(trace) => return self.record(&records::trace(trace, self.start)),
            What::Tally(tally) => return self.record(&records::tally(tally, self.start)),
        };
        self.start = self.start.or(packet.packet.time);
        let Some(writer) = self.writer() else { return Ok(()) };
        // One write a record, so that a live reader never waits for the rest of a line.
        self.line.clear();
        writer.write(packet, self.start, &mut self.line);
        self.out.write_all(&self.line)
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        if self.view.selection.connections || self.view.connections_at_end {
            for conn in connections.iter() {
                self.record(&connection_record(&ConnectionRow::new(&conn, self.view.lang)))?;
            }
        }
        for program in &ending.programs {
            self.record(&records::process(program))?;
        }
        for finding in &ending.findings {
            self.record(&records::finding(finding, self.view.lang))?;
        }
        self.record(&records::end(ending))
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.array {
            self.out.write_all(if self.written == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}
