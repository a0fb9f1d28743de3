//! LaTeX: booktabs tables and ladders in `TikZ`, a document that pdflatex compiles as it is.

mod escape;
mod picture;
mod table;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Format;
use crate::annotate::Certainty;
use crate::language::messages::{Message, report as say};
use crate::language::{Lang, Value, Values};
use crate::report::ladder::Paper;
use crate::report::people::closing::certainty;
use crate::report::people::compare::{Comparison, LABELS};
use crate::report::people::course::Remark;
use crate::report::people::row::Row;
use crate::report::people::story::{Line, List, Story, Told};
use crate::report::people::{People, Render};
use crate::report::{Report, View};
use crate::track::{Proto, Side};
use escape::{code, escape};
use table::{Column, table};

/// A document for pdflatex.
pub static LATEX: Format =
    Format { name: "latex", endings: &["tex", "latex"], for_people: true, only_ladder: false, build };

/// What the document needs; every TeX distribution has it.
const PREAMBLE: &str = r"\documentclass[a4paper,10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable}
\usepackage{tikz}
\definecolor{opens}{HTML}{1A7F37}
\definecolor{closes}{HTML}{8250DF}
\definecolor{resets}{HTML}{CF222E}
\definecolor{carries}{HTML}{0969DA}
\definecolor{half}{HTML}{F3E8FF}
\definecolor{faint}{HTML}{59636E}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\tabcolsep}{3pt}
\newcolumntype{P}[1]{>{\raggedright\arraybackslash}p{#1}}
\renewcommand{\labelitemi}{$\bullet$}
\raggedright
";

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(People::new(out, view, Latex::default()))
}

/// Renders stories as a document.
#[derive(Debug, Default)]
pub struct Latex {
    captures: usize,
    legend: Vec<String>,
    settings: Option<String>,
    question: String,
}

impl Render for Latex {
    fn paper(&self, _: &View) -> Option<Paper> {
        Some(Paper { arrows: 120, lanes: 5 })
    }

    fn capture(&mut self, out: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let lang = view.lang;
        let mut text = std::mem::take(&mut self.question);
        if self.captures == 0 {
            text.push_str(&head(lang));
        }
        self.captures += 1;
        match &story.heading {
            Some((name, lesson)) => {
                let _ =
                    write!(text, "\n\\section*{{{}}}\n{}\n\n{}\n", escape(name), escape(lesson), code(&story.source));
            }
            None => {
                let _ = write!(text, "\n\\section*{{{}}}\n", escape(&story.source));
            }
        }
        if let Some(grid) = &story.chosen {
            text.push_str(&table(
                &Column::fitting(&"l".repeat(grid.header.len())),
                &escaped(&grid.header),
                &rows(&grid.rows),
                None,
            ));
        }
        if let Some(list) = &story.list {
            text.push_str(&connections(list, lang));
        }
        for told in &story.timelines {
            let _ = writeln!(
                text,
                "\n\\textbf{{{}: {}.}} {} {}",
                told.id,
                say::VERDICT.text.get(lang),
                escape(&told.verdict),
                escape(&told.basis)
            );
        }
        if let Some(ladder) = story.ladder.as_ref().filter(|ladder| !ladder.arrows.is_empty()) {
            text.push_str(&picture::figures(ladder, lang));
            for remark in ladder.remarks.iter().chain([&ladder.legend(lang)]) {
                let _ = write!(text, "\n{{\\small\\color{{faint}}{}}}\n", escape(remark));
            }
        }
        for told in &story.timelines {
            connection(&mut text, told, lang);
            for sentence in told.legend(say::BOLD.text.get(lang), "✓", None, lang) {
                if !self.legend.contains(&sentence) {
                    self.legend.push(sentence);
                }
            }
        }
        items(&mut text, say::STORY.text.get(lang), story.talk.iter().map(|sentence| escape(sentence)));
        let settings = story.settings.iter().filter(|settings| self.settings.as_ref() != Some(settings));
        for remark in story.remarks.iter().chain(settings) {
            let _ = write!(text, "\n{}\n", escape(remark));
        }
        self.settings.clone_from(&story.settings);
        items(&mut text, say::COURSE.text.get(lang), story.claims.iter().map(claim));
        self.question = question(story, lang);
        out.write_all(text.as_bytes())
    }

    fn comparison(&mut self, out: &mut dyn Write, demos: &[Comparison], view: &View) -> io::Result<()> {
        let header: Vec<String> =
            std::iter::once(String::new()).chain(demos.iter().map(|demo| escape(&demo.name))).collect();
        let lines: Vec<Vec<String>> = LABELS
            .iter()
            .enumerate()
            .map(|(row, label)| {
                let cells = demos
                    .iter()
                    .map(|demo| demo.cells[row].iter().map(|line| escape(line)).collect::<Vec<_>>().join("\\newline "));
                std::iter::once(escape(label.text.get(view.lang))).chain(cells).collect()
            })
            .collect();
        // The page less the labels and what stands between the columns.
        let width = 14.0 / crate::report::ladder::layout::number(demos.len().max(1)) - 0.25;
        let mut spec = vec![Column::Fixed("2.2cm".to_owned())];
        spec.extend(demos.iter().map(|_| Column::Fixed(format!("{width:.2}cm"))));
        let caption = say::COMPARISON.text.get(view.lang);
        write!(out, "\n\\section*{{{}}}\n{}", escape(caption), table(&spec, &header, &lines, Some(caption)))
    }

    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()> {
        let mut text = String::new();
        if self.captures == 0 {
            text.push_str(&head(view.lang));
        }
        items(&mut text, say::LEGEND.text.get(view.lang), self.legend.iter().map(|line| escape(line)));
        text.push_str(&self.question);
        text.push_str("\n\\end{document}\n");
        out.write_all(text.as_bytes())
    }
}

/// Everything before the first section.
fn head(lang: Lang) -> String {
    let (table, figure) = (say::TABLE_NAME.text.get(lang), say::FIGURE_NAME.text.get(lang));
    format!(
        "{PREAMBLE}{}\\renewcommand{{\\tablename}}{{{table}}}\n\\renewcommand{{\\figurename}}{{{figure}}}\n\\begin{{document}}\n",
        table::lengths()
    )
}

fn escaped(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| escape(cell)).collect()
}

fn rows(cells: &[Vec<String>]) -> Vec<Vec<String>> {
    cells.iter().map(|row| escaped(row)).collect()
}

fn items(text: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        let _ = write!(text, "\n\\subsection*{{{}}}\n\\begin{{itemize}}\n", escape(title));
        for item in items {
            let _ = writeln!(text, "\\item {item}");
        }
        text.push_str("\\end{itemize}\n");
    }
}

fn claim(remark: &Remark) -> String {
    format!(
        "\\emph{{{}}}\\newline \\textbf{{{}:}} {}",
        escape(&remark.says),
        escape(&remark.verdict),
        escape(&remark.happened)
    )
}

/// The question that closes the view, and its answer where it is asked for.
fn question(story: &Story, lang: Lang) -> String {
    let Some((asks, answer)) = &story.question else { return String::new() };
    let mut text = format!("\n\\textbf{{{}:}} {}\n", say::QUESTION.text.get(lang), escape(asks));
    if let Some(answer) = answer {
        let _ = write!(text, "\n\\textbf{{{}:}} {}\n", say::ANSWER.text.get(lang), escape(answer));
    }
    text
}

fn titles(messages: &[&Message], lang: Lang) -> Vec<String> {
    messages.iter().map(|message| escape(message.text.get(lang))).collect()
}

fn connections(list: &List, lang: Lang) -> String {
    let header = titles(
        &[
            &say::COL_CONN,
            &say::CLIENT,
            &say::SERVER,
            &say::COL_DURATION,
            &say::COL_PACKETS,
            &say::COL_BYTES,
            &say::COL_CLOSE,
            &say::COL_VERDICT,
        ],
        lang,
    );
    let rows: Vec<Vec<String>> = list
        .rows
        .iter()
        .map(|row| {
            let verdict = format!("{} {}", row.verdict, row.basis);
            let id = row.id.to_string();
            let ends = [&row.client, &row.server].map(|end| code(end));
            let rest = [&row.duration, &row.packets, &row.bytes, &row.close, &verdict].map(|cell| escape(cell));
            std::iter::once(escape(&id)).chain(ends).chain(rest).collect()
        })
        .collect();
    let end = Column::Fixed("2.3cm".to_owned());
    let mut columns = Column::fitting("l");
    columns.extend([end.clone(), end]);
    columns.extend(Column::fitting("rrr"));
    columns.extend([Column::Fixed("1.6cm".to_owned()), Column::Rest]);
    table(&columns, &header, &rows, Some(say::CONNECTIONS.text.get(lang)))
}

fn connection(text: &mut String, told: &Told, lang: Lang) {
    let _ = write!(
        text,
        "\n\\subsection*{{{}: {} {} (C), {} {} (S)}}\n",
        told.id,
        say::CLIENT.text.get(lang),
        escape(&told.client),
        say::SERVER.text.get(lang),
        escape(&told.server)
    );
    if let Some(told_by) = told.client_by {
        let _ = write!(text, "\n{}\n", escape(told_by));
    }
    text.push_str(&timeline(told, lang));
    if let Some(half) = &told.half {
        let words = match half {
            Ok(span) => &span.words,
            Err(never) => never,
        };
        let _ = write!(text, "\n\\textbf{{{}:}} {}\n", say::HALF_CLOSED.text.get(lang), escape(words));
    }
    for (title, texts) in [(&say::CLOSE, &told.close), (&say::KERNEL, &told.kernel)] {
        let lines = texts.iter().map(|(label, words)| {
            let colon = if label.is_empty() { "" } else { ": " };
            format!("{}{colon}{}", escape(label), escape(words))
        });
        items(text, title.text.get(lang), lines);
    }
}

fn timeline(told: &Told, lang: Lang) -> String {
    let tcp = told.id.proto == Proto::Tcp;
    let wire = told.rows().any(|row| row.passage.is_some());
    let mut messages = vec![&say::COL_NUMBER, &say::COL_MILLIS, &say::COL_WAY];
    let mut columns = String::from("rrl");
    if wire {
        messages.push(&say::COL_PASSING);
        columns.push('r');
    }
    messages.push(&say::COL_FLAGS);
    columns.push('l');
    if tcp {
        messages.extend([&say::COL_SEQ, &say::COL_ACK]);
        columns.push_str("rr");
    }
    messages.push(&say::COL_LEN);
    columns.push('r');
    if tcp {
        messages.extend([&say::COL_CLIENT_STATE, &say::COL_SERVER_STATE]);
        columns.push_str("ll");
    }
    messages.push(&say::COL_NOTE);
    let mut columns = Column::fitting(&columns);
    columns.push(Column::Rest);
    let count = messages.len();
    let rows: Vec<Vec<String>> = told
        .lines
        .iter()
        .map(|line| match line {
            Line::Row(row) => cells(row, tcp, wire, lang),
            Line::Gap(words) => {
                let mut cells = vec!["$\\vdots$".to_owned(); count];
                cells[count - 1] = escape(words);
                cells
            }
        })
        .collect();
    let caption =
        say::TABLE_PACKETS.text.fill(lang, &Values::none().with("conn", Value::Words(told.id.to_string().into())));
    table(&columns, &titles(&messages, lang), &rows, Some(&caption))
}

fn cells(row: &Row, tcp: bool, wire: bool, lang: Lang) -> Vec<String> {
    let way = match row.from {
        Some(Side::Client) => "C$\\rightarrow$S",
        Some(Side::Server) => "C$\\leftarrow$S",
        None => "C ? S",
    };
    let mut cells = vec![row.frame.to_string(), row.millis(lang), way.to_owned()];
    if wire {
        cells.push(escape(&row.passing(lang)));
    }
    cells.push(escape(&row.flags()));
    let (seq, ack) = row.numbers();
    if tcp {
        cells.extend([escape(&seq), escape(&ack)]);
    }
    cells.push(row.length());
    if tcp {
        cells.extend([Side::Client, Side::Server].map(|side| match row.marked(side, "▸", "✓") {
            Some(("✓", name)) => format!("\\textbf{{{name}}}\\,{}", escape("✓")),
            Some(("▸", name)) => format!("\\textbf{{{name}}}"),
            Some((_, name)) => name.to_owned(),
            None => String::new(),
        }));
    }
    cells.push(note(row, lang));
    cells
}

/// The explanation, the payload, and what course texts claim.
fn note(row: &Row, lang: Lang) -> String {
    let sure = match row.certainty {
        Some(Certainty::Certain) | None => String::new(),
        Some(sure) => format!(" ({})", escape(certainty(sure, lang))),
    };
    let mut parts: Vec<String> = row.said().map(|said| code(&said)).into_iter().collect();
    let names = row.rules.iter().map(|name| escape(name)).collect::<Vec<_>>().join(", ");
    let names = if names.is_empty() { names } else { format!(" [{names}]") };
    let note = format!("{}{sure}{names}", escape(row.note.as_deref().unwrap_or_default()));
    parts.extend(Some(note).filter(|note| !note.is_empty()));
    parts.extend(row.claims.iter().map(claim));
    parts.join("\\newline ")
}
