//! Points in the order of time, of which there may be too many to keep.

/// One point: a moment and a range of values; a single value is a range without length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Nanoseconds since the connection's first packet.
    pub(super) at: i64,
    /// The packet.
    pub(super) frame: u64,
    /// The lower end.
    pub(super) low: u64,
    /// The upper end.
    pub(super) high: u64,
}

/// Neighbours that are thinned out together.
const RUN: usize = 16;

/// A list that never holds more than so many points.
#[derive(Clone, Debug)]
pub(super) struct Series {
    points: Vec<Point>,
    most: usize,
    total: u64,
}

impl Series {
    /// An empty one that holds at most so many points (none: it only counts).
    #[must_use]
    pub(super) fn new(most: usize) -> Self {
        Series { points: Vec::new(), most, total: 0 }
    }

    /// Adds one. When there is no room left, every run of neighbours keeps its first, last, lowest and highest point.
    pub(super) fn push(&mut self, point: Point) {
        self.total += 1;
        if self.most == 0 {
            return;
        }
        if self.points.len() >= self.most.max(2 * RUN) {
            self.points = thinned(&self.points, RUN);
        }
        self.points.push(point);
    }

    /// What is kept.
    #[must_use]
    pub(super) fn points(&self) -> &[Point] {
        &self.points
    }

    /// How many there were.
    #[must_use]
    pub(super) fn total(&self) -> u64 {
        self.total
    }
}

/// Of every run of so many neighbours the first, the last, the lowest and the highest point, in their order.
fn thinned(points: &[Point], run: usize) -> Vec<Point> {
    let mut kept = Vec::with_capacity(points.len() / run * 4 + 4);
    for part in points.chunks(run) {
        let lowest = (0..part.len()).min_by_key(|at| part[*at].low);
        let highest = (0..part.len()).max_by_key(|at| part[*at].high);
        let mut places: Vec<usize> =
            [Some(0), lowest, highest, part.len().checked_sub(1)].into_iter().flatten().collect();
        places.sort_unstable();
        places.dedup();
        kept.extend(places.into_iter().map(|at| part[at]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: i64, value: u64) -> Point {
        Point { at, frame: u64::try_from(at).unwrap(), low: value, high: value }
    }

    #[test]
    fn extremes_survive_and_memory_is_bounded() {
        let mut series = Series::new(64);
        for at in 0..100_000 {
            let value = match at {
                31_337 => 0,
                70_001 => 1_000_000,
                _ => 500 + u64::try_from(at % 7).unwrap(),
            };
            series.push(point(at, value));
            assert!(series.points().len() <= 64);
        }
        assert_eq!(series.total(), 100_000);
        let points = series.points();
        assert_eq!(points[0], point(0, 500));
        assert_eq!(points.last().unwrap().at, 99_999);
        assert!(points.contains(&point(31_337, 0)) && points.contains(&point(70_001, 1_000_000)));
        assert!(points.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn few_points_stay_as_they_are() {
        let mut series = Series::new(64);
        (0..64).for_each(|at| series.push(point(at, 1)));
        assert_eq!(series.points().len(), 64);
        let mut counted = Series::new(0);
        counted.push(point(0, 1));
        assert_eq!((counted.points().len(), counted.total()), (0, 1));
    }
}
