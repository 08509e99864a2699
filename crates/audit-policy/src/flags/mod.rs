//! kube-apiserver's flags for auditing: what stands in a command line or a manifest, what the server makes of it, and what was likely meant.
//!
//! ```text
//! text ──shape──► arguments ──parse (pflag)──► settings ──start──► what the server logs, or why it stops
//!                                                  └──findings──► mistakes, with places       └──write──► any other shape
//! ```
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/server/options/audit.go` of every release from 1.4 on.

mod describe;
mod findings;
pub mod kubeconfig;
mod options;
mod parse;
mod rewrite;
mod settings;
mod shape;
mod start;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod words;
mod write;

use serde::Serialize;

use crate::{Diagnostic, Release};

pub use describe::{describe_basic, describe_sinks, described_modes, without_modes};
pub use kubeconfig::{Kubeconfig, KubeconfigParts, NamedFile};
pub use options::{WEBHOOK_FILE, values};
pub use parse::Given;
pub use rewrite::{allow_sinks, change, rewrite};
pub use settings::{BatchSettings, LogSettings, Settings, TruncateSettings, WebhookSettings, modes, versions};
pub use shape::{Argument, Mount, Shape, Source, read};
pub use start::{FileState, Files, Start, start};
pub use table::{FLAGS, Flag, FlagKind, flag};
pub use values::show_duration;
pub use write::write;

/// What a server makes of its flags.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The release that was asked.
    pub release: Release,
    /// How the flags are given.
    pub shape: Shape,
    /// The flags of auditing that are given, in order; of one that is repeated the last counts.
    #[serde(skip)]
    pub given: Vec<Given>,
    /// Whether it starts.
    pub accepted: bool,
    /// Why pflag reads no further, in its words: the server prints them after `Error: ` and exits with 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_error: Option<String>,
    /// What the flags come to.
    pub settings: Settings,
    /// What it does when it starts; where the flags can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// What is wrong, and what is likely not meant; places are in the text.
    pub findings: Vec<Diagnostic>,
    /// What the server's container sees of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mounts: Option<Vec<Mount>>,
}

impl Checked {
    /// Why the server does not start; none where it does.
    pub fn error(&self) -> Option<&str> {
        let of_start = || self.start.as_ref().and_then(|start| start.error.as_deref());
        self.usage_error.as_deref().or_else(of_start)
    }

    /// The flags whose values are not the release's defaults, each as it counts, with the default; of a flag that has none it is not told.
    pub fn changed(&self) -> Vec<(&Given, &'static str)> {
        let defaults = Settings::defaults(self.release);
        let differs = |given: &Given| {
            let mut other = defaults.clone();
            other.set(given.flag.name, &given.value, self.release).is_ok() && other != defaults
        };
        let counts = |index: usize, name: &str| self.given.iter().skip(index + 1).all(|later| later.flag.name != name);
        let changed = self.given.iter().enumerate().filter_map(|(index, given)| {
            let default = given.flag.default_in(self.release);
            let told = !default.is_empty() && counts(index, given.flag.name) && differs(given);
            told.then_some((given, default))
        });
        changed.collect()
    }
}

/// Checks a text that holds flags; none where it holds none in any shape that is known. `files` says what is in the files that flags name.
pub fn check(text: &str, release: Release, files: Files<'_>) -> Option<Checked> {
    read(text).map(|source| check_source(source, release, files))
}

/// Checks the words of a command line, without the command itself.
pub fn check_words(words: &[&str], release: Release, files: Files<'_>) -> Checked {
    let arguments = words.iter().map(|word| Argument { text: (*word).to_owned(), span: None, parts: None }).collect();
    let source = Source { shape: Shape::CommandLine, arguments, mounts: None, findings: Vec::new() };
    check_source(source, release, files)
}

/// Checks what was read.
pub fn check_source(source: Source, release: Release, files: Files<'_>) -> Checked {
    let parsed = parse::parse(&source.arguments, release);
    let usage_error = parsed.errors.first().map(|error| error.message.clone());
    let mut start = usage_error.is_none().then(|| start(&parsed.settings, release, files));
    if let (Some(start), Some(mounts)) = (&mut start, &source.mounts) {
        start.webhook_findings.extend(kubeconfig::not_mounted(&start.webhook_files, mounts));
    }
    let accepted = start.as_ref().is_some_and(|start| start.error.is_none());
    let mut findings = source.findings;
    findings.extend(findings::findings(&parsed, source.mounts.as_deref(), start.as_ref(), release));
    Checked {
        release,
        shape: source.shape,
        given: parsed.given,
        accepted,
        usage_error,
        settings: parsed.settings,
        start,
        findings,
        mounts: source.mounts,
    }
}
