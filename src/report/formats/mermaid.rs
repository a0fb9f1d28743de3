//! Mermaid: a `sequenceDiagram`, which GitHub and many editors draw from the text.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Format;
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::ladder::{Arrow, Happens, Ladder, Moment, Paper};
use crate::report::people::compare::Comparison;
use crate::report::people::row::Kind;
use crate::report::people::story::Story;
use crate::report::people::{People, Render};
use crate::report::text::shorten;
use crate::report::{Report, View};

/// A sequence diagram as text.
pub static MERMAID: Format =
    Format { name: "mermaid", endings: &["mmd", "mermaid"], for_people: true, only_ladder: true, build };

/// Mermaid refuses to draw texts of more characters than this, unless it is set up otherwise.
const MAX_CHARACTERS: usize = 50_000;
/// Columns of a note, and of a call.
const NOTE: usize = 52;
const CALL: usize = 72;

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(People::new(out, view, Mermaid::default()))
}

/// Renders stories as one sequence diagram.
#[derive(Debug, Default)]
pub struct Mermaid {
    captures: Vec<Capture>,
}

#[derive(Debug)]
struct Capture {
    /// Role and address of each lane.
    ends: Vec<String>,
    heading: String,
    lines: Vec<String>,
    remarks: Vec<String>,
}

impl Render for Mermaid {
    fn paper(&self, _: &View) -> Option<Paper> {
        Some(Paper { arrows: 150, lanes: 8 })
    }

    fn capture(&mut self, _: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let empty = Ladder::default();
        let ladder = story.ladder.as_ref().unwrap_or(&empty);
        let ends = ladder.lanes.iter().map(|lane| format!("{} {}", lane.role_name(), lane.address)).collect();
        let heading = story.heading.as_ref().map_or_else(|| story.source.clone(), |(name, _)| name.clone());
        let mut lines = Vec::new();
        for (index, moment) in ladder.moments.iter().enumerate() {
            self::moment(&mut lines, ladder, index, moment, view.lang);
        }
        let mut remarks: Vec<String> =
            story.timelines.iter().map(|told| format!("{}: {}", told.id, told.verdict)).collect();
        remarks.extend(ladder.remarks.clone());
        if ladder.arrows.is_empty() {
            remarks.push(say::LADDER_EMPTY.text.get(view.lang).to_owned());
        }
        self.captures.push(Capture { ends, heading, lines, remarks });
        Ok(())
    }

    fn comparison(&mut self, _: &mut dyn Write, _: &[Comparison], _: &View) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()> {
        out.write_all(document(&self.captures, view.lang).as_bytes())
    }
}

/// One diagram of all captures: their lanes are the same columns.
fn document(captures: &[Capture], lang: Lang) -> String {
    let mut text = String::from("sequenceDiagram\n");
    let columns = captures.iter().map(|capture| capture.ends.len()).max().unwrap_or(0).max(2);
    for column in 0..columns {
        let mut names: Vec<&String> = captures.iter().filter_map(|capture| capture.ends.get(column)).collect();
        names.dedup();
        let name = match names[..] {
            [] => if column == 0 { "client" } else { "server" }.to_owned(),
            [one] => escape(one),
            // Of several captures only what the end is stays the same.
            [first, ..] => escape(first.split(' ').next().unwrap_or_default()),
        };
        let _ = writeln!(text, "    participant L{column} as {name}");
    }
    let across = format!("L0,L{}", columns - 1);
    for capture in captures {
        let addresses = if captures.len() > 1 {
            format!("<br/>{}", break_lines(&capture.ends.join(" · ")))
        } else {
            String::new()
        };
        let _ = writeln!(text, "    Note over {across}: {}{addresses}", break_lines(&capture.heading));
        for (index, line) in capture.lines.iter().enumerate() {
            // Room is kept for what closes the diagram.
            if text.chars().count() + line.len() > MAX_CHARACTERS - 4_000 {
                let left =
                    capture.lines[index..].iter().filter(|line| line.contains("->>") || line.contains("-x ")).count();
                let values = Values::none().with("n", Value::Count(left as u64));
                let _ = writeln!(
                    text,
                    "    Note over {across}: {}",
                    break_lines(&say::MERMAID_CUT.text.fill(lang, &values))
                );
                break;
            }
            let _ = writeln!(text, "    {line}");
        }
        for remark in capture.remarks.iter().take(8) {
            let _ = writeln!(text, "    Note over {across}: {}", break_lines(remark));
        }
    }
    text
}

/// Text that Mermaid shows as it is: what has a meaning of its own there becomes the number of the character.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{a0}' => out.push(' '),
            '#' | ';' | '<' | '>' | '&' | '"' | '\\' | '%' | '{' | '}' | '`' | '$' | ':' | '*' | '_' | '~' => {
                let _ = write!(out, "#{};", u32::from(char));
            }
            _ => out.push(char),
        }
    }
    out
}

/// Escaped text in lines, since a note does not wrap by itself.
fn break_lines(text: &str) -> String {
    let lines = crate::report::text::wrap(text, NOTE);
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br/>")
}

fn moment(lines: &mut Vec<String>, ladder: &Ladder, index: usize, moment: &Moment, lang: Lang) {
    let last = ladder.lanes.len().saturating_sub(1);
    if let Some(pause) = ladder.pause(index) {
        lines.push(format!("Note over L0,L{last}: … {} …", escape(&numbers::duration(lang, pause))));
    }
    match moment.what {
        Happens::LeftOut(n) => {
            let words = say::LADDER_GAP.text.fill(lang, &Values::none().with("n", Value::Count(n)));
            lines.push(format!("Note over L0,L{last}: {}", escape(&words)));
        }
        Happens::Calls(call) => call_note(lines, ladder, call),
        Happens::Leaves(arrow) => lines.extend(ladder.arrows.get(arrow).map(|arrow| message(ladder, arrow, lang))),
        // A diagram of messages has no time axis: an arrow says itself how long it took.
        Happens::Arrives(_) | Happens::ArrivesAgain(_) => {}
    }
    for change in &moment.changes {
        let state = Ladder::state_label(change.state, change.confirmed);
        let of = if ladder.several { format!("{} ", escape(&change.conn.to_string())) } else { String::new() };
        let side = if change.lane == 0 { "left" } else { "right" };
        lines.push(format!("Note {side} of L{}: {of}{state}", change.lane));
    }
    for span in ladder.spans.iter().filter(|span| span.to == index) {
        let label = format!("{} · {}", say::HALF_CLOSED.text.get(lang), span.label);
        let (a, b) = (span.lanes.0.min(span.lanes.1), span.lanes.0.max(span.lanes.1));
        lines.push(format!("Note over L{a},L{b}: {}", break_lines(&label)));
    }
}

/// A call, on the side of its lane where the other lanes are. Several in a row share a note.
fn call_note(lines: &mut Vec<String>, ladder: &Ladder, call: usize) {
    let last = ladder.lanes.len().saturating_sub(1);
    let Some(called) = ladder.calls.get(call) else { return };
    let words = escape(&called.fitted(CALL));
    let note = match called.lane {
        None => format!("Note over L0,L{last}: "),
        Some(lane) => format!("Note {} of L{lane}: ● ", if lane < last { "right" } else { "left" }),
    };
    match lines.last_mut() {
        Some(before) if called.lane.is_some() && before.starts_with(&note) => {
            let _ = write!(before, "<br/>● {words}");
        }
        _ => lines.push(format!("{note}{words}")),
    }
}

/// A packet: a solid arrow for what carries data or opens and closes, a dotted one for a bare acknowledgment.
fn message(ladder: &Ladder, arrow: &Arrow, lang: Lang) -> String {
    let bare = match &arrow.row.kind {
        Kind::Tcp { flags, .. } => arrow.row.len.unwrap_or(0) == 0 && !flags.syn() && !flags.fin() && !flags.rst(),
        Kind::Udp => false,
        Kind::Other { .. } => true,
    };
    let sign = match (arrow.lost(), bare) {
        (true, false) => "-x",
        (true, true) => "--x",
        (false, false) => "->>",
        (false, true) => "-->>",
    };
    let mut label = format!("#{} ", arrow.row.frame);
    if ladder.several {
        let _ = write!(label, "{} ", arrow.conn);
    }
    label.push_str(&arrow.label());
    let passing = arrow.row.passing(lang);
    if !passing.is_empty() {
        let unit = if arrow.lost() { "" } else { " ms" };
        let _ = write!(label, " ({passing}{unit})");
    }
    let said = match &arrow.row.kind {
        Kind::Other { .. } => None,
        _ => arrow.row.said(),
    };
    let mut text = escape(&label);
    if let Some(said) = said {
        let _ = write!(text, "<br/>{}", escape(&shorten(&said, NOTE)));
    }
    format!("L{}{sign}L{}: {text}", arrow.from, arrow.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_syntax() {
        assert_eq!(escape("a;b #1 <x> %%"), "a#59;b #35;1 #60;x#62; #37;#37;");
        assert_eq!(escape("Note: {x} \"y\"\u{a0}z"), "Note#58; #123;x#125; #34;y#34; z");
    }
}
