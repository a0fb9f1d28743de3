//! The helper processes that are under way, so that an interrupt of this process alone reaches them as well.
#![allow(unsafe_code, reason = "kill is outside the standard library")]

use std::io;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

static HELPERS: Helpers = Helpers(Mutex::new(UnderWay { stopped: false, ids: Vec::new() }));

/// Who is under way.
#[derive(Debug)]
struct Helpers(Mutex<UnderWay>);

#[derive(Debug)]
struct UnderWay {
    stopped: bool,
    ids: Vec<u32>,
}

impl Helpers {
    fn lock(&self) -> MutexGuard<'_, UnderWay> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts one; none any more when they have been stopped. It is listed before an interrupt can miss it.
    fn start(&'static self, command: &mut Command) -> io::Result<Option<(Child, Listed)>> {
        let mut under_way = self.lock();
        if under_way.stopped {
            return Ok(None);
        }
        let child = command.spawn()?;
        under_way.ids.push(child.id());
        let listed = Listed { helpers: self, id: child.id() };
        Ok(Some((child, listed)))
    }

    fn interrupt(&self) {
        let mut under_way = self.lock();
        under_way.stopped = true;
        for id in under_way.ids.iter().filter_map(|id| libc::pid_t::try_from(*id).ok()) {
            // SAFETY: kill takes two numbers; a helper stands in the list until it has been waited for.
            unsafe { libc::kill(id, libc::SIGINT) };
        }
    }
}

/// Stands in the list as long as its helper is waited for.
#[derive(Debug)]
pub(super) struct Listed {
    helpers: &'static Helpers,
    id: u32,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.helpers.lock().ids.retain(|id| *id != self.id);
    }
}

/// Starts a helper; `None` after an interrupt.
pub(super) fn start(command: &mut Command) -> io::Result<Option<(Child, Listed)>> {
    HELPERS.start(command)
}

/// Sends SIGINT to every helper, as Ctrl-C in a terminal does by itself, and lets no further one start. Each answers that
/// it was interrupted, and its networks go with it.
pub fn interrupt() {
    HELPERS.interrupt();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::{CommandExt, ExitStatusExt};

    #[test]
    fn a_listed_helper_is_interrupted_and_no_other_starts() {
        static OURS: Helpers = Helpers(Mutex::new(UnderWay { stopped: false, ids: Vec::new() }));
        let sleeper = || {
            let mut sleep = Command::new("sleep");
            // What runs in the background of a script ignores SIGINT, and so do its children.
            let heed = || {
                // SAFETY: signal takes two numbers and is async-signal-safe.
                unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
                Ok(())
            };
            // SAFETY: between fork and exec nothing else happens.
            unsafe { sleep.arg("30").pre_exec(heed) };
            OURS.start(&mut sleep).expect("it starts")
        };
        let (mut ours, listed) = sleeper().expect("nobody has stopped them");
        let (mut other, unlisted) = sleeper().expect("nobody has stopped them");
        drop(unlisted);
        OURS.interrupt();
        assert_eq!(ours.wait().expect("it ends").signal(), Some(libc::SIGINT));
        assert!(other.try_wait().expect("a child").is_none());
        drop(listed);
        assert!(OURS.lock().ids.is_empty() && sleeper().is_none());
        other.kill().expect("it runs");
        other.wait().expect("it ends");
    }
}
