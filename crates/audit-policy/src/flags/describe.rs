//! What settings come to, in sentences.

use super::settings::{BatchSettings, Settings, TruncateSettings};
use super::values::{show_duration, show_float32};
use crate::Release;

impl Settings {
    /// What the server does with events, a sentence a backend: `log: /var/log/audit.log as json, before the answer goes on; …`.
    pub fn describe(&self, release: Release) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.policy_file.is_empty() {
            lines.push(format!("policy: {}", self.policy_file));
        }
        let log = &self.log;
        if !log.path.is_empty() {
            let standard_output = log.path == "-" && release.has_policies();
            let place = if standard_output { "standard output" } else { log.path.as_str() };
            let basic = !release.has_policies() || release.has_basic_audit() && !self.advanced_auditing;
            let format = if basic { "two lines of text a request" } else { log.format.as_str() };
            let mut line = format!("log: {place}, {format}, {}", when(&log.batch, &log.truncate));
            if !standard_output {
                line.push_str(&format!("; {}", self.rotation(release)));
            }
            lines.push(line);
        }
        let webhook = &self.webhook;
        if !webhook.config_file.is_empty() {
            let backoff = show_duration(webhook.initial_backoff);
            let when = when(&webhook.batch, &webhook.truncate);
            lines.push(format!(
                "webhook: {}, {when}; a failed post is tried again after {backoff}",
                webhook.config_file
            ));
        }
        if self.dynamic && self.dynamic_auditing {
            lines.push("sinks: one backend for each AuditSink object".to_owned());
        }
        lines
    }

    fn rotation(&self, release: Release) -> String {
        let log = &self.log;
        let size = match (log.max_size, release.minor()) {
            (0, 36..) => return "never rotated".to_owned(),
            (0, _) => 100,
            (size, _) => size,
        };
        let kept = match (log.max_age, log.max_backup) {
            (0, 0) => "old files are kept for ever".to_owned(),
            (age, 0) => format!("old files are kept for {age} days"),
            (0, files) => format!("{files} old files are kept"),
            (age, files) => format!("{files} old files are kept for {age} days at most"),
        };
        let packed = if log.compress { ", compressed" } else { "" };
        format!("rotated at {size} MB{packed}, {kept}")
    }
}

fn when(batch: &BatchSettings, truncate: &TruncateSettings) -> String {
    let mut line = match batch.mode.as_str() {
        "blocking" => "before the answer goes on".to_owned(),
        "blocking-strict" => {
            "before the answer goes on, and a request whose first event cannot be stored is refused".to_owned()
        }
        _ => {
            let wait = if batch.max_size == 1 {
                String::new()
            } else {
                format!(" or what has come in {}", show_duration(batch.max_wait))
            };
            let throttle = match batch.throttle_enable {
                true => {
                    format!(", {} batches a second (burst {})", show_float32(batch.throttle_qps), batch.throttle_burst)
                }
                false => String::new(),
            };
            format!(
                "in the background: batches of {}{wait}{throttle}, a buffer of {}",
                batch.max_size, batch.buffer_size
            )
        }
    };
    if truncate.enabled {
        line.push_str(&format!("; events over {} bytes lose their objects", truncate.max_event_size));
    }
    line
}
