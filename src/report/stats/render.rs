//! The tables in each format.

use std::io::{self, Write};

use super::sections::Section;
use crate::language::messages::stats as say;
use crate::language::{Lang, Value as Word, Values, numbers};
use crate::report::formats::csv::cell as csv_cell;
use crate::report::formats::markdown;
use crate::report::formats::table::layout::{Align, columns, wrapped};
use crate::report::formats::table::paint::{Paint, Role};
use crate::report::text::{shorten, width};
use crate::report::value::Value;
use crate::report::{Format, View};

/// Rows of a table that people are shown unless they ask for more or fewer.
const ROWS: usize = 25;

pub(super) fn write(
    out: &mut dyn Write,
    format: &'static Format,
    source: &str,
    sections: &[Section],
    view: &View,
) -> io::Result<()> {
    match format.name {
        "json" => json(out, sections),
        "csv" => csv(out, sections),
        "markdown" => pretty(out, source, sections, view, true),
        _ => pretty(out, source, sections, view, false),
    }
}

/// One object: a list of rows under the name of each table.
fn json(out: &mut dyn Write, sections: &[Section]) -> io::Result<()> {
    let tables = sections.iter().map(|section| {
        let rows = section.rows.iter().map(|row| {
            let cells = section.columns.iter().zip(row);
            Value::map(cells.map(|(column, cell)| (column.key, cell.clone())).collect())
        });
        (section.name, Value::List(rows.collect()))
    });
    serde_json::to_writer_pretty(&mut *out, &Value::map(tables.collect()))?;
    out.write_all(b"\n")
}

/// The tables one below the other, each with its header; the first cell names the table.
fn csv(out: &mut dyn Write, sections: &[Section]) -> io::Result<()> {
    for (index, section) in sections.iter().enumerate() {
        if index > 0 {
            out.write_all(b"\r\n")?;
        }
        let header = std::iter::once("section").chain(section.columns.iter().map(|column| column.key));
        write!(out, "{}\r\n", header.collect::<Vec<_>>().join(","))?;
        for row in &section.rows {
            let cells = std::iter::once(section.name.to_owned()).chain(row.iter().map(Value::plain)).map(csv_cell);
            write!(out, "{}\r\n", cells.collect::<Vec<_>>().join(","))?;
        }
    }
    Ok(())
}

/// A table in words, for a report that draws it itself.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What stands above it.
    pub title: String,
    /// The titles of its columns.
    pub header: Vec<String>,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
    /// That there are more.
    pub cut: Option<String>,
}

impl Table {
    pub(super) fn new(section: &Section, limit: Option<usize>, lang: Lang) -> Table {
        let limit = limit.unwrap_or(ROWS);
        let rows = section.rows.iter().take(limit);
        let values = Values::none()
            .with("shown", Word::Count(limit as u64))
            .with("total", Word::Number(section.rows.len() as u64));
        Table {
            title: section.title.get(lang).to_owned(),
            header: section.columns.iter().map(|column| column.title.get(lang).to_owned()).collect(),
            rows: rows.map(|row| row.iter().map(|cell| words(cell, lang)).collect()).collect(),
            cut: (limit < section.rows.len()).then(|| say::CUT.text.fill(lang, &values).replace('\u{a0}', " ")),
        }
    }
}

/// A value as people read it.
fn words(value: &Value, lang: Lang) -> String {
    match value {
        Value::Number(n) => numbers::count(lang, *n),
        Value::Real(real) => numbers::decimal(lang, *real, 2),
        Value::Seconds(ns) => {
            let text = crate::report::value::seconds(*ns);
            if lang == Lang::Id { text.replace('.', ",") } else { text }
        }
        other => other.plain(),
    }
}

fn pretty(out: &mut dyn Write, source: &str, sections: &[Section], view: &View, as_markdown: bool) -> io::Result<()> {
    let lang = view.lang;
    let paint = Paint(view.color && !as_markdown);
    if as_markdown {
        writeln!(out, "{}", markdown::escape(source))?;
    } else {
        wrapped(source, view.width).iter().try_for_each(|line| writeln!(out, "{}", paint.paint(Role::Faint, line)))?;
    }
    for section in sections {
        let title = section.title.get(lang);
        if as_markdown {
            write!(out, "\n### {}\n\n", markdown::escape(title))?;
        } else {
            write!(out, "\n{}\n", paint.paint(Role::Strong, title))?;
        }
        if section.rows.is_empty() {
            writeln!(out, "{}", say::NOTHING.text.get(lang))?;
            continue;
        }
        let Table { header, rows, cut, .. } = Table::new(section, view.limit, lang);
        if as_markdown {
            out.write_all(markdown::table(&header, &rows).as_bytes())?;
        } else {
            aligned(out, section, &header, &rows, view)?;
        }
        match cut {
            Some(cut) if as_markdown => write!(out, "\n{}\n", markdown::escape(&cut))?,
            Some(cut) => wrapped(&cut, view.width).iter().try_for_each(|line| writeln!(out, "{line}"))?,
            None => {}
        }
    }
    let counted = say::COUNTED.text.get(lang);
    if as_markdown {
        return write!(out, "\n{}\n", markdown::escape(counted));
    }
    writeln!(out)?;
    wrapped(counted, view.width).iter().try_for_each(|line| writeln!(out, "{}", paint.paint(Role::Faint, line)))
}

/// Columns that fit the width: titles in several lines, and where that is not enough, two lines a row.
fn aligned(
    out: &mut dyn Write,
    section: &Section,
    header: &[String],
    rows: &[Vec<String>],
    view: &View,
) -> io::Result<()> {
    let is_text = |at: usize| section.rows.iter().all(|row| matches!(row.get(at), Some(Value::Text(_))));
    let aligns: Vec<Align> = (0..header.len()).map(|at| if is_text(at) { Align::Left } else { Align::Right }).collect();
    let broken: Vec<String> = header.iter().map(|title| title.replace(' ', "\n")).collect();
    for titles in [header, &broken] {
        let table = std::iter::once(titles.to_vec()).chain(rows.iter().cloned()).collect();
        let lines = columns(table, &aligns, &[], None);
        if lines.iter().all(|line| width(line) <= view.width) {
            return lines.iter().try_for_each(|line| writeln!(out, "{line}"));
        }
    }
    // Too wide: the words in a line of their own, the numbers below.
    let texts: Vec<usize> = (0..header.len()).filter(|at| is_text(*at)).collect();
    for row in rows {
        let first: Vec<&str> = texts.iter().filter_map(|at| row.get(*at)).map(String::as_str).collect();
        writeln!(out, "{}", shorten(&first.join("  "), view.width))?;
        let rest: Vec<String> = (0..header.len())
            .filter(|at| !texts.contains(at))
            .map(|at| format!("{} {}", header[at].replace(' ', "\u{a0}"), row[at]).replace(' ', "\u{a0}"))
            .collect();
        for line in wrapped(&rest.join(" · "), view.width.saturating_sub(2)) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}
