//! The formats, driven with scripted connections: snapshots, the keys of the contract, widths, safety.
//!
//! `NETSCOPE_BLESS=1 cargo test --test report` writes the snapshots anew.
#![allow(clippy::disallowed_methods, reason = "reads snapshots")]

mod follow;
mod html;
mod people;
mod pictures;
mod records;
mod support;
mod talks;

use netscope::language::Lang;
use support::{HALF_CLOSE, RESET, UDP, render, snapshot, view};

#[test]
fn snapshots_of_every_format() {
    for lang in Lang::ALL {
        let code = lang.code();
        for width in [80, 140] {
            snapshot(&format!("half-close.{code}.{width}.txt"), &render("table", HALF_CLOSE, &view(lang, width)));
        }
        snapshot(&format!("half-close.{code}.md"), &render("markdown", HALF_CLOSE, &view(lang, 80)));
        snapshot(&format!("reset.{code}.80.txt"), &render("table", RESET, &view(lang, 80)));
        snapshot(&format!("udp.{code}.80.txt"), &render("table", UDP, &view(lang, 80)));
    }
    for format in ["csv", "json", "jsonl"] {
        snapshot(&format!("half-close.{format}"), &render(format, HALF_CLOSE, &view(Lang::En, 80)));
    }
    snapshot("udp.jsonl", &render("jsonl", UDP, &view(Lang::En, 80)));
}

#[test]
fn messages_use_the_same_values_in_both_languages() {
    for message in netscope::language::messages::report::MESSAGES {
        let values = |lang| message.text.placeholders(lang).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(values(Lang::En), values(Lang::Id), "{}", message.name);
        assert!(!message.text.en.is_empty() && !message.text.id.is_empty(), "{}", message.name);
    }
}

#[test]
fn no_report_leaves_a_placeholder_unfilled() {
    for lang in Lang::ALL {
        for script in [HALF_CLOSE, RESET, UDP] {
            for format in ["table", "markdown", "jsonl"] {
                let text = render(format, script, &view(lang, 80));
                for (at, _) in text.match_indices('{') {
                    let next = text[at + 1..].chars().next();
                    assert!(!next.is_some_and(|c| c.is_ascii_lowercase()), "{format}: {}", &text[at..at + 20]);
                }
            }
        }
    }
}
