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
    /// Which backend it is of: `log`, `webhook`, or `AuditSink` and a name; none: the clients feel it, or it is of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// How many events, requests or files are concerned.
    pub count: u64,
    /// The events a second that get through, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_second: Option<f64>,
    /// The flags to look at, without their value; of an AuditSink, its fields.
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

/// Which sort of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plugin {
    Log,
    Webhook,
    Sink,
}

/// A backend, how it is set and what it did.
struct Side<'a> {
    plugin: Plugin,
    name: String,
    made: &'a BackendDelivery,
    mode: Mode,
    batch: Batch,
}

impl Side<'_> {
    /// The flag of the log or of the webhook; a sink has a field for some.
    fn flag(&self, log: &'static str, webhook: &'static str, sink: Option<&'static str>) -> Option<&'static str> {
        match self.plugin {
            Plugin::Log => Some(log),
            Plugin::Webhook => Some(webhook),
            Plugin::Sink => sink,
        }
    }

    fn limit(&self, kind: LimitKind, count: u64, flags: Vec<&'static str>, text: String) -> Limit {
        Limit { kind, backend: Some(self.name.clone()), count, per_second: None, flags, text }
    }

    /// `up to 8 events per second came`
    fn came(&self) -> String {
        format!("up to {} per second came", events(self.made.totals.most_per_second))
    }
}

fn sides(delivery: &Delivery) -> Vec<Side<'_>> {
    let options = &delivery.options;
    let side = |plugin, name: &str, made, mode, batch| Side { plugin, name: name.to_owned(), made, mode, batch };
    let log = delivery.log.as_ref().zip(options.log.as_ref());
    let log = log.map(|(made, set)| side(Plugin::Log, "log", made, set.mode, set.batch));
    let webhook = delivery.webhook.as_ref().zip(options.webhook.as_ref());
    let webhook = webhook.map(|(made, set)| side(Plugin::Webhook, "webhook", made, set.mode, set.batch));
    let sinks = options.dynamic.iter().flat_map(|dynamic| &dynamic.sinks).zip(&delivery.sinks);
    let sinks = sinks
        .map(|(set, sink)| side(Plugin::Sink, &format!("AuditSink {}", sink.name), &sink.made, Mode::Batch, set.batch));
    log.into_iter().chain(webhook).chain(sinks).collect()
}

/// Everything that limits, the most important first; never empty.
pub(super) fn of(delivery: &Delivery) -> Vec<Limit> {
    let mut limits = Vec::new();
    let sides = sides(delivery);
    for side in &sides {
        limits.extend(full_buffer(side));
        limits.extend(given_up(side));
    }
    limits.extend(refused(delivery));
    limits.extend(waits(delivery, &sides));
    for side in &sides {
        limits.extend(others(side));
        limits.extend(batch_wait(side));
    }
    if sides.is_empty() {
        let text = "no backend is set: nothing is recorded".to_owned();
        limits.push(of_all(LimitKind::NoBackend, delivery.clients.events, &[], text));
    }
    let loses = |limit: &Limit| !matches!(limit.kind, LimitKind::BatchWait);
    if !limits.iter().any(loses) {
        limits.insert(0, nothing(&sides));
    }
    limits
}

/// What is of no backend.
fn of_all(kind: LimitKind, count: u64, flags: &[&'static str], text: String) -> Limit {
    Limit { kind, backend: None, count, per_second: None, flags: flags.to_vec(), text }
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

fn full_buffer(side: &Side<'_>) -> Option<Limit> {
    let (totals, batch) = (&side.made.totals, &side.batch);
    let dropped = totals.dropped_by_buffer;
    if dropped == 0 {
        return None;
    }
    let size = number(f64::from(batch.buffer_size));
    let lost = format!("the buffer of {size} was full, and {} dropped", were(dropped, "event"));
    let came = side.came();
    let buffer = side.flag("--audit-log-batch-buffer-size", "--audit-webhook-batch-buffer-size", None);
    match capacity(batch).filter(|_| totals.throttled_ms > 0.0) {
        Some(capacity) => {
            let flags = [
                side.flag(
                    "--audit-log-batch-throttle-qps",
                    "--audit-webhook-batch-throttle-qps",
                    Some("spec.webhook.throttle.qps"),
                ),
                side.flag("--audit-log-batch-max-size", "--audit-webhook-batch-max-size", None),
                buffer,
            ];
            let text = format!("{}; {came}, {lost}", bucket_sentence(batch, capacity));
            let flags = flags.into_iter().flatten().collect();
            let limit = side.limit(LimitKind::TokenBucket, dropped, flags, text);
            Some(Limit { per_second: Some(capacity), ..limit })
        }
        None if !batch.async_delegate => {
            let text = format!("writing: lines are written one after another; {came}, {lost}");
            Some(side.limit(LimitKind::Writing, dropped, buffer.into_iter().collect(), text))
        }
        None => {
            let text = format!("the buffer: {came}, {lost}");
            Some(side.limit(LimitKind::Buffer, dropped, buffer.into_iter().collect(), text))
        }
    }
}

fn given_up(side: &Side<'_>) -> Option<Limit> {
    let lost = side.made.totals.lost;
    if lost == 0 {
        return None;
    }
    let text = if side.plugin == Plugin::Log {
        format!("the disk: {} not written", were(lost, "event"))
    } else {
        format!(
            "the receiver: it failed for longer than a batch is tried (up to {TRIES} times), and {} given up",
            were(lost, "event")
        )
    };
    let flag = side.flag("--audit-log-path", "--audit-webhook-initial-backoff", None);
    Some(side.limit(LimitKind::Receiver, lost, flag.into_iter().collect(), text))
}

fn refused(delivery: &Delivery) -> Option<Limit> {
    let refused = delivery.clients.answered_500;
    (refused > 0).then(|| {
        let text =
            format!("blocking-strict: {} answered 500, since the first event was not taken", were(refused, "request"));
        of_all(LimitKind::BlockingStrict, refused, &["--audit-log-mode", "--audit-webhook-mode"], text)
    })
}

fn waits(delivery: &Delivery, sides: &[Side<'_>]) -> Option<Limit> {
    let waited = delivery.clients.added_latency;
    if waited.max <= 0.0 {
        return None;
    }
    let blocking = sides.iter().filter(|side| side.mode != Mode::Batch);
    let names: Vec<&str> = blocking.map(|side| side.name.as_str()).collect();
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
    Some(of_all(LimitKind::Blocking, count, &["--audit-log-mode", "--audit-webhook-mode"], text))
}

fn others(side: &Side<'_>) -> Vec<Limit> {
    let mut limits = Vec::new();
    let totals = &side.made.totals;
    if totals.dropped_by_size > 0 || totals.truncated > 0 {
        let cut = format!("{} cut of the objects", were(totals.truncated, "event"));
        let text = match (totals.truncated, totals.dropped_by_size) {
            (_, 0) => format!("truncation: {cut}"),
            (0, dropped) => format!("truncation: {} dropped as too large", were(dropped, "event")),
            (_, dropped) => format!("truncation: {cut}, and {} dropped as too large", were(dropped, "event")),
        };
        let (log, webhook) = ("--audit-log-truncate-max-event-size", "--audit-webhook-truncate-max-event-size");
        // The webhook's limit holds for sinks, too.
        let flag = side.flag(log, webhook, Some(webhook));
        let count = totals.dropped_by_size + totals.truncated;
        limits.push(side.limit(LimitKind::Size, count, flag.into_iter().collect(), text));
    }
    if totals.dropped_at_stop > 0 {
        let text =
            format!("the stop: {} made when the server was shutting down", were(totals.dropped_at_stop, "event"));
        limits.push(side.limit(LimitKind::Stop, totals.dropped_at_stop, Vec::new(), text));
    }
    if let Some(files) = side.made.files.filter(|files| files.removed_files > 0) {
        let text = format!(
            "rotation: {} removed, with {} that had been written",
            were(files.removed_files, "old log file"),
            events(files.removed_events)
        );
        let flags = vec!["--audit-log-maxsize", "--audit-log-maxbackup", "--audit-log-maxage"];
        limits.push(side.limit(LimitKind::Rotation, files.removed_events, flags, text));
    }
    limits
}

fn batch_wait(side: &Side<'_>) -> Option<Limit> {
    let (totals, batch) = (&side.made.totals, &side.batch);
    if side.mode != Mode::Batch || batch.max_batch_size <= 1 || totals.written == 0 {
        return None;
    }
    let text = format!(
        "batches: an event is delivered {} after it was made in the middle, {} at the 99th percentile; a batch is collected for {} at most",
        time(totals.delay.p50),
        time(totals.delay.p99),
        batch.max_batch_wait
    );
    let flag = side.flag("--audit-log-batch-max-wait", "--audit-webhook-batch-max-wait", None);
    Some(side.limit(LimitKind::BatchWait, totals.written, flag.into_iter().collect(), text))
}

fn nothing(sides: &[Side<'_>]) -> Limit {
    let mut text = "nothing limits: every event arrives".to_owned();
    for side in sides.iter().filter(|side| side.made.totals.events > 0) {
        if let Some(capacity) = capacity(&side.batch).filter(|_| side.mode == Mode::Batch) {
            text.push_str(&format!(
                "; {}: {}, and {}; the buffer held {} of {} at most",
                side.name,
                side.came(),
                bucket_sentence(&side.batch, capacity),
                number(side.made.totals.most_held as f64),
                number(f64::from(side.batch.buffer_size))
            ));
        }
    }
    of_all(LimitKind::Nothing, 0, &[], text)
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
