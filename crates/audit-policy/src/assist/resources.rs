//! API groups and resources of a release.

use std::borrow::Cow;

use super::CompletionKind;
use super::values::Word;
use crate::Release;
use crate::kinds::{self, Resource, Subresource};
use crate::release::Change;

/// Resources are named in a sentence that many; the others are `…`.
const MOST_NAMED: usize = 5;

/// The resources that the release can serve, also those of which it serves subresources only.
fn served(release: Release) -> impl Iterator<Item = &'static Resource> {
    kinds::all().iter().filter(move |resource| resource.preferred_version(release).is_some())
}

fn subresources(resource: &'static Resource, release: Release) -> impl Iterator<Item = &'static Subresource> {
    // Until 1.7 a rule names no subresources.
    let named = release.has(Change::RuleOmitStages);
    resource.subresources.iter().filter(move |subresource| named && subresource.served.contains(release))
}

fn in_group(group: &str, release: Release) -> impl Iterator<Item = &'static Resource> {
    let every = group == "*" && release.has(Change::GroupWildcard);
    served(release).filter(move |resource| every || resource.group == group)
}

fn shown(group: &str) -> &str {
    if group.is_empty() { "core" } else { group }
}

fn named(names: &[&str]) -> String {
    let list = names.get(..MOST_NAMED.min(names.len())).unwrap_or_default().join(", ");
    if names.len() > MOST_NAMED { format!("{list}, …") } else { list }
}

/// The API groups of the release.
pub(super) fn groups(release: Release) -> Vec<Word> {
    let mut groups: Vec<&'static str> = Vec::new();
    for resource in served(release) {
        if !groups.contains(&resource.group) {
            groups.push(resource.group);
        }
    }
    let mut list: Vec<Word> = groups.into_iter().map(|group| group_word(group, release)).collect();
    if release.has(Change::GroupWildcard) {
        list.push(Word {
            text: Cow::Borrowed("*"),
            kind: CompletionKind::Group,
            detail: Cow::Borrowed("every group"),
            documentation: Cow::Borrowed("Every API group, from 1.36 on; before, such a policy is refused."),
        });
    }
    list
}

fn group_word(group: &'static str, release: Release) -> Word {
    let names: Vec<&str> = in_group(group, release).map(|resource| resource.resource).collect();
    let what = if group.is_empty() { "The core group: ".to_owned() } else { format!("The API group {group}: ") };
    Word {
        text: Cow::Borrowed(group),
        kind: CompletionKind::Group,
        detail: Cow::Borrowed(if group.is_empty() { "core" } else { "" }),
        documentation: Cow::Owned(format!("{what}{}.", named(&names))),
    }
}

/// What a group means that the release does not have.
pub(super) fn group_meaning(group: &str, release: Release) -> Option<String> {
    if matches!(group, "core" | "v1") {
        return Some(format!("No API group: nothing matches. The core group is written `\"\"`, not `{group}`."));
    }
    if group == "*" {
        return Some(format!("Every API group, from 1.36 on: {release} refuses the policy."));
    }
    if let Some((name, _)) = group.split_once('/') {
        return Some(format!("A group is written without its version: `{name}`."));
    }
    let mut known = kinds::all().iter().filter(|resource| resource.group == group).map(Resource::served);
    let first = known.next()?;
    let (from, to) =
        known.fold((first.first, first.last), |(from, to), next| (from.min(next.first), to.max(next.last)));
    let when = if to < release.minor() { format!("up to 1.{to}") } else { format!("from 1.{from} on") };
    Some(format!("An API group that there is {when}, not in {release}."))
}

/// What an item of the group may name: its resources, their subresources, and the patterns for many.
pub(super) fn resources(group: &str, release: Release) -> Vec<Word> {
    let wildcards = release.has(Change::ResourceWildcards);
    let (mut plain, mut below, mut every) = (Vec::new(), Vec::new(), Vec::<&str>::new());
    for resource in in_group(group, release) {
        let names: Vec<&str> = subresources(resource, release).map(|subresource| subresource.name).collect();
        // Several groups may have a resource of one name.
        if !resource.verbs.is_empty() && !plain.iter().any(|word: &Word| word.text == resource.resource) {
            plain.push(resource_word(resource, &names, wildcards));
        }
        if names.is_empty() {
            continue;
        }
        if wildcards {
            below.push(pattern(
                format!("{}/*", resource.resource),
                format!("{}, and every subresource of theirs: {}.", resource.resource, named(&names)),
            ));
        }
        for subresource in subresources(resource, release) {
            below.push(subresource_word(resource, subresource));
            if !every.contains(&subresource.name) {
                every.push(subresource.name);
            }
        }
    }
    plain.append(&mut below);
    if wildcards && !plain.is_empty() {
        let what = format!("Everything in the group {}, subresources too.", shown(group));
        plain.push(pattern("*".to_owned(), what));
        for name in every {
            plain.push(pattern(format!("*/{name}"), format!("The subresource {name} of every resource that has it.")));
        }
    }
    plain
}

fn pattern(text: String, documentation: String) -> Word {
    let (kind, detail) = (CompletionKind::Resource, Cow::Borrowed("pattern"));
    Word { text: Cow::Owned(text), kind, detail, documentation: Cow::Owned(documentation) }
}

fn resource_word(resource: &'static Resource, subresources: &[&str], wildcards: bool) -> Word {
    let place = if resource.namespaced { "in namespaces" } else { "in no namespace" };
    let mut about = format!("Objects of kind {}, {place}.", resource.kind);
    if !subresources.is_empty() {
        about.push_str(&format!(" Without their subresources ({})", named(subresources)));
        if wildcards {
            about.push_str(&format!("; with them it is `{}/*`", resource.resource));
        }
        about.push('.');
    }
    Word {
        text: Cow::Borrowed(resource.resource),
        kind: CompletionKind::Resource,
        detail: Cow::Borrowed(resource.kind),
        documentation: Cow::Owned(about),
    }
}

fn subresource_word(resource: &'static Resource, subresource: &'static Subresource) -> Word {
    let verbs = subresource.verbs.join(", ");
    Word {
        text: Cow::Owned(format!("{}/{}", resource.resource, subresource.name)),
        kind: CompletionKind::Subresource,
        detail: Cow::Borrowed(subresource.kind),
        documentation: Cow::Owned(format!("The subresource {} of {}: {verbs}.", subresource.name, resource.resource)),
    }
}

/// What a resource means that is not in the group: where it is.
pub(super) fn elsewhere(group: &str, text: &str, release: Release) -> Option<String> {
    let (name, sub) = text.split_once('/').unwrap_or((text, ""));
    let here = |resource: &&Resource| {
        resource.resource == name && (sub.is_empty() || resource.subresource(sub, release).is_some())
    };
    let groups: Vec<String> = served(release).filter(here).map(|found| format!("`{}`", found.group)).collect();
    let list = groups.join(" and ").replace("``", "`\"\"`");
    (!groups.is_empty())
        .then(|| format!("In {release} it is not in the group {} but in {list}: nothing matches.", shown(group)))
}
