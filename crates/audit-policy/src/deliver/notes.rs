//! What of a simulation is not as the server does it, and what a reader would not expect.

use super::load::{Sized, Template};
use super::options::{Mode, Options};
use crate::Release;

/// What the notes are about.
pub(super) struct Noted<'a> {
    pub(super) release: Release,
    pub(super) options: &'a Options,
    pub(super) templates: &'a [Template],
    /// POSTs that were not the first of their batch.
    pub(super) retries: u64,
    pub(super) has_jitter: bool,
}

/// One sentence each.
pub(super) fn notes(noted: &Noted<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let Options { log, webhook, dynamic } = noted.options;
    if noted.retries > 0 && !noted.has_jitter {
        notes.push("waits between tries are exact; the server makes each up to 20 % longer by chance".to_owned());
    }
    let modes = [log.as_ref().map(|log| log.mode), webhook.as_ref().map(|webhook| webhook.mode)];
    let is_strict = modes.contains(&Some(Mode::BlockingStrict));
    let mut events = noted.templates.iter().flat_map(|template| &template.events);
    if is_strict && dynamic.is_some() {
        notes.push("with --audit-dynamic-configuration no request is refused, also in mode blocking-strict".to_owned());
    } else if is_strict && !noted.templates.is_empty() && !events.any(Sized::is_first) {
        notes.push(
            "no RequestReceived event is recorded, so blocking-strict refuses no request: it looks at that stage alone"
                .to_owned(),
        );
    }
    let has_batches = |mode: Mode, size: u32| mode == Mode::Batch && size > 1;
    let log = log.as_ref().is_some_and(|log| has_batches(log.mode, log.batch.max_batch_size));
    let webhook = webhook.as_ref().is_some_and(|webhook| has_batches(webhook.mode, webhook.batch.max_batch_size));
    let sinks = dynamic.as_ref().map_or(0, |dynamic| dynamic.sinks.len());
    if (log || webhook || sinks > 0) && noted.release.minor() < 32 {
        notes.push(
            "before 1.32 a timer that ran out while the loop waited for a token could end the next batch early"
                .to_owned(),
        );
    }
    if sinks > 0 {
        notes.push("the AuditSinks' receivers answer, and fail, as the webhook's does".to_owned());
    }
    notes
}
