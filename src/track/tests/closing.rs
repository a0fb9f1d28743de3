//! What a connection is summed up as: its completeness, its half-close.

use super::*;

/// Wireshark's completeness of a script's first connection.
fn completeness(text: &str) -> u8 {
    let lines: Vec<_> = text.lines().enumerate().map(|(at, line)| format!("{at} {line}")).collect();
    let (tracker, steps) = follow(&lines.join("\n"));
    tcp(&tracker, 0).completeness.value(steps.len() as u64)
}

#[test]
fn completeness_is_a_sum_of_what_was_seen() {
    // tests/completeness_tshark.rs holds such sums against tshark.
    let cases = [
        ("C>S SYN", 1),
        ("C>S SYN len=5", 9),
        ("S>C SYN,ACK", 0),
        ("S>C SYN,ACK\nS>C SYN,ACK", 2),
        ("C>S SYN\nS>C SYN,ACK", 3),
        ("C>S SYN\nS>C SYN,ACK\nC>S ACK", 7),
        ("C>S ACK", 0),
        ("C>S ACK\nC>S ACK", 4),
        ("C>S ACK len=1\nC>S ACK len=1", 8),
        ("C>S PSH len=1\nC>S PSH len=1", 0),
        ("C>S FIN\nC>S FIN", 0),
        ("C>S FIN,ACK\nC>S FIN,ACK", 20),
        ("C>S FIN,ACK len=3\nC>S FIN,ACK", 28),
        ("C>S RST\nC>S RST", 32),
        ("C>S RST,ACK\nC>S RST", 36),
    ];
    for (text, expected) in cases {
        assert_eq!(completeness(text), expected, "{text}");
    }
}

#[test]
fn there_is_no_half_close_after_a_reset() {
    let (tracker, _) = after_handshake("1 S>C RST,ACK\n2 C>S FIN,ACK");
    assert_eq!(half_close(tcp(&tracker, 0)), None);
    let (tracker, _) = after_handshake("1 C>S FIN,ACK\n2 S>C RST,ACK");
    assert_eq!(half_close(tcp(&tracker, 0)).map(|half| (half.begin.frame, half.end.frame)), Some((4, 5)));
}

#[test]
fn whether_late_data_was_taken_is_said_only_where_it_shows() {
    let accepted = |rest: &str| {
        let (tracker, _) = after_handshake(&format!("1 C>S FIN,ACK\n2 S>C ACK\n{rest}"));
        half_close(tcp(&tracker, 0)).expect("half-closed").accepted
    };
    assert_eq!(accepted("3 S>C FIN,ACK"), None, "there was none");
    assert_eq!(accepted("3 S>C PSH,ACK \"x\""), None, "no word of it");
    assert_eq!(accepted("3 S>C PSH,ACK \"x\"\n4 C>S ACK ack=1"), None, "not of it");
    assert_eq!(accepted("3 S>C PSH,ACK \"x\"\n4 C>S ACK"), Some(true));
    assert_eq!(accepted("3 S>C PSH,ACK \"x\"\n4 C>S RST seq=2"), Some(false));
    assert_eq!(accepted("3 C>S RST,ACK seq=2\n4 S>C PSH,ACK \"x\""), None, "the RST was sent before it came");
}

#[test]
fn a_fin_that_acknowledges_the_other_left_after_it() {
    // 199 bytes of the client were not captured: that its FIN arrived is known by the ACK alone.
    after_handshake(
        "1 C>S ACK seq=200 len=10 => ESTABLISHED ESTABLISHED
         2 C>S FIN,ACK => FIN-WAIT-1 ESTABLISHED
         3 S>C FIN,ACK => TIME-WAIT LAST-ACK
         4 C>S ACK => TIME-WAIT CLOSED",
    );
}

#[test]
fn nothing_of_a_connection_lies_behind_its_own_fin() {
    let (tracker, _) = after_handshake("1 S>C FIN,ACK\n2 C>S FIN,ACK\n3 S>C ACK\n4 C>S PSH,ACK \"x\"");
    assert_eq!(tcp(&tracker, 0).bytes_after_fin, [0, 0]);
}

#[test]
fn who_acknowledged_a_segment_since_does_not_answer_it_with_a_reset() {
    let fact = |rest: &str| tcp(&after_handshake(rest).0, 0).rst.expect("a RST").fact.kind;
    let data = "1 S>C PSH,ACK \"x\"";
    assert_eq!(fact(&format!("{data}\n2 C>S RST seq=1")), RstKind::Answer(4));
    assert_eq!(fact(&format!("{data}\n2 C>S ACK\n3 C>S RST seq=1")), RstKind::Unclear);
}

#[test]
fn who_sends_on_after_its_own_reset_may_take_another() {
    let taken = |rest: &str| {
        let (_, steps) = after_handshake(rest);
        steps.last().and_then(|step| step.tcp.as_ref()?.facts.rst).expect("a RST").acceptance
    };
    assert_eq!(taken("1 C>S RST,ACK\n3 S>C RST seq=1"), Acceptance::Ignored);
    assert_eq!(taken("1 C>S RST,ACK\n2 C>S PSH,ACK \"x\"\n3 S>C RST seq=1"), Acceptance::Unknown);
}

#[test]
fn with_data_in_the_syn_the_server_may_send_before_the_handshake_is_done() {
    // RFC 7413: data before the third packet proves nothing then.
    follow("0 C>S SYN len=5\n1 S>C SYN,ACK\n2 S>C PSH,ACK \"x\" => ESTABLISHED SYN-RECEIVED");
    follow("0 C>S SYN\n1 S>C SYN,ACK\n2 S>C PSH,ACK \"x\" => ESTABLISHED ESTABLISHED");
}
