//! Form → JSON value, in the order in which fields are documented.

use crate::json::{Map, Value, json};

use super::Form;

pub(super) fn to_value(form: &Form) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value, is_given: bool| {
        if is_given {
            members.insert(name, value);
        }
    };
    for (name, text) in [
        ("verb", &form.verb),
        ("method", &form.method),
        ("group", &form.group),
        ("version", &form.version),
        ("resource", &form.resource),
        ("subresource", &form.subresource),
        ("namespace", &form.namespace),
        ("name", &form.name),
        ("path", &form.path),
        ("labelSelector", &form.label_selector),
        ("fieldSelector", &form.field_selector),
    ] {
        put(name, json!(text), !text.is_empty());
    }
    put("dryRun", json!(true), form.dry_run);
    put("query", json!(form.query), !form.query.is_empty());
    put("userAgent", json!(form.user_agent), !form.user_agent.is_empty());
    put("contentType", json!(form.content_type), !form.content_type.is_empty());
    put("impersonate", impersonate(form), form.impersonate != super::Impersonate::default());
    let headers: Vec<_> = form.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    put("headers", json!(headers), !headers.is_empty());
    put("body", json!(form.body), !form.body.is_empty());
    Value::Object(members)
}

fn impersonate(form: &Form) -> Value {
    let super::Impersonate { user, uid, groups, extra } = &form.impersonate;
    let mut members = Map::new();
    let parts = [
        ("user", json!(user), !user.is_empty()),
        ("uid", json!(uid), !uid.is_empty()),
        ("groups", json!(groups), !groups.is_empty()),
        ("extra", json!(extra), !extra.is_empty()),
    ];
    for (name, value, is_given) in parts {
        if is_given {
            members.insert(name, value);
        }
    }
    Value::Object(members)
}
