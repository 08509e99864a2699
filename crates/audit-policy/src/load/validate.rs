//! What a policy must be to load. Mirrors `pkg/apis/audit/validation/validation.go`, with the messages of `field.Error`.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::decode::GoValue;
use super::raw::{self, RawRule};
use crate::json::write_string;
use crate::release::Change;
use crate::text::go_quote;
use crate::{GroupResources, Level, Policy, Release, Stage};

/// What a validation error is about, for help and places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    LevelMissing,
    LevelUnknown(String),
    StageUnknown(String),
    UrlWithoutSlash(String),
    UrlStarInside(String),
    Group(String),
    NamesWithoutResources,
    UrlsAndResources,
}

/// One error of validation.
#[derive(Clone, Debug)]
pub(super) struct Invalid {
    /// The server's words, path and all.
    pub message: String,
    /// The exact place: unlike the server's path it has the index of a resource.
    pub path: String,
    pub problem: Problem,
}

/// Why a policy is not valid.
#[derive(Debug, Default)]
pub(super) struct Errors {
    /// The server's words: several errors in brackets, equal ones once.
    pub message: String,
    /// The errors, in the server's order; not more than a thousand.
    pub list: Vec<Invalid>,
}

/// Errors that are kept one by one.
const MOST: usize = 1_000;

/// The policy of a decoded value, or what is wrong with it.
pub(super) fn validate(value: &GoValue, release: Release) -> Result<Policy, Errors> {
    let mut policy = raw::policy_of(value);
    let mut validator = Validator { release, found: Vec::new() };
    let mut errors = Vec::new();
    let mut text = String::new();
    let mut count = 0;
    let mut take = |found: &mut Vec<Invalid>| {
        // Texts have the rule's index, so equal ones are of one rule.
        let mut seen = HashSet::new();
        for invalid in found.drain(..) {
            if seen.insert(invalid.message.clone()) {
                count += 1;
                text.push_str(if count == 1 { "" } else { ", " });
                text.push_str(&invalid.message);
            }
            if errors.len() < MOST {
                errors.push(invalid);
            }
        }
        count == 0
    };
    validator.stages(&raw::omit_stages(value), "omitStages");
    take(&mut validator.found);
    let mut path = String::new();
    for (index, rule) in raw::rules(value).enumerate() {
        path.clear();
        let _ = write!(path, "rules[{index}]");
        validator.rule(&rule, &path);
        if take(&mut validator.found) {
            policy.rules.push(rule.into_rule().into());
        }
    }
    match count {
        0 => Ok(policy),
        1 => Err(Errors { message: text, list: errors }),
        _ => Err(Errors { message: format!("[{text}]"), list: errors }),
    }
}

struct Validator {
    release: Release,
    found: Vec<Invalid>,
}

impl Validator {
    fn add(&mut self, message: String, path: String, problem: Problem) {
        self.found.push(Invalid { message, path, problem });
    }

    fn invalid(&mut self, path: String, value: &str, detail: &str, problem: Problem) {
        let message = format!("{path}: Invalid value: {}: {detail}", go_quote(value.as_bytes()));
        self.add(message, path, problem);
    }

    fn rule(&mut self, raw: &RawRule, path: &str) {
        self.level(&raw.level, path);
        for (index, url) in raw.rule.non_resource_urls.iter().enumerate() {
            self.url(url, path, index);
        }
        for (index, resource) in raw.rule.resources.iter().enumerate() {
            self.resource(resource, path, index);
        }
        if !raw.omit_stages.is_empty() {
            self.stages(&raw.omit_stages, &format!("{path}.omitStages"));
        }
        let urls = &raw.rule.non_resource_urls;
        let for_resources = !raw.rule.resources.is_empty() || !raw.rule.namespaces.is_empty();
        if for_resources && !urls.is_empty() {
            let shown = self.list(urls);
            let detail = "rules cannot apply to both regular resources and non-resource URLs";
            let path = format!("{path}.nonResourceURLs");
            self.add(format!("{path}: Invalid value: {shown}: {detail}"), path, Problem::UrlsAndResources);
        }
    }

    fn level(&mut self, level: &str, rule: &str) {
        if Level::from_name(level).is_some() {
            return;
        }
        let path = format!("{rule}.level");
        if level.is_empty() {
            self.add(format!("{path}: Required value"), path, Problem::LevelMissing);
        } else {
            let shown =
                if self.release.has(Change::JsonValuesInMessages) { json(level) } else { go_quote(level.as_bytes()) };
            let known = Level::ALL.map(|level| format!("\"{level}\"")).join(", ");
            let message = format!("{path}: Unsupported value: {shown}: supported values: {known}");
            self.add(message, path, Problem::LevelUnknown(level.to_owned()));
        }
    }

    fn url(&mut self, url: &str, rule: &str, index: usize) {
        if url == "*" {
            return;
        }
        let path = || format!("{rule}.nonResourceURLs[{index}]");
        if !url.starts_with('/') {
            let detail = "non-resource URL rules must begin with a '/' character";
            self.invalid(path(), url, detail, Problem::UrlWithoutSlash(url.to_owned()));
        }
        if url.char_indices().any(|(at, character)| character == '*' && at + 1 < url.len()) {
            let detail = "non-resource URL wildcards '*' must be the final character of the rule";
            self.invalid(path(), url, detail, Problem::UrlStarInside(url.to_owned()));
        }
    }

    fn resource(&mut self, resource: &GroupResources, rule: &str, index: usize) {
        let group = resource.group.as_str();
        let wildcard = group == "*" && self.release.has(Change::GroupWildcard);
        if !group.is_empty() && !wildcard {
            let problems = subdomain_problems(group, self.release);
            if !problems.is_empty() {
                let shown = go_quote(group.as_bytes());
                let message = format!("{rule}.resources.group: Invalid value: {shown}: {}", problems.join(","));
                self.add(message, format!("{rule}.resources[{index}].group"), Problem::Group(group.to_owned()));
            }
        }
        if !resource.resource_names.is_empty() && resource.resources.is_empty() {
            let shown = self.list(&resource.resource_names);
            let detail = "using resourceNames requires at least one resource";
            let message = format!("{rule}.resources.resourceNames: Invalid value: {shown}: {detail}");
            self.add(message, format!("{rule}.resources[{index}].resourceNames"), Problem::NamesWithoutResources);
        }
    }

    fn stages(&mut self, stages: &[String], path: &str) {
        for (index, stage) in stages.iter().enumerate() {
            if Stage::from_name(stage).is_none() {
                let known = Stage::ALL.map(Stage::as_str).join(",");
                let problem = Problem::StageUnknown(stage.clone());
                self.invalid(format!("{path}[{index}]"), stage, &format!("allowed stages are {known}"), problem);
            }
        }
    }

    /// A list of strings as messages show it.
    fn list(&self, items: &[String]) -> String {
        if self.release.has(Change::JsonValuesInMessages) {
            let items: Vec<String> = items.iter().map(|item| json(item)).collect();
            format!("[{}]", items.join(","))
        } else {
            let items: Vec<String> = items.iter().map(|item| go_quote(item.as_bytes())).collect();
            format!("[]string{{{}}}", items.join(", "))
        }
    }
}

fn json(text: &str) -> String {
    let mut out = Vec::new();
    write_string(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Mirrors `IsDNS1123Subdomain` of apimachinery.
pub(crate) fn subdomain_problems(name: &str, release: Release) -> Vec<String> {
    let mut problems = Vec::new();
    if name.len() > 253 {
        problems.push("must be no more than 253 characters".to_owned());
    }
    if !is_subdomain(name) {
        let kind = if release.minor() < 20 { "a DNS-1123 subdomain" } else { "a lowercase RFC 1123 subdomain" };
        problems.push(format!(
            "{kind} must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric \
             character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
        ));
    }
    problems
}

fn is_subdomain(name: &str) -> bool {
    name.split('.').all(|label| {
        let bytes = label.as_bytes();
        let alphanumeric = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
        alphanumeric(bytes.first())
            && alphanumeric(bytes.last())
            && bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    })
}
