//! What limits the batches in a second.
//!
//! Mirrors `Limiter.reserveN` of `golang.org/x/time/rate`, which `client-go/util/flowcontrol` throttles with: a token may be taken before it is
//! there, and who takes it waits for it.

use super::Duration;

/// A bucket that holds up to `burst` tokens, is full at first, and gains `qps` of them a second.
#[derive(Clone, Debug)]
pub(super) struct TokenBucket {
    qps: f64,
    burst: f64,
    tokens: f64,
    last: Duration,
}

impl TokenBucket {
    pub(super) fn new(qps: f32, burst: u32) -> TokenBucket {
        TokenBucket { qps: f64::from(qps), burst: f64::from(burst), tokens: f64::from(burst), last: Duration::ZERO }
    }

    /// Takes a token, and says when it is there.
    pub(super) fn take(&mut self, now: Duration) -> Duration {
        let elapsed = now - self.last;
        self.tokens = (self.tokens + elapsed.seconds() * self.qps).min(self.burst) - 1.0;
        self.last = now.max(self.last);
        if self.tokens < 0.0 { now + Duration::from_seconds(-self.tokens / self.qps) } else { now }
    }
}
