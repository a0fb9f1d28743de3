//! Lines of source for what was kept while the programs ran.

use std::collections::HashMap;
use std::fs;
use std::rc::Rc;

use addr2line::Loader;
use object::{Object as _, ObjectSection as _};

use super::image::{Binaries, Binary, Stamp};
use super::{Frame, Place};
use crate::calls::source::names::{is_own, short};

/// The longest call instruction of x86-64 without a prefix that only fills, in bytes.
const LONGEST_CALL: usize = 8;

/// By place: `server.py:14`, where it has a line.
pub(super) fn lines(places: &[Rc<Place>], binaries: &Binaries) -> Vec<Option<String>> {
    let mut named = Named { binaries: binaries.by_number(), files: HashMap::new(), known: HashMap::new() };
    let found: Vec<Option<(String, u32)>> = places
        .iter()
        .map(|place| match &**place {
            Place::Line { file, line } => Some((file.clone(), *line)),
            Place::Frames(frames) => frames.iter().find_map(|frame| named.own(*frame)),
        })
        .collect();
    let short = short(found.iter().flatten().map(|(file, _)| file.as_str()));
    found
        .iter()
        .map(|found| found.as_ref().and_then(|(file, line)| Some(format!("{}:{line}", short.get(file.as_str())?))))
        .collect()
}

/// A program's file: what names its lines, and its code.
struct File {
    loader: Loader,
    code: Vec<(u64, Vec<u8>)>,
}

/// The debug information of the programs' files.
struct Named {
    binaries: HashMap<u32, Rc<Binary>>,
    files: HashMap<u32, Option<File>>,
    known: HashMap<Frame, Option<(String, u32)>>,
}

impl Named {
    /// The innermost line of the user's own source at this address: what was inlined there included.
    fn own(&mut self, frame: Frame) -> Option<(String, u32)> {
        if let Some(known) = self.known.get(&frame) {
            return known.clone();
        }
        let file = self.files.entry(frame.binary).or_insert_with(|| File::open(self.binaries.get(&frame.binary)?));
        let found = file.as_ref().and_then(|file| file.own(frame));
        self.known.insert(frame, found.clone());
        found
    }
}

impl File {
    /// None for a program that was compiled anew meanwhile: it has other lines.
    fn open(binary: &Binary) -> Option<File> {
        if Stamp::of(&binary.path).as_ref() != Some(&binary.stamp) {
            return None;
        }
        let bytes = object::ReadCache::new(fs::File::open(&binary.path).ok()?);
        let parsed = object::File::parse(&bytes).ok()?;
        let code = parsed.sections().filter(|section| section.kind() == object::SectionKind::Text);
        let code = code.filter_map(|section| Some((section.address(), section.data().ok()?.to_vec()))).collect();
        Some(File { loader: Loader::new(&binary.path).ok()?, code })
    }

    fn own(&self, frame: Frame) -> Option<(String, u32)> {
        if frame.returns && !self.follows_call(frame.address) {
            return None;
        }
        let mut frames = self.loader.find_frames(frame.address).ok()?;
        while let Ok(Some(frame)) = frames.next() {
            let place = frame.location.and_then(|location| Some((location.file?, location.line?)));
            if let Some((file, line)) = place.filter(|(file, line)| is_own(file) && *line > 0) {
                return Some((file.to_owned(), line));
            }
        }
        None
    }

    /// Whether the instruction of which this is the last byte is a call: what was taken for a return address may be none.
    fn follows_call(&self, last: u64) -> bool {
        let bytes = self.code.iter().find_map(|(begin, code)| {
            let end = usize::try_from(last.checked_sub(*begin)?).ok()?.checked_add(1)?;
            code.get(end.saturating_sub(LONGEST_CALL)..end)
        });
        bytes.is_some_and(ends_with_call)
    }
}

/// `call rel32` (`e8`), or one through a register or memory (`ff /2`).
fn ends_with_call(bytes: &[u8]) -> bool {
    let from_end = |n: usize| bytes.len().checked_sub(n).and_then(|at| bytes.get(at)).copied();
    from_end(5) == Some(0xe8)
        || (2..=7).any(|len| from_end(len) == Some(0xff) && from_end(len - 1).is_some_and(|modrm| modrm >> 3 & 7 == 2))
}

#[cfg(test)]
mod tests {
    use super::ends_with_call;

    #[test]
    fn calls_are_known_by_their_bytes() {
        for call in [
            &[0x90, 0xe8, 1, 2, 3, 4][..],
            // call rax; call r8; call [rip+…]; call [rsp+8]; call [rax+rbx*8+…]
            &[0x90, 0xff, 0xd0],
            &[0x41, 0xff, 0xd0],
            &[0xff, 0x15, 0, 0, 0, 0],
            &[0xff, 0x54, 0x24, 8],
            &[0xff, 0x94, 0xd8, 0, 1, 0, 0],
        ] {
            assert!(ends_with_call(call), "{call:x?}");
        }
        // jmp rax, jmp rel32, ret, nothing.
        for other in [&[0x90, 0x90, 0xff, 0xe0][..], &[0xe9, 1, 2, 3, 4], &[0xc3], &[]] {
            assert!(!ends_with_call(other), "{other:x?}");
        }
    }
}
