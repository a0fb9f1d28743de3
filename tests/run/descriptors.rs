//! Descriptors that are copied, inherited and closed without `close`.

use serde_json::Value;

use super::support::{self, findings_are_absent, need, program, records, run};

/// The records of one program that is both ends.
fn alone(name: &str) -> Vec<Value> {
    let path = program(name);
    let words: Vec<&str> = path.split(' ').collect();
    let args: Vec<&str> = std::iter::once("--").chain(words).collect();
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    records(&output)
}

/// The name of the call that owns a packet.
fn owner<'a>(records: &'a [Value], packet: &Value) -> &'a str {
    let call = records.iter().find(|r| r["kind"] == "syscall" && r["id"] == packet["owner"]);
    call.and_then(|call| call["call"].as_str()).unwrap_or_else(|| panic!("no call owns {packet}"))
}

#[test]
fn a_fin_belongs_to_whatever_closes() {
    need!();
    let records = alone("closes.py");
    let fins = records.iter().filter(|r| r["kind"] == "packet" && r["flags"].to_string().contains("FIN"));
    let mut owners: Vec<(u64, &str, &str)> = fins
        .map(|fin| {
            (fin["conn"].as_u64().expect("a number"), fin["dir"].as_str().expect("a side"), owner(&records, fin))
        })
        .collect();
    owners.sort_unstable();
    let expected = [
        (0, "c2s", "close_range"),
        (0, "s2c", "execve"),
        (1, "c2s", "dup2"),
        (1, "s2c", "execve"),
        (2, "c2s", "execve"),
        (2, "s2c", "execve"),
    ];
    assert_eq!(owners, expected);
    findings_are_absent(&records);
}

#[test]
fn copies_and_processes_are_calls() {
    need!();
    let records = alone("descriptors.py");
    let made = |name: &str| records.iter().filter(|r| r["kind"] == "syscall" && r["call"] == name).count();
    assert_eq!((made("fcntl"), made("dup2")), (2, 1));
    // What the child of subprocess closes is counted, too.
    assert!(made("close_range") > 0);
    // One for subprocess, which may call it any way it likes, and one for os.fork().
    let processes = made("clone") + made("clone3") + made("fork") + made("vfork");
    assert_eq!(processes, 2);
    let fcntl = records.iter().find(|r| r["call"] == "fcntl").expect("it was made");
    assert!(fcntl["args"].as_str().expect("a text").contains("F_DUPFD_CLOEXEC"), "{fcntl}");
    assert_eq!(fcntl["conn"], 0);
}
