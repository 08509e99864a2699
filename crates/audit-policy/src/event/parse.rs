//! JSON → event, as kube-apiserver's decoder reads one.

use std::fmt;

use super::decode::Names;
use super::{Event, EventVersion, decode};
use crate::json::{self, Document, Kind, Node};
use crate::release::Change;
use crate::text::go_quote;
use crate::{Release, Span, Timestamp};

/// Why a text is no event. Its `Display` is the message of Kubernetes' decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The decoder's message.
    pub message: String,
    /// Where in the text, if it is not the whole.
    pub span: Option<Span>,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DecodeError {}

/// Reads the JSON of one event as the release's decoder does: kind and apiVersion in any case, other fields in exactly theirs, unknown
/// fields passed over, times with exactly six decimals. Without apiVersion it is taken for the server's internal type, whose fields have
/// Go's names: little is left of an event then. [`from_node`] reads the fields whatever the apiVersion.
///
/// # Errors
///
/// Where the decoder refuses it, in its words. (Before 1.23 another JSON library had other words; the verdict is the same.)
pub fn parse(text: &[u8], release: Release) -> Result<Event, DecodeError> {
    let document = json::parse(text).map_err(|error| DecodeError {
        message: format!("couldn't get version/kind; json parse error: {}", error.message),
        span: Some(Span::new(error.offset, text.len().min(error.offset + 1))),
    })?;
    from_document(&document, text, release)
}

fn from_document(document: &Document, text: &[u8], release: Release) -> Result<Event, DecodeError> {
    let root = document.root().ok_or_else(|| refused("unexpected end of JSON input".to_owned()))?;
    let (kind, api_version) = kind_and_version(root)?;
    let names = names_of_version(&kind, &api_version, text, release)?;
    let mut event = decode_event(root, text, release, names)?;
    convert(&mut event, root, &api_version)?;
    Ok(event)
}

/// Decodes an event's fields from a value of `text`, whatever its kind and apiVersion; those that only an older version has where it says to be of that.
///
/// # Errors
///
/// Where a field has a value of the wrong type, or a time cannot be read, in Go's words.
pub fn from_node(node: Node<'_>, text: &[u8], release: Release) -> Result<Event, DecodeError> {
    let mut event = decode_event(node, text, release, Names::Json)?;
    let api_version = node.get("apiVersion").and_then(|version| version.as_str()).unwrap_or_default();
    convert(&mut event, node, api_version)?;
    Ok(event)
}

fn decode_event(node: Node<'_>, text: &[u8], release: Release, names: Names) -> Result<Event, DecodeError> {
    let mut decoder = decode::Decoder::default();
    let event = decode::event(&mut decoder, node, text, release, names).map_err(refused)?;
    decoder.type_error.map_or(Ok(event), |message| Err(refused(message)))
}

fn refused(message: String) -> DecodeError {
    DecodeError { message, span: None }
}

/// Upstream's `SimpleMetaFactory.Interpret`: plain `encoding/json`, so the names in any case, the last one wins.
fn kind_and_version(root: Node<'_>) -> Result<(String, String), DecodeError> {
    let type_error = |value: &str, place: &str| {
        refused(format!("couldn't get version/kind; json parse error: json: cannot unmarshal {value} into Go {place}"))
    };
    let name_of = |node: Node<'_>| match node.kind() {
        Kind::Bool(_) => "bool",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Null => "null",
    };
    if !matches!(root.kind(), Kind::Object | Kind::Null) {
        let place = r#"value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;
        return Err(type_error(name_of(root), place));
    }
    let (mut kind, mut api_version) = (String::new(), String::new());
    for (key, value) in root.members() {
        let key = key.as_str().unwrap_or_default();
        let (name, field) = if key.eq_ignore_ascii_case("kind") || key.eq_ignore_ascii_case("\u{212a}ind") {
            ("kind", &mut kind)
        } else if key.eq_ignore_ascii_case("apiVersion") {
            ("apiVersion", &mut api_version)
        } else {
            continue;
        };
        match value.kind() {
            Kind::String(text) => *field = text.to_owned(),
            Kind::Null => {}
            _ => return Err(type_error(name_of(value), &format!("struct field .{name} of type string"))),
        }
    }
    if api_version.matches('/').count() > 1 {
        return Err(refused(format!("unexpected GroupVersion string: {api_version}")));
    }
    Ok((kind, api_version))
}

/// How the fields are named in this version; kind and apiVersion that are missing are those of the decoder's target, the internal type.
fn names_of_version(kind: &str, api_version: &str, text: &[u8], release: Release) -> Result<Names, DecodeError> {
    let kind = if kind.is_empty() { "Event" } else { kind };
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let internal = version.is_empty() && matches!(group, "" | "audit.k8s.io");
    if version.is_empty() && !internal {
        let excerpt = String::from_utf8_lossy(text.get(..1000).unwrap_or(text)).into_owned();
        return Err(refused(format!("Object 'apiVersion' is missing in '{excerpt}'")));
    }
    if internal && kind == "Event" {
        return Ok(Names::Go);
    }
    let registered = EventVersion::from_name(api_version).is_some_and(|version| version.is_in(release));
    match kind {
        "Event" if registered => return Ok(Names::Json),
        "EventList" | "Policy" | "PolicyList" if registered || internal => {
            let package = if internal { "audit" } else { version };
            return Err(refused(format!("converting ({package}.{kind}) to (audit.Event): unknown conversion")));
        }
        _ => {}
    }
    // The line of upstream's scheme.go, which the message tells, moved when the old versions were removed.
    let line = if release.has(Change::V1Beta1) { 32 } else { 30 };
    let kind = go_quote(kind.as_bytes());
    let place = if internal {
        "the internal version of group \"audit.k8s.io\"".to_owned()
    } else {
        format!("version {}", go_quote(api_version.as_bytes()))
    };
    Err(refused(format!("no kind {kind} is registered for {place} in scheme \"pkg/audit/scheme.go:{line}\"")))
}

/// What an older version says in other fields. Mirrors `conversion.go` of `pkg/apis/audit/{v1alpha1,v1beta1}`.
fn convert(event: &mut Event, root: Node<'_>, api_version: &str) -> Result<(), DecodeError> {
    let version = EventVersion::from_name(api_version).unwrap_or(EventVersion::V1);
    if version == EventVersion::V1 {
        return Ok(());
    }
    if version == EventVersion::V1Alpha1 {
        split_api_version(event);
    }
    let received = decode::seconds(root.get("timestamp"), "timestamp").map_err(refused)?;
    let metadata = root.get("metadata").filter(|metadata| metadata.kind() == Kind::Object);
    let created = metadata.and_then(|metadata| metadata.get("creationTimestamp"));
    let created = decode::seconds(created, "metadata.creationTimestamp").map_err(refused)?;
    for (time, older) in [(&mut event.request_received_timestamp, received), (&mut event.stage_timestamp, created)] {
        if *time == Timestamp::ZERO {
            *time = older;
        }
    }
    Ok(())
}

/// In v1alpha1 the reference's apiVersion held the group too.
fn split_api_version(event: &mut Event) {
    let Some(reference) = &mut event.object_ref else { return };
    let text = reference.api_version.to_str_lossy().into_owned();
    if let Some((group, version)) = text.rsplit_once('/') {
        reference.api_group = group.into();
        reference.api_version = version.into();
    }
}
