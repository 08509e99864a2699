//! The form's fields as controls: what each is called, holds, and may hold.

use audit_policy::request::Form;
use audit_policy::{Diagnostic, Release, Severity, kinds};

/// A field of the form, which has one control.
pub struct FormField {
    /// Its name in the form's YAML, as findings have it.
    pub name: &'static str,
    /// What its control is called.
    pub label: &'static str,
    /// What it holds.
    pub get: fn(&Form) -> String,
    /// Takes what was typed.
    pub set: fn(&mut Form, &str),
    /// What its control looks like.
    pub shape: Shape,
}

/// What a field's control looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One line, with proposals.
    Proposed,
    /// Yes or no.
    Check,
}

macro_rules! field {
    ($name:literal, $label:literal, $shape:ident, $($part:ident).+) => {
        FormField {
            name: $name,
            label: $label,
            get: |form| form.$($part).+.clone(),
            set: |form, text| text.clone_into(&mut form.$($part).+),
            shape: Shape::$shape,
        }
    };
}

/// What is asked for.
pub const ASKED: [FormField; 9] = [
    field!("verb", "Verb", Proposed, verb),
    field!("resource", "Resource", Proposed, resource),
    field!("namespace", "Namespace", Line, namespace),
    field!("name", "Name", Line, name),
    field!("subresource", "Subresource", Proposed, subresource),
    field!("group", "API group", Proposed, group),
    field!("version", "API version", Proposed, version),
    field!("path", "Path, instead of a resource", Line, path),
    field!("impersonate.user", "Impersonate user", Line, impersonate.user),
];

/// Everything else that is sent.
pub const SENT: [FormField; 11] = [
    field!("method", "HTTP method", Proposed, method),
    field!("labelSelector", "Label selector", Line, label_selector),
    field!("fieldSelector", "Field selector", Line, field_selector),
    field!("query", "Other query", Line, query),
    field!("userAgent", "User agent", Line, user_agent),
    field!("contentType", "Content type", Proposed, content_type),
    field!("impersonate.uid", "Impersonate user ID", Line, impersonate.uid),
    FormField {
        name: "impersonate.groups",
        label: "Impersonate groups",
        get: |form| form.impersonate.groups.join(", "),
        set: |form, text| form.impersonate.groups = list(text),
        shape: Shape::Line,
    },
    FormField {
        name: "impersonate.extra",
        label: "Impersonate extra, one `key: value` a line",
        get: |form| {
            let extra = form.impersonate.extra.iter();
            lines(extra.flat_map(|(key, values)| values.iter().map(move |value| (key.as_str(), value.as_str()))))
        },
        set: |form, text| {
            form.impersonate.extra.clear();
            for (key, value) in pairs(text) {
                form.impersonate.extra.entry(key).or_default().push(value);
            }
        },
        shape: Shape::Text,
    },
    FormField {
        name: "headers",
        label: "Other headers, one `Name: value` a line",
        get: |form| lines(form.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        set: |form, text| form.headers = pairs(text).collect(),
        shape: Shape::Text,
    },
    FormField {
        name: "dryRun",
        label: "Dry run",
        get: |form| if form.dry_run { "true".to_owned() } else { String::new() },
        set: |form, text| form.dry_run = !text.is_empty(),
        shape: Shape::Check,
    },
];

/// The request's body.
pub const BODY: FormField = field!("body", "Request body", Text, body);

/// The form with a field changed, as the text that is kept.
pub fn edited(form: &Form, field: &FormField, text: &str) -> String {
    let mut form = form.clone();
    (field.set)(&mut form, text);
    form.to_yaml()
}

/// What may be typed into a field of the form, each with what it is; empty where anything may.
pub fn proposals(field: &str, form: &Form, release: Release) -> Vec<(String, String)> {
    let plain = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
    let found = || {
        let known = kinds::served(release).filter(|found| found.resource.resource == form.resource);
        known.min_by_key(|found| (found.resource.group != form.group, !found.resource.served_by_default(release)))
    };
    let mut proposals: Vec<(String, String)> = match field {
        "verb" => {
            let subresource = found().and_then(|found| found.resource.subresource(&form.subresource, release));
            let resource = found().or_else(|| kinds::by_resource("", "pods", release));
            plain(match (subresource, resource) {
                (Some(subresource), _) => &subresource.verbs,
                (None, Some(found)) => &found.resource.verbs,
                (None, None) => &[],
            })
        }
        "method" => plain(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
        "contentType" => plain(&[
            "application/json",
            "application/yaml",
            "application/vnd.kubernetes.protobuf",
            "application/strategic-merge-patch+json",
            "application/merge-patch+json",
            "application/json-patch+json",
            "application/apply-patch+yaml",
        ]),
        "resource" => {
            let of_group = |group: &str| form.group.is_empty() || form.group == group;
            let known = kinds::served(release).filter(|found| of_group(found.resource.group));
            known.map(|found| (found.resource.resource.to_owned(), found.resource.api_version(found.version))).collect()
        }
        "group" => {
            let named = kinds::served(release).filter(|found| !found.resource.group.is_empty());
            named.map(|found| (found.resource.group.to_owned(), String::new())).collect()
        }
        "version" => {
            let versions = found().map(|found| found.resource.versions.as_slice()).unwrap_or_default();
            let served = versions.iter().filter(|version| version.served.contains(release));
            served.map(|version| (version.name.to_owned(), String::new())).collect()
        }
        "subresource" => {
            let known = found().map(|found| found.resource.subresources.as_slice()).unwrap_or_default();
            let served = known.iter().filter(|subresource| subresource.served.contains(release));
            served.map(|subresource| (subresource.name.to_owned(), String::new())).collect()
        }
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    proposals.retain(|(value, _)| {
        let is_new = !seen.contains(value);
        seen.push(value.clone());
        is_new
    });
    proposals
}

/// What the engine says of a field, and whether it is an error.
pub fn said_of<'a>(field: &str, findings: &'a [Diagnostic]) -> Option<(&'a Diagnostic, bool)> {
    let about = |path: &str| path == field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with(['.', '[']));
    let finding = findings.iter().find(|finding| finding.path.as_deref().is_some_and(about))?;
    Some((finding, finding.severity == Severity::Error))
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn lines<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
    }
    text
}

fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    text.lines().map(pair).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_holds_what_was_typed_and_is_kept_in_the_text() {
        for field in ASKED.iter().chain(&SENT).chain([&BODY]) {
            let typed = match field.name {
                "impersonate.groups" => "a, b",
                "headers" | "impersonate.extra" => "a: b\nc: d",
                "dryRun" => "true",
                _ => "/x",
            };
            let text = edited(&Form::default(), field, typed);
            let form = Form::parse(text.as_bytes()).unwrap();
            assert_eq!((field.get)(&form), typed, "{}", field.name);
            assert_eq!(edited(&form, field, ""), Form::default().to_yaml(), "{}", field.name);
        }
    }

    #[test]
    fn proposals_are_the_releases() {
        let form = |resource: &str| Form { resource: resource.to_owned(), ..Form::default() };
        let names = |field: &str, form: &Form, minor| -> Vec<String> {
            let proposals = proposals(field, form, Release::new(minor).unwrap());
            proposals.into_iter().map(|(value, _)| value).collect()
        };
        assert!(names("resource", &form(""), 37).contains(&"deployments".to_owned()));
        assert!(!names("resource", &form(""), 37).contains(&"podsecuritypolicies".to_owned()));
        assert_eq!(names("version", &form("cronjobs"), 37), ["v1"]);
        assert!(names("subresource", &form("pods"), 37).contains(&"exec".to_owned()));
        assert_eq!(names("verb", &form("pods"), 37).len(), 8);
        assert!(names("name", &form("pods"), 37).is_empty());
    }

    #[test]
    fn findings_are_said_at_their_field() {
        let form = Form { resource: "pods".to_owned(), verb: "gte".to_owned(), ..Form::default() };
        let unreadable = form.read(&Default::default()).unwrap_err();
        assert!(said_of("verb", &unreadable.findings).is_some_and(|(_, is_error)| is_error));
        assert_eq!(said_of("resource", &unreadable.findings), None);
    }
}
