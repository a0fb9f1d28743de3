//! Exchanges of several clients, as a user sees them.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]

use std::process::{Command, Output};

fn demo(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.arg("demo").args(args).env("LC_ALL", "C").env("COLUMNS", "80").output().expect("it starts")
}

/// What it prints, or a word about why this machine cannot tell. In continuous integration that is a failure.
fn shown(args: &[&str]) -> Option<String> {
    let output = demo(args);
    if output.status.code() == Some(3) {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::env::var_os("CI").is_none(), "{output:?}");
        return None;
    }
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn many_clients_have_a_line_each_and_each_kind_of_end_is_told_once() {
    for lang in ["en", "id"] {
        let asked = ["multithread-exit", "--variant", "intended", "--clients", "40", "--lang", lang];
        let Some(text) = shown(&asked) else { return };
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("tcp:")).collect();
        assert_eq!(rows.len(), 40, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains(" × ") && text.contains("--conn") && text.contains("--columns"), "{text}");
    }
}

#[test]
fn the_two_conversations_of_a_udp_client_stand_together() {
    let Some(text) = shown(&["udp-color-server", "--variant", "answered", "--clients", "6"]) else { return };
    let clients: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("udp:"))
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(clients.len(), 12, "{text}");
    assert!(clients.chunks(2).all(|pair| pair[0] == pair[1]), "{clients:?}");
}

#[test]
fn all_clients_interleave_on_request() {
    let columns = "frame,conn,dir,data";
    let asked = ["multithread-exit", "--variant", "intended", "--clients", "5", "--columns", columns, "--limit", "500"];
    let Some(text) = shown(&asked) else { return };
    let conns: Vec<&str> = text
        .lines()
        .filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let different: std::collections::BTreeSet<&&str> = conns.iter().collect();
    assert_eq!(different.len(), 5, "{text}");
    assert!(conns.len() >= 5 * 11, "{text}");
}

#[test]
fn one_message_by_both_transports_is_shown_as_two_timelines() {
    let Some(text) = shown(&["tcp-and-udp"]) else { return };
    assert!(text.contains("udp:0   C = ") && text.contains("tcp:0   C = "), "{text}");
    // Below the packet; the calls name it, too.
    assert_eq!(text.lines().filter(|line| line.trim() == "\"halo juga\"").count(), 2, "{text}");
}

#[test]
fn clients_are_counted_only_where_there_may_be_several() {
    for (args, code) in [
        (&["tcp", "--clients", "3"][..], 2),
        (&["multithread-exit", "--clients", "0"], 2),
        (&["multithread-exit", "--clients", "201"], 2),
    ] {
        let output = demo(args);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("--clients"), "{output:?}");
    }
}
