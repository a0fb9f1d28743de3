//! `netscope demo … --check`: every exchange against its scenario's expectation, several at a time.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use clap::ArgMatches;

use super::demo::{self, Show};
use crate::analysis::{self, Request, Stopped};
use crate::annotate::Annotation;
use crate::check::{Outcome, Seen, check};
use crate::cli::arguments::id;
use crate::cli::console::Level;
use crate::cli::output::{Plan, Printer};
use crate::cli::save::{Keeper, SaveAs};
use crate::cli::{Session, Status, Trouble, interrupt, write_trouble};
use crate::failure::{Exit, Failure};
use crate::file::output::Output;
use crate::frame::{Frame, MemorySource};
use crate::language::messages::{check as say, live as live_messages};
use crate::language::{Value, Values};
use crate::live::exchange::{self, Recording};
use crate::live::own_program;
use crate::report::CaptureInfo;
use crate::report::text::{width as columns, wrap};

/// Exchanges at a time for each processor: most of an exchange is waiting for a kernel's timer.
const PER_PROCESSOR: usize = 2;

/// With one of these the exchanges are shown as well.
const VIEWS: [&str; 7] = [id::FORMAT, id::OUTPUT, id::CONNECTIONS, id::CONN, id::LIMIT, id::COLUMNS, id::PAYLOAD];

pub(super) fn run(shows: &[Show], matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let begin = Instant::now();
    let plan = Plan::new(matches, session, true)?;
    let save = matches.get_one::<PathBuf>(id::SAVE);
    if let Some(save) = save {
        plan.differs_from(save)?;
    }
    let viewed = VIEWS.iter().any(|view| matches.value_source(view) == Some(clap::parser::ValueSource::CommandLine));
    let mut printer = if viewed { Some(plan.start(false)?) } else { None };
    let mut sheet = Sheet::new(shows, viewed, session)?;
    let interrupted = interrupt::flag(exchange::interrupt);
    let mut result = Ok(());
    each(shows, matches, interrupted, |show, recording| {
        let step = if interrupted.load(Ordering::Relaxed) {
            Err(Failure::interrupted(&live_messages::INTERRUPTED).into())
        } else {
            let place = save.map(|path| demo::save_as(path, show, shows.len()));
            let run = One { show, save: place, plan: &plan, session };
            run.conclude(recording, printer.as_mut(), &mut sheet)
        };
        let goes_on = step.is_ok();
        result = step;
        goes_on
    });
    result?;
    if let Some(printer) = printer {
        printer.finish()?;
    }
    sheet.end(begin)
}

/// Runs every exchange, several at a time, and hands the results over in the order of the list until told to stop.
fn each(
    shows: &[Show],
    matches: &ArgMatches,
    interrupted: &AtomicBool,
    mut take: impl FnMut(Show, Result<Recording, Failure>) -> bool,
) {
    let next = AtomicUsize::new(0);
    let (results, inbox) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers(matches).min(shows.len()) {
            let (next, results) = (&next, results.clone());
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(show) = shows.get(index).filter(|_| !interrupted.load(Ordering::Relaxed)) else { break };
                    let recording = exchange::run(&demo::request(*show, matches), &own_program());
                    if results.send((index, recording)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let (mut early, mut turn) = (BTreeMap::new(), 0);
        for (index, recording) in inbox {
            early.insert(index, recording);
            while let Some(recording) = early.remove(&turn) {
                if !take(shows[turn], recording) {
                    // Those under way end by themselves; no further one begins.
                    next.store(shows.len(), Ordering::Relaxed);
                    return;
                }
                turn += 1;
            }
        }
    });
}

/// How many exchanges run at a time. A port that was asked for can be had only once on the host's own loopback.
fn workers(matches: &ArgMatches) -> usize {
    if matches.contains_id(id::PORT) {
        return 1;
    }
    thread::available_parallelism().map_or(1, NonZero::get) * PER_PROCESSOR
}

/// One exchange that is over.
struct One<'a> {
    show: Show,
    save: Option<PathBuf>,
    plan: &'a Plan,
    session: &'a Session,
}

impl One<'_> {
    fn conclude(
        &self,
        recording: Result<Recording, Failure>,
        printer: Option<&mut Printer>,
        sheet: &mut Sheet<'_>,
    ) -> Result<(), Trouble> {
        let recording = match recording {
            Ok(recording) => recording,
            // It ran, and not as the scenario says.
            Err(failure) if failure.exit == Exit::CheckFailed => return sheet.failed(self.show, &failure),
            Err(failure) => return Err(failure.into()),
        };
        sheet.notice(&recording);
        if let Some(printer) = printer {
            let save = self.save.as_deref().map(|path| SaveAs { path, calls: false });
            demo::report(self.show, &recording, save, self.plan, printer, self.session)?;
            printer.flush()?;
            return sheet.judged(self.show, &self.judge(&recording, None)?);
        }
        sheet.judged(self.show, &self.judge(&recording, self.save.clone())?)
    }

    fn judge(&self, recording: &Recording, save: Option<PathBuf>) -> Result<Outcome, Trouble> {
        let mut source = MemorySource::new(&recording.frames, &recording.interfaces).with_dropped(recording.dropped);
        let mut keeper =
            save.map(|path| Keeper::create(&path, &recording.interfaces, self.session.lang)).transpose()?;
        let keeping = keeper.is_some();
        let mut keep = |frame: &Frame<'_>, notes: &[Annotation]| {
            keeper.as_mut().map_or(Ok(()), |keeper| keeper.frame(frame, notes))
        };
        let info = CaptureInfo { counted: recording.counted.clone(), ..CaptureInfo::default() };
        let request = Request { info, keep: keeping.then_some(&mut keep as _), ..Request::default() };
        let mut seen = Seen::default();
        if let Err(Stopped::Failure(failure)) = analysis::run(&mut source, request, &mut seen) {
            return Err(failure.into());
        }
        if let Some(keeper) = keeper {
            keeper.finish(self.session.console)?;
        }
        Ok(check(&self.show.variant.expect, &seen, recording.clients.into()))
    }
}

/// The list of results: on standard output, or beside a view on standard error.
struct Sheet<'a> {
    session: &'a Session,
    out: Option<Output>,
    width: usize,
    held: usize,
    of: usize,
    noticed: bool,
}

impl<'a> Sheet<'a> {
    fn new(shows: &[Show], viewed: bool, session: &'a Session) -> Result<Sheet<'a>, Failure> {
        let width = shows.iter().map(|show| show.label().chars().count()).max().unwrap_or_default();
        let out = if viewed { None } else { Some(Output::create(None)?) };
        Ok(Sheet { session, out, width, held: 0, of: 0, noticed: false })
    }

    /// A line, wrapped where it is too long; what follows stands a little further in.
    fn line(&mut self, line: &str) -> Result<(), Trouble> {
        let width = self.session.environment.width();
        if columns(line) <= width {
            return self.whole_line(line);
        }
        let begin = line.len() - line.trim_start().len();
        let mut indent = begin;
        for part in wrap(line.trim_start(), width.saturating_sub(begin + 4).max(20)) {
            self.whole_line(&format!("{}{part}", " ".repeat(indent)))?;
            indent = begin + 4;
        }
        Ok(())
    }

    fn whole_line(&mut self, line: &str) -> Result<(), Trouble> {
        let Some(out) = &mut self.out else {
            self.session.console.plain(line);
            return Ok(());
        };
        let written = writeln!(out, "{line}").and_then(|()| out.flush());
        written.map_err(|error| write_trouble(out, &error))
    }

    /// Said once, not with every exchange.
    fn notice(&mut self, recording: &Recording) {
        if let Some(notice) = recording.notice.filter(|_| !std::mem::replace(&mut self.noticed, true)) {
            self.session.console.notice(notice, &Values::none());
        }
    }

    fn judged(&mut self, show: Show, outcome: &Outcome) -> Result<(), Trouble> {
        let lang = self.session.lang;
        self.head(show, outcome.held(), &outcome.size(lang))?;
        for line in outcome.differences.iter().flat_map(|difference| difference.lines(lang)) {
            self.line(&format!("    {line}"))?;
        }
        if self.session.console.level >= Level::Verbose || !outcome.held() {
            for line in outcome.found(lang) {
                self.line(&format!("    {line}"))?;
            }
        }
        Ok(())
    }

    fn failed(&mut self, show: Show, failure: &Failure) -> Result<(), Trouble> {
        self.head(show, false, "")?;
        for line in failure.render(self.session.lang).lines() {
            self.line(&format!("    {line}"))?;
        }
        Ok(())
    }

    fn head(&mut self, show: Show, held: bool, size: &str) -> Result<(), Trouble> {
        self.of += 1;
        self.held += usize::from(held);
        if held && self.session.console.level == Level::Quiet {
            return Ok(());
        }
        let lang = self.session.lang;
        let words = [&say::HOLDS, &say::DIFFERS].map(|message| message.text.get(lang));
        let column = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
        let (word, label, width) = (words[usize::from(!held)], show.label(), self.width);
        self.line(format!("{word:column$}  {label:width$}  {size}").trim_end())
    }

    fn end(mut self, begin: Instant) -> Result<Status, Trouble> {
        if self.of > 1 {
            let took = i64::try_from(begin.elapsed().as_nanos()).unwrap_or(i64::MAX);
            let values = Values::none()
                .with("n", Value::Count(self.held as u64))
                .with("of", Value::Count(self.of as u64))
                .with("time", Value::Duration(took));
            let line = say::ALL_HOLD.text.fill(self.session.lang, &values);
            self.line(&line)?;
        }
        Ok(if self.held == self.of { Status::Done } else { Status::Differs })
    }
}
