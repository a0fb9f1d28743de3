//! One end of an exchange: carries its actions out, one blocking call after the other, on a thread of its own.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fastrand::Rng;
use socket2::{Domain, Socket};

use super::helper::{POLL, Site};
use super::recorder::{Heir, Log, Recorder};
use super::settle::Rest;
use crate::live::machine::errno_name;
use crate::live::trouble::Trouble;
use crate::scenario::{Action, Actions, COLOURS, Expect, Often, Op, Payload, Port, Takes, Transport};
use crate::track::Side;

/// One of so many colours' names is a wrong one.
const WRONG: usize = 5;

/// What all actors of an exchange have in common.
pub(super) struct Scene {
    pub(super) log: Log,
    pub(super) server: SocketAddr,
    pub(super) site: Site,
    pub(super) message: Option<String>,
    pub(super) clients: u16,
    pub(super) seed: u64,
    /// What threads count together.
    pub(super) counter: Mutex<u64>,
    pub(super) told: Told,
}

/// What the sides let each other know beside the packets: how often each has told and not been heard yet.
#[derive(Debug, Default)]
pub(super) struct Told {
    pending: Mutex<[u32; 2]>,
    changed: Condvar,
}

impl Told {
    fn tell(&self, side: Side) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)[side.index()] += 1;
        self.changed.notify_all();
    }

    fn wait(&self, side: Side) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        while pending[side.index()] == 0 {
            pending = self.changed.wait(pending).unwrap_or_else(PoisonError::into_inner);
        }
        pending[side.index()] -= 1;
    }
}

/// What an actor knows and has.
pub(super) struct Actor {
    scene: Arc<Scene>,
    recorder: Recorder,
    number: u64,
    random: Rng,
    listener: Option<Socket>,
    socket: Option<Socket>,
    transport: Transport,
    duplicate: Option<Socket>,
    child: Option<Heir>,
    threads: Vec<JoinHandle<Outcome>>,
    /// Bytes that came with an earlier `recv` than the one they were awaited in.
    ahead: usize,
    previous_port: u16,
    /// The ports of the TCP connection that was made last.
    ends: Option<[u16; 2]>,
    peer: Option<SocketAddr>,
    /// What the last call received.
    received: Vec<u8>,
    /// The colour that was sent last, by its place in the list.
    colour: usize,
    right: u32,
    graded: u32,
}

/// The sockets that an actor has left, or why it stopped.
pub(super) type Outcome = Result<Vec<Socket>, Trouble>;

/// Why an action ended before it was done.
enum Stop {
    Call(io::Error),
    Early {
        wanted: usize,
        got: usize,
    },
    /// An action inside it has said why.
    Inside(Trouble),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Call(error)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Stop {
        Stop::Inside(trouble)
    }
}

impl Actor {
    /// For the calling thread; `number` tells the actors of one side apart.
    pub(super) fn new(scene: Arc<Scene>, side: Side, number: u64) -> Actor {
        let recorder = Recorder::new(scene.log.clone(), side, scene.server.port());
        let random =
            Rng::with_seed(scene.seed.wrapping_mul(0x1_0000_0001).wrapping_add(number * 2 + side.index() as u64));
        Actor {
            scene,
            recorder,
            number,
            random,
            listener: None,
            socket: None,
            transport: Transport::Tcp,
            duplicate: None,
            child: None,
            threads: Vec::new(),
            ahead: 0,
            previous_port: 0,
            ends: None,
            peer: None,
            received: Vec::new(),
            colour: 0,
            right: 0,
            graded: 0,
        }
    }

    /// Carries the actions out; `ready` is called before the first that may have to wait for the other end, at the
    /// latest at the end. The sockets that are left are returned and not closed: the capture may not see that.
    pub(super) fn run(mut self, actions: &[Action], ready: impl FnOnce()) -> Outcome {
        let mut ready = Some(ready);
        for action in actions {
            if action.op.waits()
                && let Some(ready) = ready.take()
            {
                ready();
            }
            self.step(action)?;
        }
        if let Some(ready) = ready {
            ready();
        }
        let mut left: Vec<Socket> = self.listener.into_iter().chain(self.socket).chain(self.duplicate).collect();
        for thread in self.threads {
            left.extend(thread.join().unwrap_or_else(|_| Err(panicked()))?);
        }
        Ok(left)
    }

    fn step(&mut self, action: &Action) -> Result<(), Trouble> {
        let outcome = self.perform(&action.op);
        self.judge(action, outcome)
    }

    fn judge(&self, action: &Action, outcome: Result<(), Stop>) -> Result<(), Trouble> {
        let side = self.recorder.side();
        let error = match outcome {
            Ok(()) => None,
            Err(Stop::Early { wanted, got }) => {
                return Err(Trouble::EndedEarly { side, wanted: wanted as u64, got: got as u64 });
            }
            Err(Stop::Inside(trouble)) => return Err(trouble),
            Err(Stop::Call(error)) => Some(error),
        };
        let expected = match action.expect {
            Expect::Any => return Ok(()),
            Expect::Done => None,
            Expect::Fails(errno) => Some(errno.name().to_owned()),
        };
        let got = error.as_ref().map(|error| errno_name(error.raw_os_error().unwrap_or_default()));
        if got == expected {
            return Ok(());
        }
        let server = self.scene.server;
        match (&action.op, error.and_then(|error| error.raw_os_error())) {
            (Op::Listen { .. } | Op::Bind { .. }, Some(libc::EADDRINUSE)) => Err(Trouble::PortInUse(server.port())),
            (Op::Listen { .. } | Op::Bind { .. }, Some(libc::EACCES)) => Err(Trouble::PortForbidden(server.port())),
            (_, Some(libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT)) => Err(Trouble::NoAddress(server.ip().to_string())),
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
            Op::ShutdownWrite => self.recorder.shutdown_write(self.socket()?)?,
            Op::ShutdownRead => self.recorder.shutdown_read(self.socket()?)?,
            Op::Close => self.close()?,
            Op::CloseListener => self.recorder.close(self.listener.take().ok_or_else(no_socket)?),
            Op::Duplicate => self.duplicate = Some(self.recorder.duplicate(self.socket()?, self.transport)?),
            Op::CloseDuplicate => self.recorder.close(self.duplicate.take().ok_or_else(no_socket)?),
            Op::Fork => self.child = Some(self.recorder.fork(self.socket()?)?),
            Op::EndChild(end) => self.recorder.end_child(self.child.take().ok_or_else(no_socket)?, *end)?,
            Op::Vanish => {
                self.recorder.repair(self.socket()?)?;
                self.close()?;
            }
            // What a scenario waits for is part of what it shows.
            #[allow(clippy::disallowed_methods, reason = "a pause of an actor is an action like any other")]
            Op::Pause { ms, .. } => thread::sleep(Duration::from_millis(u64::from(*ms))),
            Op::Meet => drop(self.scene.site.meeting.wait()),
            #[allow(clippy::disallowed_methods, reason = "as above")]
            Op::Stagger { ms } => thread::sleep(Duration::from_millis(u64::from(*ms) * self.number)),
            Op::SetOption(option) => {
                let socket = self.socket.as_ref().or(self.listener.as_ref()).ok_or_else(no_socket)?;
                self.recorder.set_option(socket, *option)?;
            }
            Op::AwaitData => self.recorder.poll(self.socket()?, libc::POLLIN, "POLLIN")?,
            Op::AwaitEnd => self.recorder.poll(self.socket()?, libc::POLLRDHUP, "POLLRDHUP")?,
            Op::AwaitError => self.recorder.poll(self.socket()?, 0, "0")?,
            Op::AwaitUrgent => self.recorder.poll(self.socket()?, libc::POLLPRI, "POLLPRI")?,
            Op::Tell => self.scene.told.tell(self.recorder.side()),
            Op::AwaitTold => self.scene.told.wait(self.recorder.side().other()),
            Op::AwaitRest => {
                let ends = self.ends.ok_or_else(no_socket)?;
                let mut rest = Rest::new(&self.scene.site);
                wait_until(|| rest.reached(|kernels| kernels.connection_at_rest(ends)))?;
            }
            Op::AwaitCrossing => {
                let other = self.ends.map_or(self.scene.site.client.port(), |[_, other]| other);
                wait_until(|| self.scene.site.kernels.asks(other))?;
            }
            Op::Repeat { often, actions } => self.repeat(*often, actions)?,
            Op::Thread { takes, actions } => self.start_thread(*takes, actions)?,
            Op::Grade => self.grade(),
            Op::Send(_) | Op::SendMore(_) | Op::SendUrgent(_) | Op::SendTo(_) | Op::SendBack(_) => self.send(op)?,
            Op::Recv | Op::RecvUpTo(_) | Op::RecvUrgent | Op::RecvFrom | Op::RecvAll(_) | Op::RecvToEnd => {
                self.receive(op)?;
            }
        }
        Ok(())
    }

    fn send(&mut self, op: &Op) -> io::Result<()> {
        let (Op::Send(payload)
        | Op::SendMore(payload)
        | Op::SendUrgent(payload)
        | Op::SendTo(payload)
        | Op::SendBack(payload)) = op
        else {
            return Ok(());
        };
        let bytes = self.make(payload);
        match op {
            Op::SendTo(_) => self.recorder.send_to(self.socket()?, &bytes, self.scene.server),
            Op::SendBack(_) => self.recorder.send_to(self.socket()?, &bytes, self.peer.ok_or_else(no_socket)?),
            Op::SendMore(_) => self.recorder.send(self.socket()?, &bytes, libc::MSG_MORE),
            Op::SendUrgent(_) => self.recorder.send(self.socket()?, &bytes, libc::MSG_OOB),
            _ => self.recorder.send(self.socket()?, &bytes, 0),
        }
    }

    /// The bytes of a payload, drawn, counted or looked up now.
    fn make<'a>(&mut self, payload: &'a Payload) -> Cow<'a, [u8]> {
        match payload {
            Payload::Counted(text) => {
                let mut counter = self.scene.counter.lock().unwrap_or_else(PoisonError::into_inner);
                *counter += 1;
                Cow::Owned(format!("{text}{counter}").into_bytes())
            }
            Payload::Colour => {
                self.colour = self.random.usize(..COLOURS.len());
                Cow::Borrowed(COLOURS[self.colour].0.as_bytes())
            }
            Payload::ColourName => {
                let asked = COLOURS.iter().position(|(colour, _)| colour.as_bytes() == self.received);
                let wrong = usize::from(self.random.usize(..WRONG) == 0);
                let answer = asked.map_or("?", |asked| COLOURS[(asked + wrong) % COLOURS.len()].1);
                Cow::Borrowed(answer.as_bytes())
            }
            Payload::Score => Cow::Owned(format!("skor {}/{}", self.right, self.graded).into_bytes()),
            // Copied, so that the message is not borrowed while the socket is used.
            fixed => Cow::Owned(fixed.bytes(self.scene.message.as_deref()).into_owned()),
        }
    }

    fn grade(&mut self) {
        self.graded += 1;
        self.right += u32::from(COLOURS[self.colour].1.as_bytes() == self.received);
    }

    fn receive(&mut self, op: &Op) -> Result<(), Stop> {
        match op {
            Op::RecvAll(payload) => return self.receive_all(payload.bytes(self.scene.message.as_deref()).len()),
            Op::RecvUpTo(room) => self.received = self.recorder.recv(self.socket()?, *room as usize)?,
            Op::RecvUrgent => self.received = self.recorder.recv_urgent(self.socket()?)?,
            Op::RecvFrom => {
                let (bytes, from) = self.recorder.recv_from(self.socket()?)?;
                (self.received, self.peer) = (bytes, from);
            }
            Op::RecvToEnd => while !self.recorder.recv(self.socket()?, RECEIVE)?.is_empty() {},
            _ => {
                self.received = self.recorder.recv(self.socket()?, RECEIVE)?;
                if self.received.is_empty() {
                    return Err(Stop::Early { wanted: 1, got: 0 });
                }
            }
        }
        Ok(())
    }

    fn receive_all(&mut self, wanted: usize) -> Result<(), Stop> {
        let mut got = self.ahead;
        while got < wanted {
            match self.recorder.recv(self.socket()?, RECEIVE)?.len() {
                0 => return Err(Stop::Early { wanted, got }),
                n => got += n,
            }
        }
        self.ahead = got - wanted;
        Ok(())
    }

    fn repeat(&mut self, often: Often, actions: &[Action]) -> Result<(), Trouble> {
        let times = match often {
            Often::Fixed(n) => n,
            Often::Clients { .. } => self.scene.clients,
        };
        for _ in 0..times {
            for action in actions {
                self.step(action)?;
            }
        }
        Ok(())
    }

    fn start_thread(&mut self, takes: Takes, actions: &Actions) -> Result<(), Stop> {
        let (socket, transport, peer) = match takes {
            Takes::Connection => (Some(self.socket.take().ok_or_else(no_socket)?), self.transport, None),
            Takes::Peer => (None, Transport::Udp, self.peer),
        };
        let (scene, side, number) = (Arc::clone(&self.scene), self.recorder.side(), self.threads.len() as u64);
        let (actions, ends) = (actions.clone(), self.ends);
        let run = move || {
            let mut actor = Actor::new(scene, side, number);
            (actor.socket, actor.transport, actor.peer, actor.ends) = (socket, transport, peer, ends);
            actor.run(&actions, || {})
        };
        let thread = thread::Builder::new().name("handler".to_owned()).spawn(run);
        self.threads.push(thread.map_err(|error| Trouble::system("thread", &error))?);
        Ok(())
    }

    fn socket(&self) -> io::Result<&Socket> {
        self.socket.as_ref().ok_or_else(no_socket)
    }

    fn open(&mut self, transport: Transport) -> io::Result<()> {
        self.socket = Some(self.recorder.socket(Domain::for_address(self.scene.server), transport)?);
        self.transport = transport;
        Ok(())
    }

    fn listen(&mut self, backlog: i32, reuse: bool) -> io::Result<()> {
        let server = self.scene.server;
        let socket = self.recorder.socket(Domain::for_address(server), Transport::Tcp)?;
        if reuse {
            self.recorder.reuse_address(&socket)?;
        }
        self.recorder.bind(&socket, server, Transport::Tcp)?;
        self.recorder.listen(&socket, backlog)?;
        self.listener = Some(socket);
        Ok(())
    }

    fn accept(&mut self) -> io::Result<()> {
        let listener = self.listener.as_ref().ok_or_else(no_socket)?;
        let (socket, peer) = self.recorder.accept(listener)?;
        self.socket = Some(socket);
        self.transport = Transport::Tcp;
        self.ends = peer.map(|peer| [self.scene.server.port(), peer.port()]);
        self.ahead = 0;
        Ok(())
    }

    fn bind(&mut self, transport: Transport, port: Port) -> io::Result<()> {
        self.open(transport)?;
        let mut address = match (port, self.recorder.side()) {
            (Port::Client, _) | (Port::Previous, Side::Client) => self.scene.site.client,
            _ => self.scene.server,
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
        let other = match self.recorder.side() {
            Side::Client => self.scene.server,
            Side::Server => self.scene.site.client,
        };
        let socket = self.socket()?;
        self.recorder.connect(socket, other, self.transport)?;
        let own = socket.local_addr()?.as_socket().map(|address| address.port());
        self.ends = own.map(|own| [own, other.port()]);
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

/// What programs of a first course pass to `recv`.
const RECEIVE: usize = 4096;

pub(super) fn panicked() -> Trouble {
    Trouble::System { call: "actor".to_owned(), error: "panicked".to_owned() }
}

/// Asks until the answer is yes. That is no call of the program, and none is noted.
fn wait_until(mut question: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    while !question()? {
        #[allow(clippy::disallowed_methods, reason = "the kernel tells this only to those who ask")]
        thread::sleep(POLL);
    }
    Ok(())
}

fn no_socket() -> io::Error {
    io::Error::from_raw_os_error(libc::EBADF)
}
