//! What the server does with its settings when it starts: what it logs, and why it stops where it does.
//!
//! Mirrors `ApplyTo` of `staging/src/k8s.io/apiserver/pkg/server/options/audit.go`. What is in files the caller tells.

use serde::Serialize;

use super::kubeconfig::{self, Kubeconfig, NamedFile, aggregate};
use super::settings::{BatchSettings, Settings};
use crate::{Diagnostic, Policy, Release, load};

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// A file with this content.
    Content(Vec<u8>),
    /// A folder.
    Directory,
    /// Nothing.
    Missing,
    /// It is not known: taken for a file that is good.
    Unknown,
}

/// Says what is at a path.
pub type Files<'f> = &'f dyn Fn(&str) -> FileState;

/// What a server does when it starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// Why it does not, in its words: it exits with 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it logs, exactly, at the verbosity that shows it (`-v=4` shows all).
    pub lines: Vec<String>,
    /// Its backends, as it names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backends: Option<String>,
    /// The webhook, where its file is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Kubeconfig>,
    /// The files that the webhook's kubeconfig file names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook_files: Vec<NamedFile>,
    /// The policy, where its file is known and it loads.
    #[serde(skip)]
    pub policy: Option<Policy>,
    /// What is wrong with the webhook's kubeconfig file; places are in that file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook_findings: Vec<Diagnostic>,
}

/// Starts a server of a release with these settings.
pub fn start(settings: &Settings, release: Release, files: Files<'_>) -> Start {
    let mut start = Start::default();
    let errors = settings.errors(release);
    start.error = if errors.is_empty() { start.run(settings, release, files).err() } else { Some(aggregate(&errors)) };
    start
}

impl Start {
    fn run(&mut self, settings: &Settings, release: Release, files: Files<'_>) -> Result<(), String> {
        let minor = release.minor();
        if minor < 7 || minor < 12 && !settings.advanced_auditing {
            return self.basic(settings, release);
        }
        let has_policy = !settings.policy_file.is_empty();
        if has_policy {
            self.load(&settings.policy_file, release, files)?;
        }
        let dynamic = settings.dynamic && settings.dynamic_auditing;
        let enforced = |backend: String| if dynamic { format!("enforced<{backend}>") } else { backend };
        let (mut log, mut posted) = (None, None);
        if !settings.log.path.is_empty() {
            if minor >= 22 && settings.log.path != "-" && files(&settings.log.path) == FileState::Directory {
                return Err(format!("ensureLogFile: open {}: is a directory", settings.log.path));
            }
            if has_policy || minor < 13 {
                let backend = wrapped("log", &settings.log.batch, release);
                log = Some(enforced(truncated(backend, settings.log.truncate.enabled)));
            } else {
                self.no_policy("log");
            }
        }
        if !settings.webhook.config_file.is_empty() {
            if has_policy || minor < 13 {
                self.webhook(settings, release, files)?;
                posted = Some(enforced(wrapped("webhook", &settings.webhook.batch, release)));
            } else {
                self.no_policy("webhook");
            }
        }
        if dynamic {
            posted = union([posted, Some("dynamic[]".to_owned())]);
        }
        let posted = posted.map(|backend| truncated(backend, settings.webhook.truncate.enabled));
        let backends = union([log, posted]);
        if !has_policy && (8..13).contains(&minor) && backends.is_some() {
            self.lines
                .push("No audit policy file provided for AdvancedAuditing, no events will be recorded.".to_owned());
            return Ok(());
        }
        self.backends = backends;
        if minor >= 13
            && let Some(backends) = &self.backends
        {
            self.lines.push(format!("Using audit backend: {backends}"));
        }
        Ok(())
    }

    /// Two lines of text a request, whatever it is.
    fn basic(&mut self, settings: &Settings, release: Release) -> Result<(), String> {
        if release.minor() == 7 {
            for (value, what) in [(&settings.policy_file, "policy"), (&settings.webhook.config_file, "webhook")] {
                if !value.is_empty() {
                    return Err(format!("feature 'AdvancedAuditing' must be enabled to set an audit {what}"));
                }
            }
        }
        self.backends = (!settings.log.path.is_empty()).then(|| "basic audit".to_owned());
        Ok(())
    }

    fn load(&mut self, path: &str, release: Release, files: Files<'_>) -> Result<(), String> {
        let loaded = match files(path) {
            FileState::Content(text) => load(&text, release).from_file(path),
            FileState::Directory => load::unreadable(path, &format!("read {path}: is a directory"), release),
            FileState::Missing => load::unreadable(path, &format!("open {path}: no such file or directory"), release),
            FileState::Unknown => return Ok(()),
        };
        self.lines.extend(loaded.warnings);
        if let Some(error) = loaded.error {
            return Err(error.startup_message.unwrap_or(error.message));
        }
        let rules = loaded.policy.as_ref().map_or(0, |policy| policy.rules.len());
        self.lines.push(match release.minor() {
            ..=8 => format!("Loaded {rules} audit policy rules from file {path}"),
            9..=20 => format!("Loaded {rules} audit policy rules"),
            _ => format!("\"Load audit policy rules success\" policyCnt={rules}"),
        });
        self.policy = loaded.policy;
        Ok(())
    }

    fn no_policy(&mut self, backend: &str) {
        self.lines.push(format!("No audit policy file provided, no events will be recorded for {backend} backend"));
    }

    fn webhook(&mut self, settings: &Settings, release: Release, files: Files<'_>) -> Result<(), String> {
        let (path, mode) = (&settings.webhook.config_file, &settings.webhook.batch.mode);
        let refuse = |message: String| Err(format!("initializing audit webhook: {message}"));
        if release.minor() == 7 && !super::settings::modes(release).contains(&mode.as_str()) {
            return refuse(format!("webhook mode {mode:?} is not in list of known modes (batch,blocking)"));
        }
        match files(path) {
            FileState::Content(text) => {
                let read = kubeconfig::read(&text, path, files);
                self.webhook_findings = read.findings;
                self.webhook_files = read.files;
                match read.outcome {
                    Ok(webhook) => self.webhook = Some(webhook),
                    Err(message) => return refuse(message),
                }
                Ok(())
            }
            FileState::Missing => refuse(format!("stat {path}: no such file or directory")),
            FileState::Directory => {
                refuse(format!("error loading config file \"{path}\": read {path}: is a directory"))
            }
            FileState::Unknown => Ok(()),
        }
    }
}

fn wrapped(backend: &str, batch: &BatchSettings, release: Release) -> String {
    match batch.mode.as_str() {
        "batch" => format!("buffered<{backend}>"),
        "blocking" if release.minor() >= 13 => format!("ignoreErrors<{backend}>"),
        _ => backend.to_owned(),
    }
}

fn union(backends: [Option<String>; 2]) -> Option<String> {
    match backends {
        [Some(first), Some(second)] => Some(format!("union[{first},{second}]")),
        [first, second] => first.or(second),
    }
}

fn truncated(backend: String, enabled: bool) -> String {
    if enabled { format!("truncate<{backend}>") } else { backend }
}
