//! A review → the request that it asks about: SubjectAccessReview and its kin, and AdmissionReview, in YAML or JSON.
//!
//! A review is an object that is itself posted somewhere; here it is read for the request that it tells of, made with the rules that
//! RequestInfo reads it back by (a [`Form`] is filled in, and read). Fields that the API does not have are told and passed over.

mod access;
mod admission;
#[cfg(test)]
mod tests;
pub(super) mod write;

use super::document::document;
use super::fields::{Fields, error, shorten, shorten_to};
use super::mend::{self, nearest_meant};
use super::{Assumption, Form, Format, Given, ReadOptions, Reading, Request, Unreadable, form, http};
use crate::event::UserInfo;
use crate::exchange::Authentication;
use crate::json::{Kind, Node};
use crate::{Diagnostic, GoString, Span};

/// The kinds that are read here, and those that ask about no request.
const KINDS: [(&str, Asks); 7] = [
    ("SubjectAccessReview", Asks::Access),
    ("LocalSubjectAccessReview", Asks::Access),
    ("SelfSubjectAccessReview", Asks::Access),
    ("AdmissionReview", Asks::Admission),
    ("SelfSubjectRulesReview", Asks::Nothing("it asks for all rules of a user, and about no single request")),
    ("TokenReview", Asks::Nothing("it asks who a token is for, and about no request")),
    ("SelfSubjectReview", Asks::Nothing("it asks who the client is, and about no request")),
];

/// So many characters of a request line are told.
const MAX_LINE: usize = 200;

#[derive(Clone, Copy)]
enum Asks {
    Access,
    Admission,
    Nothing(&'static str),
}

/// Whether an object of this kind is read here.
pub(super) fn is_kind(kind: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == kind)
}

/// What a review tells of its request.
#[derive(Default)]
struct Asked {
    form: Form,
    given: Given,
    assumed: Vec<Assumption>,
    /// Where the values of the form's fields are in the text, and by what path.
    places: Vec<(&'static str, String, Span)>,
    /// Other requests of which the review would be the same: what differs, and the request.
    others: Vec<(String, Form)>,
}

impl Asked {
    fn tell(&mut self, about: &str, text: impl Into<String>) {
        self.assumed.push(Assumption { about: about.to_owned(), text: text.into() });
    }

    /// Reads a string for a field of the form.
    fn text(&mut self, fields: &mut Fields, node: Node<'_>, path: &str, field: &'static str) -> String {
        self.places.push((field, path.to_owned(), node.span()));
        optional(fields, node, path)
    }
}

/// A string, or nothing for null.
fn optional(fields: &mut Fields, node: Node<'_>, path: &str) -> String {
    if node.kind() == Kind::Null { String::new() } else { fields.string(node, path).unwrap_or_default() }
}

pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    let document = document(text, "review", Format::Review)?;
    let Some(root) = document.root() else {
        return Err(unreadable(error(
            "empty-review",
            "the review is empty",
            None,
            "give a SubjectAccessReview or an AdmissionReview",
        )));
    };
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let Some((kind, asks)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return Err(unreadable(unknown_kind(root, kind)));
    };
    let mut fields = Fields::lenient(kind);
    let asked = match asks {
        Asks::Access => access::read(&mut fields, root, kind),
        Asks::Admission => admission::read(&mut fields, root, text),
        Asks::Nothing(why) => {
            let message = format!("no request is meant by a {kind}: {why}");
            let help = "give a SubjectAccessReview, an AdmissionReview, or the request itself";
            let span = root.get("kind").map(Node::span);
            return Err(unreadable(error("asks-about-no-request", &message, span, help)));
        }
    };
    let Some(asked) = asked.filter(|_| !fields.failed()) else {
        return Err(Unreadable { format: Some(Format::Review), findings: errors_first(fields.findings) });
    };
    reading(asked, fields.findings, kind, options)
}

fn reading(
    asked: Asked,
    mut findings: Vec<Diagnostic>,
    kind: &str,
    options: &ReadOptions,
) -> Result<Reading, Unreadable> {
    let place = |finding: &mut Diagnostic| {
        let of_field = asked.places.iter().find(|(field, _, _)| finding.path.as_deref() == Some(field));
        mend::put(finding, of_field.map(|(_, _, span)| *span));
        finding.path = of_field.map(|(_, path, _)| path.clone()).or(finding.path.take());
    };
    let mut made = form::make(&asked.form, options.release).map_err(|mut problems| {
        problems.iter_mut().for_each(place);
        problems.extend(std::mem::take(&mut findings));
        Unreadable { format: Some(Format::Review), findings: problems }
    })?;
    made.findings.iter_mut().for_each(place);
    findings.extend(made.findings);
    let line = format!("{} {}", made.request.method, made.request.target);
    let given = super::scenario::merge(&options.given, &asked.given);
    let mut reading = http::reading(Format::Review, made.request, &given, options.release);
    let user = match &given.user {
        Some(Authentication::User(user)) if !user.username.is_empty() => {
            format!(" of {}", shorten(&user.username.to_str_lossy()))
        }
        _ => String::new(),
    };
    reading.understood = format!("{kind}{user}: {}", reading.understood);
    let request = Assumption {
        about: "request line".to_owned(),
        text: format!("`{}`, which rules see as what the review says", shorten_to(&line, MAX_LINE)),
    };
    reading.assumed.splice(..0, std::iter::once(request).chain(made.assumed).chain(asked.assumed));
    for (when, form) in asked.others {
        let Ok(made) = form::make(&form, options.release) else { continue };
        let other = http::reading(Format::Review, made.request, &given, options.release);
        reading
            .requests
            .extend(other.requests.into_iter().map(|request| Request { when: Some(when.clone()), ..request }));
    }
    reading.findings = findings;
    Ok(reading)
}

fn unknown_kind(root: Node<'_>, kind: &str) -> Diagnostic {
    let span = root.get("kind").map(Node::span);
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    if root.kind() != Kind::Object || kind.is_empty() {
        let help = "give `kind: SubjectAccessReview` or `kind: AdmissionReview`";
        return error("no-kind", "the review has no `kind`", span, help);
    }
    let message = format!("`{}` is no review that is read here", shorten(kind));
    let help = "a SubjectAccessReview and an AdmissionReview tell of a request";
    nearest_meant(error("not-a-review", &message, span, help), kind, &names)
}

/// The group and versions that a kind has; another is told.
fn check_version(fields: &mut Fields, root: Node<'_>, group: &str) {
    let Some(node) = root.get("apiVersion") else {
        fields.warn(
            "no-api-version",
            "apiVersion",
            "the review has no `apiVersion`",
            root.span(),
            &format!("give `apiVersion: {group}/v1`"),
        );
        return;
    };
    let version = fields.string(node, "apiVersion").unwrap_or_default();
    let is_known =
        version.split_once('/').is_some_and(|(own, version)| own == group && ["v1", "v1beta1"].contains(&version));
    if !is_known && node.as_str().is_some() {
        let message = format!("`apiVersion` is `{}`, and the kind is in {group}", shorten(&version));
        fields.warn("unknown-api-version", "apiVersion", &message, node.span(), &format!("write `{group}/v1`"));
    }
}

/// `username`, `uid`, `groups`, `extra`, as far as a user has them; groups as they are.
fn user(fields: &mut Fields, members: &[(&str, Node<'_>)], prefix: &str) -> Option<UserInfo> {
    let mut user = UserInfo { groups: Some(Vec::new()), ..UserInfo::default() };
    let mut is_given = false;
    for (key, node) in members {
        let path = format!("{prefix}.{key}");
        if node.kind() == Kind::Null {
            continue;
        }
        match *key {
            "user" | "username" => user.username = fields.string(*node, &path).unwrap_or_default().into(),
            "uid" => user.uid = fields.string(*node, &path).unwrap_or_default().into(),
            "groups" | "group" => {
                let groups = fields.strings(*node, &path).unwrap_or_default();
                user.groups = Some(groups.into_iter().map(GoString::from).collect());
            }
            "extra" => {
                for (name, values) in fields.string_lists(*node, &path) {
                    user.extra.insert(name.into(), values.into_iter().map(GoString::from).collect());
                }
            }
            _ => continue,
        }
        is_given = true;
    }
    is_given.then_some(user)
}

fn unreadable(finding: Diagnostic) -> Unreadable {
    Unreadable { format: Some(Format::Review), findings: vec![finding] }
}

fn errors_first(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    crate::sort::sort_by(&mut findings, |left, right| right.severity.cmp(&left.severity));
    findings
}
