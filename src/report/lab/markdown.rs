//! The lab report in Markdown: to be edited further, or to be turned into something else.

use std::fmt::Write as _;

use super::document::{Block, Document, Picture, Piece, Table, each};
use crate::report::View;
use crate::report::formats::ladder::drawn;
use crate::report::formats::markdown::{code, escape, raw_table};

/// The whole report.
pub(super) fn render(document: &Document, view: &View) -> String {
    let mut out = format!("# {}: {}\n\n", escape(&document.kind), escape(&document.title));
    if let Some((label, warning)) = &document.key {
        let _ = write!(out, "> **{}.** {}\n\n", escape(label), line(&[Piece::Text(warning.clone())]));
    }
    let fields: Vec<Vec<String>> = document.fields.iter().map(|field| vec![escape(field), String::new()]).collect();
    out.push_str(&raw_table(&[String::new(), String::new()], &fields));
    for block in &document.blocks {
        one(&mut out, block, view);
    }
    let _ = write!(out, "\n---\n\n{}\n", escape(&document.made_by));
    out
}

fn one(out: &mut String, block: &Block, view: &View) {
    let _ = match block {
        Block::Section(number, title) => writeln!(out, "\n## {number}. {}", escape(title)),
        Block::Words(words) => write!(out, "\n{}\n", line(words)),
        Block::Hint(words) => write!(out, "\n> {}\n", line(words)),
        Block::Items(items) => {
            let items = each(items, |item| format!("- {}\n", line(item)));
            write!(out, "\n{items}")
        }
        Block::Steps(steps) => {
            for (at, (does, command)) in steps.iter().enumerate() {
                let _ = write!(out, "\n{}. {}\n", at + 1, escape(does));
                if let Some(command) = command {
                    let _ = write!(out, "\n   ```sh\n   {command}\n   ```\n");
                }
            }
            Ok(())
        }
        Block::Table(table) => write!(out, "\n{}", pipes(table)),
        Block::Figure(caption, picture) => {
            let lines = match picture {
                Picture::Ladder(ladder) => drawn(ladder, view),
                Picture::Lines(lines) => lines.clone(),
            };
            let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            write!(out, "\n{fence}text\n{}\n{fence}\n\n**{}**\n", lines.join("\n"), escape(caption))
        }
        Block::Question(number, asks, look) => {
            let _ = write!(out, "\n**{number}.** {}\n", escape(asks));
            look.iter().try_for_each(|look| write!(out, "\n*{}*\n", escape(look)))
        }
        Block::Room(label, _) => {
            let label = each(label.iter(), |label| format!("**{}**\n\n", escape(&with_colon(label))));
            write!(out, "\n{label}…\n")
        }
        Block::Key(label, paragraphs) => {
            for (at, words) in paragraphs.iter().enumerate() {
                let label = if at == 0 { format!("**{}:** ", escape(label)) } else { String::new() };
                let gap = if at == 0 { "\n" } else { ">\n" };
                let _ = writeln!(out, "{gap}> {label}{}", line(words));
            }
            Ok(())
        }
    };
}

/// A label that room follows.
pub(super) fn with_colon(label: &str) -> String {
    if label.ends_with(':') { label.to_owned() } else { format!("{label}:") }
}

fn pipes(table: &Table) -> String {
    let caption = each(table.caption.iter(), |caption| format!("**{}**\n\n", escape(caption)));
    let header: Vec<String> = table.columns.iter().map(|column| escape(&column.title)).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| pieces(cell, true)).collect()).collect();
    format!("{caption}{}", raw_table(&header, &rows))
}

/// Words outside of a table.
fn line(words: &[Piece]) -> String {
    pieces(words, false)
}

fn pieces(words: &[Piece], in_table: bool) -> String {
    words
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => escape(text),
            // Only a table takes a pipe for the end of a cell.
            Piece::Code(text) if in_table => code(text),
            Piece::Code(text) => code(text).replace("\\|", "|"),
            Piece::Strong(text) => format!("**{}**", escape(text)),
            Piece::Break => "<br>".to_owned(),
        })
        .collect()
}
