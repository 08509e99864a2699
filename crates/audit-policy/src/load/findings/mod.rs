//! What is wrong with a policy, one by one: the server's words, the place, and what was probably meant.
//!
//! One file a kind of finding holds its code, its help and its fix.

mod fields;
mod fix;
mod kinds;
mod resources;
mod syntax;
mod top_level;
mod types;
mod values;

use super::compose::Duplicate;
use super::decode::{StrictError, StrictKind, TypeError};
use super::go_types::Package;
use super::kind::{GroupVersionKind, KindError};
use super::places::{self, Locator};
use super::validate::{Invalid, Problem};
use crate::json::Node;
use crate::{Diagnostic, Fix, Release, Severity, Span};

/// Errors are not more than that, and neither are warnings: a broken text of megabytes may have one in each line.
const MOST: usize = 1_000;

/// Findings as they are made.
pub(super) struct Findings<'t> {
    text: &'t [u8],
    /// Edits are made to nothing else.
    is_utf8: bool,
    release: Release,
    list: Vec<Diagnostic>,
    /// How many of them are errors.
    errors: usize,
    /// What makes rules of fields that stand at the top.
    into_rules: Option<Fix>,
}

/// What to do about a finding.
#[derive(Debug, Default)]
struct Advice {
    help: Option<String>,
    fix: Option<Fix>,
}

impl Advice {
    fn help(help: impl Into<String>) -> Advice {
        Advice { help: Some(help.into()), fix: None }
    }

    fn with_fix(self, fix: Option<Fix>) -> Advice {
        Advice { fix, ..self }
    }
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t [u8], release: Release) -> Findings<'t> {
        Findings {
            text,
            is_utf8: std::str::from_utf8(text).is_ok(),
            release,
            list: Vec::new(),
            errors: 0,
            into_rules: None,
        }
    }

    /// Whether as many warnings are listed as there will be.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() - self.errors >= MOST
    }

    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    fn add(
        &mut self,
        code: &'static str,
        severity: Severity,
        message: &str,
        path: Option<&str>,
        span: Option<Span>,
        advice: impl FnOnce() -> Advice,
    ) {
        let is_error = severity == Severity::Error;
        let same = if is_error { self.errors } else { self.list.len() - self.errors };
        if same < MOST {
            self.errors += usize::from(is_error);
            let Advice { help, fix } = advice();
            let fix = fix.filter(|_| self.is_utf8);
            let (message, path) = (message.to_owned(), path.map(str::to_owned));
            self.list.push(Diagnostic { code, severity, message, path, span, help, fix });
        }
    }

    /// The release has no policies.
    pub(super) fn no_policies(&mut self, message: &str) {
        let (release, oldest) = (self.release, Release::OLDEST_WITH_POLICIES);
        let advice = || {
            Advice::help(format!(
                "Kubernetes {release} has no audit policy, they begin with {oldest}: with --audit-log-path it writes two lines for each request"
            ))
        };
        self.add("no-policies", Severity::Error, message, None, None, advice);
    }

    pub(super) fn protobuf(&mut self, message: &str) {
        let whole = Some(Span::new(0, self.text.len()));
        let advice =
            || Advice::help("the text begins with the mark of protobuf, `k8s` and a NUL: write the policy in YAML");
        self.add("protobuf", Severity::Error, message, None, whole, advice);
    }

    pub(super) fn yaml_syntax(&mut self, message: &str, span: Option<Span>) {
        let (text, release) = (self.text, self.release);
        let advice = || syntax::yaml(message, text, span, release);
        self.add("yaml-syntax", Severity::Error, message, None, span, advice);
    }

    pub(super) fn json_syntax(&mut self, message: &str, offset: usize) {
        let (text, release) = (self.text, self.release);
        let span = syntax::character_at(text, offset);
        self.add("json-syntax", Severity::Error, message, None, Some(span), || syntax::json(text, release));
    }

    /// Fields that are not known, or twice in a JSON text; `rest` is where the next document begins.
    pub(super) fn strict(&mut self, errors: &[StrictError], package: Package, root: Node<'_>, rest: Option<Span>) {
        let of_rule = |error: &StrictError| error.of == "Policy" && top_level::is_rule_field(&error.path);
        if package != Package::Internal && root.get("rules").is_none() && errors.iter().any(of_rule) {
            self.into_rules = top_level::make_rules(root, self.text, rest, self.release);
        }
        let locator = Locator::new(root);
        for error in errors {
            let parent = error.path.rsplit_once('.').map_or(Some(root), |(parent, _)| locator.find(parent));
            let into_rules = self.into_rules.clone().filter(|_| of_rule(error));
            self.strict_error(error, package, parent, into_rules);
        }
    }

    fn strict_error(
        &mut self,
        error: &StrictError,
        package: Package,
        parent: Option<Node<'_>>,
        into_rules: Option<Fix>,
    ) {
        let (text, release) = (self.text, self.release);
        let message = error.message();
        let (code, span) = match error.kind {
            StrictKind::Unknown => ("unknown-field", error.key),
            StrictKind::Duplicate => ("duplicate-field", error.key),
        };
        self.add(code, Severity::Warning, &message, Some(&error.path), Some(span), || match error.kind {
            StrictKind::Unknown => {
                let advice = fields::unknown(error, package, release, text, parent);
                Advice { fix: advice.fix.or(into_rules), ..advice }
            }
            StrictKind::Duplicate => fields::duplicate(),
        });
    }

    /// A key that is twice in a YAML mapping.
    pub(super) fn duplicate_key(&mut self, found: &Duplicate) {
        let path = found.path.as_deref();
        self.add("duplicate-field", Severity::Warning, &found.message, path, Some(found.key), fields::duplicate);
    }

    pub(super) fn wrong_type(&mut self, error: &TypeError, message: &str, root: Node<'_>) {
        let (text, release) = (self.text, self.release);
        let advice = || types::advice(error, text, root, release);
        self.add("wrong-type", Severity::Error, message, Some(&error.path), Some(error.span), advice);
    }

    pub(super) fn unknown_kind(&mut self, message: &str, error: &KindError, root: Node<'_>) {
        let (text, release) = (self.text, self.release);
        let advice = || kinds::unknown(error, root, text, release);
        self.add("unknown-kind", Severity::Error, message, error.path, error.span, advice);
    }

    pub(super) fn wrong_kind(&mut self, message: &str, gvk: &GroupVersionKind, root: Node<'_>) {
        let text = self.text;
        let advice = || kinds::wrong(gvk, root, text);
        self.add("unknown-kind", Severity::Error, message, Some("kind"), gvk.kind_span, advice);
    }

    pub(super) fn no_version(&mut self, message: &str, gvk: &GroupVersionKind, root: Node<'_>) {
        let (text, release) = (self.text, self.release);
        let span = gvk.api_version_span.unwrap_or_else(|| places::short_span(root));
        let advice = || kinds::no_version(gvk, root, text, release);
        self.add("missing-api-version", Severity::Error, message, Some("apiVersion"), Some(span), advice);
    }

    pub(super) fn deprecated(&mut self, message: &str, gvk: &GroupVersionKind) {
        let text = self.text;
        let advice = || kinds::deprecated(gvk, text);
        let span = gvk.api_version_span;
        self.add("deprecated-version", Severity::Warning, message, Some("apiVersion"), span, advice);
    }

    pub(super) fn invalid(&mut self, found: &Invalid, locator: &Locator<'_>) {
        if self.errors >= MOST {
            return;
        }
        let (text, release) = (self.text, self.release);
        let node = locator.find(&found.path);
        let parent = || found.path.rsplit_once('.').and_then(|(parent, _)| locator.find(parent));
        let span = node.or_else(parent).map(places::short_span);
        let advice = || match (&found.problem, node) {
            (Problem::LevelMissing, None) => values::no_level(parent(), text),
            (problem, _) => values::advice(problem, span, text, release),
        };
        self.add(values::code(&found.problem), Severity::Error, &found.message, Some(&found.path), span, advice);
    }

    pub(super) fn no_rules(&mut self, message: &str, root: Node<'_>) {
        let (path, span) = match root.members().find(|(key, _)| key.as_str() == Some("rules")) {
            Some((key, _)) => (Some("rules"), key.span()),
            None => (None, places::short_span(root)),
        };
        let into_rules = self.into_rules.take();
        self.add("no-rules", Severity::Error, message, path, Some(span), || {
            fields::no_rules(root).with_fix(into_rules)
        });
    }

    /// A group that is written as no API server knows it, though it loads.
    pub(super) fn no_group(&mut self, path: &str, group: &str, locator: &Locator<'_>) {
        let text = self.text;
        let span = locator.find(path).map(|node| node.span());
        let message = format!("no API group is called `{group}`: nothing matches");
        let advice = || values::core_group(group, span, text);
        self.add("core-group", Severity::Warning, &message, Some(path), span, advice);
    }

    /// A second document, which nobody reads.
    pub(super) fn second_document(&mut self, rest: Option<Span>) {
        if rest.is_some() {
            let message = "only the first document is read: nothing after this line counts";
            let advice =
                || Advice::help("put all rules into one document, under one `rules:`, or remove what is not read");
            self.add("second-document", Severity::Note, message, None, rest, advice);
        }
    }
}
