//! Runs packet scripts through decoding, tracking and the rules, for the tests of this module.

use super::verdict::{Verdict, verdict};
use super::{Annotation, Context, annotate};
use crate::decode::decode;
use crate::frame::{FrameSource, MemorySource};
use crate::script::Script;
use crate::track::Tracker;

/// A packet on which a rule fires, or on which it nearly does: why, which frame, the script.
pub(in crate::annotate) enum Case {
    /// The rule fires there.
    Fires(&'static str, u64, &'static str),
    /// The rule does not, though it might seem so.
    Silent(&'static str, u64, &'static str),
}

/// The annotations of every frame of a script, and the tracker at its end.
pub(crate) fn run(script: &str) -> (Vec<Vec<Annotation>>, Tracker) {
    let frames = Script::parse(script).unwrap_or_else(|error| panic!("{error}\n{script}")).frames();
    let mut source = MemorySource::new(&frames, &[]);
    let mut tracker = Tracker::new();
    let mut notes = Vec::new();
    while let Some(frame) = source.next_frame().expect("frames in memory are whole") {
        let packet = decode(&frame);
        let step = tracker.push(&packet);
        let conn = step.conn.and_then(|id| tracker.connection(id));
        notes.push(annotate(&Context { packet: &packet, step: &step, conn }));
    }
    (notes, tracker)
}

/// The annotations of one frame of a script.
pub(crate) fn notes(script: &str, frame: u64) -> Vec<Annotation> {
    let (mut notes, _) = run(script);
    let index = usize::try_from(frame).expect("a small number") - 1;
    assert!(index < notes.len(), "no frame {frame} in\n{script}");
    notes.swap_remove(index)
}

/// The names of the annotations of one frame, the main one first.
pub(crate) fn fires(script: &str, frame: u64) -> Vec<&'static str> {
    notes(script, frame).iter().map(|note| note.rule.name).collect()
}

/// The verdict on the first connection of a script.
pub(crate) fn judge(script: &str) -> Verdict {
    let (_, tracker) = run(script);
    verdict(&tracker.connections().next().expect("a connection"))
}
