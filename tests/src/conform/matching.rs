//! match, corpus-match: which rule of a policy matches, and what that means.

use std::collections::BTreeMap;

use anyhow::Result;
use audit_policy::event::UserInfo;
use audit_policy::{Attributes, CompiledPolicy, GoString, Release, decide, explain};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], policies: &BTreeMap<String, String>, report: &mut Report) -> Result<()> {
    for case in cases {
        let id = text(case, "policy");
        let policy = policies.get(id).ok_or_else(|| anyhow::anyhow!("no policy is named {id}"))?;
        report.count(name, text(case, "id"), check(case, policy));
    }
    Ok(())
}

fn check(case: &Case, policy: &str) -> Result<(), String> {
    let attributes = attributes(case.get("attrs").unwrap_or(&Value::Null));
    for answer in answers(case) {
        let got = ask(policy, &attributes, answer.release);
        // Where a release refuses the policy, the newest one's answer shows through: only the refusal counts.
        let rejected = answer.out.get("rejected") == Some(&json!(true));
        let wanted = if rejected { json!({"rejected": true}) } else { answer.out.clone() };
        if got != wanted {
            return Err(format!("{}: wanted {}\n      got {got}", answer.version, answer.out));
        }
    }
    Ok(())
}

fn ask(policy: &str, attributes: &Attributes, release: Release) -> Value {
    let Some(policy) = audit_policy::load(policy.as_bytes(), release).policy else {
        return json!({"rejected": true});
    };
    let decision = decide(&policy, attributes, release);
    let trace = explain(&policy, attributes, release);
    if trace.decision != decision {
        return json!("explain and decide disagree");
    }
    if CompiledPolicy::new(&policy, release).decide(attributes) != decision {
        return json!("the compiled policy and decide disagree");
    }
    let mut stages: Vec<_> = decision.omit_stages.iter().map(|stage| stage.as_str()).collect();
    stages.sort_unstable();
    json!({
        "level": decision.level.as_str(),
        "matchedRule": decision.rule,
        "omitManagedFields": decision.omit_managed_fields,
        "omitStages": stages,
    })
}

fn attributes(attrs: &Value) -> Attributes {
    let string = |key| GoString::from(text(attrs, key));
    Attributes {
        user: attrs.get("user").filter(|user| !user.is_null()).map(user),
        verb: string("verb"),
        resource_request: attrs.get("resourceRequest").and_then(Value::as_bool).unwrap_or_default(),
        namespace: string("namespace"),
        api_group: string("apiGroup"),
        api_version: string("apiVersion"),
        resource: string("resource"),
        subresource: string("subresource"),
        name: string("name"),
        path: string("path"),
    }
}

fn user(user: &Value) -> UserInfo {
    let groups: Vec<&str> =
        user.get("groups").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    UserInfo::new(text(user, "name"), &groups)
}
