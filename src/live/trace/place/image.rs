//! What lies where in a process: the files that are mapped, and what of them is needed.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::rc::Rc;

use object::{Object as _, ObjectSection as _, ObjectSegment as _, ObjectSymbol as _, ReadRef as _};

use super::remote;
use crate::calls::source::python::version_in_name;

/// Larger sections are not looked into, in bytes.
const LARGEST: usize = 1 << 28;
/// The smallest page.
const PAGE: u64 = 4096;
/// So much of a file's beginning must be what lies in memory.
const BEGINNING: u64 = 1024;

/// A file as it was when it was looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: (u64, u64),
    size: u64,
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(path: &str) -> Option<Stamp> {
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Stamp {
            inode: (found.dev(), found.ino()),
            size: found.size(),
            changed: (found.mtime(), found.mtime_nsec()),
        })
    }
}

/// Bytes of a section and the addresses at which the file wants them.
pub(super) type Section = (Rc<[u8]>, Range<u64>);

/// What is needed of a program's or a library's file.
pub(super) struct Binary {
    /// Its number.
    pub(super) id: u32,
    pub(super) path: String,
    pub(super) stamp: Stamp,
    beginning: Vec<u8>,
    /// The lowest and the highest address that it wants.
    pub(super) range: Range<u64>,
    /// The user's own, with what names its lines.
    pub(super) tells: bool,
    pub(super) python: Option<Python>,
}

/// Where an interpreter keeps itself: addresses as the file wants them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Python {
    pub(super) runtime: u64,
    pub(super) types: [u64; 4],
    pub(super) version: Version,
}

/// Where its version stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Version {
    /// In memory (`Py_Version`, since 3.11).
    At(u64),
    /// In the name of the file: the second number of 3.x.
    Named(u8),
}

/// The files that were looked into; none: no such file, or it says nothing here.
#[derive(Default)]
pub(super) struct Binaries(HashMap<String, Option<Rc<Binary>>>);

/// A file in memory.
pub(super) struct Mapped {
    pub(super) binary: Rc<Binary>,
    /// What is added to the addresses that the file wants.
    pub(super) bias: u64,
}

/// `/proc/PID/maps`, as far as it is about the beginnings of files: where, and which.
fn beginnings(pid: i32) -> Vec<(u64, String)> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let mut found: Vec<(u64, String)> = Vec::new();
    for line in maps.lines() {
        let mut words = line.splitn(6, ' ');
        let (Some(range), Some(_), Some(offset)) = (words.next(), words.next(), words.next()) else { continue };
        let path = words.nth(2).map(str::trim_start).filter(|path| path.starts_with('/'));
        let begin = range.split('-').next().and_then(|begin| u64::from_str_radix(begin, 16).ok());
        let (Some(path), Some(begin)) = (path, begin) else { continue };
        if u64::from_str_radix(offset, 16) == Ok(0) && !found.iter().any(|(_, known)| known == path) {
            found.push((begin, path.to_owned()));
        }
    }
    found
}

impl Binaries {
    /// The files in a process's memory.
    pub(super) fn mapped(&mut self, pid: i32) -> Vec<Mapped> {
        let mut mapped = Vec::new();
        for (place, (begin, path)) in beginnings(pid).into_iter().enumerate() {
            let id = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            let known = self.0.entry(path).or_insert_with_key(|path| Binary::open(id, path, place == 0).map(Rc::new));
            let Some(binary) = known else { continue };
            // The file may be another one by now.
            let mut there = vec![0; binary.beginning.len()];
            if remote::read(pid, begin, &mut there) != there.len() || there != binary.beginning {
                continue;
            }
            let bias = begin.wrapping_sub(binary.range.start);
            mapped.push(Mapped { binary: Rc::clone(binary), bias });
        }
        mapped
    }

    /// The file of this number.
    pub(super) fn by_number(&self) -> HashMap<u32, Rc<Binary>> {
        self.0.values().flatten().map(|binary| (binary.id, Rc::clone(binary))).collect()
    }
}

type Reader = object::ReadCache<fs::File>;

impl Binary {
    /// `main`: it is the program itself, which may hold an interpreter whatever its name is.
    fn open(id: u32, path: &str, main: bool) -> Option<Binary> {
        let stamp = Stamp::of(path)?;
        let bytes = Reader::new(fs::File::open(path).ok()?);
        let file = object::File::parse(&bytes).ok().filter(object::File::is_64)?;
        let own =
            !["/usr/", "/lib"].iter().any(|system| path.starts_with(system)) || path.starts_with("/usr/local/src/");
        let has = |name| file.section_by_name(name).is_some();
        let tells = own && has(".debug_info") && has(".debug_line");
        let name = path.rsplit('/').next()?;
        let beginning = (&bytes).read_bytes_at(0, BEGINNING.min((&bytes).len().ok()?)).ok()?.to_vec();
        Some(Binary {
            id,
            path: path.to_owned(),
            beginning,
            range: range(&file)?,
            tells,
            python: if main || name.contains("python") { python(&file, name) } else { None },
            stamp,
        })
    }

    /// What a stack is unwound by: `.eh_frame`, `.eh_frame_hdr`, `.debug_frame`.
    pub(super) fn unwinding(&self) -> [Option<Section>; 3] {
        let bytes = fs::File::open(&self.path).ok().map(Reader::new);
        let file = bytes.as_ref().and_then(|bytes| object::File::parse(bytes).ok());
        [".eh_frame", ".eh_frame_hdr", ".debug_frame"].map(|name| {
            let section = file.as_ref()?.section_by_name(name)?;
            let data = section.uncompressed_data().ok().filter(|data| data.len() <= LARGEST)?;
            let begin = section.address();
            Some((Rc::from(&*data), begin..begin.checked_add(data.len() as u64)?))
        })
    }
}

/// The addresses that a file is loaded to, from that of its first byte on.
fn range<'a>(file: &object::File<'a, &'a Reader>) -> Option<Range<u64>> {
    let begin = file.segments().find_map(|segment| {
        let (offset, _) = segment.file_range();
        if offset < PAGE { segment.address().checked_sub(offset) } else { None }
    })?;
    let end = file.segments().filter_map(|segment| segment.address().checked_add(segment.size())).max()?;
    Some(begin..end)
}

/// CPython's own symbols, which extensions are linked with and `strip` leaves there.
fn python<'a>(file: &object::File<'a, &'a Reader>, name: &str) -> Option<Python> {
    let wanted = ["_PyRuntime", "PyCode_Type", "PyUnicode_Type", "PyBytes_Type", "PyFrame_Type", "Py_Version"];
    let mut found = [None; 6];
    for symbol in file.dynamic_symbols().filter(object::ObjectSymbol::is_definition) {
        let at = symbol.name().ok().and_then(|name| wanted.iter().position(|wanted| *wanted == name));
        if let Some(at) = at {
            found[at] = Some(symbol.address());
        }
    }
    let [runtime, code, text, bytes, frame, version] = found;
    let version = version.map(Version::At).or_else(|| version_in_name(name).map(Version::Named))?;
    Some(Python { runtime: runtime?, types: [code?, text?, bytes?, frame?], version })
}
