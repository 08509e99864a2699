//! Objects of built-in kinds, decoded and encoded again as far as that can be told without every kind's Go type.

use super::object_meta;
use crate::json::{Document, JsonText, Kind, Node, ObjectWriter, compact};
use crate::kinds::Found;
use crate::request::info::RequestInfo;
use crate::{Release, go_base64, sort};

/// An object of a built-in kind, made from a body.
pub(super) struct Encoded {
    pub(super) text: JsonText,
    /// Whether the server's would have more or less.
    pub(super) approximate: bool,
}

/// Encodes an object: kind and apiVersion first (filled in where missing), the metadata, then its other fields, for ConfigMaps and
/// Secrets exactly, for others in the order in which they stand. None where the server surely cannot decode it.
pub(super) fn encode(
    text: &[u8],
    document: &Document,
    found: Found,
    info: &RequestInfo,
    release: Release,
) -> Option<Encoded> {
    let root = document.root().filter(|root| root.kind() == Kind::Object)?;
    let string = |name| root.get(name).and_then(Node::as_str).unwrap_or_default();
    let subresource = info.subresource.as_str().filter(|name| !name.is_empty());
    let known = subresource.and_then(|name| found.resource.subresource(name, release));
    let expected_kind = known.map_or(found.resource.kind, |subresource| subresource.kind);
    let own_version = info.api_version.to_str_lossy();
    let expected_version = match known.and_then(|subresource| subresource.kind_group_version) {
        Some(version) => version.to_owned(),
        None => found.resource.api_version(&own_version),
    };
    let or = |given: &'_ str, expected: &str| if given.is_empty() { expected.to_owned() } else { given.to_owned() };
    let (kind, api_version) = (or(string("kind"), expected_kind), or(string("apiVersion"), &expected_version));
    // Another kind cannot be converted, whatever it says; a subresource may take several.
    if subresource.is_none() && kind != expected_kind {
        return None;
    }
    let mut out = ObjectWriter::new();
    out.string("kind", kind.as_bytes());
    out.string("apiVersion", api_version.as_bytes());
    out.raw("metadata", &object_meta::encode(root.get("metadata"), text, release)?);
    let exact = match (found.resource.group, kind.as_str(), subresource) {
        ("", "ConfigMap", None) => config_map(&mut out, root).map(|()| true)?,
        ("", "Secret", None) => secret(&mut out, root).map(|()| true)?,
        _ => other_fields(&mut out, root, text).map(|()| false)?,
    };
    Some(Encoded { text: JsonText::from_compact(out.end()), approximate: !exact })
}

fn given<'a>(root: Node<'a>, name: &str) -> Option<Node<'a>> {
    root.get(name).filter(|node| node.kind() != Kind::Null)
}

fn config_map(out: &mut ObjectWriter, root: Node<'_>) -> Option<()> {
    write_immutable(out, root)?;
    object_meta::write_string_map(out, "data", given(root, "data"))?;
    write_bytes(out, "binaryData", bytes_map(given(root, "binaryData"))?);
    Some(())
}

/// `stringData` is merged into `data`; the type is Opaque where none is given.
fn secret(out: &mut ObjectWriter, root: Node<'_>) -> Option<()> {
    write_immutable(out, root)?;
    let mut data = bytes_map(given(root, "data"))?;
    if let Some(node) = given(root, "stringData") {
        if node.kind() != Kind::Object {
            return None;
        }
        for (key, value) in node.members() {
            let value = if value.kind() == Kind::Null { "" } else { value.as_str()? };
            data.push((key.as_str()?, Some(go_base64::encode(value.as_bytes()))));
        }
    }
    write_bytes(out, "data", data);
    let secret_type = given(root, "type").map_or(Some(""), Node::as_str)?;
    out.string("type", if secret_type.is_empty() { "Opaque" } else { secret_type }.as_bytes());
    Some(())
}

fn write_immutable(out: &mut ObjectWriter, root: Node<'_>) -> Option<()> {
    match given(root, "immutable").map(Node::kind) {
        None => {}
        Some(Kind::Bool(value)) => out.raw("immutable", value.to_string().as_bytes()),
        Some(_) => return None,
    }
    Some(())
}

/// A map of byte strings, which JSON holds in base64; a value that is `null` stays so.
fn bytes_map(node: Option<Node<'_>>) -> Option<Vec<(&str, Option<String>)>> {
    let Some(node) = node else { return Some(Vec::new()) };
    if node.kind() != Kind::Object {
        return None;
    }
    let mut map = Vec::new();
    for (key, value) in node.members() {
        let value = match value.kind() {
            Kind::Null => None,
            Kind::String(text) => Some(canonical_base64(text)?),
            _ => return None,
        };
        map.push((key.as_str()?, value));
    }
    Some(map)
}

fn write_bytes(out: &mut ObjectWriter, name: &str, mut map: Vec<(&str, Option<String>)>) {
    if map.is_empty() {
        return;
    }
    sort::sort_by_key(&mut map);
    let mut inner = ObjectWriter::new();
    for (key, value) in map {
        match value {
            Some(text) => inner.string(key, text.as_bytes()),
            None => inner.raw(key, b"null"),
        }
    }
    out.raw(name, &inner.end());
}

/// The fields of any other kind, of two of the same name the last, in their order; `status` at the end.
fn other_fields(out: &mut ObjectWriter, root: Node<'_>, text: &[u8]) -> Option<()> {
    let mut fields = Vec::new();
    for (key, value) in root.members() {
        let key = key.as_str()?;
        if !matches!(key, "kind" | "apiVersion" | "metadata") {
            fields.push((key, value));
        }
    }
    sort::unite(&mut fields);
    let place = |name: &str| match name {
        "spec" => 0,
        "status" => 2,
        _ => 1,
    };
    sort::sort_by(&mut fields, |(left, _), (right, _)| place(left).cmp(&place(right)));
    for (name, value) in fields {
        if value.kind() != Kind::Null {
            out.raw(name, &compact(text.get(value.span().start..value.span().end)?).ok()?);
        }
    }
    Some(())
}

/// Base64 as Go encodes again what it decoded: without line ends, and with no bits set that count for nothing; none where it is not
/// base64.
fn canonical_base64(text: &str) -> Option<String> {
    go_base64::decode(text.as_bytes()).map(|bytes| go_base64::encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_gos() {
        for (text, expected) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("é", "w6k=")] {
            assert_eq!(go_base64::encode(text.as_bytes()), expected);
            assert_eq!(canonical_base64(expected).as_deref(), Some(expected));
        }
        for (text, expected) in
            [("YR==", Some("YQ==")), ("Y\nQ\r==", Some("YQ==")), ("***", None), ("YQ=", None), ("Y===", None)]
        {
            assert_eq!(canonical_base64(text).as_deref(), expected, "{text}");
        }
    }
}
