//! `plot`: its pictures and numbers in both languages, what it leaves out and says so, and what it refuses.
#![allow(clippy::disallowed_methods, reason = "runs the program on recorded captures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const KINDS: [&str; 5] = ["time-sequence", "tcptrace", "throughput", "rtt", "in-flight"];
const LOSS: &str = "captures/fast-retransmit.pcapng";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn netscope(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.current_dir(root()).arg("plot").args(args).env("COLUMNS", "80").env("LC_ALL", "C.UTF-8");
    command.output().expect("it starts")
}

fn text(args: &[&str]) -> String {
    let output = netscope(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Standard error of a refusal, which leaves standard output empty.
fn refused(args: &[&str]) -> String {
    let output = netscope(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
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

/// The words of a picture, in the order of their elements.
fn words(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("XML");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn snapshots_of_every_kind() {
    for kind in KINDS {
        for lang in ["en", "id"] {
            snapshot(&format!("plot-{kind}.{lang}.svg"), &text(&[LOSS, "--kind", kind, "--lang", lang]));
        }
        let csv = text(&[LOSS, "--kind", kind, "--format", "csv"]);
        snapshot(&format!("plot-{kind}.csv"), &csv);
        assert_eq!(text(&[LOSS, "--kind", kind, "--format", "csv", "--lang", "id"]), csv, "for programs");
    }
    snapshot("plot-rtt.json", &text(&[LOSS, "--kind", "rtt", "--format", "json"]));
    snapshot("plot-zero-window.id.svg", &text(&["captures/zero-window.pcapng", "--kind", "tcptrace", "--lang", "id"]));
}

#[test]
fn every_capture_is_drawn_or_refused_with_a_reason() {
    for capture in std::fs::read_dir(root().join("captures")).unwrap() {
        let path = capture.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "pcapng") {
            continue;
        }
        let path = path.to_str().unwrap();
        for kind in KINDS {
            let output = netscope(&[path, "--kind", kind, "--lang", "id"]);
            if output.status.success() {
                let svg = String::from_utf8(output.stdout).unwrap();
                assert!(!words(&svg).is_empty() && !svg.contains("NaN") && !svg.contains("inf"), "{path} {kind}");
            } else {
                let error = String::from_utf8(output.stderr).unwrap();
                assert_eq!(output.status.code(), Some(2), "{path} {kind}: {error}");
                assert!(error.contains("koneksi TCP"), "{path} {kind}: {error}");
            }
        }
    }
}

#[test]
fn a_picture_says_what_it_is_to_those_who_do_not_see_it_and_goes_with_the_dark() {
    let svg = text(&[LOSS, "--kind", "tcptrace"]);
    let document = roxmltree::Document::parse(&svg).expect("XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let of = |name: &str| root.children().find(|node| node.has_tag_name(name)).unwrap().text().unwrap().to_owned();
    assert!(of("title").contains("data from the client 192.0.2.1:40060 to the server 192.0.2.2:5000"));
    assert!(of("desc").contains("Sent again: 1."));
    assert!(of("style").contains("prefers-color-scheme:dark"));
    let legend = words(&svg);
    for what in ["segment", "sent again", "SACK block", "acknowledged up to"] {
        assert!(legend.iter().any(|words| words == what), "{what}: {legend:?}");
    }
}

#[test]
fn a_png_is_the_same_picture_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rtt.png");
    let draw = |home: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
        command.current_dir(root()).args(["plot", LOSS, "--kind", "rtt", "--lang", "id", "-o"]).arg(&path);
        // Wherever a font could be looked for, there is none.
        command.env_clear().env("HOME", home).env("XDG_DATA_HOME", home).env("FONTCONFIG_PATH", home);
        assert!(command.status().expect("it starts").success());
        std::fs::read(&path).unwrap()
    };
    let (one, other) = (draw(folder.path()), draw(Path::new("/nonexistent")));
    assert_eq!(one, other);
    assert!(one.starts_with(b"\x89PNG\r\n\x1a\n"));
    let size = |at: usize| u32::from_be_bytes(one[at..at + 4].try_into().unwrap());
    assert_eq!(size(16), 1800);
    assert!(size(20) > 1000, "{}", size(20));
    let wrong = netscope(&[LOSS, "--kind", "rtt", "--format", "png"]);
    assert!(wrong.status.success() && wrong.stdout.starts_with(b"\x89PNG"), "a pipe takes it");
}

#[test]
fn whose_data_and_over_what_time_can_be_chosen() {
    let page = "captures/http-get-close-ok.pcapng";
    let server = words(&text(&[page, "--kind", "time-sequence"]));
    assert!(server[1].contains("data from the server"), "{server:?}");
    assert!(server.iter().any(|words| words.contains("--from client")), "{server:?}");
    let client = words(&text(&[page, "--kind", "time-sequence", "--from", "client"]));
    assert!(client[1].contains("data from the client"), "{client:?}");
    assert!(!client.iter().any(|words| words.contains("--from")), "{client:?}");
    let average = words(&text(&[LOSS, "--kind", "throughput", "--interval", "200ms"])).join(" ");
    assert!(average.contains("over the 200 ms before"), "{average}");
    let rows = text(&[LOSS, "--kind", "throughput", "--interval", "200ms", "--format", "csv"]);
    assert!(rows.lines().skip(1).all(|row| row.split(',').nth(1) == Some("0.2")), "{rows}");
}

#[test]
fn what_cannot_be_drawn_is_refused_in_one_sentence() {
    let several = refused(&["captures/multithread-exit-intended.pcapng", "--kind", "rtt"]);
    assert!(several.contains("3 TCP connections") && several.contains("--conn N"), "{several}");
    let several = refused(&["captures/multithread-exit-intended.pcapng", "--kind", "rtt", "--lang", "id"]);
    assert!(several.contains("memuat 3 koneksi TCP"), "{several}");
    let udp = refused(&["captures/udp-color-server-answered.pcapng", "--kind", "rtt"]);
    assert!(udp.contains("no TCP connection"), "{udp}");
    let udp = refused(&["captures/tcp-and-udp.pcapng", "--kind", "rtt", "--conn", "udp:0"]);
    assert!(udp.contains("udp:0 is a UDP conversation"), "{udp}");
    let missing = refused(&[LOSS, "--kind", "rtt", "--conn", "9"]);
    assert!(missing.contains("there is no connection 9"), "{missing}");
    let kind = refused(&[LOSS, "--kind", "everything"]);
    assert!(KINDS.iter().all(|name| kind.contains(name)), "{kind}");
    assert!(refused(&[LOSS]).contains("--kind"));
    let ending = refused(&[LOSS, "--kind", "rtt", "-o", "plot.md"]);
    assert!(ending.contains(".svg, .png, .csv, .json"), "{ending}");
    assert!(!root().join("plot.md").exists());
}

#[test]
fn of_several_connections_one_is_drawn() {
    let capture = "captures/multithread-exit-intended.pcapng";
    let drawn = words(&text(&[capture, "--kind", "time-sequence", "--conn", "1"]));
    assert!(drawn[1].starts_with("tcp:1:"), "{drawn:?}");
}
