//! The line of the program's own source that makes each call, held against what the interpreter itself says and against
//! marks in the sources of compiled programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::{self, need, program, records, run};
use super::{netscope, output};

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/lines")
}

/// `(call, source)` of one side, in order.
fn places(records: &[Value], side: &str) -> Vec<(String, Option<String>)> {
    let of_side = records.iter().filter(|r| r["kind"] == "syscall" && r["side"] == side);
    of_side.map(|r| (r["call"].as_str().expect("a name").to_owned(), r["source"].as_str().map(str::to_owned))).collect()
}

fn at(call: &str, source: &str) -> (String, Option<String>) {
    (call.to_owned(), Some(source.to_owned()))
}

#[test]
fn every_call_of_a_students_program_has_its_line() {
    need!();
    let (server, client) = (program("echo_server.py"), program("echo_client.py"));
    let output = run(&["--server", &server, "--client", &client, "--input", "halo\\nclose\\n"]);
    let records = records(&output);
    let mut expected = vec![
        at("socket", "echo_client.py:3"),
        at("connect", "echo_client.py:4"),
        at("sendto", "echo_client.py:9"),
        at("recvfrom", "echo_client.py:10"),
        at("close", "echo_client.py:11"),
    ];
    // Nobody called it: the program had come to its end.
    expected.push(("exit_group".to_owned(), None));
    assert_eq!(places(&records, "client"), expected);
    let server: Vec<_> = places(&records, "server").into_iter().take(8).collect();
    let expected = [
        at("socket", "echo_server.py:3"),
        at("setsockopt", "echo_server.py:4"),
        at("bind", "echo_server.py:5"),
        at("listen", "echo_server.py:6"),
        at("accept4", "echo_server.py:8"),
        at("recvfrom", "echo_server.py:10"),
        at("sendto", "echo_server.py:13"),
        at("recvfrom", "echo_server.py:10"),
    ];
    assert_eq!(server, expected);
}

/// The interpreters of this machine: the one that is always there, and all others whose frames can be read.
fn pythons() -> Vec<String> {
    let others = (8..=14).map(|minor| format!("python3.{minor}"));
    let works = |name: &String| {
        let mut command = Command::new(name);
        command.args(["-c", "import socket"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    std::iter::once("python3".to_owned()).chain(others.filter(works)).collect()
}

/// By thread: what it called from where, each once in a row, since one `sendall` may be several system calls.
fn by_thread(calls: impl Iterator<Item = (u64, String)>) -> BTreeMap<u64, Vec<String>> {
    let mut threads: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (tid, words) in calls {
        let thread = threads.entry(tid).or_default();
        if thread.last() != Some(&words) {
            thread.push(words);
        }
    }
    threads
}

/// Functions, several lines, comprehensions, generators, `exec`, threads, forks and asyncio: the interpreter's own
/// profiler tells the line of each call, and netscope reads the same from outside.
#[test]
fn the_lines_are_those_that_the_interpreter_tells() {
    need!();
    for python in pythons() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = folder.path().join("told");
        let (witness, many) = (sources().join("witness.py"), sources().join("many.py"));
        let arguments = [&witness, &told, &many].map(|path| path.to_str().expect("a name").to_owned());
        let output = run(&["--", &python, &arguments[0], &arguments[1], &arguments[2]]);
        let records = records(&output);
        let process = records.iter().find(|r| r["kind"] == "process").expect("the program");
        assert_eq!(process["exit"], 0, "{python}: {process}");
        let told = fs::read_to_string(&told).expect("what the interpreter told");
        let theirs = by_thread(told.lines().map(|line| {
            let (tid, words) = line.split_once(' ').expect("a thread");
            (tid.parse().expect("a number"), words.to_owned())
        }));
        let names: BTreeSet<&str> =
            ["bind", "listen", "accept4", "connect", "sendto", "recvfrom", "shutdown", "setsockopt"].into();
        let ours =
            records.iter().filter(|r| r["kind"] == "syscall" && names.contains(r["call"].as_str().unwrap_or("")));
        let ours = by_thread(ours.map(|r| {
            let words = format!("{} {}", r["call"].as_str().unwrap(), r["source"].as_str().unwrap_or("null"));
            (r["tid"].as_u64().unwrap(), words)
        }));
        assert!(theirs.len() > 8 && theirs.values().map(Vec::len).sum::<usize>() > 40, "{python}: {theirs:?}");
        assert_eq!(ours, theirs, "{python}");
    }
}

/// The lines that carry a mark for this call.
fn marked(source: &Path) -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(source).expect("a source");
    let name = source.file_name().and_then(|name| name.to_str()).expect("a name");
    let mut marked = BTreeSet::new();
    for (line, words) in text.lines().enumerate() {
        for call in words.split('@').skip(1).filter_map(|after| after.split([' ', '*']).next()) {
            marked.insert((call.to_owned(), format!("{name}:{}", line + 1)));
        }
    }
    marked
}

fn build(compiler: &str, arguments: &[&str], source: &Path, to: &Path) {
    let mut command = Command::new(compiler);
    let status = command.args(arguments).arg(source).arg("-o").arg(to).status();
    assert!(status.is_ok_and(|status| status.success()), "{compiler} {arguments:?} {}", source.display());
}

/// A compiled program with debug information tells the marked lines, all of them and no others; without, none.
fn holds(compiler: &str, file: &str, ways: &[(&[&str], bool)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, built) = (sources().join(file), folder.path().join("both"));
    let expected = marked(&source);
    assert!(expected.len() > 6, "{expected:?}");
    for (arguments, tells) in ways {
        build(compiler, arguments, &source, &built);
        let output = run(&["--", built.to_str().expect("a name")]);
        let records = records(&output);
        let calls = records.iter().filter(|r| r["kind"] == "syscall");
        // What a library calls for itself, and ends that no line calls, are not marked.
        let names: BTreeSet<&str> = expected.iter().map(|(call, _)| call.as_str()).collect();
        let calls = calls.filter(|r| names.contains(r["call"].as_str().unwrap_or_default()));
        let got: BTreeSet<(String, String)> = calls
            .map(|r| (r["call"].as_str().unwrap().to_owned(), r["source"].as_str().unwrap_or("null").to_owned()))
            .collect();
        if *tells {
            assert_eq!(got, expected, "{arguments:?}");
        } else {
            assert!(!got.is_empty() && got.iter().all(|(_, source)| source == "null"), "{arguments:?}: {got:?}");
        }
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_c_program_tells_its_lines_by_its_debug_information() {
    need!();
    holds(
        "cc",
        "both.c",
        &[
            (&["-g", "-O0", "-pthread"], true),
            (&["-g", "-O2", "-pthread"], true),
            (&["-g", "-O1", "-fomit-frame-pointer", "-static", "-pthread"], true),
            (&["-O0", "-pthread"], false),
            (&["-g", "-O2", "-s", "-pthread"], false),
        ],
    );
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_rust_program_tells_its_lines_and_not_those_of_its_library() {
    need!();
    holds(
        "rustc",
        "both.rs",
        &[(&["-g"], true), (&["-g", "-O"], true), (&["-Cdebuginfo=0", "-Cstrip=symbols"], false)],
    );
}

/// By its first line, unbuffered, in a virtual environment, from another folder, and as an argument.
#[test]
fn python_may_be_started_in_any_way() {
    need!();
    let folder = tempfile::tempdir().expect("a folder");
    let words = "import socket\n\n\ns = socket.socket()\ntry:\n    s.connect((\"127.0.0.1\", 9))\nexcept OSError:\n    s.close()\n";
    let path = folder.path().join("klien saya.py");
    fs::write(&path, format!("#!/usr/bin/env python3\n{words}")).expect("a program");
    let mut command = Command::new("chmod");
    assert!(command.arg("+x").arg(&path).status().is_ok_and(|status| status.success()));
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "--without-pip"]).arg(folder.path().join("v"));
    assert!(command.status().is_ok_and(|status| status.success()), "a virtual environment");
    let ways = [
        "'./klien saya.py'",
        "python3 -u 'klien saya.py'",
        "cd / && python3 -O \"$OLDPWD/klien saya.py\"",
        "v/bin/python 'klien saya.py'",
        "PYTHONPATH=. python3 -c 'import runpy; runpy.run_path(\"klien saya.py\")'",
        "python3 - < 'klien saya.py'",
    ];
    for way in ways {
        let mut command = netscope();
        command.current_dir(folder.path()).args(["run", "--format", "jsonl", "--", "sh", "-c", way]);
        let records = records(&output(command.stdin(Stdio::null())));
        let calls = records.iter().filter(|r| r["kind"] == "syscall" && r["call"] != "exit_group");
        let got: Vec<String> = calls.map(|r| format!("{} {}", r["call"], r["source"])).collect();
        let file = if way.contains('<') { "<stdin>" } else { "klien saya.py" };
        let expected = [("socket", 5), ("connect", 7), ("close", 9)];
        let expected: Vec<String> =
            expected.iter().map(|(call, line)| format!("\"{call}\" \"{file}:{line}\"")).collect();
        assert_eq!(got, expected, "{way}");
    }
}

/// What students look for first: beside the call in the timeline, and in the finding, in 80 columns.
#[test]
fn a_finding_names_the_line_of_the_mistake() {
    need!();
    let (server, client) = (program("unread_server.py"), program("one_message_client.py"));
    for (lang, says) in [("en", "(unread_server.py:7 calls close())"), ("id", "(unread_server.py:7 memanggil close())")]
    {
        let mut command = netscope();
        command.args(["run", "--lang", lang, "--server", &server, "--client", &client]).stdin(Stdio::null());
        let output = output(&mut command);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(says), "{text}");
        let calls: Vec<&str> = text.lines().filter(|line| line.contains("· C ") || line.contains("· S ")).collect();
        let of = |call: &str| calls.iter().find(|line| line.contains(call)).copied().unwrap_or_default();
        // Long names are cut at their beginning where a call took so long that the line says so.
        assert!(of("S close(4)").ends_with("_server.py:7"), "{text}");
        assert!(of("C connect(3").ends_with("_client.py:3"), "{text}");
        assert!(calls.iter().all(|line| line.chars().count() <= 80), "{text}");
    }
}

/// The mistake of each program, and the line that the finding names.
#[test]
fn findings_name_the_lines_that_are_to_be_mended() {
    need!();
    let pairs: [(&str, &str, &str, &str); 8] = [
        ("syntax_error.py", "one_message_client.py", "never-ran", "(syntax_error.py:3)"),
        (
            "echo_server.py",
            "wrong_port_client.py",
            "connect-refused",
            "(wrong_port_client.py:4 calls connect(), echo_server.py:6 calls listen())",
        ),
        ("eof_ignored_server.py", "one_message_client.py", "eof-ignored", "(eof_ignored_server.py:7 calls recv())"),
        (
            "one_reply_server.py",
            "write_after_close_client.py",
            "write-after-close",
            "(write_after_close_client.py:8 calls send(), one_reply_server.py:8 calls close())",
        ),
        (
            "close_in_loop_server.py",
            "one_message_client.py",
            "use-after-close",
            "(close_in_loop_server.py:11 calls close(), close_in_loop_server.py:6 calls recv())",
        ),
        ("fork_holds_server.py", "one_message_client.py", "still-held", "(fork_holds_server.py:14 calls close())"),
        (
            "never_closed_server.py",
            "one_message_client.py",
            "never-closed",
            "(never_closed_server.py:6 calls accept())",
        ),
        (
            "udp_other_port_server.py",
            "udp_any_client.py",
            "udp-other-port",
            "(udp_other_port_server.py:8 calls sendto())",
        ),
    ];
    for (server, client, rule, expected) in pairs {
        let output = run(&["--server", &program(server), "--client", &program(client)]);
        let records = records(&output);
        let finding = records.iter().find(|r| r["kind"] == "finding" && r["rule"] == rule).expect(rule);
        let text = finding["text"].as_str().expect("a sentence");
        assert!(text.ends_with(expected), "{text}");
    }
}
