//! The programs beside their packets: their calls as lines of the timeline, their ends, what they wrote, what went wrong.

use super::row::millis;
use crate::frame::Time;
use crate::language::messages::report as say;
use crate::language::{Lang, Value, Values, numbers};
use crate::report::text::safe;
use crate::report::value::Value as Cell;
use crate::report::{Ending, PayloadLimit, text::excerpt};
use crate::timeline::{Call, CallSeen, Deed, End, Finding, Level, Program};
use crate::track::Side;
use std::fmt::Write as _;

/// Bytes of data that a line shows.
const DATA: usize = 24;
/// A call that took longer shows how long.
const SLOW_NS: i64 = 1_000_000;
/// More calls than this between two packets are cut to the first and the last.
const MANY: usize = 40;
const FIRST: usize = 20;
const LAST: usize = 6;
/// Lines of a program's output that are shown.
const OUTPUT_LINES: usize = 12;

/// A system call as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Nanoseconds since the first packet; negative before it.
    pub rel: Option<i64>,
    /// Whose.
    pub side: Option<Side>,
    /// `connect(3, 127.0.0.1:5000) = 0`
    pub words: String,
    /// So many of the same in a row.
    pub times: u64,
    /// No call, but a remark with this sign.
    pub mark: Option<&'static str>,
    /// Where the program makes it: `server.py:14`.
    pub source: Option<String>,
}

/// A program with its end and its output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramTold {
    /// Whose.
    pub side: Option<Side>,
    /// Who it is and how it ended.
    pub line: String,
    /// The first lines that it wrote.
    pub output: Vec<String>,
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingTold {
    /// How bad it is.
    pub level: Level,
    /// The same as a word.
    pub label: &'static str,
    /// The sentence.
    pub sentence: String,
    /// Its name, and the frames that show it.
    pub basis: String,
}

impl CallRow {
    /// The line of a call; none for calls that only wait or ask, and came back, and for sockets that were never used.
    #[must_use]
    pub fn new(seen: &CallSeen, start: Option<Time>, lang: Lang) -> Option<CallRow> {
        let call = &seen.call;
        let asks = call.name == "getsockopt" || (call.deed == Deed::Wait && call.result.is_some() && !seen.cut);
        // Of a socket that does not wait, a call that found nothing.
        let idle = matches!(call.deed, Deed::Receive { .. } | Deed::Accept { .. } | Deed::Other)
            && call.error() == Some("EAGAIN");
        // A signal has interrupted it, and it is made again.
        let again = call.error() == Some("ERESTARTSYS") && !seen.cut;
        if asks || idle || again || seen.late || seen.unused {
            return None;
        }
        let mut words = words(seen, lang);
        if !seen.frames.is_empty() {
            let list: Vec<String> = seen.frames.iter().map(u64::to_string).collect();
            let list = if list.len() > 4 { format!("{}…{}", list[0], list[list.len() - 1]) } else { list.join(",") };
            let _ = write!(words, " → #{list}");
        }
        Some(CallRow {
            rel: start.map(|start| seen.shown_at().since(start)),
            side: call.side,
            words,
            times: 1,
            mark: None,
            source: call.source.as_deref().map(safe),
        })
    }

    /// The moment at which the programs were told to end.
    #[must_use]
    pub fn stop(at: Time, start: Option<Time>, lang: Lang) -> CallRow {
        let words = say::PROGRAMS_STOPPED.text.get(lang).to_owned();
        CallRow {
            rel: start.map(|start| at.since(start)), side: None, words, times: 1, mark: Some("■"), source: None
        }
    }

    /// The same call again and again is one line.
    #[must_use]
    pub fn folded(rows: Vec<CallRow>, lang: Lang) -> Vec<CallRow> {
        let mut out: Vec<CallRow> = Vec::new();
        for row in rows {
            match out.last_mut() {
                Some(last) if last.same(&row) => last.times += 1,
                _ => out.push(row),
            }
        }
        for row in out.iter_mut().filter(|row| row.times > 1) {
            let _ = write!(row.words, " × {}", numbers::count(lang, row.times));
        }
        if out.len() > MANY {
            let left = out.len() - FIRST - LAST;
            let words = say::MORE_CALLS.text.fill(lang, &Values::none().with("n", Value::Count(left as u64)));
            let gap = CallRow { words, mark: Some("⋮"), side: None, source: None, ..out[FIRST].clone() };
            out.splice(FIRST..FIRST + left, [gap]);
        }
        out
    }

    /// The same call of the same line.
    fn same(&self, other: &CallRow) -> bool {
        (&self.words, self.side, &self.source) == (&other.words, other.side, &other.source)
    }

    /// Milliseconds since the first packet.
    #[must_use]
    pub fn millis(&self, lang: Lang) -> String {
        self.rel.map_or_else(|| "?".to_owned(), |rel| millis(lang, rel))
    }

    /// The letter of its end.
    #[must_use]
    pub fn letter(&self) -> &'static str {
        match self.side {
            _ if self.mark.is_some() => self.mark.unwrap_or_default(),
            Some(Side::Client) => "C",
            Some(Side::Server) => "S",
            None => "P",
        }
    }
}

/// A call as people write it, safe to print.
#[must_use]
pub fn words(seen: &CallSeen, lang: Lang) -> String {
    safe(&brief(&seen.call, seen.cut, lang))
}

/// A call as people write it: the name that programs use, what matters of the arguments, the result.
fn brief(call: &Call, cut: bool, lang: Lang) -> String {
    let fd = call.socket.map_or_else(|| first_argument(&call.args), |socket| socket.fd.to_string());
    let data =
        || match excerpt(&call.data, u32::try_from(call.data.len()).unwrap_or(u32::MAX), PayloadLimit::Bytes(DATA)) {
            Some(shown) if !call.data.is_empty() => format!("\"{}\"{}", shown.text, if shown.more { "…" } else { "" }),
            _ => String::new(),
        };
    let at = |address: Option<std::net::SocketAddr>| address.map_or_else(String::new, |address| format!(", {address}"));
    let plain = match (call.name.as_str(), &call.deed) {
        ("sendto", Deed::Send { to: None, .. }) => "send",
        ("recvfrom", Deed::Receive { from: None, .. }) => "recv",
        ("accept4", _) => "accept",
        (name, _) => name,
    };
    let mut out = match &call.deed {
        Deed::Bind(address) | Deed::Connect(address) => format!("{plain}({fd}, {address})"),
        Deed::Send { to, sizes } => {
            let size: u64 = sizes.iter().sum();
            let data = data();
            let comma = if data.is_empty() { "" } else { ", " };
            format!("{plain}({fd}{comma}{data}, {size}{})", at(*to))
        }
        Deed::Accept { .. } => format!("{plain}({})", first_argument(&call.args)),
        Deed::Receive { from, .. } => format!("{plain}({fd}{})", at(*from)),
        Deed::Other if plain == "accept" => format!("{plain}({fd})"),
        _ => format!("{plain}({})", call.args),
    };
    match &call.result {
        _ if cut => drop(write!(out, " … {}", say::NEVER_RETURNED.text.get(lang))),
        Some(Ok(n)) => drop(write!(out, " = {n}")),
        Some(Err(error)) => drop(write!(out, " = {error}")),
        None if call.deed == Deed::Exit => {}
        None => drop(write!(out, " … {}", say::NEVER_RETURNED.text.get(lang))),
    }
    if matches!(call.deed, Deed::Receive { .. }) && !call.data.is_empty() {
        let _ = write!(out, " {}", data());
    }
    if let Deed::Close { left: left @ 1.. } = call.deed {
        let values = Values::none().with("n", Value::Count(left.into()));
        let _ = write!(out, " {}", say::STILL_OPEN.text.fill(lang, &values));
    }
    let took = call.exit.map_or(0, |exit| exit.since(call.entry));
    if took >= SLOW_NS && !cut {
        let _ = write!(out, " ({})", numbers::duration(lang, took));
    }
    out
}

fn first_argument(args: &str) -> String {
    args.split(',').next().unwrap_or_default().to_owned()
}

/// The programs of an ending.
#[must_use]
pub fn programs(ending: &Ending, lang: Lang) -> Vec<ProgramTold> {
    ending.programs.iter().map(|program| told(program, lang)).collect()
}

fn told(program: &Program, lang: Lang) -> ProgramTold {
    let end = match (&program.end, program.stopped) {
        (Some(_), true) => say::PROGRAM_STOPPED.text.get(lang).to_owned(),
        (Some(End::Exit(code)), _) => {
            say::PROGRAM_EXIT.text.fill(lang, &Values::none().words("code", code.to_string()))
        }
        (Some(End::Signal(name)), _) => say::PROGRAM_SIGNAL.text.fill(lang, &Values::none().words("signal", *name)),
        (None, _) => say::PROGRAM_NEVER.text.get(lang).to_owned(),
    };
    let name = match program.side {
        Some(side) => numbers::side(lang, side).trim_start_matches("the ").to_owned(),
        None => say::PROGRAM.text.get(lang).to_owned(),
    };
    let text = program.output.get(..program.before_stop).unwrap_or(&program.output);
    let mut output: Vec<String> =
        text.lines().take(OUTPUT_LINES).map(|line| safe(line.trim_end_matches('\r'))).collect();
    if text.lines().count() > OUTPUT_LINES || program.more {
        output.push("…".to_owned());
    }
    ProgramTold { side: program.side, line: format!("{name}: {} · {end}", safe(&program.command)), output }
}

/// The findings of an ending.
#[must_use]
pub fn findings(ending: &Ending, lang: Lang) -> Vec<FindingTold> {
    ending.findings.iter().map(|finding| finding_told(finding, lang)).collect()
}

fn finding_told(finding: &Finding, lang: Lang) -> FindingTold {
    let label = match finding.level {
        Level::Error => &say::LEVEL_ERROR,
        Level::Warning => &say::LEVEL_WARNING,
        Level::Note => &say::LEVEL_NOTE,
    };
    let frames = match finding.frames.len() {
        0 => String::new(),
        _ => format!(" #{}", Cell::numbers(finding.frames.iter().copied()).plain().replace(' ', ",")),
    };
    FindingTold {
        level: finding.level,
        label: label.text.get(lang),
        sentence: safe(&finding.sentence(lang)),
        basis: format!("[{}]{frames}", finding.rule),
    }
}
