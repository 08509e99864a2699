//! Decodes `metav1.Status`, and writes its details in the order of Go's struct.

use super::Status;
use super::decode::{Decoder, Target};
use crate::GoString;
use crate::json::{JsonText, Kind, Node, ObjectWriter};

/// Decodes a status, the event's field at `path`.
pub(super) fn status(decoder: &mut Decoder, status: &mut Status, node: Node<'_>, path: &str) {
    let target = Target { go_struct: "Event", path, go_type: "v1.Status" };
    for (name, value) in decoder.members(node, target) {
        let path = format!("{path}.{name}");
        let target = |go_type| Target { go_struct: "Status", path: &path, go_type };
        match name {
            "metadata" => status.metadata = list_meta(decoder, value, &path),
            "status" => decoder.string(&mut status.status, value, target("string")),
            "message" => decoder.string(&mut status.message, value, target("string")),
            "reason" => decoder.string(&mut status.reason, value, target("v1.StatusReason")),
            "details" => status.details = details(decoder, value, &path),
            "code" => {
                let mut code = i64::from(status.code);
                integer(decoder, &mut code, value, target("int32"));
                status.code = i32::try_from(code).unwrap_or(status.code);
            }
            _ => {}
        }
    }
}

/// A `metav1.Status` as events hold one: without its metadata, which is not copied.
pub(crate) fn read_status(node: Node<'_>) -> Status {
    let mut read = Status::default();
    status(&mut Decoder::default(), &mut read, node, "responseStatus");
    Status { metadata: None, ..read }
}

fn details(decoder: &mut Decoder, node: Node<'_>, path: &str) -> Option<JsonText> {
    if node.kind() == Kind::Null {
        return None;
    }
    let [mut name, mut group, mut kind, mut uid] = [const { GoString::new() }; 4];
    let mut causes = Vec::new();
    let mut retry_after = 0;
    for (field, value) in decoder.members(node, Target { go_struct: "Status", path, go_type: "v1.StatusDetails" }) {
        let path = format!("{path}.{field}");
        let target = |go_type| Target { go_struct: "StatusDetails", path: &path, go_type };
        match field {
            "name" => decoder.string(&mut name, value, target("string")),
            "group" => decoder.string(&mut group, value, target("string")),
            "kind" => decoder.string(&mut kind, value, target("string")),
            "uid" => decoder.string(&mut uid, value, target("types.UID")),
            "causes" if value.kind() == Kind::Array => {
                causes = value.items().map(|item| cause(decoder, item, &path)).collect();
            }
            "causes" => decoder.refuse(value, target("[]v1.StatusCause")),
            "retryAfterSeconds" => integer(decoder, &mut retry_after, value, target("int32")),
            _ => {}
        }
    }
    let mut out = ObjectWriter::new();
    out.string_unless_empty("name", name.as_bytes());
    out.string_unless_empty("group", group.as_bytes());
    out.string_unless_empty("kind", kind.as_bytes());
    out.string_unless_empty("uid", uid.as_bytes());
    if !causes.is_empty() {
        out.raw("causes", &[b"[", causes.join(&b',').as_slice(), b"]"].concat());
    }
    if retry_after != 0 {
        out.raw("retryAfterSeconds", retry_after.to_string().as_bytes());
    }
    Some(JsonText::from_compact(out.end()))
}

fn cause(decoder: &mut Decoder, node: Node<'_>, path: &str) -> Vec<u8> {
    let [mut reason, mut message, mut field] = [const { GoString::new() }; 3];
    for (name, value) in decoder.members(node, Target { go_struct: "StatusDetails", path, go_type: "v1.StatusCause" }) {
        let path = format!("{path}.{name}");
        let target = |go_type| Target { go_struct: "StatusCause", path: &path, go_type };
        match name {
            "reason" => decoder.string(&mut reason, value, target("v1.CauseType")),
            "message" => decoder.string(&mut message, value, target("string")),
            "field" => decoder.string(&mut field, value, target("string")),
            _ => {}
        }
    }
    let mut out = ObjectWriter::new();
    out.string_unless_empty("reason", reason.as_bytes());
    out.string_unless_empty("message", message.as_bytes());
    out.string_unless_empty("field", field.as_bytes());
    out.end()
}

fn list_meta(decoder: &mut Decoder, node: Node<'_>, path: &str) -> Option<JsonText> {
    let [mut self_link, mut resource_version, mut continue_token] = [const { GoString::new() }; 3];
    let mut remaining = None;
    for (name, value) in decoder.members(node, Target { go_struct: "Status", path, go_type: "v1.ListMeta" }) {
        let path = format!("{path}.{name}");
        let target = |go_type| Target { go_struct: "ListMeta", path: &path, go_type };
        match name {
            "selfLink" => decoder.string(&mut self_link, value, target("string")),
            "resourceVersion" => decoder.string(&mut resource_version, value, target("string")),
            "continue" => decoder.string(&mut continue_token, value, target("string")),
            "remainingItemCount" if value.kind() == Kind::Null => remaining = None,
            "remainingItemCount" => integer(decoder, remaining.get_or_insert(0), value, target("int64")),
            _ => {}
        }
    }
    let mut out = ObjectWriter::new();
    out.string_unless_empty("selfLink", self_link.as_bytes());
    out.string_unless_empty("resourceVersion", resource_version.as_bytes());
    out.string_unless_empty("continue", continue_token.as_bytes());
    if let Some(remaining) = remaining {
        out.raw("remainingItemCount", remaining.to_string().as_bytes());
    }
    Some(JsonText::from_compact(out.end()))
}

/// A whole number of the target's type, `int32` or `int64`; `null` leaves what is there.
fn integer(decoder: &mut Decoder, out: &mut i64, node: Node<'_>, target: Target<'_>) {
    let value = match node.kind() {
        Kind::Number(spelling) => spelling.parse::<i64>().ok(),
        _ => None,
    };
    match value {
        Some(value) if target.go_type == "int64" || i32::try_from(value).is_ok() => *out = value,
        _ => decoder.refuse(node, target),
    }
}
