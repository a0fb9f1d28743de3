//! Pictures of recorded captures: what a wire did to packets, widths, options that a picture does not have.
#![allow(clippy::disallowed_methods, reason = "runs the program on recorded captures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use unicode_width::UnicodeWidthStr;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn netscope(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netscope"))
        .current_dir(root())
        .args(args)
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("TERM")
        .output()
        .expect("it starts")
}

fn text(args: &[&str]) -> String {
    let output = netscope(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn captures() -> Vec<String> {
    let mut all = Vec::new();
    for folder in ["captures", "captures/extra"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "pcapng") {
                all.push(format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap()));
            }
        }
    }
    all.sort();
    assert!(all.len() > 50);
    all
}

fn snapshot(name: &str, text: &str) {
    let path = root().join("tests/snapshots").join(name);
    if std::env::var_os("NETSCOPE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(text, expected, "{name} differs; NETSCOPE_BLESS=1 writes it anew");
}

/// A lost packet, one that others overtook, a burst under way, three clients.
const SHOWN: [&str; 3] = ["syn-loss-syn", "reordering-three-places", "multithread-exit-intended"];

#[test]
fn snapshots_of_recorded_captures() {
    for name in SHOWN {
        let capture = format!("captures/{name}.pcapng");
        for lang in ["en", "id"] {
            let open = |format| text(&["open", &capture, "--lang", lang, "--format", format]);
            snapshot(&format!("{name}.{lang}.ladder.txt"), &open("ladder"));
        }
        snapshot(&format!("{name}.en.mmd"), &text(&["open", &capture, "--lang", "en", "--format", "mermaid"]));
        snapshot(&format!("{name}.en.svg"), &text(&["open", &capture, "--lang", "en", "--format", "svg"]));
        snapshot(&format!("{name}.en.tex"), &text(&["open", &capture, "--lang", "en", "--format", "latex"]));
    }
}

#[test]
fn every_capture_is_drawn_within_80_columns_in_both_languages() {
    for capture in captures() {
        for lang in ["en", "id"] {
            let text = text(&["open", &capture, "--lang", lang, "--format", "ladder"]);
            for line in text.lines() {
                assert!(line.width() <= 80, "{capture} {lang}: {line}");
            }
        }
    }
}

#[test]
fn every_packet_of_every_capture_is_in_its_drawing() {
    for capture in captures() {
        let svg = text(&["open", &capture, "--format", "svg", "--limit", "100000"]);
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{capture}: {error}"));
        let drawn: Vec<&str> = document.descendants().filter_map(|node| node.attribute("data-frame")).collect();
        let rows = text(&["open", &capture, "--format", "csv"]);
        let rows: Vec<&str> = rows.lines().skip(1).filter(|line| line.starts_with("packet,")).collect();
        let left_out = svg.contains("connections have no room") || svg.contains("connections are not drawn");
        let frames: Vec<&str> = rows.iter().filter_map(|line| line.split(',').nth(1)).collect();
        assert!(left_out || drawn == frames, "{capture}: {drawn:?} {frames:?}");
    }
}

#[test]
fn the_drawings_in_the_documentation_are_those_of_this_netscope() {
    for (name, capture) in [("half-close", "half-close"), ("reordering", "reordering-three-places")] {
        for lang in ["en", "id"] {
            let path = root().join(format!("docs/pictures/{name}.{lang}.svg"));
            let drawn = text(&["open", &format!("captures/{capture}.pcapng"), "--lang", lang, "--format", "svg"]);
            if std::env::var_os("NETSCOPE_BLESS").is_some() {
                std::fs::write(&path, &drawn).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap();
            assert_eq!(kept, drawn, "{name}: make pictures draws it anew");
        }
    }
}

#[test]
fn the_ending_picks_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    for (ending, begins) in [("svg", "<svg "), ("mmd", "sequenceDiagram\n"), ("tex", "\\documentclass")] {
        let path = folder.path().join(format!("x.{ending}"));
        text(&["open", "captures/half-close.pcapng", "-o", path.to_str().unwrap()]);
        let written = std::fs::read_to_string(Path::new(&path)).unwrap();
        assert!(written.starts_with(begins), "{ending}: {}", &written[..40]);
    }
}

#[test]
fn a_picture_takes_no_table_option() {
    for (option, value) in [("--connections", None), ("--columns", Some("frame"))] {
        let mut args = vec!["open", "captures/half-close.pcapng", "--format", "svg", option];
        args.extend(value);
        let output = netscope(&args);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(option));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn what_went_wrong_stands_below_the_ladder_of_a_run() {
    let capture = "captures/runs/unread.pcapng";
    let findings = [("en", "Found in the programs", "error: "), ("id", "Temuan pada program", "galat: ")];
    for (lang, heading, level) in findings {
        for charset in ["C.UTF-8", "C"] {
            let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
                .current_dir(root())
                .args(["open", capture, "--lang", lang, "--format", "ladder"])
                .envs([("COLUMNS", "80"), ("LC_ALL", charset)])
                .env_remove("TERM")
                .output()
                .expect("it starts");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let (_, below) = text.split_once(&format!("\n\n{heading}\n  {level}")).unwrap_or_else(|| panic!("{text}"));
            assert!(below.contains("unread_server.py:7") && below.contains("[close-with-unread-data] #6"), "{text}");
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
            assert!(charset != "C" || text.is_ascii(), "{text}");
        }
    }
    let none = text(&["open", "captures/runs/echo.pcapng", "--lang", "en", "--format", "ladder"]);
    assert!(!none.contains("Found in the programs"), "{none}");
}
