//! Method and target of the request that an event tells of.

use super::super::info::RequestInfo;
use crate::event::{Event, ObjectReference};
use crate::exchange::HttpRequest;
use crate::{GoString, Release};

/// The request line of an event's request.
pub(super) struct Line {
    pub(super) method: GoString,
    pub(super) target: GoString,
    /// Whether the target was made from the objectRef.
    pub(super) target_made: bool,
    /// Whether a request of this method and target has the event's verb.
    pub(super) fits: bool,
}

/// Method and target: the target is the requestURI, else what leads to the object; the method is the one that has the verb.
pub(super) fn line(event: &Event, release: Release) -> Option<Line> {
    let target_made = event.request_uri.is_empty();
    let target = match &event.object_ref {
        _ if !target_made => event.request_uri.clone(),
        Some(reference) => target_of(reference, &event.verb)?,
        None => return None,
    };
    let methods = methods(&event.verb);
    let fitting = methods
        .iter()
        .find(|method| RequestInfo::new(method, &target, release).is_ok_and(|info| info.verb == event.verb));
    let method = fitting.or(methods.first()).cloned().unwrap_or_else(|| "GET".into());
    Some(Line { method, target, target_made, fits: fitting.is_some() })
}

/// The methods that may have this verb, the likeliest first.
fn methods(verb: &GoString) -> Vec<GoString> {
    let of_resource = match verb.as_bytes() {
        b"create" => "POST",
        b"get" | b"list" | b"watch" | b"proxy" => "GET",
        b"update" => "PUT",
        b"patch" => "PATCH",
        b"delete" | b"deletecollection" => "DELETE",
        b"" => "OPTIONS",
        _ => "",
    };
    let upper = GoString::from(verb.as_bytes().to_ascii_uppercase());
    let mut methods: Vec<GoString> = vec![of_resource.into(), upper];
    // The watch and proxy prefixes have their verb whatever the method.
    methods.extend(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].map(GoString::from));
    methods.retain(|method| !method.is_empty() && method.as_bytes().iter().all(u8::is_ascii_graphic));
    methods
}

/// The path that leads to an object.
fn target_of(reference: &ObjectReference, verb: &GoString) -> Option<GoString> {
    let ObjectReference { resource, namespace, name, api_group, api_version, subresource, .. } = reference;
    if resource.is_empty() {
        return None;
    }
    let version: &[u8] = if api_version.is_empty() { b"v1" } else { api_version.as_bytes() };
    let mut parts: Vec<&[u8]> = if api_group.is_empty() { vec![b"api"] } else { vec![b"apis", api_group.as_bytes()] };
    parts.push(version);
    // A namespace has itself as its namespace.
    let is_own = resource == "namespaces" && name == namespace;
    if !namespace.is_empty() && !is_own {
        parts.extend([b"namespaces".as_slice(), namespace.as_bytes()]);
    }
    parts.push(resource.as_bytes());
    // A new object has its name in the body.
    let is_new = verb == "create" && subresource.is_empty();
    if !name.is_empty() && !is_new && !matches!(verb.as_bytes(), b"list" | b"watch" | b"deletecollection") {
        parts.push(name.as_bytes());
        parts.extend(Some(subresource.as_bytes()).filter(|part| !part.is_empty()));
    }
    let mut target = Vec::new();
    for part in parts {
        target.push(b'/');
        escape(&mut target, part);
    }
    if verb == "watch" {
        target.extend_from_slice(b"?watch=true");
    }
    Some(target.into())
}

fn escape(out: &mut Vec<u8>, part: &[u8]) {
    for byte in part {
        if byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,;=".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
}

/// The headers that an event tells of.
pub(super) fn request(event: &Event, line: &Line) -> HttpRequest {
    let mut headers: Vec<(String, GoString)> = Vec::new();
    let mut header = |name: &str, value: &GoString| {
        if !value.is_empty() {
            headers.push((name.to_owned(), value.clone()));
        }
    };
    header("User-Agent", &event.user_agent);
    header("Audit-ID", &event.audit_id);
    if let Some(user) = &event.impersonated_user {
        header("Impersonate-User", &user.username);
        header("Impersonate-Uid", &user.uid);
        // The server adds these by itself.
        let added = |group: &GoString| matches!(group.as_bytes(), b"system:authenticated" | b"system:unauthenticated");
        for group in user.groups.iter().flatten().filter(|group| !added(group)) {
            header("Impersonate-Group", group);
        }
    }
    HttpRequest { method: line.method.clone(), target: line.target.clone(), headers, body: GoString::new() }
}
