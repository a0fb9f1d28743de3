//! `netscope run`: the user's own server and clients.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;

use super::over;
use super::saved::say_unseen;
use crate::analysis::{self, Request};
use crate::annotate::Annotation;
use crate::beside::{Beside, Halt, Reach, Unseen};
use crate::cli::among::{self, Numbered};
use crate::cli::arguments::id;
use crate::cli::output::{Plan, Printer};
use crate::cli::save::{Keeper, SaveAs};
use crate::cli::{Session, Status, Trouble, interrupt};
use crate::failure::Failure;
use crate::file::save::SaveFormat;
use crate::frame::Frame;
use crate::language::messages::{cli as messages, live as live_messages};
use crate::language::{Value, Values};
use crate::live::exchange;
use crate::live::own_program;
use crate::live::programs::{self, Input, Program, Recording, Stop};
use crate::report::CaptureInfo;
use crate::scenario::wire::Wire;
use crate::timeline;
use crate::track::Side;

/// How long programs may take that nobody types for.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(in crate::cli) fn run(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let plan = Plan::new(matches, session, true)?;
    carry_out(matches, session, &plan, || plan.start(false))
}

/// Runs the programs and hands what happened to the report that `start` begins.
pub(super) fn carry_out(
    matches: &ArgMatches,
    session: &Session,
    plan: &Plan,
    start: impl FnOnce() -> Result<Printer, Failure>,
) -> Result<Status, Trouble> {
    let save = matches.get_one::<PathBuf>(id::SAVE);
    let calls = matches.get_flag(id::CALLS);
    if let Some(save) = save {
        plan.differs_from(save)?;
        among::needs_pcapng(save, calls)?;
    }
    let request = request(matches, session)?;
    if matches.contains_id(id::SEED) && !request.wire.as_ref().is_some_and(Wire::is_random) {
        return Err(Failure::bad_input(&messages::SEED_ALONE, Values::none()).into());
    }
    if let Some(path) =
        save.filter(|path| request.wire.is_some() && matches!(SaveFormat::of(path), Ok(SaveFormat::Pcap)))
    {
        let values = Values::none().words("path", path.display().to_string());
        return Err(Failure::bad_input(&messages::WIRE_AS_PCAP, values).next(&messages::WIRE_AS_PCAP_NEXT).into());
    }
    // Ctrl-C reaches the helper, which ends the programs; the second one ends everything.
    interrupt::flag(|| {});
    let mut printer = start()?;
    let takes_terminal = request.programs.iter().any(|program| program.input == Input::Terminal);
    let typed = takes_terminal.then(|| Box::new(std::io::stdin()) as Box<dyn std::io::Read + Send>);
    let recording = programs::run(&request, &own_program(), typed)?;
    say(&recording, session);
    let beside = beside(&request, &recording);
    let save = save.map(|path| SaveAs { path, calls });
    report(&request, &recording, &beside, save, plan, &mut printer, session)?;
    printer.finish()?;
    Ok(Status::Done)
}

/// What must be said about the run itself.
fn say(recording: &Recording, session: &Session) {
    let notice = |message| session.console.notice(message, &Values::none());
    match recording.stopped {
        Some((_, Stop::TimeUp)) => notice(&messages::RUN_TIME_UP),
        Some((_, Stop::Interrupted)) => notice(&messages::RUN_INTERRUPTED),
        Some((_, Stop::Done)) | None => {}
    }
    if recording.late > exchange::TOLERATED {
        notice(&live_messages::WIRE_WAS_LATE);
    }
    if recording.impatient {
        notice(&messages::RUN_IMPATIENT);
    }
    say_unseen(Unseen { missed: recording.missed, io_uring: recording.io_uring }, session);
}

fn request(matches: &ArgMatches, session: &Session) -> Result<programs::Request, Failure> {
    let all = |id: &str| -> Vec<String> {
        matches.get_many::<String>(id).map(|all| all.cloned().collect()).unwrap_or_default()
    };
    let shell = |words: &str| ["/bin/sh", "-c", words].map(str::to_owned).to_vec();
    let inputs: Vec<Vec<u8>> = all(id::INPUT).iter().map(|text| unescape(text)).collect::<Result<_, _>>()?;
    let server_input = matches.get_one::<String>(id::SERVER_INPUT).map(|text| unescape(text)).transpose()?;
    let command = all(id::COMMAND);
    let wire = over::asked(matches);
    if wire.is_some() && !command.is_empty() {
        return Err(Failure::bad_input(&messages::RUN_ONE_HOST, Values::none()).next(&messages::RUN_NEEDS_NEXT));
    }
    let mut programs = Vec::new();
    let mut clients: Vec<(String, Vec<String>, Option<Side>)> = Vec::new();
    if command.is_empty() {
        let server = matches.get_one::<String>(id::SERVER);
        let (Some(server), false) = (server, all(id::CLIENT).is_empty()) else {
            return Err(Failure::bad_input(&messages::RUN_NEEDS, Values::none()).next(&messages::RUN_NEEDS_NEXT));
        };
        let input = server_input.map_or(Input::Nothing, Input::Text);
        let side = Some(Side::Server);
        programs.push(Program { command: shell(server), words: server.clone(), side, input });
        let times = matches.get_one::<u16>(id::CLIENTS).copied().unwrap_or(1);
        for client in all(id::CLIENT) {
            let one = (client.clone(), shell(&client), Some(Side::Client));
            clients.extend(std::iter::repeat_n(one, times.into()));
        }
    } else {
        clients.push((command.join(" "), command, None));
    }
    if inputs.len() > clients.len().max(1) {
        let values = Values::none()
            .with("inputs", Value::Count(inputs.len() as u64))
            .with("clients", Value::Count(clients.len() as u64));
        return Err(Failure::bad_input(&messages::RUN_INPUTS, values));
    }
    // The terminal can be one program's only.
    let terminal = inputs.is_empty() && clients.len() == 1;
    for (at, (words, command, side)) in clients.into_iter().enumerate() {
        // One input serves all clients; several are for one each.
        let text = if inputs.len() == 1 { inputs.first() } else { inputs.get(at) };
        let input = match text {
            Some(text) => Input::Text(text.clone()),
            None if terminal => Input::Terminal,
            None => Input::Nothing,
        };
        programs.push(Program { command, words, side, input });
    }
    let interactive = terminal && std::io::stdin().is_terminal();
    let timeout = matches.get_one::<Duration>(id::TIMEOUT).copied().or((!interactive).then_some(TIMEOUT));
    Ok(programs::Request {
        programs,
        port: matches.get_one::<u16>(id::PORT).copied(),
        client_delay: matches.get_one::<Duration>(id::CLIENT_DELAY).copied().unwrap_or_default(),
        timeout,
        echo: interactive && session.environment.errors_terminal,
        host: matches.get_flag(id::HOST),
        wire,
    })
}

/// `halo\nclose\n` as the bytes that are typed.
fn unescape(text: &str) -> Result<Vec<u8>, Failure> {
    let wrong = || {
        let values = Values::none().words("value", text.to_owned());
        Failure::bad_input(&messages::RUN_BAD_INPUT, values).next(&messages::RUN_BAD_INPUT_NEXT)
    };
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        bytes.push(match rest.next() {
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            Some('0') => 0,
            Some('\\') => b'\\',
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                let digits = Some(digits).filter(|digits| digits.len() == 2).ok_or_else(wrong)?;
                u8::from_str_radix(&digits, 16).map_err(|_| wrong())?
            }
            _ => return Err(wrong()),
        });
    }
    Ok(bytes)
}

/// What was seen beside the packets.
fn beside(request: &programs::Request, recording: &Recording) -> Beside {
    let told = |(place, (program, written))| told(place, program, written, recording);
    Beside {
        settings: Some(recording.settings.clone()),
        dropped: recording.dropped,
        calls: recording.calls.clone(),
        words: recording.witnessed.clone(),
        counted: recording.counted.clone(),
        reach: match request.wire {
            Some(_) => Reach::Wire,
            None if request.host => Reach::Host,
            None => Reach::Private,
        },
        programs: request.programs.iter().zip(&recording.output).enumerate().map(told).collect(),
        stopped: recording.stopped.map(|(at, why)| Halt { at, early: why != Stop::Done }),
        unseen: Unseen { missed: recording.missed, io_uring: recording.io_uring },
        ..Beside::default()
    }
}

/// A program with its end.
fn told(place: usize, program: &Program, written: &programs::Written, recording: &Recording) -> timeline::Program {
    let process = recording.processes.iter().find(|process| process.root == Some(place));
    let output = String::from_utf8_lossy(&written.bytes).into_owned();
    let whole = recording.stopped.is_none();
    let before = String::from_utf8_lossy(written.bytes.get(..written.before_stop).unwrap_or_default()).len();
    timeline::Program {
        side: program.side,
        pid: process.map_or(0, |process| process.pid),
        command: program.words.clone(),
        end: process.filter(|_| !(recording.cancelled && program.side == Some(Side::Client))).map(|process| {
            match process.status {
                programs::Status::Exit(code) => timeline::End::Exit(code),
                programs::Status::Signal(signal) => timeline::End::Signal(programs::signal_name(signal)),
            }
        }),
        stopped: recording.stopped.zip(process).is_some_and(|((at, _), process)| process.ended >= at),
        before_stop: if whole { output.len() } else { before },
        output,
        more: written.more,
    }
}

fn report(
    request: &programs::Request,
    recording: &Recording,
    beside: &Beside,
    save: Option<SaveAs<'_>>,
    plan: &Plan,
    printer: &mut Printer,
    session: &Session,
) -> Result<(), Trouble> {
    let numbered = Numbered::new(&recording.frames, &recording.interfaces, beside, save);
    let numbered = numbered.map_err(|stopped| printer.trouble(stopped))?;
    let memory = || numbered.source();
    let witness = beside.witness(&mut memory()).map_err(|stopped| printer.trouble(stopped))?;
    let mut frames = memory();
    let with = |save: SaveAs<'_>| Keeper::with(save.path, &numbered, session.lang, beside, witness.as_ref());
    let mut keeper = save.map(with).transpose()?;
    let keeping = keeper.is_some();
    let mut keep =
        |frame: &Frame<'_>, notes: &[Annotation]| keeper.as_mut().map_or(Ok(()), |keeper| keeper.frame(frame, notes));
    let words: Vec<&str> = request.programs.iter().map(|program| program.words.as_str()).collect();
    let heard = analysis::hear(&mut memory(), &beside.words);
    let analysed = Request {
        sockets: &heard.events,
        info: CaptureInfo {
            testimony: heard.testimony,
            source: match &request.wire {
                Some(wire) => format!("run {} {wire}", words.join(" · ")),
                None => format!("run {}", words.join(" · ")),
            },
            settings: Some(recording.settings.clone()),
            counted: beside.counted.clone(),
            stopped: beside.stopped.map(|halt| halt.at),
            ..CaptureInfo::default()
        },
        selection: plan.view.selection.clone(),
        keep: keeping.then_some(&mut keep as _),
        witness: witness.as_ref(),
        ..Request::default()
    };
    let outcome = analysis::run(&mut frames, analysed, &mut *printer.report);
    let outcome = outcome.map_err(|stopped| printer.trouble(stopped))?;
    if let Some(failure) = plan.missing(&outcome) {
        return Err(failure.into());
    }
    if let Some(keeper) = keeper {
        keeper.finish(session.console)?;
    }
    Ok(())
}
