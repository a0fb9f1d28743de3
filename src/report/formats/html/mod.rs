//! HTML: one file that holds everything, reads in both languages, and needs nothing else.
//!
//! Every sentence comes from the same stories as those of the other formats, one in each language; the packets follow as
//! data. Without a script the page shows the verdict, the diagram and the timeline.

pub mod data;
mod page;
mod parts;
mod programs;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::Format;
use crate::frame::Time;
use crate::language::Lang;
use crate::report::ladder::Paper;
use crate::report::people::compare::Comparison;
use crate::report::people::story::Story;
use crate::report::people::{People, Render};
use crate::report::plot::{Plots, Shown};
use crate::report::stats::{Table, Tally};
use crate::report::{CaptureInfo, Ending, Report, View};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections};
use data::Packets;

/// A page.
pub static HTML: Format =
    Format { name: "html", endings: &["html", "htm"], for_people: true, only_ladder: false, build };

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Html::new(out, view))
}

/// What the stories of one language say.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<Story>>>, Rc<RefCell<Vec<Comparison>>>);

impl Render for Told {
    fn paper(&self, _: &View) -> Option<Paper> {
        Some(Paper { arrows: 200, lanes: 6 })
    }

    fn capture(&mut self, _: &mut dyn Write, story: &Story, _: &View) -> io::Result<()> {
        self.0.borrow_mut().push(story.clone());
        Ok(())
    }

    fn comparison(&mut self, _: &mut dyn Write, demos: &[Comparison], _: &View) -> io::Result<()> {
        self.1.borrow_mut().extend_from_slice(demos);
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &View) -> io::Result<()> {
        Ok(())
    }
}

/// The language of the page at first, and the other one.
const BOTH: [Lang; 2] = Lang::ALL;

struct Html {
    out: Box<dyn Write>,
    view: View,
    told: [Told; 2],
    people: [People<Told>; 2],
    packets: Packets,
    tally: Tally,
    /// The statistics of each capture, in both languages.
    tables: Vec<[Vec<Table>; 2]>,
    plots: Plots,
    /// The plots of each capture.
    drawn: Vec<Shown>,
    start: Option<Time>,
    captures: usize,
    /// The connections of each capture, as data.
    connections: Vec<Vec<serde_json::Value>>,
    /// Packets of each capture: in the page, and in all.
    counts: Vec<(u64, u64)>,
}

impl Html {
    fn new(out: Box<dyn Write>, view: View) -> Html {
        let told = [Told::default(), Told::default()];
        let people = [0, 1].map(|at| {
            let view = View { lang: BOTH[at], ..view.clone() };
            People::new(Box::new(io::sink()), view, told[at].clone())
        });
        let packets = Packets::new(view.limit);
        Html {
            out,
            view,
            told,
            people,
            packets,
            tally: Tally::default(),
            tables: Vec::new(),
            plots: Plots::default(),
            drawn: Vec::new(),
            start: None,
            captures: 0,
            connections: Vec::new(),
            counts: Vec::new(),
        }
    }

    fn shows_packets(&self) -> bool {
        !self.view.selection.connections && self.view.columns.is_none()
    }
}

impl Report for Html {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        if self.captures == 0 {
            page::head(&mut *self.out, &info.source, self.view.lang)?;
        }
        self.start = None;
        self.people.iter_mut().try_for_each(|people| people.begin(info))
    }

    fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
        self.tally.started(time);
        self.plots.started(time);
        for people in &mut self.people {
            people.started(time);
        }
    }

    fn wants_packets(&self) -> bool {
        self.people[0].wants_packets()
    }

    fn wants_notes(&self, conn: Option<ConnId>) -> bool {
        self.shows_packets() || self.people[0].wants_notes(conn)
    }

    fn wants_checksums(&self) -> bool {
        self.people[0].wants_checksums()
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let What::Packet(packet) = &event.what {
            self.start = self.start.or(packet.packet.time);
            if self.shows_packets() {
                self.packets.packet(&mut *self.out, self.captures, packet, self.start)?;
                self.tally.packet(packet);
                self.plots.packet(packet);
            }
        }
        self.people.iter_mut().try_for_each(|people| people.event(event))
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        self.packets.end(&mut *self.out, self.captures)?;
        self.counts.push((std::mem::take(&mut self.packets.count), std::mem::take(&mut self.packets.total)));
        self.captures += 1;
        let mut tally = std::mem::take(&mut self.tally);
        self.tables
            .push(BOTH.map(|lang| if self.shows_packets() { tally.tables(connections, lang) } else { Vec::new() }));
        self.drawn.push(std::mem::take(&mut self.plots).draw(connections));
        self.connections.push(connections.iter().map(|conn| data::connection(&conn)).collect());
        self.people.iter_mut().try_for_each(|people| people.end(connections, ending))
    }

    fn finish(&mut self) -> io::Result<()> {
        for people in &mut self.people {
            people.finish()?;
        }
        if self.captures == 0 {
            page::head(&mut *self.out, "", self.view.lang)?;
        }
        let stories = self.told.each_ref().map(|told| told.0.borrow().clone());
        let demos = self.told.each_ref().map(|told| told.1.borrow().clone());
        let parts = page::Parts { tables: &self.tables, counts: &self.counts, plots: &self.drawn };
        page::body(&mut *self.out, &stories, &demos, &parts)?;
        page::tables(&mut *self.out, &self.packets, &self.connections)?;
        self.out.flush()
    }
}
