//! E47 `http-request`: HTTP request.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "http-request",
    number: 47,
    title: Text { en: "HTTP request", id: "Request HTTP" },
    note: Text {
        en: "An HTTP request ({method} {target}): to TCP it is text inside a data segment like any other. An empty \
             line ends its header section.",
        id: "Request HTTP ({method} {target}): bagi TCP ini hanyalah teks di dalam segmen data biasa. Baris kosong \
             menandai akhir bagian header.",
    },
    more: Text {
        en: "The handshake came first: a request travels on a connection that is already open. One request may fill \
             several segments, and one segment may hold several requests; only the text tells where one ends.",
        id: "Handshake terjadi lebih dahulu: request dikirim di atas koneksi yang sudah terbuka. Satu request dapat \
             mengisi beberapa segmen, dan satu segmen dapat memuat beberapa request; hanya teksnya yang menunjukkan \
             batasnya.",
    },
    sources: &["RFC 9112 §2.1", "RFC 9112 §3", "RFC 9110 §9.3.1"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let request = context.http("request")?;
    let words = |name| request.field(name).map(|field| Value::Words(field.to_owned().into()));
    Some(Match::certain().value("method", words("method")?).value("target", words("target")?))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a GET",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
        "#,
        ),
        Case::Silent(
            "the same again",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
            250  C>S PSH,ACK seq=1 "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
        "#,
        ),
        Case::Silent(
            "text that is no request",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET well soon"
        "#,
        ),
        Case::Silent(
            "a response",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C PSH,ACK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        "#,
        ),
    ];
}
