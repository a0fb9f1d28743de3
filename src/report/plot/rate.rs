//! Bytes over time, in a fixed number of intervals however long the capture is, and their moving average.

/// Intervals that are kept at most. Ten are put together when time outgrows them, so at least a tenth are in use.
const MOST: i64 = 20_000;
/// Length of an interval at first, in nanoseconds.
const FINEST: i64 = 1_000;
/// Parts of the time shown that the window of the average takes when nothing is asked for.
const PARTS: i64 = 20;

/// How many bytes came in which interval.
#[derive(Clone, Debug)]
pub(super) struct Rate {
    /// Nanoseconds.
    width: i64,
    bins: Vec<u64>,
}

impl Default for Rate {
    fn default() -> Self {
        Rate { width: FINEST, bins: Vec::new() }
    }
}

impl Rate {
    /// Counts bytes at a moment, in nanoseconds since the beginning; an earlier moment counts as the beginning.
    pub(super) fn add(&mut self, at: i64, bytes: u64) {
        let at = at.max(0);
        while at / self.width >= MOST {
            let tens = self.bins.chunks(10).map(|ten| ten.iter().sum());
            self.bins = tens.collect();
            self.width *= 10;
        }
        let index = usize::try_from(at / self.width).unwrap_or(0);
        if self.bins.len() <= index {
            self.bins.resize(index + 1, 0);
        }
        self.bins[index] += bytes;
    }

    /// The length of its intervals in nanoseconds.
    #[must_use]
    pub(super) fn width(&self) -> i64 {
        self.width
    }

    /// The average rate in bits a second over the `window` nanoseconds before each moment, from 0 to `until` by `step`.
    /// Both are whole multiples of [`Rate::width`].
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "drawn, or written with a few digits")]
    pub(super) fn moving(&self, window: i64, step: i64, until: i64) -> Vec<(i64, f64)> {
        let mut sums = Vec::with_capacity(self.bins.len() + 1);
        let mut sum = 0_u64;
        sums.push(sum);
        for bin in &self.bins {
            sum += bin;
            sums.push(sum);
        }
        let before = |moment: i64| -> u64 {
            let index = usize::try_from((moment / self.width).max(0)).unwrap_or(usize::MAX);
            sums.get(index).copied().unwrap_or(sum)
        };
        let moments = (0..=until.max(0) / step.max(1) + 1).map(|n| n * step);
        moments.map(|end| (end, (before(end) - before(end - window)) as f64 * 8e9 / window.max(1) as f64)).collect()
    }
}

/// The window of the average for a span of time, and the step between its points: what was asked for, or a round part of
/// the whole; never finer than the intervals of `width` nanoseconds.
#[must_use]
pub(super) fn window(asked: Option<i64>, until: i64, width: i64) -> (i64, i64) {
    let wanted = asked.unwrap_or_else(|| round(until / PARTS)).max(width);
    let window = (wanted + width - 1) / width * width;
    (window, (window / 10).max(width) / width * width)
}

/// The next 1, 2 or 5 times a power of ten.
fn round(ns: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for step in [1, 2, 5] {
            if power.saturating_mul(step) >= ns {
                return power.saturating_mul(step);
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_over_a_window() {
        let mut rate = Rate::default();
        // 1000 bytes a millisecond for 10 ms, then nothing.
        (0..10).for_each(|ms| rate.add(ms * 1_000_000, 1000));
        let (window, step) = window(Some(5_000_000), 20_000_000, rate.width());
        assert_eq!((window, step), (5_000_000, 500_000));
        let points = rate.moving(window, step, 20_000_000);
        let at = |ms: i64| points.iter().find(|(at, _)| *at == ms * 1_000_000).unwrap().1;
        assert!((at(10) - 8e6).abs() < 1e-3, "{}", at(10));
        assert!((at(0)).abs() < 1e-3 && (at(15)).abs() < 1e-3);
        assert!((at(12) - 8e6 * 0.6).abs() < 1e-3, "{}", at(12));
    }

    #[test]
    fn however_long_it_takes_memory_is_bounded_and_nothing_is_lost() {
        let mut rate = Rate::default();
        for n in 0..1000 {
            rate.add(n * 86_400_000_000_000, 7);
            assert!(rate.bins.len() <= 20_000);
        }
        assert_eq!(rate.bins.iter().sum::<u64>(), 7000);
        rate.add(-5, 1);
        rate.add(i64::MAX, 1);
        assert_eq!(rate.bins.iter().sum::<u64>(), 7002);
        assert!(rate.bins.len() <= 20_000);
    }

    #[test]
    fn the_window_is_round_and_not_finer_than_what_is_known() {
        assert_eq!(window(None, 812_000_000, 100_000), (50_000_000, 5_000_000));
        assert_eq!(window(None, 0, 1_000), (1_000, 1_000));
        assert_eq!(window(Some(1), 812_000_000, 100_000), (100_000, 100_000));
        assert_eq!(window(Some(250_000), 812_000_000, 100_000).0, 300_000);
        assert!(window(None, i64::MAX, 1_000_000_000_000_000).0 > 0);
    }
}
