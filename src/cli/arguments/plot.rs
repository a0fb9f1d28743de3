//! The arguments of `plot`.

use clap::builder::PossibleValuesParser;
use clap::{Command, ValueHint, value_parser};

use super::{Arguments, id, words};
use crate::cli::values;
use crate::language::Values;
use crate::report::plot::{FORMATS, Kind};

impl Arguments {
    pub(super) fn plot(&self) -> Command {
        let file = format!("<{}>", self.word(&words::VALUE_FILE));
        let filter = if cfg!(feature = "libpcap") { self.optional(&words::VALUE_FILTER) } else { String::new() };
        let rest = format!("{file} {filter} --kind {}", self.word(&words::VALUE_KIND));
        let formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let format = self.filled(&words::OPT_PLOT_FORMAT, &Values::none().words("allowed", formats.join(", ")));
        let kinds = Kind::ALL.map(Kind::name);
        let kind = self.filled(&words::OPT_KIND, &Values::none().words("allowed", kinds.join(", ")));
        let command = self
            .bare("plot", "netscope plot", &words::ABOUT_PLOT, &rest.replace("  ", " "))
            .before_help(self.word(&words::MORE_PLOT))
            .after_help(self.examples(&[
                "netscope plot lab.pcapng --kind tcptrace -o lab.svg",
                "netscope plot lab.pcapng --kind rtt --conn 2 --from server -o rtt.png",
            ]))
            .arg(
                self.positional(id::FILE, &words::VALUE_FILE, self.word(&words::ARG_FILE).to_owned())
                    .required(true)
                    .value_parser(value_parser!(std::ffi::OsString))
                    .value_hint(ValueHint::FilePath),
            );
        #[cfg(feature = "libpcap")]
        let command = command.arg(self.filter(&words::ARG_FILTER));
        let mut own = vec![
            self.bare_option(id::KIND, self.word(&words::VALUE_KIND), kind)
                .required(true)
                .value_parser(PossibleValuesParser::new(kinds)),
            self.option(id::FROM, self.word(&words::VALUE_END), &words::OPT_FROM)
                .value_parser(PossibleValuesParser::new(["client", "server"])),
            self.option(id::INTERVAL, self.word(&words::VALUE_TIME), &words::OPT_PLOT_INTERVAL)
                .value_parser(values::interval),
            self.bare_option(id::FORMAT, "F", format).value_parser(PossibleValuesParser::new(formats)),
        ];
        // What it shares with the commands that show packets.
        own.extend(self.output().into_iter().filter(|arg| arg.get_id() == id::OUTPUT));
        own.push(self.option(id::CONN, "N", &words::OPT_PLOT_CONN).value_parser(values::ConnChoice::parse));
        command.args(own.into_iter().map(|arg| arg.help_heading(self.word(&words::OUTPUT_OPTIONS))))
    }
}
