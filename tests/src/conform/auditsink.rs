//! auditsink: what the backend of an AuditSink gets of events, in 1.18 and 1.15: the policy that it comes to, each event cut down to it, and
//! what the server logs of those that it loses.

use audit_policy::event::parse;
use audit_policy::sink::{SinkPolicy, enforce, plugin_error};
use audit_policy::text::json_line;
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Answer, Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) {
    for case in cases {
        let outcome = answers(case).iter().try_for_each(|answer| check(case, answer));
        report.count(name, text(case, "id"), outcome);
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn check(case: &Case, answer: &Answer) -> Result<(), String> {
    let spec = case.get("sinkPolicy").cloned().unwrap_or_default();
    let stages = list(&spec, "stages").filter_map(Value::as_str).map(str::to_owned).collect();
    let policy = SinkPolicy { level: text(&spec, "level").to_owned(), stages };
    let omitted: Vec<&str> = policy.omit_stages().iter().map(|stage| stage.as_str()).collect();
    let rules = json!([{"level": policy.level}]);
    let converted = match omitted.as_slice() {
        [] => json!({"rules": rules}),
        omitted => json!({"rules": rules, "omitStages": omitted}),
    };
    let (mut calls, mut log) = (Vec::new(), Vec::new());
    for event in list(case, "events") {
        let event = parse(event.to_string().as_bytes(), answer.release).map_err(|error| error.message)?;
        match enforce(&policy, &event) {
            Ok(Some(event)) => {
                let line: Value = serde_json::from_slice(&json_line(&event)).map_err(|error| error.to_string())?;
                calls.push(json!([line]));
            }
            Ok(None) => {}
            Err(why) => log.push(plugin_error(&why, &event, answer.release)),
        }
    }
    let got = json!({"policy": converted, "delegateCalls": calls, "log": log, "success": true});
    let wanted = &answer.out;
    if got == *wanted { Ok(()) } else { Err(format!("{}: wanted {wanted}\n      got {got}", answer.version)) }
}
