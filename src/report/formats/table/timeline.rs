//! The packets of one connection, in three layouts: a line a packet with its explanation below (80 columns), the same
//! with the states below as well (less), and a ruled table with everything side by side (120 columns and more).

use super::layout::{Align, columns, indented, labelled, wrapped};
use super::paint::{Paint, Role};
use super::programs;
use crate::annotate::Certainty;
use crate::language::Lang;
use crate::language::messages::{Message, report as say};
use crate::report::people::closing::certainty;
use crate::report::people::course::Remark;
use crate::report::people::programs::CallRow;
use crate::report::people::row::{Passing, Row};
use crate::report::people::story::{Line, Told};
use crate::report::text::width as columns_of;
use crate::track::{Proto, Side};

/// Marks a state that the packet changed.
pub const CHANGED: &str = "▸";
/// Marks one after which the kernel named the same state.
pub const CONFIRMED: &str = "✓";
/// Marks the half-closed time.
pub const HALF: &str = "┃";
/// From this width on everything stands side by side.
const WIDE: usize = 120;
/// Below this width nothing can be aligned.
const NARROW: usize = 48;
/// Columns of payload in the wide layout.
const PAYLOAD_COLUMNS: usize = 24;
/// Where the payload stands among the columns of the wide layout.
const PAYLOAD: usize = 9;
/// Lines of prose are not longer than this, however wide the terminal.
pub const PROSE: usize = 100;

/// The lines of a timeline.
#[must_use]
pub fn lines(told: &Told, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
    if width >= WIDE
        && let Some(lines) = wide(told, width, paint, lang)
    {
        return lines;
    }
    let states = if told.id.proto == Proto::Tcp { StateColumns::Named } else { StateColumns::None };
    compact(told, width, paint, lang, states)
        .or_else(|| (states == StateColumns::Named).then(|| compact(told, width, paint, lang, StateColumns::Short))?)
        .or_else(|| compact(told, width, paint, lang, StateColumns::None))
        .unwrap_or_else(|| narrow(told, width, paint, lang))
}

/// The columns of the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StateColumns {
    /// There are none: the states stand below, or there are none at all.
    None,
    /// With C and S as titles, which are explained above the table.
    Short,
    /// With their whole titles.
    Named,
}

fn title(message: &Message, lang: Lang) -> String {
    message.text.get(lang).to_owned()
}

/// Who sent it to whom, the client always on the left.
#[must_use]
pub fn way(row: &Row, paint: Paint) -> String {
    match row.from {
        Some(Side::Client) => paint.paint(Role::Client, "C → S"),
        Some(Side::Server) => paint.paint(Role::Server, "C ← S"),
        None => "C ? S".to_owned(),
    }
}

/// How long it was under way, or that it was lost.
fn passing(row: &Row, paint: Paint, lang: Lang) -> String {
    let role = if row.passage == Some(Passing::Lost) { Role::Strong } else { Role::Faint };
    let words = row.passing(lang);
    if words.is_empty() { words } else { paint.paint(role, words) }
}

fn state(row: &Row, side: Side, paint: Paint) -> String {
    match row.marked(side, CHANGED, CONFIRMED) {
        Some(("", name)) => paint.paint(Role::Faint, format!(" {name}")),
        Some((mark, name)) => paint.paint(Role::Strong, format!("{mark}{name}")),
        None => String::new(),
    }
}

/// The aligned cells of a packet; the states only where they stand beside the rest.
fn cells(row: &Row, half: bool, paint: Paint, lang: Lang, states: bool) -> Vec<String> {
    let (seq, ack) = row.numbers();
    let mark = if half { paint.paint(Role::Close, HALF) } else { String::new() };
    let mut cells = vec![
        mark,
        row.frame.to_string(),
        row.millis(lang),
        way(row, paint),
        passing(row, paint, lang),
        paint.paint(Role::of_flags(row), row.flags()),
        seq,
        ack,
        row.length(),
    ];
    if states {
        cells.extend([Side::Client, Side::Server].map(|side| state(row, side, paint)));
    }
    cells
}

fn header(lang: Lang, states: StateColumns) -> Vec<String> {
    let titles: &[&Message] = &[
        &say::COL_NUMBER,
        &say::COL_MILLIS,
        &say::COL_WAY,
        &say::COL_PASSING,
        &say::COL_FLAGS,
        &say::COL_SEQ,
        &say::COL_ACK,
        &say::COL_LEN,
    ];
    let mut header: Vec<String> = std::iter::once(String::new()).chain(titles.iter().map(|t| title(t, lang))).collect();
    match states {
        StateColumns::None => {}
        StateColumns::Short => header.extend([" C", " S"].map(str::to_owned)),
        StateColumns::Named => {
            header.extend([&say::COL_CLIENT_STATE, &say::COL_SERVER_STATE].map(|t| format!(" {}", title(t, lang))));
        }
    }
    header
}

const ALIGNS: [Align; 11] = [
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Right,
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
];

const WIDE_ALIGNS: [Align; 12] = [
    ALIGNS[0],
    ALIGNS[1],
    ALIGNS[2],
    ALIGNS[3],
    ALIGNS[4],
    ALIGNS[5],
    ALIGNS[6],
    ALIGNS[7],
    ALIGNS[8],
    Align::Left,
    ALIGNS[9],
    ALIGNS[10],
];

/// One aligned line a packet, what belongs to it below. `None` when the columns do not fit.
fn compact(
    told: &Told,
    width: usize,
    paint: Paint,
    lang: Lang,
    columns_of_states: StateColumns,
) -> Option<Vec<String>> {
    if width < NARROW {
        return None;
    }
    let states = columns_of_states != StateColumns::None;
    let mut table = vec![header(lang, columns_of_states)];
    table.extend(told.rows().map(|row| cells(row, told.half_closed(row.frame), paint, lang, states)));
    let (table, aligns) = without_empty_columns(&table, &ALIGNS);
    // Details begin below the direction, where the number and the time leave the margin free.
    let number = widest(&table, 1);
    let indent = 2 + number + 1 + widest(&table, 2) + 1;
    let aligned = columns(table, &aligns, &[1], None);
    if aligned.iter().any(|line| visible(line) > width) {
        return None;
    }
    let mut aligned = aligned.into_iter();
    let mut lines = vec![paint.paint(Role::Strong, aligned.next()?), paint.paint(Role::Faint, "─".repeat(width))];
    for line in &told.lines {
        match line {
            Line::Gap(words) => lines.extend(gap(words, indent, width, paint)),
            Line::Row(row) => {
                let mark = |bar| if bar { paint.paint(Role::Close, HALF) } else { " ".to_owned() };
                let before = mark(told.half_closed_before(row.frame));
                let call = |call| programs::call(call, indent - 2, width - 1, paint, lang);
                lines.extend(row.calls.iter().map(|row| format!("{before}{}", call(row))));
                lines.push(aligned.next()?);
                let mark = mark(told.half_closed(row.frame));
                let room = width.saturating_sub(indent).min(PROSE);
                let margin = format!("{mark}{}", " ".repeat(indent - 1));
                lines.extend(details(row, room, paint, lang, !states).iter().map(|line| format!("{margin}{line}")));
            }
        }
    }
    lines.extend(told.calls.iter().map(|call| programs::call(call, indent - 1, width, paint, lang)));
    Some(lines)
}

fn widest(table: &[Vec<String>], column: usize) -> usize {
    table.iter().filter_map(|row| row.get(column)).flat_map(|cell| cell.lines()).map(visible).max().unwrap_or(0)
}

/// Display width without colours.
#[must_use]
pub fn visible(line: &str) -> usize {
    let mut width = 0;
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        width += columns_of(&rest[..at]);
        rest = rest[at..].split_once('m').map_or("", |(_, rest)| rest);
    }
    width + columns_of(rest)
}

fn gap(words: &str, indent: usize, width: usize, paint: Paint) -> Vec<String> {
    let mut lines = vec![format!("{}⋮", " ".repeat(indent))];
    lines.extend(indented(indent, words, width).into_iter().map(|line| paint.paint(Role::Strong, line)));
    lines.push(format!("{}⋮", " ".repeat(indent)));
    lines
}

/// What stands below a packet: payload, states where they did not fit beside it, explanation with its names.
#[must_use]
pub fn details(row: &Row, width: usize, paint: Paint, lang: Lang, states: bool) -> Vec<String> {
    let role = row.from.map_or(Role::Plain, Role::of);
    let said = row.said().map_or_else(Vec::new, |said| wrapped(&said, width));
    let mut lines: Vec<String> = said.into_iter().map(|line| paint.paint(role, line)).collect();
    if states && row.state(Side::Client).is_some() {
        let ends = [(Side::Client, "C"), (Side::Server, "S")].map(|(side, end)| {
            let (mark, name) = row.marked(side, CHANGED, CONFIRMED).unwrap_or(("", "?"));
            let role = if mark.is_empty() { Role::Faint } else { Role::Strong };
            paint.paint(role, format!("{end}: {mark}{name}"))
        });
        let both = ends.join("  ");
        if visible(&both) <= width { lines.push(both) } else { lines.extend(ends) }
    }
    lines.extend(note(row, width, paint, lang));
    lines
}

/// The sign of what a course text says.
const COURSE: &str = "» ";

/// What a course text claims, and below it what that is worth.
#[must_use]
pub fn claim(remark: &Remark, width: usize, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> =
        labelled(COURSE, 2, &remark.says, width).into_iter().map(|line| paint.paint(Role::Faint, line)).collect();
    let mut judged = labelled("", 2, &remark.judged(), width);
    // The verdict leads the first line, unless that was too narrow for it.
    if let Some(first) = judged.first_mut()
        && let Some(rest) = first.strip_prefix(&format!("  {}:", remark.verdict))
    {
        *first = format!("  {}{rest}", paint.paint(Role::Strong, format!("{}:", remark.verdict)));
    }
    lines.extend(judged);
    lines
}

/// The explanation in lines, its names faint at the end, and what course texts claim.
fn note(row: &Row, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
    let mut lines = explanation(row, width, paint, lang);
    lines.extend(row.claims.iter().flat_map(|remark| claim(remark, width, paint)));
    lines
}

fn explanation(row: &Row, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
    if row.rules.is_empty() {
        return Vec::new();
    }
    let sure = match row.certainty {
        Some(Certainty::Certain) | None => String::new(),
        Some(sure) => format!(" ({})", certainty(sure, lang)),
    };
    let names = format!("[{}]", row.rules.join("\u{a0}· ").replace("· ", "·\u{a0}"));
    let words = format!("{}{sure}", row.note.as_deref().unwrap_or_default());
    let mut lines = wrapped(&words, width);
    // The names share the last line where they fit.
    let names = names.replace('\u{a0}', " ");
    match lines.last_mut() {
        Some(last) if columns_of(last) + 1 + columns_of(&names) <= width => {
            last.push(' ');
            last.push_str(&paint.paint(Role::Faint, names));
        }
        _ => lines.extend(wrapped(&names, width).into_iter().map(|line| paint.paint(Role::Faint, line))),
    }
    lines
}

/// Everything side by side. `None` when too little room is left for the explanation.
fn wide(told: &Told, width: usize, paint: Paint, lang: Lang) -> Option<Vec<String>> {
    const LEAST_NOTE: usize = 30;
    let states = told.id.proto == Proto::Tcp;
    let mut head = header(lang, if states { StateColumns::Named } else { StateColumns::None });
    head.insert(PAYLOAD, format!(" {}", title(&say::COL_DATA, lang)));
    let mut table = vec![head];
    for row in told.rows() {
        let mut cells = cells(row, told.half_closed(row.frame), paint, lang, states);
        let role = row.from.map_or(Role::Plain, Role::of);
        let said = row.said().map_or_else(Vec::new, |said| wrapped(&said, PAYLOAD_COLUMNS));
        cells.insert(
            PAYLOAD,
            said.into_iter().map(|line| format!(" {}", paint.paint(role, line))).collect::<Vec<_>>().join("\n"),
        );
        table.push(cells);
    }
    let (mut table, mut aligns) = without_empty_columns(&table, &WIDE_ALIGNS);
    let taken: usize = (0..aligns.len()).map(|column| widest(&table, column).max(1) + 1).sum();
    let room = width.checked_sub(taken + 1).filter(|room| *room >= LEAST_NOTE)?.min(PROSE);
    table[0].push(format!(" {}", title(&say::COL_NOTE, lang)));
    for cell in &mut table[0] {
        *cell = paint.paint(Role::Strong, std::mem::take(cell));
    }
    aligns.push(Align::Left);
    let mut rows = table.into_iter();
    let mut all = vec![rows.next()?];
    for line in &told.lines {
        let (mut cells, notes) = match line {
            Line::Row(row) => (rows.next()?, note(row, room, paint, lang)),
            Line::Gap(words) => {
                let mut cells = vec![String::new(); aligns.len() - 1];
                cells[1].push('⋮');
                (cells, wrapped(words, room))
            }
        };
        if let Line::Row(row) = line
            && told.half_closed(row.frame)
        {
            // The mark runs along all lines of the row.
            let height = cells.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(notes.len());
            cells[0] = vec![paint.paint(Role::Close, HALF); height].join("\n");
        }
        if let Line::Row(row) = line {
            let half = told.half_closed_before(row.frame);
            all.extend(row.calls.iter().map(|call| beside(call, half, aligns.len(), room, paint, lang)));
        }
        cells.push(notes.iter().map(|line| format!(" {line}")).collect::<Vec<_>>().join("\n"));
        all.push(cells);
    }
    all.extend(told.calls.iter().map(|call| beside(call, false, aligns.len(), room, paint, lang)));
    let mut lines = columns(all, &aligns, &[1], None);
    lines.insert(1, paint.paint(Role::Faint, "─".repeat(width)));
    Some(lines)
}

/// A call in the wide layout: its words stand where the explanations do.
fn beside(call: &CallRow, half: bool, columns: usize, room: usize, paint: Paint, lang: Lang) -> Vec<String> {
    let mut cells = vec![String::new(); columns];
    if half {
        cells[0] = paint.paint(Role::Close, HALF);
    }
    cells[2] = call.millis(lang);
    cells[columns - 1] = format!(" {}", programs::words(call, room, paint));
    cells
}

/// The rows without the columns that are empty below their title (the numbers of TCP in a UDP conversation); the
/// first column is kept for its mark.
fn without_empty_columns(table: &[Vec<String>], aligns: &[Align]) -> (Vec<Vec<String>>, Vec<Align>) {
    let filled = |column: &usize| *column == 0 || table[1..].iter().any(|row| !row[*column].is_empty());
    let kept: Vec<usize> = (0..table[0].len()).filter(filled).collect();
    let table = table.iter().map(|row| kept.iter().map(|column| row[*column].clone()).collect()).collect();
    (table, kept.iter().map(|column| aligns[*column]).collect())
}

/// Without any alignment, for very narrow terminals.
fn narrow(told: &Told, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for line in &told.lines {
        match line {
            Line::Gap(words) => lines.extend(wrapped(words, width)),
            Line::Row(row) => {
                lines.extend(row.calls.iter().map(|call| programs::call(call, 0, width, paint, lang)));
                let (seq, ack) = row.numbers();
                let numbers = match (seq.is_empty(), row.len) {
                    (true, None) => String::new(),
                    (true, Some(len)) => format!("len {len}"),
                    (false, len) => format!("seq {seq} ack {ack} len {}", len.unwrap_or(0)),
                };
                let plain = Paint(false);
                let (way, ms) = (way(row, plain), row.millis(lang));
                let passing = row.passing(lang);
                let gap = if passing.is_empty() { "" } else { " " };
                let line = format!("#{} {ms} ms {way}{gap}{passing} {} {numbers}", row.frame, row.flags());
                lines.extend(wrapped(&line, width));
                let room = width.saturating_sub(2);
                lines.extend(details(row, room, paint, lang, true).iter().map(|line| format!("  {line}")));
            }
        }
    }
    lines.extend(told.calls.iter().map(|call| programs::call(call, 0, width, paint, lang)));
    lines
}
