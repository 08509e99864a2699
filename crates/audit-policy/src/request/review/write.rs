//! A request → the review that asks whether its user may send it.

use crate::exchange::Authentication;
use crate::json::{Map, Value};
use crate::request::{info, yaml_text};
use crate::{Exchange, GoString, Release};

/// A SubjectAccessReview. None where the request has a body, which no such review holds, or nobody who sends it.
pub(in crate::request) fn write(exchange: &Exchange, release: Release) -> Option<String> {
    let Authentication::User(user) = &exchange.authentication else { return None };
    if !exchange.request.body.is_empty() {
        return None;
    }
    let info = info::of_request(&exchange.request, release).ok()?;
    let mut attributes = Map::new();
    let members = [
        ("namespace", &info.namespace),
        ("verb", &info.verb),
        ("group", &info.api_group),
        ("version", &info.api_version),
        ("resource", &info.resource),
        ("subresource", &info.subresource),
        ("name", &info.name),
    ];
    let of_path = [("path", &info.path), ("verb", &info.verb)];
    let (name, members) = match info.is_resource_request {
        true => ("resourceAttributes", &members[..]),
        false => ("nonResourceAttributes", &of_path[..]),
    };
    for (key, value) in members.iter().filter(|(_, value)| !value.is_empty()) {
        attributes.put(key, &value.as_str()?);
    }
    let mut spec = Map::new();
    spec.put("user", &user.username.as_str()?);
    if !user.uid.is_empty() {
        spec.put("uid", &user.uid.as_str()?);
    }
    spec.insert("groups", texts(user.groups.iter().flatten())?);
    if !user.extra.is_empty() {
        let mut extra = Map::new();
        for (key, values) in &user.extra {
            extra.insert(key.as_str()?, texts(values.iter())?);
        }
        spec.insert("extra", Value::Object(extra));
    }
    spec.insert(name, Value::Object(attributes));
    let mut review = Map::new();
    review.put("apiVersion", &"authorization.k8s.io/v1");
    review.put("kind", &"SubjectAccessReview");
    review.insert("spec", Value::Object(spec));
    Some(yaml_text::to_yaml(&Value::Object(review)))
}

fn texts<'a>(values: impl Iterator<Item = &'a GoString>) -> Option<Value> {
    let text = |value: &GoString| Some(Value::String(value.as_str()?.to_owned()));
    values.map(text).collect::<Option<_>>().map(Value::Array)
}
