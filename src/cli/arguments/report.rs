//! `report`: a file, or what `demo` and `run` take.

#[cfg(target_os = "linux")]
use clap::Arg;
use clap::builder::PossibleValuesParser;
use clap::{Command, ValueHint, value_parser};

use super::{Arguments, id};
use crate::language::Values;
use crate::language::messages::cli::help as words;
use crate::language::messages::cli::lab as say;
use crate::report::lab;

impl Arguments {
    pub(super) fn report(&self) -> Command {
        let file = self.word(&words::VALUE_FILE);
        let usage = if cfg!(target_os = "linux") {
            format!("<{file}|--demo {}|--run …>", self.word(&words::VALUE_SCENARIO))
        } else {
            format!("<{file}>")
        };
        let command = self
            .bare("report", "netscope report", &say::ABOUT, &usage)
            .before_help(self.word(&say::MORE))
            .after_help(self.examples(&[
                "netscope report lab.pcapng -o lab.docx",
                "netscope report --demo half-close --lang id -o laporan.md",
                "netscope report --demo half-close --key -o key.tex",
                "netscope report --run --server ./server --client ./client -o x.html",
            ]))
            .arg(
                self.positional(id::FILE, &words::VALUE_FILE, self.word(&words::ARG_FILE).to_owned())
                    .value_parser(value_parser!(std::ffi::OsString))
                    .value_hint(ValueHint::FilePath),
            );
        #[cfg(feature = "libpcap")]
        let command = command.arg(self.filter(&words::ARG_FILTER));
        #[cfg(target_os = "linux")]
        let command = self.live(command);
        let names: Vec<&str> = lab::FORMATS.iter().map(|format| format.name).collect();
        let values = Values::none().words("allowed", names.join(", ")).words("default", names[0]);
        let format = self.bare_option(id::FORMAT, "F", self.filled(&say::OPT_FORMAT, &values));
        let shared = [id::OUTPUT, id::CONN, id::LIMIT];
        let own = [self.switch(id::KEY, &say::OPT_KEY), format.value_parser(PossibleValuesParser::new(names))];
        let output = self.output().into_iter().filter(|arg| shared.contains(&arg.get_id().as_str()));
        command.args(own.into_iter().chain(output).map(|arg| arg.help_heading(self.word(&words::OUTPUT_OPTIONS))))
    }

    /// What makes packets, with the options of the commands that make them.
    #[cfg(target_os = "linux")]
    fn live(&self, command: Command) -> Command {
        let scenarios: Vec<&str> = crate::scenario::SCENARIOS.iter().map(|scenario| scenario.name).collect();
        let demo = self
            .option(id::DEMO, self.word(&words::VALUE_SCENARIO), &say::OPT_DEMO)
            .value_parser(PossibleValuesParser::new(scenarios))
            .help_heading(self.word(&words::EXCHANGE_OPTIONS));
        let run = self.switch(id::RUN, &say::OPT_RUN).help_heading(self.word(&words::PROGRAM_OPTIONS));
        let left_out = [id::LIST, id::ALL, id::CHECK, id::SCENARIO, id::ANSWERS];
        let keeps = [id::SAVE, id::CALLS];
        let output = self.word(&words::OUTPUT_OPTIONS);
        // How packets are shown is decided by the report; that they can be kept is not.
        let makes = |arg: &&Arg| {
            let name = arg.get_id().as_str();
            !left_out.contains(&name) && (keeps.contains(&name) || arg.get_help_heading() != Some(output))
        };
        let (demos, programs) = (self.demo(), self.run());
        let mut args: Vec<Arg> = std::iter::once(demo).chain(demos.get_arguments().filter(makes).cloned()).collect();
        args.push(run);
        for arg in programs.get_arguments().filter(makes) {
            if args.iter().all(|known| known.get_id() != arg.get_id()) {
                args.push(arg.clone());
            }
        }
        // In this order in the help, and what `demo` alone can say of it not at all.
        command.args(args.into_iter().enumerate().map(|(at, arg)| {
            let arg = arg.display_order(100 + at);
            if arg.get_id() == id::VARIANT { arg.help(self.word(&say::OPT_VARIANT)) } else { arg }
        }))
    }
}
