//! The values of each field, and what each means.

use std::borrow::Cow;

use super::frame::Slot;
use super::{CompletionKind, resources, words};
use crate::{Release, load};

/// A word that may stand in a field.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// As it means, without quotes.
    pub text: Cow<'static, str>,
    pub kind: CompletionKind,
    pub detail: Cow<'static, str>,
    pub documentation: Cow<'static, str>,
}

/// What stands beside a value and decides what is known there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'t> {
    /// The API group of the item.
    pub group: &'t str,
    /// The rule has `nonResourceURLs`.
    pub of_paths: bool,
    /// The rule has `resources` or `namespaces`.
    pub of_resources: bool,
}

fn word(text: &'static str, kind: CompletionKind, documentation: &'static str) -> Word {
    Word { text: Cow::Borrowed(text), kind, detail: Cow::Borrowed(""), documentation: Cow::Borrowed(documentation) }
}

/// The words that the field may have there, the likely ones first.
pub(super) fn words(slot: Slot, context: &Context<'_>, release: Release) -> Vec<Word> {
    match (slot.of.short_name(), slot.field.name) {
        ("Policy", "apiVersion") => load::api_versions(release).map(api_version).collect(),
        ("GroupResources", "group") => resources::groups(release),
        ("GroupResources", "resources") => resources::resources(context.group, release),
        ("PolicyRule", "verbs") => verbs(context),
        ("PolicyRule", "userGroups") => {
            let known = words::USER_GROUPS.iter().filter(|(_, since, _)| *since <= release.minor());
            known.map(|(text, _, about)| word(text, CompletionKind::UserGroup, about)).collect()
        }
        ("Policy" | "PolicyRule", field) => {
            let (kind, known) = words::of_field(field);
            known.iter().map(|(text, about)| word(text, kind, about)).collect()
        }
        _ => Vec::new(),
    }
}

fn api_version(version: &'static str) -> Word {
    let about = match version.rsplit('/').next() {
        Some("v1") => "The version of the audit API to write.",
        _ => "An old version of the audit API, with the same fields: gone from 1.24 on.",
    };
    word(version, CompletionKind::Keyword, about)
}

/// A rule for paths has the methods, any other the verbs; one that is for neither has both.
fn verbs(context: &Context<'_>) -> Vec<Word> {
    let verb = |(text, about): &words::Known| word(text, CompletionKind::Verb, about);
    if context.of_paths && !context.of_resources {
        return words::METHODS.iter().map(verb).collect();
    }
    let mut list: Vec<Word> = words::VERBS.iter().map(verb).collect();
    if !context.of_resources {
        let only = |(text, _): &&words::Known| !words::VERBS.iter().any(|(known, _)| known == text);
        list.extend(words::METHODS.iter().filter(only).map(verb));
    }
    list
}

/// What a word means that stands in the field.
pub(super) fn meaning(slot: Slot, text: &str, context: &Context<'_>, release: Release) -> Option<String> {
    let field = slot.field.name;
    let of_rule = slot.of.short_name() == "PolicyRule";
    if text == "*"
        && let Some(about) = words::star(field)
    {
        return Some(about);
    }
    if let Some(known) = words(slot, context, release).into_iter().find(|word| word.text == text) {
        return Some(known.documentation.into_owned());
    }
    match field {
        "verbs" if of_rule => verb_meaning(text),
        "users" if of_rule => user_meaning(text),
        "userGroups" if of_rule => {
            let namespace = text.strip_prefix("system:serviceaccounts:")?;
            (!namespace.is_empty()).then(|| format!("The service accounts of the namespace {namespace}."))
        }
        "group" => resources::group_meaning(text, release),
        "resources" if !of_rule => resources::elsewhere(context.group, text, release),
        _ => None,
    }
}

fn verb_meaning(text: &str) -> Option<String> {
    if let Some((_, about)) = words::NO_VERBS.iter().find(|(verbs, _)| verbs.contains(&text)) {
        return Some((*about).to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let mut known = words::VERBS.iter().chain(&words::METHODS);
    if let Some((_, about)) = known.clone().find(|(verb, _)| *verb == text) {
        return Some((*about).to_owned());
    }
    let (verb, _) = known.find(|(verb, _)| *verb == lower)?;
    Some(format!("No request has this verb: verbs are lower case, `{verb}`."))
}

fn user_meaning(text: &str) -> Option<String> {
    if let Some(account) = text.strip_prefix("system:serviceaccount:") {
        let (namespace, name) = account.split_once(':')?;
        let whole = !namespace.is_empty() && !name.is_empty();
        return whole.then(|| format!("The service account {name} of the namespace {namespace}."));
    }
    let node = text.strip_prefix("system:node:")?;
    (!node.is_empty()).then(|| format!("The kubelet of the node {node}."))
}
