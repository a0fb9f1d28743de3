//! What can go wrong in the helper, as data that crosses to the parent, and as the failure that users read.

use serde::{Deserialize, Serialize};

use super::machine::{Rule, errno_name};
use super::sandbox::{Refusal, Step};
use super::tracepoints::Silence;
use crate::failure::{Exit, Failure};
use crate::language::messages::{Message, live as say};
use crate::language::{Value, Values};
use crate::track::Side;

/// Why a helper could not do its work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// The private network was refused.
    Private(Refusal),
    /// The packet socket was refused.
    PacketSocket {
        /// On the host's own loopback; otherwise in the private network.
        host: bool,
        /// The error's number.
        errno: i32,
        /// The process runs as root.
        root: bool,
    },
    /// Two hosts with a wire between them cannot be had.
    Wire {
        /// The error's number.
        errno: i32,
        /// The system's message.
        error: String,
    },
    /// Another program has the port.
    PortInUse(u16),
    /// The port may not be bound by this user.
    PortForbidden(u16),
    /// The machine does not have the address.
    NoAddress(String),
    /// A call of an actor gave another result than the scenario says.
    Unexpected {
        /// Whose.
        side: Side,
        /// The call with its arguments.
        call: String,
        /// The error that was to come; none: success.
        expected: Option<String>,
        /// The error that came; none: success.
        got: Option<String>,
    },
    /// A connection ended before all bytes had come.
    EndedEarly {
        /// Who was reading.
        side: Side,
        /// Bytes that were to come.
        wanted: u64,
        /// Bytes that came.
        got: u64,
    },
    /// The exchange did not finish in time.
    TimedOut {
        /// The limit in milliseconds.
        ms: u64,
        /// The calls that were under way.
        pending: Vec<(Side, String)>,
    },
    /// The sockets did not come to rest in time.
    Unsettled {
        /// The limit in milliseconds.
        ms: u64,
    },
    /// Ctrl-C.
    Interrupted,
    /// A call of the helper itself failed.
    System {
        /// What was to be done, as a call's name.
        call: String,
        /// The system's message.
        error: String,
    },
    /// Programs cannot be followed through their system calls.
    Tracing {
        /// The error's number.
        errno: i32,
        /// The system's message.
        error: String,
    },
    /// The kernel's tracepoints cannot be heard.
    Tracepoints(Silence),
    /// Live capture with libpcap was refused.
    #[cfg(feature = "libpcap")]
    Capture(super::capture::Refused),
}

impl Trouble {
    pub(crate) fn system(call: &str, error: &std::io::Error) -> Trouble {
        Trouble::System { call: call.to_owned(), error: error.to_string() }
    }

    /// As users read it.
    pub(crate) fn into_failure(self) -> Failure {
        let bad = Failure::bad_input;
        match self {
            Trouble::Private(refusal) => private_failure(refusal),
            Trouble::PacketSocket { host, errno, root } => packet_socket_failure(host, errno, root),
            Trouble::Wire { errno, error } => {
                let next = if errno == libc::EOPNOTSUPP { &say::WIRE_NO_VETH_CURE } else { &say::WIRE_CURE };
                let values = machine_values(errno).words("error", error);
                Failure::not_allowed(&say::WIRE_REFUSED, values).next(next)
            }
            Trouble::Tracing { errno, error } => {
                Failure::not_allowed(&say::TRACING_REFUSED, machine_values(errno).words("error", error))
                    .next(&say::TRACING_CURE)
            }
            Trouble::Tracepoints(silence) => tracepoints_failure(silence),
            Trouble::PortInUse(port) => bad(&say::PORT_IN_USE, port_value(port)).next(&say::PORT_IN_USE_NEXT),
            Trouble::PortForbidden(port) => {
                Failure::not_allowed(&say::PORT_FORBIDDEN, port_value(port)).next(&say::PORT_FORBIDDEN_NEXT)
            }
            Trouble::NoAddress(address) => {
                Failure::not_allowed(&say::NO_ADDRESS, Values::none().words("address", address))
                    .next(&say::NO_ADDRESS_NEXT)
            }
            Trouble::Unexpected { side, call, expected, got } => unexpected_failure(side, call, expected, got),
            Trouble::EndedEarly { side, wanted, got } => Failure {
                exit: Exit::CheckFailed,
                what: &say::ENDED_EARLY,
                next: None,
                values: Values::none()
                    .with("side", Value::Side(side))
                    .with("wanted", Value::Count(wanted))
                    .with("got", Value::Count(got)),
            },
            Trouble::TimedOut { ms, pending } => timed_out_failure(ms, &pending),
            Trouble::Unsettled { ms } => Failure {
                exit: Exit::CheckFailed,
                what: &say::UNSETTLED,
                next: None,
                values: Values::none().with("limit", duration(ms)),
            },
            Trouble::Interrupted => {
                Failure { exit: Exit::Interrupted, what: &say::INTERRUPTED, next: None, values: Values::none() }
            }
            Trouble::System { call, error } => {
                bad(&say::SYSTEM, Values::none().words("call", call).words("error", error))
            }
            #[cfg(feature = "libpcap")]
            Trouble::Capture(refused) => refused.into_failure(),
        }
    }
}

/// The values that refusals and their cures may name.
pub(crate) fn machine_values(errno: i32) -> Values {
    Values::none().words("errno", errno_name(errno)).words("program", program())
}

/// The path of this program, as a command for `setcap` needs it.
pub(crate) fn program() -> String {
    std::env::current_exe().map_or_else(|_| "netscope".to_owned(), |path| path.display().to_string())
}

/// What forbids a private network, and what would allow it.
pub(crate) fn private_reason(refusal: Refusal) -> (&'static Message, &'static Message, Values) {
    let (what, next) = Rule::behind(refusal).messages();
    let call = match refusal.step {
        Step::Unshare => "unshare(CLONE_NEWUSER|CLONE_NEWNET)",
        Step::MapIds => "write(/proc/self/uid_map)",
        Step::Loopback => "ioctl(lo, SIOCSIFFLAGS, IFF_UP)",
    };
    (what, next, machine_values(refusal.errno).words("call", call))
}

fn private_failure(refusal: Refusal) -> Failure {
    let (what, next, values) = private_reason(refusal);
    Failure::not_allowed(what, values).next(next)
}

/// What forbids a packet socket, and what would allow it.
pub(crate) fn packet_socket_reason(host: bool, errno: i32, root: bool) -> (&'static Message, &'static Message) {
    let denied = errno == libc::EPERM || errno == libc::EACCES;
    match (denied, host, root) {
        (true, true, true) => (&say::HOST_ROOT_WITHOUT_RAW, &say::HOST_ROOT_WITHOUT_RAW_CURE),
        (true, true, false) => (&say::HOST_NOT_ALLOWED, &say::HOST_NOT_ALLOWED_CURE),
        (true, false, _) => (&say::PRIVATE_NO_PACKET_SOCKET, &say::PRIVATE_OTHER_CURE),
        (false, ..) => (&say::NO_PACKET_SOCKET, &say::NO_PACKET_SOCKET_NEXT),
    }
}

fn packet_socket_failure(host: bool, errno: i32, root: bool) -> Failure {
    let (what, next) = packet_socket_reason(host, errno, root);
    Failure::not_allowed(what, machine_values(errno)).next(next)
}

fn port_value(port: u16) -> Values {
    Values::none().with("port", Value::Number(u64::from(port)))
}

fn duration(ms: u64) -> Value {
    Value::Duration(i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1_000_000))
}

fn unexpected_failure(side: Side, call: String, expected: Option<String>, got: Option<String>) -> Failure {
    let what = match (&expected, &got) {
        (None, _) => &say::UNEXPECTED_ERROR,
        (Some(_), None) => &say::UNEXPECTED_SUCCESS,
        (Some(_), Some(_)) => &say::UNEXPECTED_OTHER_ERROR,
    };
    let values = Values::none()
        .with("side", Value::Side(side))
        .words("call", call)
        .words("expected", expected.unwrap_or_default())
        .words("got", got.unwrap_or_default());
    Failure { exit: Exit::CheckFailed, what, next: None, values }
}

fn timed_out_failure(ms: u64, pending: &[(Side, String)]) -> Failure {
    let values = Values::none().with("limit", duration(ms));
    let (what, values) = match pending {
        [] => (&say::TIMED_OUT, values),
        [(side, call)] => {
            (&say::TIMED_OUT_IN_CALL, values.with("side", Value::Side(*side)).words("call", call.clone()))
        }
        [(first, first_call), (second, second_call), ..] => (
            &say::TIMED_OUT_IN_CALLS,
            values
                .with("first", Value::Side(*first))
                .words("first_call", first_call.clone())
                .with("second", Value::Side(*second))
                .words("second_call", second_call.clone()),
        ),
    };
    Failure { exit: Exit::CheckFailed, what, next: None, values }
}

fn tracepoints_failure(silence: Silence) -> Failure {
    let (what, next, errno) = match silence {
        Silence::NotRoot => (&say::TRACEPOINTS_NOT_ROOT, Some(&say::TRACEPOINTS_NOT_ROOT_CURE), 0),
        Silence::Lacking => (&say::TRACEPOINTS_LACKING, None, 0),
        Silence::Refused(errno) => (&say::TRACEPOINTS_REFUSED, Some(&say::TRACEPOINTS_REFUSED_CURE), errno),
    };
    Failure { next, ..Failure::not_allowed(what, machine_values(errno)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;
    use std::collections::BTreeSet;

    fn every_trouble() -> Vec<Trouble> {
        let pair = || (Side::Client, "recv(3, 4096, 0)".to_owned());
        let mut all = vec![
            Trouble::PortInUse(5000),
            Trouble::PortForbidden(80),
            Trouble::NoAddress("::1".to_owned()),
            Trouble::Wire { errno: libc::EOPNOTSUPP, error: "x".to_owned() },
            Trouble::Wire { errno: libc::EPERM, error: "x".to_owned() },
            Trouble::EndedEarly { side: Side::Server, wanted: 4, got: 1 },
            Trouble::Unsettled { ms: 300 },
            Trouble::Interrupted,
            Trouble::Tracepoints(Silence::NotRoot),
            Trouble::Tracepoints(Silence::Lacking),
            Trouble::Tracepoints(Silence::Refused(libc::EACCES)),
            Trouble::System { call: "sock_diag".to_owned(), error: "EPERM".to_owned() },
        ];
        for pending in [Vec::new(), vec![pair()], vec![pair(), pair()], vec![pair(), pair(), pair()]] {
            all.push(Trouble::TimedOut { ms: 300, pending });
        }
        for expected in [None, Some("EPIPE".to_owned())] {
            for got in [None, Some("ECONNRESET".to_owned())] {
                all.push(Trouble::Unexpected { side: Side::Client, call: pair().1, expected: expected.clone(), got });
            }
        }
        for errno in [libc::EPERM, libc::EAFNOSUPPORT, libc::ENOSPC, libc::EINVAL, 9999] {
            for flag in [false, true] {
                all.extend([false, true].map(|host| Trouble::PacketSocket { host, errno, root: flag }));
            }
            all.extend(
                [Step::Unshare, Step::MapIds, Step::Loopback].map(|step| Trouble::Private(Refusal { step, errno })),
            );
        }
        all
    }

    #[test]
    fn every_trouble_has_its_words_in_both_languages() {
        for trouble in every_trouble() {
            let failure = trouble.clone().into_failure();
            for lang in Lang::ALL {
                let text = failure.render(lang);
                assert!(!text.contains('{') && !text.is_empty(), "{trouble:?}: {text}");
            }
        }
    }

    #[test]
    fn what_the_machine_forbids_is_exit_code_3_and_names_a_command() {
        for trouble in every_trouble() {
            let forbidden = matches!(trouble, Trouble::Private(_) | Trouble::PacketSocket { .. });
            let failure = trouble.clone().into_failure();
            if forbidden {
                assert_eq!(failure.exit, Exit::NotAllowed, "{trouble:?}");
                let next = failure.next.expect("advice").text.get(Lang::Id);
                assert!(next.contains("sudo ") || next.contains("docker run"), "{next}");
            }
        }
        assert_eq!(Trouble::Interrupted.into_failure().exit.code(), 130);
    }

    #[test]
    fn both_languages_of_a_message_use_the_same_values() {
        for message in say::MESSAGES {
            let [en, id] = Lang::ALL.map(|lang| message.text.placeholders(lang).collect::<BTreeSet<_>>());
            assert_eq!(en, id, "{}", message.name);
        }
    }
}
