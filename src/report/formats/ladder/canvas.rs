//! A sheet of characters to draw on.

use unicode_width::UnicodeWidthChar;

use crate::report::formats::table::paint::{Paint, Role};

/// Rows of cells; a wide character takes two, the second of which is empty.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: Vec<(Option<char>, Role)>,
}

impl Row {
    /// A blank row.
    #[must_use]
    pub(super) fn new(width: usize) -> Row {
        Row { cells: vec![(Some(' '), Role::Plain); width] }
    }

    /// Puts one character.
    pub(super) fn put(&mut self, column: usize, char: char, role: Role) {
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = (Some(char), role);
        }
    }

    /// The character in a column.
    #[must_use]
    pub(super) fn at(&self, column: usize) -> char {
        self.cells.get(column).and_then(|cell| cell.0).unwrap_or(' ')
    }

    /// Puts text from a column on; what does not fit is cut.
    pub(super) fn text(&mut self, column: usize, text: &str, role: Role) {
        let mut at = column;
        for char in text.chars() {
            let wide = char.width().unwrap_or(0);
            if wide == 0 || at + wide > self.cells.len() {
                continue;
            }
            self.put(at, char, role);
            if wide == 2 {
                self.cells[at + 1] = (None, role);
            }
            at += wide;
        }
    }

    /// True when nothing stands in these columns.
    #[must_use]
    pub(super) fn is_free(&self, from: usize, to: usize) -> bool {
        (from..to).all(|column| self.at(column) == ' ')
    }

    /// The row as a line, in colour or not, of the characters that the terminal has.
    #[must_use]
    pub(super) fn line(&self, paint: Paint, ascii: bool) -> String {
        let last = self.cells.iter().rposition(|cell| cell.0 != Some(' ')).map_or(0, |at| at + 1);
        let mut line = String::new();
        let mut run = String::new();
        let mut role = Role::Plain;
        for (char, of) in &self.cells[..last] {
            let Some(char) = char else { continue };
            if *of != role && *char != ' ' {
                line.push_str(&paint.paint(role, std::mem::take(&mut run)));
                role = *of;
            }
            run.push(*char);
        }
        line.push_str(&paint.paint(role, run));
        if ascii { to_ascii(&line) } else { line }
    }
}

/// Text in ASCII, as wide as before.
#[must_use]
pub(super) fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '─' | '–' | '—' | '╌' | '·' => out.push('-'),
            '│' | '┃' | '┊' => out.push('|'),
            '├' | '┤' | '┼' | '╭' | '╮' | '╰' | '╯' => out.push('+'),
            '▶' | '→' | '▸' => out.push('>'),
            '◀' | '←' => out.push('<'),
            '╳' => out.push('X'),
            '●' => out.push('*'),
            '✓' => out.push('='),
            '■' => out.push('#'),
            '⋮' => out.push(':'),
            '…' => out.push('~'),
            '×' => out.push('x'),
            'µ' => out.push('u'),
            '\u{a0}' => out.push(' '),
            '\u{1b}' => out.push(char),
            _ if char.is_ascii() => out.push(char),
            _ => out.push_str(&"?".repeat(char.width().unwrap_or(1))),
        }
    }
    out
}
