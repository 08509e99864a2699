//! The raw requests of the recorded server, read as text: what was read agrees with what the server logged.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::path::Path;

use audit_policy::request::{Format, ReadOptions, headers, info, read};
use audit_policy::{Exchange, Release};
use audit_policy_tests::conform::{Case, read_lines};
use serde_json::Value;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn read_http(text: &str) -> Exchange {
    let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
    let mut reading = read(text.as_bytes(), &options).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    reading.requests.remove(reading.pick).exchange
}

fn check(case: &Case, request: &str, response: Option<&str>) {
    let exchange = read_http(&format!("{request}\n{}", response.unwrap_or_default()));
    let id = text(case, "id");
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    assert_eq!(exchange.request.method, method, "{id}");
    assert_eq!(exchange.request.target, target.strip_suffix(" HTTP/1.1").unwrap(), "{id}");
    assert_eq!(exchange.request.headers.len(), lines.count(), "{id}");
    if !head.contains("chunked") {
        assert_eq!(exchange.request.body.to_str_lossy(), body, "{id}");
    }
    if let Some(response) = response {
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert_eq!(exchange.response.code, head.split(' ').nth(1).and_then(|code| code.parse().ok()), "{id}");
        let got = exchange.response.body.to_str_lossy();
        assert!(head.contains("chunked") || got.trim_end() == body.trim_end(), "{id}: {got}");
    }
    for line in case["lines"].as_array().unwrap().iter().filter_map(Value::as_str) {
        check_event(id, &exchange, &serde_json::from_str(line).unwrap());
    }
}

fn check_event(id: &str, exchange: &Exchange, event: &Value) {
    let info = info::of_request(&exchange.request, Release::NEWEST).unwrap();
    let reference = &event["objectRef"];
    let pairs = [
        ("verb", &info.verb, text(event, "verb")),
        ("requestURI", &info.request_uri, text(event, "requestURI")),
        ("resource", &info.resource, text(reference, "resource")),
        ("subresource", &info.subresource, text(reference, "subresource")),
        ("namespace", &info.namespace, text(reference, "namespace")),
        ("apiGroup", &info.api_group, text(reference, "apiGroup")),
        ("apiVersion", &info.api_version, text(reference, "apiVersion")),
        ("userAgent", &headers::user_agent(&exchange.request), text(event, "userAgent")),
    ];
    for (what, got, logged) in pairs {
        if info.is_resource_request || !reference.is_object() {
            assert_eq!(got.to_str_lossy(), logged, "{id}: {what}");
        }
    }
    let peer = event["sourceIPs"].as_array().and_then(|ips| ips.last()).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(serde_json::json!(headers::source_ips(&exchange.request, peer)), event["sourceIPs"], "{id}");
    if exchange.request.header("Audit-ID").is_some() {
        assert_eq!(exchange.audit_id.to_str_lossy(), text(event, "auditID"), "{id}");
    }
    assert_eq!(
        exchange.authentication == audit_policy::exchange::Authentication::Failed,
        text(&event["user"], "username").is_empty()
            && text(event, "stage") == "ResponseStarted"
            && event["responseStatus"]["code"] == 401,
        "{id}"
    );
}

#[test]
fn recorded_requests_read_as_what_the_server_logged() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/live.jsonl.gz");
    let mut read = 0;
    for case in read_lines(&path).unwrap() {
        // Those that are not UTF-8 stand as base64.
        if let Some(request) = case["request"].as_str() {
            check(&case, request, case["response"].as_str());
            read += 1;
        }
    }
    assert!(read > 1000, "{read}");
}

/// Texts that would take long or much if reading them were not bounded.
#[test]
fn hostile_requests_are_answered() {
    let texts = [
        format!("GET /{}", "/".repeat(1 << 20)),
        format!("GET /api/v1/pods?fieldSelector={}", "a=b,".repeat(1 << 18)),
        format!("GET /api/v1/pods?labelSelector={}", "a in (".repeat(1 << 17)),
        format!("GET /x\nA: b\n{}", " c\n".repeat(1 << 19)),
        format!("GET /x\n{}", "A: b\n".repeat(1 << 18)),
        format!("GET /x\nX-Forwarded-For: {}", "1.1.1.1,".repeat(1 << 17)),
        format!("PUT /x\nTransfer-Encoding: chunked\n\n{}", "1\na\n".repeat(1 << 18)),
        format!("PUT /x\n\n{}", "HTTP/1.1 100\nTransfer-Encoding: chunked\n\nfff\n".repeat(1 << 14)),
        format!("{{\"version\":1,\"request\":\"x\",{}\"a\":1}}", "\"b\":1,".repeat(1 << 17)),
        format!(
            "{{\"version\":1,\"request\":\"GET /\",\"response\":{{\"objects\":{{\"request\":{}",
            "[".repeat(1 << 20)
        ),
        format!("version: 1\nrequest: |\n{}", "  GET /\n".repeat(1 << 17)),
        format!("> GET /x\n{}", "< \n> \n".repeat(1 << 17)),
        "GET ".repeat(1 << 18),
        "\u{feff}\0".repeat(1 << 18),
    ];
    for text in texts {
        let start = std::time::Instant::now();
        let _ = read(text.as_bytes(), &ReadOptions::default());
        assert!(start.elapsed().as_secs() < 10, "{}", text.get(..40).unwrap_or_default());
    }
}
