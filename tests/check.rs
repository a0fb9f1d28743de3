//! `netscope demo … --check`, run as a user runs it.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use netscope::scenario::SCENARIOS;

fn netscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netscope"));
    command.arg("demo").args(args).env("LC_ALL", "C");
    command
}

/// What came of it, or a word about why this machine cannot tell. In continuous integration that is a failure.
fn run(mut command: Command) -> Option<Output> {
    let output = command.output().expect("it starts");
    if output.status.code() == Some(3) {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::env::var_os("CI").is_none(), "{output:?}");
        return None;
    }
    Some(output)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn every_variant_holds_and_has_its_line() {
    let Some(output) = run(netscope(&["--all", "--check"])) else { return };
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(output.status.code(), Some(0), "{lines:#?}");
    let variants: Vec<(&str, &str, bool)> = SCENARIOS
        .iter()
        .flat_map(|all| all.variants.iter().map(|variant| (all.name, variant.name, all.has_variants())))
        .collect();
    assert_eq!(lines.len(), variants.len() + 1, "{lines:#?}");
    for (line, (scenario, variant, named)) in lines.iter().zip(variants) {
        let mut words = line.split_whitespace();
        assert_eq!((words.next(), words.next()), (Some("holds"), Some(scenario)), "{line}");
        assert!(!named || words.next() == Some(variant), "{line}");
    }
}

#[test]
fn one_scenario_s_check_covers_its_variants_and_verbose_shows_the_packets() {
    let Some(output) = run(netscope(&["udp-port-unreachable", "tcp", "--check", "-v", "--lang", "id"])) else { return };
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(said.matches("sesuai ").count(), 3, "{said}");
    assert!(
        said.contains("C>S UDP len=7  = 'connect'") && said.contains("C: SYN-SENT → ESTABLISHED → FIN-WAIT-1"),
        "{said}"
    );
    let Some(quiet) = run(netscope(&["tcp", "--check", "-q"])) else { return };
    assert_eq!((quiet.status.code(), text(&quiet.stdout)), (Some(0), ""));
}

#[test]
fn with_a_format_the_records_are_as_ever_and_the_check_stands_beside_them() {
    let Some(output) = run(netscope(&["connection-refused", "--check", "--format", "jsonl"])) else { return };
    let records: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    assert_eq!(records.iter().filter(|record| record["kind"] == "capture").count(), 2);
    let said = text(&output.stderr);
    assert_eq!(said.lines().filter(|line| line.starts_with("holds ")).count(), 2, "{said}");
}

#[test]
fn what_is_checked_can_be_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.pcapng");
    let Some(output) = run(netscope(&["tcp", "--check", "--save", path.to_str().expect("UTF-8")])) else { return };
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let opened = Command::new(env!("CARGO_BIN_EXE_netscope")).arg("open").arg(&path).output().expect("it starts");
    assert!(opened.status.success() && text(&opened.stdout).contains("FIN-WAIT-1"));
}

#[test]
fn a_message_of_one_s_own_is_not_what_is_expected() {
    let output = netscope(&["tcp", "--check", "--message", "hai"]).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--message"));
}

/// A kernel that asks for explicit congestion notification sends another SYN than the scenarios expect.
#[test]
fn what_differs_is_shown_and_is_exit_code_1() {
    let program = env!("CARGO_BIN_EXE_netscope");
    let other_kernel = "ip link set lo up && echo 1 > /proc/sys/net/ipv4/tcp_ecn && exec \"$0\" \"$@\"";
    for (lang, words) in [
        ("en", ["differs ", "at the beginning", "expected: C>S [SYN]", "came: 1  C>S [SYN,ECE,CWR]"]),
        ("id", ["berbeda ", "di awal", "diharapkan: C>S [SYN]", "yang datang: 1  C>S [SYN,ECE,CWR]"]),
    ] {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net", "sh", "-c", other_kernel, program]);
        command.args(["demo", "tcp", "connection-refused", "--host", "--check", "--lang", lang]);
        let output = command.output().expect("unshare starts");
        if matches!(output.status.code(), Some(3)) || text(&output.stderr).contains("unshare:") {
            println!("skipped: {}", text(&output.stderr));
            assert!(std::env::var_os("CI").is_none(), "{output:?}");
            return;
        }
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
        for word in words {
            assert!(said.contains(word), "{word} is not in: {said}");
        }
        assert!(said.lines().last().is_some_and(|line| line.starts_with("0 ")), "{said}");
    }
}

#[test]
fn an_interrupt_of_the_program_alone_ends_the_exchange_as_well() {
    let Some(_) = run(netscope(&["connection-refused", "--check"])) else { return };
    // It takes more than five seconds by itself.
    let asked = ["close-message", "--variant", "idle-timeout", "--check"];
    let mut command = netscope(&asked);
    let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let helper = loop {
        // A worker thread starts it, so it may stand in that thread's list.
        let tasks = std::fs::read_dir(format!("/proc/{}/task", program.id())).expect("it runs");
        let lists = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
        let found: Vec<u32> = lists
            .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
            .collect();
        if let Some(helper) = found.first() {
            break *helper;
        }
        assert!(program.try_wait().expect("a child").is_none(), "it ended by itself");
    };
    let begin = Instant::now();
    let sent = Command::new("kill").args(["-INT", &program.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let output = program.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(begin.elapsed() < Duration::from_secs(4), "it waited for the exchange: {:?}", begin.elapsed());
    assert!(!std::path::Path::new(&format!("/proc/{helper}")).exists(), "the helper lives on");
}
