//! E49 `http-body-ends-with-fin`: the FIN ends the body.

use crate::annotate::{Context, Match, Rule};
use crate::language::Text;

pub(super) static RULE: Rule = Rule {
    name: "http-body-ends-with-fin",
    number: 49,
    title: Text { en: "The FIN ends the body", id: "FIN mengakhiri body" },
    note: Text {
        en: "The HTTP response of {src} has neither Content-Length nor chunked coding, so this FIN is what tells \
             {dst} that the body is complete. A server that marks the end in this way has to close, and the end that \
             closes first gets TIME-WAIT.",
        id: "Response HTTP dari {src} tidak memiliki Content-Length maupun chunked, sehingga FIN inilah yang \
             memberi tahu {dst} bahwa body sudah lengkap. Server yang menandai akhir dengan cara ini harus menutup, \
             dan ujung yang menutup lebih dahulu mendapat TIME-WAIT.",
    },
    more: Text {
        en: "This is the way of HTTP/1.0 and of small servers written by hand. It allows one response for each \
             connection, and the client cannot tell a complete body from one whose server died and whose kernel sent \
             the FIN. A RST in place of the FIN would mean that the body is cut off.",
        id: "Inilah cara HTTP/1.0 dan server kecil buatan sendiri. Cara ini hanya memungkinkan satu response per \
             koneksi, dan client tidak dapat membedakan body yang lengkap dari body yang terpotong karena program \
             server mati lalu kernel-nya mengirim FIN. RST sebagai ganti FIN berarti body terpotong.",
    },
    sources: &["RFC 9112 §6.3", "RFC 9112 §9.6"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    context.new_fin()?;
    let (_, _, facts) = context.tcp()?;
    Some(Match::certain().because_of(facts.ends_http_body?))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "neither length nor chunks",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
            2    S>C PSH,ACK "HTTP/1.0 200 OK\r\n\r\nhalo"
            3    S>C FIN,ACK
        "#,
        ),
        Case::Silent(
            "a length",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
            2    S>C PSH,ACK "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo"
            3    S>C FIN,ACK
        "#,
        ),
        Case::Silent(
            "the client's FIN",
            6,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK "GET /?name=Budi HTTP/1.1\r\nHost: a\r\n\r\n"
            2    S>C PSH,ACK "HTTP/1.0 200 OK\r\n\r\nhalo"
            3    C>S FIN,ACK
        "#,
        ),
    ];
}
