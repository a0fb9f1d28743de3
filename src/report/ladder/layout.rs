//! Places for a ladder on paper, in pixels of a screen (96 to the inch), the origin at the top left.
//!
//! Time runs down, but not to scale: a pause of a second and one of a microsecond have to fit on one page. Distances
//! grow with the logarithm of the time, so that longer is always further and the order is never wrong.

use super::labels::{Way, ways};
use super::{Happens, Ladder};
use crate::track::State;

/// Room for frame number and time at the left edge.
pub const MARGIN: f64 = 104.0;
/// Room for the names of states beside the outermost lanes.
pub const SIDE: f64 = 108.0;
/// Where the lanes begin, below the names of the ends.
pub const TOP: f64 = 52.0;
/// Half the width of a lane's band.
pub const BAND: f64 = 5.0;

/// Places for everything in a ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Of the whole drawing.
    pub width: f64,
    /// Down to the end of the lanes.
    pub bottom: f64,
    /// Of each lane's middle.
    pub x: Vec<f64>,
    /// Of each moment.
    pub y: Vec<f64>,
    /// Of each arrow.
    pub ways: Vec<Way>,
    /// States along the lanes.
    pub bands: Vec<Band>,
}

/// A state, as long as it lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The lane.
    pub lane: usize,
    /// Top.
    pub from: f64,
    /// Bottom.
    pub to: f64,
    /// Which; `None` when the capture cannot tell.
    pub state: Option<State>,
    /// The kernel named the same state.
    pub confirmed: bool,
}

impl Layout {
    /// Gives everything its place.
    #[must_use]
    pub fn new(ladder: &Ladder) -> Layout {
        let lanes = ladder.lanes.len().max(2);
        let pitch = if lanes == 2 { 410.0 } else { 270.0 };
        // States of one of several connections have its name before them.
        let side = if ladder.several { SIDE + 36.0 } else { SIDE };
        let first = MARGIN + side;
        let x: Vec<f64> = (0..lanes).map(|lane| first + pitch * number(lane)).collect();
        let mut at = TOP + 4.0;
        let mut y = Vec::with_capacity(ladder.moments.len());
        for (index, moment) in ladder.moments.iter().enumerate() {
            let room = match moment.what {
                Happens::Leaves(arrow) if ladder.arrows.get(arrow).is_some_and(super::Arrow::slants) => 44.0,
                Happens::Leaves(_) => 42.0,
                Happens::Arrives(_) | Happens::ArrivesAgain(_) => 20.0,
                Happens::LeftOut(_) => 44.0,
                Happens::Calls(_) => call_room(ladder, index),
            };
            let pause = if ladder.pause(index).is_some() { 20.0 } else { 0.0 };
            at += room + stretch(moment.since) + pause;
            y.push(at);
        }
        let bottom = at + 30.0;
        let bands = bands(ladder, &y, bottom);
        let ways = ways(ladder, &x, &y);
        Layout { width: x.last().copied().unwrap_or(first) + side, bottom, x, y, ways, bands }
    }
}

/// A call stands closely below another one, and leaves room for what stands below an arrow.
fn call_room(ladder: &Ladder, moment: usize) -> f64 {
    let before = moment.checked_sub(1).and_then(|before| ladder.moments.get(before)).map(|before| before.what);
    if matches!(before, None | Some(Happens::Calls(_))) { 17.0 } else { 32.0 }
}

/// How much further a longer time is: nothing for microseconds, 30 pixels for a tenth of a second.
#[allow(clippy::cast_precision_loss, reason = "a place on paper")]
fn stretch(since: i64) -> f64 {
    let micros = since.max(0) as f64 / 1e3;
    (9.0 * (1.0 + micros / 50.0).log10()).min(60.0)
}

/// A small count as a number to reckon with.
#[must_use]
pub fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn bands(ladder: &Ladder, y: &[f64], bottom: f64) -> Vec<Band> {
    let mut bands = Vec::new();
    for (lane, end) in ladder.lanes.iter().enumerate() {
        let Some(conn) = end.states_of else { continue };
        let mut band = Band { lane, from: TOP, to: bottom, state: end.first_state, confirmed: false };
        for (moment, y) in ladder.moments.iter().zip(y) {
            for change in moment.changes.iter().filter(|change| change.lane == lane && change.conn == conn) {
                bands.push(Band { to: *y, ..band });
                band = Band { from: *y, state: change.state, confirmed: change.confirmed, ..band };
            }
        }
        bands.push(band);
    }
    bands
}
