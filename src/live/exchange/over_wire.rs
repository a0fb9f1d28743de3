//! An exchange between two hosts with a wire between them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::helper::{PRIVATE_PORT, Site, call_witness, supervise, wait_for_rest};
use super::recorder::Log;
use super::settle::{Kernels, Sockets};
use super::{Recording, Request, settings};
use crate::live::sandbox;
use crate::live::tracepoints::{self, Hearing};
use crate::live::trouble::Trouble;
use crate::live::wire::{self, Network};
use crate::live::witness::{self, Witness};
use crate::scenario::wire::Wire;
use crate::track::Side;

/// Everything that an exchange waits for takes longer by as many trips.
const TRIPS: u32 = 50;
/// Runs the exchange. The process is in no network of its own yet and has one thread.
pub(super) fn run(request: &Request, wire: &Wire, parent: u32) -> Result<Recording, Trouble> {
    sandbox::enter().map_err(Trouble::Private)?;
    let refused =
        |error: &io::Error| Trouble::Wire { errno: error.raw_os_error().unwrap_or_default(), error: error.to_string() };
    let network = Arc::new(Network::build(request.ipv6).map_err(|error| refused(&error))?);
    for side in [Side::Client, Side::Server] {
        network.host(side).enter().map_err(|error| refused(&error))?;
        settings::make(request.clients);
    }
    network.enter_middle().map_err(|error| refused(&error))?;
    if !sandbox::die_with_parent(parent) {
        return Err(Trouble::Interrupted);
    }
    let port = request.port.unwrap_or(PRIVATE_PORT);
    let address = |side: Side, port| SocketAddr::new(network.host(side).address, port);
    let system = |error: &io::Error| Trouble::system("wire", error);
    let place = request.witness.then(|| witness::Place::choose(request.clients));
    let hearing = request.witness.then(|| tracepoints::start(address(Side::Server, port), false)).and_then(Result::ok);
    let running = wire::start(&network, wire).map_err(|error| refused(&error))?;
    let sockets = open_sockets(&network, request.ipv6).map_err(|error| system(&error))?;
    // TCP's settings are those of the hosts.
    let settings = settings::read();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| system(&error))?;
    let timeout = request.timeout.saturating_add(wire.delay.saturating_mul(TRIPS));
    let deadline = Instant::now() + timeout;
    let site = Site {
        server: address(Side::Server, port),
        client: address(Side::Client, port.checked_add(1).unwrap_or(PRIVATE_PORT)),
        network: Some(Arc::clone(&network)),
        wire: Some(running.watch()),
        ..Site::default_of(address(Side::Server, port), Kernels::new(sockets))
    };
    let witness = place.and_then(|place| call_witness(request, &site, &place, |side| network.host(side).enter()));
    let log = Log::new(witness.as_ref().map(Witness::handle));
    let request = Request { timeout, ..request.clone() };
    let rest = async || wait_for_rest(&log, &site).await;
    let outcome = runtime.block_on(supervise(&request, &site, &log, deadline, rest));
    let (open, finished) = match outcome {
        Ok(open) => (open, true),
        // What a wire has lost may never come; what was seen until then is worth showing.
        Err(Trouble::TimedOut { .. } | Trouble::Unsettled { .. }) if !wire.loss.is_empty() => (Vec::new(), false),
        Err(trouble) => return Err(trouble),
    };
    let recorded = running.finish(&network).map_err(|error| system(&error))?;
    let witnessed = witness.map(Witness::finish).unwrap_or_default();
    let told = hearing.map(Hearing::finish).unwrap_or_default();
    // Only now: what closing them sends is no part of the exchange.
    drop(open);
    Ok(Recording {
        frames: recorded.frames,
        interfaces: recorded.interfaces,
        calls: log.calls(),
        witnessed,
        traces: told.traces,
        counted: recorded.counted,
        transmits: told.transmits,
        settings,
        dropped: recorded.dropped,
        client_ports: log.client_ports(),
        server_port: port,
        clients: request.clients,
        on_host: false,
        finished,
        late: recorded.late,
        wire: None,
        notice: None,
    })
}

/// The lists of both hosts' sockets; leaves the calling thread with the server's.
fn open_sockets(network: &Network, ipv6: bool) -> io::Result<[Sockets; 2]> {
    let [client, server] =
        [Side::Client, Side::Server].map(|side| network.host(side).enter().and_then(|()| Sockets::open(ipv6)));
    Ok([client?, server?])
}
