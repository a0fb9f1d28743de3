//! What a live run has shown is what its saved capture shows: the same records, the same table, also after another
//! program has written the file anew.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

#[path = "run/support.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod support;

use support::{need, program};

fn netscope() -> Command {
    Command::new(env!("CARGO_BIN_EXE_netscope"))
}

fn output(command: &mut Command) -> std::process::Output {
    command.output().expect("it runs")
}

/// Standard output of a program that has to succeed.
fn said(command: &mut Command) -> String {
    let output = output(command.stdin(Stdio::null()));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn open(file: &Path, args: &[&str]) -> String {
    said(netscope().arg("open").arg(file).args(args))
}

/// The records, without the name of the source.
fn records(text: &str) -> Vec<Value> {
    let mut records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    records[0]["source"] = Value::Null;
    records
}

fn of_kind<'a>(records: &'a [Value], kind: &str) -> Vec<&'a Value> {
    records.iter().filter(|record| record["kind"] == kind).collect()
}

/// The table without the lines above the first connection's: they name the source.
fn below_the_source(table: &str) -> String {
    let lines = table.lines().skip_while(|line| !line.starts_with("tcp:") && !line.starts_with("udp:"));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() > 10, "{table}");
    lines.join("\n")
}

/// The same file as Wireshark's tools write it: frames and blocks of ours in another order.
fn written_anew(file: &Path) -> std::path::PathBuf {
    let anew = file.with_extension("anew.pcapng");
    said(Command::new("editcap").args([file, &anew]));
    assert_ne!(std::fs::read(file).expect("the file"), std::fs::read(&anew).expect("the copy"));
    anew
}

#[test]
fn a_run_is_shown_again_as_it_was() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    // One without a mistake, one with findings and a RST, one over UDP.
    let runs: [&[&str]; 3] = [
        &["echo_server.py", "echo_client.py", "halo\\nclose\\n"],
        &["unread_server.py", "echo_client.py", "halo\\nclose\\n"],
        &["udp_server.py", "udp_client.py", "merah\\n"],
    ];
    let mut findings = 0;
    for (at, [server, client, input]) in runs.iter().map(|run| [run[0], run[1], run[2]]).enumerate() {
        let file = folder.path().join(format!("{at}.pcapng"));
        let live = said(
            netscope()
                .args(["run", "--format", "jsonl", "--payload", "all", "--lang", "id", "--timeout", "60s"])
                .args(["--server", &program(server), "--client", &program(client), "--input", input])
                .arg("--save")
                .arg(&file),
        );
        let live = records(&live);
        assert!(of_kind(&live, "syscall").len() > 4 && of_kind(&live, "process").len() == 2, "{live:#?}");
        assert!(of_kind(&live, "packet").iter().any(|packet| packet["owner"].is_number()));
        assert!(of_kind(&live, "socket").iter().any(|word| word["counter"]["IpOutRequests"].is_number()));
        findings += of_kind(&live, "finding").len();
        for file in [&file, &written_anew(&file)] {
            let again = records(&open(file, &["--format", "jsonl", "--payload", "all", "--lang", "id"]));
            assert_eq!(again, live);
        }
    }
    assert!(findings > 0);
}

#[test]
fn a_run_gives_the_same_table_live_and_from_its_file() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.pcapng");
    let live = said(
        netscope()
            .args(["run", "--lang", "en", "--server", &program("echo_server.py"), "--client"])
            .args([&program("echo_client.py"), "--input", "halo\\nclose\\n", "--save"])
            .arg(&file)
            .env("COLUMNS", "80"),
    );
    let again = said(netscope().arg("open").arg(&file).args(["--lang", "en"]).env("COLUMNS", "80"));
    assert_eq!(below_the_source(&again), below_the_source(&live));
    assert!(again.contains("connect(3, 127.0.0.1:5000) = 0") && again.contains("netscope ended the programs here"));
}

#[test]
fn a_demo_is_shown_again_with_the_words_of_the_kernel() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    for (demo, clients) in [(&["half-close"][..], 1), (&["syn-loss", "--variant", "syn"], 1), (&["tcp-and-udp"], 2)] {
        let file = folder.path().join(format!("{}.pcapng", demo[0]));
        let demo = |args: &[&str]| {
            said(netscope().arg("demo").args(demo).args(["--lang", "en", "--save"]).arg(&file).args(args))
        };
        let live = records(&demo(&["--format", "jsonl"]));
        assert!(of_kind(&live, "connection").len() == clients && live[0]["settings"].is_object());
        // Of a wire each host has counted.
        let counted: Vec<_> = of_kind(&live, "socket").into_iter().filter(|word| word["counter"].is_object()).collect();
        assert!(counted.iter().any(|word| word["counter"]["TcpActiveOpens"].is_number()), "{counted:?}");
        for file in [&file, &written_anew(&file)] {
            assert_eq!(records(&open(file, &["--format", "jsonl", "--lang", "en"])), live);
        }
        let table = demo(&[]);
        let again = open(&file, &["--lang", "en"]);
        assert_eq!(below_the_source(&again), below_the_source(&table));
        // The scenario's title and question.
        assert_eq!(again.lines().next(), table.lines().next());
    }
}

#[test]
fn other_programs_read_the_packets_and_their_comments() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.pcapng");
    let live = said(
        netscope()
            .args(["run", "--format", "jsonl", "--lang", "id", "--server", &program("echo_server.py"), "--client"])
            .args([&program("echo_client.py"), "--input", "halo\\nclose\\n", "--save"])
            .arg(&file),
    );
    let live = records(&live);
    let packets = of_kind(&live, "packet");
    let fields = ["frame.number", "tcp.flags.str", "tcp.len", "frame.comment"];
    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(&file).args(["-T", "fields", "-E", "aggregator=|"]);
    let rows = said(tshark.args(fields.iter().flat_map(|field| ["-e", field])));
    let rows: Vec<Vec<&str>> = rows.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), packets.len());
    for (row, packet) in rows.iter().zip(&packets) {
        assert_eq!((row[0], row[2]), (packet["frame"].to_string().as_str(), packet["len"].to_string().as_str()));
        let note = packet["note"].as_str().expect("a note");
        assert!(row[3].starts_with(note), "{row:?}");
        let call = live.iter().find(|record| record["kind"] == "syscall" && record["id"] == packet["owner"]);
        let maker = match call {
            Some(call) => {
                let side = call["side"].as_str().expect("a side");
                let name = call["call"].as_str().expect("a name").replace("sendto", "send");
                format!("|Dibuat oleh {side}: {name}(")
            }
            None => "|Dibuat kernel sendiri, karena frame ".to_owned(),
        };
        assert!(row[3][note.len()..].starts_with(&maker), "{row:?} {maker}");
    }
    let capinfos = said(Command::new("capinfos").arg("-Mc").arg(&file));
    assert!(capinfos.contains(&format!("Number of packets:   {}", packets.len())), "{capinfos}");
}

#[test]
fn packets_that_were_taken_out_take_nothing_else_with_them() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.pcapng");
    said(
        netscope()
            .args(["run", "--lang", "en", "--server", &program("echo_server.py"), "--client"])
            .args([&program("echo_client.py"), "--input", "halo\\nclose\\n", "--save"])
            .arg(&file),
    );
    let part = folder.path().join("part.pcapng");
    said(Command::new("editcap").args([&file, &part]).args(["1-3"]));
    let [whole, part] = [&file, &part].map(|file| records(&open(file, &["--format", "jsonl", "--lang", "en"])));
    let made = |records: &[Value], call: &str| {
        let frames = of_kind(records, "syscall").into_iter().filter(|record| record["call"] == call);
        frames.flat_map(|record| record["frames"].as_array().expect("frames").clone()).collect::<Vec<_>>()
    };
    assert_eq!(of_kind(&part, "syscall").len(), of_kind(&whole, "syscall").len());
    assert_eq!((made(&whole, "connect"), made(&part, "connect")), (vec![1.into()], vec![]));
    // The numbers are those of the file as it is now.
    let three_fewer: Vec<Value> =
        made(&whole, "sendto").iter().map(|frame| (frame.as_u64().unwrap() - 3).into()).collect();
    assert_eq!(made(&part, "sendto"), three_fewer);
}

/// The fields of every frame, as tshark reads them.
fn fields(file: &Path, names: &[&str]) -> Vec<Vec<String>> {
    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(file).args(["-T", "fields", "-E", "aggregator=|"]);
    let rows = said(tshark.args(names.iter().flat_map(|name| ["-e", name])));
    rows.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Holds a file with calls among its packets against the records of the run, and gives back how many calls there are.
fn calls_stand_among_the_packets(file: &Path, live: &[Value]) -> usize {
    let names = ["frame.number", "frame.protocols", "frame.time_epoch", "tcp.len", "syslog.msg", "frame.comment"];
    let rows = fields(file, &names);
    let (calls, packets): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row[1] == "exported_pdu:syslog");
    // The numbers on the screen are those of every analyser.
    let numbers: Vec<String> = of_kind(live, "packet").iter().map(|packet| packet["frame"].to_string()).collect();
    let arrivals = of_kind(live, "packet").iter().filter(|packet| packet["arrived"].is_object()).count();
    assert_eq!(numbers.len() + arrivals, packets.len(), "{rows:#?}");
    assert!(numbers.iter().all(|number| packets.iter().any(|row| row[0] == *number)), "{numbers:?} {rows:#?}");
    for packet in of_kind(live, "packet") {
        let frame = packet["frame"].to_string();
        let row = packets.iter().find(|row| row[0] == frame).expect("the packet");
        assert!(row[5].starts_with(packet["note"].as_str().expect("a note")), "{row:?}");
    }
    // In the order of time, and each before what it made.
    let times: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
    assert!(times.is_sorted(), "{times:?}");
    for call in &calls {
        assert!(call[5].contains("netscope") && call[3].is_empty(), "{call:?}");
        if let Some((_, made)) = call[4].rsplit_once(" → #") {
            let first = made.split([',', '…', ' ']).next().expect("a number");
            let (call, made): (u64, u64) = (call[0].parse().unwrap(), first.parse().unwrap());
            assert!(call < made && packets.iter().any(|row| row[0] == first), "{call} {made}");
        }
    }
    calls.len()
}

#[test]
fn calls_among_the_packets_are_read_elsewhere_and_told_once_here() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.pcapng");
    let keeps = |command: &mut Command| said(command.args(["--calls-as-packets", "--save"]).arg(&file));
    let again = |file: &Path| records(&open(file, &["--format", "jsonl", "--lang", "id"]));
    let live = records(&keeps(
        netscope()
            .args(["run", "--format", "jsonl", "--lang", "id", "--server", &program("echo_server.py"), "--client"])
            .args([&program("echo_client.py"), "--input", "halo\\nclose\\n"]),
    ));
    assert!(calls_stand_among_the_packets(&file, &live) > 8);
    let text = fields(&file, &["syslog.msg", "exported_pdu.ipv4_dst", "exported_pdu.dst_port", "syslog.level"]);
    let connect = text.iter().find(|row| row[0].contains("]: connect(")).expect("connect()");
    // Between them stands how long it took, where that was long.
    let (before, made) = connect[0].split_once(", 127.0.0.1:5000) = 0").expect("its result");
    assert!(before.starts_with("client[") && made.contains(" → #"), "{connect:?}");
    assert_eq!(connect[1..], ["127.0.0.1", "5000", "6"]);
    for file in [&file, &written_anew(&file)] {
        assert_eq!(again(file), live);
        assert!(open(file, &["tcp port 5000", "--lang", "en", "--format", "csv"]).lines().count() > 5);
    }
    // Frames without one are numbered as before.
    let first = of_kind(&live, "packet")[0]["frame"].as_u64().expect("a number");
    assert!(first > 1, "socket(), bind() and listen() come first");

    // Over a wire each packet names the frame of its arrival.
    let demo = ["demo", "syn-loss", "--variant", "syn", "--format", "jsonl", "--lang", "id"];
    let live = records(&keeps(netscope().args(demo)));
    assert!(calls_stand_among_the_packets(&file, &live) > 4);
    for packet in of_kind(&live, "packet").iter().filter(|packet| packet["arrived"].is_object()) {
        let there = packet["arrived"]["frame"].to_string();
        let rows = fields(&file, &["frame.number", "frame.time_epoch"]);
        let row = rows.iter().find(|row| row[0] == there).expect("the arrival");
        assert_eq!(Value::from(row[1].as_str()), packet["arrived"]["time"]);
    }
    assert_eq!(again(&file), live);
}

#[test]
fn calls_do_not_stand_where_they_cannot() {
    let refused = |args: &[&str], said: &str| {
        let output = output(netscope().args(["demo", "tcp", "--calls-as-packets", "--lang", "en"]).args(args));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && error.contains(said), "{output:?}");
    };
    refused(&["--save", "/tmp/never-written.pcap"], "Save it as .pcapng");
    refused(&[], "--save FILE is missing");
    refused(&["--check", "--save", "/tmp/never-written.pcapng"], "--check");
}
