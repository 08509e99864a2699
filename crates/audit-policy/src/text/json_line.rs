//! The JSON line of the log backend: the fields in the order of Go's struct, maps sorted, what is empty left out.

use std::collections::BTreeMap;

use crate::event::{ObjectReference, Status, UserInfo};
use crate::json::{JsonText, ObjectWriter, write_string};
use crate::{Event, GoString, Timestamp};

/// The JSON line of the log backend, without the newline.
pub fn json_line(event: &Event) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    object.string("kind", b"Event");
    object.string("apiVersion", b"audit.k8s.io/v1");
    write_event(&mut object, event);
    object.end()
}

/// The event as it stands in an EventList that a webhook gets: [`json_line`] without kind and apiVersion.
pub fn json_item(event: &Event) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    write_event(&mut object, event);
    object.end()
}

fn write_event(object: &mut ObjectWriter, event: &Event) {
    object.string("level", event.level.as_bytes());
    object.string("auditID", event.audit_id.as_bytes());
    object.string("stage", event.stage.as_bytes());
    object.string("requestURI", event.request_uri.as_bytes());
    object.string("verb", event.verb.as_bytes());
    object.raw("user", &user(&event.user));
    if let Some(impersonated) = &event.impersonated_user {
        object.raw("impersonatedUser", &user(impersonated));
    }
    if let Some(metadata) = &event.authentication_metadata {
        let mut inner = ObjectWriter::new();
        inner.string_unless_empty("impersonationConstraint", metadata.impersonation_constraint.as_bytes());
        object.raw("authenticationMetadata", &inner.end());
    }
    if !event.source_ips.is_empty() {
        object.raw("sourceIPs", &strings(event.source_ips.iter().map(String::as_bytes)));
    }
    object.string_unless_empty("userAgent", event.user_agent.as_bytes());
    if let Some(reference) = &event.object_ref {
        object.raw("objectRef", &object_ref(reference));
    }
    if let Some(answer) = &event.response_status {
        object.raw("responseStatus", &status(answer));
    }
    for (name, text) in [("requestObject", &event.request_object), ("responseObject", &event.response_object)] {
        if let Some(text) = text {
            object.raw(name, text.as_bytes());
        }
    }
    object.raw("requestReceivedTimestamp", &micro_time(event.request_received_timestamp));
    object.raw("stageTimestamp", &micro_time(event.stage_timestamp));
    if !event.annotations.is_empty() {
        object.raw("annotations", &annotations(&event.annotations));
    }
}

fn user(user: &UserInfo) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    object.string_unless_empty("username", user.username.as_bytes());
    object.string_unless_empty("uid", user.uid.as_bytes());
    if let Some(groups) = user.groups.as_ref().filter(|groups| !groups.is_empty()) {
        object.raw("groups", &strings(groups.iter().map(GoString::as_bytes)));
    }
    if !user.extra.is_empty() {
        let mut extra = ObjectWriter::new();
        for (key, values) in &user.extra {
            extra.raw_key(key.as_bytes(), &strings(values.iter().map(GoString::as_bytes)));
        }
        object.raw("extra", &extra.end());
    }
    object.end()
}

fn object_ref(reference: &ObjectReference) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    for (name, value) in [
        ("resource", &reference.resource),
        ("namespace", &reference.namespace),
        ("name", &reference.name),
        ("uid", &reference.uid),
        ("apiGroup", &reference.api_group),
        ("apiVersion", &reference.api_version),
        ("resourceVersion", &reference.resource_version),
        ("subresource", &reference.subresource),
    ] {
        object.string_unless_empty(name, value.as_bytes());
    }
    object.end()
}

fn status(status: &Status) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    object.raw("metadata", status.metadata.as_ref().map_or(b"{}", JsonText::as_bytes));
    object.string_unless_empty("status", status.status.as_bytes());
    object.string_unless_empty("message", status.message.as_bytes());
    object.string_unless_empty("reason", status.reason.as_bytes());
    if let Some(details) = &status.details {
        object.raw("details", details.as_bytes());
    }
    if status.code != 0 {
        object.raw("code", status.code.to_string().as_bytes());
    }
    object.end()
}

fn annotations(annotations: &BTreeMap<String, GoString>) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    for (key, value) in annotations {
        object.string(key, value.as_bytes());
    }
    object.end()
}

fn strings<'a>(items: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = vec![b'['];
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(&mut out, item);
    }
    out.push(b']');
    out
}

/// As `metav1.MicroTime`.
fn micro_time(time: Timestamp) -> Vec<u8> {
    if time == Timestamp::ZERO { b"null".to_vec() } else { format!("\"{}\"", time.to_micro_time()).into_bytes() }
}
