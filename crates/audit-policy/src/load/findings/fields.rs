//! Fields that are not known, stand twice, or are missing.

use super::super::decode::StrictError;
use super::super::go_types::{self, Package, Struct};
use super::{Advice, fix};
use crate::Release;
use crate::json::Node;
use crate::near::nearest;

/// What people write, in the struct of that name, and what it is called or where it belongs.
const COMMON: [(&str, &str, &str); 19] = [
    ("PolicyRule", "user", "users"),
    ("PolicyRule", "groups", "userGroups"),
    ("PolicyRule", "group", "userGroups"),
    ("PolicyRule", "verb", "verbs"),
    ("PolicyRule", "resource", "resources"),
    ("PolicyRule", "namespace", "namespaces"),
    ("PolicyRule", "nonResourceURL", "nonResourceURLs"),
    ("PolicyRule", "nonResourcePaths", "nonResourceURLs"),
    ("PolicyRule", "urls", "nonResourceURLs"),
    ("PolicyRule", "stages", "omitStages"),
    ("Policy", "rule", "rules"),
    ("GroupResources", "apiGroup", "group"),
    ("GroupResources", "apiGroups", "group"),
    ("GroupResources", "groups", "group"),
    ("GroupResources", "resource", "resources"),
    ("GroupResources", "kinds", "resources"),
    ("GroupResources", "name", "resourceNames"),
    ("GroupResources", "names", "resourceNames"),
    ("GroupResources", "resourceName", "resourceNames"),
];

fn names(of: &'static Struct, release: Release) -> impl Iterator<Item = &'static str> {
    of.fields.iter().filter(move |field| field.since <= release.minor()).map(|field| field.name)
}

pub(super) fn unknown(
    error: &StrictError,
    package: Package,
    release: Release,
    text: &[u8],
    parent: Option<Node<'_>>,
) -> Advice {
    let name = error.path.rsplit('.').next().unwrap_or_default();
    let (policy, rule, resource) = (&go_types::POLICY, &go_types::RULE, &go_types::GROUP_RESOURCES);
    let of: &'static Struct = match error.of {
        "Policy" => policy,
        "PolicyRule" => rule,
        "GroupResources" => resource,
        _ => return Advice::help(format!("the API server has no such field and ignores it: remove `{name}`")),
    };
    if package == Package::Internal && error.of == "Policy" && policy.field(name, release).is_some() {
        return Advice::help(format!("without `apiVersion: audit.k8s.io/v1` the API server does not know `{name}`"));
    }
    let known = |of: &'static Struct| of.field(name, release).is_some();
    if let Some(later) = of.fields.iter().find(|field| field.name == name) {
        return Advice::help(format!("`{name}` is known from 1.{} on: {release} ignores it", later.since));
    }
    if error.of != "PolicyRule" && known(rule) && !known(of) {
        return Advice::help(match error.of {
            "Policy" => format!("rule fields belong under `rules:`; make `{name}` part of a rule there"),
            _ => format!("`{name}` is a field of the rule: move it out of `resources:`"),
        });
    }
    if error.of != "GroupResources" && known(resource) && name != "resources" {
        return Advice::help(match error.of {
            "Policy" => format!("`{name}` belongs in an item of a rule's `resources:`, under `rules:`"),
            _ => format!("`{name}` belongs in an item of `resources:`, such as `- group: \"apps\"`"),
        });
    }
    if error.of != "Policy" && known(policy) && !known(of) {
        return Advice::help(format!("`{name}` is a field of the policy, not of a rule: move it to the top"));
    }
    let common = COMMON.iter().find(|(of, word, _)| *of == error.of && word.eq_ignore_ascii_case(name));
    let meant = common.map(|(_, _, meant)| *meant).or_else(|| nearest(name, names(of, release)));
    if let Some(meant) = meant {
        let why = if meant.eq_ignore_ascii_case(name) {
            format!("upper and lower case count: write `{meant}`")
        } else {
            format!("did you mean `{meant}`?")
        };
        let title = format!("Rename to {meant}");
        let is_there = parent.is_some_and(|parent| parent.get(meant).is_some());
        let rename = || fix::replace(&title, text, error.key, name, meant);
        return Advice::help(why).with_fix((!is_there).then(rename).flatten());
    }
    if error.of == "Policy"
        && let Some(meant) = nearest(name, names(rule, release))
    {
        return Advice::help(format!("rule fields belong under `rules:`; did you mean a rule's `{meant}`?"));
    }
    let list: Vec<_> = names(of, release).map(|name| format!("`{name}`")).collect();
    let what = match error.of {
        "Policy" => "a policy",
        "PolicyRule" => "a rule",
        _ => "an item of `resources:`",
    };
    Advice::help(format!("the API server ignores `{name}`: {what} has {}", list.join(", ")))
}

pub(super) fn duplicate() -> Advice {
    Advice::help("the later one counts, the earlier one is lost: keep one")
}

pub(super) fn no_rules(root: Node<'_>) -> Advice {
    let rule_field = |name: &str| {
        go_types::RULE
            .fields
            .iter()
            .any(|field| field.name == name && name != "omitStages" && name != "omitManagedFields")
    };
    if root.get("rules").is_none() && root.members().any(|(key, _)| key.as_str().is_some_and(rule_field)) {
        return Advice::help(
            "what stands at the top are fields of a rule: put them into a list under `rules:`, each rule beginning with `- level: …`",
        );
    }
    Advice::help("add at least one rule, such as `rules: [{level: Metadata}]`")
}
