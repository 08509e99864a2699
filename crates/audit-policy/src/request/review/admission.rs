//! AdmissionReview: what the server asks a webhook about.
//!
//! Mirrors `staging/src/k8s.io/api/admission/v1/types.go`. What a webhook gets is not all of the request: a patch is seen as the update that
//! it comes to, and the object as others have changed it already.

use super::{Asked, Fields, Kind, Node, check_version, optional, user};
use crate::exchange::Authentication;
use crate::json::write_node;
use crate::request::fields::error;
use crate::request::mend::nearest_meant;

const REQUEST: [&str; 15] = [
    "uid",
    "kind",
    "resource",
    "subResource",
    "requestKind",
    "requestResource",
    "requestSubResource",
    "name",
    "namespace",
    "operation",
    "userInfo",
    "object",
    "oldObject",
    "dryRun",
    "options",
];
const OPERATIONS: [&str; 4] = ["CREATE", "UPDATE", "DELETE", "CONNECT"];

pub(super) fn read(fields: &mut Fields, root: Node<'_>, text: &[u8]) -> Option<Asked> {
    check_version(fields, root, "admission.k8s.io");
    let members = fields.known_members(root, "", &["apiVersion", "kind", "request", "response"], &[]);
    let of = |name: &str| {
        members.iter().find(|(key, node)| *key == name && node.kind() != Kind::Null).map(|(_, node)| *node)
    };
    let Some(request) = of("request") else {
        let (message, help) = if of("response").is_some() {
            (
                "the AdmissionReview holds the webhook's answer, and not what was asked",
                "give the one with `request`, which the webhook got",
            )
        } else {
            ("the AdmissionReview has no `request`", "give the one that the server sends to a webhook")
        };
        fields.refuse("missing-key", "request", message, root.span(), help);
        return None;
    };
    let members = fields.known_members(request, "request", &REQUEST, &[]);
    let of = |name: &str| {
        members.iter().find(|(key, node)| *key == name && node.kind() != Kind::Null).map(|(_, node)| *node)
    };
    let mut asked = Asked::default();
    // The one that the client used, where the webhook was given an equivalent of it.
    let resource =
        of("requestResource").map(|node| ("requestResource", node)).or(of("resource").map(|node| ("resource", node)));
    match resource {
        Some((name, node)) => group_version_resource(fields, node, name, &mut asked),
        None => fields.refuse(
            "missing-key",
            "request.resource",
            "the request has no `resource`",
            request.span(),
            "give `resource: {group, version, resource}`",
        ),
    }
    for (names, field) in [
        (&["requestSubResource", "subResource"][..], "subresource"),
        (&["namespace"], "namespace"),
        (&["name"], "name"),
    ] {
        let Some((name, node)) = names.iter().find_map(|name| of(name).map(|node| (name, node))) else { continue };
        let value = asked.text(fields, node, &format!("request.{name}"), field);
        match field {
            "subresource" => asked.form.subresource = value,
            "namespace" => asked.form.namespace = value,
            _ => asked.form.name = value,
        }
    }
    if let Some(node) = of("userInfo") {
        let members = fields.known_members(node, "request.userInfo", &["username", "uid", "groups", "extra"], &[]);
        asked.given.user = user(fields, &members, "request.userInfo").map(Authentication::User);
        asked.tell("impersonation", "none: of one who impersonates, the review has only whom they act as");
    }
    asked.form.dry_run = of("dryRun").is_some_and(|node| fields.boolean(node, "request.dryRun"));
    let json = |node: Node<'_>| json_of(node, text);
    operation(fields, request, &members, &mut asked, &json);
    Some(asked)
}

fn group_version_resource(fields: &mut Fields, node: Node<'_>, name: &str, asked: &mut Asked) {
    let prefix = format!("request.{name}");
    for (key, node) in fields.known_members(node, &prefix, &["group", "version", "resource"], &[]) {
        let path = format!("{prefix}.{key}");
        match key {
            "group" => asked.form.group = asked.text(fields, node, &path, "group"),
            "version" => asked.form.version = asked.text(fields, node, &path, "version"),
            _ => asked.form.resource = asked.text(fields, node, &path, "resource"),
        }
    }
    if asked.form.resource.is_empty() && !fields.failed() {
        let help = "give one, such as `pods`";
        fields.refuse("missing-key", &prefix, "the request has no name of a resource", node.span(), help);
    }
}

/// The value's JSON: as it stands in JSON, else written anew.
fn json_of(node: Node<'_>, text: &[u8]) -> String {
    let span = node.span();
    let start = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text).trim_ascii_start();
    if start.starts_with(b"{")
        && let Some(Ok(own)) = text.get(span.start..span.end).map(std::str::from_utf8)
    {
        return own.to_owned();
    }
    let mut out = Vec::new();
    write_node(&mut out, node);
    String::from_utf8_lossy(&out).into_owned()
}

/// Verb and body by the operation.
fn operation(
    fields: &mut Fields,
    request: Node<'_>,
    members: &[(&str, Node<'_>)],
    asked: &mut Asked,
    json: &impl Fn(Node<'_>) -> String,
) {
    let of = |name: &str| {
        members.iter().find(|(key, node)| *key == name && node.kind() != Kind::Null).map(|(_, node)| *node)
    };
    let Some(node) = of("operation") else {
        let help = "give CREATE, UPDATE, DELETE or CONNECT";
        fields.refuse("missing-key", "request.operation", "the request has no `operation`", request.span(), help);
        return;
    };
    let operation = asked.text(fields, node, "request.operation", "verb");
    let options = of("options");
    match operation.as_str() {
        "CREATE" => {
            asked.form.verb = "create".to_owned();
            // Of a new object the name stands in the object; of what is created beneath another it is that one's.
            if asked.form.subresource.is_empty() {
                asked.form.name.clear();
            }
            object(asked, of("object").map(json));
            parameters(fields, options, asked);
            asked.tell(
                "verb",
                "create; a server-side apply that creates the object is a `patch`, and makes the same review",
            );
        }
        "UPDATE" => {
            asked.form.verb = "update".to_owned();
            object(asked, of("object").map(json));
            parameters(fields, options, asked);
            let patch = super::Form {
                verb: "patch".to_owned(),
                body: String::new(),
                content_type: String::new(),
                ..asked.form.clone()
            };
            asked.others.push(("the client sent a patch, which is not in the review".to_owned(), patch));
            asked.tell("verb", "update; a patch makes the same review");
        }
        "DELETE" => {
            let is_one = !asked.form.name.is_empty();
            asked.form.verb = if is_one { "delete" } else { "deletecollection" }.to_owned();
            if let Some(options) = options {
                asked.form.body = json(options);
                asked.form.content_type = "application/json".to_owned();
                // The options say it.
                asked.form.dry_run &= options.get("dryRun").is_none();
            }
        }
        "CONNECT" => {
            // The WebSocket clients of today GET; older ones and proxies may use any method.
            asked.form.verb = "get".to_owned();
            asked.form.dry_run = false;
            asked.tell("verb", "get, as WebSocket clients connect; older ones use `create`");
            asked.tell(
                "query",
                "none: what is connected to with which options stands in the query, which is not in the review",
            );
            let post = super::Form { verb: "create".to_owned(), ..asked.form.clone() };
            asked.others.push(("the client sent a POST".to_owned(), post));
        }
        _ => {
            let message = format!("`{}` is no operation", super::shorten(&operation));
            let help = "give CREATE, UPDATE, DELETE or CONNECT";
            let refusal = error("unknown-operation", &message, Some(node.span()), help);
            fields.add("request.operation", nearest_meant(refusal, &operation, &OPERATIONS));
        }
    }
}

fn object(asked: &mut Asked, json: Option<String>) {
    let Some(json) = json else {
        asked.tell("request object", "none: the review has no `object`");
        return;
    };
    asked.form.body = json;
    asked.form.content_type = "application/json".to_owned();
    asked.tell("request object", "as the review has it, which is after defaults and other webhooks");
}

/// The parameters of the query that CreateOptions and UpdateOptions hold.
fn parameters(fields: &mut Fields, options: Option<Node<'_>>, asked: &mut Asked) {
    let Some(options) = options else { return };
    let mut query = Vec::new();
    for name in ["fieldManager", "fieldValidation"] {
        if let Some(node) = options.get(name) {
            let value = optional(fields, node, &format!("request.options.{name}"));
            if !value.is_empty() {
                query.push(format!("{name}={}", crate::request::form::query_escape(&value)));
            }
        }
    }
    asked.form.query = query.join("&");
}
