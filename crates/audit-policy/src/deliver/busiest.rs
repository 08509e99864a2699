//! The most that came within a second.

use super::Duration;

/// A second has so many parts, and begins at each of them.
const PARTS: usize = 20;

/// Counts what comes, in order of time, over the last second.
#[derive(Debug, Default)]
pub(super) struct Busiest {
    parts: [u64; PARTS],
    last: u64,
    sum: u64,
    most: u64,
}

impl Busiest {
    pub(super) fn came(&mut self, now: Duration) {
        let part = now.nanos() / (1_000_000_000 / PARTS as u64);
        // What is a second old, and older, goes.
        for gone in (self.last + 1..=part).take(PARTS) {
            self.sum -= self.at(gone).map_or(0, std::mem::take);
        }
        self.last = self.last.max(part);
        if let Some(count) = self.at(self.last) {
            *count += 1;
            self.sum += 1;
        }
        self.most = self.most.max(self.sum);
    }

    pub(super) fn most(&self) -> u64 {
        self.most
    }

    fn at(&mut self, part: u64) -> Option<&mut u64> {
        self.parts.get_mut((part % PARTS as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(millis: impl IntoIterator<Item = u64>) -> u64 {
        let mut busiest = Busiest::default();
        millis.into_iter().for_each(|at| busiest.came(Duration::from_millis(at)));
        busiest.most()
    }

    #[test]
    fn a_second_may_begin_anywhere_and_is_no_longer() {
        assert_eq!(most([]), 0);
        assert_eq!(most((0..10).map(|second| second * 1_000)), 1);
        assert_eq!(most([900, 950, 1_000, 1_050, 5_000]), 4);
        assert_eq!(most([0, 1_000, 1_900, 1_950]), 3);
        assert_eq!(most((0..3_000).map(|_| 7)), 3_000);
        assert_eq!(most([0, 1_000_000, 1_000_001, 2_000_000_000]), 2);
    }
}
