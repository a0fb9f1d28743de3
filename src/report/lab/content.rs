//! What stands in each section of a lab report.

use super::document::{Block, Document, Piece, Table, Words, code, marked, numbered, plain, words as column};
use super::questions::questions;
use super::seen::Seen;
use super::{Experiment, Kind, results, sources};
use crate::annotate::terms::{Entry, find};
use crate::frame::Time;
use crate::language::messages::{Message, lab as say, report};
use crate::language::{Lang, Value, Values, numbers};
use crate::report::ladder::Arrow;
use crate::report::people::kernel;
use crate::report::people::row::Row;
use crate::report::people::story::{Story, Told as Timeline, source_line};
use crate::report::text::safe;
use crate::report::{CaptureInfo, Ending};
use crate::track::{Connections, Proto, Side};

/// Rows of the table for the prediction.
const EXPECTED: usize = 8;

/// All that a report is made of.
pub(super) struct Told<'a> {
    pub(super) story: &'a Story,
    pub(super) info: &'a CaptureInfo,
    pub(super) ending: &'a Ending,
    pub(super) connections: &'a Connections<'a>,
    pub(super) seen: &'a Seen,
    pub(super) experiment: &'a Experiment,
    pub(super) lang: Lang,
    /// How the name of the report's file ends: `md`.
    pub(super) ending_of_file: &'static str,
}

/// A document under way, with the numbers of its tables and figures.
pub(super) struct Writer {
    pub(super) document: Document,
    lang: Lang,
    tables: usize,
    figures: usize,
}

impl Writer {
    pub(super) fn section(&mut self, title: &Message) {
        self.document.section(title.text.get(self.lang));
    }

    pub(super) fn add(&mut self, block: Block) {
        self.document.add(block);
    }

    pub(super) fn hint(&mut self, message: &Message) {
        self.add(Block::Hint(marked(message.text.get(self.lang))));
    }

    /// A table with the next number.
    pub(super) fn table(&mut self, caption: &str, table: Table) {
        self.tables += 1;
        let caption = numbered(report::TABLE_NAME.text.get(self.lang), self.tables, caption, self.lang);
        self.add(Block::Table(Table { caption: Some(caption), ..table }));
    }

    /// A figure with the next number.
    pub(super) fn figure(&mut self, caption: &str, picture: super::document::Picture) {
        self.figures += 1;
        let caption = numbered(report::FIGURE_NAME.text.get(self.lang), self.figures, caption, self.lang);
        self.add(Block::Figure(caption, picture));
    }
}

impl Told<'_> {
    /// The whole report.
    pub(super) fn document(&self) -> Document {
        let text = |message: &Message| message.text.get(self.lang).to_owned();
        let key = self.experiment.key.then(|| (text(&say::KEY), text(&say::KEY_WARNING)));
        let fields = [&say::NAME, &say::NUMBER, &say::CLASS, &say::COURSE, &say::LECTURER, &say::DATE];
        let version = Values::none().words("version", env!("CARGO_PKG_VERSION"));
        let document = Document {
            kind: text(&say::TITLE),
            title: self.title(),
            key,
            fields: fields.map(text).to_vec(),
            made_by: if self.experiment.key { &say::MADE_BY_KEY } else { &say::MADE_BY }.text.fill(self.lang, &version),
            ..Document::default()
        };
        let mut writer = Writer { document, lang: self.lang, tables: 0, figures: 0 };
        self.aims(&mut writer);
        self.theory(&mut writer);
        self.prediction(&mut writer);
        self.tools(&mut writer);
        self.steps(&mut writer);
        results::results(self, &mut writer);
        self.questions(&mut writer);
        for (title, hint, lines) in
            [(&say::ANALYSIS, &say::ANALYSIS_HINT, 10), (&say::CONCLUSION, &say::CONCLUSION_HINT, 6)]
        {
            writer.section(title);
            writer.hint(hint);
            writer.add(Block::Room(None, lines));
        }
        if self.experiment.key {
            self.verdicts(&mut writer);
        }
        writer.section(&say::REFERENCES);
        writer.add(Block::Items(sources::references(self.seen, self.lang)));
        writer.document
    }

    /// The packets that are shown: those of the connections that are told one by one, or else those that are drawn.
    pub(super) fn rows(&self) -> Vec<&Row> {
        let told: Vec<&Row> = self.story.timelines.iter().flat_map(Timeline::rows).collect();
        if told.is_empty() { self.drawn().map(|arrow| &arrow.row).collect() } else { told }
    }

    /// The packets of the figure.
    pub(super) fn drawn(&self) -> impl Iterator<Item = &Arrow> {
        self.story.ladder.iter().flat_map(|ladder| &ladder.arrows)
    }

    pub(super) fn text(&self, message: &Message) -> String {
        message.text.get(self.lang).to_owned()
    }

    /// The capture as its owner calls it: without the folders above it, which belong to one machine.
    fn source(&self) -> String {
        match self.experiment.kind {
            Kind::File => safe(self.info.source.rsplit('/').next().unwrap_or_default()),
            Kind::Demo | Kind::Run => safe(&self.info.source),
        }
    }

    fn title(&self) -> String {
        match (&self.info.heading, self.experiment.kind) {
            (Some(heading), _) => capitalised(heading.title.get(self.lang)),
            (None, Kind::Run) => self.text(&say::OF_RUN),
            (None, _) => say::OF_FILE.text.fill(self.lang, &Values::none().words("file", self.source())),
        }
    }

    fn aims(&self, writer: &mut Writer) {
        writer.section(&say::AIMS);
        writer.hint(&say::AIMS_HINT);
        let mut aims = Vec::new();
        if let Some(heading) = &self.info.heading {
            let title = Values::none().with("title", Value::Text(heading.title));
            aims.push(say::AIM_WATCH.text.fill(self.lang, &title));
            let lesson = Values::none().with("lesson", Value::Text(heading.lesson));
            aims.push(say::AIM_TEST.text.fill(self.lang, &lesson));
        }
        let fired = |name| self.seen.rule(name).is_some();
        let tcp = self.connections.ids().iter().any(|id| id.proto == Proto::Tcp);
        let wanted = [
            (self.experiment.kind == Kind::Run, &say::AIM_PROGRAMS),
            (fired("syn-ack"), &say::AIM_OPEN),
            (fired("data-psh") || fired("data-no-psh"), &say::AIM_DATA),
            (tcp, &say::AIM_CLOSE),
            (self.seen.udp, &say::AIM_UDP),
        ];
        aims.extend(wanted.iter().filter(|(wanted, _)| *wanted).map(|(_, aim)| self.text(aim)));
        writer.add(Block::Items(aims.into_iter().map(plain).collect()));
    }

    fn theory(&self, writer: &mut Writer) {
        writer.section(&say::THEORY);
        writer.hint(&say::THEORY_HINT);
        writer.add(Block::Room(None, 8));
        let mut names: Vec<&str> = self.seen.flags.clone();
        for row in self.rows() {
            for side in [Side::Client, Side::Server] {
                names.extend(row.state(side).map(|(name, _)| name).filter(|name| *name != "?"));
            }
        }
        let mut rows: Vec<Vec<Words>> = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for name in names {
            let Some(Entry::Term(term)) = find(name).filter(|_| !told.contains(&name)) else { continue };
            told.push(name);
            rows.push(vec![code(term.name), plain(term.title.get(self.lang)), plain(term.sources.join(", "))]);
        }
        if rows.is_empty() {
            return;
        }
        let columns = vec![
            column(self.text(&say::COL_TERM), 180),
            column(self.text(&say::COL_IN_SHORT), 480),
            column(self.text(&say::COL_SOURCE), 340),
        ];
        let caption = self.text(&say::TABLE_TERMS);
        writer.table(&caption, Table { columns, rows, ..Table::default() });
    }

    fn prediction(&self, writer: &mut Writer) {
        writer.section(&say::PREDICTION);
        writer.hint(&say::PREDICTION_HINT);
        let columns = vec![
            column(self.text(&report::COL_NUMBER), 70),
            column(self.text(&say::COL_FROM_TO), 200),
            column(self.text(&report::COL_FLAGS), 200),
            column(self.text(&report::COL_LEN), 100),
            column(self.text(&say::COL_REASON), 430),
        ];
        let row = |number: usize| {
            let mut cells = vec![Words::new(); 5];
            cells[0] = plain(number.to_string());
            cells
        };
        let rows = (1..=EXPECTED).map(row).collect();
        let caption = self.text(&say::TABLE_PREDICTION);
        writer.table(&caption, Table { columns, rows, to_fill: true, caption: None });
    }

    fn tools(&self, writer: &mut Writer) {
        writer.section(&say::TOOLS);
        let known = self.experiment.kind != Kind::File;
        let unknown = || plain(self.text(&say::UNKNOWN));
        let or_unknown = |value: &Option<String>| value.as_ref().map_or_else(unknown, |value| plain(safe(value)));
        let origin = &self.info.origin;
        let netscope = format!("netscope {}", env!("CARGO_PKG_VERSION"));
        let settings = self.info.settings.as_ref();
        let recorder = if known { plain(netscope.clone()) } else { or_unknown(&origin.application) };
        let system = settings.map_or_else(|| or_unknown(&origin.system), |settings| plain(safe(&settings.kernel)));
        let tcp = settings.map_or_else(unknown, |settings| {
            let lines = settings.tcp.iter().map(|(name, value)| Piece::Code(safe(&format!("{name} = {value}"))));
            lines.flat_map(|line| [line, Piece::Break]).collect()
        });
        let first = self.seen.first.map_or_else(|| plain(self.text(&say::UNTIMED)), |time| plain(utc(time)));
        let connections = self.experiment_counts();
        let mut rows = vec![
            (&say::ROW_TOOL, plain(netscope)),
            (&say::ROW_RECORDER, recorder),
            (&say::ROW_SOURCE, plain(connections)),
            (&say::ROW_FIRST, first),
            (&say::ROW_SYSTEM, system),
        ];
        if let Some(hardware) = &origin.hardware {
            rows.push((&say::ROW_HARDWARE, plain(safe(hardware))));
        }
        rows.push((&say::ROW_TCP, tcp));
        rows.push((&say::ROW_INTERFACES, self.interfaces()));
        let counted = kernel::counted_words(&kernel::counted(self.info, self.lang));
        if !counted.is_empty() {
            rows.push((&say::ROW_COUNTED, plain(counted)));
        }
        let columns = vec![column(self.text(&say::COL_WHAT), 300), column(self.text(&say::COL_VALUE), 700)];
        let rows = rows.into_iter().map(|(what, value)| vec![plain(self.text(what)), trimmed(value)]).collect();
        let caption = self.text(&say::TABLE_TOOLS);
        writer.table(&caption, Table { columns, rows, ..Table::default() });
    }

    /// The source with its counts.
    fn experiment_counts(&self) -> String {
        let known = self.story.list.is_some() || self.connections.len() == 1;
        source_line(&self.source(), known.then_some(self.connections.len()), self.ending, self.lang)
    }

    fn interfaces(&self) -> Words {
        let mut out = Words::new();
        // What lists calls is none.
        for interface in self.info.interfaces.iter().filter(|interface| !interface.is_calls()) {
            if !out.is_empty() {
                out.push(Piece::Break);
            }
            let name = safe(interface.name.as_deref().unwrap_or("?"));
            let values = Values::none().words("name", name).words("link", interface.link.to_string());
            let values = values.words("resolution", resolution(interface.resolution, self.lang));
            out.push(Piece::Text(say::INTERFACE.text.fill(self.lang, &values)));
        }
        if out.is_empty() { plain(self.text(&say::UNKNOWN)) } else { out }
    }

    fn steps(&self, writer: &mut Writer) {
        writer.section(&say::STEPS);
        let mut steps: Vec<(String, Option<String>)> = Vec::new();
        let experiment = self.experiment;
        let does = |message: &Message| self.text(message);
        let stem = does(&say::FILE_STEM);
        let report = format!("{} -o {stem}.{} {}", experiment.command, self.ending_of_file, experiment.trailing);
        let report = report.trim_end().to_owned();
        match experiment.kind {
            Kind::File => {
                match self.made_by() {
                    Some(command) => steps.push((does(&say::STEP_SAVED), Some(command))),
                    None => writer.add(Block::Room(Some(does(&say::STEP_RECORDED)), 3)),
                }
                if let Some(file) = &experiment.file {
                    steps.push((does(&say::STEP_OPEN), Some(format!("netscope open {file}"))));
                    steps.push((does(&say::STEP_LADDER), Some(format!("netscope open {file} --format ladder"))));
                }
                steps.push((does(&say::STEP_REPORT), Some(report)));
            }
            Kind::Demo | Kind::Run => {
                let makes = if experiment.kind == Kind::Demo { &say::STEP_DEMO } else { &say::STEP_RUN };
                steps.push((does(makes), Some(report)));
                if let Some(file) = &experiment.file {
                    steps.push((does(&say::STEP_OPEN), Some(format!("netscope open {file}"))));
                    steps.push((does(&say::STEP_LADDER), Some(format!("netscope open {file} --format ladder"))));
                }
                if let Some(again) = &experiment.again {
                    steps.push((does(&say::STEP_AGAIN), Some(again.clone())));
                }
            }
        }
        // A flag, not the name of what happened: that is for the student to find out.
        let explain = self.seen.flags.last().map_or_else(String::new, |flag| format!(" {flag}"));
        steps.push((does(&say::STEP_EXPLAIN), Some(format!("netscope explain{explain}"))));
        writer.add(Block::Steps(steps));
        if experiment.programs.iter().any(|(_, calls)| !calls[0].is_empty()) {
            writer.add(Block::Words(plain(does(&say::PROGRAMS_CALL))));
            let calls = experiment.programs.iter().filter(|(_, calls)| !calls[0].is_empty()).map(|(side, calls)| {
                let name = match side {
                    Side::Client => does(&report::CLIENT),
                    Side::Server => does(&report::SERVER),
                };
                vec![Piece::Text(format!("{name}: ")), Piece::Code(calls[usize::from(self.lang == Lang::Id)].clone())]
            });
            writer.add(Block::Items(calls.collect()));
        }
    }

    /// The command that made a capture file, as far as the file says it.
    fn made_by(&self) -> Option<String> {
        let save = self.experiment.file.as_ref().map(|file| format!(" --save {file}")).unwrap_or_default();
        if let Some(heading) = &self.info.heading {
            let variant = heading.variant.map(|variant| format!(" --variant {variant}")).unwrap_or_default();
            return Some(format!("netscope demo {}{variant}{save}", heading.name));
        }
        let programs = &self.ending.programs;
        if programs.is_empty() {
            return None;
        }
        if let [alone] = programs.as_slice()
            && alone.side.is_none()
        {
            return Some(format!("netscope run{save} -- {}", safe(&alone.command)));
        }
        let options = programs.iter().map(|program| {
            let name = if program.side == Some(Side::Server) { "server" } else { "client" };
            format!(" --{name} {}", quoted(&safe(&program.command)))
        });
        Some(format!("netscope run{}{save}", options.collect::<Vec<_>>().concat()))
    }

    fn questions(&self, writer: &mut Writer) {
        writer.section(&say::QUESTIONS);
        let asked = questions(self);
        if asked.is_empty() {
            writer.add(Block::Words(plain(self.text(&say::NO_QUESTIONS))));
        }
        for (index, question) in asked.into_iter().enumerate() {
            let look = (!question.frames.is_empty()).then(|| {
                let message = if question.more { &say::LOOK_AT_MORE } else { &say::LOOK_AT };
                message.text.fill(self.lang, &Values::none().with("frames", Value::Frames(question.frames)))
            });
            writer.add(Block::Question(index + 1, question.asks, look));
            writer.add(Block::Room(Some(self.text(&say::ANSWER)), question.lines));
            if self.experiment.key {
                let key = question.key.into_iter().map(plain).collect();
                writer.add(Block::Key(self.text(&say::KEY_ANSWER), key));
            }
        }
    }

    /// For the teacher: what netscope says of every connection, and where the half-closed time lay.
    fn verdicts(&self, writer: &mut Writer) {
        let mut all: Vec<Words> = Vec::new();
        for told in &self.story.timelines {
            all.push(plain(format!("{}: {} {}", told.id, told.verdict, told.basis)));
            if let Some(words) = told.half_words() {
                all.push(plain(format!("{} ({}): {words}", self.text(&report::HALF_CLOSED), told.id)));
            }
        }
        if let Some(list) = self.story.list.as_ref().filter(|_| self.story.timelines.is_empty()) {
            let rows = list.rows.iter().filter(|row| !row.verdict.is_empty());
            all.extend(rows.map(|row| plain(format!("{}: {} {}", row.id, row.verdict, row.basis))));
        }
        if !all.is_empty() {
            writer.section(&say::VERDICTS);
            writer.add(Block::Key(self.text(&report::VERDICT), all));
        }
        if let Some(table) = results::explanations(self) {
            let caption = self.text(&say::TABLE_EXPLAINED);
            writer.table(&caption, table);
        }
    }
}

/// The length of a unit of time stamps, in words.
fn resolution(seconds: f64, lang: Lang) -> String {
    let nanoseconds = (seconds * 1e9).round();
    #[allow(clippy::cast_possible_truncation, reason = "between a nanosecond and ten seconds")]
    if (1.0..=1e10).contains(&nanoseconds) {
        numbers::duration(lang, nanoseconds as i64)
    } else {
        format!("{seconds:e} s")
    }
}

/// Words without a break at their end.
fn trimmed(mut words: Words) -> Words {
    while words.last() == Some(&Piece::Break) {
        words.pop();
    }
    words
}

/// A command as one word of a shell.
fn quoted(command: &str) -> String {
    format!("'{}'", command.replace('\'', "'\\''"))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A moment as a date and a time of day, in universal time: `2026-11-21 10:15:02 UTC`. Days are counted by the
/// Gregorian calendar, in eras of 400 years that begin with March.
fn utc(time: Time) -> String {
    let seconds = time.0.div_euclid(1_000_000_000);
    let (days, second) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let at = |seconds: i64| utc(Time(seconds.saturating_mul(1_000_000_000)));
        assert_eq!(at(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(at(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(at(1_700_000_000), "2023-11-14 22:13:20 UTC");
        assert_eq!(at(4_107_542_399), "2100-02-28 23:59:59 UTC");
        assert_eq!(at(4_107_542_400), "2100-03-01 00:00:00 UTC");
        assert_eq!(at(-1), "1969-12-31 23:59:59 UTC");
        assert!(utc(Time(i64::MIN)).ends_with(" UTC") && utc(Time(i64::MAX)).ends_with(" UTC"));
    }
}
