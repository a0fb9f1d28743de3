//! Lines of source for what was kept while the programs ran.

use std::collections::HashMap;
use std::rc::Rc;

use addr2line::Loader;

use super::Place;
use super::image::{Binaries, Binary, Stamp};
use crate::calls::source::names::{is_own, short};

/// By place: `server.py:14`, where it has a line.
pub(super) fn lines(places: &[Rc<Place>], binaries: &Binaries) -> Vec<Option<String>> {
    let mut named = Named { binaries: binaries.by_number(), loaders: HashMap::new(), known: HashMap::new() };
    let found: Vec<Option<(String, u32)>> = places
        .iter()
        .map(|place| match &**place {
            Place::Line { file, line } => Some((file.clone(), *line)),
            Place::Frames(frames) => frames.iter().find_map(|frame| named.own(*frame)),
        })
        .collect();
    let names = short(found.iter().flatten().map(|(file, _)| file.as_str()));
    found
        .iter()
        .map(|found| found.as_ref().and_then(|(file, line)| Some(format!("{}:{line}", names.get(file.as_str())?))))
        .collect()
}

/// The debug information of the programs' files.
struct Named {
    binaries: HashMap<u32, Rc<Binary>>,
    loaders: HashMap<u32, Option<Loader>>,
    known: HashMap<(u32, u64), Option<(String, u32)>>,
}

impl Named {
    /// The innermost line of the user's own source at this address: what was inlined there included.
    fn own(&mut self, (binary, address): (u32, u64)) -> Option<(String, u32)> {
        if let Some(known) = self.known.get(&(binary, address)) {
            return known.clone();
        }
        let loader = self.loaders.entry(binary).or_insert_with(|| {
            // A program that was compiled anew meanwhile has other lines.
            let binary = self.binaries.get(&binary)?;
            (Stamp::of(&binary.path).as_ref() == Some(&binary.stamp)).then(|| Loader::new(&binary.path).ok()).flatten()
        });
        let found = loader.as_ref().and_then(|loader| innermost(loader, address));
        self.known.insert((binary, address), found.clone());
        found
    }
}

fn innermost(loader: &Loader, address: u64) -> Option<(String, u32)> {
    let mut frames = loader.find_frames(address).ok()?;
    while let Ok(Some(frame)) = frames.next() {
        let place = frame.location.and_then(|location| Some((location.file?, location.line?)));
        if let Some((file, line)) = place.filter(|(file, line)| is_own(file) && *line > 0) {
            return Some((file.to_owned(), line));
        }
    }
    None
}
