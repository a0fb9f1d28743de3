//! Whether an exchange has come to rest: asked of the kernel, not guessed from time.

use std::io;

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{
    AF_INET, AF_INET6, IPPROTO_TCP, TCP_CLOSING, TCP_FIN_WAIT1, TCP_LAST_ACK, TCP_LISTEN, TCP_SYN_RECV, TCP_SYN_SENT,
};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponseHeader, SocketId, StateFlags};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_SOCK_DIAG};

/// A socket whose SYN or SYN-ACK is not answered yet, before the kernel has made a real one of it (`<net/tcp_states.h>`).
const TCP_NEW_SYN_RECV: u8 = 12;

/// The kernel's list of TCP sockets.
pub(in crate::live) struct Sockets {
    netlink: Socket,
    ipv6: bool,
}

impl Sockets {
    pub(in crate::live) fn open(ipv6: bool) -> io::Result<Sockets> {
        let netlink = Socket::new(NETLINK_SOCK_DIAG)?;
        netlink.connect(&SocketAddr::new(0, 0))?;
        Ok(Sockets { netlink, ipv6 })
    }

    /// True when no socket on one of these ports has anything under way.
    pub(super) fn at_rest(&self, ports: &[u16]) -> io::Result<bool> {
        let mut rest = true;
        self.dump(|socket| {
            let ours = ports.contains(&socket.socket_id.source_port);
            rest &= !(ours && is_under_way(socket.state, socket.send_queue));
        })?;
        Ok(rest)
    }

    /// True when no socket at all has anything under way.
    pub(in crate::live) fn all_at_rest(&self) -> io::Result<bool> {
        let mut rest = true;
        self.dump(|socket| rest &= !is_under_way(socket.state, socket.send_queue))?;
        Ok(rest)
    }

    fn dump(&self, mut each: impl FnMut(&InetResponseHeader)) -> io::Result<()> {
        self.netlink.send(&self.request(), 0)?;
        loop {
            let (bytes, _) = self.netlink.recv_from_full()?;
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let message = NetlinkMessage::<SockDiagMessage>::deserialize(rest)
                    .map_err(|error| io::Error::other(error.to_string()))?;
                match message.payload {
                    NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(response)) => each(&response.header),
                    NetlinkPayload::Done(_) => return Ok(()),
                    NetlinkPayload::Error(error) => return Err(error.to_io()),
                    _ => {}
                }
                // Messages are padded to four bytes.
                let length = (message.header.length as usize).next_multiple_of(4).max(16);
                rest = rest.get(length..).unwrap_or_default();
            }
        }
    }

    fn request(&self) -> Vec<u8> {
        let (family, socket_id) =
            if self.ipv6 { (AF_INET6, SocketId::new_v6()) } else { (AF_INET, SocketId::new_v4()) };
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_DUMP;
        let request = InetRequest {
            family,
            protocol: IPPROTO_TCP,
            extensions: ExtensionFlags::empty(),
            states: StateFlags::all(),
            socket_id,
        };
        let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        bytes
    }
}

/// Established, FIN-WAIT-2, CLOSE-WAIT and TIME-WAIT are places to stay; the others, and whatever has bytes or a FIN
/// that is not acknowledged, will still send or receive something.
fn is_under_way(state: u8, unacknowledged: u32) -> bool {
    match state {
        TCP_SYN_SENT | TCP_SYN_RECV | TCP_NEW_SYN_RECV | TCP_FIN_WAIT1 | TCP_CLOSING | TCP_LAST_ACK => true,
        // There the number is the length of the accept queue.
        TCP_LISTEN => false,
        _ => unacknowledged > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_sock_diag::constants::{TCP_CLOSE_WAIT, TCP_ESTABLISHED, TCP_FIN_WAIT2, TCP_TIME_WAIT};
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_state_that_must_pass_is_under_way_and_one_that_may_stay_is_not() {
        for state in [TCP_SYN_SENT, TCP_SYN_RECV, TCP_NEW_SYN_RECV, TCP_FIN_WAIT1, TCP_CLOSING, TCP_LAST_ACK] {
            assert!(is_under_way(state, 0), "{state}");
        }
        for state in [TCP_ESTABLISHED, TCP_FIN_WAIT2, TCP_CLOSE_WAIT, TCP_TIME_WAIT] {
            assert!(!is_under_way(state, 0), "{state}");
        }
        assert!(is_under_way(TCP_ESTABLISHED, 1));
        assert!(!is_under_way(TCP_LISTEN, 128));
    }

    #[test]
    fn the_kernel_tells_of_unacknowledged_bytes() {
        let sockets = Sockets::open(false).expect("sock_diag");
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let port = listener.local_addr().expect("address").port();
        let mut client = TcpStream::connect(("127.0.0.1", port)).expect("connect");
        let ports = [port, client.local_addr().expect("address").port()];
        assert!(sockets.at_rest(&ports).expect("dump"));
        // More than the receiver's buffer holds: some of it stays unacknowledged.
        client.set_nonblocking(true).expect("nonblocking");
        let block = vec![0; 65536];
        while client.write(&block).is_ok() {}
        assert!(!sockets.at_rest(&ports).expect("dump"));
    }
}
