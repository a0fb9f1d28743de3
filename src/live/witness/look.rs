//! One question to the kernel: in which state is the socket of this connection?

use std::io;
use std::net::SocketAddr;

use netlink_packet_core::{NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, Parseable};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{
    AF_INET, AF_INET6, IPPROTO_TCP, TCP_CLOSE_WAIT, TCP_CLOSING, TCP_ESTABLISHED, TCP_FIN_WAIT1, TCP_FIN_WAIT2,
    TCP_LAST_ACK, TCP_LISTEN, TCP_SYN_RECV, TCP_SYN_SENT, TCP_TIME_WAIT,
};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponseHeader, SocketId, StateFlags};
use netlink_sys::{Socket, protocols::NETLINK_SOCK_DIAG};

use crate::track::State;

/// A connection that has been asked for and not answered yet, before the kernel makes a socket of it
/// (`<net/tcp_states.h>`).
const TCP_NEW_SYN_RECV: u8 = 12;
/// The length of a netlink header, and the type of a message that carries an error's number.
const HEADER: usize = 16;
const NLMSG_ERROR: u16 = 2;

/// What the kernel answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It has no such socket, or one that is just being taken away.
    None,
    /// Only the listening socket that a connection would reach.
    Listener,
    /// The connection's own socket. TIME-WAIT and a FIN-WAIT-2 that no program holds any more are among them: the
    /// kernel keeps a small stand-in for both.
    Own(State),
}

/// Asks in the network that it was opened in.
pub(super) struct Lookups {
    netlink: Socket,
    buffer: Vec<u8>,
}

impl Lookups {
    /// In the calling thread's network.
    pub(super) fn open() -> io::Result<Lookups> {
        let netlink = Socket::new(NETLINK_SOCK_DIAG)?;
        netlink.connect(&netlink_sys::SocketAddr::new(0, 0))?;
        Ok(Lookups { netlink, buffer: Vec::with_capacity(1024) })
    }

    /// Sends a [`question`]; the answer comes within the call.
    pub(super) fn ask(&mut self, question: &[u8]) -> io::Result<Answer> {
        self.netlink.send(question, 0)?;
        self.buffer.clear();
        self.netlink.recv(&mut self.buffer, 0)?;
        read(&self.buffer)
    }
}

/// The question for the socket of `local` that talks to `remote`. Not a dump, which would walk the kernel's whole table.
pub(super) fn question(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST;
    let request = InetRequest {
        family: if local.is_ipv6() { AF_INET6 } else { AF_INET },
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::empty(),
        states: StateFlags::all(),
        socket_id: SocketId {
            source_port: local.port(),
            destination_port: remote.port(),
            source_address: local.ip(),
            destination_address: remote.ip(),
            interface_id: 0,
            // Any.
            cookie: [0xff; 8],
        },
    };
    let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    bytes
}

fn read(answer: &[u8]) -> io::Result<Answer> {
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (header, body) = answer.split_at_checked(HEADER).ok_or_else(short)?;
    if header[4..6] == NLMSG_ERROR.to_ne_bytes() {
        let errno = body.first_chunk().copied().map(i32::from_ne_bytes).ok_or_else(short)?;
        return if -errno == libc::ENOENT { Ok(Answer::None) } else { Err(io::Error::from_raw_os_error(-errno)) };
    }
    let socket = InetResponseHeader::parse(body).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(match state(socket.state) {
        Some(State::Listen) => Answer::Listener,
        Some(state) => Answer::Own(state),
        None => Answer::None,
    })
}

/// The kernel's number of a state; none for a socket without a place in the diagram any more.
fn state(number: u8) -> Option<State> {
    Some(match number {
        TCP_ESTABLISHED => State::Established,
        TCP_SYN_SENT => State::SynSent,
        TCP_SYN_RECV | TCP_NEW_SYN_RECV => State::SynReceived,
        TCP_FIN_WAIT1 => State::FinWait1,
        TCP_FIN_WAIT2 => State::FinWait2,
        TCP_TIME_WAIT => State::TimeWait,
        TCP_CLOSE_WAIT => State::CloseWait,
        TCP_LAST_ACK => State::LastAck,
        TCP_LISTEN => State::Listen,
        TCP_CLOSING => State::Closing,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::{Shutdown, TcpListener, TcpStream};

    #[test]
    fn the_kernel_names_the_state_of_every_socket() {
        let mut kernel = Lookups::open().expect("sock_diag");
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let server = listener.local_addr().expect("address");
        let mut near = TcpStream::connect(server).expect("connect");
        let client = near.local_addr().expect("address");
        let mut ask = |local, remote| kernel.ask(&question(local, remote)).expect("an answer");
        assert_eq!(ask(client, server), Answer::Own(State::Established));
        let far = listener.accept().expect("accept").0;
        near.shutdown(Shutdown::Write).expect("shutdown");
        // The server's FIN has come: the kernel of the client must have answered it before.
        far.shutdown(Shutdown::Write).expect("shutdown");
        assert_eq!(near.read(&mut [0]).expect("end"), 0);
        assert_eq!(ask(client, server), Answer::Own(State::TimeWait));
        drop((near, far));
        // Still there when no program holds it any more.
        assert_eq!(ask(client, server), Answer::Own(State::TimeWait));
        let nobody = SocketAddr::new(client.ip(), 1);
        assert_eq!(ask(server, nobody), Answer::Listener);
        drop(listener);
        assert_eq!(ask(server, nobody), Answer::None);
    }

    #[test]
    fn a_short_answer_is_an_error() {
        for length in 0..HEADER + 4 {
            assert!(read(&vec![0; length]).is_err(), "{length}");
        }
    }
}
