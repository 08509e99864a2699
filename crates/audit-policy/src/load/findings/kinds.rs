//! apiVersion and kind.

use super::super::is_json;
use super::super::kind::{GroupVersionKind, KindError, api_versions};
use super::{Advice, fix};
use crate::json::{Kind, Node};
use crate::near::nearest;
use crate::{Fix, Release, Span};

const VERSION: &str = "audit.k8s.io/v1";

/// The newest version that the release reads, and how a sentence goes on about the others.
fn versions(release: Release) -> (&'static str, String) {
    let mut versions = api_versions(release);
    let newest = versions.next().unwrap_or(VERSION);
    let others = match versions.collect::<Vec<_>>().as_slice() {
        [] => " only".to_owned(),
        [other] => format!(" and {other}"),
        [others @ .., last] => format!(", {} and {last}", others.join(", ")),
    };
    (newest, others)
}

/// Replaces the whole value, whatever it is.
fn set(text: &[u8], span: Option<Span>, value: &str) -> Option<Fix> {
    let span = span?;
    let written = text.get(span.start..span.end)?;
    let quote = match written {
        [quote @ (b'"' | b'\''), .., last] if quote == last => char::from(*quote).to_string(),
        _ => String::new(),
    };
    let simple = fix::is_simple(text, span);
    simple.then(|| fix::one(&format!("Change to {value}"), span, &format!("{quote}{value}{quote}")))
}

/// Whether the text is meant to be a policy, and not some other object.
fn is_meant(root: Node<'_>) -> bool {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let like = kind.to_ascii_lowercase().contains("policy") || nearest(kind, ["Policy"]).is_some();
    like || root.get("rules").is_some_and(|rules| rules.kind() == Kind::Array)
}

pub(super) fn unknown(error: &KindError, root: Node<'_>, text: &[u8], release: Release) -> Advice {
    if crate::sink::is_sink_node(root) {
        return Advice::help(crate::sink::INSTEAD);
    }
    let meant = |value: &str| error.span.filter(|_| is_meant(root)).and_then(|span| set(text, Some(span), value));
    match error.path {
        Some("kind") => Advice::help("an audit policy is of `kind: Policy`").with_fix(meant("Policy")),
        Some(_) => {
            let (version, others) = versions(release);
            let kind = root.get("kind").map(|kind| kind.as_str().unwrap_or_default());
            // Where the kind is wrong too, one without the other mends nothing.
            let fix = meant(version).map(|fix| match kind {
                None | Some("Policy" | "") => fix,
                Some(_) => with_kind(fix, root, text),
            });
            Advice::help(format!("{release} reads policies of `apiVersion: {version}`{others}")).with_fix(fix)
        }
        None => {
            Advice::help(format!("a policy is a mapping that begins with `apiVersion: {VERSION}` and `kind: Policy`"))
        }
    }
}

/// The fix of the version, and the kind mended as well.
fn with_kind(mut fix: Fix, root: Node<'_>, text: &[u8]) -> Fix {
    if let Some(kind) = set(text, root.get("kind").map(Node::span), "Policy") {
        fix.edits.extend(kind.edits);
        crate::sort::sort_by(&mut fix.edits, |left, right| left.span.start.cmp(&right.span.start));
        fix.title.push_str(", Policy");
    }
    fix
}

pub(super) fn wrong(gvk: &GroupVersionKind, root: Node<'_>, text: &[u8]) -> Advice {
    let fix = || set(text, gvk.kind_span, "Policy");
    Advice::help(format!("`{}` is another kind: an audit policy is of `kind: Policy`", gvk.kind))
        .with_fix(is_meant(root).then(fix).flatten())
}

pub(super) fn no_version(gvk: &GroupVersionKind, root: Node<'_>, text: &[u8], release: Release) -> Advice {
    let (version, _) = versions(release);
    let advice = Advice::help(format!("begin the policy with `apiVersion: {version}`"));
    if gvk.api_version_span.is_some() {
        return advice.with_fix(set(text, gvk.api_version_span, version));
    }
    advice.with_fix(add_version(root, text, version))
}

fn add_version(root: Node<'_>, text: &[u8], version: &str) -> Option<Fix> {
    let first = root.members().map(|(key, _)| key.span().start).min()?;
    let start = root.span().start;
    let title = "Add apiVersion";
    if text.get(start) == Some(&b'{') {
        let quote = if is_json(text) { "\"" } else { "" };
        let written = format!("{quote}apiVersion{quote}: {quote}{version}{quote}, ");
        return Some(fix::one(title, Span::new(start + 1, start + 1), &written));
    }
    let column = fix::column(text, first).filter(|_| first == start)?;
    let line = format!("apiVersion: {version}{}{}", fix::line_break(text), " ".repeat(column));
    Some(fix::one(title, Span::new(start, start), &line))
}

pub(super) fn deprecated(gvk: &GroupVersionKind, text: &[u8]) -> Advice {
    Advice::help(format!("write `apiVersion: {VERSION}`: the fields are the same")).with_fix(set(
        text,
        gvk.api_version_span,
        VERSION,
    ))
}
