//! What there is to say about one capture, in one language and in no format yet.

use std::borrow::Cow;
use std::collections::HashMap;

use super::closing::{Labelled, Span, close_lines, in_short, span, verdict_words};
use super::course::{self, Remark};
use super::gather::{Chosen, Gather, Others, Timeline};
use super::kernel;
use super::programs::{self, CallRow, FindingTold, ProgramTold};
use super::row::Row;
use crate::annotate::verdict::verdict;
use crate::language::messages::report as say;
use crate::language::{Lang, Text, Value as Word, Values, numbers};
use crate::report::columns::{CONNECTION, ConnectionRow, PACKET};
use crate::report::ladder::Ladder;
use crate::report::text::safe;
use crate::report::value::Value;
use crate::report::{CaptureInfo, Ending, View};
use crate::track::{ConnId, Connection, Proto};
use crate::track::{Connections, connection::ClientBy};

/// Connections that people are shown unless they ask for more or fewer.
const LIST_ROWS: usize = 20;
/// Conversations of a demo that are told one by one.
const LIST_OF_FEW: usize = 4;
/// Rows where each is a line.
const MANY_ROWS: usize = 200;
/// Timelines with more rows than this explain the same thing only so often in full.
const SHORT_TIMELINE: usize = 40;
/// How often.
const FULL_NOTES: usize = 2;

/// A capture, told.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// For demos: name and title, and the lesson.
    pub heading: Option<(String, String)>,
    /// Source and counts.
    pub source: String,
    /// The settings of the machine, for live runs.
    pub settings: Option<String>,
    /// The connections, when there are several or they were asked for.
    pub list: Option<List>,
    /// The timelines.
    pub timelines: Vec<Told>,
    /// Look-ups, the connections that followed, requests with their answers.
    pub talk: Vec<String>,
    /// The packets as a diagram, for the formats that draw it.
    pub ladder: Option<Ladder>,
    /// A table of chosen columns in the place of all that.
    pub chosen: Option<Grid>,
    /// What went wrong in the programs.
    pub findings: Vec<FindingTold>,
    /// The programs, their ends and what they wrote.
    pub programs: Vec<ProgramTold>,
    /// Their calls, where no connection is shown that they could stand beside.
    pub calls: Vec<CallRow>,
    /// Further lines: what was left out, what else there was.
    pub remarks: Vec<String>,
    /// What course texts claim and no packet shown stands for.
    pub claims: Vec<Remark>,
    /// The question that closes the view, and its answer where it is asked for.
    pub question: Option<(String, Option<String>)>,
}

/// Text cells under a header.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The titles.
    pub header: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

/// The list of connections, cut to what reads well.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The connections shown.
    pub rows: Vec<ListRow>,
}

/// A connection in a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// `tcp:0`.
    pub id: ConnId,
    /// Address and port.
    pub client: String,
    /// Address and port.
    pub server: String,
    /// From the first to the last packet.
    pub duration: String,
    /// Packets in both directions.
    pub packets: String,
    /// Payload by direction.
    pub bytes: String,
    /// The close in short.
    pub close: String,
    /// The sentence.
    pub verdict: String,
    /// What it rests on.
    pub basis: String,
}

impl List {
    /// What stands above its columns.
    #[must_use]
    pub fn titles(lang: Lang) -> [&'static str; 8] {
        [
            &say::COL_CONN,
            &say::CLIENT,
            &say::SERVER,
            &say::COL_DURATION,
            &say::COL_PACKETS,
            &say::COL_BYTES,
            &say::COL_CLOSE,
            &say::COL_VERDICT,
        ]
        .map(|title| title.text.get(lang))
    }
}

impl ListRow {
    /// Its cells, in the order of the titles.
    #[must_use]
    pub fn cells(&self) -> [String; 8] {
        let verdict = format!("{} {}", self.verdict, self.basis);
        let [client, server] = [&self.client, &self.server].map(Clone::clone);
        let [duration, packets, bytes, close] =
            [&self.duration, &self.packets, &self.bytes, &self.close].map(Clone::clone);
        [self.id.to_string(), client, server, duration, packets, bytes, close, verdict]
    }
}

/// The timeline of one connection.
#[derive(Clone, Debug)]
pub struct Told {
    /// `tcp:0`.
    pub id: ConnId,
    /// Address and port.
    pub client: String,
    /// Address and port.
    pub server: String,
    /// How the client was told, when not by its SYN.
    pub client_by: Option<&'static str>,
    /// The sentence.
    pub verdict: String,
    /// What it rests on.
    pub basis: String,
    /// Its packets, the left-out ones as a gap.
    pub lines: Vec<Line>,
    /// The calls after the last packet.
    pub calls: Vec<CallRow>,
    /// The half-closed time, or why there was none.
    pub half: Option<Result<Span, String>>,
    /// Who closed first, and so on.
    pub close: Vec<Labelled>,
    /// The states of each end by the kernel's own word, and whether they go with the packets; empty where it was not
    /// asked.
    pub kernel: Vec<Labelled>,
}

/// One line of a timeline.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly every line is a row")]
pub enum Line {
    /// A packet.
    Row(Row),
    /// Packets that are not shown.
    Gap(String),
}

impl Told {
    /// The packets shown.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.lines.iter().filter_map(|line| match line {
            Line::Row(row) => Some(row),
            Line::Gap(_) => None,
        })
    }

    /// The half-closed time, when it has an extent that can be drawn.
    #[must_use]
    pub fn drawn_span(&self) -> Option<&Span> {
        self.half.as_ref()?.as_ref().ok().filter(|span| span.from < span.to)
    }

    /// True when the frame lies in the half-closed time, the FINs included.
    #[must_use]
    pub fn half_closed(&self, frame: u64) -> bool {
        matches!(&self.half, Some(Ok(span)) if (span.from..=span.to).contains(&frame))
    }

    /// The sentences about the half-closed time, or about why there was none.
    #[must_use]
    pub fn half_words(&self) -> Option<&str> {
        self.half.as_ref().map(|half| half.as_ref().map_or_else(String::as_str, |span| span.words.as_str()))
    }

    /// How it was closed and what the kernel said, as titled lists; without those that are empty.
    #[must_use]
    pub fn closing(&self, lang: Lang) -> Vec<(&'static str, Vec<String>)> {
        let line = |(label, words): &Labelled| {
            let colon = if label.is_empty() { "" } else { ": " };
            format!("{label}{colon}{words}")
        };
        [(&say::CLOSE, &self.close), (&say::KERNEL, &self.kernel)]
            .into_iter()
            .filter(|(_, texts)| !texts.is_empty())
            .map(|(title, texts)| (title.text.get(lang), texts.iter().map(line).collect()))
            .collect()
    }

    /// True when what stands before the frame lies in that time.
    #[must_use]
    pub fn half_closed_before(&self, frame: u64) -> bool {
        self.half_closed(frame) && frame.checked_sub(1).is_some_and(|before| self.half_closed(before))
    }

    /// The sentences that explain signs and numbers; `change`, `confirmed` and `half` are the marks that the format uses.
    #[must_use]
    pub fn legend(&self, change: &str, confirmed: &str, half: Option<&str>, lang: Lang) -> Vec<String> {
        let mut legend = Vec::new();
        if self.id.proto == Proto::Tcp {
            legend.push(say::LEGEND_STATES.text.fill(lang, &Values::none().words("mark", change.to_owned())));
            if self.kernel.iter().any(|(end, _)| !end.is_empty()) {
                legend.push(say::LEGEND_KERNEL.text.fill(lang, &Values::none().words("mark", confirmed.to_owned())));
            }
            legend.push(say::LEGEND_NUMBERS.text.get(lang).to_owned());
        } else {
            legend.push(say::LEGEND_NUMBERS_UDP.text.get(lang).to_owned());
        }
        if self.rows().any(|row| row.passage.is_some()) {
            legend.push(say::LEGEND_WIRE.text.get(lang).to_owned());
        }
        if !self.calls.is_empty() || self.rows().any(|row| !row.calls.is_empty()) {
            legend.push(say::LEGEND_CALLS.text.get(lang).to_owned());
        }
        if let Some(mark) = half.filter(|_| matches!(self.half, Some(Ok(_)))) {
            legend.push(say::LEGEND_HALF.text.fill(lang, &Values::none().words("mark", mark.to_owned())));
        }
        if self.rows().any(|row| !row.rules.is_empty()) {
            legend.push(say::LEGEND_RULES.text.get(lang).to_owned());
        }
        legend
    }
}

impl Story {
    /// Tells what was gathered.
    #[must_use]
    pub fn new(info: &CaptureInfo, all: &Connections<'_>, ending: &Ending, mut gathered: Gather, view: &View) -> Story {
        let lang = view.lang;
        let mut story = Story { source: source(info, all.len(), ending, view), ..Story::default() };
        story.heading = info.heading.as_ref().map(|heading| {
            let name = heading.variant.map_or_else(|| heading.name.to_owned(), |v| format!("{} / {v}", heading.name));
            (format!("{name}: {}", heading.title.get(lang)), heading.lesson.get(lang).to_owned())
        });
        story.settings = info.settings.as_ref().map(|settings| {
            let tcp = settings.tcp.iter().map(|(name, value)| format!("{name}={value}"));
            let words = std::iter::once(settings.kernel.clone()).chain(tcp).collect::<Vec<_>>().join(" · ");
            say::SETTINGS.text.fill(lang, &Values::none().words("settings", safe(&words)))
        });
        story.remarks.extend(counted(info, lang));
        match (&view.columns, view.selection.connections) {
            (Some(keys), true) => story.choose_connections(keys, all, view),
            (Some(keys), false) => story.choose_packets(keys, &gathered.chosen, lang),
            (None, true) => story.list(all, view),
            (None, false) => {
                story.calls = gathered.end_calls();
                story.findings = programs::findings(ending, lang);
                story.programs = programs::programs(ending, lang);
                story.timelines(info, all, gathered, view);
                story.course(info, lang);
            }
        }
        story
    }

    /// The connections as a list, also where the story has none because there is only one.
    pub(in crate::report) fn connections(&self, all: &Connections<'_>, lang: Lang) -> Vec<ListRow> {
        match &self.list {
            Some(list) => list.rows.clone(),
            None => all.iter().take(LIST_ROWS).map(|conn| list_row(&conn, lang)).collect(),
        }
    }

    /// The claims beside their packets, and the question.
    fn course(&mut self, info: &CaptureInfo, lang: Lang) {
        let Some(heading) = &info.heading else { return };
        self.claims = course::place(heading.claims, &mut self.timelines, lang);
        self.question = heading.question.map(|question| {
            let answer = heading.answers.then(|| question.answer.get(lang).to_owned());
            (question.asks.get(lang).to_owned(), answer)
        });
    }

    fn choose_connections(&mut self, keys: &[&'static str], all: &Connections<'_>, view: &View) {
        let columns: Vec<_> =
            keys.iter().filter_map(|key| CONNECTION.iter().find(|column| column.key == *key)).collect();
        let rows = all.iter().take(view.limit.unwrap_or(LIST_ROWS)).map(|conn| {
            let row = ConnectionRow::new(&conn, view.lang);
            columns.iter().map(|column| cell(&(column.get)(&row), view.lang)).collect()
        });
        self.chosen = Some(Grid { header: titles(columns.iter().map(|c| &c.title), view.lang), rows: rows.collect() });
        self.say_list_cut(all, view);
    }

    fn choose_packets(&mut self, keys: &[&'static str], chosen: &Chosen, lang: Lang) {
        let columns = keys.iter().filter_map(|key| PACKET.iter().find(|column| column.key == *key));
        let shown = chosen.rows.len() as u64;
        let rows = chosen.rows.iter().map(|row| row.iter().map(|value| cell(value, lang)).collect());
        self.chosen = Some(Grid { header: titles(columns.map(|column| &column.title), lang), rows: rows.collect() });
        if shown < chosen.total {
            self.remarks.push(say::ROWS_CUT.text.fill(lang, &cut(shown, chosen.total)));
        }
    }

    fn list(&mut self, all: &Connections<'_>, view: &View) {
        if all.is_empty() {
            let values = Values::none().with("n", Word::Count(all.in_all() as u64));
            let message = if all.in_all() > 0 { &say::NONE_LEFT } else { &say::NO_CONNECTIONS };
            self.remarks.push(message.text.fill(view.lang, &values));
            return;
        }
        if self.heading.is_some() && all.len() > LIST_OF_FEW {
            return self.list_of_many(all, view);
        }
        let shown = all.iter().take(view.limit.unwrap_or(LIST_ROWS));
        self.list = Some(List { rows: shown.map(|conn| list_row(&conn, view.lang)).collect() });
        self.say_list_cut(all, view);
    }

    /// The many clients of a demo do the same: a line for each conversation, those of one client together, and each
    /// kind of ending told once.
    fn list_of_many(&mut self, all: &Connections<'_>, view: &View) {
        let mut sorted: Vec<_> = all.iter().collect();
        let mut place = HashMap::new();
        for (index, conn) in sorted.iter().enumerate() {
            place.entry((conn.id.proto, conn.client)).or_insert(index);
        }
        sorted.sort_by_key(|conn| place.get(&(conn.id.proto, conn.client)).copied());
        let limit = view.limit.unwrap_or(MANY_ROWS);
        let rows = sorted.iter().take(limit).map(|conn| {
            let row = list_row(conn, view.lang);
            ListRow { verdict: String::new(), basis: String::new(), ..row }
        });
        self.list = Some(List { rows: rows.collect() });
        self.say_cut(limit, all, view);
        let mut kinds: Vec<(&str, u64, Cow<'_, Connection>)> = Vec::new();
        for conn in all.iter() {
            let rule = verdict(&conn).rule.name;
            match kinds.iter_mut().find(|(known, ..)| *known == rule) {
                Some((_, n, _)) => *n += 1,
                None => kinds.push((rule, 1, conn)),
            }
        }
        for (_, n, conn) in kinds {
            let (sentence, basis) = verdict_words(&verdict(&conn), view.lang);
            let values = Values::none()
                .with("n", Word::Count(n))
                .words("conn", conn.id.to_string())
                .words("verdict", sentence)
                .words("basis", basis);
            self.remarks.push(say::ALIKE.text.fill(view.lang, &values));
        }
    }

    fn say_list_cut(&mut self, all: &Connections<'_>, view: &View) {
        self.say_cut(view.limit.unwrap_or(LIST_ROWS), all, view);
    }

    fn say_cut(&mut self, shown: usize, all: &Connections<'_>, view: &View) {
        if shown < all.len() {
            self.remarks.push(say::LIST_CUT.text.fill(view.lang, &cut(shown as u64, all.len() as u64)));
        }
    }

    fn timelines(&mut self, info: &CaptureInfo, all: &Connections<'_>, gathered: Gather, view: &View) {
        let lang = view.lang;
        if all.len() != 1 && view.selection.only.is_empty() {
            self.list(all, view);
        }
        if let (true, Some(first)) = (gathered.several, all.ids().first()) {
            let name = example(*first, all);
            self.remarks.push(say::LIST_HINT.text.fill(lang, &Values::none().words("conn", name)));
            if self.heading.is_some() {
                self.remarks.push(say::INTERLEAVED_HINT.text.get(lang).to_owned());
            }
        }
        self.remarks.extend(others(gathered.others, all.in_all() > 0, lang));
        let start = gathered.start();
        for timeline in gathered.timelines {
            if let Some(conn) = all.find(timeline.conn) {
                let mut told = told(&conn, timeline, lang);
                kernel::place(&info.testimony, &mut told, start, lang);
                kernel::place_resets(&info.resets, &mut told, lang);
                self.timelines.push(told);
            }
        }
    }
}

/// How one connection is asked for: by its number, with the protocol where the number alone could mean two.
fn example(id: ConnId, all: &Connections<'_>) -> String {
    let ambiguous = all.ids().iter().any(|other| other.proto != id.proto);
    if ambiguous { id.to_string() } else { id.index.to_string() }
}

fn cut(shown: u64, total: u64) -> Values {
    Values::none()
        .with("shown", Word::Count(shown))
        .with("total", Word::Count(total))
        .with("limit", Word::Number(total))
}

fn titles<'a>(titles: impl Iterator<Item = &'a Text>, lang: Lang) -> Vec<String> {
    titles.map(|title| title.get(lang).to_owned()).collect()
}

/// A value as people read it.
fn cell(value: &Value, lang: Lang) -> String {
    match (value, lang) {
        (Value::Seconds(_), Lang::Id) => value.plain().replace('.', ","),
        _ => safe(&value.plain()),
    }
}

fn source(info: &CaptureInfo, connections: usize, ending: &Ending, view: &View) -> String {
    // Of a selection the number of all connections is not known here.
    let known = view.selection.only.is_empty().then_some(connections);
    source_line(&info.source, known, ending, view.lang)
}

/// Where the packets come from and how many there are.
pub(in crate::report) fn source_line(source: &str, connections: Option<usize>, ending: &Ending, lang: Lang) -> String {
    let values = Values::none().words("source", safe(source)).with("packets", Word::Count(ending.packets));
    let mut line = say::SOURCE_LINE.text.fill(lang, &values);
    if let Some(connections) = connections {
        let values = Values::none().with("connections", Word::Count(connections as u64));
        line.push_str(" · ");
        line.push_str(&say::SOURCE_CONNECTIONS.text.fill(lang, &values));
    }
    if let Some(dropped) = ending.dropped.filter(|dropped| *dropped > 0) {
        line.push_str(" · ");
        line.push_str(&say::DROPPED.text.fill(lang, &Values::none().with("n", Word::Count(dropped))));
    }
    line
}

/// What the kernels counted.
fn counted(info: &CaptureInfo, lang: Lang) -> Option<String> {
    let list = kernel::counted(info, lang);
    let message = if list.iter().all(|(who, _)| who.is_none()) { &say::COUNTED_ONE } else { &say::COUNTED };
    let list = kernel::counted_words(&list);
    (!list.is_empty()).then(|| message.text.fill(lang, &Values::none().words("list", list)))
}

fn others(others: Others, beside_connections: bool, lang: Lang) -> Option<String> {
    let kinds = [("ARP", others.arp), ("ICMP", others.icmp), (say::OTHER_KIND.text.get(lang), others.other)];
    let list: Vec<String> =
        kinds.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {}", numbers::count(lang, *n))).collect();
    let message = if beside_connections { &say::OTHERS } else { &say::OTHERS_ALONE };
    (!list.is_empty()).then(|| message.text.fill(lang, &Values::none().words("list", list.join(", "))))
}

fn list_row(conn: &Connection, lang: Lang) -> ListRow {
    let (verdict, basis) = verdict_words(&verdict(conn), lang);
    ListRow {
        id: conn.id,
        client: conn.client.to_string(),
        server: conn.server.to_string(),
        duration: conn.duration_ns().map_or_else(|| "?".to_owned(), |ns| numbers::duration(lang, ns)),
        packets: numbers::count(lang, conn.packets[0] + conn.packets[1]),
        bytes: format!("{} / {}", numbers::count(lang, conn.bytes[0]), numbers::count(lang, conn.bytes[1])),
        close: in_short(conn, lang),
        verdict,
        basis,
    }
}

/// In a long timeline, an explanation that was given twice becomes its title and the frame where it stands in full.
fn shorten_repeats(rows: &mut [Row], lang: Lang) {
    let mut given: HashMap<&'static str, (usize, u64)> = HashMap::new();
    for row in rows {
        let (Some(rule), Some(title)) = (row.rules.first(), row.title) else { continue };
        let (times, frame) = given.entry(rule).or_insert((0, row.frame));
        *times += 1;
        if *times <= FULL_NOTES {
            *frame = row.frame;
        } else {
            let values = Values::none().with("title", Word::Text(title)).with("frame", Word::Number(*frame));
            row.note = Some(say::AS_BEFORE.text.fill(lang, &values));
        }
    }
}

fn told(conn: &Connection, mut timeline: Timeline, lang: Lang) -> Told {
    let (verdict, basis) = verdict_words(&verdict(conn), lang);
    let client_by = match conn.client_by {
        ClientBy::Syn => None,
        ClientBy::SynAck => Some(&say::CLIENT_BY_SYN_ACK),
        ClientBy::Port => Some(&say::CLIENT_BY_PORT),
        ClientBy::First => Some(&say::CLIENT_BY_FIRST),
        ClientBy::Request => Some(&say::CLIENT_BY_REQUEST),
    };
    let close = close_lines(conn, &timeline.close, timeline.close_cut, lang);
    let left_out = timeline.left_out();
    if timeline.head.len() + timeline.tail.len() > SHORT_TIMELINE {
        let head = timeline.head.len();
        let mut rows: Vec<Row> = timeline.head.drain(..).chain(timeline.tail.drain(..)).collect();
        shorten_repeats(&mut rows, lang);
        timeline.tail = rows.split_off(head).into();
        timeline.head = rows;
    }
    let values = Values::none().with("n", Word::Count(left_out)).with("limit", Word::Number(timeline.total));
    let gap = (left_out > 0).then(|| Line::Gap(say::GAP.text.fill(lang, &values)));
    let tail = timeline.tail.into_iter().map(Line::Row);
    Told {
        id: conn.id,
        client: conn.client.to_string(),
        server: conn.server.to_string(),
        client_by: client_by.map(|message| message.text.get(lang)),
        verdict,
        basis,
        lines: timeline.head.into_iter().map(Line::Row).chain(gap).chain(tail).collect(),
        calls: timeline.calls,
        half: span(conn, lang),
        close,
        kernel: Vec::new(),
    }
}
