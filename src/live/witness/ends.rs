//! From answers to changes of state.

use std::io;
use std::net::SocketAddr;

use super::look::{Answer, Lookups, question};
use crate::frame::Time;
use crate::timeline::{Source, Witnessed};
use crate::track::{Side, State};

/// A socket is gone when it was not found so many times in a row. While the kernel puts its stand-in for TIME-WAIT in
/// the socket's place, neither may be found.
const GONE: u32 = 4;

/// The two ends of a connection.
pub(super) struct Pair {
    client: SocketAddr,
    server: SocketAddr,
    /// By [`Side::index`].
    ends: [End; 2],
}

struct End {
    question: Vec<u8>,
    state: State,
    /// There has been a socket of this connection: a listener that is found from now on is only what is left.
    was_there: bool,
    /// Since when, and how many times in a row, it was not found.
    missed: Option<(Time, u32)>,
}

impl Pair {
    pub(super) fn new(client: SocketAddr, server: SocketAddr) -> Pair {
        Pair { client, server, ends: [End::new(client, server), End::new(server, client)] }
    }

    /// True when this was said about the pair.
    pub(super) fn is(&self, said: &Witnessed) -> bool {
        said.client == self.client && said.server == self.server
    }

    /// There has been a socket at either end.
    pub(super) fn was_there(&self) -> bool {
        self.ends.iter().any(|end| end.was_there)
    }

    /// Asks for both ends and notes what is new. False when an answer has to be confirmed by the next one.
    pub(super) fn look(
        &mut self,
        kernels: &mut [Lookups; 2],
        now: fn() -> Time,
        seen: &mut Vec<Witnessed>,
    ) -> io::Result<bool> {
        let mut sure = true;
        for side in [Side::Client, Side::Server] {
            let end = &mut self.ends[side.index()];
            let answer = kernels[side.index()].ask(&end.question)?;
            if let Some((time, from)) = end.take(answer, now) {
                let (client, server, to) = (self.client, self.server, end.state);
                seen.push(Witnessed { time, side, client, server, from, to, source: Source::SockDiag });
            }
            sure &= end.missed.is_none();
        }
        Ok(sure)
    }
}

impl End {
    fn new(local: SocketAddr, remote: SocketAddr) -> End {
        End { question: question(local, remote), state: State::Closed, was_there: false, missed: None }
    }

    /// The time of a change and the state before it.
    fn take(&mut self, answer: Answer, now: impl Fn() -> Time) -> Option<(Time, State)> {
        let state = match answer {
            Answer::Own(state) => {
                self.was_there = true;
                state
            }
            Answer::Listener if !self.was_there => State::Listen,
            Answer::Listener | Answer::None => State::Closed,
        };
        if state == self.state {
            self.missed = None;
            return None;
        }
        if state != State::Closed {
            self.missed = None;
            return Some((now(), std::mem::replace(&mut self.state, state)));
        }
        let (since, times) = self.missed.unwrap_or_else(|| (now(), 0));
        self.missed = Some((since, times + 1));
        (times + 1 >= GONE).then(|| {
            self.missed = None;
            (since, std::mem::replace(&mut self.state, state))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// The changes that these answers make, with the number of the answer that each is dated by.
    fn changes(answers: &[Answer]) -> Vec<(i64, State, State)> {
        let address = "127.0.0.1:1".parse().expect("address");
        let mut end = End::new(address, address);
        let clock = Cell::new(0);
        let mut out = Vec::new();
        for answer in answers {
            clock.set(clock.get() + 1);
            if let Some((time, from)) = end.take(*answer, || Time(clock.get())) {
                out.push((time.0, from, end.state));
            }
        }
        out
    }

    use Answer::{Listener, None, Own};
    use State::{Closed, Established, FinWait2, LastAck, Listen, SynReceived, TimeWait};

    #[test]
    fn a_listener_counts_only_until_the_connection_has_a_socket() {
        let found = changes(&[None, Listener, Own(SynReceived), Own(LastAck), Listener, Listener, Listener, Listener]);
        let expected = [(2, Closed, Listen), (3, Listen, SynReceived), (4, SynReceived, LastAck), (5, LastAck, Closed)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_socket_that_is_not_found_for_a_moment_is_not_closed() {
        let found = changes(&[Own(FinWait2), None, None, None, Own(TimeWait), Own(TimeWait)]);
        assert_eq!(found, [(1, Closed, FinWait2), (5, FinWait2, TimeWait)]);
    }

    #[test]
    fn a_socket_that_stays_away_was_closed_when_it_was_missed_first() {
        let found = changes(&[Own(Established), Own(Established), None, None, None, None, None]);
        assert_eq!(found, [(1, Closed, Established), (3, Established, Closed)]);
    }

    #[test]
    fn a_stand_in_without_a_program_is_a_state_like_any_other() {
        assert_eq!(changes(&[Own(FinWait2); 9]), [(1, Closed, FinWait2)]);
    }
}
