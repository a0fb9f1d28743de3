//! The lab report as one page that needs nothing else: to be filled in the browser and printed, without any script.

use std::fmt::Write as _;

use super::document::{Block, Document, Picture, Piece, Table, each};
use super::markdown::with_colon;
use crate::report::View;
use crate::report::ladder::svg::{STYLE as LADDER, draw, escape};

const STYLE: &str = include_str!("lab.css");

/// The whole page.
pub(super) fn render(document: &Document, view: &View) -> String {
    let title = escape(&format!("{}: {}", document.kind, document.title));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
         form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"netscope {}\">\n<title>{title}</title>\n<style>\n{STYLE}{LADDER}\n</style>\n\
         </head>\n<body>\n<main>\n<p class=\"kind\">{}</p>\n<h1>{}</h1>\n",
        view.lang.code(),
        env!("CARGO_PKG_VERSION"),
        escape(&document.kind),
        escape(&document.title),
    );
    if let Some((label, warning)) = &document.key {
        let _ = writeln!(out, "<p class=\"key\"><strong>{}.</strong> {}</p>", escape(label), escape(warning));
    }
    out.push_str("<table class=\"fields\"><tbody>\n");
    for field in &document.fields {
        let name = escape(field);
        let _ = writeln!(out, "<tr><th scope=\"row\">{name}</th><td>{}</td></tr>", writable(&name, "span"));
    }
    out.push_str("</tbody></table>\n");
    let mut section = String::new();
    for block in &document.blocks {
        one(&mut out, block, &mut section, view);
    }
    let _ = write!(out, "</main>\n<footer>{}</footer>\n</body>\n</html>\n", escape(&document.made_by));
    out
}

/// A place to write in, in the browser too.
fn writable(name: &str, tag: &str) -> String {
    format!("<{tag} class=\"blank\" contenteditable=\"true\" role=\"textbox\" aria-label=\"{name}\"></{tag}>")
}

fn one(out: &mut String, block: &Block, section: &mut String, view: &View) {
    let _ = match block {
        Block::Section(number, title) => {
            section.clone_from(title);
            writeln!(out, "<h2>{number}. {}</h2>", escape(title))
        }
        Block::Words(words) => writeln!(out, "<p>{}</p>", pieces(words)),
        Block::Hint(words) => writeln!(out, "<p class=\"hint\">{}</p>", pieces(words)),
        Block::Items(items) => {
            let items = each(items, |item| format!("<li>{}</li>\n", pieces(item)));
            writeln!(out, "<ul>\n{items}</ul>")
        }
        Block::Steps(steps) => {
            let steps = steps.iter().map(|(does, command)| {
                let command = command.iter().map(|command| format!("<pre class=\"command\">{}</pre>", escape(command)));
                format!("<li>{}{}</li>\n", escape(does), command.collect::<String>())
            });
            writeln!(out, "<ol>\n{}</ol>", steps.collect::<String>())
        }
        Block::Table(table) => write!(out, "{}", rows(table)),
        Block::Figure(caption, picture) => {
            let inside = match picture {
                Picture::Ladder(ladder) => {
                    let (drawn, width, height) = draw(ladder, view.lang);
                    format!(
                        "<svg width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
                         aria-label=\"{}\">\n{drawn}</svg>",
                        escape(caption)
                    )
                }
                Picture::Lines(lines) => format!("<pre>{}</pre>", escape(&lines.join("\n"))),
            };
            writeln!(out, "<figure>\n{inside}\n<figcaption>{}</figcaption>\n</figure>", escape(caption))
        }
        Block::Question(number, asks, look) => {
            let look = each(look.iter(), |look| format!("<p class=\"look\">{}</p>\n", escape(look)));
            write!(out, "<p class=\"question\"><strong>{number}.</strong> {}</p>\n{look}", escape(asks))
        }
        Block::Room(label, lines) => {
            let name = label.as_ref().unwrap_or(section);
            let label = label.iter().map(|label| format!("<p class=\"label\">{}</p>\n", escape(&with_colon(label))));
            let room =
                writable(&escape(name), "div").replacen('>', &format!(" style=\"min-height:{}em\">", lines * 3 / 2), 1);
            writeln!(out, "{}{room}", label.collect::<String>())
        }
        Block::Key(label, paragraphs) => {
            let words = paragraphs.iter().enumerate().map(|(at, words)| {
                let label = if at == 0 { format!("<strong>{}:</strong> ", escape(label)) } else { String::new() };
                format!("<p>{label}{}</p>\n", pieces(words))
            });
            write!(out, "<div class=\"key\">\n{}</div>\n", words.collect::<String>())
        }
    };
}

fn rows(table: &Table) -> String {
    let mut out = format!("<div class=\"scroll\"><table{}>\n", if table.to_fill { " class=\"fill\"" } else { "" });
    if let Some(caption) = &table.caption {
        let _ = writeln!(out, "<caption>{}</caption>", escape(caption));
    }
    let total: u16 = table.columns.iter().map(|column| column.share).sum();
    let width = |share: u16| f64::from(share) * 100.0 / f64::from(total.max(1));
    let widths = table.columns.iter().map(|column| format!("<col style=\"width:{:.1}%\">", width(column.share)));
    let _ = writeln!(out, "<colgroup>{}</colgroup>", widths.collect::<String>());
    out.push_str("<thead><tr>");
    for column in &table.columns {
        let class = if column.right { " class=\"right\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(&column.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in table.columns.iter().zip(row) {
            let class = if column.right { " class=\"right\"" } else { "" };
            // What is left empty in such a table is the student's.
            let inside = if table.to_fill && cell.is_empty() && !column.right && column.share >= 100 {
                writable(&escape(&column.title), "span")
            } else {
                pieces(cell)
            };
            let _ = write!(out, "<td{class}>{inside}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn pieces(words: &[Piece]) -> String {
    words
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => escape(text),
            Piece::Code(text) => format!("<code>{}</code>", escape(text)),
            Piece::Strong(text) => format!("<strong>{}</strong>", escape(text)),
            Piece::Break => "<br>".to_owned(),
        })
        .collect()
}
