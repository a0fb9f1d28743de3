//! Exchanges over a wire: what it does to packets, and that nothing of it stays behind.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use netscope::decode::{checksum, decode};
use netscope::frame::{FrameSource as _, MemorySource, OwnedFrame, Passage};
use netscope::live::exchange::{Recording, Request, run};
use netscope::scenario::rule::{Rule, parse_late};
use netscope::scenario::wire::Wire;

use crate::live::as_another::{is_root, ordinary_user};
use crate::live::wire::lines;
use crate::{program, recording, request};

fn rule(text: &str) -> Rule {
    Rule::parse(text).expect("a rule")
}

fn over(scenario: &str, variant: &str, wire: Wire) -> Request {
    Request { wire: Some(wire), ..request(scenario, variant) }
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// The frames in which packets left, as lines, with their arrivals in nanoseconds after the departure.
fn departures(recording: &Recording) -> Vec<(String, &OwnedFrame, Vec<i64>)> {
    let lines = lines(recording);
    let all = recording.frames.iter().zip(lines).filter_map(|(frame, line)| match frame.passage {
        Some(Passage::Left { arrived, again }) => {
            let left = frame.time.expect("stamped");
            let after = [arrived, again].into_iter().flatten().map(|at| at.time.since(left)).collect();
            Some((line.to_string(), frame, after))
        }
        _ => None,
    });
    all.collect()
}

/// Every arrival is where its departure says, carries the same bytes, and is seen at the other end.
fn check_arrivals(recording: &Recording) {
    let frame = |number: u64| &recording.frames[usize::try_from(number).expect("small") - 1];
    assert_eq!(recording.interfaces.len(), 2);
    assert_eq!(recording.dropped, Some(0));
    assert!(recording.frames.is_sorted_by_key(|frame| frame.time));
    let mut arrivals = 0;
    for (number, left) in (1..).zip(&recording.frames) {
        let Some(Passage::Left { arrived, again }) = left.passage else { continue };
        for at in [arrived, again].into_iter().flatten() {
            let came = frame(at.frame);
            assert_eq!(came.passage, Some(Passage::Came { left: number }));
            assert_eq!((came.time, &came.bytes), (Some(at.time), &left.bytes));
            assert_eq!(came.interface, 1 - left.interface);
            arrivals += 1;
        }
    }
    let came = recording.frames.iter().filter(|frame| matches!(frame.passage, Some(Passage::Came { .. }))).count();
    assert_eq!(came, arrivals);
}

#[test]
fn a_delay_holds_every_packet_back_and_checksums_are_right() {
    for ipv6 in [false, true] {
        let wire = Wire { delay: ms(30), ..Wire::default() };
        let Some(recording) = recording(&Request { ipv6, ..over("tcp", "default", wire) }) else { return };
        check_arrivals(&recording);
        for (line, _, after) in departures(&recording) {
            assert_eq!(after.len(), 1, "{line}");
            // How much later than asked depends on the machine; sooner is never right.
            assert!((30_000_000..5_000_000_000).contains(&after[0]), "{line}: {} ns", after[0]);
        }
        let mut source = MemorySource::new(&recording.frames, &recording.interfaces);
        while let Some(frame) = source.next_frame().expect("in memory") {
            assert_eq!(
                checksum(&decode(&frame)).map(netscope::decode::Checksum::name),
                Some("good"),
                "frame {}",
                frame.number
            );
        }
        assert!(recording.settings.tcp.contains(&("tcp_congestion_control".to_owned(), "reno".to_owned())));
    }
}

#[test]
fn the_packet_that_a_rule_names_is_lost_and_repaired() {
    let wire = Wire { delay: ms(5), loss: vec![rule("server data 1")], ..Wire::default() };
    let Some(recording) = recording(&over("tcp", "default", wire)) else { return };
    check_arrivals(&recording);
    let all = departures(&recording);
    let lost: Vec<&String> = all.iter().filter(|(.., after)| after.is_empty()).map(|(line, ..)| line).collect();
    assert_eq!(lost, ["S>C PSH,ACK 28"]);
    assert_eq!(all.iter().filter(|(line, ..)| line == "S>C PSH,ACK 28").count(), 2);
    let counted = |name: &str| {
        let counters = &recording.interfaces[1].counters;
        counters.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    };
    assert!(counted("TCPLossProbes") + counted("TCPTimeouts") >= 1, "{:?}", recording.interfaces);
}

#[test]
fn the_packet_that_a_rule_names_arrives_twice() {
    let wire = Wire { duplicate: vec![rule("client data 1")], ..Wire::default() };
    let Some(recording) = recording(&over("tcp", "default", wire)) else { return };
    check_arrivals(&recording);
    let twice: Vec<String> =
        departures(&recording).into_iter().filter(|(.., after)| after.len() == 2).map(|(line, ..)| line).collect();
    assert_eq!(twice, ["C>S PSH,ACK 4"]);
}

#[test]
fn the_packet_that_a_rule_names_is_overtaken_by_as_many_as_it_says() {
    let reorder = vec![parse_late("client data 3 by 2").expect("a rule")];
    let wire = Wire { delay: ms(10), reorder, ..Wire::default() };
    let Some(recording) = recording(&over("reordering", "one-place", wire)) else { return };
    check_arrivals(&recording);
    let mut data: Vec<(i64, usize)> = Vec::new();
    for (line, frame, after) in departures(&recording) {
        if line.starts_with("C>S") && !line.ends_with(" 0") && data.len() < 6 {
            data.push((frame.time.expect("stamped").0 + after[0], data.len() + 1));
        }
    }
    data.sort_unstable();
    assert_eq!(data.iter().map(|(_, number)| *number).collect::<Vec<_>>(), [1, 2, 4, 5, 3, 6]);
}

#[test]
fn what_never_arrives_ends_with_its_time_and_is_shown() {
    let wire = Wire { loss: vec![rule("every data")], ..Wire::default() };
    let asked = Request { timeout: ms(700), ..over("tcp", "default", wire) };
    let Some(recording) = recording(&asked) else { return };
    assert!(!recording.finished && recording.notice.is_some());
    let lost = departures(&recording).iter().filter(|(.., after)| after.is_empty()).count();
    assert!(lost >= 2, "the segment and at least one copy: {lost}");
}

fn interfaces() -> BTreeSet<String> {
    let entries = std::fs::read_dir("/sys/class/net").expect("sysfs");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// Processes of this program that are helpers.
fn helpers(of: u32) -> usize {
    let stat = |pid: &str| std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let processes =
        std::fs::read_dir("/proc").expect("proc").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let parent = |stat: &str| stat.rsplit(") ").next()?.split(' ').nth(1)?.parse::<u32>().ok();
    processes.filter(|pid| pid.bytes().all(|b| b.is_ascii_digit()) && parent(&stat(pid)) == Some(of)).count()
}

#[test]
fn a_wire_that_is_killed_leaves_nothing_behind() {
    let probe = Wire { delay: ms(1), ..Wire::default() };
    if recording(&over("tcp", "default", probe)).is_none() {
        return;
    }
    let before = interfaces();
    for signal in ["-INT", "-KILL"] {
        let mut child = Command::new(program())
            .args(["demo", "tcp", "--loss", "every data"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // As a terminal does: Ctrl-C reaches the whole group.
            .process_group(0)
            .spawn()
            .expect("netscope runs");
        let started = Instant::now();
        while helpers(child.id()) == 0 && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(ms(5));
        }
        std::thread::sleep(ms(100));
        let status =
            Command::new("kill").args([signal, "--", &format!("-{}", child.id())]).status().expect("kill runs");
        assert!(status.success());
        let ended = child.wait().expect("it ends");
        assert!(!ended.success());
        assert!(started.elapsed() < Duration::from_secs(15), "it went on after {signal}");
        assert_eq!(interfaces(), before, "{signal}");
    }
}

#[test]
#[ignore = "started by an_ordinary_user_may_use_a_wire"]
fn run_one_over_wire() {
    let helper = std::env::var_os("NETSCOPE_TEST_HELPER").map(std::path::PathBuf::from).expect("set by the caller");
    let wire = Wire { delay: ms(5), loss: vec![rule("client SYN")], ..Wire::default() };
    match run(&over("syn-loss", "syn", wire), &helper) {
        Ok(recording) => {
            check_arrivals(&recording);
            println!("ran over a wire");
        }
        Err(failure) => println!("refused with {}: {failure}", failure.exit.code()),
    }
}

#[test]
fn an_ordinary_user_may_use_a_wire() {
    let (ended_well, said) = ordinary_user("live::over_wire::run_one_over_wire", &[]);
    assert!(ended_well, "{said}");
    if said.contains("refused with 3") && !is_root() && std::env::var_os("CI").is_none() {
        println!("skipped: {said}");
        eprintln!("skipped: {said}");
        return;
    }
    assert!(said.contains("ran over a wire"), "{said}");
}
