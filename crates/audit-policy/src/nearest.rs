//! Rule × attributes → the smallest change of the request that makes the rule match.
//!
//! The candidates come from what the rule names; whether one matches is asked of [`crate::decide`]'s own predicates, and
//! whether a URL can make such a request, of [`crate::request::info`].

use std::fmt;

use serde::Serialize;

use crate::decide::{self, Attributes};
use crate::explain::quote;
use crate::request::info::is_resource_path;
use crate::{GoString, GroupResources, Policy, Release, Rule};

/// What would make a rule match a request that it does not match. Its `Display` is a clause: `a request with verb get instead of list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Nearest {
    /// The request with these changes.
    #[serde(rename_all = "camelCase")]
    Changed {
        /// The changes, each to another attribute: no fewer do.
        changes: Vec<Change>,
        /// The earlier rule that takes the changed request first, as its index.
        #[serde(skip_serializing_if = "Option::is_none")]
        taken_by: Option<usize>,
    },
    /// No request at all.
    Never(Never),
}

/// Why no request can match a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Never {
    /// None of its verbs is one that requests of its kind have.
    Verbs,
    /// None of its resources can stand in a URL.
    Resources,
    /// None of its paths is one outside the API.
    Paths,
    /// Its verbs are for requests without a name and its resourceNames want one, or the other way round; or with a namespace's own request.
    Together,
}

/// One change of a request. Its `Display` is a phrase: `verb get instead of list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What is changed.
    pub attribute: Attribute,
    /// What it was; none where it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<GoString>,
    /// What it becomes; empty for none.
    pub to: String,
}

/// An attribute of a request that rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Attribute {
    /// The user's name; of a request by nobody, a user at all.
    User,
    /// A group that the user is in besides the others.
    Group,
    /// The verb.
    Verb,
    /// That it is about a resource, whichever; `to` is empty. Any change to one of the next five says that too.
    ResourceRequest,
    /// The namespace.
    Namespace,
    /// The API group.
    ApiGroup,
    /// The resource.
    Resource,
    /// The subresource.
    Subresource,
    /// The object's name.
    Name,
    /// The path; the request is then not about a resource.
    Path,
}

impl Change {
    /// Makes the change.
    pub fn apply(&self, attributes: &mut Attributes) {
        let to = || GoString::from(self.to.as_str());
        match self.attribute {
            Attribute::User => attributes.user.get_or_insert_default().username = to(),
            Attribute::Group => {
                attributes.user.get_or_insert_default().groups.get_or_insert_default().push(to());
            }
            Attribute::Verb => attributes.verb = to(),
            Attribute::ResourceRequest => {}
            Attribute::Namespace => attributes.namespace = to(),
            Attribute::ApiGroup => attributes.api_group = to(),
            Attribute::Resource => attributes.resource = to(),
            Attribute::Subresource => attributes.subresource = to(),
            Attribute::Name => attributes.name = to(),
            Attribute::Path => attributes.path = to(),
        }
        match self.attribute {
            Attribute::User | Attribute::Group | Attribute::Verb => {}
            attribute => attributes.resource_request = attribute != Attribute::Path,
        }
    }
}

/// What would make the rule of this index match; none where it matches, or there is no such rule.
pub fn nearest(policy: &Policy, rule: usize, attributes: &Attributes, release: Release) -> Option<Nearest> {
    let wanted = policy.rules.get(rule)?;
    if decide::matches(wanted, attributes, release) {
        return None;
    }
    let changes = match changes(wanted, attributes, release) {
        Ok(changes) => changes,
        Err(why) => return Some(Nearest::Never(why)),
    };
    let mut changed = attributes.clone();
    changes.iter().for_each(|change| change.apply(&mut changed));
    let taken_by = decide::decide(policy, &changed, release).rule.filter(|taker| *taker < rule);
    Some(Nearest::Changed { changes, taken_by })
}

fn changes(rule: &Rule, attributes: &Attributes, release: Release) -> Result<Vec<Change>, Never> {
    let mut changes = identity(rule, attributes, release);
    // A rule without a target takes either kind of request; one of the other kind is another request altogether.
    let kinds: &[bool] = match (decide::is_about_resources(rule), rule.non_resource_urls.is_empty()) {
        (true, _) => &[true],
        (false, false) => &[false],
        (false, true) => &[attributes.resource_request, !attributes.resource_request],
    };
    let mut best: Result<Vec<Change>, Never> = Err(Never::Verbs);
    for resource_request in kinds {
        let target =
            if *resource_request { resource_target(rule, attributes, release) } else { path_target(rule, attributes) };
        best = match (best, target) {
            (Ok(best), Ok(target)) if target.len() < best.len() => Ok(target),
            (Err(_), target) => target,
            (best, _) => best,
        };
    }
    changes.extend(best?);
    Ok(changes)
}

/// Who must ask.
fn identity(rule: &Rule, attributes: &Attributes, release: Release) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut changed = attributes.clone();
    // An empty name is possible and hardly meant: it comes last.
    let likely = |list: &[String]| list.iter().find(|item| !item.is_empty()).cloned().unwrap_or_default();
    if !decide::matches_users(rule, attributes, release) {
        let from = attributes.user.as_ref().map(|user| user.username.clone());
        let user = Change { attribute: Attribute::User, from, to: likely(&rule.users) };
        user.apply(&mut changed);
        changes.push(user);
    }
    if !decide::matches_user_groups(rule, attributes, release) {
        let group = Change { attribute: Attribute::Group, from: None, to: likely(&rule.user_groups) };
        // A member of a group is somebody: where the rule names nobody by an empty name, that is enough.
        let mut member = attributes.clone();
        group.apply(&mut member);
        if decide::matches_users(rule, &member, release) {
            changes.clear();
        }
        changes.push(group);
    }
    changes
}

/// What of the request must be another, where it is to be one about a resource.
fn resource_target(rule: &Rule, attributes: &Attributes, release: Release) -> Result<Vec<Change>, Never> {
    let everything = [GroupResources::default()];
    let entries = if rule.resources.is_empty() { everything.as_slice() } else { &rule.resources };
    let mut best: Result<Vec<Change>, Never> = Err(Never::Resources);
    for entry in entries {
        // Without entries, any group will do.
        let group = (!rule.resources.is_empty() && !decide::matches_group(entry, attributes)).then_some(&entry.group);
        for (resource, subresource) in places(entry, attributes, release) {
            let place = Place { group: group.map(String::as_str), resource: &resource, subresource: &subresource };
            best = match (best, changes_to(rule, entry, &place, attributes)) {
                (Ok(best), Ok(target)) if target.len() < best.len() => Ok(target),
                (Err(Never::Resources), target) | (Err(_), target @ Ok(_)) => target,
                (best, _) => best,
            };
        }
    }
    best
}

/// Where a request is to go.
struct Place<'a> {
    /// The group, where it must be another.
    group: Option<&'a str>,
    resource: &'a GoString,
    subresource: &'a GoString,
}

/// The pairs of resource and subresource that an entry names and a URL can have, as near to the request's as each of its patterns allows.
fn places(entry: &GroupResources, attributes: &Attributes, release: Release) -> Vec<(GoString, GoString)> {
    let own = (attributes.resource.clone(), attributes.subresource.clone());
    if entry.resources.is_empty()
        || (attributes.resource_request && decide::matches_resource(entry, attributes, release))
    {
        return vec![own];
    }
    let mut places = Vec::new();
    for pattern in &entry.resources {
        let matches = |(resource, subresource): &(GoString, GoString)| {
            // No part of a URL's path has a slash.
            let is_part = |text: &GoString| !text.as_bytes().contains(&b'/');
            is_part(resource)
                && is_part(subresource)
                && decide::names(pattern, resource.as_bytes(), subresource.as_bytes(), release)
        };
        let mut candidates = vec![own.clone()];
        if let Some(named) = decide::every_resources(pattern, release) {
            candidates.push((own.0.clone(), named.into()));
        }
        if let Some(named) = decide::every_subresource_of(pattern, release) {
            candidates.push((named.into(), own.1.clone()));
        }
        let (resource, subresource) = pattern.split_once('/').unwrap_or((pattern, ""));
        candidates.push((resource.into(), subresource.into()));
        places.extend(candidates.into_iter().filter(matches));
    }
    places
}

/// The changes that bring a request to a place, with a verb, a namespace and a name that go together.
fn changes_to(
    rule: &Rule,
    entry: &GroupResources,
    place: &Place<'_>,
    attributes: &Attributes,
) -> Result<Vec<Change>, Never> {
    // Names are looked at only where the entry has resources, too.
    let names: &[String] = if entry.resources.is_empty() { &[] } else { &entry.resource_names };
    // Where the rule leaves the verb open, it changes only with a name that it does not go with.
    let verbs = choices(&rule.verbs, &attributes.verb, &[counterpart(&attributes.verb)]);
    let (names_wanted, namespaces_wanted) = (!names.is_empty(), !rule.namespaces.is_empty());
    let names = choices(names, &attributes.name, &[]);
    let namespaces = choices(&rule.namespaces, &attributes.namespace, &[]);
    let (mut best, mut why): (Option<Vec<Change>>, _) = (None, Never::Verbs);
    for verb in verbs.iter().filter(|verb| rule.verbs.is_empty() || is_verb_of_resources(verb)) {
        why = Never::Together;
        let name = names.iter().find(|name| !names_wanted || goes_with_name(verb, name));
        let namespace = namespaces.iter().find(|namespace| {
            !namespaces_wanted || *place.resource != "namespaces" || goes_with_namespaces(verb, namespace)
        });
        let (Some(name), Some(namespace)) = (name, namespace) else { continue };
        let changes = Target { verb, namespace, name, place }.changes(attributes);
        if best.as_ref().is_none_or(|best| changes.len() < best.len()) {
            best = Some(changes);
        }
        if *verb == attributes.verb {
            break;
        }
    }
    best.ok_or(why)
}

/// What a field allows: what the request has, where that is allowed, and then the rest; of a field that allows all, what the request has
/// and then the ones that may have to come along. What is empty comes last.
fn choices(allowed: &[String], own: &GoString, besides: &[&str]) -> Vec<GoString> {
    /// So many of a field are tried at the most.
    const MOST: usize = 12;
    if allowed.is_empty() {
        return std::iter::once(own.clone()).chain(besides.iter().map(|text| GoString::from(*text))).collect();
    }
    let mut choices: Vec<GoString> = Vec::new();
    if allowed.iter().any(|item| own == item.as_str()) {
        choices.push(own.clone());
    }
    let rest = || allowed.iter().filter(|item| own != item.as_str());
    let (named, empty) = (rest().filter(|item| !item.is_empty()), rest().filter(|item| item.is_empty()).take(1));
    choices.extend(named.take(MOST).chain(empty).map(|item| GoString::from(item.as_str())));
    choices
}

/// The verbs that a method and a URL make of a request about a resource; a method that is none of Kubernetes' makes the empty one.
fn is_verb_of_resources(verb: &GoString) -> bool {
    matches!(
        verb.as_bytes(),
        b"" | b"get"
            | b"list"
            | b"watch"
            | b"create"
            | b"update"
            | b"patch"
            | b"delete"
            | b"deletecollection"
            | b"proxy"
    )
}

/// The verbs that a method makes of a request about a path: it, in lower case.
fn is_verb_of_paths(verb: &GoString) -> bool {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !verb.is_empty() && verb.as_bytes().iter().all(|byte| is_token(byte) && !byte.is_ascii_uppercase())
}

/// What a verb of one object is of many, and the other way round.
fn counterpart(verb: &GoString) -> &'static str {
    match verb.as_bytes() {
        b"delete" => "deletecollection",
        b"deletecollection" => "delete",
        b"list" => "get",
        _ => "list",
    }
}

/// A `get` and a `delete` are of one object: without a name they are a `list` and a `deletecollection`.
fn goes_with_name(verb: &GoString, name: &GoString) -> bool {
    match verb.as_bytes() {
        b"get" | b"delete" => !name.is_empty(),
        b"deletecollection" => name.is_empty(),
        _ => true,
    }
}

/// A request for one namespace is in that namespace.
fn goes_with_namespaces(verb: &GoString, namespace: &GoString) -> bool {
    !namespace.is_empty() || !matches!(verb.as_bytes(), b"get" | b"update" | b"patch" | b"delete")
}

struct Target<'a> {
    verb: &'a GoString,
    namespace: &'a GoString,
    name: &'a GoString,
    place: &'a Place<'a>,
}

impl Target<'_> {
    fn changes(&self, attributes: &Attributes) -> Vec<Change> {
        let was_about_resource = attributes.resource_request;
        let mut changes = Vec::new();
        let mut change = |attribute, from: &GoString, to: &GoString| {
            if from != to {
                let was_there = was_about_resource || attribute == Attribute::Verb;
                let from = Some(from.clone()).filter(|from| was_there && !from.is_empty());
                changes.push(Change { attribute, from, to: to.to_string() });
            }
        };
        change(Attribute::Verb, &attributes.verb, self.verb);
        change(Attribute::Resource, &attributes.resource, self.place.resource);
        change(Attribute::Subresource, &attributes.subresource, self.place.subresource);
        change(Attribute::Name, &attributes.name, self.name);
        change(Attribute::Namespace, &attributes.namespace, self.namespace);
        if let Some(group) = self.place.group {
            let from = Some(attributes.api_group.clone()).filter(|_| was_about_resource);
            changes.push(Change { attribute: Attribute::ApiGroup, from, to: group.to_owned() });
        }
        if !was_about_resource && changes.iter().all(|change| change.attribute == Attribute::Verb) {
            let from = Some(attributes.path.clone());
            changes.push(Change { attribute: Attribute::ResourceRequest, from, to: String::new() });
        }
        changes
    }
}

/// What of the request must be another, where it is to be one about a path.
fn path_target(rule: &Rule, attributes: &Attributes) -> Result<Vec<Change>, Never> {
    let mut changes = Vec::new();
    let allowed = |verb: &GoString| rule.verbs.is_empty() || is_verb_of_paths(verb);
    let verb = choices(&rule.verbs, &attributes.verb, &[]).into_iter().find(allowed).ok_or(Never::Verbs)?;
    if verb != attributes.verb {
        let from = Some(attributes.verb.clone()).filter(|from| !from.is_empty());
        changes.push(Change { attribute: Attribute::Verb, from, to: verb.to_string() });
    }
    let any_path = rule.non_resource_urls.is_empty();
    if attributes.resource_request || !(any_path || decide::matches_non_resource_urls(rule, attributes)) {
        let path = path_for(rule).ok_or(Never::Paths)?;
        let from = if attributes.resource_request { &attributes.resource } else { &attributes.path };
        changes.push(Change { attribute: Attribute::Path, from: Some(from.clone()), to: path });
    }
    Ok(changes)
}

/// A path outside the API that the rule names, the first there is.
fn path_for(rule: &Rule) -> Option<String> {
    if rule.non_resource_urls.is_empty() {
        return Some("/version".to_owned());
    }
    let path = |spec: &String| {
        match spec.ends_with('*').then(|| spec.trim_end_matches('*')) {
            // Stars alone, however many, are every path.
            Some("") => "/version".to_owned(),
            path => path.unwrap_or(spec).to_owned(),
        }
    };
    rule.non_resource_urls.iter().map(path).find(|path| path.starts_with('/') && !is_resource_path(path.as_bytes()))
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (changes, taken_by) = match self {
            Nearest::Changed { changes, taken_by } => (changes, taken_by),
            Nearest::Never(why) => return why.fmt(f),
        };
        for (index, change) in changes.iter().enumerate() {
            let separator = match index {
                0 => "the same request with ",
                _ if index + 1 == changes.len() => " and ",
                _ => ", ",
            };
            write!(f, "{separator}{change}")?;
        }
        match taken_by {
            Some(rule) => write!(f, "; but rule {} would match that first", rule + 1),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Never::Verbs => "no request: none has one of these verbs",
            Never::Resources => "no request: no URL has one of these resources",
            Never::Paths => "no request: every one of these paths is a resource's",
            Never::Together => "no request: none has such a verb together with such a name and namespace",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = quote(&self.to);
        match (self.attribute, self.to.as_str()) {
            (Attribute::User, _) if self.from.is_none() => return write!(f, "the authenticated user {to}"),
            (Attribute::User, _) => write!(f, "the user {to}")?,
            (Attribute::Group, _) => return write!(f, "a user in group {to}"),
            (Attribute::Verb, _) => write!(f, "verb {to}")?,
            (Attribute::ResourceRequest, _) => f.write_str("a resource")?,
            (Attribute::Namespace, "") => f.write_str("no namespace")?,
            (Attribute::Namespace, _) => write!(f, "namespace {to}")?,
            (Attribute::ApiGroup, "") => f.write_str("the core group")?,
            (Attribute::ApiGroup, _) => write!(f, "group {to}")?,
            (Attribute::Resource, _) => write!(f, "resource {to}")?,
            (Attribute::Subresource, "") => f.write_str("no subresource")?,
            (Attribute::Subresource, _) => write!(f, "subresource {to}")?,
            (Attribute::Name, "") => f.write_str("no name")?,
            (Attribute::Name, _) => write!(f, "name {to}")?,
            (Attribute::Path, _) => write!(f, "path {to}")?,
        }
        match &self.from {
            None => Ok(()),
            Some(from) if from.is_empty() && self.attribute == Attribute::ApiGroup => {
                f.write_str(" instead of the core group")
            }
            Some(from) => write!(f, " instead of {}", quote(&from.to_str_lossy())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::UserInfo;

    fn strings(list: &[&str]) -> Vec<String> {
        list.iter().map(|item| (*item).to_owned()).collect()
    }

    fn entry(group: &str, resources: &[&str], names: &[&str]) -> GroupResources {
        GroupResources { group: group.to_owned(), resources: strings(resources), resource_names: strings(names) }
    }

    /// kubernetes-admin asks for a resource, or `/path`.
    fn request(verb: &str, target: &str, name: &str) -> Attributes {
        let user = Some(UserInfo::new("kubernetes-admin", &["system:authenticated"]));
        if target.starts_with('/') {
            return Attributes { user, verb: verb.into(), path: target.into(), ..Attributes::default() };
        }
        let (resource, subresource) = target.split_once('/').unwrap_or((target, ""));
        Attributes {
            user,
            verb: verb.into(),
            resource_request: true,
            namespace: if resource == "namespaces" { name } else { "prod" }.into(),
            resource: resource.into(),
            subresource: subresource.into(),
            name: name.into(),
            ..Attributes::default()
        }
    }

    fn said(rule: Rule, attributes: &Attributes) -> String {
        let policy = Policy::of_rules([rule]);
        let nearest = nearest(&policy, 0, attributes, Release::NEWEST);
        nearest.map_or_else(
            || "it matches".to_owned(),
            |nearest| nearest.to_string().replace("the same request with ", ""),
        )
    }

    #[test]
    fn each_attribute_has_its_words() {
        let get = request("get", "secrets", "db");
        let about = |entries: Vec<GroupResources>| Rule { resources: entries, ..Rule::default() };
        for (rule, attributes, expected) in [
            (Rule::default(), &get, "it matches"),
            (
                Rule { users: strings(&["", "alice"]), ..Rule::default() },
                &get,
                "the user alice instead of kubernetes-admin",
            ),
            (Rule { users: strings(&["*"]), ..Rule::default() }, &get, "the user * instead of kubernetes-admin"),
            (Rule { user_groups: strings(&["dev"]), ..Rule::default() }, &get, "a user in group dev"),
            (
                Rule { users: strings(&["alice"]), user_groups: strings(&["dev"]), ..Rule::default() },
                &Attributes { user: None, ..get.clone() },
                "the authenticated user alice and a user in group dev",
            ),
            (Rule { verbs: strings(&["create", "patch"]), ..Rule::default() }, &get, "verb create instead of get"),
            (Rule { verbs: strings(&["GET"]), ..Rule::default() }, &get, "no request: none has one of these verbs"),
            (
                Rule { verbs: strings(&["head"]), ..Rule::default() },
                &get,
                "verb head instead of get and path /version instead of secrets",
            ),
            (Rule { namespaces: strings(&["dev"]), ..Rule::default() }, &get, "namespace dev instead of prod"),
            (Rule { namespaces: strings(&[""]), ..Rule::default() }, &get, "no namespace instead of prod"),
            (
                Rule { namespaces: strings(&[""]), ..about(vec![entry("", &["namespaces"], &[])]) },
                &request("get", "namespaces", "a"),
                "verb list instead of get and no namespace instead of a",
            ),
            (about(vec![entry("", &["pods"], &[])]), &get, "resource pods instead of secrets"),
            (about(vec![entry("apps", &["secrets", "pods"], &[])]), &get, "group apps instead of the core group"),
            (about(vec![entry("", &["pods"], &[])]), &request("get", "pods/log", "a"), "no subresource instead of log"),
            (
                about(vec![entry("", &["pods/exec"], &[])]),
                &request("get", "pods/log", "a"),
                "subresource exec instead of log",
            ),
            (about(vec![entry("", &["*/scale"], &[])]), &get, "subresource scale"),
            (about(vec![entry("", &["pods/*"], &[])]), &get, "resource pods instead of secrets"),
            (about(vec![entry("", &["a/b/c"], &[])]), &get, "no request: no URL has one of these resources"),
            (about(vec![entry("", &["secrets"], &["web"])]), &get, "name web instead of db"),
            (about(vec![entry("", &["secrets"], &["web"])]), &request("list", "secrets", ""), "name web"),
            (
                about(vec![entry("", &["secrets"], &["web"])]),
                &request("deletecollection", "secrets", ""),
                "verb delete instead of deletecollection and name web",
            ),
            (
                Rule { verbs: strings(&["deletecollection"]), ..about(vec![entry("", &["secrets"], &["web"])]) },
                &get,
                "no request: none has such a verb together with such a name and namespace",
            ),
            (about(vec![entry("", &[], &[])]), &request("get", "/version", ""), "a resource instead of /version"),
            (
                Rule { namespaces: strings(&["prod"]), ..about(vec![entry("apps", &["deployments"], &[])]) },
                &request("get", "/version", ""),
                "resource deployments, namespace prod and group apps",
            ),
            (
                Rule { non_resource_urls: strings(&["/healthz*"]), ..Rule::default() },
                &get,
                "path /healthz instead of secrets",
            ),
            (Rule { non_resource_urls: strings(&["**"]), ..Rule::default() }, &get, "path /version instead of secrets"),
            (
                Rule { non_resource_urls: strings(&["/api/v1/pods", "/api/v1/*"]), ..Rule::default() },
                &get,
                "path /api/v1/ instead of secrets",
            ),
            (
                Rule { non_resource_urls: strings(&["/api/v1/pods*"]), ..Rule::default() },
                &get,
                "no request: every one of these paths is a resource's",
            ),
        ] {
            assert_eq!(said(rule.clone(), attributes), expected, "{rule:?}");
        }
    }

    #[test]
    fn an_earlier_rule_that_takes_it_is_named() {
        let rule = |verbs: &[&str]| Rule { verbs: strings(verbs), ..Rule::default() };
        let policy = Policy::of_rules([rule(&["get"]), rule(&["list", "watch"]), rule(&["list"])]);
        let nearest = |index| {
            nearest(&policy, index, &request("get", "pods", "a"), Release::NEWEST).map(|found| found.to_string())
        };
        assert_eq!(nearest(0), None);
        assert_eq!(nearest(1).as_deref(), Some("the same request with verb list instead of get"));
        assert_eq!(
            nearest(2).as_deref(),
            Some("the same request with verb list instead of get; but rule 2 would match that first")
        );
        assert_eq!(nearest(3), None);
    }
}
