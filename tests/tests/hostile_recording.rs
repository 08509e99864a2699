//! Deep, large and broken input: recorded or refused, on a small stack and in bounded time.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use audit_policy::request::{Format, ReadOptions, read};
use audit_policy::{Exchange, Level, Policy, Release, Rule, record};

fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
}

fn policy() -> Policy {
    let rule = Rule { level: Level::RequestResponse, ..Rule::default() };
    Policy { omit_managed_fields: true, ..Policy::of_rules([rule]) }
}

/// A request of which everything is assumed but its line and body.
fn exchange(method: &str, target: &str, content_type: &str, body: Vec<u8>) -> Exchange {
    let event = format!(r#"{{"auditID":"a","verb":"get","requestURI":"{target}","stage":"RequestReceived"}}"#);
    let options = ReadOptions { format: Some(Format::Event), ..ReadOptions::default() };
    let mut exchange = read(event.as_bytes(), &options).unwrap().requests.remove(0).exchange;
    exchange.request.method = method.into();
    exchange.request.headers.push(("Content-Type".to_owned(), content_type.into()));
    exchange.request.body = body.clone().into();
    exchange.response.body = body.into();
    exchange.objects = Default::default();
    exchange
}

fn bodies() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| [open.repeat(9_990), close.repeat(9_990)].concat().into_bytes();
    let nested = |inner: Vec<u8>| {
        [br#"{"kind":"X","apiVersion":"v1","metadata":{"name":"a"},"spec":"#, inner.as_slice(), b"}"].concat()
    };
    let wide: Vec<u8> = (0..30_000).flat_map(|index| format!("\"k{index}\":[{{}}],").into_bytes()).collect();
    vec![
        Vec::new(),
        b"{".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        deep("[", "]"),
        nested(deep("[", "]")),
        nested(deep("{\"a\":", "}")).into_iter().filter(|byte| *byte != 0).collect(),
        "[".repeat(300_000).into_bytes(),
        [b"{".as_slice(), &wide, b"\"metadata\":{\"managedFields\":[]}}"].concat(),
        [b"{\"items\":[".as_slice(), "{\"metadata\":{\"managedFields\":[1]}},".repeat(10_000).as_bytes(), b"1]}"]
            .concat(),
        format!(r#"{{"stringData":{{"a":"{}"}}}}"#, "x".repeat(1_000_000)).into_bytes(),
    ]
}

#[test]
fn any_body_is_recorded() {
    on_small_stack(|| {
        let policy = policy();
        for body in bodies() {
            for (method, target, content_type) in [
                ("POST", "/apis/example.com/v1/things", "application/json"),
                ("POST", "/api/v1/namespaces/a/secrets", "application/json"),
                ("PUT", "/api/v1/namespaces/a/pods/x", ""),
                ("PATCH", "/api/v1/namespaces/a/pods/x", "application/merge-patch+json"),
                ("DELETE", "/api/v1/namespaces/a/pods/x", "application/json"),
            ] {
                let recording = record(&policy, &exchange(method, target, content_type, body.clone()), Release::NEWEST);
                assert_eq!(recording.stages.len(), 4);
            }
        }
    });
}

#[test]
fn any_text_is_read_as_events_or_refused() {
    on_small_stack(|| {
        let options = ReadOptions { format: Some(Format::Event), ..ReadOptions::default() };
        let mut texts = bodies();
        let event = |object: &[u8]| {
            [br#"{"auditID":"a","verb":"create","requestURI":"/api/v1/pods","stage":"ResponseComplete","level":"Request","requestObject":"#, object, b"}"].concat()
        };
        texts.extend(bodies().iter().map(|body| event(body)));
        // Wrapped in strings in strings, many, and many without an end.
        let mut wrapped = String::from_utf8(event(b"{}")).unwrap();
        for _ in 0..8 {
            wrapped = serde_json::json!({"audit": wrapped}).to_string();
        }
        texts.push(wrapped.into_bytes());
        texts.push(event(b"{}").repeat(20_000));
        texts.push(b"{\"a\":\n".repeat(200_000));
        texts.push(b"[1]x\n".repeat(200_000));
        for text in texts {
            match read(&text, &options) {
                Ok(reading) => assert!(!reading.requests.is_empty() && reading.findings.len() < 100),
                Err(unreadable) => assert!(!unreadable.findings.is_empty()),
            }
        }
    });
}
