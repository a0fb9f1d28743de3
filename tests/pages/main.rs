//! The pages in a headless Chromium, as a reader uses them: mouse, keys, both languages, dark, on paper, narrow, without
//! a script. Nothing may be written to the console, and nothing may be fetched. `make pages` adds two tests that need scripts of
//! others: axe-core may find nothing serious, and Mermaid's parser takes every diagram.
//!
//! `make test` installs the browser. Without one the tests say that they skip, and with `CI` set they fail.
#![allow(clippy::disallowed_methods, reason = "runs netscope and a browser")]

mod browser;
mod mermaid;
mod quiet;
mod reader;

use std::path::{Path, PathBuf};
use std::process::Command;

use browser::{Browser, Page};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every recorded capture, by its path in the repository without the ending.
fn captures() -> Vec<String> {
    let mut all = Vec::new();
    for folder in ["captures", "captures/extra", "captures/runs"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "pcapng") {
                all.push(format!("{folder}/{}", path.file_stem().unwrap().to_str().unwrap()));
            }
        }
    }
    all.sort();
    assert!(all.len() > 50);
    all
}

/// What netscope writes about a capture.
fn open(capture: &str, format: &str, lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .current_dir(root())
        .args(["open", capture, "--format", format, "--lang", lang])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{capture}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A script that others wrote, fetched by `make pages`, which looks at its digest.
fn fetched(name: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page-scripts").join(name);
    std::fs::read_to_string(path).expect("scripts/page-scripts.sh fetches it")
}

/// Opens a file as a page and waits until its script has read every packet.
fn open_page(page: &Page<'_>, file: &Path) {
    page.open(file);
    page.until("document.querySelectorAll('section.capture:not([data-ready])').length === 0");
}

/// Writes a page about a capture and opens it.
fn show<'a>(browser: &'a Browser, folder: &Path, capture: &str, lang: &str) -> Page<'a> {
    let file = folder.join("page.html");
    std::fs::write(&file, open(&format!("{capture}.pcapng"), "html", lang)).unwrap();
    let page = browser.page();
    open_page(&page, &file);
    page
}
