//! What can go wrong for a user: one message that names what failed, where, and what to do next, with its exit code.

use std::fmt;

use crate::language::messages::Message;
use crate::language::{Lang, Values};

/// The exit codes of the program that mean failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 1: a check did not hold.
    CheckFailed,
    /// 2: wrong usage, unreadable or malformed input, unwritable output.
    BadInput,
    /// 3: this machine does not allow it.
    NotAllowed,
    /// 130: ended by Ctrl-C before there was anything to show.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::CheckFailed => 1,
            Exit::BadInput => 2,
            Exit::NotAllowed => 3,
            Exit::Interrupted => 130,
        }
    }
}

/// A failure, not yet in any language.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What failed and where.
    pub what: &'static Message,
    /// What to do next.
    pub next: Option<&'static Message>,
    /// The values of both.
    pub values: Values,
}

impl Failure {
    /// Wrong usage, or input or output that cannot be used.
    #[must_use]
    pub fn bad_input(what: &'static Message, values: Values) -> Self {
        Failure { exit: Exit::BadInput, what, next: None, values }
    }

    /// Something that this machine does not allow.
    #[must_use]
    pub fn not_allowed(what: &'static Message, values: Values) -> Self {
        Failure { exit: Exit::NotAllowed, what, next: None, values }
    }

    /// Ended by Ctrl-C.
    #[must_use]
    pub fn interrupted(what: &'static Message) -> Self {
        Failure { exit: Exit::Interrupted, what, next: None, values: Values::none() }
    }

    /// The same with advice.
    #[must_use]
    pub fn next(mut self, next: &'static Message) -> Self {
        self.next = Some(next);
        self
    }

    /// The message in one language: one or two lines without the program's name.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let mut out = self.what.text.fill(lang, &self.values);
        if let Some(next) = self.next {
            out.push('\n');
            out.push_str(&next.text.fill(lang, &self.values));
        }
        out
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}

impl std::error::Error for Failure {}
