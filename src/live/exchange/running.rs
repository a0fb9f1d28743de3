//! The helper processes that are under way, so that an interrupt of this process alone reaches them as well.
#![allow(unsafe_code, reason = "kill is outside the standard library")]

use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

static UNDER_WAY: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn under_way() -> MutexGuard<'static, Vec<u32>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stands in the list as long as its helper is waited for.
pub(super) struct Listed(u32);

impl Listed {
    pub(super) fn new(helper: &Child) -> Listed {
        under_way().push(helper.id());
        Listed(helper.id())
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        under_way().retain(|id| *id != self.0);
    }
}

/// Sends SIGINT to every helper, as Ctrl-C in a terminal does by itself. Each answers that it was interrupted, and its
/// networks go with it.
pub fn interrupt() {
    for id in under_way().iter().filter_map(|id| libc::pid_t::try_from(*id).ok()) {
        // SAFETY: kill takes two numbers; a helper stands in the list until it has been waited for.
        unsafe { libc::kill(id, libc::SIGINT) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    #[test]
    fn a_listed_helper_is_interrupted_and_no_other() {
        let sleeper = || Command::new("sleep").arg("30").spawn().expect("it starts");
        let (mut ours, mut other) = (sleeper(), sleeper());
        let listed = Listed::new(&ours);
        drop(Listed::new(&other));
        interrupt();
        assert_eq!(ours.wait().expect("it ends").signal(), Some(libc::SIGINT));
        assert!(other.try_wait().expect("a child").is_none());
        drop(listed);
        other.kill().expect("it runs");
        other.wait().expect("it ends");
    }
}
