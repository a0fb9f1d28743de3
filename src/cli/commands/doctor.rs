//! `netscope doctor`.

use std::fmt::Write as _;

use crate::cli::{Session, Status, Trouble, print};
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::live::{doctor, own_program};
use crate::report::text::wrap;

pub(in crate::cli) fn run(session: &Session) -> Result<Status, Trouble> {
    let lang = session.lang;
    let word = |message: &'static Message| message.text.get(lang);
    let abilities = doctor::examine(&own_program());
    let (yes, no) = (word(&messages::ALLOWED), word(&messages::FORBIDDEN));
    let verdicts = yes.chars().count().max(no.chars().count());
    let names = abilities.iter().map(|ability| ability.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for ability in &abilities {
        let verdict = if ability.is_allowed() { yes } else { no };
        let indent = names + verdicts + 4;
        let room = session.environment.width().saturating_sub(indent).max(30);
        let mut head = format!("{:names$}  {verdict:verdicts$}  ", ability.name);
        for line in wrap(word(ability.title), room) {
            let _ = writeln!(text, "{head}{line}");
            head = " ".repeat(indent);
        }
        if let Some(obstacle) = &ability.obstacle {
            // A cure stays on one line, so that it can be copied.
            for line in wrap(&obstacle.reason(lang), room) {
                let _ = writeln!(text, "{:indent$}{line}", "");
            }
            if let Some(cure) = obstacle.cure(lang) {
                let _ = writeln!(text, "{:indent$}{cure}", "");
            }
        }
    }
    print(text.as_bytes())
}
