//! One tracked packet: the connection it belongs to, what it did to both ends, and the facts that rules read.

use std::fmt;
use std::net::SocketAddr;

use super::labels::Labels;
use super::repair::RepairFacts;
use crate::decode::app::AppMessage;

/// The transport of a connection; each protocol counts its connections on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Proto {
    /// TCP: a connection in the sense of RFC 9293.
    Tcp,
    /// UDP: a conversation, every datagram between two address and port pairs.
    Udp,
}

impl Proto {
    /// `tcp` or `udp`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Proto::Tcp => "tcp",
            Proto::Udp => "udp",
        }
    }
}

/// Names a connection: 0-based per protocol in order of first packet, as `tcp.stream` and `udp.stream`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ConnId {
    /// The protocol.
    pub proto: Proto,
    /// The index.
    pub index: u32,
}

impl fmt::Display for ConnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.proto.name(), self.index)
    }
}

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Side {
    /// The end that opened the connection (or is likelier to have done so).
    Client,
    /// The other one.
    Server,
}

impl Side {
    /// The other end.
    #[must_use]
    pub const fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
    /// 0 for the client, 1 for the server.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Side::Client => 0,
            Side::Server => 1,
        }
    }
    /// `client` or `server`, as the records spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Server => "server",
        }
    }
    /// `c2s` when this end sends, `s2c` otherwise.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Side::Client => "c2s",
            Side::Server => "s2c",
        }
    }
}

/// The connection states of RFC 9293 section 3.3.2, spelled as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum State {
    /// No connection at all.
    Closed,
    /// Waiting for any connection request.
    Listen,
    /// A SYN was sent, none has come back.
    SynSent,
    /// A SYN was received and answered, the answer not yet acknowledged.
    SynReceived,
    /// Open: data flows both ways.
    Established,
    /// A FIN was sent and is not acknowledged; the peer's has not come.
    FinWait1,
    /// The own FIN is acknowledged; the peer still sends.
    FinWait2,
    /// The peer's FIN has come; this end still sends.
    CloseWait,
    /// Both FINs crossed; the own one is not acknowledged.
    Closing,
    /// The peer closed first; the own FIN is not acknowledged.
    LastAck,
    /// Waiting long enough for the last ACK to have arrived (2 MSL; 60 s on Linux).
    TimeWait,
}

impl State {
    /// Every state, in the order of RFC 9293.
    pub const ALL: [State; 11] = [
        State::Closed,
        State::Listen,
        State::SynSent,
        State::SynReceived,
        State::Established,
        State::FinWait1,
        State::FinWait2,
        State::CloseWait,
        State::Closing,
        State::LastAck,
        State::TimeWait,
    ];

    /// The spelling of RFC 9293.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Closed => "CLOSED",
            State::Listen => "LISTEN",
            State::SynSent => "SYN-SENT",
            State::SynReceived => "SYN-RECEIVED",
            State::Established => "ESTABLISHED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::CloseWait => "CLOSE-WAIT",
            State::Closing => "CLOSING",
            State::LastAck => "LAST-ACK",
            State::TimeWait => "TIME-WAIT",
        }
    }
}

/// The states of both ends; `None` where the capture cannot tell (`?`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct States {
    /// The client's.
    pub client: Option<State>,
    /// The server's.
    pub server: Option<State>,
}

impl States {
    /// Neither end is expected to send anything new.
    #[must_use]
    pub fn ended(&self) -> bool {
        [self.client, self.server].iter().all(|state| matches!(state, Some(State::Closed | State::TimeWait)))
    }

    /// Puts one end into a state.
    pub fn set(&mut self, side: Side, state: Option<State>) {
        match side {
            Side::Client => self.client = state,
            Side::Server => self.server = state,
        }
    }

    /// The state of one end.
    #[must_use]
    pub fn of(self, side: Side) -> Option<State> {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }
}

/// What the tracker made of one packet.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The connection, when the packet belongs to one.
    pub conn: Option<ConnId>,
    /// Who sent it.
    pub from: Option<Side>,
    /// For TCP segments.
    pub tcp: Option<TcpStep>,
    /// For UDP datagrams.
    pub udp: Option<UdpFacts>,
    /// For ICMP errors: the packet they quote.
    pub quote: Option<Quote>,
    /// What the payload is, where a dissector knows it.
    pub app: Option<AppMessage>,
    /// Over a wire: a packet that left later arrived before it.
    pub overtaken: bool,
}

/// What a TCP segment did.
#[derive(Clone, Debug, Default)]
pub struct TcpStep {
    /// Relative sequence number, as Wireshark counts.
    pub seq: u32,
    /// Relative acknowledgment number; `None` without ACK.
    pub ack: Option<u32>,
    /// The window in bytes: scaled when the scale is known.
    pub window: u32,
    /// Relative edges of the SACK blocks, as many as the segment has.
    pub sack: [(u32, u32); 4],
    /// Both ends before the packet was sent.
    pub before: States,
    /// Both ends once it has been sent and received.
    pub after: States,
    /// What the numbers say about it.
    pub facts: TcpFacts,
    /// The textbook analyser's labels.
    pub labels: Labels,
}

/// Facts about one segment, each computed once; rules only read them.
#[derive(Clone, Debug, Default)]
pub struct TcpFacts {
    /// What its SYN does, when it has one.
    pub syn: Option<SynFact>,
    /// A SYN-ACK of an end that had sent a SYN of its own: the SYNs have crossed.
    pub answers_crossed_syn: bool,
    /// A SYN on addresses and ports that an earlier connection of the capture used.
    pub port_reuse: bool,
    /// The first segment with ACK that completes the handshake for the passive opener.
    pub completes_handshake: bool,
    /// Payload bytes that were not sent before.
    pub new_bytes: u32,
    /// It occupies sequence space (data, SYN or FIN), and all of it was sent before.
    pub repeated: bool,
    /// How long ago (ns) the same sequence number was first sent, for a repeated segment; `None` if unknown.
    pub repeated_after: Option<i64>,
    /// Payload bytes of the peer that this ACK covers and no earlier one did.
    pub acked_bytes: u32,
    /// Its sender has acknowledged nothing before in this capture.
    pub first_ack: bool,
    /// The ACK covers the peer's FIN and no earlier one did: the FIN's frame.
    pub acks_fin: Option<u64>,
    /// Nanoseconds from the capture of the oldest newly covered segment to this ACK; `None` when any of it was sent again.
    pub ack_delay: Option<i64>,
    /// The oldest frame that this ACK newly covers.
    pub acks_frame: Option<u64>,
    /// What its FIN does, when it has one.
    pub fin: Option<FinFact>,
    /// The frame of the peer's FIN, when this segment was sent after the capture of it.
    pub after_peer_fin: Option<u64>,
    /// What its RST does, when it has one.
    pub rst: Option<RstFact>,
    /// This FIN ends the body of the HTTP response that began in that frame (RFC 9112 section 6.3).
    pub ends_http_body: Option<u64>,
    /// No SYN of this connection was captured: it began before the capture.
    pub mid_stream: bool,
    /// Loss, window and timers.
    pub repair: RepairFacts,
}

/// What a SYN does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SynFact {
    /// The first SYN of a connection.
    Open,
    /// The same SYN again; frame of the first.
    OpenAgain(u64),
    /// A SYN while the other end's own SYN is under way: simultaneous open. Frame of the other SYN.
    Crossing(u64),
    /// SYN and ACK: the answer.
    Accept,
    /// The same answer again; frame of the first.
    AcceptAgain(u64),
}

/// What a FIN does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FinFact {
    /// The first FIN of the connection.
    First,
    /// The second, after the first was acknowledged by an earlier packet. Frame of the first.
    Second(u64),
    /// The second, itself the first acknowledgment of the first FIN. Frame of the first.
    Merged(u64),
    /// The second, not acknowledging the first: both closed at once. Frame of the first.
    Crossing(u64),
    /// The same FIN again; frame of the first copy.
    Again(u64),
}

/// What a RST does, and what the packets around it tell of its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RstFact {
    /// Why it was sent, as far as its numbers tell.
    pub kind: RstKind,
    /// What a receiver that follows RFC 9293 section 3.10.7 and RFC 5961 does with it.
    pub acceptance: Acceptance,
    /// The frame of the sender's own earlier FIN.
    pub sender_fin: Option<u64>,
    /// It has no ACK flag, as one that answers a segment with an acknowledgment number (RFC 9293 section 3.5.2).
    pub bare: bool,
    /// The last frame with payload that the peer sent before it.
    pub peer_data: Option<u64>,
    /// That payload was sent after the sender's FIN.
    pub data_after_fin: bool,
    /// The connection was established (both SYNs acknowledged) or began before the capture.
    pub was_open: bool,
    /// Keep-alive probes of the sender that nothing answered: how many, and the frame of the last.
    pub unanswered: Option<(u32, u64)>,
    /// How often its sender had repeated a segment that nothing acknowledged, and the frame of the last copy.
    pub repeats: Option<(u32, u64)>,
}

/// How a RST came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RstKind {
    /// It answers a SYN and acknowledges it: the connection is refused. Frame of the SYN.
    Refusal(u64),
    /// No ACK flag, its number is the peer's acknowledgment number: the kernel answers a segment for which it has
    /// no open socket (RFC 9293 section 3.5.2). Frame of that segment.
    Answer(u64),
    /// With ACK, at the sender's next sequence number: the end ended the connection of its own accord.
    Active,
    /// None of these.
    Unclear,
}

/// What a receiver does with a RST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Acceptance {
    /// It ends the connection.
    Accepted,
    /// Inside the window but not exactly expected: answered with a challenge ACK (RFC 5961 section 3.2).
    Challenged,
    /// Outside the window: ignored.
    Ignored,
    /// The capture cannot tell.
    Unknown,
}

/// Facts about one UDP datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UdpFacts {
    /// It answers from a port that the receiver had not addressed: the port that it had, and the frame of that request.
    pub other_port: Option<(u16, u64)>,
}

/// What an ICMP error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The conversation of the quoted packet, when the capture has it.
    pub conn: Option<ConnId>,
    /// The frame that it quotes, when the capture has it.
    pub frame: Option<u64>,
    /// The quoted protocol number.
    pub protocol: u8,
    /// Where the quoted packet came from.
    pub src: SocketAddr,
    /// Where it was sent.
    pub dst: SocketAddr,
}
