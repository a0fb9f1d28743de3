//! The one way in which actors make system calls: each is noted with its arguments, its times and its result.
#![allow(unsafe_code, reason = "poll, MSG_MORE and thread ids are outside the standard library")]

#[cfg(test)]
mod cost;
mod options;

use std::io;
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use socket2::{Domain, SockAddr, Socket, Type};

use super::child::Child;
use super::held::{Held, describe};
use super::select::Ports;
use crate::calls::text;
use crate::live::machine::errno_name;
use crate::live::packet_socket::now;
use crate::live::witness;
use crate::scenario::{End, Transport};
use crate::timeline::{Call, Deed, SocketUse};
use crate::track::Side;

/// Room that is given to `recvfrom`.
const DATAGRAM: usize = 1024;
/// Bytes of data that are kept of a call.
const KEPT: usize = 256;
/// The room for an address that socket2 gives to the kernel (`struct sockaddr_storage`).
const ADDRESS_ROOM: u32 = 128;
/// What stands for arguments that are known only when the call has returned.
const UNFINISHED: &str = "<unfinished ...>";

/// What both actors did so far.
#[derive(Clone, Default)]
pub(super) struct Log {
    entries: Arc<Mutex<Entries>>,
    witness: Option<witness::Handle>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: Vec<Call>,
    held: Held,
    ports: Ports,
    client_ports: Vec<u16>,
}

impl Log {
    /// An empty one, whose witness is told of every call.
    pub(super) fn new(witness: Option<witness::Handle>) -> Log {
        Log { entries: Arc::default(), witness }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // An actor that panicked has left whole entries.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The calls so far, in the order of entry.
    pub(super) fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// The ports so far.
    pub(super) fn ports(&self) -> Ports {
        self.lock().ports.clone()
    }

    /// The client's ports in the order of their use.
    pub(super) fn client_ports(&self) -> Vec<u16> {
        self.lock().client_ports.clone()
    }

    /// The calls that have not returned, as text.
    pub(super) fn pending(&self) -> Vec<(Side, String)> {
        self.lock()
            .calls
            .iter()
            .filter(|call| call.exit.is_none())
            .filter_map(|call| Some((call.side?, call.shown())))
            .collect()
    }
}

/// One actor's wrapper around system calls.
pub(super) struct Recorder {
    log: Log,
    side: Side,
    tid: u32,
    server_port: u16,
}

/// A finished call: its place in the log.
#[derive(Clone, Copy)]
struct Entry(usize);

/// A child process and the socket that it has inherited, by the kernel's number.
#[derive(Debug)]
pub(super) struct Heir {
    child: Child,
    inherited: Option<u64>,
}

/// A call that is about to be made.
struct Planned<'a> {
    name: &'static str,
    args: String,
    /// The descriptor it is about.
    fd: Option<RawFd>,
    deed: Deed,
    data: &'a [u8],
}

impl<'a> Planned<'a> {
    /// One that reaches no wire.
    fn new(name: &'static str, args: String) -> Planned<'a> {
        Planned { name, args, fd: None, deed: Deed::Other, data: &[] }
    }

    fn on(self, socket: &Socket) -> Planned<'a> {
        Planned { fd: Some(socket.as_raw_fd()), ..self }
    }

    fn does(self, deed: Deed) -> Planned<'a> {
        Planned { deed, ..self }
    }

    fn with(self, data: &'a [u8]) -> Planned<'a> {
        Planned { data: data.get(..KEPT).unwrap_or(data), ..self }
    }
}

impl Recorder {
    /// For the calling thread.
    pub(super) fn new(log: Log, side: Side, server_port: u16) -> Recorder {
        // SAFETY: gettid only reads.
        let tid = unsafe { libc::gettid() };
        Recorder { log, side, tid: u32::try_from(tid).unwrap_or_default(), server_port }
    }

    pub(super) fn side(&self) -> Side {
        self.side
    }

    /// The last call as text.
    pub(super) fn last_call(&self) -> String {
        self.log
            .lock()
            .calls
            .iter()
            .rev()
            .find(|call| call.side == Some(self.side))
            .map(Call::shown)
            .unwrap_or_default()
    }

    /// Makes one call. `value` is the number that the system call returned.
    fn call<T>(
        &self,
        planned: Planned<'_>,
        call: impl FnOnce() -> io::Result<T>,
        value: impl FnOnce(&T) -> i64,
    ) -> (Entry, io::Result<T>) {
        let Planned { name, args, fd, deed, data } = planned;
        let (name, data) = (name.to_owned(), data.to_vec());
        let entry = {
            let mut log = self.log.lock();
            let id = u32::try_from(log.calls.len()).unwrap_or(u32::MAX);
            let socket = fd.and_then(|fd| log.held.find(fd));
            let deed = match (deed, fd) {
                (Deed::Close { .. }, Some(fd)) => Deed::Close { left: log.held.closes(fd) },
                (deed, _) => deed,
            };
            // Taken under the lock, so that the list is in the order of entry.
            let entry = now();
            log.calls.push(Call {
                id,
                side: Some(self.side),
                pid: std::process::id(),
                tid: self.tid,
                name,
                args,
                entry,
                exit: None,
                result: None,
                socket,
                deed,
                data,
                source: None,
            });
            Entry(log.calls.len() - 1)
        };
        if let Some(witness) = &self.log.witness {
            witness.stirs();
        }
        let outcome = call();
        let exit = now();
        let result = match &outcome {
            Ok(done) => Ok(value(done)),
            Err(error) => Err(errno_name(error.raw_os_error().unwrap_or_default())),
        };
        self.amend(entry, |call| (call.exit, call.result) = (Some(exit), Some(result)));
        (entry, outcome)
    }

    /// Adds what is known only now.
    fn amend(&self, entry: Entry, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.log.lock().calls.get_mut(entry.0) {
            change(call);
        }
    }

    /// A call has made or changed this socket. How it is now.
    fn changed(&self, entry: Entry, socket: &Socket, transport: Transport) -> Option<SocketUse> {
        let found = describe(socket, transport)?;
        let mut log = self.log.lock();
        let found = log.held.note(found);
        if let Some(call) = log.calls.get_mut(entry.0) {
            call.socket = Some(found);
        }
        Some(found)
    }

    /// The same for a new descriptor.
    fn opened(&self, entry: Entry, socket: &Socket, transport: Transport) {
        if let Some(found) = self.changed(entry, socket, transport) {
            self.log.lock().held.copied(found.cookie);
        }
    }

    /// Notes the socket as it is after a call, and its own port, once it has one, which is returned.
    fn note_port(&self, entry: Entry, socket: &Socket, transport: Transport) -> u16 {
        let found = self.changed(entry, socket, transport);
        let port = found.and_then(|found| found.local).map_or(0, |local| local.port());
        let mut log = self.log.lock();
        log.ports.add(transport, port);
        if self.side == Side::Client && port != 0 && log.client_ports.last() != Some(&port) {
            log.client_ports.push(port);
        }
        port
    }

    fn note_peer(&self, transport: Transport) {
        self.log.lock().ports.add(transport, self.server_port);
    }

    pub(super) fn socket(&self, domain: Domain, transport: Transport) -> io::Result<Socket> {
        let (kind, name) = match transport {
            Transport::Tcp => (Type::STREAM, "SOCK_STREAM"),
            Transport::Udp => (Type::DGRAM, "SOCK_DGRAM"),
        };
        let family = if domain == Domain::IPV6 { "AF_INET6" } else { "AF_INET" };
        let planned = Planned::new("socket", format!("{family}, {name}, IPPROTO_IP")).does(Deed::Create);
        let make = || Socket::new_raw(domain, kind, None);
        let (entry, result) = self.call(planned, make, |socket| i64::from(socket.as_raw_fd()));
        let socket = result?;
        self.opened(entry, &socket, transport);
        Ok(socket)
    }

    pub(super) fn bind(&self, socket: &Socket, address: SocketAddr, transport: Transport) -> io::Result<()> {
        let args = format!("{}, {}", socket.as_raw_fd(), address_args(address));
        let planned = Planned::new("bind", args).on(socket).does(Deed::Bind(address));
        let (entry, result) = self.call(planned, || socket.bind(&address.into()), |()| 0);
        self.note_port(entry, socket, transport);
        result
    }

    pub(super) fn listen(&self, socket: &Socket, backlog: i32) -> io::Result<()> {
        let args = format!("{}, {backlog}", socket.as_raw_fd());
        let planned = Planned::new("listen", args).on(socket).does(Deed::Listen);
        self.call(planned, || socket.listen(backlog), |()| 0).1
    }

    pub(super) fn accept(&self, listener: &Socket) -> io::Result<(Socket, Option<SocketAddr>)> {
        let fd = listener.as_raw_fd();
        let take = || listener.accept_raw();
        let planned = Planned::new("accept", format!("{fd}, {UNFINISHED}")).on(listener);
        let (entry, result) =
            self.call(planned, take, |(socket, _): &(Socket, SockAddr)| i64::from(socket.as_raw_fd()));
        let (socket, peer) = result?;
        let peer = peer.as_socket();
        let listener = self.log.lock().held.find(fd).map_or(0, |listener| listener.cookie);
        self.opened(entry, &socket, Transport::Tcp);
        self.amend(entry, |call| {
            call.deed = Deed::Accept { listener };
            // One that was reset meanwhile does not know its peer any more.
            if let (Some(socket), Some(peer)) = (&mut call.socket, peer) {
                socket.peer.get_or_insert(peer);
                call.args = format!("{fd}, {}", address_out_args(peer));
            }
        });
        Ok((socket, peer))
    }

    pub(super) fn connect(&self, socket: &Socket, to: SocketAddr, transport: Transport) -> io::Result<()> {
        self.note_peer(transport);
        if let (Some(witness), Transport::Tcp) = (&self.log.witness, transport) {
            witness.connects(self.side, socket, to);
        }
        let args = format!("{}, {}", socket.as_raw_fd(), address_args(to));
        let planned = Planned::new("connect", args).on(socket).does(Deed::Connect(to));
        let (entry, result) = self.call(planned, || socket.connect(&to.into()), |()| 0);
        if result.is_err() {
            // The kernel has taken the port away again.
            self.log.lock().ports.allow_strangers();
        }
        let port = self.note_port(entry, socket, transport);
        if let (Some(witness), Transport::Tcp, 1..) = (&self.log.witness, transport, port) {
            witness.connected(self.side, port, to);
        }
        result
    }

    /// `send`, as often as it takes, with `MSG_MORE`, `MSG_OOB` or neither.
    pub(super) fn send(&self, socket: &Socket, bytes: &[u8], flag: libc::c_int) -> io::Result<()> {
        let flags = libc::MSG_NOSIGNAL | flag;
        let names = text::message_flags(flags);
        let mut rest = bytes;
        while !rest.is_empty() {
            let args = format!("{}, {}, {}, {names}, NULL, 0", socket.as_raw_fd(), data(rest), rest.len());
            let deed = Deed::Send { to: None, sizes: vec![rest.len() as u64] };
            let planned = Planned::new("sendto", args).on(socket).does(deed).with(rest);
            let sent = self.call(planned, || socket.send_with_flags(rest, flags), |n| count(*n)).1?;
            rest = rest.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    pub(super) fn send_to(&self, socket: &Socket, bytes: &[u8], to: SocketAddr) -> io::Result<()> {
        self.note_peer(Transport::Udp);
        let args =
            format!("{}, {}, {}, MSG_NOSIGNAL, {}", socket.as_raw_fd(), data(bytes), bytes.len(), address_args(to));
        let deed = Deed::Send { to: Some(to), sizes: vec![bytes.len() as u64] };
        let planned = Planned::new("sendto", args).on(socket).does(deed).with(bytes);
        let send = || socket.send_to_with_flags(bytes, &to.into(), libc::MSG_NOSIGNAL);
        let (entry, result) = self.call(planned, send, |n| count(*n));
        self.note_port(entry, socket, Transport::Udp);
        result.map(drop)
    }

    /// One `recv` with so much room; what it gave.
    pub(super) fn recv(&self, socket: &Socket, room: usize) -> io::Result<Vec<u8>> {
        self.receive(socket, room, 0, false, |buffer| Ok((socket.recv(buffer)?, None))).map(|(bytes, _)| bytes)
    }

    /// One `recv` of the byte that is marked as urgent.
    pub(super) fn recv_urgent(&self, socket: &Socket) -> io::Result<Vec<u8>> {
        let take = |buffer: &mut [MaybeUninit<u8>]| Ok((socket.recv_out_of_band(buffer)?, None));
        self.receive(socket, 1, libc::MSG_OOB, false, take).map(|(bytes, _)| bytes)
    }

    /// One `recvfrom`: the datagram and its sender.
    pub(super) fn recv_from(&self, socket: &Socket) -> io::Result<(Vec<u8>, Option<SocketAddr>)> {
        let take = |buffer: &mut [MaybeUninit<u8>]| {
            let (n, from) = socket.recv_from(buffer)?;
            Ok((n, from.as_socket()))
        };
        self.receive(socket, DATAGRAM, 0, true, take)
    }

    fn receive(
        &self,
        socket: &Socket,
        room: usize,
        flags: libc::c_int,
        names_sender: bool,
        take: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, Option<SocketAddr>)>,
    ) -> io::Result<(Vec<u8>, Option<SocketAddr>)> {
        let mut buffer = vec![MaybeUninit::new(0u8); room];
        let (fd, place) = (socket.as_raw_fd(), buffer.as_ptr());
        let names = text::message_flags(flags);
        let deed = |from| Deed::Receive { from, room: room as u64, peek: false };
        let planned = Planned::new("recvfrom", format!("{fd}, {UNFINISHED}")).on(socket).does(deed(None));
        let (entry, result) = self.call(planned, || take(&mut buffer), |(n, _)| count(*n));
        let sender = |from: Option<SocketAddr>| match from {
            Some(from) => address_out_args(from),
            None if names_sender => format!("NULL, [{ADDRESS_ROOM}]"),
            None => "NULL, NULL".to_owned(),
        };
        let (n, from) = match result {
            Ok(got) => got,
            Err(error) => {
                // Nothing was written there.
                self.amend(entry, |call| call.args = format!("{fd}, {place:p}, {room}, {names}, {}", sender(None)));
                return Err(error);
            }
        };
        // SAFETY: every byte of the buffer was initialised above.
        let bytes: Vec<u8> = buffer.iter().take(n).map(|byte| unsafe { byte.assume_init() }).collect();
        self.amend(entry, |call| {
            call.args = format!("{fd}, {}, {room}, {names}, {}", data(&bytes), sender(from));
            call.deed = deed(from);
            call.data = bytes.get(..KEPT).unwrap_or(&bytes).to_vec();
        });
        Ok((bytes, from))
    }

    pub(super) fn shutdown_read(&self, socket: &Socket) -> io::Result<()> {
        self.shutdown(socket, Shutdown::Read, "SHUT_RD")
    }

    pub(super) fn shutdown_write(&self, socket: &Socket) -> io::Result<()> {
        self.shutdown(socket, Shutdown::Write, "SHUT_WR")
    }

    fn shutdown(&self, socket: &Socket, how: Shutdown, name: &str) -> io::Result<()> {
        let deed = Deed::Shutdown { write: how == Shutdown::Write };
        let planned = Planned::new("shutdown", format!("{}, {name}", socket.as_raw_fd())).on(socket).does(deed);
        self.call(planned, || socket.shutdown(how), |()| 0).1
    }

    pub(super) fn duplicate(&self, socket: &Socket, transport: Transport) -> io::Result<Socket> {
        let planned = Planned::new("dup", socket.as_raw_fd().to_string()).on(socket).does(Deed::Duplicate);
        let (entry, result) = self.call(planned, || duplicate(socket), |copy| i64::from(copy.as_raw_fd()));
        let copy = result?;
        let original = self.log.lock().held.find(socket.as_raw_fd());
        self.opened(entry, &copy, transport);
        // The call is about the descriptor that it was given.
        self.amend(entry, |call| call.socket = original);
        Ok(copy)
    }

    /// A child process that inherits the socket and nothing else.
    pub(super) fn fork(&self, socket: &Socket) -> io::Result<Heir> {
        let fd = socket.as_raw_fd();
        let fork = || Child::fork(fd);
        let child = self.call(Planned::new("fork", String::new()), fork, |child| i64::from(child.pid())).1?;
        let mut log = self.log.lock();
        let inherited = log.held.find(fd).map(|socket| socket.cookie);
        if let Some(inherited) = inherited {
            log.held.copied(inherited);
        }
        Ok(Heir { child, inherited })
    }

    /// The child's end, and waiting for it.
    pub(super) fn end_child(&self, heir: Heir, end: End) -> io::Result<()> {
        let Heir { mut child, inherited } = heir;
        let pid = child.pid();
        let kill = |signal: &str| Planned::new("kill", format!("{pid}, {signal}"));
        match end {
            End::Exit => child.end(end)?,
            End::Interrupt => self.call(kill("SIGINT"), || child.end(end), |()| 0).1?,
            End::Kill => self.call(kill("SIGKILL"), || child.end(end), |()| 0).1?,
        }
        let wait = Planned::new("wait4", format!("{pid}, NULL, 0, NULL"));
        self.call(wait, || child.wait(), |()| i64::from(pid)).1?;
        if let Some(inherited) = inherited {
            self.log.lock().held.gone(inherited);
        }
        Ok(())
    }

    pub(super) fn close(&self, socket: Socket) {
        let planned = Planned::new("close", socket.as_raw_fd().to_string()).on(&socket);
        let close = || {
            drop(socket);
            Ok(())
        };
        // What close returns is of no use: the descriptor is gone in any case.
        let _ = self.call(planned.does(Deed::Close { left: 0 }), close, |()| 0);
    }

    /// `poll` without a time limit; errors and hang-ups always end it.
    pub(super) fn poll(&self, socket: &Socket, events: libc::c_short, names: &str) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        let args = format!("[{{fd={fd}, events={names}}}], 1, -1");
        let planned = Planned::new("poll", args).on(socket).does(Deed::Wait);
        self.call(planned, || poll(fd, events), |n| i64::from(*n)).1.map(drop)
    }
}

fn duplicate(socket: &Socket) -> io::Result<Socket> {
    // SAFETY: the number is a descriptor as long as the socket is borrowed.
    let copy = unsafe { libc::dup(socket.as_raw_fd()) };
    if copy < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new and nobody else's.
    Ok(unsafe { Socket::from_raw_fd(copy) })
}

fn poll(fd: RawFd, events: libc::c_short) -> io::Result<i32> {
    let mut one = libc::pollfd { fd, events, revents: 0 };
    // SAFETY: one pollfd that outlives the call.
    let n = unsafe { libc::poll(&raw mut one, 1, -1) };
    if n < 0 { Err(io::Error::last_os_error()) } else { Ok(n) }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `{sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}, 16`
fn address_args(address: SocketAddr) -> String {
    let (text, length) = sockaddr(address);
    format!("{text}, {length}")
}

/// The same where the kernel writes address and length.
fn address_out_args(address: SocketAddr) -> String {
    let (text, length) = sockaddr(address);
    format!("{text}, [{ADDRESS_ROOM} => {length}]")
}

/// A `struct sockaddr` and its length.
fn sockaddr(address: SocketAddr) -> (String, u32) {
    (text::sockaddr(address), if address.is_ipv4() { 16 } else { 28 })
}

/// Bytes as a C string, cut as strace cuts it.
fn data(bytes: &[u8]) -> String {
    text::quoted(bytes, bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_strace_prints_them() {
        assert_eq!(
            address_args("127.0.0.1:5000".parse().expect("address")),
            r#"{sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}, 16"#
        );
        assert!(address_out_args("[::1]:5000".parse().expect("address")).ends_with("sin6_scope_id=0}, [128 => 28]"));
    }

    #[test]
    fn a_call_is_noted_with_times_and_result() {
        let log = Log::default();
        let recorder = Recorder::new(log.clone(), Side::Client, 1);
        let socket = recorder.socket(Domain::IPV4, Transport::Tcp).expect("socket");
        // No connection: the kernel refuses to send on it.
        assert!(recorder.send(&socket, b"x", 0).is_err());
        recorder.close(socket);
        let calls = log.calls();
        assert_eq!(calls.iter().map(|call| call.name.as_str()).collect::<Vec<_>>(), ["socket", "sendto", "close"]);
        assert_eq!(calls[1].result, Some(Err("EPIPE".to_owned())));
        assert!(calls.iter().all(|call| call.exit.is_some_and(|exit| exit >= call.entry)));
        assert!(calls.windows(2).all(|pair| pair[0].entry <= pair[1].entry && pair[0].id + 1 == pair[1].id));
        assert!(log.pending().is_empty());
    }
}
