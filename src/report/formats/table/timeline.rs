//! The packets of one connection, in three layouts: a line a packet with its explanation below (80 columns), the same
//! with the states below as well (less), and a ruled table with everything side by side (120 columns and more).

use comfy_table::{ContentLineStyle, LineStyle, TableStyle};

use super::layout::{Align, columns, indented, wrapped};
use super::paint::{Paint, Role};
use crate::annotate::Certainty;
use crate::language::Lang;
use crate::language::messages::{Message, report as say};
use crate::report::people::closing::certainty;
use crate::report::people::row::Row;
use crate::report::people::story::{Line, Told};
use crate::report::text::width as columns_of;
use crate::track::{Proto, Side};

/// Marks a state that the packet changed.
pub const CHANGED: &str = "▸";
/// Marks the half-closed time.
pub const HALF: &str = "┃";
/// From this width on everything stands side by side.
const WIDE: usize = 120;
/// Below this width nothing can be aligned.
const NARROW: usize = 48;
/// Columns of payload in the wide layout.
const PAYLOAD_COLUMNS: usize = 24;

const RULED: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction('│'))
    .content_lines(ContentLineStyle::none().junction('│'))
    .row_separator(LineStyle::none().fill('─').junction('┼'));

/// The lines of a timeline.
#[must_use]
pub fn lines(told: &Told, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
    if width >= WIDE
        && let Some(lines) = wide(told, width, paint, lang)
    {
        return lines;
    }
    let states = told.id.proto == Proto::Tcp;
    compact(told, width, paint, lang, states)
        .or_else(|| compact(told, width, paint, lang, false))
        .unwrap_or_else(|| narrow(told, width, lang))
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

fn state(row: &Row, side: Side, paint: Paint) -> String {
    match row.state(side) {
        Some((name, true)) => paint.paint(Role::Strong, format!("{CHANGED}{name}")),
        Some((name, false)) => paint.paint(Role::Faint, format!(" {name}")),
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

fn header(lang: Lang, states: bool) -> Vec<String> {
    let titles: &[&Message] = &[
        &say::COL_NUMBER,
        &say::COL_MILLIS,
        &say::COL_WAY,
        &say::COL_FLAGS,
        &say::COL_SEQ,
        &say::COL_ACK,
        &say::COL_LEN,
    ];
    let mut header: Vec<String> = std::iter::once(String::new()).chain(titles.iter().map(|t| title(t, lang))).collect();
    if states {
        header.extend([&say::COL_CLIENT_STATE, &say::COL_SERVER_STATE].map(|t| format!(" {}", title(t, lang))));
    }
    header
}

const ALIGNS: [Align; 10] = [
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Right,
    Align::Left,
    Align::Left,
];

/// One aligned line a packet, what belongs to it below. `None` when the columns do not fit.
fn compact(told: &Told, width: usize, paint: Paint, lang: Lang, states: bool) -> Option<Vec<String>> {
    if width < NARROW {
        return None;
    }
    let mut table = vec![header(lang, states)];
    table.extend(told.rows().map(|row| cells(row, told.half_closed(row.frame), paint, lang, states)));
    // Where nothing has numbers (UDP), the columns for them are left out.
    let used: Vec<usize> =
        (0..table[0].len()).filter(|i| *i == 0 || table[1..].iter().any(|row| !row[*i].is_empty())).collect();
    let table: Vec<Vec<String>> = table.iter().map(|row| used.iter().map(|i| row[*i].clone()).collect()).collect();
    let aligns: Vec<Align> = used.iter().map(|i| ALIGNS[*i]).collect();
    let mut widths = vec![0; used.len()];
    widths[0] = 1;
    // Details begin below the direction, where the number and the time leave the margin free.
    let number = widest(&table, 1);
    let indent = 2 + number + 1 + widest(&table, 2) + 1;
    let aligned = columns(table, &aligns, &widths, None);
    if aligned.iter().any(|line| visible(line) > width) {
        return None;
    }
    let mut aligned = aligned.into_iter();
    let mut lines = vec![paint.paint(Role::Strong, aligned.next()?), paint.paint(Role::Faint, "─".repeat(width))];
    for line in &told.lines {
        match line {
            Line::Gap(words) => lines.extend(gap(words, indent, width, paint)),
            Line::Row(row) => {
                lines.push(aligned.next()?);
                let bar = if told.half_closed(row.frame) { Some(paint.paint(Role::Close, HALF)) } else { None };
                lines.extend(details(row, indent, width, paint, lang, !states).into_iter().map(|line| match &bar {
                    Some(bar) => format!("{bar}{}", &line[1..]),
                    None => line,
                }));
            }
        }
    }
    Some(lines)
}

fn widest(table: &[Vec<String>], column: usize) -> usize {
    table.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0)
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
pub fn details(row: &Row, indent: usize, width: usize, paint: Paint, lang: Lang, states: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(said) = row.said() {
        let role = row.from.map_or(Role::Plain, Role::of);
        lines.extend(indented(indent, &said, width).into_iter().map(|line| paint.paint(role, line)));
    }
    if states && row.state(Side::Client).is_some() {
        let pad = " ".repeat(indent);
        let both = [Side::Client, Side::Server].map(|side| {
            let (name, changed) = row.state(side).unwrap_or(("?", false));
            let mark = if changed { CHANGED } else { "" };
            let role = if changed { Role::Strong } else { Role::Faint };
            let end = if side == Side::Client { "C" } else { "S" };
            paint.paint(role, format!("{end}: {mark}{name}"))
        });
        lines.push(format!("{pad}{}", both.join("  ")));
    }
    lines.extend(
        note(row, width.saturating_sub(indent), paint, lang)
            .into_iter()
            .map(|line| format!("{}{line}", " ".repeat(indent))),
    );
    lines
}

/// The explanation in lines, its names faint at the end.
fn note(row: &Row, width: usize, paint: Paint, lang: Lang) -> Vec<String> {
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
    const LEAST_NOTE: usize = 26;
    let states = told.id.proto == Proto::Tcp;
    let payload = |row: &Row| row.said().map_or_else(Vec::new, |said| wrapped(&said, PAYLOAD_COLUMNS));
    let mut table = vec![header(lang, states)];
    table[0].insert(8, title(&say::COL_DATA, lang));
    for line in &told.lines {
        let Line::Row(row) = line else { continue };
        let mut cells = cells(row, told.half_closed(row.frame), paint, lang, states);
        let role = row.from.map_or(Role::Plain, Role::of);
        let said: Vec<String> = payload(row).into_iter().map(|line| paint.paint(role, line)).collect();
        cells.insert(8, said.join("\n"));
        table.push(cells);
    }
    let fixed: usize = (0..table[0].len())
        .map(|column| {
            let cells = table.iter().filter_map(|row| row.get(column));
            cells.flat_map(|cell| cell.lines()).map(visible).max().unwrap_or(0) + 3
        })
        .sum();
    let room = width.checked_sub(fixed + 2).filter(|room| *room >= LEAST_NOTE)?;
    table[0].push(title(&say::COL_NOTE, lang));
    for cell in &mut table[0] {
        *cell = paint.paint(Role::Strong, std::mem::take(cell));
    }
    let mut rows = table.into_iter();
    let mut all = vec![rows.next()?];
    for line in &told.lines {
        match line {
            Line::Row(row) => {
                let mut cells = rows.next()?;
                let lines = note(row, room, paint, lang);
                if told.half_closed(row.frame) {
                    // The mark runs along the whole row.
                    let height = lines.len().max(payload(row).len()).max(1);
                    cells[0] = vec![paint.paint(Role::Close, HALF); height].join("\n");
                }
                cells.push(lines.join("\n"));
                all.push(cells);
            }
            Line::Gap(words) => {
                let mut cells = vec![String::new(); all[0].len()];
                *cells.last_mut()? = wrapped(words, room).join("\n");
                all.push(cells);
            }
        }
    }
    let mut aligns = ALIGNS.to_vec();
    aligns.insert(8, Align::Left);
    Some(columns(all, &aligns, &[], Some(RULED)))
}

/// Without any alignment, for very narrow terminals.
fn narrow(told: &Told, width: usize, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for line in &told.lines {
        match line {
            Line::Gap(words) => lines.extend(wrapped(words, width)),
            Line::Row(row) => {
                let (seq, ack) = row.numbers();
                let numbers = match (seq.is_empty(), row.len) {
                    (true, None) => String::new(),
                    (true, Some(len)) => format!("len {len}"),
                    (false, len) => format!("seq {seq} ack {ack} len {}", len.unwrap_or(0)),
                };
                let plain = Paint(false);
                let head =
                    format!("#{} {} ms {} {} {numbers}", row.frame, row.millis(lang), way(row, plain), row.flags());
                lines.extend(wrapped(&head, width));
                lines.extend(
                    details(row, 2, width, plain, lang, true)
                        .iter()
                        .flat_map(|line| indented(2, line.trim_start(), width)),
                );
            }
        }
    }
    lines
}
