//! A connection as a whole: what is known of it so far, and at the end of the capture.

use std::net::SocketAddr;

use super::completeness::Completeness;
use super::given_up::GivenUp;
use super::origin::Origin;
use super::step::{ConnId, Proto, RstFact, Side, States};
use super::zeek::Zeek;
use crate::frame::Time;

/// How the client of a connection was told from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ClientBy {
    /// It sent the SYN.
    Syn,
    /// It was sent the SYN-ACK.
    SynAck,
    /// The other end has the port of a server.
    Port,
    /// It sent the first packet of the capture.
    First,
    /// It had sent to another port of the other end, which answers from this one.
    Request,
}

impl ClientBy {
    /// As the records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ClientBy::Syn => "syn",
            ClientBy::SynAck => "syn_ack",
            ClientBy::Port => "port",
            // Of the whole exchange it did send the first packet; the records have no name of their own for it.
            ClientBy::First | ClientBy::Request => "first",
        }
    }
}

/// A packet worth remembering: its frame and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    /// Frame number.
    pub frame: u64,
    /// Capture time.
    pub time: Option<Time>,
}

/// A FIN and the packet that first acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FinMark {
    /// Its first copy.
    pub at: Mark,
    /// The first ACK that covers it; where that is known to be lost, the first that is not.
    pub acked: Option<Mark>,
    /// [`FinMark::acked`] is known to be lost, and no other has come yet.
    pub ack_lost: bool,
    /// A further copy of it was captured.
    pub repeated: bool,
    /// How it relates to the other end's FIN.
    pub fact: super::step::FinFact,
}

/// A RST that ended the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RstMark {
    /// Where.
    pub at: Mark,
    /// Who sent it.
    pub by: Side,
    /// What the packets tell of its cause.
    pub fact: RstFact,
}

/// A connection or conversation; indices of the arrays are [`Side::index`] of the sender.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Connection {
    /// Its name.
    pub id: ConnId,
    /// The client's address and port.
    pub client: SocketAddr,
    /// The server's address and port.
    pub server: SocketAddr,
    /// How the client was told.
    pub client_by: ClientBy,
    /// The first packet.
    pub first: Mark,
    /// The last packet so far.
    pub last: Mark,
    /// Packets by sender.
    pub packets: [u64; 2],
    /// Transport payload by sender, retransmitted bytes counted once.
    pub bytes: [u64; 2],
    /// Payload bytes by sender after the other end's FIN, retransmitted bytes counted once.
    pub bytes_after_fin: [u64; 2],
    /// Frame of the last payload by sender.
    pub last_data: [Option<Mark>; 2],
    /// Request/response rounds: requests of HTTP that were answered, elsewhere turns at which the server sent data
    /// after the client had. Of several response heads in one segment only the first counts.
    pub requests: u32,
    /// Zeek's labels.
    pub zeek: Zeek,
    /// Wireshark's completeness; nothing for UDP.
    pub completeness: Completeness,
    /// Inferred states, now.
    pub states: States,
    /// The latest SYN without ACK.
    pub syn: Option<Mark>,
    /// How many SYNs without ACK there were.
    pub syn_count: u32,
    /// Both ends sent a SYN without ACK before either had answered: simultaneous open.
    pub crossed_syns: bool,
    /// The first SYN-ACK.
    pub syn_ack: Option<Mark>,
    /// The first ACK that completes the handshake.
    pub established: Option<Mark>,
    /// Handshake round trip in nanoseconds: first ACK without SYN minus latest SYN.
    pub rtt: Option<i64>,
    /// The FIN of each side.
    pub fin: [Option<FinMark>; 2],
    /// The RST that ended it.
    pub rst: Option<RstMark>,
    /// A frame in which payload sent after the other end's FIN was acknowledged, by the acknowledging side.
    pub late_data_acked: [Option<u64>; 2],
    /// ICMP errors that quote a packet of it.
    pub icmp_errors: Vec<u64>,
    /// The first of them that says that nothing takes datagrams at the port.
    pub port_unreachable: Option<u64>,
    /// Datagrams of it answered a request that had gone to another port.
    pub other_port: Option<(u16, u64)>,
    /// UDP: the number of the conversation that holds the other half, request or answers, and the first frame of that half.
    pub other_half: Option<(u32, u64)>,
    /// A kernel has ended it without a packet, see [`Tracker::give_up`](super::Tracker::give_up).
    pub given_up: Option<GivenUp>,
}

impl Connection {
    /// Counts its numbers, frames and times from elsewhere, its first packet excepted.
    pub(super) fn rebase(&mut self, origin: &Origin) {
        let marks = [&mut self.syn, &mut self.syn_ack, &mut self.established];
        marks.into_iter().chain(&mut self.last_data).flatten().for_each(|mark| origin.mark(mark));
        origin.mark(&mut self.last);
        for fin in self.fin.iter_mut().flatten() {
            origin.mark(&mut fin.at);
            fin.acked.iter_mut().for_each(|mark| origin.mark(mark));
        }
        self.rst.iter_mut().for_each(|rst| origin.mark(&mut rst.at));
        self.zeek.rebase(origin);
    }

    /// The address and port of one end.
    #[must_use]
    pub fn end(&self, side: Side) -> SocketAddr {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }

    /// True for a socket that is connected to itself: both ends are one, and so are their FINs.
    #[must_use]
    pub fn is_with_itself(&self) -> bool {
        self.id.proto == Proto::Tcp && self.client == self.server
    }

    /// The FIN that came first, with its sender.
    #[must_use]
    pub fn first_fin(&self) -> Option<(Side, FinMark)> {
        let fins = [Side::Client, Side::Server].map(|side| self.fin[side.index()].map(|fin| (side, fin)));
        match fins {
            [Some(a), Some(b)] => Some(if b.1.at.frame < a.1.at.frame { b } else { a }),
            [a, b] => a.or(b),
        }
    }

    /// Seconds from the first to the last packet, where both have a time.
    #[must_use]
    pub fn duration_ns(&self) -> Option<i64> {
        Some(self.last.time?.since(self.first.time?))
    }
}
