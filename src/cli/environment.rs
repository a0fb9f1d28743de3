//! What the surroundings say: language, colour and width. Read once, then handed down as values.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;

use crate::language::Lang;

/// The part of the environment that changes what a person sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    /// `LC_ALL`, `LC_MESSAGES`, `LANG`.
    pub(super) locales: [Option<String>; 3],
    /// `LC_ALL`, `LC_CTYPE`, `LANG`: which characters the terminal shows.
    pub(super) charsets: [Option<String>; 3],
    /// `NO_COLOR` is set and not empty.
    pub(super) no_color: bool,
    /// `TERM` is `dumb`.
    pub(super) dumb: bool,
    /// `COLUMNS`.
    pub(super) columns: Option<usize>,
    /// Standard output is a terminal.
    pub(super) terminal: bool,
    /// Standard error is one.
    pub(super) errors_terminal: bool,
    /// The width of the one at standard output.
    pub(super) terminal_width: Option<usize>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ColorChoice {
    /// On a terminal that can show it.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

impl ColorChoice {
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "always" => ColorChoice::Always,
            "never" => ColorChoice::Never,
            _ => ColorChoice::Auto,
        }
    }
}

impl Environment {
    pub(super) fn read() -> Self {
        let text = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Environment {
            locales: ["LC_ALL", "LC_MESSAGES", "LANG"].map(text),
            charsets: ["LC_ALL", "LC_CTYPE", "LANG"].map(text),
            no_color: text("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: text("TERM").as_deref() == Some("dumb"),
            columns: text("COLUMNS").and_then(|value| value.parse().ok()),
            terminal: std::io::stdout().is_terminal(),
            errors_terminal: std::io::stderr().is_terminal(),
            terminal_width: terminal_size::terminal_size_of(std::io::stdout())
                .map(|(terminal_size::Width(width), _)| usize::from(width)),
        }
    }

    /// The language of the first locale that is set and not empty; English where it names another one.
    pub(super) fn lang(&self) -> Lang {
        self.locales
            .iter()
            .flatten()
            .find(|locale| !locale.is_empty())
            .and_then(|locale| Lang::from_locale(locale))
            .unwrap_or_default()
    }

    /// The terminal's width, `COLUMNS`, or 80; never so narrow that nothing can be shown.
    pub(super) fn width(&self) -> usize {
        self.terminal_width.or(self.columns).filter(|width| *width > 0).unwrap_or(80).clamp(20, 1000)
    }

    /// Whether lines are to be drawn with ASCII: `TERM=dumb`, or a locale whose characters are not Unicode's. Where no
    /// locale is set nothing is known, and nearly every terminal shows Unicode.
    pub(super) fn ascii(&self) -> bool {
        let locale = self.charsets.iter().flatten().find(|locale| !locale.is_empty());
        let unicode = locale.is_none_or(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"));
        self.dumb || !unicode
    }

    /// Whether what moves may be shown on standard error.
    pub(super) fn moves(&self) -> bool {
        self.errors_terminal && !self.dumb
    }

    /// Whether to colour what goes to standard output.
    pub(super) fn color(&self, choice: ColorChoice) -> bool {
        match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => self.terminal && !self.no_color && !self.dumb,
        }
    }
}

/// The value of the last `--NAME VALUE` or `--NAME=VALUE`: for what must be known before the arguments can be parsed.
pub(super) fn early_option<'a>(args: &'a [OsString], name: &str) -> Option<&'a str> {
    let mut found = None;
    let mut args = args.iter().map(|arg| arg.to_str().unwrap_or_default());
    while let Some(arg) = args.next() {
        if arg == "--" {
            break;
        }
        if let Some(rest) = arg.strip_prefix(name) {
            if let Some(value) = rest.strip_prefix('=') {
                found = Some(value);
            } else if rest.is_empty() {
                found = args.next();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(all: Option<&str>, messages: Option<&str>, lang: Option<&str>) -> Lang {
        Environment { locales: [all, messages, lang].map(|value| value.map(str::to_owned)), ..Environment::default() }
            .lang()
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        assert_eq!(locale(None, None, None), Lang::En);
        assert_eq!(locale(None, None, Some("id_ID.UTF-8")), Lang::Id);
        assert_eq!(locale(Some("C.UTF-8"), None, Some("id_ID.UTF-8")), Lang::En);
        assert_eq!(locale(Some(""), Some("id"), Some("en_GB.UTF-8")), Lang::Id);
        assert_eq!(locale(None, Some("ja_JP"), Some("id_ID")), Lang::En);
    }

    #[test]
    fn ascii_is_for_terminals_without_unicode() {
        let with = |charsets: [Option<&str>; 3]| {
            Environment { charsets: charsets.map(|value| value.map(str::to_owned)), ..Environment::default() }.ascii()
        };
        assert!(!with([None, None, None]));
        assert!(!with([None, None, Some("id_ID.UTF-8")]));
        assert!(!with([Some(""), Some("C.utf8"), Some("C")]));
        assert!(with([Some("C"), None, Some("id_ID.UTF-8")]));
        assert!(with([None, Some("en_US.ISO-8859-1"), None]));
        assert!(Environment { dumb: true, ..Environment::default() }.ascii());
    }

    #[test]
    fn colour_needs_a_terminal_that_can_and_may() {
        let terminal = Environment { terminal: true, ..Environment::default() };
        assert!(terminal.color(ColorChoice::Auto));
        assert!(!Environment { no_color: true, ..terminal.clone() }.color(ColorChoice::Auto));
        assert!(!Environment { dumb: true, ..terminal.clone() }.color(ColorChoice::Auto));
        assert!(Environment { no_color: true, ..terminal.clone() }.color(ColorChoice::Always));
        assert!(!terminal.color(ColorChoice::Never));
        assert!(!Environment::default().color(ColorChoice::Auto));
    }

    #[test]
    fn what_moves_needs_a_terminal_that_can_move_it() {
        let terminal = Environment { errors_terminal: true, ..Environment::default() };
        assert!(terminal.moves());
        assert!(!Environment { dumb: true, ..terminal }.moves());
        assert!(!Environment { terminal: true, ..Environment::default() }.moves());
    }

    #[test]
    fn the_width_is_the_terminals_then_columns_then_80() {
        let with = |terminal_width, columns| Environment { columns, terminal_width, ..Environment::default() }.width();
        assert_eq!(with(Some(132), Some(60)), 132);
        assert_eq!(with(None, Some(60)), 60);
        assert_eq!(with(None, None), 80);
        assert_eq!(with(None, Some(0)), 80);
        assert_eq!(with(None, Some(usize::MAX)), 1000);
    }

    #[test]
    fn the_language_is_found_before_parsing() {
        let find = |args: &[&str]| {
            let args: Vec<OsString> = args.iter().map(OsString::from).collect();
            early_option(&args, "--lang").map(str::to_owned)
        };
        assert_eq!(find(&["demo", "--lang", "id"]).as_deref(), Some("id"));
        assert_eq!(find(&["--lang=id", "demo", "--lang", "en"]).as_deref(), Some("en"));
        assert_eq!(find(&["open", "--", "--lang", "id"]), None);
        assert_eq!(find(&["--language", "id"]), None);
        assert_eq!(find(&["--lang"]), None);
    }
}
