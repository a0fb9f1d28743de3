//! `netscope plot FILE [FILTER] --kind KIND`.

use clap::ArgMatches;

use super::open::{self, Opened};
use crate::cli::arguments::id;
use crate::cli::output::Plan;
use crate::cli::{Session, Status, Trouble};
use crate::report::plot::{Kind, Plot, Wanted};
use crate::track::Side;

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::plot(matches, session)?;
    let opened = Opened::new(matches, session)?;
    let kind = matches.get_one::<String>(id::KIND).and_then(|name| Kind::find(name)).unwrap_or(Kind::TimeSequence);
    let from = matches.get_one::<String>(id::FROM);
    let from = from.map(|name| if name == Side::Server.name() { Side::Server } else { Side::Client });
    let wanted = Wanted { kind, from, window: matches.get_one::<i64>(id::INTERVAL).copied() };
    let printer = plan.begin(|out| Box::new(Plot::new(out, plan.view.clone(), plan.format, wanted)))?;
    open::show(session, &plan, opened, printer)
}
