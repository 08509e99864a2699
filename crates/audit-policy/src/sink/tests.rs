//! Sinks in, policies, refusals and stages out.

use super::*;
use crate::recording::Fate;
use crate::request::{ReadOptions, read as read_request};

const SINK: &str = "apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata:\n  name: mine\nspec:\n  policy:\n    level: Request\n    stages: [ResponseComplete]\n  webhook:\n    clientConfig:\n      url: https://audit.example/sink\n";

fn release(minor: u8) -> Release {
    Release::new(minor).unwrap()
}

fn error(from: &str, to: &str) -> String {
    assert!(SINK.contains(from), "{from}");
    let read = read(SINK.replace(from, to).as_bytes(), release(18)).unwrap();
    assert!(read.findings.iter().all(|finding| finding.span.is_some()));
    read.error.unwrap_or_default().replace("AuditSink.auditregistration.k8s.io \"mine\" is invalid: ", "")
}

#[test]
fn a_sink_is_a_policy_where_there_are_sinks() {
    let loaded = load(SINK.as_bytes(), release(18)).unwrap();
    let policy = loaded.policy.unwrap();
    assert_eq!(policy.rules[0].level, Level::Request);
    assert_eq!(policy.omit_stages, [Stage::Panic, Stage::RequestReceived, Stage::ResponseStarted]);
    for minor in [12, 19, 37] {
        let loaded = load(SINK.as_bytes(), release(minor)).unwrap();
        assert!(!loaded.accepted && loaded.findings[0].help.as_deref() == Some(INSTEAD), "{minor}");
    }
    assert_eq!(load(b"kind: Policy", release(18)), None);
    let sink = &read(SINK.as_bytes(), release(18)).unwrap().sinks[0];
    assert_eq!(
        (sink.delivery().buffer_size, sink.delivery().throttle_qps, sink.delivery().throttle_burst),
        (5_000, 10, 15)
    );
}

#[test]
fn what_is_wrong_is_told_as_the_api_server_does() {
    for (from, to, message) in [
        ("    level: Request\n", "", "spec.policy.level: Required value"),
        (
            "level: Request",
            "level: metadata",
            "spec.policy.level: Unsupported value: \"metadata\": supported values: \"Metadata\", \"None\", \"Request\", \"RequestResponse\"",
        ),
        ("    stages: [ResponseComplete]\n", "", "spec.policy.stages: Required value"),
        (
            "[ResponseComplete]",
            "[Panic, Done]",
            "spec.policy.stages[1]: Invalid value: \"Done\": allowed stages are Panic,RequestReceived,ResponseComplete,ResponseStarted",
        ),
        (
            "      url: https://audit.example/sink\n",
            "      {}\n",
            "spec.webhook.clientConfig: Required value: exactly one of url or service is required",
        ),
        (
            "url: https://audit.example/sink",
            "url: https:///x?a=b",
            "[spec.webhook.clientConfig.url: Invalid value: \"\": host must be provided; desired format: https://host[/path], spec.webhook.clientConfig.url: Invalid value: \"a=b\": query parameters are not permitted in the URL]",
        ),
        (
            "https://audit.example/sink",
            "https://me:pw@audit.example/#x",
            "[spec.webhook.clientConfig.url: Invalid value: \"me:pw\": user information is not permitted in the URL, spec.webhook.clientConfig.url: Invalid value: \"x\": fragments are not permitted in the URL]",
        ),
        (
            "url: https://audit.example/sink",
            "service: {name: a, path: x/y}",
            "[spec.webhook.clientConfig.service.name: Required value: service name is required, spec.webhook.clientConfig.service.path: Invalid value: \"x/y\": must start with a '/', spec.webhook.clientConfig.service.path: Invalid value: \"x/y\": segment[0] may not be empty]",
        ),
        (
            "    clientConfig:",
            "    throttle: {qps: 0}\n    clientConfig:",
            "spec.webhook.throttle.qps: Invalid value: 0: qps must be a positive number",
        ),
    ] {
        assert_eq!(error(from, to), message, "{to}");
    }
}

#[test]
fn a_sink_gets_what_the_static_policy_leaves_out() {
    let request = read_request(
        b"kubectl create configmap a -n b --from-literal=c=d",
        &ReadOptions { release: release(18), ..ReadOptions::default() },
    );
    let reading = request.unwrap();
    let exchange = &reading.requests[reading.pick].exchange;
    let fixed = Policy::of_rules([Rule { level: Level::Metadata, ..Rule::default() }]);
    let sinks = read(SINK.as_bytes(), release(18)).unwrap().sinks;
    let beside = beside(Some(&fixed), &sinks, exchange, release(18));
    assert_eq!(beside.sinks[0].beyond, [Stage::ResponseComplete]);
    let Fate::Recorded { event, .. } = &beside.sinks[0].stages[2].fate else { panic!("it is recorded") };
    assert!(event.request_object.is_some() && event.response_object.is_none());
    let alone = crate::record(&fixed, exchange, release(18)).stages;
    assert_eq!(beside.fixed.unwrap(), alone);
    let alone = crate::record(&sinks[0].policy.to_policy().unwrap(), exchange, release(18)).stages;
    assert_eq!(beside.sinks[0].stages, alone);
}

#[test]
fn any_text_gets_an_answer() {
    for text in [
        "kind: AuditSink",
        "kind: AuditSinkList\nitems: [3, {}, {spec: 3}]",
        "kind: AuditSink\nspec: {policy: {stages: {a: b}, level: 3}}",
    ] {
        for minor in [7, 13, 18, 37] {
            assert!(!load(text.as_bytes(), release(minor)).unwrap().accepted, "{text}");
        }
    }
    assert!(!is_sink(b"\xff AuditSink") && is_sink(SINK.as_bytes()));
}

#[test]
fn a_sink_in_place_of_a_policy_is_told() {
    let refused = crate::load(SINK.as_bytes(), release(37));
    assert!(refused.findings.iter().any(|finding| finding.help.as_deref() == Some(INSTEAD)), "{:?}", refused.findings);
    // It may stand where a policy does.
    assert_eq!(crate::open::open(SINK.as_bytes(), "sink.yaml"), crate::open::Opened::Policy(SINK.to_owned()));
}
