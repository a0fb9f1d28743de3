//! The recorded captures: what `captures/README.md` says of each, what every rule sees in a real kernel's packets, and
//! whether tshark reads them in the same way.
//!
//! tshark must be installed (`make test` sees to it); without it the comparison fails, it does not pass by skipping.
#![allow(clippy::disallowed_methods, reason = "reads the recorded captures and runs other programs")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use netscope::annotate::rules::RULES;
use netscope::file::open;
use netscope::file::save::Saver;
use netscope::frame::{FrameSource as _, OwnedFrame};
use netscope::scenario::SCENARIOS;
use netscope::track::labels::Labels;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// Every recorded file, by its name below `captures/`.
fn files() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for below in ["", "extra/", "runs/"] {
        for entry in fs::read_dir(folder().join(below)).expect("the folder is there") {
            let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
            if name.ends_with(".pcapng") {
                names.insert(format!("{below}{name}"));
            }
        }
    }
    names
}

/// The records that `open` writes; the capture must be read without any complaint.
fn records(path: &Path, more: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .args(["open", "--lang", "en", "--format", "jsonl"])
        .args(more)
        .arg(path)
        .output()
        .expect("netscope runs");
    assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", path.display());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn of_kind<'a>(records: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    records.iter().filter(move |record| record["kind"] == kind)
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// How the connections of a file end, as the table of `captures/README.md` says it.
fn endings(path: &Path) -> String {
    let records = records(path, &["--connections"]);
    let endings: Vec<(String, String)> = of_kind(&records, "connection").map(ending).collect();
    if endings.len() <= SINGLY {
        return endings.iter().map(|(conn, end)| format!("{conn} {end}")).collect::<Vec<_>>().join("; ");
    }
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for (conn, end) in endings {
        let proto = conn.split(':').next().unwrap_or_default();
        *alike.entry(format!("{proto} {end}")).or_default() += 1;
    }
    alike.iter().map(|(end, n)| format!("{n} × {end}")).collect::<Vec<_>>().join("; ")
}

/// More connections than this are counted by how they end.
const SINGLY: usize = 4;

/// Which connection, and how it ends.
fn ending(connection: &Value) -> (String, String) {
    let text = |key: &str| connection[key].as_str().unwrap_or("-").to_owned();
    let mut parts = Vec::new();
    if connection["proto"] == "tcp" {
        parts.push(format!("{} by {}", text("close"), text("closed_by")));
        let half = &connection["half_close"];
        if half.is_object() {
            let accepted = half["accepted"].as_bool().map_or("-".to_owned(), |accepted| accepted.to_string());
            let by = half["by"].as_str().unwrap_or("-");
            parts.push(format!("half-close by {by}: {} bytes after, accepted {accepted}", half["bytes_after"]));
        }
        parts.push(format!("{} / {}", text("client_state"), text("server_state")));
    }
    let candidates = words(&connection["candidates"]);
    let others = if candidates.is_empty() { String::new() } else { format!(" (or {})", candidates.join(", ")) };
    parts.push(format!("`{}`{others}", text("rule")));
    (format!("{}:{}", text("proto"), connection["conn"]), parts.join(", "))
}

/// The rules that fire in a file, in the order of their first frames.
fn rules(path: &Path) -> String {
    let records = records(path, &[]);
    let mut seen: Vec<&str> = Vec::new();
    for rule in of_kind(&records, "packet").flat_map(|packet| words(&packet["rules"])) {
        if !seen.contains(&rule) {
            seen.push(rule);
        }
    }
    seen.join(" ")
}

/// File, what it shows, how it ends, rules: the rows of the table in `captures/README.md`.
fn listed() -> BTreeMap<String, [String; 3]> {
    let text = fs::read_to_string(folder().join("README.md")).expect("captures/README.md is there");
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [file, shows, end, rules] = cells[..] else { panic!("not four cells: {line}") };
        let cells = [shows, end, rules].map(str::to_owned);
        assert!(rows.insert(file.trim_matches('`').to_owned(), cells).is_none(), "{file} is listed twice");
    }
    rows
}

#[test]
fn every_variant_has_its_capture_and_every_capture_is_listed() {
    let files = files();
    let demos: BTreeSet<String> = SCENARIOS
        .iter()
        .flat_map(|scenario| {
            scenario.variants.iter().map(|variant| {
                if scenario.has_variants() {
                    format!("{}-{}.pcapng", scenario.name, variant.name)
                } else {
                    format!("{}.pcapng", scenario.name)
                }
            })
        })
        .collect();
    assert_eq!(files.iter().filter(|name| !name.contains('/')).cloned().collect::<BTreeSet<_>>(), demos);
    assert_eq!(listed().into_keys().collect::<BTreeSet<_>>(), files);
    for name in files.iter().filter(|name| name.starts_with("extra/")) {
        let program = folder().join(name).with_extension("py");
        assert!(program.exists(), "{name} has no program beside it that made it");
    }
}

#[test]
fn each_capture_ends_and_shows_what_its_row_says() {
    for (name, [shows, end, fired]) in listed() {
        let path = folder().join(&name);
        assert_eq!(endings(&path), end, "{name}");
        assert_eq!(rules(&path), fired.replace('`', ""), "{name}");
        assert!(!shows.is_empty(), "{name}");
    }
}

/// Where each rule fires in packets that a kernel made: rule, file, frame.
const FIRES: &[(&str, &str, u64)] = &[
    ("rst-refused", "connection-refused-no-server.pcapng", 2),
    ("rst-after-close", "close-message-send-after.pcapng", 12),
    ("rst-unacceptable-ack", "half-open-reconnect.pcapng", 10),
    ("rst-no-connection", "extra/rst-no-connection.pcapng", 9),
    ("rst-timeout", "extra/rst-timeout.pcapng", 7),
    ("connection-aborted", "close-unread-data.pcapng", 8),
    ("rst-unread", "close-unread-data.pcapng", 8),
    ("rst-abort", "linger-zero-abort.pcapng", 6),
    ("rst-ignored", "extra/rst-ignored.pcapng", 6),
    ("simultaneous-open", "simultaneous-open-self-connect.pcapng", 2),
    ("port-reuse", "time-wait-same-tuple.pcapng", 8),
    ("syn-retransmission", "extra/syn-retransmission.pcapng", 5),
    ("syn", "tcp.pcapng", 1),
    ("syn-ack", "tcp.pcapng", 2),
    ("syn-options", "tcp.pcapng", 1),
    ("challenge-ack", "extra/challenge-ack.pcapng", 7),
    ("fin-ack-merged", "close-three-or-four-three.pcapng", 7),
    ("simultaneous-close", "simultaneous-open-self-connect.pcapng", 4),
    ("fin-second", "tcp.pcapng", 13),
    ("fin-first", "tcp.pcapng", 10),
    ("half-close-begins", "tcp.pcapng", 11),
    ("last-ack", "tcp.pcapng", 14),
    ("time-wait-reack", "extra/time-wait-reack.pcapng", 9),
    ("half-close-data", "tcp.pcapng", 12),
    ("fin-with-data", "close-three-or-four-fin-data.pcapng", 4),
    ("zero-window-probe", "extra/zero-window.pcapng", 21),
    ("keep-alive", "extra/keep-alive.pcapng", 4),
    ("fast-retransmission", "extra/fast-retransmission.pcapng", 19),
    ("tail-loss-probe", "close-message-both-close.pcapng", 10),
    ("retransmission-rto", "extra/retransmission-rto.pcapng", 7),
    ("zero-window", "extra/zero-window.pcapng", 20),
    ("urgent", "extra/urgent.pcapng", 6),
    ("app-close-message", "close-message-server-closes.pcapng", 8),
    ("http-request", "http-get-close-ok.pcapng", 4),
    ("http-response", "http-get-close-ok.pcapng", 6),
    ("http-body-ends-with-fin", "http-get-close-ok.pcapng", 10),
    ("nagle-hold", "extra/nagle-hold.pcapng", 14),
    ("data-psh", "tcp.pcapng", 4),
    ("data-no-psh", "extra/data-no-psh.pcapng", 4),
    ("piggybacked-ack", "tcp.pcapng", 9),
    ("keep-alive-ack", "extra/keep-alive.pcapng", 5),
    ("spurious-dsack", "close-message-both-close.pcapng", 11),
    ("dup-ack", "extra/fast-retransmission.pcapng", 10),
    ("sack", "extra/fast-retransmission.pcapng", 10),
    ("window-update", "extra/zero-window.pcapng", 24),
    ("handshake-ack", "tcp.pcapng", 3),
    ("delayed-ack", "close-message-say-only.pcapng", 10),
    ("pure-ack", "tcp.pcapng", 5),
    ("udp-other-port", "extra/udp-other-port.pcapng", 2),
    ("udp-datagram", "udp-port-unreachable-unconnected.pcapng", 1),
    ("icmp-port-unreachable", "udp-port-unreachable-unconnected.pcapng", 2),
];

/// Rules that a complete capture of loopback cannot show: it keeps the order of packets, holds each once, and misses none
/// that would tell the cause.
const NO_CAPTURE: &[&str] = &["captured-twice", "retransmission-unclear", "out-of-order", "ack-again"];

#[test]
fn every_rule_fires_in_the_packets_of_a_kernel() {
    let named: Vec<&str> = FIRES.iter().map(|(rule, ..)| *rule).collect();
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).filter(|rule| !NO_CAPTURE.contains(rule)).collect();
    assert_eq!(named, rules);
    for (rule, file, frame) in FIRES {
        let records = records(&folder().join(file), &[]);
        let packet = of_kind(&records, "packet").find(|packet| packet["frame"] == *frame);
        let fired = packet.map(|packet| words(&packet["rules"])).unwrap_or_default();
        assert!(fired.contains(rule), "{rule} does not fire in frame {frame} of {file}, but {fired:?}");
    }
}

/// Captured at both ends of a wire.
fn is_over_wire(path: &Path) -> bool {
    let records = records(path, &[]);
    of_kind(&records, "packet").any(|packet| packet["arrived"].is_object())
}

/// The same frames in another file.
fn copied(from: &Path, to: &Path) {
    let mut capture = open::open(from.to_str().expect("UTF-8")).unwrap_or_else(|failure| panic!("{failure}"));
    let mut frames = Vec::new();
    while let Some(frame) = capture.next_frame().expect("sound to the end") {
        frames.push(OwnedFrame {
            time: frame.time,
            interface: frame.interface,
            link: frame.link,
            wire_len: frame.wire_len,
            bytes: frame.bytes.to_vec(),
            passage: frame.passage.copied(),
        });
    }
    let mut saver = Saver::create(to, capture.interfaces()).unwrap_or_else(|failure| panic!("{failure}"));
    for frame in &frames {
        saver.owned(frame, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    }
    saver.finish().unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn pcap_and_pcapng_give_the_same_records() {
    let directory = tempfile::tempdir().unwrap();
    let told = |path: &Path, more: &[&str]| {
        let mut records = records(path, more);
        records.retain(|record| record["kind"] != "capture" && record["kind"] != "end");
        for record in &mut records {
            record.as_object_mut().unwrap().remove("iface");
        }
        records
    };
    for name in files() {
        // A plain file does not tell departures from arrivals, and holds no calls.
        if name.starts_with("runs/") || is_over_wire(&folder().join(&name)) {
            continue;
        }
        let plain = directory.path().join("copy.pcap");
        copied(&folder().join(&name), &plain);
        for more in [&[][..], &["--connections"]] {
            let recorded = told(&folder().join(&name), more);
            assert!(!recorded.is_empty(), "{name}");
            assert_eq!(recorded, told(&plain, more), "{name}");
        }
    }
}

/// What tshark says of each frame of TCP or UDP, under the names of our own records, its analysis flags last.
fn by_tshark(path: &Path) -> Vec<String> {
    let fields =
        ["frame.number", "tcp.stream", "tcp.flags", "tcp.seq", "tcp.ack", "tcp.len", "udp.stream", "udp.length"];
    let mut command = Command::new("tshark");
    let empty = tempfile::tempdir().unwrap();
    command
        .env("WIRESHARK_CONFIG_DIR", empty.path())
        .args(["-n", "-T", "fields", "-E", "separator=,", "-E", "aggregator=;", "-r"])
        .arg(path);
    command.args(["-Y", "(tcp or udp) and not icmp"]);
    for field in fields {
        command.args(["-e", field]);
    }
    for (_, name) in Labels::NAMES {
        command.args(["-e", &format!("tcp.analysis.{name}")]);
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!("tshark cannot be run ({error}); `make test` installs it, or: sudo apt-get install tshark")
    });
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| labelled(line, fields.len())).collect()
}

/// A line of tshark with the columns behind the first `plain` turned into the names of those that are set.
fn labelled(line: &str, plain: usize) -> String {
    let cells: Vec<&str> = line.split(',').collect();
    let (plain, flags) = cells.split_at(plain);
    let set = Labels::NAMES.iter().zip(flags).filter(|(_, cell)| !cell.is_empty()).map(|((_, name), _)| *name);
    format!("{} {}", plain.join(","), set.collect::<Vec<_>>().join(" "))
}

/// The same of our records.
fn by_netscope(packet: &Value) -> Option<String> {
    let frame = &packet["frame"];
    if packet["proto"] == "udp" {
        return Some(format!("{frame},,,,,,{},{} ", packet["conn"], packet["len"].as_u64()? + 8));
    }
    if packet["proto"] != "tcp" {
        return None;
    }
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
    let flags = words(&packet["flags"]);
    let bits = names.iter().enumerate().filter(|(_, name)| flags.contains(name)).fold(0, |bits, (n, _)| bits | 1 << n);
    // tshark shows a number also where the ACK flag is missing and the field means nothing.
    let ack = packet["ack"].as_u64().unwrap_or(0);
    let (conn, seq, len) = (&packet["conn"], &packet["seq"], &packet["len"]);
    let analysis = words(&packet["analysis"]).join(" ");
    Some(format!("{frame},{conn},0x{bits:04x},{seq},{ack},{len},, {analysis}"))
}

/// A wire computes no checksums, and nothing else is wrong with them.
#[test]
fn tshark_finds_every_checksum_of_a_wire_right_and_both_copies_of_a_packet() {
    let mut frames = 0;
    for path in files().iter().map(|name| folder().join(name)).filter(|path| is_over_wire(path)) {
        let empty = tempfile::tempdir().unwrap();
        let output = Command::new("tshark")
            .env("WIRESHARK_CONFIG_DIR", empty.path())
            .args(["-n", "-o", "tcp.check_checksum:TRUE", "-T", "fields", "-E", "separator=,"])
            .args(["-e", "frame.interface_name", "-e", "tcp.checksum.status", "-r"])
            .arg(&path)
            .output()
            .expect("tshark runs; `make test` installs it");
        let text = String::from_utf8(output.stdout).unwrap();
        for line in text.lines() {
            assert!(["client,1", "server,1"].contains(&line), "{}: {line}", path.display());
        }
        frames += text.lines().count();
    }
    assert!(frames > 200, "{frames}");
}
/// Where tshark's own labels mislead, both say the same label, and our rule says what it is: file, frame, label, rule.
/// It calls a zero-window probe of Linux (no data, an old number) a keep-alive, the
/// first answer to a keep-alive a window update, and the SYN-ACK of a socket connected to itself a retransmission.
const MISLABELLED: &[(&str, u64, &str, &str)] = &[
    ("extra/zero-window.pcapng", 21, "keep_alive", "zero-window-probe"),
    ("extra/keep-alive.pcapng", 5, "window_update", "keep-alive-ack"),
    ("simultaneous-open-self-connect.pcapng", 2, "retransmission", "simultaneous-open"),
];

#[test]
fn tshark_reads_the_same_flags_numbers_and_analysis_flags() {
    let (mut frames, mut analysed) = (0, 0);
    for name in files() {
        let path = folder().join(&name);
        let records = records(&path, &[]);
        let mut ours: Vec<String> = of_kind(&records, "packet").filter_map(by_netscope).collect();
        // Arrivals are frames for tshark; for us they belong to the packet that left.
        let arrivals: BTreeSet<u64> = of_kind(&records, "packet")
            .flat_map(|packet| [&packet["arrived"]["frame"], &packet["arrived"]["again"]["frame"]])
            .filter_map(Value::as_u64)
            .collect();
        let mut theirs = by_tshark(&path);
        let count = theirs.len();
        theirs.retain(|line| !line.split(',').next().is_some_and(|n| n.parse().is_ok_and(|n| arrivals.contains(&n))));
        assert_eq!(theirs.len() + arrivals.len(), count, "{name}: every arrival is a frame of TCP or UDP");
        if !arrivals.is_empty() {
            // For tshark every arrival is a repetition.
            let numbers = |line: &mut String| line.truncate(line.find(' ').unwrap_or(line.len()));
            ours.iter_mut().chain(&mut theirs).for_each(numbers);
        }
        assert_eq!(ours, theirs, "{name}");
        frames += ours.len();
        analysed += ours.iter().filter(|line| !line.ends_with(' ')).count();
    }
    assert!(frames > 200 && analysed > 30, "{frames} frames, {analysed} of them with analysis flags");
}

#[test]
fn where_a_label_misleads_the_rule_says_what_it_is() {
    for (name, frame, label, rule) in MISLABELLED {
        let records = records(&folder().join(name), &[]);
        let packet = of_kind(&records, "packet").find(|packet| packet["frame"] == *frame).expect("the frame");
        assert!(words(&packet["analysis"]).contains(label), "{name} {frame}: {packet}");
        assert!(words(&packet["rules"]).contains(rule), "{name} {frame}: {packet}");
    }
}

#[test]
fn the_client_of_answers_from_another_port_is_not_called_the_first_sender() {
    for (lang, words) in [("en", "had sent to another port"), ("id", "sebelumnya mengirim ke port lain")] {
        let output = Command::new(env!("CARGO_BIN_EXE_netscope"))
            .args(["open", "--lang", lang, "--conn", "udp:1"])
            .arg(folder().join("extra/udp-other-port.pcapng"))
            .output()
            .expect("netscope runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains(words), "{text}");
    }
}
