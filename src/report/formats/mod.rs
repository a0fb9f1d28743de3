//! The formats, one file each. A new format is one file and one line in [`FORMATS`].

pub mod csv;
pub mod html;
pub mod json;
pub mod ladder;
pub mod latex;
pub mod live;
pub mod markdown;
pub mod mermaid;
pub mod svg;
pub mod table;

use std::io;
use std::path::Path;

use super::{Report, View};

/// A way to write a report.
#[derive(Debug)]
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// File endings that pick it, without the dot.
    pub endings: &'static [&'static str],
    /// For people: numbers follow the language, long things are cut and the cut is said.
    pub for_people: bool,
    /// It draws the ladder and nothing else: it has no columns and no list of connections.
    pub only_ladder: bool,
    /// A report that writes it.
    pub build: fn(Box<dyn io::Write>, View) -> Box<dyn Report>,
}

/// Every format.
pub static FORMATS: &[&Format] = &[
    &table::TABLE,
    &ladder::LADDER,
    &markdown::MARKDOWN,
    &html::HTML,
    &svg::SVG,
    &mermaid::MERMAID,
    &latex::LATEX,
    &csv::CSV,
    &json::JSON,
    &json::JSONL,
];

/// The format with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// The one of these formats that a file's ending picks.
#[must_use]
pub fn by_ending(path: &Path, formats: &[&'static Format]) -> Option<&'static Format> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    formats.iter().copied().find(|format| format.endings.contains(&ending.as_str()))
}

/// A report in this format.
#[must_use]
pub fn build(format: &'static Format, out: Box<dyn io::Write>, view: View) -> Box<dyn Report> {
    (format.build)(out, view)
}

/// A report of traffic that is still flowing: every line is written when its packet comes.
#[must_use]
pub fn build_live(format: &'static Format, out: Box<dyn io::Write>, view: View) -> Box<dyn Report> {
    let lines: Box<dyn io::Write> = Box::new(io::LineWriter::new(out));
    let streams = view.columns.is_none() && !view.selection.connections;
    if format.name == table::TABLE.name && streams { live::report(lines, view) } else { build(format, lines, view) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_are_unique() {
        let mut seen = std::collections::HashSet::new();
        for format in FORMATS {
            assert!(seen.insert(format.name), "{}", format.name);
            assert!(std::ptr::eq(find(format.name).unwrap(), *format));
            for ending in format.endings {
                assert!(seen.insert(&format!(".{ending}").leak()[..]), "{ending}");
            }
        }
        assert_eq!(by_ending(Path::new("a/b.JSONL"), FORMATS).unwrap().name, "jsonl");
        assert_eq!(by_ending(Path::new("notes.md"), FORMATS).unwrap().name, "markdown");
        assert!(by_ending(Path::new("x.png"), FORMATS).is_none());
        assert!(by_ending(Path::new("csv"), FORMATS).is_none());
    }
}
