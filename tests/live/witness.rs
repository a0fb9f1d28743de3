//! What the kernel says of its sockets beside what the packets show.

use netscope::analysis::{Heard, hear};
use netscope::frame::MemorySource;
use netscope::live::exchange::{Place, Recording, Request};
use netscope::timeline::agree::{End, Testimony, Verdict};
use netscope::track::{Side, State};

use super::super::{program, recording, request};

fn heard(recording: &Recording) -> Heard<'_> {
    hear(&mut MemorySource::new(&recording.frames, &recording.interfaces), &recording.witnessed)
}

fn states(testimony: &Testimony, side: Side) -> Vec<State> {
    let ends = testimony.ends.iter().filter(|end| end.side == side);
    ends.flat_map(|end| end.words.iter().map(|word| word.state)).collect()
}

fn witnessed(scenario: &str, variant: &str) -> Option<Recording> {
    recording(&Request { witness: true, ..request(scenario, variant) })
}

#[test]
fn the_kernel_s_states_are_among_those_of_the_packets_in_the_same_order() {
    for (scenario, variant) in [
        ("tcp", "default"),
        ("close-unread-data", "default"),
        ("close-wait-leak", "default"),
        ("time-wait", "same-tuple"),
    ] {
        let Some(recording) = witnessed(scenario, variant) else { return };
        let heard = heard(&recording);
        for end in &heard.testimony.ends {
            assert_eq!(end.differences().count(), 0, "{scenario} {variant}: {end:?}");
        }
    }
}

/// How it ended is asked for once more when it is over, so a busy machine does not matter.
#[test]
fn a_state_without_a_program_is_never_called_closed() {
    // The client closes first and its process is done with the socket: TIME-WAIT.
    let Some(recording) = witnessed("tcp", "default") else { return };
    assert_eq!(states(&heard(&recording).testimony, Side::Client).last(), Some(&State::TimeWait));
    // The client has closed; the server never does: the client's kernel keeps FIN-WAIT-2 without a program.
    let Some(recording) = witnessed("close-wait-leak", "default") else { return };
    let testimony = heard(&recording).testimony;
    assert_eq!(states(&testimony, Side::Client).last(), Some(&State::FinWait2));
    assert_eq!(states(&testimony, Side::Server).last(), Some(&State::CloseWait));
}

/// `TCP_REPAIR` takes a socket away without a packet: only its kernel knows.
#[test]
fn what_no_packet_told_is_said_as_a_difference() {
    let Some(recording) = witnessed("half-open", "blackhole") else { return };
    let heard = heard(&recording);
    let gone = heard.testimony.ends.iter().flat_map(End::differences).map(|word| (word.state, word.verdict));
    let expected = (State::Closed, Verdict::Differs { inferred: Some(State::Established) });
    assert_eq!(gone.collect::<Vec<_>>(), [expected], "{:?}", heard.testimony);
}

#[test]
fn nobody_is_asked_when_nobody_wants_to_know() {
    let Some(recording) = recording(&request("tcp", "default")) else { return };
    assert!(recording.witnessed.is_empty());
}

#[test]
fn a_socket_record_stands_between_the_packets_in_the_order_of_time() {
    let output = |format: &str| {
        let command = ["demo", "tcp", "--format", format];
        let output = std::process::Command::new(program()).args(command).output().expect("it runs");
        if output.status.code() == Some(3) && std::env::var_os("CI").is_none() {
            eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        assert!(output.status.success(), "{output:?}");
        Some(String::from_utf8(output.stdout).expect("text"))
    };
    let Some(lines) = output("jsonl") else { return };
    let records: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let sockets = records.iter().filter(|record| record["kind"] == "socket");
    let (counts, sockets): (Vec<_>, Vec<_>) = sockets.partition(|record| record["counter"].is_object());
    assert!(!sockets.is_empty(), "{lines}");
    for socket in &sockets {
        assert_eq!((&socket["proto"], &socket["conn"]), (&"tcp".into(), &0.into()), "{socket}");
        // Only root hears tracepoints.
        assert!(["sock_diag", "tracepoint"].iter().any(|source| socket["source"] == *source), "{socket}");
        assert!(socket["rel"].is_number() && socket["from"] != socket["to"], "{socket}");
    }
    // Both ends are one host, which has no other connection: one was opened at either end, and nothing was repeated.
    let counted = |source: &str, name: &str| {
        let ours = counts.iter().find(|record| record["source"] == source).expect("a record");
        assert!(ours["side"].is_null() && ours["conn"].is_null() && ours["rel"].is_number(), "{ours}");
        ours["counter"][name].as_u64()
    };
    assert_eq!(counts.len(), 2, "{counts:?}");
    assert_eq!((counted("snmp", "TcpActiveOpens"), counted("snmp", "TcpPassiveOpens")), (Some(1), Some(1)));
    // What has not moved is not there, and netscope's own packets are not among what has.
    assert_eq!((counted("netstat", "TCPTimeouts"), counted("snmp", "UdpOutDatagrams")), (None, None));
    assert!(counted("netstat", "TCPOrigDataSent").is_some_and(|sent| sent > 0), "{counts:?}");
    let has_time = |record: &&serde_json::Value| {
        record["kind"].as_str().is_some_and(|kind| ["packet", "socket", "syscall"].contains(&kind))
    };
    let times: Vec<&str> =
        records.iter().filter(has_time).map(|record| record["time"].as_str().expect("a time")).collect();
    assert!(times.is_sorted(), "{lines}");
    let Some(csv) = output("csv") else { return };
    let rows: Vec<&str> = csv.lines().collect();
    assert!(
        rows[0].starts_with("kind,frame,time,rel")
            && rows[0].ends_with(",side,from,to,reset,reset_taken,retransmit,counter,source"),
        "{}",
        rows[0]
    );
    assert!(rows.iter().any(|row| row.starts_with("socket,,") && row.ends_with(",TIME-WAIT,,,,,sock_diag")), "{csv}");
}

#[test]
fn on_the_host_s_own_loopback_the_port_is_the_kernel_s_choice() {
    let request = Request { witness: true, place: Place::Host, ..request("tcp", "default") };
    let Some(recording) = recording(&request) else { return };
    let testimony = heard(&recording).testimony;
    assert_eq!(states(&testimony, Side::Client).last(), Some(&State::TimeWait), "{testimony:?}");
}
