//! Policy × attributes → decision: which rule matches a request, and what that means for its events.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/audit/policy/checker.go`. [`decide()`] asks rule by rule and is the reference;
//! [`CompiledPolicy`] answers the same for many requests.

mod compiled;
mod resources;
mod rule_set;
mod table;

use serde::Serialize;

pub use compiled::CompiledPolicy;

use crate::event::UserInfo;
use crate::release::Change;
use crate::stage_set::StageSet;
use crate::{GoString, GroupResources, Level, Policy, Release, Rule};

/// What of a request rules look at: upstream's `authorizer.Attributes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attributes {
    /// The authenticated user, never the impersonated one; none where authentication failed or has not happened.
    pub user: Option<UserInfo>,
    /// The Kubernetes verb.
    pub verb: GoString,
    /// Whether it is about an API resource; else it is about a path.
    pub resource_request: bool,
    /// The namespace; empty for cluster-scoped and non-resource requests.
    pub namespace: GoString,
    /// The API group; empty for core.
    pub api_group: GoString,
    /// The API version, without the group.
    pub api_version: GoString,
    /// The resource, such as `pods`.
    pub resource: GoString,
    /// The subresource, such as `log`.
    pub subresource: GoString,
    /// The object's name; empty for a list, a create, …
    pub name: GoString,
    /// The decoded path of the URL.
    pub path: GoString,
}

/// What a policy decides for a request: upstream's `RequestAuditConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The index of the first rule that matches; none where no rule does.
    pub rule: Option<usize>,
    /// The level of that rule, or None.
    pub level: Level,
    /// Stages for which no event is made: the policy's and the rule's.
    pub omit_stages: StageSet,
    /// Whether managedFields are left out of logged objects.
    pub omit_managed_fields: bool,
}

/// Decides as upstream's `EvaluatePolicyRule` (`LevelAndStages` before 1.23): the first rule that matches.
pub fn decide(policy: &Policy, attributes: &Attributes, release: Release) -> Decision {
    let matched = policy.rules.iter().enumerate().find(|(_, rule)| matches(rule, attributes, release));
    match matched {
        Some((index, rule)) => matched_by(policy, index, rule),
        None => matched_by_none(policy),
    }
}

fn matched_by(policy: &Policy, index: usize, rule: &Rule) -> Decision {
    Decision {
        rule: Some(index),
        level: rule.level,
        omit_stages: StageSet::from(&*policy.omit_stages).union(StageSet::from(&*rule.omit_stages)),
        omit_managed_fields: rule.omit_managed_fields.unwrap_or(policy.omit_managed_fields),
    }
}

fn matched_by_none(policy: &Policy) -> Decision {
    Decision {
        rule: None,
        level: Level::None,
        omit_stages: StageSet::from(&*policy.omit_stages),
        omit_managed_fields: policy.omit_managed_fields,
    }
}

/// Whether a rule matches: every field's condition holds.
pub fn matches(rule: &Rule, attributes: &Attributes, release: Release) -> bool {
    matches_users(rule, attributes, release)
        && matches_user_groups(rule, attributes, release)
        && matches_verbs(rule, attributes)
        && matches_target(rule, attributes, release)
}

pub(crate) fn matches_users(rule: &Rule, attributes: &Attributes, release: Release) -> bool {
    rule.users.is_empty()
        || match &attributes.user {
            Some(user) => contains(&rule.users, &user.username),
            None => !release.has(Change::NobodyMatchesNoUser),
        }
}

pub(crate) fn matches_user_groups(rule: &Rule, attributes: &Attributes, release: Release) -> bool {
    rule.user_groups.is_empty()
        || match &attributes.user {
            Some(_) => groups(attributes).iter().any(|group| contains(&rule.user_groups, group)),
            None => !release.has(Change::NobodyMatchesNoUser),
        }
}

pub(crate) fn matches_verbs(rule: &Rule, attributes: &Attributes) -> bool {
    rule.verbs.is_empty() || contains(&rule.verbs, &attributes.verb)
}

/// Namespaces and resources make a rule one for resource requests, nonResourceURLs one for the others; none of them, for both.
fn matches_target(rule: &Rule, attributes: &Attributes, release: Release) -> bool {
    if is_about_resources(rule) {
        attributes.resource_request
            && matches_namespaces(rule, attributes)
            && matches_resources(rule, attributes, release)
    } else if rule.non_resource_urls.is_empty() {
        true
    } else {
        !attributes.resource_request && matches_non_resource_urls(rule, attributes)
    }
}

pub(crate) fn is_about_resources(rule: &Rule) -> bool {
    !rule.namespaces.is_empty() || !rule.resources.is_empty()
}

pub(crate) fn matches_namespaces(rule: &Rule, attributes: &Attributes) -> bool {
    rule.namespaces.is_empty() || contains(&rule.namespaces, &attributes.namespace)
}

pub(crate) fn matches_resources(rule: &Rule, attributes: &Attributes, release: Release) -> bool {
    rule.resources.is_empty() || rule.resources.iter().any(|entry| matches_entry(entry, attributes, release))
}

fn matches_entry(entry: &GroupResources, attributes: &Attributes, release: Release) -> bool {
    matches_group(entry, attributes)
        && (entry.resources.is_empty()
            || (matches_resource(entry, attributes, release) && matches_name(entry, attributes)))
}

/// A release before 1.36 refuses the group `*`, so a policy that has it is one of a later release.
pub(crate) fn matches_group(entry: &GroupResources, attributes: &Attributes) -> bool {
    entry.group == "*" || attributes.api_group == entry.group.as_str()
}

/// Whether an item of the entry's `resources` names the request's resource and subresource; an empty list does not.
pub(crate) fn matches_resource(entry: &GroupResources, attributes: &Attributes, release: Release) -> bool {
    let (resource, subresource) = (attributes.resource.as_bytes(), attributes.subresource.as_bytes());
    entry.resources.iter().any(|pattern| names(pattern, resource, subresource, release))
}

/// An entry without names matches every name.
pub(crate) fn matches_name(entry: &GroupResources, attributes: &Attributes) -> bool {
    entry.resource_names.is_empty() || contains(&entry.resource_names, &attributes.name)
}

/// Whether an item of `resources` names this resource and subresource.
pub(crate) fn names(pattern: &str, resource: &[u8], subresource: &[u8], release: Release) -> bool {
    if is_resource_and_subresource(pattern.as_bytes(), resource, subresource) {
        return true;
    }
    if !release.has(Change::ResourceWildcards) {
        return false;
    }
    if pattern == "*" {
        return true;
    }
    if !subresource.is_empty() && every_resources(pattern, release).is_some_and(|named| named.as_bytes() == subresource)
    {
        return true;
    }
    every_subresource_of(pattern, release).is_some_and(|named| named.as_bytes() == resource)
}

/// The subresource that a pattern `*/sub` names. Before 1.18 the wildcard was cut off as a set of characters: `*/*/log` was `*/log` too.
pub(crate) fn every_resources(pattern: &str, release: Release) -> Option<&str> {
    let rest = pattern.strip_prefix("*/")?;
    Some(if release.has(Change::ExactWildcardCut) { rest } else { rest.trim_start_matches(['*', '/']) })
}

/// The resource that a pattern `res/*` names. Before 1.18 the wildcard was cut off as a set of characters: `pods//*` was `pods/*` too.
pub(crate) fn every_subresource_of(pattern: &str, release: Release) -> Option<&str> {
    let rest = pattern.strip_suffix("/*")?;
    Some(if release.has(Change::ExactWildcardCut) { rest } else { rest.trim_end_matches(['/', '*']) })
}

/// Whether the pattern is `resource`, or with a subresource `resource/subresource`.
fn is_resource_and_subresource(pattern: &[u8], resource: &[u8], subresource: &[u8]) -> bool {
    match (pattern.strip_prefix(resource), subresource) {
        (Some(rest), b"") => rest.is_empty(),
        (Some([b'/', rest @ ..]), _) => rest == subresource,
        _ => false,
    }
}

pub(crate) fn matches_non_resource_urls(rule: &Rule, attributes: &Attributes) -> bool {
    rule.non_resource_urls.iter().any(|spec| matches_path(spec, &attributes.path))
}

fn matches_path(spec: &str, path: &GoString) -> bool {
    spec == "*"
        || path == spec
        || (spec.ends_with('*') && path.as_bytes().starts_with(spec.trim_end_matches('*').as_bytes()))
}

pub(crate) fn groups(attributes: &Attributes) -> &[GoString] {
    attributes.user.as_ref().and_then(|user| user.groups.as_deref()).unwrap_or_default()
}

fn contains(list: &[String], value: &GoString) -> bool {
    list.iter().any(|item| value == item.as_str())
}
