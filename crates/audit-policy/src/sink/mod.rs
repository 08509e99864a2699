//! AuditSink: audit backends as objects of the cluster, in 1.13 to 1.18, with `--audit-dynamic-configuration`.
//!
//! ```text
//! text ──read──► Sink ──┬─load──► the policy that it comes to
//!                       └─beside──► what it gets of an exchange, beside the static policy and other sinks
//! ```
//!
//! With dynamic configuration the server makes every event of every request at level RequestResponse; each sink, and the static policy's
//! own backends, then cut a copy of it down to what they are to have. Mirrors `staging/src/k8s.io/apiserver/plugin/pkg/audit/dynamic` and
//! `pkg/apis/auditregistration`.

mod enforce;
mod read;
#[cfg(test)]
mod tests;
mod validate;

use serde::{Deserialize, Serialize};

use crate::loaded::{ErrorSource, LoadError, Places};
use crate::{Diagnostic, Level, Loaded, Policy, Release, Rule, Severity, Span, Stage};

pub use enforce::{Beside, SinkStages, beside, enforce, plugin_error};
pub(crate) use read::is_sink_node;
pub use read::{is_sink, read};

/// An AuditSink, with its defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sink {
    /// `metadata.name`
    pub name: String,
    /// `spec.policy`
    pub policy: SinkPolicy,
    /// `spec.webhook`
    pub webhook: SinkWebhook,
}

/// Which events a sink gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SinkPolicy {
    /// The level of every event, as it is written.
    pub level: String,
    /// The stages at which it gets events, as they are written.
    pub stages: Vec<String>,
}

/// Where a sink's events go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SinkWebhook {
    /// `clientConfig.url`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `clientConfig.service`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceReference>,
    /// Whether `clientConfig.caBundle` is given; else the server's own roots count.
    pub ca_bundle: bool,
    /// Batches a second; 10 where it is not given.
    pub qps: i64,
    /// Batches at once; 15 where it is not given.
    pub burst: i64,
}

/// A service in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceReference {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The path of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its port; 443 where it is not given. From 1.16.
    pub port: i64,
}

/// How a sink's events are buffered and posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SinkDelivery {
    /// Events in the buffer: what comes beyond is lost.
    pub buffer_size: u32,
    /// Events in a batch.
    pub max_batch_size: u32,
    /// Nanoseconds that a batch waits to be full.
    pub max_batch_wait: i64,
    /// Batches a second.
    pub throttle_qps: i64,
    /// Batches at once.
    pub throttle_burst: i64,
    /// Nanoseconds before a failed post is tried again.
    pub initial_backoff: i64,
}

impl Sink {
    /// How its events are buffered and posted; a request never waits for it, and never fails by it.
    pub fn delivery(&self) -> SinkDelivery {
        SinkDelivery {
            buffer_size: 5_000,
            max_batch_size: 400,
            max_batch_wait: 30_000_000_000,
            throttle_qps: self.webhook.qps,
            throttle_burst: self.webhook.burst,
            initial_backoff: 500_000_000,
        }
    }
}

impl SinkPolicy {
    /// The stages that are not listed, by name: those are omitted. What is listed and is no stage counts for nothing.
    pub fn omit_stages(&self) -> Vec<Stage> {
        let by_name = [Stage::Panic, Stage::RequestReceived, Stage::ResponseComplete, Stage::ResponseStarted];
        by_name.into_iter().filter(|stage| !self.stages.iter().any(|listed| listed == stage.as_str())).collect()
    }

    /// The policy that it comes to: one rule for everything. None where its level is none that there is.
    pub fn to_policy(&self) -> Option<Policy> {
        let rule = Rule { level: Level::from_name(&self.level)?, ..Rule::default() };
        Some(Policy { omit_stages: self.omit_stages(), ..Policy::of_rules([rule]) })
    }
}

/// Whether a release has AuditSink.
pub fn is_in(release: Release) -> bool {
    (13..=18).contains(&release.minor())
}

const API: &str = "auditregistration.k8s.io/v1alpha1";

/// What a text that is an AuditSink comes to where it is given for a policy: in releases that have AuditSink the policy of the first one,
/// else why there is none. None where the text is no AuditSink.
pub fn load(text: &[u8], release: Release) -> Option<Loaded> {
    let read = read(text, release)?;
    let mut findings = read.findings;
    if !is_in(release) {
        findings = vec![gone(release, read.kind_span)];
    }
    let error = match is_in(release) {
        true => read.error,
        false => Some(format!("no matches for kind \"AuditSink\" in version \"{API}\"")),
    };
    let error = error.map(|message| LoadError { message, from: ErrorSource::Apiserver, startup_message: None });
    let policy = read.sinks.first().filter(|_| error.is_none()).and_then(|sink| sink.policy.to_policy());
    if error.is_none() {
        let message = format!(
            "an AuditSink, not a policy file: the server needs --audit-dynamic-configuration, --feature-gates=DynamicAuditing=true and --runtime-config={API}=true"
        );
        findings.push(finding(
            "audit-sink",
            Severity::Note,
            message,
            read.kind_span,
            "every request is recorded at its level, whatever the policy file says",
        ));
        if read.sinks.len() > 1 {
            let message = format!(
                "there are {} sinks, and the first answers: each gets its own copy of every event",
                read.sinks.len()
            );
            findings.push(finding("several-sinks", Severity::Note, message, None, ""));
        }
    }
    let accepted = error.is_none();
    Some(Loaded { release, accepted, error, warnings: Vec::new(), findings, policy, places: Places::default() })
}

/// Why there is no AuditSink in a release, and what to do instead.
pub(crate) fn gone(release: Release, span: Option<Span>) -> Diagnostic {
    let message = format!("Kubernetes {release} has no AuditSink");
    finding("audit-sink", Severity::Error, message, span, INSTEAD)
}

/// What to do instead.
pub(crate) const INSTEAD: &str = "AuditSink was alpha in 1.13 to 1.18, and was dropped since no way led to general use: give the server a policy file and one webhook (--audit-policy-file, --audit-webhook-config-file), whose receiver chooses and passes on";

fn finding(code: &'static str, severity: Severity, message: String, span: Option<Span>, help: &str) -> Diagnostic {
    let help = (!help.is_empty()).then(|| help.to_owned());
    Diagnostic { code, severity, message, path: None, span, help, fix: None }
}
