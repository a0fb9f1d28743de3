//! Where the kernel describes its tracepoints: tracefs, mounted for one thread where it is not mounted.
#![allow(unsafe_code, reason = "a mount is a system call")]

use std::ffi::CStr;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;

use super::format::Format;

/// Where it usually is.
const PLACES: [&str; 2] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
/// Where the kernel keeps a folder for it.
const FOLDER: &CStr = c"/sys/kernel/tracing";

/// True when this kernel was built with it.
pub(super) fn is_known() -> bool {
    fs::read_to_string("/proc/filesystems")
        .is_ok_and(|all| all.lines().any(|line| line.trim_end().ends_with("tracefs")))
}

/// The descriptions of these tracepoints (`sock/inet_sock_set_state`), none for one that this kernel does not have.
pub(super) fn formats(names: &'static [&'static str]) -> io::Result<Vec<Option<Format>>> {
    if let Some(place) = PLACES.iter().find(|place| Path::new(place).join("events/sock").is_dir()) {
        return read(Path::new(place), names);
    }
    // A thread has mounts of its own when it wants to; they go with it.
    let mounted = thread::Builder::new().name("tracefs".to_owned()).spawn(move || {
        mount()?;
        read(Path::new(PLACES[0]), names)
    })?;
    mounted.join().unwrap_or_else(|_| Err(io::Error::other("it panicked")))
}

fn mount() -> io::Result<()> {
    let done = |result: libc::c_int| if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
    let (nothing, root, tracefs) = (std::ptr::null(), c"/".as_ptr(), c"tracefs".as_ptr());
    // SAFETY: the strings end with a null byte and outlive the calls; null stands for what these mounts do not need.
    unsafe {
        done(libc::unshare(libc::CLONE_NEWNS))?;
        // What is mounted here must not show elsewhere.
        done(libc::mount(nothing, root, nothing, libc::MS_REC | libc::MS_PRIVATE, nothing.cast()))?;
        done(libc::mount(tracefs, FOLDER.as_ptr(), tracefs, 0, nothing.cast()))
    }
}

fn read(place: &Path, names: &[&str]) -> io::Result<Vec<Option<Format>>> {
    names
        .iter()
        .map(|name| match fs::read_to_string(place.join("events").join(name).join("format")) {
            Ok(text) => Ok(Format::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .collect()
}
