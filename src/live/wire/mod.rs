//! Two hosts in networks of their own and a wire between them that delays, loses, doubles and reorders packets: no root,
//! no queueing discipline of the kernel, no device of the machine.
//!
//! Both ends of the wire are capture points on one clock. The forwarder knows which arrival is which departure, so
//! nothing has to be matched afterwards.

mod forwarder;
mod netlink;
mod network;

pub(crate) use forwarder::{Idle, Watch};
pub(crate) use network::Network;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::frame::{Arrival, Interface, LinkType, OwnedFrame, Passage, Time};
use crate::live::counters::Reading;
use crate::live::packet_socket::{self, PacketSocket};
use crate::scenario::wire::Wire;
use crate::timeline::Tally;
use crate::track::Side;

/// What the kernel counts of TCP's repairs, as far as it explains packets.
const COUNTERS: [&str; 16] = [
    "TCPTimeouts",
    "TCPLossProbes",
    "TCPLossProbeRecovery",
    "TCPFastRetrans",
    "TCPSlowStartRetrans",
    "TCPLostRetransmit",
    "TCPRetransFail",
    "TCPSynRetrans",
    "TCPDSACKRecv",
    "TCPDSACKOldSent",
    "TCPDSACKOfoSent",
    "TCPOFOQueue",
    "TCPSACKReorder",
    "TCPSpuriousRTOs",
    "TCPAbortOnTimeout",
    "TCPChallengeACK",
];

/// A packet with its way over the wire.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The end that sent it.
    pub(crate) from: Side,
    /// When it left there.
    pub(crate) left: Time,
    /// The whole frame.
    pub(crate) bytes: Vec<u8>,
    /// When its copies arrived; none: it was lost.
    pub(crate) arrived: Vec<Time>,
}

/// A wire under way.
pub(crate) struct Running {
    forwarder: forwarder::Running,
    /// Keeps the kernel stamping.
    _stamping: PacketSocket,
    before: [Reading; 2],
}

/// What a wire saw.
pub(crate) struct Recorded {
    /// Departures and arrivals, in the order of time.
    pub(crate) frames: Vec<OwnedFrame>,
    /// The client's end and the server's.
    pub(crate) interfaces: Vec<Interface>,
    /// What both hosts counted.
    pub(crate) counted: Vec<Tally>,
    /// Frames that the kernel dropped.
    pub(crate) dropped: Option<u64>,
    /// How long at most a packet stayed on the wire after it was due.
    pub(crate) late: Duration,
}

/// Connects the hosts. Called in the network between them, and left there.
pub(crate) fn start(network: &Network, wire: &Wire) -> io::Result<Running> {
    let [client, server] = network::NEAR.map(PacketSocket::open_incoming);
    let stamping = packet_socket::open_stamping()?;
    let forwarder = forwarder::start([client?, server?], wire)?;
    let before = counters(network)?;
    network.enter_middle()?;
    Ok(Running { forwarder, _stamping: stamping, before })
}

fn counters(network: &Network) -> io::Result<[Reading; 2]> {
    Ok([network.host(Side::Client).counters()?, network.host(Side::Server).counters()?])
}

impl Running {
    /// Looks on while it works.
    pub(crate) fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.forwarder.shared))
    }

    /// Ends the wire and says what passed.
    pub(crate) fn finish(self, network: &Network) -> io::Result<Recorded> {
        let done = self.forwarder.finish()?;
        let after = counters(network)?;
        let (mut interfaces, mut counted) = (Vec::new(), Vec::new());
        for (side, name) in [(Side::Client, "client"), (Side::Server, "server")] {
            let (before, after) = (&self.before[side.index()], &after[side.index()]);
            counted.extend(after.since(before, Some(side)));
            interfaces.push(Interface {
                name: Some(name.to_owned()),
                link: LinkType::ETHERNET,
                resolution: 1e-9,
                counters: repairs(before, after),
            });
        }
        Ok(Recorded { frames: frames(&done.passed), interfaces, counted, dropped: done.dropped, late: done.late })
    }
}

/// What was counted in between, of the counters that matter here.
fn repairs(before: &Reading, after: &Reading) -> Vec<(String, u64)> {
    COUNTERS.iter().filter_map(|name| Some(((*name).to_owned(), after.gained(before, name)?))).collect()
}

/// Departures and arrivals as frames of one capture, numbered by their order in time.
fn frames(passed: &[Passed]) -> Vec<OwnedFrame> {
    let mut events: Vec<(Time, usize, Option<usize>)> = Vec::new();
    for (packet, way) in passed.iter().enumerate() {
        events.push((way.left, packet, None));
        events.extend(way.arrived.iter().enumerate().map(|(copy, time)| (*time, packet, Some(copy))));
    }
    events.sort_by_key(|(time, packet, copy)| (*time, copy.is_some(), *packet));
    let number_of = |wanted: (usize, Option<usize>)| {
        events.iter().position(|(_, packet, copy)| (*packet, *copy) == wanted).map_or(0, |at| at as u64 + 1)
    };
    events
        .iter()
        .map(|(time, packet, copy)| {
            let way = &passed[*packet];
            let arrival = |copy: usize| {
                let time = *way.arrived.get(copy)?;
                Some(Arrival { frame: number_of((*packet, Some(copy))), time })
            };
            let (passage, at) = match copy {
                None => (Passage::Left { arrived: arrival(0), again: arrival(1) }, way.from),
                Some(_) => (Passage::Came { left: number_of((*packet, None)) }, way.from.other()),
            };
            OwnedFrame {
                time: Some(*time),
                interface: u32::from(at == Side::Server),
                link: LinkType::ETHERNET,
                wire_len: u32::try_from(way.bytes.len()).unwrap_or(u32::MAX),
                bytes: way.bytes.clone(),
                passage: Some(passage),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departures_and_arrivals_stand_in_the_order_of_time_and_know_each_other() {
        let packet = |from, left, arrived: &[i64]| Passed {
            from,
            left: Time(left),
            bytes: vec![0; 60],
            arrived: arrived.iter().map(|time| Time(*time)).collect(),
        };
        let frames = frames(&[
            packet(Side::Client, 0, &[20]),
            packet(Side::Client, 5, &[]),
            packet(Side::Server, 10, &[30, 31]),
        ]);
        let arrival = |frame, time| Some(Arrival { frame, time: Time(time) });
        let seen: Vec<_> = frames.iter().map(|frame| (frame.interface, frame.passage.expect("known"))).collect();
        assert_eq!(
            seen,
            [
                (0, Passage::Left { arrived: arrival(4, 20), again: None }),
                (0, Passage::Left { arrived: None, again: None }),
                (1, Passage::Left { arrived: arrival(5, 30), again: arrival(6, 31) }),
                (1, Passage::Came { left: 1 }),
                (0, Passage::Came { left: 3 }),
                (0, Passage::Came { left: 3 }),
            ]
        );
    }
}
