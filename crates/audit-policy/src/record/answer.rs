//! What the answer puts into events: the response status and the response object.

use super::chain::Refusal;
use super::managed_fields::without_managed_fields;
use crate::event::{Status, read_status};
use crate::exchange::{Impersonation, LoggedObject, Outcome};
use crate::json::{self, JsonText, Kind, Node, ObjectWriter, compact};
use crate::release::Change;
use crate::request::info::RequestInfo;
use crate::{Decision, Exchange, GoString, Release};

/// What events have of the answer.
#[derive(Default)]
pub(super) struct Answer {
    /// The `responseStatus` of ResponseStarted and ResponseComplete.
    pub(super) status: Status,
    /// The response object, where the server logs one.
    pub(super) object: Option<JsonText>,
    /// What to know about it at level RequestResponse.
    pub(super) note: Option<String>,
}

/// Makes the status and the object of the exchange's answer.
pub(super) fn answer(
    exchange: &Exchange,
    info: &RequestInfo,
    refusal: Option<&Refusal>,
    decision: &Decision,
    release: Release,
) -> Answer {
    let (object, note) = response_object(exchange, info, refusal);
    let object = match object {
        Some(text) if decision.omit_managed_fields && release.has(Change::OmitManagedFields) => {
            Some(without_managed_fields(text))
        }
        object => object,
    };
    let mut status = object.as_ref().and_then(status_of).unwrap_or_default();
    if let Some(refusal) = refusal {
        status.code = i32::from(refusal.code());
        return Answer { status, object, note };
    }
    match (exchange.response.code, &exchange.outcome) {
        // The code that was sent goes before the Status object's.
        (Some(code), _) => status.code = i32::from(code),
        (None, Outcome::NothingWritten) if status == Status::default() => {
            status = Status {
                status: "Success".into(),
                message: "Connection closed early".into(),
                code: 200,
                ..Status::default()
            };
        }
        (None, _) if status.code != 0 => {}
        (None, _) => status.code = if exchange.impersonation == Impersonation::Refused { 403 } else { 200 },
    }
    Answer { status, object, note }
}

/// The `responseStatus` at stage Panic.
pub(super) fn panic_status(value: &GoString) -> Status {
    Status {
        status: "Failure".into(),
        message: [b"APIServer panic'd: ", value.as_bytes()].concat().into(),
        reason: "InternalError".into(),
        code: 500,
        ..Status::default()
    }
}

fn status_of(object: &JsonText) -> Option<Status> {
    let document = json::parse(object.as_bytes()).ok()?;
    let root = document.root().filter(|root| is_status(*root))?;
    let mut status = read_status(root);
    // As the server wrote them: where it wrote `\ufffd` for what is not UTF-8, the event has that too.
    let details = root.get("details").filter(|_| status.details.is_some());
    status.details = details.and_then(|node| {
        let text = object.as_bytes().get(node.span().start..node.span().end)?;
        Some(JsonText::from_compact(text.to_vec()))
    });
    Some(status)
}

fn is_status(root: Node<'_>) -> bool {
    let string = |name| root.get(name).and_then(Node::as_str);
    string("kind") == Some("Status") && string("apiVersion") == Some("v1")
}

fn response_object(
    exchange: &Exchange,
    info: &RequestInfo,
    refusal: Option<&Refusal>,
) -> (Option<JsonText>, Option<String>) {
    if let LoggedObject::Decoded(text) = &exchange.objects.response {
        return (compact(text.as_bytes()).ok().map(JsonText::from_compact), None);
    }
    match refusal {
        Some(refusal) => {
            let sent = object_of_body(exchange.response.body.as_bytes()).filter(|sent| status_of(sent).is_some());
            (Some(sent.unwrap_or_else(|| failure(refusal))), None)
        }
        None if exchange.objects.response == LoggedObject::Absent => (None, None),
        None => logged_body(exchange, info),
    }
}

/// The Status object of a refusal, as the server makes it.
fn failure(refusal: &Refusal) -> JsonText {
    let (message, reason) = match refusal {
        Refusal::Timeout(message) => (message.as_str(), "BadRequest"),
        Refusal::Unauthenticated => ("Unauthorized", "Unauthorized"),
    };
    let mut out = ObjectWriter::new();
    out.string("kind", b"Status");
    out.string("apiVersion", b"v1");
    out.raw("metadata", b"{}");
    out.string("status", b"Failure");
    out.string("message", message.as_bytes());
    out.string("reason", reason.as_bytes());
    out.raw("code", refusal.code().to_string().as_bytes());
    JsonText::from_compact(out.end())
}

/// The body where it is an object that the server wrote as one and so logs. What it streams or passes on is not logged: watches,
/// logs, upgrades and proxied answers, nor what is no API object.
fn logged_body(exchange: &Exchange, info: &RequestInfo) -> (Option<JsonText>, Option<String>) {
    let body = exchange.response.body.as_bytes();
    let code = exchange.response.code.unwrap_or(200);
    // A Status for an unacceptable Accept header is written past the log.
    if matches!(code, 101 | 406) || exchange.outcome != Outcome::Complete {
        return (None, None);
    }
    let streams = info.is_long_running() && code < 400;
    if streams {
        return (None, None);
    }
    if body.is_empty() {
        let note = "The answer's body is not given: where the server answers with an object, the event has it as responseObject.";
        return (None, info.is_resource_request.then(|| note.to_owned()));
    }
    match object_of_body(body) {
        Some(object) => (Some(object).filter(|object| is_api_object(object, info)), None),
        None if info.is_resource_request && json::parse(body).is_err() && code < 400 => {
            let note = "The answer's body is not JSON: the server would log the object as JSON in responseObject.";
            (None, Some(note.to_owned()))
        }
        None => (None, None),
    }
}

/// A long-running request's error may be the backend's: only a Status is surely the server's own.
fn is_api_object(object: &JsonText, info: &RequestInfo) -> bool {
    let Ok(document) = json::parse(object.as_bytes()) else { return false };
    let Some(root) = document.root() else { return false };
    if info.is_long_running() {
        return is_status(root);
    }
    ["kind", "apiVersion"].iter().all(|name| root.get(name).is_some_and(|value| value.as_str().is_some()))
}

fn object_of_body(body: &[u8]) -> Option<JsonText> {
    let document = json::parse(body).ok()?;
    document.root().filter(|root| root.kind() == Kind::Object)?;
    compact(body).ok().map(JsonText::from_compact)
}
