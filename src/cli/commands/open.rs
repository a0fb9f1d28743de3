//! `netscope open FILE [FILTER]`.

use std::ffi::OsString;

use clap::ArgMatches;

use super::forecast;
use super::saved::{self, say_unseen};
use crate::analysis::{self, Heard, Outcome, Request};
use crate::beside::Beside;
use crate::cli::arguments::id;
use crate::cli::aside::SecondThread;
use crate::cli::output::{Plan, Printer};
use crate::cli::progress::Progress;
use crate::cli::{Session, Status, Trouble, interrupt};
use crate::failure::Failure;
use crate::file;
#[cfg(feature = "libpcap")]
use crate::file::filter::Filters;
use crate::file::held::Held;
use crate::file::open::Capture;
#[cfg(feature = "libpcap")]
use crate::frame::{Frame, FrameSource as _};
use crate::language::messages::{cli as messages, file as say};
use crate::language::{Value, Values};
use crate::report::CaptureInfo;
use crate::timeline::TraceEvent;

/// Frames of a capture that are held in memory while it is found out which calls made them.
const HELD: usize = 256 << 20;
/// Length of the files from which on a second thread writes records.
const WORTH_A_THREAD: u64 = 1 << 20;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let mut plan = Plan::new(matches, session, false)?;
    let opened = Opened::new(matches, session)?;
    // As the run that it was saved from.
    plan.view.connections_at_end = opened.beside.as_ref().is_some_and(|beside| !beside.is_empty());
    let printer = if matches.get_flag(id::FOLLOW) { plan.follow()? } else { plan.start(false)? };
    show(session, &plan, opened, printer)
}

/// A capture and what was seen beside its packets.
pub(super) struct Opened {
    path: OsString,
    /// What FILTER says.
    #[cfg(feature = "libpcap")]
    filter: Option<String>,
    frames: Held<Capture>,
    /// The frames are held because something was seen beside them.
    beside: Option<Beside>,
}

impl Opened {
    /// Opens the capture that the arguments name.
    pub(super) fn new(matches: &ArgMatches, session: &Session) -> Result<Opened, Failure> {
        let path = matches.get_one::<OsString>(id::FILE).cloned().unwrap_or_default();
        #[cfg(feature = "libpcap")]
        let filter = matches.get_one::<String>(id::FILTER).cloned();
        let capture = file::open::open(&path)?;
        let opened = |frames, beside| Opened {
            path,
            #[cfg(feature = "libpcap")]
            filter,
            frames,
            beside,
        };
        if !capture.announces_beside() {
            return Ok(opened(Held::read(capture, 0), None));
        }
        let mut frames = Held::read(capture, HELD);
        let capture = frames.source();
        let warn = |message, values: Values| {
            session.console.warning(&Failure::bad_input(message, values.with("file", capture.name())));
        };
        let (beside, unknown) = Beside::read(capture.beside());
        if !frames.is_whole() {
            warn(&say::BESIDE_TOO_LARGE, Values::none());
            return Ok(opened(frames, Some(Beside::default())));
        }
        if unknown > 0 {
            warn(&say::BESIDE_UNKNOWN, Values::none().with("n", Value::Count(unknown)));
        }
        say_unseen(beside.unseen, session);
        frames.set_dropped(beside.dropped);
        Ok(opened(frames, Some(beside)))
    }

    fn info(&self) -> CaptureInfo {
        let beside = self.beside.as_ref();
        CaptureInfo {
            source: self.path.to_string_lossy().into_owned(),
            settings: beside.and_then(|beside| beside.settings.clone()),
            counted: beside.map(|beside| beside.counted.clone()).unwrap_or_default(),
            stopped: beside.and_then(|beside| beside.stopped).map(|halt| halt.at),
            heading: beside.and_then(|beside| beside.demo.as_ref()).and_then(saved::heading),
            ..CaptureInfo::default()
        }
    }

    /// The analysis, with what was seen beside the packets where that is in the file.
    fn analyse(&mut self, request: Request<'_>, printer: &mut Printer, session: &Session) -> Result<Outcome, Trouble> {
        let held = &mut self.frames;
        let Some(beside) = &self.beside else {
            let outcome = analysis::run(held.source_mut(), request, &mut *printer.report);
            return outcome.map_err(|stopped| printer.trouble(stopped));
        };
        let (mut witness, mut heard, mut traces) = (None, Heard::default(), Vec::new());
        if held.is_whole() {
            witness = beside.witness(held).map_err(|stopped| printer.trouble(stopped))?;
            held.rewind();
            heard = analysis::hear(held, &beside.words);
            held.rewind();
            traces = analysis::place(held, &beside.traces);
            held.rewind();
        }
        if witness.is_none() && !beside.calls.is_empty() {
            let values = Values::none().with("file", held.source().name());
            session.console.warning(&Failure::bad_input(&say::BESIDE_TOO_LARGE, values));
        }
        let Request { info, selection, filter, stop, reached, aside, .. } = request;
        let request = Request {
            info: CaptureInfo {
                testimony: heard.testimony,
                resets: traces.iter().filter_map(TraceEvent::reset_word).collect(),
                ..info
            },
            selection,
            filter: filter.map(|filter| filter as _),
            stop,
            reached,
            aside: aside.map(|aside| aside as _),
            sockets: &heard.events,
            traces: &traces,
            witness: witness.as_ref(),
            ..Request::default()
        };
        analysis::run(held, request, &mut *printer.report).map_err(|stopped| printer.trouble(stopped))
    }
}

/// Reads a capture and hands it to a report.
pub(super) fn show(
    session: &Session,
    plan: &Plan,
    mut opened: Opened,
    mut printer: Printer,
) -> Result<Status, Trouble> {
    forecast::tell(&opened.path, session, plan);
    #[cfg(feature = "libpcap")]
    let mut filters = match &opened.filter {
        Some(expression) => {
            let interfaces = opened.frames.interfaces().iter().filter(|interface| !interface.is_calls());
            Some(Filters::new(expression, interfaces.map(|interface| interface.link))?)
        }
        None => None,
    };

    #[cfg(feature = "libpcap")]
    let filtered = filters.is_some();
    #[cfg(feature = "libpcap")]
    let mut passes = |frame: &Frame<'_>| filters.as_mut().map_or(Ok(true), |filters| filters.matches(frame));
    let progress = Progress::start(session, opened.frames.source());
    let reached = progress.reached();
    printer.before_it_shows(progress.ending());
    // A small file is done before a thread has begun.
    let mut second =
        opened.frames.source().size().filter(|size| *size >= WORTH_A_THREAD).and_then(|_| SecondThread::start());
    let request = Request {
        info: opened.info(),
        selection: plan.view.selection.clone(),
        #[cfg(feature = "libpcap")]
        filter: filtered.then_some(&mut passes as _),
        stop: Some(interrupt::flag(progress.ending())),
        reached: reached.as_deref(),
        aside: second.as_mut().map(|second| second as _),
        ..Request::default()
    };
    let outcome = opened.analyse(request, &mut printer, session);
    drop(progress);
    let outcome = outcome?;
    let console = session.console;
    console.detail(
        &messages::READING,
        &Values::none().with("n", Value::Count(outcome.packets)).with("source", opened.frames.source().name()),
    );
    if let Some(damage) = &outcome.damage {
        // The report first: what was read stands above the warning, also where both go to one terminal.
        printer.flush()?;
        console.warning(&opened.frames.source().damage(damage));
    }
    if let Some(failure) = plan.missing(&outcome) {
        return Err(failure.into());
    }
    printer.finish()?;
    if outcome.forgotten > 0 {
        let values = Values::none().with("n", Value::Count(outcome.forgotten));
        console.warning(&Failure::bad_input(&messages::FORGOTTEN, values));
    }
    if outcome.interrupted {
        console.warning(&Failure::bad_input(&messages::INTERRUPTED, Values::none()));
        return Ok(Status::Interrupted);
    }
    Ok(if outcome.damage.is_some() { Status::Damaged } else { Status::Done })
}
