//! Policy × attributes → trace: every rule, every field, and whether it matches or why not.
//!
//! Whether a field's condition holds is asked in [`crate::outline`]; here are the words.

use std::fmt;

use serde::Serialize;

use crate::decide::{self, Attributes, Decision};
pub use crate::outline::{Field, RuleState};
use crate::outline::{RuleOutline, outline};
use crate::{Level, Policy, Release, Rule};

/// Why a policy decides as it does for one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// What was decided; the same as [`crate::decide`] answers.
    pub decision: Decision,
    /// Every rule of the policy, in order.
    pub rules: Vec<RuleTrace>,
}

/// What one rule says of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrace {
    /// The rule's index.
    pub rule: usize,
    /// The rule's level.
    pub level: Level,
    /// What became of it.
    pub state: RuleState,
    /// Whether it matches on its own, also when an earlier rule already did.
    pub matches: bool,
    /// The fields that place a condition, in the order in which the API server checks them. A rule without any matches everything.
    pub fields: Vec<FieldTrace>,
}

/// What one field of a rule says of the request. Its `Display` is one line: `verbs: wants one of get, list; request is create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldTrace {
    /// The field.
    pub field: Field,
    /// Whether its condition holds.
    pub matches: bool,
    /// What it asks for, one string an item; an item of `resources` is written `pods, pods/log in group apps named web`.
    pub wants: Vec<String>,
    /// What the request is, in the field's terms.
    pub request: String,
    /// Why not, or what is easily missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Why a field's condition does not hold, where that is not plain from what is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Nobody is authenticated, so no user or group is wanted.
    NoUser,
    /// The field is one for resource requests, and this is a path.
    NotAResourceRequest,
    /// The field is one for non-resource requests, and this is a resource.
    NotANonResourceRequest,
    /// The list has a `*`, which is a literal in this field.
    StarIsLiteral,
    /// The resource is in the list without the subresource of the request: `pods` does not match `pods/log`.
    SubresourceNotNamed,
    /// The list has the resource, but in another API group: the group.
    OtherGroup(String),
    /// The group is written with a version, or `core`: groups are bare names, and core is `""`.
    GroupIsNotBare(String),
    /// The request has no name (a list, a create, …), and names are wanted.
    RequestHasNoName,
    /// An entry has the right group and resource; its names do not match.
    OtherName,
    /// A namespace is read with `namespaces: [""]`, but the request for a namespace itself is in that namespace.
    NamespaceIsItsOwn,
    /// A path has a trailing slash, and the other has none.
    TrailingSlash,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoUser => f.write_str("nobody is authenticated, and users and groups then never match"),
            Reason::NotAResourceRequest => f.write_str("the request is for a path, not a resource"),
            Reason::NotANonResourceRequest => f.write_str("the request is for a resource, not a path"),
            Reason::StarIsLiteral => f.write_str("`*` is a literal here, not a wildcard"),
            Reason::SubresourceNotNamed => {
                f.write_str("a resource without its subresource does not match the subresource")
            }
            Reason::OtherGroup(group) if group.is_empty() => {
                f.write_str("the resource is in the core group, written \"\"")
            }
            Reason::OtherGroup(group) => write!(f, "the resource is in group {group}"),
            Reason::GroupIsNotBare(group) if group.is_empty() => f.write_str("the core group is written \"\""),
            Reason::GroupIsNotBare(group) => write!(f, "a group is written without its version: {group}"),
            Reason::RequestHasNoName => f.write_str("the request names no object, so resourceNames never match it"),
            Reason::OtherName => f.write_str("the name is not in resourceNames"),
            Reason::NamespaceIsItsOwn => f.write_str("a request for one namespace is in that namespace"),
            Reason::TrailingSlash => f.write_str("a trailing slash counts"),
        }
    }
}

impl fmt::Display for FieldTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (separator, one_of) = match (self.field, self.wants.len()) {
            (_, 1) => (", ", ""),
            (Field::Resources, _) => ("; or ", ""),
            _ => (", ", "one of "),
        };
        write!(f, "{}: wants {one_of}{}; request is {}", self.field, self.wants.join(separator), self.request)?;
        match &self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}

/// Explains what [`crate::decide`] answers: the same predicates, asked of every rule and every field.
pub fn explain(policy: &Policy, attributes: &Attributes, release: Release) -> Trace {
    let outline = outline(policy, attributes, release);
    let rules = policy.rules.iter().zip(&outline.rules).enumerate();
    let rules = rules.map(|(index, (rule, outline))| explain_rule(index, rule, outline, attributes, release));
    Trace { rules: rules.collect(), decision: outline.decision }
}

/// Explains the rule of this index, of which the outline is known.
pub fn explain_rule(
    index: usize,
    rule: &Rule,
    outline: &RuleOutline,
    attributes: &Attributes,
    release: Release,
) -> RuleTrace {
    let trace = |(field, matches)| match field {
        Field::Users => trace_users(rule, attributes, matches),
        Field::UserGroups => trace_user_groups(rule, attributes, matches),
        Field::Verbs => trace_verbs(rule, attributes, matches),
        Field::Namespaces => trace_namespaces(rule, attributes, matches),
        Field::Resources => trace_resources(rule, attributes, release, matches),
        Field::NonResourceUrls => trace_non_resource_urls(rule, attributes, matches),
    };
    RuleTrace {
        rule: index,
        level: outline.level,
        state: outline.state,
        matches: outline.matches(),
        fields: outline.fields().map(trace).collect(),
    }
}

fn field(field: Field, matches: bool, wants: Vec<String>, request: String, reason: Option<Reason>) -> FieldTrace {
    FieldTrace { field, matches, wants, request, reason }
}

fn trace_verbs(rule: &Rule, attributes: &Attributes, matches: bool) -> FieldTrace {
    let reason = (!matches && has_star(&rule.verbs)).then_some(Reason::StarIsLiteral);
    field(Field::Verbs, matches, quote_all(&rule.verbs), quote(&attributes.verb.to_string()), reason)
}

fn trace_users(rule: &Rule, attributes: &Attributes, matches: bool) -> FieldTrace {
    let (request, reason) = match &attributes.user {
        None => ("by nobody".to_owned(), Some(Reason::NoUser)),
        Some(user) => (
            format!("by {}", quote(&user.username.to_string())),
            has_star(&rule.users).then_some(Reason::StarIsLiteral),
        ),
    };
    field(Field::Users, matches, quote_all(&rule.users), request, reason.filter(|_| !matches))
}

fn trace_user_groups(rule: &Rule, attributes: &Attributes, matches: bool) -> FieldTrace {
    let groups: Vec<String> = decide::groups(attributes).iter().map(|group| quote(&group.to_string())).collect();
    let (request, reason) = match &attributes.user {
        None => ("by nobody".to_owned(), Some(Reason::NoUser)),
        Some(_) if groups.is_empty() => ("by a user without groups".to_owned(), None),
        Some(_) => (
            format!("by a user in {}", groups.join(", ")),
            has_star(&rule.user_groups).then_some(Reason::StarIsLiteral),
        ),
    };
    field(Field::UserGroups, matches, quote_all(&rule.user_groups), request, reason.filter(|_| !matches))
}

fn trace_namespaces(rule: &Rule, attributes: &Attributes, matches: bool) -> FieldTrace {
    let namespace = attributes.namespace.to_string();
    let (request, reason) = if !attributes.resource_request {
        (format!("for path {}", attributes.path), Some(Reason::NotAResourceRequest))
    } else if namespace.is_empty() {
        ("cluster-scoped, \"\"".to_owned(), has_star(&rule.namespaces).then_some(Reason::StarIsLiteral))
    } else {
        let own = attributes.resource == "namespaces" && rule.namespaces.iter().any(String::is_empty);
        let star = has_star(&rule.namespaces).then_some(Reason::StarIsLiteral);
        (format!("in {namespace}"), if own { Some(Reason::NamespaceIsItsOwn) } else { star })
    };
    field(Field::Namespaces, matches, quote_all(&rule.namespaces), request, reason.filter(|_| !matches))
}

fn trace_resources(rule: &Rule, attributes: &Attributes, release: Release, matches: bool) -> FieldTrace {
    let wants = rule.resources.iter().map(describe_entry).collect();
    let (request, reason) = if attributes.resource_request {
        (describe_resource(attributes), why_no_resource(rule, attributes, release))
    } else {
        (format!("for path {}", attributes.path), Some(Reason::NotAResourceRequest))
    };
    field(Field::Resources, matches, wants, request, reason.filter(|_| !matches))
}

/// The reason of the entry that comes nearest: right but for the name, then for the subresource, then for the group.
fn why_no_resource(rule: &Rule, attributes: &Attributes, release: Release) -> Option<Reason> {
    let in_group = || rule.resources.iter().filter(|entry| decide::matches_group(entry, attributes));
    if in_group().any(|entry| decide::matches_resource(entry, attributes, release)) {
        return Some(if attributes.name.is_empty() { Reason::RequestHasNoName } else { Reason::OtherName });
    }
    if !attributes.subresource.is_empty()
        && in_group().any(|entry| entry.resources.iter().any(|item| attributes.resource == item.as_str()))
    {
        return Some(Reason::SubresourceNotNamed);
    }
    let group = attributes.api_group.to_string();
    let misspelt = |entry: &&crate::GroupResources| {
        let bare = entry.group.split('/').next().unwrap_or_default();
        (entry.group.contains('/') && bare == group)
            || (group.is_empty() && ["core", "v1"].contains(&entry.group.as_str()))
    };
    if rule.resources.iter().any(|entry| misspelt(&entry)) {
        return Some(Reason::GroupIsNotBare(group));
    }
    rule.resources
        .iter()
        .any(|entry| decide::matches_resource(entry, attributes, release))
        .then_some(Reason::OtherGroup(group))
}

fn trace_non_resource_urls(rule: &Rule, attributes: &Attributes, matches: bool) -> FieldTrace {
    let path = attributes.path.to_string();
    let (request, reason) = if attributes.resource_request {
        (describe_resource(attributes), Some(Reason::NotANonResourceRequest))
    } else {
        let bare = path.trim_end_matches('/');
        let slash = rule.non_resource_urls.iter().any(|url| url.trim_end_matches('/') == bare && *url != path);
        (format!("for path {path}"), slash.then_some(Reason::TrailingSlash))
    };
    field(Field::NonResourceUrls, matches, quote_all(&rule.non_resource_urls), request, reason.filter(|_| !matches))
}

/// `pods, pods/log in group apps named web`
fn describe_entry(entry: &crate::GroupResources) -> String {
    let resources =
        if entry.resources.is_empty() { "everything".to_owned() } else { quote_all(&entry.resources).join(", ") };
    let group = match entry.group.as_str() {
        "" => "in the core group".to_owned(),
        "*" => "in any group".to_owned(),
        group => format!("in group {group}"),
    };
    if entry.resource_names.is_empty() {
        return format!("{resources} {group}");
    }
    format!("{resources} {group} named {}", quote_all(&entry.resource_names).join(" or "))
}

/// `pods/log in the core group named web`
fn describe_resource(attributes: &Attributes) -> String {
    let mut text = attributes.resource.to_string();
    if !attributes.subresource.is_empty() {
        text = format!("{text}/{}", attributes.subresource);
    }
    text = match attributes.api_group.to_string().as_str() {
        "" => format!("{} in the core group", quote(&text)),
        group => format!("{} in group {group}", quote(&text)),
    };
    if !attributes.name.is_empty() {
        text = format!("{text} named {}", attributes.name);
    }
    text
}

fn has_star(list: &[String]) -> bool {
    list.iter().any(|item| item == "*")
}

fn quote_all(list: &[String]) -> Vec<String> {
    list.iter().map(|item| quote(item)).collect()
}

/// The text as it is, or in quotes where it could not be seen: empty, or with blanks or commas.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',') {
        format!("{text:?}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::event::UserInfo;
    use crate::{GroupResources, Stage};

    fn strings(list: &[&str]) -> Vec<String> {
        list.iter().map(|item| (*item).to_owned()).collect()
    }

    fn resources(group: &str, resources: &[&str], names: &[&str]) -> GroupResources {
        GroupResources { group: group.to_owned(), resources: strings(resources), resource_names: strings(names) }
    }

    /// alice asks for `resource` (`res` or `res/sub`) in `group`, named `name`, in namespace prod.
    fn request(verb: &str, group: &str, resource: &str, name: &str) -> Attributes {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Attributes {
            user: Some(UserInfo::new("alice", &["dev", "system:authenticated"])),
            verb: verb.into(),
            resource_request: true,
            namespace: "prod".into(),
            api_group: group.into(),
            api_version: "v1".into(),
            resource: resource.into(),
            subresource: subresource.into(),
            name: name.into(),
            path: "/api".into(),
        }
    }

    fn path(path: &str) -> Attributes {
        Attributes { verb: "get".into(), path: path.into(), ..Attributes::default() }
    }

    fn check(rules: &[Rule], attributes: &Attributes, expected: Expect) {
        let policy = Policy::of_rules(rules.to_vec());
        let trace = explain(&policy, attributes, Release::NEWEST);
        let mut text = String::new();
        for rule in &trace.rules {
            text.push_str(&format!("{} {}: {}\n", rule.rule + 1, rule.level, rule.state));
            for field in &rule.fields {
                text.push_str(&format!("  {} {field}\n", if field.matches { '+' } else { '-' }));
            }
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn the_first_match_decides_and_the_rest_still_tell() {
        let rules = [
            Rule { level: Level::None, users: strings(&["bob"]), ..Rule::default() },
            Rule {
                level: Level::RequestResponse,
                users: strings(&["bob", "carol"]),
                verbs: strings(&["get", "list"]),
                ..Rule::default()
            },
            Rule { level: Level::Metadata, user_groups: strings(&["dev"]), ..Rule::default() },
            Rule { level: Level::Request, namespaces: strings(&["", "default"]), ..Rule::default() },
            Rule::default(),
        ];
        check(
            &rules,
            &request("get", "", "secrets", "db"),
            expect![[r#"
                1 None: skipped
                  - users: wants bob; request is by alice
                2 RequestResponse: near miss
                  - users: wants one of bob, carol; request is by alice
                  + verbs: wants one of get, list; request is get
                3 Metadata: matched
                  + userGroups: wants dev; request is by a user in dev, system:authenticated
                4 Request: not reached
                  - namespaces: wants one of "", default; request is in prod
                5 None: not reached
            "#]],
        );
    }

    #[test]
    fn resources_tell_what_is_easily_missed() {
        let rule = |entries: &[GroupResources]| Rule {
            level: Level::Metadata,
            verbs: strings(&["get", "*"]),
            resources: entries.to_vec(),
            ..Rule::default()
        };
        let rules = [
            rule(&[resources("", &["pods"], &[])]),
            rule(&[resources("", &["pods/*"], &["api"])]),
            rule(&[resources("apps", &["pods/log"], &[]), resources("batch", &[], &[])]),
            rule(&[resources("core", &["pods/log"], &[])]),
        ];
        check(
            &rules,
            &request("get", "", "pods/log", "web"),
            expect![[r#"
                1 Metadata: near miss
                  + verbs: wants one of get, *; request is get
                  - resources: wants pods in the core group; request is pods/log in the core group named web (a resource without its subresource does not match the subresource)
                2 Metadata: near miss
                  + verbs: wants one of get, *; request is get
                  - resources: wants pods/* in the core group named api; request is pods/log in the core group named web (the name is not in resourceNames)
                3 Metadata: near miss
                  + verbs: wants one of get, *; request is get
                  - resources: wants pods/log in group apps; or everything in group batch; request is pods/log in the core group named web (the resource is in the core group, written "")
                4 Metadata: near miss
                  + verbs: wants one of get, *; request is get
                  - resources: wants pods/log in group core; request is pods/log in the core group named web (the core group is written "")
            "#]],
        );
        check(
            &[
                rule(&[resources("apps/v1", &["deployments"], &[])]),
                rule(&[resources("apps", &["deployments"], &["web"])]),
            ],
            &request("list", "apps", "deployments", ""),
            expect![[r#"
                1 Metadata: skipped
                  - verbs: wants one of get, *; request is list (`*` is a literal here, not a wildcard)
                  - resources: wants deployments in group apps/v1; request is deployments in group apps (a group is written without its version: apps)
                2 Metadata: skipped
                  - verbs: wants one of get, *; request is list (`*` is a literal here, not a wildcard)
                  - resources: wants deployments in group apps named web; request is deployments in group apps (the request names no object, so resourceNames never match it)
            "#]],
        );
    }

    #[test]
    fn paths_and_nobody() {
        let rules = [
            Rule { users: strings(&["*"]), ..Rule::default() },
            Rule { namespaces: strings(&["prod"]), ..Rule::default() },
            Rule { non_resource_urls: strings(&["/version", "/healthz*"]), ..Rule::default() },
        ];
        check(
            &rules,
            &path("/version/"),
            expect![[r#"
                1 None: skipped
                  - users: wants *; request is by nobody (nobody is authenticated, and users and groups then never match)
                2 None: skipped
                  - namespaces: wants prod; request is for path /version/ (the request is for a path, not a resource)
                3 None: skipped
                  - nonResourceURLs: wants one of /version, /healthz*; request is for path /version/ (a trailing slash counts)
            "#]],
        );
    }

    #[test]
    fn the_decision_unites_the_omitted_stages() {
        let rule = Rule {
            level: Level::Request,
            omit_stages: vec![Stage::Panic, Stage::RequestReceived],
            omit_managed_fields: Some(false),
            ..Rule::default()
        };
        let policy =
            Policy { omit_stages: vec![Stage::RequestReceived], omit_managed_fields: true, ..Policy::of_rules([rule]) };
        let decision = explain(&policy, &path("/"), Release::NEWEST).decision;
        assert_eq!(decision.omit_stages.iter().collect::<Vec<_>>(), [Stage::RequestReceived, Stage::Panic]);
        assert!(!decision.omit_managed_fields);
        let nothing = explain(&Policy { rules: Vec::new(), ..policy }, &path("/"), Release::NEWEST).decision;
        assert_eq!((nothing.rule, nothing.level), (None, Level::None));
        assert_eq!(nothing.omit_stages.iter().collect::<Vec<_>>(), [Stage::RequestReceived]);
        assert!(nothing.omit_managed_fields);
    }
}
