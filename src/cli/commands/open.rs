//! `netscope open FILE [FILTER]`.

use std::ffi::OsString;

use clap::ArgMatches;

use crate::analysis::{self, Request};
use crate::cli::arguments::id;
use crate::cli::output::Plan;
use crate::cli::{Session, Status, Trouble, interrupt};
use crate::failure::Failure;
use crate::file;
use crate::frame::{Frame, FrameSource as _};
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::report::CaptureInfo;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::new(matches, session, false)?;
    let path = matches.get_one::<OsString>(id::FILE).map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let mut capture = file::open::open(&path)?;
    #[cfg(feature = "libpcap")]
    let mut filter = Filter::compile(matches, &capture)?;
    let mut printer = plan.start(false)?;

    #[cfg(feature = "libpcap")]
    let mut passes = |frame: &Frame<'_>| filter.as_mut().is_none_or(|filter| filter.matches(frame));
    let request = Request {
        info: CaptureInfo { source: path.clone(), ..CaptureInfo::default() },
        selection: plan.view.selection.clone(),
        #[cfg(feature = "libpcap")]
        filter: matches.contains_id(id::FILTER).then_some(&mut passes as _),
        stop: Some(interrupt::watch()),
        ..Request::default()
    };
    let outcome = analysis::run(&mut capture, request, &mut *printer.report);
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
    if outcome.interrupted {
        console.warning(&Failure::bad_input(&messages::INTERRUPTED, Values::none()));
        return Ok(Status::Interrupted);
    }
    Ok(if outcome.damage.is_some() { Status::Damaged } else { Status::Done })
}

/// One expression, compiled for each link type that the capture turns out to have.
#[cfg(feature = "libpcap")]
struct Filter {
    expression: String,
    compiled: Vec<(crate::frame::LinkType, Option<file::filter::Filter>)>,
}

#[cfg(feature = "libpcap")]
impl Filter {
    /// Compiles at once for what is known of the capture, so that a slip is told before anything is shown.
    fn compile(matches: &ArgMatches, capture: &file::open::Capture) -> Result<Option<Filter>, Failure> {
        let Some(expression) = matches.get_one::<String>(id::FILTER) else { return Ok(None) };
        let mut compiled = Vec::new();
        let known = capture.interfaces().iter().map(|interface| interface.link);
        for link in known.chain([crate::frame::LinkType::ETHERNET]) {
            if compiled.is_empty() {
                compiled.push((link, Some(file::filter::Filter::compile(expression, link)?)));
            }
        }
        Ok(Some(Filter { expression: expression.clone(), compiled }))
    }

    fn matches(&mut self, frame: &Frame<'_>) -> bool {
        let at = self.compiled.iter().position(|(link, _)| *link == frame.link).unwrap_or_else(|| {
            // An expression that means nothing on another link of the same file takes none of its frames.
            self.compiled.push((frame.link, file::filter::Filter::compile(&self.expression, frame.link).ok()));
            self.compiled.len() - 1
        });
        self.compiled[at].1.as_ref().is_some_and(|filter| filter.matches(frame))
    }
}
