//! Text → policy, as kube-apiserver does it at start-up.
//!
//! ```text
//! text ──compose (YAML) or json──► document ──kind──► which type ──decode──► Go values ──raw──► policy ──validate──► policy or errors
//! ```
//!
//! Mirrors `pkg/audit/policy/reader.go`. The first step that fails decides the message; `findings` says the same one by one, with places.

mod add_rule;
mod again;
pub(crate) mod compose;
mod decode;
mod findings;
pub(crate) mod go_types;
mod kind;
mod places;
mod protobuf;
mod raw;
#[cfg(test)]
mod tests;
mod time;
mod validate;
mod yaml;

pub use add_rule::add_rule;
pub use again::load_again;
pub(crate) use compose::yaml_to_json;
pub(crate) use kind::api_versions;
pub(crate) use validate::subdomain_problems;

use compose::Composed;
use decode::{Decoded, GoValue, MAX_STRICT_ERRORS, TypeError, decode};
use findings::Findings;
use go_types::{INTERNAL_POLICY, POLICY, POLICY_LIST, Package};
use kind::{GroupVersionKind, Target};
use places::Locator;

use crate::json::{self, Node};
use crate::loaded::{ErrorSource, LoadError, Places};
use crate::release::Change;
use crate::text::go_quote;
use crate::{Loaded, Policy, Release};

/// Loads a policy's text as the release's API server does at start-up.
///
/// Any bytes get an answer. What a policy says that no API server reads (fields that are not known, a second document) is in the findings.
pub fn load(text: &[u8], release: Release) -> Loaded {
    let mut loading = Loading { release, text, warnings: Vec::new(), findings: Findings::new(text, release) };
    let mut places = Places::default();
    let outcome = if release.has_policies() { loading.read(&mut places) } else { loading.no_policies() };
    let (policy, error) = match outcome {
        Ok(policy) => (Some(policy), None),
        Err(error) => (None, Some(error)),
    };
    Loaded {
        release,
        accepted: error.is_none(),
        error,
        warnings: loading.warnings,
        findings: loading.findings.into_list(),
        policy,
        places,
    }
}

/// What start-up answers where the file cannot be read; `reason` as Go has it, such as `open policy.yaml: no such file or directory`.
pub fn unreadable(path: &str, reason: &str, release: Release) -> Loaded {
    let message = match path {
        "" => "file path not specified".to_owned(),
        _ => format!("failed to read file path {}: {reason}", go_quote(path.as_bytes())),
    };
    let startup_message = Some(format!("loading audit policy file: {message}"));
    Loaded {
        release,
        accepted: false,
        error: Some(LoadError { message, from: ErrorSource::Apiserver, startup_message }),
        warnings: Vec::new(),
        findings: Vec::new(),
        policy: None,
        places: Places::default(),
    }
}

struct Loading<'t> {
    release: Release,
    text: &'t [u8],
    warnings: Vec<String>,
    findings: Findings<'t>,
}

fn refuse<T>(message: String, from: ErrorSource) -> Result<T, LoadError> {
    Err(LoadError { message, from, startup_message: None })
}

impl Loading<'_> {
    /// A server that has no policies has no flag for their file.
    fn no_policies(&mut self) -> Result<Policy, LoadError> {
        let message = "unknown flag: --audit-policy-file".to_owned();
        self.findings.no_policies(&message);
        Err(LoadError { startup_message: Some(message.clone()), message, from: ErrorSource::Apiserver })
    }

    fn read(&mut self, places: &mut Places) -> Result<Policy, LoadError> {
        let composed = self.parse()?;
        let Some(root) = composed.document.root() else { return refuse(String::new(), ErrorSource::Apiserver) };
        *places = places::places(root);
        let gvk = match kind::sniff(root, self.text) {
            Ok(gvk) => gvk,
            Err(error) => return self.refuse_kind(error, &composed),
        };
        let target = match kind::target(&gvk, self.release) {
            Ok(target) => target,
            Err(error) => return self.refuse_kind(error, &composed),
        };
        let package = match target {
            // Until 1.8 a policy without apiVersion was taken for one of the newest version.
            Target::Policy(Package::Internal) if !self.release.has(Change::PolicyOmitStages) => Package::V1Beta1,
            Target::Policy(package) => package,
            Target::Other(name) => {
                if gvk.kind == "PolicyList"
                    && let Some(error) = decode(root, &POLICY_LIST, Package::V1, self.release).error
                {
                    return self.refuse_type(&error, &composed);
                }
                // An event is decoded before it turns out to be no policy.
                let mistyped = (name == "v1.Event").then(|| mistyped_event(root, self.release)).flatten();
                let source = if mistyped.is_some() { ErrorSource::JsonDecoder } else { ErrorSource::Apiserver };
                let why =
                    mistyped.unwrap_or_else(|| format!("converting ({name}) to (audit.Policy): unknown conversion"));
                let message = format!("failed decoding: {why}");
                self.findings.wrong_kind(&message, &gvk, root);
                self.findings.second_document(composed.rest);
                return refuse(message, source);
            }
        };
        let of = if package == Package::Internal { &INTERNAL_POLICY } else { &POLICY };
        let decoded = decode(root, of, package, self.release);
        if let Some(error) = &decoded.error {
            return self.refuse_type(error, &composed);
        }
        self.warn(&composed, &decoded, package);
        self.findings.second_document(composed.rest);
        if package == Package::Internal {
            let message = format!("unknown group version field {} in policy", gvk.shown());
            self.findings.no_version(&message, &gvk, root);
            return refuse(message, ErrorSource::Apiserver);
        }
        self.warn_deprecated(&gvk, package);
        self.validate(&decoded.value, root)
    }

    /// The text as JSON, whichever it is.
    fn parse(&mut self) -> Result<Composed, LoadError> {
        if let Some(message) = protobuf::refusal(self.text) {
            let message = format!("failed decoding: {message}");
            self.findings.protobuf(&message);
            return refuse(message, ErrorSource::Apiserver);
        }
        if is_json(self.text) {
            return match json::parse(self.text) {
                Ok(document) => Ok(Composed { document, duplicates: Vec::new(), rest: None }),
                Err(error) => {
                    let message = format!("failed decoding: couldn't get version/kind; json parse error: {error}");
                    self.findings.json_syntax(&message, error.offset);
                    refuse(message, ErrorSource::JsonDecoder)
                }
            };
        }
        compose::compose(self.text, self.release).or_else(|error| {
            let message = format!("failed decoding: {}", error.message);
            self.findings.yaml_syntax(&message, error.span);
            refuse(message, error.from)
        })
    }

    fn refuse_kind(&mut self, error: kind::KindError, composed: &Composed) -> Result<Policy, LoadError> {
        let message = format!("failed decoding: {}", error.message);
        if let Some(root) = composed.document.root() {
            self.findings.unknown_kind(&message, &error, root);
        }
        self.findings.second_document(composed.rest);
        refuse(message, if error.from_json { ErrorSource::JsonDecoder } else { ErrorSource::Apiserver })
    }

    fn refuse_type(&mut self, error: &TypeError, composed: &Composed) -> Result<Policy, LoadError> {
        let message = format!("failed decoding: {}", error.message);
        if let Some(root) = composed.document.root() {
            self.findings.wrong_type(error, &message, root);
        }
        self.findings.second_document(composed.rest);
        refuse(message, ErrorSource::JsonDecoder)
    }

    /// The warning about fields that are lost, as one text.
    fn warn(&mut self, composed: &Composed, decoded: &Decoded, package: Package) {
        for duplicate in &composed.duplicates {
            self.findings.duplicate_key(duplicate);
        }
        if let Some(root) = composed.document.root().filter(|_| !decoded.strict.is_empty()) {
            self.findings.strict(&decoded.strict, package, root, composed.rest);
        }
        if !self.release.has(Change::StrictDecoding) {
            return;
        }
        let mut errors = Vec::new();
        if !composed.duplicates.is_empty() {
            let lines: Vec<&str> = composed.duplicates.iter().map(|found| found.message.as_str()).collect();
            errors.push(format!("yaml: unmarshal errors:\n  {}", lines.join("\n  ")));
        }
        errors.extend(decoded.strict.iter().take(MAX_STRICT_ERRORS).map(decode::StrictError::message));
        if !errors.is_empty() {
            let list = errors.join(", ");
            self.warnings.push(format!(
                "Audit policy contains errors, falling back to lenient decoding: strict decoding error: {list}"
            ));
        }
    }

    fn warn_deprecated(&mut self, gvk: &GroupVersionKind, package: Package) {
        if self.release.has(Change::DeprecationWarning) && package != Package::V1 {
            let version = go_quote(gvk.group_version().as_bytes());
            let message = format!(
                "{version} is deprecated and will be removed in a future release, use \"audit.k8s.io/v1\" instead"
            );
            self.findings.deprecated(&message, gvk);
            self.warnings.push(message);
        }
    }

    fn validate(&mut self, value: &GoValue, root: Node<'_>) -> Result<Policy, LoadError> {
        let policy = match validate::validate(value, self.release) {
            Ok(policy) => policy,
            Err(errors) => {
                let locator = Locator::new(root);
                for invalid in &errors.list {
                    self.findings.invalid(invalid, &locator);
                }
                return refuse(errors.message, ErrorSource::Apiserver);
            }
        };
        if policy.rules.is_empty() {
            let message = "loaded illegal policy with 0 rules".to_owned();
            self.findings.no_rules(&message, root);
            return refuse(message, ErrorSource::Apiserver);
        }
        self.core_groups(&policy, root);
        Ok(policy)
    }
}

impl Loading<'_> {
    /// `core` and `v1` are good names of groups, and of none that there is.
    fn core_groups(&mut self, policy: &Policy, root: Node<'_>) {
        let mut locator = None;
        for (rule_index, rule) in policy.rules.iter().enumerate() {
            for (index, item) in rule.resources.iter().enumerate() {
                if self.findings.is_full() {
                    return;
                }
                if matches!(item.group.as_str(), "core" | "v1") {
                    let path = format!("rules[{rule_index}].resources[{index}].group");
                    let locator = locator.get_or_insert_with(|| Locator::new(root));
                    self.findings.no_group(&path, &item.group, locator);
                }
            }
        }
    }
}

/// Whether the first byte that is no blank is a `{`: then the text is taken for JSON, and never for YAML.
fn is_json(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        // Blanks are Unicode's, so the next character must be read as text.
        let head = rest.get(..4).unwrap_or(rest);
        let character = head.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        match character {
            Some(blank) if blank.is_whitespace() => rest = rest.get(blank.len_utf8()..).unwrap_or_default(),
            other => return other == Some('{'),
        }
    }
}

/// Why an event cannot be decoded, if it cannot.
fn mistyped_event(root: Node<'_>, release: Release) -> Option<String> {
    let mut text = Vec::new();
    json::write_node(&mut text, root);
    crate::event::parse(&text, release).err().map(|error| error.message)
}
