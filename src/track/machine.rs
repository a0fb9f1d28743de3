//! One end's state machine (RFC 9293 section 3.3.2, Figure 5), moved by what the end sends and receives.
//!
//! The functions answer "which state comes next"; whether a number covers the FIN, or a segment is the one that is
//! expected, is decided by the caller from the sequence numbers and handed in.

use super::step::State;
use State::{
    CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck, Listen, SynReceived, SynSent, TimeWait,
};

/// What an end sends, as far as its state depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// SYN without ACK.
    Syn,
    /// SYN with ACK.
    SynAck,
    /// An ACK without SYN or RST.
    Ack,
    /// Payload that it had not sent before, on a connection whose SYNs carried none.
    Data,
    /// A FIN.
    Fin,
    /// A FIN that does not acknowledge the peer's, which is already under way.
    CrossingFin,
    /// A RST; `answer` when it has no ACK flag, so that it answers an unacceptable segment.
    Rst {
        /// It has no ACK flag.
        answer: bool,
    },
}

/// What an end receives, as far as its state depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receives {
    /// SYN without ACK.
    Syn,
    /// SYN with an ACK that covers the own SYN.
    SynAck,
    /// An ACK that covers the own SYN, on a segment without SYN.
    AckOfSyn,
    /// An ACK that covers the own FIN.
    AckOfFin,
    /// The peer's FIN, everything before it received.
    Fin,
    /// A RST that the end accepts.
    Rst,
}

/// The state of an end after it has sent something. `None` is "the capture cannot tell".
#[must_use]
#[allow(clippy::match_same_arms, reason = "one arm is one situation of the RFC")]
pub fn sent(state: Option<State>, what: Sends) -> Option<State> {
    match (what, state) {
        // Active open (3.5); also a new attempt after an earlier connection, and an end not seen before.
        (Sends::Syn, None | Some(Closed | Listen | TimeWait)) => Some(SynSent),
        // Its SYN was taken for one that a listener would answer, but it opens actively itself: the SYNs cross
        // (3.5, Figure 7), and the peer's has been received.
        (Sends::Syn, Some(SynReceived)) => Some(SynReceived),
        // Passive open: a SYN came in LISTEN (3.10.7.2), or crossed the own one in SYN-SENT (3.10.7.3).
        (Sends::SynAck, None | Some(Closed | Listen | SynSent | TimeWait)) => Some(SynReceived),
        // In SYN-SENT an end acknowledges nothing: the SYN-ACK came, and the capture missed it.
        (Sends::Ack, Some(SynSent)) => Some(Established),
        // In SYN-RECEIVED data is queued (3.10.3): the handshake was completed, and the capture missed it.
        (Sends::Data, Some(SynReceived)) => Some(Established),
        // close() or shutdown() before the peer's FIN has come (3.6 case 1); 3.9.1.4 allows it in SYN-RECEIVED.
        (Sends::Fin | Sends::CrossingFin, None | Some(Established | SynReceived)) => Some(FinWait1),
        // close() after the peer's FIN (3.6 case 2).
        (Sends::Fin, Some(CloseWait)) => Some(LastAck),
        // The peer's FIN, taken as received when it was captured, had not come: both close at once (3.6 case 3), and
        // by now it has arrived in FIN-WAIT-1.
        (Sends::CrossingFin, Some(CloseWait)) => Some(Closing),
        // In SYN-SENT a reset answers an unacceptable ACK and the end goes on waiting (3.10.7.3, Figure 9).
        (Sends::Rst { answer: true }, Some(SynSent)) => Some(SynSent),
        // An end that resets has no connection any more (3.5.2, 3.9.1.6).
        (Sends::Rst { .. }, _) => Some(Closed),
        // A repeated SYN, SYN-ACK or FIN changes nothing.
        (_, state) => state,
    }
}

/// The state of an end after it has received something. `None` is "the capture cannot tell".
#[must_use]
#[allow(clippy::match_same_arms, reason = "one arm is one situation of the RFC")]
pub fn received(state: Option<State>, what: Receives) -> Option<State> {
    match (what, state) {
        // A listener answers (3.10.7.2); that one listens is inferred until it does.
        // In SYN-SENT the SYNs have crossed (3.10.7.3 fourth step).
        (Receives::Syn, None | Some(Closed | Listen | SynSent | TimeWait)) => Some(SynReceived),
        // The own SYN is acknowledged and the peer's has come (3.10.7.3); `None`: the own SYN was not captured.
        // After crossing SYNs the ACK on the second one does it (3.10.7.4 fifth step).
        (Receives::SynAck, None | Some(SynSent | SynReceived)) => Some(Established),
        // Third step of the handshake (3.10.7.4 fifth step). In SYN-SENT an ACK without SYN opens nothing.
        (Receives::AckOfSyn, Some(SynReceived)) => Some(Established),
        // 3.10.7.4 fifth step: the own FIN is acknowledged.
        (Receives::AckOfFin, Some(FinWait1)) => Some(FinWait2),
        (Receives::AckOfFin, Some(Closing)) => Some(TimeWait),
        (Receives::AckOfFin, Some(LastAck)) => Some(Closed),
        // 3.10.7.4 eighth step: the peer has no more data.
        (Receives::Fin, None | Some(SynReceived | Established)) => Some(CloseWait),
        // Its FIN did not acknowledge ours (an ACK in it was handled first), so both close at once (3.6 case 3).
        (Receives::Fin, Some(FinWait1)) => Some(Closing),
        (Receives::Fin, Some(FinWait2)) => Some(TimeWait),
        // 3.10.7.4 second step. Linux also drops a TIME-WAIT on an acceptable RST (RFC 1337 discusses it).
        (Receives::Rst, _) => Some(Closed),
        // What the state does not wait for changes nothing.
        (_, state) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figure 5 of RFC 9293 as a table: every arrow, and for each input that no state listens to it stays.
    #[test]
    fn every_arrow_of_the_state_diagram() {
        let sends = [
            (Closed, Sends::Syn, SynSent),
            (Listen, Sends::Syn, SynSent),
            (Listen, Sends::SynAck, SynReceived),
            (SynSent, Sends::SynAck, SynReceived),
            (SynReceived, Sends::Fin, FinWait1),
            (Established, Sends::Fin, FinWait1),
            (CloseWait, Sends::Fin, LastAck),
            (CloseWait, Sends::CrossingFin, Closing),
            (Established, Sends::CrossingFin, FinWait1),
            (FinWait1, Sends::Fin, FinWait1),
            (LastAck, Sends::Fin, LastAck),
            (SynSent, Sends::Rst { answer: true }, SynSent),
            (SynReceived, Sends::Rst { answer: false }, Closed),
            (Established, Sends::Syn, Established),
            (SynSent, Sends::Ack, Established),
            (SynReceived, Sends::Ack, SynReceived),
            (SynReceived, Sends::Data, Established),
            (CloseWait, Sends::Data, CloseWait),
        ];
        for (state, what, next) in sends {
            assert_eq!(sent(Some(state), what), Some(next), "{state:?} sends {what:?}");
        }
        let receives = [
            (Listen, Receives::Syn, SynReceived),
            (SynSent, Receives::Syn, SynReceived),
            (SynSent, Receives::SynAck, Established),
            (SynSent, Receives::AckOfSyn, SynSent),
            (SynReceived, Receives::AckOfSyn, Established),
            (Established, Receives::Fin, CloseWait),
            (FinWait1, Receives::AckOfFin, FinWait2),
            (FinWait1, Receives::Fin, Closing),
            (FinWait2, Receives::Fin, TimeWait),
            (Closing, Receives::AckOfFin, TimeWait),
            (LastAck, Receives::AckOfFin, Closed),
            (Established, Receives::AckOfFin, Established),
            (CloseWait, Receives::Fin, CloseWait),
            (TimeWait, Receives::Fin, TimeWait),
            (Established, Receives::Syn, Established),
            (CloseWait, Receives::Rst, Closed),
        ];
        for (state, what, next) in receives {
            assert_eq!(received(Some(state), what), Some(next), "{state:?} receives {what:?}");
        }
    }
}
