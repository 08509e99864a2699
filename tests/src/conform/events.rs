//! events: requests through the real handler chain. A case's script of the innermost handler, and what the client was answered where the
//! chain answered by itself, become an exchange; only the events are compared.

use std::collections::BTreeMap;

use anyhow::Result;
use audit_policy::event::{AuthenticationMetadata, UserInfo};
use audit_policy::exchange::{
    Authentication, HttpRequest, Impersonation, LoggedObject, Objects, Outcome, Response, Times,
};
use audit_policy::recording::Fate;
use audit_policy::request::headers;
use audit_policy::text::json_line;
use audit_policy::{Exchange, GoString, Release, Stage, Timestamp, record};
use serde_json::Value;

use super::Report;
use super::handler::{Handler, run_script};
use super::vectors::{Answer, Case, answers, text};

/// Stands for an id that the server made; the recording has `<uuid>`, which JSON would escape.
const MADE_ID: &str = "MADE-ID";
/// Stands for a duration, `<latency>` in the recording.
const LATENCY: &str = "LATENCY";

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        report.count(name, text(case, "id"), check(case));
    }
    Ok(())
}

fn check(case: &Case) -> Result<(), String> {
    for answer in answers(case) {
        let wanted = strings(&answer.out, "events");
        let got = events(case, &answer, &wanted);
        if got != wanted {
            let differ = |index: &usize| got.get(*index) != wanted.get(*index);
            let index = (0..got.len().max(wanted.len())).find(differ).unwrap_or_default();
            return Err(format!(
                "{}, event {index} ({} wanted, {} got):\n   wanted {}\n      got {}",
                answer.version,
                wanted.len(),
                got.len(),
                wanted.get(index).map_or("none", String::as_str),
                got.get(index).map_or("none", String::as_str),
            ));
        }
    }
    Ok(())
}

/// The events that the engine records, with the recording's placeholders.
fn events(case: &Case, answer: &Answer, wanted: &[String]) -> Vec<String> {
    let Some(policy) = audit_policy::load(text(case, "policy").as_bytes(), answer.release).policy else {
        return vec!["the policy does not load".to_owned()];
    };
    let recording = record(&policy, &exchange(case, answer, wanted), answer.release);
    let sink_fails = strings(case, "sinkFails");
    let mut lines = Vec::new();
    for stage in &recording.stages {
        match &stage.fate {
            Fate::Recorded { event, .. } => lines.push(String::from_utf8_lossy(&json_line(event)).into_owned()),
            Fate::Lost { why } => lines.push(serde_json::json!({"encodeError": why}).to_string()),
            Fate::Omitted { .. } | Fate::NotProduced { .. } => continue,
        }
        // The request is answered 500 where its first event cannot be stored.
        if stage.stage == Stage::RequestReceived && sink_fails.iter().any(|failing| failing == stage.stage.as_str()) {
            break;
        }
    }
    name_times(lines)
}

/// The moments in order of their appearance as T0, T1, …
fn name_times(lines: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut named = Vec::new();
    for line in lines {
        let mut line = line.replace(MADE_ID, "<uuid>").replace(LATENCY, "<latency>");
        for second in 0..10 {
            let moment = moment(second).to_micro_time();
            if line.contains(&moment) {
                let index = seen.iter().position(|known| *known == moment).unwrap_or_else(|| {
                    seen.push(moment.clone());
                    seen.len() - 1
                });
                line = line.replace(&moment, &format!("T{index}"));
            }
        }
        named.push(line);
    }
    named
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_unix(second, 0)
}

fn exchange(case: &Case, answer: &Answer, wanted: &[String]) -> Exchange {
    let request = HttpRequest {
        method: text(case, "method").into(),
        target: text(case, "url").into(),
        headers: headers_of(case),
        body: GoString::new(),
    };
    let impersonation = impersonation(&request, answer.release, wanted);
    let authn = case.get("authn").unwrap_or(&Value::Null);
    let authentication = match text(authn, "result") {
        "user" => Authentication::User(user(authn)),
        _ => Authentication::Failed,
    };
    // Whether the script was reached: nobody answered before it.
    let malformed = matches!(headers::impersonation(&request, answer.release), headers::Wanted::Malformed { .. });
    let authz = case.get("authz").unwrap_or(&Value::Null);
    let denied = text(authz, "result") != "allow";
    let reached = !denied && !malformed && impersonation != Impersonation::Refused;
    let handler = if reached { run_script(case) } else { answered_by_chain(answer) };
    let authorized = !malformed && impersonation != Impersonation::Refused;
    Exchange {
        source_ips: headers::source_ips(&request, "127.0.0.1"),
        audit_id: headers::audit_id(&request).unwrap_or_else(|| MADE_ID.into()),
        request,
        authentication,
        impersonation,
        authentication_metadata: constraint(wanted),
        response: Response { code: handler.code, body: handler.body },
        outcome: handler.outcome,
        objects: Objects { request: handler.request_object, response: handler.response_object },
        annotations: annotations(authz, authorized, &handler.annotations, wanted),
        times: Times {
            request_received: moment(0),
            stages: BTreeMap::from([
                (Stage::ResponseStarted, moment(1)),
                (Stage::ResponseComplete, moment(2)),
                (Stage::Panic, moment(3)),
            ]),
        },
    }
}

fn headers_of(case: &Case) -> Vec<(String, GoString)> {
    let pairs = case.get("headers").and_then(Value::as_array).into_iter().flatten();
    let string = |pair: &Value, index: usize| pair.get(index).and_then(Value::as_str).unwrap_or_default().to_owned();
    // Go's server trims values.
    pairs.map(|pair| (string(pair, 0), GoString::from(string(pair, 1).trim()))).collect()
}

fn user(authn: &Value) -> UserInfo {
    let groups = authn.get("groups").and_then(Value::as_array);
    let strings = |value: &Value| -> Vec<GoString> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(GoString::from).collect()
    };
    let extra = authn.get("extra").and_then(Value::as_object).into_iter().flatten();
    UserInfo {
        username: text(authn, "name").into(),
        uid: text(authn, "uid").into(),
        groups: groups.map(|groups| strings(&Value::Array(groups.clone()))),
        extra: extra.map(|(key, values)| (key.as_str().into(), strings(values))).collect(),
    }
}

/// Which impersonation is allowed is an input: the recorded events show it.
fn impersonation(request: &HttpRequest, release: Release, wanted: &[String]) -> Impersonation {
    match headers::impersonation(request, release) {
        headers::Wanted::User(user) if wanted.iter().any(|line| line.contains("\"impersonatedUser\"")) => {
            Impersonation::Allowed(user)
        }
        headers::Wanted::User(_) => Impersonation::Refused,
        headers::Wanted::Nobody | headers::Wanted::Malformed { .. } => Impersonation::None,
    }
}

fn constraint(wanted: &[String]) -> Option<AuthenticationMetadata> {
    let events = wanted.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut constraints = events.filter_map(|event| {
        event.pointer("/authenticationMetadata/impersonationConstraint").and_then(Value::as_str).map(GoString::from)
    });
    constraints.next_back().map(|impersonation_constraint| AuthenticationMetadata { impersonation_constraint })
}

/// What the client was answered by the chain itself: an input, as the answer of a handler is.
fn answered_by_chain(answer: &Answer) -> Handler {
    let response = answer.out.get("response").unwrap_or(&Value::Null);
    let code = text(response, "statusLine").split(' ').nth(1).and_then(|code| code.parse().ok());
    Handler {
        code,
        body: text(response, "body").into(),
        response_object: LoggedObject::FromBody,
        request_object: LoggedObject::Absent,
        outcome: Outcome::Complete,
        annotations: BTreeMap::new(),
    }
}

fn annotations(
    authz: &Value,
    authorized: bool,
    handlers: &BTreeMap<String, GoString>,
    wanted: &[String],
) -> BTreeMap<Stage, BTreeMap<String, GoString>> {
    let mut annotations = handlers.clone();
    if authorized {
        let (decision, reason) = match text(authz, "result") {
            "allow" => (Some("allow"), text(authz, "reason")),
            "error" => (None, "internal error"),
            _ => (Some("forbid"), text(authz, "reason")),
        };
        if let Some(decision) = decision {
            annotations.insert("authorization.k8s.io/decision".to_owned(), decision.into());
        }
        annotations.insert("authorization.k8s.io/reason".to_owned(), reason.into());
    }
    let mut complete = annotations.clone();
    // How long each part of a slow request took is measured, not derived.
    for event in wanted.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        for (key, _) in event.get("annotations").and_then(Value::as_object).into_iter().flatten() {
            if key.starts_with("apiserver.latency.k8s.io/") {
                complete.insert(key.clone(), LATENCY.into());
            }
        }
    }
    BTreeMap::from([
        (Stage::ResponseStarted, annotations.clone()),
        (Stage::ResponseComplete, complete),
        (Stage::Panic, annotations),
    ])
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
