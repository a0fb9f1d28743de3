//! `stats`: its tables in every format, both languages, its options.
#![allow(clippy::disallowed_methods, reason = "runs the program on recorded captures")]

use std::path::PathBuf;
use std::process::{Command, Output};

use unicode_width::UnicodeWidthStr;

const PAGE: &str = "captures/http-get-close-ok.pcapng";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn netscope(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.current_dir(root()).arg("stats").args(args).env("COLUMNS", "80").env("LC_ALL", "C.UTF-8");
    command.output().expect("it starts")
}

fn text(args: &[&str]) -> String {
    let output = netscope(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
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

#[test]
fn snapshots_of_every_format() {
    for lang in ["en", "id"] {
        snapshot(&format!("stats.{lang}.80.txt"), &text(&[PAGE, "--lang", lang]));
        snapshot(&format!("stats.{lang}.md"), &text(&[PAGE, "--lang", lang, "--format", "markdown"]));
    }
    for format in ["csv", "json"] {
        let english = text(&[PAGE, "--format", format]);
        snapshot(&format!("stats.{format}"), &english);
        assert_eq!(text(&[PAGE, "--format", format, "--lang", "id"]), english, "names for programs do not change");
    }
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    for capture in std::fs::read_dir(root().join("captures")).unwrap() {
        let path = capture.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "pcapng") {
            for lang in ["en", "id"] {
                for line in text(&[path.to_str().unwrap(), "--lang", lang]).lines() {
                    assert!(line.width() <= 80, "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn options_narrow_what_is_counted_and_shown() {
    let csv = text(&[PAGE, "--section", "http", "--format", "csv"]);
    assert_eq!(csv, "section,kind,detail,count\r\nhttp,request,GET,1\r\nhttp,2xx: success,200 OK,1\r\n");
    let json: serde_json::Value =
        serde_json::from_str(&text(&["captures/tcp-and-udp.pcapng", "--conn", "udp:0", "--format", "json"])).unwrap();
    let talks = json["conversations"].as_array().unwrap();
    assert!(talks.len() == 1 && talks[0]["conn"] == "udp:0", "{talks:?}");
    let wide = text(&[PAGE, "--section", "throughput", "--interval", "1s", "--format", "json"]);
    let wide: serde_json::Value = serde_json::from_str(&wide).unwrap();
    assert_eq!(wide["throughput"].as_array().unwrap().len(), 1);
    assert_eq!(wide["throughput"][0]["packets"], 12);
    // Nothing of the rest is there.
    assert!(wide.get("http").is_none());
    let cut = text(&["captures/multithread-exit-intended.pcapng", "--section", "conversations", "--limit", "1"]);
    assert!(cut.contains("1 of 3 rows") && cut.contains("tcp:"), "{cut}");
    let refused = netscope(&[PAGE, "--section", "everything"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = netscope(&[PAGE, "--interval", "0s"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = netscope(&[PAGE, "-o", "x.svg"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains(".csv"));
    let missing = netscope(&[PAGE, "--conn", "7"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_damaged_file_is_counted_up_to_the_damage() {
    let whole = std::fs::read(root().join(PAGE)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.pcapng");
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
    let output = netscope(&[path.to_str().unwrap(), "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("still whole JSON");
    let packets = json["hierarchy"][0]["packets"].as_u64().unwrap();
    assert!((1..12).contains(&packets), "{packets}");
}
