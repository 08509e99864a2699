//! `metav1.ObjectMeta`, as the server decodes and encodes it: the fields of Go's struct in their order, maps sorted, what is empty left out.

use crate::json::{Kind, Node, ObjectWriter, compact, write_string};
use crate::release::Change;
use crate::{Release, Timestamp, sort};

/// The metadata of an object; none where the server cannot decode it.
pub(super) fn encode(metadata: Option<Node<'_>>, text: &[u8], release: Release) -> Option<Vec<u8>> {
    let given = |name: &str| metadata.and_then(|node| node.get(name)).filter(|node| node.kind() != Kind::Null);
    if metadata.is_some_and(|node| !matches!(node.kind(), Kind::Object | Kind::Null)) {
        return None;
    }
    let mut out = ObjectWriter::new();
    for name in ["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion"] {
        write_text(&mut out, name, given(name))?;
    }
    write_integer(&mut out, "generation", given("generation"), false)?;
    match given("creationTimestamp").map(time) {
        Some(Time::Unreadable) => return None,
        Some(Time::At(text)) => out.string("creationTimestamp", text.as_bytes()),
        Some(Time::Zero) | None if release.has(Change::OmitZeroTimes) => {}
        Some(Time::Zero) | None => out.raw("creationTimestamp", b"null"),
    }
    write_time(&mut out, "deletionTimestamp", given("deletionTimestamp"))?;
    write_integer(&mut out, "deletionGracePeriodSeconds", given("deletionGracePeriodSeconds"), true)?;
    for name in ["labels", "annotations"] {
        write_string_map(&mut out, name, given(name))?;
    }
    write_list(&mut out, "ownerReferences", given("ownerReferences"), owner_reference)?;
    write_list(&mut out, "finalizers", given("finalizers"), |node| {
        let mut item = Vec::new();
        let text = if node.kind() == Kind::Null { "" } else { node.as_str()? };
        write_string(&mut item, text.as_bytes());
        Some(item)
    })?;
    write_list(&mut out, "managedFields", given("managedFields"), |node| managed_field(node, text))?;
    Some(out.end())
}

/// A map of strings, sorted; `null` values are empty.
pub(super) fn write_string_map(out: &mut ObjectWriter, name: &str, node: Option<Node<'_>>) -> Option<()> {
    let Some(node) = node else { return Some(()) };
    if node.kind() != Kind::Object {
        return None;
    }
    let mut map = Vec::new();
    for (key, value) in node.members() {
        let value = if value.kind() == Kind::Null { "" } else { value.as_str()? };
        map.push((key.as_str()?, value));
    }
    if !map.is_empty() {
        sort::sort_by_key(&mut map);
        let mut inner = ObjectWriter::new();
        for (key, value) in map {
            inner.string(key, value.as_bytes());
        }
        out.raw(name, &inner.end());
    }
    Some(())
}

fn write_text(out: &mut ObjectWriter, name: &str, node: Option<Node<'_>>) -> Option<()> {
    if let Some(node) = node {
        out.string_unless_empty(name, node.as_str()?.as_bytes());
    }
    Some(())
}

fn write_integer(out: &mut ObjectWriter, name: &str, node: Option<Node<'_>>, keep_zero: bool) -> Option<()> {
    if let Some(node) = node {
        let Kind::Number(spelling) = node.kind() else { return None };
        let value: i64 = spelling.parse().ok()?;
        if value != 0 || keep_zero {
            out.raw(name, value.to_string().as_bytes());
        }
    }
    Some(())
}

fn write_list(
    out: &mut ObjectWriter,
    name: &str,
    node: Option<Node<'_>>,
    item: impl Fn(Node<'_>) -> Option<Vec<u8>>,
) -> Option<()> {
    let Some(node) = node else { return Some(()) };
    if node.kind() != Kind::Array {
        return None;
    }
    let items: Vec<Vec<u8>> = node.items().map(item).collect::<Option<_>>()?;
    if !items.is_empty() {
        out.raw(name, &[b"[", items.join(&b',').as_slice(), b"]"].concat());
    }
    Some(())
}

fn owner_reference(node: Node<'_>) -> Option<Vec<u8>> {
    if !matches!(node.kind(), Kind::Object | Kind::Null) {
        return None;
    }
    let given = |name: &str| node.get(name).filter(|value| value.kind() != Kind::Null);
    let mut out = ObjectWriter::new();
    for name in ["apiVersion", "kind", "name", "uid"] {
        out.string(name, given(name).map_or(Some(""), Node::as_str)?.as_bytes());
    }
    for name in ["controller", "blockOwnerDeletion"] {
        match given(name).map(Node::kind) {
            None => {}
            Some(Kind::Bool(value)) => out.raw(name, value.to_string().as_bytes()),
            Some(_) => return None,
        }
    }
    Some(out.end())
}

fn managed_field(node: Node<'_>, text: &[u8]) -> Option<Vec<u8>> {
    if !matches!(node.kind(), Kind::Object | Kind::Null) {
        return None;
    }
    let given = |name: &str| node.get(name).filter(|value| value.kind() != Kind::Null);
    let mut out = ObjectWriter::new();
    for name in ["manager", "operation", "apiVersion"] {
        write_text(&mut out, name, given(name))?;
    }
    write_time(&mut out, "time", given("time"))?;
    write_text(&mut out, "fieldsType", given("fieldsType"))?;
    if let Some(fields) = given("fieldsV1") {
        out.raw("fieldsV1", &compact(text.get(fields.span().start..fields.span().end)?).ok()?);
    }
    write_text(&mut out, "subresource", given("subresource"))?;
    Some(out.end())
}

/// A `metav1.Time`, which has whole seconds.
enum Time {
    At(String),
    /// The first moment of year 1, which is Go's for no time.
    Zero,
    Unreadable,
}

fn time(node: Node<'_>) -> Time {
    match node.as_str().and_then(Timestamp::parse_rfc3339) {
        Some(time) if time == Timestamp::ZERO => Time::Zero,
        Some(time) => Time::At(Timestamp::from_unix(time.unix_seconds(), 0).to_rfc3339_nano()),
        None => Time::Unreadable,
    }
}

/// A time behind a pointer: `null` where it is Go's zero.
fn write_time(out: &mut ObjectWriter, name: &str, node: Option<Node<'_>>) -> Option<()> {
    match node.map(time) {
        None => {}
        Some(Time::At(text)) => out.string(name, text.as_bytes()),
        Some(Time::Zero) => out.raw(name, b"null"),
        Some(Time::Unreadable) => return None,
    }
    Some(())
}
