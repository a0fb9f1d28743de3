//! From what was collected to what is to be drawn: axes, layers, legend and caption in one language.

use super::canvas::Ink;
use super::collect::{Talk, Way};
use super::rate;
use super::series::{Point, Series};
use super::{Ends, Kind};
use crate::language::messages::{Message, plot as say};
use crate::language::{Lang, Value, Values, numbers};
use crate::track::Side;

/// Columns of the plot in which marks are put together: about half a pixel each.
const COLUMNS: f64 = 1600.0;
/// Bars that are drawn each with its two ends.
pub(super) const FEW: usize = 200;

/// A plot in words and numbers.
pub(super) struct Figure {
    pub(super) title: String,
    pub(super) way: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) layers: Vec<Layer>,
    pub(super) notes: Vec<String>,
    /// What stands there instead of marks.
    pub(super) empty: Option<String>,
}

/// An axis: what it is of, from where to where, and the numbers at it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) label: String,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) ticks: Vec<f64>,
    decimals: usize,
}

/// Marks of one kind.
pub(super) struct Layer {
    pub(super) label: String,
    pub(super) ink: Ink,
    pub(super) shape: Shape,
}

/// How marks look, and where they are: `x`, from `y`, to `y`.
pub(super) enum Shape {
    Dots(Vec<Mark>),
    Crosses(Vec<Mark>),
    Diamonds(Vec<Mark>),
    /// From the lower to the upper end, thin or thick.
    Bars(Vec<Mark>, u32),
    /// Levels that last until the next one.
    Steps(Vec<Mark>),
    Line(Vec<Mark>),
}

impl Shape {
    pub(super) fn marks(&self) -> &[Mark] {
        let (Shape::Dots(marks)
        | Shape::Crosses(marks)
        | Shape::Diamonds(marks)
        | Shape::Bars(marks, _)
        | Shape::Steps(marks)
        | Shape::Line(marks)) = self;
        marks
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) x: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Axis {
    /// An axis from 0, or from the lowest value where 0 is far away; `whole` when there is nothing between two numbers.
    fn new(label: String, lowest: f64, highest: f64, whole: bool, wanted: f64) -> Axis {
        let span = (highest - lowest).max(if whole { 1.0 } else { 1e-9 });
        let from = if lowest < span { 0.0 } else { lowest };
        let step = round_step((highest - from).max(if whole { 1.0 } else { 1e-9 }) / wanted, whole);
        let from = (from / step).floor() * step;
        let count = ((highest - from) / step).ceil().clamp(1.0, 100.0);
        let ticks: Vec<f64> = (0..=100).map(f64::from).take_while(|n| *n <= count).map(|n| from + n * step).collect();
        let decimals = (0..9).find(|places| (step * 10_f64.powi(*places)).fract() < 1e-6).unwrap_or(9);
        Axis { label, from, to: from + count * step, ticks, decimals: usize::try_from(decimals).unwrap_or(0) }
    }

    /// Ends with the last value and not with the next number, with a little room on both sides.
    fn ending_at(mut self, highest: f64) -> Axis {
        if highest > self.from {
            self.to = highest;
            self.ticks.retain(|tick| *tick <= highest * (1.0 + 1e-9));
        }
        let room = (self.to - self.from) * 0.012;
        (self.from, self.to) = (self.from - room, self.to + room);
        self
    }

    /// A number as it stands at the axis.
    pub(super) fn number(&self, value: f64, lang: Lang) -> String {
        if self.decimals > 0 {
            return numbers::decimal(lang, value, self.decimals);
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at least 0")]
        numbers::count(lang, value.max(0.0).round() as u64)
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_step(wanted: f64, whole: bool) -> f64 {
    let power = 10_f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= wanted * 0.999);
    let step = step.unwrap_or(power * 10.0);
    if whole { step.max(1.0) } else { step }
}

/// A unit for a largest value, and how many of the base unit it is.
fn unit(largest: f64, units: &[(f64, &'static str)]) -> (f64, &'static str) {
    units.iter().rev().find(|(size, _)| largest >= *size * 2.0).or(units.first()).copied().unwrap_or((1.0, ""))
}

#[allow(clippy::cast_precision_loss, reason = "a place on paper")]
fn real(value: u64) -> f64 {
    value as f64
}

/// Draws up one figure.
struct Drafter<'a> {
    talk: &'a Talk,
    way: &'a Way,
    lang: Lang,
    /// Nanoseconds of the unit of time.
    nanos: f64,
    x: Axis,
    notes: Vec<String>,
}

/// A figure of the data that one end sent.
pub(super) fn figure(talk: &Talk, ends: &Ends, from: Side, kind: Kind, lang: Lang) -> Figure {
    #[allow(clippy::cast_precision_loss, reason = "a place on paper")]
    let until = talk.until as f64;
    let second = if lang == Lang::Id { "detik" } else { "s" };
    let (nanos, name) = unit(until, &[(1e3, "µs"), (1e6, "ms"), (1e9, second)]);
    let label = say::AXIS_TIME.text.fill(lang, &Values::none().words("unit", name));
    let x = Axis::new(label, 0.0, (until / nanos).max(1e-3), false, 8.0).ending_at(until / nanos);
    let way = &talk.ways[from.index()];
    let mut drafter = Drafter { talk, way, lang, nanos, x, notes: Vec::new() };
    let (y, layers, nothing) = match kind {
        Kind::TimeSequence => drafter.stevens(),
        Kind::Tcptrace => drafter.tcptrace(),
        Kind::Throughput => drafter.throughput(),
        Kind::Rtt => drafter.trips(),
        Kind::InFlight => drafter.in_flight(),
    };
    drafter.close();
    let empty = layers.iter().all(|layer| layer.shape.marks().is_empty());
    let words = Values::none()
        .words("conn", talk.conn.to_string())
        .with("from", Value::Side(from))
        .with("to", Value::Side(from.other()))
        .words("source", ends[from.index()].clone())
        .words("target", ends[from.other().index()].clone());
    let way = say::WAY.text.fill(lang, &words);
    let empty = empty.then(|| nothing.text.get(lang).to_owned());
    Figure { title: kind.title().text.get(lang).to_owned(), way, x: drafter.x, y, layers, notes: drafter.notes, empty }
}

type Draft = (Axis, Vec<Layer>, &'static Message);

impl Drafter<'_> {
    fn note(&mut self, message: &Message, values: &Values) {
        self.notes.push(message.text.fill(self.lang, values));
    }

    #[allow(clippy::cast_precision_loss, reason = "a place on paper")]
    fn x(&self, at: i64) -> f64 {
        at as f64 / self.nanos
    }

    /// The points of a series, scaled; what is too many for the memory is said.
    fn marks(&mut self, series: &Series, scale: f64) -> Vec<Mark> {
        let of =
            |point: &Point| Mark { x: self.x(point.at), low: real(point.low) / scale, high: real(point.high) / scale };
        let marks = series.points().iter().map(of).collect();
        if series.points().len() as u64 != series.total() {
            let shown = Value::Count(series.points().len() as u64);
            let values = Values::none().with("total", Value::Count(series.total())).with("shown", shown);
            let text = say::THINNED.text.fill(self.lang, &values);
            if !self.notes.contains(&text) {
                self.notes.push(text);
            }
        }
        marks
    }

    fn layer(&self, message: &Message, ink: Ink, shape: Shape) -> Layer {
        Layer { label: message.text.get(self.lang).to_owned(), ink, shape }
    }

    fn summary(&mut self) {
        let again = self.way.again.total();
        let values = Values::none()
            .with("segments", Value::Count(self.way.segments.total() + again + self.way.probes.total()))
            .with("again", Value::Count(again))
            .with("bytes", Value::Bytes(self.way.bytes));
        self.note(&say::SUMMARY, &values);
    }

    /// What holds for every kind.
    fn close(&mut self) {
        let place = if self.talk.both_ends { &say::BOTH_ENDS } else { &say::HERE };
        self.note(place, &Values::none());
        if self.talk.untimed > 0 {
            self.note(&say::UNTIMED, &Values::none().with("n", Value::Count(self.talk.untimed)));
        }
    }

    fn numbers_axis(&self, message: &Message, layers: &[Layer]) -> Axis {
        let marks = || layers.iter().flat_map(|layer| layer.shape.marks());
        let lowest = marks().map(|mark| mark.low).fold(f64::INFINITY, f64::min);
        let highest = marks().map(|mark| mark.high).fold(0.0, f64::max);
        let lowest = if lowest.is_finite() { lowest } else { 0.0 };
        Axis::new(message.text.get(self.lang).to_owned(), lowest, highest, true, 6.0)
    }

    fn stevens(&mut self) -> Draft {
        self.summary();
        let starts = |marks: Vec<Mark>| marks.into_iter().map(|mark| Mark { high: mark.low, ..mark }).collect();
        let [segments, again, probes] =
            [&self.way.segments, &self.way.again, &self.way.probes].map(|series| starts(self.marks(series, 1.0)));
        let layers = vec![
            self.layer(&say::SEGMENT, Ink::Data, Shape::Dots(self.apart(segments))),
            self.layer(&say::PROBE, Ink::Text, Shape::Diamonds(self.apart(probes))),
            self.layer(&say::AGAIN, Ink::Again, Shape::Crosses(self.apart(again))),
        ];
        (self.numbers_axis(&say::AXIS_SEQ, &layers), layers, &say::NO_DATA)
    }

    fn tcptrace(&mut self) -> Draft {
        self.summary();
        let [segments, again, probes, acks, edges, sacks, closed] = [
            &self.way.segments,
            &self.way.again,
            &self.way.probes,
            &self.way.acks,
            &self.way.edges,
            &self.way.sacks,
            &self.way.closed,
        ]
        .map(|series| self.marks(series, 1.0));
        let middles = |marks: &[Mark]| -> Vec<Mark> {
            marks
                .iter()
                .map(|mark| f64::midpoint(mark.low, mark.high))
                .zip(marks)
                .map(|(y, mark)| Mark { x: mark.x, low: y, high: y })
                .collect()
        };
        let crosses = middles(&again);
        let mut layers = vec![
            self.layer(&say::ACKED, Ink::Ack, Shape::Steps(self.envelope(&acks))),
            self.layer(&say::SACKED, Ink::Sack, Shape::Bars(self.united(sacks), 36)),
            self.layer(&say::SEGMENT, Ink::Data, Shape::Bars(self.united(segments), 22)),
            self.layer(&say::PROBE, Ink::Text, Shape::Diamonds(self.apart(middles(&probes)))),
            self.layer(&say::AGAIN, Ink::Again, Shape::Bars(self.united(again), 22)),
            self.layer(&say::AGAIN, Ink::Again, Shape::Crosses(self.apart(crosses))),
            self.layer(&say::CLOSED, Ink::Window, Shape::Crosses(self.apart(closed))),
        ];
        let nothing = self.way.bytes == 0;
        if nothing {
            layers.clear();
        }
        let edges = self.near(&edges, &layers, 4.0, &say::EDGE);
        layers.insert(0, self.layer(&say::EDGE, Ink::Window, Shape::Steps(edges)));
        (self.numbers_axis(&say::AXIS_SEQ, &layers), layers, &say::NO_DATA)
    }

    fn throughput(&mut self) -> Draft {
        self.summary();
        let (sent, delivered) = (&self.way.sent, &self.way.delivered);
        let width = sent.width().max(delivered.width());
        let (window, step) = rate::window(self.talk.window, self.talk.until, width);
        let time = numbers::duration(self.lang, window);
        let time = [".0 ", ",0 ", ".00 ", ",00 "].into_iter().fold(time, |time, zeros| time.replace(zeros, " "));
        self.note(&say::RATE_NOTE, &Values::none().words("window", time));
        let lines = [sent, delivered].map(|rate| rate.moving(window, step, self.talk.until));
        let largest = lines.iter().flatten().map(|(_, rate)| *rate).fold(0.0, f64::max);
        let (scale, name) = unit(largest, &[(1.0, "bit/s"), (1e3, "kbit/s"), (1e6, "Mbit/s"), (1e9, "Gbit/s")]);
        let marks = |line: &[(i64, f64)]| -> Vec<Mark> {
            let of = |(at, rate): &(i64, f64)| Mark { x: self.x(*at), low: rate / scale, high: rate / scale };
            line.iter().filter(|(at, _)| *at <= self.talk.until).map(of).collect()
        };
        let label = say::AXIS_RATE.text.fill(self.lang, &Values::none().words("unit", name));
        let axis = Axis::new(label, 0.0, largest / scale, false, 6.0);
        let nothing = largest <= 0.0;
        let [sent, delivered] = [0, 1].map(|at| if nothing { Vec::new() } else { self.envelope(&marks(&lines[at])) });
        let layers = vec![
            self.layer(&say::SENT, Ink::Data, Shape::Line(sent)),
            self.layer(&say::DELIVERED, Ink::Good, Shape::Line(delivered)),
        ];
        (axis, layers, &say::NO_DATA)
    }

    fn trips(&mut self) -> Draft {
        self.note(&say::RTT_NOTE, &Values::none());
        let unclear = self.way.unclear_trips.total();
        if unclear > 0 {
            self.note(&say::RTT_UNCLEAR, &Values::none().with("n", Value::Count(unclear)));
        }
        let largest = self.way.trips.points().iter().map(|point| point.high).max().unwrap_or(0);
        let second = if self.lang == Lang::Id { "detik" } else { "s" };
        let (scale, name) = unit(real(largest), &[(1e3, "µs"), (1e6, "ms"), (1e9, second)]);
        let trips =
            self.marks(&self.way.trips, scale).into_iter().map(|mark| Mark { low: mark.high, ..mark }).collect();
        let label = say::AXIS_RTT.text.fill(self.lang, &Values::none().words("unit", name));
        let axis = Axis::new(label, 0.0, real(largest) / scale, false, 6.0);
        let trips = self.apart(trips);
        (axis, vec![self.layer(&say::TRIP, Ink::Data, Shape::Dots(trips))], &say::NO_TRIP)
    }

    fn in_flight(&mut self) -> Draft {
        self.note(&say::FLIGHT_NOTE, &Values::none());
        let [flight, windows, closed] =
            [&self.way.in_flight, &self.way.windows, &self.way.closed].map(|series| self.marks(series, 1.0));
        let flight = if self.way.bytes == 0 { Vec::new() } else { self.envelope(&flight) };
        let closed = closed.into_iter().map(|mark| Mark { low: 0.0, high: 0.0, ..mark }).collect();
        let mut layers = vec![self.layer(&say::FLIGHT, Ink::Data, Shape::Steps(flight))];
        let windows = if self.way.bytes == 0 { Vec::new() } else { self.near(&windows, &layers, 10.0, &say::WINDOW) };
        layers.insert(0, self.layer(&say::WINDOW, Ink::Window, Shape::Steps(windows)));
        layers.push(self.layer(&say::CLOSED, Ink::Window, Shape::Crosses(self.apart(closed))));
        if self.way.after_gap > 0 {
            self.note(&say::GAPS, &Values::none().with("n", Value::Count(self.way.after_gap)));
        }
        (self.numbers_axis(&say::AXIS_BYTES, &layers), layers, &say::NO_DATA)
    }

    /// A line of windows without what lies so many times above the rest that it would flatten it.
    fn near(&mut self, line: &[Mark], layers: &[Layer], far: f64, name: &Message) -> Vec<Mark> {
        if self.way.unknown_windows > 0 {
            self.note(&say::WINDOW_UNKNOWN, &Values::none());
        }
        let marks = || layers.iter().flat_map(|layer| layer.shape.marks());
        let lowest = marks().map(|mark| mark.low).fold(f64::INFINITY, f64::min);
        let highest = marks().map(|mark| mark.high).fold(0.0, f64::max);
        let line = self.envelope(line);
        let top = line.iter().map(|mark| mark.high).fold(0.0, f64::max);
        let limit = lowest + far * (highest - lowest).max(1.0);
        if !lowest.is_finite() || top <= limit {
            return line;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at least 0")]
        let values = Values::none().with("what", Value::Text(name.text)).with("n", Value::Count(top.round() as u64));
        self.note(&say::WINDOW_ABOVE, &values);
        // A level beyond leaves a hole in the line.
        let hole = |mark: Mark| if mark.high > limit { Mark { low: f64::NAN, high: f64::NAN, ..mark } } else { mark };
        line.into_iter().map(hole).collect()
    }

    /// The column of a mark.
    #[allow(clippy::cast_possible_truncation, reason = "a place on paper")]
    fn column(&self, x: f64) -> i64 {
        (x / (self.x.to - self.x.from).max(1e-12) * COLUMNS) as i64
    }

    /// Of the levels in one column the first, lowest, highest and last.
    fn envelope(&self, marks: &[Mark]) -> Vec<Mark> {
        let mut kept = Vec::new();
        for part in marks.chunk_by(|a, b| self.column(a.x) == self.column(b.x)) {
            let pick = |better: fn(f64, f64) -> bool| {
                (1..part.len()).fold(0, |best, at| if better(part[at].low, part[best].low) { at } else { best })
            };
            let mut places = vec![0, pick(|a, b| a < b), pick(|a, b| a > b), part.len() - 1];
            places.sort_unstable();
            places.dedup();
            kept.extend(places.into_iter().map(|at| part[at]));
        }
        kept
    }

    /// Bars in one column that touch become one, where there are so many that they cannot be told apart.
    fn united(&self, mut marks: Vec<Mark>) -> Vec<Mark> {
        if marks.len() <= FEW {
            return marks;
        }
        marks.sort_by(|a, b| {
            (self.column(a.x), a.low).partial_cmp(&(self.column(b.x), b.low)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut kept: Vec<Mark> = Vec::new();
        for mark in marks {
            match kept.last_mut() {
                Some(last) if self.column(last.x) == self.column(mark.x) && mark.low <= last.high => {
                    last.high = last.high.max(mark.high);
                }
                _ => kept.push(mark),
            }
        }
        kept
    }

    /// Dots that would cover each other are one.
    #[allow(clippy::cast_possible_truncation, reason = "a place on paper")]
    fn apart(&self, mut marks: Vec<Mark>) -> Vec<Mark> {
        let highest = marks.iter().map(|mark| mark.high).fold(1e-12, f64::max);
        let row = |mark: &Mark| (mark.high / highest * COLUMNS / 2.0) as i64;
        let place = |mark: &Mark| (self.column(mark.x), row(mark));
        marks.sort_by_key(place);
        marks.dedup_by_key(|mark| place(mark));
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(lowest: f64, highest: f64, whole: bool) -> Axis {
        Axis::new(String::new(), lowest, highest, whole, 6.0)
    }

    #[test]
    fn numbers_at_an_axis_are_round_and_enclose_what_is_drawn() {
        let bytes = axis(1.0, 11_585.0, true);
        assert_eq!((bytes.from, bytes.to), (0.0, 12_000.0));
        assert_eq!(bytes.ticks.len(), 7);
        assert_eq!(bytes.number(2_000.0, Lang::Id), "2.000");
        let few = axis(1.0, 3.0, true);
        assert_eq!(few.ticks, [0.0, 1.0, 2.0, 3.0]);
        let far = axis(1_000_000.0, 1_000_600.0, true);
        assert_eq!((far.from, far.to), (1_000_000.0, 1_000_600.0));
        let small = axis(0.0, 0.61, false);
        assert_eq!(small.number(small.ticks[1], Lang::Id), "0,2");
        for (lowest, highest) in [(0.0, 0.0), (0.0, 1e-9), (5.0, 5.0), (0.0, 1e15), (1e15, 1e15)] {
            let axis = axis(lowest, highest, true);
            assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= 101, "{lowest} {highest}: {:?}", axis.ticks);
            assert!(axis.from <= lowest && axis.to >= highest && axis.to > axis.from, "{lowest} {highest}");
        }
    }

    #[test]
    fn units_leave_numbers_that_read_well() {
        let units = &[(1e3, "µs"), (1e6, "ms"), (1e9, "s")];
        assert_eq!(unit(0.0, units).1, "µs");
        assert_eq!(unit(1_900_000.0, units).1, "µs");
        assert_eq!(unit(2_000_000.0, units).1, "ms");
        assert_eq!(unit(1e12, units).1, "s");
    }
}
