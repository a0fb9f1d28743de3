//! The text of one conversation by direction, in order: what `--follow` prints.

use std::io::{self, Write};

use super::formats::table::paint::{Paint, Role};
use super::text::escape;
use super::{CaptureInfo, Ending, Report, View};
use crate::decode::Transport;
use crate::language::messages::report as say;
use crate::language::{Value, Values};
use crate::timeline::{Event, What};
use crate::track::reassembly::{Piece, Reassembly};
use crate::track::{ConnId, Connections, Side};

/// A line of the conversation without an end is broken after so many bytes, so that memory stays bounded.
const LONGEST_LINE: usize = 4096;

/// Prints the payload of the selected connection.
pub struct Follow {
    out: Box<dyn Write>,
    view: View,
    streams: [Reassembly; 2],
    page: Page,
}

/// What has been printed.
#[derive(Default)]
struct Page {
    text: Vec<u8>,
    /// Whose turn it is, and the beginning of a line that goes on.
    side: Option<Side>,
    line: Vec<u8>,
    begun: bool,
}

impl Follow {
    /// A report that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write>, view: View) -> Self {
        Follow { out, view, streams: <[Reassembly; 2]>::default(), page: Page::default() }
    }

    fn flush_page(&mut self) -> io::Result<()> {
        self.out.write_all(&self.page.text)?;
        self.page.text.clear();
        Ok(())
    }
}

impl Page {
    fn piece(&mut self, from: Side, frame: u64, piece: Piece<'_>, view: &View) {
        if self.side != Some(from) {
            self.turn_ends();
            if self.begun {
                self.text.push(b'\n');
            }
            (self.side, self.begun) = (Some(from), true);
            let (way, role) = match from {
                Side::Client => ("C→S", Role::Client),
                Side::Server => ("S→C", Role::Server),
            };
            let values = Values::none().words("way", way).with("frame", Value::Number(frame));
            self.whole_line(&Paint(view.color).paint(role, say::FOLLOW_TURN.text.fill(view.lang, &values)));
        }
        match piece {
            Piece::Data(bytes) => self.data(bytes),
            Piece::Gap(n) => {
                self.end_line();
                let values = Values::none().with("n", Value::Bytes(n.into()));
                self.whole_line(&Paint(view.color).paint(Role::Faint, say::FOLLOW_GAP.text.fill(view.lang, &values)));
            }
        }
    }

    fn turn_ends(&mut self) {
        self.end_line();
        self.side = None;
    }

    fn whole_line(&mut self, line: &str) {
        self.text.extend_from_slice(line.as_bytes());
        self.text.push(b'\n');
    }

    /// The lines of the conversation are indented: nothing in them can pass for a line of netscope.
    fn data(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            for chunk in part.chunks(LONGEST_LINE) {
                self.line.extend_from_slice(chunk);
                if chunk.ends_with(b"\n") || self.line.len() >= LONGEST_LINE {
                    self.end_line();
                }
            }
        }
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let line = std::mem::take(&mut self.line);
        let shown = line.strip_suffix(b"\n").map_or(&line[..], |line| line.strip_suffix(b"\r").unwrap_or(line));
        if shown.is_empty() {
            self.text.push(b'\n');
        } else {
            self.whole_line(&format!("  {}", escape(shown)));
        }
    }
}

impl Report for Follow {
    fn begin(&mut self, _info: &CaptureInfo) -> io::Result<()> {
        Ok(())
    }

    fn wants_notes(&self, _conn: Option<ConnId>) -> bool {
        false
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let What::Packet(packet) = &event.what else { return Ok(()) };
        let Some(from) = packet.step.from.filter(|_| packet.step.conn.is_some()) else { return Ok(()) };
        let (page, view, frame) = (&mut self.page, &self.view, packet.packet.number);
        match &packet.packet.transport {
            Transport::Tcp(segment) if !segment.flags.rst() => {
                let [client, server] = &mut self.streams;
                let (own, peer) = if from == Side::Client { (client, server) } else { (server, client) };
                if segment.flags.ack() && !segment.flags.syn() {
                    peer.acknowledged(segment.ack, &mut |piece| page.piece(from.other(), frame, piece, view));
                }
                let first = segment.seq.plus(u32::from(segment.flags.syn()));
                if segment.flags.syn() {
                    own.begins(first);
                }
                own.segment(first, segment.len, segment.payload, &mut |piece| page.piece(from, frame, piece, view));
                if segment.flags.fin() {
                    own.ends(first.plus(segment.len));
                }
            }
            Transport::Udp(datagram) => {
                // Every datagram stands for itself.
                page.turn_ends();
                if !datagram.payload.is_empty() {
                    page.piece(from, frame, Piece::Data(datagram.payload), view);
                }
                let missing = (datagram.len as usize).saturating_sub(datagram.payload.len());
                if missing > 0 {
                    page.piece(from, frame, Piece::Gap(u32::try_from(missing).unwrap_or(u32::MAX)), view);
                }
            }
            _ => {}
        }
        self.flush_page()
    }

    fn end(&mut self, connections: &Connections<'_>, _ending: &Ending) -> io::Result<()> {
        let Some(conn) = connections.first() else { return Ok(()) };
        for side in [Side::Client, Side::Server] {
            let (page, view) = (&mut self.page, &self.view);
            self.streams[side.index()].finish(&mut |piece| page.piece(side, conn.last.frame, piece, view));
        }
        self.page.end_line();
        if !self.page.begun {
            self.page.whole_line(say::FOLLOW_NOTHING.text.get(self.view.lang));
        }
        self.flush_page()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
