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
