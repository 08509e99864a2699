//! The JSON line of the log backend: the fields in the order of Go's struct, maps sorted, what is empty left out.
//!
//! Mirrors `types.go` and `conversion.go` of `staging/src/k8s.io/apiserver/pkg/apis/audit/{v1alpha1,v1beta1,v1}`.

use std::collections::BTreeMap;

use crate::event::{EventVersion, ObjectReference, Status, UserInfo};
use crate::json::{JsonText, ObjectWriter, write_string};
use crate::release::Change;
use crate::{Event, GoString, Release, Timestamp};

/// How a server writes events as JSON: in an API version, with the fields that its release has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    version: EventVersion,
    /// From 1.9 on; before, there are only the older versions' own times, in seconds.
    has_micro_times: bool,
}

impl Encoding {
    /// How a release writes events of a version.
    pub fn new(version: EventVersion, release: Release) -> Encoding {
        Encoding { version, has_micro_times: release.has(Change::MicroTimes) }
    }

    /// How a release writes events where no flag says otherwise.
    pub fn of(release: Release) -> Encoding {
        Encoding::new(EventVersion::of(release), release)
    }

    /// The version.
    pub fn version(self) -> EventVersion {
        self.version
    }

    /// The JSON line of the log backend, without the newline.
    pub fn line(self, event: &Event) -> Vec<u8> {
        let mut object = ObjectWriter::new();
        object.string("kind", b"Event");
        object.string("apiVersion", self.version.as_str().as_bytes());
        self.write(&mut object, event);
        object.end()
    }

    /// The event as it stands in an EventList that a webhook gets: [`Self::line`] without kind and apiVersion.
    pub fn item(self, event: &Event) -> Vec<u8> {
        let mut object = ObjectWriter::new();
        self.write(&mut object, event);
        object.end()
    }

    fn write(self, object: &mut ObjectWriter, event: &Event) {
        let is_old = self.version != EventVersion::V1;
        if is_old {
            let mut metadata = ObjectWriter::new();
            metadata.raw("creationTimestamp", &time(event.stage_timestamp, Timestamp::to_rfc3339));
            object.raw("metadata", &metadata.end());
        }
        object.string("level", event.level.as_bytes());
        if is_old {
            object.raw("timestamp", &time(event.request_received_timestamp, Timestamp::to_rfc3339));
        }
        write_rest(object, event, self);
    }
}

/// The JSON line of the newest release's log backend, without the newline: [`Encoding::line`].
pub fn json_line(event: &Event) -> Vec<u8> {
    Encoding::of(Release::NEWEST).line(event)
}

/// The item of the newest release's webhook: [`Encoding::item`].
pub fn json_item(event: &Event) -> Vec<u8> {
    Encoding::of(Release::NEWEST).item(event)
}

fn write_rest(object: &mut ObjectWriter, event: &Event, encoding: Encoding) {
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
        object.raw("objectRef", &object_ref(reference, encoding.version));
    }
    if let Some(answer) = &event.response_status {
        object.raw("responseStatus", &status(answer));
    }
    for (name, text) in [("requestObject", &event.request_object), ("responseObject", &event.response_object)] {
        if let Some(text) = text {
            object.raw(name, text.as_bytes());
        }
    }
    if encoding.has_micro_times {
        object.raw("requestReceivedTimestamp", &time(event.request_received_timestamp, Timestamp::to_micro_time));
        object.raw("stageTimestamp", &time(event.stage_timestamp, Timestamp::to_micro_time));
    }
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

fn object_ref(reference: &ObjectReference, version: EventVersion) -> Vec<u8> {
    let mut object = ObjectWriter::new();
    let mut with_group = Vec::new();
    let (mut group, mut api_version) = (reference.api_group.as_bytes(), reference.api_version.as_bytes());
    // v1alpha1 has both in one field.
    if version == EventVersion::V1Alpha1 && !group.is_empty() {
        with_group.extend([group, b"/", api_version].concat());
        (group, api_version) = (b"", &with_group);
    }
    for (name, value) in [
        ("resource", reference.resource.as_bytes()),
        ("namespace", reference.namespace.as_bytes()),
        ("name", reference.name.as_bytes()),
        ("uid", reference.uid.as_bytes()),
        ("apiGroup", group),
        ("apiVersion", api_version),
        ("resourceVersion", reference.resource_version.as_bytes()),
        ("subresource", reference.subresource.as_bytes()),
    ] {
        object.string_unless_empty(name, value);
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

/// As `metav1.Time` and `metav1.MicroTime`: in quotes, or `null`.
fn time(time: Timestamp, text: fn(Timestamp) -> String) -> Vec<u8> {
    if time == Timestamp::ZERO { b"null".to_vec() } else { format!("\"{}\"", text(time)).into_bytes() }
}
