//! The client's port: chosen beforehand, so that its socket can be asked for from its first moment on.
#![allow(unsafe_code, reason = "the option is newer than the libraries")]

use std::io;
use std::net::IpAddr;
use std::os::fd::AsRawFd;

use socket2::{Domain, Socket, Type};

/// `IP_LOCAL_PORT_RANGE` of `<linux/in.h>`, Linux 6.3: the ports that the kernel may pick for a socket when it
/// connects. Unlike `bind` it changes nothing else.
const IP_LOCAL_PORT_RANGE: libc::c_int = 51;
/// Linux' own range of such ports.
const LOW: u16 = 32768;
const COUNT: u16 = 28232;

/// A port to begin with; as always, not the same in every run.
pub(super) fn first() -> u16 {
    fastrand::u16(..COUNT)
}

/// So many ports after a number that [`first`] has given.
pub(super) fn after(first: u16, number: u16) -> u16 {
    LOW + first.wrapping_add(number) % COUNT
}

/// True where the kernel knows the option.
pub(super) fn can_be_chosen(address: IpAddr) -> bool {
    let domain = if address.is_ipv6() { Domain::IPV6 } else { Domain::IPV4 };
    Socket::new(domain, Type::STREAM, None).and_then(|socket| choose(&socket, LOW)).is_ok()
}

/// Lets the kernel pick this port and no other when the socket connects.
pub(super) fn choose(socket: &Socket, port: u16) -> io::Result<()> {
    let range = u32::from(port) << 16 | u32::from(port);
    // SAFETY: the value is of 32 bits, outlives the call, and its size is given.
    let result = unsafe {
        libc::setsockopt(socket.as_raw_fd(), libc::SOL_IP, IP_LOCAL_PORT_RANGE, (&raw const range).cast(), 4)
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
