//! `--save`: the packets, each with its explanation and what made it where the format has comments, and what was seen
//! beside them.

use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use rustc_hash::FxHashMap;

use super::among::{CallFrame, Numbered};
use super::console::Console;
use crate::annotate::Annotation;
use crate::beside::Beside;
use crate::failure::Failure;
use crate::file::save::Saver;
use crate::frame::{Frame, Interface};
use crate::language::messages::{cli as messages, file as say};
use crate::language::{Lang, Value, Values};
use crate::report::people::programs::words;
use crate::timeline::{CallSeen, Owner, Witness};

/// Where the packets are to be kept.
#[derive(Clone, Copy)]
pub(super) struct SaveAs<'a> {
    pub(super) path: &'a Path,
    /// The calls are to stand among them.
    pub(super) calls: bool,
}

/// A capture file being written beside a report.
pub(super) struct Keeper<'a> {
    saver: Saver,
    path: PathBuf,
    lang: Lang,
    packets: u64,
    witness: Option<&'a Witness>,
    /// By frame: the calls that made it.
    calls: FxHashMap<u64, Vec<&'a CallSeen>>,
    /// The calls that are to stand among the packets and do not yet.
    among: Peekable<IntoIter<CallFrame>>,
}

impl<'a> Keeper<'a> {
    pub(super) fn create(path: &Path, interfaces: &[Interface], lang: Lang) -> Result<Keeper<'a>, Failure> {
        let saver = Saver::create(path, interfaces)?;
        let (path, calls, among) = (path.to_owned(), FxHashMap::default(), Vec::new().into_iter().peekable());
        Ok(Keeper { saver, path, lang, packets: 0, witness: None, calls, among })
    }

    /// The same, with what was seen beside the packets, and who made which of them.
    pub(super) fn with(
        path: &Path,
        numbered: &Numbered<'_>,
        lang: Lang,
        beside: &Beside,
        witness: Option<&'a Witness>,
    ) -> Result<Keeper<'a>, Failure> {
        let text = if beside.is_empty() { String::new() } else { beside.text() };
        let saver = Saver::with(path, numbered.interfaces(), &text, beside.dropped)?;
        let mut calls: FxHashMap<u64, Vec<&'a CallSeen>> = FxHashMap::default();
        for seen in witness.map(|witness| witness.calls.as_slice()).unwrap_or_default() {
            for frame in &seen.frames {
                calls.entry(*frame).or_default().push(seen);
            }
        }
        let among = numbered.calls(witness, lang).into_iter().peekable();
        Ok(Keeper { saver, path: path.to_owned(), lang, packets: 0, witness, calls, among })
    }

    pub(super) fn frame(&mut self, frame: &Frame<'_>, notes: &[Annotation]) -> Result<(), Failure> {
        self.packets += 1;
        self.calls_before(frame.number)?;
        let mut comments: Vec<String> = notes.first().map(|note| note.note(self.lang)).into_iter().collect();
        comments.extend(self.makers(frame.number));
        let comments: Vec<&str> = comments.iter().map(String::as_str).collect();
        self.saver.frame(frame, &comments)
    }

    /// The calls whose numbers are smaller.
    fn calls_before(&mut self, number: u64) -> Result<(), Failure> {
        while let Some(call) = self.among.next_if(|call| call.number < number) {
            self.saver.owned(&call.frame, &[&call.comment])?;
        }
        Ok(())
    }

    /// Who made a packet, as sentences.
    fn makers(&self, frame: u64) -> Vec<String> {
        let lang = self.lang;
        if let Some(calls) = self.calls.get(&frame) {
            return calls.iter().map(|seen| made(seen, frame, lang)).collect();
        }
        let owner = self.witness.and_then(|witness| witness.owners.get(&frame));
        let sentence = match owner {
            Some(Owner::Kernel(Some(cause))) => {
                say::COMMENT_KERNEL_BECAUSE.text.fill(lang, &Values::none().with("frame", Value::Number(*cause)))
            }
            Some(Owner::Kernel(None)) => say::COMMENT_KERNEL.text.get(lang).to_owned(),
            Some(Owner::Exit) => say::COMMENT_EXIT.text.get(lang).to_owned(),
            Some(Owner::Call(_)) | None => return Vec::new(),
        };
        vec![sentence]
    }

    pub(super) fn finish(mut self, console: Console) -> Result<(), Failure> {
        self.calls_before(u64::MAX)?;
        self.saver.finish()?;
        let values =
            Values::none().with("n", Value::Count(self.packets)).words("path", self.path.display().to_string());
        let message = if self.packets == 1 { &messages::SAVED_ONE } else { &messages::SAVED };
        console.notice(message, &values);
        Ok(())
    }
}

/// The call that made a packet.
fn made(seen: &CallSeen, frame: u64, lang: Lang) -> String {
    let who = seen.call.side.map_or(Value::Text(say::COMMENT_PROGRAM.text), Value::Side);
    let message = if seen.deferred.contains(&frame) { &say::COMMENT_CALL_LATER } else { &say::COMMENT_CALL };
    message.text.fill(lang, &Values::none().with("who", who).words("call", words(seen, lang)))
}
