//! Three networks: a host at either end of the wire, and the forwarder's between them.
//!
//! They are anonymous: nothing but this process holds them, so they are gone when it is, however it ends.
#![allow(unsafe_code, reason = "threads enter a network by a system call")]

use std::fs::{self, File};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use super::netlink;
use crate::live::counters::Reading;
use crate::live::packet_socket::PacketSocket;
use crate::live::sandbox::{self, interface};
use crate::track::Side;

/// Where the calling thread's own network can be named.
const OWN: &str = "/proc/thread-self/ns/net";
/// Exists in every kernel; what the system uses otherwise (BBR, CUBIC) paces and recovers in its own way.
const CONGESTION_CONTROL: &str = "reno";

/// The network of one host.
#[derive(Debug)]
pub(crate) struct Host {
    network: OwnedFd,
    /// Its address.
    pub(crate) address: IpAddr,
}

impl Host {
    /// Moves the calling thread into this network.
    pub(crate) fn enter(&self) -> io::Result<()> {
        enter(&self.network)
    }

    /// What its kernel has counted so far.
    pub(crate) fn counters(&self) -> io::Result<Reading> {
        self.enter()?;
        Reading::take()
    }
}

fn enter(network: &OwnedFd) -> io::Result<()> {
    // SAFETY: setns takes a descriptor, which is open as long as it is borrowed, and touches no memory.
    if unsafe { libc::setns(network.as_raw_fd(), libc::CLONE_NEWNET) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// The two hosts and what lies between them.
#[derive(Debug)]
pub(crate) struct Network {
    /// By [`Side::index`].
    pub(crate) hosts: [Host; 2],
    middle: OwnedFd,
}

/// The names of the forwarder's interfaces, by [`Side::index`].
pub(super) const NEAR: [&str; 2] = ["to-client", "to-server"];
/// The names of the hosts' interfaces.
const FAR: [&str; 2] = ["client", "server"];
/// The protocol of frames that mean nothing to a host (IEEE 802, local experimental use).
const EXPERIMENTAL: u16 = 0x88b5;
/// How long a way may take to open.
const CARRIER_WAIT: Duration = Duration::from_secs(5);
/// How often that is tried.
const CARRIER_POLL: Duration = Duration::from_micros(200);
const HARDWARE: [[u8; 6]; 2] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]];

/// What the hosts are called by programs that know nothing of a wire.
const LOOPBACK: [Ipv4Addr; 2] = [Ipv4Addr::new(127, 0, 0, 2), Ipv4Addr::LOCALHOST];

/// The address of a host: of the networks that are set aside for documentation (RFC 5737, RFC 3849).
fn address(side: Side, ipv6: bool) -> IpAddr {
    let last = if side == Side::Client { 1 } else { 2 };
    if ipv6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last).into()
    } else {
        Ipv4Addr::new(192, 0, 2, u8::try_from(last).unwrap_or_default()).into()
    }
}

impl Network {
    /// Builds it. The process is in a network of its own already and has no other thread.
    ///
    /// # Errors
    /// The kernel has no virtual Ethernet pairs, or allows no further networks.
    pub(crate) fn build(ipv6: bool) -> io::Result<Network> {
        let middle: OwnedFd = File::open(OWN)?.into();
        let [client, server] = [Side::Client, Side::Server].map(|side| {
            sandbox::new_network()?;
            let network = File::open(OWN)?.into();
            Ok::<Host, io::Error>(Host { network, address: address(side, ipv6) })
        });
        let network = Network { hosts: [client?, server?], middle };
        for side in [Side::Client, Side::Server] {
            network.connect(side, ipv6)?;
        }
        network.enter_middle()?;
        Ok(network)
    }

    /// Lets programs that were written for one machine talk over the wire: 127.0.0.1 is the server's host, for both.
    ///
    /// The client's host gives that address up and is 127.0.0.2; both take packets with such addresses from the wire,
    /// which hosts do not do otherwise (`route_localnet`). IPv6 knows no such exception: `::1` stays on its host. Hosts of IPv6 get
    /// addresses of IPv4 besides.
    ///
    /// # Errors
    /// The kernel refused an address or a route.
    pub(crate) fn share_loopback(&self) -> io::Result<()> {
        for side in [Side::Client, Side::Server] {
            let (host, far) = (self.host(side), FAR[side.index()]);
            host.enter()?;
            for name in ["all", far] {
                fs::write(format!("/proc/sys/net/ipv4/conf/{name}/route_localnet"), "1")?;
            }
            let (own, other) = (LOOPBACK[side.index()].into(), LOOPBACK[side.other().index()].into());
            let (lo, wire) = (interface::index("lo")?, interface::index(far)?);
            if host.address.is_ipv6() {
                netlink::add_address(wire, address(side, false), 24)?;
                netlink::add_neighbour(wire, address(side.other(), false), HARDWARE[side.other().index()])?;
            }
            // With it the host would take every address that begins with 127 for its own.
            netlink::remove_address(lo, Ipv4Addr::LOCALHOST.into(), 8)?;
            netlink::add_address(lo, own, 32)?;
            netlink::add_route(wire, other, own)?;
            netlink::add_neighbour(wire, other, HARDWARE[side.other().index()])?;
        }
        self.enter_middle()
    }

    /// Moves the calling thread between the hosts.
    pub(crate) fn enter_middle(&self) -> io::Result<()> {
        enter(&self.middle)
    }

    /// The host of an end.
    pub(crate) fn host(&self, side: Side) -> &Host {
        &self.hosts[side.index()]
    }

    fn connect(&self, side: Side, ipv6: bool) -> io::Result<()> {
        let (near, far) = (NEAR[side.index()], FAR[side.index()]);
        let host = self.host(side);
        self.enter_middle()?;
        netlink::add_pair(near, far, HARDWARE[side.index()], host.network.as_fd())?;
        prepare(near, false)?;
        host.enter()?;
        // The path between the hosts is the wire; a host's way to itself is its own loopback.
        interface::Control::open("lo")?.bring_up()?;
        let _ = fs::write("/proc/sys/net/ipv4/tcp_congestion_control", CONGESTION_CONTROL);
        // What an earlier connection measured shall not change a later one.
        let _ = fs::write("/proc/sys/net/ipv4/tcp_no_metrics_save", "1");
        prepare(far, ipv6)?;
        let index = interface::index(far)?;
        netlink::add_address(index, host.address, if ipv6 { 64 } else { 24 })?;
        let other = side.other();
        netlink::add_neighbour(index, self.host(other).address, HARDWARE[other.index()])?;
        self.await_carrier(side)
    }

    /// The kernel opens the way from an interface whose peer came up after it only when one of its workers has time, and
    /// until then takes frames and drops them. So one is sent that means nothing, until the host has it.
    fn await_carrier(&self, side: Side) -> io::Result<()> {
        let (near, far) = (NEAR[side.index()], FAR[side.index()]);
        self.enter_middle()?;
        let socket = PacketSocket::open_incoming(near)?;
        let mut frame = [0; 60];
        frame[..6].copy_from_slice(&HARDWARE[side.index()]);
        frame[12..14].copy_from_slice(&EXPERIMENTAL.to_be_bytes());
        self.host(side).enter()?;
        let end = Instant::now() + CARRIER_WAIT;
        while received(&fs::read_to_string("/proc/thread-self/net/dev")?, far) == 0 {
            if Instant::now() > end {
                return Err(io::Error::from(io::ErrorKind::TimedOut));
            }
            socket.send(&frame)?;
            #[allow(clippy::disallowed_methods, reason = "nobody tells when the way is open")]
            thread::sleep(CARRIER_POLL);
        }
        Ok(())
    }
}

fn prepare(name: &str, ipv6: bool) -> io::Result<()> {
    let set = |key: &str, value: &str| {
        // Where IPv6 is missing, so is the file.
        let _ = fs::write(format!("/proc/sys/net/ipv6/conf/{name}/{key}"), value);
    };
    set("disable_ipv6", if ipv6 { "0" } else { "1" });
    // No address but the one that is given, and nobody asked for a router.
    set("addr_gen_mode", "1");
    set("router_solicitations", "0");
    set("accept_dad", "0");
    let control = interface::Control::open(name)?;
    control.switch_offloads_off();
    control.compute_checksums();
    let _ = interface::limit_gso_segments(name, 1);
    control.bring_up()
}

/// How many packets an interface has received, by `/proc/net/dev`.
fn received(text: &str, interface: &str) -> u64 {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix(interface)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_packets_are_the_second_number_of_an_interface() {
        let text = "Inter-|   Receive\n face |bytes    packets errs\n    lo:  10  1 0\nserver: 120       2    0 0\n";
        assert_eq!([received(text, "server"), received(text, "lo"), received(text, "client")], [2, 1, 0]);
    }
}
