//! requestinfo: what a request line is about.

use anyhow::{Context as _, Result};
use audit_policy::request::info::RequestInfo;
use audit_policy::{GoString, Release};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Case, answers, base64, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        let target = match case.get("url_b64").and_then(Value::as_str) {
            Some(encoded) => base64(encoded).context("url_b64 is not base64")?,
            None => text(case, "url").as_bytes().to_vec(),
        };
        report.count(name, text(case, "id"), check(case, &target.into()));
    }
    Ok(())
}

fn check(case: &Case, target: &GoString) -> Result<(), String> {
    let method = GoString::from(text(case, "method"));
    for answer in answers(case) {
        let got = ask(&method, target, answer.release);
        if got != answer.out {
            return Err(format!("{}: wanted {}\n      got {got}", answer.version, answer.out));
        }
    }
    Ok(())
}

fn ask(method: &GoString, target: &GoString, release: Release) -> Value {
    match RequestInfo::new(method, target, release) {
        Err(error) => json!({"httpError": error.message}),
        Ok(info) => json!({
            "apiGroup": info.api_group,
            "apiPrefix": info.api_prefix,
            "apiVersion": info.api_version,
            "error": info.error,
            "fieldSelector": info.field_selector,
            "isResourceRequest": info.is_resource_request,
            "labelSelector": info.label_selector,
            "longRunning": info.is_long_running(),
            "name": info.name,
            "namespace": info.namespace,
            "parts": info.parts,
            "path": info.path,
            "requestURI": info.request_uri,
            "resource": info.resource,
            "subresource": info.subresource,
            "verb": info.verb,
        }),
    }
}
