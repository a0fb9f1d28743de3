//! The one way in which actors make system calls: each is noted with its arguments, its times and its result.
#![allow(unsafe_code, reason = "poll, MSG_MORE and thread ids are outside the standard library")]

use std::io;
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use socket2::{Domain, SockAddr, SockFilter, Socket, Type};

use super::child::Child;
use super::select::Ports;
use crate::calls::text;
use crate::live::machine::errno_name;
use crate::live::packet_socket::now;
use crate::live::witness;
use crate::scenario::{End, SocketOption, Transport};
use crate::timeline::{Call, Deed};
use crate::track::Side;

/// Return, in the language of socket filters (`<linux/bpf_common.h>`).
const BPF_RET: u16 = 0x06;
/// Room that is given to `recvfrom`.
const DATAGRAM: usize = 1024;

/// What both actors did so far.
#[derive(Clone, Default)]
pub(super) struct Log {
    entries: Arc<Mutex<Entries>>,
    witness: Option<witness::Handle>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: Vec<Call>,
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
        name: &str,
        args: String,
        call: impl FnOnce() -> io::Result<T>,
        value: impl FnOnce(&T) -> i64,
    ) -> (Entry, io::Result<T>) {
        let entry = {
            let mut log = self.log.lock();
            let id = u32::try_from(log.calls.len()).unwrap_or(u32::MAX);
            let name = name.to_owned();
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
                socket: None,
                deed: Deed::Other,
                data: Vec::new(),
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
        if let Some(call) = self.log.lock().calls.get_mut(entry.0) {
            call.exit = Some(exit);
            call.result = Some(result);
        }
        (entry, outcome)
    }

    fn set_args(&self, entry: Entry, args: String) {
        if let Some(call) = self.log.lock().calls.get_mut(entry.0) {
            call.args = args;
        }
    }

    /// Notes the socket's own port, once it has one, and returns it.
    fn note_port(&self, socket: &Socket, transport: Transport) -> u16 {
        let port = socket.local_addr().ok().and_then(|address| address.as_socket()).map_or(0, |address| address.port());
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
        let args = format!("{family}, {name}, 0");
        self.call("socket", args, || Socket::new_raw(domain, kind, None), |socket| i64::from(socket.as_raw_fd())).1
    }

    pub(super) fn reuse_address(&self, socket: &Socket) -> io::Result<()> {
        let args = format!("{}, SOL_SOCKET, SO_REUSEADDR, [1], 4", socket.as_raw_fd());
        self.call("setsockopt", args, || socket.set_reuse_address(true), |()| 0).1
    }

    pub(super) fn bind(&self, socket: &Socket, address: SocketAddr, transport: Transport) -> io::Result<()> {
        let args = format!("{}, {}", socket.as_raw_fd(), address_args(address));
        let result = self.call("bind", args, || socket.bind(&address.into()), |()| 0).1;
        self.note_port(socket, transport);
        result
    }

    pub(super) fn listen(&self, socket: &Socket, backlog: i32) -> io::Result<()> {
        let args = format!("{}, {backlog}", socket.as_raw_fd());
        self.call("listen", args, || socket.listen(backlog), |()| 0).1
    }

    pub(super) fn accept(&self, listener: &Socket) -> io::Result<(Socket, Option<SocketAddr>)> {
        let fd = listener.as_raw_fd();
        let take = || listener.accept_raw();
        let (entry, result) = self
            .call("accept", format!("{fd}"), take, |(socket, _): &(Socket, SockAddr)| i64::from(socket.as_raw_fd()));
        let (socket, peer) = result?;
        let peer = peer.as_socket();
        if let Some(peer) = peer {
            self.set_args(entry, format!("{fd}, {}", address_out_args(peer)));
        }
        Ok((socket, peer))
    }

    pub(super) fn connect(&self, socket: &Socket, to: SocketAddr, transport: Transport) -> io::Result<()> {
        self.note_peer(transport);
        if let (Some(witness), Transport::Tcp) = (&self.log.witness, transport) {
            witness.connects(self.side, socket, to);
        }
        let args = format!("{}, {}", socket.as_raw_fd(), address_args(to));
        let result = self.call("connect", args, || socket.connect(&to.into()), |()| 0).1;
        if result.is_err() {
            // The kernel has taken the port away again.
            self.log.lock().ports.allow_strangers();
        }
        let port = self.note_port(socket, transport);
        if let (Some(witness), Transport::Tcp, 1..) = (&self.log.witness, transport, port) {
            witness.connected(self.side, port, to);
        }
        result
    }

    /// `send`, as often as it takes, with `MSG_MORE`, `MSG_OOB` or neither.
    pub(super) fn send(&self, socket: &Socket, bytes: &[u8], flag: libc::c_int) -> io::Result<()> {
        let names = match flag {
            libc::MSG_MORE => "MSG_NOSIGNAL|MSG_MORE",
            libc::MSG_OOB => "MSG_OOB|MSG_NOSIGNAL",
            _ => "MSG_NOSIGNAL",
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            let args = format!("{}, {}, {}, {names}", socket.as_raw_fd(), data(rest), rest.len());
            let call = || socket.send_with_flags(rest, libc::MSG_NOSIGNAL | flag);
            let sent = self.call("send", args, call, |n| count(*n)).1?;
            rest = rest.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    pub(super) fn send_to(&self, socket: &Socket, bytes: &[u8], to: SocketAddr) -> io::Result<()> {
        self.note_peer(Transport::Udp);
        let args =
            format!("{}, {}, {}, MSG_NOSIGNAL, {}", socket.as_raw_fd(), data(bytes), bytes.len(), address_args(to));
        let send = || socket.send_to_with_flags(bytes, &to.into(), libc::MSG_NOSIGNAL);
        let result = self.call("sendto", args, send, |n| count(*n)).1;
        self.note_port(socket, Transport::Udp);
        result.map(drop)
    }

    /// One `recv` with so much room; what it gave.
    pub(super) fn recv(&self, socket: &Socket, room: usize) -> io::Result<Vec<u8>> {
        self.receive("recv", socket, room, "0", "", |buffer| Ok((socket.recv(buffer)?, None))).map(|(bytes, _)| bytes)
    }

    /// One `recv` of the byte that is marked as urgent.
    pub(super) fn recv_urgent(&self, socket: &Socket) -> io::Result<Vec<u8>> {
        let take = |buffer: &mut [MaybeUninit<u8>]| Ok((socket.recv_out_of_band(buffer)?, None));
        self.receive("recv", socket, 1, "MSG_OOB", "", take).map(|(bytes, _)| bytes)
    }

    /// One `recvfrom`: the datagram and its sender.
    pub(super) fn recv_from(&self, socket: &Socket) -> io::Result<(Vec<u8>, Option<SocketAddr>)> {
        let take = |buffer: &mut [MaybeUninit<u8>]| {
            let (n, from) = socket.recv_from(buffer)?;
            Ok((n, from.as_socket()))
        };
        self.receive("recvfrom", socket, DATAGRAM, "0", ", NULL, NULL", take)
    }

    fn receive(
        &self,
        name: &str,
        socket: &Socket,
        room: usize,
        flags: &str,
        no_address: &str,
        take: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, Option<SocketAddr>)>,
    ) -> io::Result<(Vec<u8>, Option<SocketAddr>)> {
        let mut buffer = vec![MaybeUninit::new(0u8); room];
        let fd = socket.as_raw_fd();
        let args = format!("{fd}, {room}, {flags}{no_address}");
        let (entry, result) = self.call(name, args, || take(&mut buffer), |(n, _)| count(*n));
        let (n, from) = result?;
        // SAFETY: every byte of the buffer was initialised above.
        let bytes: Vec<u8> = buffer.iter().take(n).map(|byte| unsafe { byte.assume_init() }).collect();
        let from_args = from.map_or_else(|| no_address.to_owned(), |from| format!(", {}", address_out_args(from)));
        self.set_args(entry, format!("{fd}, {}, {room}, {flags}{from_args}", data(&bytes)));
        Ok((bytes, from))
    }

    pub(super) fn shutdown_read(&self, socket: &Socket) -> io::Result<()> {
        let args = format!("{}, SHUT_RD", socket.as_raw_fd());
        self.call("shutdown", args, || socket.shutdown(Shutdown::Read), |()| 0).1
    }

    pub(super) fn duplicate(&self, socket: &Socket) -> io::Result<Socket> {
        let copy = || socket.try_clone();
        self.call("dup", socket.as_raw_fd().to_string(), copy, |socket| i64::from(socket.as_raw_fd())).1
    }

    /// A child process that inherits the socket and nothing else.
    pub(super) fn fork(&self, socket: &Socket) -> io::Result<Child> {
        let fork = || Child::fork(socket.as_raw_fd());
        self.call("fork", String::new(), fork, |child| i64::from(child.pid())).1
    }

    /// The child's end, and waiting for it.
    pub(super) fn end_child(&self, mut child: Child, end: End) -> io::Result<()> {
        let pid = child.pid();
        match end {
            End::Exit => child.end(end)?,
            End::Interrupt => self.call("kill", format!("{pid}, SIGINT"), || child.end(end), |()| 0).1?,
            End::Kill => self.call("kill", format!("{pid}, SIGKILL"), || child.end(end), |()| 0).1?,
        }
        self.call("waitpid", format!("{pid}, NULL, 0"), || child.wait(), |()| i64::from(pid)).1
    }

    pub(super) fn shutdown_write(&self, socket: &Socket) -> io::Result<()> {
        let args = format!("{}, SHUT_WR", socket.as_raw_fd());
        self.call("shutdown", args, || socket.shutdown(Shutdown::Write), |()| 0).1
    }

    pub(super) fn close(&self, socket: Socket) {
        let args = socket.as_raw_fd().to_string();
        let close = || {
            drop(socket);
            Ok(())
        };
        // What close returns is of no use: the descriptor is gone in any case.
        let _ = self.call("close", args, close, |()| 0);
    }

    pub(super) fn set_option(&self, socket: &Socket, option: SocketOption) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        match option {
            SocketOption::QuickAck(on) => self.set_number(socket, TCP_QUICKACK, u32::from(on)),
            SocketOption::NoDelay(on) => self.set_number(socket, TCP_NODELAY, u32::from(on)),
            SocketOption::ReceiveBuffer(bytes) => self.set_number(socket, SO_RCVBUF, bytes),
            SocketOption::UserTimeout(ms) => self.set_number(socket, TCP_USER_TIMEOUT, ms),
            SocketOption::KeepAlive { idle, interval, count } => {
                self.set_number(socket, SO_KEEPALIVE, 1)?;
                self.set_number(socket, TCP_KEEPIDLE, idle)?;
                self.set_number(socket, TCP_KEEPINTVL, interval)?;
                self.set_number(socket, TCP_KEEPCNT, count)
            }
            SocketOption::Linger(s) => {
                let args = format!("{fd}, SOL_SOCKET, SO_LINGER, {{l_onoff=1, l_linger={s}}}, 8");
                let set = || socket.set_linger(Some(Duration::from_secs(u64::from(s))));
                self.call("setsockopt", args, set, |()| 0).1
            }
            SocketOption::ReceiveTimeout(ms) => {
                let (seconds, micros) = (ms / 1000, ms % 1000 * 1000);
                let args = format!("{fd}, SOL_SOCKET, SO_RCVTIMEO_OLD, {{tv_sec={seconds}, tv_usec={micros}}}, 16");
                let set = || socket.set_read_timeout(Some(Duration::from_millis(u64::from(ms))));
                self.call("setsockopt", args, set, |()| 0).1
            }
            SocketOption::DropAll => {
                let args = format!("{fd}, SOL_SOCKET, SO_ATTACH_FILTER, {{len=1, filter=[BPF_RET 0]}}, 16");
                let set = || socket.attach_filter(&[SockFilter::new(BPF_RET, 0, 0, 0)]);
                self.call("setsockopt", args, set, |()| 0).1
            }
        }
    }

    /// Makes the socket one that can be taken away without a packet.
    pub(super) fn repair(&self, socket: &Socket) -> io::Result<()> {
        self.set_number(socket, TCP_REPAIR, 1)
    }

    fn set_number(&self, socket: &Socket, option: Numbered, value: u32) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        let args = format!("{fd}, {}, [{value}], 4", option.name);
        self.call("setsockopt", args, || set_number(fd, option, value), |()| 0).1
    }

    /// `poll` without a time limit; errors and hang-ups always end it.
    pub(super) fn poll(&self, socket: &Socket, events: libc::c_short, names: &str) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        let args = format!("[{{fd={fd}, events={names}}}], 1, -1");
        self.call("poll", args, || poll(fd, events), |n| i64::from(*n)).1.map(drop)
    }
}

/// An option whose value is a C int.
#[derive(Clone, Copy)]
struct Numbered {
    level: libc::c_int,
    number: libc::c_int,
    name: &'static str,
}

const fn tcp(number: libc::c_int, name: &'static str) -> Numbered {
    Numbered { level: libc::IPPROTO_TCP, number, name }
}

const fn socket_level(number: libc::c_int, name: &'static str) -> Numbered {
    Numbered { level: libc::SOL_SOCKET, number, name }
}

const TCP_QUICKACK: Numbered = tcp(libc::TCP_QUICKACK, "SOL_TCP, TCP_QUICKACK");
const TCP_NODELAY: Numbered = tcp(libc::TCP_NODELAY, "SOL_TCP, TCP_NODELAY");
const TCP_KEEPIDLE: Numbered = tcp(libc::TCP_KEEPIDLE, "SOL_TCP, TCP_KEEPIDLE");
const TCP_KEEPINTVL: Numbered = tcp(libc::TCP_KEEPINTVL, "SOL_TCP, TCP_KEEPINTVL");
const TCP_USER_TIMEOUT: Numbered = tcp(libc::TCP_USER_TIMEOUT, "SOL_TCP, TCP_USER_TIMEOUT");
const TCP_KEEPCNT: Numbered = tcp(libc::TCP_KEEPCNT, "SOL_TCP, TCP_KEEPCNT");
const TCP_REPAIR: Numbered = tcp(libc::TCP_REPAIR, "SOL_TCP, TCP_REPAIR");
const SO_RCVBUF: Numbered = socket_level(libc::SO_RCVBUF, "SOL_SOCKET, SO_RCVBUF");
const SO_KEEPALIVE: Numbered = socket_level(libc::SO_KEEPALIVE, "SOL_SOCKET, SO_KEEPALIVE");

fn set_number(fd: RawFd, option: Numbered, value: u32) -> io::Result<()> {
    let value = libc::c_int::try_from(value).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: the value is a C int that outlives the call, and its size is given.
    let result = unsafe { libc::setsockopt(fd, option.level, option.number, (&raw const value).cast(), 4) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
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
    format!("{text}, [{length}]")
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
        assert!(address_out_args("[::1]:5000".parse().expect("address")).ends_with("sin6_scope_id=0}, [28]"));
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
        assert_eq!(calls.iter().map(|call| call.name.as_str()).collect::<Vec<_>>(), ["socket", "send", "close"]);
        assert_eq!(calls[1].result, Some(Err("EPIPE".to_owned())));
        assert!(calls.iter().all(|call| call.exit.is_some_and(|exit| exit >= call.entry)));
        assert!(calls.windows(2).all(|pair| pair[0].entry <= pair[1].entry && pair[0].id + 1 == pair[1].id));
        assert!(log.pending().is_empty());
    }
}
