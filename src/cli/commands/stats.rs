//! `netscope stats FILE [FILTER]`.

use clap::ArgMatches;

use super::open::{self, Opened};
use crate::cli::arguments::id;
use crate::cli::output::Plan;
use crate::cli::{Session, Status, Trouble};
use crate::report::stats::{Stats, Wanted};

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::stats(matches, session)?;
    let opened = Opened::new(matches, session)?;
    let wanted = Wanted {
        sections: matches.get_many::<String>(id::SECTION).map(|all| all.cloned().collect()).unwrap_or_default(),
        interval: matches.get_one::<i64>(id::INTERVAL).copied(),
    };
    let printer = plan.begin(|out| Box::new(Stats::new(out, plan.view.clone(), plan.format, wanted)))?;
    open::show(matches, session, &plan, opened, printer)
}
