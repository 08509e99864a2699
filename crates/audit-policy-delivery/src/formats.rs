//! One request in every form in which it leaves the server: the POST that a receiver gets, lines of the log, the two lines of basic audit, what AuditSinks get.

use audit_policy::deliver::{Options, Post};
use audit_policy::event::{Event, EventVersion};
use audit_policy::flags::kubeconfig::{self, Authority, Credentials, KubeconfigParts};
use audit_policy::flags::{self, FileState};
use audit_policy::recording::Fate;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{ReadOptions, Unreadable};
use audit_policy::text::{Encoding, basic_lines};
use audit_policy::{Policy, Release, load, record, sink};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// What a scenario's request (the one that is picked) comes to: its events as lines, as one POST to a URL, as what a release with basic audit wrote, and beside the
/// scenario's AuditSinks. `old` is the release whose basic audit is shown; where it is none, one is chosen.
///
/// # Errors
///
/// Why there is none: what is wrong with the scenario, its policy or its request.
#[wasm_bindgen]
pub fn formats(scenario: &str, url: &str, old: &str) -> Result<String, String> {
    let scenario = Scenario::parse(scenario.as_bytes()).map_err(Unreadable::why)?;
    let asked = scenario.kubernetes.unwrap_or_default();
    // What has no policies is shown beside what the newest does.
    let release = if asked.has_policies() { asked } else { Release::NEWEST };
    let loaded = load(scenario.policy.as_deref().unwrap_or_default().as_bytes(), release);
    let why = loaded.error.map(|error| error.message).unwrap_or_default();
    let policy = loaded.policy.ok_or_else(|| format!("the policy does not load: {why}"))?;
    let options = ReadOptions { release, ..ReadOptions::default() };
    let reading = scenario.read(&options).map_err(Unreadable::why)?;
    let request = reading.request(reading.pick).ok_or("there is no request")?;
    let recording = record(&policy, &request.exchange, release);
    let (of_log, of_webhook) = encodings(scenario.sending.flags.as_deref().unwrap_or_default(), release);
    let recorded = recording.stages.iter().filter_map(|stage| match &stage.fate {
        Fate::Recorded { event, legacy, .. } => {
            let line = String::from_utf8_lossy(&of_log.line(event)).into_owned();
            Some((stage.stage, &**event, line, legacy))
        }
        _ => None,
    });
    let recorded: Vec<_> = recorded.collect();
    let events: Vec<&Event> = recorded.iter().map(|(_, event, ..)| *event).collect();
    let post = (!events.is_empty()).then(|| Post::new(&events, url, of_webhook));
    let post = post.map(|post| json!({"text": String::from_utf8_lossy(&post.bytes()), "curl": post.curl()}));
    let old = old.parse().unwrap_or_else(|_| with_basic_audit(asked));
    let olds: Vec<Release> = Release::all().rev().filter(|release| release.has_basic_audit()).collect();
    let were = flags::flag("audit-dynamic-configuration").map(flags::Flag::releases);
    let lines = recorded
        .iter()
        .map(|(stage, _, line, legacy)| json!({"stage": stage.as_str(), "json": line, "legacy": legacy}));
    Ok(json!({
        "release": release, "lines": lines.collect::<Vec<_>>(), "post": post,
        "basic": basic_lines(&request.exchange, old), "old": old, "olds": olds, "sinksWere": were, "aboutSinks": flags::describe_sinks(),
        "sinks": scenario.sending.sinks.as_deref().map(|text| sinks(text, &policy, &request.exchange, release)),
    })
    .to_string())
}

/// How the log and the webhook write events, as flags say.
fn encodings(flags: &str, release: Release) -> (Encoding, Encoding) {
    let options =
        flags::check(flags, release, &|_| FileState::Unknown).map(|checked| checked.settings.options(release));
    let Options { log, webhook, .. } = options.unwrap_or_default();
    let encoding = |version: Option<EventVersion>| {
        Encoding::new(version.filter(|version| version.is_in(release)).unwrap_or(EventVersion::of(release)), release)
    };
    (encoding(log.map(|log| log.version)), encoding(webhook.map(|webhook| webhook.version)))
}

/// The release whose basic audit is shown beside a release's events: its own, or that of the newest which writes nothing else where no feature gate is set.
fn with_basic_audit(asked: Release) -> Release {
    let is_only = |release: &Release| !flags::Settings::defaults(*release).advanced_auditing;
    if asked.has_basic_audit() { asked } else { Release::all().find(is_only).unwrap_or(asked) }
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

/// What the server says of a webhook's kubeconfig that is at the path that flags name: why it is refused, or where events go and what is told of both sides; findings with
/// their lines.
#[wasm_bindgen]
pub fn check_kubeconfig(text: &str, of_flags: &str, release: &str) -> String {
    let checked = flags::check(of_flags, super::of(release), &|_| FileState::Unknown);
    let path = checked.as_ref().map(|checked| checked.settings.webhook.config_file.as_str());
    let path = path.filter(|path| !path.is_empty()).unwrap_or(flags::WEBHOOK_FILE);
    let read = kubeconfig::read(text.as_bytes(), path, &|_| FileState::Unknown);
    let mounts = checked.as_ref().and_then(|checked| checked.mounts.as_deref());
    let unseen = mounts.map(|mounts| kubeconfig::not_mounted(&read.files, mounts)).unwrap_or_default();
    let findings: Vec<_> =
        read.findings.iter().chain(&unseen).map(|finding| super::told(finding, text, None)).collect();
    let (error, webhook) = match &read.outcome {
        Ok(webhook) => (None, Some(webhook)),
        Err(error) => (Some(error), None),
    };
    json!({"path": path, "error": error, "webhook": webhook, "files": read.files, "findings": findings}).to_string()
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

    #[test]
    fn basic_audit_is_that_of_the_release_or_of_the_newest_that_has_nothing_else() {
        for (asked, shown) in [("1.5", "1.5"), ("1.11", "1.11"), ("1.12", "1.7"), ("1.37", "1.7")] {
            let scenario = json!({
                "version": 1, "kubernetes": asked, "request": "kubectl get pods",
                "policy": "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules:\n- level: Metadata\n",
            });
            let scenario = match asked {
                "1.37" | "1.5" => scenario.to_string().replace("v1beta1", "v1"),
                _ => scenario.to_string(),
            };
            let told: Value = serde_json::from_str(&formats(&scenario, "", "").unwrap()).unwrap();
            assert_eq!(
                (&told["old"], &told["olds"][0], &told["olds"][7]),
                (&shown.into(), &"1.4".into(), &"1.11".into())
            );
            assert_eq!(told["sinksWere"], "1.13 to 1.18");
        }
    }

    #[test]
    fn a_kubeconfig_is_checked_where_the_flags_have_it() {
        let told = |text: &str, flags: &str| -> Value {
            serde_json::from_str(&check_kubeconfig(text, flags, "1.37")).unwrap()
        };
        let text = kubeconfig("https://a.example/hook", "ca.pem", "t");
        let good = told(&text, "kube-apiserver --audit-webhook-config-file=/etc/audit/w.yaml");
        assert_eq!((&good["webhook"]["server"], &good["error"]), (&"https://a.example/hook".into(), &Value::Null));
        assert_eq!(
            (&good["path"], &good["files"][0]["path"]),
            (&"/etc/audit/w.yaml".into(), &"/etc/audit/ca.pem".into())
        );
        let pod = "kind: Pod\nspec:\n  containers:\n  - name: kube-apiserver\n    command: [kube-apiserver, --audit-webhook-config-file=/etc/audit/w.yaml]\n";
        let unseen = told(&text, pod);
        assert_eq!(
            (&unseen["findings"][0]["line"], &unseen["findings"][0]["severity"]),
            (&7.into(), &"error".into()),
            "{text}"
        );
        let refused = told(&text.replace("current-context: audit", "current-context: b"), "");
        assert!(refused["error"].as_str().unwrap().contains("context was not found for specified context: b"));
        assert_eq!(refused["path"], flags::WEBHOOK_FILE);
    }
}
