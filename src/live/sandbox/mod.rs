//! A network of its own for one process, without root where the machine allows it.
#![allow(unsafe_code, reason = "namespaces are entered by system calls")]

pub(crate) mod interface;

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

/// Where the way into the private network ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// `unshare` itself.
    Unshare,
    /// Mapping the user's own ids into the new user namespace.
    MapIds,
    /// The first use of a capability there: bringing the loopback interface up.
    Loopback,
}

/// A private network that could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    /// Where it ended.
    pub(crate) step: Step,
    /// The error's number.
    pub(crate) errno: i32,
}

impl Refusal {
    fn new(step: Step, error: &io::Error) -> Refusal {
        Refusal { step, errno: error.raw_os_error().unwrap_or(0) }
    }
}

/// Moves the calling process into a network namespace of its own, where only `lo` is, up and with textbook segments.
///
/// To be called before any other thread exists: `unshare` refuses a process with several. After a refusal the process
/// may be in a namespace that is of no use, and should end.
pub(crate) fn enter() -> Result<(), Refusal> {
    // With privileges the network alone is enough; the process then stays who it is.
    if unshare(libc::CLONE_NEWNET).is_err() {
        enter_as_user()?;
    }
    prepare_loopback().map_err(|error| Refusal::new(Step::Loopback, &error))
}

fn enter_as_user() -> Result<(), Refusal> {
    // SAFETY: these two only read the process's ids.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    // A program with file capabilities is not dumpable, and its files in /proc then belong to root.
    // SAFETY: PR_SET_DUMPABLE takes one integer and touches no memory.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) };
    unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET).map_err(|error| Refusal::new(Step::Unshare, &error))?;
    map_ids(uid, gid).map_err(|error| Refusal::new(Step::MapIds, &error))
}

/// Moves the calling process into one more network; the one before lives on as long as something holds it.
pub(crate) fn new_network() -> io::Result<()> {
    unshare(libc::CLONE_NEWNET)
}

fn unshare(flags: libc::c_int) -> io::Result<()> {
    // SAFETY: unshare takes flags and touches no memory of ours.
    if unsafe { libc::unshare(flags) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The user keeps the own id: as 0 the exchange could do what the user cannot, such as binding port 80.
fn map_ids(uid: u32, gid: u32) -> io::Result<()> {
    // Without this the kernel does not let an ordinary user map a group.
    match fs::write("/proc/self/setgroups", "deny") {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))
}

fn prepare_loopback() -> io::Result<()> {
    let lo = interface::Control::open("lo")?;
    // Segments of 1460 bytes instead of 64 KiB. An exchange is true without them, so a kernel that refuses is
    // tolerated.
    let _ = lo.set_mtu(1500);
    lo.switch_offloads_off();
    let _ = interface::limit_gso_segments("lo", 1);
    // Some systems switch IPv6 off for every new network; where it is missing the file is, too.
    let _ = fs::write("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0");
    lo.bring_up()
}

/// Asks the kernel to end this process when the thread that started it ends. False when that thread is gone already.
pub(crate) fn die_with_parent(parent: u32) -> bool {
    // SAFETY: PR_SET_PDEATHSIG takes one integer; getppid only reads.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
        u32::try_from(libc::getppid()).is_ok_and(|now| now == parent)
    }
}

/// Ends this process after so many seconds, whatever else happens.
pub(crate) fn die_after(seconds: u32) {
    // SAFETY: alarm takes a number; SIGALRM keeps its default action, which ends the process.
    unsafe { libc::alarm(seconds) };
}

/// The shortest turn that the kernel gives, in nanoseconds.
const SHORT_TURN: u64 = 100_000;

/// Asks the kernel to give the calling thread, and those it will start, short turns and for that earlier ones, so that a
/// busy machine does not keep a program waiting for as long as a timer of TCP takes. Nobody else gets less.
///
/// Kernels before 6.12 know nothing of that; an exchange goes well without it, so nothing is made of a refusal.
pub(crate) fn take_short_turns() {
    let mut wish = libc::sched_attr {
        size: 48,
        sched_policy: libc::SCHED_OTHER.cast_unsigned(),
        sched_flags: 0,
        sched_nice: 0,
        sched_priority: 0,
        sched_runtime: SHORT_TURN,
        sched_deadline: 0,
        sched_period: 0,
    };
    // SAFETY: getpriority only reads; sched_setattr reads the structure, whose size it has, and outlives nothing.
    unsafe {
        wish.sched_nice = libc::getpriority(libc::PRIO_PROCESS, 0);
        libc::syscall(libc::SYS_sched_setattr, 0, &raw const wish, 0);
    }
}

/// True for root, as far as this process can be it.
pub(crate) fn is_root() -> bool {
    // SAFETY: geteuid only reads.
    unsafe { libc::geteuid() == 0 }
}
