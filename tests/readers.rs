//! What netscope writes, in the programs that will read it: pdflatex, tidy, an XML reader, tshark. (The pages and the
//! Mermaid diagrams are with `pages`, because a browser reads them.)
//!
//! `make test` installs them. Without one of them its test says that it skips, and with `CI` set it fails.
#![allow(clippy::disallowed_methods, reason = "runs netscope and the programs that read what it writes")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every recorded capture, by its path in the repository.
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

fn open(capture: &str, format: &str, lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .current_dir(root())
        .args(["open", capture, "--format", format, "--lang", lang])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{capture}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Whether a program is there. Where it is not, that is said, and with `CI` set it is a failure.
fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        let said = format!("{program} was not found: `make test` installs it");
        assert!(std::env::var_os("CI").is_none(), "{said}");
        println!("skipped: {said}");
        eprintln!("skipped: {said}");
    }
    found
}

/// The head of a LaTeX document up to its beginning, and what stands in it.
fn parts(document: &str) -> (&str, &str) {
    let (head, rest) = document.split_once("\\begin{document}\n").expect("a document");
    let (body, after) = rest.split_once("\\end{document}").expect("that ends");
    assert!(after.trim().is_empty());
    (head, body)
}

/// Runs pdflatex without writing the pages; what it says.
fn pdflatex(folder: &Path, name: &str, document: &str) -> String {
    std::fs::write(folder.join(name).with_extension("tex"), document).unwrap();
    let output = Command::new("pdflatex")
        .current_dir(folder)
        .env("max_print_line", "1000")
        .args(["-draftmode", "-interaction=nonstopmode", "-halt-on-error", name])
        .output()
        .expect("pdflatex starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // A file that stops it is the last one that it named.
    let last = said.lines().rev().find(|line| line.starts_with("== ")).unwrap_or_default();
    let error = said.lines().skip_while(|line| !line.starts_with('!')).take(12).collect::<Vec<_>>().join("\n");
    assert!(output.status.success(), "{name} {last}\n{error}");
    said
}

/// What sticks out of the margin further than this, in points, would be cut off or overprinted.
const OVER: f64 = 3.0;

/// The files in which something is too wide for the page.
fn too_wide(said: &str) -> Vec<String> {
    let mut file = "";
    let mut found = Vec::new();
    for line in said.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            file = name;
        }
        let over = line.strip_prefix("Overfull \\hbox (").and_then(|rest| rest.split("pt").next()?.parse::<f64>().ok());
        if over.is_some_and(|over| over > OVER) || line.starts_with("Missing character") {
            found.push(format!("{file}: {line}"));
        }
    }
    found
}

/// Loading `TikZ` takes far longer than a report, so the reports of one language, which all begin alike, are compiled as
/// one document.
fn every_report_compiles(lang: &str) {
    if !has("pdflatex") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut head, mut all) = (String::new(), String::new());
    for capture in captures() {
        let document = open(&capture, "latex", lang);
        let (own, body) = parts(&document);
        assert!(head.is_empty() || head == own, "{capture} begins unlike the others");
        own.clone_into(&mut head);
        write!(all, "\\typeout{{== {capture}}}\n{body}\\clearpage\n").unwrap();
    }
    let said = pdflatex(folder.path(), lang, &format!("{head}\\begin{{document}}\n{all}\\end{{document}}\n"));
    assert_eq!(said.matches("== captures/").count(), captures().len());
    assert_eq!(too_wide(&said), Vec::<String>::new());
}

#[test]
fn pdflatex_compiles_every_english_report() {
    every_report_compiles("en");
}

#[test]
fn pdflatex_compiles_every_indonesian_report() {
    every_report_compiles("id");
}

#[test]
fn a_report_compiles_as_it_is_and_a_broken_one_does_not() {
    if !has("pdflatex") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let document = open("captures/reordering-three-places.pcapng", "latex", "id");
    let said = pdflatex(folder.path(), "whole", &document);
    assert!(!said.contains("undefined"), "{said}");
    let broken = document.replacen("\\end{tikzpicture}", "", 1);
    assert!(std::panic::catch_unwind(|| pdflatex(folder.path(), "broken", &broken)).is_err());
}

/// tidy's release in most distributions does not know that a summary may hold a heading, and would remove elements that
/// a script fills. Everything else that it says counts.
const KNOWN: [&str; 5] = [
    "Warning: missing </summary> before <h2>",
    "Warning: discarding unexpected </summary>",
    "Warning: trimming empty <summary>",
    "Warning: trimming empty <span>",
    "Warning: trimming empty <div>",
];

/// What tidy holds against a page.
fn tidy(page: &str) -> Vec<String> {
    let mut child = Command::new("tidy")
        .args(["-q", "-e", "-utf8", "--mute-id", "no"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tidy starts");
    let mut input = child.stdin.take().unwrap();
    let page = page.to_owned();
    let writer = std::thread::spawn(move || input.write_all(page.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().expect("tidy reads all of it");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.lines().filter(|line| !KNOWN.iter().any(|known| line.ends_with(known))).map(str::to_owned).collect()
}

#[test]
fn tidy_finds_nothing_in_any_page() {
    if !has("tidy") {
        return;
    }
    for capture in captures() {
        let page = open(&capture, "html", "id");
        assert_eq!(tidy(&page), Vec::<String>::new(), "{capture}");
        // Ids are unique; tidy says so of some elements only.
        let mut ids = BTreeMap::new();
        for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            *ids.entry(id).or_insert(0) += 1;
        }
        assert!(ids.values().all(|count| *count == 1), "{capture}: {ids:?}");
    }
    let connections = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .current_dir(root())
        .args(["open", "captures/multithread-exit-intended.pcapng", "--format", "html", "--connections"])
        .output()
        .unwrap();
    assert_eq!(tidy(&String::from_utf8(connections.stdout).unwrap()), Vec::<String>::new());
    // It would notice.
    let page = open("captures/half-close.pcapng", "html", "en");
    assert_ne!(tidy(&page.replacen("</table>", "", 1)), Vec::<String>::new());
    assert_ne!(tidy(&page.replacen("<main>", "<main nonsense=\"1\"><wrong>", 1)), Vec::<String>::new());
}

#[test]
fn every_drawing_is_xml_that_needs_nothing_else() {
    for capture in captures() {
        for lang in ["en", "id"] {
            let svg = open(&capture, "svg", lang);
            let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{capture}: {error}"));
            let element = document.root_element();
            assert_eq!(element.tag_name().namespace(), Some("http://www.w3.org/2000/svg"), "{capture}");
            for node in document.descendants() {
                for attribute in node.attributes() {
                    assert!(!attribute.name().contains("href"), "{capture}: {node:?}");
                }
            }
        }
    }
}

/// The comments that tshark shows of each frame.
fn comments(capture: &Path) -> Vec<String> {
    let output = Command::new("tshark")
        .env("WIRESHARK_CONFIG_DIR", capture.parent().unwrap())
        .args(["-n", "-T", "fields", "-e", "frame.number", "-e", "frame.comment", "-r"])
        .arg(capture)
        .output()
        .expect("tshark starts");
    assert!(output.status.success(), "{}: {}", capture.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn tshark_reads_every_saved_capture_and_shows_the_comments() {
    if !has("tshark") {
        return;
    }
    let (mut all, mut without) = (0, Vec::new());
    for capture in captures() {
        let records = open(&capture, "jsonl", "en");
        let records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let packets = records.iter().filter(|record| record["kind"] == "packet");
        let explained: BTreeMap<u64, bool> =
            packets.map(|packet| (packet["frame"].as_u64().unwrap(), packet["note"].is_string())).collect();
        let lines = comments(&root().join(&capture));
        for (at, line) in lines.iter().enumerate() {
            let (frame, comment) = line.split_once('\t').unwrap_or((line, ""));
            assert_eq!(frame, (at + 1).to_string(), "{capture}");
            // A packet that was captured at both ends is explained where it left.
            if explained.get(&(at as u64 + 1)) == Some(&true) {
                all += 1;
                if comment.trim().is_empty() {
                    without.push(format!("{capture}: frame {frame}"));
                }
            } else {
                assert_eq!(comment.trim(), "", "{capture}: frame {frame}");
            }
        }
        assert!(!explained.is_empty() && explained.keys().all(|frame| *frame <= lines.len() as u64), "{capture}");
    }
    // Rules that are younger than a recording explain a packet that had no comment when it was saved.
    assert!(all > 500 && without.len() * 100 <= all, "{} of {all} packets: {without:?}", without.len());
}
