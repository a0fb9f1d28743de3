//! HTTP/1.x: the heads of requests and responses, at the beginning of a payload.

use httparse::{EMPTY_HEADER, Header, ParserConfig, Status};

use super::{AppMessage, Body, Dissector};
use crate::track::Proto;

/// HTTP/1.0 and HTTP/1.1 on any port (RFC 9112).
pub(super) static HTTP: Dissector = Dissector { name: "http", transport: Proto::Tcp, fits, dissect };

/// A head with more header fields counts as not yet complete.
const MAX_FIELDS: usize = 64;

fn dissect(payload: &[u8], _ports: (u16, u16)) -> Option<AppMessage> {
    // Almost every payload is turned away by its first bytes.
    if payload.starts_with(b"HTTP/1.") {
        response(payload)
    } else if starts_with_method(payload) {
        request(payload)
    } else {
        None
    }
}

/// True when a payload begins with the head of a request.
#[must_use]
pub fn begins_request(payload: &[u8]) -> bool {
    starts_with_method(payload) && request(payload).is_some()
}

/// The status code of the response with whose head a payload begins.
#[must_use]
pub fn response_code(payload: &[u8]) -> Option<u16> {
    let [_version, b' ', code @ ..] = payload.strip_prefix(b"HTTP/1.")? else { return None };
    let code = code.first_chunk::<3>().filter(|code| code.iter().all(u8::is_ascii_digit))?;
    Some(code.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

fn fits(payload: &[u8], _ports: (u16, u16)) -> bool {
    payload.starts_with(b"HTTP/1.") || starts_with_method(payload)
}

/// Capital letters, then a space. Methods are tokens, but every registered one looks like this.
fn starts_with_method(payload: &[u8]) -> bool {
    let method = payload.iter().take(20).take_while(|byte| byte.is_ascii_uppercase() || **byte == b'-').count();
    method > 0 && payload.get(method) == Some(&b' ')
}

fn request(payload: &[u8]) -> Option<AppMessage> {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut head = httparse::Request::new(&mut fields);
    let config = ParserConfig::default();
    let complete = matches!(config.parse_request(&mut head, payload), Ok(Status::Complete(_)));
    let (method, target, version) = (head.method?, head.path?, head.version?);
    if !payload.contains(&b'\n') || !is_target(method, target) {
        return None;
    }
    let has_body = complete && (field(head.headers, "content-length") || field(head.headers, "transfer-encoding"));
    Some(AppMessage {
        proto: "http",
        kind: "request",
        summary: format!("{method} {target} HTTP/1.{version}"),
        fields: vec![
            ("method", method.to_owned()),
            ("target", target.to_owned()),
            ("version", format!("HTTP/1.{version}")),
        ],
        body: if has_body { Body::Delimited } else { Body::None },
    })
}

/// The four forms of RFC 9112 section 3.2. A chat that says `GET lost HTTP/1.1` has none of them.
fn is_target(method: &str, target: &str) -> bool {
    target.starts_with('/') || target == "*" || target.contains("://") || (method == "CONNECT" && target.contains(':'))
}

fn response(payload: &[u8]) -> Option<AppMessage> {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut head = httparse::Response::new(&mut fields);
    let mut config = ParserConfig::default();
    config.ignore_invalid_headers_in_responses(true);
    let complete = matches!(config.parse_response(&mut head, payload), Ok(Status::Complete(_)));
    let (version, code, reason) = (head.version?, head.code?, head.reason?);
    let status = if reason.is_empty() { code.to_string() } else { format!("{code} {reason}") };
    Some(AppMessage {
        proto: "http",
        kind: "response",
        summary: format!("HTTP/1.{version} {status}"),
        fields: vec![("status", status), ("code", code.to_string()), ("version", format!("HTTP/1.{version}"))],
        body: if complete { response_body(code, head.headers) } else { Body::None },
    })
}

/// RFC 9112 section 6.3. That a response answers HEAD, and so has no body in spite of its fields, or CONNECT cannot be
/// seen in the response alone; a response without length that answers HEAD is taken to have a body.
fn response_body(code: u16, fields: &[Header]) -> Body {
    if matches!(code, 100..=199 | 204 | 304) {
        return Body::None;
    }
    // Transfer-Encoding overrides Content-Length, and its last coding decides.
    let codings = fields.iter().rfind(|field| field.name.eq_ignore_ascii_case("transfer-encoding"));
    let delimited =
        codings.map_or_else(|| field(fields, "content-length"), |codings| last_coding_is_chunked(codings.value));
    if delimited { Body::Delimited } else { Body::UntilClose }
}

fn last_coding_is_chunked(value: &[u8]) -> bool {
    let last = value.rsplit(|byte| *byte == b',').next().unwrap_or(value);
    last.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

fn field(fields: &[Header], name: &str) -> bool {
    fields.iter().any(|field| field.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(payload: &str) -> Option<AppMessage> {
        super::super::dissect(Proto::Tcp, payload.as_bytes(), (40000, 80))
    }

    #[test]
    fn a_request_is_read() {
        let message = of("GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n").expect("a request");
        assert_eq!((message.proto, message.kind), ("http", "request"));
        assert_eq!(message.summary, "GET /?name=Budi HTTP/1.1");
        assert_eq!(message.field("method"), Some("GET"));
        assert_eq!(message.field("target"), Some("/?name=Budi"));
        assert_eq!(message.field("version"), Some("HTTP/1.1"));
        assert_eq!(message.body, Body::None);
    }

    #[test]
    fn a_request_with_a_body_says_how_it_ends() {
        let message = of("POST /a HTTP/1.0\r\ncontent-LENGTH: 3\r\n\r\nabc").expect("a request");
        assert_eq!(message.body, Body::Delimited);
    }

    #[test]
    fn targets_of_every_form() {
        for line in ["OPTIONS * HTTP/1.1", "GET http://a/b HTTP/1.1", "CONNECT a:443 HTTP/1.1", "M-SEARCH /x HTTP/1.1"]
        {
            assert_eq!(of(&format!("{line}\r\n\r\n")).map(|m| m.summary).as_deref(), Some(line));
        }
    }

    #[test]
    fn a_response_is_read() {
        let message = of("HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n<html>").expect("a response");
        assert_eq!(message.kind, "response");
        assert_eq!(message.summary, "HTTP/1.0 404 Not Found");
        assert_eq!(message.field("status"), Some("404 Not Found"));
        assert_eq!(message.field("code"), Some("404"));
        assert_eq!(message.field("version"), Some("HTTP/1.0"));
        assert_eq!(message.body, Body::UntilClose);
        assert_eq!(
            of("HTTP/1.1 200\r\n\r\n").and_then(|m| m.field("status").map(str::to_owned)).as_deref(),
            Some("200")
        );
    }

    #[test]
    fn how_a_response_ends() {
        let cases = [
            ("200 OK", "Content-Length: 3\r\n", Body::Delimited),
            ("200 OK", "Transfer-Encoding: gzip, Chunked\r\n", Body::Delimited),
            ("200 OK", "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", Body::UntilClose),
            ("200 OK", "not a field\r\nContent-Length: 3\r\n", Body::Delimited),
            ("200 OK", "", Body::UntilClose),
            ("101 Switching Protocols", "", Body::None),
            ("204 No Content", "", Body::None),
            ("304 Not Modified", "", Body::None),
        ];
        for (status, fields, body) in cases {
            let head = format!("HTTP/1.1 {status}\r\n{fields}\r\n");
            assert_eq!(of(&head).map(|message| message.body), Some(body), "{head}");
        }
    }

    #[test]
    fn a_head_that_goes_on_in_the_next_segment_counts_when_its_first_line_is_there() {
        let request = of("GET / HTTP/1.1\r\nHo").expect("the first line is complete");
        assert_eq!(request.body, Body::None);
        let response = of("HTTP/1.1 200 OK\r\nContent-Le").expect("the first line is complete");
        assert_eq!(response.body, Body::None, "its end is not known yet");
        assert_eq!(of("GET / HTTP/1.1"), None);
        assert_eq!(of("HTTP/1.1 200 O"), None);
    }

    #[test]
    fn more_fields_than_expected_do_not_hide_the_first_line() {
        let head = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(MAX_FIELDS + 1));
        assert_eq!(of(&head).map(|message| message.summary).as_deref(), Some("GET / HTTP/1.1"));
    }

    #[test]
    fn chat_is_not_taken_for_http() {
        let chat = [
            "",
            "GET",
            "GET lost",
            "GET lost\r\n",
            "GET lost HTTP/1.1\r\n\r\n",
            "GET /lost\r\n",
            "GET / RTSP/1.0\r\n\r\n",
            "HELO there\r\n",
            "HTTP/1.1 is old\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "get / HTTP/1.1\r\n\r\n",
            " GET / HTTP/1.1\r\n\r\n",
            "CONNECT me HTTP/1.1\r\n\r\n",
        ];
        for text in chat {
            assert_eq!(of(text), None, "{text:?}");
        }
    }

    #[test]
    fn udp_carries_no_http() {
        assert_eq!(super::super::dissect(Proto::Udp, b"GET / HTTP/1.1\r\n\r\n", (1, 2)), None);
    }
}
