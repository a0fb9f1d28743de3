//! Scripts of packets beside lists of calls, for the tests of what is made of both.

use crate::analysis;
use crate::calls::survey::Survey;
use crate::frame::{MemorySource, Time};
use crate::script::{START, Script};
use crate::timeline::{Call, Deed, SocketUse};
use crate::track::{Proto, Side};

/// A call at so many milliseconds, with its end; none: it never returned.
pub(super) struct Made(pub(super) f64, pub(super) Option<f64>, pub(super) Side, pub(super) Deed, pub(super) i64);

/// So many milliseconds after the script's beginning.
pub(super) fn at(ms: f64) -> Time {
    #[allow(clippy::cast_possible_truncation, reason = "milliseconds of a test")]
    Time(START.0 + (ms * 1e6) as i64)
}

/// What a script shows.
pub(super) fn survey(script: &str) -> Survey {
    let script = Script::parse(script).expect("script");
    let mut survey = Survey::default();
    let (frames, interfaces) = (script.frames(), script.interfaces());
    analysis::run(&mut MemorySource::new(&frames, &interfaces), analysis::Request::default(), &mut survey)
        .expect("nothing is written");
    survey
}

/// Calls on the connection between 10.0.0.1:40000 and 10.0.0.2:5001.
pub(super) fn calls(proto: Proto, made: Vec<Made>) -> Vec<Call> {
    let numbered = made.into_iter().enumerate();
    numbered
        .map(|(id, Made(entry, exit, side, deed, returned))| {
            let ends = ["10.0.0.1:40000", "10.0.0.2:5001"].map(|end| Some(end.parse().expect("address")));
            let [local, peer] = if side == Side::Client { ends } else { [ends[1], ends[0]] };
            let cookie = if side == Side::Client { 1 } else { 2 };
            Call {
                id: u32::try_from(id).expect("few"),
                side: Some(side),
                pid: 1,
                tid: 1,
                name: String::new(),
                args: String::new(),
                entry: at(entry),
                exit: exit.map(at),
                result: exit.map(|_| Ok(returned)),
                socket: Some(SocketUse { cookie, proto, fd: 3, local, peer }),
                deed,
                data: Vec::new(),
                source: None,
            }
        })
        .collect()
}

pub(super) fn connect() -> Made {
    Made(-0.1, Some(0.25), Side::Client, Deed::Connect("10.0.0.2:5001".parse().expect("address")), 0)
}

pub(super) fn accept() -> Made {
    Made(-5.0, Some(0.3), Side::Server, Deed::Accept { listener: 9 }, 4)
}

pub(super) fn send(from: f64, to: f64, side: Side, n: u32) -> Made {
    Made(from, Some(to), side, Deed::Send { to: None, sizes: vec![n.into()] }, n.into())
}

pub(super) fn receive(from: f64, to: Option<f64>, side: Side, n: u32) -> Made {
    Made(from, to, side, Deed::Receive { from: None, room: 1024, peek: false }, n.into())
}

pub(super) fn close(from: f64, to: f64, side: Side) -> Made {
    Made(from, Some(to), side, Deed::Close { left: 0 }, 0)
}

pub(super) const HANDSHAKE: &str = "
    0    C>S SYN
    0.1  S>C SYN,ACK
    0.2  C>S ACK
";
