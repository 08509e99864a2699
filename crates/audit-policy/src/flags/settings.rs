//! What the flags of a server come to: plain data, with the defaults of the release where a flag is not given.

use serde::Serialize;

use super::table::{FLAGS, FlagKind, flag};
use super::values::{parse_bool, parse_duration, parse_float32, parse_int};
use crate::Release;
use crate::event::EventVersion;
use crate::text::go_quote;

/// The settings of a server that auditing reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `--audit-policy-file`; empty for none.
    pub policy_file: String,
    /// The log backend.
    pub log: LogSettings,
    /// The webhook backend.
    pub webhook: WebhookSettings,
    /// `--audit-dynamic-configuration`
    pub dynamic: bool,
    /// The feature gate AdvancedAuditing; where it is gone, on.
    pub advanced_auditing: bool,
    /// The feature gate DynamicAuditing.
    pub dynamic_auditing: bool,
}

/// `--audit-log-*`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogSettings {
    /// The file; `-` for standard output, empty for no log.
    pub path: String,
    /// `json` or `legacy`.
    pub format: String,
    /// The API version of events.
    pub version: String,
    /// Megabytes at which the file is rotated.
    pub max_size: i64,
    /// Days that rotated files are kept.
    pub max_age: i64,
    /// Rotated files that are kept.
    pub max_backup: i64,
    /// Whether rotated files are compressed.
    pub compress: bool,
    /// When events are written.
    pub batch: BatchSettings,
    /// How large they may be.
    pub truncate: TruncateSettings,
}

/// `--audit-webhook-*`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSettings {
    /// The kubeconfig file; empty for no webhook.
    pub config_file: String,
    /// The API version of events.
    pub version: String,
    /// Nanoseconds before a failed post is tried again.
    pub initial_backoff: i64,
    /// When events are posted.
    pub batch: BatchSettings,
    /// How large they may be.
    pub truncate: TruncateSettings,
}

/// `--audit-*-mode` and `--audit-*-batch-*`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchSettings {
    /// `batch`, `blocking` or `blocking-strict`.
    pub mode: String,
    /// Events in the buffer.
    pub buffer_size: i64,
    /// Events in a batch.
    pub max_size: i64,
    /// Nanoseconds that a batch waits to be full.
    pub max_wait: i64,
    /// Whether batches are throttled.
    pub throttle_enable: bool,
    /// Batches a second.
    pub throttle_qps: f32,
    /// Batches at once.
    pub throttle_burst: i64,
}

/// `--audit-*-truncate-*`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TruncateSettings {
    /// Whether events and batches are cut.
    pub enabled: bool,
    /// Bytes in a batch.
    pub max_batch_size: i64,
    /// Bytes in an event.
    pub max_event_size: i64,
}

impl Settings {
    /// What a release's server has where no flag is given.
    pub fn defaults(release: Release) -> Settings {
        let mut settings = Settings { advanced_auditing: release.minor() >= 8, ..Settings::default() };
        for flag in FLAGS.iter().filter(|flag| flag.is_in(release)) {
            let default = flag.default_in(release);
            if !default.is_empty() {
                // The defaults of the table are good values.
                let _ = settings.set(flag.name, default, release);
            }
        }
        if release.minor() < 10 {
            // Before the flag, posting was always throttled, and the log never.
            settings.webhook.batch.throttle_enable = true;
            settings.log.batch.mode = "blocking".to_owned();
            settings.log.format = if release.minor() < 8 { "legacy".to_owned() } else { settings.log.format };
        }
        if release.minor() < 9 {
            settings.webhook.initial_backoff = 10_000_000_000;
        }
        settings
    }

    /// Sets a flag to a value.
    ///
    /// # Errors
    ///
    /// Why Go does not take the value, in its words, without the name of the flag.
    pub(super) fn set(&mut self, name: &str, value: &str, release: Release) -> Result<(), String> {
        let kind = flag(name).map_or(FlagKind::String, |flag| flag.kind);
        match kind {
            FlagKind::String => {
                if let Some(place) = self.string(name) {
                    *place = value.to_owned();
                }
            }
            FlagKind::Int | FlagKind::Int64 => {
                let value = parse_int(value)?;
                if let Some(place) = self.int(name) {
                    *place = value;
                }
            }
            FlagKind::Float32 => {
                let value = parse_float32(value)?;
                if let Some(batch) = self.batch_of(name) {
                    batch.throttle_qps = value;
                }
            }
            FlagKind::Duration => {
                let value = parse_duration(value, release)?;
                match (name.ends_with("initial-backoff"), self.batch_of(name)) {
                    (true, _) => self.webhook.initial_backoff = value,
                    (false, Some(batch)) => batch.max_wait = value,
                    (false, None) => {}
                }
            }
            FlagKind::Bool => {
                let value = parse_bool(value)?;
                if let Some(place) = self.bool(name) {
                    *place = value;
                }
            }
            FlagKind::Gates => self.gates(value, release)?,
        }
        Ok(())
    }

    fn string(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "audit-policy-file" => &mut self.policy_file,
            "audit-log-path" => &mut self.log.path,
            "audit-log-format" => &mut self.log.format,
            "audit-log-version" => &mut self.log.version,
            "audit-log-mode" => &mut self.log.batch.mode,
            "audit-webhook-config-file" => &mut self.webhook.config_file,
            "audit-webhook-version" => &mut self.webhook.version,
            "audit-webhook-mode" => &mut self.webhook.batch.mode,
            _ => return None,
        })
    }

    fn int(&mut self, name: &str) -> Option<&mut i64> {
        match name {
            "audit-log-maxsize" => return Some(&mut self.log.max_size),
            "audit-log-maxage" => return Some(&mut self.log.max_age),
            "audit-log-maxbackup" => return Some(&mut self.log.max_backup),
            _ => {}
        }
        if name.contains("-truncate-") {
            let truncate = self.truncate_of(name)?;
            let of_batch = name.ends_with("batch-size");
            return Some(if of_batch { &mut truncate.max_batch_size } else { &mut truncate.max_event_size });
        }
        let batch = self.batch_of(name)?;
        Some(match name.rsplit_once("-batch-")?.1 {
            "buffer-size" => &mut batch.buffer_size,
            "max-size" => &mut batch.max_size,
            "throttle-burst" => &mut batch.throttle_burst,
            _ => return None,
        })
    }

    fn bool(&mut self, name: &str) -> Option<&mut bool> {
        match name {
            "audit-log-compress" => Some(&mut self.log.compress),
            "audit-dynamic-configuration" => Some(&mut self.dynamic),
            _ if name.ends_with("-truncate-enabled") => self.truncate_of(name).map(|truncate| &mut truncate.enabled),
            _ => self.batch_of(name).map(|batch| &mut batch.throttle_enable),
        }
    }

    fn batch_of(&mut self, name: &str) -> Option<&mut BatchSettings> {
        if name.starts_with("audit-log-") {
            Some(&mut self.log.batch)
        } else if name.starts_with("audit-webhook-") {
            Some(&mut self.webhook.batch)
        } else {
            None
        }
    }

    fn truncate_of(&mut self, name: &str) -> Option<&mut TruncateSettings> {
        if name.starts_with("audit-log-") { Some(&mut self.log.truncate) } else { Some(&mut self.webhook.truncate) }
    }

    /// `Gate=true,Other=false`, of which those that auditing has are read.
    fn gates(&mut self, value: &str, release: Release) -> Result<(), String> {
        for pair in value.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let Some((gate, value)) = pair.split_once('=') else {
                return Err(format!("missing bool value for {}", pair));
            };
            let (gate, value) = (gate.trim(), value.trim());
            let known = match gate {
                "AdvancedAuditing" => (7..=27).contains(&release.minor()),
                "DynamicAuditing" => (13..=18).contains(&release.minor()),
                _ => continue,
            };
            if !known {
                let kind = if release.minor() >= 12 { "feature gate" } else { "key" };
                return Err(format!("unrecognized {kind}: {gate}"));
            }
            let Ok(value_is) = parse_bool(value) else {
                let reason = parse_bool(value).err().unwrap_or_default();
                return Err(format!("invalid value of {gate}={value}, err: {reason}"));
            };
            match gate {
                "AdvancedAuditing" if release.minor() == 27 && !value_is => {
                    return Err(
                        "cannot set feature gate AdvancedAuditing to false, feature is locked to true".to_owned()
                    );
                }
                "AdvancedAuditing" => self.advanced_auditing = value_is,
                _ => self.dynamic_auditing = value_is,
            }
        }
        Ok(())
    }

    /// Why a release's server refuses these settings, in the order in which it looks; the texts are its own. It tells all of them at once.
    pub fn errors(&self, release: Release) -> Vec<String> {
        let minor = release.minor();
        let mut errors = Vec::new();
        if minor < 8 {
            return errors;
        }
        let advanced = self.advanced_auditing || minor >= 12;
        if !advanced {
            for (value, name) in
                [(&self.policy_file, "audit-policy-file"), (&self.webhook.config_file, "audit-webhook-config-file")]
            {
                if !value.is_empty() {
                    errors.push(format!("feature 'AdvancedAuditing' must be enabled to set option --{name}"));
                }
            }
        }
        if minor < 10 {
            if advanced {
                errors.extend(mode_error("webhook", &self.webhook.batch.mode, release));
                if minor == 9 {
                    errors.extend(batch_errors("webhook", &self.webhook.batch, true));
                }
                errors.extend(self.format_error());
            }
            errors.extend(self.rotation_errors());
            return errors;
        }
        if !self.log.path.is_empty() {
            if advanced {
                errors.extend(backend_errors("log", &self.log.batch, &self.log.truncate, release));
                errors.extend(version_error(&self.log.version, release));
                errors.extend(self.format_error());
            }
            errors.extend(self.rotation_errors());
        }
        if !self.webhook.config_file.is_empty() && advanced {
            errors.extend(backend_errors("webhook", &self.webhook.batch, &self.webhook.truncate, release));
            errors.extend(version_error(&self.webhook.version, release));
        }
        if self.dynamic && !self.dynamic_auditing {
            errors
                .push("--audit-dynamic-configuration set, but DynamicAuditing feature gate is not enabled".to_owned());
        }
        errors
    }

    fn format_error(&self) -> Option<String> {
        let format = &self.log.format;
        let known = matches!(format.as_str(), "legacy" | "json");
        (!known).then(|| format!("invalid audit log format {format}, allowed formats are \"legacy,json\""))
    }

    fn rotation_errors(&self) -> Vec<String> {
        let numbers =
            [("maxage", self.log.max_age), ("maxbackup", self.log.max_backup), ("maxsize", self.log.max_size)];
        let negative = numbers.iter().filter(|(_, value)| *value < 0);
        negative.map(|(name, value)| format!("--audit-log-{name} {value} can't be a negative number")).collect()
    }
}

/// The modes that a release knows.
pub fn modes(release: Release) -> &'static [&'static str] {
    if release.minor() >= 13 { &["batch", "blocking", "blocking-strict"] } else { &["batch", "blocking"] }
}

fn mode_error(plugin: &str, mode: &str, release: Release) -> Option<String> {
    let modes = modes(release);
    let allowed = modes.join(",");
    (!modes.contains(&mode)).then(|| format!("invalid audit {plugin} mode {mode}, allowed modes are \"{allowed}\""))
}

/// The first thing that is wrong with a backend's batches; in 1.9 everything.
fn batch_errors(plugin: &str, batch: &BatchSettings, throttled: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut positive = |what: &str, good: bool, value: String| {
        if !good {
            wrong.push(format!("invalid audit batch {plugin} {what} {value}, must be a positive number"));
        }
    };
    positive("buffer size", batch.buffer_size > 0, batch.buffer_size.to_string());
    positive("max batch size", batch.max_size > 0, batch.max_size.to_string());
    if throttled {
        // Not a number is not refused: nothing is less or equal to it.
        let qps_is_good = batch.throttle_qps > 0.0 || batch.throttle_qps.is_nan();
        positive("throttle QPS", qps_is_good, super::values::show_float32(batch.throttle_qps));
        positive("throttle burst", batch.throttle_burst > 0, batch.throttle_burst.to_string());
    }
    wrong
}

fn backend_errors(plugin: &str, batch: &BatchSettings, truncate: &TruncateSettings, release: Release) -> Vec<String> {
    let mut errors = Vec::new();
    if let Some(error) = mode_error(plugin, &batch.mode, release) {
        errors.push(error);
    } else if batch.mode == "batch" {
        // Until 1.11 the numbers of throttling are looked at also where it is off.
        let throttled = batch.throttle_enable || release.minor() < 12;
        errors.extend(batch_errors(plugin, batch, throttled).into_iter().take(1));
    }
    let TruncateSettings { max_batch_size, max_event_size, .. } = truncate;
    if *max_event_size <= 0 {
        errors.push(format!(
            "invalid audit truncate {plugin} max event size {max_event_size}, must be a positive number"
        ));
    } else if max_batch_size < max_event_size {
        errors.push(format!(
            "invalid audit truncate {plugin} max batch size {max_batch_size}, must be greater than max event size ({max_event_size})"
        ));
    }
    errors
}

/// The API versions of events that flags may choose in a release; none where there is no such flag.
pub fn versions(release: Release) -> Vec<&'static str> {
    let has_flag = flag("audit-log-version").is_some_and(|flag| flag.is_in(release));
    EventVersion::all_in(release).filter(|_| has_flag).map(EventVersion::as_str).collect()
}

fn version_error(version: &str, release: Release) -> Option<String> {
    let known = versions(release);
    if known.is_empty() || known.contains(&version) {
        return None;
    }
    if version.matches('/').count() > 1 {
        return Some(format!("unexpected GroupVersion string: {version}"));
    }
    let quoted: Vec<String> = known.iter().map(|version| go_quote(version.as_bytes())).collect();
    Some(format!("invalid group version, allowed versions are [{}]", quoted.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(minor: u8, flags: &[(&str, &str)]) -> (Settings, Release) {
        let release = Release::new(minor).unwrap();
        let mut settings = Settings::defaults(release);
        for (name, value) in flags {
            settings.set(name, value, release).unwrap();
        }
        (settings, release)
    }

    #[test]
    fn defaults_are_the_servers() {
        let (settings, _) = settings(37, &[]);
        assert_eq!((settings.log.max_size, settings.log.max_age, settings.log.max_backup), (100, 366, 100));
        assert_eq!((settings.log.batch.max_size, settings.log.batch.throttle_enable), (1, false));
        let webhook = &settings.webhook;
        assert_eq!(
            (webhook.batch.mode.as_str(), webhook.batch.max_size, webhook.batch.max_wait),
            ("batch", 400, 30_000_000_000)
        );
        assert_eq!((webhook.batch.throttle_qps, webhook.batch.throttle_burst), (10.0, 15));
        assert_eq!(
            webhook.truncate,
            TruncateSettings { enabled: false, max_batch_size: 10_485_760, max_event_size: 102_400 }
        );
        for release in Release::all() {
            assert_eq!(Settings::defaults(release).errors(release), [""; 0], "{release}");
        }
    }

    #[test]
    fn each_release_refuses_its_own() {
        let errors = |minor, flags: &[(&str, &str)]| {
            let (settings, release) = settings(minor, flags);
            settings.errors(release)
        };
        assert_eq!(errors(37, &[("audit-log-mode", "bogus")]), [""; 0], "not looked at without a path");
        assert_eq!(
            errors(12, &[("audit-log-path", "/a"), ("audit-log-mode", "blocking-strict")]),
            ["invalid audit log mode blocking-strict, allowed modes are \"batch,blocking\""]
        );
        assert_eq!(
            errors(9, &[("audit-webhook-mode", "x"), ("audit-log-maxage", "-1")]).len(),
            2,
            "looked at without a file"
        );
        assert_eq!(
            errors(8, &[("feature-gates", "AdvancedAuditing=false"), ("audit-policy-file", "/p")]),
            ["feature 'AdvancedAuditing' must be enabled to set option --audit-policy-file"]
        );
        assert_eq!(
            errors(18, &[("audit-dynamic-configuration", "true")]),
            ["--audit-dynamic-configuration set, but DynamicAuditing feature gate is not enabled"]
        );
        assert_eq!(
            errors(18, &[("audit-dynamic-configuration", "true"), ("feature-gates", "DynamicAuditing=true")]),
            [""; 0]
        );
        assert_eq!(
            errors(23, &[("audit-log-path", "/a"), ("audit-log-version", "v2")]),
            [
                "invalid group version, allowed versions are [\"audit.k8s.io/v1alpha1\" \"audit.k8s.io/v1beta1\" \"audit.k8s.io/v1\"]"
            ]
        );
        assert_eq!(
            errors(37, &[("audit-webhook-config-file", "/k"), ("audit-webhook-truncate-max-event-size", "20000000")]),
            ["invalid audit truncate webhook max batch size 10485760, must be greater than max event size (20000000)"]
        );
    }
}
