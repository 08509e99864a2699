//! What the fuzzers begin with: the inputs of the recorded vectors, and of a folder of other policies and events.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use audit_policy::link;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{Format, ReadOptions, info, read, rewrite};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::SEPARATOR;
use crate::conform::read_lines;

/// A fuzz target's name and an input for it.
pub type Seed = (&'static str, Vec<u8>);

/// Longer ones slow fuzzers down and teach them nothing new.
const MOST_BYTES: usize = 8 << 10;

/// The inputs of the vectors in a folder, and of the policies and events in another where it is there.
///
/// # Errors
///
/// Where a vector file cannot be read.
pub fn seeds(vectors: &Path, corpus: &Path) -> Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    let mut policies = BTreeMap::new();
    for name in ["policies", "live-policies"] {
        for case in cases(vectors, name)? {
            policies.insert(text(&case, "id").to_owned(), text(&case, "policy").to_owned());
        }
    }
    for policy in policies.values() {
        seeds.push(("load", policy.clone().into_bytes()));
        seeds.push(("assist", policy.clone().into_bytes()));
        opened(&mut seeds, policy);
    }
    for name in ["load", "startup"] {
        for case in cases(vectors, name)? {
            seeds.push(("load", text(&case, "policy").as_bytes().to_vec()));
            seeds.push(("assist", text(&case, "policy").as_bytes().to_vec()));
        }
    }
    for case in cases(vectors, "live")? {
        let policy = policies.get(text(&case, "policy")).map(String::as_str).unwrap_or_default();
        let http = format!("{}\n{}", text(&case, "request"), text(&case, "response"));
        seeds.push(("record", [policy.as_bytes(), &[SEPARATOR], http.as_bytes()].concat()));
        seeds.push(("http", http.clone().into_bytes()));
        let scenario = serde_json::json!({"version": 1, "policy": policy, "request": http, "as": {"user": "alice"}});
        seeds.push(("scenario", scenario.to_string().into_bytes()));
        for line in case.get("lines").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            seeds.push(("event", line.as_bytes().to_vec()));
            seeds.push(("text", line.as_bytes().to_vec()));
        }
    }
    for case in cases(vectors, "requestinfo")? {
        seeds.push(("http", format!("{} {}", text(&case, "method"), text(&case, "url")).into_bytes()));
    }
    for case in cases(vectors, "text")? {
        let event = case.get("event").map(Value::to_string).unwrap_or_default();
        seeds.push(("event", event.clone().into_bytes()));
        seeds.push(("text", event.into_bytes()));
    }
    for case in cases(vectors, "kubectl")? {
        let command = text(&case, "command").as_bytes();
        let files = case.get("files").and_then(Value::as_object);
        let file = files.and_then(|files| files.values().find_map(Value::as_str)).unwrap_or_default();
        seeds.push(("kubectl", [command, &[SEPARATOR], file.as_bytes()].concat()));
        let request = serde_json::json!({"version": 1, "request": text(&case, "command")});
        seeds.push(("scenario", request.to_string().into_bytes()));
    }
    from_folder(&corpus.join("policies"), |policy| seeds.push(("load", policy)))?;
    from_folder(&corpus.join("events"), |events| {
        for event in events.split(|byte| *byte == b'\n').take(20) {
            seeds.push(("event", event.to_vec()));
        }
    })?;
    written_otherwise(&mut seeds);
    seeds.extend(REVIEWS.iter().map(|review| ("review", review.as_bytes().to_vec())));
    seeds.retain(|(_, seed)| !seed.is_empty() && seed.len() <= MOST_BYTES);
    seeds.sort();
    seeds.dedup();
    Ok(seeds)
}

/// A policy as a file, in a ConfigMap, and in a link and what the link packs.
fn opened(seeds: &mut Vec<Seed>, policy: &str) {
    seeds.push(("open", policy.as_bytes().to_vec()));
    let map = |key: &str, value: &str| serde_json::json!({"kind": "ConfigMap", "metadata": {"name": "audit"}, key: {"policy.yaml": value}});
    seeds.push(("open", map("data", policy).to_string().into_bytes()));
    seeds.push(("open", map("binaryData", &STANDARD.encode(policy)).to_string().into_bytes()));
    let indented: String = policy.lines().map(|line| format!("      {line}\n")).collect();
    seeds.push(("open", format!("cluster:\n  auditPolicy:\n    content: |\n{indented}").into_bytes()));
    let scenario =
        Scenario { policy: Some(policy.to_owned()), request: "kubectl get pods".to_owned(), ..Scenario::default() };
    seeds.push(("open", scenario.to_yaml().into_bytes()));
    let Some(written) = link::write(&scenario) else { return };
    let packs = URL_SAFE_NO_PAD.decode(written.strip_prefix(link::PREFIX).unwrap_or_default());
    seeds.extend(packs.map(|packs| ("link", packs)));
    seeds.push(("open", format!("https://example.org/#{written}").into_bytes()));
    seeds.push(("link", written.into_bytes()));
}

/// The HTTP requests as forms, as curl commands, and asked about in reviews.
fn written_otherwise(seeds: &mut Vec<Seed>) {
    let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
    let requests =
        seeds.iter().filter(|(target, _)| *target == "http").filter_map(|(_, seed)| read(seed, &options).ok());
    let exchanges: Vec<_> = requests.flat_map(|reading| reading.requests).map(|request| request.exchange).collect();
    for exchange in &exchanges {
        for (target, format) in [("form", Format::Form), ("curl", Format::Curl)] {
            let written = rewrite(exchange, format, options.release);
            seeds.extend(written.map(|written| (target, written.text.into_bytes())));
        }
        let Ok(info) = info::of_request(&exchange.request, options.release) else { continue };
        let review = serde_json::json!({
            "kind": "SubjectAccessReview",
            "apiVersion": "authorization.k8s.io/v1",
            "spec": {"user": "alice", "groups": ["dev"], "resourceAttributes": {
                "namespace": info.namespace, "verb": info.verb, "group": info.api_group, "version": info.api_version,
                "resource": info.resource, "subresource": info.subresource, "name": info.name,
            }},
        });
        seeds.push(("review", review.to_string().into_bytes()));
    }
}

const REVIEWS: [&str; 5] = [
    "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: alice\n  groups: [dev]\n  extra: {a: [b]}\n  resourceAttributes: \
     {namespace: prod, verb: get, group: apps, version: '*', resource: deployments, subresource: scale, name: web, fieldSelector: {rawSelector: a=b}}\n\
     status: {allowed: false}\n",
    r#"{"apiVersion":"authorization.k8s.io/v1beta1","kind":"LocalSubjectAccessReview","metadata":{"namespace":"a"},"spec":{"user":"bob","group":["x"],"resourceAttributes":{"verb":"list","resource":"pods","labelSelector":{"requirements":[{"key":"app","operator":"In","values":["a","b"]}]}}}}"#,
    "kind: SelfSubjectAccessReview\napiVersion: authorization.k8s.io/v1\nspec:\n  nonResourceAttributes: {path: /healthz, verb: get}\n",
    r#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u","resource":{"group":"apps","version":"v1","resource":"deployments"},"requestResource":{"group":"apps","version":"v1beta1","resource":"deployments"},"subResource":"scale","namespace":"prod","name":"web","operation":"UPDATE","userInfo":{"username":"al","groups":["g"],"extra":{"a":["b"]}},"object":{"kind":"Scale"},"oldObject":null,"dryRun":true,"options":{"fieldManager":"a b"}}}"#,
    "kind: AdmissionReview\napiVersion: admission.k8s.io/v1\nrequest:\n  operation: CONNECT\n  resource: {version: v1, resource: pods}\n  subResource: exec\n  name: web\n",
];

fn cases(vectors: &Path, name: &str) -> Result<Vec<Value>> {
    read_lines(&vectors.join(format!("{name}.jsonl.gz")))
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The files of a folder, if it is there.
fn from_folder(folder: &Path, mut add: impl FnMut(Vec<u8>)) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            add(fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
        }
    }
    Ok(())
}
