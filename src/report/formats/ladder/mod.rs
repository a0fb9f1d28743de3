//! The ladder in the terminal: lanes, arrows and states drawn with characters.

mod canvas;
mod drawing;

use std::io::{self, Write};

use super::Format;
use super::table::layout::{labelled, wrapped};
use super::table::paint::{Paint, Role};
use super::table::programs;
use crate::language::messages::{Message, report as say};
use crate::report::ladder::Paper;
use crate::report::people::compare::Comparison;
use crate::report::people::story::Story;
use crate::report::people::{People, Render};
use crate::report::text::width;
use crate::report::{Report, View};
use canvas::to_ascii;
pub(in crate::report) use drawing::lines as drawn;

/// The diagram for a terminal.
pub static LADDER: Format = Format { name: "ladder", endings: &[], for_people: true, only_ladder: true, build };

/// Packets that are drawn unless the user asks for more or fewer.
const ARROWS: usize = 100;
/// Prose is not wider than this.
const PROSE: usize = 100;

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(People::new(out, view, Terminal::default()))
}

/// Renders stories as diagrams of characters.
#[derive(Debug, Default)]
pub struct Terminal {
    captures: usize,
}

impl Render for Terminal {
    fn paper(&self, view: &View) -> Option<Paper> {
        // Two lanes have the states beside them; more must do with less.
        let lanes = (view.width.saturating_sub(18) / 15).max(2);
        Some(Paper { arrows: ARROWS, lanes })
    }

    fn capture(&mut self, out: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let paint = Paint(view.color);
        let prose = view.width.min(PROSE);
        let mut text = Vec::new();
        if self.captures > 0 {
            text.push(String::new());
        }
        self.captures += 1;
        if let Some((name, lesson)) = &story.heading {
            text.extend(wrapped(name, prose).into_iter().map(|line| paint.paint(Role::Strong, line)));
            text.extend(wrapped(lesson, prose));
        }
        text.extend(wrapped(&story.source, prose).into_iter().map(|line| paint.paint(Role::Faint, line)));
        text.push(String::new());
        let ladder = story.ladder.as_ref().filter(|ladder| !ladder.arrows.is_empty());
        match ladder {
            Some(ladder) => text.extend(drawn(ladder, view)),
            None => text.extend(wrapped(say::LADDER_EMPTY.text.get(view.lang), prose)),
        }
        text.push(String::new());
        text.extend(closing(story, view, prose));
        for line in text {
            let line = if view.ascii { to_ascii(&line) } else { line };
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn comparison(&mut self, _: &mut dyn Write, _: &[Comparison], _: &View) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &View) -> io::Result<()> {
        Ok(())
    }
}

/// Verdicts, half-closed times, what is not drawn, and what went wrong.
fn closing(story: &Story, view: &View, prose: usize) -> Vec<String> {
    let lang = view.lang;
    let paint = Paint(view.color);
    let mut text = Vec::new();
    let mut say_under = |label: &Message, of: &str, words: &str| {
        let label = format!("{}{of}: ", label.text.get(lang));
        // A long label begins a paragraph of its own.
        let lines = match width(&label) {
            0..=14 => labelled(&label, width(&label), words, prose),
            _ => wrapped(&format!("{label}{words}"), prose),
        };
        text.extend(lines.into_iter().enumerate().map(|(index, line)| match (index, line.strip_prefix(&*label)) {
            (0, Some(rest)) => format!("{}{rest}", paint.paint(Role::Strong, &*label)),
            _ => line,
        }));
    };
    let several = story.timelines.len() > 1;
    for told in &story.timelines {
        let of = if several { format!(" {}", told.id) } else { String::new() };
        say_under(&say::VERDICT, &of, &format!("{} {}", told.verdict, told.basis));
        if let Some(Ok(span)) = &told.half {
            say_under(&say::HALF_CLOSED, &of, &span.words);
        }
    }
    if let Some(list) = story.list.as_ref().filter(|_| story.timelines.is_empty()) {
        for row in &list.rows {
            say_under(&say::VERDICT, &format!(" {}", row.id), &format!("{} {}", row.verdict, row.basis));
        }
    }
    let drawn = story.ladder.iter().filter(|ladder| !ladder.arrows.is_empty());
    for remark in drawn.flat_map(|ladder| ladder.remarks.iter().cloned().chain([ladder.legend(lang)])) {
        text.extend(wrapped(&remark, prose).into_iter().map(|line| paint.paint(Role::Faint, line)));
    }
    text.extend(programs::findings(story, view, paint));
    text
}
