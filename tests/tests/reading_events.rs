//! An audit event, read as a request and recorded again at its own level, is the same event.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audit_policy::recording::Fate;
use audit_policy::request::{Format, ReadOptions, read};
use audit_policy::text::json_line;
use audit_policy::{Level, Policy, Release, Rule, Severity, record};
use audit_policy_tests::conform::read_lines;
use serde_json::Value;

/// What became of the events of a source.
#[derive(Default, Debug)]
struct Counts {
    same: usize,
    /// Odd ones: something was assumed or is not as a server writes it.
    told: usize,
    differ: Vec<String>,
}

/// Reads the lines of one request together, records it at their level, and compares what the lines tell.
fn check(lines: &[&str], release: Release, counts: &mut Counts) {
    let options = ReadOptions { release, format: Some(Format::Event), ..ReadOptions::default() };
    let reading = match read(lines.join("\n").as_bytes(), &options) {
        Ok(reading) => reading,
        Err(unreadable) => {
            assert!(unreadable.findings.iter().any(|finding| finding.severity == Severity::Error));
            counts.told += 1;
            return;
        }
    };
    let events: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let level = events[0]["level"].as_str().and_then(Level::from_name);
    // Published ones are often cut: without times, without the answer.
    let is_cut = |event: &Value| {
        let lacks = |name: &str| event.get(name).is_none_or(Value::is_null);
        let answered = event["stage"] != "RequestReceived";
        lacks("requestReceivedTimestamp") || lacks("stageTimestamp") || (answered && lacks("responseStatus"))
    };
    let odd = events.iter().any(is_cut) || reading.findings.iter().any(|finding| finding.severity == Severity::Warning);
    let (Some(level), false) = (level.filter(|level| *level != Level::None), odd || reading.requests.len() != 1) else {
        counts.told += 1;
        return;
    };
    let policy = Policy::of_rules([Rule { level, ..Rule::default() }]);
    let recording = record(&policy, &reading.requests[0].exchange, release);
    let mut recorded: BTreeMap<&str, String> = BTreeMap::new();
    for stage in &recording.stages {
        if let Fate::Recorded { event, .. } = &stage.fate {
            recorded.insert(stage.stage.as_str(), String::from_utf8(json_line(event)).unwrap());
        }
    }
    for (event, line) in events.iter().zip(lines) {
        let got = recorded.get(event["stage"].as_str().unwrap_or_default()).map_or("none", String::as_str);
        // The line as kube-apiserver would write it: not every source kept the order of fields.
        let document = audit_policy::json::parse(line.as_bytes()).unwrap();
        let event = audit_policy::event::from_node(document.root().unwrap(), line.as_bytes(), release).unwrap();
        let wanted = String::from_utf8(json_line(&event)).unwrap();
        // What was not UTF-8 is gone from JSON: its replacement is a character like any other.
        let plain = |line: &str| line.replace("\\ufffd", "\u{fffd}");
        if plain(got) == plain(&wanted) {
            counts.same += 1;
        } else {
            counts.differ.push(format!("wanted {wanted}\n   got {got}"));
        }
    }
}

fn show(counts: &Counts) -> String {
    let Counts { same, told, differ } = counts;
    let first: Vec<_> = differ.iter().take(4).cloned().collect();
    format!("{same} same, {told} told, {} differ\n{}", differ.len(), first.join("\n"))
}

fn vectors(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(format!("{name}.jsonl.gz"))
}

#[test]
fn events_of_a_running_server_come_back() {
    let mut counts = Counts::default();
    for case in read_lines(&vectors("live")).unwrap() {
        let lines: Vec<&str> = case["lines"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        // Items of an EventList have no kind, and lines that are not UTF-8 no text.
        if lines.is_empty() || lines.len() != case["lines"].as_array().unwrap().len() || case.get("legacy").is_some() {
            continue;
        }
        check(&lines, Release::NEWEST, &mut counts);
        // One alone has less, and what it has comes back.
        check(&lines[lines.len() - 1..], Release::NEWEST, &mut counts);
        check(&lines[..1], Release::NEWEST, &mut counts);
    }
    assert!(counts.differ.is_empty() && counts.same > 3_000 && counts.told < counts.same / 10, "{}", show(&counts));
}

#[test]
fn random_events_are_read_or_refused() {
    let mut counts = Counts::default();
    for case in read_lines(&vectors("text")).unwrap() {
        let line = case["event"].to_string();
        check(&[&line], Release::NEWEST, &mut counts);
    }
    assert!(counts.same + counts.told + counts.differ.len() > 100, "{}", show(&counts));
}

/// Other people's events, which are beside the project where they are at hand.
#[test]
fn events_that_people_published_come_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/events");
    let Ok(files) = std::fs::read_dir(&folder) else { return };
    // The last release that reads all their API versions.
    let release: Release = "1.23".parse().unwrap();
    let mut counts = Counts::default();
    for file in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
    {
        for line in std::fs::read_to_string(&file).unwrap().lines().filter(|line| !line.trim().is_empty()) {
            check(&[line], release, &mut counts);
        }
    }
    // Edited ones contradict themselves: an objectRef that is not the URI's, an object that the level does not have, …
    assert!(counts.differ.len() * 20 < counts.same, "{}", show(&counts));
    for file in std::fs::read_dir(folder.join("variants")).unwrap() {
        let text = std::fs::read(file.unwrap().path()).unwrap();
        match read(&text, &ReadOptions { format: Some(Format::Event), ..ReadOptions::default() }) {
            Ok(reading) => assert!(!reading.requests.is_empty()),
            Err(unreadable) => assert!(unreadable.findings.iter().any(|finding| finding.help.is_some())),
        }
    }
}
