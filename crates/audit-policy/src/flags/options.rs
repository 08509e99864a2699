//! Settings of a server ↔ the options of a delivery.

use super::settings::{BatchSettings, Settings, TruncateSettings};
use super::table::flag;
use super::values::show_float32;
use crate::Release;
use crate::deliver::{
    Batch, Duration, Dynamic, LogBackend, LogFormat, Mode, Options, Rotation, Truncate, WebhookBackend,
};
use crate::event::EventVersion;

/// Where the webhook's kubeconfig file is taken to be, where nothing says it: options do not hold its name.
pub const WEBHOOK_FILE: &str = "/etc/kubernetes/audit-webhook.yaml";

impl Settings {
    /// What the settings mean for a delivery. A number that no server takes is the nearest that options hold, and a mode that is not known the backend's default:
    /// [`Settings::errors`] tells that such a server does not start.
    pub fn options(&self, release: Release) -> Options {
        let has_flags = release.minor() >= 10;
        let log = (!self.log.path.is_empty()).then(|| {
            let default = LogBackend::new(release);
            let own = &self.log;
            let rotation = Rotation {
                max_size: number(own.max_size),
                max_age: number(own.max_age),
                max_backups: number(own.max_backup),
            };
            LogBackend {
                path: own.path.clone(),
                version: EventVersion::from_name(&own.version).unwrap_or(default.version),
                mode: Mode::from_name(&own.batch.mode).unwrap_or(default.mode),
                batch: if has_flags { batch(&own.batch, &default.batch) } else { default.batch },
                truncate: if has_flags { truncate(&own.truncate) } else { default.truncate },
                format: if own.format == "legacy" { LogFormat::Legacy } else { LogFormat::Json },
                rotation,
            }
        });
        let webhook = (!self.webhook.config_file.is_empty()).then(|| {
            let default = WebhookBackend::new(release);
            let own = &self.webhook;
            WebhookBackend {
                version: EventVersion::from_name(&own.version).unwrap_or(default.version),
                mode: Mode::from_name(&own.batch.mode).unwrap_or(default.mode),
                batch: if release.minor() >= 9 { batch(&own.batch, &default.batch) } else { default.batch },
                truncate: if has_flags { truncate(&own.truncate) } else { default.truncate },
                initial_backoff: span(own.initial_backoff),
            }
        });
        // Which sinks there are, no flag says.
        let is_dynamic = self.dynamic && self.dynamic_auditing;
        let dynamic = is_dynamic.then(|| Dynamic { truncate: truncate(&self.webhook.truncate), sinks: Vec::new() });
        Options { log, webhook, dynamic }
    }
}

fn batch(own: &BatchSettings, default: &Batch) -> Batch {
    Batch {
        buffer_size: number(own.buffer_size),
        max_batch_size: number(own.max_size),
        max_batch_wait: span(own.max_wait),
        throttle_enable: own.throttle_enable,
        throttle_qps: own.throttle_qps,
        throttle_burst: number(own.throttle_burst),
        async_delegate: default.async_delegate,
    }
}

fn truncate(own: &TruncateSettings) -> Truncate {
    Truncate { enabled: own.enabled, max_event_size: own.max_event_size, max_batch_size: own.max_batch_size }
}

fn number(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

fn span(nanoseconds: i64) -> Duration {
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default())
}

/// The flags that options come to, each with its value, default or not: those that the release has. Of the webhook's file it is told only that there is none.
pub fn values(options: &Options, release: Release) -> Vec<(&'static str, String)> {
    let mut flags = Vec::new();
    let mut add = |plugin: &str, rest: &str, value: String| {
        let found = flag(&format!("audit-{plugin}-{rest}")).filter(|flag| flag.is_in(release));
        flags.extend(found.map(|flag| (flag.name, value)));
    };
    match &options.log {
        None => add("log", "path", String::new()),
        Some(log) => {
            add("log", "path", log.path.clone());
            let format = if log.format == LogFormat::Legacy { "legacy" } else { "json" };
            add("log", "format", format.to_owned());
            add("log", "version", log.version.to_string());
            add("log", "maxsize", log.rotation.max_size.to_string());
            add("log", "maxage", log.rotation.max_age.to_string());
            add("log", "maxbackup", log.rotation.max_backups.to_string());
            backend(&mut |rest, value| add("log", rest, value), log.mode, &log.batch, &log.truncate);
        }
    }
    match &options.webhook {
        None => add("webhook", "config-file", String::new()),
        Some(webhook) => {
            let name = if release.minor() < 10 { "batch-initial-backoff" } else { "initial-backoff" };
            add("webhook", name, webhook.initial_backoff.to_string());
            add("webhook", "version", webhook.version.to_string());
            backend(&mut |rest, value| add("webhook", rest, value), webhook.mode, &webhook.batch, &webhook.truncate);
        }
    }
    flags
}

fn backend(add: &mut dyn FnMut(&str, String), mode: Mode, batch: &Batch, truncate: &Truncate) {
    add("mode", mode.to_string());
    add("batch-buffer-size", batch.buffer_size.to_string());
    add("batch-max-size", batch.max_batch_size.to_string());
    add("batch-max-wait", batch.max_batch_wait.to_string());
    add("batch-throttle-enable", batch.throttle_enable.to_string());
    add("batch-throttle-qps", show_float32(batch.throttle_qps));
    add("batch-throttle-burst", batch.throttle_burst.to_string());
    add("truncate-enabled", truncate.enabled.to_string());
    add("truncate-max-event-size", truncate.max_event_size.to_string());
    add("truncate-max-batch-size", truncate.max_batch_size.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::Preset;

    #[test]
    fn the_servers_defaults_are_the_same_on_both_sides() {
        for release in Release::all() {
            let preset = Options::preset(Preset::ServerDefaults, release);
            let mut settings = Settings::defaults(release);
            assert_eq!(settings.options(release), Options::default());
            settings.log.path = preset.log.clone().unwrap().path;
            settings.webhook.config_file = WEBHOOK_FILE.to_owned();
            let mut options = settings.options(release);
            if release.minor() < 8 {
                assert_eq!(options.log.as_mut().map(|log| std::mem::take(&mut log.format)), Some(LogFormat::Legacy));
            }
            assert_eq!(options, preset, "{release}");
        }
    }
}
