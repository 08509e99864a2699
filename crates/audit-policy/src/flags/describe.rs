//! What settings come to, in sentences.

use super::settings::{BatchSettings, Settings, TruncateSettings, modes};
use super::table::flag;
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

/// The modes of a backend (`log` or `webhook`) in a release, each with what it does; none where the release has no flag for them.
pub fn described_modes(backend: &str, release: Release) -> Vec<(&'static str, &'static str)> {
    let has_flag = flag(&format!("audit-{backend}-mode")).is_some_and(|flag| flag.is_in(release));
    let known = if has_flag { modes(release) } else { &[] };
    let words = |mode: &str| match mode {
        "batch" => "Events are buffered and sent later. A full buffer drops events.",
        "blocking" => "Each response waits until its event is written. A failure does not fail the request.",
        _ => "As blocking. A failure at RequestReceived fails the request with 500.",
    };
    known.iter().map(|mode| (*mode, words(mode))).collect()
}

/// What a backend does in a release that has no flag for its mode.
pub fn without_modes(backend: &str) -> String {
    let since = flag(&format!("audit-{backend}-mode")).map_or(0, |flag| flag.first);
    format!(
        "The {backend} has modes from Kubernetes 1.{since}. Before, each response waits until its event is written."
    )
}

/// What is written of requests by a release without policies, in a few words and in sentences; none where it has policies.
pub fn describe_basic(settings: &Settings, release: Release) -> Option<(&'static str, String)> {
    if release.has_policies() {
        return None;
    }
    let (words, waits) = match settings.log.path.is_empty() {
        true => ("No log is set: nothing is written", ""),
        false => ("Two lines of each request are written to the log", "The request waits until they are written. "),
    };
    let since = Release::OLDEST_WITH_POLICIES;
    let text = format!(
        "Kubernetes {release} has no policies and no events: its basic audit has two lines for each request, shown below. {waits}Policies and the webhook are from {since}."
    );
    Some((words, text))
}

/// What AuditSink objects were, and when.
pub fn describe_sinks() -> String {
    let flag = flag("audit-dynamic-configuration");
    let (first, last) = flag.map_or((0, 0), |flag| (flag.first, flag.last.unwrap_or(flag.first)));
    format!(
        "From 1.{first} to 1.{last}, behind a feature gate, objects in the cluster could name more receivers while the server ran. They were removed in 1.{}: since then a change of where events go is a change of flags, and a restart.",
        last + 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_those_that_the_release_has_a_flag_for() {
        let names = |backend, minor| {
            let modes = described_modes(backend, Release::new(minor).unwrap());
            modes.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names("log", 9), [""; 0]);
        assert_eq!(names("log", 10), ["batch", "blocking"]);
        assert_eq!(names("webhook", 6), [""; 0]);
        assert_eq!(names("webhook", 7), ["batch", "blocking"]);
        assert_eq!(names("webhook", 13), ["batch", "blocking", "blocking-strict"]);
        assert!(without_modes("log").starts_with("The log has modes from Kubernetes 1.10. "));
    }

    #[test]
    fn a_release_without_policies_says_so() {
        let release = Release::new(5).unwrap();
        let mut settings = Settings::defaults(release);
        assert_eq!(describe_basic(&settings, release).unwrap().0, "No log is set: nothing is written");
        settings.log.path = "/a".to_owned();
        let (words, text) = describe_basic(&settings, release).unwrap();
        assert_eq!(words, "Two lines of each request are written to the log");
        assert!(text.ends_with("Policies and the webhook are from 1.7."), "{text}");
        assert_eq!(describe_basic(&settings, Release::new(7).unwrap()), None);
        assert!(describe_sinks().starts_with("From 1.13 to 1.18, ") && describe_sinks().contains("removed in 1.19"));
    }
}
