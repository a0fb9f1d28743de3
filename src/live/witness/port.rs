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
pub(super) const LOW: u16 = 32768;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{SocketAddr, TcpListener};

    #[test]
    fn a_socket_gets_the_port_that_was_chosen_for_it() {
        if !can_be_chosen(IpAddr::from([127, 0, 0, 1])) {
            println!("skipped: the kernel is older than 6.3");
            return;
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let server = listener.local_addr().expect("address");
        // Other programs have ports of this range, too.
        let got = (0..50).find_map(|number| {
            let port = after(first(), number);
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("socket");
            choose(&socket, port).expect("the option is known");
            socket.connect(&server.into()).ok()?;
            let own: SocketAddr = socket.local_addr().ok()?.as_socket()?;
            Some((port, own.port()))
        });
        let (chosen, own) = got.expect("one of fifty is free");
        assert_eq!(own, chosen);
    }

    #[test]
    fn ports_stay_in_the_range() {
        for first in [0, COUNT - 1, u16::MAX] {
            for number in [0, 1, u16::MAX] {
                assert!((LOW..LOW + COUNT).contains(&after(first, number)), "{first} {number}");
            }
        }
    }
}
