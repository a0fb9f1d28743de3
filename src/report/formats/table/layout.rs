//! Cells in aligned columns, and text under labels.

use comfy_table::{CellAlignment, Column, ColumnConstraint, ContentArrangement, Row, Table, TableStyle, Width};

use crate::report::text::wrap;

/// Nothing between the columns but space.
const OPEN: TableStyle = TableStyle::new();

/// How a column of cells is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells in columns, as lines. A cell may hold several lines and colours. Columns are as wide as their widest
/// cell, or as `widths` demands where it says more than 0.
#[must_use]
pub fn columns(rows: Vec<Vec<String>>, aligns: &[Align], widths: &[usize], style: Option<TableStyle>) -> Vec<String> {
    let mut table = Table::new();
    table.force_no_tty().set_content_arrangement(ContentArrangement::Disabled);
    table.load_style(style.unwrap_or(OPEN));
    for row in rows {
        table.add_row(Row::from(row));
    }
    let count = aligns.len();
    for (index, column) in table.column_iter_mut().enumerate() {
        arrange(column, aligns.get(index).copied(), widths.get(index).copied(), style.is_some(), index + 1 == count);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

fn arrange(column: &mut Column, align: Option<Align>, width: Option<usize>, ruled: bool, last: bool) {
    let after = if ruled { 1 } else { u16::from(!last) };
    column.set_padding((u16::from(ruled), after));
    column.set_cell_alignment(match align {
        Some(Align::Right) => CellAlignment::Right,
        _ => CellAlignment::Left,
    });
    if let Some(width) = width.filter(|width| *width > 0).and_then(|width| u16::try_from(width).ok()) {
        let padded = width.saturating_add(after).saturating_add(u16::from(ruled));
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(padded)));
    }
}

/// Text wrapped behind a label, further lines below the text.
#[must_use]
pub fn labelled(label: &str, indent: usize, text: &str, width: usize) -> Vec<String> {
    // Where the label would leave too little room, the text begins below it.
    if indent > width / 2 && indent > 4 {
        let mut lines = wrapped(label.trim_start(), width.saturating_sub(2));
        for line in &mut lines {
            line.insert_str(0, "  ");
        }
        lines.extend(indented(4, text, width));
        return lines;
    }
    let room = width.saturating_sub(indent);
    let mut lines = wrapped(text, room).into_iter();
    let pad = " ".repeat(indent);
    let first = format!(
        "{label}{}{}",
        " ".repeat(indent.saturating_sub(crate::report::text::width(label))),
        lines.next().unwrap_or_default()
    );
    std::iter::once(first).chain(lines.map(|line| format!("{pad}{line}"))).collect()
}

/// Text in lines; what must not be broken is held together by no-break spaces, which become plain ones here.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrap(text, width).into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

/// Text in indented lines.
#[must_use]
pub fn indented(indent: usize, text: &str, width: usize) -> Vec<String> {
    let pad = " ".repeat(indent);
    wrapped(text, width.saturating_sub(indent)).into_iter().map(|line| format!("{pad}{line}")).collect()
}
