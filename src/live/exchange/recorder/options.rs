//! The socket options that actors set.
#![allow(unsafe_code, reason = "some options are outside the libraries")]

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use socket2::{SockFilter, Socket};

use super::{Planned, Recorder};
use crate::scenario::SocketOption;
use crate::timeline::Deed;

/// Return, in the language of socket filters (`<linux/bpf_common.h>`).
const BPF_RET: u16 = 0x06;

impl Recorder {
    pub(in crate::live::exchange) fn reuse_address(&self, socket: &Socket) -> io::Result<()> {
        let args = format!("{}, SOL_SOCKET, SO_REUSEADDR, [1], 4", socket.as_raw_fd());
        self.option(socket, args, || socket.set_reuse_address(true))
    }

    pub(in crate::live::exchange) fn set_option(&self, socket: &Socket, option: SocketOption) -> io::Result<()> {
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
                self.option(socket, args, set)
            }
            SocketOption::ReceiveTimeout(ms) => {
                let (seconds, micros) = (ms / 1000, ms % 1000 * 1000);
                let args = format!("{fd}, SOL_SOCKET, SO_RCVTIMEO_OLD, {{tv_sec={seconds}, tv_usec={micros}}}, 16");
                let set = || socket.set_read_timeout(Some(Duration::from_millis(u64::from(ms))));
                self.option(socket, args, set)
            }
            SocketOption::DropAll => {
                let args = format!("{fd}, SOL_SOCKET, SO_ATTACH_FILTER, {{len=1, filter=[BPF_RET 0]}}, 16");
                let set = || socket.attach_filter(&[SockFilter::new(BPF_RET, 0, 0, 0)]);
                self.option(socket, args, set)
            }
        }
    }

    /// Makes the socket one that can be taken away without a packet.
    pub(in crate::live::exchange) fn repair(&self, socket: &Socket) -> io::Result<()> {
        self.set_number(socket, TCP_REPAIR, 1)
    }

    fn set_number(&self, socket: &Socket, option: Numbered, value: u32) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        let args = format!("{fd}, {}, [{value}], 4", option.name);
        self.option(socket, args, || set_number(fd, option, value))
    }

    fn option(&self, socket: &Socket, args: String, set: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let planned = Planned::new("setsockopt", args).on(socket).does(Deed::SetOption);
        self.call(planned, set, |()| 0).1
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
