//! A delivery as text for people.

use audit_policy::deliver::{
    BackendDelivery, Batch, Delivery, LimitKind, LogBackend, Mode, SinkBackend, Truncate, WebhookBackend, number,
};
use audit_policy::deliver::{Duration, Options, Times};

use super::text::plain;
use super::{Paint, printable};

/// What `simulate` says: what limits, what the clients felt, and each backend in figures.
pub fn text(delivery: &Delivery, paint: Paint) -> String {
    let clients = &delivery.clients;
    let mut text = format!(
        "{} of {} in {}, on Kubernetes {}\n\n",
        counted(clients.requests, "request"),
        counted(clients.events, "event"),
        rounded(delivery.end),
        delivery.release
    );
    for limit in &delivery.limits {
        let is_well = matches!(limit.kind, LimitKind::Nothing | LimitKind::BatchWait);
        let backend = limit.backend.as_ref().map(|backend| format!("{}: ", plain(backend))).unwrap_or_default();
        let (kind, rest) = limit.text.split_once(':').unwrap_or((&limit.text, ""));
        let kind = if is_well { paint.good(kind) } else { paint.error(kind) };
        let rest = if rest.is_empty() { String::new() } else { format!(":{}", printable(rest)) };
        text.push_str(&format!("{backend}{kind}{rest}\n"));
    }
    text.push_str(&format!("\n{}\n", paint.heading("clients")));
    let waited = clients.added_latency;
    row(&mut text, "wait for their events", &times(&waited));
    row(&mut text, "answered 500", &number(clients.answered_500 as f64));
    if clients.timed_out > 0 {
        row(&mut text, "answered 504 after 60 s", &number(clients.timed_out as f64));
    }
    let Options { log, webhook, dynamic } = &delivery.options;
    if let (Some(made), Some(log)) = (&delivery.log, log) {
        text.push_str(&format!("\n{} {}\n", paint.heading("log"), paint.quiet(log_settings(log))));
        backend(&mut text, made, log.mode);
    }
    if let (Some(made), Some(webhook)) = (&delivery.webhook, webhook) {
        text.push_str(&format!("\n{} {}\n", paint.heading("webhook"), paint.quiet(webhook_settings(webhook))));
        backend(&mut text, made, webhook.mode);
    }
    let sinks = dynamic.iter().flat_map(|dynamic| &dynamic.sinks).zip(&delivery.sinks);
    for (set, sink) in sinks {
        let settings = format!("level {}, {}", plain(&set.policy.level), sink_settings(set));
        text.push_str(&format!("\n{} {} {}\n", paint.heading("AuditSink"), plain(&sink.name), paint.quiet(settings)));
        backend(&mut text, &sink.made, Mode::Batch);
    }
    for note in &delivery.notes {
        text.push_str(&format!("\n{} {note}", paint.heading("note:")));
    }
    if !delivery.notes.is_empty() {
        text.push('\n');
    }
    text
}

fn backend(text: &mut String, made: &BackendDelivery, mode: Mode) {
    let totals = &made.totals;
    let is_log = made.files.is_some();
    row(text, "events", &number(totals.events as f64));
    row(text, if is_log { "written" } else { "delivered" }, &share(totals.written, totals.events));
    for (name, count) in [
        ("dropped, buffer full", totals.dropped_by_buffer),
        ("dropped, too large", totals.dropped_by_size),
        ("dropped at the stop", totals.dropped_at_stop),
        (if is_log { "lost, disk" } else { "lost, given up" }, totals.lost),
        ("still waiting", totals.waiting),
        ("cut of their objects", totals.truncated),
    ] {
        if count > 0 {
            row(text, name, &share(count, totals.events));
        }
    }
    row(text, "bytes", &bytes(totals.bytes));
    if !is_log {
        let retries = if totals.retries > 0 {
            format!(", {} of them retries", number(totals.retries as f64))
        } else {
            String::new()
        };
        row(text, "POSTs", &format!("{}{retries}", number(totals.requests as f64)));
        row(text, "POSTs at a time, at most", &number(totals.most_in_flight as f64));
    }
    row(text, "on their way", &times(&totals.delay));
    if mode == Mode::Batch {
        row(text, "waited for tokens", &format!("{} s, all batches together", number(totals.throttled_ms / 1_000.0)));
        row(text, "in the buffer, at most", &counted(totals.most_held, "event"));
    }
    if let Some(files) = made.files {
        let removed = if files.removed_files > 0 {
            format!(", {} removed with {}", number(files.removed_files as f64), counted(files.removed_events, "event"))
        } else {
            String::new()
        };
        row(text, "files", &format!("{} of {}{removed}", number(files.files as f64), bytes(files.bytes)));
    }
}

fn row(text: &mut String, name: &str, value: &str) {
    text.push_str(&format!("  {name:<26}{value}\n"));
}

fn log_settings(log: &LogBackend) -> String {
    format!("{}, {}", printable(&log.path), settings(log.mode, &log.batch, &log.truncate))
}

fn webhook_settings(webhook: &WebhookBackend) -> String {
    let backoff = format!("first retry after {}", webhook.initial_backoff);
    format!("{}, {backoff}", settings(webhook.mode, &webhook.batch, &webhook.truncate))
}

fn sink_settings(sink: &SinkBackend) -> String {
    format!("{}, first retry after {}", settings(Mode::Batch, &sink.batch, &Truncate::default()), sink.initial_backoff)
}

fn settings(mode: Mode, batch: &Batch, truncate: &Truncate) -> String {
    let mut text = mode.to_string();
    if mode == Mode::Batch {
        text.push_str(&format!(", buffer {}, batches of {}", number(batch.buffer_size.into()), batch.max_batch_size));
        if batch.max_batch_size > 1 {
            text.push_str(&format!(" within {}", batch.max_batch_wait));
        }
        if batch.throttle_enable {
            text.push_str(&format!(", {} a second, {} at once", batch.throttle_qps, batch.throttle_burst));
        }
    }
    if truncate.enabled {
        text.push_str(&format!(
            ", events of at most {}",
            bytes(u64::try_from(truncate.max_event_size).unwrap_or_default())
        ));
    }
    text
}

/// `1 event`, `2,000 events`
fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {one}s", number(count as f64)) }
}

fn share(count: u64, all: u64) -> String {
    if count == all || all == 0 {
        return number(count as f64);
    }
    format!("{} ({} %)", number(count as f64), number(count as f64 / all as f64 * 100.0))
}

fn times(times: &Times) -> String {
    if times.max <= 0.0 {
        return "0 ms".to_owned();
    }
    let [p50, p99, max] = [times.p50, times.p99, times.max].map(millis);
    format!("{p50} in the middle, {p99} at the 99th percentile, {max} at most")
}

fn millis(millis: f64) -> String {
    if millis >= 1_000.0 { format!("{} s", number(millis / 1_000.0)) } else { format!("{} ms", number(millis)) }
}

/// A duration to the millisecond.
fn rounded(duration: Duration) -> Duration {
    Duration::from_millis(duration.millis().round() as u64)
}

fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, f64); 3] = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let unit = UNITS.iter().find(|(_, size)| bytes as f64 >= *size);
    unit.map_or_else(|| format!("{bytes} bytes"), |(name, size)| format!("{} {name}", number(bytes as f64 / size)))
}
