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
    /// In any way: what comes of it is not what the exchange is about.
    Any,
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
    /// ETIMEDOUT: the peer has not answered for too long.
    TimedOut,
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
            Errno::TimedOut => "ETIMEDOUT",
        }
    }
}

/// Actions inside an action.
pub type Actions = Cow<'static, [Action]>;

/// What an actor does. It has at most one listening socket, one other socket, a duplicate of that, one child process,
/// and any number of threads.
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
    /// `send` with `MSG_OOB`: TCP marks the last byte as urgent.
    SendUrgent(Payload),
    /// `sendto` the server's port.
    SendTo(Payload),
    /// `sendto` where the last `recvfrom` came from.
    SendBack(Payload),
    /// One `recv` that must give bytes.
    Recv,
    /// One `recv` with room for so many bytes; it may give fewer, or none.
    RecvUpTo(u32),
    /// `recv` of one byte with `MSG_OOB`.
    RecvUrgent,
    /// One `recvfrom`; the sender is remembered.
    RecvFrom,
    /// `recv` until all bytes of this payload have come.
    RecvAll(Payload),
    /// `recv` until it gives 0: the peer has ended its direction.
    RecvToEnd,
    /// `shutdown(SHUT_WR)`.
    ShutdownWrite,
    /// `shutdown(SHUT_RD)`.
    ShutdownRead,
    /// `close` of the connection's socket.
    Close,
    /// `dup`: a second descriptor of the same socket.
    Duplicate,
    /// `close` of the second descriptor.
    CloseDuplicate,
    /// `fork`: a child process that inherits the descriptor of the connection and waits.
    Fork,
    /// The end of the child process.
    EndChild(End),
    /// The socket disappears without a packet, as in a power cut: `TCP_REPAIR`, `close`.
    Vanish,
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
    /// Lets the clients that were started before go first.
    Stagger {
        /// Milliseconds for each of them.
        ms: u32,
    },
    /// `setsockopt` on the connection's socket; before there is one, on the listening socket.
    SetOption(SocketOption),
    /// `poll` until there is something to read.
    AwaitData,
    /// `poll` until the peer's FIN has arrived.
    AwaitEnd,
    /// `poll` until an error has been reported on the socket: an RST or an ICMP message has arrived.
    AwaitError,
    /// `poll` until urgent data has been announced.
    AwaitUrgent,
    /// Lets the other side know, not by a packet, that this point is reached.
    Tell,
    /// Waits until the other side has told, once for each time.
    AwaitTold,
    /// Waits until nothing of this connection is under way: every byte and every FIN that either end has sent is
    /// acknowledged, and the acknowledgement has arrived. The kernels are asked, so it takes as long as it takes.
    AwaitRest,
    /// Waits until the other end has sent its SYN or its FIN and nobody has answered it: over a wire it is still under
    /// way then, and what this end sends next meets it.
    AwaitCrossing,
    /// The actions several times over.
    Repeat {
        /// How often.
        often: Often,
        /// What.
        actions: Actions,
    },
    /// A thread of its own does this, while the actor goes on. The actor ends when all its threads have.
    Thread {
        /// What the thread takes over.
        takes: Takes,
        /// What it does.
        actions: Actions,
    },
    /// Compares what came last with the Indonesian name of the colour that was sent last, and keeps the score.
    Grade,
}

impl Action {
    /// Looks at an action and at those inside it, with how often each is carried out when so many clients take part.
    pub fn visit<'a>(&'a self, clients: u32, each: &mut impl FnMut(&'a Action, u32)) {
        self.visit_times(1, clients, each);
    }

    fn visit_times<'a>(&'a self, times: u32, clients: u32, each: &mut impl FnMut(&'a Action, u32)) {
        each(self, times);
        let (times, inner) = match &self.op {
            Op::Repeat { often: Often::Fixed(n), actions } => (times.saturating_mul(u32::from(*n)), actions),
            Op::Repeat { often: Often::Clients { .. }, actions } => (times.saturating_mul(clients), actions),
            Op::Thread { actions, .. } => (times, actions),
            _ => return,
        };
        for action in inner.iter() {
            action.visit_times(times, clients, each);
        }
    }
}

/// How often actions are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Often {
    /// So often.
    Fixed(u16),
    /// Once for each client, of which there are so many when the user does not say.
    Clients {
        /// 1 to 200.
        usual: u16,
    },
}

/// What a new thread takes over from the one that starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Takes {
    /// The connection's socket.
    Connection,
    /// The address that the last `recvfrom` gave.
    Peer,
}

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// It returns from its main function.
    Exit,
    /// SIGINT, as Ctrl-C sends it.
    Interrupt,
    /// SIGKILL.
    Kill,
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
                | Op::RecvUpTo(_)
                | Op::RecvUrgent
                | Op::RecvFrom
                | Op::Repeat { .. }
                | Op::Pause { .. }
                | Op::Stagger { .. }
                | Op::AwaitData
                | Op::AwaitEnd
                | Op::AwaitError
                | Op::AwaitUrgent
                | Op::AwaitTold
                | Op::AwaitRest
                | Op::AwaitCrossing
        )
    }
}

impl Op {
    /// True for what the machine's own network does not allow to everyone.
    #[must_use]
    pub const fn needs_private_network(&self) -> bool {
        matches!(self, Op::Vanish | Op::SetOption(SocketOption::DropAll))
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
    /// `SO_RCVBUF` in bytes.
    ReceiveBuffer(u32),
    /// `SO_KEEPALIVE`, `TCP_KEEPIDLE`, `TCP_KEEPINTVL`, `TCP_KEEPCNT`.
    KeepAlive {
        /// Silence before the first probe, in seconds.
        idle: u32,
        /// Between two probes, in seconds.
        interval: u32,
        /// Unanswered probes that end the connection.
        count: u32,
    },
    /// `TCP_USER_TIMEOUT` in milliseconds: how long data may stay unacknowledged.
    UserTimeout(u32),
    /// `SO_ATTACH_FILTER` with a filter that lets nothing in: for this socket the wire is cut.
    DropAll,
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
    /// This text and a number: how many payloads of this kind all threads of the actor have sent so far. They count
    /// under a lock.
    Counted(Cow<'static, str>),
    /// A colour drawn by the seeded generator.
    Colour,
    /// The Indonesian name of the colour that came last; now and then a wrong one.
    ColourName,
    /// How many answers were right, of how many.
    Score,
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

    /// The bytes, given the user's message. Empty where only the exchange itself gives them.
    #[must_use]
    pub fn bytes<'a>(&'a self, message: Option<&'a str>) -> Cow<'a, [u8]> {
        match self {
            Payload::Fixed(text) => Cow::Borrowed(text.as_bytes()),
            Payload::Message(default) => Cow::Borrowed(message.unwrap_or(default).as_bytes()),
            Payload::Filler(length) => (b'a'..=b'z').cycle().take(*length as usize).collect(),
            Payload::Counted(_) | Payload::Colour | Payload::ColourName | Payload::Score => Cow::Borrowed(&[]),
        }
    }
}

/// What a pause waits for. A scenario's pauses are the time it must take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// A program that works before it answers, longer than its kernel delays an ACK.
    Think,
    /// A program that does not read while its buffer fills.
    SlowReader,
    /// The rhythm of a program that sends at intervals.
    Interval,
    /// The kernel's probes of a connection on which nothing happens.
    KeepAlive,
    /// A server that is too busy to accept.
    Busy,
    /// Nothing: that nothing is sent is what is to be seen.
    Nothing,
}

impl Why {
    /// The reason in words.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Why::Think => Text {
                en: "the program works on its answer for longer than its kernel delays an ACK",
                id: "program menyiapkan jawabannya lebih lama daripada penundaan ACK oleh kernel",
            },
            Why::SlowReader => Text {
                en: "the program does not read while its receive buffer fills",
                id: "program tidak membaca selagi buffer penerimanya terisi",
            },
            Why::Interval => {
                Text { en: "the program sends at intervals", id: "program mengirim data dengan selang waktu tetap" }
            }
            Why::KeepAlive => Text {
                en: "nobody sends, and the kernel asks whether the peer is still there",
                id: "tidak ada yang mengirim data, dan kernel memeriksa apakah lawan masih ada",
            },
            Why::Busy => Text {
                en: "the server is too busy to call accept()",
                id: "server terlalu sibuk untuk memanggil accept()",
            },
            Why::Nothing => Text {
                en: "to be seen: nothing is sent meanwhile",
                id: "agar terlihat bahwa selama itu tidak ada yang dikirim",
            },
        }
    }
}
