//! Where the programs run, and what is captured there: one host, or two with a wire between them.

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::Request;
use crate::frame::{Interface, LinkType, OwnedFrame};
use crate::live::counters::Reading;
use crate::live::exchange::{Kernels, Ports, Rest, Resting, read_settings};
use crate::live::packet_socket::{self, PacketSocket};
use crate::live::sandbox;
use crate::live::trouble::Trouble;
use crate::live::wire::{self, Network};
use crate::live::witness::{self, Witness};
use crate::report::Settings;
use crate::scenario::Transport;
use crate::timeline::{Call, Deed, Tally, Witnessed};
use crate::track::{Proto, Side};

/// How long sockets may take to come to rest once every program has ended.
const REST: Duration = Duration::from_secs(2);
/// Over a wire they need so many trips more.
const TRIPS: u32 = 8;
/// How often the kernel is asked whether they have.
const POLL: Duration = Duration::from_micros(500);

/// A place without threads: programs can be started there.
pub(super) enum Ground {
    /// The loopback of this process's network.
    Loopback(PacketSocket),
    /// A host for either end.
    Hosts(Box<Network>),
}

/// A place where everything is being captured.
pub(super) struct Running {
    capture: Capture,
    kernels: Kernels,
    /// The machine's own network, in which others talk as well.
    host: bool,
    patience: Duration,
    /// Where the kernel does not answer for single sockets, there is none.
    witness: Option<Witness>,
}

enum Capture {
    /// With what had been counted before, in a network of its own.
    Loopback(packet_socket::Running, Option<Reading>),
    Wire(wire::Running, Box<Network>),
}

/// What was captured.
pub(super) struct Captured {
    pub(super) frames: Vec<OwnedFrame>,
    pub(super) interfaces: Vec<Interface>,
    pub(super) dropped: Option<u64>,
    pub(super) late: Duration,
    pub(super) witnessed: Vec<Witnessed>,
    pub(super) counted: Vec<Tally>,
}

fn refused(error: &io::Error) -> Trouble {
    Trouble::Wire { errno: error.raw_os_error().unwrap_or_default(), error: error.to_string() }
}

impl Ground {
    /// The process is in the machine's network and has one thread.
    pub(super) fn prepare(request: &Request, parent: u32) -> Result<Ground, Trouble> {
        if !request.host {
            sandbox::enter().map_err(Trouble::Private)?;
        }
        let network = match request.wire {
            Some(_) => {
                // A kernel without IPv6 has no such folder.
                let ipv6 = Path::new("/proc/sys/net/ipv6").is_dir();
                let network = Network::build(ipv6).map_err(|error| refused(&error))?;
                network.share_loopback().map_err(|error| refused(&error))?;
                Some(network)
            }
            None => None,
        };
        // Entering a namespace may have cleared the wish to die with the parent.
        if !sandbox::die_with_parent(parent) {
            return Err(Trouble::Interrupted);
        }
        match network {
            Some(network) => Ok(Ground::Hosts(Box::new(network))),
            None => packet_socket::open().map(Ground::Loopback).map_err(|error| Trouble::PacketSocket {
                host: request.host,
                errno: error.raw_os_error().unwrap_or_default(),
                root: sandbox::is_root(),
            }),
        }
    }

    /// Moves the process to where a program of this side is to run.
    pub(super) fn enter(&self, side: Option<Side>) -> io::Result<()> {
        match self {
            Ground::Loopback(_) => Ok(()),
            Ground::Hosts(network) => network.host(side.unwrap_or(Side::Client)).enter(),
        }
    }

    /// What decides there how packets look.
    pub(super) fn settings(&self) -> io::Result<Settings> {
        self.enter(Some(Side::Server))?;
        Ok(read_settings())
    }

    /// Captures from here on.
    pub(super) fn start(self, request: &Request) -> Result<Running, Trouble> {
        let system = |error: io::Error| Trouble::system("capture", &error);
        let lists = |ground: &Ground, side| {
            ground.enter(Some(side))?;
            Ok::<_, io::Error>([Resting::open(false)?, Resting::open(true)?])
        };
        let mut sockets = Vec::from(lists(&self, Side::Server).map_err(system)?);
        let kernels = witness::Kernels::open(|side| self.enter(Some(side)));
        let delay = request.wire.as_ref().map_or(Duration::ZERO, |wire| wire.delay);
        let patience = REST.saturating_add(delay.saturating_mul(TRIPS));
        let capture = match self {
            Ground::Loopback(socket) => {
                let capture = packet_socket::start_sparing(socket).map_err(system)?;
                // Only now: the start of the capture sends something itself.
                Capture::Loopback(capture, if request.host { None } else { Reading::take().ok() })
            }
            Ground::Hosts(_) => {
                sockets.extend(lists(&self, Side::Client).map_err(system)?);
                let Ground::Hosts(network) = self else { return Err(Trouble::Interrupted) };
                let wire = request.wire.clone().unwrap_or_default();
                network.enter_middle().map_err(system)?;
                Capture::Wire(wire::start(&network, &wire).map_err(|error| refused(&error))?, network)
            }
        };
        let witness = kernels.and_then(witness::start_beside).ok();
        Ok(Running { capture, kernels: Kernels::new(sockets), host: request.host, patience, witness })
    }
}

impl Running {
    /// Who wants to be told when a connection may change its state.
    pub(super) fn witness(&self) -> Option<witness::Handle> {
        self.witness.as_ref().map(Witness::handle)
    }

    /// Waits until nothing of the programs, which have ended, moves any more; then says what was captured.
    pub(super) fn finish(mut self, calls: &[Call]) -> Result<Captured, Trouble> {
        let ports = ports(calls);
        self.rest(&ports).map_err(|error| Trouble::system("sock_diag", &error))?;
        let system = |error: io::Error| Trouble::system("capture", &error);
        let witnessed = self.witness.take().map(Witness::finish).unwrap_or_default();
        match self.capture {
            Capture::Loopback(capture, before) => {
                // The end of the capture sends something itself.
                let counted = before.and_then(|before| Some(Reading::take().ok()?.since(&before, None)));
                let mut captured = capture.finish(Instant::now() + REST).map_err(system)?;
                if self.host {
                    captured.frames.retain(|frame| ports.take(&frame.bytes));
                }
                Ok(Captured {
                    frames: captured.frames,
                    interfaces: vec![Interface {
                        name: Some("lo".to_owned()),
                        link: LinkType::ETHERNET,
                        resolution: 1e-9,
                        counters: Vec::new(),
                    }],
                    dropped: captured.dropped,
                    late: Duration::ZERO,
                    witnessed,
                    counted: counted.unwrap_or_default(),
                })
            }
            Capture::Wire(wire, network) => {
                let recorded = wire.finish(&network).map_err(system)?;
                Ok(Captured {
                    frames: recorded.frames,
                    interfaces: recorded.interfaces,
                    dropped: recorded.dropped,
                    late: recorded.late,
                    witnessed,
                    counted: recorded.counted,
                })
            }
        }
    }

    /// Sockets whose programs have ended may still have something to say.
    fn rest(&self, ports: &Ports) -> io::Result<()> {
        let watch = match &self.capture {
            Capture::Wire(wire, _) => Some(wire.watch()),
            Capture::Loopback(..) => None,
        };
        let ours = self.host.then(|| ports.tcp());
        let deadline = Instant::now() + self.patience;
        let mut rest = Rest::of(&self.kernels, watch.as_ref());
        let at_rest = |kernels: &Kernels| match &ours {
            Some(ours) => kernels.at_rest(ours),
            None => kernels.all_at_rest(),
        };
        while !rest.reached(at_rest)? && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        Ok(())
    }
}

/// The ports that the programs' sockets had, or asked for.
fn ports(calls: &[Call]) -> Ports {
    let mut ports = Ports::default();
    for call in calls {
        let Some(socket) = call.socket else { continue };
        let transport = if socket.proto == Proto::Tcp { Transport::Tcp } else { Transport::Udp };
        let asked = match &call.deed {
            Deed::Connect(to) | Deed::Send { to: Some(to), .. } => Some(*to),
            _ => None,
        };
        for address in socket.local.into_iter().chain(asked) {
            ports.add(transport, address.port());
        }
    }
    // Of a connection that was refused only one port is known.
    ports.allow_strangers();
    ports
}
