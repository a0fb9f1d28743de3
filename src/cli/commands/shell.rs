//! `netscope completions SHELL` and `netscope man`.

use std::fmt::Write as _;

use clap::{ArgMatches, Command};
use clap_complete::Shell;

use crate::cli::arguments::{Arguments, id};
use crate::cli::{Session, Status, Trouble, print};
use crate::language::Lang;
use crate::language::messages::Message;
use crate::language::messages::cli::help as words;

pub(in crate::cli) fn completions(matches: &ArgMatches, session: &Session) -> Result<Status, Trouble> {
    let shell = matches.get_one::<String>(id::SHELL).and_then(|name| name.parse::<Shell>().ok()).unwrap_or(Shell::Bash);
    print(&completion_script(shell, session.lang))
}

pub(in crate::cli) fn man(session: &Session) -> Result<Status, Trouble> {
    print(man_page(session.lang).as_bytes())
}

fn tree(lang: Lang) -> Command {
    Arguments { lang, width: 80 }.command()
}

/// The script in memory first: the generator panics where its output cannot be written.
pub(in crate::cli) fn completion_script(shell: Shell, lang: Lang) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree(lang), "netscope", &mut script);
    script
}

/// One page: the program, then each command with its options. Set by us, because its headings follow the language.
pub(in crate::cli) fn man_page(lang: Lang) -> String {
    let mut tree = tree(lang);
    tree.build();
    let word = |message: &'static Message| message.text.get(lang);
    let mut page = format!(".TH NETSCOPE 1 \"\" \"netscope {}\" \"\"\n", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(page, ".SH {}\nnetscope \\- {}", word(&words::MAN_NAME), escape(word(&words::ABOUT)));
    let _ = writeln!(page, ".SH {}", word(&words::MAN_SYNOPSIS));
    for command in tree.get_subcommands() {
        let _ = writeln!(page, "{}\n.br", escape(&usage(command)));
    }
    let _ = writeln!(page, ".SH {}", word(&words::MAN_COMMANDS));
    for command in tree.get_subcommands() {
        let _ = writeln!(page, ".SS {}", escape(&usage(command)));
        for text in [command.get_about(), command.get_before_help()].into_iter().flatten() {
            let _ = writeln!(page, "{}\n.PP", escape(&text.to_string()));
        }
        options(&mut page, command, false);
        if let Some(examples) = command.get_after_help() {
            let _ = writeln!(page, ".PP\n.nf\n{}\n.fi", escape(&examples.to_string()));
        }
    }
    let _ = writeln!(page, ".SH {}", word(&words::MAN_OPTIONS));
    options(&mut page, &tree, true);
    let _ = writeln!(page, ".SH {}\n{}", word(&words::MAN_EXIT), escape(word(&words::EXIT_CODES_TEXT)));
    page
}

/// The arguments of a command; those that every command takes are listed once, at the program's own.
fn options(page: &mut String, command: &Command, general: bool) {
    let shown = |arg: &&clap::Arg| general || !(arg.is_global_set() || arg.get_id() == "help");
    for arg in command.get_arguments().filter(shown) {
        let mut names = Vec::new();
        names.extend(arg.get_short().map(|short| format!("-{short}")));
        names.extend(arg.get_long().map(|long| format!("--{long}")));
        let value = arg.get_value_names().filter(|_| arg.is_positional() || arg.get_action().takes_values());
        let value = value.map(|names| names.join(" ")).unwrap_or_default();
        let name = names.join(", ");
        let gap = if name.is_empty() || value.is_empty() { "" } else { " " };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(page, ".TP\n\\fB{}\\fR{gap}\\fI{}\\fR", escape(&name), escape(&value));
        let _ = writeln!(page, "{}", escape(&help));
    }
}

/// The usage line without its heading.
fn usage(command: &Command) -> String {
    let line = command.clone().render_usage().to_string();
    line.split_once(": ").map_or(line.clone(), |(_, usage)| usage.to_owned())
}

/// Text as roff takes it: no stray escapes, hyphens that can be copied, no line that looks like a request.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let lines =
        text.lines().map(|line| if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}
