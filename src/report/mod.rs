//! Events and connections → bytes. One model, one file per format, columns declared once.

pub mod columns;
pub mod explain;
pub mod follow;
pub mod formats;
pub mod info;
pub mod lab;
pub mod ladder;
pub mod people;
pub mod plot;
pub mod records;
pub mod stats;
pub mod text;
pub mod value;

use std::io;

pub use formats::{FORMATS, Format, build, build_live};

use crate::frame::{Damage, Interface, Origin, Time};
use crate::language::{Lang, Text};
use crate::scenario::{Claim, Question};
use crate::timeline::agree::Testimony;
use crate::timeline::{Event, Finding, PacketEvent, Program, ResetWord, Tally};
use crate::track::{ConnId, Connections};

/// What is known before the first packet.
#[derive(Clone, Debug, Default)]
pub struct CaptureInfo {
    /// The file's name, `-`, an interface, or `demo tcp`.
    pub source: String,
    /// The interfaces.
    pub interfaces: Vec<Interface>,
    /// For saved captures: what the file says of how it was made.
    pub origin: Origin,
    /// For live runs: the machine's settings.
    pub settings: Option<Settings>,
    /// For demos: what is shown.
    pub heading: Option<Heading>,
    /// For the user's programs: when they were told to end, if they were. What follows is not their own doing.
    pub stopped: Option<Time>,
    /// For live runs: what the kernel said of the states.
    pub testimony: Testimony,
    /// What kernels said about RSTs, in the order of time.
    pub resets: Vec<ResetWord>,
    /// For live runs: what the kernels counted all the while.
    pub counted: Vec<Tally>,
}

/// The settings of the machine that change what a live run shows.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    /// Kernel name and release.
    pub kernel: String,
    /// TCP settings by sysctl name (`tcp_congestion_control`), as read at run time.
    pub tcp: Vec<(String, String)>,
}

/// A demo's name and lesson.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// The scenario's name.
    pub name: &'static str,
    /// The variant's name, where there are several.
    pub variant: Option<&'static str>,
    /// A few words.
    pub title: Text,
    /// What is to be learned, one sentence.
    pub lesson: Text,
    /// What course texts claim about it.
    pub claims: &'static [Claim],
    /// The question that closes it.
    pub question: Option<Question>,
    /// The question's answer is shown as well.
    pub answers: bool,
    /// How many clients took part. Several have a row each; the conversations of one belong together.
    pub clients: u16,
}

/// What is known after the last packet.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// Packets read.
    pub packets: u64,
    /// Packets that the kernel dropped, where it can tell.
    pub dropped: Option<u64>,
    /// What stopped the reading early.
    pub damage: Option<Damage>,
    /// The user stopped the reading early.
    pub interrupted: bool,
    /// Connections that were forgotten, because there were more than are kept.
    pub forgotten: u64,
    /// The programs whose packets these were, where they were run here.
    pub programs: Vec<Program>,
    /// What went wrong in them.
    pub findings: Vec<Finding>,
}

/// Which packets and connections a report shows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// One row per connection instead of one per packet.
    pub connections: bool,
    /// Only these connections; empty: all.
    pub only: Vec<ConnId>,
}

impl Selection {
    /// True when a packet of this connection is to be shown.
    #[must_use]
    pub fn takes(&self, conn: Option<ConnId>) -> bool {
        self.only.is_empty() || conn.is_some_and(|conn| self.only.contains(&conn))
    }
}

/// How many bytes of payload a record shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadLimit {
    /// None: the key is absent.
    None,
    /// At most so many.
    Bytes(usize),
    /// All that were captured.
    All,
}

/// How a report is to look.
#[derive(Clone, Debug)]
pub struct View {
    /// The language of every word a person reads.
    pub lang: Lang,
    /// Width in columns.
    pub width: usize,
    /// Use colour.
    pub color: bool,
    /// Bytes of payload.
    pub payload: PayloadLimit,
    /// At most so many rows in the formats for people.
    pub limit: Option<usize>,
    /// The keys of the columns to show, in order; `None`: the format's own choice.
    pub columns: Option<Vec<&'static str>>,
    /// What to show.
    pub selection: Selection,
    /// Close every capture with its connections, also in the formats for programs (demos).
    pub connections_at_end: bool,
    /// Draw with ASCII characters only.
    pub ascii: bool,
}

/// Writes one packet as the report that gave it would, on any thread.
#[derive(Clone, Copy, Debug)]
pub struct PacketWriter {
    view: PacketView,
    write: fn(&PacketEvent<'_>, PacketView, Option<Time>, &mut Vec<u8>),
}

/// What the record of a packet depends on beside the packet.
#[derive(Clone, Copy, Debug)]
struct PacketView {
    lang: Lang,
    payload: PayloadLimit,
}

impl PacketWriter {
    /// Appends the packet; `start` is the time of the capture's first.
    pub fn write(&self, event: &PacketEvent<'_>, start: Option<Time>, out: &mut Vec<u8>) {
        (self.write)(event, self.view, start, out);
    }
}

/// A report under way. The driver hands it what happens, in order.
pub trait Report {
    /// Before the first packet.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()>;

    /// The time of the capture's first packet, also when that packet is not shown: `rel` counts from it. A report that
    /// is not told counts from the first packet it is handed.
    fn started(&mut self, _time: Time) {}

    /// False when it will not look at packets of connections at all: some may then never be decoded in full.
    fn wants_packets(&self) -> bool {
        true
    }

    /// False when it will not look at the annotations of this connection's packets, so that none are made.
    fn wants_notes(&self, conn: Option<ConnId>) -> bool;

    /// False when it will not look at labels that need every checksum verified (`history`, `conn_state`).
    fn wants_checksums(&self) -> bool;

    /// For a report in which a packet stands alone, independent of those before it: what writes one, instead of
    /// [`Report::event`]. Its bytes go to [`Report::written`], in order.
    fn writer(&self) -> Option<PacketWriter> {
        None
    }

    /// Bytes that [`Report::writer`] made of one packet or of several.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn written(&mut self, _packets: &[u8]) -> io::Result<()> {
        Ok(())
    }

    /// One event of a selected connection.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;

    /// After the last packet, with every selected connection of the capture in order.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()>;

    /// After the last capture: a report may hold several (demos shown one after the other).
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}
