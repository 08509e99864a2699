//! A form's fields → method and target, as RequestInfo reads them back.

use super::Form;
use crate::request::url::{Part, escape};

/// Method and target of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) method: String,
    pub(super) target: String,
}

/// The method that has a verb of a resource request: the way back of `verb_of_method` in `request/info.rs`.
pub(super) fn method_of_verb(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "get" | "list" | "watch" => "GET",
        "create" => "POST",
        "update" => "PUT",
        "patch" => "PATCH",
        "delete" | "deletecollection" => "DELETE",
        _ => return None,
    })
}

/// The request line of a form whose group and version are filled in. A verb that no method has becomes no method.
pub(super) fn line(form: &Form) -> Line {
    let of_verb = if form.path.is_empty() { method_of_verb(&form.verb) } else { None };
    let method = match of_verb {
        _ if !form.method.is_empty() => form.method.clone(),
        Some(method) => method.to_owned(),
        None if form.verb.is_empty() => "GET".to_owned(),
        // For a path the verb is the method in lower case.
        None => form.verb.to_ascii_uppercase(),
    };
    let mut target = if form.path.is_empty() { resource_path(form) } else { without_blanks(&form.path) };
    let query = query(form);
    if !query.is_empty() {
        target.push('?');
        target.push_str(&query);
    }
    Line { method, target }
}

/// Whether the name stands in the URL: that of a new object stands in its body.
pub(super) fn name_is_in_path(form: &Form) -> bool {
    let creates = form.verb == "create" || (form.verb.is_empty() && form.method == "POST");
    !creates || !form.subresource.is_empty()
}

fn resource_path(form: &Form) -> String {
    let mut path = if form.group.is_empty() { "/api".to_owned() } else { "/apis".to_owned() };
    let mut push = |segment: &str| {
        path.push('/');
        path.push_str(&String::from_utf8_lossy(&escape(segment.as_bytes(), Part::PathSegment)));
    };
    if !form.group.is_empty() {
        push(&form.group);
    }
    push(&form.version);
    // A namespace has itself as its namespace: its path has it once.
    let is_own = form.resource == "namespaces" && form.name == form.namespace;
    if !form.namespace.is_empty() && !is_own {
        push("namespaces");
        push(&form.namespace);
    }
    push(&form.resource);
    if !form.name.is_empty() && name_is_in_path(form) {
        push(&form.name);
        if !form.subresource.is_empty() {
            push(&form.subresource);
        }
    }
    path
}

/// The query: the parameters that have fields, each before the first of the others whose name is after its own.
fn query(form: &Form) -> String {
    let text = without_blanks(form.query.strip_prefix('?').unwrap_or(&form.query));
    let mut parameters: Vec<String> = text.split('&').map(str::to_owned).filter(|_| !text.is_empty()).collect();
    let name = |parameter: &str| parameter.split('=').next().unwrap_or_default().to_owned();
    let watches = form.path.is_empty() && form.verb == "watch" && !parameters.iter().any(|one| name(one) == "watch");
    for (own, value, is_given) in [
        ("dryRun", "All", form.dry_run),
        ("fieldSelector", &*form.field_selector, !form.field_selector.is_empty()),
        ("labelSelector", &*form.label_selector, !form.label_selector.is_empty()),
        ("watch", "true", watches),
    ] {
        if is_given {
            let at = parameters.iter().position(|one| *name(one) > *own).unwrap_or(parameters.len());
            parameters.insert(at, format!("{own}={}", query_escape(value)));
        }
    }
    parameters.join("&")
}

/// As Go's `url.QueryEscape`.
pub(in crate::request) fn query_escape(text: &str) -> String {
    String::from_utf8_lossy(&escape(text.as_bytes(), Part::Query)).replace("%20", "+")
}

/// Blanks and control characters, which no request line can hold, as escapes.
fn without_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character == ' ' || character.is_ascii_control() {
            out.push_str(&format!("%{:02X}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}
