//! The lab report: what a student hands in, as far as the capture can fill it.
//!
//! Aims, settings, steps, results and questions are written; theory, prediction, answers, analysis and conclusion are
//! left to the student. Everything comes from the same story as the other formats for people, and from the annotations
//! of the packets; the same capture gives the same bytes.

mod content;
mod document;
mod docx;
mod html;
mod latex;
mod markdown;
mod questions;
mod results;
mod seen;
mod sources;

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::formats::{self, Format};
use super::ladder::Paper;
use super::people::compare::Comparison;
use super::people::story::Story;
use super::people::{People, Render};
use super::{CaptureInfo, Ending, Report, View};
use crate::frame::Time;
use crate::language::Lang;
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connections, Side};
use document::Document;
use seen::Seen;

/// A document for word processors.
pub static DOCX: Format = Format { name: "docx", endings: &["docx"], for_people: true, only_ladder: false, build };

/// The formats of a lab report.
pub static FORMATS: &[&Format] = &[&formats::markdown::MARKDOWN, &formats::html::HTML, &formats::latex::LATEX, &DOCX];

/// What a ladder may take in any of them: that is what fits into 80 columns and on a page.
const PAPER: Paper = Paper { arrows: 100, lanes: 4 };

/// A lab report about an experiment of which nothing is known but its packets.
fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(Lab::new(out, view, &DOCX, Experiment::default()))
}

/// Where the packets come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A file that was there before.
    #[default]
    File,
    /// A built-in exchange, run for this report.
    Demo,
    /// The user's own programs, run for this report.
    Run,
}

/// What is known of an experiment besides its packets.
#[derive(Clone, Debug, Default)]
pub struct Experiment {
    /// Where its packets come from.
    pub kind: Kind,
    /// With answers and verdicts, for the teacher.
    pub key: bool,
    /// The command that makes this report.
    pub command: String,
    /// What stands behind all options of it: the program that is run.
    pub trailing: String,
    /// The command that shows the experiment in a terminal, where that is another one.
    pub again: Option<String>,
    /// The file that holds its packets.
    pub file: Option<String>,
    /// For demos: what each end's program calls, in each language.
    pub programs: Vec<(Side, [String; 2])>,
}

/// What the stories of one report say.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<Story>>>);

impl Render for Told {
    fn paper(&self, _: &View) -> Option<Paper> {
        Some(PAPER)
    }

    fn capture(&mut self, _: &mut dyn Write, story: &Story, _: &View) -> io::Result<()> {
        self.0.borrow_mut().push(story.clone());
        Ok(())
    }

    fn comparison(&mut self, _: &mut dyn Write, _: &[Comparison], _: &View) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &View) -> io::Result<()> {
        Ok(())
    }
}

/// A lab report under way.
pub struct Lab {
    out: Box<dyn Write>,
    view: View,
    format: &'static Format,
    experiment: Experiment,
    told: Told,
    people: People<Told>,
    info: CaptureInfo,
    seen: Seen,
    document: Option<Document>,
}

impl Lab {
    /// A report that is written to `out` in one of [`FORMATS`].
    #[must_use]
    pub fn new(out: Box<dyn Write>, view: View, format: &'static Format, experiment: Experiment) -> Lab {
        let told = Told::default();
        let people = People::new(Box::new(io::sink()), view.clone(), told.clone());
        let seen = Seen::new(view.lang);
        Lab { out, view, format, experiment, told, people, info: CaptureInfo::default(), seen, document: None }
    }

    fn lang(&self) -> Lang {
        self.view.lang
    }
}

impl Report for Lab {
    fn begin(&mut self, info: &CaptureInfo) -> io::Result<()> {
        self.info = info.clone();
        self.seen = Seen::new(self.lang());
        self.people.begin(info)
    }

    fn started(&mut self, time: Time) {
        self.seen.started(time);
        self.people.started(time);
    }

    /// The questions are chosen from what the packets show.
    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        true
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let What::Packet(packet) = &event.what {
            self.seen.packet(packet);
        }
        self.people.event(event)
    }

    fn end(&mut self, connections: &Connections<'_>, ending: &Ending) -> io::Result<()> {
        self.people.end(connections, ending)?;
        let story = self.told.0.borrow_mut().pop().unwrap_or_default();
        let told = content::Told {
            story: &story,
            info: &self.info,
            ending,
            connections,
            seen: &self.seen,
            experiment: &self.experiment,
            lang: self.lang(),
            ending_of_file: self.format.endings.first().copied().unwrap_or("md"),
        };
        self.document = Some(told.document());
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(document) = &self.document {
            let bytes = match self.format.name {
                "html" => html::render(document, &self.view).into_bytes(),
                "latex" => latex::render(document, &self.view).into_bytes(),
                "docx" => docx::render(document, &self.view)?,
                _ => markdown::render(document, &self.view).into_bytes(),
            };
            self.out.write_all(&bytes)?;
        }
        self.out.flush()
    }
}
