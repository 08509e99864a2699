//! One request in every form in which it leaves the server: the POST that a receiver gets, lines of the log, the two lines of basic audit, what AuditSinks get.

use audit_policy::deliver::Post;
use audit_policy::event::Event;
use audit_policy::flags::kubeconfig::{self, Authority, Credentials, KubeconfigParts};
use audit_policy::recording::Fate;
use audit_policy::request::ReadOptions;
use audit_policy::request::scenario::Scenario;
use audit_policy::text::{Encoding, basic_lines};
use audit_policy::{Policy, Release, load, record, sink};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// What a scenario's request (the one that is picked) comes to: its events as lines, as one POST to a URL, as what a release with basic audit wrote, and beside the
/// scenario's AuditSinks.
///
/// # Errors
///
/// Why there is none: what is wrong with the scenario, its policy or its request.
#[wasm_bindgen]
pub fn formats(scenario: &str, url: &str, old: &str) -> Result<String, String> {
    let scenario = Scenario::parse(scenario.as_bytes()).map_err(super::first)?;
    let asked = scenario.kubernetes.unwrap_or_default();
    // What has no policies is shown beside what the newest does.
    let release = if asked.has_policies() { asked } else { Release::NEWEST };
    let loaded = load(scenario.policy.as_deref().unwrap_or_default().as_bytes(), release);
    let why = loaded.error.map(|error| error.message).unwrap_or_default();
    let policy = loaded.policy.ok_or_else(|| format!("the policy does not load: {why}"))?;
    let options = ReadOptions { release, ..ReadOptions::default() };
    let reading = scenario.read(&options).map_err(super::first)?;
    let request = reading.request(reading.pick).ok_or("there is no request")?;
    let recording = record(&policy, &request.exchange, release);
    let recorded = recording.stages.iter().filter_map(|stage| match &stage.fate {
        Fate::Recorded { event, line, legacy, .. } => Some((stage.stage, &**event, line, legacy)),
        _ => None,
    });
    let recorded: Vec<_> = recorded.collect();
    let events: Vec<&Event> = recorded.iter().map(|(_, event, ..)| *event).collect();
    let post = (!events.is_empty()).then(|| Post::new(&events, url, Encoding::of(release)));
    let post = post.map(|post| json!({"text": String::from_utf8_lossy(&post.bytes()), "curl": post.curl()}));
    let old: Option<Release> = old.parse().ok();
    let basic = old.map(|old| basic_lines(&request.exchange, old).iter().map(ToString::to_string).collect::<Vec<_>>());
    let lines = recorded
        .iter()
        .map(|(stage, _, line, legacy)| json!({"stage": stage.as_str(), "json": line, "legacy": legacy}));
    Ok(json!({
        "release": release, "lines": lines.collect::<Vec<_>>(), "post": post, "basic": basic,
        "sinks": scenario.sending.sinks.as_deref().map(|text| sinks(text, &policy, &request.exchange, release)),
    })
    .to_string())
}

fn sinks(text: &str, policy: &Policy, exchange: &audit_policy::Exchange, release: Release) -> Value {
    let Some(loaded) = sink::load(text.as_bytes(), release) else {
        return json!({"error": "no AuditSink is in this text"});
    };
    let error = loaded.error.as_ref().map(|error| error.message.clone());
    let notes: Vec<_> =
        loaded.findings.iter().map(|finding| json!({"message": finding.message, "help": finding.help})).collect();
    let read = sink::read(text.as_bytes(), release).filter(|_| loaded.accepted);
    let Some(read) = read else { return json!({"error": error.unwrap_or_default(), "notes": notes}) };
    let beside = sink::beside(Some(policy), &read.sinks, exchange, release);
    let gets = beside.sinks.iter().zip(&read.sinks).map(|(gets, sink)| {
        let stages = gets.stages.iter().filter(|stage| matches!(stage.fate, Fate::Recorded { .. }));
        let delivery = sink.delivery();
        json!({
            "name": gets.name, "level": sink.policy.level, "stages": stages.map(|stage| stage.stage.as_str()).collect::<Vec<_>>(),
            "beyond": gets.beyond, "qps": delivery.throttle_qps, "burst": delivery.throttle_burst, "buffer": delivery.buffer_size,
        })
    });
    json!({"sinks": gets.collect::<Vec<_>>(), "notes": notes})
}

/// A kubeconfig file for the webhook: its URL, the file of its authorities (empty: the system's) and a token (empty: none).
#[wasm_bindgen]
pub fn kubeconfig(server: &str, authority: &str, token: &str) -> String {
    let (server, authority, token) = (server.to_owned(), authority.to_owned(), token.to_owned());
    kubeconfig::write(&KubeconfigParts {
        server,
        authority: if authority.is_empty() { Authority::System } else { Authority::File(authority) },
        credentials: if token.is_empty() { Credentials::None } else { Credentials::Token(token) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_in_every_form() {
        let sink = "apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: mine}\nspec:\n  policy: {level: Metadata, stages: [ResponseComplete]}\n  webhook: {clientConfig: {url: \"https://a.example/\"}}\n";
        let scenario = json!({
            "version": 1, "kubernetes": "1.18", "policy": "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [ResponseComplete]\nrules:\n- level: Metadata\n",
            "request": "kubectl get pods", "sinks": sink,
        });
        let told = formats(&scenario.to_string(), "https://audit.example/events", "1.7").unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["lines"][0]["stage"], "RequestReceived");
        assert_eq!(told["basic"].as_array().unwrap().len(), 2);
        assert!(
            told["post"]["text"]
                .as_str()
                .unwrap()
                .starts_with("POST /events?timeout=30s HTTP/1.1\r\nHost: audit.example\r\n")
        );
        assert!(told["post"]["curl"].as_str().unwrap().starts_with("curl 'https://audit.example/events?timeout=30s'"));
        assert_eq!(told["sinks"]["sinks"][0]["stages"], json!(["ResponseComplete"]));
        assert_eq!(told["sinks"]["sinks"][0]["beyond"], json!(["ResponseComplete"]));
        let newer = json!({"version": 1, "policy": scenario["policy"], "request": "kubectl get pods", "sinks": sink});
        let told: Value = serde_json::from_str(&formats(&newer.to_string(), "", "").unwrap()).unwrap();
        assert!(!told["sinks"]["error"].as_str().unwrap().is_empty());
        assert!(kubeconfig("https://a.example/", "", "t").contains("token: t"));
    }
}
