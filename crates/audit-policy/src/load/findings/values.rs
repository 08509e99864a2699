//! Values that validation refuses.

use super::super::is_json;
use super::super::validate::Problem;
use super::{Advice, fix};
use crate::json::{Kind, Node};
use crate::near::nearest;
use crate::{Fix, Level, Release, Span, Stage};

pub(super) fn code(problem: &Problem) -> &'static str {
    match problem {
        Problem::LevelMissing => "missing-level",
        Problem::LevelUnknown(_) => "unknown-level",
        Problem::StageUnknown(_) => "unknown-stage",
        Problem::UrlWithoutSlash(_) => "url-without-slash",
        Problem::UrlStarInside(_) => "url-star-inside",
        Problem::Group(_) => "invalid-group",
        Problem::NamesWithoutResources => "names-without-resources",
        Problem::UrlsAndResources => "urls-and-resources",
    }
}

pub(super) fn advice(problem: &Problem, span: Option<Span>, text: &[u8], release: Release) -> Advice {
    let replace = |old: &str, new: &str| {
        let title = format!("Change to {}", if new.is_empty() { "\"\"" } else { new });
        span.and_then(|span| fix::replace(&title, text, span, old, new))
    };
    match problem {
        Problem::LevelMissing => {
            Advice::help("every rule needs a level: `None`, `Metadata`, `Request` or `RequestResponse`")
        }
        Problem::LevelUnknown(level) => match nearest(level, Level::ALL.map(Level::as_str)) {
            Some(meant) => Advice::help(did_you_mean(level, meant)).with_fix(replace(level, meant)),
            None => Advice::help("a level is `None`, `Metadata`, `Request` or `RequestResponse`"),
        },
        Problem::StageUnknown(stage) => match nearest(stage, Stage::ALL.map(Stage::as_str)) {
            Some(meant) => Advice::help(did_you_mean(stage, meant)).with_fix(replace(stage, meant)),
            None => Advice::help("a stage is `RequestReceived`, `ResponseStarted`, `ResponseComplete` or `Panic`"),
        },
        Problem::UrlWithoutSlash(url) => {
            let meant = format!("/{}", url.trim_start());
            Advice::help("a path begins with `/`; only `*` alone, for every path, does not")
                .with_fix((!url.is_empty()).then(|| replace(url, &meant)).flatten())
        }
        Problem::UrlStarInside(url) => {
            let meant = url.trim_end_matches('*');
            let doubled = !meant.contains('*') && meant.starts_with('/');
            let meant = format!("{meant}*");
            Advice::help("a `*` is a wildcard only as the last character of a path")
                .with_fix(doubled.then(|| replace(url, &meant)).flatten())
        }
        Problem::Group(group) => group_advice(group, release, replace),
        Problem::NamesWithoutResources => {
            Advice::help("name the resources too, such as `resources: [\"configmaps\"]`: names alone select nothing")
        }
        Problem::UrlsAndResources => Advice::help(
            "a rule is for resources or for other paths, never both: make two rules of it, one with `nonResourceURLs`",
        ),
    }
}

/// A rule without a level: one that logs, but no objects, unless another field is meant to be it.
pub(super) fn no_level(rule: Option<Node<'_>>, text: &[u8]) -> Advice {
    let advice = advice(&Problem::LevelMissing, None, text, Release::NEWEST);
    advice.with_fix(rule.and_then(|rule| add_level(rule, text)))
}

fn add_level(rule: Node<'_>, text: &[u8]) -> Option<Fix> {
    if rule.kind() != Kind::Object {
        return None;
    }
    let misspelt = rule.members().find(|(key, _)| key.as_str().is_some_and(|name| nearest(name, ["level"]).is_some()));
    if let Some((key, _)) = misspelt {
        return fix::replace("Rename to level", text, key.span(), key.as_str()?, "level");
    }
    let title = "Add level: Metadata";
    let whole = rule.span();
    let first = rule.members().map(|(key, _)| key.span().start).min();
    if text.get(whole.start) == Some(&b'{') {
        let written = if is_json(text) { "\"level\": \"Metadata\"" } else { "level: Metadata" };
        let comma = if first.is_some() { ", " } else { "" };
        let at = Span::new(whole.start + 1, whole.start + 1);
        return Some(fix::one(title, at, &format!("{written}{comma}")));
    }
    // What is merged in stands somewhere else.
    let first = first.filter(|first| (whole.start..whole.end).contains(first))?;
    let column = fix::column(text, first)?;
    let line = format!("level: Metadata{}{}", fix::line_break(text), " ".repeat(column));
    Some(fix::one(title, Span::new(first, first), &line))
}

/// `core` or `v1`.
pub(super) fn core_group(group: &str, span: Option<Span>, text: &[u8]) -> Advice {
    let fix = span.and_then(|span| fix::replace("Change to \"\"", text, span, group, ""));
    Advice::help("the core group has no name: write `\"\"`").with_fix(fix)
}

fn did_you_mean(word: &str, meant: &str) -> String {
    if word.eq_ignore_ascii_case(meant) {
        format!("upper and lower case count: write `{meant}`")
    } else {
        format!("did you mean `{meant}`?")
    }
}

fn group_advice(group: &str, release: Release, replace: impl Fn(&str, &str) -> Option<Fix>) -> Advice {
    if group == "*" {
        return Advice::help(format!("`*` for every group is known from 1.36 on: for {release} list the groups"));
    }
    if let Some((name, rest)) = group.split_once('/') {
        let core = matches!(name, "core" | "v1");
        let (name, shown) = if core { ("", "\"\"") } else { (name, name) };
        let version = rest.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        if !version {
            return Advice::help(format!("a group stands by itself: `{shown}`, and its resources under `resources`"));
        }
        // Something that begins with `/` is no group at all.
        let fix = (core || !name.is_empty()).then(|| replace(group, name)).flatten();
        return Advice::help(format!("a group is given without version: `{shown}`")).with_fix(fix);
    }
    let lower = group.trim().to_ascii_lowercase();
    let good = lower != group && lower.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    if good {
        return Advice::help(format!("groups are lower case: `{lower}`")).with_fix(replace(group, &lower));
    }
    Advice::help("a group is a name such as `apps` or `rbac.authorization.k8s.io`; the core group is `\"\"`")
}
