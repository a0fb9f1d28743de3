//! SVG: the ladder alone, with what it is of above it and the verdict below.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Format;
use crate::language::messages::report as say;
use crate::report::ladder::layout::MARGIN;
use crate::report::ladder::svg::{STYLE, Words, draw, escape};
use crate::report::ladder::{Ladder, Paper};
use crate::report::people::compare::Comparison;
use crate::report::people::story::Story;
use crate::report::people::{People, Render};
use crate::report::text::wrap;
use crate::report::{Report, View};

/// A drawing that scales.
pub static SVG: Format = Format { name: "svg", endings: &["svg"], for_people: true, only_ladder: true, build };

/// Columns of text below a drawing of two lanes.
const COLUMNS: usize = 112;
/// Distance of its lines.
const LINE: f64 = 17.0;

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(People::new(out, view, Svg::default()))
}

/// Draws stories as SVG, one below the other.
#[derive(Debug, Default)]
pub struct Svg {
    parts: String,
    names: Vec<String>,
    width: f64,
    height: f64,
}

impl Render for Svg {
    fn paper(&self, _: &View) -> Option<Paper> {
        Some(Paper { arrows: 200, lanes: 6 })
    }

    fn capture(&mut self, _: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let empty = Ladder::default();
        let ladder = story.ladder.as_ref().unwrap_or(&empty);
        let (drawn, width, height) = draw(ladder, view.lang);
        let mut y = self.height + 26.0;
        let name = story.heading.as_ref().map_or_else(|| story.source.clone(), |(name, _)| name.clone());
        // Large bold letters take half as much room again.
        let (size, columns) = if story.heading.is_some() { (16.0, COLUMNS * 2 / 3) } else { (13.0, COLUMNS - 20) };
        for line in wrap(&name, columns) {
            self.line(&line, y, size, "l-text", " font-weight=\"600\"");
            y += 20.0;
        }
        self.names.push(name);
        if ladder.arrows.is_empty() {
            self.line(say::LADDER_EMPTY.text.get(view.lang), y, 12.0, "l-text", "");
            y += LINE;
        } else {
            let _ = writeln!(self.parts, "<g transform=\"translate(0 {y:.0})\">\n{drawn}</g>");
            y += height + 10.0;
        }
        for (text, class) in captions(story, view) {
            for line in wrap(&text, COLUMNS) {
                self.line(&line.replace('\u{a0}', " "), y, 12.0, class, "");
                y += LINE;
            }
            y += 4.0;
        }
        self.width = self.width.max(width).max(680.0);
        self.height = y + 6.0;
        Ok(())
    }

    fn comparison(&mut self, _: &mut dyn Write, _: &[Comparison], _: &View) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()> {
        let (width, height) = (self.width, self.height);
        write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" lang=\"{}\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
             <rect width=\"100%\" height=\"100%\" class=\"l-paper\"/>\n{}</svg>\n",
            view.lang.code(),
            escape(&self.names.join("; ")),
            self.parts
        )
    }
}

/// What stands below a drawing: the verdict of each connection drawn, its half-closed time, what is not drawn.
fn captions(story: &Story, view: &View) -> Vec<(String, &'static str)> {
    let mut lines = Vec::new();
    let several = story.timelines.len() > 1;
    for told in &story.timelines {
        let of = if several { format!(" {}", told.id) } else { String::new() };
        lines.push((format!("{}{of}: {} {}", say::VERDICT.text.get(view.lang), told.verdict, told.basis), "l-text"));
        if let Some(Ok(span)) = &told.half {
            lines.push((format!("{}{of}: {}", say::HALF_CLOSED.text.get(view.lang), span.words), "l-text"));
        }
    }
    if let Some(list) = story.list.as_ref().filter(|_| story.timelines.is_empty()) {
        for row in &list.rows {
            lines.push((format!("{}: {} {}", row.id, row.verdict, row.basis), "l-text"));
        }
    }
    let ladder = story.ladder.iter().flat_map(|ladder| &ladder.remarks);
    lines.extend(ladder.map(|remark| (remark.clone(), "l-faint")));
    if let Some(ladder) = story.ladder.as_ref().filter(|ladder| !ladder.arrows.is_empty()) {
        lines.push((ladder.legend(view.lang), "l-faint"));
    }
    lines
}

impl Svg {
    fn line(&mut self, text: &str, y: f64, size: f64, class: &'static str, more: &str) {
        let words = Words { x: MARGIN - 88.0, y, anchor: "start", size, class, mono: false, text };
        words.write(&mut self.parts, more);
    }
}
