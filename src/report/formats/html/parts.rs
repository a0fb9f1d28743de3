//! The parts of the page that need no script: verdicts, the diagram, flags, timelines.

use std::fmt::Write as _;

use super::page::{Parts, attribute, both};
use super::programs;
use crate::annotate::Certainty;
use crate::decode::TcpFlags;
use crate::language::messages::{Message, html as say, plot, report};
use crate::language::{Lang, Text, Value, Values};
use crate::report::ladder::Ladder;
use crate::report::ladder::layout::number;
use crate::report::ladder::svg::{draw, escape};
use crate::report::people::closing::certainty;
use crate::report::people::compare::{Comparison, LABELS};
use crate::report::people::course::Remark;
use crate::report::people::row::{Kind, Row};
use crate::report::people::story::{Grid, Line, List, Story, Told};
use crate::report::plot::{Drawn, Shown};
use crate::report::stats::Table;
use crate::track::{Proto, Side};

/// Something in both languages: once where they are the same.
fn twice(of: impl Fn(Lang) -> String) -> String {
    let (en, id) = (of(Lang::En), of(Lang::Id));
    if en == id {
        return en;
    }
    format!("<div class=\"en\" lang=\"en\">{en}</div><div class=\"id\" lang=\"id\">{id}</div>")
}

fn at(lang: Lang) -> usize {
    usize::from(lang == Lang::Id)
}

/// One capture.
pub(super) fn capture(index: usize, stories: [&Story; 2], of: &Parts<'_>) -> String {
    let (packets, total) = of.counts.get(index).copied().unwrap_or((0, 0));
    let story = |lang: Lang| stories[at(lang)];
    let mut out = format!("<section class=\"capture\" data-capture=\"{index}\" data-packets=\"{packets}\">\n");
    out.push_str(&twice(|lang| heading(story(lang))));
    if let Some(grid) = &stories[0].chosen {
        let _ = grid;
        out.push_str(&twice(|lang| story(lang).chosen.as_ref().map_or_else(String::new, grid_table)));
        out.push_str(&twice(|lang| paragraphs(&story(lang).remarks)));
        out.push_str("</section>\n");
        return out;
    }
    out.push_str(&twice(|lang| verdicts(story(lang), lang)));
    if !stories[0].findings.is_empty() {
        out.push_str(&twice(|lang| programs::findings(story(lang), lang)));
    }
    if stories[0].list.is_some() {
        let _ = writeln!(out, "<h2>{}</h2>", both(&report::CONNECTIONS.text));
        let _ = writeln!(
            out,
            "<div class=\"finder\" data-find=\"connections\" hidden>{}</div>",
            filter(&say::FILTER_CONNECTIONS.text)
        );
        out.push_str("<div class=\"static-connections\">");
        out.push_str(&twice(|lang| story(lang).list.as_ref().map_or_else(String::new, |list| connections(list, lang))));
        out.push_str("</div>\n");
    }
    if stories[0].ladder.as_ref().is_some_and(|ladder| !ladder.arrows.is_empty()) {
        out.push_str(&ladder(index, stories));
    }
    if packets > 0 {
        out.push_str(&list(index, (packets, total)));
    }
    out.push_str(&timelines(stories));
    if !stories[0].calls.is_empty() || !stories[0].programs.is_empty() {
        out.push_str(&twice(|lang| programs::programs(story(lang), lang)));
    }
    out.push_str(&of.plots.get(index).map(plots).unwrap_or_default());
    out.push_str(&of.tables.get(index).map(statistics).unwrap_or_default());
    out.push_str(&twice(|lang| closing(story(lang), lang)));
    out.push_str("</section>\n");
    out
}

fn heading(story: &Story) -> String {
    match &story.heading {
        Some((name, lesson)) => {
            format!(
                "<h1>{}</h1>\n<p>{}</p>\n<p class=\"faint\">{}</p>\n",
                escape(name),
                escape(lesson),
                escape(&story.source)
            )
        }
        None => format!("<h1>{}</h1>\n", escape(&story.source)),
    }
}

fn verdicts(story: &Story, lang: Lang) -> String {
    let mut out = String::new();
    let several = story.timelines.len() > 1;
    for told in &story.timelines {
        let of = if several { format!(" {}", told.id) } else { String::new() };
        let _ = writeln!(
            out,
            "<p class=\"verdict\"><strong>{}{of}:</strong> {} <span class=\"faint\">{}</span></p>",
            report::VERDICT.text.get(lang),
            escape(&told.verdict),
            escape(&told.basis)
        );
    }
    out
}

fn paragraphs(lines: &[String]) -> String {
    lines.iter().map(|line| format!("<p class=\"faint\">{}</p>\n", escape(line))).collect::<Vec<_>>().concat()
}

/// The diagram in both languages, its buttons, and the flags.
fn ladder(index: usize, stories: [&Story; 2]) -> String {
    let button = |name: &str, sign: &str, message: &Message| {
        format!(
            "<button type=\"button\" data-step=\"{name}\" {}>{sign}</button>",
            attribute("aria-label", &message.text, Lang::En)
        )
    };
    let mut out = format!(
        "<h2>{}</h2>\n<div class=\"steps\" role=\"group\" {} hidden>{}{}{}{}{}<span class=\"count\" aria-live=\"polite\"></span></div>\n",
        both(&say::LADDER.text),
        attribute("aria-label", &say::REPLAY.text, Lang::En),
        button("first", "|◀", &say::FIRST),
        button("previous", "◀", &say::PREVIOUS),
        button("play", "▶▶", &say::PLAY),
        button("next", "▶", &say::NEXT),
        button("last", "▶|", &say::LAST),
    );
    let _ = write!(
        out,
        "<div class=\"split\"><section class=\"ladder\" tabindex=\"0\" {}>",
        attribute("aria-label", &say::LADDER.text, Lang::En)
    );
    let empty = Ladder::default();
    let of = |lang: Lang| stories[at(lang)].ladder.as_ref().unwrap_or(&empty);
    out.push_str(&twice(|lang| {
        let (drawn, width, height) = draw(of(lang), lang);
        format!(
            "<svg class=\"{}{}\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{}\">\n{drawn}</svg>\n",
            // One that fits on a page stays on one.
            if height < 1400.0 { "short" } else { "long" },
            // One of many lanes is scrolled rather than made illegible.
            if width > 900.0 { " wide" } else { "" },
            escape(say::LADDER.text.get(lang))
        )
    }));
    let _ = write!(
        out,
        "</section>\n<div class=\"details\" role=\"group\" data-details=\"{index}\" {} hidden><p class=\"faint\">{}</p></div></div>\n",
        attribute("aria-label", &say::DETAILS.text, Lang::En),
        both(&say::CHOOSE.text)
    );
    out.push_str(&twice(|lang| {
        let mut lines = of(lang).remarks.clone();
        lines.push(of(lang).legend(lang));
        paragraphs(&lines)
    }));
    let _ =
        write!(out, "<h2>{}</h2>\n<p class=\"faint\">{}</p>\n", both(&say::FLAGS.text), both(&say::FLAGS_HELP.text));
    out.push_str(&flags(of(Lang::En)));
    out
}

/// One column per packet, one line per flag.
fn flags(ladder: &Ladder) -> String {
    const STEP: f64 = 12.0;
    const HIGH: f64 = 22.0;
    let rows = [
        ("SYN", TcpFlags::SYN),
        ("ACK", TcpFlags::ACK),
        ("PSH", TcpFlags::PSH),
        ("FIN", TcpFlags::FIN),
        ("RST", TcpFlags::RST),
        ("URG", TcpFlags::URG),
    ];
    let used: Vec<(&str, u16)> = rows
        .into_iter()
        .filter(|(_, bit)| {
            ladder.arrows.iter().any(|arrow| matches!(&arrow.row.kind, Kind::Tcp { flags, .. } if flags.has(*bit)))
        })
        .collect();
    if used.is_empty() {
        return String::new();
    }
    let width = 46.0 + STEP * number(ladder.arrows.len()) + 10.0;
    let height = 20.0 + HIGH * number(used.len());
    let mut out = format!(
        "<section class=\"flags\" tabindex=\"0\" {}><svg width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" {}>\n",
        attribute("aria-label", &say::FLAGS.text, Lang::En),
        attribute("aria-label", &say::FLAGS_HELP.text, Lang::En)
    );
    for (line, (name, bit)) in used.iter().enumerate() {
        let y = 14.0 + HIGH * number(line);
        let _ = writeln!(
            out,
            "<text x=\"0\" y=\"{:.0}\" class=\"l-text\" font-size=\"12\">{name}</text><line x1=\"40\" x2=\"{width:.0}\" y1=\"{y:.0}\" y2=\"{y:.0}\" class=\"l-lane\"/>",
            y + 4.0
        );
        for (column, arrow) in ladder.arrows.iter().enumerate() {
            let Kind::Tcp { flags, .. } = &arrow.row.kind else { continue };
            if !flags.has(*bit) {
                continue;
            }
            let (x, server) = (44.0 + STEP * number(column), arrow.row.from == Some(Side::Server));
            let top = if server { y } else { y - 8.0 };
            let class = if server { "f-server" } else { "f-client" };
            let _ = write!(
                out,
                "<rect x=\"{x:.0}\" y=\"{top:.0}\" width=\"8\" height=\"8\" class=\"{class}\" data-frame=\"{frame}\"><title>#{frame} {name}</title></rect>",
                frame = arrow.row.frame
            );
        }
    }
    out.push_str("</svg></section>\n");
    out
}

fn filter(text: &Text) -> String {
    format!(
        "<input type=\"search\" {} {}><span class=\"count\" aria-live=\"polite\"></span>",
        attribute("placeholder", text, Lang::En),
        attribute("aria-label", text, Lang::En)
    )
}

/// The place of the list of all packets.
fn list(index: usize, (shown, total): (u64, u64)) -> String {
    let cut = if shown < total {
        let values = Values::none().with("shown", Value::Count(shown)).with("total", Value::Count(total));
        let cut = |lang: Lang| escape(&say::CUT.text.fill(lang, &values));
        format!(
            "<p class=\"faint\"><span class=\"en\" lang=\"en\">{}</span><span class=\"id\" lang=\"id\">{}</span></p>\n",
            cut(Lang::En),
            cut(Lang::Id)
        )
    } else {
        String::new()
    };
    format!(
        "<div class=\"all\" hidden><h2 id=\"packets-{index}\">{}</h2>\n<p class=\"faint\">{}</p>\n{cut}<div class=\"finder\" data-find=\"packets\">{}</div>\n\
         <div class=\"split\"><div class=\"list\" data-list=\"packets\" tabindex=\"0\" role=\"listbox\" {}></div>\n\
         <div class=\"details\" role=\"group\" data-details=\"{index}\" {}><p class=\"faint\">{}</p></div></div></div>\n",
        both(&say::PACKETS.text),
        both(&say::PACKETS_HELP.text),
        filter(&say::FILTER.text),
        attribute("aria-label", &say::PACKETS.text, Lang::En),
        attribute("aria-label", &say::DETAILS.text, Lang::En),
        both(&say::CHOOSE.text),
    )
}

fn cell(tag: &str, words: &str) -> String {
    format!("<{tag}>{}</{tag}>", escape(words))
}

fn table(class: &str, header: &[String], rows: &[String]) -> String {
    let header: Vec<String> = header.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escape(cell))).collect();
    format!(
        "<div class=\"scroll\"><table class=\"{class}\"><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table></div>\n",
        header.concat(),
        rows.join("\n")
    )
}

/// The plots; folded away like the statistics.
fn plots(shown: &Shown) -> String {
    let mut out = String::new();
    let names: Vec<String> = shown.plots.iter().map(|(conn, _)| conn.to_string()).collect();
    if shown.more {
        let values = Values::none().words("list", names.join(", "));
        let words = |lang| escape(&plot::CHOSEN.text.fill(lang, &values));
        let _ = writeln!(
            out,
            "<p><span class=\"en\" lang=\"en\">{}</span><span class=\"id\" lang=\"id\">{}</span></p>",
            words(Lang::En),
            words(Lang::Id)
        );
    }
    for ((_, drawn), name) in shown.plots.iter().zip(&names) {
        if names.len() > 1 {
            let _ = writeln!(out, "<h3>{}</h3>", escape(name));
        }
        for Drawn { svg, captions: [en, id] } in drawn {
            let _ = writeln!(
                out,
                "<figure>{svg}<figcaption class=\"faint\"><span class=\"en\" lang=\"en\">{}</span>\
                 <span class=\"id\" lang=\"id\">{}</span></figcaption></figure>",
                escape(en),
                escape(id)
            );
        }
    }
    if names.is_empty() {
        return String::new();
    }
    format!("<details class=\"plots\"><summary><h2>{}</h2></summary>\n{out}</details>\n", both(&plot::PLOTS.text))
}

/// What is counted; folded away, because most readers come for the packets.
fn statistics(tables: &[Vec<Table>; 2]) -> String {
    if tables[0].is_empty() {
        return String::new();
    }
    let drawn = twice(|lang| {
        let tables = tables[at(lang)].iter().map(|one| {
            let rows: Vec<String> = one
                .rows
                .iter()
                .map(|row| {
                    format!("<tr>{}</tr>", row.iter().map(|words| cell("td", words)).collect::<Vec<_>>().concat())
                })
                .collect();
            let cut = one.cut.as_ref().map(|_| "<p class=\"faint\">…</p>\n").unwrap_or_default();
            format!("<h3>{}</h3>\n{}{cut}", escape(&one.title), table("statistics", &one.header, &rows))
        });
        tables.collect::<Vec<_>>().concat()
    });
    format!("<details class=\"stats\"><summary><h2>{}</h2></summary>\n{drawn}</details>\n", both(&say::STATISTICS.text))
}

fn grid_table(grid: &Grid) -> String {
    let rows: Vec<String> = grid
        .rows
        .iter()
        .map(|row| format!("<tr>{}</tr>", row.iter().map(|words| cell("td", words)).collect::<Vec<_>>().concat()))
        .collect();
    table("grid", &grid.header, &rows)
}

fn titles(messages: &[&Message], lang: Lang) -> Vec<String> {
    messages.iter().map(|message| message.text.get(lang).to_owned()).collect()
}

fn connections(list: &List, lang: Lang) -> String {
    let rows: Vec<String> = list
        .rows
        .iter()
        .map(|row| format!("<tr>{}</tr>", row.cells().map(|words| cell("td", &words)).concat()))
        .collect();
    table("connections", &List::titles(lang).map(str::to_owned), &rows)
}

/// Every timeline as a table; where the script shows all packets, they wait for the printer.
fn timelines(stories: [&Story; 2]) -> String {
    let mut out = String::new();
    for index in 0..stories[0].timelines.len() {
        out.push_str(&twice(|lang| {
            stories[at(lang)].timelines.get(index).map_or_else(String::new, |told| timeline(told, lang))
        }));
    }
    if out.is_empty() {
        out
    } else {
        format!(
            "<details class=\"timelines\" open><summary><h2>{}</h2></summary>\n{out}</details>\n",
            both(&say::TIMELINES.text)
        )
    }
}

fn timeline(told: &Told, lang: Lang) -> String {
    let tcp = told.id.proto == Proto::Tcp;
    let mut header = vec![&report::COL_NUMBER, &report::COL_MILLIS, &report::COL_WAY, &report::COL_FLAGS];
    if tcp {
        header.extend([&report::COL_SEQ, &report::COL_ACK]);
    }
    header.push(&report::COL_LEN);
    if tcp {
        header.push(&report::COL_STATES);
    }
    header.push(&report::COL_NOTE);
    let columns = header.len();
    let rows: Vec<String> = told
        .lines
        .iter()
        .map(|line| match line {
            Line::Row(row) => programs::calls(&row.calls, columns, lang) + &timeline_row(row, told, tcp, lang),
            Line::Gap(words) => format!("<tr><td colspan=\"{columns}\" class=\"faint\">⋮ {}</td></tr>", escape(words)),
        })
        .chain([programs::calls(&told.calls, columns, lang)])
        .collect();
    let mut out =
        format!("<h3>{}: client {} (C), server {} (S)</h3>\n", told.id, escape(&told.client), escape(&told.server));
    if let Some(told_by) = told.client_by {
        let _ = writeln!(out, "<p class=\"faint\">{}</p>", escape(told_by));
    }
    out.push_str(&table("timeline", &titles(&header, lang), &rows));
    if let Some(words) = told.half_words() {
        let _ = writeln!(out, "<p><strong>{}:</strong> {}</p>", report::HALF_CLOSED.text.get(lang), escape(words));
    }
    for (title, lines) in told.closing(lang) {
        let items: Vec<String> = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
        let _ = write!(out, "<p><strong>{title}</strong></p>\n<ul>{}</ul>\n", items.concat());
    }
    let legend: Vec<String> =
        told.legend("●", "✓", None, lang).iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    let _ = writeln!(out, "<ul class=\"faint\">{}</ul>", legend.concat());
    out
}

fn timeline_row(row: &Row, told: &Told, tcp: bool, lang: Lang) -> String {
    let way = row.way();
    let passing = row.passing(lang);
    let way = if passing.is_empty() { way.to_owned() } else { format!("{way} {passing}") };
    let half = if told.half_closed(row.frame) { " class=\"half\"" } else { "" };
    let mut out = format!(
        "<tr{half}>{}{}{}{}",
        cell("td", &row.frame.to_string()),
        cell("td", &row.millis(lang)),
        cell("td", &way),
        cell("td", &row.flags())
    );
    let (seq, ack) = row.numbers();
    if tcp {
        out.push_str(&[seq, ack].map(|number| cell("td", &number)).concat());
    }
    out.push_str(&cell("td", &row.length()));
    if tcp {
        let states = [Side::Client, Side::Server].map(|side| match row.marked(side, "●", "✓") {
            Some((mark, name)) if !mark.is_empty() => format!("<strong>{mark}&#160;{name}</strong>"),
            Some((_, name)) => name.to_owned(),
            None => String::new(),
        });
        let _ = write!(out, "<td>{}</td>", states.join("<br>"));
    }
    let _ = write!(out, "<td>{}</td></tr>", note(row, lang));
    out
}

fn note(row: &Row, lang: Lang) -> String {
    let mut parts: Vec<String> = row.said().map(|said| format!("<code>{}</code>", escape(&said))).into_iter().collect();
    let sure = match row.certainty {
        Some(Certainty::Certain) | None => String::new(),
        Some(sure) => format!(" ({})", certainty(sure, lang)),
    };
    let names: Vec<String> = row.rules.iter().map(|name| format!("<code class=\"rule\">{name}</code>")).collect();
    parts.push(format!("{}{sure} {}", escape(row.note.as_deref().unwrap_or_default()), names.join(" ")));
    parts.extend(row.claims.iter().map(claim));
    parts.join("<br>")
}

fn claim(remark: &Remark) -> String {
    format!(
        "<em>{}</em><br><strong>{}:</strong> {}",
        escape(&remark.says),
        escape(&remark.verdict),
        escape(&remark.happened)
    )
}

/// What stands below everything: look-ups, remarks, claims, the question.
fn closing(story: &Story, lang: Lang) -> String {
    let mut out = String::new();
    let mut items = |title: &Message, items: Vec<String>| {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| format!("<li>{item}</li>")).collect();
            let _ = write!(out, "<h2>{}</h2>\n<ul>{}</ul>\n", title.text.get(lang), items.concat());
        }
    };
    items(&report::STORY, story.talk.iter().map(|sentence| escape(sentence)).collect());
    items(&report::COURSE, story.claims.iter().map(claim).collect());
    out.push_str(&paragraphs(&story.remarks));
    out.push_str(&paragraphs(&story.settings.iter().cloned().collect::<Vec<_>>()));
    if let Some((asks, answer)) = &story.question {
        let _ = writeln!(out, "<p><strong>{}:</strong> {}</p>", report::QUESTION.text.get(lang), escape(asks));
        if let Some(answer) = answer {
            let _ = writeln!(out, "<p><strong>{}:</strong> {}</p>", report::ANSWER.text.get(lang), escape(answer));
        }
    }
    out
}

/// Several demos side by side.
pub(super) fn comparison(demos: &[Vec<Comparison>; 2]) -> String {
    if demos[0].is_empty() {
        return String::new();
    }
    twice(|lang| {
        let demos = &demos[at(lang)];
        let header: Vec<String> =
            std::iter::once(String::new()).chain(demos.iter().map(|demo| demo.name.clone())).collect();
        let rows: Vec<String> = LABELS
            .iter()
            .enumerate()
            .map(|(row, label)| {
                let cells: Vec<String> = demos
                    .iter()
                    .map(|demo| {
                        let lines: Vec<String> = demo.cells[row].iter().map(|line| escape(line)).collect();
                        format!("<td>{}</td>", lines.join("<br>"))
                    })
                    .collect();
                format!("<tr><th scope=\"row\">{}</th>{}</tr>", escape(label.text.get(lang)), cells.concat())
            })
            .collect();
        format!(
            "<section><h2>{}</h2>\n{}</section>\n",
            report::COMPARISON.text.get(lang),
            table("comparison", &header, &rows)
        )
    })
}
