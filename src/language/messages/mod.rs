//! Every message that is no rule, term or scenario: errors, labels, headings. One list a part of the program.

use super::Text;

pub mod check;
pub mod cli;
pub mod explain;
pub mod file;
pub mod findings;
pub mod html;
pub mod lab;
pub mod live;
pub mod plot;
pub mod report;
pub mod scenarios;
pub mod stats;

/// A message with its name; the name is for tests and never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// A stable name.
    pub name: &'static str,
    /// The words.
    pub text: Text,
}

/// Declares messages as `NAME: "English" / "Indonesian";` and lists them all in `MESSAGES`.
macro_rules! messages {
    ($($name:ident: $en:literal / $id:literal;)*) => {
        $(
            #[doc = concat!("```text\n", $en, "\n```")]
            pub static $name: Message = Message { name: stringify!($name), text: Text { en: $en, id: $id } };
        )*
        /// Every message of this file.
        pub static MESSAGES: &[&Message] = &[$(&$name),*];
    };
}
use messages;

/// Every message of the program, part by part.
pub static MESSAGES: &[&[&Message]] = &[
    check::MESSAGES,
    cli::MESSAGES,
    cli::help::MESSAGES,
    cli::lab::MESSAGES,
    explain::MESSAGES,
    file::MESSAGES,
    findings::MESSAGES,
    html::MESSAGES,
    lab::MESSAGES,
    lab::questions::MESSAGES,
    live::MESSAGES,
    plot::MESSAGES,
    report::MESSAGES,
    scenarios::MESSAGES,
    stats::MESSAGES,
];
