//! What the matching must know of the packets.

use std::net::SocketAddr;

use crate::decode::Transport;
use crate::frame::{Passage, Time};
use crate::timeline::PacketEvent;
use crate::track::step::{RstFact, RstKind};
use crate::track::{ConnId, Side};

/// A packet, as far as it matters who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its frame.
    pub frame: u64,
    /// When it was sent.
    pub time: Option<Time>,
    /// When it arrived: that is known only where both ends of a wire were captured; none there: it never did.
    pub arrived: Option<Time>,
    /// Its connection; of an ICMP error the one that it quotes.
    pub conn: Option<ConnId>,
    /// Which end sent it.
    pub from: Option<Side>,
    /// From where to where, where there are ports.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// What it is.
    pub what: What,
}

/// What a packet is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A segment.
    Tcp {
        /// Relative sequence number.
        seq: u32,
        /// Payload bytes.
        len: u32,
        /// Its flags.
        syn: bool,
        /// ACK.
        ack: bool,
        /// FIN.
        fin: bool,
        /// RST.
        rst: bool,
        /// The RST answers a segment of the peer.
        answers: bool,
        /// The beginning of the payload.
        data: Vec<u8>,
    },
    /// A datagram with so many bytes.
    Udp {
        /// Payload bytes.
        len: u32,
    },
    /// Anything else, with the frame that it quotes.
    Other {
        /// The frame.
        quotes: Option<u64>,
    },
}

/// The RST is the kernel's answer to a segment.
fn answers(rst: RstFact) -> bool {
    matches!(rst.kind, RstKind::Answer(_) | RstKind::Refusal(_))
}

/// Bytes of payload that are kept of a packet.
const KEPT: usize = 256;

impl Sent {
    /// Of a packet that was tracked.
    #[must_use]
    pub fn of(event: &PacketEvent<'_>) -> Sent {
        let (packet, step) = (event.packet, event.step);
        let ends =
            |from: u16, to: u16| packet.ip.map(|ip| (SocketAddr::new(ip.src, from), SocketAddr::new(ip.dst, to)));
        let (ends, what) = match &packet.transport {
            Transport::Tcp(segment) => (
                ends(segment.src_port, segment.dst_port),
                What::Tcp {
                    seq: step.tcp.as_ref().map_or(0, |tcp| tcp.seq),
                    len: segment.len,
                    syn: segment.flags.syn(),
                    ack: segment.flags.ack(),
                    fin: segment.flags.fin(),
                    rst: segment.flags.rst(),
                    answers: step.tcp.as_ref().and_then(|tcp| tcp.facts.rst).is_some_and(answers),
                    data: segment.payload.get(..KEPT).unwrap_or(segment.payload).to_vec(),
                },
            ),
            Transport::Udp(datagram) => (ends(datagram.src_port, datagram.dst_port), What::Udp { len: datagram.len }),
            _ => (None, What::Other { quotes: step.quote.and_then(|quote| quote.frame) }),
        };
        Sent {
            frame: packet.number,
            time: packet.time,
            arrived: match packet.passage {
                Some(Passage::Left { arrived, .. }) => arrived.map(|arrived| arrived.time),
                _ => packet.time,
            },
            conn: step.conn.or_else(|| step.quote.and_then(|quote| quote.conn)),
            from: step.from,
            ends,
            what,
        }
    }

    /// It was sent after that moment.
    #[must_use]
    pub fn after(&self, moment: Time) -> bool {
        self.time.is_some_and(|time| time > moment)
    }
}
