//! `netscope demo [SCENARIO…]`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::ArgMatches;

use super::check;
use super::{over, saved};
use crate::analysis::{self, Request};
use crate::beside::{self, Beside};
use crate::cli::among::{self, Numbered};
use crate::cli::arguments::id;
use crate::cli::output::{Plan, Printer};
use crate::cli::save::{Keeper, SaveAs};
use crate::cli::{Session, Status, Trouble, interrupt, print};
use crate::failure::Failure;
use crate::file::save::SaveFormat;
use crate::language::messages::{cli as messages, live as live_messages};
use crate::language::{Lang, Value, Values};
use crate::live::exchange::{self, Place, Recording};
use crate::live::own_program;
use crate::report::CaptureInfo;
use crate::report::text::wrap;
use crate::scenario::wire::Wire;
use crate::scenario::{self, SCENARIOS, Scenario, Variant};
use crate::timeline::TraceEvent;

/// One exchange to be shown.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Show {
    pub(in crate::cli) scenario: &'static Scenario,
    pub(in crate::cli) variant: &'static Variant,
    /// The next shown is another scenario's: here the scenario's question closes the view.
    pub(in crate::cli) last: bool,
    /// With the answer.
    pub(in crate::cli) answers: bool,
}

impl Show {
    pub(in crate::cli) fn new(scenario: &'static Scenario, variant: &'static Variant) -> Show {
        Show { scenario, variant, last: true, answers: false }
    }

    /// The variant, where there is a choice.
    fn variant_name(self) -> Option<&'static str> {
        saved::variant_name(self.scenario, self.variant)
    }

    /// `close-message server-closes`, for lists.
    pub(super) fn label(self) -> String {
        std::iter::once(self.scenario.name).chain(self.variant_name()).collect::<Vec<_>>().join(" ")
    }

    /// `demo close-message --variant server-closes`, as the user would ask for it.
    fn source(self) -> String {
        match self.variant_name() {
            Some(variant) => format!("demo {} --variant {variant}", self.scenario.name),
            None => format!("demo {}", self.scenario.name),
        }
    }

    /// The same with its wire.
    fn source_over(self, wire: Option<&Wire>) -> String {
        wire.map_or_else(|| self.source(), |wire| format!("{} {wire}", self.source()))
    }
}

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let names: Vec<&str> =
        matches.get_many::<String>(id::SCENARIO).map(|all| all.map(String::as_str).collect()).unwrap_or_default();
    let variant = matches.get_one::<String>(id::VARIANT).map(String::as_str);
    let checks = matches.get_flag(id::CHECK);
    let nothing = names.is_empty() && variant.is_none();
    let all = matches.get_flag(id::ALL) || (checks && nothing);
    if matches.get_flag(id::LIST) || (nothing && !all) {
        return list(session.lang, session.environment.width());
    }
    // To compare, the first variant of each is enough; to check, it is not.
    let variant = variant.or(checks.then_some("all").filter(|_| !names.is_empty()));
    let mut shows = if all { every_show() } else { choose(&names, variant)? };
    ask_once(&mut shows, matches.get_flag(id::ANSWERS));
    if checks {
        return check::run(&shows, matches, session);
    }
    let plan = Plan::new(matches, session, true)?;
    carry_out(&shows, matches, session, &plan, || plan.start(false))
}

/// Runs the exchanges one after the other and hands each to the report that `start` begins.
pub(super) fn carry_out(
    shows: &[Show],
    matches: &ArgMatches,
    session: &Session,
    plan: &Plan,
    start: impl FnOnce() -> Result<Printer, Failure>,
) -> Result<Status, Trouble> {
    let message = matches.get_one::<String>(id::MESSAGE);
    if message.is_some() && !shows.iter().any(|show| show.variant.takes_message()) {
        return Err(Failure::bad_input(&messages::NO_MESSAGE, Values::none()).into());
    }
    if matches.contains_id(id::CLIENTS) && !shows.iter().any(|show| show.variant.clients().is_some()) {
        return Err(Failure::bad_input(&messages::NO_CLIENTS, Values::none()).into());
    }
    let save = matches.get_one::<PathBuf>(id::SAVE);
    let calls = matches.get_flag(id::CALLS);
    if let Some(save) = save {
        plan.differs_from(save)?;
        among::needs_pcapng(save, calls)?;
    }
    let wires: Vec<Wire> = shows.iter().filter_map(|show| over::wire(*show, matches)).collect();
    if matches.contains_id(id::SEED) && !wires.iter().any(Wire::is_random) {
        return Err(Failure::bad_input(&messages::SEED_ALONE, Values::none()).into());
    }
    if let Some(path) = save.filter(|path| !wires.is_empty() && matches!(SaveFormat::of(path), Ok(SaveFormat::Pcap))) {
        let values = Values::none().words("path", path.display().to_string());
        return Err(Failure::bad_input(&messages::WIRE_AS_PCAP, values).next(&messages::WIRE_AS_PCAP_NEXT).into());
    }
    // Ctrl-C reaches the helper too, which ends its exchange; what has been written half is cleaned up here.
    let interrupted = interrupt::flag(exchange::interrupt);
    let mut printer = start()?;
    for show in shows {
        let request = exchange::Request { witness: true, ..request(*show, matches) };
        if over::asks_in_vain(*show, matches) {
            session.console.notice(&messages::NO_WIRE, &Values::none().words("scenario", show.source()));
        }
        session
            .console
            .detail(&messages::RUNNING, &Values::none().words("scenario", show.source_over(request.wire.as_ref())));
        let recording = exchange::run(&request, &own_program())?;
        if interrupted.load(Ordering::Relaxed) {
            return Err(Failure::interrupted(&live_messages::INTERRUPTED).into());
        }
        if let Some(notice) = recording.notice {
            session.console.notice(notice, &Values::none());
        }
        let place = save.map(|path| save_as(path, *show, shows.len()));
        let place = place.as_deref().map(|path| SaveAs { path, calls });
        report(*show, &recording, place, plan, &mut printer, session)?;
        // Each is shown when it is over, not when all are.
        printer.flush()?;
    }
    printer.finish()?;
    Ok(Status::Done)
}

/// A scenario's question comes once, with its last variant.
fn ask_once(shows: &mut [Show], answers: bool) {
    let names: Vec<&str> = shows.iter().map(|show| show.scenario.name).collect();
    for (index, show) in shows.iter_mut().enumerate() {
        show.last = names.get(index + 1) != Some(&show.scenario.name);
        show.answers = answers;
    }
}

/// Every scenario with every variant.
fn every_show() -> Vec<Show> {
    SCENARIOS
        .iter()
        .flat_map(|scenario| scenario.variants.iter().map(move |variant| Show::new(scenario, variant)))
        .collect()
}

/// What the names ask for: one scenario with all its variants, or several with the first of each, so that they compare.
pub(in crate::cli) fn choose(names: &[&str], variant: Option<&str>) -> Result<Vec<Show>, Failure> {
    if names.is_empty() {
        return Err(Failure::bad_input(&messages::VARIANT_WITHOUT, Values::none()));
    }
    let mut shows = Vec::new();
    for name in names {
        // The parser has let only names of the list through.
        let Some(scenario) = scenario::find(name) else { continue };
        let every = match variant {
            None => names.len() == 1,
            Some(variant) => variant == "all",
        };
        match variant {
            _ if every => shows.extend(scenario.variants.iter().map(|variant| Show::new(scenario, variant))),
            None => shows.extend(scenario.variants.first().map(|variant| Show::new(scenario, variant))),
            Some(wanted) => {
                let variant = scenario.variant(wanted).ok_or_else(|| unknown_variant(scenario, wanted))?;
                shows.push(Show::new(scenario, variant));
            }
        }
    }
    Ok(shows)
}

pub(super) fn unknown_variant(scenario: &Scenario, wanted: &str) -> Failure {
    let values = Values::none().words("scenario", scenario.name).words("value", wanted.to_owned());
    if !scenario.has_variants() {
        return Failure::bad_input(&messages::NO_VARIANTS, values);
    }
    let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name).chain(["all"]).collect();
    Failure::bad_input(&messages::UNKNOWN_VARIANT, values.words("allowed", names.join(", ")))
}

pub(super) fn request(show: Show, matches: &ArgMatches) -> exchange::Request {
    let mut request = exchange::Request::new(show.variant);
    if show.variant.takes_message() {
        request.message = matches.get_one::<String>(id::MESSAGE).cloned();
    }
    if let (Some(clients), Some(_)) = (matches.get_one::<u16>(id::CLIENTS), show.variant.clients()) {
        request.clients = *clients;
    }
    request.port = matches.get_one::<u16>(id::PORT).copied();
    request.ipv6 = matches.get_flag(id::IPV6);
    request.wire = over::wire(show, matches);
    if matches.get_flag(id::HOST) {
        request.place = Place::Host;
    }
    request
}

pub(super) fn report(
    show: Show,
    recording: &Recording,
    save: Option<SaveAs<'_>>,
    plan: &Plan,
    printer: &mut Printer,
    session: &Session,
) -> Result<(), Trouble> {
    let beside = beside(show, recording);
    let numbered = Numbered::new(&recording.frames, &recording.interfaces, &beside, save);
    let numbered = numbered.map_err(|stopped| printer.trouble(stopped))?;
    let memory = || numbered.source();
    let witness = beside.witness(&mut memory()).map_err(|stopped| printer.trouble(stopped))?;
    let with = |save: SaveAs<'_>| Keeper::with(save.path, &numbered, session.lang, &beside, witness.as_ref());
    let mut keeper = save.map(with).transpose()?;
    let keeping = keeper.is_some();
    let mut keep = |frame: &crate::frame::Frame<'_>, notes: &[crate::annotate::Annotation]| {
        keeper.as_mut().map_or(Ok(()), |keeper| keeper.frame(frame, notes))
    };
    let heard = analysis::hear(&mut memory(), &beside.words);
    let traces = analysis::place(&mut memory(), &beside.traces);
    let mut frames = memory();
    let request = Request {
        sockets: &heard.events,
        traces: &traces,
        witness: witness.as_ref(),
        info: CaptureInfo {
            source: show.source_over(recording.wire.as_ref()),
            settings: Some(recording.settings.clone()),
            testimony: heard.testimony,
            resets: traces.iter().filter_map(TraceEvent::reset_word).collect(),
            counted: beside.counted.clone(),
            heading: beside.demo.as_ref().and_then(saved::heading),
            ..CaptureInfo::default()
        },
        selection: plan.view.selection.clone(),
        keep: keeping.then_some(&mut keep as _),
        ..Request::default()
    };
    let outcome = analysis::run(&mut frames, request, &mut *printer.report);
    let outcome = outcome.map_err(|stopped| printer.trouble(stopped))?;
    if let Some(failure) = plan.missing(&outcome) {
        return Err(failure.into());
    }
    if let Some(keeper) = keeper {
        keeper.finish(session.console)?;
    }
    if let Some(dropped) = outcome.dropped.filter(|dropped| *dropped > 0) {
        let values = Values::none().with("n", Value::Count(dropped));
        session.console.warning(&Failure::bad_input(&messages::DROPPED, values));
    }
    Ok(())
}

/// What was seen beside the packets.
fn beside(show: Show, recording: &Recording) -> Beside {
    Beside {
        settings: Some(recording.settings.clone()),
        dropped: recording.dropped,
        demo: Some(beside::Demo {
            scenario: show.scenario.name.to_owned(),
            variant: show.variant.name.to_owned(),
            clients: recording.clients,
            question: show.last,
            answer: show.answers,
        }),
        calls: recording.calls.clone(),
        words: recording.witnessed.clone(),
        counted: recording.counted.clone(),
        traces: recording.traces.clone(),
        ..Beside::default()
    }
}

/// Several exchanges go to a file each, so that frame numbers stay those that are shown: `lab-half-close.pcapng`.
pub(in crate::cli) fn save_as(path: &Path, show: Show, of: usize) -> PathBuf {
    if of == 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let variant = show.variant_name().map(|variant| format!("-{variant}")).unwrap_or_default();
    path.with_file_name(format!("{stem}-{}{variant}{ending}", show.scenario.name))
}

fn list(lang: Lang, width: usize) -> Result<Status, Trouble> {
    let name_width = SCENARIOS.iter().map(|scenario| scenario.name.len()).max().unwrap_or_default();
    let level_width = SCENARIOS.iter().map(|scenario| scenario.level.text().get(lang).len()).max().unwrap_or_default();
    let indent = name_width + level_width + 4;
    let mut text = String::new();
    for scenario in SCENARIOS {
        let level = scenario.level.text().get(lang);
        let mut about = wrap(scenario.title.get(lang), width.saturating_sub(indent).max(20));
        if scenario.has_variants() {
            let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name).collect();
            let variants = format!("{}: {}", messages::VARIANTS.text.get(lang), names.join(", "));
            about.extend(wrap(&variants, width.saturating_sub(indent).max(20)));
        }
        let mut head = format!("{:name_width$}  {level:level_width$}  ", scenario.name);
        for line in about {
            let _ = text.write_fmt(format_args!("{head}{line}\n"));
            head = " ".repeat(indent);
        }
    }
    text.push('\n');
    text.push_str(&wrap(messages::SCENARIOS_NEXT.text.get(lang), width).join("\n"));
    text.push('\n');
    print(text.as_bytes())
}
