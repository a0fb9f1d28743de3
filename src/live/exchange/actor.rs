//! One end of an exchange: carries its actions out, one blocking call after the other, on a thread of its own.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use socket2::{Domain, Socket};

use super::helper::Site;
use super::recorder::Recorder;
use crate::live::machine::errno_name;
use crate::live::trouble::Trouble;
use crate::scenario::{Action, Expect, Op, Payload, Port, Transport, Why};
use crate::track::Side;

/// What an actor knows and has.
pub(super) struct Actor {
    recorder: Recorder,
    site: Site,
    message: Option<String>,
    listener: Option<Socket>,
    socket: Option<Socket>,
    transport: Transport,
    /// Bytes that came with an earlier `recv` than the one they were awaited in.
    ahead: usize,
    previous_port: u16,
}

/// Why an action ended before it was done.
enum Stop {
    Call(io::Error),
    Early { wanted: usize, got: usize },
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Call(error)
    }
}

impl Actor {
    pub(super) fn new(recorder: Recorder, site: Site, message: Option<String>) -> Actor {
        Actor {
            recorder,
            site,
            message,
            listener: None,
            socket: None,
            transport: Transport::Tcp,
            ahead: 0,
            previous_port: 0,
        }
    }

    /// Carries the actions out; `ready` is called before the first that may have to wait for the other end, at the
    /// latest at the end. The sockets that are left are returned and not closed: the capture may not see that.
    pub(super) fn run(mut self, actions: &[Action], ready: impl FnOnce()) -> Result<Vec<Socket>, Trouble> {
        let mut ready = Some(ready);
        for action in actions {
            if action.op.waits()
                && let Some(ready) = ready.take()
            {
                ready();
            }
            let outcome = self.perform(&action.op);
            self.judge(action, outcome)?;
        }
        if let Some(ready) = ready {
            ready();
        }
        Ok(self.listener.into_iter().chain(self.socket).collect())
    }

    fn judge(&self, action: &Action, outcome: Result<(), Stop>) -> Result<(), Trouble> {
        let side = self.recorder.side();
        let error = match outcome {
            Ok(()) => None,
            Err(Stop::Early { wanted, got }) => {
                return Err(Trouble::EndedEarly { side, wanted: wanted as u64, got: got as u64 });
            }
            Err(Stop::Call(error)) => Some(error),
        };
        let expected = match action.expect {
            Expect::Done => None,
            Expect::Fails(errno) => Some(errno.name().to_owned()),
        };
        let got = error.as_ref().map(|error| errno_name(error.raw_os_error().unwrap_or_default()));
        if got == expected {
            return Ok(());
        }
        match (&action.op, error.and_then(|error| error.raw_os_error())) {
            (Op::Listen { .. } | Op::Bind { .. }, Some(libc::EADDRINUSE)) => {
                Err(Trouble::PortInUse(self.site.server.port()))
            }
            (Op::Listen { .. } | Op::Bind { .. }, Some(libc::EACCES)) => {
                Err(Trouble::PortForbidden(self.site.server.port()))
            }
            (_, Some(libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT)) => {
                Err(Trouble::NoAddress(self.site.server.ip().to_string()))
            }
            _ => Err(Trouble::Unexpected { side, call: self.recorder.last_call(), expected, got }),
        }
    }

    fn perform(&mut self, op: &Op) -> Result<(), Stop> {
        match op {
            Op::Listen { backlog, reuse } => self.listen(*backlog, *reuse)?,
            Op::Accept => self.accept()?,
            Op::Bind { transport, port } => self.bind(*transport, *port)?,
            Op::Connect => self.connect()?,
            Op::OpenUdp => self.open(Transport::Udp)?,
            Op::Send(payload) => self.recorder.send(self.socket()?, &self.bytes(payload), false)?,
            Op::SendMore(payload) => self.recorder.send(self.socket()?, &self.bytes(payload), true)?,
            Op::SendTo(payload) => self.recorder.send_to(self.socket()?, &self.bytes(payload), self.site.server)?,
            Op::Recv => self.receive_some()?,
            Op::RecvAll(payload) => self.receive(self.bytes(payload).len())?,
            Op::RecvToEnd => while self.recorder.recv(self.socket()?)? > 0 {},
            Op::ShutdownWrite => self.recorder.shutdown_write(self.socket()?)?,
            Op::Close => self.close()?,
            Op::CloseListener => self.recorder.close(self.listener.take().ok_or_else(no_socket)?),
            // What a scenario waits for is part of what it shows.
            #[allow(clippy::disallowed_methods, reason = "a pause of an actor is an action like any other")]
            Op::Pause { ms, why } => thread::sleep(Duration::from_millis(u64::from(*ms)) + self.way(*why)),
            Op::Meet => drop(self.site.meeting.wait()),
            Op::SetOption(option) => self.recorder.set_option(self.socket()?, *option)?,
            Op::AwaitData => self.recorder.poll(self.socket()?, libc::POLLIN, "POLLIN")?,
            Op::AwaitEnd => self.recorder.poll(self.socket()?, libc::POLLRDHUP, "POLLRDHUP")?,
            Op::AwaitError => self.recorder.poll(self.socket()?, 0, "0")?,
        }
        Ok(())
    }

    /// How much longer than on one host a pause must be: what waits for the other end waits for the way as well.
    fn way(&self, why: Why) -> Duration {
        match why {
            Why::DelayedAck | Why::Arrival => self.site.round_trip,
            Why::Think | Why::Apart => Duration::ZERO,
        }
    }

    /// The other end of a connection that this end opens.
    fn peer(&self) -> SocketAddr {
        match self.recorder.side() {
            Side::Client => self.site.server,
            Side::Server => self.site.client,
        }
    }

    fn bytes<'a>(&'a self, payload: &'a Payload) -> Cow<'a, [u8]> {
        payload.bytes(self.message.as_deref())
    }

    fn socket(&self) -> io::Result<&Socket> {
        self.socket.as_ref().ok_or_else(no_socket)
    }

    fn open(&mut self, transport: Transport) -> io::Result<()> {
        self.socket = Some(self.recorder.socket(Domain::for_address(self.site.server), transport)?);
        self.transport = transport;
        Ok(())
    }

    fn listen(&mut self, backlog: i32, reuse: bool) -> io::Result<()> {
        let socket = self.recorder.socket(Domain::for_address(self.site.server), Transport::Tcp)?;
        if reuse {
            self.recorder.reuse_address(&socket)?;
        }
        self.recorder.bind(&socket, self.site.server, Transport::Tcp)?;
        self.recorder.listen(&socket, backlog)?;
        self.listener = Some(socket);
        Ok(())
    }

    fn accept(&mut self) -> io::Result<()> {
        let listener = self.listener.as_ref().ok_or_else(no_socket)?;
        self.socket = Some(self.recorder.accept(listener)?);
        self.transport = Transport::Tcp;
        self.ahead = 0;
        Ok(())
    }

    fn bind(&mut self, transport: Transport, port: Port) -> io::Result<()> {
        self.open(transport)?;
        let mut address = match (port, self.recorder.side()) {
            (Port::Client, _) | (Port::Previous, Side::Client) => self.site.client,
            _ => self.site.server,
        };
        if port == Port::Previous {
            address.set_port(self.previous_port);
        }
        self.recorder.bind(self.socket()?, address, transport)
    }

    fn connect(&mut self) -> io::Result<()> {
        if self.socket.is_none() {
            self.open(Transport::Tcp)?;
        }
        self.ahead = 0;
        self.recorder.connect(self.socket()?, self.peer(), self.transport)
    }

    fn receive_some(&self) -> Result<(), Stop> {
        match self.recorder.recv(self.socket()?)? {
            0 => Err(Stop::Early { wanted: 1, got: 0 }),
            _ => Ok(()),
        }
    }

    fn receive(&mut self, wanted: usize) -> Result<(), Stop> {
        let mut got = self.ahead;
        while got < wanted {
            match self.recorder.recv(self.socket()?)? {
                0 => return Err(Stop::Early { wanted, got }),
                n => got += n,
            }
        }
        self.ahead = got - wanted;
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        let socket = self.socket.take().ok_or_else(no_socket)?;
        self.previous_port =
            socket.local_addr().ok().and_then(|address| address.as_socket()).map_or(0, |address| address.port());
        self.recorder.close(socket);
        Ok(())
    }
}

fn no_socket() -> io::Error {
    io::Error::from_raw_os_error(libc::EBADF)
}
