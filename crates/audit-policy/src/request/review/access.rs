//! SubjectAccessReview, LocalSubjectAccessReview and SelfSubjectAccessReview: may this user do that?
//!
//! Mirrors `staging/src/k8s.io/api/authorization/v1/types.go` (and `v1beta1`, where `groups` is `group`).

use super::{Asked, Fields, Kind, Node, check_version, optional, user};
use crate::event::UserInfo;
use crate::exchange::Authentication;

const RESOURCE: [&str; 9] =
    ["namespace", "verb", "group", "version", "resource", "subresource", "name", "fieldSelector", "labelSelector"];
const GROUP: &str = "authorization.k8s.io";

pub(super) fn read(fields: &mut Fields, root: Node<'_>, kind: &str) -> Option<Asked> {
    check_version(fields, root, GROUP);
    let mut asked = Asked::default();
    let mut spec = None;
    let mut allowed = None;
    for (key, node) in fields.known_members(root, "", &["apiVersion", "kind", "metadata", "spec", "status"], &[]) {
        match key {
            "spec" => spec = Some(node),
            "status" => allowed = node.get("allowed").map(Node::kind),
            _ => {}
        }
    }
    let Some(spec) = spec else {
        fields.refuse(
            "missing-key",
            "spec",
            &format!("the {kind} has no `spec`"),
            root.span(),
            "give `spec.resourceAttributes` or `spec.nonResourceAttributes`",
        );
        return None;
    };
    let of_self = kind == "SelfSubjectAccessReview";
    let known: &[&str] = if of_self {
        &["resourceAttributes", "nonResourceAttributes"]
    } else {
        &["resourceAttributes", "nonResourceAttributes", "user", "groups", "group", "extra", "uid"]
    };
    let members = fields.known_members(spec, "spec", known, &[]);
    let of = |name: &str| {
        members.iter().find(|(key, node)| *key == name && node.kind() != Kind::Null).map(|(_, node)| *node)
    };
    match (of("resourceAttributes"), of("nonResourceAttributes")) {
        (Some(node), None) => resource(fields, node, &mut asked),
        (None, Some(node)) => path(fields, node, &mut asked),
        (Some(_), Some(node)) => {
            // The API refuses it in these words.
            let message = "cannot be specified in combination with resourceAttributes";
            fields.refuse("both-attributes", "spec.nonResourceAttributes", message, node.span(), "remove one of them");
        }
        (None, None) => {
            let message = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            fields.refuse(
                "no-attributes",
                "spec",
                message,
                spec.span(),
                "give `resourceAttributes` with `verb` and `resource`",
            );
        }
    }
    match user(fields, &members, "spec") {
        Some(user) => {
            let added = UserInfo::authenticated(user.username.as_str().unwrap_or_default(), &[]).groups;
            let has = |name: &str| user.groups.iter().flatten().any(|group| *group == name);
            if let Some(added) = added
                .into_iter()
                .flatten()
                .next()
                .filter(|_| !has("system:authenticated") && !has("system:unauthenticated"))
            {
                let message =
                    format!("requests of this user have the group {added} too, which the review does not name");
                fields.note(
                    "group-not-named",
                    "spec.groups",
                    &message,
                    spec.span(),
                    "add it to `spec.groups` where rules look at groups",
                );
            }
            asked.given.user = Some(Authentication::User(user));
        }
        None if of_self => asked.tell("user", "the review is about who sends it, who is not in the text"),
        None => {
            let message = "at least one of user or group must be specified";
            fields.warn(
                "no-user",
                "spec.user",
                message,
                spec.span(),
                "give `spec.user`: without one the user is assumed",
            );
        }
    }
    if kind == "LocalSubjectAccessReview" {
        compare_namespaces(fields, root, &asked);
    }
    if allowed == Some(Kind::Bool(false)) {
        asked.given.code = Some(403);
        asked.tell("response", "403: the review's status is not allowed");
    }
    Some(asked)
}

fn resource(fields: &mut Fields, node: Node<'_>, asked: &mut Asked) {
    let prefix = "spec.resourceAttributes";
    for (key, node) in fields.known_members(node, prefix, &RESOURCE, &[]) {
        let path = format!("{prefix}.{key}");
        match key {
            "verb" => asked.form.verb = asked.text(fields, node, &path, "verb"),
            "group" => asked.form.group = asked.text(fields, node, &path, "group"),
            "version" => asked.form.version = asked.text(fields, node, &path, "version"),
            "resource" => asked.form.resource = asked.text(fields, node, &path, "resource"),
            "subresource" => asked.form.subresource = asked.text(fields, node, &path, "subresource"),
            "namespace" => asked.form.namespace = asked.text(fields, node, &path, "namespace"),
            "name" => asked.form.name = asked.text(fields, node, &path, "name"),
            "labelSelector" => asked.form.label_selector = selector(fields, node, &path),
            _ => asked.form.field_selector = selector(fields, node, &path),
        }
    }
    for (value, name, help) in [
        (&asked.form.verb, "verb", "give one, such as `get`"),
        (&asked.form.resource, "resource", "give one, such as `pods`"),
    ] {
        if value.is_empty() && !fields.failed() {
            let message = format!("the review has no `{name}`");
            fields.refuse("missing-key", &format!("{prefix}.{name}"), &message, node.span(), help);
        }
    }
    if asked.form.version == "*" {
        asked.form.version.clear();
    }
    if asked.form.group == "*" {
        let message = "`*` stands for every group: no single request is meant";
        fields.refuse(
            "wildcard",
            "spec.resourceAttributes.group",
            message,
            node.span(),
            "give one group, or leave it out for core",
        );
    }
    // Rules see no name of what is created, and neither does the authorizer.
    if asked.form.verb == "create" && asked.form.subresource.is_empty() && !asked.form.name.is_empty() {
        asked.tell("name", "left out: a request that creates an object has no name in its URL");
        asked.form.name.clear();
    }
}

/// `rawSelector`, or its requirements written as one.
fn selector(fields: &mut Fields, node: Node<'_>, path: &str) -> String {
    let mut parts = Vec::new();
    for (key, node) in fields.known_members(node, path, &["rawSelector", "requirements"], &[]) {
        if key == "rawSelector" {
            parts.push(optional(fields, node, &format!("{path}.rawSelector")));
            continue;
        }
        for requirement in node.items().take(100) {
            let path = format!("{path}.requirements");
            let (mut name, mut operator, mut values) = (String::new(), String::new(), Vec::new());
            for (key, node) in fields.known_members(requirement, &path, &["key", "operator", "values"], &[]) {
                match key {
                    "key" => name = optional(fields, node, &path),
                    "operator" => operator = optional(fields, node, &path),
                    _ => values = fields.strings(node, &path).unwrap_or_default(),
                }
            }
            parts.push(match (operator.as_str(), values.as_slice()) {
                ("In", [one]) => format!("{name}={one}"),
                ("NotIn", [one]) => format!("{name}!={one}"),
                ("In", _) => format!("{name} in ({})", values.join(",")),
                ("NotIn", _) => format!("{name} notin ({})", values.join(",")),
                ("DoesNotExist", _) => format!("!{name}"),
                _ => name,
            });
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(",")
}

fn path(fields: &mut Fields, node: Node<'_>, asked: &mut Asked) {
    let prefix = "spec.nonResourceAttributes";
    for (key, node) in fields.known_members(node, prefix, &["path", "verb"], &[]) {
        let path = format!("{prefix}.{key}");
        match key {
            "path" => asked.form.path = asked.text(fields, node, &path, "path"),
            _ => asked.form.verb = asked.text(fields, node, &path, "verb"),
        }
    }
    if asked.form.path.contains('*') {
        let message = "`*` stands for many paths: no single request is meant";
        fields.refuse(
            "wildcard",
            "spec.nonResourceAttributes.path",
            message,
            node.span(),
            "give one path, such as `/healthz`",
        );
    }
    if asked.form.path.is_empty() {
        let message = "the review has no `path`";
        fields.refuse(
            "missing-key",
            "spec.nonResourceAttributes.path",
            message,
            node.span(),
            "give one, such as `/healthz`",
        );
    }
    if asked.form.verb.is_empty() {
        asked.tell("verb", "get");
        asked.form.verb = "get".to_owned();
    }
}

/// The namespace of a local review is that of what it asks about.
fn compare_namespaces(fields: &mut Fields, root: Node<'_>, asked: &Asked) {
    let own = root.get("metadata").and_then(|metadata| metadata.get("namespace"));
    let Some((node, namespace)) = own.and_then(|node| Some((node, node.as_str()?))) else { return };
    if namespace != asked.form.namespace && asked.form.path.is_empty() {
        let message = format!("must match metadata.namespace, which is `{}`", super::shorten(namespace));
        fields.warn(
            "namespace-mismatch",
            "spec.resourceAttributes.namespace",
            &message,
            node.span(),
            "rules see that of resourceAttributes",
        );
    }
}
