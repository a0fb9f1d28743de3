//! `netscope capture [-i IFACE] [FILTER]`.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;

use crate::analysis::{self, Request};
use crate::annotate::Annotation;
use crate::cli::arguments::id;
use crate::cli::output::Plan;
use crate::cli::save::Keeper;
use crate::cli::{Session, Status, Trouble, interrupt};
use crate::failure::Failure;
use crate::file;
use crate::frame::{Frame, FrameSource as _};
use crate::language::messages::cli as messages;
use crate::language::{Value, Values};
use crate::live::{capture, interfaces};
use crate::report::CaptureInfo;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::new(matches, session, false)?;
    let save = matches.get_one::<PathBuf>(id::SAVE);
    if let Some(save) = save {
        plan.differs_from(save)?;
    }
    let interface = match matches.get_one::<String>(id::INTERFACE) {
        Some(name) => name.clone(),
        None => interfaces::default()?.name,
    };
    let limits = capture::Limits {
        count: matches.get_one::<u64>(id::COUNT).copied(),
        duration: matches.get_one::<Duration>(id::DURATION).copied(),
    };
    let filter = matches.get_one::<String>(id::FILTER).map(String::as_str);
    let mut live = capture::open(&interface, filter, limits)?;
    let mut keeper = save.map(|path| Keeper::create(path, live.interfaces(), session.lang)).transpose()?;
    let mut printer = plan.start(true)?;
    let stopper = live.stopper();
    interrupt::watch(move || stopper.stop());
    let console = session.console;
    console.notice(&messages::LISTENING, &Values::none().words("interface", interface.clone()));

    let keeping = keeper.is_some();
    let mut keep =
        |frame: &Frame<'_>, notes: &[Annotation]| keeper.as_mut().map_or(Ok(()), |keeper| keeper.frame(frame, notes));
    let request = Request {
        info: CaptureInfo { source: interface.clone(), ..CaptureInfo::default() },
        selection: plan.view.selection.clone(),
        keep: keeping.then_some(&mut keep as _),
        ..Request::default()
    };
    let outcome = analysis::run(&mut live, request, &mut *printer.report);
    let closed = match outcome.map_err(|stopped| printer.trouble(stopped)) {
        Ok(outcome) => {
            if let Some(dropped) = outcome.dropped.filter(|dropped| *dropped > 0) {
                let values = Values::none().with("n", Value::Count(dropped));
                console.warning(&Failure::bad_input(&messages::DROPPED, values));
            }
            if let Some(damage) = &outcome.damage {
                printer.flush()?;
                console.warning(&file::damage::failure(Value::Words(interface.into()), damage));
            }
            Ok(outcome)
        }
        // Nobody looks any more, and what was captured is kept all the same.
        Err(Trouble::ClosedPipe) => Err(Trouble::ClosedPipe),
        Err(trouble) => return Err(trouble),
    };
    if let Some(keeper) = keeper {
        keeper.finish(console)?;
    }
    let outcome = closed?;
    if let Some(failure) = plan.missing(&outcome) {
        return Err(failure.into());
    }
    printer.finish()?;
    Ok(if outcome.damage.is_some() { Status::Damaged } else { Status::Done })
}
