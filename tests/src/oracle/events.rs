//! Random events, for the JSON line and the legacy line.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::policies::pick;

const STRINGS: &[&str] = &[
    "",
    "a",
    "alice",
    "system:serviceaccount:a:b",
    "<&>",
    "\"quoted\"",
    "back\\slash",
    "tab\t",
    "bell\u{7}",
    "\u{0}",
    "del\u{7f}",
    "é",
    "😀",
    "\u{2028}",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "\u{e000}",
    "\u{10ffff}",
    "日本",
    "a\nb",
    "e\u{301}",
    "\u{a0}",
    "\u{3000}",
    "\u{85}",
    "\u{fffd}",
    "\u{202e}x",
];

fn string(rng: &mut Rng) -> String {
    match rng.u8(0..4) {
        0 => rng.char(..).to_string(),
        1 => format!("{}{}", pick(rng, STRINGS), rng.char(..)),
        _ => pick(rng, STRINGS).to_owned(),
    }
}

fn strings(rng: &mut Rng) -> Value {
    let items: Vec<String> = (0..rng.usize(0..3)).map(|_| string(rng)).collect();
    json!(items)
}

fn user(rng: &mut Rng) -> Value {
    let mut user = json!({"username": string(rng)});
    if let Some(fields) = user.as_object_mut() {
        if rng.bool() {
            fields.insert("groups".to_owned(), strings(rng));
        }
        if rng.bool() {
            fields.insert("uid".to_owned(), json!(string(rng)));
        }
        if rng.u8(0..3) == 0 {
            fields.insert("extra".to_owned(), json!({string(rng): strings(rng), string(rng): strings(rng)}));
        }
    }
    user
}

fn time(rng: &mut Rng) -> Value {
    let decimals = pick(rng, &[".000000", ".123456", ".120000", ".999999", ".000001", ".5", "", ".1234567"]);
    let decimals = if rng.u8(0..30) == 0 { decimals } else { pick(rng, &[".000000", ".123456", ".120000"]) };
    let zone = pick(rng, &["Z", "Z", "+01:00", "-07:30"]);
    json!(format!("2024-{:02}-{:02}T{:02}:04:05{decimals}{zone}", rng.u8(1..13), rng.u8(1..29), rng.u8(0..24)))
}

/// An event of audit.k8s.io/v1, most likely one that decodes.
pub(super) fn event(rng: &mut Rng) -> Value {
    let mut event = json!({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1",
        "level": pick(rng, &["None", "Metadata", "Request", "RequestResponse", "Odd"]),
        "auditID": string(rng),
        "stage": pick(rng, &["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic", "Odd"]),
        "requestURI": string(rng), "verb": string(rng), "user": user(rng),
        "requestReceivedTimestamp": time(rng), "stageTimestamp": time(rng),
    });
    let Some(fields) = event.as_object_mut() else { return event };
    optional(rng, fields, "impersonatedUser", user);
    optional(rng, fields, "sourceIPs", strings);
    optional(rng, fields, "userAgent", |rng| json!(string(rng)));
    optional(rng, fields, "objectRef", object_ref);
    optional(rng, fields, "responseStatus", status);
    optional(rng, fields, "annotations", |rng| json!({string(rng): string(rng), string(rng): string(rng)}));
    optional(rng, fields, "requestObject", object);
    optional(rng, fields, "responseObject", object);
    event
}

fn optional(rng: &mut Rng, fields: &mut Map<String, Value>, name: &str, make: impl FnOnce(&mut Rng) -> Value) {
    match rng.u8(0..5) {
        0 => {
            fields.insert(name.to_owned(), Value::Null);
        }
        1..=3 => {
            let value = make(rng);
            fields.insert(name.to_owned(), value);
        }
        _ => {}
    }
}

fn object_ref(rng: &mut Rng) -> Value {
    let mut reference = Map::new();
    for name in ["resource", "namespace", "name", "uid", "apiGroup", "apiVersion", "resourceVersion", "subresource"] {
        if rng.bool() {
            reference.insert(name.to_owned(), json!(string(rng)));
        }
    }
    Value::Object(reference)
}

fn status(rng: &mut Rng) -> Value {
    let mut status = json!({"code": rng.i32(-1..600)});
    if let Some(fields) = status.as_object_mut() {
        for name in ["status", "message", "reason"] {
            if rng.bool() {
                fields.insert(name.to_owned(), json!(string(rng)));
            }
        }
        if rng.u8(0..3) == 0 {
            let cause = json!({"reason": string(rng), "message": string(rng), "field": string(rng)});
            fields.insert(
                "details".to_owned(),
                json!({"name": string(rng), "kind": string(rng), "causes": [cause], "retryAfterSeconds": 1}),
            );
        }
        if rng.u8(0..4) == 0 {
            fields.insert("metadata".to_owned(), json!({"resourceVersion": string(rng)}));
        }
    }
    status
}

fn object(rng: &mut Rng) -> Value {
    json!({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": string(rng)}, "data": {string(rng): string(rng)}, "z": [1, 1.5, null, true, {"a": []}]})
}
