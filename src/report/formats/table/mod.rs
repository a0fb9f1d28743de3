//! The table for the terminal: connections with a verdict each, timelines, the half-close, the close.

pub mod layout;
pub mod paint;
pub mod programs;
pub mod timeline;

use std::io::{self, Write};

use comfy_table::{ColumnConstraint, ContentLineStyle, LineStyle, TableStyle, Width};

use self::layout::{Align, columns, indented, labelled, wrapped};
use self::paint::{Paint, Role};
use self::timeline::{CHANGED, CONFIRMED, HALF, PROSE, visible};
use super::Format;
use crate::language::messages::{Message, report as say};
use crate::report::people::closing::Labelled;
use crate::report::people::compare::{Comparison, LABELS};
use crate::report::people::story::{Grid, List, ListRow, Story, Told};
use crate::report::people::{People, Render};
use crate::report::text::{shorten, width as columns_of};
use crate::report::{Report, View};

/// The terminal table.
pub static TABLE: Format = Format { name: "table", endings: &["txt"], for_people: true, only_ladder: false, build };

/// The least width that a layout is made for.
pub const LEAST_WIDTH: usize = 24;

fn build(out: Box<dyn Write>, mut view: View) -> Box<dyn Report> {
    view.width = view.width.max(LEAST_WIDTH);
    Box::new(People::new(out, view, Table::default()))
}

/// Renders stories for a terminal.
#[derive(Debug, Default)]
pub struct Table {
    captures: usize,
    legend: Vec<String>,
    settings: Option<String>,
    /// What closes the view of a scenario: the next one is another, or the end has come.
    question: Vec<String>,
}

impl Render for Table {
    fn capture(&mut self, out: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let paint = Paint(view.color);
        let mut lines: Vec<String> = std::mem::take(&mut self.question);
        if self.captures > 0 {
            lines.extend([String::new(), String::new()]);
        }
        self.captures += 1;
        if let Some(grid) = &story.chosen {
            lines.extend(chosen(grid, view, paint));
        } else {
            lines.extend(opening(story, view, paint));
        }
        if let Some(list) = &story.list {
            lines.push(String::new());
            lines.extend(connections(list, view, paint));
        }
        for told in &story.timelines {
            lines.push(String::new());
            lines.extend(connection(told, view, paint));
            for sentence in told.legend(CHANGED, CONFIRMED, Some(HALF), view.lang) {
                if !self.legend.contains(&sentence) {
                    self.legend.push(sentence);
                }
            }
        }
        if !story.talk.is_empty() {
            lines.extend([String::new(), paint.paint(Role::Strong, say::STORY.text.get(view.lang))]);
            for sentence in &story.talk {
                lines.extend(labelled("  ", 2, sentence, view.width.min(PROSE)));
            }
        }
        lines.extend(programs::sections(story, view, paint));
        // Several demos run under the same settings, which are said once.
        let settings = story.settings.iter().filter(|settings| self.settings.as_ref() != Some(settings));
        for remark in story.remarks.iter().chain(settings) {
            lines.push(String::new());
            lines.extend(wrapped(remark, view.width.min(PROSE)));
        }
        self.settings.clone_from(&story.settings);
        lines.extend(claims(story, view, paint));
        self.question = question(story, view, paint);
        write_lines(out, &lines)
    }

    fn comparison(&mut self, out: &mut dyn Write, demos: &[Comparison], view: &View) -> io::Result<()> {
        let mut lines = vec![String::new(), String::new()];
        lines.extend(title(say::COMPARISON.text.get(view.lang), view.width, Paint(view.color)));
        lines.extend(side_by_side(demos, view));
        write_lines(out, &lines)
    }

    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()> {
        let paint = Paint(view.color);
        let mut lines = Vec::new();
        if !self.legend.is_empty() {
            lines.extend(heading(&say::LEGEND, view, paint));
        }
        for sentence in &self.legend {
            lines.extend(
                indented(2, sentence, view.width.min(PROSE)).into_iter().map(|line| paint.paint(Role::Faint, line)),
            );
        }
        lines.append(&mut self.question);
        write_lines(out, &lines)
    }
}

fn heading(message: &Message, view: &View, paint: Paint) -> [String; 2] {
    [String::new(), paint.paint(Role::Strong, message.text.get(view.lang))]
}

/// The claims that stand beside no packet.
fn claims(story: &Story, view: &View, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if !story.claims.is_empty() {
        lines.extend(heading(&say::COURSE, view, paint));
    }
    for remark in &story.claims {
        let room = view.width.min(PROSE).saturating_sub(2);
        lines.extend(timeline::claim(remark, room, paint).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// The question that closes the view, and its answer where it is asked for.
fn question(story: &Story, view: &View, paint: Paint) -> Vec<String> {
    let Some((asks, answer)) = &story.question else { return Vec::new() };
    let mut lines = Vec::from(heading(&say::QUESTION, view, paint));
    lines.extend(indented(2, asks, view.width.min(PROSE)));
    if let Some(answer) = answer {
        lines.extend(heading(&say::ANSWER, view, paint));
        lines.extend(indented(2, answer, view.width.min(PROSE)));
    }
    lines
}

fn write_lines(out: &mut dyn Write, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn title(text: &str, width: usize, paint: Paint) -> Vec<String> {
    let lines = wrapped(text, width);
    let rule = lines.iter().map(|line| columns_of(line)).max().unwrap_or(0);
    let mut lines: Vec<String> = lines.into_iter().map(|line| paint.paint(Role::Strong, line)).collect();
    lines.push(paint.paint(Role::Faint, "═".repeat(rule)));
    lines
}

fn opening(story: &Story, view: &View, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((name, lesson)) = &story.heading {
        lines.extend(title(name, view.width, paint));
        lines.extend(wrapped(lesson, view.width.min(PROSE)));
        lines.push(String::new());
    }
    let faint = |line: String| paint.paint(Role::Faint, line);
    lines.extend(wrapped(&story.source, view.width).into_iter().map(faint));
    lines
}

/// How far the lines below a connection's first are indented.
const VERDICT_INDENT: usize = 7;

/// The list of connections: a line each where the columns fit, the verdict below.
fn connections(list: &List, view: &View, paint: Paint) -> Vec<String> {
    let titles = [
        &say::COL_CONN,
        &say::CLIENT,
        &say::SERVER,
        &say::COL_CLOSE,
        &say::COL_DURATION,
        &say::COL_PACKETS,
        &say::COL_BYTES,
    ];
    let mut table: Vec<Vec<String>> = vec![titles.iter().map(|title| title.text.get(view.lang).to_owned()).collect()];
    table.extend(list.rows.iter().map(|row| {
        vec![
            row.id.to_string(),
            paint.paint(Role::Client, row.client.clone()),
            paint.paint(Role::Server, row.server.clone()),
            row.close.clone(),
            row.duration.clone(),
            row.packets.clone(),
            row.bytes.clone(),
        ]
    }));
    let aligns = [Align::Left, Align::Left, Align::Left, Align::Left, Align::Right, Align::Right, Align::Right];
    // What does not fit is left out from the right: the bytes first.
    let aligned = (3..=aligns.len()).rev().find_map(|count| {
        let table = table.iter().map(|row| row[..count].to_vec()).collect();
        let lines = columns(table, &aligns[..count], &[], None);
        lines.iter().all(|line| visible(line) <= view.width).then_some(lines)
    });
    let (head, rows): (String, Vec<Vec<String>>) = match aligned {
        Some(aligned) => {
            let mut aligned = aligned.into_iter();
            (aligned.next().unwrap_or_default(), aligned.map(|line| vec![line]).collect())
        }
        None => (
            shorten(say::CONNECTIONS.text.get(view.lang), view.width),
            list.rows.iter().map(|row| stacked(row, view, paint)).collect(),
        ),
    };
    let mut lines = vec![paint.paint(Role::Strong, head), paint.paint(Role::Faint, "─".repeat(view.width))];
    for (row, own) in list.rows.iter().zip(rows) {
        lines.extend(own);
        if !row.verdict.is_empty() {
            lines.extend(verdict(&row.verdict, &row.basis, VERDICT_INDENT, view.width, paint));
        }
    }
    lines
}

/// One connection of the list on lines of its own, for where the ends are too long for columns: IPv6 addresses are.
fn stacked(row: &ListRow, view: &View, paint: Paint) -> Vec<String> {
    let (client, server) =
        (paint.paint(Role::Client, row.client.clone()), paint.paint(Role::Server, row.server.clone()));
    let one = format!("{} {client} → {server}", row.id);
    let two = [format!("{} {client}", row.id), format!("{:VERDICT_INDENT$}→ {server}", "")];
    let mut lines = if visible(&one) <= view.width {
        vec![one]
    } else if two.iter().all(|line| visible(line) <= view.width) {
        two.to_vec()
    } else {
        wrapped(&format!("{} {} → {}", row.id, row.client, row.server), view.width)
    };
    let named = |title: &Message, value: &str| format!("{}: {value}", title.text.get(view.lang));
    let facts = [
        row.close.clone(),
        row.duration.clone(),
        named(&say::COL_PACKETS, &row.packets),
        named(&say::COL_BYTES, &row.bytes),
    ];
    lines.extend(indented(VERDICT_INDENT, &facts.join(" · "), view.width));
    lines
}

/// A verdict and its basis, the basis on the last line where it fits.
fn verdict(sentence: &str, basis: &str, indent: usize, width: usize, paint: Paint) -> Vec<String> {
    let width = width.min(PROSE);
    let mut lines = indented(indent, sentence, width);
    match lines.last_mut() {
        Some(last) if columns_of(last) + 1 + columns_of(basis) <= width => {
            last.push(' ');
            last.push_str(&paint.paint(Role::Faint, basis));
        }
        _ => lines.extend(indented(indent, basis, width).into_iter().map(|line| paint.paint(Role::Faint, line))),
    }
    lines
}

/// One connection: its ends, the verdict, the packets, the half-close, the close.
fn connection(told: &Told, view: &View, paint: Paint) -> Vec<String> {
    let (lang, width) = (view.lang, view.width);
    let mut lines = vec![];
    let client = format!("C = {} {}", say::CLIENT.text.get(lang), told.client);
    let server = format!("S = {} {}", say::SERVER.text.get(lang), told.server);
    let id = told.id.to_string();
    let painted = |role, text: &str| paint.paint(role, text);
    if columns_of(&id) + columns_of(&client) + columns_of(&server) + 6 <= width {
        let ends = format!("{}   {}", painted(Role::Client, &client), painted(Role::Server, &server));
        lines.push(format!("{}   {ends}", painted(Role::Strong, &id)));
    } else {
        lines.push(painted(Role::Strong, &id));
        lines.extend(indented(2, &client, width).iter().map(|line| painted(Role::Client, line)));
        lines.extend(indented(2, &server, width).iter().map(|line| painted(Role::Server, line)));
    }
    if let Some(told_by) = told.client_by {
        lines.extend(wrapped(told_by, width).iter().map(|line| painted(Role::Faint, line)));
    }
    lines.push(String::new());
    lines.push(painted(Role::Strong, say::VERDICT.text.get(lang)));
    lines.extend(verdict(&told.verdict, &told.basis, 2, width, paint));
    lines.push(String::new());
    lines.extend(timeline::lines(told, width, paint, lang));
    lines.extend(half_close(told, view, paint));
    lines.extend(block(&say::CLOSE, &told.close, view, paint));
    lines.extend(block(&say::KERNEL, &told.kernel, view, paint));
    lines
}

/// Texts behind their labels, or nothing where there are none; without a label across the whole width.
fn block(title: &Message, texts: &[Labelled], view: &View, paint: Paint) -> Vec<String> {
    if texts.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::from(heading(title, view, paint));
    let widest = texts.iter().map(|(label, _)| columns_of(label)).max().unwrap_or(0);
    for (label, text) in texts {
        let indent = if label.is_empty() { 2 } else { widest + 5 };
        lines.extend(labelled(&format!("  {label}"), indent, text, view.width.min(PROSE)));
    }
    lines
}

fn half_close(told: &Told, view: &View, paint: Paint) -> Vec<String> {
    let Some(half) = &told.half else { return Vec::new() };
    let mut lines = vec![String::new(), paint.paint(Role::Strong, say::HALF_CLOSED.text.get(view.lang))];
    match half {
        Err(never) => lines.extend(indented(2, never, view.width.min(PROSE))),
        Ok(span) => {
            let used = 2 + columns_of(&span.begin) + columns_of(&span.middle) + columns_of(&span.end) + 6;
            if let Some(room) =
                view.width.min(100).checked_sub(used).filter(|room| *room >= 4 && told.drawn_span().is_some())
            {
                let left = "━".repeat(room / 2);
                let right = "━".repeat(room - room / 2);
                let drawn = format!("  {} ┣{left} {} {right}┫ {}", span.begin, span.middle, span.end);
                lines.push(paint.paint(Role::Close, drawn));
            }
            lines.extend(indented(2, &span.words, view.width.min(PROSE)));
        }
    }
    lines
}

/// Demos in columns, as many beside each other as are readable.
fn side_by_side(demos: &[Comparison], view: &View) -> Vec<String> {
    const LEAST: usize = 18;
    let labels: Vec<&str> = LABELS.iter().map(|label| label.text.get(view.lang)).collect();
    let first = labels.iter().map(|label| columns_of(label)).max().unwrap_or(0);
    let room = view.width.saturating_sub(first + 2);
    if room < LEAST + 3 {
        let header = std::iter::once("").chain(labels).map(str::to_owned).collect();
        let row = |demo: &Comparison| {
            std::iter::once(demo.name.clone()).chain(demo.cells.iter().map(|lines| lines.join(" · "))).collect()
        };
        let grid = Grid { header, rows: demos.iter().map(row).collect() };
        return one_below_the_other(&grid, view.width, Paint(view.color));
    }
    let count = (room / (LEAST + 3)).clamp(1, demos.len().max(1));
    // Evenly, so that no column stands alone where another division is possible.
    let count = demos.len().div_ceil(demos.len().div_ceil(count).max(1)).max(1);
    let column = (room / count).saturating_sub(3).max(8);
    let mut lines = Vec::new();
    for (index, group) in demos.chunks(count).enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        let name = |demo: &Comparison| wrapped(&demo.name, column).join("\n");
        let mut table = vec![std::iter::once(String::new()).chain(group.iter().map(name)).collect::<Vec<_>>()];
        for (row, label) in labels.iter().enumerate() {
            let cell = |demo: &Comparison| {
                demo.cells[row].iter().flat_map(|line| wrapped(line, column)).collect::<Vec<_>>().join("\n")
            };
            table.push(std::iter::once((*label).to_owned()).chain(group.iter().map(cell)).collect());
        }
        lines.extend(ruled(table, count + 1));
    }
    lines
}

fn ruled(table: Vec<Vec<String>>, count: usize) -> Vec<String> {
    const RULED: TableStyle = TableStyle::new()
        .content_lines(ContentLineStyle::none().junction('│'))
        .row_separator(LineStyle::none().fill('─').junction('┼'));
    columns(table, &vec![Align::Left; count], &[], Some(RULED))
}

/// Exactly the columns that were asked for, a line a row where they fit.
fn chosen(grid: &Grid, view: &View, paint: Paint) -> Vec<String> {
    let least = least_widths(grid);
    let (words, gaps) = (least.iter().sum::<usize>(), least.len().saturating_sub(1));
    if words + gaps > view.width {
        return one_below_the_other(grid, view.width, paint);
    }
    let mut table = comfy_table::Table::new();
    table.force_no_tty().load_style(
        TableStyle::new()
            .header_separator(LineStyle::none().fill('─').junction('─'))
            .content_lines(ContentLineStyle::none()),
    );
    table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    table.set_width(u16::try_from(view.width).unwrap_or(u16::MAX));
    table.set_header(grid.header.iter().map(|title| paint.paint(Role::Strong, title.as_str())));
    for row in &grid.rows {
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        // The style puts one space between columns.
        let after = u16::from(index < gaps && words + 2 * gaps <= view.width);
        column.set_padding((0, after));
        let least = u16::try_from(least[index]).unwrap_or(u16::MAX).saturating_add(after);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// How wide each column must be at the least, so that no number, name or address is broken; longer words are text, and the
/// last column mostly holds sentences.
fn least_widths(grid: &Grid) -> Vec<usize> {
    const WORD: usize = 20;
    const WORD_OF_LAST: usize = 8;
    let longest = |cell: &str| cell.split_whitespace().map(columns_of).max().unwrap_or(0);
    let count = grid.header.len();
    (0..count)
        .map(|index| {
            let cells = grid.rows.iter().filter_map(|row| row.get(index)).map(|cell| longest(cell));
            let least = cells.chain([longest(&grid.header[index])]).max().unwrap_or(0);
            least.min(if index + 1 == count { WORD_OF_LAST } else { WORD })
        })
        .collect()
}

/// A row as lines of title and value, for more columns than the terminal has room for.
fn one_below_the_other(grid: &Grid, width: usize, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &grid.rows {
        lines.push(paint.paint(Role::Faint, "─".repeat(width)));
        for (title, cell) in grid.header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            let colon = if title.is_empty() { "" } else { ": " };
            lines.extend(wrapped(&format!("{title}{colon}{cell}"), width));
        }
    }
    lines
}
