//! Where output goes: standard output, or a file that appears only when it is whole.
#![allow(clippy::disallowed_methods, reason = "an edge: files are written here and nowhere else")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::language::messages::{Message, file as messages};
use crate::language::{Value, Values};

/// Bytes collected before they are handed to the system.
const BUFFER: usize = 64 << 10;

/// An output that can be handed to a writer and committed afterwards: its clones are one and the same output.
///
/// A file is written beside its target and renamed by [`Output::commit`]; an output that is dropped before leaves
/// the target as it was. Devices, pipes and `/dev/stdout` cannot be renamed over and are written directly.
/// A closed pipe comes through [`Write`] as [`io::ErrorKind::BrokenPipe`].
#[derive(Clone, Debug)]
pub struct Output {
    target: Arc<Mutex<Target>>,
    name: Value,
}

#[derive(Debug)]
enum Target {
    Stdout(BufWriter<Shared<io::Stdout>>),
    Direct(BufWriter<Shared<File>>),
    Beside(Box<BufWriter<NamedTempFile>>, PathBuf),
    Done,
}

/// A place where bytes are seen as soon as they are written. Something else may be on show there, and goes first.
#[derive(Debug)]
struct Shared<W> {
    place: W,
    first: First,
}

/// What is done once, before the first byte.
#[derive(Default)]
struct First(Option<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for First {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("First").field(&self.0.is_some()).finish()
    }
}

impl<W> Shared<W> {
    fn buffered(place: W) -> BufWriter<Self>
    where
        W: Write,
    {
        BufWriter::with_capacity(BUFFER, Shared { place, first: First::default() })
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(first) = self.first.0.take() {
            first();
        }
        self.place.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.place.flush()
    }
}

impl Output {
    /// Output to a file, or to standard output for `None`.
    ///
    /// # Errors
    /// The place cannot be written: it is a directory, its directory is missing, or the user lacks the right.
    pub fn create(path: Option<&Path>) -> Result<Output, Failure> {
        let (target, name) = match path {
            None => {
                let name = Value::Text(messages::STANDARD_OUTPUT.text);
                (Target::Stdout(Shared::buffered(io::stdout())), name)
            }
            Some(path) => (
                target(path).map_err(|error| unwritable(path, &error))?,
                Value::Words(path.display().to_string().into()),
            ),
        };
        Ok(Output { target: Arc::new(Mutex::new(target)), name })
    }

    /// Calls `first` before the first byte reaches a terminal, a pipe or a device. A file shows nobody anything.
    pub fn before_it_shows(&self, first: impl FnOnce() + Send + 'static) {
        let first = First(Some(Box::new(first)));
        match &mut *self.lock() {
            Target::Stdout(writer) if !is_file(&writer.get_ref().place) => writer.get_mut().first = first,
            Target::Direct(writer) if !is_file(&writer.get_ref().place) => writer.get_mut().first = first,
            _ => {}
        }
    }

    /// Writes what is still held back and gives the file its name. On a pipe whose reader has gone there is nothing
    /// left to complain to, so that counts as done; [`Write::flush`] before tells the difference.
    ///
    /// # Errors
    /// The rest could not be written or the file not be renamed; the target is then as it was before.
    pub fn commit(&self) -> Result<(), Failure> {
        let result = match std::mem::replace(&mut *self.lock(), Target::Done) {
            Target::Stdout(mut writer) => writer.flush(),
            Target::Direct(mut writer) => writer.flush(),
            Target::Beside(writer, path) => match writer.into_inner() {
                Ok(file) => file.persist(&path).map(drop).map_err(|error| error.error),
                Err(error) => Err(error.into_error()),
            },
            Target::Done => Ok(()),
        };
        match result {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    /// The failure for an error that [`Write`] gave.
    #[must_use]
    pub fn failed(&self, error: &io::Error) -> Failure {
        let values = Values::none().with("file", self.name.clone()).words("reason", reason(error));
        // Standard output alone is named in words of our own. What it took before cannot be taken back.
        let standard = matches!(self.name, Value::Text(_));
        let next = if standard { &messages::STANDARD_OUTPUT_NEXT } else { &messages::OUTPUT_NEXT };
        Failure::bad_input(&messages::OUTPUT_FAILED, values).next(next)
    }

    fn lock(&self) -> MutexGuard<'_, Target> {
        // A writer that panicked left whole bytes or none: the target itself is still sound.
        self.target.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.lock() {
            Target::Stdout(writer) => writer.write(bytes),
            Target::Direct(writer) => writer.write(bytes),
            Target::Beside(writer, _) => writer.write(bytes),
            Target::Done => Err(io::Error::other("the output is already complete")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut *self.lock() {
            Target::Stdout(writer) => writer.flush(),
            Target::Direct(writer) => writer.flush(),
            Target::Beside(writer, _) => writer.flush(),
            Target::Done => Ok(()),
        }
    }
}

fn target(path: &Path) -> io::Result<Target> {
    // A symbolic link stays; the file it points to is replaced.
    let resolved = || fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let descriptor = is_descriptor(path);
    let path = if descriptor { path.to_owned() } else { resolved() };
    let existing = match fs::metadata(&path) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(metadata) = &existing {
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // Appending is right for every target that is no ordinary file, and for one that the shell has opened already.
        let direct = OpenOptions::new().append(true).open(&path)?;
        if !metadata.is_file() || descriptor {
            return Ok(Target::Direct(Shared::buffered(direct)));
        }
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".netscope-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the umask leaves of rw-rw-rw-.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(directory)?;
    if let Some(metadata) = existing {
        fs::set_permissions(file.path(), metadata.permissions())?;
    }
    Ok(Target::Beside(Box::new(BufWriter::with_capacity(BUFFER, file)), path))
}

/// Whether an open descriptor is an ordinary file.
fn is_file(descriptor: &impl AsFd) -> bool {
    let file = descriptor.as_fd().try_clone_to_owned().map(File::from);
    file.and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.is_file())
}

/// Whether a path names an open descriptor of this process rather than a place in a directory.
fn is_descriptor(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"].iter().any(|name| path.starts_with(name))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (what, next): (&Message, &Message) = match error.kind() {
        io::ErrorKind::IsADirectory => (&messages::OUTPUT_DIRECTORY, &messages::OUTPUT_NEXT),
        io::ErrorKind::NotFound => (&messages::OUTPUT_NO_DIRECTORY, &messages::OUTPUT_NO_DIRECTORY_NEXT),
        io::ErrorKind::PermissionDenied => (&messages::OUTPUT_FORBIDDEN, &messages::OUTPUT_FORBIDDEN_NEXT),
        _ => (&messages::OUTPUT_FAILED, &messages::OUTPUT_NEXT),
    };
    let values = Values::none()
        .words("file", path.display().to_string())
        .words("directory", directory.display().to_string())
        .words("reason", reason(error));
    Failure::bad_input(what, values).next(next)
}

/// What the system says, without the number that Rust adds: "No space left on device".
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or(text.as_str(), |(words, _)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    use super::*;
    use crate::failure::Exit;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_only_when_it_is_committed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let mut output = Output::create(Some(&path)).unwrap();
        output.write_all(b"half").unwrap();
        output.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        drop(output);
        assert_eq!(names(directory.path()), ["out.csv"], "nothing is left of an abandoned output");

        let output = Output::create(Some(&path)).unwrap();
        output.clone().write_all(b"whole").unwrap();
        output.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(names(directory.path()), ["out.csv"]);
        assert!(output.clone().write_all(b"more").is_err());
    }

    #[test]
    fn the_mode_is_that_of_a_new_file_or_of_the_old_one() {
        let directory = tempfile::tempdir().unwrap();
        let plain = directory.path().join("plain");
        File::create(&plain).unwrap();
        let path = directory.path().join("out");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        Output::create(Some(&path)).unwrap().commit().unwrap();
        assert_eq!(mode(&path), mode(&plain), "what the umask leaves");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        Output::create(Some(&path)).unwrap().commit().unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[test]
    fn a_symbolic_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (real, link) = (directory.path().join("real"), directory.path().join("link"));
        fs::write(&real, "").unwrap();
        symlink(&real, &link).unwrap();
        let mut output = Output::create(Some(&link)).unwrap();
        output.write_all(b"through").unwrap();
        output.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "through");
    }

    #[test]
    fn devices_are_written_directly_and_stay_what_they_are() {
        let mut output = Output::create(Some(Path::new("/dev/null"))).unwrap();
        output.write_all(b"gone").unwrap();
        output.commit().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        // A full device fails with a message, not with a panic.
        let mut full = Output::create(Some(Path::new("/dev/full"))).unwrap();
        full.write_all(b"x").unwrap();
        let failure = full.commit().unwrap_err();
        assert!(failure.to_string().starts_with("/dev/full: cannot be written: "), "{failure}");
    }

    #[test]
    fn what_is_on_show_goes_before_the_first_byte_and_only_where_bytes_show() {
        use std::sync::atomic::{AtomicU32, Ordering};

        let calls = Arc::new(AtomicU32::new(0));
        let count = |output: &Output| {
            let calls = Arc::clone(&calls);
            output.before_it_shows(move || {
                calls.fetch_add(1, Ordering::Relaxed);
            });
        };
        let mut shown = Output::create(Some(Path::new("/dev/null"))).unwrap();
        count(&shown);
        shown.write_all(b"held back").unwrap();
        assert_eq!(calls.load(Ordering::Relaxed), 0, "nothing has been written yet");
        shown.flush().unwrap();
        shown.write_all(b"more").unwrap();
        shown.commit().unwrap();
        assert_eq!(calls.load(Ordering::Relaxed), 1);

        let directory = tempfile::tempdir().unwrap();
        let mut kept = Output::create(Some(&directory.path().join("out"))).unwrap();
        count(&kept);
        kept.write_all(b"kept").unwrap();
        kept.commit().unwrap();
        assert!(is_file(&File::create(directory.path().join("open")).unwrap()));
        assert_eq!(calls.load(Ordering::Relaxed), 1, "a file shows nothing");
    }

    #[test]
    fn a_pipe_is_written_directly_and_its_closing_comes_through() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let reader = std::thread::spawn({
            let path = path.clone();
            move || {
                let mut start = [0; 5];
                io::Read::read_exact(&mut File::open(path).unwrap(), &mut start).unwrap();
                start
            }
        });
        let mut output = Output::create(Some(&path)).unwrap();
        output.write_all(b"first").unwrap();
        output.flush().unwrap();
        assert_eq!(&reader.join().unwrap(), b"first");
        output.write_all(b"nobody reads this").unwrap();
        assert_eq!(output.flush().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        output.commit().unwrap();
        assert!(fs::metadata(&path).unwrap().file_type().is_fifo());
    }

    #[test]
    fn places_that_cannot_be_written_are_named_with_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        let failure = Output::create(Some(directory.path())).unwrap_err();
        assert_eq!(failure.exit, Exit::BadInput);
        assert!(failure.to_string().contains("is a directory"), "{failure}");
        let missing = directory.path().join("no/such/out.csv");
        let failure = Output::create(Some(&missing)).unwrap_err();
        assert!(failure.to_string().contains("mkdir -p"), "{failure}");
        // /proc takes no new files from anybody, root included.
        let failure = Output::create(Some(Path::new("/proc/out.csv"))).unwrap_err();
        assert!(failure.to_string().starts_with("/proc/out.csv: "), "{failure}");
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Output::create(Some(&file.join("below"))).is_err(), "a file is no directory");
    }
}
