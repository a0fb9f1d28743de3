//! Markdown with pipe tables, for a lab report: the same content as the terminal table.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Format;
use crate::annotate::Certainty;
use crate::language::Lang;
use crate::language::messages::{Message, report as say};
use crate::report::people::closing::certainty;
use crate::report::people::compare::{Comparison, LABELS};
use crate::report::people::course::Remark;
use crate::report::people::programs::CallRow;
use crate::report::people::row::Row;
use crate::report::people::story::{Line, List, Story, Told};
use crate::report::people::{People, Render};
use crate::report::{Report, View};
use crate::track::{Proto, Side};

/// GitHub's Markdown.
pub static MARKDOWN: Format =
    Format { name: "markdown", endings: &["md", "markdown"], for_people: true, only_ladder: false, build };

fn build(out: Box<dyn Write>, view: View) -> Box<dyn Report> {
    Box::new(People::new(out, view, Markdown::default()))
}

/// Renders stories as Markdown.
#[derive(Debug, Default)]
pub struct Markdown {
    captures: usize,
    legend: Vec<String>,
    settings: Option<String>,
    /// What closes the view of a scenario: the next one is another, or the end has come.
    question: String,
}

impl Render for Markdown {
    fn capture(&mut self, out: &mut dyn Write, story: &Story, view: &View) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.question);
        text.push_str(if self.captures > 0 { "\n" } else { "" });
        self.captures += 1;
        if let Some(grid) = &story.chosen {
            text.push_str(&table(&grid.header, &grid.rows));
        } else {
            opening(&mut text, story);
        }
        if let Some(list) = &story.list {
            let _ = write!(text, "\n### {}\n\n{}", say::CONNECTIONS.text.get(view.lang), connections(list, view.lang));
        }
        for told in &story.timelines {
            connection(&mut text, told, view.lang);
            let bold = format!("**{}**", say::BOLD.text.get(view.lang));
            for sentence in told.legend(&bold, "✓", None, view.lang) {
                if !self.legend.contains(&sentence) {
                    self.legend.push(sentence);
                }
            }
        }
        if !story.talk.is_empty() {
            let _ = write!(text, "\n### {}\n\n", escape(say::STORY.text.get(view.lang)));
            for sentence in &story.talk {
                let _ = writeln!(text, "- {}", escape(sentence));
            }
        }
        programs(&mut text, story, view.lang);
        let settings = story.settings.iter().filter(|settings| self.settings.as_ref() != Some(settings));
        for remark in story.remarks.iter().chain(settings) {
            let _ = write!(text, "\n{}\n", escape(remark));
        }
        self.settings.clone_from(&story.settings);
        claims(&mut text, story, view.lang);
        self.question = question(story, view.lang);
        out.write_all(text.as_bytes())
    }

    fn comparison(&mut self, out: &mut dyn Write, demos: &[Comparison], view: &View) -> io::Result<()> {
        let header: Vec<String> =
            std::iter::once(String::new()).chain(demos.iter().map(|demo| demo.name.clone())).collect();
        let rows: Vec<Vec<String>> = LABELS
            .iter()
            .enumerate()
            .map(|(row, label)| {
                let cells = demos.iter().map(|demo| demo.cells[row].join("\n"));
                std::iter::once(label.text.get(view.lang).to_owned()).chain(cells).collect()
            })
            .collect();
        write!(out, "\n## {}\n\n{}", say::COMPARISON.text.get(view.lang), table(&header, &rows))
    }

    fn finish(&mut self, out: &mut dyn Write, view: &View) -> io::Result<()> {
        if self.legend.is_empty() {
            return out.write_all(self.question.as_bytes());
        }
        // The mark of a change is markup, so it is put in after the escaping.
        let legend: Vec<String> =
            self.legend.iter().map(|line| format!("- {}", escape(line).replace(r"\*\*", "**"))).collect();
        write!(out, "\n### {}\n\n{}\n{}", say::LEGEND.text.get(view.lang), legend.join("\n"), self.question)
    }
}

/// The claims that stand beside no packet.
fn claims(text: &mut String, story: &Story, lang: Lang) {
    if !story.claims.is_empty() {
        let _ = write!(text, "\n### {}\n\n", escape(say::COURSE.text.get(lang)));
        for remark in &story.claims {
            let _ = writeln!(text, "- {}", claim(remark));
        }
    }
}

/// The question that closes the view, and its answer where it is asked for.
fn question(story: &Story, lang: Lang) -> String {
    let Some((asks, answer)) = &story.question else { return String::new() };
    let mut text = format!("\n**{}:** {}\n", say::QUESTION.text.get(lang), escape(asks));
    if let Some(answer) = answer {
        let _ = write!(text, "\n**{}:** {}\n", say::ANSWER.text.get(lang), escape(answer));
    }
    text
}

/// A claim and what it is worth.
fn claim(remark: &Remark) -> String {
    format!("*{}*<br>**{}:** {}", escape(&remark.says), escape(&remark.verdict), escape(&remark.happened))
}

fn opening(text: &mut String, story: &Story) {
    if let Some((name, lesson)) = &story.heading {
        let _ = write!(text, "## {}\n\n{}\n\n", escape(name), escape(lesson));
    }
    let _ = writeln!(text, "{}", escape(&story.source));
}

/// Text that Markdown and HTML take literally, on one line of a table.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\n' => out.push_str("<br>"),
            '\u{a0}' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '!' => {
                out.push('\\');
                out.push(char);
            }
            _ => out.push(char),
        }
    }
    out
}

/// Text as code: it may hold anything, so the fence is longer than any run of backticks in it, and a pipe is escaped
/// because it would end the cell even there.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// A table of plain cells.
pub(in crate::report) fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let escaped: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect()).collect();
    let header: Vec<String> = header.iter().map(|cell| escape(cell)).collect();
    raw_table(&header, &escaped)
}

/// A table whose cells are Markdown already.
fn raw_table(header: &[String], rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let mut line = |cells: &[String]| {
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    };
    line(header);
    line(&vec!["---".to_owned(); header.len()]);
    for row in rows {
        line(row);
    }
    out
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
            [&id, &row.client, &row.server, &row.duration, &row.packets, &row.bytes, &row.close, &verdict]
                .map(|cell| escape(cell))
                .to_vec()
        })
        .collect();
    raw_table(&header, &rows)
}

fn connection(text: &mut String, told: &Told, lang: Lang) {
    let _ = write!(
        text,
        "\n### {}: {} {} (C), {} {} (S)\n",
        told.id,
        say::CLIENT.text.get(lang),
        escape(&told.client),
        say::SERVER.text.get(lang),
        escape(&told.server)
    );
    if let Some(told_by) = told.client_by {
        let _ = write!(text, "\n{}\n", escape(told_by));
    }
    let verdict = say::VERDICT.text.get(lang);
    let _ = write!(text, "\n**{verdict}:** {} {}\n\n", escape(&told.verdict), escape(&told.basis));
    text.push_str(&timeline(told, lang));
    if let Some(half) = &told.half {
        let _ = write!(text, "\n**{}:** ", say::HALF_CLOSED.text.get(lang));
        match half {
            Ok(span) => {
                if let Some(span) = told.drawn_span() {
                    let drawn = format!("{} ┣━━━ {} ━━━┫ {}", span.begin, span.middle, span.end);
                    let _ = write!(text, "{}\n\n", code(&drawn));
                }
                let _ = writeln!(text, "{}", escape(&span.words));
            }
            Err(never) => {
                let _ = writeln!(text, "{}", escape(never));
            }
        }
    }
    for (title, texts) in [(&say::CLOSE, &told.close), (&say::KERNEL, &told.kernel)] {
        if texts.is_empty() {
            continue;
        }
        let _ = write!(text, "\n**{}**\n\n", title.text.get(lang));
        for (label, words) in texts {
            let colon = if label.is_empty() { "" } else { ": " };
            let _ = writeln!(text, "- {}{colon}{}", escape(label), escape(words));
        }
    }
}

fn timeline(told: &Told, lang: Lang) -> String {
    let tcp = told.id.proto == Proto::Tcp;
    let wire = told.rows().any(|row| row.passage.is_some());
    let mut messages = vec![&say::COL_NUMBER, &say::COL_MILLIS, &say::COL_WAY];
    if wire {
        messages.push(&say::COL_PASSING);
    }
    messages.push(&say::COL_FLAGS);
    if tcp {
        messages.extend([&say::COL_SEQ, &say::COL_ACK]);
    }
    messages.extend([&say::COL_LEN, &say::COL_DATA]);
    if tcp {
        messages.extend([&say::COL_CLIENT_STATE, &say::COL_SERVER_STATE]);
    }
    messages.push(&say::COL_NOTE);
    let header = titles(&messages, lang);
    let rows: Vec<Vec<String>> = told
        .lines
        .iter()
        .flat_map(|line| match line {
            Line::Row(row) => {
                let calls = row.calls.iter().map(|row| call(row, header.len(), lang));
                calls.chain(std::iter::once(cells(row, tcp, wire, lang))).collect::<Vec<_>>()
            }
            Line::Gap(words) => {
                let mut cells = vec!["⋮".to_owned(); header.len()];
                cells[header.len() - 1] = escape(words);
                vec![cells]
            }
        })
        .chain(told.calls.iter().map(|row| call(row, header.len(), lang)))
        .collect();
    raw_table(&header, &rows)
}

/// A call among the packets: its words stand in the last column.
fn call(row: &CallRow, columns: usize, lang: Lang) -> Vec<String> {
    let mut cells = vec![String::new(); columns];
    cells[1] = row.millis(lang);
    row.letter().clone_into(&mut cells[2]);
    cells[columns - 1] = with_source(row);
    cells
}

/// The words of a call, and the line of the program that makes it.
fn with_source(row: &CallRow) -> String {
    let words = code(&row.words);
    row.source.as_ref().map_or_else(|| words.clone(), |source| format!("{words} {}", escape(source)))
}

/// What went wrong, and the programs.
fn programs(text: &mut String, story: &Story, lang: Lang) {
    if !story.calls.is_empty() {
        let _ = write!(text, "\n### {}\n\n", say::CALLS.text.get(lang));
        for row in &story.calls {
            let _ = writeln!(text, "- {} {}", row.letter(), with_source(row));
        }
    }
    if !story.findings.is_empty() {
        let _ = write!(text, "\n### {}\n\n", say::FINDINGS.text.get(lang));
        for finding in &story.findings {
            let _ = writeln!(text, "- **{}:** {} {}", finding.label, escape(&finding.sentence), escape(&finding.basis));
        }
    }
    if !story.programs.is_empty() {
        let _ = write!(text, "\n### {}\n\n", say::PROGRAMS.text.get(lang));
        for program in &story.programs {
            let _ = writeln!(text, "- {}", escape(&program.line));
            for line in &program.output {
                let _ = writeln!(text, "  {}", code(line));
            }
        }
    }
}

fn cells(row: &Row, tcp: bool, wire: bool, lang: Lang) -> Vec<String> {
    let way = match row.from {
        Some(Side::Client) => "C → S",
        Some(Side::Server) => "C ← S",
        None => "C ? S",
    };
    let mut cells = vec![row.frame.to_string(), row.millis(lang), way.to_owned()];
    if wire {
        cells.push(row.passing(lang));
    }
    cells.push(row.flags());
    let (seq, ack) = row.numbers();
    if tcp {
        cells.extend([seq, ack]);
    }
    cells.push(row.length());
    cells.push(row.said().map_or_else(String::new, |said| code(&said)));
    if tcp {
        cells.extend([Side::Client, Side::Server].map(|side| match row.marked(side, "**", "✓") {
            Some(("", name)) => name.to_owned(),
            Some(("✓", name)) => format!("**{name}** ✓"),
            Some((_, name)) => format!("**{name}**"),
            None => String::new(),
        }));
    }
    cells.push(note(row, lang));
    cells
}

fn note(row: &Row, lang: Lang) -> String {
    let sure = match row.certainty {
        Some(Certainty::Certain) | None => String::new(),
        Some(sure) => format!(" ({})", certainty(sure, lang)),
    };
    let names: Vec<String> = row.rules.iter().map(|name| code(name)).collect();
    let note = format!("{}{sure} {}", escape(row.note.as_deref().unwrap_or_default()), names.join(" "));
    let claims = row.claims.iter().map(claim);
    std::iter::once(note.trim().to_owned()).chain(claims).collect::<Vec<_>>().join("<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_for_markup() {
        assert_eq!(escape("a|b <b>`x`</b> [l](u) *e* _i_"), r"a\|b &lt;b&gt;\`x\`&lt;/b&gt; \[l\](u) \*e\* \_i\_");
        assert_eq!(code("a|b"), r"`a\|b`");
        assert_eq!(code("``x"), "``` ``x ```");
        assert_eq!(code("\"a ` b\""), "``\"a ` b\"``");
        assert_eq!(table(&["a".into()], &[vec!["x\ny".into()]]), "| a |\n| --- |\n| x<br>y |\n");
    }
}
