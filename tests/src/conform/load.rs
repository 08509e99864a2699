//! load, corpus-load: what a release makes of a policy's text.
//!
//! Cases whose error is in the YAML parser's words are a count of their own (`load-yaml-parser`). Texts of errors are compared from 1.26 on; of
//! older releases whether it loads, as what, and the message's first clause.

use anyhow::{Context as _, Result};
use audit_policy::load::{load, unreadable};
use audit_policy::loaded::LoadError;
use audit_policy::{Loaded, Release};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Answer, Case, answers, base64, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        let policy = policy(case)?;
        // A missing file's error is recorded as the parser's, which it is not.
        let count = match (text(case, "errorFrom"), text(case, "file")) {
            ("yaml-parser", file) if file != "missing" => format!("{name}-yaml-parser"),
            _ => name.to_owned(),
        };
        report.count(&count, text(case, "id"), check(case, &policy));
    }
    Ok(())
}

/// The policy's bytes, as `policy` or `policy_b64`.
pub(super) fn policy(case: &Case) -> Result<Vec<u8>> {
    match case.get("policy_b64").and_then(Value::as_str) {
        Some(encoded) => base64(encoded).context("policy_b64 is not base64"),
        None => Ok(text(case, "policy").as_bytes().to_vec()),
    }
}

fn check(case: &Case, policy: &[u8]) -> Result<(), String> {
    for answer in answers(case) {
        let path = case.get("path").and_then(Value::as_str);
        let loaded = match (text(case, "file"), path) {
            ("missing", Some(path)) => {
                unreadable(path, &format!("open {path}: no such file or directory"), answer.release)
            }
            (_, Some(path)) => load(policy, answer.release).from_file(path),
            (_, None) => load(policy, answer.release),
        };
        compare(&answer, &loaded)?;
        if let (Some(error), Release::NEWEST, false) = (&loaded.error, answer.release, text(case, "file") == "missing")
        {
            let (wanted, got) = (text(case, "errorFrom"), json!(error.from));
            if got != wanted {
                return Err(format!("whose words: wanted {wanted}, got {got}"));
            }
        }
        check_spans(policy, &loaded)?;
    }
    Ok(())
}

fn compare(answer: &Answer, loaded: &Loaded) -> Result<(), String> {
    let Answer { version, release, out } = answer;
    let differ = |what: &str, wanted: &dyn std::fmt::Display, got: &dyn std::fmt::Display| {
        Err(format!("{version}: {what}: wanted {wanted}\n      got {got}"))
    };
    let accepted = out.get("accepted").and_then(Value::as_bool).unwrap_or_default();
    if accepted != loaded.accepted {
        return differ("accepted", out, &json!(loaded));
    }
    let wanted = decoded(out.get("policy").unwrap_or(&Value::Null));
    let got = json!(loaded.policy);
    if wanted != got {
        return differ("policy", &wanted, &got);
    }
    let texts = *release >= FIRST_WITH_TEXTS;
    let wanted = out.get("error").and_then(Value::as_str).unwrap_or_default();
    let got = loaded.error.as_ref().map(error_text).unwrap_or_default();
    if shortened(wanted, texts) != shortened(&got, texts) {
        return differ("error", &wanted, &got);
    }
    let wanted = out.get("warnings").cloned().unwrap_or_else(|| json!([]));
    let got = json!(loaded.warnings);
    if wanted != got {
        return differ("warnings", &wanted, &got);
    }
    Ok(())
}

const FIRST_WITH_TEXTS: Release = match Release::new(26) {
    Some(release) => release,
    None => Release::NEWEST,
};

/// The message as reading from a file gives it: the start-up message less what start-up puts before it.
fn error_text(error: &LoadError) -> String {
    let startup = error.startup_message.as_deref();
    startup.and_then(|message| message.strip_prefix("loading audit policy file: ")).unwrap_or(&error.message).to_owned()
}

fn shortened(message: &str, whole: bool) -> &str {
    if whole { message } else { message.split(": ").next().unwrap_or_default() }
}

/// The recorded policy as the engine has it: without the object's metadata, which no rule looks at.
fn decoded(policy: &Value) -> Value {
    let mut policy = policy.clone();
    if let Some(fields) = policy.as_object_mut() {
        fields.remove("metadata");
    }
    policy
}

/// Places are on character boundaries of the text.
pub(super) fn check_spans(policy: &[u8], loaded: &Loaded) -> Result<(), String> {
    let rules = loaded.places.rules.iter();
    let places = rules.flat_map(|rule| rule.fields().flat_map(|(_, key, value)| [key, value]).chain([rule.span]));
    let findings = loaded.findings.iter();
    let spans = findings.flat_map(|finding| {
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        finding.span.into_iter().chain(edits)
    });
    let whole = std::str::from_utf8(policy);
    for span in places.chain(spans) {
        let good = match whole {
            Ok(text) => text.get(span.start..span.end).is_some(),
            Err(_) => span.start <= span.end && span.end <= policy.len(),
        };
        if !good {
            return Err(format!("no place in the text: {span:?}"));
        }
    }
    Ok(())
}
