//! `netscope report FILE|--demo NAME|--run …`.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::open::{self, Opened};
#[cfg(target_os = "linux")]
use super::{demo, run as programs};
#[cfg(target_os = "linux")]
use crate::cli::arguments::MOST_PROGRAMS;
use crate::cli::arguments::{Arguments, id};
use crate::cli::output::{Plan, Printer};
#[cfg(target_os = "linux")]
use crate::cli::values;
use crate::cli::{Session, Status, Trouble};
use crate::failure::Failure;
use crate::language::messages::cli::lab as messages;
use crate::language::{Value, Values};
use crate::report::lab::{Experiment, Kind, Lab};
#[cfg(target_os = "linux")]
use crate::{
    language::Lang,
    scenario::{self, calls},
    track::Side,
};

/// What a report takes whatever it is about.
const OWN: &[&str] =
    &[id::KEY, id::FORMAT, id::OUTPUT, id::CONN, id::LIMIT, id::LANG, id::COLOR, id::QUIET, id::VERBOSE];

/// What narrows any of them.
const NARROWS: &[&str] = &[id::CONN, id::LIMIT];

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let kind = kind(matches)
        .ok_or_else(|| Failure::bad_input(&messages::NEEDS, Values::none()).next(&messages::NEEDS_NEXT))?;
    let tree = Arguments { lang: session.lang, width: 80 }.command();
    // The command whose options hold.
    let (name, about, own) = match kind {
        Kind::File => ("open", &messages::A_FILE, &[id::FILE, id::FILTER][..]),
        Kind::Demo => ("demo", &messages::A_DEMO, &[id::DEMO][..]),
        Kind::Run => ("run", &messages::A_RUN, &[id::RUN][..]),
    };
    let (report, like) = (tree.find_subcommand("report"), tree.find_subcommand(name));
    let (Some(report), Some(like)) = (report, like) else { return Ok(Status::Done) };
    if let Some(option) = report.get_arguments().find(|arg| is_stray(arg, matches, like, own)) {
        let values = Values::none().words("option", written(option)).with("what", Value::Text(about.text));
        return Err(Failure::bad_input(&messages::NOT_FOR, values).into());
    }
    let plan = Plan::lab(matches, session)?;
    let experiment = Experiment { kind, key: matches.get_flag(id::KEY), ..Experiment::default() };
    let lang = format!("--lang {}", session.lang.code());
    let narrowed = typed(report, matches, |arg| NARROWS.contains(&arg.get_id().as_str()));
    #[cfg(target_os = "linux")]
    if kind != Kind::File {
        let makes = |arg: &Arg| is_option_of(arg, like) && !OWN.contains(&arg.get_id().as_str());
        let apart = [id::COMMAND, id::VARIANT];
        let options = typed(report, matches, |arg| makes(arg) && !apart.contains(&arg.get_id().as_str()));
        let experiment = Experiment {
            file: matches.get_one::<std::path::PathBuf>(id::SAVE).map(|path| quote(&path.to_string_lossy())),
            trailing: typed(report, matches, |arg| arg.get_id() == id::COMMAND),
            ..experiment
        };
        return if kind == Kind::Demo {
            about_demo(matches, session, &plan, experiment, [&options, &narrowed, &lang])
        } else {
            // For demos there may be more.
            if let Some(clients) = matches.get_one::<u16>(id::CLIENTS) {
                values::number(&clients.to_string(), 1, MOST_PROGRAMS)?;
            }
            let command = join(&["netscope report --run", &options, &narrowed, &lang]);
            let again = join(&["netscope run", &options, &lang, &experiment.trailing]);
            let experiment = Experiment { command, again: Some(again), ..experiment };
            programs::carry_out(matches, session, &plan, || begin(&plan, experiment))
        };
    }
    let file = matches.get_one::<OsString>(id::FILE).cloned().unwrap_or_default();
    // The folders above it belong to one machine.
    let name = quote(file.to_string_lossy().rsplit('/').next().unwrap_or_default());
    let filter = typed(report, matches, |arg| arg.get_id() == id::FILTER);
    let command = join(&["netscope report", &name, &filter, &narrowed, &lang]);
    let experiment = Experiment { command, file: (file != "-").then_some(name), ..experiment };
    let opened = Opened::new(matches, session)?;
    let printer = begin(&plan, experiment)?;
    open::show(session, &plan, opened, printer)
}

/// What the report is about: what is asked for first.
fn kind(matches: &ArgMatches) -> Option<Kind> {
    #[cfg(target_os = "linux")]
    if matches.contains_id(id::DEMO) {
        return Some(Kind::Demo);
    }
    #[cfg(target_os = "linux")]
    if matches.get_flag(id::RUN) {
        return Some(Kind::Run);
    }
    matches.contains_id(id::FILE).then_some(Kind::File)
}

/// A report on a built-in exchange.
#[cfg(target_os = "linux")]
fn about_demo(
    matches: &ArgMatches,
    session: &Session,
    plan: &Plan,
    experiment: Experiment,
    [options, narrowed, lang]: [&str; 3],
) -> Result<Status, Trouble> {
    let show = one(matches)?;
    // Without its name `demo` would run all of them.
    let variant = if show.scenario.has_variants() { format!("--variant {}", show.variant.name) } else { String::new() };
    let name = show.scenario.name;
    let calls = |actions| Lang::ALL.map(|lang| calls::line(actions, lang));
    let experiment = Experiment {
        command: join(&["netscope report --demo", name, &variant, options, narrowed, lang]),
        again: Some(join(&["netscope demo", name, &variant, options, lang])),
        programs: vec![(Side::Client, calls(show.variant.client)), (Side::Server, calls(show.variant.server))],
        ..experiment
    };
    demo::carry_out(&[show], matches, session, plan, || begin(plan, experiment))
}

/// The one exchange that is asked for; of several variants the usual one.
#[cfg(target_os = "linux")]
fn one(matches: &ArgMatches) -> Result<demo::Show, Failure> {
    let name = matches.get_one::<String>(id::DEMO).map(String::as_str).unwrap_or_default();
    // The parser has let only names of the list through.
    let scenario = scenario::find(name).unwrap_or(scenario::SCENARIOS[0]);
    let wanted = matches.get_one::<String>(id::VARIANT).map(String::as_str);
    let variant = match wanted {
        None => &scenario.variants[0],
        Some("all") => {
            let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name).collect();
            let values = Values::none().words("scenario", scenario.name).words("allowed", names.join(", "));
            return Err(Failure::bad_input(&messages::ONE_VARIANT, values).next(&messages::ONE_VARIANT_NEXT));
        }
        Some(wanted) => scenario.variant(wanted).ok_or_else(|| demo::unknown_variant(scenario, wanted))?,
    };
    Ok(demo::Show::new(scenario, variant))
}

fn begin(plan: &Plan, experiment: Experiment) -> Result<Printer, Failure> {
    plan.begin(|out| Box::new(Lab::new(out, plan.view.clone(), plan.format, experiment)))
}

fn given(arg: &Arg, matches: &ArgMatches) -> bool {
    matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine)
}

fn is_option_of(arg: &Arg, command: &Command) -> bool {
    command.get_arguments().any(|other| other.get_id() == arg.get_id())
}

/// Typed although it means nothing for what the report is about.
fn is_stray(arg: &Arg, matches: &ArgMatches, like: &Command, own: &[&str]) -> bool {
    let name = arg.get_id().as_str();
    given(arg, matches) && !OWN.contains(&name) && !own.contains(&name) && !is_option_of(arg, like)
}

/// An argument as users write it: `--save`, `FILE`.
fn written(arg: &Arg) -> String {
    let value = || arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default();
    arg.get_long().map_or_else(value, |long| format!("--{long}"))
}

/// What was typed of the arguments that are wanted, in the order of the help.
fn typed(command: &Command, matches: &ArgMatches, wanted: impl Fn(&Arg) -> bool) -> String {
    let mut out: Vec<String> = Vec::new();
    for arg in command.get_arguments().filter(|arg| wanted(arg) && given(arg, matches)) {
        let values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        let values = values.map(|value| quote(&value.to_string_lossy()));
        match arg.get_long() {
            Some(long) if matches!(arg.get_action(), ArgAction::SetTrue) => out.push(format!("--{long}")),
            Some(long) => out.extend(values.map(|value| format!("--{long} {value}"))),
            None => {
                out.extend(arg.is_last_set().then(|| "--".to_owned()));
                out.extend(values);
            }
        }
    }
    out.join(" ")
}

/// The parts that are there, as one line.
fn join(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it for itself.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
