//! The command line: arguments, commands, messages, exit codes. Effects that belong to no other edge are here.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line is an edge: it reads arguments and the environment and writes to the terminal"
)]

#[cfg(target_os = "linux")]
mod among;
mod arguments;
mod aside;
mod commands;
mod console;
mod environment;
mod interrupt;
mod output;
mod progress;
#[cfg(target_os = "linux")]
mod save;
mod usage;
mod values;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;

use crate::failure::{Exit, Failure};
use crate::file::output::Output;
use crate::language::messages::cli as messages;
use crate::language::{Lang, Values};
use arguments::{Arguments, id};
use console::{Console, Level};
use environment::{ColorChoice, Environment, early_option};

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// All is said.
    Done,
    /// What could be read is shown; the input was damaged and a warning says so.
    Damaged,
    /// A check was carried through, and something did not hold.
    #[cfg(target_os = "linux")]
    Differs,
    /// Ctrl-C.
    Interrupted,
}

impl Status {
    fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Damaged => Exit::BadInput.code(),
            #[cfg(target_os = "linux")]
            Status::Differs => Exit::CheckFailed.code(),
            Status::Interrupted => Exit::Interrupted.code(),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
enum Trouble {
    /// To be told to the user.
    Failure(Failure),
    /// Nobody reads on: no failure, and nothing more to say.
    ClosedPipe,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Trouble::Failure(failure)
    }
}

/// Writes a text that is complete to standard output.
fn print(text: &[u8]) -> Result<Status, Trouble> {
    let mut output = Output::create(None)?;
    let written = output.write_all(text).and_then(|()| output.flush());
    written.map_err(|error| write_trouble(&output, &error))?;
    Ok(Status::Done)
}

/// An output that cannot be written: a failure, unless nobody reads on.
fn write_trouble(output: &Output, error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Trouble::ClosedPipe,
        _ => Trouble::Failure(output.failed(error)),
    }
}

/// What every command is given besides its arguments.
struct Session {
    lang: Lang,
    environment: Environment,
    console: Console,
    color: ColorChoice,
}

/// The program: parses, runs, and tells the shell how it went.
#[must_use]
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    #[cfg(target_os = "linux")]
    if args.get(1).is_some_and(|arg| arg == crate::live::HELPER_COMMAND) {
        return crate::live::helper_main();
    }
    let environment = Environment::read();
    let rest = args.get(1..).unwrap_or_default();
    let lang = early_option(rest, "--lang")
        .and_then(|code| Lang::ALL.into_iter().find(|lang| lang.code() == code))
        .unwrap_or_else(|| environment.lang());
    let color = early_option(rest, "--color").map_or(ColorChoice::Auto, ColorChoice::parse);
    let styled = environment.color(color);
    // Prose wider than this is hard to read.
    let tree = Arguments { lang, width: environment.width().min(110) }.command();
    let code = match tree.try_get_matches_from(&args) {
        Ok(matches) => {
            let level = match (matches.get_flag(id::QUIET), matches.get_flag(id::VERBOSE)) {
                (true, _) => Level::Quiet,
                (_, true) => Level::Verbose,
                _ => Level::Normal,
            };
            let console = Console { lang, level };
            run(&matches, &Session { lang, environment, console, color })
        }
        Err(error) => refuse(&error, lang, styled),
    };
    ExitCode::from(code)
}

fn run(matches: &ArgMatches, session: &Session) -> u8 {
    let result = match matches.subcommand() {
        #[cfg(target_os = "linux")]
        Some(("demo", matches)) => commands::demo::run(matches, session),
        #[cfg(target_os = "linux")]
        Some(("run", matches)) => commands::run::run(matches, session),
        Some(("open", matches)) => commands::open::run(matches, session),
        Some(("plot", matches)) => commands::plot::run(matches, session),
        Some(("stats", matches)) => commands::stats::run(matches, session),
        Some(("report", matches)) => commands::report::run(matches, session),
        #[cfg(all(feature = "libpcap", target_os = "linux"))]
        Some(("capture", matches)) => commands::capture::run(matches, session),
        Some(("explain", matches)) => commands::explain::run(matches, session),
        #[cfg(target_os = "linux")]
        Some(("doctor", _)) => commands::doctor::run(session),
        Some(("completions", matches)) => commands::shell::completions(matches, session),
        Some(("man", _)) => commands::shell::man(session),
        _ => Err(Failure::bad_input(&messages::NO_COMMAND, Values::none()).into()),
    };
    conclude(result, session.console)
}

/// The exit code; a failure is told.
fn conclude(result: Result<Status, Trouble>, console: Console) -> u8 {
    match result {
        Ok(status) => status.code(),
        Err(Trouble::ClosedPipe) => 0,
        Err(Trouble::Failure(failure)) => {
            console.error(&failure);
            failure.exit.code()
        }
    }
}

/// Help and version go to standard output; everything else that clap stops at is wrong usage.
fn refuse(error: &clap::Error, lang: Lang, color: bool) -> u8 {
    let console = Console { lang, level: Level::Normal };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = if color { text.ansi().to_string() } else { text.to_string() };
            conclude(print(text.as_bytes()), console)
        }
        _ => {
            console.labelled(&messages::ERROR, &usage::render(error, lang));
            Exit::BadInput.code()
        }
    }
}

#[cfg(test)]
mod tests;
