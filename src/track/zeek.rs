//! Zeek's labels of a connection: `conn_state` and `history`.
//!
//! They come from a state machine of their own, coarser than that of RFC 9293: a SYN-ACK establishes both ends, a FIN
//! closes its sender at once, and a RST resets its sender unless both ends are closed. The client is Zeek's originator.

use letters::Letters;

use super::origin::Origin;
use super::seq::Seq;
use super::step::{Proto, Side};
use crate::decode::TcpSegment;

mod letters;

/// Ranges captured beyond a gap that are remembered for each end.
const MAX_ISLANDS: usize = 2;
/// A number this far from the last one on a SYN or RST is not believed.
const FAR: i32 = 1 << 20;

/// What Zeek calls the end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnState {
    /// A SYN, no answer.
    S0,
    /// Established, not closed.
    S1,
    /// Established and closed by both ends.
    Sf,
    /// The SYN was refused.
    Rej,
    /// Established; only the client closed.
    S2,
    /// Established; only the server closed.
    S3,
    /// The client reset it.
    Rsto,
    /// The server reset it.
    Rstr,
    /// The client sent a SYN and then a RST; no answer was seen.
    Rstos0,
    /// The server answered and then reset; the client's SYN was not seen.
    Rstrh,
    /// The client sent a SYN and then a FIN; no answer was seen.
    Sh,
    /// The server answered and then closed; the client's SYN was not seen.
    Shr,
    /// None of these: traffic from the middle of a connection.
    Oth,
}

impl ConnState {
    /// Every value, in the order of Zeek's documentation.
    pub const ALL: [ConnState; 13] = [
        ConnState::S0,
        ConnState::S1,
        ConnState::Sf,
        ConnState::Rej,
        ConnState::S2,
        ConnState::S3,
        ConnState::Rsto,
        ConnState::Rstr,
        ConnState::Rstos0,
        ConnState::Rstrh,
        ConnState::Sh,
        ConnState::Shr,
        ConnState::Oth,
    ];

    /// Zeek's spelling.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ConnState::S0 => "S0",
            ConnState::S1 => "S1",
            ConnState::Sf => "SF",
            ConnState::Rej => "REJ",
            ConnState::S2 => "S2",
            ConnState::S3 => "S3",
            ConnState::Rsto => "RSTO",
            ConnState::Rstr => "RSTR",
            ConnState::Rstos0 => "RSTOS0",
            ConnState::Rstrh => "RSTRH",
            ConnState::Sh => "SH",
            ConnState::Shr => "SHR",
            ConnState::Oth => "OTH",
        }
    }
}

/// The state of one end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum EndState {
    #[default]
    Inactive,
    SynSent,
    SynAckSent,
    /// Seen only in the middle of the connection.
    Partial,
    Established,
    Closed,
    Reset,
}

/// How often something happened that is written at its first, tenth, hundredth… occurrence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Scaled(u32);

impl Scaled {
    /// One more; true when it is to be written.
    fn again(&mut self) -> bool {
        self.0 = self.0.saturating_add(1);
        let n = self.0;
        n != u32::MAX && 10_u32.checked_pow(n.ilog10()) == Some(n)
    }
}

/// One end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct End {
    state: EndState,
    before: EndState,
    /// Letters written once for a direction, as bits of [`once`].
    seen: u8,
    /// The numbers count from here; `None` before anything told them.
    start: Option<Seq>,
    /// The highest number sent.
    last: Seq,
    /// Everything before it was captured or counted as a gap.
    delivered: Seq,
    islands: [(Seq, Seq); MAX_ISLANDS],
    island_count: u8,
    /// The numbers of the last SYN, FIN and RST.
    repeats: [u32; 3],
    after_fin: Option<Seq>,
    data: bool,
    gaps: Scaled,
    retransmissions: Scaled,
    zero_windows: Scaled,
    corrupt: Scaled,
}

/// A segment without SYN, FIN and RST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It has payload.
    Data,
    /// It only acknowledges.
    LoneAck,
}

impl Event {
    /// One bit for each kind and sender.
    #[must_use]
    pub fn bit(self, from: Side) -> u8 {
        1 << (from.index() * 2 + usize::from(self == Event::Data))
    }

    fn once(self) -> u8 {
        if self == Event::Data { once::DATA } else { once::ACK }
    }
}

/// Bits of what was written already.
mod once {
    pub(super) const SYN: u8 = 1;
    pub(super) const FIN: u8 = 2;
    pub(super) const RST: u8 = 4;
    pub(super) const DATA: u8 = 8;
    pub(super) const ACK: u8 = 16;
    pub(super) const FIN_RST: u8 = 32;
    pub(super) const MULTI: u8 = 64;
}

impl End {
    fn becomes(&mut self, state: EndState) {
        if self.state != state {
            self.before = self.state;
            self.state = state;
        }
    }

    fn inactive(&self) -> bool {
        matches!(self.state, EndState::Inactive | EndState::Partial)
    }

    /// Established, or closed after it was.
    fn clean(&self) -> bool {
        self.state == EndState::Established || self.state == EndState::Closed && self.before == EndState::Established
    }

    fn restart(&mut self, start: Seq, last: Seq) {
        self.start = Some(start);
        self.last = last;
        self.delivered = start.plus(1);
        self.island_count = 0;
    }

    /// Fixes where the numbers of this end begin.
    fn number(&mut self, segment: &TcpSegment<'_>, end: Seq) {
        match self.state {
            EndState::Inactive if segment.flags.syn() => self.restart(segment.seq, end),
            // As though a SYN had been seen, so that the first byte is 1.
            EndState::Inactive => self.restart(segment.seq.minus(1), segment.seq),
            EndState::SynSent | EndState::SynAckSent | EndState::Established | EndState::Partial
                if segment.flags.syn() && self.start != Some(segment.seq) =>
            {
                self.restart(segment.seq, end);
            }
            EndState::Reset if segment.flags.syn() && self.before == EndState::Inactive => {
                self.restart(segment.seq, end);
            }
            _ => {}
        }
    }

    /// Moves the highest number; true when the payload was sent before.
    fn advance(&mut self, segment: &TcpSegment<'_>, end: Seq) -> bool {
        let ahead = end.distance(self.last);
        let jump = (segment.flags.syn() || segment.flags.rst()) && !(-FAR..=FAR).contains(&ahead);
        if jump || self.state == EndState::Reset {
            return false;
        }
        if ahead > 0 || segment.flags.fin() && self.start.is_some_and(|start| self.last == start.plus(1)) {
            self.last = end;
            return false;
        }
        segment.len > 0
    }

    /// Takes in payload that was captured as a whole.
    fn deliver(&mut self, start: Seq, end: Seq) {
        let (mut start, mut end) = (start.max(self.delivered), end);
        if !end.after(start) {
            return;
        }
        let mut kept = 0;
        for index in 0..usize::from(self.island_count) {
            let (left, right) = self.islands[index];
            if left.after(end) || start.after(right) {
                self.islands[kept] = (left, right);
                kept += 1;
            } else {
                start = if left.before(start) { left } else { start };
                end = end.max(right);
            }
        }
        self.island_count = u8::try_from(kept).unwrap_or(0);
        if start.after(self.delivered) {
            self.keep_island(start, end);
        } else {
            self.delivered = end;
        }
    }

    fn keep_island(&mut self, start: Seq, end: Seq) {
        let count = usize::from(self.island_count);
        if count < MAX_ISLANDS {
            self.islands[count] = (start, end);
            self.island_count += 1;
            self.islands[..=count].sort_unstable_by(|a, b| a.0.distance(b.0).cmp(&0));
        } else {
            // More gaps at once than are remembered: the last two are taken for one.
            let last = &mut self.islands[count - 1];
            last.1 = last.1.max(end);
            last.0 = if start.before(last.0) { start } else { last.0 };
        }
    }

    /// An ACK by the other end: how many gaps it proves, ranges that it covers and the capture does not have.
    fn acknowledged(&mut self, ack: Seq) -> u32 {
        let ack = match self.after_fin {
            Some(end) if ack.at_or_after(end) => end.minus(1),
            _ => ack,
        };
        let mut gaps = 0;
        while ack.after(self.delivered) {
            gaps += 1;
            let first = (self.island_count > 0).then(|| self.islands[0]).filter(|(left, _)| ack.at_or_after(*left));
            let Some((_, right)) = first else {
                self.delivered = ack;
                break;
            };
            self.delivered = right;
            self.islands.rotate_left(1);
            self.island_count -= 1;
        }
        gaps
    }
}

/// The labels of one connection under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Zeek {
    ends: [End; 2],
    letters: Letters,
}

impl Zeek {
    /// Counts its numbers from elsewhere.
    pub(super) fn rebase(&mut self, origin: &Origin) {
        for (own, end) in self.ends.iter_mut().enumerate() {
            for seq in [&mut end.last, &mut end.delivered].into_iter().chain(&mut end.start).chain(&mut end.after_fin) {
                origin.seq(own, seq);
            }
            for (left, right) in end.islands.iter_mut().take(end.island_count.into()) {
                origin.seq(own, left);
                origin.seq(own, right);
            }
        }
    }

    /// The letters so far.
    #[must_use]
    pub fn history(&self) -> String {
        String::from_utf8_lossy(self.letters.as_bytes()).into_owned()
    }

    /// The label by what was seen so far.
    #[must_use]
    pub fn conn_state(&self, proto: Proto) -> ConnState {
        match proto {
            Proto::Tcp => self.tcp_state(),
            Proto::Udp => match self.ends.map(|end| end.data) {
                [true, true] => ConnState::Sf,
                [true, false] => ConnState::S0,
                [false, true] => ConnState::Shr,
                [false, false] => ConnState::Oth,
            },
        }
    }

    fn tcp_state(&self) -> ConnState {
        let [orig, resp] = &self.ends;
        let no_data = !orig.data && !resp.data;
        match (orig.state, resp.state) {
            (EndState::SynSent | EndState::SynAckSent, EndState::Reset) => ConnState::Rej,
            (EndState::Reset, EndState::Reset) if no_data => ConnState::Rej,
            (_, EndState::Reset) if orig.inactive() => ConnState::Rstrh,
            (_, EndState::Reset) => ConnState::Rstr,
            (EndState::Reset, _) if !resp.inactive() => ConnState::Rsto,
            (EndState::Reset, _) if self.only_syn_and_rst() => ConnState::Rstos0,
            (EndState::Closed, EndState::Closed) => ConnState::Sf,
            (EndState::Closed, _) if resp.inactive() => ConnState::Sh,
            (EndState::Closed, _) => ConnState::S2,
            (_, EndState::Closed) if orig.inactive() => ConnState::Shr,
            (_, EndState::Closed) => ConnState::S3,
            (EndState::SynSent, EndState::Inactive) => ConnState::S0,
            (EndState::Established, EndState::Established) => ConnState::S1,
            _ => ConnState::Oth,
        }
    }

    /// The client's SYN was followed by its RST, with nothing else that means anything between them.
    fn only_syn_and_rst(&self) -> bool {
        let letters = self.letters.as_bytes();
        let letters = letters.strip_prefix(b"^").unwrap_or(letters);
        letters.strip_prefix(b"S").and_then(|rest| rest.iter().find(|letter| b"HAFGIQR".contains(letter)))
            == Some(&b'R')
    }

    /// The connection begins with a packet of the server: its direction is turned round.
    fn note_first(&mut self, from: Side) {
        if self.letters.as_bytes().is_empty()
            && self.ends.iter().all(|end| *end == End::default())
            && from == Side::Server
        {
            self.letters.push(b'^');
        }
    }

    /// Counts one packet whose checksum is wrong. Its receiver would not take it, so nothing else in it counts.
    pub fn corrupt(&mut self, from: Side) {
        self.note_first(from);
        let again = self.ends[from.index()].corrupt.again();
        self.scaled(from, b'c', again);
    }

    /// Follows one datagram.
    pub fn datagram(&mut self, from: Side) {
        self.note_first(from);
        self.ends[from.index()].data = true;
        self.once(from, once::DATA, b'd');
    }

    /// Follows one segment.
    pub fn segment(&mut self, from: Side, segment: &TcpSegment<'_>) {
        self.note_first(from);
        let (own, peer) = (from.index(), from.other().index());
        let payload = if segment.flags.rst() { 0 } else { segment.len };
        let control = u32::from(segment.flags.syn()) + u32::from(segment.flags.fin());
        let end = segment.seq.plus(payload.wrapping_add(control));
        self.ends[own].number(segment, end);
        self.write(from, segment);
        let zero = segment.window == 0 && !segment.flags.rst();
        if zero && self.ends[peer].state != EndState::Closed && self.ends[own].state != EndState::Reset {
            let again = self.ends[own].zero_windows.again();
            self.scaled(from, b'w', again);
        }
        if segment.flags.fin() {
            self.ends[own].after_fin = Some(end);
        }
        let known = self.ends[peer].state != EndState::Inactive;
        if segment.flags.ack() && !known {
            self.ends[peer].restart(segment.ack.minus(1), segment.ack.minus(1));
        }
        let repeated = self.ends[own].advance(segment, end);
        let again = repeated && self.ends[own].retransmissions.again();
        self.scaled(from, b't', again);
        self.ends[own].data |= payload > 0;
        self.step(from, segment);
        if segment.flags.ack() && known {
            self.note_gaps(from.other(), segment.ack);
        }
        let whole = segment.payload.len() >= segment.len as usize;
        if whole {
            let data = if segment.flags.syn() { segment.seq.plus(1) } else { segment.seq };
            self.ends[own].deliver(data, data.plus(payload));
        }
    }

    /// Both ends are open, nothing is missing, and no FIN has come.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.ends.iter().all(|end| {
            matches!(end.state, EndState::Established | EndState::Partial)
                && end.start.is_some()
                && end.island_count == 0
                && end.after_fin.is_none()
        })
    }

    /// Whether all that an end has sent ends there, and was captured.
    #[must_use]
    pub fn stands_at(&self, own: usize, next: Seq) -> bool {
        self.ends[own].last == next && self.ends[own].delivered == next
    }

    /// What one end sent went on until there, in order, captured, and with an open window.
    pub fn delivered_to(&mut self, own: usize, next: Seq) {
        let end = &mut self.ends[own];
        end.last = next;
        end.delivered = next;
        end.data = true;
    }

    /// The events that were written already, as [`Event::bit`]s.
    #[must_use]
    pub fn written(&self) -> u8 {
        let bits =
            [Side::Client, Side::Server].into_iter().flat_map(|from| [(from, Event::Data), (from, Event::LoneAck)]);
        bits.filter(|(from, event)| self.ends[from.index()].seen & event.once() != 0)
            .fold(0, |all, (from, event)| all | event.bit(from))
    }

    /// An end sent a segment of that kind.
    pub fn happened(&mut self, from: Side, event: Event) {
        self.once(from, event.once(), if event == Event::Data { b'd' } else { b'a' });
    }

    fn note_gaps(&mut self, of: Side, ack: Seq) {
        let ends = &mut self.ends;
        let clean = ends.iter().all(End::clean);
        let closing = ends.iter().any(|end| end.after_fin.is_some());
        let end = &mut ends[of.index()];
        let nothing_yet = end.start.is_some_and(|start| end.delivered == start.plus(1));
        // At the very end of a connection without any data the numbers may be anything.
        let believed = clean && !(nothing_yet && closing);
        let gaps = end.acknowledged(ack);
        for _ in 0..if believed { gaps } else { 0 } {
            let again = self.ends[of.index()].gaps.again();
            self.scaled(of, b'g', again);
        }
    }

    /// The letters of the flags.
    fn write(&mut self, from: Side, segment: &TcpSegment<'_>) {
        let flags = segment.flags;
        let end = &self.ends[from.index()];
        let relative = segment.seq.offset_from(end.start.unwrap_or(segment.seq));
        match (flags.syn(), flags.fin(), flags.rst()) {
            (false, false, false) if segment.len > 0 => self.once(from, once::DATA, b'd'),
            (false, false, false) if flags.ack() => self.once(from, once::ACK, b'a'),
            (false, false, false) => {}
            (true, false, false) => self.repeat(from, 0, once::SYN, if flags.ack() { b'h' } else { b's' }, relative),
            (false, true, false) => self.repeat(from, 1, once::FIN, b'f', relative.wrapping_add(segment.len)),
            (false, false, true) => self.repeat(from, 2, once::RST, b'r', relative),
            (_, true, true) => self.once(from, once::FIN_RST, b'i'),
            (true, ..) => self.once(from, once::MULTI, b'q'),
        }
    }

    fn letter(&mut self, from: Side, letter: u8) {
        self.letters.push(if from == Side::Client { letter.to_ascii_uppercase() } else { letter });
    }

    fn once(&mut self, from: Side, bit: u8, letter: u8) {
        let seen = &mut self.ends[from.index()].seen;
        if *seen & bit == 0 {
            *seen |= bit;
            self.letter(from, letter);
        }
    }

    /// Written again when the number differs from that of the last one.
    fn repeat(&mut self, from: Side, kind: usize, bit: u8, letter: u8, number: u32) {
        let end = &mut self.ends[from.index()];
        let new = end.seen & bit == 0 || end.repeats[kind] != number;
        end.seen |= bit;
        end.repeats[kind] = number;
        if new {
            self.letter(from, letter);
        }
    }

    fn scaled(&mut self, from: Side, letter: u8, again: bool) {
        if again {
            self.letter(from, letter);
        }
    }

    /// Moves both ends.
    fn step(&mut self, from: Side, segment: &TcpSegment<'_>) {
        let flags = segment.flags;
        let [orig, resp] = &mut self.ends;
        let (own, peer) = if from == Side::Client { (orig, resp) } else { (resp, orig) };
        match own.state {
            EndState::Inactive => first_step(from, own, peer, segment),
            EndState::SynSent | EndState::SynAckSent => {
                if flags.fin() {
                    own.becomes(EndState::Closed);
                }
                if flags.rst() {
                    own.becomes(EndState::Reset);
                }
            }
            EndState::Established | EndState::Partial => {
                let late_syn = flags.syn() && !flags.ack();
                if late_syn && own.state == EndState::Partial && peer.state == EndState::Inactive {
                    own.becomes(EndState::SynSent);
                }
                if flags.fin() && !flags.rst() {
                    own.becomes(EndState::Closed);
                    // FIN and then RST by one end, then the other's FIN: an ordinary end.
                    if peer.state == EndState::Reset && peer.before == EndState::Closed {
                        peer.becomes(EndState::Closed);
                    }
                }
                if flags.rst() {
                    own.becomes(EndState::Reset);
                }
            }
            EndState::Closed if flags.rst() && peer.state != EndState::Closed => own.becomes(EndState::Reset),
            EndState::Closed | EndState::Reset => {}
        }
    }
}

/// The first packet of an end.
fn first_step(from: Side, own: &mut End, peer: &mut End, segment: &TcpSegment<'_>) {
    let flags = segment.flags;
    match (flags.syn(), from) {
        (true, Side::Client) => {
            own.becomes(if flags.ack() { EndState::SynAckSent } else { EndState::SynSent });
        }
        (true, Side::Server) => {
            if peer.state == EndState::SynSent {
                peer.becomes(EndState::Established);
            }
            own.becomes(EndState::Established);
        }
        (false, _) => {}
    }
    if flags.fin() {
        own.becomes(EndState::Closed);
    }
    if flags.rst() {
        own.becomes(EndState::Reset);
    }
    if own.state != EndState::Inactive {
        return;
    }
    // Some systems acknowledge a SYN before they answer it.
    let early_ack = from == Side::Server && segment.len == 0 && peer.state == EndState::SynSent;
    if early_ack {
        return;
    }
    // A SYN-ACK was seen and now the ACK: the capture missed the SYN alone.
    let missed_syn = flags.ack() && peer.state == EndState::Established;
    own.becomes(if missed_syn { EndState::Established } else { EndState::Partial });
}

#[cfg(test)]
mod tests;
