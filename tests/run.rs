//! `netscope run` with small programs, as a user starts it.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "runs the program")]

use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

#[path = "run/descriptors.rs"]
mod descriptors;
#[path = "run/findings.rs"]
mod findings;
#[path = "run/lines.rs"]
mod lines;
#[path = "run/places.rs"]
mod places;
#[path = "run/strace.rs"]
mod strace;
#[path = "run/support.rs"]
mod support;

use support::{calls, findings_are_absent, need, program, records, run};

#[test]
fn a_server_that_never_returns_is_ended_and_all_is_well() {
    need!();
    let output = run(&[
        "--server",
        &program("echo_server.py"),
        "--client",
        &program("echo_client.py"),
        "--input",
        "halo\\nclose\\n",
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    let client = calls(&records, "client");
    assert_eq!(client, ["socket", "connect", "sendto", "recvfrom", "close", "exit_group"]);
    let server = calls(&records, "server");
    assert_eq!(server[..8], ["socket", "setsockopt", "bind", "listen", "accept4", "recvfrom", "sendto", "recvfrom"]);
    let packets: Vec<&Value> = records.iter().filter(|r| r["kind"] == "packet").collect();
    assert!(packets.iter().all(|packet| !packet["owner"].is_null()), "{packets:#?}");
    let owner = |flag: &str| packets.iter().find(|p| p["flags"].to_string().contains(flag)).map(|p| p["owner"].clone());
    let id = |name: &str| records.iter().find(|r| r["call"] == name && r["side"] == "client").map(|r| r["id"].clone());
    assert_eq!(owner("SYN"), id("connect"));
    assert_eq!(owner("FIN"), id("close"));
    assert_eq!(owner("PSH"), id("sendto"));
    let processes: Vec<&Value> = records.iter().filter(|r| r["kind"] == "process").collect();
    assert_eq!(processes.len(), 2);
    assert_eq!(processes[1]["exit"], 0);
    assert_eq!(processes[1]["output"], "pesan: HALO\npesan: ");
    findings_are_absent(&records);
}

#[test]
fn records_come_in_time_order_and_a_call_before_its_packet() {
    need!();
    let output = run(&[
        "--server",
        &program("echo_server.py"),
        "--client",
        &program("echo_client.py"),
        "--input",
        "a\\nb\\nclose\\n",
    ]);
    let records = records(&output);
    let kinds = ["packet", "syscall", "socket"];
    let events: Vec<&Value> = records.iter().filter(|r| kinds.iter().any(|kind| r["kind"] == *kind)).collect();
    let times: Vec<&str> = events.iter().map(|r| r["time"].as_str().expect("a time")).collect();
    assert!(times.is_sorted(), "{times:?}");
    for (at, record) in events.iter().enumerate().filter(|(_, r)| r["owner"].is_number()) {
        let call = events.iter().position(|r| r["kind"] == "syscall" && r["id"] == record["owner"]).expect("its call");
        assert!(call < at);
        assert!(events[call]["frames"].as_array().expect("frames").contains(&record["frame"]));
    }
}

#[test]
fn the_kernel_is_asked_for_the_states_of_sockets() {
    need!();
    for wire in [&[][..], &["--delay", "5ms"]] {
        let (server, client) = (program("echo_server.py"), program("echo_client.py"));
        let args = ["--server", &server, "--client", &client, "--input", "close\n"];
        let records = records(&run(&[&args, wire].concat()));
        // It closed first, and stays in TIME-WAIT for a minute: that cannot be missed.
        let last = records.iter().rfind(|r| r["kind"] == "socket" && r["side"] == "client" && r["to"].is_string());
        let last = last.expect("a word");
        assert_eq!(
            (&last["to"], &last["source"], &last["conn"]),
            (&"TIME-WAIT".into(), &"sock_diag".into(), &0.into())
        );
    }
}

#[test]
fn several_clients_and_threads_are_told_apart() {
    need!();
    let output = run(&[
        "--server",
        &program("threaded_server.py"),
        "--client",
        &program("echo_client.py"),
        "--clients",
        "3",
        "--input",
        "halo\\nclose\\n",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let records = records(&output);
    assert_eq!(records.iter().filter(|r| r["kind"] == "connection").count(), 3);
    assert_eq!(records.iter().filter(|r| r["kind"] == "process").count(), 4);
    // Each client's connect belongs to another connection.
    let mut conns: Vec<u64> =
        records.iter().filter(|r| r["call"] == "connect").map(|r| r["conn"].as_u64().expect("a connection")).collect();
    conns.sort_unstable();
    assert_eq!(conns, [0, 1, 2]);
    let tids: std::collections::BTreeSet<u64> = records
        .iter()
        .filter(|r| r["side"] == "server" && r["call"] == "recvfrom")
        .filter_map(|r| r["tid"].as_u64())
        .collect();
    assert_eq!(tids.len(), 3);
    assert!(records.iter().filter(|r| r["kind"] == "packet").all(|p| !p["owner"].is_null()));
}

#[test]
fn one_program_may_be_both_ends() {
    need!();
    let file = program("both.py");
    let words: Vec<&str> = file.split(' ').collect();
    let output = run(&["--", words[0], words[1]]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    assert!(records.iter().filter(|r| r["kind"] == "syscall").all(|r| r["side"].is_null()));
    assert_eq!(records.iter().filter(|r| r["kind"] == "connection").count(), 1);
}

#[test]
fn a_client_that_never_ends_is_ended_when_the_time_is_up() {
    need!();
    let output = run(&[
        "--timeout",
        "2s",
        "--server",
        &program("silent_server.py"),
        "--client",
        &program("echo_client.py"),
        "--input",
        "halo\\n",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let records = records(&output);
    let end = records.last().expect("a record");
    assert_eq!(end["kind"], "end");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the time was up"));
    assert!(records.iter().any(|r| r["kind"] == "process" && r["side"] == "client"));
}

#[test]
fn a_program_that_is_killed_or_missing_is_reported() {
    need!();
    let output = run(&["--server", &program("echo_server.py"), "--client", "kill -KILL $$"]);
    let records = records(&output);
    let client = records.iter().find(|r| r["kind"] == "process" && r["side"] == "client").expect("the client");
    assert_eq!(client["signal"], "SIGKILL");
    let output = run(&["--server", "./there-is-no-such-server", "--client", &program("echo_client.py")]);
    assert_eq!(output.status.code(), Some(0));
    let records = support::records(&output);
    let server = records.iter().find(|r| r["kind"] == "process" && r["side"] == "server").expect("the server");
    assert_eq!(server["exit"], 127);
    // The client never began.
    assert!(calls(&records, "client").is_empty());
}

#[test]
fn nothing_stays_behind() {
    need!();
    let mark = format!("netscope-test-{}", std::process::id());
    let server = format!("MARK={mark} {} & {}", program("daemon.py"), program("echo_server.py"));
    let output = run(&["--server", &server, "--client", &program("echo_client.py"), "--input", "close\\n"]);
    assert_eq!(output.status.code(), Some(0));
    let left: Vec<PathBuf> = fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| fs::read(path.join("environ")).is_ok_and(|e| String::from_utf8_lossy(&e).contains(&mark)))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn without_input_the_terminal_is_the_clients() {
    need!();
    let mut child = netscope()
        .args([
            "run",
            "--format",
            "jsonl",
            "--server",
            &program("echo_server.py"),
            "--client",
            &program("echo_client.py"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("a pipe").write_all(b"halo\nclose\n").expect("it is read");
    let records = records(&child.wait_with_output().expect("it ends"));
    let client = records.iter().find(|r| r["kind"] == "process" && r["side"] == "client").expect("the client");
    assert_eq!((&client["exit"], &client["output"]), (&0.into(), &"pesan: HALO\npesan: ".into()));
}

#[test]
fn ctrl_c_still_gives_the_timeline() {
    need!();
    let mark = std::env::temp_dir().join(format!("netscope-ctrl-c-{}", std::process::id()));
    let client = format!("touch {} && exec {}", mark.display(), program("waiting_client.py"));
    let child = netscope()
        .args(["run", "--format", "jsonl", "--lang", "en", "--server", &program("echo_server.py"), "--client", &client])
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let begin = Instant::now();
    while !mark.exists() {
        assert!(begin.elapsed() < Duration::from_secs(60), "the client never began");
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::remove_file(&mark).expect("it is there");
    // As a terminal does it: the whole foreground group gets the signal.
    let group = format!("-{}", child.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().expect("kill").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    assert_eq!(records.last().expect("a record")["kind"], "end");
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
    assert_eq!(records.iter().filter(|r| r["kind"] == "process").count(), 2);
}

#[test]
fn wrong_usage_is_told() {
    for args in [&["--server", "x"][..], &["--client", "x"], &[], &["--server", "x", "--client", "y", "--input", "\\q"]]
    {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
}

fn netscope() -> Command {
    Command::new(env!("CARGO_BIN_EXE_netscope"))
}

fn output(command: &mut Command) -> Output {
    command.output().expect("it runs")
}

#[test]
fn what_the_runtimes_of_other_languages_do_is_followed() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let (source, built) = (support::program("runtime.c"), folder.path().join("runtime"));
    let mut gcc = Command::new("gcc");
    let status = gcc.args(["-g", "-Wall", "-Wextra", "-Werror", &source, "-lpthread", "-o"]).arg(&built).status();
    assert!(status.is_ok_and(|status| status.success()), "gcc");
    let built = built.to_str().expect("a name");
    let (server, client) = (format!("{built} server"), format!("{built} client"));
    let output = run(&["--server", &server, "--client", &client, "--clients", "3"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    findings_are_absent(&records);
    let packets: Vec<&Value> = records.iter().filter(|r| r["kind"] == "packet").collect();
    assert!(packets.len() > 30 && packets.iter().all(|packet| !packet["owner"].is_null()), "{packets:#?}");
    let processes = records.iter().filter(|r| r["kind"] == "process" && r["side"] == "client");
    assert_eq!(processes.map(|r| r["exit"].clone()).collect::<Vec<_>>(), [0, 0, 0]);
    // Both ways of an exchange, by whatever call it was made.
    for call in ["writev", "sendmsg"] {
        let bytes = packets.iter().filter(|packet| {
            let made = records.iter().find(|r| r["kind"] == "syscall" && r["id"] == packet["owner"]);
            packet["len"].as_u64() > Some(0) && made.is_some_and(|made| made["call"] == call)
        });
        assert_eq!(bytes.count(), 15, "{call}");
    }
}

#[test]
fn sockets_that_were_only_tried_are_no_lines() {
    need!();
    let path = program("tried_sockets.py");
    let words: Vec<&str> = std::iter::once("--").chain(path.split(' ')).collect();
    let made = records(&run(&words)).iter().filter(|r| r["call"] == "socket").count();
    let tried = |text: &str| text.matches("socket(AF_INET").count();
    let table = output(netscope().args(["run", "--lang", "en"]).args(&words).stdin(Stdio::null()));
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    // The server's and the client's are left of four.
    assert_eq!((made, tried(&table)), (4, 2), "{table}");
}

#[test]
fn a_server_that_is_still_being_made_is_waited_for() {
    need!();
    // Longer than the clients wait for a server that does nothing.
    let making = format!("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1; done; exec {}", program("echo_server.py"));
    let server = format!("sh -c '{making}'");
    let output = run(&["--server", &server, "--client", &program("one_message_client.py"), "--timeout", "120s"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    findings_are_absent(&records);
    assert!(records.iter().any(|r| r["kind"] == "packet" && r["len"].as_u64() == Some(4)), "{records:#?}");
}
