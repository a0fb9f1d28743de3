//! Starting programs and reading what came of them.

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use super::{netscope, output};

/// Whether this machine allows it; without that, a visible skip, and with CI set a failure.
pub(crate) fn allowed() -> bool {
    let doctor = output(netscope().args(["doctor", "--lang", "en"]));
    let text = String::from_utf8_lossy(&doctor.stdout).into_owned();
    let yes = |name: &str| text.lines().any(|line| line.starts_with(name) && line.contains("  yes"));
    let allowed = yes("private-network") && yes("tracing");
    if !allowed {
        eprintln!("SKIPPED: programs cannot be followed here\n{text}");
        assert!(std::env::var_os("CI").is_none(), "CI must allow this");
    }
    allowed
}

macro_rules! need {
    () => {
        if !support::allowed() {
            return;
        }
    };
}
pub(crate) use need;

/// A program of the tests, with its interpreter.
pub(crate) fn program(name: &str) -> String {
    let path = format!("{}/tests/programs/{name}", env!("CARGO_MANIFEST_DIR"));
    if Path::new(name).extension().is_some_and(|ending| ending == "py") { format!("python3 {path}") } else { path }
}

/// `netscope run` with records.
pub(crate) fn run(args: &[&str]) -> Output {
    output(
        netscope()
            .args(["run", "--format", "jsonl", "--lang", "en", "--payload", "all"])
            .args(args)
            .stdin(Stdio::null()),
    )
}

/// The records of a run.
pub(crate) fn records(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    assert_eq!(records.first().map(|first| first["kind"].clone()), Some("capture".into()), "{output:?}");
    records
}

/// The names of one side's calls, in order.
pub(crate) fn calls(records: &[Value], side: &str) -> Vec<String> {
    let of_side = records.iter().filter(|r| r["kind"] == "syscall" && r["side"] == side);
    of_side.map(|r| r["call"].as_str().expect("a name").to_owned()).collect()
}

/// Nothing went wrong.
pub(crate) fn findings_are_absent(records: &[Value]) {
    let findings: Vec<&Value> = records.iter().filter(|r| r["kind"] == "finding" && r["level"] != "note").collect();
    assert!(findings.is_empty(), "{findings:#?}");
}
