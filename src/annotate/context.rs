//! The questions that several rules ask about a packet.

use super::{Certainty, Context};
use crate::decode::app::AppMessage;
use crate::decode::{TcpSegment, Transport};
use crate::language::{Text, Value};
use crate::track::connection::{Connection, FinMark};
use crate::track::labels::Labels;
use crate::track::step::{Acceptance, FinFact, RstFact, TcpFacts, TcpStep};
use crate::track::{Side, State};

/// Why a label of the textbook analyser says something else than the note beside it.
const DIFFERS: [(Labels, Text); 6] = [
    (
        Labels::KEEP_ALIVE,
        Text {
            en: "; the label keep_alive goes by the sequence number alone",
            id: "; label keep_alive hanya melihat nomor urutnya",
        },
    ),
    (
        Labels::WINDOW_UPDATE,
        Text {
            en: "; the label window_update sees only that the window changed",
            id: "; label window_update hanya melihat bahwa window berubah",
        },
    ),
    (
        Labels::DUPLICATE_ACK,
        Text {
            en: "; the label duplicate_ack sees only that the ACK number is the same",
            id: "; label duplicate_ack hanya melihat bahwa nomor ACK-nya sama",
        },
    ),
    (
        Labels::OUT_OF_ORDER,
        Text {
            en: "; the label out_of_order goes by the short time alone",
            id: "; label out_of_order hanya melihat waktunya yang singkat",
        },
    ),
    (
        Labels::SPURIOUS_RETRANSMISSION,
        Text {
            en: "; the label spurious_retransmission says that its ACK had been captured, not that it had arrived",
            id: "; label spurious_retransmission berarti ACK-nya sudah terekam, bukan sudah sampai",
        },
    ),
    (
        Labels::RETRANSMISSION,
        Text {
            en: "; the label retransmission goes by the lower sequence number alone",
            id: "; label retransmission hanya melihat nomor urutnya yang lebih rendah",
        },
    ),
];

impl<'a> Context<'a> {
    /// The segment when it brings payload for the first time.
    pub(super) fn new_data(&self) -> Option<(&'a TcpSegment<'a>, &'a TcpStep, &'a TcpFacts)> {
        self.tcp().filter(|(segment, _, facts)| facts.new_bytes > 0 && !segment.flags.rst())
    }

    /// The whole payload of a datagram, or of a segment that brings it for the first time; `None` when only a part of
    /// it was captured.
    pub(super) fn message(&self) -> Option<&'a [u8]> {
        let (payload, len) = match &self.packet.transport {
            Transport::Udp(datagram) => (datagram.payload, datagram.len),
            _ => self.new_data().map(|(segment, _, _)| (segment.payload, segment.len))?,
        };
        usize::try_from(len).is_ok_and(|len| len == payload.len()).then_some(payload)
    }

    /// The HTTP message of that kind that begins here.
    pub(super) fn http(&self, kind: &str) -> Option<&'a AppMessage> {
        self.new_data()?;
        self.step.app.as_ref().filter(|app| app.proto == "http" && app.kind == kind)
    }

    /// What the FIN does, unless it is a repeated one.
    pub(super) fn new_fin(&self) -> Option<FinFact> {
        let (segment, _, facts) = self.tcp()?;
        facts.fin.filter(|fin| !matches!(fin, FinFact::Again(_)) && !segment.flags.rst())
    }

    /// The FIN of the sender, sent with this packet or before it.
    pub(super) fn own_fin(&self) -> Option<FinMark> {
        self.conn?.fin[self.from()?.index()]
    }

    /// The FIN of the other end.
    pub(super) fn peer_fin(&self) -> Option<FinMark> {
        self.conn?.fin[self.from()?.other().index()]
    }

    /// How sure it is that the first FIN of the capture is the first of the connection.
    pub(super) fn first_fin_certainty(&self) -> Certainty {
        let mid_stream = self.tcp().is_some_and(|(_, _, facts)| facts.mid_stream);
        if mid_stream { Certainty::Likely } else { Certainty::Certain }
    }

    /// Both ends have sent a FIN, and the second did not acknowledge the first.
    pub(super) fn fins_crossed(&self) -> bool {
        let crossing = |fin: Option<FinMark>| fin.is_some_and(|fin| matches!(fin.fact, FinFact::Crossing(_)));
        crossing(self.own_fin()) || crossing(self.peer_fin())
    }

    /// The frame of the other end's FIN, when this packet is the first to acknowledge it.
    pub(super) fn acked_fin(&self) -> Option<u64> {
        let (segment, _, facts) = self.tcp()?;
        facts.acks_fin.filter(|_| !segment.flags.rst())
    }

    /// The facts of a segment that can do nothing but acknowledge.
    pub(super) fn bare_ack(&self) -> Option<&'a TcpFacts> {
        let (segment, _, facts) = self.tcp()?;
        let flags = segment.flags;
        (flags.ack() && segment.len == 0 && !flags.syn() && !flags.fin() && !flags.rst()).then_some(facts)
    }

    /// The RST of the packet.
    pub(super) fn rst(&self) -> Option<RstFact> {
        self.tcp()?.2.rst
    }

    /// The RST of the packet, unless a receiver that follows the RFCs would not take it.
    pub(super) fn effective_rst(&self) -> Option<RstFact> {
        self.rst().filter(|rst| matches!(rst.acceptance, Acceptance::Accepted | Acceptance::Unknown))
    }

    /// The segment comes from an end that has sent a SYN of its own and got the other's: simultaneous open.
    pub(super) fn answers_crossed_syn(&self) -> bool {
        if self.tcp().is_some_and(|(_, _, facts)| facts.answers_crossed_syn) {
            return true;
        }
        // In an ordinary open the end that is sent the SYN-ACK is still in SYN-SENT.
        let receiver = self.from().map(Side::other);
        let before = self.step.tcp.as_ref().zip(receiver).and_then(|(step, receiver)| step.before.of(receiver));
        before == Some(State::SynReceived)
    }

    /// Nanoseconds from the place of capture to the sender and back, as the handshake shows it. Where SYNs crossed, it
    /// shows nothing: no segment of it waited for the one before.
    pub(super) fn way_to_sender(&self) -> Option<i64> {
        let conn = self.conn?;
        let (asked, answered) = match self.from()? {
            Side::Server => (conn.syn, conn.syn_ack),
            Side::Client => (conn.syn_ack, conn.established),
        };
        let measured = asked.zip(answered).and_then(|(asked, answered)| Some(answered.time?.since(asked.time?)));
        // On one machine there is no way.
        measured.filter(|way| *way >= 0 && !conn.crossed_syns).or((conn.client.ip() == conn.server.ip()).then_some(0))
    }

    /// A clause for a socket that is connected to itself; else empty.
    pub(super) fn itself_clause(&self, clause: Text) -> Value {
        let itself = self.conn.is_some_and(Connection::is_with_itself);
        Value::Text(if itself { clause } else { Text { en: "", id: "" } })
    }

    /// A clause that says why the first of these labels that the segment has differs from the note; else empty.
    pub(super) fn label_clause(&self, misleading: &[Labels]) -> Value {
        let has = |label: Labels| self.tcp().is_some_and(|(_, step, _)| step.labels.has(label));
        let first = misleading.iter().find(|label| has(**label));
        let clause = DIFFERS.iter().find(|(label, _)| first == Some(label)).map(|(_, clause)| *clause);
        Value::Text(clause.unwrap_or(Text { en: "", id: "" }))
    }
}
