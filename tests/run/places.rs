//! Two hosts with a wire between them, and the machine's own network.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::{self, findings_are_absent, need, program, records, run};
use super::{netscope, output};

fn time(record: &Value) -> f64 {
    record.as_str().and_then(|text| text.parse().ok()).expect("a time")
}

fn over(wire: &[&str], client: &str) -> Vec<Value> {
    let (server, client) = (program("echo_server.py"), program(client));
    let args = ["--server", &server, "--client", &client, "--input", "halo\\nclose\\n"];
    let output = run(&[&args, wire].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    records(&output)
}

#[test]
fn programs_for_one_host_talk_over_a_wire() {
    need!();
    let records = over(&["--delay", "20ms"], "echo_client.py");
    let packets: Vec<&Value> = records.iter().filter(|r| r["kind"] == "packet").collect();
    assert!(packets.len() >= 9, "{packets:#?}");
    for packet in &packets {
        // Times are in seconds, of which a float keeps less than the microsecond.
        assert!(time(&packet["arrived"]["time"]) - time(&packet["time"]) > 0.0199, "{packet}");
        assert!(!packet["owner"].is_null(), "{packet}");
    }
    assert_eq!((&packets[0]["dst"], &packets[0]["dir"]), (&"127.0.0.1:5000".into(), &"c2s".into()));
    assert!(packets[0]["src"].as_str().expect("an address").starts_with("127.0.0.2:"));
    let connect = records.iter().find(|r| r["call"] == "connect").expect("it is made");
    assert_eq!(packets[0]["owner"], connect["id"]);
    assert!(time(&connect["exit_time"]) - time(&connect["time"]) > 0.0399, "there and back: {connect}");
    findings_are_absent(&records);
}

#[test]
fn what_a_wire_loses_is_sent_again_by_the_kernel() {
    need!();
    let records = over(&["--loss", "client data 1"], "echo_client.py");
    let data: Vec<&Value> = records.iter().filter(|r| r["dir"] == "c2s" && r["data"] == "halo").collect();
    assert!(data.len() >= 2, "{data:#?}");
    let send = records.iter().find(|r| r["call"] == "sendto" && r["side"] == "client").expect("it is made");
    assert_eq!((&data[0]["lost"], &data[0]["owner"]), (&true.into(), &send["id"]));
    assert_eq!((&data[1]["owner"], &data[1]["cause"]), (&"kernel".into(), &data[0]["frame"]));
    findings_are_absent(&records);
}

#[test]
fn beyond_the_wire_there_is_nothing() {
    need!();
    let records = over(&["--delay", "1ms"], "outside.py");
    let finding = records.iter().find(|r| r["kind"] == "finding").expect("a finding");
    assert_eq!(finding["rule"], "not-reachable");
    assert!(finding["text"].as_str().expect("a text").contains("over the wire"), "{finding}");
}

#[test]
fn a_wire_needs_two_ends_and_no_host_of_others() {
    let server = program("echo_server.py");
    let pair = ["--server", &server, "--client", &server];
    let wrong: [&[&str]; 4] = [
        &["--delay", "1ms", "--", "true"],
        &[pair.as_slice(), &["--host", "--delay", "1ms"]].concat(),
        &[pair.as_slice(), &["--seed", "3"]].concat(),
        &[pair.as_slice(), &["--delay", "1ms", "--save", "/tmp/wire.pcap"]].concat(),
    ];
    for args in wrong {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn programs_may_talk_over_ipv6() {
    need!();
    let output = run(&["--server", &program("six_server.py"), "--client", &program("six_client.py")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    let talks: Vec<&Value> = records.iter().filter(|r| r["kind"] == "connection").collect();
    assert_eq!(talks.len(), 1, "{talks:#?}");
    assert_eq!((&talks[0]["server"], &talks[0]["close"]), (&"[::1]:5000".into(), &"fin".into()));
    let packets: Vec<&Value> = records.iter().filter(|r| r["kind"] == "packet").collect();
    assert!(packets.iter().all(|packet| !packet["owner"].is_null()), "{packets:#?}");
    let connect = records.iter().find(|r| r["call"] == "connect").expect("the client connects");
    assert_eq!(connect["frames"], serde_json::json!([1]));
    assert!(connect["args"].as_str().expect("a text").contains("\"::1\""), "{connect}");
    // The kernel answers for sockets of IPv6, too.
    assert!(records.iter().any(|r| r["kind"] == "socket" && r["to"] == "TIME-WAIT"), "{records:#?}");
    findings_are_absent(&records);
}

#[test]
fn programs_may_talk_over_ipv6_on_a_wire() {
    need!();
    if !std::path::Path::new("/proc/sys/net/ipv6").is_dir() {
        eprintln!("SKIPPED: this kernel has no IPv6");
        return;
    }
    let (server, client) = (program("wire_six_server.py"), program("wire_six_client.py"));
    let output = run(&["--server", &server, "--client", &client, "--delay", "5ms"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    let packets: Vec<&Value> = records.iter().filter(|r| r["kind"] == "packet").collect();
    assert!(packets.len() >= 9, "{packets:#?}");
    assert!(packets.iter().all(|packet| !packet["owner"].is_null() && packet["proto"] == "tcp"), "{packets:#?}");
    assert_eq!((&packets[0]["dst"], &packets[0]["dir"]), (&"[2001:db8::2]:5000".into(), &"c2s".into()));
    assert!(packets[0]["src"].as_str().expect("an address").starts_with("[2001:db8::1]:"));
    findings_are_absent(&records);
}

#[test]
fn the_clients_wait_for_the_port_that_is_named() {
    need!();
    let (server, client) = (program("two_ports_server.py"), program("one_message_client.py"));
    let output = run(&["--server", &server, "--client", &client, "--port", "5000"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    // The server listens at another port before, and the client would find nobody at its own.
    let talks: Vec<&Value> = records.iter().filter(|r| r["kind"] == "connection").collect();
    assert_eq!(talks.len(), 1, "{talks:#?}");
    assert_eq!((&talks[0]["close"], &talks[0]["bytes"]["s2c"]), (&"fin".into(), &4.into()));
    findings_are_absent(&records);
    let alone = run(&["--port", "5000", "--", "true"]);
    assert_eq!(alone.status.code(), Some(2), "{alone:?}");
}

/// Whether the machine's own loopback may be captured here.
fn host_is_allowed() -> bool {
    let doctor = output(netscope().args(["doctor", "--lang", "en"]));
    let text = String::from_utf8_lossy(&doctor.stdout).into_owned();
    text.lines().any(|line| line.starts_with("host-loopback") && line.contains("  yes"))
}

#[test]
fn the_machines_own_network_needs_privileges() {
    need!();
    let file = program("any_port.py");
    let words: Vec<&str> = file.split(' ').collect();
    let output = run(&["--host", "--", words[0], words[1]]);
    if host_is_allowed() {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let records = records(&output);
        // Whatever else goes over this machine's loopback is not shown.
        let connections: Vec<&Value> = records.iter().filter(|r| r["kind"] == "connection").collect();
        assert_eq!(connections.len(), 1, "{connections:#?}");
        assert_eq!((&connections[0]["close"], &connections[0]["bytes"]["s2c"]), (&"fin".into(), &15.into()));
        assert!(records.iter().filter(|r| r["kind"] == "packet").all(|packet| !packet["owner"].is_null()));
        findings_are_absent(&records);
    } else {
        refused(&output);
    }
}

#[test]
fn without_privileges_the_refusal_says_what_helps() {
    if std::fs::metadata("/proc/self").is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) != 0) {
        eprintln!("SKIPPED: only root can be somebody else");
        return;
    }
    let nobody = Command::new(env!("CARGO_BIN_EXE_netscope"))
        .args(["run", "--lang", "en", "--host", "--", "true"])
        .stdin(Stdio::null())
        .uid(65534)
        .gid(65534)
        .output()
        .expect("it runs");
    refused(&nobody);
}

fn refused(output: &std::process::Output) {
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.lines().count() >= 2, "what is forbidden, and what helps: {said}");
}

/// While it is followed a program may be moved, and must not be able to tell.
#[test]
fn a_program_sees_the_processors_that_it_has() {
    need!();
    let path = program("processors.py");
    let output = run(&[&["--"][..], &path.split(' ').collect::<Vec<_>>()].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    let process = records.iter().find(|r| r["kind"] == "process").expect("its end");
    let said: Vec<&str> = process["output"].as_str().expect("a text").lines().collect();
    let well = said.iter().filter(|line| line.ends_with(" as expected") || line.ends_with(" True"));
    assert_eq!((well.count(), said.len()), (9, 9), "{said:#?}");
    assert_eq!(process["exit"], 0, "{process}");
    assert!(!records.iter().any(|r| r["call"].as_str().is_some_and(|call| call.starts_with("sched_"))));
}
