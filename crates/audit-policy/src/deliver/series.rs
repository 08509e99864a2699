//! What happened when, in a bounded number of stretches of time: to be drawn.

use serde::Serialize;

use super::Duration;

/// How many stretches there are at most.
pub const MOST_BUCKETS: usize = 240;

/// What happened in a stretch of time, to the events of one backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Events that came to the backend.
    pub arrived: u64,
    /// The most events that waited in the buffer and the batch in hand.
    pub held: u64,
    /// Batches that were handed over, at the time they were.
    pub batches: u64,
    /// How long those had waited for a token, together, in milliseconds.
    pub throttled_ms: f64,
    /// POSTs that began, or lines that were written.
    pub requests: u64,
    /// Those of the POSTs that were not the first of their batch.
    pub retries: u64,
    /// Events that arrived where they go to.
    pub written: u64,
    /// Bytes that did.
    pub bytes: u64,
    /// Events that were dropped before that: the buffer was full, the event too large, or the server stopping.
    pub dropped: u64,
    /// Events that were given up: each try failed.
    pub lost: u64,
}

impl Bucket {
    fn merge(&mut self, other: &Bucket) {
        self.arrived += other.arrived;
        self.held = self.held.max(other.held);
        self.batches += other.batches;
        self.throttled_ms += other.throttled_ms;
        self.requests += other.requests;
        self.retries += other.retries;
        self.written += other.written;
        self.bytes += other.bytes;
        self.dropped += other.dropped;
        self.lost += other.lost;
    }
}

/// Stretches of the same length, from the begin on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// The length of each.
    pub width: Duration,
    /// At most [`MOST_BUCKETS`] of them.
    pub buckets: Vec<Bucket>,
}

impl Series {
    /// Stretches for something that takes about so long.
    pub(super) fn new(about: Duration) -> Series {
        let most = u64::try_from(MOST_BUCKETS).unwrap_or(u64::MAX);
        let mut width = Duration::from_millis(1);
        // 1, 2, 5, 10 ms and so on, so that axes read well.
        for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
            if width.nanos().saturating_mul(most) > about.nanos() || width.seconds() > 1e7 {
                break;
            }
            width = width.times(factor);
        }
        Series { width, buckets: Vec::new() }
    }

    /// The stretch of a moment. Where it is too far out, stretches become longer.
    pub(super) fn at(&mut self, moment: Duration, note: impl FnOnce(&mut Bucket)) {
        while moment.nanos() / self.width.nanos().max(1) >= MOST_BUCKETS as u64 {
            self.width = self.width + self.width;
            let merged = self.buckets.chunks(2).map(|pair| {
                let mut bucket = Bucket::default();
                pair.iter().for_each(|other| bucket.merge(other));
                bucket
            });
            self.buckets = merged.collect();
        }
        let index = usize::try_from(moment.nanos() / self.width.nanos().max(1)).unwrap_or_default();
        if self.buckets.len() <= index {
            self.buckets.resize(index + 1, Bucket::default());
        }
        if let Some(bucket) = self.buckets.get_mut(index) {
            note(bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_become_longer_and_lose_nothing() {
        let mut series = Series::new(Duration::from_secs(1));
        assert_eq!(series.width, Duration::from_millis(5));
        for second in 0..10_000 {
            series.at(Duration::from_secs(second), |bucket| bucket.arrived += 1);
        }
        assert!(series.buckets.len() <= MOST_BUCKETS);
        assert_eq!(series.buckets.iter().map(|bucket| bucket.arrived).sum::<u64>(), 10_000);
        series.at(Duration::FOREVER, |bucket| bucket.lost += 1);
        assert_eq!(series.buckets.iter().map(|bucket| bucket.lost).sum::<u64>(), 1);
    }
}
