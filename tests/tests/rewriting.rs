//! A request that is written in another format is the same request there: the same attributes, and the same events at every stage.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::collections::BTreeMap;
use std::path::Path;

use audit_policy::recording::Fate;
use audit_policy::request::{Format, ReadOptions, Reading, Rewritten, info, read, rewrite};
use audit_policy::text::json_line;
use audit_policy::{Exchange, GoString, Level, Policy, Release, Rule, record};
use audit_policy_tests::conform::read_lines;
use audit_policy_tests::oracle::requests;
use fastrand::Rng;
use proptest::prelude::*;
use serde_json::Value;

/// Formats that every request of text can be written in, and curl, which refuses some.
const FORMATS: [Format; 3] = [Format::Form, Format::Http, Format::Curl];

fn events(exchange: &Exchange, release: Release) -> Vec<String> {
    let policy = Policy::of_rules([Rule { level: Level::RequestResponse, ..Rule::default() }]);
    let stages = record(&policy, exchange, release).stages.into_iter();
    let event = |fate| match fate {
        Fate::Recorded { mut event, .. } => {
            // What a scenario cannot say.
            event.authentication_metadata = None;
            String::from_utf8_lossy(&json_line(&event)).into_owned()
        }
        other => format!("{other:?}"),
    };
    stages.map(|stage| event(stage.fate)).collect()
}

/// Checks the picked request in each format. How many could be written as a curl command.
fn check(reading: &Reading, release: Release) -> usize {
    let exchange = &reading.requests[reading.pick].exchange;
    let mut curls = 0;
    for format in FORMATS {
        let Some(Rewritten { text, given }) = rewrite(exchange, format, release) else {
            let parts = [&exchange.request.method, &exchange.request.target, &exchange.request.body];
            let is_text = parts.iter().all(|part| part.as_str().is_some());
            let is_plain = exchange.request.headers.iter().all(|(_, value)| {
                value.as_str().is_some_and(|value| !value.contains(['\r', '\n']) && value.trim() == value)
            });
            let is_heard = info::of_request(&exchange.request, release).is_ok();
            let may_refuse = format == Format::Curl || !is_text || !is_plain || !is_heard;
            assert!(may_refuse, "{} is not written as {format}", reading.understood);
            continue;
        };
        curls += usize::from(format == Format::Curl);
        let options = ReadOptions { release, format: Some(format), given, ..ReadOptions::default() };
        let again = read(text.as_bytes(), &options).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        let again = &again.requests[again.pick].exchange;
        let attributes = |exchange: &Exchange| {
            info::of_request(&exchange.request, release).map(|info| info::attributes(&info, None))
        };
        assert_eq!(attributes(again), attributes(exchange), "{}\n{text}", reading.understood);
        let has_impersonated = |exchange: &Exchange| exchange.impersonation.clone();
        // Groups of an event's impersonated user that no header gives.
        if reading.format == Format::Event && has_impersonated(again) != has_impersonated(exchange) {
            continue;
        }
        assert_eq!(events(again, release), events(exchange, release), "{}\n{text}", reading.understood);
    }
    curls
}

fn cases(name: &str) -> Vec<Value> {
    read_lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/{name}.jsonl.gz"))).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Reads and checks texts, every so many of them.
fn check_all(texts: impl Iterator<Item = (Format, String, BTreeMap<String, Vec<u8>>)>) {
    let (mut read_count, mut curls) = (0, 0);
    for (format, text, files) in texts {
        let options = ReadOptions { format: Some(format), files, ..ReadOptions::default() };
        if let Ok(reading) = read(text.as_bytes(), &options) {
            read_count += 1;
            curls += check(&reading, options.release);
        }
    }
    assert!(read_count > 50 && curls * 10 > read_count * 9, "{read_count} read, {curls} as curl");
}

#[test]
fn recorded_requests() {
    let all = cases("live");
    check_all(
        all.iter().step_by(3).map(|case| {
            (Format::Http, format!("{}\n{}", text(case, "request"), text(case, "response")), BTreeMap::new())
        }),
    );
}

#[test]
fn recorded_events() {
    let all = cases("live");
    let lines = all.iter().step_by(3).filter_map(|case| {
        let lines = case.get("lines")?.as_array()?.iter().filter_map(Value::as_str);
        Some((Format::Event, lines.collect::<Vec<_>>().join("\n"), BTreeMap::new()))
    });
    check_all(lines);
}

#[test]
fn recorded_commands() {
    let all = cases("kubectl");
    check_all(all.iter().map(|case| {
        let files = case.get("files").and_then(Value::as_object).into_iter().flatten();
        let files = files.filter_map(|(name, content)| Some((name.clone(), content.as_str()?.as_bytes().to_vec())));
        (Format::Kubectl, text(case, "command").to_owned(), files.collect())
    }));
}

proptest! {
    #[test]
    fn random_requests(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        for _ in 0..20 {
            let (method, target) = requests::method_and_target(&mut rng);
            let target = GoString::from(target);
            let Some(target) = target.as_str() else { continue };
            let body = rng.choice(["", "{}", "@a", "a\n\nHTTP/1.1 200 OK\n", "'", "\n"]).unwrap_or_default();
            let header = rng.choice(["", "Content-Type: application/yaml\n", "Impersonate-User: it's\nImpersonate-Group: $g\n", "X:\n"]);
            let http = format!("{method} {target} HTTP/1.1\n{}Content-Length: {}\n\n{body}", header.unwrap_or_default(), body.len());
            let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
            if let Ok(reading) = read(http.as_bytes(), &options) {
                check(&reading, Release::NEWEST);
            }
        }
    }
}
