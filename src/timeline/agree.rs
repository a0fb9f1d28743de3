//! The kernel's own states held against those that the packets show.

use rustc_hash::FxHashMap;

use super::socket::{Source, Witnessed};
use crate::frame::Time;
use crate::track::{ConnId, Side, State};

/// A state that an end was in by its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// The state.
    pub state: State,
    /// The packet that brought it; none for the state before the first.
    pub frame: Option<u64>,
    /// When: at the sender when it left, at the receiver when it arrived.
    pub time: Option<Time>,
}

/// What a word of the kernel is worth beside the packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The packets show the same state, in the same order.
    Agrees,
    /// The packets cannot show it, and both are right.
    Aside(Aside),
    /// The packets show another state.
    Differs {
        /// The one that they show.
        inferred: Option<State>,
    },
}

/// What no packet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aside {
    /// FIN-WAIT-2 between FIN-WAIT-1 and TIME-WAIT, when one packet acknowledges the FIN and brings the other one.
    InstantFinWait2,
    /// ESTABLISHED between SYN-RECEIVED and CLOSE-WAIT, when the first packet that arrives after the SYN brings the FIN.
    InstantEstablished,
    /// CLOSED before TIME-WAIT, while the kernel puts a stand-in in the socket's place.
    PassingClosed,
    /// The same state again.
    Again,
    /// What follows a close whose FIN has not left: behind data that waits for room it may be on its way out for long, and
    /// a RST may come first. The program's call has moved the state, as RFC 9293 has it, and no packet shows that.
    HeldFin,
    /// The end of TIME-WAIT, by the clock or because the ports are wanted again.
    TimeWaitOver,
}

/// One word of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The state that it named.
    pub state: State,
    /// When.
    pub time: Time,
    /// What it is worth.
    pub verdict: Verdict,
}

/// What the kernel said about one end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The connection.
    pub conn: ConnId,
    /// Which end.
    pub side: Side,
    /// By which means it was heard.
    pub source: Source,
    /// Its words, in order.
    pub words: Vec<Word>,
    /// The packets that brought a state in which the kernel found the socket, too.
    pub confirmed: Vec<u64>,
    /// How many states the packets show.
    pub inferred: usize,
    /// The last of them.
    pub last: Option<State>,
}

impl End {
    /// The words that do not go with the packets.
    pub fn differences(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| matches!(word.verdict, Verdict::Differs { .. }))
    }
}

/// What the kernel said about the connections of a capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Testimony {
    /// By connection, the client's end first.
    pub ends: Vec<End>,
}

impl Testimony {
    /// Holds what was said, in order, against the states of each end, in order.
    #[must_use]
    pub fn new(said: &[(ConnId, Side, &Witnessed)], inferred: &FxHashMap<(ConnId, Side), Vec<Inferred>>) -> Testimony {
        let mut ends: Vec<End> = Vec::new();
        for (conn, side, first) in said {
            if ends.iter().any(|end| (end.conn, end.side) == (*conn, *side)) {
                continue;
            }
            let words: Vec<&Witnessed> =
                said.iter().filter(|(c, s, _)| (c, s) == (conn, side)).map(|(_, _, said)| *said).collect();
            let shown = inferred.get(&(*conn, *side)).map_or(&[][..], Vec::as_slice);
            let (words, confirmed) = compare(shown, &words);
            let (conn, side, source) = (*conn, *side, first.source);
            let last = shown.last().map(|shown| shown.state);
            ends.push(End { conn, side, source, words, confirmed, inferred: shown.len(), last });
        }
        ends.sort_by_key(|end| (end.conn, end.side.index()));
        Testimony { ends }
    }

    /// What was said about one end.
    #[must_use]
    pub fn of(&self, conn: ConnId, side: Side) -> Option<&End> {
        self.ends.iter().find(|end| (end.conn, end.side) == (conn, side))
    }

    /// True when the kernel found this end in the state that this packet brought it.
    #[must_use]
    pub fn confirms(&self, conn: ConnId, side: Side, frame: u64) -> bool {
        self.of(conn, side).is_some_and(|end| end.confirmed.contains(&frame))
    }
}

/// The kernel's words with their verdicts, and the frames that they confirm: they must be found, in order, among the
/// inferred states, which may have more.
fn compare(shown: &[Inferred], said: &[&Witnessed]) -> (Vec<Word>, Vec<u64>) {
    let (mut words, mut confirmed) = (Vec::new(), Vec::new());
    // The first inferred state that was not passed yet.
    let mut at = 0usize;
    for (place, word) in said.iter().enumerate() {
        let next = said.get(place + 1).map(|next| next.to);
        let before = at.checked_sub(1).and_then(|before| shown.get(before)).map(|shown| shown.state);
        let found = shown.iter().skip(at).position(|shown| shown.state == word.to);
        let verdict = match found {
            _ if place > 0 && before == Some(word.to) && word.from == word.to => Verdict::Aside(Aside::Again),
            Some(skipped) => {
                confirmed.extend(shown.get(at + skipped).and_then(|shown| shown.frame));
                at += skipped + 1;
                Verdict::Agrees
            }
            None => {
                if let Some((aside, passed)) = passing(shown, at, word.to) {
                    at = passed;
                    Verdict::Aside(aside)
                } else if let Some(aside) = ending(before, word.to, next).or_else(|| held(shown, word, &words)) {
                    Verdict::Aside(aside)
                } else {
                    Verdict::Differs { inferred: before.or_else(|| shown.first().map(|shown| shown.state)) }
                }
            }
        };
        words.push(Word { state: word.to, time: word.time, verdict });
    }
    (words, confirmed)
}

/// A state that one packet both brings and ends, and how far the inferred states are passed with it.
fn passing(shown: &[Inferred], at: usize, word: State) -> Option<(Aside, usize)> {
    let (aside, between) = match word {
        State::FinWait2 => (Aside::InstantFinWait2, [State::FinWait1, State::TimeWait]),
        State::Established => (Aside::InstantEstablished, [State::SynReceived, State::CloseWait]),
        _ => return None,
    };
    // The state before it may have been named already.
    let begin = at.saturating_sub(1);
    let found = shown.get(begin..)?.windows(2).position(|pair| [pair[0].state, pair[1].state] == between)?;
    Some((aside, begin + found + 1))
}

/// An end of a socket that no packet shows.
fn ending(before: Option<State>, word: State, next: Option<State>) -> Option<Aside> {
    match word {
        State::Closed if next == Some(State::TimeWait) => Some(Aside::PassingClosed),
        State::Closed if before == Some(State::TimeWait) => Some(Aside::TimeWaitOver),
        _ => None,
    }
}

/// A state that follows from a close whose FIN had not left when it was named.
fn held(shown: &[Inferred], word: &Witnessed, words: &[Word]) -> Option<Aside> {
    let left = shown.iter().find(|shown| matches!(shown.state, State::FinWait1 | State::LastAck));
    let waits = left.is_none_or(|left| left.time.is_some_and(|time| word.time < time));
    let named = |state| words.iter().any(|word| word.state == state);
    // Who closed second by the packets had closed first by its own account, when it never was in CLOSE-WAIT.
    let crossed = shown.iter().any(|shown| shown.state == State::LastAck) && !named(State::CloseWait);
    match word.to {
        State::FinWait1 | State::LastAck if waits => Some(Aside::HeldFin),
        State::Closing if waits || crossed => Some(Aside::HeldFin),
        State::TimeWait if crossed => Some(Aside::HeldFin),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::{CloseWait, Closed, Established, FinWait1, FinWait2, LastAck, Listen, SynSent, TimeWait};

    fn verdicts(shown: &[State], said: &[State]) -> (Vec<Verdict>, Vec<u64>) {
        let shown: Vec<Inferred> = shown
            .iter()
            .enumerate()
            .map(|(place, state)| Inferred {
                state: *state,
                frame: place.checked_sub(1).map(|frame| frame as u64 + 1),
                time: Some(Time(i64::try_from(place).expect("few"))),
            })
            .collect();
        let address = "127.0.0.1:1".parse().expect("address");
        let mut from = Closed;
        let said: Vec<Witnessed> = said
            .iter()
            .map(|to| Witnessed {
                time: Time(100),
                side: Side::Client,
                client: address,
                server: address,
                from: std::mem::replace(&mut from, *to),
                to: *to,
                source: Source::SockDiag,
            })
            .collect();
        let (words, confirmed) = compare(&shown, &said.iter().collect::<Vec<_>>());
        (words.iter().map(|word| word.verdict).collect(), confirmed)
    }

    #[test]
    fn a_gap_in_what_was_seen_is_no_difference() {
        let shown = [Closed, SynSent, Established, FinWait1, FinWait2, TimeWait];
        assert_eq!(verdicts(&shown, &[Established, TimeWait]), (vec![Verdict::Agrees; 2], vec![2, 5]));
    }

    #[test]
    fn another_state_or_another_order_is_a_difference() {
        let differs = |inferred| Verdict::Differs { inferred: Some(inferred) };
        let shown = [Listen, Established, CloseWait, LastAck, Closed];
        assert_eq!(verdicts(&shown, &[Listen, CloseWait, Established]).0[2], differs(CloseWait));
        assert_eq!(verdicts(&shown, &[SynSent]).0, [differs(Listen)]);
        // The connection is gone and no packet says so.
        assert_eq!(verdicts(&[Listen, Established], &[Established, Closed]).0, [Verdict::Agrees, differs(Established)]);
    }

    #[test]
    fn what_no_packet_can_show_is_set_aside() {
        let three = [Closed, SynSent, Established, FinWait1, TimeWait];
        let aside = |said: &[State], place: usize| verdicts(&three, said).0[place];
        assert_eq!(aside(&[FinWait1, FinWait2, TimeWait], 1), Verdict::Aside(Aside::InstantFinWait2));
        // Also when the state before it was not named; what comes before that is out of order then.
        assert_eq!(aside(&[FinWait2, TimeWait], 0), Verdict::Aside(Aside::InstantFinWait2));
        let late = verdicts(&three, &[FinWait2, Established]).0[1];
        assert_eq!(late, Verdict::Differs { inferred: Some(FinWait1) });
        assert_eq!(aside(&[FinWait1, Closed, TimeWait], 1), Verdict::Aside(Aside::PassingClosed));
        assert_eq!(aside(&[TimeWait, Closed], 1), Verdict::Aside(Aside::TimeWaitOver));
        assert_eq!(aside(&[Established, Established], 1), Verdict::Aside(Aside::Again));
        // Two packets: then it is a state like any other, and must come in order.
        let four = [Closed, SynSent, Established, FinWait1, FinWait2, TimeWait];
        assert_eq!(verdicts(&four, &[FinWait2, FinWait1]).0[1], Verdict::Differs { inferred: Some(FinWait2) });
    }
}
