//! From the output options to a report under way: format, place, view.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::arguments::id;
use super::values::{self, ConnChoice};
use super::{Session, Trouble, write_trouble};
use crate::analysis::{Outcome, Stopped};
use crate::failure::Failure;
use crate::file::output::Output;
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::follow::Follow;
use crate::report::formats::{self, FORMATS, Format};
use crate::report::{PayloadLimit, Report, Selection, View, lab, plot, stats};
use crate::track::Proto;

/// What the output options ask for.
pub(super) struct Plan {
    pub(super) format: &'static Format,
    pub(super) path: Option<PathBuf>,
    pub(super) view: View,
    conns: Vec<ConnChoice>,
    /// It shows one TCP connection and cannot show anything else.
    one_tcp: bool,
}

impl Plan {
    /// Reads the output options of a command.
    pub(super) fn new(matches: &ArgMatches, session: &Session, connections_at_end: bool) -> Result<Plan, Failure> {
        let (path, conns) = (path(matches), conns(matches));
        let connections = matches.get_flag(id::CONNECTIONS);
        let view = View {
            payload: matches.get_one::<PayloadLimit>(id::PAYLOAD).copied().unwrap_or(PayloadLimit::Bytes(64)),
            columns: columns(matches, connections)?,
            connections_at_end,
            ..view(matches, session, path.as_deref(), &conns, connections)
        };
        let format = format(matches, path.as_deref(), FORMATS)?;
        if let (true, Some(option)) = (format.only_ladder, no_ladder(&view)) {
            let values = Values::none().words("format", format.name).words("option", option);
            return Err(Failure::bad_input(&messages::ONLY_LADDER, values).next(&messages::ONLY_LADDER_NEXT));
        }
        Ok(Plan { format, path, view, conns, one_tcp: false })
    }

    /// Reads the output options of the command that counts.
    pub(super) fn stats(matches: &ArgMatches, session: &Session) -> Result<Plan, Failure> {
        let (path, conns) = (path(matches), conns(matches));
        let view = view(matches, session, path.as_deref(), &conns, false);
        let format = format(matches, path.as_deref(), stats::FORMATS)?;
        Ok(Plan { format, path, view, conns, one_tcp: false })
    }

    /// Reads the output options of the command that plots.
    pub(super) fn plot(matches: &ArgMatches, session: &Session) -> Result<Plan, Failure> {
        let (path, conns) = (path(matches), conns(matches));
        if let Some(udp) = conns.iter().find(|conn| conn.id.proto == Proto::Udp) {
            let values = Values::none().words("value", udp.typed.clone());
            return Err(Failure::bad_input(&messages::PLOT_UDP, values).next(&messages::PLOT_NO_TCP_NEXT));
        }
        let view = view(matches, session, path.as_deref(), &conns, false);
        let format = format(matches, path.as_deref(), plot::FORMATS)?;
        if format.name == plot::PNG.name && path.is_none() && session.environment.terminal {
            let failure = Failure::bad_input(&messages::PLOT_TERMINAL, Values::none());
            return Err(failure.next(&messages::PLOT_TERMINAL_NEXT));
        }
        Ok(Plan { format, path, view, conns, one_tcp: true })
    }

    /// Reads the output options of a lab report. It looks the same wherever it is made.
    pub(super) fn lab(matches: &ArgMatches, session: &Session) -> Result<Plan, Failure> {
        let (path, conns) = (path(matches), conns(matches));
        let format = format(matches, path.as_deref(), lab::FORMATS)?;
        if path.is_none() && session.environment.terminal && format.name == lab::DOCX.name {
            let failure = Failure::bad_input(&messages::lab::DOCX_TO_TERMINAL, Values::none());
            return Err(failure.next(&messages::lab::DOCX_TO_TERMINAL_NEXT));
        }
        let view = View {
            width: 80,
            color: false,
            ascii: false,
            // What a narrow column holds.
            payload: PayloadLimit::Bytes(32),
            ..view(matches, session, path.as_deref(), &conns, false)
        };
        Ok(Plan { format, path, view, conns, one_tcp: false })
    }

    /// Opens the output and begins a report of the caller's own.
    pub(super) fn begin(&self, build: impl FnOnce(Box<dyn Write>) -> Box<dyn Report>) -> Result<Printer, Failure> {
        let output = Output::create(self.path.as_deref())?;
        Ok(Printer { report: build(Box::new(output.clone())), output })
    }

    /// Opens the output and begins the report. A live report is written line by line.
    pub(super) fn start(&self, live: bool) -> Result<Printer, Failure> {
        let output = Output::create(self.path.as_deref())?;
        let out: Box<dyn Write> = Box::new(output.clone());
        let report = if live {
            formats::build_live(self.format, out, self.view.clone())
        } else {
            formats::build(self.format, out, self.view.clone())
        };
        Ok(Printer { report, output })
    }

    /// Opens the output and begins the text of the one connection that was asked for.
    pub(super) fn follow(&self) -> Result<Printer, Failure> {
        if self.view.selection.only.len() != 1 {
            return Err(Failure::bad_input(&messages::FOLLOW_ONE, Values::none()).next(&messages::FOLLOW_ONE_NEXT));
        }
        self.begin(|out| Box::new(Follow::new(out, self.view.clone())))
    }

    /// One file cannot hold both the report and the packets.
    pub(super) fn differs_from(&self, save: &Path) -> Result<(), Failure> {
        if self.path.as_deref() == Some(save) {
            let values = Values::none().words("path", save.display().to_string());
            return Err(Failure::bad_input(&messages::SAME_FILE, values));
        }
        Ok(())
    }

    /// The failure for a connection that was asked for and does not exist, and for one that should have been asked for.
    pub(super) fn missing(&self, outcome: &Outcome) -> Option<Failure> {
        if self.one_tcp && self.conns.is_empty() && outcome.tcp != 1 {
            let (what, next) = match outcome.tcp {
                0 => (&messages::PLOT_NO_TCP, &messages::PLOT_NO_TCP_NEXT),
                _ => (&messages::PLOT_SEVERAL, &messages::PLOT_SEVERAL_NEXT),
            };
            let values = Values::none().with("n", Value::Count(outcome.tcp as u64));
            return Some(Failure::bad_input(what, values).next(next));
        }
        let missing = outcome.missing?;
        let typed = self.conns.iter().find(|conn| conn.id == missing)?;
        let count = match missing.proto {
            Proto::Tcp => outcome.tcp,
            Proto::Udp => outcome.udp,
        };
        let what = match count {
            0 => &messages::NO_SUCH_CONN_NONE,
            1 => &messages::NO_SUCH_CONN_ONE,
            _ => &messages::NO_SUCH_CONN,
        };
        let values = Values::none()
            .words("value", typed.typed.clone())
            .words("proto", missing.proto.name().to_uppercase())
            .with("n", Value::Count(count as u64))
            .with("index", Value::Number(u64::from(missing.index)));
        let only_udp = !typed.explicit && usize::try_from(missing.index).is_ok_and(|index| index < outcome.udp);
        let next = if only_udp { &messages::CONN_IS_UDP } else { &messages::CONN_LIST };
        Some(Failure::bad_input(what, values).next(next))
    }
}

/// A report with its output.
pub(super) struct Printer {
    pub(super) report: Box<dyn Report>,
    output: Output,
}

impl Printer {
    /// The report is complete: writes what is left, and gives the file its name.
    pub(super) fn finish(mut self) -> Result<(), Trouble> {
        self.report.finish().map_err(|error| write_trouble(&self.output, &error))?;
        // A report may buffer on its own.
        drop(self.report);
        self.output.flush().map_err(|error| write_trouble(&self.output, &error))?;
        Ok(self.output.commit()?)
    }

    /// Calls `first` before the output shows anywhere.
    pub(super) fn before_it_shows(&self, first: impl FnOnce() + Send + 'static) {
        self.output.before_it_shows(first);
    }

    /// Shows what there is so far.
    pub(super) fn flush(&mut self) -> Result<(), Trouble> {
        self.output.flush().map_err(|error| write_trouble(&self.output, &error))
    }

    pub(super) fn trouble(&self, stopped: Stopped) -> Trouble {
        match stopped {
            Stopped::Output(error) => write_trouble(&self.output, &error),
            Stopped::Failure(failure) => Trouble::Failure(failure),
        }
    }
}

fn path(matches: &ArgMatches) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(id::OUTPUT).cloned()
}

fn conns(matches: &ArgMatches) -> Vec<ConnChoice> {
    matches.get_many::<ConnChoice>(id::CONN).map(|all| all.cloned().collect()).unwrap_or_default()
}

/// What every command that shows packets has in common.
fn view(matches: &ArgMatches, session: &Session, path: Option<&Path>, conns: &[ConnChoice], connections: bool) -> View {
    let mut only = Vec::new();
    for conn in conns {
        if !only.contains(&conn.id) {
            only.push(conn.id);
        }
    }
    // A file is not as wide as the terminal that it was written from, and it has no colours.
    let to_file = path.is_some();
    let environment = &session.environment;
    let width = if to_file { environment.columns.unwrap_or(80).clamp(20, 1000) } else { environment.width() };
    View {
        lang: session.lang,
        width,
        color: !to_file && environment.color(session.color),
        payload: PayloadLimit::None,
        // A plot has no rows.
        limit: matches.try_get_one::<u64>(id::LIMIT).ok().flatten().map(|n| usize::try_from(*n).unwrap_or(usize::MAX)),
        columns: None,
        selection: Selection { connections, only },
        connections_at_end: false,
        ascii: !to_file && environment.ascii(),
    }
}

fn format(matches: &ArgMatches, path: Option<&Path>, allowed: &[&'static Format]) -> Result<&'static Format, Failure> {
    let named = |name: &String| allowed.iter().copied().find(|format| format.name == name);
    if let Some(format) = matches.get_one::<String>(id::FORMAT).and_then(named) {
        return Ok(format);
    }
    let Some(path) = path else { return Ok(allowed[0]) };
    if let Some(format) = formats::by_ending(path, allowed) {
        return Ok(format);
    }
    // A name without an ending says nothing; another ending asks for something that there is not.
    let Some(ending) = path.extension() else { return Ok(allowed[0]) };
    let endings: Vec<String> =
        allowed.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}")).collect();
    let values = Values::none()
        .words("value", format!(".{}", ending.to_string_lossy()))
        .words("path", path.display().to_string())
        .words("allowed", endings.join(", "));
    let is_packets = ending.eq_ignore_ascii_case("pcap") || ending.eq_ignore_ascii_case("pcapng");
    let next = if is_packets { &messages::ENDING_IS_SAVE } else { &messages::ENDING_NEXT };
    Err(Failure::bad_input(&messages::UNKNOWN_ENDING, values).next(next))
}

/// The option that asks for a table, where a diagram would have none.
fn no_ladder(view: &View) -> Option<&'static str> {
    match (view.selection.connections, &view.columns) {
        (true, _) => Some("--connections"),
        (false, Some(_)) => Some("--columns"),
        (false, None) => None,
    }
}

/// The keys named by `--columns`, as the table that is shown knows them.
fn columns(matches: &ArgMatches, connections: bool) -> Result<Option<Vec<&'static str>>, Failure> {
    let Some(names) = matches.get_one::<Vec<String>>(id::COLUMNS) else { return Ok(None) };
    let known = values::columns(connections);
    let mut keys = Vec::new();
    for name in names {
        let Some(key) = known.iter().copied().find(|key| key == name) else {
            let values = Values::none().words("value", name.clone()).words("allowed", known.join(", "));
            return Err(Failure::bad_input(&messages::UNKNOWN_COLUMN, values).next(&messages::FORM_COLUMNS));
        };
        keys.push(key);
    }
    Ok(Some(keys))
}
