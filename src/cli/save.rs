//! `--save`: the packets, each with its main explanation where the format has comments.

use std::path::{Path, PathBuf};

use super::console::Console;
use crate::annotate::Annotation;
use crate::failure::Failure;
use crate::file::save::Saver;
use crate::frame::{Frame, Interface};
use crate::language::messages::cli as messages;
use crate::language::{Lang, Value, Values};

/// A capture file being written beside a report.
pub(super) struct Keeper {
    saver: Saver,
    path: PathBuf,
    lang: Lang,
    packets: u64,
}

impl Keeper {
    pub(super) fn create(path: &Path, interfaces: &[Interface], lang: Lang) -> Result<Keeper, Failure> {
        Ok(Keeper { saver: Saver::create(path, interfaces)?, path: path.to_owned(), lang, packets: 0 })
    }

    pub(super) fn frame(&mut self, frame: &Frame<'_>, notes: &[Annotation]) -> Result<(), Failure> {
        self.packets += 1;
        let comment = notes.first().map(|note| note.note(self.lang));
        self.saver.frame(frame, comment.as_deref())
    }

    pub(super) fn finish(self, console: Console) -> Result<(), Failure> {
        self.saver.finish()?;
        let values =
            Values::none().with("n", Value::Count(self.packets)).words("path", self.path.display().to_string());
        let message = if self.packets == 1 { &messages::SAVED_ONE } else { &messages::SAVED };
        console.notice(message, &values);
        Ok(())
    }
}
