//! What is told across connections: look-ups, connections, requests with their answers.

use netscope::language::Lang;

use super::support::{render, view};

/// A page load: the name, the address, two requests on one connection.
const PAGE: &str = r#"
0     C>S UDP sport=53 cport=40053 "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06contoh\x02id\x00\x00\x01\x00\x01"
12.3  S>C UDP sport=53 cport=40053 "\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x06contoh\x02id\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04@SERVER@"
20    C>S SYN
20.1  S>C SYN,ACK
20.2  C>S ACK
21    C>S PSH,ACK "GET / HTTP/1.1\r\nHost: contoh.id\r\n\r\n"
33.3  S>C PSH,ACK "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalo\n"
40    C>S PSH,ACK "GET /a.png HTTP/1.1\r\n\r\n"
42    S>C PSH,ACK "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
"#;

fn page() -> String {
    let frame = &super::support::frames("C>S SYN")[0];
    // The server's address, as it stands in the IP header.
    let octets: String = frame.bytes[16..20].iter().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    PAGE.replace("@SERVER@", &octets)
}

/// The sentences below the heading.
fn told(script: &str, lang: Lang) -> Vec<String> {
    let heading = if lang == Lang::En { "Look-ups" } else { "Pencarian" };
    let text = render("table", script, &view(lang, 140));
    let lines = text.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect();
    // A sentence that was wrapped is put together again.
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        match out.last_mut().filter(|_| !line.starts_with("frame ") && !line.starts_with("and ")) {
            Some(last) => *last = format!("{last} {line}"),
            None => out.push(line),
        }
    }
    out
}

fn http(rest: &str) -> Vec<String> {
    told(&format!("0 C>S SYN\n0.1 S>C SYN,ACK\n0.2 C>S ACK\n{rest}"), Lang::En)
}

#[test]
fn a_page_load_is_told() {
    let lines = told(&page(), Lang::En);
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[0].starts_with("frame 1: looks up contoh.id (A): ") && lines[0].contains("12.3 ms"), "{lines:#?}");
    assert!(lines[1].starts_with("frame 3: tcp:0 to ") && lines[1].ends_with("an address of contoh.id"), "{lines:#?}");
    assert_eq!(lines[2], "frame 6, tcp:0: GET / → 200 OK, 12.3 ms (answer in frame 7)");
    assert_eq!(lines[3], "frame 8, tcp:0: GET /a.png → 404 Not Found, 2.0 ms (answer in frame 9)");
    let lines = told(&page(), Lang::Id);
    assert_eq!(lines[2], "frame 6, tcp:0: GET / → 200 OK, 12,3 ms (jawaban pada frame 7)");
    assert!(render("markdown", &page(), &view(Lang::En, 80)).contains("- frame 6, tcp:0: GET / → 200 OK, 12.3 ms"));
}

#[test]
fn requests_in_a_row_get_their_answers_in_order() {
    let lines = http(
        r#"1 C>S PSH,ACK "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n"
           2 S>C PSH,ACK "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalo\n\r\n0\r\n\r\nHTTP/1.1 203 No Co"
           3 S>C PSH,ACK "ntent\r\nContent-Length: 9\r\n\r\nHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n""#,
    );
    let short: Vec<&str> = lines.iter().map(|line| line.split(", ").nth(1).unwrap_or(line)).collect();
    assert_eq!(short, ["tcp:0: GET /1 → 200 OK", "tcp:0: HEAD /2 → 203 No Content", "tcp:0: GET /3 → 500 Oops"]);
}

#[test]
fn a_head_in_pieces_out_of_order_and_repeated_is_one_request() {
    let lines = http(
        r#"1 C>S PSH,ACK seq=1 "GET /long HTTP/1.1\r\n"
           2 C>S PSH,ACK seq=30 "\r\n"
           3 C>S PSH,ACK seq=21 "Host: a\r\n"
           3 C>S PSH,ACK seq=21 "Host: a\r\n"
           4 S>C PSH,ACK "HTTP/1.1 100 Continue\r\n\r\n"
           5 S>C PSH,ACK "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc""#,
    );
    assert_eq!(lines, ["frame 6, tcp:0: GET /long → 200 OK, 2.0 ms (answer in frame 9)"]);
}

#[test]
fn what_was_not_answered_is_said_and_nothing_where_nothing_is_known() {
    assert_eq!(http(r#"C>S PSH,ACK "GET / HTTP/1.1\r\n\r\n""#), ["frame 4, tcp:0: GET / → no answer captured"]);
    assert_eq!(http(r#"C>S PSH,ACK "halo""#), [""; 0]);
    let lines = told(page().lines().nth(1).unwrap(), Lang::En);
    assert_eq!(lines, ["frame 1: looks up contoh.id (A): no answer captured"]);
}

#[test]
fn a_long_story_is_cut() {
    let one = "C>S PSH,ACK \"GET /x HTTP/1.1\\r\\n\\r\\n\"\nS>C PSH,ACK \"HTTP/1.1 204 No Content\\r\\n\\r\\n\"\n";
    let lines = http(&one.repeat(60));
    assert_eq!((lines.len(), lines[40].as_str()), (41, "and 20 more"));
}

/// A question and an answer with these identifiers and this case of the name.
fn look_up(ids: [&str; 2], asked: &str, said: &str) -> Vec<String> {
    let name = |label: &str| format!("\\x06{label}\\x02id\\x00\\x00\\x01\\x00\\x01");
    let script = format!(
        "0 C>S UDP sport=53 cport=40053 \"{}\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00{}\"
         5 S>C UDP sport=53 cport=40053 \"{}\\x81\\x83\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00{}\"",
        ids[0],
        name(asked),
        ids[1],
        name(said)
    );
    told(&script, Lang::En)
}

#[test]
fn an_answer_has_the_number_of_its_question_and_any_case() {
    let same = ["\\x12\\x34", "\\x12\\x34"];
    assert_eq!(
        look_up(same, "CoNtOh", "contoh"),
        ["frame 1: looks up CoNtOh.id (A): NXDOMAIN, 5.0 ms (answer in frame 2)"]
    );
    let forged = ["\\x12\\x34", "\\x22\\x22"];
    assert_eq!(look_up(forged, "contoh", "contoh"), ["frame 1: looks up contoh.id (A): no answer captured"]);
}

#[test]
fn what_is_not_told_is_counted() {
    let request = |at: u32| {
        let port = 20_000 + at;
        format!(
            "{at} C>S SYN cport={port}\n{at}.1 S>C SYN,ACK cport={port}\n{at}.2 C>S ACK cport={port}\n\
             {at}.3 C>S PSH,ACK cport={port} \"GET /{at} HTTP/1.1\\r\\n\\r\\n\""
        )
    };
    let script: Vec<String> = (0..100).map(request).collect();
    assert_eq!(told(&script.join("\n"), Lang::En).last().map(String::as_str), Some("and 60 more"));
}
