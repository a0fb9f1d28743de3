//! `netscope doctor`.

use std::fmt::Write as _;

use crate::cli::{Session, Status, Trouble, print};
use crate::language::messages::Message;
use crate::language::messages::cli as messages;
use crate::live::{doctor, own_program};

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
        let _ = writeln!(text, "{:names$}  {verdict:verdicts$}  {}", ability.name, word(ability.title));
        if let Some(obstacle) = &ability.obstacle {
            let indent = names + verdicts + 4;
            let _ = writeln!(text, "{:indent$}{}", "", obstacle.reason(lang));
            if let Some(cure) = obstacle.cure(lang) {
                let _ = writeln!(text, "{:indent$}{cure}", "");
            }
        }
    }
    print(text.as_bytes())
}
