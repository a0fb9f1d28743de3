//! The command line: arguments, commands, messages, exit codes. Effects that belong to no other edge are here.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line is an edge: it reads arguments and the environment and writes to the terminal"
)]

mod arguments;
mod commands;
mod console;
mod environment;
mod interrupt;
mod nearest;
mod output;
mod usage;
mod values;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;

use crate::failure::{Exit, Failure};
use crate::language::messages::cli as messages;
use crate::language::{Lang, Value, Values};
use arguments::{Arguments, id};
use console::{Console, Level};
use environment::{ColorChoice, Environment, early_option};

/// The exit code after an interruption by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// All is said.
    Done,
    /// What could be read is shown; the input was damaged and a warning says so.
    Damaged,
    /// Ctrl-C.
    Interrupted,
}

impl Status {
    fn code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Damaged => Exit::BadInput.code(),
            Status::Interrupted => INTERRUPTED,
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

/// An output that cannot be written; `None` is standard output.
fn write_trouble(error: &io::Error, path: Option<&std::path::Path>) -> Trouble {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Trouble::ClosedPipe;
    }
    let place = path.map_or(Value::Text(messages::STANDARD_OUTPUT.text), |path| {
        Value::Words(path.display().to_string().into())
    });
    let values = Values::none().with("path", place).words("reason", reason(error));
    Trouble::Failure(Failure::bad_input(&messages::WRITE, values).next(&messages::WRITE_NEXT))
}

/// The system's words without Rust's "(os error 28)".
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
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
    let code = match tree(lang, &environment, color).try_get_matches_from(&args) {
        Ok(matches) => {
            let level = match (matches.get_flag(id::QUIET), matches.get_flag(id::VERBOSE)) {
                (true, _) => Level::Quiet,
                (_, true) => Level::Verbose,
                _ => Level::Normal,
            };
            let console = Console { lang, level };
            run(&matches, &Session { lang, environment, console, color })
        }
        Err(error) => refuse(&error, lang),
    };
    ExitCode::from(code)
}

fn tree(lang: Lang, environment: &Environment, color: ColorChoice) -> clap::Command {
    let color = if environment.color(color) { clap::ColorChoice::Always } else { clap::ColorChoice::Never };
    // Prose wider than this is hard to read.
    Arguments { lang, width: environment.width().min(110), color }.command()
}

fn run(matches: &ArgMatches, session: &Session) -> u8 {
    let result = match matches.subcommand() {
        #[cfg(target_os = "linux")]
        Some(("demo", matches)) => commands::demo::run(matches, session),
        Some(("open", matches)) => commands::open::run(matches, session),
        #[cfg(all(feature = "libpcap", target_os = "linux"))]
        Some(("capture", matches)) => commands::capture::run(matches, session),
        Some(("explain", matches)) => commands::explain::run(matches, session),
        #[cfg(target_os = "linux")]
        Some(("doctor", _)) => commands::doctor::run(session),
        Some(("completions", matches)) => commands::shell::completions(matches, session),
        Some(("man", _)) => commands::shell::man(session),
        _ => Err(Failure::bad_input(&messages::NO_COMMAND, Values::none()).into()),
    };
    match result {
        Ok(status) => status.code(),
        Err(Trouble::ClosedPipe) => 0,
        Err(Trouble::Failure(failure)) => {
            session.console.error(&failure);
            failure.exit.code()
        }
    }
}

/// Help and version go to standard output; everything else that clap stops at is wrong usage.
fn refuse(error: &clap::Error, lang: Lang) -> u8 {
    let console = Console { lang, level: Level::Normal };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => 0,
            Err(error) => match write_trouble(&error, None) {
                Trouble::ClosedPipe => 0,
                Trouble::Failure(failure) => {
                    console.error(&failure);
                    failure.exit.code()
                }
            },
        },
        _ => {
            console.labelled(&messages::ERROR, &usage::render(error, lang));
            Exit::BadInput.code()
        }
    }
}

#[cfg(test)]
mod tests;
