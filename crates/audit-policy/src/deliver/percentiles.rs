//! How long something took: the middle, the longest of a hundred, the longest.

use serde::Serialize;

use super::Duration;
use crate::sort;

/// How many values are kept exactly.
const EXACT: usize = 10_000;
/// Parts of each power of two, beyond that.
const PARTS: u32 = 7;

/// Times in milliseconds. Of more than 10,000 values the first two are exact within 0.8 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Half of them took no longer.
    #[serde(rename = "p50Ms")]
    pub p50: f64,
    /// 99 of a hundred took no longer.
    #[serde(rename = "p99Ms")]
    pub p99: f64,
    /// None took longer.
    #[serde(rename = "maxMs")]
    pub max: f64,
}

/// Counts values, in bounded memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Percentiles {
    count: u64,
    max: u64,
    exact: Vec<u64>,
    /// How many values of each stretch, once there are too many.
    stretches: Vec<u64>,
}

impl Percentiles {
    pub(super) fn add(&mut self, time: Duration) {
        let value = time.nanos();
        self.count += 1;
        self.max = self.max.max(value);
        if self.stretches.is_empty() {
            if self.exact.len() < EXACT {
                self.exact.push(value);
                return;
            }
            self.stretches = vec![0; 58 << PARTS];
            for value in std::mem::take(&mut self.exact) {
                self.count_in_stretch(value);
            }
        }
        self.count_in_stretch(value);
    }

    fn count_in_stretch(&mut self, value: u64) {
        if let Some(count) = self.stretches.get_mut(stretch(value)) {
            *count += 1;
        }
    }

    pub(super) fn times(mut self) -> Times {
        sort::sort_by(&mut self.exact, |left, right| left.cmp(right));
        let at = |share: f64| {
            let rank = ((self.count as f64 * share).ceil() as u64).max(1);
            Duration::from_nanos(self.value(rank)).millis()
        };
        if self.count == 0 {
            return Times::default();
        }
        Times { p50: at(0.50), p99: at(0.99), max: Duration::from_nanos(self.max).millis() }
    }

    /// The value of this rank, from 1.
    fn value(&self, rank: u64) -> u64 {
        if self.stretches.is_empty() {
            let index = usize::try_from(rank.saturating_sub(1)).unwrap_or(usize::MAX);
            return self.exact.get(index).copied().unwrap_or(self.max);
        }
        let mut passed = 0;
        for (index, count) in self.stretches.iter().enumerate() {
            passed += count;
            if passed >= rank {
                return begin(index).min(self.max);
            }
        }
        self.max
    }
}

/// Small values are themselves; beyond, each power of two is cut into 128 stretches.
fn stretch(value: u64) -> usize {
    let whole = 1_u64 << PARTS;
    if value < whole {
        return usize::try_from(value).unwrap_or_default();
    }
    let power = 63 - value.leading_zeros();
    let part = (value >> (power - PARTS)) & (whole - 1);
    let row = u64::from(power - PARTS + 1);
    usize::try_from((row << PARTS) + part).unwrap_or_default()
}

/// The smallest value of a stretch.
fn begin(index: usize) -> u64 {
    let index = u64::try_from(index).unwrap_or_default();
    let whole = 1_u64 << PARTS;
    match (index >> PARTS, index & (whole - 1)) {
        (0, part) => part,
        (row, part) => (whole + part) << (row - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_begin_where_they_should() {
        for value in [0, 1, 127, 128, 129, 255, 256, 1_000_000, 123_456_789_012, u64::MAX] {
            let begin = begin(stretch(value));
            assert!(begin <= value && (value - begin) as f64 <= value as f64 / 128.0, "{value}: {begin}");
        }
    }

    #[test]
    fn the_middle_and_the_end_are_found() {
        for (count, precise) in [(1_000_u64, 0.0), (100_000, 0.008)] {
            let mut percentiles = Percentiles::default();
            for value in (1..=count).rev() {
                percentiles.add(Duration::from_millis(value));
            }
            let times = percentiles.times();
            for (got, wanted) in [(times.p50, count as f64 * 0.5), (times.p99, count as f64 * 0.99)] {
                assert!(got <= wanted && got >= wanted * (1.0 - precise), "{got} for {wanted}");
            }
            assert_eq!(times.max, count as f64);
        }
        assert_eq!(Percentiles::default().times(), Times::default());
    }
}
