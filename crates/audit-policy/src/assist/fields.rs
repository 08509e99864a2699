//! What each field is for.

use crate::Release;
use crate::load::go_types::{Field, GoType, Struct};

/// By struct and field. What is not here is read and has no meaning for auditing.
const FIELDS: [(&str, &str, &str); 19] = [
    (
        "Policy",
        "apiVersion",
        "The API version of the policy. kube-apiserver does not start with a policy whose version it does not know; from 1.9 on, neither without one.",
    ),
    ("Policy", "kind", "Always `Policy`; left out, it is taken for that."),
    ("Policy", "metadata", "A name, labels and the like. It is read and changes nothing about what is logged."),
    (
        "Policy",
        "rules",
        "The rules, in order: the first one that matches a request decides, and no later one is asked. A request that none matches is not logged. There has to be at least one.",
    ),
    (
        "Policy",
        "omitStages",
        "Stages at which nothing is logged, whichever rule matches. A rule's own `omitStages` are added to these.",
    ),
    (
        "Policy",
        "omitManagedFields",
        "Whether `metadata.managedFields` is left out of logged objects, in lists too. A rule's own value counts instead; patches are logged as sent.",
    ),
    ("PolicyRule", "level", "How much is logged of a request that this rule matches. Required."),
    (
        "PolicyRule",
        "users",
        "Names of users; none given: every user. Compared exactly, `*` is no wildcard. The user is the authenticated one, never the one impersonated.",
    ),
    (
        "PolicyRule",
        "userGroups",
        "Groups of which the user has to be in one; none given: every user. Compared exactly, `*` is no wildcard. The user is the authenticated one, never the one impersonated.",
    ),
    (
        "PolicyRule",
        "verbs",
        "Verbs, in lower case; none given: every verb. Compared exactly, `*` is no wildcard. On paths that are no resource the verb is the HTTP method.",
    ),
    (
        "PolicyRule",
        "resources",
        "Resources by API group: the request has to be for one of them. A rule with it never matches paths that are no resource.",
    ),
    (
        "PolicyRule",
        "namespaces",
        "Namespaces; none given: every one. `\"\"` is a request in no namespace: for nodes and the like, and across all namespaces. Compared exactly, `*` is no wildcard. A rule with it never matches paths that are no resource.",
    ),
    (
        "PolicyRule",
        "nonResourceURLs",
        "Paths that are no resource, such as `/metrics`: exactly, or with `*` as the last character everything that begins so. Not in one rule with `resources` or `namespaces`.",
    ),
    (
        "PolicyRule",
        "omitStages",
        "Stages at which nothing is logged of a request that this rule matches, beside those that the policy omits.",
    ),
    (
        "PolicyRule",
        "omitManagedFields",
        "Whether `metadata.managedFields` is left out of logged objects, in lists too. Left out, the policy's value counts; patches are logged as sent.",
    ),
    (
        "GroupResources",
        "group",
        "The API group, without version. `\"\"`, as when it is left out, is the core group: pods, secrets, nodes and the like.",
    ),
    (
        "GroupResources",
        "resources",
        "Resources of the group, in the plural and lower case; none given: all of them, subresources too. `pods` is without subresources, `pods/log` is one, `pods/*` is pods and all of theirs.",
    ),
    (
        "GroupResources",
        "resourceNames",
        "Names of objects; needs `resources`. Requests that name no object (create, most lists and watches) have the name `\"\"`: only that matches them.",
    ),
    ("ObjectMeta", "name", "A name for the policy. It changes nothing about what is logged."),
];

/// What the field is for.
pub(super) fn about(of: &Struct, name: &str) -> Option<&'static str> {
    let own = of.short_name();
    FIELDS.iter().find(|(of, field, _)| *of == own && *field == name).map(|(_, _, about)| *about)
}

/// What the field holds, in a few words.
pub(super) fn detail(field: &Field) -> String {
    let holds = match field.go_type {
        GoType::Text(".Level") => "level",
        GoType::Text(_) => "string",
        GoType::Bool | GoType::PointerToBool => "true or false",
        GoType::List(GoType::Text(".Stage")) => "list of stages",
        GoType::List(GoType::Struct(of)) if of.short_name() == "PolicyRule" => "list of rules",
        GoType::List(GoType::Struct(_)) => "list of groups and resources",
        GoType::List(_) => "list of strings",
        _ => "mapping",
    };
    if field.since == 0 { holds.to_owned() } else { format!("{holds}, from 1.{}", field.since) }
}

/// What a field's name means, as it is written.
pub(super) fn meaning(of: &Struct, name: &str, release: Release) -> Option<String> {
    let about = about(of, name)?;
    let field = of.fields.iter().find(|field| field.name == name)?;
    if field.since > release.minor() {
        return Some(format!("Known from 1.{} on: {release} ignores it. {about}", field.since));
    }
    Some(about.to_owned())
}
