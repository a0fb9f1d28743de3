//! The command tree, every word of it in one language.

mod plot;

use std::fmt::Write as _;

mod report;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use super::values;
use crate::language::messages::Message;
use crate::language::messages::cli::help as words;
use crate::language::{Lang, Values};
use crate::report::stats;

/// Two descriptors a client, or four where it has a child process: 1024 are usual for a process.
#[cfg(target_os = "linux")]
const MOST_CLIENTS: u64 = 200;

/// More programs than this would not be told apart.
#[cfg(target_os = "linux")]
pub(super) const MOST_PROGRAMS: u64 = 50;

/// Everything that the arguments depend on: the language and the lists of the other parts.
pub(super) struct Arguments {
    pub(super) lang: Lang,
    pub(super) width: usize,
}

/// The names under which the values are found again.
#[allow(dead_code, reason = "which options there are depends on the system and the features")]
pub(super) mod id {
    pub(crate) const SCENARIO: &str = "scenario";
    pub(crate) const LIST: &str = "list";
    pub(crate) const ALL: &str = "all";
    pub(crate) const CHECK: &str = "check";
    pub(crate) const ANSWERS: &str = "answers";
    pub(crate) const VARIANT: &str = "variant";
    pub(crate) const MESSAGE: &str = "message";
    pub(crate) const CLIENTS: &str = "clients";
    pub(crate) const PORT: &str = "port";
    pub(crate) const IPV6: &str = "ipv6";
    pub(crate) const HOST: &str = "host";
    pub(crate) const DELAY: &str = "delay";
    pub(crate) const LOSS: &str = "loss";
    pub(crate) const DUPLICATE: &str = "duplicate";
    pub(crate) const REORDER: &str = "reorder";
    pub(crate) const SEED: &str = "seed";
    pub(crate) const SERVER: &str = "server";
    pub(crate) const CLIENT: &str = "client";
    pub(crate) const COMMAND: &str = "command";
    pub(crate) const INPUT: &str = "input";
    pub(crate) const SERVER_INPUT: &str = "server-input";
    pub(crate) const CLIENT_DELAY: &str = "client-delay";
    pub(crate) const TIMEOUT: &str = "timeout";
    pub(crate) const INTERFACE: &str = "interface";
    pub(crate) const FILE: &str = "file";
    pub(crate) const FILTER: &str = "filter";
    pub(crate) const COUNT: &str = "count";
    pub(crate) const DURATION: &str = "duration";
    pub(crate) const DEMO: &str = "demo";
    pub(crate) const RUN: &str = "run";
    pub(crate) const KEY: &str = "key";
    pub(crate) const TERM: &str = "term";
    pub(crate) const SHELL: &str = "shell";
    pub(crate) const FORMAT: &str = "format";
    pub(crate) const OUTPUT: &str = "output";
    pub(crate) const CONNECTIONS: &str = "connections";
    pub(crate) const CONN: &str = "conn";
    pub(crate) const FOLLOW: &str = "follow";
    pub(crate) const LIMIT: &str = "limit";
    pub(crate) const COLUMNS: &str = "columns";
    pub(crate) const PAYLOAD: &str = "payload";
    pub(crate) const SECTION: &str = "section";
    pub(crate) const INTERVAL: &str = "interval";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const FROM: &str = "from";
    pub(crate) const SAVE: &str = "save";
    pub(crate) const CALLS: &str = "calls-as-packets";
    pub(crate) const LANG: &str = "lang";
    pub(crate) const COLOR: &str = "color";
    pub(crate) const QUIET: &str = "quiet";
    pub(crate) const VERBOSE: &str = "verbose";
}

impl Arguments {
    /// The whole tree. clap's own English (usage words, defaults, `help` command) is switched off and said here.
    pub(super) fn command(&self) -> Command {
        let mut root = self
            .bare("netscope", "netscope", &words::ABOUT, &format!("<{}>", self.word(&words::VALUE_COMMAND)))
            .version(env!("CARGO_PKG_VERSION"))
            .disable_version_flag(true)
            .subcommand_required(true)
            .subcommand_help_heading(self.word(&words::COMMANDS))
            .subcommand_value_name(self.word(&words::VALUE_COMMAND))
            .term_width(self.width)
            .after_help(format!("{}: {}", self.word(&words::EXIT_CODES), self.word(&words::EXIT_CODES_TEXT)))
            .arg(self.help())
            .arg(
                self.flag("version", 'V', &words::OPT_VERSION)
                    .long("version")
                    .action(ArgAction::Version)
                    .help_heading(self.word(&words::GENERAL_OPTIONS)),
            );
        for arg in self.general() {
            root = root.arg(arg);
        }
        for command in self.commands() {
            // Last, so that help lists what is the command's own before what is common to all.
            root = root.subcommand(command.arg(self.help()));
        }
        root
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            #[cfg(target_os = "linux")]
            self.demo(),
            #[cfg(target_os = "linux")]
            self.run(),
            self.open(),
            self.stats(),
            self.plot(),
            self.report(),
            #[cfg(all(feature = "libpcap", target_os = "linux"))]
            self.capture(),
            self.bare("explain", "netscope explain", &words::ABOUT_EXPLAIN, &self.optional(&words::VALUE_TERM))
                .arg(self.positional(id::TERM, &words::VALUE_TERM, self.word(&words::ARG_TERM).to_owned())),
            #[cfg(target_os = "linux")]
            self.bare("doctor", "netscope doctor", &words::ABOUT_DOCTOR, ""),
            self.completions(),
            self.bare("man", "netscope man", &words::ABOUT_MAN, ""),
        ]
    }

    #[cfg(target_os = "linux")]
    fn demo(&self) -> Command {
        let names: Vec<&str> = crate::scenario::SCENARIOS.iter().map(|scenario| scenario.name).collect();
        let usage = format!("{}…", self.optional(&words::VALUE_SCENARIO));
        let exchange = |arg: Arg| arg.help_heading(self.word(&words::EXCHANGE_OPTIONS));
        self.bare("demo", "netscope demo", &words::ABOUT_DEMO, &usage)
            .before_help(self.word(&words::MORE_DEMO))
            .after_help(format!(
                "{}\n\n{}",
                self.rules(),
                self.examples(&[
                    "netscope demo tcp",
                    "netscope demo close-message half-close",
                    "netscope demo tcp --save tcp.pcapng",
                    "netscope demo --all --check",
                    "netscope demo tcp --delay 20ms --loss 'client data 1'",
                ])
            ))
            .arg(
                self.positional(id::SCENARIO, &words::VALUE_SCENARIO, self.word(&words::ARG_SCENARIOS).to_owned())
                    .num_args(0..)
                    .value_parser(PossibleValuesParser::new(names)),
            )
            .arg(exchange(self.switch(id::LIST, &words::OPT_LIST)))
            .arg(exchange(self.switch(id::ALL, &words::OPT_ALL)).conflicts_with_all([id::SCENARIO, id::VARIANT]))
            .arg(exchange(self.option(id::VARIANT, "V", &words::OPT_VARIANT)))
            .arg(exchange(self.switch(id::CHECK, &words::OPT_CHECK)).conflicts_with_all([id::MESSAGE, id::CALLS]))
            .arg(exchange(self.option(id::MESSAGE, self.word(&words::VALUE_TEXT), &words::OPT_MESSAGE)))
            .arg(
                exchange(self.option(id::CLIENTS, "N", &words::OPT_CLIENTS))
                    .value_parser(|text: &str| values::number(text, 1, MOST_CLIENTS).map(small_number)),
            )
            .arg(
                exchange(self.option(id::PORT, "P", &words::OPT_PORT))
                    .value_parser(|text: &str| values::number(text, 1, u64::from(u16::MAX)).map(small_number)),
            )
            .arg(exchange(self.switch(id::IPV6, &words::OPT_IPV6)))
            .arg(exchange(self.switch(id::HOST, &words::OPT_HOST)).conflicts_with_all([
                id::DELAY,
                id::LOSS,
                id::DUPLICATE,
                id::REORDER,
                id::SEED,
            ]))
            .args(self.wire())
            .args(self.output())
            .arg(self.switch(id::ANSWERS, &words::OPT_ANSWERS).help_heading(self.word(&words::OUTPUT_OPTIONS)))
            .arg(self.save())
            .arg(self.calls())
    }

    #[cfg(target_os = "linux")]
    fn run(&self) -> Command {
        let own = |arg: Arg| arg.help_heading(self.word(&words::PROGRAM_OPTIONS));
        let command = self.word(&words::VALUE_PROGRAM);
        let text = self.word(&words::VALUE_TEXT);
        let time = self.word(&words::VALUE_TIME);
        let usage = format!("--server {command} --client {command}");
        self.bare("run", "netscope run", &words::ABOUT_RUN, &usage)
            .before_help(self.word(&words::MORE_RUN))
            .after_help(format!(
                "{} {}\n\n{}",
                self.rules(),
                self.word(&words::WIRE_RUN),
                self.examples(&[
                    "netscope run --server 'python3 server.py' --client 'python3 client.py'",
                    "netscope run --server ./server --client ./client --input 'halo\\nclose\\n'",
                    "netscope run -- python3 both.py",
                    "netscope run --server ./server --client ./client --delay 20ms --loss 'client data 1'",
                ])
            ))
            .arg(own(self.option(id::SERVER, command, &words::OPT_SERVER)))
            .arg(own(self.option(id::CLIENT, command, &words::OPT_CLIENT)).action(ArgAction::Append))
            .arg(
                self.positional(id::COMMAND, &words::VALUE_PROGRAM, self.word(&words::ARG_COMMAND).to_owned())
                    .num_args(1..)
                    .last(true)
                    .conflicts_with_all([id::SERVER, id::CLIENT]),
            )
            .arg(
                own(self.option(id::CLIENTS, "N", &words::OPT_RUN_CLIENTS))
                    .value_parser(|text: &str| values::number(text, 1, MOST_PROGRAMS).map(small_number)),
            )
            .arg(own(self.option(id::INPUT, text, &words::OPT_INPUT)).action(ArgAction::Append))
            .arg(own(self.option(id::SERVER_INPUT, text, &words::OPT_SERVER_INPUT)))
            .arg(
                own(self.option(id::PORT, "P", &words::OPT_RUN_PORT))
                    .value_parser(|text: &str| values::number(text, 1, u64::from(u16::MAX)).map(small_number))
                    .conflicts_with(id::COMMAND),
            )
            .arg(own(self.option(id::CLIENT_DELAY, time, &words::OPT_CLIENT_DELAY)).value_parser(values::delay))
            .arg(own(self.option(id::TIMEOUT, time, &words::OPT_TIMEOUT)).value_parser(values::duration))
            .arg(own(self.switch(id::HOST, &words::OPT_RUN_HOST)).conflicts_with_all([
                id::DELAY,
                id::LOSS,
                id::DUPLICATE,
                id::REORDER,
                id::SEED,
            ]))
            .args(self.wire())
            .args(self.output())
            .arg(self.save())
            .arg(self.calls())
    }

    /// How a rule names packets.
    #[cfg(target_os = "linux")]
    fn rules(&self) -> String {
        let examples = [
            ("client data 3", &words::RULE_DATA),
            ("server SYN,ACK 1..2", &words::RULE_RANGES),
            ("every FIN", &words::RULE_EVERY),
            ("last ACK", &words::RULE_LAST),
            ("2%, client data 5%", &words::RULE_SHARES),
            ("client data 3 by 2", &words::RULE_BY),
        ];
        let mut out = format!("{} {}", self.word(&words::WIRE_HOSTS), self.word(&words::RULE_COUNT));
        for (rule, meaning) in examples {
            let _ = write!(out, "\n  {rule:<20} {}", self.word(meaning));
        }
        format!("{out}\n{}", self.word(&words::RULE_KINDS))
    }

    /// The wire between two hosts.
    #[cfg(target_os = "linux")]
    fn wire(&self) -> Vec<Arg> {
        let rule = self.word(&words::VALUE_RULE);
        let several = |arg: Arg| arg.action(ArgAction::Append);
        vec![
            self.option(id::DELAY, self.word(&words::VALUE_TIME), &words::OPT_DELAY).value_parser(values::delay),
            several(self.option(id::LOSS, rule, &words::OPT_LOSS)).value_parser(values::rule),
            several(self.option(id::DUPLICATE, rule, &words::OPT_DUPLICATE)).value_parser(values::rule),
            several(self.option(id::REORDER, rule, &words::OPT_REORDER)).value_parser(values::late_rule),
            self.option(id::SEED, "N", &words::OPT_SEED).value_parser(|text: &str| values::number(text, 0, u64::MAX)),
        ]
        .into_iter()
        .map(|arg| arg.help_heading(self.word(&words::WIRE_OPTIONS)))
        .collect()
    }

    fn open(&self) -> Command {
        let file = format!("<{}>", self.word(&words::VALUE_FILE));
        let rest =
            if cfg!(feature = "libpcap") { format!("{file} {}", self.optional(&words::VALUE_FILTER)) } else { file };
        let command = self
            .bare("open", "netscope open", &words::ABOUT_OPEN, &rest)
            .before_help(self.word(&words::MORE_OPEN))
            .after_help(self.examples(&["netscope open lab.pcapng", "netscope open lab.pcapng --conn 2 -o lab.md"]))
            .arg(
                self.positional(id::FILE, &words::VALUE_FILE, self.word(&words::ARG_FILE).to_owned())
                    .required(true)
                    .value_parser(value_parser!(std::ffi::OsString))
                    .value_hint(ValueHint::FilePath),
            );
        #[cfg(feature = "libpcap")]
        let command = command.arg(self.filter(&words::ARG_FILTER));
        let follow = self.switch(id::FOLLOW, &words::OPT_FOLLOW).conflicts_with_all([
            id::FORMAT,
            id::CONNECTIONS,
            id::COLUMNS,
            id::LIMIT,
            id::PAYLOAD,
        ]);
        command.args(self.output()).arg(follow.help_heading(self.word(&words::OUTPUT_OPTIONS)))
    }

    fn stats(&self) -> Command {
        let file = format!("<{}>", self.word(&words::VALUE_FILE));
        let rest =
            if cfg!(feature = "libpcap") { format!("{file} {}", self.optional(&words::VALUE_FILTER)) } else { file };
        let names: Vec<&str> = stats::FORMATS.iter().map(|format| format.name).collect();
        let format = self.filled(&words::OPT_STATS_FORMAT, &Values::none().words("allowed", names.join(", ")));
        let sections = self.filled(&words::OPT_SECTION, &Values::none().words("allowed", stats::SECTIONS.join(", ")));
        let command = self
            .bare("stats", "netscope stats", &words::ABOUT_STATS, &rest)
            .before_help(self.word(&words::MORE_STATS))
            .after_help(
                self.examples(&["netscope stats lab.pcapng", "netscope stats lab.pcapng --section http -o http.csv"]),
            )
            .arg(
                self.positional(id::FILE, &words::VALUE_FILE, self.word(&words::ARG_FILE).to_owned())
                    .required(true)
                    .value_parser(value_parser!(std::ffi::OsString))
                    .value_hint(ValueHint::FilePath),
            );
        #[cfg(feature = "libpcap")]
        let command = command.arg(self.filter(&words::ARG_FILTER));
        let mut own = vec![
            self.bare_option(id::SECTION, self.word(&words::VALUE_NAME), sections)
                .action(ArgAction::Append)
                .value_parser(PossibleValuesParser::new(stats::SECTIONS)),
            self.option(id::INTERVAL, self.word(&words::VALUE_TIME), &words::OPT_INTERVAL)
                .value_parser(values::interval),
            self.bare_option(id::FORMAT, "F", format).value_parser(PossibleValuesParser::new(names)),
        ];
        // What it shares with the commands that show packets.
        own.extend(
            self.output().into_iter().filter(|arg| [id::OUTPUT, id::CONN, id::LIMIT].contains(&arg.get_id().as_str())),
        );
        command.args(own.into_iter().map(|arg| arg.help_heading(self.word(&words::OUTPUT_OPTIONS))))
    }

    #[cfg(all(feature = "libpcap", target_os = "linux"))]
    fn capture(&self) -> Command {
        let own = |arg: Arg| arg.help_heading(self.word(&words::OPTIONS));
        self.bare("capture", "netscope capture", &words::ABOUT_CAPTURE, &self.optional(&words::VALUE_FILTER))
            .before_help(self.word(&words::MORE_CAPTURE))
            .after_help(
                self.examples(&[
                    "netscope capture -i eth0 'tcp port 8000'",
                    "netscope capture -c 100 --save lab.pcapng",
                ]),
            )
            .arg(self.filter(&words::ARG_CAPTURE_FILTER))
            .arg(
                own(self.option(id::INTERFACE, self.word(&words::VALUE_INTERFACE), &words::OPT_CAPTURE_INTERFACE))
                    .short('i'),
            )
            .arg(
                own(self.option(id::COUNT, "N", &words::OPT_COUNT))
                    .short('c')
                    .value_parser(|text: &str| values::number(text, 1, u64::MAX)),
            )
            .arg(
                own(self.option(id::DURATION, self.word(&words::VALUE_TIME), &words::OPT_DURATION))
                    .value_parser(values::duration),
            )
            .args(self.output())
            .arg(self.save())
    }

    fn completions(&self) -> Command {
        let shells = ["bash", "zsh", "fish", "elvish", "powershell"];
        let help = self.filled(&words::ARG_SHELL, &Values::none().words("allowed", shells.join(", ")));
        let usage = format!("<{}>", self.word(&words::VALUE_SHELL));
        self.bare("completions", "netscope completions", &words::ABOUT_COMPLETIONS, &usage).arg(
            self.positional(id::SHELL, &words::VALUE_SHELL, help)
                .required(true)
                .value_parser(PossibleValuesParser::new(shells)),
        )
    }

    #[cfg(feature = "libpcap")]
    fn filter(&self, help: &'static Message) -> Arg {
        self.positional(id::FILTER, &words::VALUE_FILTER, self.word(help).to_owned())
    }

    /// The options of every command that shows packets.
    fn output(&self) -> Vec<Arg> {
        let formats = values::format_lists();
        let format = self.filled(
            &words::OPT_FORMAT,
            &Values::none()
                .words("people", formats.people.join(", "))
                .words("programs", formats.programs.join(", "))
                .words("default", formats.default),
        );
        let columns =
            self.filled(&words::OPT_COLUMNS, &Values::none().words("allowed", values::columns(false).join(", ")));
        let names: Vec<&str> = formats.people.iter().chain(&formats.programs).copied().collect();
        vec![
            self.bare_option(id::FORMAT, "F", format).value_parser(PossibleValuesParser::new(names)),
            self.option(id::OUTPUT, self.word(&words::VALUE_FILE), &words::OPT_OUTPUT)
                .short('o')
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::FilePath),
            self.switch(id::CONNECTIONS, &words::OPT_CONNECTIONS),
            self.option(id::CONN, "N", &words::OPT_CONN)
                .action(ArgAction::Append)
                .value_parser(values::ConnChoice::parse),
            self.option(id::LIMIT, "N", &words::OPT_LIMIT).value_parser(|text: &str| values::number(text, 1, u64::MAX)),
            self.bare_option(id::COLUMNS, self.word(&words::VALUE_COLUMNS), columns)
                .value_parser(values::parse_columns),
            self.option(id::PAYLOAD, "N", &words::OPT_PAYLOAD).value_parser(values::payload),
        ]
        .into_iter()
        .map(|arg| arg.help_heading(self.word(&words::OUTPUT_OPTIONS)))
        .collect()
    }

    fn save(&self) -> Arg {
        self.option(id::SAVE, self.word(&words::VALUE_FILE), &words::OPT_SAVE)
            .value_parser(value_parser!(std::path::PathBuf))
            .value_hint(ValueHint::FilePath)
            .help_heading(self.word(&words::OUTPUT_OPTIONS))
    }

    #[cfg(target_os = "linux")]
    fn calls(&self) -> Arg {
        self.switch(id::CALLS, &words::OPT_CALLS).requires(id::SAVE).help_heading(self.word(&words::OUTPUT_OPTIONS))
    }

    /// The options that every command takes.
    fn general(&self) -> Vec<Arg> {
        vec![
            self.option(id::LANG, "L", &words::OPT_LANG).value_parser(PossibleValuesParser::new(["en", "id"])),
            self.option(id::COLOR, self.word(&words::VALUE_WHEN), &words::OPT_COLOR)
                .value_parser(PossibleValuesParser::new(["auto", "always", "never"])),
            self.flag(id::QUIET, 'q', &words::OPT_QUIET).action(ArgAction::SetTrue).overrides_with(id::VERBOSE),
            self.flag(id::VERBOSE, 'v', &words::OPT_VERBOSE).action(ArgAction::SetTrue).overrides_with(id::QUIET),
        ]
        .into_iter()
        .map(|arg| arg.global(true).help_heading(self.word(&words::GENERAL_OPTIONS)))
        .collect()
    }

    fn help(&self) -> Arg {
        self.flag("help", 'h', &words::OPT_HELP)
            .action(ArgAction::Help)
            .help_heading(self.word(&words::GENERAL_OPTIONS))
    }

    /// A command with usage line and headings of its own language, and nothing of clap's.
    fn bare(&self, name: &'static str, path: &'static str, about: &'static Message, arguments: &str) -> Command {
        let usage_heading = self.word(&words::USAGE);
        let mut usage = format!("{path} [{}]", self.word(&words::VALUE_OPTIONS));
        if !arguments.is_empty() {
            usage.push(' ');
            usage.push_str(arguments);
        }
        Command::new(name)
            .about(self.word(about))
            .help_template(format!(
                "{{about-with-newline}}\n{usage_heading}: {{usage}}\n\n{{before-help}}{{all-args}}{{after-help}}"
            ))
            .override_usage(usage)
            .disable_help_subcommand(true)
            .disable_help_flag(true)
    }

    fn examples(&self, lines: &[&str]) -> String {
        let mut out = format!("{}:", self.word(&words::EXAMPLES));
        for line in lines {
            out.push_str("\n  ");
            out.push_str(line);
        }
        out
    }

    fn positional(&self, id: &'static str, value: &'static Message, help: String) -> Arg {
        Arg::new(id)
            .value_name(self.word(value))
            .help(help)
            .help_heading(self.word(&words::ARGUMENTS))
            .hide_possible_values(true)
    }

    fn option(&self, id: &'static str, value: &'static str, help: &'static Message) -> Arg {
        self.bare_option(id, value, self.word(help).to_owned())
    }

    #[allow(clippy::unused_self, reason = "beside its sisters")]
    fn bare_option(&self, id: &'static str, value: &'static str, help: String) -> Arg {
        Arg::new(id).long(id).value_name(value).help(help).hide_possible_values(true).hide_default_value(true)
    }

    fn switch(&self, id: &'static str, help: &'static Message) -> Arg {
        Arg::new(id).long(id).help(self.word(help)).action(ArgAction::SetTrue)
    }

    fn flag(&self, id: &'static str, short: char, help: &'static Message) -> Arg {
        Arg::new(id).short(short).long(id).help(self.word(help))
    }

    fn optional(&self, value: &'static Message) -> String {
        format!("[{}]", self.word(value))
    }

    fn word(&self, message: &'static Message) -> &'static str {
        message.text.get(self.lang)
    }

    fn filled(&self, message: &'static Message, values: &Values) -> String {
        message.text.fill(self.lang, values)
    }
}

#[cfg(target_os = "linux")]
fn small_number(number: u64) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
