//! DeleteOptions, as the server decodes and logs them.

use crate::Release;
use crate::json::{Document, JsonText, Kind, Node, ObjectWriter, write_string};
use crate::release::Change;

/// The options in the body of a delete, in the order of Go's struct; none where the server refuses them.
pub(super) fn encode(document: &Document, release: Release) -> Option<JsonText> {
    let root = document.root().filter(|root| root.kind() == Kind::Object)?;
    let string = |name| root.get(name).and_then(Node::as_str).unwrap_or_default();
    if !matches!(string("kind"), "" | "DeleteOptions") {
        return None;
    }
    let sent = Some(string("apiVersion")).filter(|version| !version.is_empty()).unwrap_or("v1");
    let api_version = if release.has(Change::InternalDeleteOptions) { "meta.k8s.io/__internal" } else { sent };
    let mut out = ObjectWriter::new();
    out.string("kind", b"DeleteOptions");
    out.string("apiVersion", api_version.as_bytes());
    if let Some(node) = given(root, "gracePeriodSeconds") {
        out.raw("gracePeriodSeconds", integer(node)?.as_bytes());
    }
    if let Some(node) = given(root, "preconditions") {
        out.raw("preconditions", &preconditions(node)?);
    }
    if let Some(node) = given(root, "orphanDependents") {
        out.raw("orphanDependents", boolean(node)?.as_bytes());
    }
    if let Some(node) = given(root, "propagationPolicy") {
        out.string("propagationPolicy", node.as_str()?.as_bytes());
    }
    if let Some(node) = given(root, "dryRun") {
        if node.kind() != Kind::Array {
            return None;
        }
        let items = node.items().map(|item| if item.kind() == Kind::Null { Some("") } else { item.as_str() });
        let items: Vec<&str> = items.collect::<Option<_>>()?;
        if !items.is_empty() {
            out.raw("dryRun", &strings(&items));
        }
    }
    let ignore = "ignoreStoreReadErrorWithClusterBreakingPotential";
    if let Some(node) = given(root, ignore).filter(|_| release.has(Change::Selectors)) {
        out.raw(ignore, boolean(node)?.as_bytes());
    }
    Some(JsonText::from_compact(out.end()))
}

fn given<'a>(root: Node<'a>, name: &str) -> Option<Node<'a>> {
    root.get(name).filter(|node| node.kind() != Kind::Null)
}

fn preconditions(node: Node<'_>) -> Option<Vec<u8>> {
    if node.kind() != Kind::Object {
        return None;
    }
    let mut out = ObjectWriter::new();
    for name in ["uid", "resourceVersion"] {
        if let Some(value) = given(node, name) {
            out.string(name, value.as_str()?.as_bytes());
        }
    }
    Some(out.end())
}

fn integer(node: Node<'_>) -> Option<String> {
    match node.kind() {
        Kind::Number(spelling) => spelling.parse::<i64>().ok().map(|value| value.to_string()),
        _ => None,
    }
}

fn boolean(node: Node<'_>) -> Option<&'static str> {
    match node.kind() {
        Kind::Bool(true) => Some("true"),
        Kind::Bool(false) => Some("false"),
        _ => None,
    }
}

/// A list of strings in JSON.
fn strings(items: &[&str]) -> Vec<u8> {
    let mut out = vec![b'['];
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(&mut out, item.as_bytes());
    }
    out.push(b']');
    out
}
