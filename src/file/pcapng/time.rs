//! Ticks of an interface's clock → nanoseconds since the epoch.

use crate::frame::Time;

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    unit: Unit,
    /// Nanoseconds to add.
    offset: i128,
}

/// The length of a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    /// So many whole nanoseconds: a power of ten, at most 10^9.
    Nanos(u32),
    /// 10^-n seconds with n above 9.
    Decimal(u32),
    /// 2^-n seconds.
    Binary(u32),
}

impl Clock {
    /// What holds where the file says nothing.
    pub(super) const MICROS: Clock = Clock { unit: Unit::Nanos(1_000), offset: 0 };

    /// The same with the resolution of an `if_tsresol` option: the top bit chooses powers of two.
    pub(super) fn with_resolution(self, option: u8) -> Clock {
        let exponent = u32::from(option & 0x7f);
        let unit = match (option & 0x80 != 0, exponent) {
            (true, _) => Unit::Binary(exponent),
            (false, 0..=9) => Unit::Nanos(10_u32.pow(9 - exponent)),
            (false, _) => Unit::Decimal(exponent),
        };
        Clock { unit, ..self }
    }

    /// The same with the seconds of an `if_tsoffset` option.
    pub(super) fn with_offset(self, seconds: i64) -> Clock {
        Clock { offset: i128::from(seconds) * 1_000_000_000, ..self }
    }

    /// Length of a tick in seconds.
    pub(super) fn resolution(self) -> f64 {
        match self.unit {
            Unit::Nanos(nanos) => f64::from(nanos) / 1e9,
            Unit::Decimal(exponent) => 10_f64.powi(-exponent.cast_signed()),
            Unit::Binary(exponent) => 2_f64.powi(-exponent.cast_signed()),
        }
    }

    /// The moment of a tick, rounded down; `None` when 64 bits of nanoseconds cannot hold it.
    #[inline]
    pub(super) fn time(self, ticks: u64) -> Option<Time> {
        if let (Unit::Nanos(nanos), 0) = (self.unit, self.offset) {
            let nanos = ticks.checked_mul(u64::from(nanos))?;
            return i64::try_from(nanos).ok().map(Time);
        }
        self.slow_time(ticks)
    }

    fn slow_time(self, ticks: u64) -> Option<Time> {
        // At most 2^64 · 10^9 < 2^94.
        let scaled = i128::from(ticks) * 1_000_000_000;
        let nanos = match self.unit {
            Unit::Nanos(nanos) => i128::from(ticks) * i128::from(nanos),
            // 10^38 is the last power of ten that an i128 holds; from 10^29 on the quotient is zero anyway.
            Unit::Decimal(exponent) => 10_i128.checked_pow(exponent).map_or(0, |units| scaled / units),
            Unit::Binary(exponent) => scaled >> exponent.min(127),
        };
        i64::try_from(nanos.checked_add(self.offset)?).ok().map(Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(option: u8) -> Clock {
        Clock::MICROS.with_resolution(option)
    }

    #[test]
    fn every_resolution_gives_the_same_moment() {
        let seconds = 1_700_000_000_u64;
        let moment = Some(Time(1_700_000_000_000_000_000));
        assert_eq!(Clock::MICROS.time(seconds * 1_000_000), moment);
        for exponent in 0..=10 {
            assert_eq!(clock(exponent).time(seconds * 10_u64.pow(exponent.into())), moment, "10^-{exponent}");
        }
        for exponent in 0..=33 {
            assert_eq!(clock(0x80 | exponent).time(seconds << exponent), moment, "2^-{exponent}");
        }
        assert_eq!(clock(0x94).time((seconds << 20) + 777), Some(Time(1_700_000_000_000_741_004)));
    }

    #[test]
    fn offsets_shift_and_what_does_not_fit_is_unknown() {
        assert_eq!(Clock::MICROS.with_offset(-10).time(5), Some(Time(-9_999_995_000)));
        assert_eq!(clock(9).with_offset(i64::MAX).time(0), None);
        assert_eq!(clock(0).time(u64::MAX), None);
        assert_eq!(clock(9).time(u64::MAX), None);
        // One and eight tenths of a second in the finest units; below a nanosecond everything is its start.
        assert_eq!(clock(19).time(18_000_000_000_000_000_000), Some(Time(1_800_000_000)));
        assert_eq!(clock(127).time(u64::MAX), Some(Time(0)));
        assert_eq!(clock(0xff).time(u64::MAX), Some(Time(0)));
        assert_eq!(clock(0xff).with_offset(3).time(7), Some(Time(3_000_000_000)));
    }

    #[test]
    fn resolutions_read_as_seconds() {
        let close = |a: f64, b: f64| ((a - b) / b).abs() < 1e-12;
        assert!(close(Clock::MICROS.resolution(), 1e-6));
        assert!(close(clock(9).resolution(), 1e-9));
        assert!(close(clock(12).resolution(), 1e-12));
        assert!(close(clock(0x94).resolution(), 1.0 / 1_048_576.0));
    }
}
