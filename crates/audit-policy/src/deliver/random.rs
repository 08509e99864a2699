//! Numbers that look random, all from a seed that is given: the same on every machine.

/// SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1, which it never is.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `count`, from 0.
    pub(super) fn index(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or_default()
    }

    /// How long until the next of what comes once in a unit of time on average (the exponential distribution), by von Neumann's comparisons: no logarithm, whose
    /// last digits differ between machines.
    pub(super) fn gap(&mut self) -> f64 {
        let mut whole = 0.0;
        loop {
            let first = self.share();
            let (mut last, mut odd) = (first, true);
            loop {
                let next = self.share();
                if next > last {
                    break;
                }
                last = next;
                odd = !odd;
            }
            if odd {
                return whole + first;
            }
            whole += 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_as_long_as_they_should_be() {
        let mut random = Random::new(1);
        let gaps: Vec<f64> = (0..100_000).map(|_| random.gap()).collect();
        let mean = gaps.iter().sum::<f64>() / 100_000.0;
        let long = gaps.iter().filter(|gap| **gap > 2.0).count() as f64 / 100_000.0;
        assert!((0.99..1.01).contains(&mean), "{mean}");
        // e⁻²
        assert!((0.130..0.141).contains(&long), "{long}");
    }
}
