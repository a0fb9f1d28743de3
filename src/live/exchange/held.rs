//! Which socket stands behind each descriptor of the actors, and how many descriptors it has.
#![allow(unsafe_code, reason = "the kernel's number of a socket is outside the standard library")]

use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, RawFd};

use socket2::Socket;

use crate::scenario::Transport;
use crate::timeline::SocketUse;
use crate::track::Proto;

/// The descriptors of all actors: they are threads of one process, so that a number is one descriptor.
#[derive(Debug, Default)]
pub(super) struct Held {
    sockets: BTreeMap<RawFd, SocketUse>,
    /// By the kernel's number of the socket: its descriptors, those of child processes among them.
    copies: BTreeMap<u64, u32>,
}

impl Held {
    /// The socket behind a descriptor.
    pub(super) fn find(&self, fd: RawFd) -> Option<SocketUse> {
        self.sockets.get(&fd).copied()
    }

    /// Takes in what was found. One that was reset has lost its addresses; those that it had stay.
    pub(super) fn note(&mut self, found: SocketUse) -> SocketUse {
        let had = self.sockets.get(&found.fd).filter(|had| had.cookie == found.cookie);
        let local = found.local.or(had.and_then(|had| had.local));
        let peer = found.peer.or(had.and_then(|had| had.peer));
        let note = SocketUse { local, peer, ..found };
        self.sockets.insert(note.fd, note);
        note
    }

    /// One more descriptor of this socket, here or in a child process.
    pub(super) fn copied(&mut self, cookie: u64) {
        *self.copies.entry(cookie).or_default() += 1;
    }

    /// One less, and how many are left.
    pub(super) fn gone(&mut self, cookie: u64) -> u32 {
        let Some(copies) = self.copies.get_mut(&cookie) else { return 0 };
        *copies = copies.saturating_sub(1);
        *copies
    }

    /// A descriptor is given back: its number may be another one's from now on. How many its socket has left.
    pub(super) fn closes(&mut self, fd: RawFd) -> u32 {
        self.sockets.remove(&fd).map_or(0, |socket| self.gone(socket.cookie))
    }
}

/// Asks the kernel what a socket is.
pub(super) fn describe(socket: &Socket, transport: Transport) -> Option<SocketUse> {
    let address = |name: std::io::Result<socket2::SockAddr>| name.ok().and_then(|name| name.as_socket());
    Some(SocketUse {
        cookie: cookie(socket.as_raw_fd())?,
        proto: match transport {
            Transport::Tcp => Proto::Tcp,
            Transport::Udp => Proto::Udp,
        },
        fd: socket.as_raw_fd(),
        local: address(socket.local_addr()).filter(|local| local.port() != 0),
        peer: address(socket.peer_addr()),
    })
}

/// The kernel's number of a socket, the same for every descriptor of it.
fn cookie(fd: RawFd) -> Option<u64> {
    let mut cookie = 0u64;
    let mut len: libc::socklen_t = 8;
    // SAFETY: the value is eight bytes that outlive the call, and its size is given.
    let result =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_COOKIE, (&raw mut cookie).cast(), &raw mut len) };
    (result == 0).then_some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;
    use socket2::{Domain, Type};

    #[test]
    fn every_descriptor_of_a_socket_counts() {
        let mut held = Held::default();
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let copy = socket.try_clone().expect("a copy");
        let [one, other] = [&socket, &copy].map(|socket| {
            let found = held.note(describe(socket, Transport::Tcp).expect("it is one"));
            held.copied(found.cookie);
            found
        });
        assert!(one.cookie == other.cookie && one.fd != other.fd && one.local.is_none());
        // A child has a third.
        held.copied(one.cookie);
        assert_eq!(held.closes(one.fd), 2);
        assert_eq!(held.find(one.fd), None);
        assert_eq!(held.gone(one.cookie), 1);
        assert_eq!(held.closes(other.fd), 0);
        // What was never one.
        assert_eq!(held.closes(-1), 0);
    }

    #[test]
    fn addresses_that_a_socket_had_stay() {
        let mut held = Held::default();
        let address = "127.0.0.1:5000".parse().ok();
        let known = SocketUse { cookie: 7, proto: Proto::Tcp, fd: 3, local: address, peer: address };
        held.note(known);
        assert_eq!(held.note(SocketUse { local: None, peer: None, ..known }), known);
        // The number is another socket's now.
        let other = SocketUse { cookie: 8, local: None, peer: None, ..known };
        assert_eq!(held.note(other), other);
    }
}
