//! The calls of a demo's two ends: those that its listing names, as strace sees them, in the order of time.

use std::collections::BTreeMap;
use std::process::Command;

use netscope::language::Lang;
use netscope::live::exchange::{Recording, Request};
use netscope::scenario::{Action, Op, SCENARIOS, calls::line};
use netscope::track::Side;

use super::super::{program, recording, request};

/// The pieces of a listing: `socket`, `send("a, b")`, `[until …]`.
fn pieces(line: &str) -> Vec<String> {
    let (mut out, mut depth, mut quoted) = (vec![String::new()], 0, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            // Not the one in 12,000.
            ',' if !quoted && depth == 0 && letters.peek() == Some(&' ') => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        out.last_mut().expect("never empty").push(letter);
    }
    out.iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// What the listing promises as system calls: name, and the error where there is one.
fn promised(actions: &[Action]) -> Vec<String> {
    let of_piece = |piece: String| {
        if piece.starts_with('[') {
            return None;
        }
        let name = piece.split(['(', ' ']).next().unwrap_or_default();
        let name = match name {
            "send" => "sendto",
            "recv" => "recvfrom",
            other => other,
        };
        let error = piece.rsplit(" → ").next().filter(|word| piece.contains(" → ") && word.starts_with('E'));
        Some(error.map_or_else(|| name.to_owned(), |error| format!("{name} {error}")))
    };
    folded(pieces(&line(actions, Lang::En)).into_iter().filter_map(of_piece))
}

/// The same of what was recorded. Waiting for a child is part of its end.
fn made(recording: &Recording, side: Side) -> Vec<String> {
    let calls = recording.calls.iter().filter(|call| call.side == Some(side) && call.name != "wait4");
    folded(calls.map(|call| match call.error() {
        Some(error) => format!("{} {error}", call.name),
        None => call.name.clone(),
    }))
}

/// How often a stream is read until all is there is chance, and several options are listed as one.
fn folded(calls: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for call in calls {
        let again = matches!(call.as_str(), "recvfrom" | "setsockopt") && out.last() == Some(&call);
        if !again {
            out.push(call);
        }
    }
    out
}

/// One that does what it does once, on one thread, whatever the machine.
fn is_plain(actions: &[Action]) -> bool {
    let turns =
        |op: &Op| matches!(op, Op::Repeat { .. } | Op::Thread { .. } | Op::EndChild(netscope::scenario::End::Exit));
    !actions.iter().any(|action| turns(&action.op) || matches!(action.expect, netscope::scenario::Expect::Any))
}

#[test]
fn both_ends_make_the_calls_that_their_listing_names() {
    let mut compared = 0;
    for scenario in SCENARIOS {
        for variant in scenario.variants {
            let sides = [(Side::Client, variant.client), (Side::Server, variant.server)];
            if variant.wire.is_some() || !sides.iter().all(|(_, actions)| is_plain(actions)) {
                continue;
            }
            let Some(recording) = recording(&Request::new(variant)) else { return };
            for (side, actions) in sides {
                assert_eq!(made(&recording, side), promised(actions), "{} {} {side:?}", scenario.name, variant.name);
            }
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

/// `sendto(3, "halo", 4, MSG_NOSIGNAL, NULL, 0) = 4` by thread, each in order; of ports only those that are the same
/// every time.
fn by_thread(calls: impl Iterator<Item = (u32, String)>) -> Vec<Vec<String>> {
    let mut threads: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (tid, call) in calls {
        threads.entry(tid).or_default().push(call);
    }
    threads.into_values().collect()
}

/// The actors' own notes against what strace saw of the same calls of the same run.
#[test]
fn calls_read_as_strace_prints_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for (scenario, variant) in
        [("tcp", "default"), ("write-to-closed-peer", "default"), ("udp-port-unreachable", "connected")]
    {
        // Whether this machine allows it at all.
        let Some(_) = recording(&request(scenario, variant)) else { return };
        let trace = folder.path().join(scenario);
        let output = Command::new("strace")
            .args(["-f", "-qq", "-o", trace.to_str().expect("UTF-8"), "-e"])
            .arg("trace=socket,bind,listen,accept,connect,sendto,recvfrom,shutdown,setsockopt,close")
            .arg(program())
            .args(["demo", scenario, "--variant", variant, "--format", "jsonl"])
            .output()
            .expect("strace is there: scripts/setup.sh test");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let records = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a record"));
        let ours =
            by_thread(records.filter(|record| record["kind"] == "syscall" && record["call"] != "poll").map(|call| {
                let result =
                    call["error"].as_str().map_or_else(|| call["result"].to_string(), |error| format!("-1 {error}"));
                let tid = u32::try_from(call["tid"].as_u64().expect("a thread")).expect("a number");
                (
                    tid,
                    format!(
                        "{}({}) = {result}",
                        call["call"].as_str().expect("a name"),
                        call["args"].as_str().expect("words")
                    ),
                )
            }));
        let strace = std::fs::read_to_string(&trace).expect("what strace wrote");
        let theirs = by_thread(seen(&strace));
        assert!(ours.iter().map(Vec::len).sum::<usize>() > 3, "{ours:#?}");
        for calls in &ours {
            let same =
                theirs.iter().any(|theirs| others(calls, theirs).is_some_and(|rest| rest.iter().all(is_no_programs)));
            assert!(same, "{calls:#?} is in none of {theirs:#?}");
        }
    }
}

/// What is left of a thread's calls without these, in this order; none when one of them is missing.
fn others<'a>(calls: &[String], all: &'a [String]) -> Option<Vec<&'a String>> {
    let mut wanted = calls.iter().peekable();
    let rest = all.iter().filter(|call| wanted.next_if(|wanted| wanted == call).is_none()).collect();
    wanted.peek().is_none().then_some(rest)
}

/// Questions to the kernel and the choice of the client's port, which no program of this kind makes, and files.
#[allow(clippy::trivially_copy_pass_by_ref, clippy::ptr_arg, reason = "asked of every element")]
fn is_no_programs(call: &&String) -> bool {
    ["NETLINK", "nlmsg", "SOL_IP, ", "close("].iter().any(|word| call.contains(word))
}

/// The lines of strace, the halves of a call joined.
fn seen(text: &str) -> impl Iterator<Item = (u32, String)> {
    let mut open: BTreeMap<u32, String> = BTreeMap::new();
    text.lines().filter_map(move |line| {
        let (tid, rest) = line.trim_start().split_once(' ')?;
        let (tid, rest) = (tid.parse().ok()?, rest.trim_start());
        let whole = if let Some(begin) = rest.strip_suffix(" <unfinished ...>") {
            open.insert(tid, begin.to_owned());
            return None;
        } else if rest.starts_with("<... ") {
            open.remove(&tid).unwrap_or_default() + rest.split_once("resumed>").map_or("", |(_, end)| end)
        } else {
            rest.to_owned()
        };
        let (call, result) = whole.rsplit_once(" = ")?;
        // It pads the call and explains the error.
        Some((tid, format!("{} = {}", call.trim_end(), result.split(" (").next().unwrap_or_default())))
    })
}

#[test]
fn a_listing_falls_into_its_pieces() {
    assert_eq!(
        pieces("socket, send(\"a, b\"), [until (all), is done], close → EPIPE"),
        ["socket", "send(\"a, b\")", "[until (all), is done]", "close → EPIPE"]
    );
}
