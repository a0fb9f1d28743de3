//! Which rule of this machine forbids something, read where the rule is written.

use std::fs;

use super::sandbox::{Refusal, Step};
use crate::language::messages::{Message, live as say};

/// A rule that forbids private networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Debian's switch `kernel.unprivileged_userns_clone` is off.
    UserNamespacesOff,
    /// `kernel.apparmor_restrict_unprivileged_userns` is on: capabilities are taken away inside.
    AppArmor,
    /// `user.max_user_namespaces` is 0 here or above.
    NoUserNamespacesLeft,
    /// `user.max_net_namespaces` is 0 here or above.
    NoNetNamespacesLeft,
    /// A seccomp filter, as containers and hardened services have it.
    Seccomp,
    /// The kernel was built without user or network namespaces.
    NotBuilt,
    /// None that we know.
    Unknown,
}

impl Rule {
    /// The rule behind a refusal.
    pub(super) fn behind(refusal: Refusal) -> Rule {
        decide(refusal, &|path| fs::read_to_string(path).ok())
    }

    /// What it says, and the command that would allow it.
    pub(super) fn messages(self) -> (&'static Message, &'static Message) {
        match self {
            Rule::UserNamespacesOff => (&say::PRIVATE_USERNS_OFF, &say::PRIVATE_USERNS_OFF_CURE),
            Rule::AppArmor => (&say::PRIVATE_APPARMOR, &say::PRIVATE_APPARMOR_CURE),
            Rule::NoUserNamespacesLeft => (&say::PRIVATE_MAX_USERNS, &say::PRIVATE_MAX_USERNS_CURE),
            Rule::NoNetNamespacesLeft => (&say::PRIVATE_MAX_NETNS, &say::PRIVATE_MAX_NETNS_CURE),
            Rule::Seccomp => (&say::PRIVATE_SECCOMP, &say::PRIVATE_SECCOMP_CURE),
            Rule::NotBuilt => (&say::PRIVATE_NOT_BUILT, &say::PRIVATE_OTHER_CURE),
            Rule::Unknown => (&say::PRIVATE_UNKNOWN, &say::PRIVATE_OTHER_CURE),
        }
    }
}

fn decide(refusal: Refusal, read: &dyn Fn(&str) -> Option<String>) -> Rule {
    let is = |path: &str, value: &str| read(path).is_some_and(|text| text.trim() == value);
    match refusal.errno {
        libc::ENOSPC | libc::EUSERS => {
            if is("/proc/sys/user/max_net_namespaces", "0") {
                Rule::NoNetNamespacesLeft
            } else {
                // The limit of a namespace further out counts as well, and cannot be read from here.
                Rule::NoUserNamespacesLeft
            }
        }
        libc::EINVAL | libc::ENOSYS if refusal.step == Step::Unshare => Rule::NotBuilt,
        _ if is("/proc/sys/kernel/unprivileged_userns_clone", "0") => Rule::UserNamespacesOff,
        // It lets unshare pass and then refuses what needs a capability in the new namespace.
        _ if is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1") => Rule::AppArmor,
        libc::EPERM if refusal.step == Step::Unshare && has_seccomp_filter(read) => Rule::Seccomp,
        _ => Rule::Unknown,
    }
}

fn has_seccomp_filter(read: &dyn Fn(&str) -> Option<String>) -> bool {
    read("/proc/self/status").is_some_and(|status| {
        status.lines().any(|line| line.split_once(':').is_some_and(|(k, v)| k == "Seccomp" && v.trim() == "2"))
    })
}

/// The name of an error number as `<errno.h>` has it.
pub(super) fn errno_name(errno: i32) -> String {
    NAMES
        .iter()
        .find(|(number, _)| *number == errno)
        .map_or_else(|| format!("errno {errno}"), |(_, name)| (*name).to_owned())
}

macro_rules! names {
    ($($name:ident)*) => {
        /// The errors that socket calls and namespaces give.
        static NAMES: &[(i32, &str)] = &[$((libc::$name, stringify!($name))),*];
    };
}

names! {
    EPERM ENOENT EINTR EIO E2BIG EBADF EAGAIN ENOMEM EACCES EFAULT EBUSY EEXIST ENODEV EINVAL ENFILE EMFILE ENOSPC
    EPIPE ENOSYS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT EOPNOTSUPP EAFNOSUPPORT
    EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN
    ESHUTDOWN ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS EUSERS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with these files; `errno` at `step` is the refusal.
    fn rule(step: Step, errno: i32, files: &[(&str, &str)]) -> Rule {
        decide(Refusal { step, errno }, &|path| {
            files.iter().find(|(name, _)| *name == path).map(|(_, text)| format!("{text}\n"))
        })
    }

    const CLONE: &str = "/proc/sys/kernel/unprivileged_userns_clone";
    const APPARMOR: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    const STATUS: &str = "/proc/self/status";

    #[test]
    fn each_rule_is_told_by_its_traces() {
        assert_eq!(rule(Step::Unshare, libc::EPERM, &[(CLONE, "0")]), Rule::UserNamespacesOff);
        assert_eq!(rule(Step::Loopback, libc::EPERM, &[(CLONE, "1"), (APPARMOR, "1")]), Rule::AppArmor);
        assert_eq!(rule(Step::MapIds, libc::EACCES, &[(APPARMOR, "1")]), Rule::AppArmor);
        assert_eq!(rule(Step::Unshare, libc::ENOSPC, &[]), Rule::NoUserNamespacesLeft);
        assert_eq!(
            rule(Step::Unshare, libc::ENOSPC, &[("/proc/sys/user/max_net_namespaces", "0")]),
            Rule::NoNetNamespacesLeft
        );
        assert_eq!(rule(Step::Unshare, libc::EPERM, &[(STATUS, "Name:\tx\nSeccomp:\t2")]), Rule::Seccomp);
        assert_eq!(rule(Step::Unshare, libc::EINVAL, &[]), Rule::NotBuilt);
    }

    #[test]
    fn what_is_not_a_rule_is_not_blamed() {
        let harmless = [(CLONE, "1"), (APPARMOR, "0"), (STATUS, "Seccomp:\t0\nSeccomp_filters:\t2")];
        assert_eq!(rule(Step::Unshare, libc::EPERM, &harmless), Rule::Unknown);
        // Behind unshare a container's filter has let it pass.
        assert_eq!(rule(Step::Loopback, libc::EPERM, &[(STATUS, "Seccomp:\t2")]), Rule::Unknown);
    }

    #[test]
    fn errors_have_names() {
        assert_eq!(errno_name(libc::ECONNREFUSED), "ECONNREFUSED");
        assert_eq!(errno_name(9999), "errno 9999");
    }
}
