//! Mermaid's own parser takes every diagram.

use super::browser::Browser;
use super::{captures, fetched, open};

#[test]
#[ignore = "needs a script that `make pages` fetches"]
fn mermaid_accepts_every_diagram_in_both_languages() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, "<!DOCTYPE html><title>Mermaid</title>").unwrap();
    let page = browser.page();
    page.open(&file);
    page.run(&fetched("mermaid.tiny.js"));
    let parse = |diagram: &str| {
        let diagram = serde_json::to_string(diagram).unwrap();
        page.run(&format!("mermaid.parse({diagram}).then((read) => read.diagramType, (error) => String(error))"))
    };
    // A parser that took everything would prove nothing.
    assert!(parse("sequenceDiagram\n    A->>: nobody\n").as_str().unwrap().contains("rror"));
    for capture in captures() {
        for lang in ["en", "id"] {
            let diagram = open(&format!("{capture}.pcapng"), "mermaid", lang);
            assert_eq!(parse(&diagram), "sequence", "{capture} {lang}:\n{diagram}");
        }
    }
}
