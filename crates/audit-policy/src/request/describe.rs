//! What a request asks for, in words.

use super::info::{self, RequestInfo};
use crate::exchange::HttpRequest;
use crate::{GoString, Release, kinds};

/// A longer name or target is cut in sentences.
const MAX_SHOWN: usize = 200;

/// Method, target and what they ask for: `GET /api/v1/namespaces/prod/secrets/db: get secret db in namespace prod`.
pub(crate) fn describe_request(request: &HttpRequest, release: Release) -> String {
    let asked = match info::of_request(request, release) {
        Ok(info) => describe(&info, release),
        Err(never) => format!("answered {} before auditing: {}", never.code, never.reason),
    };
    format!("{} {}: {asked}", shown(&request.method), shown(&request.target))
}

/// What a request asks for, in one clause: `get secret db in namespace prod`.
pub(crate) fn describe(info: &RequestInfo, release: Release) -> String {
    let verb = match info.verb.as_bytes() {
        b"" => "an unknown verb on".to_owned(),
        b"deletecollection" => "delete all".to_owned(),
        _ => shown(&info.verb),
    };
    if !info.is_resource_request {
        return format!("{verb} path {}", shown(&info.path));
    }
    let target = Target::of(info, release);
    let asked = match (info.subresource.as_bytes(), info.verb.as_bytes()) {
        (b"", b"create") => format!("create a {}", target.object),
        (b"", _) => format!("{verb} {}", target.object),
        (b"exec", b"get" | b"create") => format!("run a command in {}", target.object),
        (b"attach", b"get" | b"create") => format!("attach to {}", target.object),
        (b"portforward", b"get" | b"create") => format!("forward ports of {}", target.object),
        (b"eviction", b"create") => format!("evict {}", target.object),
        (b"binding", b"create") => format!("bind {} to a node", target.object),
        (b"token", b"create") => format!("create a token for {}", target.object),
        (b"proxy", _) => format!("{verb} through the proxy to {}", target.object),
        _ => format!("{verb} the {} of {}", shown(&info.subresource), target.object),
    };
    format!("{asked}{}", target.place)
}

/// The object or objects, and where they are.
struct Target {
    object: String,
    place: String,
}

impl Target {
    fn of(info: &RequestInfo, release: Release) -> Target {
        let text = |string: &GoString| string.as_str().unwrap_or_default().to_owned();
        let found = kinds::by_resource(&text(&info.api_group), &text(&info.resource), release);
        let singular = found.map_or_else(|| shown(&info.resource), |found| found.resource.singular());
        let many = info.verb == "list" || info.verb == "watch" || info.verb == "deletecollection";
        let mut object = match (info.name.is_empty(), info.verb == "create", many) {
            (true, _, true) | (true, false, false) => shown(&info.resource),
            (true, true, _) => singular,
            (false, _, _) => format!("{singular} {}", shown(&info.name)),
        };
        if found.is_none() && !info.api_group.is_empty() {
            object = format!("{object} of group {}", shown(&info.api_group));
        }
        // A request for a namespace itself has it as its namespace too.
        let place = if info.namespace.is_empty() {
            let namespaced = found.is_some_and(|found| found.resource.namespaced);
            if many && namespaced { " in all namespaces".to_owned() } else { String::new() }
        } else if info.resource == "namespaces" {
            String::new()
        } else {
            format!(" in namespace {}", shown(&info.namespace))
        };
        Target { object, place }
    }
}

/// The string for people: cut where it is long.
fn shown(string: &GoString) -> String {
    let text = string.to_str_lossy();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_in_words() {
        for (method, target, expected) in [
            ("GET", "/api/v1/namespaces/prod/secrets/db", "get secret db in namespace prod"),
            ("GET", "/api/v1/pods?watch=1", "watch pods in all namespaces"),
            ("GET", "/api/v1/nodes", "list nodes"),
            ("POST", "/apis/apps/v1/namespaces/dev/deployments", "create a deployment in namespace dev"),
            ("DELETE", "/api/v1/namespaces/dev/pods", "delete all pods in namespace dev"),
            ("GET", "/api/v1/namespaces/dev", "get namespace dev"),
            ("GET", "/api/v1/namespaces/dev/pods/web/log", "get the log of pod web in namespace dev"),
            ("POST", "/api/v1/namespaces/dev/pods/web/exec?command=sh", "run a command in pod web in namespace dev"),
            (
                "PATCH",
                "/apis/apps/v1/namespaces/dev/deployments/web/scale",
                "patch the scale of deployment web in namespace dev",
            ),
            ("PUT", "/apis/acme.com/v1/gizmos/a", "update gizmos a of group acme.com"),
            ("GET", "/healthz", "get path /healthz"),
            ("FROB", "/api/v1/nodes/a", "an unknown verb on node a"),
            ("GET", "/%", "answered 400 before auditing: parse \"/%\": invalid URL escape \"%\""),
        ] {
            let request = HttpRequest { method: method.into(), target: target.into(), ..HttpRequest::default() };
            assert_eq!(describe_request(&request, Release::NEWEST), format!("{method} {target}: {expected}"));
        }
    }
}
