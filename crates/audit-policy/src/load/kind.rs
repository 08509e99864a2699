//! Which type a text is of: its apiVersion and kind, and what the API server has registered under them.
//!
//! Mirrors `SimpleMetaFactory.Interpret` (Go's own `encoding/json`, so the two names are found in any case), the defaults taken from the type
//! that is asked for, and the scheme of `pkg/audit/scheme.go`.

use super::decode::json_kind;
use super::go_types::Package;
use crate::event::EventVersion;
use crate::json::{Kind, Node};
use crate::release::Change;
use crate::text::go_quote;
use crate::{Release, Span};

const GROUP: &str = "audit.k8s.io";
const INTERNAL: &str = "__internal";

/// A group, version and kind, with defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupVersionKind {
    pub group: String,
    pub version: String,
    pub kind: String,
    /// Where apiVersion and kind stand.
    pub api_version_span: Option<Span>,
    pub kind_span: Option<Span>,
}

/// What the text is decoded into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Policy(Package),
    /// Some other Go type, which does not become a policy.
    Other(String),
}

/// Why there is no type to decode into.
#[derive(Clone, Debug)]
pub(super) struct KindError {
    pub message: String,
    pub from_json: bool,
    pub span: Option<Span>,
    pub path: Option<&'static str>,
}

impl GroupVersionKind {
    pub(super) fn group_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// As Go prints it.
    pub(super) fn shown(&self) -> String {
        format!("{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// Reads apiVersion and kind, and fills in what is missing.
pub(super) fn sniff(root: Node<'_>, original: &[u8]) -> Result<GroupVersionKind, KindError> {
    let prefix = "couldn't get version/kind; json parse error: json: cannot unmarshal";
    if !matches!(root.kind(), Kind::Object | Kind::Null) {
        let target =
            r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;
        let message = format!("{prefix} {} into Go value of type {target}", json_kind(root.kind()));
        return Err(KindError { message, from_json: true, span: Some(root.span()), path: None });
    }
    let (mut api_version, mut kind) = ("", "");
    let (mut api_version_span, mut kind_span) = (None, None);
    let mut error = None;
    for (key, value) in root.members() {
        let (slot, span, name) = match fold(key.as_str().unwrap_or_default()).as_str() {
            "apiversion" => (&mut api_version, &mut api_version_span, "apiVersion"),
            "kind" => (&mut kind, &mut kind_span, "kind"),
            _ => continue,
        };
        *span = Some(value.span());
        match value.kind() {
            Kind::String(text) => *slot = text,
            Kind::Null => {}
            other if error.is_none() => {
                let message = format!("{prefix} {} into Go struct field .{name} of type string", json_kind(other));
                error = Some(KindError { message, from_json: true, span: Some(value.span()), path: Some(name) });
            }
            _ => {}
        }
    }
    if let Some(error) = error {
        return Err(error);
    }
    let refuse =
        |message: String| KindError { message, from_json: false, span: api_version_span, path: Some("apiVersion") };
    let (mut group, mut version) = match api_version.split('/').collect::<Vec<_>>().as_slice() {
        [""] | ["", ""] => ("", ""),
        [version] => ("", *version),
        [group, version] => (*group, *version),
        _ => return Err(refuse(format!("unexpected GroupVersion string: {api_version}"))),
    };
    if version.is_empty() && (group.is_empty() || group == GROUP) {
        (group, version) = (GROUP, INTERNAL);
    }
    if version.is_empty() {
        let original = String::from_utf8_lossy(original);
        return Err(refuse(format!("Object 'apiVersion' is missing in '{original}'")));
    }
    Ok(GroupVersionKind {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: if kind.is_empty() { "Policy" } else { kind }.to_owned(),
        api_version_span,
        kind_span,
    })
}

/// A name as `encoding/json` compares it: without case, and with the two letters that Unicode folds to ASCII.
fn fold(name: &str) -> String {
    let folded = name.chars().map(|character| match character {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => character.to_ascii_lowercase(),
    });
    folded.collect()
}

/// The API versions of policies that the release reads, the newest first.
pub(crate) fn api_versions(release: Release) -> impl Iterator<Item = &'static str> {
    EventVersion::all_in(release).rev().map(EventVersion::as_str)
}

/// The type registered under it.
pub(super) fn target(of: &GroupVersionKind, release: Release) -> Result<Target, KindError> {
    let package = match (of.group.as_str(), of.version.as_str()) {
        (GROUP, "v1") if release.has(Change::V1) => Some(Package::V1),
        (GROUP, "v1beta1") if release.has(Change::V1Beta1) => Some(Package::V1Beta1),
        (GROUP, "v1alpha1") if release.has(Change::V1Alpha1) => Some(Package::V1Alpha1),
        (GROUP, INTERNAL) => Some(Package::Internal),
        _ => None,
    };
    let core = (of.group.as_str(), of.version.as_str()) == ("", "v1");
    let versioned = package.is_some_and(|package| package != Package::Internal);
    match (package, of.kind.as_str()) {
        (Some(package), "Policy") => Ok(Target::Policy(package)),
        (Some(package), kind @ ("PolicyList" | "Event" | "EventList")) => {
            Ok(Target::Other(format!("{}.{kind}", package.name())))
        }
        (_, kind @ ("Status" | "APIVersions" | "APIGroupList" | "APIGroup" | "APIResourceList")) => {
            Ok(Target::Other(format!("v1.{kind}")))
        }
        (
            _,
            kind @ ("WatchEvent" | "ListOptions" | "GetOptions" | "DeleteOptions" | "CreateOptions" | "UpdateOptions"
            | "PatchOptions"),
        ) if core || versioned => Ok(Target::Other(format!("v1.{kind}"))),
        (_, "WatchEvent") if of.version == INTERNAL && (of.group == GROUP || of.group.is_empty()) => {
            Ok(Target::Other("v1.InternalEvent".to_owned()))
        }
        _ => Err(not_registered(of, release)),
    }
}

fn not_registered(of: &GroupVersionKind, release: Release) -> KindError {
    // The line of `runtime.NewScheme()` in the release builds.
    let line = if release.minor() <= 22 { 32 } else { 30 };
    let kind = go_quote(of.kind.as_bytes());
    let place = if of.version == INTERNAL {
        format!("the internal version of group {}", go_quote(of.group.as_bytes()))
    } else {
        format!("version {}", go_quote(of.group_version().as_bytes()))
    };
    let message = format!("no kind {kind} is registered for {place} in scheme \"pkg/audit/scheme.go:{line}\"");
    let version_known = of.group == GROUP && (of.version == "v1" && release.has(Change::V1) || of.version == INTERNAL);
    let (span, path) =
        if version_known { (of.kind_span, "kind") } else { (of.api_version_span.or(of.kind_span), "apiVersion") };
    KindError { message, from_json: false, span, path: Some(path) }
}
