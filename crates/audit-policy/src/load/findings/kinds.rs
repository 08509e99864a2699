//! apiVersion and kind.

use super::super::kind::{GroupVersionKind, KindError, api_versions};
use super::{Advice, fix};
use crate::json::Node;
use crate::{Release, Span};

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
fn set(text: &[u8], span: Option<Span>, value: &str) -> Option<crate::Fix> {
    let span = span?;
    let written = text.get(span.start..span.end)?;
    let quote = match written {
        [quote @ (b'"' | b'\''), .., last] if quote == last => char::from(*quote).to_string(),
        _ => String::new(),
    };
    let simple = !written.is_empty() && !written.iter().any(|byte| matches!(byte, b'\n' | b'[' | b'{'));
    simple.then(|| fix::one(&format!("Change to {value}"), span, &format!("{quote}{value}{quote}")))
}

pub(super) fn unknown(error: &KindError, text: &[u8], release: Release) -> Advice {
    match error.path {
        Some("kind") => Advice::help("an audit policy is of `kind: Policy`").with_fix(set(text, error.span, "Policy")),
        Some(_) => {
            let (version, others) = versions(release);
            Advice::help(format!("{release} reads policies of `apiVersion: {version}`{others}"))
                .with_fix(set(text, error.span, version))
        }
        None => {
            Advice::help(format!("a policy is a mapping that begins with `apiVersion: {VERSION}` and `kind: Policy`"))
        }
    }
}

pub(super) fn wrong(gvk: &GroupVersionKind, text: &[u8]) -> Advice {
    Advice::help(format!("`{}` is another kind: an audit policy is of `kind: Policy`", gvk.kind)).with_fix(set(
        text,
        gvk.kind_span,
        "Policy",
    ))
}

pub(super) fn no_version(gvk: &GroupVersionKind, root: Node<'_>, text: &[u8]) -> Advice {
    let advice = Advice::help(format!("begin the policy with `apiVersion: {VERSION}`"));
    if gvk.api_version_span.is_some() {
        return advice.with_fix(set(text, gvk.api_version_span, VERSION));
    }
    let start = root.span().start;
    let block = root.members().next().is_some() && text.get(start) != Some(&b'{');
    let column = text.get(..start).unwrap_or_default().iter().rev().take_while(|byte| **byte == b' ').count();
    let line = format!("apiVersion: {VERSION}\n{}", " ".repeat(column));
    advice.with_fix(block.then(|| fix::one("Add apiVersion", Span::new(start, start), &line)))
}

pub(super) fn deprecated(gvk: &GroupVersionKind, text: &[u8]) -> Advice {
    Advice::help(format!("write `apiVersion: {VERSION}`: the fields are the same")).with_fix(set(
        text,
        gvk.api_version_span,
        VERSION,
    ))
}
