//! `report`: the lab report in every format and both languages, what it leaves to the student, the teacher's key.
#![allow(clippy::disallowed_methods, reason = "runs the program on recorded captures")]

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const HALF: &str = "captures/half-close.pcapng";
const RESET: &str = "captures/close-message-send-after.pcapng";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn netscope(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.current_dir(root()).arg("report").args(args).env("COLUMNS", "57").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::null()).output().expect("it starts")
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
    assert_eq!(text, expected, "{name} differs; NETSCOPE_BLESS=1 cargo test --test lab writes it anew");
}

fn captures() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for folder in ["captures", "captures/extra"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".pcapng") {
                all.push(format!("{folder}/{name}"));
            }
        }
    }
    all.sort();
    assert!(all.len() > 50);
    all
}

/// The headings of a report in Markdown.
fn headings(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

/// What stands below one of them.
fn section<'a>(report: &'a str, title: &str) -> &'a str {
    let from = report.find(&format!(". {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    let rest = &report[from + title.len() + 3..];
    &rest[..rest.find("\n## ").or_else(|| rest.find("\n---\n")).unwrap_or(rest.len())]
}

/// The parts of a docx, each read as XML.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, time) = (part.name().to_owned(), part.last_modified());
        assert_eq!(time.map(|time| (time.year(), time.month(), time.day())), Some((1980, 1, 1)), "{name} has a clock");
        let mut text = String::new();
        if name.starts_with("word/media/") && !part.is_dir() {
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
            parts.push((name, String::new()));
            continue;
        }
        part.read_to_string(&mut text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if !part.is_dir() {
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        parts.push((name, text));
    }
    parts
}

/// The words of a docx, paragraph by paragraph.
fn paragraphs(bytes: &[u8]) -> Vec<String> {
    let parts = parts(bytes);
    let (_, document) = parts.iter().find(|(name, _)| name == "word/document.xml").expect("a document");
    let document = roxmltree::Document::parse(document).unwrap();
    let of = |node: roxmltree::Node| {
        node.descendants().filter(|node| node.tag_name().name() == "t").filter_map(|node| node.text()).collect()
    };
    document.descendants().filter(|node| node.tag_name().name() == "p").map(of).collect()
}

#[test]
fn snapshots_of_every_format_in_both_languages() {
    for (name, capture) in [("half-close", HALF), ("send-after", RESET)] {
        for lang in ["en", "id"] {
            for (format, ending) in [("markdown", "md"), ("html", "html"), ("latex", "tex")] {
                let report = text(&[capture, "--lang", lang, "--format", format]);
                snapshot(&format!("lab.{name}.{lang}.{ending}"), &report);
            }
        }
    }
    for lang in ["en", "id"] {
        snapshot(&format!("lab.key.{lang}.md"), &text(&[RESET, "--lang", lang, "--key"]));
    }
}

#[test]
fn a_report_has_its_sections_and_leaves_the_students_empty() {
    let sections = [
        "Tujuan",
        "Dasar Teori",
        "Prediksi",
        "Alat dan Pengaturan",
        "Langkah Percobaan",
        "Hasil Pengamatan",
        "Pertanyaan",
        "Analisis",
        "Kesimpulan",
        "Daftar Pustaka",
    ];
    for capture in captures() {
        let report = text(&[&capture, "--lang", "id"]);
        let titles: Vec<String> =
            sections.iter().enumerate().map(|(at, title)| format!("{}. {title}", at + 1)).collect();
        assert_eq!(headings(&report), titles, "{capture}");
        for title in ["Analisis", "Kesimpulan"] {
            let lines: Vec<&str> = section(&report, title).lines().filter(|line| !line.is_empty()).collect();
            assert!(
                lines.len() == 2 && lines[0].starts_with("> Tulisan Anda:") && lines[1] == "…",
                "{capture}: {lines:?}"
            );
        }
        let identity = ["Nama", "NIM", "Kelas", "Mata kuliah", "Dosen", "Tanggal praktikum"];
        for field in identity {
            assert!(report.contains(&format!("| {field} |  |\n")), "{capture}: {field}");
        }
        // Captions are counted without a gap.
        for kind in ["Tabel", "Gambar"] {
            let numbers: Vec<usize> = report
                .lines()
                .filter_map(|line| line.strip_prefix(&format!("**{kind} "))?.split('.').next()?.parse().ok())
                .collect();
            assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{capture}");
        }
        let questions = section(&report, "Pertanyaan");
        assert_eq!(questions.matches("**Jawaban:**\n\n…\n").count(), questions.matches("\n**Jawaban:**").count());
        assert!(questions.contains("**1.**"), "{capture}: no question");
        for (at, _) in report.match_indices('{') {
            assert!(
                !report[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()),
                "{capture}: {}",
                &report[at..at + 20]
            );
        }
    }
}

#[test]
fn questions_are_about_what_is_there() {
    let asks = |capture: &str, what: &str| section(&text(&[capture, "--lang", "en"]), "Questions").contains(what);
    assert!(asks(HALF, "From which packet to which is the connection half-closed?"));
    assert!(!asks(HALF, "RST") && !asks(HALF, "carry the word"));
    assert!(asks(RESET, "These packets carry the word \"close\"."));
    assert!(asks(RESET, "What does the RST in packet 12 answer"));
    assert!(asks("captures/close-three-or-four-three.pcapng", "Was the connection half-closed at any time?"));
    assert!(asks("captures/connection-refused-no-server.pcapng", "Who answered the SYN with RST"));
    assert!(!asks("captures/connection-refused-no-server.pcapng", "TIME-WAIT"));
    assert!(asks("captures/close-wait-leak.pcapng", "Is the connection closed when the capture ends?"));
    assert!(asks("captures/udp-port-unreachable-connected.pcapng", "Who sent this ICMP message"));
    assert!(asks("captures/http-get-close-ok.pcapng", "how does the client know where the body of the answer ends?"));
    assert!(asks("captures/fast-retransmit.pcapng", "repeats an earlier one."));
    let report = text(&[HALF, "--lang", "en"]);
    let half = section(&report, "Questions").split("half-closed?").nth(1).unwrap();
    assert!(half.contains("*Packets to look at: 6, 13*"), "{half}");
}

#[test]
fn every_packet_that_is_asked_about_is_in_a_table() {
    for capture in captures() {
        let report = text(&[&capture, "--lang", "en"]);
        let results = section(&report, "Results");
        let asked = section(&report, "Questions").lines().filter_map(|line| line.strip_prefix("*Packets to look at: "));
        for frame in asked.flat_map(|list| list.trim_end_matches('*').split(", ")).filter(|frame| *frame != "…") {
            let row = |line: &str| line.starts_with(&format!("| {frame} |"));
            let drawn = |line: &str| line.trim_start().starts_with(&format!("{frame} "));
            let cut = results.contains("left out");
            assert!(
                cut || results.lines().any(|line| row(line) || drawn(line)),
                "{capture}: packet {frame}\n{results}"
            );
        }
    }
}

#[test]
fn only_the_key_has_explanations_and_verdicts() {
    for lang in ["en", "id"] {
        for capture in [HALF, RESET] {
            let verdict = Command::new(env!("CARGO_BIN_EXE_netscope"))
                .current_dir(root())
                .args(["open", capture, "--lang", lang, "--connections", "--columns", "rule", "--format", "markdown"])
                .output()
                .unwrap();
            let verdict = String::from_utf8(verdict.stdout).unwrap();
            let rule = verdict.lines().nth(2).unwrap().trim_matches(['|', ' ']).to_owned();
            for format in ["markdown", "html", "latex"] {
                let without = text(&[capture, "--lang", lang, "--format", format]);
                let with = text(&[capture, "--lang", lang, "--format", format, "--key"]);
                assert!(with.contains(&format!("[{rule}]")) || with.contains(&format!("\\[{rule}\\]")), "{format}");
                assert!(!without.contains(&rule), "{format} {lang}: {rule} is told");
                let label = if lang == "en" { "Key" } else { "Kunci" };
                assert!(with.contains(label) && !without.contains(label), "{format} {lang}");
            }
        }
    }
    let key = text(&[RESET, "--lang", "en", "--key"]);
    assert!(section(&key, "Questions").matches("> **Key:**").count() >= 8, "{key}");
    // The drawing of the student's copy has neither titles nor the half-closed time.
    let drawn = |args: &[&str]| text(&[&[HALF, "--lang", "en", "--format", "html"], args].concat());
    assert!(drawn(&["--key"]).contains("class=\"l-span\"") && !drawn(&[]).contains("class=\"l-span\""));
    assert!(drawn(&["--key"]).contains("The first FIN") && !drawn(&[]).contains("The first FIN"));
}

#[test]
fn the_same_capture_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("half-close.pcapng");
    std::fs::copy(root().join(HALF), &copy).unwrap();
    for ending in ["md", "html", "tex", "docx"] {
        let write = |capture: &str, name: &str, columns: &str| {
            let path = folder.path().join(format!("{name}.{ending}"));
            let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
            command.current_dir(root()).args(["report", capture, "--lang", "id", "-o"]).arg(&path);
            assert!(command.env("COLUMNS", columns).status().unwrap().success());
            std::fs::read(path).unwrap()
        };
        let first = write(HALF, "first", "80");
        assert_eq!(first, write(HALF, "second", "200"), "{ending}");
        // Where it lies is no part of it.
        assert_eq!(first, write(copy.to_str().unwrap(), "third", "40"), "{ending}");
    }
}

/// The ladder is in a docx as pictures, each with a description that names its packets.
fn pictures_are_drawn_and_described(parts: &[(String, String)], report: &str) {
    let part = |wanted: &str| &parts.iter().find(|(name, _)| name == wanted).unwrap_or_else(|| panic!("no {wanted}")).1;
    let document = roxmltree::Document::parse(part("word/document.xml")).unwrap();
    let of = |name: &'static str| document.descendants().filter(move |node| node.tag_name().name() == name);
    let described: Vec<&str> = of("docPr").map(|node| node.attribute("descr").expect("a description")).collect();
    assert!(!described.is_empty() && described.iter().all(|words| words.starts_with("Gambar ")), "{described:?}");
    let ids: std::collections::BTreeSet<_> = of("docPr").map(|node| node.attribute("id")).collect();
    assert_eq!(ids.len(), described.len());
    // Every packet of the drawing among the characters of the Markdown is on one of the pictures.
    let drawn = report.lines().filter(|line| line.contains('▶') || line.contains('◀'));
    for frame in drawn.filter_map(|line| line.trim_start_matches('┃').split_whitespace().next()) {
        assert_eq!(described.iter().filter(|words| words.contains(&format!("#{frame} "))).count(), 1, "{frame}");
    }
    let media = parts.iter().filter(|(name, _)| name.starts_with("word/media/rId")).count();
    assert_eq!(media, described.len());
    let rels = roxmltree::Document::parse(part("word/_rels/document.xml.rels")).unwrap();
    for blip in of("blip") {
        let id = blip.attributes().find(|attribute| attribute.name() == "embed").expect("a picture").value();
        let target =
            rels.descendants().find(|node| node.attribute("Id") == Some(id)).and_then(|node| node.attribute("Target"));
        let target = format!("word/{}", target.unwrap_or_else(|| panic!("{id} leads nowhere")));
        assert!(parts.iter().any(|(name, _)| *name == target), "{target}");
    }
}

#[test]
fn a_docx_opens_and_says_what_the_others_say() {
    for capture in [HALF, RESET, "captures/udp-color-server-answered.pcapng"] {
        for key in [&[][..], &["--key"][..]] {
            let report = text(&[&[capture, "--lang", "id"], key].concat());
            let docx = netscope(&[&[capture, "--lang", "id", "--format", "docx"], key].concat());
            assert!(docx.status.success());
            let paragraphs = paragraphs(&docx.stdout);
            for heading in headings(&report) {
                assert!(paragraphs.iter().any(|paragraph| paragraph == heading), "{capture}: {heading}");
            }
            let captions = report.lines().filter_map(|line| line.strip_prefix("**Tabel ")?.strip_suffix("**"));
            for caption in captions.map(|caption| format!("Tabel {}", caption.replace('\\', ""))) {
                assert!(paragraphs.contains(&caption), "{capture}: {caption}");
            }
            let answers = |text: &str| paragraphs.iter().filter(|paragraph| paragraph.starts_with(text)).count();
            assert_eq!(answers("Jawaban:"), report.matches("**Jawaban:**").count(), "{capture}");
            assert_eq!(answers("Kunci: "), report.matches("> **Kunci:**").count(), "{capture}");
            let parts = parts(&docx.stdout);
            pictures_are_drawn_and_described(&parts, &report);
            let core = &parts.iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
            assert!(core.contains("1970-01-01T00:00:00Z") && !core.contains("202"), "{core}");
        }
    }
}

#[test]
fn a_page_is_whole_and_asks_for_nothing() {
    for lang in ["en", "id"] {
        let page = text(&[RESET, "--lang", lang, "--format", "html", "--key"]);
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
        for fetched in ["http://", "https://", "src=", "href=", "url(", "<script", "@import"] {
            assert!(!page.contains(fetched), "{fetched}");
        }
        assert_eq!(page.matches("<svg").count(), 1);
        let svg = &page[page.find("<svg").unwrap()..page.find("</svg>").unwrap() + 6];
        roxmltree::Document::parse(svg).expect("the drawing is XML");
        assert!(page.contains("@media print"));
        for open in ["table", "figure", "ol", "ul", "div", "p", "span"] {
            let (begun, ended) = (
                page.matches(&format!("<{open}>")).count() + page.matches(&format!("<{open} ")).count(),
                page.matches(&format!("</{open}>")).count(),
            );
            assert_eq!(begun, ended, "{open}");
        }
    }
}

#[test]
fn what_a_file_does_not_say_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.pcap");
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    std::fs::write(&path, &bytes).unwrap();
    for format in ["markdown", "html", "latex", "docx"] {
        assert!(netscope(&[path.to_str().unwrap(), "--format", format]).status.success(), "{format}");
    }
    let report = text(&[path.to_str().unwrap(), "--lang", "en"]);
    for row in ["Captured by", "Operating system", r"TCP settings (sysctl net.ipv4)"] {
        assert!(report.contains(&format!("| {row} | unknown: the file does not say |")), "{row}: {report}");
    }
    assert!(report.contains("| First packet at | unknown: the packets have no time |"));
    assert!(section(&report, "Results").contains("No TCP connection and no UDP conversation to show."));
    assert!(section(&report, "Questions").contains("nothing in this capture"));
    let known = text(&[HALF, "--lang", "en"]);
    assert!(known.contains("| Captured by | netscope "), "{known}");
    assert!(section(&known, "Steps").contains("is not known to netscope; write it here"));
    // Cut off inside a record: all that could be read, and exit code 2.
    bytes.extend([0; 7]);
    std::fs::write(&path, &bytes).unwrap();
    let output = folder.path().join("cut.md");
    let cut = netscope(&[path.to_str().unwrap(), "-o", output.to_str().unwrap()]);
    assert_eq!(cut.status.code(), Some(2));
    assert!(std::fs::read_to_string(output).unwrap().contains("netscope open empty.pcap"));
}

#[test]
fn what_is_wrong_is_said_and_leaves_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.md");
    let place = path.to_str().unwrap();
    std::fs::write(&path, "mine").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&[], "needs something to report on"),
        (&["no-such.pcapng"], "no-such.pcapng"),
        (&["Cargo.toml"], "Cargo.toml"),
        (&[HALF, "--conn", "9"], "no connection 9"),
        (&[HALF, "--format", "csv"], "--format cannot be \"csv\""),
    ];
    for (args, said) in cases {
        let output = netscope(&[args, &["--lang", "en", "-o", place][..]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(said), "{args:?}: {error}");
        assert!(output.stdout.is_empty());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine", "{args:?}");
    }
    let ending = netscope(&[HALF, "--lang", "en", "-o", folder.path().join("x.pdf").to_str().unwrap()]);
    assert_eq!(ending.status.code(), Some(2));
    let error = String::from_utf8_lossy(&ending.stderr).into_owned();
    assert!(error.contains(".pdf") && error.contains(".docx"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
}

#[cfg(target_os = "linux")]
#[test]
fn options_belong_to_what_the_report_is_about() {
    let cases: &[(&[&str], &str)] = &[
        (&[HALF, "--demo", "half-close"], "has no meaning for a report on a demo"),
        (&[HALF, "--run"], "has no meaning for a report on programs of your own"),
        (&[HALF, "--save", "x.pcapng"], "--save has no meaning for a report on a capture file"),
        (&[HALF, "--loss", "client data 1"], "--loss has no meaning"),
        (&["--demo", "half-close", "--server", "x"], "--server has no meaning for a report on a demo"),
        (&["--demo", "half-close", "--run"], "--run has no meaning"),
        (&["--run", "--variant", "x"], "--variant has no meaning"),
        (&["--run", "--server", "x"], "run needs a server and a client"),
        (&["--run", "--server", "x", "--client", "y", "--clients", "51"], "from 1 to 50"),
        (&["--demo", "half-clsoe"], "Did you mean half-close?"),
        (&["--demo", "close-message", "--variant", "all"], "about one exchange"),
        (&["--demo", "close-message", "--variant", "none-such"], "has no variant \"none-such\""),
    ];
    for (args, said) in cases {
        let output = netscope(&[args, &["--lang", "en"][..]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(said), "{args:?}: {error}");
    }
}

/// What a live run may do here; without it a visible skip, and with CI set a failure.
#[cfg(target_os = "linux")]
fn allowed(what: &[&str]) -> bool {
    let doctor = Command::new(env!("CARGO_BIN_EXE_netscope")).args(["doctor", "--lang", "en"]).output().unwrap();
    let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
    let yes = |name: &&str| doctor.lines().any(|line| line.starts_with(*name) && line.contains("  yes"));
    let allowed = what.iter().all(yes);
    if !allowed {
        eprintln!("SKIPPED: this machine does not allow it\n{doctor}");
        assert!(std::env::var_os("CI").is_none(), "CI must allow this");
    }
    allowed
}

#[cfg(target_os = "linux")]
#[test]
fn a_demo_is_run_and_reported_on() {
    if !allowed(&["private-network"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("kept.pcapng");
    let place = saved.to_str().unwrap();
    let report = text(&["--demo", "close-message", "--message", "hai", "--save", place, "--lang", "en"]);
    assert_eq!(headings(&report).len(), 10);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let tools = section(&report, "Tools and settings");
    assert!(tools.contains(&format!("| Operating system | Linux {}", kernel.trim().replace('_', "\\_"))), "{tools}");
    assert!(tools.contains("`tcp_congestion_control = ") && !tools.contains("unknown"), "{tools}");
    let steps = section(&report, "Steps");
    let command = format!(
        "netscope report --demo close-message --variant server-closes --message hai --save {place} --lang en -o report.md"
    );
    assert!(steps.contains(&command), "{steps}");
    assert!(steps.contains(&format!("netscope open {place}\n")), "{steps}");
    assert!(steps.contains("- client: `socket, connect, send("), "{steps}");
    let questions = section(&report, "Questions");
    assert!(questions.matches("A course text says:").count() == 5, "{questions}");
    assert!(!questions.contains("wrong:"), "{questions}");
    // What was kept is what the report is about.
    let again = text(&[place, "--lang", "en"]);
    let packets = |report: &str| {
        let results = section(report, "Results").to_owned();
        results.lines().filter(|line| line.contains("C → S") || line.contains("C ← S")).count()
    };
    assert!(packets(&report) >= 10);
    assert_eq!(packets(&report), packets(&again));
    let key = text(&["--demo", "close-message", "--key", "--lang", "en"]);
    assert!(section(&key, "Questions").contains("> **Key:** Wrong: "), "{key}");
}

#[cfg(target_os = "linux")]
#[test]
fn programs_are_run_and_reported_on() {
    if !allowed(&["private-network", "tracing"]) {
        return;
    }
    let server = "python3 tests/programs/echo_server.py";
    let client = "python3 tests/programs/wrong_port_client.py";
    let report = text(&["--run", "--server", server, "--client", client, "--lang", "id"]);
    let steps = section(&report, "Langkah Percobaan");
    assert!(
        steps.contains(&format!(
            "netscope report --run --server '{server}' --client '{client}' --lang id -o laporan.md"
        )),
        "{steps}"
    );
    let results = section(&report, "Hasil Pengamatan");
    // How long a call took may stand in between.
    let connects = |line: &str| line.contains("`connect(3, 127.0.0.1:5001) = ECONNREFUSED") && line.contains("→ #1");
    assert!(results.lines().any(connects), "{results}");
    assert!(results.contains("Temuan netscope pada program"), "{results}");
    assert!(results.contains("Keluaran server: python3"), "{results}");
    assert!(section(&report, "Pertanyaan").contains("Ambil tiap temuan pada tabel"), "{report}");
    assert!(section(&report, "Tujuan").contains("pemanggilan program mana"));
}
