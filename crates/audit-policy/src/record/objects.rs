//! The request object of events: as it was given, or made from the body as far as that is the same for every kind.

use super::answer::Answer;
use super::managed_fields::without_managed_fields;
use super::{body, delete_options, typed};
use crate::exchange::{Impersonation, LoggedObject};
use crate::json::{self, Document, JsonText, compact, write_sorted};
use crate::release::Change;
use crate::request::info::RequestInfo;
use crate::{Decision, Exchange, Release, kinds};

/// What events have of the request's object.
#[derive(Default)]
pub(super) struct RequestObject {
    /// The object, where the server logs one.
    pub(super) text: Option<JsonText>,
    /// Whether the reference is completed from it: not from patches.
    pub(super) completes_reference: bool,
    /// Whether it is less than the server would have: it was made from the body, and is not of a kind that is known through and through.
    pub(super) approximate: bool,
    /// Why no event can be written that has it, if so.
    pub(super) unencodable: Option<String>,
    /// What to know about it at level Request and above.
    pub(super) note: Option<String>,
}

/// The object that the server logs of the request.
pub(super) fn request_object(
    exchange: &Exchange,
    info: &RequestInfo,
    answer: &Answer,
    decision: &Decision,
    release: Release,
) -> RequestObject {
    let is_patch = info.verb == "patch";
    let mut object = match &exchange.objects.request {
        LoggedObject::Absent => RequestObject::default(),
        LoggedObject::Decoded(text) => RequestObject { completes_reference: !is_patch, ..logged(text.as_bytes()) },
        LoggedObject::FromBody if is_answered_before_decoding(exchange, info, answer) => RequestObject::default(),
        LoggedObject::FromBody => from_body(exchange, info, release),
    };
    if decision.omit_managed_fields && release.has(Change::OmitManagedFields) && !is_patch {
        object.text = object.text.map(without_managed_fields);
    }
    object
}

/// The text as events have it; one that is not JSON cannot be written.
fn logged(text: &[u8]) -> RequestObject {
    match compact(text) {
        Ok(compacted) => RequestObject { text: Some(JsonText::from_compact(compacted)), ..RequestObject::default() },
        Err(problem) => RequestObject { unencodable: Some(problem.message), ..RequestObject::default() },
    }
}

/// Whether the handler answered without having logged the object: it was not asked, or could not decode the body.
fn is_answered_before_decoding(exchange: &Exchange, info: &RequestInfo, answer: &Answer) -> bool {
    let decision = |value: &str| {
        let annotations = exchange.annotations.values().flatten();
        annotations.into_iter().any(|(key, given)| key == "authorization.k8s.io/decision" && given == value)
    };
    if exchange.impersonation == Impersonation::Refused || decision("forbid") {
        return true;
    }
    let message = answer.status.message.to_str_lossy();
    match answer.status.code {
        405 | 406 | 413 | 415 => true,
        404 => message.is_empty() || message.contains("could not find the requested resource"),
        // A patch is logged before it is looked at; what is refused of another body is mostly its form.
        400 if matches!(info.verb.as_bytes(), b"create" | b"update") => {
            !message.contains("on the URL") && !message.contains("does not match the namespace")
        }
        _ => false,
    }
}

fn from_body(exchange: &Exchange, info: &RequestInfo, release: Release) -> RequestObject {
    if !info.is_resource_request || info.is_long_running() {
        return RequestObject::default();
    }
    let body = exchange.request.body.as_bytes();
    let content_type = body::content_type(&exchange.request);
    match info.verb.as_bytes() {
        b"patch" => patch(body, content_type, release),
        b"delete" | b"deletecollection" if !body.is_empty() => {
            let document = body::decode(body, content_type, release).ok();
            let text = document.and_then(|(_, document)| delete_options::encode(&document, release));
            RequestObject { text, ..RequestObject::default() }
        }
        b"create" | b"update" if !body.is_empty() => match body::decode(body, content_type, release) {
            Ok((text, document)) => created(&text, &document, info, release),
            Err(note) => RequestObject { note, ..RequestObject::default() },
        },
        _ => RequestObject::default(),
    }
}

/// A patch is logged as it was sent. From 1.37 only where it is JSON, and apply patches are made JSON.
fn patch(body: &[u8], content_type: &str, release: Release) -> RequestObject {
    let is_apply = content_type == "application/apply-patch+yaml";
    match content_type {
        "application/json-patch+json"
        | "application/merge-patch+json"
        | "application/strategic-merge-patch+json"
        | "application/apply-patch+yaml" => {}
        "application/apply-patch+cbor" => {
            let note = "The patch is CBOR, which is not read here: the server logs it as JSON.";
            return RequestObject { note: Some(note.to_owned()), ..RequestObject::default() };
        }
        _ => return RequestObject::default(),
    }
    if !release.has(Change::ApplyPatchToJson) {
        return logged(body);
    }
    let json = if is_apply && json::parse(body).is_err() { body::yaml(body, release) } else { Some(body.to_vec()) };
    let object = json.map(|json| logged(&json)).unwrap_or_default();
    RequestObject { unencodable: None, ..object }
}

/// The object of a create or update, encoded again.
fn created(text: &[u8], document: &Document, info: &RequestInfo, release: Release) -> RequestObject {
    let string = |name: &crate::GoString| name.to_str_lossy().into_owned();
    let (group, resource) = (string(&info.api_group), string(&info.resource));
    if let Some(found) = kinds::by_resource(&group, &resource, release) {
        let Some(encoded) = typed::encode(text, document, found, info, release) else {
            return RequestObject::default();
        };
        let note = "The request object is made from the body: the server also fills in the defaults of its kind and drops unknown fields.";
        return RequestObject {
            text: Some(encoded.text),
            completes_reference: true,
            approximate: encoded.approximate,
            note: encoded.approximate.then(|| note.to_owned()),
            unencodable: None,
        };
    }
    let mut out = Vec::with_capacity(text.len());
    if document.root().and_then(|root| write_sorted(&mut out, root)).is_none() {
        return RequestObject::default();
    }
    let note = "The resource is taken for a custom one: the server also prunes fields and fills in defaults as its schema says.";
    RequestObject {
        text: Some(JsonText::from_compact(out)),
        completes_reference: true,
        approximate: true,
        note: Some(note.to_owned()),
        unencodable: None,
    }
}
