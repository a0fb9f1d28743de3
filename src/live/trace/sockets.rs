//! Which socket a descriptor is, in whichever process.

use std::collections::hash_map::Entry;
use std::fs;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use rustc_hash::FxHashMap;

use super::abi;
use crate::calls::text::socket_address;
use crate::timeline::{Closed, SocketUse};
use crate::track::Proto;

/// What is known of the descriptors of all processes.
#[derive(Default)]
pub(super) struct Sockets {
    processes: FxHashMap<i32, OwnedFd>,
    /// By process and descriptor; none: no internet socket.
    known: FxHashMap<(i32, i32), Option<SocketUse>>,
    /// The addresses that a socket had: one that was reset has lost them.
    addresses: FxHashMap<u64, [Option<SocketAddr>; 2]>,
}

impl Sockets {
    /// The internet socket behind a descriptor. What is known to the end is not asked again.
    pub(super) fn find(&mut self, pid: i32, fd: i32) -> Option<SocketUse> {
        match self.known.get(&(pid, fd)) {
            Some(None) => None,
            Some(Some(known)) if known.local.is_some() && (known.peer.is_some() || known.proto == Proto::Udp) => {
                Some(*known)
            }
            _ => self.look(pid, fd),
        }
    }

    /// The same, asked anew: an address may have come or gone.
    pub(super) fn look(&mut self, pid: i32, fd: i32) -> Option<SocketUse> {
        let copy = self.copy(pid, fd)?;
        let mut found = describe(&copy, fd);
        drop(copy);
        if let Some(found) = &mut found {
            let had = self.addresses.entry(found.cookie).or_default();
            *had = [found.local.or(had[0]), found.peer.or(had[1])];
            [found.local, found.peer] = *had;
        }
        self.known.insert((pid, fd), found);
        found
    }

    /// The descriptors of a process between these two, both included.
    pub(super) fn between(pid: i32, first: u32, last: u32) -> Vec<i32> {
        let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
        let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        let mut fds: Vec<i32> = numbers.filter(|fd| (first..=last).contains(&fd.cast_unsigned())).collect();
        fds.sort_unstable();
        fds
    }

    /// The descriptors of a process that close by themselves when it runs another program, as far as they are sockets.
    pub(super) fn closing_on_exec(pid: i32) -> Vec<i32> {
        let is_socket = |fd: &i32| {
            fs::read_link(format!("/proc/{pid}/fd/{fd}"))
                .is_ok_and(|link| link.to_string_lossy().starts_with("socket:"))
        };
        let closes = |fd: &i32| {
            let info = fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).unwrap_or_default();
            let flags = info.lines().find_map(|line| i32::from_str_radix(line.strip_prefix("flags:")?.trim(), 8).ok());
            flags.is_some_and(|flags| flags & libc::O_CLOEXEC != 0)
        };
        let all = Sockets::between(pid, 0, u32::MAX);
        all.into_iter().filter(is_socket).filter(closes).collect()
    }

    /// The sockets behind these descriptors of a process, with the descriptors that are left of each when these are
    /// gone.
    pub(super) fn closed(&mut self, pid: i32, fds: &[i32], processes: &[i32]) -> Vec<Closed> {
        let mut closed: Vec<Closed> = Vec::new();
        for fd in fds {
            let Some(socket) = self.find(pid, *fd) else { continue };
            match closed.iter_mut().find(|closed| closed.socket.cookie == socket.cookie) {
                Some(same) => same.left = same.left.saturating_sub(1),
                None => closed.push(Closed { socket, left: Sockets::others(pid, *fd, processes.iter().copied()) }),
            }
        }
        closed
    }

    /// True when the process has no such descriptor.
    pub(super) fn is_missing(&mut self, pid: i32, fd: i32) -> bool {
        self.known.get(&(pid, fd)).is_none_or(Option::is_none)
            && fs::symlink_metadata(format!("/proc/{pid}/fd/{fd}")).is_err()
    }

    fn copy(&mut self, pid: i32, fd: i32) -> Option<OwnedFd> {
        let process = match self.processes.entry(pid) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(abi::pidfd(pid).ok()?),
        };
        abi::copy(process, fd).ok()
    }

    /// True when the process has an internet socket that is known.
    pub(super) fn any(&self, pid: i32) -> bool {
        self.known.iter().any(|((owner, _), socket)| *owner == pid && socket.is_some())
    }

    /// The descriptor is another one from now on.
    pub(super) fn forget(&mut self, pid: i32, fd: i32) {
        self.known.remove(&(pid, fd));
    }

    /// All descriptors of a process may be others: it runs another program, or has ended.
    pub(super) fn forget_all(&mut self, pid: i32) {
        self.known.retain(|(owner, _), _| *owner != pid);
    }

    /// The process has ended.
    pub(super) fn end(&mut self, pid: i32) {
        self.forget_all(pid);
        self.processes.remove(&pid);
    }

    /// How many descriptors of the same socket these processes hold, this one not counted.
    pub(super) fn others(pid: i32, fd: i32, processes: impl Iterator<Item = i32>) -> u32 {
        let Ok(target) = fs::read_link(format!("/proc/{pid}/fd/{fd}")) else { return 0 };
        let mut others = 0;
        for process in processes {
            let Ok(entries) = fs::read_dir(format!("/proc/{process}/fd")) else { continue };
            let same = entries.flatten().filter(|entry| fs::read_link(entry.path()).is_ok_and(|link| link == target));
            others += u32::try_from(same.count()).unwrap_or(u32::MAX);
        }
        others.saturating_sub(1)
    }
}

fn describe(fd: &OwnedFd, number: i32) -> Option<SocketUse> {
    let proto = match abi::kind(fd)? {
        (libc::AF_INET | libc::AF_INET6, libc::SOCK_STREAM) => Proto::Tcp,
        (libc::AF_INET | libc::AF_INET6, libc::SOCK_DGRAM) => Proto::Udp,
        _ => return None,
    };
    let address = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| socket_address(&bytes));
    Some(SocketUse {
        cookie: abi::cookie(fd)?,
        proto,
        fd: number,
        local: address(abi::own_name(fd)).filter(|local| local.port() != 0),
        peer: address(abi::peer_name(fd)),
    })
}
