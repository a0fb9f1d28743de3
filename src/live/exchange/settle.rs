//! Whether an exchange has come to rest: asked of the kernel, not guessed from time.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{
    AF_INET, AF_INET6, IPPROTO_TCP, TCP_CLOSING, TCP_FIN_WAIT1, TCP_LAST_ACK, TCP_LISTEN, TCP_SYN_RECV, TCP_SYN_SENT,
};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponseHeader, SocketId, StateFlags};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_SOCK_DIAG};

use super::helper::Site;
use crate::live::wire::{Idle, Watch};

/// A socket whose SYN or SYN-ACK is not answered yet, before the kernel has made a real one of it (`<net/tcp_states.h>`).
const TCP_NEW_SYN_RECV: u8 = 12;

/// Nothing may have moved for so long before the wire counts as empty: a frame that has left a host is on it by then.
const QUIET: Duration = Duration::from_millis(3);
/// And so often the wire must have looked: on a busy machine it may not have had its turn for longer than that.
const LOOKS: u64 = 2;

/// The lists of all hosts of an exchange: one where both ends are on one host.
#[derive(Clone, Debug)]
pub(in crate::live) struct Kernels(Arc<[Mutex<Sockets>]>);

impl Kernels {
    pub(in crate::live) fn new(hosts: impl IntoIterator<Item = Sockets>) -> Kernels {
        Kernels(hosts.into_iter().map(Mutex::new).collect())
    }

    /// True when no socket at all has anything under way.
    pub(in crate::live) fn all_at_rest(&self) -> io::Result<bool> {
        self.none(|socket| is_under_way(socket.state, socket.unacknowledged))
    }

    /// True when no socket on one of these ports has anything under way.
    pub(in crate::live) fn at_rest(&self, ports: &[u16]) -> io::Result<bool> {
        self.none(|socket| ports.contains(&socket.source) && is_under_way(socket.state, socket.unacknowledged))
    }

    /// True when neither end of the connection between these two ports has anything under way.
    pub(super) fn connection_at_rest(&self, ends: [u16; 2]) -> io::Result<bool> {
        self.none(|socket| {
            let ours = [[socket.source, socket.destination], [socket.destination, socket.source]].contains(&ends);
            ours && is_under_way(socket.state, socket.unacknowledged)
        })
    }

    /// True when a SYN or a FIN has left this port and is not answered yet.
    pub(super) fn asks(&self, port: u16) -> io::Result<bool> {
        let asks = [TCP_SYN_SENT, TCP_FIN_WAIT1];
        self.none(|socket| socket.source == port && asks.contains(&socket.state)).map(|none| !none)
    }

    fn none(&self, mut those: impl FnMut(Listed) -> bool) -> io::Result<bool> {
        let mut none = true;
        for sockets in &*self.0 {
            let sockets = sockets.lock().unwrap_or_else(PoisonError::into_inner);
            sockets.dump(|header| {
                none &= !those(Listed {
                    source: header.socket_id.source_port,
                    destination: header.socket_id.destination_port,
                    state: header.state,
                    unacknowledged: header.send_queue,
                });
            })?;
        }
        Ok(none)
    }
}

/// Waiting for rest: the kernels have nothing under way, and neither has the wire, where there is one.
pub(in crate::live) struct Rest<'a> {
    kernels: &'a Kernels,
    wire: Option<&'a Watch>,
    quiet: Option<(Idle, Instant)>,
}

impl<'a> Rest<'a> {
    pub(super) fn new(site: &'a Site) -> Rest<'a> {
        Rest::of(&site.kernels, site.wire.as_ref())
    }

    /// Of these hosts, and of the wire between them where there is one.
    pub(in crate::live) fn of(kernels: &'a Kernels, wire: Option<&'a Watch>) -> Rest<'a> {
        Rest { kernels, wire, quiet: None }
    }

    /// True when it is reached; to be asked again and again. `kernels` says whether those rest.
    pub(in crate::live) fn reached(&mut self, kernels: impl FnOnce(&Kernels) -> io::Result<bool>) -> io::Result<bool> {
        let rest = kernels(self.kernels)?;
        let Some(wire) = self.wire else { return Ok(rest) };
        let idle = wire.idle().filter(|_| rest);
        self.quiet = match (idle, self.quiet) {
            (Some(idle), Some((before, since))) if idle.moves == before.moves => {
                if since.elapsed() >= QUIET && idle.rounds >= before.rounds + LOOKS {
                    return Ok(true);
                }
                self.quiet
            }
            (idle, _) => idle.map(|idle| (idle, Instant::now())),
        };
        Ok(false)
    }
}

/// What the list says of a socket.
#[derive(Clone, Copy, Debug)]
struct Listed {
    source: u16,
    destination: u16,
    state: u8,
    unacknowledged: u32,
}

/// One kernel's list of TCP sockets.
#[derive(Debug)]
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
        let sockets = Kernels::new([Sockets::open(false).expect("sock_diag")]);
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let port = listener.local_addr().expect("address").port();
        let mut client = TcpStream::connect(("127.0.0.1", port)).expect("connect");
        let ports = [port, client.local_addr().expect("address").port()];
        assert!(sockets.at_rest(&ports).expect("dump"));
        assert!(sockets.connection_at_rest(ports).expect("dump"));
        // More than the receiver's buffer holds: some of it stays unacknowledged.
        client.set_nonblocking(true).expect("nonblocking");
        let block = vec![0; 65536];
        while client.write(&block).is_ok() {}
        assert!(!sockets.at_rest(&ports).expect("dump"));
        let [server, client] = ports;
        for (ends, rest) in [([server, client], false), ([client, server], false), ([client, client], true)] {
            assert_eq!(sockets.connection_at_rest(ends).expect("dump"), rest, "{ends:?} of {ports:?}");
        }
    }

    #[test]
    fn the_kernel_tells_of_a_syn_that_nobody_has_answered() {
        use socket2::{Domain, Socket, Type};

        let sockets = Kernels::new([Sockets::open(false).expect("sock_diag")]);
        // A queue that is full leaves a SYN without an answer.
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("socket");
        listener.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("bind");
        listener.listen(0).expect("listen");
        let address = listener.local_addr().expect("address");
        let _queued = TcpStream::connect(address.as_socket().expect("IPv4")).expect("connect");
        let client = Socket::new(Domain::IPV4, Type::STREAM, None).expect("socket");
        client.set_nonblocking(true).expect("nonblocking");
        assert!(client.connect(&address).is_err(), "it does not wait");
        let port = client.local_addr().expect("address").as_socket().expect("IPv4").port();
        assert!(sockets.asks(port).expect("dump"));
        drop(client);
        assert!(!sockets.asks(port).expect("dump"));
    }
}
