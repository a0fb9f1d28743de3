//! `--calls-as-packets`: where the system calls stand among the packets of a saved capture, and what the numbers of the
//! packets are then.

use std::borrow::Cow;
use std::path::Path;

use super::save::SaveAs;
use crate::analysis::Stopped;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::file::exported::{self, About, Severity};
use crate::file::save::SaveFormat;
use crate::frame::{Interface, MemorySource, OwnedFrame, Passage, Time};
use crate::language::messages::{cli as messages, file as say};
use crate::language::{Lang, Value, Values};
use crate::report::people::programs::CallRow;
use crate::timeline::{Call, CallSeen, Deed, Witness};
use crate::track::{Proto, Side};

/// The frames of a live run with the numbers that they have in the file they are saved in, or would have.
pub(super) struct Numbered<'a> {
    frames: Cow<'a, [OwnedFrame]>,
    interfaces: Cow<'a, [Interface]>,
    dropped: Option<u64>,
    /// The numbers that the calls have, in their order.
    taken: Vec<u64>,
}

impl<'a> Numbered<'a> {
    /// The frames as they are to be saved.
    ///
    /// # Errors
    /// None of its own: those of [`Beside::witness`].
    pub(super) fn new(
        frames: &'a [OwnedFrame],
        interfaces: &'a [Interface],
        beside: &Beside,
        save: Option<SaveAs<'_>>,
    ) -> Result<Numbered<'a>, Stopped> {
        let (frames, interfaces, taken) = (Cow::Borrowed(frames), Cow::Borrowed(interfaces), Vec::new());
        let mut numbered = Numbered { frames, interfaces, dropped: beside.dropped, taken };
        if save.is_some_and(|save| save.calls) {
            let witness = beside.witness(&mut numbered.source())?;
            let times: Vec<Time> = listed(witness.as_ref()).iter().map(|seen| seen.shown_at()).collect();
            numbered.make_room(&times);
            numbered.interfaces.to_mut().push(Interface::calls());
        }
        Ok(numbered)
    }

    /// Gives each call of these times, which ascend, a number before the first packet that is not earlier.
    fn make_room(&mut self, times: &[Time]) {
        let mut times = times.iter().peekable();
        let mut next = 1;
        let mut anew = Vec::with_capacity(self.frames.len());
        for frame in self.frames.iter() {
            while times.next_if(|time| frame.time.is_some_and(|at| **time <= at)).is_some() {
                self.taken.push(next);
                next += 1;
            }
            anew.push(next);
            next += 1;
        }
        self.taken.extend((next..).zip(times).map(|(number, _)| number));
        // Numbers from elsewhere stay as they are.
        let place = |number: u64| usize::try_from(number).ok().and_then(|number| anew.get(number.checked_sub(1)?));
        for frame in self.frames.to_mut() {
            let named: Vec<&mut u64> = match &mut frame.passage {
                Some(Passage::Left { arrived, again }) => {
                    [arrived, again].into_iter().flatten().map(|at| &mut at.frame).collect()
                }
                Some(Passage::Came { left }) => vec![left],
                None => continue,
            };
            for number in named {
                *number = place(*number).copied().unwrap_or(*number);
            }
        }
    }

    /// The packets, from the first on.
    pub(super) fn source(&self) -> MemorySource<'_> {
        MemorySource::new(&self.frames, &self.interfaces).with_dropped(self.dropped).without_numbers(&self.taken)
    }

    /// All interfaces of the file.
    pub(super) fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// The frames of the calls, with the numbers that were kept free for them.
    pub(super) fn calls(&self, witness: Option<&Witness>, lang: Lang) -> Vec<CallFrame> {
        let interface = u32::try_from(self.interfaces.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let calls = self.taken.iter().zip(listed(witness));
        calls.map(|(number, seen)| CallFrame::new(*number, seen, interface, lang)).collect()
    }
}

/// A system call as a frame.
pub(super) struct CallFrame {
    pub(super) number: u64,
    pub(super) frame: OwnedFrame,
    /// That it is no packet, and which packets it made.
    pub(super) comment: String,
}

impl CallFrame {
    fn new(number: u64, seen: &CallSeen, interface: u32, lang: Lang) -> CallFrame {
        let call = &seen.call;
        let words = CallRow::new(seen, None, lang).map(|row| row.words).unwrap_or_default();
        let who = call.side.map_or("program", Side::name);
        let line = call.source.as_deref().map(|line| format!(" ({line})")).unwrap_or_default();
        let failed = call.error().is_some_and(|error| !matches!(error, "EAGAIN" | "EINPROGRESS"));
        let severity = if failed { Severity::Warning } else { Severity::Informational };
        let bytes = exported::syslog(&format!("{who}[{}]: {words}{line}", call.pid), severity, about(call));
        let values = Values::none().with("who", call.side.map_or(Value::Text(say::COMMENT_PROGRAM.text), Value::Side));
        let (message, values) = match seen.frames.as_slice() {
            [] => (&say::COMMENT_NO_PACKET, values),
            [frame] => (&say::COMMENT_MADE_ONE, values.with("frame", Value::Number(*frame))),
            frames => {
                let list: Vec<String> = frames.iter().map(u64::to_string).collect();
                (&say::COMMENT_MADE, values.words("frames", list.join(", ")))
            }
        };
        let frame = OwnedFrame {
            time: Some(seen.shown_at()),
            interface,
            link: Interface::calls().link,
            wire_len: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            bytes,
            passage: None,
        };
        CallFrame { number, frame, comment: message.text.fill(lang, &values) }
    }
}

/// Refuses a file for the packets alone when calls are to stand among them.
pub(super) fn needs_pcapng(save: &Path, calls: bool) -> Result<(), Failure> {
    if !calls || !matches!(SaveFormat::of(save), Ok(SaveFormat::Pcap)) {
        return Ok(());
    }
    let values = Values::none().words("path", save.display().to_string());
    Err(Failure::bad_input(&messages::CALLS_AS_PCAP, values).next(&messages::CALLS_AS_PCAP_NEXT))
}

/// The calls that people are shown, in the order in which they are.
fn listed(witness: Option<&Witness>) -> Vec<&CallSeen> {
    let calls = witness.map(|witness| witness.calls.as_slice()).unwrap_or_default();
    let mut calls: Vec<&CallSeen> = calls.iter().filter(|seen| CallRow::new(seen, None, Lang::En).is_some()).collect();
    calls.sort_by_key(|seen| (seen.shown_at(), seen.call.id));
    calls
}

/// The socket's own address and its peer's, as far as the call knows them.
fn about(call: &Call) -> About {
    let other = match &call.deed {
        Deed::Connect(address) => Some(*address),
        Deed::Send { to, .. } => *to,
        Deed::Receive { from, .. } => *from,
        _ => None,
    };
    let own = if let Deed::Bind(address) = &call.deed { Some(*address) } else { None };
    let socket = call.socket.as_ref();
    About {
        source: socket.and_then(|socket| socket.local).or(own),
        destination: other.or_else(|| socket.and_then(|socket| socket.peer)),
        udp: socket.is_some_and(|socket| socket.proto == Proto::Udp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Arrival, FrameSource as _, LinkType};

    fn frame(time: i64, passage: Option<Passage>) -> OwnedFrame {
        let bytes = vec![0; 20];
        OwnedFrame { time: Some(Time(time)), interface: 0, link: LinkType::RAW, wire_len: 20, bytes, passage }
    }

    #[test]
    fn a_call_stands_before_the_packet_of_its_time_and_ways_name_the_new_numbers() {
        let arrives = |frame, time| Passage::Left { arrived: Some(Arrival { frame, time: Time(time) }), again: None };
        let frames = [frame(10, Some(arrives(3, 30))), frame(20, None), frame(30, Some(Passage::Came { left: 1 }))];
        let mut numbered = Numbered {
            frames: Cow::Borrowed(&frames),
            interfaces: Cow::Owned(Vec::new()),
            dropped: None,
            taken: Vec::new(),
        };
        numbered.make_room(&[5, 10, 25, 40, 41].map(Time));
        assert_eq!(numbered.taken, [1, 2, 5, 7, 8]);
        let mut source = numbered.source();
        let mut read = Vec::new();
        while let Some(frame) = source.next_frame().unwrap() {
            read.push((frame.number, frame.passage.copied()));
        }
        assert_eq!(read, [(3, Some(arrives(6, 30))), (4, None), (6, Some(Passage::Came { left: 3 }))]);
    }
}
