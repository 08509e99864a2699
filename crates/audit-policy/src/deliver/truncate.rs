//! Events that are too large: without their objects, or not at all; and batches that are too large: in parts.
//!
//! Mirrors `staging/src/k8s.io/apiserver/plugin/pkg/audit/truncate/truncate.go`.

use serde::{Deserialize, Serialize};

use crate::release::Change;
use crate::text::{json_line, legacy_line};
use crate::{Event, Level, Release};

/// The annotation of events whose objects were removed.
pub const TRUNCATED: &str = "audit.k8s.io/truncated";

/// How large events and batches may be: `--audit-log-truncate-…`, `--audit-webhook-truncate-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Truncate {
    /// Whether anything is truncated.
    pub enabled: bool,
    /// The most bytes of an event's JSON line, its newline counted. A larger event of level Request or above loses both objects; one that is
    /// still larger is dropped.
    pub max_event_size: i64,
    /// The most bytes of a call's events together; more are handed on in several calls.
    pub max_batch_size: i64,
}

impl Default for Truncate {
    fn default() -> Truncate {
        Truncate { enabled: false, max_event_size: 100 * 1024, max_batch_size: 10 * 1024 * 1024 }
    }
}

/// What truncation made of a call's events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truncation {
    /// The calls that are made in its place, each with its events.
    pub batches: Vec<Vec<Kept>>,
    /// The indices of the events that are dropped. The call answers success all the same.
    pub dropped: Vec<usize>,
    /// The indices of the events on which the mark stays for backends that get them afterwards: a truncated event shares its annotations with the
    /// original, if that has any.
    pub marked: Vec<usize>,
}

/// An event that is handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its index in the call.
    pub index: usize,
    /// The event, with or without its objects.
    pub event: Event,
    /// The bytes of its JSON line with the newline.
    pub size: i64,
}

/// The bytes of the event's JSON line with the newline: what limits are compared with, and what the log grows by.
pub fn size(event: &Event) -> usize {
    json_line(event).len() + 1
}

/// Whether too large an event of this level is tried without its objects.
pub(super) fn is_cut(event: &Event) -> bool {
    Level::from_name(&event.level.to_str_lossy()).is_some_and(|level| level >= Level::Request)
}

/// The event without its objects, marked.
pub(super) fn cut(event: &Event, release: Release) -> Event {
    let mut event = Event { request_object: None, response_object: None, ..event.clone() };
    mark(&mut event, release);
    event
}

pub(super) fn mark(event: &mut Event, release: Release) {
    if release.has(Change::TruncationMarkOverwrites) || !event.annotations.contains_key(TRUNCATED) {
        event.annotations.insert(TRUNCATED.to_owned(), "true".into());
    }
}

/// Truncates the events of one call. (The server calls with one event at a time, so that a batch's limit matters to it only in theory.)
pub fn truncate(events: &[Event], limits: &Truncate, release: Release) -> Truncation {
    let mut made = Truncation::default();
    let mut batch: Vec<Kept> = Vec::new();
    let mut batch_size = 0_i64;
    for (index, event) in events.iter().enumerate() {
        let mut kept = Kept { index, event: event.clone(), size: bytes(event) };
        if kept.size > limits.max_event_size && is_cut(event) {
            if !event.annotations.is_empty() {
                made.marked.push(index);
            }
            kept.event = cut(event, release);
            kept.size = bytes(&kept.event);
        }
        if kept.size > limits.max_event_size {
            made.dropped.push(index);
            continue;
        }
        if !batch.is_empty() && batch_size.saturating_add(kept.size) > limits.max_batch_size {
            made.batches.push(std::mem::take(&mut batch));
            batch_size = 0;
        }
        batch_size = batch_size.saturating_add(kept.size);
        batch.push(kept);
    }
    if !batch.is_empty() {
        made.batches.push(batch);
    }
    made
}

fn bytes(event: &Event) -> i64 {
    i64::try_from(size(event)).unwrap_or(i64::MAX)
}

/// What the server's own log says of the events that truncation dropped; none where it dropped none.
pub fn truncation_error(events: &[Event], dropped: &[usize], release: Release) -> Option<String> {
    plugin_error("truncate", "event is too large even after truncating", events, dropped, release)
}

/// What the server's own log says of events that a plugin lost. Mirrors `HandlePluginError` in
/// `staging/src/k8s.io/apiserver/pkg/audit/metrics.go`.
pub fn plugin_error(
    plugin: &str,
    error: &str,
    events: &[Event],
    impacted: &[usize],
    release: Release,
) -> Option<String> {
    if impacted.is_empty() {
        return None;
    }
    let lines = impacted.iter().filter_map(|index| events.get(*index)).map(|event| legacy_line(event, release));
    let lines: Vec<String> = lines.collect();
    Some(format!(
        "Error in audit plugin '{plugin}' affecting {} audit events: {error}\nImpacted events:\n{}",
        impacted.len(),
        lines.join("\n")
    ))
}
