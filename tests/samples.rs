//! Every format of every recorded capture in both languages, held against what was reviewed: `tests/snapshots/samples/`.
//!
//! What people read most, the table and the ladder, is kept whole: one file a capture and a language. For a few chosen
//! captures every other format is whole as well. Of the rest the repository keeps one line a file (length, lines,
//! checksum), so that nothing changes unnoticed, and the chosen ones show how it changed.
//!
//! `NETSCOPE_BLESS=1 cargo test --test samples` writes all of it anew. `NETSCOPE_SAMPLES=FOLDER` also writes every sample
//! into a folder: once before a change and once after it, and `diff -r` shows the change in all of them.
#![allow(clippy::disallowed_methods, reason = "runs the program on recorded captures")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Crc;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn kept() -> PathBuf {
    root().join("tests/snapshots/samples")
}

/// Every recorded capture, by its path below `captures/` without the ending.
fn captures() -> Vec<String> {
    let mut all = Vec::new();
    for (folder, below) in [("captures", ""), ("captures/extra", "extra/")] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "pcapng") {
                all.push(format!("{below}{}", path.file_stem().unwrap().to_str().unwrap()));
            }
        }
    }
    all.sort();
    assert!(all.len() > 50);
    all
}

/// The name of a capture as part of a file's name.
fn flat(capture: &str) -> String {
    capture.replace('/', "-")
}

const LANGS: [&str; 2] = ["en", "id"];

/// Kept whole of every capture: command, format.
const WHOLE: [(&str, &str); 2] = [("open", "table"), ("open", "ladder")];

/// Kept whole of the chosen captures and by their checksums of all.
const OTHERS: [(&str, &str); 12] = [
    ("open", "markdown"),
    ("open", "html"),
    ("open", "svg"),
    ("open", "mermaid"),
    ("open", "latex"),
    ("open", "csv"),
    ("open", "json"),
    ("open", "jsonl"),
    ("stats", "table"),
    ("stats", "markdown"),
    ("stats", "csv"),
    ("stats", "json"),
];

/// A half-close with data; both protocols; several clients; a wire that loses; an answer by ICMP.
const CHOSEN: [&str; 5] = [
    "half-close",
    "tcp-and-udp",
    "multithread-exit-close-in-loop",
    "syn-loss-third-ack",
    "udp-port-unreachable-connected",
];

/// What a command writes about a capture, without what changes from release to release.
fn sample(capture: &str, (command, format): (&str, &str), lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .current_dir(root())
        .args([command, &format!("captures/{capture}.pcapng"), "--format", format, "--lang", lang])
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("TERM")
        .env_remove("NO_COLOR")
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{capture}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{capture}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{capture}: a path of this machine");
    let version = env!("CARGO_PKG_VERSION");
    let text = text.replace(&format!("netscope {version}"), "netscope VERSION");
    let text = text.replace(&format!("\"netscope\":\"{version}\""), "\"netscope\":\"VERSION\"");
    if let Some(folder) = std::env::var_os("NETSCOPE_SAMPLES") {
        let folder = Path::new(&folder);
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(format!("{}.{lang}.{command}.{format}", flat(capture))), &text).unwrap();
    }
    text
}

/// A page without its style and its program, which are files of the source.
fn without_program(page: &str) -> String {
    let cut = |text: &str, open: &str, close: &str| match text.split_once(open) {
        Some((before, rest)) => {
            let (_, after) = rest.split_once(close).expect("it ends");
            format!("{before}{open}…{close}{after}")
        }
        None => text.to_owned(),
    };
    cut(&cut(page, "<style>\n", "</style>"), "<script>\n", "</script>")
}

/// Holds a text against a file, or writes the file; what differs is said.
fn compare(name: &str, text: &str, trouble: &mut Vec<String>) {
    let path = kept().join(name);
    if std::env::var_os("NETSCOPE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected == text {
        return;
    }
    let (mut said, mut lines) = (String::new(), 0);
    let pairs = || {
        expected
            .lines()
            .map(Some)
            .chain(std::iter::repeat(None))
            .zip(text.lines().map(Some).chain(std::iter::repeat(None)))
    };
    for (old, new) in pairs().take_while(|(old, new)| old.is_some() || new.is_some()).filter(|(old, new)| old != new) {
        lines += 1;
        if lines <= 3 {
            write!(said, "\n  - {}\n  + {}", old.unwrap_or("(nothing)"), new.unwrap_or("(nothing)")).unwrap();
        }
    }
    trouble.push(format!("{name}: {lines} lines{said}"));
}

fn nothing_differs(trouble: &[String]) {
    assert!(
        trouble.is_empty(),
        "{} files differ from what was reviewed; NETSCOPE_BLESS=1 writes them anew:\n{}",
        trouble.len(),
        trouble.join("\n")
    );
}

#[test]
fn tables_and_ladders_of_every_capture() {
    let mut trouble = Vec::new();
    for capture in captures() {
        for lang in LANGS {
            let mut text = String::new();
            for (command, format) in WHOLE {
                let written = sample(&capture, (command, format), lang);
                write!(text, "==== {command} --format {format}\n{written}").unwrap();
            }
            compare(&format!("{}.{lang}.txt", flat(&capture)), &text, &mut trouble);
        }
    }
    nothing_differs(&trouble);
}

/// The line that is kept of a sample.
fn digest(text: &str) -> String {
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    format!("{} bytes, {} lines, {:08x}", text.len(), text.lines().count(), crc.sum())
}

fn others(which: impl Fn(&str) -> bool) {
    let mut trouble = Vec::new();
    for (command, format) in OTHERS.into_iter().filter(|(_, format)| which(format)) {
        let mut digests = String::new();
        for capture in captures() {
            for lang in LANGS {
                let text = sample(&capture, (command, format), lang);
                writeln!(digests, "{capture} {lang}: {}", digest(&text)).unwrap();
                // A page holds both languages, and `json` the records of `jsonl`.
                let twice = (format == "html" && lang == "id") || (command == "open" && format == "json");
                if CHOSEN.contains(&capture.as_str()) && !twice {
                    let text = if format == "html" { without_program(&text) } else { text };
                    compare(&format!("{}.{lang}.{command}.{format}", flat(&capture)), &text, &mut trouble);
                }
            }
        }
        compare(&format!("digests/{command}.{format}"), &digests, &mut trouble);
    }
    nothing_differs(&trouble);
}

#[test]
fn pictures_and_pages_of_every_capture() {
    others(|format| ["html", "svg", "mermaid", "latex"].contains(&format));
}

#[test]
fn text_and_records_of_every_capture() {
    others(|format| !["html", "svg", "mermaid", "latex"].contains(&format));
}

#[test]
fn json_is_the_array_of_the_lines_of_jsonl() {
    for capture in captures() {
        let lines = sample(&capture, ("open", "jsonl"), "en");
        let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let array: Vec<serde_json::Value> = serde_json::from_str(&sample(&capture, ("open", "json"), "en")).unwrap();
        assert!(lines == array, "{capture}");
    }
}

#[test]
fn nothing_is_kept_of_captures_that_are_gone() {
    let names: BTreeSet<String> = captures().iter().map(|capture| flat(capture)).collect();
    for entry in std::fs::read_dir(kept()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = name == "digests" || name.split('.').next().is_some_and(|name| names.contains(name));
        assert!(known, "tests/snapshots/samples/{name} belongs to no capture");
    }
}
