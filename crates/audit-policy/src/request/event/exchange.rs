//! The events of one request → its exchange.

use std::collections::BTreeMap;

use super::finding;
use super::target::{Line, line, request};
use crate::event::{Event, ObjectReference, Status, UserInfo};
use crate::exchange::{Authentication, Impersonation, LoggedObject, Objects, Outcome, Times};
use crate::json::{JsonText, ObjectWriter};
use crate::request::assume::assume;
use crate::request::info::{self, RequestInfo};
use crate::request::{Assumption, Given, ReadOptions};
use crate::{Diagnostic, Exchange, GoString, Level, Release, Severity, Stage, Timestamp, kinds};

const PANICKED: &[u8] = b"APIServer panic'd: ";
const CLOSED_EARLY: &str = "Connection closed early";

/// The exchange of a request's events.
pub(super) struct Made {
    pub(super) exchange: Exchange,
    pub(super) assumed: Vec<Assumption>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Makes the exchange: what the events say, then what is given besides, then what has to be assumed. None where the events do not tell
/// which request it was.
pub(super) fn exchange(events: &[Event], options: &ReadOptions) -> Option<Made> {
    let release = options.release;
    let by_stage: BTreeMap<Stage, &Event> = crate::sort::map(
        events.iter().filter_map(|event| Some((event.stage.as_str().and_then(Stage::from_name)?, event))),
    );
    // The last stage knows the most.
    let event = by_stage.values().next_back().copied().or(events.last())?;
    let line = line(event, release)?;
    let request = request(event, &line);
    let info = info::of_request(&request, release).ok();
    let mut told = Vec::new();
    let mut given = given(event, &by_stage, info.as_ref(), release, &mut told);
    overlay(&mut given, &options.given);
    let (mut exchange, mut assumed) = assume(request, &given, release);
    assumed.extend(told);
    if let Some(user) = &event.impersonated_user
        && options.given.impersonation_allowed != Some(false)
    {
        exchange.impersonation = Impersonation::Allowed(user.clone());
    }
    if let Some(received) = by_stage.get(&Stage::RequestReceived).filter(|event| !event.annotations.is_empty()) {
        let noted = exchange.annotations.entry(Stage::RequestReceived).or_default();
        noted.extend(received.annotations.clone());
    }
    exchange.authentication_metadata = event.authentication_metadata.clone();
    let findings = findings(event, &line, info.as_ref(), &by_stage);
    Some(Made { exchange, assumed, findings })
}

fn given(
    event: &Event,
    by_stage: &BTreeMap<Stage, &Event>,
    info: Option<&RequestInfo>,
    release: Release,
    told: &mut Vec<Assumption>,
) -> Given {
    let mut tell = |about: &str, text: &str| told.push(Assumption { about: about.to_owned(), text: text.to_owned() });
    let answered = is_answered(by_stage);
    let outcome = outcome(event);
    let code = match &outcome {
        Outcome::Panic(_) => by_stage.get(&Stage::ResponseStarted).and_then(|started| code_of(started)),
        Outcome::NothingWritten => None,
        Outcome::Complete => code_of(event),
    };
    if let (Outcome::Panic(_), None, Some(true)) = (&outcome, code, info.map(RequestInfo::is_long_running)) {
        tell("response", "nothing written before the panic");
    }
    if event.level == "Metadata" && answered {
        tell("objects", "not known: an event of level Metadata has none");
    } else if event.level == "Request" && answered {
        tell("response object", "not known: an event of level Request has none");
    }
    let objects = objects(event, by_stage, info, &outcome, release);
    if matches!(objects.request, LoggedObject::Decoded(_)) && event.request_object.is_none() {
        tell("request object", "only what the objectRef has of it");
    }
    let annotations = crate::sort::map(by_stage.iter().map(|(stage, event)| (*stage, event.annotations.clone())));
    Given {
        user: Some(authentication(event, by_stage)),
        impersonation_allowed: None,
        from: Some(event.source_ips.clone()),
        code: code.filter(|_| answered),
        body: answered.then(GoString::new),
        outcome: answered.then_some(outcome),
        objects,
        annotations: answered.then_some(annotations),
        times: times(event, by_stage),
        audit_id: Some(event.audit_id.clone()).filter(|id| !id.is_empty()),
    }
}

/// Whether the events tell of the answer: one of an unknown stage is taken for the last.
fn is_answered(by_stage: &BTreeMap<Stage, &Event>) -> bool {
    by_stage.is_empty() || by_stage.keys().any(|stage| *stage != Stage::RequestReceived)
}

/// What is given besides the text goes first.
fn overlay(given: &mut Given, over: &Given) {
    fn prefer<T: Clone>(slot: &mut Option<T>, over: &Option<T>) {
        if over.is_some() {
            slot.clone_from(over);
        }
    }
    prefer(&mut given.user, &over.user);
    prefer(&mut given.impersonation_allowed, &over.impersonation_allowed);
    prefer(&mut given.from, &over.from);
    prefer(&mut given.code, &over.code);
    prefer(&mut given.body, &over.body);
    prefer(&mut given.outcome, &over.outcome);
    prefer(&mut given.annotations, &over.annotations);
    prefer(&mut given.times, &over.times);
    prefer(&mut given.audit_id, &over.audit_id);
    let answer_given = over.code.is_some() || over.body.is_some();
    if over.objects.request != LoggedObject::FromBody {
        given.objects.request.clone_from(&over.objects.request);
    }
    if over.objects.response != LoggedObject::FromBody || answer_given {
        given.objects.response.clone_from(&over.objects.response);
    }
}

/// A user, or that authentication failed: the one event of a 401 has no user.
fn authentication(event: &Event, by_stage: &BTreeMap<Stage, &Event>) -> Authentication {
    let only_started = by_stage.keys().all(|stage| *stage == Stage::ResponseStarted);
    let refused = matches!(code_of(event), Some(400 | 401));
    if event.user == UserInfo::default() && only_started && refused {
        return Authentication::Failed;
    }
    Authentication::User(event.user.clone())
}

fn outcome(event: &Event) -> Outcome {
    let status = event.response_status.as_ref();
    let message = status.map(|status| status.message.as_bytes()).unwrap_or_default();
    if event.stage == "Panic" {
        return Outcome::Panic(message.strip_prefix(PANICKED).unwrap_or(message).into());
    }
    let closed_early = status.is_some_and(|status| status.message == CLOSED_EARLY && status.status == "Success");
    if closed_early { Outcome::NothingWritten } else { Outcome::Complete }
}

fn code_of(event: &Event) -> Option<u16> {
    let code = event.response_status.as_ref()?.code;
    u16::try_from(code).ok().filter(|code| *code > 0)
}

fn times(event: &Event, by_stage: &BTreeMap<Stage, &Event>) -> Option<Times> {
    let received = Some(event.request_received_timestamp).filter(|time| *time != Timestamp::ZERO)?;
    let reached = by_stage.iter().filter(|(_, event)| event.stage_timestamp != Timestamp::ZERO);
    Some(Times {
        request_received: received,
        stages: reached.map(|(stage, event)| (*stage, event.stage_timestamp)).collect(),
    })
}

fn objects(
    event: &Event,
    by_stage: &BTreeMap<Stage, &Event>,
    info: Option<&RequestInfo>,
    outcome: &Outcome,
    release: Release,
) -> Objects {
    let answered = is_answered(by_stage);
    let request = match &event.request_object {
        Some(text) => LoggedObject::Decoded(text.clone()),
        None => completing_object(event, info, release),
    };
    let response = match (&event.response_object, &event.response_status) {
        (Some(text), _) => LoggedObject::Decoded(text.clone()),
        (None, Some(status)) if *outcome == Outcome::Complete && says_more_than_code(status) => {
            LoggedObject::Decoded(status_object(status))
        }
        (None, _) if event.level.as_str() == Some(Level::RequestResponse.as_str()) && answered => LoggedObject::Absent,
        (None, _) => LoggedObject::FromBody,
    };
    Objects { request, response }
}

/// Where the level hides the request object: what is known of it, which is what completed the objectRef.
fn completing_object(event: &Event, info: Option<&RequestInfo>, release: Release) -> LoggedObject {
    let (Some(reference), Some(info)) = (&event.object_ref, info) else { return LoggedObject::Absent };
    let hidden = matches!(event.level.as_bytes(), b"Metadata") && matches!(info.verb.as_bytes(), b"create" | b"update");
    let ObjectReference { namespace, name, uid, resource_version, .. } = reference;
    let adds = !uid.is_empty()
        || !resource_version.is_empty()
        || (info.name.is_empty() && !name.is_empty())
        || (info.namespace.is_empty() && !namespace.is_empty());
    if !hidden || !adds {
        return LoggedObject::Absent;
    }
    let (group, resource) = (info.api_group.to_str_lossy(), info.resource.to_str_lossy());
    let mut out = ObjectWriter::new();
    if let Some(found) = kinds::by_resource(&group, &resource, release).filter(|_| info.subresource.is_empty()) {
        out.string("kind", found.resource.kind.as_bytes());
        out.string("apiVersion", found.resource.api_version(&info.api_version.to_str_lossy()).as_bytes());
    }
    let mut metadata = ObjectWriter::new();
    for (key, value) in [("name", name), ("namespace", namespace), ("uid", uid), ("resourceVersion", resource_version)]
    {
        metadata.string_unless_empty(key, value.as_bytes());
    }
    out.raw("metadata", &metadata.end());
    LoggedObject::Decoded(JsonText::from_compact(out.end()))
}

fn says_more_than_code(status: &Status) -> bool {
    let Status { status, message, reason, details, .. } = status;
    !status.is_empty() || !message.is_empty() || !reason.is_empty() || details.is_some()
}

/// The Status object that the answer was, from what events keep of it.
fn status_object(status: &Status) -> JsonText {
    let mut out = ObjectWriter::new();
    out.string("kind", b"Status");
    out.string("apiVersion", b"v1");
    out.raw("metadata", b"{}");
    out.string_unless_empty("status", status.status.as_bytes());
    out.string_unless_empty("message", status.message.as_bytes());
    out.string_unless_empty("reason", status.reason.as_bytes());
    if let Some(details) = &status.details {
        out.raw("details", details.as_bytes());
    }
    if status.code != 0 {
        out.raw("code", status.code.to_string().as_bytes());
    }
    JsonText::from_compact(out.end())
}

fn findings(
    event: &Event,
    line: &Line,
    info: Option<&RequestInfo>,
    by_stage: &BTreeMap<Stage, &Event>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut add = |code, message: String, help| findings.push(finding(code, Severity::Warning, message, help));
    if line.target_made {
        let message = format!("the event has no requestURI: `{}` is made from its objectRef", line.target);
        add("no-request-uri", message, None);
    }
    if !line.fits {
        let own = info.map(|info| &info.verb).filter(|verb| !verb.is_empty());
        let seen = own.map_or("no verb".to_owned(), |verb| format!("`{verb}`"));
        let message = format!("no request for `{}` has verb `{}`: rules see {seen}", line.target, event.verb);
        add("verb-mismatch", message, Some("the verb follows from method and URI"));
    }
    if let (Some(reference), Some(info)) = (&event.object_ref, info) {
        for (what, named, own) in [
            ("resource", &reference.resource, &info.resource),
            ("namespace", &reference.namespace, &info.namespace),
            ("name", &reference.name, &info.name),
        ] {
            // The request object may complete what the URI leaves open.
            let completed = own.is_empty() && what != "resource";
            if named != own && !completed {
                let message = format!("the objectRef has {what} `{named}`, the requestURI `{own}`");
                add("object-ref-mismatch", message, Some("rules look at what follows from the URI"));
            }
        }
    }
    if by_stage.is_empty() {
        let message = format!("`{}` is no stage: the event is taken for a finished request", event.stage);
        add("unknown-stage", message, None);
    }
    if event.level.as_str().and_then(Level::from_name).is_none() {
        add("unknown-level", format!("`{}` is no level", event.level), None);
    }
    findings
}
