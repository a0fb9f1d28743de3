//! Probes: segments that only ask, whether the window has opened or whether the other end is still there.
//!
//! They are told by numbers and times alone, so each end remembers what it sent and announced last.

use super::connection::Mark;
use super::origin::Origin;
use super::seq::Seq;
use crate::decode::TcpSegment;

/// A keep-alive needs this much idle time, in nanoseconds.
const IDLE: i64 = 500_000_000;

/// A segment that only asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What about.
    pub kind: ProbeKind,
    /// How long its sender had sent nothing that takes sequence numbers (ns).
    pub idle: Option<i64>,
    /// For a zero window: the frame that announced it last.
    pub closed: Option<u64>,
}

/// What a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ProbeKind {
    /// Whether the window has opened.
    ZeroWindow,
    /// Whether the other end is still there.
    KeepAlive,
}

/// What is remembered of one end.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct End {
    /// After everything it sent.
    next: Option<Seq>,
    /// When the last segment that brought `next` to where it is was sent.
    tail: Option<Mark>,
    last: Option<Mark>,
    /// The highest number that it acknowledged.
    acking: Option<Seq>,
    /// The window that it announced last, SYNs apart, and the frame.
    window: Option<(u32, u64)>,
    /// The last probe that nothing answered.
    unanswered: Option<(ProbeKind, Mark)>,
    /// How many of them there were in a row.
    count: u32,
}

/// The probes of one connection.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Probes {
    ends: [End; 2],
}

impl Probes {
    /// How many keep-alive probes of an end nothing has answered, with the frame of the last.
    pub(super) fn unanswered(&self, own: usize) -> Option<(u32, u64)> {
        let end = &self.ends[own];
        end.unanswered.filter(|(kind, _)| *kind == ProbeKind::KeepAlive).map(|(_, at)| (end.count, at.frame))
    }

    /// The probe of the end `own` that waits for an answer, and its frame.
    pub(super) fn pending(&self, own: usize) -> Option<(ProbeKind, u64)> {
        self.ends[own].unanswered.map(|(kind, at)| (kind, at.frame))
    }

    /// What the next segment asks, sent by the end `own` (0 or 1) with this window in bytes.
    pub(super) fn push(&mut self, own: usize, segment: &TcpSegment<'_>, at: Mark, window: u32) -> Option<Probe> {
        let probe = self.find(own, segment, at).filter(|_| !segment.flags.rst());
        let [first, second] = &mut self.ends;
        let (me, peer) = if own == 0 { (first, second) } else { (second, first) };
        me.remember(segment, at, window);
        peer.unanswered = None;
        peer.count = 0;
        if let Some(probe) = probe {
            let same = me.unanswered.is_some_and(|(kind, _)| kind == probe.kind);
            me.count = if same { me.count.saturating_add(1) } else { 1 };
            me.unanswered = Some((probe.kind, at));
        }
        probe
    }

    /// Counts its numbers, frames and times from elsewhere.
    pub(super) fn rebase(&mut self, origin: &Origin) {
        for (own, end) in self.ends.iter_mut().enumerate() {
            end.next.iter_mut().for_each(|seq| origin.seq(own, seq));
            end.acking.iter_mut().for_each(|seq| origin.seq(1 - own, seq));
            [&mut end.tail, &mut end.last].into_iter().flatten().for_each(|mark| origin.mark(mark));
            end.window.iter_mut().for_each(|(_, frame)| origin.frame(frame));
            end.unanswered.iter_mut().for_each(|(_, mark)| origin.mark(mark));
        }
    }

    fn find(&self, own: usize, segment: &TcpSegment<'_>, now: Mark) -> Option<Probe> {
        let (me, peer) = (&self.ends[own], &self.ends[1 - own]);
        let flags = segment.flags;
        if flags.syn() || flags.fin() || !flags.ack() || segment.len > 1 {
            return None;
        }
        let (next, una) = (me.next?, peer.acking);
        let idle = me.tail.or(me.last).and_then(|sent| Some(now.time?.since(sent.time?)));
        let before = |number: Option<Seq>| number.is_some_and(|number| number.minus(1) == segment.seq);
        let empty = segment.len == 0;
        if let Some((0, frame)) = peer.window {
            let asks = if empty { before(una) || before(Some(next)) } else { una == Some(segment.seq) };
            return asks.then_some(Probe { kind: ProbeKind::ZeroWindow, idle, closed: Some(frame) });
        }
        // An ACK that a data segment of one byte overtook has the same number, but it comes at once.
        let silent = idle.is_none_or(|idle| idle >= IDLE);
        let asks = before(Some(next)) && silent && (empty || una == Some(next));
        asks.then_some(Probe { kind: ProbeKind::KeepAlive, idle, closed: None })
    }

    /// Nothing asks for an answer, and both windows are open.
    pub(super) fn are_quiet(&self) -> bool {
        self.ends.iter().all(|end| end.unanswered.is_none() && end.window.is_none_or(|(window, _)| window > 0))
    }

    /// As [`Probes::push`] for segments that are the next ones in order, with an open window, while all is quiet: `data`
    /// is the last one with data, `at` the last.
    #[inline]
    pub(super) fn advance(&mut self, own: usize, (end, data): (Seq, Option<Mark>), ack: Seq, at: Mark, window: u32) {
        let me = &mut self.ends[own];
        me.next = Some(end);
        me.tail = data.or(me.tail);
        me.last = Some(at);
        me.acking = Some(ack);
        me.window = Some((window, at.frame));
    }
}

impl End {
    fn remember(&mut self, segment: &TcpSegment<'_>, at: Mark, window: u32) {
        self.last = Some(at);
        let rst = segment.flags.rst();
        if segment.sequence_len() == 0 || rst {
            self.next.get_or_insert(segment.seq);
        } else if self.next.is_none_or(|next| segment.end().after(next)) {
            self.next = Some(segment.end());
            self.tail = Some(at);
        }
        if segment.flags.ack() && !rst {
            self.acking = Some(self.acking.map_or(segment.ack, |una| una.max(segment.ack)));
            if !segment.flags.syn() {
                self.window = Some((window, at.frame));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use crate::frame::{FrameSource as _, MemorySource};
    use crate::script::Script;
    use crate::track::Tracker;

    /// What the last packet asks.
    fn asked(rest: &str) -> Option<ProbeKind> {
        let handshake = "0 C>S SYN mss=1460 ws=7\n0.1 S>C SYN,ACK mss=1460 ws=7\n0.2 C>S ACK\n1 C>S PSH,ACK \"halo\"\n1.1 S>C ACK\n";
        let frames = Script::parse(&format!("{handshake}{rest}")).expect("a script").frames();
        let mut tracker = Tracker::new();
        let mut source = MemorySource::new(&frames, &[]);
        let mut last = None;
        while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
            last = tracker.push(&decode(&frame)).tcp.expect("TCP").facts.repair.probe;
        }
        last.map(|probe| probe.kind)
    }

    #[test]
    fn only_a_segment_with_an_old_number_and_nothing_new_asks() {
        let (alive, window) = (Some(ProbeKind::KeepAlive), Some(ProbeKind::ZeroWindow));
        let cases = [
            ("the number before the next, after a silence", "2000 C>S ACK seq=4", alive),
            ("the same with the last byte", "2000 C>S ACK seq=4 len=1", alive),
            ("the same at once", "2 C>S ACK seq=4", None),
            ("the last byte and a new one", "2000 C>S PSH,ACK seq=4 len=2", None),
            ("without an acknowledgment", "2000 C>S PSH seq=4", None),
            ("a FIN sent again", "2 C>S FIN,ACK\n2000 C>S FIN,ACK seq=5", None),
            ("the server's SYN again", "2000 S>C SYN,ACK seq=0", None),
            ("a RST", "2000 C>S RST,ACK seq=4", None),
            ("an older number still", "2000 C>S ACK seq=3", None),
            ("a byte that was never acknowledged", "3 C>S PSH,ACK \"a\"\n2000 C>S ACK seq=5 len=1", None),
            ("without data to a closed window", "2 S>C ACK win=0\n220 C>S ACK seq=4", window),
            ("the same at once", "2 S>C ACK win=0\n2.1 C>S ACK seq=4", window),
            (
                "to a closed window, before what is not acknowledged",
                "2 C>S PSH,ACK \"ab\"\n3 S>C ACK ack=5 win=0\n220 C>S ACK seq=4",
                window,
            ),
            (
                "to a closed window, before the next",
                "2 C>S PSH,ACK \"ab\"\n3 S>C ACK ack=5 win=0\n220 C>S ACK seq=6",
                window,
            ),
            ("to a closed window, neither", "2 C>S PSH,ACK \"ab\"\n3 S>C ACK ack=5 win=0\n220 C>S ACK seq=5", None),
            ("with the next byte to a closed window", "2 S>C ACK win=0\n220 C>S ACK len=1", window),
            ("the old byte to a closed window", "2 S>C ACK win=0\n220 C>S ACK seq=4 len=1", None),
        ];
        for (what, rest, expected) in cases {
            assert_eq!(asked(rest), expected, "{what}");
        }
    }
}
