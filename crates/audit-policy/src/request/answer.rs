//! What the server answers where the request's text does not say: the code by verb, and the errors that are known in full.

use super::deadline::refused_timeout;
use super::headers::{Wanted, service_account_namespace};
use super::info::{NeverAudited, RequestInfo};
use crate::exchange::HttpRequest;
use crate::json::write_string;
use crate::release::Change;
use crate::text::go_quote as quote;
use crate::{GoString, Release};

/// How far a request comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Go's HTTP server or RequestInfo stops it.
    NeverAudited(NeverAudited),
    /// Its timeout cannot be read.
    BadTimeout(String),
    /// Its user is not authenticated.
    Unauthenticated,
    /// It asks for groups without a user, or the like.
    MalformedImpersonation(String),
    /// It asks to act as another, and may not.
    RefusedImpersonation,
    /// It reaches authorization and, where that allows it, its handler.
    Handled,
}

/// How far a request comes: the first filter that stops it answers.
pub(super) fn course(
    request: &HttpRequest,
    info: &Result<RequestInfo, NeverAudited>,
    authenticated: bool,
    wanted: &Wanted,
    impersonation_allowed: bool,
    release: Release,
) -> Course {
    let info = match info {
        Ok(info) => info,
        Err(never) => return Course::NeverAudited(never.clone()),
    };
    if let Some(message) = refused_timeout(request, info, release) {
        return Course::BadTimeout(message);
    }
    match wanted {
        _ if !authenticated => Course::Unauthenticated,
        Wanted::Malformed { message } => Course::MalformedImpersonation(message.clone()),
        Wanted::User(_) if !impersonation_allowed => Course::RefusedImpersonation,
        _ => Course::Handled,
    }
}

/// A status code, and the body where it is known.
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) body: Option<GoString>,
}

fn known(code: u16, body: Vec<u8>) -> Answer {
    Answer { code, body: Some(body.into()) }
}

/// The answer to a request that comes so far and is not refused any further.
pub(super) fn answer(
    course: &Course,
    info: Option<&RequestInfo>,
    username: &GoString,
    wanted: &Wanted,
    release: Release,
) -> Answer {
    match course {
        Course::NeverAudited(never) => Answer { code: never.code, body: None },
        Course::BadTimeout(message) => known(400, status(400, "BadRequest", message, None)),
        Course::Unauthenticated => known(401, status(401, "Unauthorized", "Unauthorized", None)),
        Course::MalformedImpersonation(message) if release.has(Change::MalformedImpersonationIsBadRequest) => {
            known(400, status(400, "BadRequest", message, None))
        }
        Course::MalformedImpersonation(message) => {
            let uri = info.map(|info| quote(info.request_uri.as_bytes())).unwrap_or_default();
            known(500, format!("Internal Server Error: {uri}: {message}\n").into_bytes())
        }
        Course::RefusedImpersonation => known(403, refused_impersonation(info, username, wanted, release)),
        Course::Handled => match info {
            Some(info) if info.is_resource_request && info.verb.is_empty() => {
                let message = "the server does not allow this method on the requested resource";
                known(405, status(405, "MethodNotAllowed", message, Some("{}")))
            }
            info => Answer { code: info.map_or(200, code_by_verb), body: None },
        },
    }
}

/// The code of a success.
fn code_by_verb(info: &RequestInfo) -> u16 {
    match (info.subresource.as_bytes(), info.verb.as_bytes()) {
        (b"exec" | b"attach" | b"portforward", b"create" | b"get") if info.is_resource_request => 101,
        (b"proxy", _) => 200,
        (_, b"create") if info.is_resource_request => 201,
        _ => 200,
    }
}

/// The Status that refuses impersonation: from 1.36 the constrained mode's that fits the user, before that the only one.
fn refused_impersonation(
    info: Option<&RequestInfo>,
    username: &GoString,
    wanted: &Wanted,
    release: Release,
) -> Vec<u8> {
    let Wanted::User(wanted) = wanted else { return Vec::new() };
    let asked = wanted.username.as_bytes();
    let service_account = service_account_namespace(&wanted.username);
    let mut subject = match info {
        Some(info) if release.has(Change::ConstrainedImpersonation) => {
            let mode = match service_account {
                Some(_) => "serviceaccount",
                None if asked.starts_with(b"system:node:") => "arbitrary-node",
                None => "user-info",
            };
            Subject {
                verb: format!("impersonate-on:{mode}:{}", info.verb),
                path: (!info.is_resource_request).then_some(info.path.as_bytes()),
                group: info.api_group.as_bytes(),
                resource: info.resource.as_bytes(),
                subresource: info.subresource.as_bytes(),
                namespace: info.namespace.as_bytes(),
                name: info.name.as_bytes(),
            }
        }
        _ => Subject { verb: "impersonate".to_owned(), resource: b"users", name: asked, ..Subject::default() },
    };
    if let (Some(namespace), "impersonate") = (service_account, subject.verb.as_str()) {
        subject.resource = b"serviceaccounts";
        subject.namespace = namespace;
        subject.name = asked.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    }
    subject.forbidden(username)
}

/// What somebody may not do.
#[derive(Default)]
struct Subject<'a> {
    verb: String,
    path: Option<&'a [u8]>,
    group: &'a [u8],
    resource: &'a [u8],
    subresource: &'a [u8],
    namespace: &'a [u8],
    name: &'a [u8],
}

impl Subject<'_> {
    /// The Status, as upstream's `responsewriters.ForbiddenStatusError` without a reason.
    fn forbidden(&self, username: &GoString) -> Vec<u8> {
        let (user, verb) = (quote(username.as_bytes()), &self.verb);
        let denied = match self.path {
            Some(path) => format!("User {user} cannot {verb} path {}", quote(path)),
            None => {
                let mut resource = self.resource.to_vec();
                if !self.subresource.is_empty() {
                    resource = [&resource, b"/".as_slice(), self.subresource].concat();
                }
                let place = match self.namespace {
                    b"" => "at the cluster scope".to_owned(),
                    namespace => format!("in the namespace {}", quote(namespace)),
                };
                let group = quote(self.group);
                format!("User {user} cannot {verb} resource {} in API group {group} {place}", quote(&resource))
            }
        };
        let denied = denied.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let message = if self.path.is_some() || self.resource.is_empty() {
            format!("forbidden: {denied}")
        } else {
            let mut kind = String::from_utf8_lossy(self.resource).into_owned();
            if !self.group.is_empty() {
                kind = format!("{kind}.{}", String::from_utf8_lossy(self.group));
            }
            match self.name {
                b"" => format!("{kind} is forbidden: {denied}"),
                name => format!("{kind} {} is forbidden: {denied}", quote(name)),
            }
        };
        let members = [("name", self.name), ("group", self.group), ("kind", self.resource)];
        let members = members.iter().filter(|(_, value)| !value.is_empty() && self.path.is_none());
        let details: Vec<_> = members.map(|(key, value)| format!("\"{key}\":{}", json_string(value))).collect();
        status(403, "Forbidden", &message, Some(&format!("{{{}}}", details.join(","))))
    }
}

/// A failure's Status as the server sends it.
fn status(code: u16, reason: &str, message: &str, details: Option<&str>) -> Vec<u8> {
    let message = json_string(message.as_bytes());
    let details = details.map(|details| format!("\"details\":{details},")).unwrap_or_default();
    format!(
        "{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{{}},\"status\":\"Failure\",\"message\":{message},\
         \"reason\":\"{reason}\",{details}\"code\":{code}}}\n"
    )
    .into_bytes()
}

fn json_string(text: &[u8]) -> String {
    let mut out = Vec::new();
    write_string(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}
