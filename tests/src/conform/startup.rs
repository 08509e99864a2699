//! startup: what kube-apiserver 1.37 prints and records when it starts with a policy. Messages in the YAML parser's words are a count of
//! their own (`startup-yaml-parser`).

use anyhow::Result;
use audit_policy::event::UserInfo;
use audit_policy::request::info::{RequestInfo, attributes};
use audit_policy::{GoString, Level, Policy, Release, Stage, decide, load};
use serde_json::{Value, json};

use super::Report;
use super::load::{check_spans, policy};
use super::vectors::{Case, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        let bytes = policy(case)?;
        // The text of a very large policy is not recorded.
        if case.get("policy_bytes").and_then(Value::as_u64).is_some_and(|length| length != bytes.len() as u64) {
            report.not_run(name, 1);
            continue;
        }
        let lines = lines(case);
        let parser = lines.iter().any(|line| line.contains("yaml: "));
        let count = if parser { format!("{name}-yaml-parser") } else { name.to_owned() };
        report.count(&count, text(case, "name"), check(case, &bytes, &lines));
    }
    Ok(())
}

/// Where the scheme was made differs by build; this recording's was a program built from the module cache.
fn as_released(line: &str) -> String {
    line.replace("pkg/runtime/scheme.go:111", "pkg/audit/scheme.go:30")
}

/// The lines that loading the policy prints: warnings and the error, not what follows where it loads.
fn lines(case: &Case) -> Vec<String> {
    let lines = case.get("stderr_lines").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    lines
        .filter(|line| {
            !line.starts_with("\"Load audit policy rules success\"") && !line.starts_with("Using audit backend")
        })
        .map(as_released)
        .collect()
}

fn check(case: &Case, bytes: &[u8], wanted: &[String]) -> Result<(), String> {
    let loaded = load(bytes, Release::NEWEST).from_file("<dir>/policy.yaml");
    check_spans(bytes, &loaded)?;
    let mut got = loaded.warnings.clone();
    if let Some(message) = loaded.error.as_ref().and_then(|error| error.startup_message.as_deref()) {
        got.push(format!("\"command failed\" err={}", audit_policy::text::go_quote(message.as_bytes())));
    }
    // A warning of several lines is recorded line by line.
    let got: Vec<&str> = got.iter().flat_map(|message| message.split('\n')).collect();
    if got != wanted {
        return Err(format!("wanted {wanted:#?}\n      got {got:#?}"));
    }
    let accepted = case.get("accepted").and_then(Value::as_bool).unwrap_or_default();
    if accepted != loaded.accepted {
        return Err(format!("accepted: wanted {accepted}"));
    }
    loaded.policy.as_ref().map_or(Ok(()), |policy| check_probes(policy, case))
}

/// Whether the probe requests of a case are recorded as its server recorded them.
pub(super) fn check_probes(policy: &Policy, case: &Case) -> Result<(), String> {
    for probe in case.get("probe").and_then(Value::as_array).into_iter().flatten() {
        let got = ask(policy, probe)?;
        let wanted = json!({"level": probe.get("level"), "stages": probe.get("stages")});
        if got != wanted {
            return Err(format!("{}: wanted {wanted}\n      got {got}", text(probe, "request")));
        }
    }
    Ok(())
}

/// The level and the stages recorded for a request.
fn ask(policy: &Policy, probe: &Value) -> Result<Value, String> {
    let (method, target) = text(probe, "request").split_once(' ').ok_or("a probe is no request")?;
    let info = RequestInfo::new(&GoString::from(method), &GoString::from(target), Release::NEWEST)
        .map_err(|error| error.message)?;
    let user = match text(probe, "user") {
        "anonymous" => UserInfo::new("system:anonymous", &["system:unauthenticated"]),
        "admin" => UserInfo::new("admin", &["system:masters", "system:authenticated"]),
        other => return Err(format!("no user is known as {other}")),
    };
    let decision = decide(policy, &attributes(&info, Some(user)), Release::NEWEST);
    let stages = match (decision.level, info.is_long_running()) {
        (Level::None, _) => &[][..],
        (_, true) => &[Stage::RequestReceived, Stage::ResponseStarted, Stage::ResponseComplete][..],
        (_, false) => &[Stage::RequestReceived, Stage::ResponseComplete][..],
    };
    let recorded: Vec<&str> =
        stages.iter().filter(|stage| !decision.omit_stages.contains(**stage)).map(|stage| stage.as_str()).collect();
    let level = (!recorded.is_empty()).then(|| decision.level.as_str());
    Ok(json!({"level": level, "stages": recorded}))
}
