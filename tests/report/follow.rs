//! `--follow`: the text of one conversation.

use netscope::language::Lang;
use netscope::report::follow::Follow;
use netscope::track::{ConnId, Proto};

use super::support::{HALF_CLOSE, Shared, UDP, drive, frames, info, view};

fn follow(script: &str, proto: Proto, lang: Lang) -> String {
    let mut view = view(lang, 80);
    view.selection.only = vec![ConnId { proto, index: 0 }];
    let out = Shared::default();
    let mut report = Follow::new(Box::new(out.clone()), view.clone());
    drive(&mut report, &frames(script), &info(None), &view.selection);
    out.text()
}

fn tcp(rest: &str) -> String {
    follow(&format!("C>S SYN\nS>C SYN,ACK\nC>S ACK\n{rest}"), Proto::Tcp, Lang::En)
}

#[test]
fn turns_of_a_conversation() {
    let expected = "C→S from frame 4\n  halo\n\nS→C from frame 6\n  halo juga\n\nC→S from frame 8\n  apa kabar?\n\n\
                    S→C from frame 9\n  baiksatu lagi\n";
    assert_eq!(follow(HALF_CLOSE, Proto::Tcp, Lang::En), expected);
    assert!(follow(HALF_CLOSE, Proto::Tcp, Lang::Id).starts_with("C→S mulai frame 4\n  halo\n"));
}

#[test]
fn lines_are_those_of_the_conversation() {
    let out = tcp(r#"C>S PSH,ACK "GET / HTTP/1.1\r\nHo"
        C>S PSH,ACK "st: a\r\n\r\nx""#);
    assert_eq!(out, "C→S from frame 4\n  GET / HTTP/1.1\n  Host: a\n\n  x\n");
}

#[test]
fn repeated_and_reordered_segments_come_once_and_in_order() {
    let out = tcp(r#"C>S PSH,ACK seq=4 "def"
        C>S PSH,ACK seq=1 "abc"
        C>S PSH,ACK seq=1 "abcdef"
        S>C ACK ack=7
        C>S PSH,ACK seq=7 "g\n""#);
    assert_eq!(out, "C→S from frame 5\n  abcdefg\n");
}

#[test]
fn what_the_capture_missed_is_said_where_it_is() {
    let script = r#"C>S PSH,ACK seq=1 "abc"
        C>S PSH,ACK seq=7 "ghi"
        S>C ACK ack=10
        S>C PSH,ACK "ok" ack=10
        C>S PSH,ACK seq=14 "z""#;
    assert_eq!(
        tcp(script),
        "C→S from frame 4\n  abc\n[3 bytes not captured]\n  ghi\n\nS→C from frame 7\n  ok\n\n\
         C→S from frame 8\n[4 bytes not captured]\n  z\n"
    );
    let script = format!("C>S SYN\nS>C SYN,ACK\nC>S ACK\n{script}");
    assert!(follow(&script, Proto::Tcp, Lang::Id).contains("[3 byte tidak tertangkap]"));
}

#[test]
fn a_close_is_no_gap() {
    let out = tcp(r#"C>S FIN,PSH,ACK "a"
        S>C FIN,ACK
        C>S ACK"#);
    assert_eq!(out, "C→S from frame 4\n  a\n");
    assert_eq!(tcp("C>S FIN,ACK\nS>C FIN,ACK\nC>S ACK"), "No payload was sent on this connection.\n");
}

#[test]
fn datagrams_stand_for_themselves_and_the_terminal_is_safe() {
    let out = follow(UDP, Proto::Udp, Lang::En);
    assert_eq!(
        out,
        "C→S from frame 1\n  connect\n\nS→C from frame 2\n  merah\n\nC→S from frame 3\n  \
         \\x1B[31m\\xE2\\x80\\xAE\\x00 evil\n"
    );
}

#[test]
fn a_line_without_end_is_broken() {
    let out = tcp(&"C>S ACK len=1400\n".repeat(40));
    assert!(out.lines().all(|line| line.len() <= 4096 * 4 + 2));
    assert!(out.lines().count() > 10);
}
