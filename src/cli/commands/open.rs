//! `netscope open FILE [FILTER]`.

use std::ffi::OsString;

use clap::ArgMatches;

use super::forecast;
use crate::analysis::{self, Request};
use crate::cli::arguments::id;
use crate::cli::aside::SecondThread;
use crate::cli::output::{Plan, Printer};
use crate::cli::progress::Progress;
use crate::cli::{Session, Status, Trouble, interrupt};
use crate::failure::Failure;
use crate::file;
#[cfg(feature = "libpcap")]
use crate::file::filter::Filters;
#[cfg(feature = "libpcap")]
use crate::frame::{Frame, FrameSource as _};
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::CaptureInfo;

/// Length of the files from which on a second thread writes records.
const WORTH_A_THREAD: u64 = 1 << 20;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::new(matches, session, false)?;
    let printer = if matches.get_flag(id::FOLLOW) { plan.follow()? } else { plan.start(false)? };
    show(matches, session, &plan, printer)
}

/// Reads the capture that the arguments name and hands it to a report.
pub(super) fn show(
    matches: &ArgMatches,
    session: &Session,
    plan: &Plan,
    mut printer: Printer,
) -> Result<Status, Trouble> {
    let path = matches.get_one::<OsString>(id::FILE).cloned().unwrap_or_default();
    let mut capture = file::open::open(&path)?;
    forecast::tell(&path, session, plan);
    #[cfg(feature = "libpcap")]
    let mut filters = match matches.get_one::<String>(id::FILTER) {
        Some(expression) => {
            Some(Filters::new(expression, capture.interfaces().iter().map(|interface| interface.link))?)
        }
        None => None,
    };

    #[cfg(feature = "libpcap")]
    let filtered = filters.is_some();
    #[cfg(feature = "libpcap")]
    let mut passes = |frame: &Frame<'_>| filters.as_mut().map_or(Ok(true), |filters| filters.matches(frame));
    let progress = Progress::start(session, &capture);
    let reached = progress.reached();
    printer.before_it_shows(progress.ending());
    // A small file is done before a thread has begun.
    let mut second = capture.size().filter(|size| *size >= WORTH_A_THREAD).and_then(|_| SecondThread::start());
    let request = Request {
        info: CaptureInfo { source: path.to_string_lossy().into_owned(), ..CaptureInfo::default() },
        selection: plan.view.selection.clone(),
        #[cfg(feature = "libpcap")]
        filter: filtered.then_some(&mut passes as _),
        stop: Some(interrupt::flag(progress.ending())),
        reached: reached.as_deref(),
        aside: second.as_mut().map(|second| second as _),
        ..Request::default()
    };
    let outcome = analysis::run(&mut capture, request, &mut *printer.report);
    drop(progress);
    let outcome = outcome.map_err(|stopped| printer.trouble(stopped))?;
    let console = session.console;
    console.detail(
        &messages::READING,
        &Values::none().with("n", Value::Count(outcome.packets)).with("source", capture.name()),
    );
    if let Some(damage) = &outcome.damage {
        // The report first: what was read stands above the warning, also where both go to one terminal.
        printer.flush()?;
        console.warning(&capture.damage(damage));
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
