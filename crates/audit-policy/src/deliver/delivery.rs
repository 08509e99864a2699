//! What became of a load: plain data.

use serde::Serialize;

use super::limits::Limit;
use super::percentiles::Times;
use super::rotation::Files;
use super::series::Series;
use super::{Duration, Options};
use crate::{GoString, Release};

/// How many events a load may have for each to be told of, and how many batches are.
pub const MOST_FATES: usize = 1_000;

/// What became of a load.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The release that was asked.
    pub release: Release,
    /// How it was set.
    pub options: Options,
    /// Which backend it is that limits, or what was lost, and why: the most important first.
    pub limits: Vec<Limit>,
    /// What the clients felt.
    pub clients: Clients,
    /// What the log backend did, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<BackendDelivery>,
    /// What the webhook backend did, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<BackendDelivery>,
    /// What was sent to each AuditSink.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sinks: Vec<ToSink>,
    /// What became of each event, in order of arrival; empty where there are more than [`MOST_FATES`].
    pub events: Vec<EventFate>,
    /// When the last thing happened.
    pub end: Duration,
    /// What is not as the server does it, and what a reader would not expect; one sentence each.
    pub notes: Vec<String>,
}

/// What the clients felt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Clients {
    /// Requests that arrived.
    pub requests: u64,
    /// Events that were recorded of them.
    pub events: u64,
    /// Requests answered 500 `failed to store audit event`; what else they would have recorded is not recorded.
    pub answered_500: u64,
    /// Requests, but for long-running ones, that waited 60 s or longer for their events, and so were answered 504 (`--request-timeout`).
    pub timed_out: u64,
    /// How long requests waited for their events to be taken, all stages of a request together.
    pub added_latency: Times,
}

/// What was sent to an AuditSink.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToSink {
    /// The sink's name.
    pub name: String,
    /// How that went.
    #[serde(flatten)]
    pub made: BackendDelivery,
}

/// What a backend did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackendDelivery {
    /// In figures.
    pub totals: Totals,
    /// In time.
    pub series: Series,
    /// The first [`MOST_FATES`] batches, where the backend has batches.
    pub batches: Vec<BatchFate>,
    /// The log's files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Files>,
}

/// A backend in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Events that came to the backend.
    pub events: u64,
    /// Events that arrived where they go to.
    pub written: u64,
    /// The bytes of their lines, or of the bodies that were taken.
    pub bytes: u64,
    /// POSTs, with those that failed; or lines.
    pub requests: u64,
    /// POSTs that were not the first of their batch.
    pub retries: u64,
    /// Batches that were handed over.
    pub batches: u64,
    /// Events that lost their objects to truncation.
    pub truncated: u64,
    /// Events that were dropped because the buffer was full.
    pub dropped_by_buffer: u64,
    /// Events that were dropped because they are too large, even without objects.
    pub dropped_by_size: u64,
    /// Events that came when the server was shutting down.
    pub dropped_at_stop: u64,
    /// Events that were given up: each try failed, or the disk did.
    pub lost: u64,
    /// Events that still wait at the end.
    pub waiting: u64,
    /// From an event's arrival until it is where it goes to.
    pub delay: Times,
    /// How long batches waited for a token of the bucket, together, in milliseconds.
    pub throttled_ms: f64,
    /// The most events that came within a second.
    pub most_per_second: u64,
    /// The most events that waited in the buffer and the batch in hand.
    pub most_held: u64,
    /// The most POSTs that were under way at a time, waits between tries included.
    pub most_in_flight: u64,
}

impl Totals {
    /// Events that are neither written nor waiting.
    pub fn missing(&self) -> u64 {
        self.dropped_by_buffer + self.dropped_by_size + self.dropped_at_stop + self.lost
    }
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFate {
    /// When it was made.
    pub at: Duration,
    /// Which request's it is, from 0 in order of arrival.
    pub request: u64,
    /// The request's sort: an index of the load's templates.
    pub template: u32,
    /// The stage.
    pub stage: GoString,
    /// What the log backend made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Fate>,
    /// What the webhook backend made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Fate>,
    /// What became of it on the way to each AuditSink, where that gets it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sinks: Vec<Option<Fate>>,
}

/// What a backend made of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fate {
    /// It waits, also at the end.
    Waiting,
    /// It arrived where it goes to.
    Written {
        /// When.
        at: Duration,
        /// Whether it lost its objects on the way.
        truncated: bool,
    },
    /// The buffer was full.
    DroppedByBuffer,
    /// It is too large, even without objects.
    DroppedBySize,
    /// The server was shutting down.
    DroppedAtStop,
    /// It was given up.
    Lost {
        /// When.
        at: Duration,
    },
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFate {
    /// How many events it has.
    pub events: u64,
    /// The bytes of its lines, or of the POST's body.
    pub bytes: u64,
    /// When it was collected.
    pub collected: Duration,
    /// When it had a token, and was handed over.
    pub sent: Duration,
    /// When it was taken, or given up; none where it is still under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Duration>,
    /// How often it was tried.
    pub tries: u32,
    /// Whether it was taken.
    pub taken: bool,
}
