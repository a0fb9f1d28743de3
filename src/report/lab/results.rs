//! The results: tables and figures of what was captured, without what it means. With the teacher's key they say that too.

use super::content::{Told, Writer};
use super::document::{Block, Column, Picture, Piece, Table, Words, code, fitted, plain, right, words};
use crate::annotate::Certainty;
use crate::language::Values;
use crate::language::messages::{Message, lab as say, report};
use crate::report::ladder::Ladder;
use crate::report::people::closing::certainty;
use crate::report::people::programs::CallRow;
use crate::report::people::row::Row;
use crate::report::people::story::{Line, Told as Timeline};
use crate::track::{Proto, Side};

/// All results.
pub(super) fn results(told: &Told<'_>, writer: &mut Writer) {
    writer.section(&say::RESULTS);
    writer.hint(&say::RESULTS_HINT);
    connections(told, writer);
    for timeline in &told.story.timelines {
        packets(told, timeline, writer);
    }
    if told.story.timelines.is_empty() {
        interleaved(told, writer);
    }
    lines(told, writer);
    calls(told, writer);
    story(told, writer);
    findings(told, writer);
    for remark in &told.story.remarks {
        writer.add(Block::Words(plain(remark.clone())));
    }
    for program in &told.story.programs {
        let caption = say::FIGURE_OUTPUT.text.fill(told.lang, &Values::none().words("program", program.line.clone()));
        let nothing = vec![told.text(&say::NOTHING_WRITTEN)];
        let lines = if program.output.is_empty() { nothing } else { program.output.clone() };
        writer.figure(&caption, Picture::Lines(lines));
    }
    if let Some(ladder) = told.story.ladder.as_ref().filter(|ladder| !ladder.arrows.is_empty()) {
        let ladder = if told.experiment.key { ladder.clone() } else { unexplained(ladder) };
        let remarks: Vec<String> = ladder.remarks.iter().cloned().chain([ladder.legend(told.lang)]).collect();
        writer.figure(say::FIGURE_LADDER.text.get(told.lang), Picture::Ladder(Box::new(ladder)));
        for remark in remarks {
            writer.add(Block::Words(plain(remark)));
        }
    }
}

/// A ladder without what is the student's to find out: what each packet is about, and the half-closed time.
fn unexplained(ladder: &Ladder) -> Ladder {
    let mut ladder = ladder.clone();
    ladder.spans.clear();
    for arrow in &mut ladder.arrows {
        arrow.row.title = None;
        arrow.row.note = None;
    }
    ladder
}

/// Every connection with its ends and sizes; how it was closed is in the key.
fn connections(told: &Told<'_>, writer: &mut Writer) {
    let list = told.story.connections(told.connections, told.lang);
    if list.is_empty() {
        return;
    }
    let title = |message: &Message| message.text.get(told.lang);
    let mut columns = vec![
        words(title(&report::COL_CONN), 100),
        words(title(&report::CLIENT), 240),
        words(title(&report::SERVER), 240),
        right(title(&report::COL_DURATION), 120),
        right(title(&report::COL_PACKETS), 100),
        right(title(&report::COL_BYTES), 200),
    ];
    if told.experiment.key {
        columns.push(words(title(&report::COL_CLOSE), 200));
    }
    let rows = list.iter().map(|row| {
        let mut cells = vec![plain(row.id.to_string()), code(&row.client), code(&row.server)];
        cells.extend([&row.duration, &row.packets, &row.bytes].map(|cell| plain(cell.clone())));
        if told.experiment.key {
            cells.push(plain(row.close.clone()));
        }
        cells
    });
    let table = Table { rows: rows.collect(), columns, ..Table::default() };
    writer.table(say::TABLE_CONNECTIONS.text.get(told.lang), table);
}

/// The packets of one connection.
fn packets(told: &Told<'_>, timeline: &Timeline, writer: &mut Writer) {
    let tcp = timeline.id.proto == Proto::Tcp;
    let wire = timeline.rows().any(|row| row.passage.is_some());
    let columns = columns(told, tcp, wire);
    let rows = timeline.lines.iter().map(|line| match line {
        Line::Row(row) => cells(told, row, tcp, wire),
        Line::Gap(gap) => {
            let mut cells = vec![Words::new(); columns.len()];
            cells[0] = plain("⋮");
            cells[columns.len() - 1] = plain(gap.clone());
            cells
        }
    });
    let values = Values::none()
        .words("conn", timeline.id.to_string())
        .words("client", timeline.client.clone())
        .words("server", timeline.server.clone());
    let caption = say::TABLE_PACKETS.text.fill(told.lang, &values);
    let rows: Vec<Vec<Words>> = rows.collect();
    let columns = fitted(columns, &rows);
    writer.table(&caption, Table { columns, rows, to_fill: true, caption: None });
    let by = timeline.client_by.map(str::to_owned);
    let confirmed = timeline.rows().any(|row| row.confirmed != [false; 2]).then(|| told.text(&say::CONFIRMED));
    for remark in by.into_iter().chain(confirmed) {
        writer.add(Block::Words(plain(remark)));
    }
}

fn columns(told: &Told<'_>, tcp: bool, wire: bool) -> Vec<Column> {
    let title = |message: &Message| message.text.get(told.lang);
    let mut columns = vec![
        right(title(&report::COL_NUMBER), 45),
        right(title(&report::COL_MILLIS), 80),
        words(title(&report::COL_WAY), 75),
    ];
    if wire {
        columns.push(right(title(&report::COL_PASSING), 80));
    }
    columns.push(words(title(&report::COL_FLAGS), 80));
    if tcp {
        columns.extend([right(title(&report::COL_SEQ), 55), right(title(&report::COL_ACK), 55)]);
    }
    columns.push(right(title(&report::COL_LEN), 50));
    columns.push(words(title(&report::COL_DATA), if tcp { 140 } else { 300 }));
    if tcp {
        columns.push(words(title(&say::COL_STATES), 205));
    }
    let left = 1000_u16.saturating_sub(columns.iter().map(|column| column.share).sum());
    columns.push(words(title(&say::COL_MEANING), left));
    columns
}

fn cells(told: &Told<'_>, row: &Row, tcp: bool, wire: bool) -> Vec<Words> {
    let way = row.way().replace(' ', "\u{a0}");
    let mut cells = vec![plain(row.frame.to_string()), plain(row.millis(told.lang)), plain(way)];
    if wire {
        cells.push(plain(row.passing(told.lang)));
    }
    cells.push(plain(row.flags()));
    let (seq, ack) = row.numbers();
    if tcp {
        cells.extend([plain(seq), plain(ack)]);
    }
    cells.push(plain(row.length()));
    cells.push(row.said().map_or_else(Words::new, |said| code(&said)));
    if tcp {
        cells.push(states(row));
    }
    cells.push(Words::new());
    cells
}

/// The packets of several connections in the order of time: those of the figure, which has their states.
fn interleaved(told: &Told<'_>, writer: &mut Writer) {
    let rows: Vec<Vec<Words>> = told
        .drawn()
        .map(|arrow| {
            let row = &arrow.row;
            let (seq, ack) = row.numbers();
            let way = row.way().replace(' ', "\u{a0}");
            let mut cells: Vec<Words> = [
                row.frame.to_string(),
                row.millis(told.lang),
                arrow.conn.to_string(),
                way,
                row.flags(),
                seq,
                ack,
                row.length(),
            ]
            .map(plain)
            .to_vec();
            cells.push(row.said().map_or_else(Words::new, |said| code(&said)));
            cells.push(Words::new());
            cells
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let title = |message: &Message| message.text.get(told.lang);
    let columns = vec![
        right(title(&report::COL_NUMBER), 50),
        right(title(&report::COL_MILLIS), 90),
        words(title(&report::COL_CONN), 80),
        words(title(&report::COL_WAY), 75),
        words(title(&report::COL_FLAGS), 90),
        right(title(&report::COL_SEQ), 60),
        right(title(&report::COL_ACK), 60),
        right(title(&report::COL_LEN), 55),
        words(title(&report::COL_DATA), 200),
        words(title(&say::COL_MEANING), 240),
    ];
    let columns = fitted(columns, &rows);
    let table = Table { columns, rows, to_fill: true, caption: None };
    writer.table(say::TABLE_INTERLEAVED.text.get(told.lang), table);
}

/// The states of both ends, one under the other.
fn states(row: &Row) -> Words {
    let mut out = Words::new();
    for (side, letter) in [(Side::Client, "C"), (Side::Server, "S")] {
        let Some((mark, name)) = row.marked(side, "*", "✓") else { continue };
        if !out.is_empty() {
            out.push(Piece::Break);
        }
        out.push(Piece::Text(format!("{letter}:\u{a0}")));
        out.push(if mark.is_empty() { Piece::Text(name.to_owned()) } else { Piece::Strong(name.to_owned()) });
        if mark == "✓" {
            out.push(Piece::Text("\u{a0}✓".to_owned()));
        }
    }
    out
}

/// For the teacher: what the other formats say of each packet.
pub(super) fn explanations(told: &Told<'_>) -> Option<Table> {
    let rows: Vec<Vec<Words>> = told
        .rows()
        .into_iter()
        .filter(|row| row.note.is_some())
        .map(|row| vec![plain(row.frame.to_string()), plain(row.flags()), explained(told, row)])
        .collect();
    let title = |message: &Message| message.text.get(told.lang);
    let columns = vec![
        right(title(&report::COL_NUMBER), 60),
        words(title(&report::COL_FLAGS), 120),
        words(title(&report::COL_NOTE), 820),
    ];
    (!rows.is_empty()).then_some(Table { columns, rows, ..Table::default() })
}

fn explained(told: &Told<'_>, row: &Row) -> Words {
    let mut out = plain(row.note.clone().unwrap_or_default());
    if let Some(sure) = row.certainty.filter(|sure| *sure != Certainty::Certain) {
        out.push(Piece::Text(format!(" ({})", certainty(sure, told.lang))));
    }
    for rule in &row.rules {
        out.extend([Piece::Text(" ".to_owned()), Piece::Code((*rule).to_owned())]);
    }
    out
}

/// Some packets as packet analysers print them, with what the table of packets has no room for: options, windows.
fn lines(told: &Told<'_>, writer: &mut Writer) {
    if told.seen.lines.is_empty() {
        return;
    }
    let title = |message: &Message| message.text.get(told.lang);
    let columns = vec![right(title(&report::COL_NUMBER), 60), words(title(&say::COL_LINE), 940)];
    let rows = told.seen.lines.iter().map(|(frame, line)| vec![plain(frame.to_string()), code(line)]);
    let table = Table { rows: rows.collect(), columns, ..Table::default() };
    writer.table(say::TABLE_LINES.text.get(told.lang), table);
}

/// The calls of the programs, whatever connection they belong to, in the order of time.
fn calls(told: &Told<'_>, writer: &mut Writer) {
    let mut calls: Vec<&CallRow> = told.story.calls.iter().collect();
    for timeline in &told.story.timelines {
        calls.extend(timeline.rows().flat_map(|row| &row.calls).chain(&timeline.calls));
    }
    if calls.is_empty() {
        return;
    }
    calls.sort_by_key(|call| call.rel);
    let title = |message: &Message| message.text.get(told.lang);
    let columns = vec![
        right(title(&report::COL_MILLIS), 100),
        words(title(&say::COL_WHO), 70),
        words(title(&say::COL_CALL), 830),
    ];
    let rows = calls.iter().map(|call| vec![plain(call.millis(told.lang)), plain(call.letter()), code(&call.words)]);
    let table = Table { rows: rows.collect(), columns, ..Table::default() };
    writer.table(say::TABLE_CALLS.text.get(told.lang), table);
}

/// What was found in the programs, which is what `run` is for.
fn findings(told: &Told<'_>, writer: &mut Writer) {
    if told.story.findings.is_empty() {
        return;
    }
    let title = |message: &Message| message.text.get(told.lang);
    let columns = vec![words(title(&say::COL_LEVEL), 150), words(title(&say::COL_FINDING), 850)];
    let rows = told
        .story
        .findings
        .iter()
        .map(|finding| vec![plain(finding.label), plain(format!("{} {}", finding.sentence, finding.basis))]);
    let table = Table { rows: rows.collect(), columns, ..Table::default() };
    writer.table(say::TABLE_FINDINGS.text.get(told.lang), table);
}

/// Look-ups, connections and requests of a page load.
fn story(told: &Told<'_>, writer: &mut Writer) {
    if told.story.talk.is_empty() {
        return;
    }
    let columns = vec![words(say::COL_STORY.text.get(told.lang), 1000)];
    let rows = told.story.talk.iter().map(|sentence| vec![plain(sentence.clone())]).collect();
    writer.table(say::TABLE_STORY.text.get(told.lang), Table { columns, rows, ..Table::default() });
}
