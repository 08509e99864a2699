//! Request → form.

use std::collections::BTreeMap;

use super::line::{Line, method_of_verb};
use super::read::make;
use super::{Form, Impersonate};
use crate::exchange::HttpRequest;
use crate::request::info::{self, RequestInfo};
use crate::request::url::{Part, unescape};
use crate::{GoString, Release};

pub(super) fn form(request: &HttpRequest, release: Release) -> Form {
    let text = |string: &GoString| string.to_str_lossy().into_owned();
    let wanted = Line { method: text(&request.method), target: text(&request.target) };
    let mut form = Form { body: text(&request.body), ..Form::default() };
    headers(request, release, &mut form);
    match info::of_request(request, release) {
        Ok(info) if info.is_resource_request => {
            by_fields(&form, &info, &wanted, release).unwrap_or_else(|| by_path(form, wanted))
        }
        _ => by_path(form, wanted),
    }
}

/// Path and query as they are.
fn by_path(mut form: Form, wanted: Line) -> Form {
    form.method = wanted.method;
    match wanted.target.split_once('?') {
        Some((path, query)) if !query.is_empty() && !path.is_empty() => {
            form.path = path.to_owned();
            form.query = query.to_owned();
        }
        _ => form.path = wanted.target,
    }
    form
}

/// Resource, namespace, name and so on, where they make the same request line.
fn by_fields(form: &Form, info: &RequestInfo, wanted: &Line, release: Release) -> Option<Form> {
    let text = |string: &GoString| string.to_str_lossy().into_owned();
    let part = |index: usize| info.parts.get(index).map(text).unwrap_or_default();
    let mut form = Form {
        group: text(&info.api_group),
        version: text(&info.api_version),
        resource: part(0),
        name: part(1),
        subresource: part(2),
        ..form.clone()
    };
    let is_own = form.resource == "namespaces" && info.namespace == *form.name;
    form.namespace = if is_own { String::new() } else { text(&info.namespace) };
    let verb = text(&info.verb);
    if method_of_verb(&verb) == Some(&*wanted.method) {
        form.verb = verb;
    } else {
        form.method = wanted.method.clone();
    }
    let query = wanted.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let makes_it = |form: &Form| {
        make(form, release).is_ok_and(|made| {
            let HttpRequest { method, target, body, .. } = &made.request;
            *method == *wanted.method && *target == *wanted.target && *body == *form.body
        })
    };
    let with_fields = parameters(&form, query);
    if makes_it(&with_fields) {
        return Some(with_fields);
    }
    form.query = query.to_owned();
    makes_it(&form).then_some(form)
}

/// The form with the parameters that have fields in these.
fn parameters(form: &Form, query: &str) -> Form {
    let mut form = form.clone();
    let mut rest = Vec::new();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let decoded = unescape(value.as_bytes(), Part::Query).ok().and_then(|value| String::from_utf8(value).ok());
        match (name, decoded) {
            ("dryRun", Some(value)) if value == "All" && !form.dry_run => form.dry_run = true,
            ("fieldSelector", Some(value)) if form.field_selector.is_empty() => form.field_selector = value,
            ("labelSelector", Some(value)) if form.label_selector.is_empty() => form.label_selector = value,
            ("watch", Some(value)) if value == "true" && form.verb == "watch" => {}
            _ => rest.push(parameter),
        }
    }
    form.query = rest.join("&");
    form
}

/// The headers: the first of those that have fields, and all others.
fn headers(request: &HttpRequest, release: Release, form: &mut Form) {
    let is_heard = info::of_request(request, release).is_ok();
    let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Impersonate { user, uid, groups, .. } = &mut form.impersonate;
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in &request.headers {
        let lower = name.to_ascii_lowercase();
        let value = value.to_str_lossy().into_owned();
        let is_first = !seen.contains(&lower);
        let slot = match lower.as_str() {
            "user-agent" => Some(&mut form.user_agent),
            "content-type" => Some(&mut form.content_type),
            "impersonate-user" => Some(&mut *user),
            "impersonate-uid" => Some(&mut *uid),
            _ => None,
        };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let is_impersonate = lower.starts_with("impersonate-extra-") && lower.bytes().all(is_token);
        match slot {
            Some(slot) if is_first && !value.is_empty() => *slot = value,
            // Go's server looks at them, but only refuses what is wrong with them.
            None if is_heard && matches!(lower.as_str(), "host" | "content-length" | "transfer-encoding") => {}
            None if lower == "impersonate-group" => groups.push(value),
            None if is_impersonate => {
                let key = lower.strip_prefix("impersonate-extra-").unwrap_or_default();
                let key = unescape(key.as_bytes(), Part::PathSegment).unwrap_or_else(|_| key.as_bytes().to_vec());
                extra.entry(String::from_utf8_lossy(&key).into_owned()).or_default().push(value);
            }
            _ => form.headers.push((name.clone(), value)),
        }
        // Later ones count for nothing, whatever they hold.
        if matches!(lower.as_str(), "user-agent" | "content-type" | "impersonate-user" | "impersonate-uid") {
            seen.push(lower);
        }
    }
    form.impersonate.extra = extra;
    // Without one the form would assume one.
    if request.method == "PATCH" && !request.body.is_empty() && request.header("Content-Type").is_none() {
        form.headers.push(("Content-Type".to_owned(), String::new()));
    }
}
