//! The formats, driven with scripted connections: snapshots, the keys of the contract, widths, safety.
//!
//! `NETSCOPE_BLESS=1 cargo test --test report` writes the snapshots anew.

mod people;
mod records;
mod support;

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
