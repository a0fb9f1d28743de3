//! What this machine allows, found out by trying it in a helper process.

use std::env;
use std::path::Path;

use super::exchange::{Task, ask};
use super::trouble::{Trouble, machine_values, packet_socket_reason, private_reason};
use super::witness;
use crate::failure::Failure;
use crate::language::messages::{Message, live as say};
use crate::language::{Lang, Values};

/// Something netscope can do where the machine allows it.
#[derive(Clone, Debug)]
pub struct Ability {
    /// A stable name for scripts.
    pub name: &'static str,
    /// What it is.
    pub title: &'static Message,
    /// What forbids it; `None` where it is allowed.
    pub obstacle: Option<Obstacle>,
}

/// What forbids an ability.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// The rule of this machine.
    pub reason: &'static Message,
    /// The command that would mend it.
    pub cure: Option<&'static Message>,
    /// The values of both.
    pub values: Values,
}

impl Ability {
    /// True where this machine allows it.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.obstacle.is_none()
    }
}

impl Obstacle {
    /// The reason in words.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> String {
        self.reason.text.fill(lang, &self.values)
    }

    /// The cure in words.
    #[must_use]
    pub fn cure(&self, lang: Lang) -> Option<String> {
        self.cure.map(|cure| cure.text.fill(lang, &self.values))
    }
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Obstacle {
        Obstacle { reason: failure.what, cure: failure.next, values: failure.values }
    }
}

/// Tries every ability; `program` is the program that helpers are started from.
#[must_use]
pub fn examine(program: &Path) -> Vec<Ability> {
    vec![
        Ability { name: "private-network", title: &say::ABILITY_PRIVATE, obstacle: attempt(Task::TryPrivate, program) },
        Ability { name: "host-loopback", title: &say::ABILITY_HOST, obstacle: attempt(Task::TryHost, program) },
        Ability { name: "kernel-states", title: &say::ABILITY_STATES, obstacle: states() },
        Ability {
            name: "tracepoints",
            title: &say::ABILITY_TRACEPOINTS,
            obstacle: attempt(Task::TryTracepoints, program),
        },
        Ability { name: "capture", title: &say::ABILITY_CAPTURE, obstacle: capture(program) },
        Ability { name: "tracing", title: &say::ABILITY_TRACING, obstacle: attempt(Task::TryTracing, program) },
        Ability { name: "save", title: &say::ABILITY_SAVE, obstacle: save() },
    ]
}

fn attempt(task: Task, program: &Path) -> Option<Obstacle> {
    match ask(task, program) {
        Ok(Ok(_)) => None,
        Ok(Err(Trouble::Private(refusal))) => {
            let (reason, cure, values) = private_reason(refusal);
            Some(Obstacle { reason, cure: Some(cure), values })
        }
        Ok(Err(Trouble::PacketSocket { host, errno, root })) => {
            let (reason, cure) = packet_socket_reason(host, errno, root);
            Some(Obstacle { reason, cure: Some(cure), values: machine_values(errno) })
        }
        Ok(Err(trouble)) => Some(trouble.into_failure().into()),
        Err(failure) => Some(failure.into()),
    }
}

#[cfg(feature = "libpcap")]
fn capture(program: &Path) -> Option<Obstacle> {
    match super::interfaces::default() {
        Ok(interface) => attempt(Task::TryCapture(interface.name), program),
        Err(failure) => Some(failure.into()),
    }
}

#[cfg(not(feature = "libpcap"))]
#[allow(clippy::unnecessary_wraps, reason = "with the feature it may be allowed")]
fn capture(_: &Path) -> Option<Obstacle> {
    Some(Obstacle {
        reason: &say::CAPTURE_NOT_COMPILED,
        cure: Some(&say::CAPTURE_NOT_COMPILED_CURE),
        values: Values::none(),
    })
}

fn states() -> Option<Obstacle> {
    let error = witness::attempt().err()?;
    Some(Obstacle {
        reason: &say::STATES_REFUSED,
        cure: Some(&say::STATES_REFUSED_CURE),
        values: Values::none().words("error", error.to_string()),
    })
}

/// Writes a file without a name where saved files go by default.
fn save() -> Option<Obstacle> {
    let directory = env::current_dir().unwrap_or_default();
    let error = tempfile::tempfile_in(&directory).err()?;
    Some(Obstacle {
        reason: &say::SAVE_REFUSED,
        cure: Some(&say::SAVE_REFUSED_CURE),
        values: Values::none().words("directory", directory.display().to_string()).words("error", error.to_string()),
    })
}
