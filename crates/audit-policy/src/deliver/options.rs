//! How the server is set: what its `--audit-…` flags say of where events go.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/server/options/audit.go`; fields are named after the flags.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Duration, Truncate};
use crate::Release;
use crate::event::EventVersion;
use crate::release::Change;
use crate::sink::{Sink, SinkPolicy};

/// The backends that are set; with none, nothing is recorded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Options {
    /// The log backend: `--audit-log-path` is given.
    pub log: Option<LogBackend>,
    /// The webhook backend: `--audit-webhook-config-file` is given.
    pub webhook: Option<WebhookBackend>,
    /// Dynamic configuration (1.13 to 1.18): `--audit-dynamic-configuration` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic: Option<Dynamic>,
}

/// The log backend: a file, or standard output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogBackend {
    /// `--audit-log-path`; `-` is standard output, which is not rotated.
    pub path: String,
    /// `--audit-log-version`
    pub version: EventVersion,
    /// `--audit-log-mode`
    pub mode: Mode,
    /// `--audit-log-batch-…`; used in batch mode only.
    pub batch: Batch,
    /// `--audit-log-truncate-…`
    pub truncate: Truncate,
    /// `--audit-log-format`
    pub format: LogFormat,
    /// `--audit-log-maxsize`, `-maxage`, `-maxbackup`
    pub rotation: Rotation,
}

/// The webhook backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookBackend {
    /// `--audit-webhook-version`
    pub version: EventVersion,
    /// `--audit-webhook-mode`
    pub mode: Mode,
    /// `--audit-webhook-batch-…`; used in batch mode only.
    pub batch: Batch,
    /// `--audit-webhook-truncate-…`
    pub truncate: Truncate,
    /// `--audit-webhook-initial-backoff`: the wait before the first retry; each further one is half as long again.
    pub initial_backoff: Duration,
}

/// AuditSinks beside the static policy's backends. Every event is made whole then, and each gets its copy; no request is refused for an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dynamic {
    /// `--audit-webhook-truncate-…`, which holds for sinks also where there is no webhook.
    pub truncate: Truncate,
    /// The sinks that the cluster has.
    pub sinks: Vec<SinkBackend>,
}

/// An AuditSink as a backend: a webhook in batch mode, with its own buffer and throttle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SinkBackend {
    /// `metadata.name`
    pub name: String,
    /// `spec.policy`
    pub policy: SinkPolicy,
    /// `spec.webhook.throttle`, and what nothing sets.
    pub batch: Batch,
    /// The wait before the first retry; nothing sets it.
    pub initial_backoff: Duration,
}

/// How a request waits for its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Not at all: events go to a buffer, and are dropped where it is full.
    Batch,
    /// Until the backend is done with each event, whether it took it or not.
    Blocking,
    /// The same, and a request whose RequestReceived event the backend did not take is answered 500.
    BlockingStrict,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Batch, Mode::Blocking, Mode::BlockingStrict];

    /// The flag's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Batch => "batch",
            Mode::Blocking => "blocking",
            Mode::BlockingStrict => "blocking-strict",
        }
    }

    /// The mode of this word.
    pub fn from_name(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The buffer of batch mode.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Batch {
    /// `-batch-buffer-size`: how many events wait at most, besides those of the batch in hand.
    pub buffer_size: u32,
    /// `-batch-max-size`: the most events of a batch.
    pub max_batch_size: u32,
    /// `-batch-max-wait`: how long a batch is collected at most, from the end of the one before.
    pub max_batch_wait: Duration,
    /// `-batch-throttle-enable`
    pub throttle_enable: bool,
    /// `-batch-throttle-qps`: batches a second.
    pub throttle_qps: f32,
    /// `-batch-throttle-burst`: batches that may go at once after a pause.
    pub throttle_burst: u32,
    /// Whether batches are handed over side by side; no flag sets it.
    pub async_delegate: bool,
}

/// How the log's lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogFormat {
    /// `json`
    #[default]
    Json,
    /// `legacy`
    Legacy,
}

/// How the log file is rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rotation {
    /// `--audit-log-maxsize`: MiB of a file. 0 is no rotation from 1.36 on; before, it is 100.
    pub max_size: u32,
    /// `--audit-log-maxage`: days after which old files are removed; 0: never.
    pub max_age: u32,
    /// `--audit-log-maxbackup`: how many old files are kept; 0: all.
    pub max_backups: u32,
}

impl Rotation {
    /// The most bytes of a file; none where it is not rotated.
    pub fn limit(self, release: Release) -> Option<u64> {
        let mebibytes = match self.max_size {
            0 if release.has(Change::LogRotationDefaults) => return None,
            0 => 100,
            size => u64::from(size),
        };
        Some(mebibytes * 1024 * 1024)
    }
}

impl LogBackend {
    /// The server's defaults, with this path.
    pub fn new(release: Release) -> LogBackend {
        let one_by_one = release.has(Change::LogBatchOfOne);
        LogBackend {
            path: "/var/log/kubernetes/audit.log".to_owned(),
            version: EventVersion::of(release),
            mode: Mode::Blocking,
            batch: Batch {
                max_batch_size: if one_by_one { 1 } else { 400 },
                max_batch_wait: if one_by_one { Duration::ZERO } else { Duration::from_secs(30) },
                throttle_enable: false,
                throttle_qps: if one_by_one { 0.0 } else { 10.0 },
                throttle_burst: if one_by_one { 0 } else { 15 },
                async_delegate: !one_by_one,
                ..Batch::webhook()
            },
            truncate: Truncate::default(),
            format: LogFormat::Json,
            rotation: if release.has(Change::LogRotationDefaults) {
                Rotation { max_size: 100, max_age: 366, max_backups: 100 }
            } else {
                Rotation { max_size: 0, max_age: 0, max_backups: 0 }
            },
        }
    }
}

impl WebhookBackend {
    /// The server's defaults: but for the version of events the same in every release.
    pub fn new(release: Release) -> WebhookBackend {
        WebhookBackend {
            version: EventVersion::of(release),
            mode: Mode::Batch,
            batch: Batch::webhook(),
            truncate: Truncate::default(),
            initial_backoff: Duration::from_secs(10),
        }
    }
}

impl SinkBackend {
    /// How a sink's events are sent. Mirrors `plugin/pkg/audit/dynamic/{defaults,factory}.go` of 1.13 to 1.18.
    pub fn new(sink: &Sink) -> SinkBackend {
        let own = sink.delivery();
        let nanos = |value: i64| Duration::from_nanos(u64::try_from(value).unwrap_or_default());
        SinkBackend {
            name: sink.name.clone(),
            policy: sink.policy.clone(),
            batch: Batch {
                buffer_size: own.buffer_size,
                max_batch_size: own.max_batch_size,
                max_batch_wait: nanos(own.max_batch_wait),
                throttle_enable: true,
                throttle_qps: own.throttle_qps as f32,
                throttle_burst: u32::try_from(own.throttle_burst.max(0)).unwrap_or(u32::MAX),
                async_delegate: true,
            },
            initial_backoff: nanos(own.initial_backoff),
        }
    }
}

impl Batch {
    /// The webhook's defaults.
    pub fn webhook() -> Batch {
        Batch {
            buffer_size: 10_000,
            max_batch_size: 400,
            max_batch_wait: Duration::from_secs(30),
            throttle_enable: true,
            throttle_qps: 10.0,
            throttle_burst: 15,
            async_delegate: true,
        }
    }
}

/// Settings to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Preset {
    /// Both backends as the server sets them where no flag does.
    ServerDefaults,
    /// Settings that lose less: the log blocks, so that nothing is dropped before it is on disk, and is rotated at 100 MB with 100 old files (10 GB); the
    /// webhook's buffer holds 50,000 events, and 50 batches a second may go.
    Safe,
}

impl Options {
    /// The settings of a preset, with both backends.
    pub fn preset(preset: Preset, release: Release) -> Options {
        let mut log = LogBackend::new(release);
        let mut webhook = WebhookBackend::new(release);
        if preset == Preset::Safe {
            log.rotation = Rotation { max_size: 100, max_age: 0, max_backups: 100 };
            webhook.batch = Batch { buffer_size: 50_000, throttle_qps: 50.0, throttle_burst: 100, ..webhook.batch };
        }
        Options { log: Some(log), webhook: Some(webhook), dynamic: None }
    }

    /// What the server says of settings that it refuses, one message each; empty where it starts.
    pub fn refusals(&self) -> Vec<String> {
        let mut refusals = Vec::new();
        if let Some(log) = &self.log {
            refusals.extend(batch_refusal("log", log.mode, &log.batch));
            refusals.extend(truncate_refusal("log", &log.truncate));
        }
        if let Some(webhook) = &self.webhook {
            refusals.extend(batch_refusal("webhook", webhook.mode, &webhook.batch));
            refusals.extend(truncate_refusal("webhook", &webhook.truncate));
        }
        refusals
    }
}

/// Upstream's `validateBackendBatchOptions`.
fn batch_refusal(plugin: &str, mode: Mode, batch: &Batch) -> Option<String> {
    if mode != Mode::Batch {
        return None;
    }
    let refused = |what: &str, value: &dyn fmt::Display| {
        Some(format!("invalid audit batch {plugin} {what} {value}, must be a positive number"))
    };
    if batch.buffer_size == 0 {
        refused("buffer size", &batch.buffer_size)
    } else if batch.max_batch_size == 0 {
        refused("max batch size", &batch.max_batch_size)
    } else if batch.throttle_enable && (batch.throttle_qps <= 0.0 || batch.throttle_qps.is_nan()) {
        refused("throttle QPS", &batch.throttle_qps)
    } else if batch.throttle_enable && batch.throttle_burst == 0 {
        refused("throttle burst", &batch.throttle_burst)
    } else {
        None
    }
}

/// Upstream's `AuditTruncateOptions.Validate`: limits are looked at also where truncation is off.
fn truncate_refusal(plugin: &str, truncate: &Truncate) -> Option<String> {
    let Truncate { max_event_size, max_batch_size, .. } = truncate;
    if *max_event_size <= 0 {
        Some(format!("invalid audit truncate {plugin} max event size {max_event_size}, must be a positive number"))
    } else if max_batch_size < max_event_size {
        Some(format!(
            "invalid audit truncate {plugin} max batch size {max_batch_size}, must be greater than max event size ({max_event_size})"
        ))
    } else {
        None
    }
}
