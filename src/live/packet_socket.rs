//! A packet socket on the loopback interface: each packet once, stamped by the kernel inside the call that sent it.
#![allow(unsafe_code, reason = "packet sockets and control messages are outside the standard library")]

use std::io;
use std::mem::{MaybeUninit, size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};
use std::ptr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use socket2::{Domain, SockFilter, Socket, Type};

use super::sandbox::interface;
use crate::frame::{LinkType, OwnedFrame, Time};

/// Room for the largest frame that a loopback interface carries, with BIG TCP.
pub(crate) const LARGEST_FRAME: usize = 640 * 1024;
/// The receive buffer that is asked for; the drain needs far less.
const BUFFER: libc::c_int = 32 << 20;
/// What a full frame costs of the buffer, its bookkeeping included.
const FRAME_COST: usize = 2304;
/// Frames come no faster than this over loopback, in nanoseconds each.
const FRAME_TIME: usize = 1000;
/// More than this spares nobody anything.
const LONGEST_REST: Duration = Duration::from_millis(2);
/// How long one datagram with the nonce may take before another is sent: it is lost where the buffer is full.
const NONCE_WAIT: Duration = Duration::from_millis(20);

/// The current time on the clock of the packet stamps.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// A finished capture.
pub(crate) struct Captured {
    /// In the order of their time stamps.
    pub(crate) frames: Vec<OwnedFrame>,
    /// Frames that the kernel dropped because the buffer was full.
    pub(crate) dropped: Option<u64>,
}

/// A capture under way, drained by a thread of its own.
pub(crate) struct Running {
    thread: JoinHandle<io::Result<(Vec<OwnedFrame>, PacketSocket)>>,
    done: mpsc::Receiver<()>,
    nonce: Nonce,
}

/// Opens a packet socket on `lo`.
pub(crate) fn open() -> io::Result<PacketSocket> {
    PacketSocket::open("lo")
}

/// Opens a packet socket on `lo` and returns when the kernel is known to stamp packets, which it does as long as the
/// socket is open.
pub(crate) fn open_stamping() -> io::Result<PacketSocket> {
    let socket = open()?;
    socket.wait_until_stamping(&Nonce::new()?)?;
    Ok(socket)
}

/// Starts the capture and returns when it is known to see and to stamp packets.
pub(crate) fn start(socket: PacketSocket) -> io::Result<Running> {
    start_resting(socket, None)
}

/// The same beside programs that need the processors: packets are taken out in heaps, with a rest in between that the
/// buffer can bear, instead of one by one.
pub(crate) fn start_sparing(socket: PacketSocket) -> io::Result<Running> {
    let rest = socket.bearable();
    start_resting(socket, Some(rest))
}

fn start_resting(socket: PacketSocket, rest: Option<Duration>) -> io::Result<Running> {
    let nonce = Nonce::new()?;
    socket.wait_until_stamping(&nonce)?;
    if rest.is_some() {
        socket.set_nonblocking()?;
    }
    let bytes = nonce.bytes.clone();
    let (sender, done) = mpsc::channel();
    let thread = thread::Builder::new().name("drain".to_owned()).spawn(move || {
        let frames = drain(&socket, &bytes, rest);
        // The receiver may have given up; then nobody waits for the frames either.
        let _ = sender.send(());
        Ok((frames?, socket))
    })?;
    Ok(Running { thread, done, nonce })
}

impl Running {
    /// Ends the capture after everything that was sent before this call: a datagram with a nonce is sent, and the
    /// capture is read until it appears.
    pub(crate) fn finish(self, deadline: Instant) -> io::Result<Captured> {
        loop {
            self.nonce.send(b'E')?;
            match self.done.recv_timeout(NONCE_WAIT) {
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                    return Err(io::Error::from(io::ErrorKind::TimedOut));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
        let (mut frames, socket) =
            self.thread.join().map_err(|_| io::Error::other("the capturing thread panicked"))??;
        frames.sort_by_key(|frame| frame.time);
        Ok(Captured { frames, dropped: socket.dropped() })
    }
}

fn drain(socket: &PacketSocket, nonce: &[u8], rest: Option<Duration>) -> io::Result<Vec<OwnedFrame>> {
    let mut buffer = vec![0; LARGEST_FRAME];
    let mut frames = Vec::new();
    let mut idle = true;
    loop {
        let frame = match socket.receive(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                match rest {
                    Some(rest) if !idle => thread::sleep(rest),
                    _ => socket.wait_for_frames(),
                }
                idle = true;
                continue;
            }
            frame => frame?,
        };
        idle = false;
        match nonce_mark(&frame.bytes, nonce) {
            Some(b'E') => return Ok(frames),
            // One from before the start.
            Some(_) => {}
            None => frames.push(frame),
        }
    }
}

/// The byte behind the nonce, when the frame carries it.
fn nonce_mark(frame: &[u8], nonce: &[u8]) -> Option<u8> {
    let (mark, rest) = frame.split_last()?;
    rest.ends_with(nonce).then_some(*mark)
}

/// A datagram that nobody else sends, from a socket to itself so that no ICMP answers it.
struct Nonce {
    socket: UdpSocket,
    address: SocketAddr,
    bytes: Vec<u8>,
}

impl Nonce {
    fn new() -> io::Result<Nonce> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = socket.local_addr()?;
        let bytes = format!("netscope {} {}", std::process::id(), now().0).into_bytes();
        Ok(Nonce { socket, address, bytes })
    }

    fn send(&self, mark: u8) -> io::Result<()> {
        let mut datagram = self.bytes.clone();
        datagram.push(mark);
        self.socket.send_to(&datagram, self.address).map(drop)
    }
}

/// A packet socket that delivers each packet once: on its way out, or on its way in.
pub(crate) struct PacketSocket {
    socket: Socket,
}

impl AsRawFd for PacketSocket {
    fn as_raw_fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }
}

impl PacketSocket {
    fn open(name: &str) -> io::Result<PacketSocket> {
        PacketSocket::filtered(name, &outgoing_only())
    }

    /// Only what comes in.
    pub(crate) fn open_incoming(name: &str) -> io::Result<PacketSocket> {
        let mut filter = outgoing_only();
        filter.swap(2, 3);
        PacketSocket::filtered(name, &filter)
    }

    pub(crate) fn set_nonblocking(&self) -> io::Result<()> {
        self.socket.set_nonblocking(true)
    }

    /// Sends a frame out of the interface.
    pub(crate) fn send(&self, frame: &[u8]) -> io::Result<()> {
        self.socket.send(frame).map(drop)
    }

    fn filtered(name: &str, filter: &[SockFilter]) -> io::Result<PacketSocket> {
        // Protocol 0: nothing is delivered before the socket is bound and its filter stands.
        let socket = Socket::new(Domain::PACKET, Type::RAW, None)?;
        socket.attach_filter(filter)?;
        let packet = PacketSocket { socket };
        packet.set(libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, 1)?;
        // Beyond the system's limit where we may, otherwise up to it.
        if packet.set(libc::SOL_SOCKET, libc::SO_RCVBUFFORCE, BUFFER).is_err() {
            let _ = packet.set(libc::SOL_SOCKET, libc::SO_RCVBUF, BUFFER);
        }
        packet.bind(name)?;
        Ok(packet)
    }

    /// How long the buffer holds what comes in at the highest rate.
    fn bearable(&self) -> Duration {
        let bytes = self.socket.recv_buffer_size().unwrap_or(0);
        let nanos = bytes / FRAME_COST * FRAME_TIME / 2;
        Duration::from_nanos(nanos as u64).min(LONGEST_REST)
    }

    /// Sleeps until there is a frame.
    fn wait_for_frames(&self) {
        let mut one = libc::pollfd { fd: self.socket.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd that outlives the call. What interrupts it makes the caller look once in vain.
        unsafe { libc::poll(&raw mut one, 1, -1) };
    }

    fn set(&self, level: libc::c_int, option: libc::c_int, value: libc::c_int) -> io::Result<()> {
        // SAFETY: the value is a C int that outlives the call, and its size is given.
        let result = unsafe {
            libc::setsockopt(
                self.socket.as_raw_fd(),
                level,
                option,
                (&raw const value).cast(),
                socklen(size_of::<libc::c_int>()),
            )
        };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    fn bind(&self, name: &str) -> io::Result<()> {
        // SAFETY: sockaddr_ll is plain data for which all zeros is a valid value.
        let mut address: libc::sockaddr_ll = unsafe { zeroed() };
        address.sll_family = u16::try_from(libc::AF_PACKET).unwrap_or_default();
        address.sll_protocol = u16::try_from(libc::ETH_P_ALL).unwrap_or_default().to_be();
        address.sll_ifindex =
            i32::try_from(interface::index(name)?).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        // SAFETY: the address is a whole sockaddr_ll that outlives the call, and its size is given.
        let result = unsafe {
            libc::bind(self.socket.as_raw_fd(), (&raw const address).cast(), socklen(size_of::<libc::sockaddr_ll>()))
        };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Switching time stamps on takes effect some time later. Until then a frame is stamped when it is read, which
    /// shows: such a stamp is later than the moment before the reading.
    fn wait_until_stamping(&self, nonce: &Nonce) -> io::Result<()> {
        let mut buffer = vec![0; LARGEST_FRAME];
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline {
            nonce.send(b'S')?;
            loop {
                // Loopback delivers to packet sockets inside the sending call: it is there already.
                let before = now();
                let frame = self.receive(&mut buffer)?;
                if nonce_mark(&frame.bytes, &nonce.bytes) == Some(b'S') {
                    if frame.time.is_some_and(|time| time < before) {
                        return Ok(());
                    }
                    break;
                }
            }
            thread::yield_now();
        }
        // Stamped by the reader then: later by some microseconds, still in order.
        Ok(())
    }

    pub(crate) fn receive(&self, buffer: &mut [u8]) -> io::Result<OwnedFrame> {
        let mut control = [MaybeUninit::<libc::cmsghdr>::uninit(); 16];
        let mut vector = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
        // SAFETY: msghdr is plain data for which all zeros is a valid value.
        let mut message: libc::msghdr = unsafe { zeroed() };
        message.msg_iov = &raw mut vector;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control) as _;
        let received = loop {
            // SAFETY: the message names one buffer and one control buffer, both with their sizes and both outlive
            // the call.
            let n = unsafe { libc::recvmsg(self.socket.as_raw_fd(), &raw mut message, libc::MSG_TRUNC) };
            if let Ok(n) = usize::try_from(n) {
                break n;
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        };
        Ok(OwnedFrame {
            time: stamp(&message),
            interface: 0,
            link: LinkType::ETHERNET,
            // With MSG_TRUNC the kernel gives the real length, also when the buffer was shorter.
            wire_len: u32::try_from(received).unwrap_or(u32::MAX),
            bytes: buffer[..received.min(buffer.len())].to_vec(),
            passage: None,
        })
    }

    /// What the kernel had to drop. Asking resets its counter.
    pub(crate) fn dropped(&self) -> Option<u64> {
        // SAFETY: tpacket_stats is two integers.
        let mut statistics: libc::tpacket_stats = unsafe { zeroed() };
        let mut length = socklen(size_of::<libc::tpacket_stats>());
        // SAFETY: the statistics and their length outlive the call.
        let result = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                (&raw mut statistics).cast(),
                &raw mut length,
            )
        };
        (result == 0).then(|| u64::from(statistics.tp_drops))
    }
}

/// The kernel's time stamp among the control messages.
fn stamp(message: &libc::msghdr) -> Option<Time> {
    // SAFETY: the kernel has filled the control buffer that the message names; the CMSG functions stay inside it.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(message);
        while !header.is_null() {
            if (*header).cmsg_level == libc::SOL_SOCKET && (*header).cmsg_type == libc::SCM_TIMESTAMPNS {
                let time: libc::timespec = ptr::read_unaligned(libc::CMSG_DATA(header).cast());
                #[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "timespec differs by platform")]
                return Some(Time(time.tv_sec as i64 * 1_000_000_000 + time.tv_nsec as i64));
            }
            header = libc::CMSG_NXTHDR(message, header);
        }
    }
    None
}

/// Classic BPF: keep what goes out. Every packet on `lo` passes a second time as one that came in.
fn outgoing_only() -> [SockFilter; 4] {
    #[allow(clippy::cast_sign_loss, reason = "the kernel reads these negative offsets as unsigned")]
    let kind = (libc::SKF_AD_OFF + libc::SKF_AD_PKTTYPE) as u32;
    let code = |bits: u32| u16::try_from(bits).unwrap_or_default();
    [
        SockFilter::new(code(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS), 0, 0, kind),
        SockFilter::new(code(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K), 0, 1, u32::from(libc::PACKET_OUTGOING)),
        SockFilter::new(code(libc::BPF_RET | libc::BPF_K), 0, 0, u32::MAX),
        SockFilter::new(code(libc::BPF_RET | libc::BPF_K), 0, 0, 0),
    ]
}

fn socklen(size: usize) -> libc::socklen_t {
    libc::socklen_t::try_from(size).unwrap_or(libc::socklen_t::MAX)
}
