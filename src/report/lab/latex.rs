//! The lab report as a document that pdflatex compiles as it is.

use std::fmt::Write as _;

use super::document::{Block, Column, Document, Picture, Piece, Table, each};
use super::markdown::with_colon;
use crate::report::View;
use crate::report::formats::latex::{code, drawings, escape, head};

/// What this document needs beyond what the reports of packets do: lines to write on, and a box for the key.
const COMMANDS: &str = r"\newcommand{\linesfor}[1]{\par{\count255=#1\loop\ifnum\count255>0\vspace{7mm}\hbox to\linewidth{\dotfill}\advance\count255-1\repeat}\par}
\newcommand{\hint}[1]{{\itshape\color{faint}#1\par}}
\newcommand{\keybox}[1]{\par\begingroup\color{closes}\hrule height0.6pt\vspace{2pt}#1\par\vspace{2pt}\hrule height0.6pt\endgroup\par}
";

/// Millimetres of text on a line: A4 with margins of 2 cm.
const WIDTH: f64 = 170.0;
/// Millimetres between two columns.
const GAP: f64 = 2.2;

/// The whole document.
pub(super) fn render(document: &Document, view: &View) -> String {
    let mut out = head(view.lang).replace("\\begin{document}\n", &format!("{COMMANDS}\\begin{{document}}\n"));
    let _ = write!(
        out,
        "\\begin{{center}}\n{{\\large\\MakeUppercase{{{}}}}}\\par\n{{\\LARGE\\bfseries {}}}\\par\n\\end{{center}}\n",
        escape(&document.kind),
        escape(&document.title)
    );
    if let Some((label, warning)) = &document.key {
        let _ = writeln!(out, "\\keybox{{\\textbf{{{}.}} {}}}", escape(label), escape(warning));
    }
    out.push_str("\\begin{center}\n\\renewcommand{\\arraystretch}{1.4}\n\\begin{tabular}{ll}\n");
    for field in &document.fields {
        let _ = writeln!(out, "{} & : \\hbox to 8cm{{\\dotfill}} \\\\", escape(field));
    }
    out.push_str("\\end{tabular}\n\\end{center}\n");
    for block in &document.blocks {
        one(&mut out, block, view);
    }
    let _ = write!(
        out,
        "\n\\vspace{{1cm}}\\hrule\\vspace{{1mm}}\n{{\\footnotesize\\color{{faint}}{}\\par}}\n\\end{{document}}\n",
        escape(&document.made_by)
    );
    out
}

fn one(out: &mut String, block: &Block, view: &View) {
    let _ = match block {
        Block::Section(number, title) => {
            writeln!(out, "\n\\section*{{{number}. {}}}", escape(title))
        }
        Block::Words(words) => write!(out, "\n{}\\par\n", pieces(words)),
        Block::Hint(words) => writeln!(out, "\n\\hint{{{}}}", pieces(words)),
        Block::Items(items) => {
            let items = each(items, |item| format!("\\item {}\n", pieces(item)));
            if items.is_empty() { Ok(()) } else { write!(out, "\n\\begin{{itemize}}\n{items}\\end{{itemize}}\n") }
        }
        Block::Steps(steps) => {
            let steps = steps.iter().map(|(does, command)| {
                let command = each(command.iter(), |command| format!("\\par {}\n", code(command)));
                format!("\\item {}\n{command}", escape(does))
            });
            write!(out, "\n\\begin{{enumerate}}\n{}\\end{{enumerate}}\n", steps.collect::<String>())
        }
        Block::Table(table) => write!(out, "{}", rows(table)),
        Block::Figure(caption, Picture::Ladder(ladder)) => {
            write!(out, "{}", drawings(ladder, Some(unnumbered(caption)), view.lang))
        }
        Block::Figure(caption, Picture::Lines(lines)) => {
            let lines = each(lines.iter(), |line| format!("{}\\\\\n", code(line)));
            write!(
                out,
                "\n\\begin{{figure}}[htbp]\n{{\\small\n\\begin{{tabular}}{{@{{}}p{{\\linewidth}}@{{}}}}\n\\toprule\n{lines}\
                 \\bottomrule\n\\end{{tabular}}}}\n\\caption{{{}}}\n\\end{{figure}}\n",
                escape(unnumbered(caption))
            )
        }
        Block::Question(number, asks, look) => {
            let look = each(look.iter(), |look| format!("\\hint{{{}}}\n", escape(look)));
            write!(out, "\n\\textbf{{{number}.}} {}\\par\n{look}", escape(asks))
        }
        Block::Room(label, lines) => {
            let label = label.iter().map(|label| format!("\\textbf{{{}}}", escape(&with_colon(label))));
            writeln!(out, "\n{}\\linesfor{{{lines}}}", label.collect::<String>())
        }
        Block::Key(label, paragraphs) => {
            let words = paragraphs.iter().map(|words| pieces(words)).collect::<Vec<_>>().join("\\par\n");
            writeln!(out, "\n\\keybox{{\\textbf{{{}:}} {words}}}", escape(label))
        }
    };
}

/// The caption without its number, which LaTeX counts itself.
fn unnumbered(caption: &str) -> &str {
    caption.split_once(". ").map_or(caption, |(_, words)| words)
}

fn rows(table: &Table) -> String {
    let room = WIDTH - GAP * f64::from(u16::try_from(table.columns.len()).unwrap_or(u16::MAX) - 1);
    let total: u16 = table.columns.iter().map(|column| column.share).sum();
    let width = |column: &Column| {
        let side = if column.right { "\\raggedleft" } else { "\\raggedright" };
        format!(">{{{side}\\arraybackslash}}p{{{:.1}mm}}", room * f64::from(column.share) / f64::from(total.max(1)))
    };
    let columns: String = table.columns.iter().map(width).collect();
    let mut out = format!(
        "\n{{\\scriptsize\\setlength{{\\tabcolsep}}{{{:.1}mm}}\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n",
        GAP / 2.0
    );
    if let Some(caption) = &table.caption {
        let _ = writeln!(out, "\\caption{{{}}}\\\\", escape(unnumbered(caption)));
    }
    let titles: Vec<String> =
        table.columns.iter().map(|column| format!("\\textbf{{{}}}", escape(&column.title))).collect();
    let _ = writeln!(out, "\\toprule\n{} \\\\\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot", titles.join(" & "));
    let space = if table.to_fill { "\\\\[4mm]" } else { "\\\\[1mm]" };
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| pieces(cell)).collect();
        let _ = writeln!(out, "{} {space}", cells.join(" & "));
    }
    out.push_str("\\end{longtable}}\n");
    out
}

fn pieces(words: &[Piece]) -> String {
    words
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => escape(text),
            Piece::Code(text) => code(text),
            Piece::Strong(text) => format!("\\textbf{{{}}}", escape(text)),
            Piece::Break => "\\newline ".to_owned(),
        })
        .collect()
}
