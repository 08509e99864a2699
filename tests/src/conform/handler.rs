//! The scripted handler of the events vectors: what it did, as an exchange has it.

use std::collections::BTreeMap;

use audit_policy::GoString;
use audit_policy::exchange::{LoggedObject, Outcome};
use audit_policy::json::{self, JsonText, ObjectWriter, write_sorted};
use serde_json::Value;

use super::vectors::{Case, text};

/// What a handler did.
pub(super) struct Handler {
    pub(super) code: Option<u16>,
    pub(super) body: GoString,
    pub(super) request_object: LoggedObject,
    pub(super) response_object: LoggedObject,
    pub(super) outcome: Outcome,
    pub(super) annotations: BTreeMap<String, GoString>,
}

/// Runs a case's script: the first status counts, an object that is a Status brings its own code until one is sent.
pub(super) fn run_script(case: &Case) -> Handler {
    let mut handler = Handler {
        code: None,
        body: GoString::new(),
        request_object: LoggedObject::Absent,
        response_object: LoggedObject::Absent,
        outcome: Outcome::Complete,
        annotations: BTreeMap::new(),
    };
    let mut sent = None;
    for step in case.get("script").and_then(Value::as_array).into_iter().flatten() {
        let object = || LoggedObject::Decoded(encode(step.get("object").unwrap_or(&Value::Null)));
        match text(step, "op") {
            "status" => send(&mut handler, &mut sent, number(step, "code")),
            "write" => send(&mut handler, &mut sent, Some(200)),
            "hijack" => send(&mut handler, &mut sent, Some(101)),
            "logRequestObject" => handler.request_object = object(),
            "logRequestPatch" => {
                let patch = JsonText::from_compact(text(step, "body").as_bytes().to_vec());
                handler.request_object = LoggedObject::Decoded(patch);
            }
            "logResponseObject" => {
                handler.response_object = object();
                let logged = step.get("object").unwrap_or(&Value::Null);
                if text(logged, "kind") == "Status" && sent.is_some() {
                    handler.code = number(logged, "code");
                }
            }
            "annotate" => {
                handler.annotations.insert(text(step, "key").to_owned(), text(step, "value").into());
            }
            "panic" => {
                handler.outcome = Outcome::Panic(text(step, "body").into());
                break;
            }
            "abort" => {
                handler.outcome = Outcome::Panic("net/http: abort Handler".into());
                break;
            }
            _ => {}
        }
    }
    if sent.is_none() && handler.outcome == Outcome::Complete {
        handler.outcome = Outcome::NothingWritten;
    }
    handler
}

fn send(handler: &mut Handler, sent: &mut Option<u16>, code: Option<u16>) {
    if sent.is_none() {
        *sent = code;
        handler.code = code;
    }
}

fn number(value: &Value, key: &str) -> Option<u16> {
    value.get(key).and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok())
}

/// An object as the recording program's scheme encodes it: Status and Table in the order of their Go structs, all others sorted.
fn encode(object: &Value) -> JsonText {
    JsonText::from_compact(match text(object, "kind") {
        "Status" => {
            in_order(object, &["kind", "apiVersion", "metadata", "status", "message", "reason", "details", "code"])
        }
        "Table" => in_order(object, &["kind", "apiVersion", "metadata", "columnDefinitions", "rows"]),
        _ => sorted(object),
    })
}

fn in_order(object: &Value, names: &[&str]) -> Vec<u8> {
    let mut out = ObjectWriter::new();
    for name in names {
        let Some(value) = object.get(*name) else { continue };
        let inner = match (*name, value) {
            ("details", _) => in_order(value, &["name", "group", "kind", "uid", "causes", "retryAfterSeconds"]),
            ("columnDefinitions", Value::Array(items)) => {
                list(items, &["name", "type", "format", "description", "priority"])
            }
            ("rows", Value::Array(items)) => list(items, &["cells", "conditions", "object"]),
            _ => sorted(value),
        };
        out.raw(name, &inner);
    }
    out.end()
}

fn list(items: &[Value], names: &[&str]) -> Vec<u8> {
    let items: Vec<_> = items.iter().map(|item| in_order(item, names)).collect();
    [b"[", items.join(&b',').as_slice(), b"]"].concat()
}

fn sorted(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(document) = json::parse(value.to_string().as_bytes())
        && let Some(root) = document.root()
    {
        write_sorted(&mut out, root);
    }
    out
}
