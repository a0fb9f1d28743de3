//! The programs in the table: calls between the packets, what went wrong, ends and output.

use super::layout::indented;
use super::paint::{Paint, Role};
use super::timeline::PROSE;
use crate::language::Lang;
use crate::language::messages::report as say;
use crate::report::View;
use crate::report::people::programs::{CallRow, FindingTold, ProgramTold};
use crate::report::people::story::Story;
use crate::report::text::{shorten, width as columns_of};
use crate::timeline::Level;
use crate::track::Side;

/// Marks a call.
const CALL: &str = "·";

fn role(side: Option<Side>) -> Role {
    side.map_or(Role::Plain, Role::of)
}

/// One line a call: its time right-aligned in `left` columns, or as many as it needs, the client's on the left, the server's to the
/// right.
#[must_use]
pub fn call(row: &CallRow, left: usize, width: usize, paint: Paint, lang: Lang) -> String {
    let time = row.millis(lang);
    let left = left.max(columns_of(&time));
    let room = width.saturating_sub(left + 1).max(8);
    format!("{time:>left$} {}", words(row, room, paint))
}

/// A call without its time, in lanes as above.
#[must_use]
pub fn words(row: &CallRow, room: usize, paint: Paint) -> String {
    let words = format!("{CALL} {} {}", row.letter(), row.words);
    // The line of the source is what a reader looks for: of a long call first the arguments are cut.
    let free = room.saturating_sub(columns_of(&words) + 2).max(room / 3);
    let source = row.source.as_ref().map(|source| tail(source, free)).unwrap_or_default();
    let beside = if source.is_empty() { 0 } else { columns_of(&source) + 2 };
    let words = shorten(&words, room.saturating_sub(beside));
    // A lane of its own as far as there is room.
    let left = room.saturating_sub(columns_of(&words) + beside);
    let lane = if row.side == Some(Side::Server) { (room / 2).min(left) } else { 0 };
    let gap = if source.is_empty() { "" } else { "  " };
    format!("{:lane$}{}{gap}{}", "", paint.paint(role(row.side), words), paint.paint(Role::Faint, source))
}

/// The end of a file's name with its line, in so many columns.
fn tail(source: &str, room: usize) -> String {
    let over = columns_of(source).saturating_sub(room.max(8));
    if over == 0 {
        return source.to_owned();
    }
    let mut cut = 0;
    let mut rest = source.chars();
    while cut <= over {
        let Some(first) = rest.next() else { break };
        cut += columns_of(first.encode_utf8(&mut [0; 4]));
    }
    format!("…{}", rest.as_str())
}

/// Calls that stand beside no packet.
#[must_use]
pub fn calls(rows: &[CallRow], view: &View, paint: Paint) -> Vec<String> {
    let left = rows.iter().map(|row| columns_of(&row.millis(view.lang))).max().unwrap_or(0) + 2;
    rows.iter().map(|row| call(row, left, view.width, paint, view.lang)).collect()
}

/// What went wrong, and the programs.
#[must_use]
pub fn sections(story: &Story, view: &View, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    let heading =
        |lines: &mut Vec<String>, words: &str| lines.extend([String::new(), paint.paint(Role::Strong, words)]);
    if !story.calls.is_empty() {
        heading(&mut lines, say::CALLS.text.get(view.lang));
        lines.extend(calls(&story.calls, view, paint));
    }
    lines.extend(findings(story, view, paint));
    if !story.programs.is_empty() {
        heading(&mut lines, say::PROGRAMS.text.get(view.lang));
        lines.extend(story.programs.iter().flat_map(|program| one_program(program, view, paint)));
    }
    lines
}

/// What went wrong, behind an empty line; nothing where nothing did.
#[must_use]
pub fn findings(story: &Story, view: &View, paint: Paint) -> Vec<String> {
    if story.findings.is_empty() {
        return Vec::new();
    }
    let heading = [String::new(), paint.paint(Role::Strong, say::FINDINGS.text.get(view.lang))];
    heading.into_iter().chain(story.findings.iter().flat_map(|finding| one_finding(finding, view, paint))).collect()
}

fn one_finding(finding: &FindingTold, view: &View, paint: Paint) -> Vec<String> {
    let role = match finding.level {
        Level::Error => Role::Reset,
        Level::Warning => Role::Close,
        Level::Note => Role::Strong,
    };
    let width = view.width.min(PROSE);
    let mut lines = indented(2, &format!("{}: {}", finding.label, finding.sentence), width);
    if let Some(first) = lines.first_mut() {
        *first = first.replacen(finding.label, &paint.paint(role, finding.label), 1);
    }
    let basis = paint.paint(Role::Faint, finding.basis.as_str());
    match lines.last_mut() {
        Some(last) if lines_fit(last, &finding.basis, width) => *last = format!("{last} {basis}"),
        _ => lines.push(format!("    {basis}")),
    }
    lines
}

fn lines_fit(last: &str, basis: &str, width: usize) -> bool {
    super::timeline::visible(last) + 1 + columns_of(basis) <= width
}

fn one_program(program: &ProgramTold, view: &View, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> = indented(2, &program.line, view.width.min(PROSE))
        .into_iter()
        .map(|line| paint.paint(role(program.side), line))
        .collect();
    for written in &program.output {
        // Its spaces are its own: a line is cut, not set anew.
        let piece = shorten(written, view.width.saturating_sub(6));
        lines.push(format!("    │ {piece}").trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{tail, words};
    use crate::report::formats::table::paint::Paint;
    use crate::report::people::programs::CallRow;
    use crate::report::text::width;
    use crate::track::Side;

    fn row(words: &str, source: &str) -> CallRow {
        let (words, source) = (words.to_owned(), Some(source.to_owned()));
        CallRow { rel: None, side: Some(Side::Client), words, times: 1, mark: None, source }
    }

    #[test]
    fn a_call_and_its_line_fit_in_their_room() {
        let long = "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0";
        for (call, source, room, expected) in [
            ("close(3) = 0", "server.py:14", 60, "· C close(3) = 0  server.py:14"),
            (long, "server.py:14", 50, "· C setsockopt(3, SOL_SOCKET, SO_RE…  server.py:14"),
            ("close(3) = 0", "very/long/folder/server.py:14", 40, "· C close(3) = 0  …g/folder/server.py:14"),
            (long, "very/long/folder/server.py:14", 45, "· C setsockopt(3, SOL_SOCKE…  …r/server.py:14"),
        ] {
            let shown = words(&row(call, source), room, Paint(false));
            assert_eq!(shown, expected);
            assert!(width(&shown) <= room, "{shown}");
        }
        assert_eq!(tail("文書/文書.py:3", 8), "…書.py:3");
    }
}
