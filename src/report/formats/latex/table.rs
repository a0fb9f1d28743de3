//! Tables whose columns get their widths before the table begins: `longtable` itself would need several runs of
//! pdflatex for that, and people run it once.

use std::fmt::Write as _;

use super::escape::escape;

/// How wide a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// As wide as its widest cell, aligned `l` or `r`.
    Fitting(char),
    /// So wide in TeX's own words (`2.3cm`); longer text is broken.
    Fixed(String),
    /// What the others leave of the page.
    Rest,
}

impl Column {
    /// The columns of a short description: `l` and `r` fit their cells.
    pub(super) fn fitting(aligned: &str) -> Vec<Column> {
        aligned.chars().map(Column::Fitting).collect()
    }
}

/// The lengths that a document has for its columns; more than any table needs.
const LENGTHS: [&str; 14] =
    ["cola", "colb", "colc", "cold", "cole", "colf", "colg", "colh", "coli", "colj", "colk", "coll", "colm", "coln"];

/// Declares the lengths.
pub(super) fn lengths() -> String {
    LENGTHS.iter().chain(&["rest"]).map(|name| format!("\\newlength{{\\{name}}}")).collect::<String>() + "\n"
}

/// About how wide a cell is: enough to find the widest of a column, which TeX then measures.
fn weight(cell: &str) -> usize {
    let mut weight = 0;
    let mut letters = cell.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // A command: an arrow, a dash, bold letters.
            '\\' => {
                while letters.next_if(char::is_ascii_alphabetic).is_some() {}
                weight += 3;
            }
            '{' | '}' | '$' => {}
            letter if letter.is_uppercase() => weight += 4,
            _ => weight += 3,
        }
    }
    weight
}

/// What is as wide as the widest of some cells: those that may be it, one above the other.
fn widest<'a>(cells: impl Iterator<Item = &'a String>) -> String {
    let mut cells: Vec<&str> = cells.map(String::as_str).collect();
    cells.sort_by_key(|cell| (std::cmp::Reverse(weight(cell)), *cell));
    cells.dedup();
    cells.truncate(4);
    format!("\\begin{{tabular}}{{@{{}}l@{{}}}}{}\\end{{tabular}}", cells.join("\\\\"))
}

/// A table that may go over pages, with rules above and below; its cells are LaTeX already.
pub(super) fn table(columns: &[Column], header: &[String], rows: &[Vec<String>], caption: Option<&str>) -> String {
    let head: Vec<String> = header.iter().map(|cell| format!("\\textbf{{{cell}}}")).collect();
    let mut out = String::from("\n{\\scriptsize\n");
    let mut spec = String::new();
    let mut left = String::from("\\setlength{\\rest}{\\linewidth}");
    let _ = write!(left, "\\addtolength{{\\rest}}{{-{}\\tabcolsep}}", 2 * columns.len().saturating_sub(1));
    for (at, column) in columns.iter().enumerate() {
        match (column, LENGTHS.get(at)) {
            (Column::Fitting(way), Some(length)) => {
                let cells = rows.iter().filter_map(|row| row.get(at)).chain(head.get(at));
                let _ = writeln!(out, "\\settowidth{{\\{length}}}{{{}}}%", widest(cells));
                let _ = write!(left, "\\addtolength{{\\rest}}{{-\\{length}}}");
                let _ = write!(spec, "w{{{way}}}{{\\{length}}}");
            }
            (Column::Fitting(way), None) => spec.push(*way),
            (Column::Fixed(width), _) => {
                let _ = write!(left, "\\addtolength{{\\rest}}{{-{width}}}");
                let _ = write!(spec, "P{{{width}}}");
            }
            (Column::Rest, _) => spec.push_str("P{\\rest}"),
        }
    }
    if columns.contains(&Column::Rest) {
        let _ = writeln!(out, "{left}%");
    }
    let _ = writeln!(out, "\\begin{{longtable}}{{@{{}}{spec}@{{}}}}");
    if let Some(caption) = caption {
        let _ = writeln!(out, "\\caption{{{}}}\\\\", escape(caption));
    }
    let _ = writeln!(out, "\\toprule\n{} \\\\\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot", head.join(" & "));
    for row in rows {
        let _ = writeln!(out, "{} \\\\[2pt]", row.join(" & "));
    }
    out.push_str("\\end{longtable}\n}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_cell_is_measured_and_the_rest_is_left() {
        let rows = [vec!["1".to_owned(), "\\textbf{LISTEN}".to_owned()], vec!["20".to_owned(), "x".to_owned()]];
        let header = ["#".to_owned(), "state".to_owned()];
        let written = table(&[Column::Fitting('r'), Column::Rest], &header, &rows, None);
        assert!(
            written.contains("\\settowidth{\\cola}{\\begin{tabular}{@{}l@{}}20\\\\\\textbf{#}\\\\1\\end"),
            "{written}"
        );
        assert!(written.contains("{-2\\tabcolsep}\\addtolength{\\rest}{-\\cola}%"), "{written}");
        assert!(written.contains("{@{}w{r}{\\cola}P{\\rest}@{}}"), "{written}");
    }

    #[test]
    fn commands_weigh_less_than_their_letters() {
        assert!(weight("C$\\rightarrow$S") < weight("SYN, ACK"));
        assert!(weight("\\textbf{ESTABLISHED}") > weight("ESTABLISHED"));
    }
}
