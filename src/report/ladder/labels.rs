//! Where the words of slanted arrows stand: arrows that are under way at the same time cross, their words must not.

use super::layout::number;
use super::{Arrow, Ladder};
use crate::report::text::width;

/// How far a lost packet comes before its cross, as a part of the way.
pub const LOST: f64 = 0.62;
/// How far down a lost packet goes where nothing shows how long the others take, in pixels over the whole way.
const FLAT: f64 = 14.5;
/// Where words stand that are in nobody's way: before the middle, where arrows of both directions meet.
const USUAL: f64 = 0.4;
/// Width of a letter, in pixels.
const LETTER: f64 = 7.3;
/// Words are thought of as a row of discs, one above and one below the arrow in each: distance and radius in pixels.
const DISC: (f64, f64) = (12.0, 13.0);

/// Where an arrow is drawn and its words stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The height at which it arrives, or would have.
    pub end: f64,
    /// Where the middle of its words is, as a part of the way.
    pub label: f64,
}

type Point = (f64, f64);

/// The row of words at an arrow.
#[derive(Clone, Copy)]
struct Words {
    middle: Point,
    along: Point,
    half: f64,
}

impl Words {
    fn ends(&self) -> (Point, Point) {
        let (dx, dy) = (self.along.0 * self.half, self.along.1 * self.half);
        ((self.middle.0 - dx, self.middle.1 - dy), (self.middle.0 + dx, self.middle.1 + dy))
    }

    fn discs(&self) -> impl Iterator<Item = Point> + use<> {
        let Words { middle, along, half } = *self;
        (0..200_u8)
            .map(move |at| f64::from(at) * DISC.0 - half)
            .take_while(move |at| *at <= half)
            .map(move |at| (middle.0 + along.0 * at, middle.1 + along.1 * at))
    }

    /// How many discs of one row lie on discs of another.
    fn covered(&self, other: &Words) -> f64 {
        if distance(self.middle, other.middle) > self.half + other.half + 2.0 * DISC.1 {
            return 0.0;
        }
        number(self.discs().filter(|one| other.discs().any(|two| distance(*one, two) < 2.0 * DISC.1)).count())
    }
}

fn distance(one: Point, two: Point) -> f64 {
    (one.0 - two.0).hypot(one.1 - two.1)
}

/// Whether two lines cross.
fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0) > 0.0;
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// Gives every arrow its way, with the lanes and the moments at these places.
pub(super) fn ways(ladder: &Ladder, x: &[f64], y: &[f64]) -> Vec<Way> {
    let ends: Vec<f64> = ladder.arrows.iter().map(|arrow| end(ladder, arrow, y)).collect();
    if !ladder.arrows.iter().any(Arrow::slants) {
        // In the middle, or before the lane that is there.
        let label = |arrow: &Arrow| match arrow.from.abs_diff(arrow.to) {
            _ if arrow.lost() => LOST / 2.0,
            gaps if gaps > 0 && gaps % 2 == 0 => 0.5 - 0.5 / number(gaps),
            _ => 0.5,
        };
        return ladder.arrows.iter().zip(ends).map(|(arrow, end)| Way { end, label: label(arrow) }).collect();
    }
    let lines: Vec<(Point, Point)> = ladder
        .arrows
        .iter()
        .zip(&ends)
        .map(|(arrow, end)| line((x[arrow.from], y[arrow.leaves]), (x[arrow.to], *end), arrow))
        .collect();
    let mut placed: Vec<Words> = Vec::new();
    let mut ways = Vec::new();
    for (index, (arrow, end)) in ladder.arrows.iter().zip(ends).enumerate() {
        let label = place(arrow, index, &lines, &placed);
        placed.push(words(arrow, lines[index], label));
        // A lost packet is drawn for a part of its way only.
        let label = if arrow.lost() { label * LOST } else { label };
        ways.push(Way { end, label });
    }
    ways
}

/// What is drawn of an arrow.
fn line(from: Point, to: Point, arrow: &Arrow) -> (Point, Point) {
    if arrow.lost() { (from, (from.0 + LOST * (to.0 - from.0), from.1 + LOST * (to.1 - from.1))) } else { (from, to) }
}

/// Where an arrow ends. A lost one runs beside the packet that left before it in the same direction and was still under
/// way: nobody knows where it was lost, and so it crosses none of those.
fn end(ladder: &Ladder, arrow: &Arrow, y: &[f64]) -> f64 {
    if let Some(arrives) = arrow.arrives {
        return y[arrives];
    }
    let beside = ladder.arrows.iter().filter(|other| {
        (other.from, other.to) == (arrow.from, arrow.to)
            && other.leaves < arrow.leaves
            && other.arrives.is_some_and(|arrives| arrives > arrow.leaves)
    });
    let down = beside.last().and_then(|other| Some(y[other.arrives?] - y[other.leaves])).unwrap_or(FLAT);
    y[arrow.leaves] + down
}

fn words(arrow: &Arrow, (from, to): (Point, Point), at: f64) -> Words {
    let length = distance(from, to).max(1.0);
    let letters = number(width(&arrow.label())) + if arrow.lost() { 7.0 } else { 0.0 };
    let title = arrow.row.title.map_or(0.0, |title| number(title.en.len().max(title.id.len())) * 5.6);
    Words {
        middle: (from.0 + at * (to.0 - from.0), from.1 + at * (to.1 - from.1)),
        along: ((to.0 - from.0) / length, (to.1 - from.1) / length),
        half: (letters * LETTER).max(title).min(length) / 2.0,
    }
}

/// The best of a few places along an arrow: on no other words, crossed by no other arrow, near the usual place.
fn place(arrow: &Arrow, index: usize, lines: &[(Point, Point)], placed: &[Words]) -> f64 {
    let usual = if arrow.lost() { 0.5 } else { USUAL };
    let length = distance(lines[index].0, lines[index].1).max(1.0);
    let cost = |at: f64| {
        let words = words(arrow, lines[index], at);
        let out = (words.half - at.min(1.0 - at) * length + 8.0).max(0.0);
        let covered: f64 = placed.iter().map(|other| words.covered(other)).sum();
        let crossed =
            lines.iter().enumerate().filter(|(other, line)| *other != index && cross(words.ends(), **line)).count();
        3.0 * out + 4.0 * covered + 3.0 * number(crossed) + 6.0 * (at - usual).abs()
    };
    // Tried from the usual place outwards, so that of equals the nearest is taken.
    let places = (0..=9_u8).flat_map(|step| [1.0, -1.0].map(|way| usual + way * 0.05 * f64::from(step)));
    places
        .filter(|at| (0.1..=0.9).contains(at))
        .map(|at| (cost(at), at))
        .min_by(|one, two| one.0.total_cmp(&two.0))
        .map_or(usual, |best| best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cross_and_lines_that_do_not() {
        let across = ((0.0, 0.0), (10.0, 10.0));
        assert!(cross(across, ((0.0, 10.0), (10.0, 0.0))));
        assert!(!cross(across, ((0.0, 5.0), (5.0, 10.0))));
        assert!(!cross(across, ((20.0, 0.0), (20.0, 10.0))));
    }

    #[test]
    fn words_cover_each_other_only_where_they_meet() {
        let words = |x: f64, y: f64| Words { middle: (x, y), along: (1.0, 0.0), half: 60.0 };
        assert!(words(0.0, 0.0).covered(&words(30.0, 10.0)) > 4.0);
        assert!(words(0.0, 0.0).covered(&words(0.0, 40.0)).abs() < 0.1);
        assert!(words(0.0, 0.0).covered(&words(200.0, 0.0)).abs() < 0.1);
    }
}
