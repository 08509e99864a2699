//! Scenario → JSON and YAML.

use std::collections::BTreeMap;

use crate::json::{Map, Value, json};

use super::{Scenario, VERSION, load};
use crate::exchange::{Authentication, LoggedObject, Outcome, Times};
use crate::request::Given;
use crate::{GoString, Stage};

/// The scenario as JSON, in the order in which the file is documented, without what is not given.
pub(super) fn to_value(scenario: &Scenario) -> Value {
    let mut members = Members::default();
    members.put("version", Some(json!(i64::from(VERSION))));
    members.put("kubernetes", scenario.kubernetes.map(|release| json!(release.to_string())));
    members.put("policy", scenario.policy.as_ref().map(|policy| json!(policy)));
    members.put("request", Some(json!(scenario.request)));
    members.put("format", scenario.format.map(|format| json!(format.as_str())));
    members.put("pick", scenario.pick.map(|pick| json!(pick + 1)));
    let given = &scenario.given;
    members.put("as", given.user.as_ref().map(user));
    members.put("impersonation", given.impersonation_allowed.map(|is| json!(if is { "allowed" } else { "refused" })));
    members.put("from", given.from.as_ref().map(|from| json!(from)));
    members.put("response", response(given));
    members.put("annotations", given.annotations.as_ref().map(annotations));
    members.put("times", given.times.as_ref().map(times));
    members.put("auditID", given.audit_id.as_ref().map(|id| json!(id)));
    let sending = &scenario.sending;
    members.put("flags", sending.flags.as_ref().map(|flags| json!(flags)));
    members.put("load", sending.load.as_ref().map(load::to_value));
    members.put("sinks", sending.sinks.as_ref().map(|sinks| json!(sinks)));
    Value::Object(members.0)
}

#[derive(Default)]
pub(super) struct Members(pub(super) Map);

impl Members {
    pub(super) fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name, value);
        }
    }

    /// The mapping, unless it is empty.
    pub(super) fn some(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

fn user(user: &Authentication) -> Value {
    let Authentication::User(user) = user else { return json!("nobody") };
    let mut members = Members::default();
    members.put("user", Some(json!(user.username)));
    members.put("uid", (!user.uid.is_empty()).then(|| json!(user.uid)));
    members.put("groups", Some(json!(user.groups)));
    let extra: Map = user.extra.iter().map(|(key, values)| (key.to_str_lossy().into_owned(), json!(values))).collect();
    members.put("extra", (!extra.is_empty()).then(|| Value::Object(extra.sorted())));
    Value::Object(members.0)
}

fn response(given: &Given) -> Option<Value> {
    let mut members = Members::default();
    members.put("code", given.code.map(|code| json!(code)));
    members.put("body", given.body.as_ref().map(|body| json!(body)));
    let mut objects = Members::default();
    objects.put("request", object(&given.objects.request));
    objects.put("response", object(&given.objects.response));
    members.put("objects", objects.some());
    let (outcome, panic) = match &given.outcome {
        None => (None, None),
        Some(Outcome::Complete) => (Some("complete"), None),
        Some(Outcome::NothingWritten) => (Some("nothingWritten"), None),
        Some(Outcome::Panic(value)) => (Some("panic"), Some(json!(value))),
    };
    members.put("outcome", outcome.map(|outcome| json!(outcome)));
    members.put("panic", panic);
    members.some()
}

fn object(object: &LoggedObject) -> Option<Value> {
    match object {
        LoggedObject::FromBody => None,
        LoggedObject::Absent => Some(Value::Null),
        // A string keeps what YAML and most readers of JSON lose: order, spelling, duplicates.
        LoggedObject::Decoded(text) => Some(json!(String::from_utf8_lossy(text.as_bytes()))),
    }
}

fn annotations(annotations: &BTreeMap<Stage, BTreeMap<String, GoString>>) -> Value {
    Value::Object(annotations.iter().map(|(stage, own)| (stage.as_str().to_owned(), json!(own))).collect())
}

fn times(times: &Times) -> Value {
    let mut members = Members::default();
    members.put("requestReceived", Some(json!(nanoseconds(times.request_received))));
    for (stage, time) in &times.stages {
        members.put(stage.as_str(), Some(json!(nanoseconds(*time))));
    }
    Value::Object(members.0)
}

/// With all nine decimals, so that the precision shows.
fn nanoseconds(time: crate::Timestamp) -> String {
    let text = time.to_rfc3339_nano();
    let (date, decimals) = text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    format!("{date}.{decimals:0<9}Z")
}
