//! What limits a delivery, and what was lost by what: data, and a sentence for people.

use serde::Serialize;

use super::delivery::{BackendDelivery, Delivery};
use super::options::{Batch, Mode};
use super::simulate::TRIES;

/// Something that limits, or that loses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// What it is.
    pub kind: LimitKind,
    /// Which backend it is of; none: the clients feel it, or it is of neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<&'static str>,
    /// How many events, requests or files are concerned.
    pub count: u64,
    /// The events a second that get through, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_second: Option<f64>,
    /// The flags to look at, without their value.
    pub flags: Vec<&'static str>,
    /// For people: a sentence without full stop.
    pub text: String,
}

/// What limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LimitKind {
    /// The buffer was full, since the token bucket lets fewer batches through than came.
    TokenBucket,
    /// The buffer was full, since writing is slower than what came.
    Writing,
    /// The buffer was full for another reason: a burst.
    Buffer,
    /// The receiver, or the disk, failed for longer than events are tried.
    Receiver,
    /// Requests were answered 500, since their first event was not taken.
    BlockingStrict,
    /// Requests wait for their events to be taken.
    Blocking,
    /// Events were too large.
    Size,
    /// Old log files were removed.
    Rotation,
    /// Events came when the server was shutting down.
    Stop,
    /// Events wait for their batch.
    BatchWait,
    /// Nothing limits.
    Nothing,
    /// No backend is set.
    NoBackend,
}

/// Everything that limits, the most important first; never empty.
pub(super) fn of(delivery: &Delivery) -> Vec<Limit> {
    let mut limits = Vec::new();
    let options = &delivery.options;
    let backends = [
        ("log", &delivery.log, options.log.as_ref().map(|log| (log.mode, log.batch))),
        ("webhook", &delivery.webhook, options.webhook.as_ref().map(|webhook| (webhook.mode, webhook.batch))),
    ];
    let backends = backends.iter().filter_map(|(name, made, set)| Some((*name, made.as_ref()?, (*set)?)));
    let backends: Vec<_> = backends.collect();
    for (name, made, (_, batch)) in &backends {
        limits.extend(full_buffer(name, made, batch));
        limits.extend(given_up(name, made));
    }
    limits.extend(refused(delivery));
    limits.extend(waits(delivery, &backends.iter().map(|(name, _, (mode, _))| (*name, *mode)).collect::<Vec<_>>()));
    for (name, made, (mode, batch)) in &backends {
        limits.extend(others(name, made));
        limits.extend(batch_wait(name, made, *mode, batch));
    }
    if backends.is_empty() {
        limits.push(limit(
            LimitKind::NoBackend,
            None,
            delivery.clients.events,
            &[],
            "no backend is set: nothing is recorded".to_owned(),
        ));
    }
    let loses = |limit: &Limit| !matches!(limit.kind, LimitKind::BatchWait);
    if !limits.iter().any(loses) {
        limits.insert(0, nothing(&backends.iter().map(|(name, made, set)| (*name, *made, *set)).collect::<Vec<_>>()));
    }
    limits
}

fn limit(kind: LimitKind, backend: Option<&'static str>, count: u64, flags: &[&'static str], text: String) -> Limit {
    Limit { kind, backend, count, per_second: None, flags: flags.to_vec(), text }
}

/// The most events that came in a second, as far as the stretches of time tell.
fn busiest(made: &BackendDelivery) -> f64 {
    let most = made.series.buckets.iter().map(|bucket| bucket.arrived).max().unwrap_or_default();
    most as f64 / made.series.width.seconds()
}

fn capacity(batch: &Batch) -> Option<f64> {
    batch.throttle_enable.then(|| f64::from(batch.max_batch_size) * f64::from(batch.throttle_qps))
}

fn bucket_sentence(batch: &Batch, capacity: f64) -> String {
    format!(
        "the token bucket: {} × {} per second = {} per second",
        events(u64::from(batch.max_batch_size)),
        number(f64::from(batch.throttle_qps)),
        events_of(capacity)
    )
}

fn full_buffer(name: &'static str, made: &BackendDelivery, batch: &Batch) -> Option<Limit> {
    let dropped = made.totals.dropped_by_buffer;
    if dropped == 0 {
        return None;
    }
    let size = number(f64::from(batch.buffer_size));
    let lost = format!("the buffer of {size} was full, and {} dropped", were(dropped, "event"));
    let came = format!("up to {} per second came", events_of(busiest(made)));
    let buffer_flag = flag(name, "--audit-log-batch-buffer-size", "--audit-webhook-batch-buffer-size");
    match capacity(batch).filter(|_| made.totals.throttled_ms > 0.0) {
        Some(capacity) => Some(Limit {
            per_second: Some(capacity),
            ..limit(
                LimitKind::TokenBucket,
                Some(name),
                dropped,
                &[
                    flag(name, "--audit-log-batch-throttle-qps", "--audit-webhook-batch-throttle-qps"),
                    flag(name, "--audit-log-batch-max-size", "--audit-webhook-batch-max-size"),
                    buffer_flag,
                ],
                format!("{}; {came}, {lost}", bucket_sentence(batch, capacity)),
            )
        }),
        None if !batch.async_delegate => Some(limit(
            LimitKind::Writing,
            Some(name),
            dropped,
            &[buffer_flag],
            format!("writing: lines are written one after another; {came}, {lost}"),
        )),
        None => {
            Some(limit(LimitKind::Buffer, Some(name), dropped, &[buffer_flag], format!("the buffer: {came}, {lost}")))
        }
    }
}

fn given_up(name: &'static str, made: &BackendDelivery) -> Option<Limit> {
    let lost = made.totals.lost;
    if lost == 0 {
        return None;
    }
    let text = if name == "log" {
        format!("the disk: {} not written", were(lost, "event"))
    } else {
        format!(
            "the receiver: it failed for longer than a batch is tried (up to {TRIES} times), and {} given up",
            were(lost, "event")
        )
    };
    let flags: &[&'static str] =
        if name == "log" { &["--audit-log-path"] } else { &["--audit-webhook-initial-backoff"] };
    Some(limit(LimitKind::Receiver, Some(name), lost, flags, text))
}

fn refused(delivery: &Delivery) -> Option<Limit> {
    let refused = delivery.clients.answered_500;
    (refused > 0).then(|| {
        let text =
            format!("blocking-strict: {} answered 500, since the first event was not taken", were(refused, "request"));
        limit(LimitKind::BlockingStrict, None, refused, &["--audit-log-mode", "--audit-webhook-mode"], text)
    })
}

fn waits(delivery: &Delivery, backends: &[(&'static str, Mode)]) -> Option<Limit> {
    let waited = delivery.clients.added_latency;
    if waited.max <= 0.0 {
        return None;
    }
    let blocking = backends.iter().filter(|(_, mode)| *mode != Mode::Batch);
    let names: Vec<&str> = blocking.map(|(name, _)| *name).collect();
    let mut text = format!(
        "blocking: a request waits for the {} backend, {} in the middle, {} at the 99th percentile, {} at most",
        names.join(" and the "),
        time(waited.p50),
        time(waited.p99),
        time(waited.max)
    );
    if delivery.clients.timed_out > 0 {
        text.push_str(&format!(", and {} answered 504 after 60 s", were(delivery.clients.timed_out, "request")));
    }
    let count = delivery.clients.requests;
    Some(limit(LimitKind::Blocking, None, count, &["--audit-log-mode", "--audit-webhook-mode"], text))
}

fn others(name: &'static str, made: &BackendDelivery) -> Vec<Limit> {
    let mut limits = Vec::new();
    let totals = &made.totals;
    if totals.dropped_by_size > 0 || totals.truncated > 0 {
        let cut = format!("{} cut of the objects", were(totals.truncated, "event"));
        let text = match (totals.truncated, totals.dropped_by_size) {
            (_, 0) => format!("truncation: {cut}"),
            (0, dropped) => format!("truncation: {} dropped as too large", were(dropped, "event")),
            (_, dropped) => format!("truncation: {cut}, and {} dropped as too large", were(dropped, "event")),
        };
        let flag = flag(name, "--audit-log-truncate-max-event-size", "--audit-webhook-truncate-max-event-size");
        limits.push(limit(LimitKind::Size, Some(name), totals.dropped_by_size + totals.truncated, &[flag], text));
    }
    if totals.dropped_at_stop > 0 {
        let text =
            format!("the stop: {} made when the server was shutting down", were(totals.dropped_at_stop, "event"));
        limits.push(limit(LimitKind::Stop, Some(name), totals.dropped_at_stop, &[], text));
    }
    if let Some(files) = made.files.filter(|files| files.removed_files > 0) {
        let text = format!(
            "rotation: {} removed, with {} that had been written",
            were(files.removed_files, "old log file"),
            events(files.removed_events)
        );
        let flags = ["--audit-log-maxsize", "--audit-log-maxbackup", "--audit-log-maxage"];
        limits.push(limit(LimitKind::Rotation, Some(name), files.removed_events, &flags, text));
    }
    limits
}

fn batch_wait(name: &'static str, made: &BackendDelivery, mode: Mode, batch: &Batch) -> Option<Limit> {
    if mode != Mode::Batch || batch.max_batch_size <= 1 || made.totals.written == 0 {
        return None;
    }
    let delay = made.totals.delay;
    let text = format!(
        "batches: an event is delivered {} after it was made in the middle, {} at the 99th percentile; a batch is collected for {} at most",
        time(delay.p50),
        time(delay.p99),
        batch.max_batch_wait
    );
    let flag = flag(name, "--audit-log-batch-max-wait", "--audit-webhook-batch-max-wait");
    Some(limit(LimitKind::BatchWait, Some(name), made.totals.written, &[flag], text))
}

fn nothing(backends: &[(&'static str, &BackendDelivery, (Mode, Batch))]) -> Limit {
    let mut text = "nothing limits: every event arrives".to_owned();
    for (name, made, (mode, batch)) in backends {
        if let Some(capacity) = capacity(batch).filter(|_| *mode == Mode::Batch) {
            text.push_str(&format!(
                "; {name}: up to {} per second came, and {}; the buffer held {} of {} at most",
                events_of(busiest(made)),
                bucket_sentence(batch, capacity),
                number(made.totals.most_held as f64),
                number(f64::from(batch.buffer_size))
            ));
        }
    }
    limit(LimitKind::Nothing, None, 0, &[], text)
}

fn flag(name: &str, log: &'static str, webhook: &'static str) -> &'static str {
    if name == "log" { log } else { webhook }
}

fn events(count: u64) -> String {
    format!("{} {}", number(count as f64), if count == 1 { "event" } else { "events" })
}

fn events_of(rate: f64) -> String {
    let rate = number(rate);
    format!("{rate} {}", if rate == "1" { "event" } else { "events" })
}

/// `1 event was`, `2,000 events were`
fn were(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one} was") } else { format!("{} {one}s were", number(count as f64)) }
}

/// Milliseconds, in a unit that reads well.
fn time(millis: f64) -> String {
    match millis {
        _ if millis >= 1_000.0 => format!("{} s", number(millis / 1_000.0)),
        _ => format!("{} ms", number(millis)),
    }
}

/// A number with commas between thousands: whole from 100 on, else of one decimal where it has any.
pub fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() as u64;
    let (mut whole, tenth) = if value < 100.0 { (tenths / 10, tenths % 10) } else { (value.round() as u64, 0) };
    let mut groups = Vec::new();
    while whole >= 1_000 {
        groups.push(format!(",{:03}", whole % 1_000));
        whole /= 1_000;
    }
    let mut text = whole.to_string();
    groups.iter().rev().for_each(|group| text.push_str(group));
    if tenth > 0 { format!("{text}.{tenth}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (value, text) in [
            (0.0, "0"),
            (2.5, "2.5"),
            (99.96, "100"),
            (999.0, "999"),
            (1_000.0, "1,000"),
            (1_234_567.0, "1,234,567"),
            (4_000.4, "4,000"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!([time(0.5), time(20.0), time(81_250.0)], ["0.5 ms", "20 ms", "81.3 s"]);
    }
}
