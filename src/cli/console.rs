//! What goes to standard error: errors, warnings and notices, in one language.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::failure::Failure;
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::language::{Lang, Values};

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `-q`: errors, and warnings about what is shown.
    Quiet,
    /// Notices as well.
    #[default]
    Normal,
    /// `-v`: each step.
    Verbose,
}

/// Standard error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console {
    pub(super) lang: Lang,
    pub(super) level: Level,
}

impl Console {
    /// Something that ends the program.
    pub(super) fn error(self, failure: &Failure) {
        self.labelled(&messages::ERROR, &failure.render(self.lang));
    }

    /// Something that makes what is shown incomplete.
    pub(super) fn warning(self, failure: &Failure) {
        self.labelled(&messages::WARNING, &failure.render(self.lang));
    }

    /// Something worth knowing.
    pub(super) fn notice(self, message: &'static Message, values: &Values) {
        if self.level >= Level::Normal {
            say(&message.text.fill(self.lang, values));
        }
    }

    /// A step on the way.
    pub(super) fn detail(self, message: &'static Message, values: &Values) {
        if self.level >= Level::Verbose {
            say(&message.text.fill(self.lang, values));
        }
    }

    /// A line of a result that stands beside other output, at every level.
    #[cfg(target_os = "linux")]
    #[allow(clippy::unused_self, reason = "beside its sisters")]
    pub(super) fn plain(self, line: &str) {
        say(line);
    }

    pub(super) fn labelled(self, label: &'static Message, text: &str) {
        let mut out = format!("{}: ", label.text.get(self.lang));
        for (index, line) in text.lines().enumerate() {
            let _ = write!(out, "{}{line}", if index == 0 { "" } else { "\n  " });
        }
        say(&out);
    }
}

fn say(text: &str) {
    // Where standard error cannot be written there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
