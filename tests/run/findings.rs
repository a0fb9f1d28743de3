//! For every finding a program that commits the mistake, and one that nearly does.

use serde_json::Value;

use super::support::{self, need, program, records, run};

/// Names of the findings of a run, without the notes unless they are asked for.
fn found(args: &[&str], notes: bool) -> (Vec<String>, Vec<Value>) {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let records = records(&output);
    let findings = records.iter().filter(|r| r["kind"] == "finding" && (notes || r["level"] != "note"));
    (findings.map(|r| r["rule"].as_str().expect("a name").to_owned()).collect(), records)
}

/// One program that is both ends.
fn alone(name: &str) -> Vec<String> {
    let path = program(name);
    let words: Vec<&str> = path.split(' ').collect();
    let args: Vec<&str> = std::iter::once("--").chain(words).collect();
    found(&args, true).0
}

/// The same without the notes.
fn alone_warned(name: &str) -> Vec<String> {
    found(&["--", "python3", program(name).trim_start_matches("python3 ")], false).0
}

fn pair(server: &str, client: &str, more: &[&str]) -> Vec<String> {
    let (server, client) = (program(server), program(client));
    let args = ["--server", &server, "--client", &client];
    found(&[&args, more].concat(), false).0
}

const TYPED: &[&str] = &["--input", "halo\\nclose\\n"];
const NONE: [&str; 0] = [];

#[test]
fn a_program_that_never_ran() {
    need!();
    assert_eq!(pair("syntax_error.py", "echo_client.py", TYPED), ["never-ran"]);
    assert_eq!(pair("there_is_none.py", "echo_client.py", TYPED), ["never-ran"]);
    assert_eq!(pair("echo_server.py", "exit_three.py", &[]), NONE);
}

#[test]
fn a_port_that_is_in_use() {
    need!();
    assert_eq!(alone("port_in_use.py"), ["port-in-use"]);
    assert_eq!(alone("port_shared.py"), NONE);
    assert_eq!(alone("time_wait.py"), ["port-in-use"]);
    assert_eq!(alone("time_wait_reuse.py"), NONE);
    assert_eq!(alone_warned("port_listened.py"), ["port-in-use"]);
    assert_eq!(alone_warned("next_port.py"), NONE);
}

#[test]
fn an_address_that_is_not_here() {
    need!();
    assert_eq!(alone_warned("bind_elsewhere.py"), ["bind-failed"]);
    assert_eq!(alone_warned("look_up.py"), ["not-reachable"]);
    assert_eq!(alone_warned("look_up_in_vain.py"), NONE);
}

#[test]
fn a_connect_that_is_refused() {
    need!();
    assert_eq!(alone("connect_before_listen.py"), ["connect-before-listen"]);
    assert_eq!(alone("listen_before_connect.py"), NONE);
    assert_eq!(pair("echo_server.py", "wrong_port_client.py", &[]), ["connect-refused"]);
    assert_eq!(pair("echo_server.py", "async_wrong_port_client.py", &[]), ["connect-refused"]);
    assert_eq!(alone_warned("other_address.py"), ["connect-refused"]);
    assert_eq!(alone_warned("tries_again.py"), NONE);
    assert_eq!(alone("outside.py"), ["not-reachable"]);
    assert_eq!(alone("inside.py"), NONE);
}

#[test]
fn an_end_of_data_that_is_ignored() {
    need!();
    assert_eq!(pair("eof_ignored_server.py", "echo_client.py", TYPED), ["eof-ignored", "never-closed"]);
    assert_eq!(pair("eof_swallowed_server.py", "one_message_client.py", &[]), ["eof-ignored", "write-after-close"]);
    assert_eq!(pair("echo_server.py", "echo_client.py", TYPED), NONE);
}

#[test]
fn a_close_with_unread_data() {
    need!();
    assert_eq!(pair("unread_server.py", "one_message_client.py", &[]), ["close-with-unread-data"]);
    assert_eq!(pair("one_reply_server.py", "one_message_client.py", &[]), NONE);
}

#[test]
fn a_write_after_the_peer_closed() {
    need!();
    assert_eq!(pair("one_reply_server.py", "write_after_close_client.py", &[]), ["write-after-close"]);
    assert_eq!(pair("one_reply_server.py", "late_client.py", &[]), ["write-after-close"]);
    assert_eq!(pair("close_in_loop_server.py", "one_message_client.py", &[]), ["use-after-close"]);
}

#[test]
fn a_descriptor_that_stays_open() {
    need!();
    assert_eq!(pair("fork_holds_server.py", "echo_client.py", TYPED), ["still-held"]);
    assert_eq!(pair("fork_server.py", "echo_client.py", TYPED), NONE);
    assert_eq!(pair("never_closed_server.py", "echo_client.py", TYPED), ["never-closed"]);
}

#[test]
fn datagrams_that_nobody_hears() {
    need!();
    assert_eq!(pair("udp_server.py", "udp_wrong_port_client.py", &[]), ["udp-nobody-listens"]);
    assert_eq!(pair("udp_server.py", "udp_client.py", &[]), NONE);
    assert_eq!(pair("udp_other_port_server.py", "udp_any_client.py", &[]), ["udp-other-port"]);
}

#[test]
fn ends_that_wait_for_each_other() {
    need!();
    // Enough for a busy machine to get there; each takes the whole time, so they run side by side.
    let limit = &["--timeout", "15s"];
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(pair("echo_server.py", "waiting_client.py", limit), ["both-wait"]));
        scope.spawn(|| assert_eq!(pair("word_server.py", "word_client.py", limit), ["both-wait", "word-is-no-close"]));
        assert_eq!(pair("word_closing_server.py", "word_client.py", limit), NONE);
    });
}

#[test]
fn one_end_that_waits_alone() {
    need!();
    let limit = &["--timeout", "15s"];
    assert_eq!(pair("udp_mute_server.py", "unanswered_client.py", limit), ["waits-for-ever"]);
    assert_eq!(pair("udp_mute_server.py", "patient_client.py", limit), NONE);
}

#[test]
fn a_server_for_one_client_at_a_time() {
    need!();
    assert_eq!(pair("echo_server.py", "two_connections_client.py", &[]), ["one-at-a-time"]);
    assert_eq!(pair("threaded_server.py", "two_connections_client.py", &[]), NONE);
}

#[test]
fn two_writes_and_a_read() {
    need!();
    // At least one of ten is held back, whatever else the machine does; the kernel's timer takes 40 ms.
    assert_eq!(pair("line_server.py", "two_writes_client.py", &[]), ["nagle-delayed-ack"]);
    assert_eq!(pair("line_server.py", "one_write_client.py", &[]), NONE);
}

#[test]
fn messages_in_a_stream() {
    need!();
    assert_eq!(alone("glued.py"), ["messages-glued"]);
    assert_eq!(alone("split.py"), ["message-split"]);
    assert_eq!(alone("one_by_one.py"), NONE);
    assert!(alone("short_send.py").contains(&"short-send".to_owned()));
    assert!(!alone("whole_send.py").contains(&"short-send".to_owned()));
}

#[test]
fn a_finding_has_evidence_in_both_languages() {
    need!();
    let (server, client) = (program("unread_server.py"), program("one_message_client.py"));
    let (_, records) = found(&["--server", &server, "--client", &client], false);
    let finding = records.iter().find(|r| r["kind"] == "finding").expect("a finding");
    assert_eq!((finding["level"].as_str(), finding["side"].as_str()), (Some("error"), Some("server")));
    let frame = &finding["evidence"]["frames"][0];
    let rst = records.iter().find(|r| r["frame"] == *frame).expect("the frame");
    assert!(rst["flags"].to_string().contains("RST"));
    assert_eq!(rst["owner"], finding["evidence"]["calls"][0]);
    assert_eq!(
        finding["text"],
        "the server closed with 2 bytes still unread: the kernel then sends a RST instead of a FIN, and the peer loses \
         the connection (unread_server.py:7 calls close())"
    );
}
