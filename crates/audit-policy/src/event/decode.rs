//! Decodes an event's fields as `sigs.k8s.io/json` does into Go's structs: exact names, unknown fields passed over, the last of two
//! wins, `null` changes nothing, the first value of a wrong type is told in the end, and an unreadable time at once.

use std::collections::BTreeMap;

use super::decode_status::status;
use super::micro_time::parse_micro_time;
use super::{AuthenticationMetadata, Event, ObjectReference, UserInfo};
use crate::json::{JsonText, Kind, Node, compact};
use crate::release::Change;
use crate::text::go_time_quote;
use crate::{GoString, Release, Timestamp};

/// The first type error; later ones are not told.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pub(super) type_error: Option<String>,
}

/// Where a value goes: the Go struct and the path of JSON names from the root, and the Go type of the value.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) go_struct: &'static str,
    pub(super) path: &'a str,
    pub(super) go_type: &'static str,
}

/// How fields are named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// As in the API's JSON: `auditID`.
    Json,
    /// As in Go, where the internal type has no other names: `AuditID`.
    Go,
}

impl Names {
    /// The JSON name of the field with this key, where there can be one.
    fn json_name(self, key: &str) -> Option<String> {
        if self == Names::Json {
            return Some(key.to_owned());
        }
        let first = key.chars().next().filter(char::is_ascii_uppercase)?;
        Some(match key {
            "UID" => "uid".to_owned(),
            "APIGroup" => "apiGroup".to_owned(),
            "APIVersion" => "apiVersion".to_owned(),
            _ => format!("{}{}", first.to_ascii_lowercase(), key.get(1..).unwrap_or_default()),
        })
    }
}

impl Names {
    /// The Go type as messages name it: the internal types are another package's.
    fn go_type(self, of_v1: &'static str) -> &'static str {
        match (self, of_v1) {
            (Names::Go, "v1.Level") => "audit.Level",
            (Names::Go, "v1.Stage") => "audit.Stage",
            (Names::Go, "v1.ObjectReference") => "audit.ObjectReference",
            (Names::Go, "v1.AuthenticationMetadata") => "audit.AuthenticationMetadata",
            _ => of_v1,
        }
    }
}

impl Decoder {
    pub(super) fn refuse(&mut self, node: Node<'_>, target: Target<'_>) {
        let value = match node.kind() {
            Kind::Null => return,
            Kind::Bool(_) => "bool".to_owned(),
            Kind::Number(spelling) if target.go_type.starts_with("int") => format!("number {spelling}"),
            Kind::Number(_) => "number".to_owned(),
            Kind::String(_) => "string".to_owned(),
            Kind::Array => "array".to_owned(),
            Kind::Object => "object".to_owned(),
        };
        let Target { go_struct, path, go_type } = target;
        self.type_error.get_or_insert_with(|| {
            format!("json: cannot unmarshal {value} into Go struct field {go_struct}.{path} of type {go_type}")
        });
    }

    /// A string; `null` leaves what is there.
    pub(super) fn string(&mut self, out: &mut GoString, node: Node<'_>, target: Target<'_>) {
        match node.kind() {
            Kind::String(text) => *out = text.into(),
            _ => self.refuse(node, target),
        }
    }

    /// A list of strings; `null` is none.
    pub(super) fn strings(&mut self, out: &mut Option<Vec<GoString>>, node: Node<'_>, target: Target<'_>) {
        match node.kind() {
            Kind::Null => *out = None,
            Kind::Array => {
                let item = Target { go_type: "string", ..target };
                let items = node.items().map(|node| {
                    let mut text = GoString::new();
                    self.string(&mut text, node, item);
                    text
                });
                *out = Some(items.collect());
            }
            _ => self.refuse(node, target),
        }
    }

    /// The members of a struct; nothing for a value that is none, which is told.
    pub(super) fn members<'a>(
        &mut self,
        node: Node<'a>,
        target: Target<'_>,
    ) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        if node.kind() != Kind::Object {
            self.refuse(node, target);
        }
        node.members().filter_map(|(key, value)| Some((key.as_str()?, value)))
    }
}

/// Decodes the fields of an event of `audit.k8s.io/v1`, which older versions have too, out of `text`.
///
/// # Errors
///
/// Go's message where a time cannot be read. A type error is left in the decoder.
pub(super) fn event(
    decoder: &mut Decoder,
    node: Node<'_>,
    text: &[u8],
    release: Release,
    names: Names,
) -> Result<Event, String> {
    let mut event = empty();
    for (key, value) in node.members().filter_map(|(key, value)| Some((key.as_str()?, value))) {
        let Some(name) = names.json_name(key) else { continue };
        let target = |go_type| Target { go_struct: "Event", path: key, go_type: names.go_type(go_type) };
        match name.as_str() {
            "level" => decoder.string(&mut event.level, value, target("v1.Level")),
            "auditID" => decoder.string(&mut event.audit_id, value, target("types.UID")),
            "stage" => decoder.string(&mut event.stage, value, target("v1.Stage")),
            "requestURI" => decoder.string(&mut event.request_uri, value, target("string")),
            "verb" => decoder.string(&mut event.verb, value, target("string")),
            "userAgent" => decoder.string(&mut event.user_agent, value, target("string")),
            "user" => user(decoder, &mut event.user, value, key),
            "impersonatedUser" => match value.kind() {
                Kind::Null => event.impersonated_user = None,
                _ => user(decoder, event.impersonated_user.get_or_insert_default(), value, key),
            },
            "authenticationMetadata" if release.has(Change::AuthenticationMetadata) => match value.kind() {
                Kind::Null => event.authentication_metadata = None,
                _ => authentication_metadata(
                    decoder,
                    event.authentication_metadata.get_or_insert_default(),
                    value,
                    key,
                    names,
                ),
            },
            "sourceIPs" => {
                let mut addresses = None;
                decoder.strings(&mut addresses, value, target("[]string"));
                event.source_ips =
                    addresses.unwrap_or_default().iter().map(|address| address.to_str_lossy().into_owned()).collect();
            }
            "objectRef" => match value.kind() {
                Kind::Null => event.object_ref = None,
                _ => object_ref(decoder, event.object_ref.get_or_insert_default(), value, key, names),
            },
            "responseStatus" => match value.kind() {
                Kind::Null => event.response_status = None,
                _ => status(decoder, event.response_status.get_or_insert_default(), value, key),
            },
            "requestObject" => event.request_object = raw(value, text),
            "responseObject" => event.response_object = raw(value, text),
            "requestReceivedTimestamp" => event.request_received_timestamp = time(value, key)?,
            "stageTimestamp" => event.stage_timestamp = time(value, key)?,
            "annotations" => annotations(decoder, &mut event.annotations, value, key),
            _ => {}
        }
    }
    Ok(event)
}

fn empty() -> Event {
    Event {
        level: GoString::new(),
        audit_id: GoString::new(),
        stage: GoString::new(),
        request_uri: GoString::new(),
        verb: GoString::new(),
        user: UserInfo::default(),
        impersonated_user: None,
        authentication_metadata: None,
        source_ips: Vec::new(),
        user_agent: GoString::new(),
        object_ref: None,
        response_status: None,
        request_object: None,
        response_object: None,
        request_received_timestamp: Timestamp::ZERO,
        stage_timestamp: Timestamp::ZERO,
        annotations: BTreeMap::new(),
    }
}

fn user(decoder: &mut Decoder, user: &mut UserInfo, node: Node<'_>, path: &str) {
    for (name, value) in decoder.members(node, Target { go_struct: "Event", path, go_type: "v1.UserInfo" }) {
        let path = format!("{path}.{name}");
        let target = |go_type| Target { go_struct: "UserInfo", path: &path, go_type };
        match name {
            "username" => decoder.string(&mut user.username, value, target("string")),
            "uid" => decoder.string(&mut user.uid, value, target("string")),
            "groups" => decoder.strings(&mut user.groups, value, target("[]string")),
            "extra" if value.kind() == Kind::Null => user.extra.clear(),
            "extra" => {
                for (key, values) in decoder.members(value, target("map[string]v1.ExtraValue")) {
                    let mut list = None;
                    decoder.strings(&mut list, values, target("v1.ExtraValue"));
                    user.extra.insert(key.into(), list.unwrap_or_default());
                }
            }
            _ => {}
        }
    }
}

fn authentication_metadata(
    decoder: &mut Decoder,
    metadata: &mut AuthenticationMetadata,
    node: Node<'_>,
    path: &str,
    names: Names,
) {
    let target = Target { go_struct: "Event", path, go_type: names.go_type("v1.AuthenticationMetadata") };
    for (key, value) in decoder.members(node, target) {
        if names.json_name(key).as_deref() == Some("impersonationConstraint") {
            let path = format!("{path}.{key}");
            let target = Target { go_struct: "AuthenticationMetadata", path: &path, go_type: "string" };
            decoder.string(&mut metadata.impersonation_constraint, value, target);
        }
    }
}

fn object_ref(decoder: &mut Decoder, reference: &mut ObjectReference, node: Node<'_>, path: &str, names: Names) {
    let target = Target { go_struct: "Event", path, go_type: names.go_type("v1.ObjectReference") };
    for (key, value) in decoder.members(node, target) {
        let Some(name) = names.json_name(key) else { continue };
        let path = format!("{path}.{key}");
        let target = |go_type| Target { go_struct: "ObjectReference", path: &path, go_type };
        let field = match name.as_str() {
            "resource" => &mut reference.resource,
            "namespace" => &mut reference.namespace,
            "name" => &mut reference.name,
            "uid" => &mut reference.uid,
            "apiGroup" => &mut reference.api_group,
            "apiVersion" => &mut reference.api_version,
            "resourceVersion" => &mut reference.resource_version,
            "subresource" => &mut reference.subresource,
            _ => continue,
        };
        decoder.string(field, value, target(if name == "uid" { "types.UID" } else { "string" }));
    }
}

fn annotations(decoder: &mut Decoder, annotations: &mut BTreeMap<String, GoString>, node: Node<'_>, path: &str) {
    if node.kind() == Kind::Null {
        annotations.clear();
        return;
    }
    let target = Target { go_struct: "Event", path, go_type: "map[string]string" };
    for (key, value) in decoder.members(node, target) {
        let mut text = GoString::new();
        decoder.string(&mut text, value, Target { go_type: "string", ..target });
        annotations.insert(key.to_owned(), text);
    }
}

/// The value as it stands, compact; none for `null`.
fn raw(node: Node<'_>, text: &[u8]) -> Option<JsonText> {
    if node.kind() == Kind::Null {
        return None;
    }
    let span = node.span();
    compact(text.get(span.start..span.end)?).ok().map(JsonText::from_compact)
}

fn time(node: Node<'_>, path: &str) -> Result<Timestamp, String> {
    time_of(node, path, parse_micro_time)
}

/// A `metav1.Time`, which may be missing.
pub(super) fn seconds(node: Option<Node<'_>>, path: &str) -> Result<Timestamp, String> {
    let read = |text: &str| {
        let refused = || format!("parsing time {} as RFC 3339", go_time_quote(text.as_bytes()));
        Timestamp::parse_rfc3339(text).ok_or_else(refused)
    };
    node.map_or(Ok(Timestamp::ZERO), |node| time_of(node, path, read))
}

fn time_of(node: Node<'_>, path: &str, read: impl Fn(&str) -> Result<Timestamp, String>) -> Result<Timestamp, String> {
    let value = match node.kind() {
        Kind::Null => return Ok(Timestamp::ZERO),
        Kind::String(text) => return read(text),
        Kind::Bool(_) => "bool",
        Kind::Number(_) => "number",
        Kind::Array => "array",
        Kind::Object => "object",
    };
    Err(format!("json: cannot unmarshal {value} into Go struct field Event.{path} of type string"))
}
