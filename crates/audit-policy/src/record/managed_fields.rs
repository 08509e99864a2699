//! Leaves managedFields out of an object: its own, those of a list's items, and those of the objects in a Table's rows.
//!
//! Mirrors `copyWithoutManagedFields` of `staging/src/k8s.io/apiserver/pkg/audit/request.go`.

use crate::json::{self, JsonText, Node};

/// The object without managedFields; the same text where it has none.
pub(super) fn without_managed_fields(object: JsonText) -> JsonText {
    let Ok(document) = json::parse(object.as_bytes()) else { return object };
    let Some(root) = document.root() else { return object };
    let is_table = root.get("kind").and_then(|kind| kind.as_str()) == Some("Table");
    let rows = root.get("rows").filter(|_| is_table);
    let row_objects = rows.into_iter().flat_map(|rows| rows.items()).filter_map(|row| row.get("object"));
    let items = root.get("items").into_iter().flat_map(|items| items.items());
    let mut metadata: Vec<Node<'_>> = std::iter::once(root)
        .chain(items)
        .chain(row_objects)
        .filter_map(|object| object.get("metadata"))
        .filter(|metadata| metadata.get("managedFields").is_some())
        .collect();
    if metadata.is_empty() {
        return object;
    }
    crate::sort::sort_by(&mut metadata, |left, right| left.span().start.cmp(&right.span().start));
    let text = object.as_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut copied = 0;
    for metadata in metadata {
        out.extend_from_slice(text.get(copied..metadata.span().start).unwrap_or_default());
        out.extend(without_member(text, metadata));
        copied = metadata.span().end;
    }
    out.extend_from_slice(text.get(copied..).unwrap_or_default());
    JsonText::from_compact(out)
}

fn without_member(text: &[u8], metadata: Node<'_>) -> Vec<u8> {
    let kept = metadata.members().filter(|(key, _)| key.as_str() != Some("managedFields"));
    let members: Vec<&[u8]> = kept.filter_map(|(key, value)| text.get(key.span().start..value.span().end)).collect();
    [b"{", members.join(&b',').as_slice(), b"}"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managed_fields_go_everywhere_the_server_looks() {
        for (object, expected) in [
            (
                r#"{"kind":"A","metadata":{"managedFields":[{"a":1}],"name":"x"}}"#,
                r#"{"kind":"A","metadata":{"name":"x"}}"#,
            ),
            (
                r#"{"metadata":{"name":"x","managedFields":[]},"spec":{"managedFields":1}}"#,
                r#"{"metadata":{"name":"x"},"spec":{"managedFields":1}}"#,
            ),
            (
                r#"{"items":[{"metadata":{"managedFields":[]}},1,{"metadata":{"a":1,"managedFields":[],"b":2}}]}"#,
                r#"{"items":[{"metadata":{}},1,{"metadata":{"a":1,"b":2}}]}"#,
            ),
            (
                r#"{"kind":"Table","rows":[{"cells":[],"object":{"metadata":{"managedFields":[]}}}]}"#,
                r#"{"kind":"Table","rows":[{"cells":[],"object":{"metadata":{}}}]}"#,
            ),
            (
                r#"{"kind":"Other","rows":[{"object":{"metadata":{"managedFields":[]}}}]}"#,
                r#"{"kind":"Other","rows":[{"object":{"metadata":{"managedFields":[]}}}]}"#,
            ),
            (r#"{"metadata":[{"managedFields":[]}]}"#, r#"{"metadata":[{"managedFields":[]}]}"#),
        ] {
            let got = without_managed_fields(JsonText::from_compact(object.as_bytes().to_vec()));
            assert_eq!(String::from_utf8_lossy(got.as_bytes()), expected);
        }
    }
}
