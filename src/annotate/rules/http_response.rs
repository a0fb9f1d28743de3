//! E48 `http-response`: HTTP response.

use crate::annotate::{Context, Match, Rule};
use crate::language::{Text, Value};

pub(super) static RULE: Rule = Rule {
    name: "http-response",
    number: 48,
    title: Text { en: "HTTP response", id: "Response HTTP" },
    note: Text {
        en: "The status line ({status}) is the answer of the application. TCP delivers a 404 exactly \
             as it delivers a 200.",
        id: "Baris status ({status}) adalah jawaban aplikasi. TCP mengirimkan 404 persis seperti 200.",
    },
    more: Text {
        en: "An error status is no failure of the connection, and a RST or a timeout is no HTTP status. The \
             response may take many segments; the length of its body stands in its header, is told chunk by chunk, \
             or ends with the connection.",
        id: "Status galat bukan kegagalan koneksi, dan RST atau timeout bukan status HTTP. Response dapat terdiri \
             atas banyak segmen; panjang body-nya tertulis di header, disebutkan per chunk, atau berakhir bersama \
             koneksi.",
    },
    sources: &["RFC 9112 §4", "RFC 9110 §15"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let response = context.http("response")?;
    let status = response.field("status")?;
    Some(Match::certain().value("status", Value::Words(status.to_owned().into())))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "a 404",
            5,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
            2    S>C PSH,ACK "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        "#,
        ),
        Case::Silent(
            "the request",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
        "#,
        ),
        Case::Silent(
            "text that is no response",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    S>C PSH,ACK "HTTP is fun"
        "#,
        ),
    ];
}
