//! The buffer of batch mode and the loop that empties it, in virtual time.
//!
//! Mirrors `staging/src/k8s.io/apiserver/plugin/pkg/audit/buffered/buffered.go`. Where Go's `select` draws by lot among what is ready, an event is taken
//! before the timer, and both before the stop. The timer is Go's since 1.23 (Kubernetes 1.32): before, a tick that came while the loop was waiting for a token could
//! end the next round early.

use std::collections::VecDeque;

use super::Duration;
use super::options::Batch;
use super::token_bucket::TokenBucket;

/// What became of an event that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The buffer holds it.
    Taken,
    /// The buffer is full: the event is dropped, with the rest of its call, and the call answers success.
    Full,
    /// The server is shutting down: the call answers failure.
    Stopped,
}

/// A batch that goes to the backend now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready<T> {
    /// The events in order.
    pub events: Vec<T>,
    /// When the loop had collected them.
    pub collected: Duration,
    /// When it had a token for them, and the backend is called.
    pub at: Duration,
}

#[derive(Clone, Debug)]
enum State<T> {
    /// Not yet running.
    Idle,
    /// Collecting until the batch is full, or, for batches of more than one, the deadline.
    Collecting { batch: Vec<T>, since: Duration },
    /// Waiting for a token.
    Throttled { batch: Vec<T>, collected: Duration, until: Duration },
    /// The backend is at work, and the loop waits for it.
    Busy,
    /// All is handed over, and nothing comes any more.
    Done { at: Duration },
}

/// The buffer and its loop. Moments must not go back between calls.
#[derive(Clone, Debug)]
pub struct Buffer<T> {
    config: Batch,
    queue: VecDeque<T>,
    state: State<T>,
    stopped: bool,
    bucket: Option<TokenBucket>,
}

impl<T> Buffer<T> {
    /// A buffer whose loop does not run yet.
    pub fn new(config: &Batch) -> Buffer<T> {
        let bucket = config.throttle_enable.then(|| TokenBucket::new(config.throttle_qps, config.throttle_burst));
        Buffer { config: *config, queue: VecDeque::new(), state: State::Idle, stopped: false, bucket }
    }

    /// The loop begins.
    pub fn run(&mut self, now: Duration) {
        if matches!(self.state, State::Idle) {
            self.collect(now);
        }
    }

    /// Offers an event; ask [`Buffer::take`] after each.
    pub fn offer(&mut self, now: Duration, event: T) -> Offer {
        if self.stopped {
            return Offer::Stopped;
        }
        if let State::Collecting { batch, since } = &mut self.state {
            if batch.is_empty() && now > *since {
                // Rounds without an event leave no trace but the moment at which this one began.
                let wait = self.config.max_batch_wait;
                *since = wait.next_tick(*since, now) - wait;
            }
            batch.push(event);
            self.close_if_full(now);
            return Offer::Taken;
        }
        if self.queue.len() >= usize(self.config.buffer_size) {
            return Offer::Full;
        }
        self.queue.push_back(event);
        Offer::Taken
    }

    /// When [`Buffer::take`] is to be asked next, if nothing else happens before.
    pub fn wakes(&self) -> Option<Duration> {
        match &self.state {
            State::Collecting { batch, since } if !batch.is_empty() => self.deadline(*since),
            State::Throttled { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// The next batch that is ready now, if one is: ask until none is. The loop then waits for [`Buffer::done`] where the backend is called
    /// synchronously.
    pub fn take(&mut self, now: Duration) -> Option<Ready<T>> {
        if let State::Collecting { batch, since } = &self.state
            && !batch.is_empty()
            && self.deadline(*since).is_some_and(|deadline| deadline <= now)
        {
            self.close(now);
        }
        match &mut self.state {
            State::Throttled { batch, collected, until } if *until <= now => {
                let ready = Ready { events: std::mem::take(batch), collected: *collected, at: *until };
                if self.config.async_delegate {
                    self.collect(now);
                } else {
                    self.state = State::Busy;
                }
                Some(ready)
            }
            _ => None,
        }
    }

    /// The backend has done with the batch that it was handed; only where it is called synchronously.
    pub fn done(&mut self, now: Duration) {
        if matches!(self.state, State::Busy) {
            self.collect(now);
        }
    }

    /// The server shuts down: nothing is taken any more, and what is there is handed over.
    pub fn stop(&mut self, now: Duration) {
        if std::mem::replace(&mut self.stopped, true) {
            return;
        }
        match &self.state {
            State::Collecting { batch, .. } if !batch.is_empty() => self.close(now),
            State::Collecting { .. } => self.collect(now),
            _ => {}
        }
    }

    /// How many events wait in the buffer, besides those of the batch in hand.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether no event waits in the buffer.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How many events the loop holds, in the buffer and in the batch in hand.
    pub fn held(&self) -> usize {
        let in_hand = match &self.state {
            State::Collecting { batch, .. } | State::Throttled { batch, .. } => batch.len(),
            _ => 0,
        };
        self.queue.len() + in_hand
    }

    /// When the loop ended, after the stop.
    pub fn ended(&self) -> Option<Duration> {
        match &self.state {
            State::Done { at } => Some(*at),
            _ => None,
        }
    }

    /// A round begins: what waits is taken at once.
    fn collect(&mut self, now: Duration) {
        let most = usize(self.config.max_batch_size).min(self.queue.len());
        let batch: Vec<T> = self.queue.drain(..most).collect();
        if self.stopped && batch.is_empty() {
            self.state = State::Done { at: now };
            return;
        }
        self.state = State::Collecting { batch, since: now };
        if self.stopped {
            self.close(now);
        } else {
            self.close_if_full(now);
        }
    }

    /// Only batches of more than one event have a timer.
    fn deadline(&self, since: Duration) -> Option<Duration> {
        (self.config.max_batch_size > 1).then(|| since + self.config.max_batch_wait)
    }

    fn close_if_full(&mut self, now: Duration) {
        if let State::Collecting { batch, .. } = &self.state
            && batch.len() >= usize(self.config.max_batch_size)
        {
            self.close(now);
        }
    }

    /// The round ends: the batch takes a token, and waits for it.
    fn close(&mut self, now: Duration) {
        if let State::Collecting { batch, .. } = &mut self.state {
            let batch = std::mem::take(batch);
            let until = self.bucket.as_mut().map_or(now, |bucket| bucket.take(now));
            self.state = State::Throttled { batch, collected: now, until };
        }
    }
}

fn usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
