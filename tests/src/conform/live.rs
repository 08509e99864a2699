//! live: what a running kube-apiserver wrote for real HTTP requests; and, as a count of its own, the request objects that the engine
//! makes from the request alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use audit_policy::deliver::{TRUNCATED, Truncate, truncate};
use audit_policy::event::{AuthenticationMetadata, UserInfo};
use audit_policy::exchange::{Authentication, Impersonation, LoggedObject, Objects, Outcome, Response, Times};
use audit_policy::json::{JsonText, compact};
use audit_policy::recording::Fate;
use audit_policy::request::{headers, info};
use audit_policy::text::{json_item, json_line, legacy_line};
use audit_policy::{Event, Exchange, GoString, Level, Policy, Release, Rule, Stage, Timestamp, record};
use serde_json::Value;

use super::Report;
use super::raw_http::{bytes, request, response};
use super::vectors::{Case, beside, policies_of, read_lines, text};

/// The release of the server.
const RELEASE: Release = Release::NEWEST;
/// Built-in kinds whose objects the engine makes from the body, without a case's `objects`.
const GENERIC_BUILT_IN: [&str; 2] = ["configmaps", "secrets"];

pub(super) fn run(path: &Path, name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    let policies = policies_of(&beside(path, "live-policies")?)?;
    let mut loaded: BTreeMap<&str, Option<Policy>> = BTreeMap::new();
    for case in cases {
        let id = text(case, "policy");
        let written = policies.get(id).ok_or_else(|| anyhow::anyhow!("no policy is named {id}"))?;
        let policy = loaded.entry(id).or_insert_with(|| audit_policy::load(written.as_bytes(), RELEASE).policy);
        let outcome = match policy {
            Some(policy) => check(case, policy),
            None => Err("the policy does not load".to_owned()),
        };
        report.count(name, text(case, "id"), outcome);
        if let Some(outcome) = policy.as_ref().and_then(|policy| check_request_object(case, policy)) {
            report.count(&format!("{name}-request-object"), text(case, "id"), outcome);
        }
    }
    Ok(())
}

/// live-truncate: the same, where the log truncates. Objects that it does not show are those of the bodies, and whether an event is marked is to be
/// found out.
pub(super) fn run_truncated(path: &Path, name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    let given = read_lines(&beside(path, "live-policies")?)?;
    for case in cases {
        let id = text(case, "policy");
        let policy = given.iter().find(|policy| text(policy, "id") == id);
        let policy = policy.ok_or_else(|| anyhow::anyhow!("no policy is named {id}"))?;
        report.count(name, text(case, "id"), check_truncated(&with_annotations(case, cases), policy));
    }
    Ok(())
}

/// Annotations are given, and an event that was dropped does not show its own: they are those of the same request under another limit.
fn with_annotations(case: &Case, cases: &[Case]) -> Case {
    const COMPLETE: &str = "/context/annotations/ResponseComplete";
    let request = |case: &Case| text(case, "id").split_once('/').map(|(_, request)| request.to_owned());
    let shown = cases.iter().find(|other| request(other) == request(case) && other.pointer(COMPLETE).is_some());
    let mut case = case.clone();
    if case.pointer(COMPLETE).is_none()
        && let Some(noted) = shown.and_then(|other| other.pointer("/context/annotations")).cloned()
        && let Some(context) = case.get_mut("context").and_then(Value::as_object_mut)
    {
        context.insert("annotations".to_owned(), noted);
    }
    case
}

fn check_truncated(case: &Case, given: &Case) -> Result<(), String> {
    let loaded = audit_policy::load(text(given, "policy").as_bytes(), RELEASE);
    let policy = loaded.policy.ok_or("the policy does not load")?;
    let flags = given.get("flags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let flags: Vec<&str> = flags.collect();
    let limit =
        |name: &str| flags.iter().find_map(|flag| flag.strip_prefix(name)?.parse().ok()).ok_or(format!("no {name}"));
    let limits = Truncate {
        enabled: true,
        max_event_size: limit("--audit-log-truncate-max-event-size=")?,
        max_batch_size: limit("--audit-log-truncate-max-batch-size=")?,
    };
    let object = |key: &str| match case.pointer(&format!("/objects/{key}")) {
        None | Some(Value::Null) => LoggedObject::FromBody,
        Some(object) => LoggedObject::Decoded(JsonText::from_compact(bytes(object))),
    };
    let mut exchange = exchange(case, Objects { request: object("request"), response: object("response") });
    for noted in exchange.annotations.values_mut() {
        noted.remove(TRUNCATED);
    }
    let events = record(&policy, &exchange, RELEASE).stages.into_iter().filter_map(|stage| match stage.fate {
        Fate::Recorded { event, .. } => Some(*event),
        _ => None,
    });
    // The server hands events over one by one.
    let batches = events.flat_map(|event| truncate(&[event], &limits, RELEASE).batches);
    let got: Vec<Vec<u8>> = batches.flatten().map(|kept| json_line(&kept.event)).collect();
    let wanted: Vec<Vec<u8>> = case.get("lines").and_then(Value::as_array).into_iter().flatten().map(bytes).collect();
    compare("line", &wanted, &got)
}

fn check(case: &Case, policy: &Policy) -> Result<(), String> {
    let recording = record(policy, &exchange(case, given_objects(case)), RELEASE);
    let events: Vec<&Event> = recording
        .stages
        .iter()
        .filter_map(|stage| match &stage.fate {
            Fate::Recorded { event, .. } => Some(&**event),
            _ => None,
        })
        .collect();
    // The lines of the legacy configuration come from a webhook, whose items have no kind and apiVersion.
    let legacy = case.get("legacy").and_then(Value::as_array);
    let write = if legacy.is_some() { json_item } else { json_line };
    let got: Vec<Vec<u8>> = events.iter().map(|event| write(event)).collect();
    let wanted: Vec<Vec<u8>> = case.get("lines").and_then(Value::as_array).into_iter().flatten().map(bytes).collect();
    compare("line", &wanted, &got)?;
    let Some(legacy) = legacy else { return Ok(()) };
    let wanted: Vec<Vec<u8>> = legacy.iter().map(|line| after_time(bytes(line))).collect();
    let got: Vec<Vec<u8>> = events.iter().map(|event| after_time(legacy_line(event, RELEASE).into_bytes())).collect();
    compare("legacy", &wanted, &got)
}

fn compare(what: &str, wanted: &[Vec<u8>], got: &[Vec<u8>]) -> Result<(), String> {
    let masked: Vec<Vec<u8>> = got.iter().map(|line| with_placeholders(line)).collect();
    let got = masked.as_slice();
    if wanted == got {
        return Ok(());
    }
    let index =
        (0..wanted.len().max(got.len())).find(|index| wanted.get(*index) != got.get(*index)).unwrap_or_default();
    let show = |lines: &[Vec<u8>]| {
        lines.get(index).map_or("none".to_owned(), |line| String::from_utf8_lossy(line).into_owned())
    };
    let counts = format!("{} wanted, {} got", wanted.len(), got.len());
    Err(format!("{what} {index} ({counts}):\n   wanted {}\n      got {}", show(wanted), show(got)))
}

/// The recording's placeholders for secrets stand in the given objects too, where JSON escapes their brackets.
fn with_placeholders(line: &[u8]) -> Vec<u8> {
    const OPEN: &[u8] = b"\\u003c";
    const CLOSE: &[u8] = b"\\u003e";
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(byte) = rest.first() {
        let placeholder = rest.strip_prefix(OPEN).and_then(|inner| {
            let end = inner.windows(CLOSE.len()).take(80).position(|window| window == CLOSE)?;
            let name = inner.get(..end).filter(|name| *name == b"jwt" || name.starts_with(b"token:"))?;
            Some((name, inner.get(end + CLOSE.len()..)?))
        });
        match placeholder {
            Some((name, after)) => {
                out.extend([b"<", name, b">"].concat());
                rest = after;
            }
            None => {
                out.push(*byte);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    out
}

/// A legacy line less its time, whose nanoseconds the case does not tell.
fn after_time(line: Vec<u8>) -> Vec<u8> {
    line.iter().position(|byte| *byte == b' ').and_then(|at| line.get(at..)).unwrap_or_default().to_vec()
}

/// The request object that the engine makes of the body, where that is generic: patches, DeleteOptions, Secrets, ConfigMaps, and custom resources to
/// which no schema added and from which none took. None for other cases.
fn check_request_object(case: &Case, policy: &Policy) -> Option<Result<(), String>> {
    // Where the log does not show the object, the case has the body, which is no recording of it.
    if case.pointer("/objectsFrom/request").is_some_and(|from| from == "body") {
        return None;
    }
    let wanted = case.pointer("/objects/request").filter(|object| !object.is_null()).map(bytes)?;
    let exchange = exchange(case, Objects::default());
    let info = info::of_request(&exchange.request, RELEASE).ok()?;
    let resource = info.resource.to_str_lossy();
    let built_in = audit_policy::kinds::by_resource(&info.api_group.to_str_lossy(), &resource, RELEASE).is_some();
    let creates = matches!(info.verb.as_bytes(), b"create" | b"update");
    if exchange.request.body.is_empty() || (creates && built_in && !GENERIC_BUILT_IN.contains(&&*resource)) {
        return None;
    }
    if creates && !built_in && key_paths(exchange.request.body.as_bytes()) != key_paths(&wanted) {
        return None;
    }
    let omit_managed_fields = record(policy, &exchange, RELEASE).decision.is_some_and(|made| made.omit_managed_fields);
    let everything = Policy {
        omit_managed_fields,
        rules: vec![Rule { level: Level::RequestResponse, ..Rule::default() }.into()],
        ..Policy::default()
    };
    let got = record(&everything, &exchange, RELEASE).stages.into_iter().find_map(|stage| match stage.fate {
        Fate::Recorded { event, .. } if stage.stage == Stage::ResponseComplete => event.request_object,
        _ => None,
    });
    let got = got.map(|object| object.as_bytes().to_vec()).unwrap_or_default();
    Some(compare("request object", &[with_placeholders(&compact(&wanted).unwrap_or(wanted))], &[got]))
}

/// The paths of all keys in an object, but of managedFields; none where it is not JSON.
fn key_paths(object: &[u8]) -> Option<BTreeSet<String>> {
    fn collect(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members.iter().filter(|(key, _)| *key != "managedFields") {
                    let path = format!("{path}/{key}");
                    collect(value, &path, paths);
                    paths.insert(path);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, path, paths)),
            _ => {}
        }
    }
    let mut paths = BTreeSet::new();
    collect(&serde_json::from_slice(object).ok()?, "", &mut paths);
    Some(paths)
}

fn given_objects(case: &Case) -> Objects {
    let object = |key: &str| match case.pointer(&format!("/objects/{key}")) {
        None | Some(Value::Null) => LoggedObject::Absent,
        Some(object) => LoggedObject::Decoded(JsonText::from_compact(bytes(object))),
    };
    Objects { request: object("request"), response: object("response") }
}

fn exchange(case: &Case, objects: Objects) -> Exchange {
    let context = case.get("context").unwrap_or(&Value::Null);
    let request = request(case.get("request").unwrap_or(&Value::Null));
    let (sent, body) = response(case.get("response").unwrap_or(&Value::Null));
    let code = context.get("responseCode").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()).or(sent);
    let annotations = annotations(context);
    let authentication = match context.get("user") {
        Some(user) if code != Some(401) && user.get("username").is_some() => Authentication::User(user_of(user)),
        _ => Authentication::Failed,
    };
    let authorized = annotations.values().any(|noted| noted.keys().any(|key| key.starts_with("authorization.k8s.io/")));
    let impersonation = match headers::impersonation(&request, RELEASE) {
        headers::Wanted::User(user) if authorized || code != Some(403) => Impersonation::Allowed(user),
        headers::Wanted::User(_) => Impersonation::Refused,
        headers::Wanted::Nobody | headers::Wanted::Malformed { .. } => Impersonation::None,
    };
    // The request has the client's id in its own bytes.
    let made_id = || bytes(context.get("auditID").unwrap_or(&Value::Null)).into();
    let audit_id = headers::audit_id(&request).unwrap_or_else(made_id);
    let outcome = match text(context, "outcome") {
        "panicked" | "panic" => Outcome::Panic("net/http: abort Handler".into()),
        _ => Outcome::Complete,
    };
    let addresses = context.get("sourceIPs").and_then(Value::as_array).into_iter().flatten();
    Exchange {
        request,
        source_ips: addresses.filter_map(Value::as_str).map(str::to_owned).collect(),
        authentication,
        impersonation,
        authentication_metadata: constraint(case),
        response: Response { code, body },
        outcome,
        objects,
        annotations,
        times: times(context),
        audit_id,
    }
}

fn user_of(user: &Value) -> UserInfo {
    let strings = |value: &Value| -> Vec<GoString> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(GoString::from).collect()
    };
    let extra = user.get("extra").and_then(Value::as_object).into_iter().flatten();
    UserInfo {
        username: text(user, "username").into(),
        uid: text(user, "uid").into(),
        groups: user.get("groups").map(strings),
        extra: extra.map(|(key, values)| (key.as_str().into(), strings(values))).collect(),
    }
}

fn annotations(context: &Value) -> BTreeMap<Stage, BTreeMap<String, GoString>> {
    let stages = context.get("annotations").and_then(Value::as_object).into_iter().flatten();
    let of_stage = |noted: &Value| {
        let pairs = noted.as_object().into_iter().flatten();
        pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.into()))).collect()
    };
    stages.filter_map(|(stage, noted)| Some((Stage::from_name(stage)?, of_stage(noted)))).collect()
}

fn times(context: &Value) -> Times {
    let moment = |text: &str| Timestamp::parse_rfc3339(text).unwrap_or_default();
    let stages = context.get("stageTimestamps").and_then(Value::as_object).into_iter().flatten();
    Times {
        request_received: moment(text(context, "requestReceivedTimestamp")),
        stages: stages.filter_map(|(stage, at)| Some((Stage::from_name(stage)?, moment(at.as_str()?)))).collect(),
    }
}

/// Not to be derived (it depends on what the server saw before), so it is an input.
fn constraint(case: &Case) -> Option<AuthenticationMetadata> {
    let lines = case.get("lines").and_then(Value::as_array)?;
    let events = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line.as_str()?).ok());
    let mut constraints = events.filter_map(|event| {
        event.pointer("/authenticationMetadata/impersonationConstraint").and_then(Value::as_str).map(GoString::from)
    });
    constraints.next_back().map(|impersonation_constraint| AuthenticationMetadata { impersonation_constraint })
}
