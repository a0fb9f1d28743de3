//! What a program of a scenario calls, in one line, from the same data that runs it.

use std::borrow::Cow;

use super::{Action, End, Errno, Expect, Often, Op, Payload, SocketOption, Transport};
use crate::language::messages::{Message, scenarios as say};
use crate::language::{Lang, Value, Values};

/// Letters of a payload that are shown.
const SHOWN: usize = 24;

/// The calls of one program, separated by commas; in brackets what it waits for between them.
#[must_use]
pub fn line(actions: &[Action], lang: Lang) -> String {
    Program { lang, has_socket: false }.all(actions)
}

struct Program {
    lang: Lang,
    /// `connect` makes a socket where there is none.
    has_socket: bool,
}

impl Program {
    fn all(&mut self, actions: &[Action]) -> String {
        let mut calls = Vec::new();
        for action in actions {
            let call = match (&action.op, action.expect) {
                // What is in use is refused to `bind` already.
                (Op::Listen { reuse, .. }, Expect::Fails(_)) => binds(*reuse).into(),
                (op, _) => self.call(op),
            };
            if !call.is_empty() {
                calls.push(match action.expect {
                    Expect::Done | Expect::Any => call.into_owned(),
                    Expect::Fails(errno) => format!("{call} → {}", Errno::name(errno)),
                });
            }
        }
        calls.join(", ")
    }

    fn call(&mut self, op: &Op) -> Cow<'static, str> {
        match op {
            Op::Listen { backlog, reuse } => format!("{}, listen({backlog})", binds(*reuse)).into(),
            Op::Accept => self.opens("accept"),
            Op::Connect if self.has_socket => "connect".into(),
            Op::Connect => self.opens("socket, connect"),
            Op::Bind { transport: Transport::Tcp, .. } => self.opens("socket, bind"),
            Op::Bind { transport: Transport::Udp, .. } => self.opens("socket(SOCK_DGRAM), bind"),
            Op::OpenUdp => self.opens("socket(SOCK_DGRAM)"),
            Op::Send(payload) => format!("send({})", self.payload(payload)).into(),
            Op::SendMore(payload) => format!("send({}, MSG_MORE)", self.payload(payload)).into(),
            Op::SendUrgent(payload) => format!("send({}, MSG_OOB)", self.payload(payload)).into(),
            Op::SendTo(payload) | Op::SendBack(payload) => format!("sendto({})", self.payload(payload)).into(),
            Op::Recv => "recv".into(),
            Op::RecvUpTo(room) => format!("recv({room})").into(),
            Op::RecvUrgent => "recv(MSG_OOB)".into(),
            Op::RecvFrom => "recvfrom".into(),
            Op::RecvAll(payload) => format!("recv → {}", self.payload(payload)).into(),
            Op::RecvToEnd => "recv → 0".into(),
            Op::ShutdownWrite => "shutdown(SHUT_WR)".into(),
            Op::ShutdownRead => "shutdown(SHUT_RD)".into(),
            Op::Close => self.closes("close"),
            Op::Duplicate => "dup".into(),
            Op::CloseDuplicate => "close(dup)".into(),
            Op::Fork => "fork".into(),
            Op::EndChild(End::Exit) => self.word(&say::CHILD_EXITS),
            Op::EndChild(End::Interrupt) => "kill(SIGINT)".into(),
            Op::EndChild(End::Kill) => "kill(SIGKILL)".into(),
            Op::Vanish => self.closes("setsockopt(TCP_REPAIR), close"),
            Op::CloseListener => "close(listener)".into(),
            Op::SetOption(option) => format!("setsockopt({})", option_name(*option)).into(),
            Op::AwaitData => "poll(POLLIN)".into(),
            Op::AwaitEnd => "poll(POLLRDHUP)".into(),
            Op::AwaitError => "poll(POLLERR)".into(),
            Op::AwaitUrgent => "poll(POLLPRI)".into(),
            Op::Pause { ms, .. } => {
                let time = Values::none().with("time", Value::Duration(i64::from(*ms) * 1_000_000));
                say::PAUSE.text.fill(self.lang, &time).into()
            }
            Op::AwaitRest => self.word(&say::UNTIL_ACKED),
            Op::AwaitTold => self.word(&say::UNTIL_TOLD),
            Op::AwaitCrossing => self.word(&say::UNTIL_CROSSING),
            Op::Meet => self.word(&say::BOTH_AT_ONCE),
            Op::Repeat { often, actions } => {
                let inside = self.all(actions);
                match often {
                    Often::Fixed(times) => format!("{times} × ({inside})").into(),
                    Often::Clients { .. } => format!("{} ({inside})", say::EACH_CLIENT.text.get(self.lang)).into(),
                }
            }
            Op::Thread { actions, .. } => {
                let inside = Program { lang: self.lang, has_socket: true }.all(actions);
                format!("{} ({inside})", say::THREAD.text.get(self.lang)).into()
            }
            // What is no call and shows nothing.
            Op::Tell | Op::Grade | Op::Stagger { .. } => "".into(),
        }
    }

    fn opens(&mut self, calls: &'static str) -> Cow<'static, str> {
        self.has_socket = true;
        calls.into()
    }

    fn closes(&mut self, calls: &'static str) -> Cow<'static, str> {
        self.has_socket = false;
        calls.into()
    }

    fn word(&self, message: &'static Message) -> Cow<'static, str> {
        message.text.get(self.lang).into()
    }

    fn payload(&self, payload: &Payload) -> Cow<'static, str> {
        match payload {
            Payload::Fixed(text) | Payload::Message(text) => quoted(text).into(),
            Payload::Filler(bytes) => {
                let bytes = Values::none().with("n", Value::Count(u64::from(*bytes)));
                say::BYTES.text.fill(self.lang, &bytes).into()
            }
            Payload::Counted(text) => format!("\"{text}…\"").into(),
            Payload::Colour => self.word(&say::COLOUR),
            Payload::ColourName => self.word(&say::COLOUR_NAME),
            Payload::Score => self.word(&say::SCORE),
        }
    }
}

fn binds(reuse: bool) -> &'static str {
    if reuse { "socket, setsockopt(SO_REUSEADDR), bind" } else { "socket, bind" }
}

/// As a program's source writes it, the first line of it.
fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(SHOWN).collect();
    let more = if shown.len() < text.trim_end().len() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}

fn option_name(option: SocketOption) -> Cow<'static, str> {
    match option {
        SocketOption::QuickAck(_) => "TCP_QUICKACK".into(),
        SocketOption::NoDelay(_) => "TCP_NODELAY".into(),
        SocketOption::Linger(seconds) => format!("SO_LINGER {seconds}").into(),
        SocketOption::ReceiveTimeout(ms) => format!("SO_RCVTIMEO {ms} ms").into(),
        SocketOption::ReceiveBuffer(bytes) => format!("SO_RCVBUF {bytes}").into(),
        SocketOption::KeepAlive { idle, interval, count } => {
            format!("SO_KEEPALIVE, TCP_KEEPIDLE {idle}, TCP_KEEPINTVL {interval}, TCP_KEEPCNT {count}").into()
        }
        SocketOption::UserTimeout(ms) => format!("TCP_USER_TIMEOUT {ms} ms").into(),
        SocketOption::DropAll => "SO_ATTACH_FILTER".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::find;

    fn programs(scenario: &str, variant: &str, lang: Lang) -> [String; 2] {
        let variant = find(scenario).and_then(|scenario| scenario.variant(variant)).expect("it is there");
        [variant.client, variant.server].map(|actions| line(actions, lang))
    }

    #[test]
    fn a_program_is_the_line_of_its_calls() {
        assert_eq!(
            programs("write-to-closed-peer", "default", Lang::En),
            [
                "socket, connect, send(\"laporan\"), [until all is acknowledged], close",
                "socket, setsockopt(SO_REUSEADDR), bind, listen(5), accept, recv → \"laporan\", recv → 0, [until all is \
                 acknowledged], send(\"diterima\"), poll(POLLERR), send(\"diterima\") → EPIPE, close, close(listener)",
            ]
        );
        let [client, server] = programs("udp-color-server", "answered", Lang::Id);
        assert_eq!(
            client,
            "socket(SOCK_DGRAM), sendto(\"connect\"), 5 × (recvfrom, sendto(nama warna)), recvfrom, close"
        );
        assert!(server.starts_with("socket(SOCK_DGRAM), bind, untuk tiap client: (recvfrom, thread: ("), "{server}");
        let [client, _] = programs("half-open", "reconnect", Lang::En);
        assert!(client.contains("setsockopt(TCP_REPAIR), close, socket, bind, connect, close"), "{client}");
        let [client, _] = programs("http-get-close", "ok", Lang::En);
        assert!(client.contains("send(\"GET /?name=Budi HTTP/1.1…\")"), "{client}");
    }
}
