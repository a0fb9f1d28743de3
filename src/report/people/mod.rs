//! What the formats for people share: which packets they keep while a capture is read, and what they say at its end.
//!
//! Memory is bounded: only rows that can still be shown are kept, the first and the last of each timeline.

pub mod closing;
pub mod compare;
pub mod course;
pub mod gather;
pub mod http;
pub mod kernel;
pub mod programs;
pub mod row;
pub mod story;
pub mod talks;

use std::io::{self, Write};

use self::compare::Comparison;
use self::gather::Gather;
use self::story::Story;
use self::talks::Talks;
use super::columns::PacketRow;
use super::ladder::reel::Reel;
use super::ladder::{Ladder, Paper};
use super::{CaptureInfo, Ending, Report, View};
use crate::frame::Time;
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections};

/// Turns what there is to say about a capture into the bytes of one format.
pub trait Render {
    /// What a ladder may take, when one is drawn.
    fn paper(&self, _view: &View) -> Option<Paper> {
        None
    }

    /// One capture.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn capture(&mut self, out: &mut dyn Write, story: &Story, view: &View) -> io::Result<()>;

    /// Several demos side by side.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn comparison(&mut self, out: &mut dyn Write, demos: &[Comparison], view: &View) -> io::Result<()>;

    /// After everything: what explains signs and numbers.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()>;
}

/// A report for people: gathers a capture, tells it when it is over.
pub struct People<R> {
    out: Box<dyn Write>,
    view: View,
    render: R,
    info: CaptureInfo,
    gather: Gather,
    talks: Talks,
    reel: Option<Reel>,
    demos: Vec<Comparison>,
}

impl<R: Render> People<R> {
    /// A report that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write>, view: View, render: R) -> Self {
        let gather = Gather::new(&view, None);
        let (info, talks, demos) = (CaptureInfo::default(), Talks::default(), Vec::new());
        People { out, view, render, info, gather, talks, reel: None, demos }
    }
}

impl<R: Render> Report for People<R> {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.info = info.clone();
        self.gather = Gather::new(&self.view, info.heading.as_ref());
        self.gather.stop = info.stopped.map(|at| (at, self.view.lang));
        self.talks = Talks::default();
        let shows_packets = !self.view.selection.connections && self.view.columns.is_none();
        let paper = self.render.paper(&self.view).filter(|_| shows_packets);
        self.reel = paper.map(|paper| Reel::new(paper, self.view.limit));
        if let Some(reel) = &mut self.reel {
            reel.stop = info.stopped;
        }
        Ok(())
    }

    fn started(&mut self, time: Time) {
        self.gather.started(time);
    }

    fn wants_packets(&self) -> bool {
        !self.view.selection.connections
    }

    fn wants_notes(&self, conn: Option<ConnId>) -> bool {
        self.reel.is_some() || self.gather.wants(conn)
    }

    fn wants_checksums(&self) -> bool {
        let labels = ["history", "conn_state"];
        self.view.columns.as_ref().is_some_and(|keys| keys.iter().any(|key| labels.contains(key)))
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let packet = match &event.what {
            What::Packet(packet) => packet,
            What::Call(call) => {
                self.gather.call(call.seen, self.view.lang);
                if let Some(reel) = &mut self.reel {
                    reel.call(call.seen);
                }
                return Ok(());
            }
            What::Socket(_) | What::Trace(_) | What::Tally(_) => return Ok(()),
        };
        if let Some(time) = packet.packet.time {
            self.gather.started(time);
        }
        let row =
            PacketRow { event: packet, start: self.gather.start(), lang: self.view.lang, payload: self.view.payload };
        self.gather.packet(&row, &self.view);
        if let Some(reel) = &mut self.reel {
            reel.packet(&row);
        }
        if !self.view.selection.connections && self.view.columns.is_none() {
            self.talks.packet(packet);
        }
        Ok(())
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        let gathered = std::mem::replace(&mut self.gather, Gather::new(&self.view, None));
        if let Some(heading) = &self.info.heading {
            self.demos.extend(compare::comparison(heading, connections, &gathered, self.view.lang));
        }
        let mut story = Story::new(&self.info, connections, ending, gathered, &self.view);
        story.talk = std::mem::take(&mut self.talks).tell(connections, self.view.lang);
        story.ladder =
            self.reel.take().map(|reel| Ladder::new(reel, connections, &self.info.testimony, self.view.lang));
        self.render.capture(&mut *self.out, &story, &self.view)
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.demos.len() > 1 && self.view.columns.is_none() {
            self.render.comparison(&mut *self.out, &self.demos, &self.view)?;
        }
        self.render.finish(&mut *self.out, &self.view)?;
        self.out.flush()
    }
}
