//! An HTTP request → what it is about: verb, resource, namespace, name.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go`, and of Go's `net/http` what happens to a
//! request before it.

use serde::Serialize;

use super::selectors::{check_labels, parse_int64, required_name};
use super::url::{self, Url, first};
use crate::decide::Attributes;
use crate::event::UserInfo;
use crate::exchange::HttpRequest;
use crate::release::Change;
use crate::text::go_quote as quote;
use crate::{GoString, Release};

/// What a request is about, as upstream's `RequestInfo`, and its URI as events have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestInfo {
    /// Whether it is about an API resource; else it is about a path.
    pub is_resource_request: bool,
    /// The decoded path of the URL.
    pub path: GoString,
    /// The Kubernetes verb, empty for a method that has none; for a non-resource request the method in lower case.
    pub verb: GoString,
    /// `api` or `apis`; empty for other paths.
    #[serde(rename = "apiPrefix")]
    pub api_prefix: GoString,
    /// The API group; empty for core.
    pub api_group: GoString,
    /// The API version, without the group.
    pub api_version: GoString,
    /// The namespace; empty for cluster-scoped requests.
    pub namespace: GoString,
    /// The resource, such as `pods`.
    pub resource: GoString,
    /// The subresource, such as `log`.
    pub subresource: GoString,
    /// The object's name where the URL has it, in the path or in a field selector.
    pub name: GoString,
    /// The parts of the path from the resource on.
    pub parts: Vec<GoString>,
    /// The field selector as sent, for verbs that have one (from 1.32).
    pub field_selector: GoString,
    /// The label selector as sent, for verbs that have one (from 1.32).
    pub label_selector: GoString,
    /// Path and query, as Go's `URL.RequestURI()` builds them from the URL that it read.
    #[serde(rename = "requestURI")]
    pub request_uri: GoString,
    /// Why the rest could not be told; such a request is answered 500 and never audited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<GoString>,
}

/// Go's HTTP server refuses the request with 400: Kubernetes never sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpError {
    /// Go's message.
    pub message: String,
}

/// Why a request never reaches the audit handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NeverAudited {
    /// The status code of the answer.
    pub code: u16,
    /// Why, in the server's words where it has some.
    pub reason: String,
}

impl From<HttpError> for NeverAudited {
    fn from(error: HttpError) -> Self {
        NeverAudited { code: 400, reason: error.message }
    }
}

fn refused(message: impl Into<String>) -> HttpError {
    HttpError { message: message.into() }
}

/// What a request is about, as the audit handler sees it.
///
/// # Errors
///
/// Where the request is answered before it gets there, so that there is no event.
pub fn of_request(request: &HttpRequest, release: Release) -> Result<RequestInfo, NeverAudited> {
    let info = RequestInfo::new(&request.method, &request.target, release)?;
    check_headers(request)?;
    if request.method == "OPTIONS" && request.target == "*" {
        return Err(NeverAudited { code: 200, reason: "Go's HTTP server answers `OPTIONS *` itself".to_owned() });
    }
    match &info.error {
        Some(error) => Err(NeverAudited { code: 500, reason: error.to_str_lossy().into_owned() }),
        None => Ok(info),
    }
}

/// What rules look at: upstream's `GetAuthorizerAttributes`.
pub fn attributes(info: &RequestInfo, user: Option<UserInfo>) -> Attributes {
    Attributes {
        user,
        verb: info.verb.clone(),
        resource_request: info.is_resource_request,
        namespace: info.namespace.clone(),
        api_group: info.api_group.clone(),
        api_version: info.api_version.clone(),
        resource: info.resource.clone(),
        subresource: info.subresource.clone(),
        name: info.name.clone(),
        path: info.path.clone(),
    }
}

impl RequestInfo {
    /// Reads the method and target of a request line, as upstream's `NewRequestInfo` behind Go's HTTP server.
    ///
    /// # Errors
    ///
    /// Where Go's HTTP server refuses the request line.
    pub fn new(method: &GoString, target: &GoString, release: Release) -> Result<RequestInfo, HttpError> {
        let (method, target) = (method.as_bytes(), target.as_bytes());
        check_request_line(method, target)?;
        let url = Url::of_request(method, target).map_err(refused)?;
        let mut info = RequestInfo {
            path: url.path.clone().into(),
            verb: method.to_ascii_lowercase().into(),
            request_uri: url.request_uri().into(),
            ..RequestInfo::default()
        };
        info.read_path(method, &url, release);
        Ok(info)
    }

    fn read_path(&mut self, method: &[u8], url: &Url, release: Release) {
        let all = split_path(&url.path);
        let mut parts: &[&[u8]] = match all.as_slice() {
            [prefix @ (b"api" | b"apis"), rest @ ..] if rest.len() >= 2 => {
                self.api_prefix = (*prefix).into();
                rest
            }
            _ => return,
        };
        if self.api_prefix == "apis" {
            match parts {
                [group, rest @ ..] if rest.len() >= 2 => {
                    self.api_group = (*group).into();
                    parts = rest;
                }
                _ => return,
            }
        }
        let [version, rest @ ..] = parts else { return };
        parts = rest;
        self.is_resource_request = true;
        self.api_version = (*version).into();

        // `watch/` and `proxy/` before the resource are verbs, whatever the method.
        let mut verb_is_in_path = false;
        if let [special @ (b"watch" | b"proxy"), rest @ ..] = parts {
            if rest.is_empty() {
                let reason =
                    [b"unable to determine kind and namespace from url, ".as_slice(), &url.to_bytes()].concat();
                self.error = Some(reason.into());
                return;
            }
            self.verb = (*special).into();
            parts = rest;
            verb_is_in_path = true;
        } else {
            self.verb = verb_of_method(method).into();
        }

        if let [b"namespaces", namespace, rest @ ..] = parts {
            self.namespace = (*namespace).into();
            if rest.first().is_some_and(|next| !matches!(*next, b"status" | b"finalize")) {
                parts = rest;
            }
        }
        self.parts = parts.iter().map(|part| GoString::from(*part)).collect();
        let part = |index: usize| parts.get(index).map(|part| GoString::from(*part)).unwrap_or_default();
        self.resource = part(0);
        self.name = part(1);
        if self.verb != "proxy" {
            self.subresource = part(2);
        }
        self.read_query(&url.query(), !verb_is_in_path && release.has(Change::Selectors));
    }

    /// What is without a name is about many objects: get is list or watch, delete is deletecollection.
    fn read_query(&mut self, query: &[(Vec<u8>, Vec<u8>)], keep_selectors: bool) {
        if self.name.is_empty() && self.verb == "get" {
            self.verb = if is_watch(query) { "watch" } else { "list" }.into();
            if let Some(name) = selected_name(query) {
                self.name = name.into();
            }
        }
        if self.name.is_empty() && self.verb == "delete" {
            self.verb = "deletecollection".into();
        }
        if keep_selectors && (self.verb == "list" || self.verb == "watch" || self.verb == "deletecollection") {
            self.field_selector = first(query, "fieldSelector").unwrap_or_default().into();
            self.label_selector = first(query, "labelSelector").unwrap_or_default().into();
        }
    }

    /// Whether the server holds the request open and records when the response starts: upstream's `longRunningFunc`, as
    /// kube-apiserver sets it.
    pub fn is_long_running(&self) -> bool {
        if self.verb == "watch" || self.verb == "proxy" {
            return true;
        }
        if self.is_resource_request {
            return matches!(self.subresource.as_bytes(), b"attach" | b"exec" | b"proxy" | b"log" | b"portforward");
        }
        self.path.as_bytes().starts_with(b"/debug/pprof/")
    }
}

fn verb_of_method(method: &[u8]) -> &'static str {
    match method {
        b"POST" => "create",
        b"GET" | b"HEAD" => "get",
        b"PUT" => "update",
        b"PATCH" => "patch",
        b"DELETE" => "delete",
        _ => "",
    }
}

/// Whether a decoded path is one of the API's resources; what is not is a non-resource path.
pub(crate) fn is_resource_path(path: &[u8]) -> bool {
    match split_path(path).as_slice() {
        [b"api", rest @ ..] => rest.len() >= 2,
        [b"apis", rest @ ..] => rest.len() >= 3,
        _ => false,
    }
}

fn split_path(path: &[u8]) -> Vec<&[u8]> {
    let start = path.iter().position(|byte| *byte != b'/').unwrap_or(path.len());
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(start, |last| last + 1);
    let trimmed = path.get(start..end).unwrap_or_default();
    if trimmed.is_empty() { Vec::new() } else { trimmed.split(|byte| *byte == b'/').collect() }
}

fn is_watch(query: &[(Vec<u8>, Vec<u8>)]) -> bool {
    let is_false = |value: &[u8]| value == b"0" || value.eq_ignore_ascii_case(b"false");
    first(query, "watch").is_some_and(|value| !is_false(value))
}

/// The name in the field selector, if all list options can be read and it could be part of a path.
fn selected_name(query: &[(Vec<u8>, Vec<u8>)]) -> Option<Vec<u8>> {
    for number in ["limit", "timeoutSeconds"] {
        if let Some(value) = first(query, number) {
            parse_int64(value)?;
        }
    }
    check_labels(first(query, "labelSelector").unwrap_or_default()).ok()?;
    let name = required_name(first(query, "fieldSelector").unwrap_or_default()).ok()??;
    let is_segment = name != b"." && name != b".." && !name.iter().any(|byte| matches!(byte, b'/' | b'%'));
    is_segment.then_some(name)
}

/// What Go's HTTP server demands of a request line `METHOD TARGET HTTP/1.1`, besides the URL.
fn check_request_line(method: &[u8], target: &[u8]) -> Result<(), HttpError> {
    let line = [method, b" ", target, b" HTTP/1.1"].concat();
    // A line break would end the line; what follows is no part of it.
    if line.contains(&b'\n') {
        return Err(refused("line break in the request line"));
    }
    let (method, rest) = url::cut(&line, b' ').unwrap_or((&line, b""));
    if method.is_empty() || !method.iter().all(is_token_byte) {
        return Err(refused(format!("invalid method {}", quote(method))));
    }
    let version = url::cut(rest, b' ').map_or(rest, |(_, version)| version);
    if version != b"HTTP/1.1" {
        return Err(refused(format!("malformed HTTP version {}", quote(version))));
    }
    Ok(())
}

/// What Go's HTTP server demands of headers. A missing Host is not held against a pasted request.
fn check_headers(request: &HttpRequest) -> Result<(), HttpError> {
    for (name, value) in &request.headers {
        if name.is_empty() || !name.as_bytes().iter().all(is_token_byte) {
            return Err(refused("invalid header name"));
        }
        if value.as_bytes().iter().any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f) {
            return Err(refused("invalid header value"));
        }
    }
    let mut hosts = request.headers_named("Host");
    let first = hosts.next();
    if hosts.next().is_some() {
        return Err(refused("too many Host headers"));
    }
    let is_host_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"!$%&()*+,-.:;='[]_~".contains(byte);
    if first.is_some_and(|host| !host.as_bytes().iter().all(is_host_byte)) {
        return Err(refused("malformed Host header"));
    }
    Ok(())
}

fn is_token_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}
