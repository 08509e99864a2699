//! The state of a backend in a simulation: its buffer, what is under way, and its account.

use super::Duration;
use super::buffer::{Buffer, Ready};
use super::busiest::Busiest;
use super::delivery::{BackendDelivery, BatchFate, Fate, MOST_FATES, Totals};
use super::options::{Batch, Mode, SinkBackend};
use super::percentiles::Percentiles;
use super::rotation::RotatedFile;
use super::series::Series;
use crate::event::EventVersion;

/// An event on its way: its number, when it came, its bytes, and whether it lost its objects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) event: u64,
    pub(super) came: Duration,
    pub(super) bytes: u32,
    pub(super) truncated: bool,
}

/// A batch that is being sent.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) to: To,
    pub(super) items: Vec<Item>,
    pub(super) bytes: u64,
    pub(super) tries: u32,
    pub(super) backoff: Duration,
    /// The request that waits for it.
    pub(super) request: Option<usize>,
    /// Its place among the batches that are told of.
    pub(super) told: Option<usize>,
}

/// Which backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Log,
    Webhook,
    /// An AuditSink, by its place among them.
    Sink(usize),
}

/// A backend.
#[derive(Debug)]
pub(super) struct Backend {
    pub(super) mode: Mode,
    pub(super) version: EventVersion,
    pub(super) buffer: Option<Buffer<Item>>,
    pub(super) is_async: bool,
    /// Of a webhook: the wait before the first retry.
    pub(super) initial_backoff: Duration,
    pub(super) totals: Totals,
    pub(super) busiest: Busiest,
    pub(super) series: Series,
    pub(super) batches: Vec<BatchFate>,
    pub(super) delay: Percentiles,
    /// Of the log: its files.
    pub(super) file: Option<RotatedFile>,
    /// When the disk is free again.
    pub(super) free: Duration,
    pub(super) in_flight: u64,
}

impl Backend {
    pub(super) fn new(mode: Mode, batch: &Batch, version: EventVersion, about: Duration) -> Backend {
        let buffer = (mode == Mode::Batch).then(|| {
            let mut buffer = Buffer::new(batch);
            buffer.run(Duration::ZERO);
            buffer
        });
        Backend {
            mode,
            version,
            buffer,
            is_async: batch.async_delegate,
            initial_backoff: Duration::ZERO,
            totals: Totals::default(),
            busiest: Busiest::default(),
            series: Series::new(about),
            batches: Vec::new(),
            delay: Percentiles::default(),
            file: None,
            free: Duration::ZERO,
            in_flight: 0,
        }
    }

    pub(super) fn of_sink(sink: &SinkBackend, about: Duration) -> Backend {
        let backend = Backend::new(Mode::Batch, &sink.batch, EventVersion::V1, about);
        Backend { initial_backoff: sink.initial_backoff, ..backend }
    }

    pub(super) fn wakes(&self) -> Option<Duration> {
        self.buffer.as_ref().and_then(Buffer::wakes)
    }

    pub(super) fn came(&mut self, now: Duration) {
        self.totals.events += 1;
        self.busiest.came(now);
        self.series.at(now, |bucket| bucket.arrived += 1);
    }

    pub(super) fn held(&mut self, now: Duration) {
        let held = self.buffer.as_ref().map_or(0, Buffer::held) as u64;
        self.totals.most_held = self.totals.most_held.max(held);
        self.series.at(now, |bucket| bucket.held = bucket.held.max(held));
    }

    pub(super) fn dropped(&mut self, now: Duration, fate: Fate) {
        match fate {
            Fate::DroppedByBuffer => self.totals.dropped_by_buffer += 1,
            Fate::DroppedBySize => self.totals.dropped_by_size += 1,
            _ => self.totals.dropped_at_stop += 1,
        }
        self.series.at(now, |bucket| bucket.dropped += 1);
    }

    /// A batch is handed over.
    pub(super) fn handed(&mut self, ready: &Ready<Item>, bytes: u64) -> Option<usize> {
        let throttled = (ready.at - ready.collected).millis();
        self.totals.batches += 1;
        self.totals.throttled_ms += throttled;
        self.series.at(ready.at, |bucket| {
            bucket.batches += 1;
            bucket.throttled_ms += throttled;
        });
        let told = self.batches.len();
        (told < MOST_FATES).then(|| {
            self.batches.push(BatchFate {
                events: ready.events.len() as u64,
                bytes,
                collected: ready.collected,
                sent: ready.at,
                done: None,
                tries: 0,
                taken: false,
            });
            told
        })
    }

    pub(super) fn requested(&mut self, now: Duration, is_retry: bool) {
        self.totals.requests += 1;
        self.totals.retries += u64::from(is_retry);
        self.series.at(now, |bucket| {
            bucket.requests += 1;
            bucket.retries += u64::from(is_retry);
        });
    }

    /// An event has come to its end here.
    pub(super) fn ended(&mut self, item: &Item, at: Duration, written: bool) -> Fate {
        if written {
            self.totals.written += 1;
            self.delay.add(at - item.came);
            Fate::Written { at, truncated: item.truncated }
        } else {
            self.totals.lost += 1;
            Fate::Lost { at }
        }
    }

    pub(super) fn told(&mut self, told: Option<usize>, tries: u32, done: Duration, taken: bool) {
        if let Some(batch) = told.and_then(|told| self.batches.get_mut(told)) {
            *batch = BatchFate { tries, done: Some(done), taken, ..*batch };
        }
    }

    pub(super) fn under_way(&mut self, more: bool) {
        self.in_flight = if more { self.in_flight + 1 } else { self.in_flight.saturating_sub(1) };
        self.totals.most_in_flight = self.totals.most_in_flight.max(self.in_flight);
    }

    pub(super) fn finish(mut self) -> BackendDelivery {
        self.totals.waiting = self.totals.events.saturating_sub(self.totals.written + self.totals.missing());
        self.totals.delay = self.delay.times();
        self.totals.most_per_second = self.busiest.most();
        BackendDelivery {
            totals: self.totals,
            series: self.series,
            batches: self.batches,
            files: self.file.map(|file| file.files()),
        }
    }
}
