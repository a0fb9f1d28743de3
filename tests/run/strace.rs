//! The same calls as `strace -f` sees, in the same order a thread, with the same arguments and results.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::{self, need, program, records, run};

/// What is compared: strace is asked for these, and of netscope's calls only these are looked at.
const NAMES: &str = "socket,bind,listen,accept,accept4,connect,sendto,recvfrom,sendmsg,recvmsg,sendmmsg,shutdown,\
setsockopt,getsockopt,sendfile,dup,dup2,dup3,fcntl,close_range,clone,clone3,fork,vfork";

/// Calls by thread, in the order in which the threads began.
fn by_thread(calls: impl Iterator<Item = (u64, String)>) -> Vec<Vec<String>> {
    let mut order = Vec::new();
    let mut threads: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (tid, call) in calls {
        if !order.contains(&tid) {
            order.push(tid);
        }
        threads.entry(tid).or_default().push(call);
    }
    order.into_iter().filter_map(|tid| threads.remove(&tid)).collect()
}

/// Ports that the kernel chooses and places in memory differ from run to run.
fn without_ports(text: &str) -> String {
    let mut out = String::new();
    // The kernel begins up to 1 TB below the top of the memory.
    let is_place = |word: &str| ["0x7f", "0x7e"].iter().any(|begin| word.starts_with(begin));
    let words: Vec<&str> = text.split(", ").map(|word| if is_place(word) { "0x*" } else { word }).collect();
    let text = words.join(", ");
    let mut parts = text.split("msg_name=0x");
    let first = parts.next().unwrap_or_default().to_owned();
    let text =
        parts.fold(first, |text, part| text + "msg_name=*" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    let mut rest = text.as_str();
    while let Some(at) = rest.find("port=htons(") {
        let (before, after) = rest.split_at(at + "port=htons(".len());
        out.push_str(before);
        let end = after.find(')').unwrap_or(0);
        let port: u32 = after[..end].parse().unwrap_or(0);
        out.push_str(if port > 30_000 { "*" } else { &after[..end] });
        rest = &after[end..];
    }
    without_numbers(&(out + rest))
}

/// Places in memory and the numbers of processes differ as well.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = ["=0x7f", "=0x7e", "parent_tid=["].iter().filter_map(|mark| rest.find(mark)).min() {
        let skip = rest[at..].find(['x', '[']).map_or(0, |to| at + to + 1);
        out.push_str(&rest[..skip]);
        out.push('*');
        rest = rest[skip..].trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out.push_str(rest);
    let makes = ["clone(", "clone3(", "fork(", "vfork("].iter().any(|name| out.starts_with(name));
    match out.rsplit_once(" = ") {
        Some((call, _)) if makes => format!("{call} = *"),
        _ => out,
    }
}

/// The same call on what is no socket is not followed.
fn is_followed(call: &str) -> bool {
    !call.contains("AF_UNIX")
        && !call.contains("AF_NETLINK")
        && (!call.starts_with("fcntl(") || call.contains("F_DUPFD"))
}

fn ours(records: &[Value]) -> Vec<Vec<String>> {
    let calls = records.iter().filter(|r| r["kind"] == "syscall");
    by_thread(calls.filter(|r| NAMES.split(',').any(|name| r["call"] == name)).map(|r| {
        let result = r["error"].as_str().map_or_else(|| r["result"].to_string(), |error| format!("-1 {error}"));
        let text = format!("{}({}) = {result}", r["call"].as_str().unwrap(), r["args"].as_str().unwrap());
        (r["tid"].as_u64().unwrap(), without_ports(&text))
    }))
}

/// `123 accept(…) = 4`, with the halves of a call that another thread has interrupted joined.
fn theirs(text: &str) -> Vec<Vec<String>> {
    let mut open: BTreeMap<u64, String> = BTreeMap::new();
    let mut calls = Vec::new();
    // What is done before the first socket, by a script that starts the interpreter for example, is none of ours.
    for line in text.lines().skip_while(|line| !line.contains("socket(AF_INET")) {
        let (tid, rest) = line.trim_start().split_once(' ').expect("a thread");
        let tid: u64 = tid.parse().expect("a number");
        let rest = rest.trim_start();
        let whole = if let Some(begin) = rest.strip_suffix(" <unfinished ...>") {
            open.insert(tid, begin.to_owned());
            continue;
        } else if rest.starts_with("<... ") {
            let end = rest.split_once("resumed>").map_or("", |(_, end)| end);
            open.remove(&tid).unwrap_or_default() + end
        } else {
            rest.to_owned()
        };
        if whole.starts_with("+++") || whole.starts_with("---") {
            continue;
        }
        let Some((call, result)) = whole.rsplit_once(" = ") else { continue };
        // strace pads the call and explains the error.
        let result = result.split(" (").next().unwrap_or_default();
        calls.push((tid, without_ports(&format!("{} = {result}", call.trim_end()))));
    }
    by_thread(calls.into_iter())
}

fn compare(name: &str) {
    let command = program(name);
    let words: Vec<&str> = command.split(' ').collect();
    let mut args = vec!["--"];
    args.extend(&words);
    let recorded = run(&args);
    assert_eq!(recorded.status.code(), Some(0));
    let file = std::env::temp_dir().join(format!("netscope-strace-{}-{name}", std::process::id()));
    // In a network of its own as well, where the same ports are free.
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "sh", "-c"])
        .arg(format!("ip link set lo up && exec strace -f -o {} -e trace={NAMES} {command}", file.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("strace is there: scripts/setup.sh test");
    assert!(status.success(), "strace");
    let traced = fs::read_to_string(&file).expect("what strace wrote");
    fs::remove_file(&file).expect("it is ours");
    // Sockets of other families are none of ours.
    let theirs: Vec<Vec<String>> = theirs(&traced)
        .into_iter()
        .map(|calls| calls.into_iter().filter(|call| is_followed(call)).collect())
        .filter(|calls: &Vec<String>| !calls.is_empty())
        .collect();
    let ours = ours(&records(&recorded));
    assert!(ours.iter().map(Vec::len).sum::<usize>() > 5, "{ours:#?}");
    assert_eq!(ours, theirs, "{name}");
}

#[test]
fn every_kind_of_call_reads_as_with_strace() {
    need!();
    compare("calls.py");
}

#[test]
fn threads_read_as_with_strace() {
    need!();
    compare("threads.py");
}

#[test]
fn forks_read_as_with_strace() {
    need!();
    compare("forks.py");
}

#[test]
fn descriptors_read_as_with_strace() {
    need!();
    compare("descriptors.py");
}
