//! A live run and its recorded capture say the same: rules, states, connections; the difference is what only the live run
//! can know, and it is listed here.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use netscope::scenario::{SCENARIOS, Scenario, Variant};
use serde_json::Value;

/// What only the live run can know: record and key.
const ONLY_LIVE: &[(&str, &str)] = &[
    // `demo half-close` there, the file's name here.
    ("capture", "source"),
    // Kernel and TCP settings of the machine; the file is opened on whichever machine.
    ("capture", "settings"),
    // A file does not say what was not captured.
    ("end", "dropped"),
    // Who made it: the calls are not in the file.
    ("packet", "owner"),
    ("packet", "cause"),
];

/// Records that only the live run has: the calls of both ends, and what the kernel said of their sockets.
const ONLY_LIVE_KINDS: &[&str] = &["syscall", "socket"];

/// Labels of segments that bring nothing new, by a part of their names.
const REPEATED: [&str; 3] = ["retransmission", "probe", "keep_alive"];

/// Variants in which a process ends that still had the socket.
const EXITS: &[&str] = &[
    "fin-triggers-exit",
    "fin-triggers-ctrl-c",
    "fin-triggers-kill",
    "fin-triggers-kill-unread",
    "multithread-exit-no-exit",
];

/// Rules that depend on whether an ACK was quick enough to travel alone. Two runs of one exchange may differ in them.
const TIMING: &[&str] = &[
    "delayed-ack",
    "pure-ack",
    "piggybacked-ack",
    // The second FIN acknowledges the first, or an ACK has before.
    "fin-ack-merged",
    "fin-second",
    // On that ACK, or on the data that carries it.
    "half-close-begins",
];

fn variants() -> impl Iterator<Item = (&'static Scenario, &'static Variant)> {
    SCENARIOS.iter().flat_map(|scenario| scenario.variants.iter().map(move |variant| (*scenario, variant)))
}

fn file_name(scenario: &Scenario, variant: &Variant) -> String {
    if scenario.has_variants() {
        format!("{}-{}.pcapng", scenario.name, variant.name)
    } else {
        format!("{}.pcapng", scenario.name)
    }
}

fn netscope(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_netscope")).args(args).args(["--lang", "en"]).output().expect("it starts")
}

fn parse(output: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(output).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}

/// The records of every variant's live run, saved into `folder`; `None` where this machine forbids it, which in
/// continuous integration is a failure.
fn live(folder: &Path) -> Option<Vec<Vec<Value>>> {
    let save = folder.join("x.pcapng");
    let output = netscope(&["demo", "--all", "--format", "jsonl", "--save", save.to_str().expect("UTF-8")]);
    if output.status.code() == Some(3) {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::env::var_os("CI").is_none(), "{output:?}");
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut runs: Vec<Vec<Value>> = Vec::new();
    for record in parse(&output.stdout) {
        if record["kind"] == "capture" {
            runs.push(Vec::new());
        }
        runs.last_mut().expect("the first record is that of the capture").push(record);
    }
    assert_eq!(runs.len(), variants().count());
    Some(runs)
}

/// The records that `open` gives, the connections before the end as in a live run.
fn opened(path: &Path) -> Vec<Value> {
    let path = path.to_str().expect("UTF-8");
    let packets = netscope(&["open", path, "--format", "jsonl"]);
    let connections = netscope(&["open", path, "--format", "jsonl", "--connections"]);
    assert!(packets.status.success() && connections.status.success(), "{packets:?}");
    let mut records = parse(&packets.stdout);
    let end = records.pop().expect("the end");
    records.extend(parse(&connections.stdout).into_iter().filter(|record| record["kind"] == "connection"));
    records.push(end);
    records
}

/// Every key in which two records differ.
fn differing(one: &Value, other: &Value) -> BTreeSet<String> {
    let keys = |record: &Value| record.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    keys(one).into_iter().chain(keys(other)).filter(|key| one.get(key) != other.get(key)).collect()
}

#[test]
fn a_live_run_and_its_saved_packets_differ_only_in_what_the_live_run_alone_can_know() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(runs) = live(folder.path()) else { return };
    for ((scenario, variant), mut run) in variants().zip(runs) {
        each_packet_has_its_maker(&file_name(scenario, variant), &run);
        run.retain(|record| !ONLY_LIVE_KINDS.iter().any(|kind| record["kind"] == *kind));
        let name = file_name(scenario, variant);
        let saved = opened(&folder.path().join(format!("x-{name}")));
        assert_eq!(run.len(), saved.len(), "{name}");
        let mut found = BTreeSet::new();
        for (live, saved) in run.iter().zip(&saved) {
            let kind = live["kind"].as_str().expect("a kind");
            found.extend(differing(live, saved).into_iter().map(|key| (kind.to_owned(), key)));
        }
        // Where every packet is some call's there is no cause.
        let possible = |(_, key): &&(&str, &str)| *key != "cause" || run.iter().any(|record| record["cause"].is_u64());
        let listed: BTreeSet<(String, String)> =
            ONLY_LIVE.iter().filter(possible).map(|(kind, key)| ((*kind).to_owned(), (*key).to_owned())).collect();
        assert_eq!(found, listed, "{name}");
    }
}

/// Every packet of a run is some call's, the kernel's or the end of a process's; and what each call owns, it can have made.
fn each_packet_has_its_maker(name: &str, run: &[Value]) {
    let calls: BTreeMap<u64, &Value> = run
        .iter()
        .filter(|record| record["kind"] == "syscall")
        .map(|call| (call["id"].as_u64().expect("an id"), call))
        .collect();
    let mut exits = false;
    // What an end has sent before, by connection.
    let mut begun: BTreeSet<String> = BTreeSet::new();
    for packet in run.iter().filter(|record| record["kind"] == "packet") {
        let place = format!("{name} frame {}", packet["frame"]);
        let has = |flag: &str| packet["flags"].as_array().is_some_and(|flags| flags.iter().any(|f| f == flag));
        let first = |what: &str| format!("{} {} {} {what}", packet["proto"], packet["conn"], packet["dir"]);
        let of = |key: &str| packet[key].as_array().into_iter().flatten().filter_map(Value::as_str);
        let repeated = of("analysis").chain(of("rules")).any(|label| REPEATED.iter().any(|name| label.contains(name)));
        let data = packet["proto"] == "tcp" && packet["len"] != 0 && !has("SYN") && !repeated;
        match &packet["owner"] {
            Value::Number(id) => {
                let call = calls[&id.as_u64().expect("an id")];
                let frames = call["frames"].as_array().expect("a list");
                assert!(frames.contains(&packet["frame"]), "{place}: {call}");
                assert_eq!((&call["proto"], &call["conn"]), (&packet["proto"], &packet["conn"]), "{place}: {call}");
                let allowed: &[&str] = match () {
                    () if packet["proto"] == "udp" || data => &["sendto"],
                    () if has("SYN") => &["connect"],
                    () if has("RST") => &["close"],
                    () => &["close", "shutdown"],
                };
                assert!(allowed.iter().any(|name| call["call"] == *name), "{place}: {call}");
                assert!(!has("RST") || !has("FIN"), "{place}");
            }
            Value::String(word) if word == "exit" => {
                exits = true;
                assert!(has("FIN") || has("RST"), "{place}");
            }
            Value::String(word) if word == "kernel" => {
                assert!(!data, "{place}: new data comes from a program");
                let opens = has("SYN") && !has("ACK");
                assert!(!opens || begun.contains(&first("SYN")), "{place}: the first SYN is a program's");
                assert!(!has("FIN") || begun.contains(&first("FIN")), "{place}: the first FIN is a program's");
                assert!(packet["cause"].is_u64() || has("RST"), "{place}: because of what?");
                let cause = run.iter().find(|record| record["kind"] == "packet" && record["frame"] == packet["cause"]);
                let here = |at: &Value| at.as_str().map(str::to_owned);
                if let Some(arrived) = cause.and_then(|cause| here(&cause["arrived"]["time"])).filter(|_| !repeated) {
                    assert!(Some(arrived) <= here(&packet["time"]), "{place}: its cause had not arrived");
                }
            }
            other => panic!("{place} has the owner {other}"),
        }
        begun.extend(["SYN", "FIN"].into_iter().filter(|flag| has(flag)).map(first));
    }
    for call in calls.values() {
        let frames = |key: &str| call[key].as_array().cloned().unwrap_or_default();
        assert!(frames("deferred").iter().all(|frame| frames("frames").contains(frame)), "{name}: {call}");
        assert!(call["exit_time"].is_string() && call["side"].is_string(), "{name}: {call}");
    }
    let stem = name.strip_suffix(".pcapng").expect("the files' ending");
    assert_eq!(exits, EXITS.contains(&stem), "{name}");
}

/// Of a connection that is asked for alone, every packet is what it is among all.
#[test]
fn one_connection_alone_is_what_it_is_among_all() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut several = 0;
    for entry in std::fs::read_dir(folder).expect("captures") {
        let path = entry.expect("an entry").path();
        let path = path.to_str().expect("UTF-8");
        let all = netscope(&["open", path, "--format", "jsonl"]);
        let packets: Vec<Value> = parse(&all.stdout).into_iter().filter(|record| record["kind"] == "packet").collect();
        let name = |record: &Value| Some((record["proto"].as_str()?.to_owned(), record["conn"].as_u64()?));
        let names: BTreeSet<(String, u64)> = packets.iter().filter_map(name).collect();
        if !(2..=4).contains(&names.len()) {
            continue;
        }
        several += 1;
        for (proto, conn) in names {
            let alone = netscope(&["open", path, "--format", "jsonl", "--conn", &format!("{proto}:{conn}")]);
            let alone: Vec<Value> = parse(&alone.stdout)
                .into_iter()
                .filter(|record| name(record).as_ref() == Some(&(proto.clone(), conn)))
                .collect();
            let among: Vec<&Value> =
                packets.iter().filter(|record| name(record).as_ref() == Some(&(proto.clone(), conn))).collect();
            assert_eq!(alone.iter().collect::<Vec<_>>(), among, "{path} {proto}:{conn}");
        }
    }
    assert!(several > 3, "{several} captures with several connections");
}

/// Captures whose segments are told without their numbers as well: which one carries the PSH in the middle depends on the windows so far.
const COUNTED: &[&str] = &["psh-large-write-long-write.pcapng"];

/// A value; numbers of an older connection, which lie anywhere before the initial one, are not those of another run.
fn told(value: &Value) -> String {
    if value.as_u64().is_some_and(|number| number > u64::from(u32::MAX / 2)) {
        return "older".to_owned();
    }
    value.to_string()
}

/// How often a timer repeats a segment before an exchange ends depends on the moment.
const TIMERS: [&str; 2] = ["tail-loss-probe", "retransmission-rto"];

/// What of a capture does not depend on the moment: packets but for lone ACKs and repeats of timers, with flags,
/// length, states and rules; and how each connection ended.
///
/// It is a set: which of two timers runs out first, and how often, depends on the moment too. Order and number are what
/// each scenario's expectation holds, for the recorded capture and for every run. Where several clients take part, what
/// each is answered depends on the order in which they came.
fn lasting(records: &[Value], several: bool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let values = |record: &Value, keys: &[&str]| {
        let keys = keys.iter().filter(|key| !several || !["conn", "seq", "ack", "len", "data", "bytes"].contains(key));
        keys.map(|key| told(&record[*key])).collect::<Vec<_>>().join(" ")
    };
    for record in records {
        let rules: Vec<&str> = record["rules"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let lone_ack = record["proto"] == "tcp" && record["flags"] == serde_json::json!(["ACK"]) && record["len"] == 0;
        if record["kind"] == "packet" && !lone_ack && !rules.iter().any(|rule| TIMERS.contains(rule)) {
            let rules: Vec<&str> = rules.into_iter().filter(|rule| !TIMING.contains(rule)).collect();
            let keys = ["proto", "conn", "dir", "flags", "seq", "ack", "len", "data", "client_state", "server_state"];
            lines.insert(format!("{} {rules:?}", values(record, &keys)));
        }
        if record["kind"] == "connection" {
            let keys = ["proto", "conn", "close", "closed_by", "client_state", "server_state", "bytes", "completeness"];
            lines.insert(values(record, &keys));
        }
    }
    lines
}

#[test]
fn the_recorded_capture_says_what_a_live_run_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(runs) = live(folder.path()) else { return };
    let captures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("captures");
    for ((scenario, variant), run) in variants().zip(runs) {
        let name = file_name(scenario, variant);
        let recorded = opened(&captures.join(&name));
        let several = variant.clients().is_some_and(|clients| clients > 1) || COUNTED.contains(&name.as_str());
        let expected = lasting(&recorded, several);
        assert_eq!(lasting(&run, several), expected, "{name}");
        assert!(lasting(&run, several).len() > 2, "{name}");
    }
}
