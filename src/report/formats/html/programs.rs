//! The programs on the page: their calls among the packets, what went wrong, what they wrote.

use std::fmt::Write as _;

use crate::language::Lang;
use crate::language::messages::report as say;
use crate::report::ladder::svg::escape;
use crate::report::people::programs::CallRow;
use crate::report::people::story::Story;

/// Calls as rows of a table of so many columns.
pub(super) fn calls(rows: &[CallRow], columns: usize, lang: Lang) -> String {
    let row = |row: &CallRow| {
        format!(
            "<tr class=\"call\"><td></td><td>{}</td><td>{}</td><td colspan=\"{}\">{}</td></tr>",
            escape(&row.millis(lang)),
            row.letter(),
            columns.saturating_sub(3).max(1),
            words(row)
        )
    };
    rows.iter().map(row).collect::<Vec<_>>().concat()
}

/// A call and the line of the program that makes it; a remark as it is.
fn words(row: &CallRow) -> String {
    let words = escape(&row.words);
    if row.mark.is_some() {
        return words;
    }
    let source = row.source.as_ref().map(|source| format!(" <span class=\"faint\">{}</span>", escape(source)));
    format!("<code>{words}</code>{}", source.unwrap_or_default())
}

/// What went wrong.
pub(super) fn findings(story: &Story, lang: Lang) -> String {
    let mut out = format!("<h2>{}</h2>\n<ul>", say::FINDINGS.text.get(lang));
    for finding in &story.findings {
        let _ = write!(
            out,
            "<li><strong>{}:</strong> {} <span class=\"faint\">{}</span></li>",
            finding.label,
            escape(&finding.sentence),
            escape(&finding.basis)
        );
    }
    out + "</ul>\n"
}

/// The programs with their ends and their output, and their calls where no timeline has them.
pub(super) fn programs(story: &Story, lang: Lang) -> String {
    let mut out = String::new();
    if !story.calls.is_empty() {
        let items = story.calls.iter().map(|row| format!("<li>{} {}</li>", row.letter(), words(row)));
        let _ =
            write!(out, "<h2>{}</h2>\n<ul>{}</ul>\n", say::CALLS.text.get(lang), items.collect::<Vec<_>>().concat());
    }
    if story.programs.is_empty() {
        return out;
    }
    let _ = writeln!(out, "<h2>{}</h2>", say::PROGRAMS.text.get(lang));
    for program in &story.programs {
        let _ = writeln!(out, "<p>{}</p>", escape(&program.line));
        if !program.output.is_empty() {
            let _ = writeln!(out, "<pre>{}</pre>", escape(&program.output.join("\n")));
        }
    }
    out
}
