//! What an actor of a scenario does, as data: it is handed to another process and shown by nobody but the packets.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::language::Text;

/// One thing an actor does, and how it is expected to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub op: Op,
    /// How it ends when the exchange goes as it should.
    pub expect: Expect,
}

impl Action {
    /// An action that is expected to succeed.
    #[must_use]
    pub const fn ok(op: Op) -> Action {
        Action { op, expect: Expect::Done }
    }

    /// An action whose last call is expected to fail in this way.
    #[must_use]
    pub const fn fails(op: Op, errno: Errno) -> Action {
        Action { op, expect: Expect::Fails(errno) }
    }
}

/// How an action is expected to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expect {
    /// Without an error.
    Done,
    /// With this error.
    Fails(Errno),
}

/// The errors that scenarios produce on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errno {
    /// EADDRINUSE: another socket has the port.
    AddressInUse,
    /// EAGAIN: nothing came before the socket's time-out.
    Again,
    /// ECONNREFUSED: nobody listens there.
    ConnectionRefused,
    /// ECONNRESET: the peer sent RST.
    ConnectionReset,
    /// EPIPE: the connection can no longer carry what is written.
    BrokenPipe,
}

impl Errno {
    /// The name in `<errno.h>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Errno::AddressInUse => "EADDRINUSE",
            Errno::Again => "EAGAIN",
            Errno::ConnectionRefused => "ECONNREFUSED",
            Errno::ConnectionReset => "ECONNRESET",
            Errno::BrokenPipe => "EPIPE",
        }
    }
}

/// What an actor does. It has at most one listening socket and one other socket at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// `socket`, with `reuse` `setsockopt(SO_REUSEADDR)`, `bind` to the server's port, `listen`.
    Listen {
        /// Connections that may wait to be accepted, as `listen` takes it.
        backlog: i32,
        /// Set `SO_REUSEADDR` first.
        reuse: bool,
    },
    /// `accept`.
    Accept,
    /// `socket`, `bind`.
    Bind {
        /// TCP or UDP.
        transport: Transport,
        /// Which port.
        port: Port,
    },
    /// `connect` to the server's port; a TCP socket is made first where there is none.
    Connect,
    /// `socket(SOCK_DGRAM)`.
    OpenUdp,
    /// `send`.
    Send(Payload),
    /// `send` with `MSG_MORE`: more is to follow, so the kernel may wait with it.
    SendMore(Payload),
    /// `sendto` the server's port.
    SendTo(Payload),
    /// One `recv` that must give bytes.
    Recv,
    /// `recv` until all bytes of this payload have come.
    RecvAll(Payload),
    /// `recv` until it gives 0: the peer has ended its direction.
    RecvToEnd,
    /// `shutdown(SHUT_WR)`.
    ShutdownWrite,
    /// `close` of the connection's socket.
    Close,
    /// `close` of the listening socket.
    CloseListener,
    /// Wait until the other actor is here as well: what both do next they do at the same time.
    Meet,
    /// Wait, as a program that is busy or a person who thinks.
    Pause {
        /// Milliseconds.
        ms: u32,
        /// What is waited for.
        why: Why,
    },
    /// `setsockopt`.
    SetOption(SocketOption),
    /// `poll` until there is something to read.
    AwaitData,
    /// `poll` until the peer's FIN has arrived.
    AwaitEnd,
    /// `poll` until an error has been reported on the socket: an RST or an ICMP message has arrived.
    AwaitError,
}

impl Op {
    /// True for an operation that may wait for the other actor. A client starts when its server reaches the first.
    #[must_use]
    pub const fn waits(&self) -> bool {
        matches!(
            self,
            Op::Accept
                | Op::Recv
                | Op::RecvAll(_)
                | Op::RecvToEnd
                | Op::Meet
                | Op::Pause { .. }
                | Op::AwaitData
                | Op::AwaitEnd
                | Op::AwaitError
        )
    }
}

/// The transport of a socket that is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Which port a socket is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Port {
    /// The server's.
    Server,
    /// The one after the server's, on the client's own address.
    Client,
    /// The one that this actor's previous connection had.
    Previous,
}

/// Options that scenarios set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SocketOption {
    /// `TCP_QUICKACK`.
    QuickAck(bool),
    /// `TCP_NODELAY`.
    NoDelay(bool),
    /// `SO_LINGER` switched on with so many seconds.
    Linger(u32),
    /// `SO_RCVTIMEO` in milliseconds.
    ReceiveTimeout(u32),
}

/// Bytes that are sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Payload {
    /// These.
    Fixed(Cow<'static, str>),
    /// What the user gave with `--message`, otherwise these.
    Message(Cow<'static, str>),
    /// So many letters.
    Filler(u32),
}

impl Payload {
    /// A fixed text.
    #[must_use]
    pub const fn text(text: &'static str) -> Payload {
        Payload::Fixed(Cow::Borrowed(text))
    }

    /// A text that the user may replace.
    #[must_use]
    pub const fn message(default: &'static str) -> Payload {
        Payload::Message(Cow::Borrowed(default))
    }

    /// The bytes, given the user's message.
    #[must_use]
    pub fn bytes<'a>(&'a self, message: Option<&'a str>) -> Cow<'a, [u8]> {
        match self {
            Payload::Fixed(text) => Cow::Borrowed(text.as_bytes()),
            Payload::Message(default) => Cow::Borrowed(message.unwrap_or(default).as_bytes()),
            Payload::Filler(length) => (b'a'..=b'z').cycle().take(*length as usize).collect(),
        }
    }
}

/// What a pause waits for. A scenario's pauses are the time it must take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The other kernel's delayed ACK, so that it leaves as a packet of its own.
    DelayedAck,
    /// A program that works before it answers, longer than its kernel delays an ACK.
    Think,
    /// A little distance, so that the next write is a segment of its own.
    Apart,
    /// What is on its way, also on a busy machine.
    Arrival,
}

impl Why {
    /// The reason in words.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Why::DelayedAck => Text {
                en: "the kernel delays a lone ACK by about 40 ms; waiting longer shows it as a packet of its own",
                id: "kernel menunda ACK tunggal sekitar 40 ms; dengan menunggu lebih lama, ACK itu tampak sebagai paket \
                     tersendiri",
            },
            Why::Think => Text {
                en: "the program works on its answer for longer than its kernel delays an ACK",
                id: "program menyiapkan jawabannya lebih lama daripada penundaan ACK oleh kernel",
            },
            Why::Apart => Text {
                en: "a short distance makes the next write a segment of its own",
                id: "jeda singkat membuat penulisan berikutnya menjadi segmen tersendiri",
            },
            Why::Arrival => Text {
                en: "what is on its way arrives first, also on a busy machine",
                id: "paket yang masih di jalan tiba lebih dulu, juga pada mesin yang sibuk",
            },
        }
    }
}
