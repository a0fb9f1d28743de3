//! Exchanges in real kernels: run by the program as its own helper, as this user and, for root, as an ordinary one.
#![allow(clippy::disallowed_methods, reason = "runs the program against the kernel")]
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test program")]

mod live {
    pub(crate) mod as_another;
    mod calls;
    #[cfg(feature = "libpcap")]
    mod capture;
    mod judge;
    mod over_wire;
    pub(crate) mod wire;
    mod witness;
}

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use live::as_another;
use live::wire::{Line, lines};
use netscope::failure::{Exit, Failure};
use netscope::language::Lang;
use netscope::live::exchange::{Place, Recording, Request, run};
use netscope::scenario::{self, COLOURS, SCENARIOS, Scenario, Variant};
use netscope::track::Side;

/// The program itself.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_netscope"))
}

fn request(scenario: &str, variant: &str) -> Request {
    let scenario = scenario::find(scenario).expect("a scenario of the catalogue");
    Request::new(scenario.variant(variant).expect("one of its variants"))
}

/// Runs an exchange, or says that this machine forbids it. In continuous integration that is a failure.
fn recording(request: &Request) -> Option<Recording> {
    match run(request, program()) {
        Ok(recording) => Some(recording),
        Err(failure) if failure.exit == Exit::NotAllowed && std::env::var_os("CI").is_none() => {
            println!("skipped: {failure}");
            eprintln!("skipped: {failure}");
            None
        }
        Err(failure) => panic!("{failure}"),
    }
}

/// The flags of each packet with its direction and length: `C>S SYN 0`.
fn shape(recording: &Recording) -> Vec<String> {
    lines(recording).iter().map(Line::to_string).collect()
}

fn calls(recording: &Recording, side: Side) -> Vec<String> {
    recording
        .calls
        .iter()
        .filter(|call| call.side == Some(side))
        .map(|call| match call.result.as_ref().expect("it returned") {
            Ok(_) => call.name.clone(),
            Err(errno) => format!("{} {errno}", call.name),
        })
        .collect()
}

/// The main demo's packets. A `~` marks a lone ACK that only a machine too busy for the next call sends.
const TCP: [&str; 16] = [
    "C>S SYN 0",
    "S>C SYN,ACK 0",
    "C>S ACK 0",
    "C>S PSH,ACK 4",
    "S>C ACK 0",
    "S>C PSH,ACK 28",
    "C>S ACK 0",
    "C>S PSH,ACK 22",
    "S>C PSH,ACK 18",
    "~C>S ACK 0",
    "C>S FIN,ACK 0",
    "S>C ACK 0",
    "S>C PSH,ACK 21",
    "~C>S ACK 0",
    "S>C FIN,ACK 0",
    "C>S ACK 0",
];

fn check_tcp(recording: &Recording) {
    let shape = shape(recording);
    let mut seen = shape.iter().peekable();
    for expected in TCP {
        match expected.strip_prefix('~') {
            Some(optional) => drop(seen.next_if(|line| *line == optional)),
            None => assert_eq!(seen.next().map(String::as_str), Some(expected), "{shape:#?}"),
        }
    }
    assert_eq!(seen.next(), None, "{shape:#?}");
    assert_eq!(recording.dropped, Some(0));
    assert!(recording.frames.is_sorted_by_key(|frame| frame.time));
    assert!(recording.frames.iter().all(|frame| frame.time.is_some()));
}

#[test]
fn the_main_demo_shows_each_packet_it_promises() {
    let Some(recording) = recording(&request("tcp", "default")) else { return };
    check_tcp(&recording);
    assert_eq!(
        calls(&recording, Side::Client),
        ["socket", "connect", "sendto", "recvfrom", "sendto", "recvfrom", "shutdown", "recvfrom", "recvfrom", "close"]
    );
    let server = calls(&recording, Side::Server);
    assert_eq!(server[..5], ["socket", "setsockopt", "bind", "listen", "accept"]);
    assert_eq!(server[server.len() - 3..], ["sendto", "close", "close"]);
    assert!(recording.settings.kernel.starts_with("Linux "));
    assert!(recording.settings.tcp.iter().any(|(name, _)| name == "tcp_congestion_control"));
    assert_eq!(recording.interfaces[0].name.as_deref(), Some("lo"));
    assert_eq!(recording.client_ports.len(), 1);
}

#[test]
fn each_packet_of_an_actor_lies_inside_the_call_that_sent_it() {
    let Some(recording) = recording(&request("tcp", "default")) else { return };
    let lines = lines(&recording);
    let fin = lines.iter().find(|line| line.has("FIN")).expect("the client's FIN");
    for (line, side, call) in [
        (&lines[0], Side::Client, "connect"),
        (&lines[3], Side::Client, "sendto"),
        (&lines[5], Side::Server, "sendto"),
        (fin, Side::Client, "shutdown"),
    ] {
        let inside = recording.calls.iter().any(|c| {
            c.side == Some(side)
                && c.name == call
                && c.entry <= line.time
                && c.exit.is_some_and(|exit| line.time <= exit)
        });
        assert!(inside, "{line} is in no {call}");
    }
}

#[test]
fn message_port_and_ipv6_are_obeyed() {
    for ipv6 in [false, true] {
        let asked =
            Request { message: Some("hai, semua".to_owned()), port: Some(12345), ipv6, ..request("tcp", "default") };
        let Some(recording) = recording(&asked) else { return };
        let lines = lines(&recording);
        assert_eq!(lines[3].data, b"hai, semua");
        assert!(lines.iter().all(|line| line.v6 == ipv6));
        assert_eq!(recording.server_port, 12345);
        assert_eq!(lines[0].to_port, 12345);
    }
}

#[test]
fn a_long_message_leaves_in_segments_of_the_textbook() {
    let long = "a".repeat(10_000);
    let asked = Request { message: Some(long), ..request("tcp", "default") };
    let Some(recording) = recording(&asked) else { return };
    if recording.on_host {
        println!("skipped: only in a private network");
        return;
    }
    let lines = lines(&recording);
    let data: Vec<_> = lines.iter().filter(|line| line.client && !line.data.is_empty()).collect();
    assert!(data.iter().all(|line| line.data.len() <= 1448), "{data:?}");
    assert_eq!(data.iter().map(|line| line.data.len()).sum::<usize>(), 10_000 + 22);
}

#[test]
fn a_half_close_carries_data_after_the_fin() {
    let Some(recording) = recording(&request("half-close", "default")) else { return };
    let lines = lines(&recording);
    let fin = lines.iter().position(|line| line.client && line.has("FIN")).expect("the client's FIN");
    let last = lines.iter().position(|line| !line.client && line.has("FIN")).expect("the server's FIN");
    let after: Vec<_> = lines[fin..last].iter().filter(|line| !line.data.is_empty()).collect();
    assert!(after.iter().all(|line| !line.client));
    let bytes: Vec<u8> = after.iter().flat_map(|line| line.data.clone()).collect();
    assert_eq!(bytes, b"bab 1bab 2bab 3");
}

#[test]
fn saying_close_closes_nothing() {
    let Some(recording) = recording(&request("close-message", "say-only")) else { return };
    let lines = lines(&recording);
    assert!(!lines.iter().any(|line| line.has("FIN") || line.has("RST")));
    let close = lines.iter().position(|line| line.data == b"close").expect("the message");
    assert!(lines[close + 1..].iter().any(|line| line.client && !line.data.is_empty()));
    assert!(lines[close + 1..].iter().any(|line| !line.client && !line.data.is_empty()));
    // The capture waited for the last delayed ACK.
    assert!(lines.last().is_some_and(|line| line.client && line.data.is_empty()));
    assert!(!recording.calls.iter().any(|call| call.name == "close"));
}

#[test]
fn the_other_variants_of_close_message_end_as_the_catalogue_says() {
    let Some(first) = recording(&request("close-message", "server-closes")) else { return };
    let fins: Vec<bool> = lines(&first).iter().filter(|line| line.has("FIN")).map(|line| line.client).collect();
    assert_eq!(fins, [false, true]);

    let both = recording(&request("close-message", "both-close")).expect("allowed a moment ago");
    let both = lines(&both);
    let fin = both.iter().position(|line| line.has("FIN")).expect("a FIN");
    assert!(both[fin].client);
    assert!(both[..fin].iter().any(|line| line.data == b"close"));
    assert!(both.last().is_some_and(|line| line.client && line.flags == ["ACK"]));

    let after = recording(&request("close-message", "send-after")).expect("allowed a moment ago");
    let shape = shape(&after);
    assert_eq!(shape[shape.len() - 2..], ["C>S PSH,ACK 14", "S>C RST 0"]);
    let client = calls(&after, Side::Client);
    assert_eq!(client[client.len() - 2..], ["sendto EPIPE", "close"]);
}

#[test]
fn a_refused_connection_is_two_packets() {
    for variant in ["no-server", "bound-only"] {
        let Some(recording) = recording(&request("connection-refused", variant)) else { return };
        assert_eq!(shape(&recording), ["C>S SYN 0", "S>C RST,ACK 0"]);
        assert_eq!(calls(&recording, Side::Client), ["socket", "connect ECONNREFUSED", "close"]);
    }
}

/// For the rest of the catalogue: the end of the packets, and the order in which the ends closed.
#[test]
fn every_scenario_runs_to_its_end_in_both_families() {
    for scenario in SCENARIOS {
        for variant in scenario.variants {
            for ipv6 in [false, true] {
                let Some(recording) = recording(&Request { ipv6, ..Request::new(variant) }) else { return };
                assert!(!recording.frames.is_empty(), "{} {}", scenario.name, variant.name);
                assert_eq!(recording.dropped, Some(0), "{} {}", scenario.name, variant.name);
                assert!(recording.calls.iter().all(|call| call.exit.is_some()), "{}", scenario.name);
                if let Some(end) = end_of(scenario, variant) {
                    let shape = shape(&recording);
                    assert!(shape.len() >= end.len(), "{} {}: {shape:#?}", scenario.name, variant.name);
                    assert_eq!(shape[shape.len() - end.len()..], *end, "{} {}", scenario.name, variant.name);
                }
            }
        }
    }
}

fn end_of(scenario: &Scenario, variant: &Variant) -> Option<&'static [&'static str]> {
    Some(match (scenario.name, variant.name) {
        ("request-response-psh" | "close-three-or-four", "at-once" | "think" | "three") => {
            &["C>S FIN,ACK 0", "S>C FIN,ACK 0", "C>S ACK 0"]
        }
        ("close-three-or-four", "four") => &["C>S FIN,ACK 0", "S>C ACK 0", "S>C FIN,ACK 0", "C>S ACK 0"],
        ("close-three-or-four", "fin-data") => &["S>C FIN,ACK 0", "C>S ACK 0"],
        ("write-to-closed-peer", _) => &["S>C ACK 0", "S>C PSH,ACK 8", "C>S RST 0"],
        ("close-unread-data", _) => &["S>C RST,ACK 0"],
        ("time-wait", "last-ack-lost") => return None,
        ("time-wait", _) => &["S>C FIN,ACK 0", "C>S ACK 0", "C>S FIN,ACK 0", "S>C ACK 0"],
        ("simultaneous-open", "self-connect") => {
            &["C>S SYN 0", "C>S SYN,ACK 0", "C>S ACK 0", "C>S FIN,ACK 0", "C>S ACK 0"]
        }
        ("close-wait-leak", _) => &["C>S FIN,ACK 0", "S>C ACK 0"],
        ("linger-zero-abort", _) => &["C>S RST,ACK 0"],
        ("http-get-close", "ok" | "not-found") => &["S>C FIN,ACK 0", "C>S FIN,ACK 0", "S>C ACK 0"],
        ("http-get-close", "post-unread") => &["C>S PSH,ACK 9", "S>C RST 0"],
        ("udp-port-unreachable", _) => &["C>S UDP 7", "ICMP"],
        _ => return None,
    })
}

#[test]
fn a_hundred_clients_are_served_each_on_a_connection_of_its_own() {
    let asked = Request { clients: 100, ..request("multithread-exit", "intended") };
    let Some(recording) = recording(&asked) else { return };
    let lines = lines(&recording);
    let ports: std::collections::BTreeSet<u16> =
        lines.iter().filter(|line| !line.client).map(|line| line.to_port).collect();
    assert_eq!(ports.len(), 100);
    assert_eq!(lines.iter().filter(|line| line.data == b"exit").count(), 100);
    // The number that the threads share has counted every message once.
    let mut answers: Vec<u32> = lines
        .iter()
        .filter(|line| !line.client && !line.data.is_empty())
        .map(|line| {
            let text = std::str::from_utf8(&line.data).expect("text");
            text.strip_prefix("pesan ke-").and_then(|number| number.parse().ok()).expect("a number")
        })
        .collect();
    answers.sort_unstable();
    assert_eq!(answers, (1..=200).collect::<Vec<_>>());
}

#[test]
fn a_hundred_udp_clients_are_asked_and_scored() {
    let asked = Request { clients: 100, ..request("udp-color-server", "answered") };
    let Some(recording) = recording(&asked) else { return };
    let lines = lines(&recording);
    assert_eq!(lines.iter().filter(|line| line.data == b"connect").count(), 100);
    let text = |line: &Line| String::from_utf8(line.data.clone()).expect("text");
    let name = |colour: &str| COLOURS.iter().find(|(english, _)| *english == colour).map(|(_, name)| *name);
    let mut right = 0;
    for (at, question) in lines.iter().enumerate().filter(|(_, line)| name(&text(line)).is_some()) {
        let answer =
            lines[at..].iter().find(|line| line.to_port == question.from_port && line.from_port == question.to_port);
        right += usize::from(answer.map(text).as_deref() == name(&text(question)));
    }
    let scores = lines.iter().filter_map(|line| text(line).strip_prefix("skor ").map(str::to_owned));
    let scores: Vec<usize> =
        scores.map(|score| score.split('/').next().and_then(|n| n.parse().ok()).expect("a score")).collect();
    assert_eq!(scores.len(), 100);
    assert_eq!(scores.iter().sum::<usize>(), right);
    assert!(right > 250 && right < 500, "{right} of 500");
}

#[test]
fn what_changes_the_network_does_not_run_on_the_host() {
    let asked = Request { place: Place::Host, ..request("half-open", "reconnect") };
    let failure = run(&asked, program()).expect_err("the host's network is left alone");
    assert_eq!(failure.exit, Exit::BadInput);
    assert!(failure.to_string().contains("--host"), "{failure}");
}

#[test]
fn a_descriptor_that_is_left_keeps_the_fin_back() {
    for variant in ["dup", "exit"] {
        let Some(recording) = recording(&request("fin-triggers", variant)) else { return };
        let fin = lines(&recording).into_iter().find(|line| line.has("FIN")).expect("a FIN");
        let closed = recording.calls.iter().find(|call| call.side == Some(Side::Client) && call.name == "close");
        let closed = closed.and_then(|call| call.exit).expect("it returned");
        assert!(fin.time.0 - closed.0 > 50_000_000, "{variant}: the FIN came with the first close()");
    }
}

#[test]
fn several_exchanges_run_side_by_side() {
    let started = Instant::now();
    let runs: Vec<_> = (0..4).map(|_| std::thread::spawn(|| run(&request("tcp", "default"), program()))).collect();
    for run in runs {
        match run.join().expect("no panic") {
            Ok(recording) => check_tcp(&recording),
            Err(failure) => {
                assert_eq!(failure.exit, Exit::NotAllowed, "{failure}");
                println!("skipped: {failure}");
                assert!(std::env::var_os("CI").is_none(), "{failure}");
            }
        }
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn on_the_host_only_the_exchange_s_own_packets_are_kept() {
    let asked = Request { place: Place::Host, ..request("tcp", "default") };
    let Some(recording) = recording(&asked) else { return };
    check_tcp(&recording);
    assert!(recording.on_host);
    assert!(recording.notice.is_none());
    let refused = Request { place: Place::Host, ..request("connection-refused", "no-server") };
    let recording = self::recording(&refused).expect("allowed a moment ago");
    assert_eq!(shape(&recording), ["C>S SYN 0", "S>C RST,ACK 0"]);
}

#[test]
fn a_port_that_somebody_has_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let asked = Request { place: Place::Host, port: Some(port), ..request("connection-refused", "no-server") };
    match run(&asked, program()) {
        Err(failure) if failure.exit == Exit::NotAllowed => {
            println!("skipped: {failure}");
            assert!(std::env::var_os("CI").is_none(), "{failure}");
        }
        Err(failure) => {
            assert_eq!(failure.exit, Exit::BadInput);
            assert!(failure.to_string().contains(&port.to_string()), "{failure}");
        }
        Ok(_) => panic!("the port was in use"),
    }
}

#[test]
fn an_empty_message_is_refused_in_both_languages() {
    let failure = run(&Request { message: Some(String::new()), ..request("tcp", "default") }, program());
    let failure = failure.expect_err("no packet would show it");
    assert_eq!(failure.exit, Exit::BadInput);
    assert_ne!(failure.render(Lang::En), failure.render(Lang::Id));
}

#[test]
fn an_exchange_that_does_not_end_is_ended_and_says_where_it_hung() {
    use netscope::scenario::{Action, Op};
    let asked = Request {
        client: vec![Action::ok(Op::Connect), Action::ok(Op::Recv)],
        server: vec![Action::ok(Op::Listen { backlog: 1, reuse: true }), Action::ok(Op::Accept), Action::ok(Op::Recv)],
        timeout: Duration::from_millis(300),
        ..request("tcp", "default")
    };
    let failure = run(&asked, program()).expect_err("both wait for ever");
    if failure.exit == Exit::NotAllowed {
        println!("skipped: {failure}");
        assert!(std::env::var_os("CI").is_none(), "{failure}");
        return;
    }
    let text = failure.to_string();
    assert!(text.contains("300.0 ms") && text.contains("recvfrom("), "{text}");
    assert!(!text.contains('{'), "{text}");
}

#[test]
fn a_result_that_the_scenario_does_not_expect_is_an_error() {
    use netscope::scenario::{Action, Op};
    let asked = Request {
        client: vec![Action::ok(Op::Connect)],
        server: Vec::new(),
        ..request("connection-refused", "no-server")
    };
    let failure = run(&asked, program()).expect_err("nobody listens");
    if failure.exit == Exit::NotAllowed {
        println!("skipped: {failure}");
        assert!(std::env::var_os("CI").is_none(), "{failure}");
        return;
    }
    assert_eq!(failure.exit, Exit::CheckFailed);
    let text = failure.to_string();
    assert!(text.contains("ECONNREFUSED") && text.contains("connect("), "{text}");
}

#[test]
fn a_program_that_is_no_helper_is_reported() {
    let no_such = run(&request("tcp", "default"), Path::new("/nonexistent/netscope")).expect_err("no such program");
    assert!(no_such.to_string().contains("/nonexistent/netscope"), "{no_such}");
    let silent = run(&request("tcp", "default"), Path::new("/bin/false")).expect_err("it answers nothing");
    assert_eq!(silent.exit, Exit::CheckFailed);
}

/// The helper reads its task and waits in an exchange when its parent is killed.
#[test]
fn a_helper_does_not_survive_its_parent() {
    let name = "a_helper_s_parent_for_another_test";
    let mut parent = Command::new(std::env::current_exe().expect("this test program"))
        .args(["--exact", name, "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("this test program starts");
    let helper = wait_for(|| helper_of(parent.id()));
    let Some(helper) = helper else {
        let _ = parent.kill();
        let _ = parent.wait();
        // Forbidden here, or a helper that ended at once.
        assert!(recording(&request("connection-refused", "no-server")).is_none(), "no helper was started");
        return;
    };
    parent.kill().expect("killed");
    parent.wait().expect("it ended");
    let gone = wait_for(|| is_gone(helper).then_some(()));
    assert!(gone.is_some(), "the helper {helper} is still there");
}

#[test]
#[ignore = "started by a_helper_does_not_survive_its_parent"]
fn a_helper_s_parent_for_another_test() {
    use netscope::scenario::{Action, Op};
    let server = vec![Action::ok(Op::Listen { backlog: 1, reuse: true }), Action::ok(Op::Accept)];
    let asked = Request { client: Vec::new(), server, timeout: Duration::from_secs(30), ..request("tcp", "default") };
    let _ = run(&asked, program());
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if let Some(found) = look() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

/// A child of `parent` that has reached its exchange: it runs several threads.
fn helper_of(parent: u32) -> Option<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{parent}/task")).ok()?;
    let children = tasks
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .collect::<String>();
    children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .find(|pid: &u32| std::fs::read_dir(format!("/proc/{pid}/task")).is_ok_and(|tasks| tasks.count() > 1))
}

fn is_gone(pid: u32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // A zombie has ended; whoever adopted it has not looked yet.
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) => true,
    }
}

#[test]
fn an_ordinary_user_may_run_an_exchange() {
    let (passed, text) = as_another::ordinary_user("live::as_another::run_one", &[]);
    assert!(passed, "{text}");
    if !text.contains("ran one exchange") {
        assert!(text.contains("refused with 3"), "{text}");
        println!("skipped: {text}");
        assert!(std::env::var_os("CI").is_none(), "{text}");
    }
}

/// A user namespace in which no further ones may be made, and which has no say over the machine's own network.
const FORBIDDEN: [&str; 6] = [
    "unshare",
    "--user",
    "--map-root-user",
    "sh",
    "-c",
    "echo 0 > /proc/sys/user/max_user_namespaces && echo 0 > /proc/sys/user/max_net_namespaces && exec \"$0\" \"$@\"",
];

#[test]
fn a_forbidden_machine_is_exit_code_3_with_rule_and_cure() {
    if Command::new("unshare").args(["--user", "true"]).status().is_ok_and(|status| !status.success()) {
        println!("skipped: this machine has no user namespaces to forbid them in");
        assert!(std::env::var_os("CI").is_none());
        return;
    }
    let (passed, text) = as_another::ordinary_user("live::as_another::run_one", &FORBIDDEN);
    assert!(passed && text.contains("refused with 3"), "{text}");
    assert!(text.contains("sudo sysctl -w user.max_"), "{text}");
    let (passed, text) = as_another::ordinary_user("live::as_another::doctor", &FORBIDDEN);
    assert!(passed, "{text}");
    assert!(text.contains("private-network: no private network"), "{text}");
    assert!(text.contains("host-loopback: no capture on this machine's own loopback"), "{text}");
}

/// As in a container: no new namespaces, but packet sockets on the network that is there.
const CONTAINER: [&str; 7] = [
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "sh",
    "-c",
    "ip link set lo up && echo 0 > /proc/sys/user/max_net_namespaces && echo 0 > /proc/sys/user/max_user_namespaces && \
     exec \"$0\" \"$@\"",
];

#[test]
fn where_only_the_host_is_allowed_it_is_used_and_that_is_said() {
    let tools = ["--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"];
    if !Command::new("unshare").args(tools).status().is_ok_and(|status| status.success()) {
        println!("skipped: this machine has no user namespaces, or no ip command, to imitate a container with");
        assert!(std::env::var_os("CI").is_none());
        return;
    }
    let (passed, text) = as_another::ordinary_user("live::as_another::run_one", &CONTAINER);
    assert!(passed && text.contains("ran one exchange on the host: FALLBACK_TO_HOST"), "{text}");
}

#[test]
fn failures_have_no_placeholder_left() {
    let failure: Failure = run(&request("tcp", "default"), Path::new("/nonexistent")).expect_err("no such program");
    for lang in Lang::ALL {
        assert!(!failure.render(lang).contains('{'), "{}", failure.render(lang));
    }
}
