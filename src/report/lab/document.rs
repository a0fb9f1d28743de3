//! A lab report as blocks: in one language, and in no format yet.

use crate::language::{Lang, numbers};
use crate::report::ladder::Ladder;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Plain words.
    Text(String),
    /// What is typed, or stood in a packet.
    Code(String),
    /// What stands out.
    Strong(String),
    /// A new line in the same cell or paragraph.
    Break,
}

impl Piece {
    /// Its letters.
    #[must_use]
    pub(super) fn words(&self) -> &str {
        match self {
            Piece::Text(words) | Piece::Code(words) | Piece::Strong(words) => words,
            Piece::Break => "",
        }
    }
}

/// Words of a paragraph or a cell.
pub(super) type Words = Vec<Piece>;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// What stands above it.
    pub(super) title: String,
    /// Its share of the width in thousandths, for formats that must say how wide a column is.
    pub(super) share: u16,
    /// Numbers stand at the right.
    pub(super) right: bool,
}

/// A table with its number and caption.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// What it shows; without one it is not counted as a table.
    pub(super) caption: Option<String>,
    /// Its columns.
    pub(super) columns: Vec<Column>,
    /// Its cells.
    pub(super) rows: Vec<Vec<Words>>,
    /// Its rows are for writing in, so that they are high.
    pub(super) to_fill: bool,
}

/// What a figure shows.
#[derive(Clone, Debug)]
pub(super) enum Picture {
    /// Packets between their ends.
    Ladder(Box<Ladder>),
    /// Lines as a program wrote them.
    Lines(Vec<String>),
}

/// A part of the report.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// The heading of a section, with its number.
    Section(usize, String),
    /// A paragraph.
    Words(Words),
    /// What to write here, for the student to replace.
    Hint(Words),
    /// A list.
    Items(Vec<Words>),
    /// Steps by number: what is done, and the command that does it.
    Steps(Vec<(String, Option<String>)>),
    /// A table.
    Table(Table),
    /// A figure with its caption.
    Figure(String, Picture),
    /// A question with its number, and the packets to look at.
    Question(usize, String, Option<String>),
    /// Room to write in, so many lines, under a label where it has one.
    Room(Option<String>, usize),
    /// For the teacher only, under a label.
    Key(String, Vec<Words>),
}

/// A whole report.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    /// `Lab report`.
    pub(super) kind: String,
    /// What it is about.
    pub(super) title: String,
    /// With the teacher's key: what is said about that at the top.
    pub(super) key: Option<(String, String)>,
    /// What the student writes at the top: `Name`.
    pub(super) fields: Vec<String>,
    /// Everything else, in order.
    pub(super) blocks: Vec<Block>,
    /// The last line.
    pub(super) made_by: String,
    /// How many sections have begun.
    pub(super) sections: usize,
}

impl Document {
    /// Begins a section.
    pub(super) fn section(&mut self, title: &str) {
        self.sections += 1;
        self.blocks.push(Block::Section(self.sections, title.to_owned()));
    }

    /// Appends a block.
    pub(super) fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

/// Plain words.
#[must_use]
pub(super) fn plain(text: impl Into<String>) -> Words {
    vec![Piece::Text(text.into())]
}

/// A cell of code; nothing where there is none.
#[must_use]
pub(super) fn code(text: &str) -> Words {
    if text.is_empty() { Vec::new() } else { vec![Piece::Code(text.to_owned())] }
}

/// Words in which what stands between backticks is code.
#[must_use]
pub(super) fn marked(text: &str) -> Words {
    let pieces = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    pieces
        .map(|(at, part)| if at % 2 == 1 { Piece::Code(part.to_owned()) } else { Piece::Text(part.to_owned()) })
        .collect()
}

/// A column of words.
#[must_use]
pub(super) fn words(title: impl Into<String>, share: u16) -> Column {
    Column { title: title.into(), share, right: false }
}

/// A column of numbers.
#[must_use]
pub(super) fn right(title: impl Into<String>, share: u16) -> Column {
    Column { title: title.into(), share, right: true }
}

/// Columns of numbers as wide as their longest cell, at the cost of the last column.
#[must_use]
pub(super) fn fitted(mut columns: Vec<Column>, rows: &[Vec<Words>]) -> Vec<Column> {
    /// Thousandths of the width of a page that a digit of a table takes.
    const DIGIT: usize = 10;
    let mut more = 0;
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.right) {
        let length = |words: &Words| words.iter().map(|piece| piece.words().chars().count()).sum::<usize>();
        let longest = rows.iter().filter_map(|row| row.get(at)).map(length).max().unwrap_or(0);
        let wanted = u16::try_from(longest * DIGIT).unwrap_or(u16::MAX).min(200);
        more += wanted.saturating_sub(column.share);
        column.share = column.share.max(wanted);
    }
    if let Some(last) = columns.last_mut() {
        last.share = last.share.saturating_sub(more).max(120);
    }
    columns
}

/// A caption behind its kind and number: `Table 2. …`.
#[must_use]
pub(super) fn numbered(kind: &str, number: usize, caption: &str, lang: Lang) -> String {
    format!("{kind} {}. {caption}", numbers::count(lang, number as u64))
}

/// What is said of each, one behind the other.
pub(super) fn each<T>(items: impl IntoIterator<Item = T>, one: impl FnMut(T) -> String) -> String {
    items.into_iter().map(one).collect::<Vec<_>>().concat()
}
